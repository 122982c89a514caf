"""Deciding on many cells at once: how many it touches is told before, and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from pilotwatch.review import approvals as rules
from pilotwatch.store.approvals import ACTS, Act, Cell
from pilotwatch.workdays import today
from ui import blocks
from ui.acting import attempt
from ui.approvals.board import Found
from ui.html import tag
from ui.screen import Screen


def show(screen: Screen, found: Found) -> None:
    acts = [a for a in ACTS if rules.may(a, screen.person)]
    with st.container(key="card-approvals-decide"):
        st.html(blocks.heading(screen.say("approvals.decide")))
        if not acts:
            st.html(blocks.note(screen.say("approvals.not_yours")))
            return
        act = st.segmented_control(
            screen.say("approvals.act"), acts, default=acts[0], required=True, key="approvals-act", wrap=True,
            format_func=lambda a: screen.say(f"approvals.act_{a}"), label_visibility="collapsed",
        )  # fmt: skip
        units = {u: screen.unit(u) for u in found.units}
        groups = {g: screen.pick(t) for g, t in found.groups.items()}
        with st.container(horizontal=True, gap="medium"):
            some_units = (
                st.multiselect(screen.say("approvals.units"), list(units), format_func=units.get, placeholder=screen.say("approvals.all_units"), key="approvals-units")
                if len(units) > 1 else []
            )  # fmt: skip
            some_groups = st.multiselect(
                screen.say("approvals.groups"), list(groups), format_func=groups.get, placeholder=screen.say("approvals.all_groups"), key="approvals-groups"
            )  # fmt: skip
        chosen = [
            c for c in found.cells
            if (not some_units or c.report_unit in some_units) and (not some_groups or c.domain in some_groups)
        ]  # fmt: skip
        fit = [c for c in chosen if _fits(screen, found, act, c)]
        _before(screen, found, act, fit, len(chosen))
        _form(screen, found, act, fit)


def _fits(screen: Screen, found: Found, act: Act, cell: Cell) -> bool:
    shown = found.cells[cell]
    return rules.fits(act, shown.standing, screen.person, moved=bool(shown.moved))


def _before(screen: Screen, found: Found, act: str, fit: list[Cell], chosen: int) -> None:
    """What the act would touch, and of the figures which are no longer those that were approved."""
    st.html(tag("p", screen.say("approvals.touches", n=len(fit), out=chosen - len(fit), act=ACTS[act])))
    moved = sum(bool(found.cells[c].moved) for c in fit)
    if act == "accept" and moved:
        st.html(blocks.note(screen.say("approvals.accept_moved", n=moved), "warn"))


def _form(screen: Screen, found: Found, act: str, fit: list[Cell]) -> None:
    house, desk = screen.house, screen.desk
    names = {u.code: u.title for u in house.places.units}
    seen = found.seen(fit)
    with st.form(f"decide-{act}", border=False):
        until = today()
        said = ""
        if act in ("return", "except"):
            said = st.text_area(
                screen.say("approvals.remark" if act == "return" else "approvals.reason"), max_chars=500,
                placeholder=screen.say("approvals.remark_hint" if act == "return" else "approvals.reason_hint"),
            )  # fmt: skip
        if act == "except":
            until = st.date_input(
                screen.say("approvals.until"), value=today() + timedelta(days=3), format="YYYY-MM-DD", width=170
            )
        doing: dict[str, Callable[[], object]] = {
            "approve": lambda: rules.approve(desk, house.registry, names, seen, today()),
            "accept": lambda: rules.accept(desk, house.registry, names, seen, today()),
            "return": lambda: rules.send_back(desk, names, seen, said),
            "except": lambda: rules.let_in(desk, names, seen, until, said),
            "close": lambda: rules.shut(desk, names, seen),
        }

        def done() -> None:
            doing[act]()
            st.session_state["approvals-done"] = screen.say("approvals.done", n=len(seen), act=ACTS[act])

        if st.form_submit_button(screen.say("approvals.do", n=len(fit)), type="primary", disabled=not fit):
            attempt(screen, done)
