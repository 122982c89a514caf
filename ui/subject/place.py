"""Where it is, what its lists say of it, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch import subjects
from pilotwatch.domain import Column, Record
from pilotwatch.figures import WORST
from pilotwatch.store import BatchLine, lookup
from ui import blocks, cache, maps, why
from ui.html import join, tag
from ui.html import table as html_table
from ui.overview import source_of
from ui.screen import Screen
from ui.subject import About, unmask, words
from ui.subject.head import where

FIRST = 14  # attributes that are shown at once
_HIDDEN = ("lng", "lat", "division_code", "street_code")  # told by the map and the head


# --- the map -----------------------------------------------------------------------------------------------------


def on_map(screen: Screen, subject: About) -> None:
    """The point; or, where there is none, the street or the district it is counted in, and that it is so."""
    row, places = subject.main, screen.house.places
    with st.container(key="card-subject-map"):
        located = str(row["located"] or "none")
        st.html(blocks.heading(screen.say("subject.map"), " · ".join(where(screen, subject))))
        lng, lat = places.points([row["lng"] or float("nan")], [row["lat"] or float("nan")],
                                 [row["street_code"]], [row["division_code"]])  # fmt: skip
        if pd.isna(lng[0]):
            st.html(blocks.note(screen.say("subject.located_none"), "warn"))
            return
        worst = subject.levels[subject.levels["indicator"] == WORST].sort_values("rank")
        level = worst["level"].iloc[0] if len(worst) else "nodata"
        figure = maps.of_subject(
            places, screen.mode, row["report_unit"], (lng[0], lat[0]), level, exact=located == "point"
        )
        st.plotly_chart(
            figure, key=f"subject-map-{screen.mode}", theme=None, config=maps.CONFIG, alt=screen.say("subject.map")
        )
        point = f"{lng[0]:.5f}, {lat[0]:.5f}"
        st.html(blocks.note(screen.say(f"subject.located_{located}", point=point)))
        st.html(tag("p", source_of(screen), cls="pw-source"))


# --- what its lists say ------------------------------------------------------------------------------------------


def attributes(screen: Screen, subject: About) -> None:
    """What each list says of it, with the row it says so in; personal data masked."""
    rows = {d: _row(screen, d, subject.id) for d in subject.datasets}
    files = cache.batches(screen.desk, screen.kept_by, [r["batch_id"] for r in rows.values() if r])
    for dataset, row in rows.items():
        record = screen.house.registry.dataset(dataset)
        if row:
            with st.container(key=f"card-list-{dataset}"):
                _list(screen, record, row, files)
                masked = [c for c in record.columns() if c.mask and words.value(screen, c, row.get(c.name))]
                unmask.offer(screen, dataset, str(row["id"]), subject.id, masked)


def _row(screen: Screen, dataset: str, subject_id: str) -> dict[str, Any] | None:
    """The subject's current row of a list; of several, the newest."""
    columns = [c.name for c in screen.house.registry.dataset(dataset).columns() if not c.reporter]
    found = screen.desk.frame(dataset, ["id", *columns, "batch_id", "sheet", "source_row"], subjects=[subject_id])
    return found.iloc[-1].to_dict() if len(found) else None


def _list(screen: Screen, record: type[Record], row: dict[str, Any], files: dict[str, BatchLine]) -> None:
    file, at, who = why.origin(screen, row, files)
    said = [
        (c, words.value(screen, c, row[c.name])) for c in record.columns() if c.name in row and c.name not in _HIDDEN
    ]
    filled = [(c, text) for c, text in said if text]
    st.html(
        blocks.heading(screen.pick(record.spec.title), screen.say("subject.list_note", n=len(filled), of=len(said)))
    )
    st.html(html_table(["", ""], _pairs(screen, filled[:FIRST]), cls="pw-plain pw-attributes"))
    if filled[FIRST:]:
        with st.expander(screen.say("subject.more_attributes", n=len(filled) - FIRST)):
            st.html(html_table(["", ""], _pairs(screen, filled[FIRST:]), cls="pw-plain pw-attributes"))
    st.html(blocks.note(screen.say("subject.source", file=file, where=at, who=who)))
    why.originals(screen, files.values(), f"list-{record.spec.dataset}")


def _pairs(screen: Screen, filled: Iterable[tuple[Column, str]]) -> Iterator[list[object]]:
    for column, text in filled:
        masked = tag("small", screen.say("subject.masked")) if column.mask else None
        yield [screen.pick(column.title), join([text, masked])]


# --- what belongs to it ------------------------------------------------------------------------------------------


def belongings(screen: Screen, subject: About) -> None:
    """Tanks, outlets and the like: rows about it that no day belongs to."""
    records = {r.spec.dataset: r for r in subjects.belongings(screen.desk, subject.datasets)}
    told = {d: [c.name for c in subjects.stated(r)] for d, r in records.items()}
    rows = lookup.happened(screen.desk, subject.id, told)
    if rows.empty:
        return
    files = cache.batches(screen.desk, screen.kept_by, rows["batch_id"])
    with st.container(key="card-belongings"):
        st.html(blocks.heading(screen.say("subject.belongings"), screen.say("subject.belongings_note")))
        for dataset, mine in rows.groupby("dataset", sort=False):
            record = records[str(dataset)]
            with st.expander(screen.say("subject.belonging", what=record.spec.title, n=len(mine))):
                columns = [c for c in subjects.stated(record) if any(c.name in f for f in mine["facts"])]
                head = [*(screen.pick(c.title) for c in columns), screen.say("why.row")]
                lines = (_belonging(screen, columns, r, files) for r in mine.to_dict("records"))
                st.html(html_table(head, lines, cls="pw-stack", alt=screen.pick(record.spec.title)))


def _belonging(screen: Screen, columns: list[Column], row: dict[str, Any], files: dict[str, BatchLine]) -> list[object]:
    file, at, _ = why.origin(screen, row, files)
    return [*(words.value(screen, c, row["facts"].get(c.name)) for c in columns), join([at, tag("small", file)])]
