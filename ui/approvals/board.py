"""The month, and how every unit and domain stands in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import streamlit as st

from pilotwatch.domain import Text
from pilotwatch.review import approvals as rules
from pilotwatch.review.approvals import Shown
from pilotwatch.store import Desk
from pilotwatch.store.approvals import STATES, Cell, Standing
from pilotwatch.workdays import now, today
from pilotwatch.workdays.months import ended_months
from ui import address, blocks, cache
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.review.choose import shown as period_shown
from ui.screen import Screen

#: How a state is coloured: with the words of the levels, so that it reads on every screen.
SHOWN_AS = {"open": "nodata", "approved": "blue", "accepted": "normal", "returned": "orange"}
_MONTHS = 12


@dataclass(frozen=True)
class Found:
    month: str
    units: tuple[str, ...]
    groups: dict[str, Text]
    cells: dict[Cell, Shown]

    def seen(self, cells: list[Cell]) -> dict[Cell, int]:
        return {c: self.cells[c].standing.number for c in cells}


def load(screen: Screen) -> Found:
    months = {m: period_shown(screen, m) for m in reversed(ended_months(today(), _MONTHS))}
    with st.container(key="choose", horizontal=True, vertical_alignment="center"):
        month = address.select("month", months, screen.say("approvals.month"), width=170) or next(iter(months))
    seen = screen.person.units
    units = tuple(u.code for u in screen.house.places.units if seen is None or u.code in seen)
    groups = rules.groups(screen.desk, screen.house.registry)
    shown = _compared(*screen.kept_by, month, units, _desk=screen.desk)
    return Found(month, units, groups, {s.cell: s for s in shown})


@st.cache_resource(max_entries=64, show_spinner=False)
def _compared(
    role: str, units: str, domains: str, version: int, day: date, month: str, of: tuple[str, ...], *, _desk: Desk
) -> tuple[Shown, ...]:  # fmt: skip
    found = cache.workspace().registry
    return rules.compared(_desk, found, rules.board(_desk, found, of, [month]), day)


def badge(screen: Screen, standing: Standing) -> Html:
    return tag("span", screen.pick(STATES[standing.state]), cls=f"pw-level pw-{SHOWN_AS[standing.state]}")


def labelled(name: str) -> Html:
    """What a cell is, where its column's head isn't to be seen: on a phone."""
    return tag("span", f"{name} ", cls="pw-phone")


def judge(screen: Screen, found: Found) -> None:
    """How many stand where, in a sentence and as tiles."""
    if done := st.session_state.pop("approvals-done", None):
        st.html(blocks.note(done, "good"))
    counts = Counter(s.standing.state for s in found.cells.values())
    moved = sum(bool(s.moved) for s in found.cells.values())
    said = screen.say(
        "approvals.judge", month=period_shown(screen, found.month), n=len(found.cells), units=len(found.units),
        groups=len(found.groups), accepted=counts["accepted"], approved=counts["approved"], returned=counts["returned"],
        open=counts["open"],
    )  # fmt: skip
    st.html(tag("p", said, cls="pw-judge"))
    if moved:
        st.html(blocks.note(screen.say("approvals.moved_some", n=moved), "warn"))


def matrix(screen: Screen, found: Found) -> None:
    """Units down, domains across."""
    with st.container(key="card-approvals"):
        st.html(blocks.heading(screen.say("approvals.board"), screen.say("approvals.board_note")))
        head = [screen.say("approvals.unit"), *(screen.pick(t) for t in found.groups.values())]
        rows = [
            [
                tag("b", screen.unit(u)),
                *(_cell(screen, t, found.cells[Cell(g, u, found.month)]) for g, t in found.groups.items()),
            ]
            for u in found.units
        ]
        st.html(html_table(head, rows, cls="pw-stack pw-approvals", alt=screen.say("approvals.board")))


def _cell(screen: Screen, group: Text, shown: Shown) -> Html:
    """The state; beneath, who brought it about, what has moved since, and until when changes are let in."""
    stands, beneath = shown.standing, []
    if stands.last:
        beneath.append(tag("small", f"{stands.last.by_name} {blocks.moment(stands.last.at)[5:10]}"))
    if stands.until and stands.until > now():
        beneath.append(
            tag("small", screen.say("approvals.let_in_until", at=blocks.moment(stands.until)), cls="pw-bad-ink")
        )
    if shown.moved:
        beneath.append(tag("small", screen.say("approvals.moved", n=len(shown.moved)), cls="pw-bad-ink"))
    return join([labelled(screen.pick(group)), badge(screen, stands), *beneath])
