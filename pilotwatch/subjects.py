"""A supervised subject as its page tells of it: which records say that something happened to it, and what they say.

Nothing here knows a dataset. A record that is an event with a day of its own is told in the timeline; one without (a
tank, an outlet) is something the subject has; what either says is chosen from its declared columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from pilotwatch.domain import Column, Domain, Indicator, Kind, Record
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, lookup

#: Columns that say what happened, the most telling kinds first.
_TELLING: tuple[tuple[Kind, ...], ...] = (
    ("choice", "choices"), ("boolean",), ("text", "texts"), ("decimal", "real", "integer"),
)  # fmt: skip
_PLACE_KINDS = ("division", "street", "lng", "lat")
_DEPARTMENTS = ("department", "departments")
FACTS = 10  # of one event
STATED = 8  # of one belonging

#: A dataset that has more rows of a subject than MANY, and more than PER_MONTH in a month that has any, is told by month.
MANY, PER_MONTH = 12, 4


@dataclass(frozen=True)
class Event:
    """One thing that happened, as its row states it, and where that row came from."""

    record: type[Record]
    day: date | None
    departments: tuple[str, ...]  # codes; of a record that names none, whoever leads its domain
    facts: tuple[tuple[Column, Any], ...]
    row_id: str
    batch_id: str
    sheet: str | None
    source_row: int


@dataclass(frozen=True)
class Run:
    """A month in which so much of one kind happened that it is told together: how often, between which amounts."""

    record: type[Record]
    day: date  # the first of the month
    rows: int
    measure: Column | None
    low: float | None
    high: float | None
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How many rows there are of a subject by dataset and month (`lookup.tally`), of records that tell what happened."""

    records: Mapping[str, type[Record]]
    months: pd.DataFrame
    on: date

    @cached_property
    def all(self) -> dict[str, int]:
        """Dataset → rows."""
        return _sums(self.months)

    @cached_property
    def year(self) -> dict[str, int]:
        """Dataset → rows of the last twelve months."""
        this = 12 * self.on.year + self.on.month - 1
        return _sums(self.months[self.months["month"].between(this - 11, this)])

    @cached_property
    def busy(self) -> set[str]:
        """The datasets that have so many rows that they are told by month."""
        by = self.months.groupby("dataset", sort=False)
        rows = by["rows"].sum()
        return set(rows.index[(rows > MANY) & (rows > PER_MONTH * by["month"].nunique())])


@dataclass(frozen=True)
class Timeline:
    """What happened to a subject, the newest first; `left` rows are older than the oldest line."""

    lines: tuple[Event | Run, ...]
    left: int

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that a line names, in the order of the lines."""
        return tuple(dict.fromkeys(d for line in self.lines for d in line.departments))


def told(record: type[Record]) -> tuple[Column, ...]:
    """The columns that say what happened, the most telling first: never personal data, never who reported it."""
    spec = record.spec
    known = {*spec.subject_fields, *spec.day_fields, spec.name}
    open_ = [c for c in record.columns() if c.name not in known and c.kind not in _PLACE_KINDS and not c.refers_to]
    plain = [c for c in open_ if not (c.mask or c.reporter or (c.key and not c.choices))]
    ranked = [c for kinds in _TELLING for c in sorted(plain, key=lambda c: not c.required) if c.kind in kinds]
    return tuple(ranked[:FACTS])


def stated(record: type[Record]) -> tuple[Column, ...]:
    """The columns that tell one of a subject's belongings from the others, its key first: never personal data."""
    spec = record.spec
    open_ = [c for c in record.columns() if c.name not in spec.subject_fields and c.kind not in _PLACE_KINDS]
    plain = sorted((c for c in open_ if not (c.mask or c.reporter)), key=lambda c: (not c.key, not c.required))
    return tuple(plain[:STATED])


def measure(record: type[Record]) -> Column | None:
    """The amount that a month of many rows is told by: the first number that has a unit and is required, else the first."""
    numbers = [c for c in record.columns() if c.kind in ("decimal", "real") and c.unit and not c.key]
    return next((c for c in numbers if c.required), next(iter(numbers), None))


def departments_of(record: type[Record]) -> tuple[Column, ...]:
    """The columns that name the department that did it."""
    return tuple(c for c in record.columns() if c.kind in _DEPARTMENTS)


def counts(desk: Desk, subject_id: str, lists: Collection[str], on: date) -> Counts:
    """How much happened to a subject of these lists, in one statement."""
    records = {r.spec.dataset: r for r in lookup.events_of(desk, lists) if r.spec.day_fields}
    measures = {d: m.name if (m := measure(r)) else None for d, r in records.items()}
    return Counts(records, lookup.tally(desk, subject_id, measures), on)


def timeline(
    desk: Desk, found: Registry, subject_id: str, counted: Counts, *, dataset: str | None = None, limit: int = 200
) -> Timeline:
    """What happened to the subject across all departments in the person's scope, in one statement more.

    `dataset`: only what this one tells, row by row.
    """
    asked = [d for d in counted.all if dataset in (None, d)]
    busy = counted.busy if dataset is None else set()
    records = {d: counted.records[d] for d in asked if d not in busy}
    single = {d: [c.name for c in (*told(r), *departments_of(r))] for d, r in records.items()}
    rows = lookup.happened(desk, subject_id, single, limit=limit)
    events = [_event(found, records[r["dataset"]], r) for r in rows.to_dict("records")]
    dense = counted.months[counted.months["dataset"].isin(busy)].dropna(subset="month")
    runs = [_run(found, counted.records[r["dataset"]], r) for r in dense.to_dict("records")]
    lines = sorted([*events, *runs], key=lambda line: line.day or date.min, reverse=True)
    return Timeline(tuple(lines), sum(counted.all[d] for d in records) - len(events))


def _sums(months: pd.DataFrame) -> dict[str, int]:
    return {str(d): int(n) for d, n in months.groupby("dataset", sort=False)["rows"].sum().items()}


def _event(found: Registry, record: type[Record], row: Mapping[str, Any]) -> Event:
    facts = row["facts"]
    offices = [code for c in departments_of(record) if c.name in facts for code in _codes(facts[c.name])]
    day = None if pd.isna(row["day"]) else row["day"].date()
    shown = tuple((c, facts[c.name]) for c in told(record) if c.name in facts)
    return Event(
        record, day, tuple(dict.fromkeys(offices)) or _lead(found, record), shown, row["id"], row["batch_id"],
        row["sheet"] if isinstance(row["sheet"], str) else None, int(row["source_row"]),
    )  # fmt: skip


def _run(found: Registry, record: type[Record], row: Mapping[str, Any]) -> Run:
    year, month = divmod(int(row["month"]), 12)
    low, high = (None if pd.isna(row[n]) else float(row[n]) for n in ("low", "high"))
    return Run(record, date(year, month + 1, 1), int(row["rows"]), measure(record), low, high, _lead(found, record))


def _codes(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _lead(found: Registry, record: type[Record]) -> tuple[str, ...]:
    """Whoever leads the domain that a record belongs to; nobody of a shared one."""
    domain = found.domain_of(record.spec.dataset)
    return (domain.lead,) if domain else ()


def belongings(desk: Desk, lists: list[str]) -> tuple[type[Record], ...]:
    """The records of what such a subject has: rows about it that no day belongs to."""
    return tuple(r for r in lookup.events_of(desk, lists) if not r.spec.day_fields)


def domains_of(found: Registry, lists: list[str]) -> tuple[Domain, ...]:
    """The domains whose lists a subject is in."""
    return tuple(d for d in found.domains if any(r.spec.dataset in lists for r in d.subjects))


def indicators_of(indicators: Iterable[Indicator], lists: list[str]) -> tuple[Indicator, ...]:
    """Those that judge such a subject: they are about one of its lists, and not about places alone."""
    return tuple(i for i in indicators if i.per.spec.dataset in lists and i.levels is not None)


__all__ = [
    "Counts", "Event", "Run", "Timeline", "belongings", "counts", "departments_of", "domains_of", "indicators_of", "measure",
    "stated", "timeline", "told",
]  # fmt: skip
