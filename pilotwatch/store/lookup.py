"""Looking one subject up: who is meant by a few letters, what is known of one, and where each row of it came from.

Every function takes a desk and keeps to its person's domains and units. Nobody who reported anything is ever told of
here: columns marked `reporter` are not read, and a file that has such columns is not handed out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Integer,
    Select,
    Table,
    Text,
    and_,
    cast,
    extract,
    func,
    literal,
    null,
    select,
    union_all,
)

from pilotwatch.domain import Record
from pilotwatch.domain import Text as Words
from pilotwatch.identity import kind_of
from pilotwatch.store import bulk, engine, queries, scope
from pilotwatch.store.model import BatchLine, StoreRefused
from pilotwatch.store.records import PLACE
from pilotwatch.store.shelf.rollups import LEVELS
from pilotwatch.store.tables import Batch, Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_subject, _batch, _level = Subject.__table__, Batch.__table__, LEVELS.of
_TEXT, _DAY = pa.string(), pa.date32()

#: Entries of an index that one search goes through; what begins more names than that is no search yet.
ENTRIES = 1000
_LAST = "\U0010ffff"  # sorts after whatever a name goes on with


# --- who is meant ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Subjects that a few letters name. `rows`: subject_id, dataset, code, name, the place, `rank` and `level` of the
    worst of its lists' domains (NaN and None where nothing is judged). `more`: there are others that are not told."""

    rows: pd.DataFrame
    more: bool


def find(desk: Desk, letters: str, beginnings: Iterable[str] = (), *, limit: int = 20) -> Found:
    """The subjects in scope whose code or name begins with the letters, whoever has exactly that code first, the worst next.

    `beginnings` are words that names are often preceded by (新疆, 乌鲁木齐市, 天山区): a name is found from its second word
    on, too. Ranges of the indexes of code and name are read, never the table: the cost doesn't grow with the city.
    """
    scope.demand(desk.person, "read")
    letters = " ".join(letters.split())
    if not letters:
        return Found(pd.DataFrame(columns=[*_FOUND, "rank", "level"]), False)
    spelled = dict.fromkeys((letters, letters.replace("(", "（").replace(")", "）")))
    ranges = [(_subject.c.code, letters.upper())]
    ranges += [(_subject.c.name, before + word) for word in spelled for before in ("", *beginnings)]
    with desk._reading() as connection:
        met = union_all(*(_begins(connection, n, *which) for n, which in enumerate(ranges))).subquery()
        wanted = (
            select(*(_subject.c[n] for n in _FOUND))
            .join(met, and_(_subject.c.subject_id == met.c.subject_id, _subject.c.dataset == met.c.dataset))
            .where(_subject.c.dataset.in_(desk._visible()), scope.rows_of(desk.person, _subject))
            .distinct()
            .limit(ENTRIES)
        )
        rows = _frame(connection, wanted, dict.fromkeys(_FOUND, _TEXT))
        each = select(func.count().label("entries")).select_from(met).group_by(met.c.range).subquery()
        full = max(len(rows), connection.scalar(select(func.max(each.c.entries))) or 0) >= ENTRIES
        rows = rows.merge(_worst(desk, connection, rows["subject_id"].unique()), on=["subject_id"], how="left")
    exact = rows["code"] != letters.upper()
    rows = rows.assign(_other=exact).sort_values(["_other", "rank", "name", "code", "dataset"], kind="stable")
    return Found(rows.drop(columns="_other").head(limit).reset_index(drop=True), full or len(rows) > limit)


_FOUND = ("subject_id", "dataset", "code", "name", *(n for n in PLACE if n not in ("lng", "lat")))


def _begins(connection: Connection, number: int, column: ColumnElement[str], word: str) -> Select[Any]:
    """The key of the subjects whose column begins with the word, at most ENTRIES of its index, with the range's number."""
    if engine.is_postgres(connection):  # the operators of text_pattern_ops, whatever the database's collation
        met = and_(column.op("~>=~")(word), column.op("~<~")(word + _LAST))
    else:
        met = and_(column >= word, column < word + _LAST)
    entries = select(_subject.c.subject_id, _subject.c.dataset).where(met).limit(ENTRIES).subquery()
    return select(literal(number).label("range"), entries)


def _worst(desk: Desk, connection: Connection, subjects: Sequence[str]) -> pd.DataFrame:
    """The worst level of each subject over the person's domains: subject_id, rank, level."""
    statement = select(_level.c.subject_id, _level.c["rank"], _level.c.level).where(
        engine.among(connection, _level.c.subject_id, list(subjects)),
        _level.c.domain.in_(scope.domains_of(desk)), _level.c.indicator == "*",
    )  # fmt: skip
    rows = _frame(connection, statement, {"subject_id": _TEXT, "rank": pa.int64(), "level": _TEXT})
    return rows.sort_values("rank", kind="stable").drop_duplicates("subject_id")


# --- one subject -------------------------------------------------------------------------------------------------


def lists_of(desk: Desk, subject_id: str) -> pd.DataFrame:
    """The lists in scope that a subject is in: dataset, row_id, code, name and the place, a row for each.

    Raises StoreRefused where there is no such subject in the person's scope, whether there is one elsewhere or not.
    """
    scope.demand(desk.person, "read")
    types = {"dataset": _TEXT, "row_id": _TEXT, "code": _TEXT, "name": _TEXT, **dict.fromkeys(PLACE, _TEXT)}
    types |= {"lng": pa.float64(), "lat": pa.float64()}
    with desk._reading() as connection:
        statement = select(*(_subject.c[n] for n in types)).where(
            _subject.c.subject_id == _id(subject_id), _subject.c.dataset.in_(desk._visible()),
            scope.rows_of(desk.person, _subject),
        )  # fmt: skip
        rows = _frame(connection, statement.order_by(_subject.c.dataset), types)
    if rows.empty:
        raise StoreRefused("no_subject", _NO_SUBJECT)
    return rows


def levels_of(desk: Desk, subject_id: str) -> pd.DataFrame:
    """What the indicators of the person's domains say of a subject: domain, indicator (`*`: the worst), value, level,
    rank, since, on_day. An indicator that couldn't judge it has no row."""
    scope.demand(desk.person, "read")
    types = {
        "domain": _TEXT, "indicator": _TEXT, "value": pa.float64(), "level": _TEXT, "rank": pa.int64(), "since": _DAY,
        "on_day": _DAY,
    }  # fmt: skip
    statement = select(*(_level.c[n] for n in types)).where(
        _level.c.subject_id == _id(subject_id), scope.own(desk, _level)
    )
    with desk._reading() as connection:
        return _frame(connection, statement.order_by(_level.c["rank"], _level.c.indicator), types)


# --- what happened to it -----------------------------------------------------------------------------------------


def events_of(desk: Desk, lists: Collection[str]) -> tuple[type[Record], ...]:
    """The event records in the person's domains that can be about a subject of these lists, in the order of the store."""
    known = {desk._store.dataset(d)[0] for d in lists}
    kinds = {kind_of(r, f) for r in known for f in r.spec.subject_fields}
    events = (r for r in (desk._store.dataset(d)[0] for d in desk._visible()) if r.spec.kind == "event")
    return tuple(r for r in events if kinds & {kind_of(r, f) for f in r.spec.subject_fields})


def tally(desk: Desk, subject_id: str, measures: Mapping[str, str | None]) -> pd.DataFrame:
    """How many current rows of a subject each dataset has by month, in one statement.

    `measures`: dataset → the number of which the least and the most are told, or None. Columns: dataset, month (the
    number of months since the year 0; NaN of rows without a day), rows, low, high.
    """
    types = {"dataset": _TEXT, "month": pa.int64(), "rows": pa.int64(), "low": pa.float64(), "high": pa.float64()}

    def of(dataset: str, table: Table) -> Select[Any]:
        month = (
            cast(extract("year", table.c.day), Integer) * 12 + cast(extract("month", table.c.day), Integer) - 1
        ).label("month")
        measure = measures[dataset]
        if measure in scope.withheld(desk.person, desk._store.dataset(dataset)[0]):
            measure = None
        number = cast(table.c[measure], Double) if measure else cast(null(), Double)
        sums = (func.count().label("rows"), func.min(number).label("low"), func.max(number).label("high"))
        return select(literal(dataset).label("dataset"), month, *sums).group_by(month)

    return _of_all(desk, subject_id, measures, of, types)


def happened(desk: Desk, subject_id: str, told: Mapping[str, Sequence[str]], *, limit: int = 300) -> pd.DataFrame:
    """The newest current rows of a subject in several datasets, in one statement.

    `told`: dataset → the columns that are wanted; those marked `reporter` are left out, whoever asks. Columns: dataset,
    id, day, batch_id, sheet, source_row, facts (column → value, what is empty left out; lists as lists).
    """
    names = ("id", "day", "batch_id", "sheet", "source_row")
    types = dict(zip(("dataset", *names, "facts"), (_TEXT, _TEXT, _DAY, _TEXT, _TEXT, pa.int64(), _TEXT), strict=True))
    asked = {d: _unreported(desk, desk._store.dataset(d)[0], columns) for d, columns in told.items()}

    def of(dataset: str, table: Table) -> Select[Any]:
        facts = _json_array(desk, [table.c[n] for n in asked[dataset]])
        columns = (table.c[n] for n in names)
        newest = select(literal(dataset).label("dataset"), *columns, cast(facts, Text).label("facts"))
        return newest.order_by(table.c.day.desc(), table.c.id.desc()).limit(limit)

    rows = _of_all(desk, subject_id, asked, of, types)
    rows = rows.sort_values(["day", "id"], ascending=False, kind="stable").head(limit).reset_index(drop=True)
    facts = [
        {n: _listed(v) for n, v in zip(asked[d], json.loads(text), strict=True) if v not in (None, "", "[]")}
        for d, text in zip(rows["dataset"], rows["facts"], strict=True)
    ]
    return rows.assign(facts=facts)


def _unreported(desk: Desk, record: type[Record], columns: Sequence[str]) -> list[str]:
    hidden = {c.name for c in record.columns() if c.reporter} | scope.withheld(desk.person, record)
    return [n for n in columns if n not in hidden]


def _listed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith('["') else value


def _json_array(desk: Desk, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    postgres = desk._store._engine.dialect.name == "postgresql"
    return (func.json_build_array if postgres else func.json_array)(*columns)


def _of_all(
    desk: Desk, subject_id: str, datasets: Iterable[str], of: Any, types: Mapping[str, pa.DataType]
) -> pd.DataFrame:
    """The rows that `of(dataset, its table)` selects, of this subject in all the datasets, in one statement."""
    parts = []
    with desk._reading() as connection:
        for dataset in datasets:
            _, table = desk._read_door(dataset)
            mine = (table.c.subject_id == str(_id(subject_id)), *queries.in_scope(connection, desk.person, table, None))
            parts.append(select(of(dataset, table).where(*mine).subquery()))
        if not parts:
            return _frame_of(pa.schema(types.items()).empty_table())
        every = union_all(*parts).subquery()
        return _frame(connection, select(*every.c), types)


# --- where it came from ------------------------------------------------------------------------------------------


def batches(desk: Desk, ids: Iterable[str]) -> dict[str, BatchLine]:
    """The batches of many rows at once, by id; those out of scope are left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    with desk._reading() as connection:
        found = desk._lines(connection, engine.among(connection, _batch.c.id, wanted), limit=len(wanted))
    return {str(line.id): line for line in found}


def tells_reporters(desk: Desk, line: BatchLine) -> bool:
    """Whether a table of the batch has columns that may tell who reported."""
    return any(c.reporter for d in line.datasets for c in desk._store.dataset(d)[0].columns())


def original(desk: Desk, batch_id: str) -> tuple[str, Path] | None:
    """The file a batch came with, its name and where it is kept; None where it came with none.

    For those who hand in data, and only where the whole of the file is in their scope: a file of the city holds what
    a district's team may not see. One that may tell who reported isn't handed out. Raises StoreRefused.
    """
    scope.demand(desk.person, "write")
    line = desk.batch(batch_id)
    if tells_reporters(desk, line):
        raise StoreRefused("reporters", _REPORTERS)
    with desk._reading() as connection:
        desk._demand_whole(connection, line)
    return desk.file_of(batch_id)


# --- within ------------------------------------------------------------------------------------------------------


def _id(text: str) -> UUID:
    """The id that a text is; one that is none is that of nobody."""
    try:
        return UUID(str(text))
    except ValueError:
        raise StoreRefused("no_subject", _NO_SUBJECT) from None


def _frame(connection: Connection, statement: Select[Any], types: Mapping[str, pa.DataType]) -> pd.DataFrame:
    return _frame_of(bulk.read(connection, statement, types))


def _frame_of(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(date_as_object=False)


_NO_SUBJECT = Words(
    "没有这个监管对象，或不在您的权限范围内。请用名称或代码重新查找。",
    "There is no such subject, or it is not in your scope. Look it up by its name or code.",
)
_REPORTERS = Words(
    "该文件含投诉举报内容，为保护举报人，不在监管对象页提供下载。",
    "This file holds what people reported. To protect them it can't be downloaded from here.",
)

__all__ = [
    "ENTRIES", "Found", "batches", "events_of", "find", "happened", "levels_of", "lists_of", "original", "tally",
    "tells_reporters",
]  # fmt: skip
