"""指标界限: the bounds of a domain as declared and as set; one indicator's are changed beside the list."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from pilotwatch import bounds as core
from pilotwatch.bounds import Line
from pilotwatch.workdays import today
from ui import blocks, bounds
from ui.html import join, tag
from ui.screen import Screen
from ui.settings import bound_form, bound_history


def show(screen: Screen) -> None:
    """Choose a domain, then an indicator; its form and history stand on the right."""
    st.html(blocks.note(screen.say("settings.bounds_lead")))
    entries = core.bound_entries(screen.desk)
    every = core.listing(screen.house.registry, entries, today(), every_version=True)
    domain, only_set = _choose(screen)
    lines = [n for n in every if n.domain.name == domain]
    shown = [n for n in lines if (n.in_force or n.is_set) and (n.is_set or not only_set)]
    codes = list(dict.fromkeys(n.indicator.code for n in shown))
    chosen = _chosen(codes)
    left, right = st.columns([11, 9])
    with left, st.container(key="card-bounds"):
        title = next(g.title for g in core.groups(screen.house.registry) if g.name == domain)
        st.html(blocks.heading(screen.pick(title), _counts(screen, lines)))
        if not shown:
            st.html(blocks.empty(screen.say("settings.none_set"), screen.say("settings.none_set_body")))
        for code, mine in groupby(shown, lambda n: n.indicator.code):
            _row(screen, list(mine), code == chosen)
    with right:
        of = [n for n in lines if n.indicator.code == chosen]
        if of:
            bound_form.show(screen, of)
            bound_history.show(screen, of[0].indicator, [e for e in entries if e.indicator == chosen])


def _choose(screen: Screen) -> tuple[str, bool]:
    titles = {g.name: screen.pick(g.title) for g in core.groups(screen.house.registry)}
    if st.session_state.get("settings-domain") not in titles:
        asked = st.query_params.get("domain")
        st.session_state["settings-domain"] = asked if asked in titles else next(iter(titles))
    with st.container(key="choose-bounds", horizontal=True, vertical_alignment="center", gap="medium"):
        domain = st.segmented_control(
            screen.say("dictionary.domain"), list(titles), key="settings-domain", required=True, wrap=True,
            label_visibility="collapsed", format_func=titles.get,
        )  # fmt: skip
        only_set = st.toggle(screen.say("settings.only_set"), key="settings-only-set")
    st.query_params["domain"] = domain
    return domain, only_set


def _chosen(codes: list[str]) -> str | None:
    """The indicator that is looked at: clicked, or named by the address; else the first."""
    asked = st.session_state.get("settings-indicator") or st.query_params.get("indicator")
    chosen = asked if asked in codes else codes[0] if codes else None
    if chosen:
        st.query_params["indicator"] = chosen
    return chosen


def _pick(code: str) -> None:
    st.session_state["settings-indicator"] = code


def _counts(screen: Screen, lines: list[Line]) -> str:
    now = [n for n in lines if n.in_force]
    levels = [level for n in now for level in n.levels]
    told = screen.say("settings.count", indicators=len({n.indicator.code for n in now}), bounds=len(levels))
    binding = screen.say("settings.count_binding", n=sum(n.binding for n in levels))
    set_ = screen.say("settings.count_set", n=sum(n.set_ is not None for n in levels))
    return " · ".join((told, binding, set_))


def _row(screen: Screen, lines: list[Line], chosen: bool) -> None:
    code = lines[0].indicator.code
    with st.container(key=f"bound-row-{code}", horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(width=200, gap=None):
            st.button(
                screen.pick(lines[0].indicator.title),
                key=f"bound-pick-{code}",
                type="tertiary",
                on_click=_pick,
                args=(code,),
            )
            st.html(tag("span", code, cls="pw-of pw-chosen" if chosen else "pw-of"))
        st.html(join(bounds.version(screen, n, several=len(lines) > 1) for n in lines), width="stretch")
