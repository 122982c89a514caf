"""What became of a place over the months that are kept: its ratio as bars, with the city as a line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.store import hot_points
from ui.hotspots import words
from ui.hotspots.found import Seen
from ui.html import Html, join, tag
from ui.screen import Screen

MOST = 12  # months
TALLEST = 5.0  # a ratio above it is drawn as it


def show(screen: Screen, seen: Seen, row: Any) -> None:
    rows = hot_points.past(screen.desk, seen.run.domain, seen.run.measure, seen.run.layer, row["place"]).tail(MOST)
    if len(rows) < 2:
        st.html(tag("p", screen.say("hotspots.past_one"), cls="pw-note"))
        return
    course = words.course(screen, row["course"])
    said = screen.say("hotspots.past", n=len(rows), hot=int(rows["hot"].sum()), course=course)
    st.html(join([tag("p", said, cls="pw-note"), drawing(screen, rows, seen.run.period)]))


def drawing(screen: Screen, rows: pd.DataFrame, now: str) -> Html:
    """A bar a month, red where it was hot; the dashed line is the city. The month looked at is marked."""
    top = min(TALLEST, max(2.0, float(rows["ratio"].max(skipna=True) or 0)))
    columns = []
    for r in rows.to_dict("records"):
        ratio = 0.0 if pd.isna(r["ratio"]) else r["ratio"]
        told = screen.say(
            "hotspots.past_month", month=r["period"], ratio=f"{ratio:.1f}", observed=f"{r['observed']:,.0f}"
        )
        height = f"height:{max(100 * min(ratio, top) / top, 1.5):.0f}%"
        bar = tag("i", style=height, cls="hot" if r["hot"] else None)
        named = tag(
            "small",
            f"{int(r['period'][5:])}" + screen.say("hotspots.past_unit"),
            cls="now" if r["period"] == now else None,
        )
        columns.append(tag("div", tag("b", f"{ratio:.1f}"), tag("span", bar), named, title=told))
    line = tag("u", style=f"bottom:{100 / top:.0f}%", title=screen.say("hotspots.past_city"))
    alt = screen.say("hotspots.past_alt", first=rows["period"].iloc[0], last=rows["period"].iloc[-1])
    return tag("div", *columns, tag("em", line), cls="pw-past-months", role="img", aria_label=alt)
