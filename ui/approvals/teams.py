"""Whether the teams reported all that was due in the month, and in time."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pilotwatch.review import reporting
from pilotwatch.review.reporting import Reported
from pilotwatch.store import Desk
from ui import blocks, cache
from ui.approvals.board import Found, labelled
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen


def show(screen: Screen, found: Found) -> None:
    every = [r for r in _reported(*screen.kept_by, found.month, found.units, _desk=screen.desk) if r.due]
    with st.container(key="card-approvals-teams"):
        note = screen.say(
            "approvals.teams_note", monthly=reporting.MONTHLY, quarterly=reporting.QUARTERLY, regular=reporting.REGULAR
        )
        st.html(blocks.heading(screen.say("approvals.teams"), note))
        if not every:
            st.html(blocks.empty(screen.say("approvals.teams_none"), screen.say("approvals.teams_none_body")))
            return
        due = [d for r in every for d in r.due]
        came, timely = sum(d.rows > 0 for d in due), sum(d.state == "in_time" for d in due)
        st.html(
            blocks.tiles(
                blocks.tile(screen.pick(reporting.COMPLETE), f"{came / len(due):.0%}", "", [f"{came} / {len(due)}"]),
                blocks.tile(screen.pick(reporting.IN_TIME), f"{timely / len(due):.0%}", "", [f"{timely} / {len(due)}"]),
            )
        )
        if any(r.running for r in every):
            st.html(blocks.note(screen.say("approvals.running")))
        head = [screen.say("approvals.unit"), screen.say("approvals.group"), screen.pick(reporting.COMPLETE),
                screen.pick(reporting.IN_TIME), screen.say("approvals.lacking"), screen.say("approvals.late")]  # fmt: skip
        short = sorted((r for r in every if r.complete < 1 or r.in_time < 1), key=lambda r: (r.complete, r.in_time))
        rows = [
            [tag("b", screen.unit(r.report_unit)), screen.pick(found.groups[r.domain]), _share(r.complete), _share(r.in_time),
             _names(screen, r, "missing", head[4]), _names(screen, r, "late", head[5])]
            for r in short
        ]  # fmt: skip
        if rows:
            st.html(html_table(head, rows, numeric=(2, 3), cls="pw-stack", alt=screen.say("approvals.teams")))
        if len(every) > len(short):
            st.html(blocks.note(screen.say("approvals.teams_fine", n=len(every) - len(short)), "good"))


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _names(screen: Screen, one: Reported, state: str, label: str) -> Html:
    every = [screen.pick(d.title) for d in one.of(state)]
    if not every:
        return tag("span", "—", cls="pw-wide")
    more = tag("small", f" +{len(every) - 4}", title=screen.listed(every)) if len(every) > 4 else None
    return join([labelled(label), screen.listed(every[:4]), more])


@st.cache_resource(max_entries=16, show_spinner=False)
def _reported(
    role: str, units: str, domains: str, version: int, day: date, month: str, of: tuple[str, ...], *, _desk: Desk
) -> tuple[Reported, ...]:  # fmt: skip
    house = cache.workspace()
    return reporting.reported(_desk, house.registry, house.calendar(), of, month, day)
