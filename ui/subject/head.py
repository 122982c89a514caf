"""Who it is, where, in which lists, how grave, and what departments did about it in the last year."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pilotwatch.figures import WORST
from pilotwatch.subjects import Counts, departments_of
from ui import blocks
from ui.html import Html, join, tag
from ui.screen import Screen
from ui.subject import About


def show(screen: Screen, subject: About, open_warnings: int, counted: Counts) -> None:
    with st.container(key="card-subject"):
        name = tag("h2", subject.name, cls="pw-name")
        st.html(join([name, _codes(screen, subject), _levels(screen, subject), _said(screen, open_warnings, counted)]))


def _codes(screen: Screen, subject: About) -> Html:
    titles = [screen.pick(screen.house.registry.dataset(d).spec.title) for d in subject.datasets]
    return tag(
        "p", tag("span", subject.code, cls="pw-code"), *(tag("span", t, cls="pw-chip") for t in titles),
        tag("span", " · ".join(where(screen, subject)), cls="pw-dim"), cls="pw-who",
    )  # fmt: skip


def where(screen: Screen, subject: About) -> list[str]:
    """The unit, the street, and whose jurisdiction it is where that isn't the city's."""
    row, streets = subject.main, screen.house.places.streets
    found = [screen.unit(str(row["report_unit"]))] if row["report_unit"] else [screen.say("word.no_unit")]
    if row["street_code"] in streets:
        found.append(streets[str(row["street_code"])].name)
    if row["jurisdiction"] == "xpcc":
        found.append(screen.say("overview.xpcc"))
    return found


def _levels(screen: Screen, subject: About) -> Html:
    """The worst level in each of its domains, and since when."""
    worst = subject.levels[subject.levels["indicator"] == WORST].set_index("domain")
    parts = []
    for domain in subject.domains:
        level, since = "nodata", None
        if domain.name in worst.index:
            row = worst.loc[domain.name]
            level, since = row["level"], None if pd.isna(row["since"]) else f"{row['since']:%Y-%m-%d}"
        said = screen.say("subject.since", day=since) if since else None
        parts.append(
            tag("div", tag("span", screen.pick(domain.title)), blocks.level(level, screen.language),
                tag("small", said) if said else None, cls="pw-standing")
        )  # fmt: skip
    return tag("div", *parts, cls="pw-standings")


def _said(screen: Screen, open_warnings: int, counted: Counts) -> Html:
    """Open warnings, and what departments did in the last year: the records that name a department."""
    first = screen.say("subject.warned", n=open_warnings) if open_warnings else screen.say("subject.not_warned")
    done = [
        screen.say("subject.times", what=record.spec.title, n=n)
        for dataset, n in counted.year.items()
        if departments_of(record := counted.records[dataset])
    ]
    second = screen.say("subject.year", done=screen.listed(done)) if done else screen.say("subject.year_none")
    return tag("p", first, " ", second, cls="pw-said")
