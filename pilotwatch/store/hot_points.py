"""What lies behind the places of a test: the subjects as points, those of one place with what is wrong, its past.

Everything keeps to the person's scope: a place is told as a row of its reporting unit, a subject as a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, and_, func, select

from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.figure_tables import SubjectLevel
from pilotwatch.store.hotspot_tables import HotPlace
from pilotwatch.store.shelf.reads import with_listing
from pilotwatch.store.signal_tables import SubjectCount
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Warning_

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_subject, _level, _count = Subject.__table__, SubjectLevel.__table__, SubjectCount.__table__
_place, _warning = HotPlace.__table__, Warning_.__table__
_TEXT, _REAL, _INT = pa.string(), pa.float64(), pa.int64()


@dataclass(frozen=True)
class Where:
    """Which subjects of a domain: of a unit, of a street, in a box of degrees (west, south, east, north)."""

    domain: str
    unit: str | None = None
    street: str | None = None
    box: tuple[float, float, float, float] | None = None


def points(desk: Desk, where: Where) -> pd.DataFrame:
    """The subjects with a point of their own, one row each: subject_id, lng, lat, rank (of the worst level, 0 red to 5 no
    data), jurisdiction, street_code. In the order of their ids."""
    return _subjects(desk, where, located=True)


def members(desk: Desk, where: Where) -> pd.DataFrame:
    """All subjects, with or without a point: the columns of `points`."""
    return _subjects(desk, where, located=False)


def _subjects(desk: Desk, where: Where, *, located: bool) -> pd.DataFrame:
    scope.demand(desk.person, "read")
    types = {
        "subject_id": _TEXT, "lng": _REAL, "lat": _REAL, "jurisdiction": _TEXT, "street_code": _TEXT, "rank": _INT,
    }  # fmt: skip
    mine = and_(
        _level.c.subject_id == _subject.c.subject_id, _level.c.domain == where.domain, _level.c.indicator == "*"
    )
    lists = [n for n, domains in desk._store.owners.items() if domains is not None and where.domain in domains]
    statement = (
        select(*(_subject.c[n] for n in list(types)[:-1]), _level.c["rank"])
        .join(_level, mine)
        .where(_subject.c.dataset.in_(lists), scope.own(desk, _level), *_there(where, located=located))
        .order_by(_subject.c.subject_id, _subject.c.dataset)
    )
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas()
    return found.drop_duplicates("subject_id", ignore_index=True)


def _there(where: Where, *, located: bool) -> list[ColumnElement[bool]]:
    found = [_subject.c.located == "point"] if located else []
    if where.unit is not None:
        found.append(_subject.c.report_unit == where.unit)
    if where.street is not None:
        found.append(_subject.c.street_code == where.street)
    if where.box is not None:
        west, south, east, north = where.box
        found += [_subject.c.lng.between(west, east), _subject.c.lat.between(south, north)]
    return found


def wrong(desk: Desk, domain: str, subjects: Sequence[str]) -> pd.DataFrame:
    """What is red or orange of these subjects, the worst first: subject_id, domain, indicator, level, rank, since, value,
    name, code."""
    scope.demand(desk.person, "read")
    types = {
        "subject_id": _TEXT, "domain": _TEXT, "indicator": _TEXT, "level": _TEXT, "rank": _INT, "since": pa.date32(),
        "value": _REAL,
    }  # fmt: skip
    with desk._reading() as connection:
        statement = (
            select(*(_level.c[n] for n in types))
            .where(
                engine.among(connection, _level.c.subject_id, list(subjects)), _level.c.domain == domain,
                _level.c.indicator != "*", _level.c["rank"] <= 1, scope.own(desk, _level),
            )
            .order_by(_level.c["rank"], _level.c.since, _level.c.subject_id, _level.c.indicator)
        )  # fmt: skip
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
        return with_listing(desk, connection, found, ("name", "code"))


def happened(
    desk: Desk, domain: str, measure: str, since: date, until: date, subjects: Sequence[str] | None = None
) -> pd.DataFrame:
    """How often a count's thing happened to subjects from one day to another, the most first: subject_id, domain, n, name,
    code. Without `subjects`: to all in scope, without their names."""  # fmt: skip
    scope.demand(desk.person, "read")
    types = {"subject_id": _TEXT, "domain": _TEXT, "n": _INT}
    total = func.sum(_count.c.n).label("n")
    with desk._reading() as connection:
        among = [] if subjects is None else [engine.among(connection, _count.c.subject_id, list(subjects))]
        statement = (
            select(_count.c.subject_id, _count.c.domain, total)
            .where(
                _count.c.domain == domain, _count.c.measure == measure, _count.c.day.between(since, until), _count.c.n > 0,
                scope.own(desk, _count), *among,
            )
            .group_by(_count.c.subject_id, _count.c.domain)
            .order_by(total.desc(), _count.c.subject_id)
        )  # fmt: skip
        found = bulk.read(connection, statement, types).to_pandas()
        return found if subjects is None else with_listing(desk, connection, found, ("name", "code"))


def warned(desk: Desk, domain: str, subjects: Sequence[str]) -> pd.DataFrame:
    """The open warnings on these subjects, the worst first, those longest so before: subject_id, domain, number,
    indicator, level, opened_on, assignee, name, code."""
    scope.demand(desk.person, "read")
    types = {n: _TEXT for n in ("subject_id", "domain", "number", "indicator", "level")}
    types |= {"opened_on": pa.date32(), "assignee": _TEXT}
    with desk._reading() as connection:
        statement = (
            select(*(_warning.c[n] for n in types))
            .where(
                engine.among(connection, _warning.c.subject_id, list(subjects)), _warning.c.domain == domain,
                _warning.c.closed_at.is_(None), scope.own(desk, _warning),
            )
            .order_by(_warning.c["rank"], _warning.c.opened_on, _warning.c.number)
        )  # fmt: skip
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
        return with_listing(desk, connection, found, ("name", "code"))


def past(desk: Desk, domain: str, measure: str, layer: str, place: str) -> pd.DataFrame:
    """One place in every test that is kept, the oldest first: period, observed, expected, ratio, low, high, hot."""
    scope.demand(desk.person, "read")
    types = {"period": _TEXT, **{n: _REAL for n in ("observed", "expected", "ratio", "low", "high")}, "hot": pa.bool_()}
    statement = (
        select(*(_place.c[n] for n in types))
        .where(
            _place.c.domain == domain, _place.c.measure == measure, _place.c.layer == layer, _place.c.place == place,
            scope.own(desk, _place),
        )
        .order_by(_place.c.period)
    )  # fmt: skip
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()
