"""What a printed page has that the screen has not: its head, who printed it and when on every sheet, and whole tables.

The head is made when the run of a page is over, for only then does the address say what is looked at.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.workdays import now
from ui import blocks
from ui.html import Html, tag
from ui.html import table as html_table
from ui.screen import Screen

MOST_ROWS = 500  # of a table that the screen shows piece by piece
_WIDE = (
    "policy",
    "approvals",
    "cases",
    "audit",
    "scorecard",
    "review",
)  # pages whose tables need the long side of the sheet
_SHOWN = ("unit", "domain", "month", "period", "department", "level", "q")  # of an address, in this order


def draw() -> None:
    """The head of the page that has just been drawn, and what stands on the edge of each of its sheets."""
    seen: tuple[str, Screen, Any] | None = st.session_state.pop("paper", None)
    if seen is None:
        return
    name, screen, place = seen
    title, person = screen.say(f"nav.{name}"), screen.person
    about = screen.listed([v for n in _SHOWN if (v := _value(screen, n))]) or screen.say("paper.everything")
    who = screen.say("paper.who", name=person.name, username=person.username, at=blocks.moment(now()))
    product = screen.say("product.short")
    head = tag("div", tag("p", product, tag("span", who)), tag("h1", title), tag("p", screen.say("paper.about", what=about)), cls="pw-paper")  # fmt: skip
    edges = {"top-left": f"{product} · {title} · {about}", "bottom-left": who}
    boxes = "".join(f"@{at}{{content:{_quoted(said)}}}" for at, said in edges.items())
    number = f"@bottom-right{{content:counter(page) {_quoted(' / ')} counter(pages)}}"
    size = "A4 landscape" if name in _WIDE else "A4"
    place.html(head)
    st.html(f"<style>@page{{size:{size};margin:14mm 11mm 13mm;{boxes}{number}}}</style>")


def whole(screen: Screen, frame: pd.DataFrame, alt: str) -> None:
    """The table beside a widget that draws only the rows in sight: on paper alone, MOST_ROWS of it, and how many there are."""
    cells = frame.head(MOST_ROWS).astype(object).where(frame.head(MOST_ROWS).notna(), "")
    shown = screen.say("paper.rows", n=f"{len(frame):,}", shown=f"{len(cells):,}")
    rows = cells.to_numpy().tolist()
    st.html(tag("div", html_table(list(map(str, frame.columns)), rows, alt=alt), tag("p", shown, cls="pw-note"), cls="pw-whole"))  # fmt: skip


def _value(screen: Screen, name: str) -> str:
    said = st.query_params.get(name, "")
    if not said:
        return ""
    if name == "unit":
        return screen.unit(said) if said in {u.code for u in screen.house.places.units} else ""
    if name == "department":
        return screen.department(said)
    if name == "domain":
        return next((screen.pick(d.title) for d in screen.domains if d.name == said), "")
    return screen.say(f"level.{said}") if name == "level" and said in ("red", "orange", "yellow", "blue") else said[:40]


def _quoted(said: str) -> Html:
    """As a string of CSS within a style of HTML."""
    safe = "".join(c if c.isprintable() and c not in '"\\<>&' else f"\\{ord(c):x} " for c in said)
    return Html(f'"{safe}"')
