"""A supervised subject as its page tells of it: which records say that something happened to it, and what they say.

Nothing here knows a dataset. A record that is an event with a day of its own is told in the timeline; one without (a
tank, an outlet) is something the subject has; what either says is chosen from its declared columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
class Timeline:
    """What happened to a subject, the newest first. `counts`: dataset → how many rows there are of it altogether."""

    lines: tuple[Event | Run, ...]
    counts: Mapping[str, int]
    left: int  # rows that are older than the oldest line, or have no room here

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


def measure(record: type[Record]) -> Column | None:
    """The amount that a month of many rows is told by: the first number that has a unit and is required, else the first."""
    numbers = [c for c in record.columns() if c.kind in ("decimal", "real") and c.unit and not c.key]
    return next((c for c in numbers if c.required), next(iter(numbers), None))


def departments_of(record: type[Record]) -> tuple[Column, ...]:
    """The columns that name the department that did it."""
    return tuple(c for c in record.columns() if c.kind in _DEPARTMENTS)


def timeline(desk: Desk, found: Registry, subject_id: str, *, dataset: str | None = None, limit: int = 200) -> Timeline:
    """What happened to the subject across all departments in the person's scope, in two statements.

    `dataset`: only what this one tells, row by row. Raises StoreRefused where the subject isn't in scope.
    """
    lists = lookup.lists_of(desk, subject_id)["dataset"]
    dated = {r.spec.dataset: r for r in lookup.events_of(desk, lists) if r.spec.day_fields}
    measures = {d: m.name if (m := measure(r)) else None for d, r in dated.items()}
    months = lookup.tally(desk, subject_id, measures)
    counts = months.groupby("dataset", sort=False)["rows"].sum()
    busy = counts[
        (dataset is None)
        & (counts > MANY)
        & (counts / months.groupby("dataset", sort=False)["month"].nunique() > PER_MONTH)
    ]
    asked = [d for d in counts.index if dataset in (None, d)]
    single = {d: [c.name for c in (*told(dated[d]), *departments_of(dated[d]))] for d in asked if d not in busy.index}
    rows = lookup.happened(desk, subject_id, single, limit=limit)
    events = [_event(found, dated[r["dataset"]], r) for r in rows.to_dict("records")]
    runs = [
        _run(found, dated[r["dataset"]], r)
        for r in months.dropna(subset="month").to_dict("records")
        if r["dataset"] in asked and r["dataset"] in busy.index
    ]
    lines = sorted([*events, *runs], key=lambda line: line.day or date.min, reverse=True)
    said = sum(line.rows if isinstance(line, Run) else 1 for line in lines)
    return Timeline(tuple(lines), {d: int(n) for d, n in counts.items()}, int(counts[asked].sum()) - said)


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


def indicators_of(found: Registry, lists: list[str]) -> tuple[Indicator, ...]:
    """The indicators that judge such a subject: those about one of its lists, and not places alone."""
    return tuple(i for i in found.indicators if i.per.spec.dataset in lists and i.levels is not None)


__all__ = [
    "Event", "Run", "Timeline", "belongings", "departments_of", "domains_of", "indicators_of", "measure", "timeline",
    "told",
]  # fmt: skip
