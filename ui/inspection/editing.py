"""One visit of a plan: its checks with their days, and what a person may do to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.inspection import edits
from pilotwatch.store import plans
from pilotwatch.store.plans import KeptPlan
from ui import address, blocks
from ui.acting import attempt
from ui.html import join, tag
from ui.html import table as html_table
from ui.inspection import making, words
from ui.links import to_subject
from ui.screen import Screen


def show(screen: Screen, kept: KeptPlan, rows: pd.DataFrame, waiting: bool) -> None:
    """The visit that is chosen, at first the first of the rows."""
    titles = {r.id: f"{r.day:%m-%d} {r.name or r.code}" for r in rows.itertuples()}
    if st.session_state.get("visit") not in (None, *titles):  # taken out, or filtered away: the box has to be told
        st.session_state["visit"] = next(iter(titles))
    chosen = address.select("visit", titles, screen.say("inspection.one_visit"), width=420) or rows["id"].iloc[0]
    visit = rows[rows["id"] == chosen].iloc[0].to_dict()
    checks = plans.checks(screen.desk, kept.id, visit_id=chosen)
    with st.container(key="plan-visit"):
        st.html(
            join(
                [
                    to_subject(visit["subject_id"], visit["name"] or visit["code"]),
                    " ",
                    tag("span", visit["code"], cls="pw-code pw-dim"),
                ]
            )
        )
        st.html(_checks(screen, checks))
        alone = [c for c in checks.to_dict("records") if c["reason"]]
        for c in alone[:2]:
            st.html(
                blocks.note(c["why_zh" if screen.language == "zh" else "why_en"] or words.reason(screen, c["reason"]))
            )
        if kept.state != "dropped" and not waiting and screen.person.may("plan"):
            _acts(screen, kept, visit, checks)


def _checks(screen: Screen, checks: pd.DataFrame) -> Any:
    head = [screen.say(f"inspection.{n}") for n in ("department", "what", "may_be", "hours")]
    lines = [
        [
            join([tag("b", screen.department(c["department"])), tag("small", " · ".join([words.source(screen, c["source"]), words.trigger(screen, c["trigger"]), *_late(screen, c)]))]),
            screen.listed(json.loads(c["matters"])), tag("span", words.days(c["first"], c["last"]), cls="pw-nowrap"), f"{c['hours']:g}",
        ]
        for c in checks.to_dict("records")
    ]  # fmt: skip
    return html_table(head, lines, numeric=(3,), cls="pw-stack", alt=screen.say("inspection.checks"))


def _late(screen: Screen, check: dict[str, Any]) -> list[str]:
    return [screen.say("inspection.late", n=check["late"])] if check["late"] else []


def _acts(screen: Screen, kept: KeptPlan, visit: dict[str, Any], checks: pd.DataFrame) -> None:
    if kept.state == "draft":
        key = "inspection.unpin" if visit["pinned"] else "inspection.pin"
        icon = ":material/keep_off:" if visit["pinned"] else ":material/keep:"
        if st.button(screen.say(key), key=f"pin-{visit['id']}", icon=icon, help=screen.say("inspection.pin_help")):
            attempt(screen, lambda: edits.pin(screen.desk, kept, visit["id"], on=not visit["pinned"]))
    ways = ["move", "drop"]
    if kept.state == "draft" and checks["department"].nunique() > 1:
        ways.insert(1, "split")
    way = st.segmented_control(screen.say("inspection.change"), ways, key=f"way-{visit['id']}", label_visibility="collapsed",
                               format_func=lambda w: screen.say(f"inspection.{w}"), wrap=True)  # fmt: skip
    if way:
        {"move": _move, "split": _split, "drop": _drop}[way](screen, kept, visit, checks)


def _move(screen: Screen, kept: KeptPlan, visit: dict[str, Any], checks: pd.DataFrame) -> None:
    first, last = checks["first"].max().date(), checks["last"].min().date()
    with st.form(f"move-{visit['id']}", border=False):
        st.html(blocks.note(screen.say("inspection.common_days", days=words.days(first, last))))
        day = st.date_input(
            screen.say("inspection.to_day"),
            value=visit["day"].date(),
            format="YYYY-MM-DD",
            min_value=kept.first,
            max_value=kept.last,
        )
        reason = st.text_input(screen.say("inspection.reason"), max_chars=200)
        if st.form_submit_button(screen.say("inspection.move"), type="primary"):
            _do(
                screen,
                "inspection.move_done",
                lambda: edits.move(screen.house, screen.desk, kept, visit["id"], day, reason),
            )


def _split(screen: Screen, kept: KeptPlan, visit: dict[str, Any], checks: pd.DataFrame) -> None:
    departments = list(dict.fromkeys(checks["department"]))
    with st.form(f"split-{visit['id']}", border=False):
        st.html(blocks.note(screen.say("inspection.split_note")))
        department = st.selectbox(screen.say("inspection.department"), departments, format_func=screen.department)
        day = st.date_input(
            screen.say("inspection.to_day"),
            value=visit["day"].date(),
            format="YYYY-MM-DD",
            min_value=kept.first,
            max_value=kept.last,
        )
        reason = st.text_input(screen.say("inspection.reason"), max_chars=200)
        if st.form_submit_button(screen.say("inspection.split"), type="primary"):
            _do(
                screen,
                "inspection.split_done",
                lambda: edits.split(screen.house, screen.desk, kept, visit["id"], department, day, reason),
            )


def _drop(screen: Screen, kept: KeptPlan, visit: dict[str, Any], checks: pd.DataFrame) -> None:
    with st.form(f"drop-{visit['id']}", border=False):
        st.html(blocks.note(screen.say("inspection.drop_note", n=len(checks))))
        reason = st.text_input(screen.say("inspection.reason"), max_chars=200)
        if st.form_submit_button(screen.say("inspection.drop"), type="primary"):
            _do(screen, "inspection.drop_done", lambda: edits.drop(screen.desk, kept, visit["id"], reason))


def _do(screen: Screen, said: str, change: Callable[[], object]) -> None:
    def both() -> None:
        change()
        making.say(screen.say(said))

    attempt(screen, both)
