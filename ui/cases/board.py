"""The open cases as a board: a column a step, in the order in which their time runs out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import disposal
from ui.cases import words
from ui.cases.room import Room
from ui.html import Html, join, tag
from ui.links import to_case
from ui.screen import Screen

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cases.column_new", ("found", "registered", "triaged")),
    ("cases.column_assigned", ("assigned", "transferred", "returned", "ruling")),
    ("cases.column_working", ("signed", "verifying", "disposing", "suspended")),
    ("cases.column_review", ("feedback", "reviewed")),
)
CARDS = 8  # a column


def board(screen: Screen, here: Room, rows: pd.DataFrame) -> None:
    columns = [_column(screen, here, key, rows[rows["state"].isin(states)]) for key, states in COLUMNS]
    st.html(tag("div", *columns, cls="pw-board"))


def _column(screen: Screen, here: Room, key: str, rows: pd.DataFrame) -> Html:
    cards = [_card(screen, here, r) for r in rows.head(CARDS).to_dict("records")]
    below = tag("p", screen.say("cases.more", n=len(rows) - CARDS), cls="pw-note") if len(rows) > CARDS else None
    return tag("section", tag("h4", screen.say(key), tag("em", f"{len(rows):,}")), *cards, below)


def _card(screen: Screen, here: Room, row: dict[str, Any]) -> Html:
    told = " · ".join(
        x for x in (words.state(screen, row["state"]), screen.department(row["owner"]) if row["owner"] else "") if x
    )
    light = disposal.light(row, here.at, here.calendar)
    return tag(
        "div", to_case(row["number"], row["name"] or row["number"]), tag("small", words.fact(screen, row["fact"])),
        tag("small", told), join([tag("p", words.due(screen, row, here.at, here.calendar))]), cls=f"pw-card pw-card-{light}",
    )  # fmt: skip
