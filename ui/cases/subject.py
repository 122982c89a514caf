"""The cases of one subject, on its own page."""

from __future__ import annotations

import streamlit as st

from pilotwatch import disposal
from pilotwatch.disposal import CaseFilter
from pilotwatch.workdays import now
from ui import blocks
from ui.cases import words
from ui.html import join, tag
from ui.html import table as html_table
from ui.links import to_case
from ui.screen import Screen

SHOWN = 10


def of_subject(screen: Screen, subject_id: str) -> None:
    """Open and closed cases, what ends first on top; nothing where there are none."""
    rows = disposal.listed(screen.desk, CaseFilter(subject_id=subject_id, closed=True, now=now()), limit=SHOWN)
    if rows.empty:
        return
    at, calendar = now(), screen.house.calendar()
    with st.container(key="card-subject-cases"):
        st.html(blocks.heading(screen.say("nav.cases")))
        head = [screen.say(f"cases.{n}") for n in ("number", "facts", "state", "owner", "due")]
        lines = [
            [
                to_case(r["number"], r["number"]), _what(screen, r), words.state(screen, r["state"]),
                join([screen.department(r["owner"]) if r["owner"] else "—", tag("small", r["assignee"] or "")]),
                words.due(screen, r, at, calendar),
            ]
            for r in rows.to_dict("records")
        ]  # fmt: skip
        st.html(html_table(head, lines, cls="pw-stack", alt=screen.say("nav.cases")))


def _what(screen: Screen, row: dict) -> str:
    """The indicator, or else only what kind of clue it is: the words of a complaint may tell who made it."""
    return (
        words.fact(screen, row["fact"])
        if row["fact"] in screen.indicators
        else screen.pick(disposal.KINDS[row["kind"]])
    )
