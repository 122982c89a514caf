"""如果……会怎样: the plan with one thing changed, beside what it is; nothing is kept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pilotwatch.inspection import propose
from pilotwatch.store.plans import KeptPlan
from ui import blocks
from ui.html import Html, tag
from ui.html import table as html_table
from ui.inspection import making, words
from ui.jobs import Progress
from ui.screen import Screen

_ROWS = ("visits", "saved", "unmet", "lower_bound", "gap", "short")


def show(screen: Screen, kept: KeptPlan, waiting: bool) -> None:
    if kept.state == "dropped":
        return
    tried: list[tuple[str, dict[str, Any]]] = st.session_state.setdefault(f"what-if-{kept.id}-{kept.version}", [])
    with st.container(key="card-what-if"):
        st.html(blocks.heading(screen.say("inspection.what_if"), screen.say("inspection.what_if_note")))
        departments = sorted(kept.result["hours"])
        with st.form("what-if", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            window = st.selectbox(screen.say("inspection.wider"), [None, *propose.WINDOWS], width=190,
                                  format_func=lambda n: screen.say("inspection.as_is") if n is None else screen.say("inspection.n_days", n=n))  # fmt: skip
            department = st.selectbox(screen.say("inspection.one_more"), [None, *departments], width=240,
                                      format_func=lambda d: screen.say("inspection.as_is") if d is None else screen.department(d))  # fmt: skip
            cap = st.selectbox(screen.say("inspection.new_cap"), [None, 1, 2, 3, 4, 6], width=170,
                               format_func=lambda n: screen.say("inspection.as_is") if n is None else screen.say("inspection.n_times", n=n))  # fmt: skip
            asked = st.form_submit_button(screen.say("inspection.try"), disabled=waiting)
        if asked:
            _try(screen, kept, tried, window, department, cap)
        if tried:
            st.html(_compared(screen, kept.result, tried))


def _try(
    screen: Screen, kept: KeptPlan, tried: list[Any], window: int | None, department: str | None, cap: int | None
) -> None:
    told = [
        *([screen.say("inspection.case_window", n=window)] if window else []),
        *([screen.say("inspection.case_more", who=screen.department(department))] if department else []),
        *([screen.say("inspection.case_cap", n=cap)] if cap else []),
    ]
    if not told:
        st.html(blocks.note(screen.say("inspection.choose_change"), "warn"))
        return
    house, desk, name = screen.house, screen.desk, screen.listed(told)

    def work(progress: Progress) -> dict[str, Any]:
        more = {department: 1.0} if department else None
        return propose.what_if(house, desk, kept, window=window, inspectors=more, cap=cap, progress=progress)

    making.start(screen.say("inspection.trying", what=name), work, lambda result: tried.append((name, result)))
    st.rerun()


def _compared(screen: Screen, now: dict[str, Any], tried: list[tuple[str, dict[str, Any]]]) -> Html:
    head = [screen.say("inspection.case"), *(screen.say(f"inspection.compare_{n}") for n in _ROWS)]
    rows = [[tag("b", screen.say("inspection.this_plan")), *_numbers(now)]]
    for name, result in tried[-8:]:
        rows.append([tag("b", name), *_changes(_numbers(result), now, result)])
    return html_table(head, rows, numeric=range(1, len(head)), cls="pw-stack", alt=screen.say("inspection.what_if"))


def _numbers(r: dict[str, Any]) -> list[str]:
    undone = sum(r["unmet"].values())
    short = sum(s["short"] for s in r["scarce"])
    return [
        f"{r['visits']:,}",
        f"{r['saved']:,}",
        f"{undone:,}",
        f"{r['lower_bound']:,}",
        words.percent(r["gap"], 2),
        f"{short:,.0f}",
    ]


def _changes(shown: list[str], now: dict[str, Any], then: dict[str, Any]) -> list[object]:
    """The numbers with what they are more or less than now."""
    apart = [
        then["visits"] - now["visits"],
        then["saved"] - now["saved"],
        sum(then["unmet"].values()) - sum(now["unmet"].values()),
    ]
    marked: list[object] = [
        tag("span", s, tag("small", f"{d:+,}") if d else None) for s, d in zip(shown, apart, strict=False)
    ]
    return [*marked, *shown[len(apart) :]]
