"""Counts by place and day, and what the detection says of them: written by the hooks, read by the pages in their scope.

Counts are a roll-up as the figures are: cases per subject, day and place, and their sums by place, moved by differences
in the transaction that changes a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, delete, func, or_, select, update

from pilotwatch.store import bulk, engine, scope, shelf
from pilotwatch.store.figure_tables import PlaceLevel
from pilotwatch.store.shelf import Rollup
from pilotwatch.store.signal_tables import PlaceCount, Signal, SignalAlarm, SubjectCount
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_signal, _alarm, _subject, _levels = (
    t.__table__ for t in (Signal, SignalAlarm, Subject, PlaceLevel)
)  # fmt: skip

_TEXT, _DAY, _INT, _REAL = pa.string(), pa.date32(), pa.int64(), pa.float64()
PLACE = ("report_unit", "division_code", "street_code")
SERIES = ("domain", "measure", "kind", "place")

COUNTS = Rollup(
    SubjectCount.__table__, PlaceCount.__table__,
    {"subject_id": _TEXT, "measure": _TEXT, "day": _DAY, **dict.fromkeys(PLACE, _TEXT), "n": _INT},
    ("measure", *PLACE, "day"), ("n",),
)  # fmt: skip

_SIGNAL = {
    "measure": _TEXT, "kind": _TEXT, "place": _TEXT, "report_unit": _TEXT, "level": _TEXT, "verdict": _TEXT,
    "creeping": pa.bool_(), "tier": _TEXT, "week_from": _DAY, "week_to": _DAY, "history": _INT, "observed": _INT,
    "expected": _REAL, "bound": _REAL, "score": _REAL, "p": _REAL, "share": _REAL, "at_risk": _INT, "raised_on": _DAY,
    "reason_zh": _TEXT, "reason_en": _TEXT, "method_zh": _TEXT, "method_en": _TEXT, "weeks": _TEXT,
}  # fmt: skip
_ALARM = {
    "measure": _TEXT, "kind": _TEXT, "place": _TEXT, "raised_on": _DAY, "report_unit": _TEXT, "level": _TEXT,
    "observed": _INT, "expected": _REAL, "bound": _REAL, "last_on": _DAY, "ended_on": _DAY,
}  # fmt: skip


# --- a hook or the daily update -----------------------------------------------------------------------------------


def lock(connection: Connection, domain: str) -> None:
    """Lets one transaction at a time move a domain's counts and signals; taken after all locks of figures, always."""
    shelf.lock(connection, f"signals/{domain}")


def counted_subjects(connection: Connection, domain: str) -> list[str]:
    """Of whom the domain has counts."""
    rows = select(COUNTS.of.c.subject_id).where(COUNTS.of.c.domain == domain).distinct()
    return bulk.read(connection, rows, {"subject_id": _TEXT})["subject_id"].to_pylist()


def is_counted(connection: Connection, domain: str) -> bool:
    """Whether the domain has any count at all."""
    return connection.scalar(select(COUNTS.into.c.day).where(COUNTS.into.c.domain == domain).limit(1)) is not None


def place_counts(connection: Connection, domain: str, since: date) -> pd.DataFrame:
    """A domain's counts from a day on: measure, report_unit, division_code, street_code, day (datetime64), n."""
    table = COUNTS.into
    names = {"measure": _TEXT, **dict.fromkeys(PLACE, _TEXT), "day": _DAY, "n": _INT}
    statement = select(*(table.c[n] for n in names)).where(table.c.domain == domain, table.c.day >= since)
    return bulk.read(connection, statement, names).to_pandas(date_as_object=False)


def population(connection: Connection, domain: str) -> pd.DataFrame:
    """How many subjects of the domain each place has: report_unit, division_code, street_code, subjects."""
    names = {**dict.fromkeys(PLACE, _TEXT), "subjects": _INT}
    key = [_levels.c[n] for n in PLACE]
    statement = select(*key, func.sum(_levels.c.subjects)).where(_levels.c.domain == domain, _levels.c.indicator == "*")
    return bulk.read(connection, statement.group_by(*key), names).to_pandas()


def judged_by(connection: Connection, domain: str) -> pd.DataFrame:
    """By how many subjects each unit of a domain was judged: place, at_risk."""
    names = {"place": _TEXT, "at_risk": _INT}
    rows = select(*(_signal.c[n] for n in names)).where(_signal.c.domain == domain, _signal.c.kind == "unit")
    return bulk.read(connection, rows.distinct(), names).to_pandas()


def judged_population(connection: Connection, domain: str) -> dict[str, int]:
    """How many subjects each unit had when its series were last judged."""
    units = (_signal.c.domain == domain, _signal.c.kind == "unit")
    rows = connection.execute(select(_signal.c.place, _signal.c.at_risk).where(*units).distinct())
    return {place: at_risk for place, at_risk in rows}


def listing(connection: Connection, datasets: Sequence[str], subjects: Sequence[str]) -> pd.DataFrame:
    """Where these lists have the subjects, one row each: subject_id, report_unit, division_code, street_code."""
    names = {"subject_id": _TEXT, **dict.fromkeys(PLACE, _TEXT)}
    statement = (
        select(*(_subject.c[n] for n in names))
        .where(_subject.c.dataset.in_(datasets), engine.among(connection, _subject.c.subject_id, list(subjects)))
        .order_by(_subject.c.subject_id, _subject.c.dataset)
    )
    return bulk.read(connection, statement, names).to_pandas().drop_duplicates("subject_id", ignore_index=True)


def alarms_since(connection: Connection, domain: str, since: date) -> pd.DataFrame:
    """The newest alarm of each series that was raised after `since`: measure, kind, place, raised_on, level."""
    names = {n: _ALARM[n] for n in ("measure", "kind", "place", "raised_on", "level", "ended_on")}
    statement = (
        select(*(_alarm.c[n] for n in names))
        .where(_alarm.c.domain == domain, _alarm.c.raised_on > since)
        .order_by(_alarm.c.raised_on)
    )
    found = bulk.read(connection, statement, names).to_pandas(date_as_object=False)
    return found.drop_duplicates(["measure", "kind", "place"], keep="last", ignore_index=True)


def put(connection: Connection, domain: str, kinds: Sequence[str], rows: pd.DataFrame) -> None:
    """Puts the rows (columns of `Signal` but for the domain) in place of what stood there of these kinds of places."""
    connection.execute(delete(_signal).where(_signal.c.domain == domain, _signal.c.kind.in_(kinds)))
    if len(rows):
        table = pa.table({n: pa.array(rows[n], t, from_pandas=True) for n, t in _SIGNAL.items()})
        bulk.insert(connection, _signal, {n: table[n].combine_chunks() for n in _SIGNAL} | {"domain": domain})


def raise_alarms(connection: Connection, domain: str, rows: pd.DataFrame) -> None:
    """Adds alarms (columns of `SignalAlarm` but for the domain and the end)."""
    if len(rows):
        names = {n: t for n, t in _ALARM.items() if n != "ended_on"}
        table = pa.table({n: pa.array(rows[n], t, from_pandas=True) for n, t in names.items()})
        bulk.insert(connection, _alarm, {n: table[n].combine_chunks() for n in names} | {"domain": domain})


def move_alarms(connection: Connection, domain: str, rows: pd.DataFrame) -> None:
    """Brings standing alarms (measure, kind, place, raised_on) to what the rows say: level, last_on, ended_on; NaT, or a
    level that is empty, leaves as it was."""
    for row in rows.to_dict("records"):
        key = [_alarm.c[n] == row[n] for n in ("measure", "kind", "place")]
        key += [_alarm.c.domain == domain, _alarm.c.raised_on == row["raised_on"].date()]
        values: dict[str, Any] = {
            n: None if pd.isna(row[n]) else row[n].date() for n in ("last_on", "ended_on") if n in row
        }
        values = {n: v for n, v in values.items() if n == "ended_on" or v is not None}
        if row["level"]:
            values["level"] = row["level"]
        connection.execute(update(_alarm).where(*key).values(**values))


# --- the pages ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """Which signals; what is given narrows. `levels`: of red, amber, none, grey, creeping."""

    domain: str | None = None
    report_unit: str | None = None
    measure: str | None = None
    kind: str | None = None
    levels: tuple[str, ...] = ()

    def conditions(self, desk: Desk) -> list[Any]:
        c = _signal.c
        wanted = [
            (c.domain, self.domain),
            (c.report_unit, self.report_unit),
            (c.measure, self.measure),
            (c.kind, self.kind),
        ]
        found = [column == value for column, value in wanted if value is not None]
        if self.levels:
            plain = [n for n in self.levels if n != "creeping"]
            some = [c.level.in_(plain)] + ([c.creeping.is_(True)] if "creeping" in self.levels else [])
            found.append(or_(*some))
        return [*found, scope.own(desk, _signal)]


_RANK = {"red": 0, "amber": 1, "none": 2, "grey": 3}


def listed(desk: Desk, wanted: Filter | None = None, *, limit: int = 2000) -> pd.DataFrame:
    """The signals in the person's scope, alarms first, then creeping rises, then the highest score: the columns of the
    table but for `weeks`. A series that several units share is shown to those alone who see all units."""
    scope.demand(desk.person, "read")
    names = {"domain": _TEXT, **{n: t for n, t in _SIGNAL.items() if n != "weeks"}}
    statement = select(*(_signal.c[n] for n in names)).where(*(wanted or Filter()).conditions(desk))
    with desk._reading() as connection:
        found = bulk.read(connection, statement.limit(50_000), names).to_pandas(date_as_object=False)
    order = pd.DataFrame({"rank": found["level"].map(_RANK), "creeping": ~found["creeping"], "score": -found["score"]})
    order = order.assign(place=found["place"], measure=found["measure"], domain=found["domain"])
    return found.loc[order.sort_values(list(order.columns)).index].head(limit).reset_index(drop=True)


def weeks_of(desk: Desk, series: pd.DataFrame) -> dict[tuple[str, ...], str]:
    """The weeks behind these series (domain, measure, kind, place) as JSON, by the series."""
    scope.demand(desk.person, "read")
    keys = list(series[list(SERIES)].itertuples(index=False, name=None))
    if not keys:
        return {}
    these = or_(*(and_(*(_signal.c[n] == v for n, v in zip(SERIES, key, strict=True))) for key in keys))
    statement = select(*(_signal.c[n] for n in SERIES), _signal.c.weeks).where(these, *Filter().conditions(desk))
    with desk._reading() as connection:
        return {tuple(row[:4]): row[4] for row in connection.execute(statement)}


def counted(desk: Desk, wanted: Filter | None = None) -> pd.DataFrame:
    """How many series: domain, kind, tier, level, creeping, series, and `raised`: of them with an alarm that stands."""
    scope.demand(desk.person, "read")
    names = {"domain": _TEXT, "kind": _TEXT, "tier": _TEXT, "level": _TEXT, "creeping": pa.bool_()}
    key = [_signal.c[n] for n in names]
    statement = select(*key, func.count().label("series"), func.count(_signal.c.raised_on).label("raised"))
    statement = statement.where(*(wanted or Filter()).conditions(desk)).group_by(*key)
    with desk._reading() as connection:
        return bulk.read(connection, statement, {**names, "series": _INT, "raised": _INT}).to_pandas()


def alarms(desk: Desk, wanted: Filter | None = None, *, since: date | None = None, limit: int = 500) -> pd.DataFrame:
    """The alarms raised on `since` or later in the person's scope, newest first: the columns of the table."""
    scope.demand(desk.person, "read")
    wanted = wanted or Filter()
    names = {"domain": _TEXT, **_ALARM}
    narrowed = {
        "domain": wanted.domain,
        "report_unit": wanted.report_unit,
        "measure": wanted.measure,
        "kind": wanted.kind,
    }
    where = [_alarm.c[n] == v for n, v in narrowed.items() if v is not None]
    if since is not None:
        where.append(_alarm.c.raised_on >= since)
    statement = (
        select(*(_alarm.c[n] for n in names))
        .where(*where, scope.own(desk, _alarm))
        .order_by(_alarm.c.raised_on.desc(), *(_alarm.c[n] for n in SERIES))
        .limit(limit)
    )
    with desk._reading() as connection:
        return bulk.read(connection, statement, names).to_pandas(date_as_object=False)


__all__ = [
    "COUNTS", "PLACE", "SERIES", "Filter", "alarms", "alarms_since", "counted", "counted_subjects", "is_counted", "judged_population", "listed", "listing", "lock",
    "move_alarms", "place_counts", "population", "put", "raise_alarms", "weeks_of",
]  # fmt: skip
