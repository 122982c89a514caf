"""Hot spots in the store: what a test needs, what it found, and who sees it.

A test is made over the whole city, by the house itself: a district's rate says nothing without the city's. What it
found of a place is read like a row of the place's reporting unit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Table, and_, delete, select

from pilotwatch import reform
from pilotwatch.reform.visits import SAVED
from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.figure_tables import SubjectLevel
from pilotwatch.store.hotspot_tables import HotPlace, HotRun
from pilotwatch.store.period_tables import SubjectPeriod
from pilotwatch.store.registers import append_audit
from pilotwatch.store.signal_tables import PlaceCount, SubjectCount
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

_run, _place = HotRun.__table__, HotPlace.__table__
_by_place, _period = PlaceCount.__table__, SubjectPeriod.__table__
_subject, _level, _count = Subject.__table__, SubjectLevel.__table__, SubjectCount.__table__

_VISITS = SAVED.code  # every visit is counted there, whatever came of it
KEY = ("domain", "measure", "layer", "period")
_TEXT, _REAL, _INT = pa.string(), pa.float64(), pa.int64()
_SUBJECT = {
    "subject_id": _TEXT, "lng": _REAL, "lat": _REAL, "located": _TEXT, "report_unit": _TEXT, "division_code": _TEXT,
    "street_code": _TEXT, "jurisdiction": _TEXT,
}  # fmt: skip
_LATER = ("known", "inspected", "xpcc")  # of tests made before they were kept there are none
_KINDS = {"VARCHAR": _TEXT, "FLOAT": _REAL, "INTEGER": _INT, "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "TEXT": _TEXT}


@dataclass(frozen=True)
class Run:
    """A test as a reader may know it: `headline` and `started` hold the clusters that lie wholly in his scope, `elsewhere`
    says whether there are other headlines. `subjects` are those under the city, `xpcc` those beside them."""

    domain: str
    measure: str
    layer: str
    period: str
    on_day: date
    since: date | None
    at: Any
    subjects: int
    unplaced: int
    observed: float
    hot: int
    spread: float | None
    parameters: Mapping[str, Any]
    headline: tuple[Mapping[str, Any], ...]
    elsewhere: bool
    started: tuple[Mapping[str, Any], ...] = ()
    xpcc: int = 0


# --- a test --------------------------------------------------------------------------------------------------------


def listed(store: Store, domain: str, datasets: Sequence[str]) -> pd.DataFrame:
    """The subjects of a domain's lists, one row each: subject_id, lng, lat, located, report_unit, division_code,
    street_code ("" where unknown), jurisdiction and the rank of the worst level of each."""
    statement = (
        select(*(_subject.c[n] for n in _SUBJECT), _level.c["rank"])
        .join(
            _level,
            and_(_level.c.subject_id == _subject.c.subject_id, _level.c.domain == domain, _level.c.indicator == "*"),
        )
        .where(_subject.c.dataset.in_(datasets))
        .order_by(_subject.c.subject_id, _subject.c.dataset)
    )
    with engine.reading(store._engine) as connection:
        found = bulk.read(connection, statement, {**_SUBJECT, "rank": _INT}).to_pandas()
    texts = {n: found[n].fillna("") for n in ("located", "report_unit", "division_code", "street_code", "jurisdiction")}
    return found.assign(**texts).drop_duplicates("subject_id", ignore_index=True)


def counted(store: Store, domain: str, since: date, until: date) -> pd.DataFrame:
    """What is counted of a domain's subjects from one day to another: subject_id, measure, day, n; none without cases."""
    names = {"subject_id": _TEXT, "measure": _TEXT, "day": pa.date32(), "n": _INT}
    statement = select(*(_count.c[n] for n in names)).where(
        _count.c.domain == domain, _count.c.day >= since, _count.c.day <= until, _count.c.n > 0
    )
    with engine.reading(store._engine) as connection:
        return bulk.read(connection, statement, names).to_pandas(date_as_object=False)


def reporting(store: Store, domain: str, since: date, until: date) -> set[tuple[str, str]]:
    """Which (measure, reporting unit) have any report in that time, counted or not."""
    statement = (
        select(_by_place.c.measure, _by_place.c.report_unit)
        .where(_by_place.c.domain == domain, _by_place.c.day >= since, _by_place.c.day <= until)
        .distinct()
    )
    with engine.reading(store._engine) as connection:
        return {(m, u) for m, u in connection.execute(statement)}


def visited(store: Store, until: date) -> set[str]:
    """The subjects with a visit in the twelve months that end with that of `until`."""
    months = [f"{m:%Y-%m}" for m in pd.period_range(end=pd.Period(until, "M"), periods=12)]
    statement = (
        select(_period.c.subject_id)
        .where(_period.c.domain == reform.NAME, _period.c.indicator == _VISITS, _period.c.period.in_(months))
        .where(_period.c.denominator > 0)
        .distinct()
    )
    with engine.reading(store._engine) as connection:
        return set(bulk.read(connection, statement, {"subject_id": _TEXT})["subject_id"].to_pylist())


def earlier(store: Store, domain: str, measure: str, layer: str, months: Sequence[str]) -> pd.DataFrame:
    """What tests of these months said of each place: period, place, hot, p."""
    names = {"period": _TEXT, "place": _TEXT, "hot": pa.bool_(), "p": _REAL}
    statement = select(*(_place.c[n] for n in names)).where(
        _place.c.domain == domain, _place.c.measure == measure, _place.c.layer == layer, _place.c.period.in_(months)
    )
    with engine.reading(store._engine) as connection:
        return bulk.read(connection, statement, names).to_pandas()


def months_kept(store: Store, domain: str, measure: str) -> set[str]:
    """The months of which a measure was tested."""
    statement = select(_run.c.period).where(_run.c.domain == domain, _run.c.measure == measure).distinct()
    with engine.reading(store._engine) as connection:
        return set(connection.scalars(statement))


def put(store: Store, run: Mapping[str, Any], places: pd.DataFrame) -> None:
    """Keeps a test in place of the one of the same key. `places`: the columns of HotPlace beside the key."""
    key = {n: run[n] for n in KEY}
    mine = {t: and_(*(t.c[n] == v for n, v in key.items())) for t in (_run, _place)}
    written = {n: json.dumps(run[n], ensure_ascii=False) for n in ("parameters", "headline", "started")}
    with engine.writing(store._engine) as connection:
        for table, condition in mine.items():
            connection.execute(delete(table).where(condition))
        connection.execute(_run.insert().values(**{**run, **written}, at=now()))
        if len(places):
            types = _types(_place)
            arrays = {n: pa.array(places[n].to_numpy(), types[n], from_pandas=True) for n in places.columns}
            bulk.insert(connection, _place, {**arrays, **key})


# --- reading -------------------------------------------------------------------------------------------------------


def runs(desk: Desk) -> list[Run]:
    """The tests there are, of the domains the person works in, the newest period first."""
    scope.demand(desk.person, "read")
    mine = _run.c.domain.in_(scope.domains_of(desk))
    statement = select(_run).where(mine).order_by(_run.c.domain, _run.c.measure, _run.c.layer, _run.c.period.desc())
    with desk._reading() as connection:
        rows = connection.execute(statement).mappings().all()
    return [_seen(desk, dict(row)) for row in rows]


def _seen(desk: Desk, row: dict[str, Any]) -> Run:
    """The test as the person may know it: a cluster that reaches into other units is named to those who see them all."""
    units = desk.person.units
    every, started = json.loads(row.pop("headline")), json.loads(row.pop("started") or "[]")
    mine, lately = (
        tuple(c for c in some if units is None or {p["report_unit"] for p in c["places"]} <= units)
        for some in (every, started)
    )
    told = {"parameters": json.loads(row["parameters"]), "xpcc": row["xpcc"] or 0}
    return Run(**{**row, **told}, headline=mine, elsewhere=len(mine) < len(every), started=lately)


def places(desk: Desk, domain: str, measure: str, layer: str, period: str) -> pd.DataFrame:
    """What a test found of the places in the person's scope: the columns of HotPlace beside the key."""
    scope.demand(desk.person, "read")
    types = {n: t for n, t in _types(_place).items() if n not in KEY}
    statement = (
        select(*(_place.c[n] for n in types))
        .where(
            _place.c.domain == domain, _place.c.measure == measure, _place.c.layer == layer, _place.c.period == period,
            scope.own(desk, _place),
        )
        .order_by(_place.c.place)
    )  # fmt: skip
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas()
    return found.assign(**{n: found[n].fillna(0).astype("int64") for n in _LATER})


def exported(desk: Desk, run: Run, form: str, unit: str | None = None) -> pd.DataFrame:
    """`places` of a test, to be taken out of the house in a form (geojson, gpkg, xlsx, png): all in scope, or those of a
    unit. The audit says who took out which."""
    found = places(desk, run.domain, run.measure, run.layer, run.period)
    if unit:
        found = found[found["report_unit"] == unit].reset_index(drop=True)
    with desk._writing() as connection:
        told = {"form": form, "unit": unit, "places": len(found), "made": run.at}
        on = "/".join(getattr(run, n) for n in KEY)
        append_audit(connection, desk.person.username, "hotspots.export", on, told)
    return found


@lru_cache
def _types(table: Table) -> Mapping[str, pa.DataType]:
    return {c.name: _KINDS[str(c.type)] for c in table.c if str(c.type) in _KINDS}
