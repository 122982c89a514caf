"""What became of a place over the months that are kept: a small drawing of its ratio with the city as a line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.store import hot_points
from ui.hotspots import words
from ui.hotspots.found import Seen
from ui.html import Html, join, tag
from ui.screen import Screen

WIDTH, HEIGHT, BASE = 460, 84, 66
TALLEST = 5.0  # a ratio above it is drawn as it


def show(screen: Screen, seen: Seen, row: Any) -> None:
    rows = hot_points.past(screen.desk, seen.run.domain, seen.run.measure, seen.run.layer, row["place"])
    if len(rows) < 2:
        st.html(tag("p", screen.say("hotspots.past_one"), cls="pw-note"))
        return
    course = words.course(screen, row["course"])
    said = screen.say("hotspots.past", n=len(rows), hot=int(rows["hot"].sum()), course=course)
    st.html(join([tag("p", said, cls="pw-note"), drawing(screen, rows, seen.run.period)]))


def drawing(screen: Screen, rows: pd.DataFrame, now: str) -> Html:
    """A bar a month, red where it was hot; the dashed line is the city. The month looked at is marked."""
    top = min(TALLEST, max(2.0, float(rows["ratio"].max(skipna=True) or 0)))
    step = WIDTH / len(rows)
    width = min(28.0, step * 0.62)
    y = lambda ratio: BASE - min(ratio, top) / top * (BASE - 8)  # noqa: E731
    parts = []
    for i, r in enumerate(rows.to_dict("records")):
        left, ratio = i * step + (step - width) / 2, 0.0 if pd.isna(r["ratio"]) else r["ratio"]
        told = screen.say(
            "hotspots.past_month", month=r["period"], ratio=f"{ratio:.1f}", observed=f"{r['observed']:,.0f}"
        )
        fill = "pw-past-hot" if r["hot"] else "pw-past-bar"
        parts.append(tag("rect", tag("title", told), x=f"{left:.1f}", y=f"{y(ratio):.1f}", width=f"{width:.1f}",
                         height=f"{max(BASE - y(ratio), 0.8):.1f}", cls=fill))  # fmt: skip
        if i in (0, len(rows) - 1) or r["period"] == now:
            cls = "pw-past-now" if r["period"] == now else "pw-past-month"
            anchor = "start" if i == 0 else "end" if i == len(rows) - 1 else "middle"
            at = {"start": left, "end": left + width, "middle": left + width / 2}[anchor]
            parts.append(tag("text", r["period"], x=f"{at:.1f}", y=HEIGHT - 4, text_anchor=anchor, cls=cls))
    line = tag("line", x1=0, x2=WIDTH, y1=f"{y(1):.1f}", y2=f"{y(1):.1f}", cls="pw-past-city")
    alt = screen.say("hotspots.past_alt", first=rows["period"].iloc[0], last=rows["period"].iloc[-1])
    return tag("svg", *parts, line, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=alt, cls="pw-past-drawing")
