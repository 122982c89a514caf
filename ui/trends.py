"""What 总览 says of time: the change since a month ended, and what the reform has come to this year."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from pilotwatch import reform
from pilotwatch.domain import Measure
from ui import blocks, cache
from ui.html import Html, tag
from ui.indicators import unit_of
from ui.screen import Screen
from ui.summary import Summary

#: What the strip tells, in this order: fewer visits, visits saved, joint share; twice, above the cap, scanned in.
STRIP = ("REF-01", "REF-02", "REF-03", "REF-07", "REF-08", "REF-09")
_WARNS = ("red", "orange", "yellow")


def change(screen: Screen, summary: Summary, level: str) -> str | None:
    """`较10月末 +12`: against the newest month that is kept; None where none is, or where nothing was judged then."""
    rows = cache.month_ends(screen.desk)
    rows = rows[rows["domain"].isin([d.name for d in summary.domains])]
    if summary.unit:
        rows = rows[rows["report_unit"] == summary.unit]
    before = rows.groupby("level")["subjects"].sum()
    if before.sum() == before.get("nodata", 0):
        return None
    moved = summary.counts[level] - int(before.get(level, 0))
    month = screen.say("trends.months").split()[int(rows["month"].iloc[0][5:]) - 1]
    shown = f"{moved:+,}" if moved else "±0"
    return screen.say("trends.since", month=month, change=shown.replace("-", "−"))


def strip(screen: Screen, summary: Summary) -> None:
    """The reform in six numbers of the year so far, in the chosen domain and unit."""
    period = f"{summary.overview.as_of:%Y}"
    rows = cache.measured(_within(screen, summary), STRIP, period, summary.unit)
    whole = rows[rows["kind"] == ""].set_index("indicator")
    measures = {m.code: m for m in reform.MEASURES}
    cells = [_cell(screen, measures[code], whole.loc[code] if code in whole.index else None) for code in STRIP]
    with st.container(key="card-reform"):
        st.html(blocks.heading(screen.say("trends.reform"), screen.say("trends.this_year", year=period)))
        st.html(tag("div", *cells, cls="pw-strip"))


def _within(screen: Screen, summary: Summary):
    """A desk that sees the chosen domain alone; the person's own where none is chosen."""
    if summary.domain is None:
        return screen.desk
    return screen.house.desk(replace(screen.person, domains=frozenset({summary.domain})))


def _cell(screen: Screen, measure: Measure, row: pd.Series | None) -> Html:
    level = "nodata" if row is None else row["level"]
    value = shown(measure, None if row is None else row["value"], screen)
    graded = level in _WARNS or level == "nodata"
    return tag(
        "div", tag("span", screen.pick(measure.title), cls="pw-tile-label"), tag("b", value),
        blocks.level(level, screen.language) if graded else None, title=screen.pick(measure.formula),
    )  # fmt: skip


def shown(measure: Measure, value: float | None, screen: Screen) -> str:
    """A measure's value as shown: `55.05%`, `3,446 户次`, `3.31 倍`; `—` for none."""
    if value is None or pd.isna(value):
        return "—"
    if measure.value == "ratio" and measure.unit == "%":
        return f"{100 * value:.2f}%".replace("-", "−")
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{number} {unit_of(measure, screen.language)}".strip()
