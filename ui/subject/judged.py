"""What is wrong with it: its warnings, and every indicator of its domains with the way down to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.domain import Indicator
from pilotwatch.warnings import VERDICTS
from pilotwatch.workdays import now
from ui import address, blocks, cache, due, links, why
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.indicators import value_of
from ui.screen import Screen
from ui.subject import About


def warnings(screen: Screen, subject: About, rows: pd.DataFrame) -> None:
    """Open warnings, the gravest first; past ones under a fold."""
    open_, past = rows[rows["closed_on"].isna()], rows[rows["closed_on"].notna()]
    with st.container(key="card-subject-warnings"):
        note = screen.say("subject.warnings_note") if len(open_) else None
        st.html(blocks.heading(screen.say("subject.warnings", n=len(open_)), note))
        if open_.empty:
            st.html(blocks.note(screen.say("subject.no_warnings"), "good"))
        else:
            head = [screen.say(f"subject.{n}") for n in ("level", "problem", "value", "from", "due")]
            st.html(html_table(head, _open(screen, subject, open_), numeric=(2,), cls="pw-stack", alt=head[1]))
        if len(past):
            with st.expander(screen.say("subject.past", n=len(past))):
                head = [screen.say(f"subject.{n}") for n in ("level", "problem", "closed", "verdict")]
                st.html(html_table(head, _past(screen, past), cls="pw-stack", alt=head[1]))


def _open(screen: Screen, subject: About, rows: pd.DataFrame) -> Iterator[list[object]]:
    calendar, at = screen.house.calendar(), now()
    for row in rows.to_dict("records"):
        indicator = screen.indicators.get(row["indicator"])
        state = tag("small", screen.say("warnings.state.eased")) if row["eased"] else None
        yield [
            join([blocks.level(row["level"], screen.language), state]),
            join([links.to_warning(row["number"], _problem(screen, row, indicator)), tag("small", row["number"])]),
            value_of(row["value"], indicator, subject.on, screen.language) if indicator else "—",
            tag("span", f"{row['since']:%Y-%m-%d}", cls="pw-nowrap"),
            due.cell(screen, due.due(row, indicator, calendar, at)),
        ]


def _past(screen: Screen, rows: pd.DataFrame) -> Iterator[list[object]]:
    for row in rows.to_dict("records"):
        problem = _problem(screen, row, screen.indicators.get(row["indicator"]))
        yield [
            blocks.level(row["level"], screen.language),
            join([links.to_warning(row["number"], problem), tag("small", row["number"])]),
            tag("span", f"{row['opened_on']:%Y-%m-%d} – {row['closed_on']:%Y-%m-%d}", cls="pw-nowrap"),
            screen.pick(VERDICTS[row["verdict"]]) if row["verdict"] in VERDICTS else "",
        ]


def _problem(screen: Screen, row: dict[str, Any], indicator: Indicator | None) -> str:
    return screen.pick(indicator.title) if indicator else row["indicator"]


# --- every indicator ---------------------------------------------------------------------------------------------


def indicators(screen: Screen, subject: About) -> None:
    """Every indicator that judges such a subject, the gravest first: its value, its level and since when."""
    ordered, found = _ordered(subject)
    with st.container(key="card-subject-indicators"):
        judged = sum(i.code in found.index for i in ordered)
        note = screen.say("subject.indicators_note", n=len(ordered), judged=judged)
        st.html(blocks.heading(screen.say("subject.indicators"), note))
        head = [screen.say(f"subject.{n}") for n in ("level", "indicator", "value", "from")]
        st.html(html_table(head, _lines(screen, subject, ordered, found), numeric=(2,), cls="pw-stack", alt=note))


def _ordered(subject: About) -> tuple[list[Indicator], pd.DataFrame]:
    """The indicators, the gravest first, and what they say by code."""
    found = subject.levels.set_index("indicator")
    return sorted(subject.indicators, key=lambda i: (found["rank"].get(i.code, 9), i.code)), found


def _lines(
    screen: Screen, subject: About, ordered: list[Indicator], found: pd.DataFrame
) -> Iterator[list[object]]:  # fmt: skip
    for indicator in ordered:
        row = found.loc[indicator.code] if indicator.code in found.index else None
        value = "—" if row is None else value_of(row["value"], indicator, subject.on, screen.language)
        yield [
            blocks.level("nodata" if row is None else row["level"], screen.language),
            join([tag("b", screen.pick(indicator.title)), tag("small", f"{indicator.code} · {screen.department(indicator.owner)}")]),
            value,
            "" if row is None else tag("span", f"{row['since']:%Y-%m-%d}", cls="pw-nowrap"),
        ]  # fmt: skip


def panel(screen: Screen, subject: About) -> None:
    """这个数怎么来的, of the indicator that is chosen: at first the gravest."""
    ordered, found = _ordered(subject)
    titles = {i.code: f"{i.code} {screen.pick(i.title)}" for i in ordered}
    with st.container(key="card-subject-why"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.html(blocks.heading(screen.say("why.title")), width="content")
            code = address.select("indicator", titles, screen.say("subject.indicator"), width=340) or ordered[0].code
        told = cache.explained(screen.desk, screen.kept_by, code, subject.id)
        row = found.loc[code] if code in found.index else None
        level = blocks.level("nodata" if row is None else row["level"], screen.language)
        more: list[tuple[str, object]] = [(screen.say("subject.level"), level)]
        if row is not None:
            more.append((screen.say("why.since"), f"{row['since']:%Y-%m-%d}"))
        more.append((screen.say("why.who"), _who(screen, told.indicator)))
        st.html(why.reasons(screen, told, *more))
        why.trend(screen, told, key=f"subject-trend-{code}")
        why.sources(screen, told.sources, key=f"subject-sources-{code}")


def _who(screen: Screen, indicator: Indicator) -> Html:
    return join([tag("b", screen.department(indicator.owner)), tag("small", screen.pick(indicator.first_action))])
