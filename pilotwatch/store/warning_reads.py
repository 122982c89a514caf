"""Warnings as people look at them: which ones, in which order, how many, and what happened to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, false, func, or_, select

from pilotwatch.domain import Text as Words
from pilotwatch.store import bulk, queries, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.shelf.reads import with_listing
from pilotwatch.store.warning_tables import Warning_, WarningEvent
from pilotwatch.workdays import today

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_warning, _event = Warning_.__table__, WarningEvent.__table__
_w = _warning.c
_TEXT, _DAY = pa.string(), pa.date32()


# --- which -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """When a warning of some indicators, at one level or (None) at any, is late: raised before `late`, and nobody acted.

    Raised before `near` and not before `late`, it is nearly due. See `pilotwatch.warnings.due`.
    """

    indicators: tuple[str, ...]
    level: str | None
    late: datetime
    near: datetime


@dataclass(frozen=True)
class Filter:
    """Which warnings: `closed` too or only open ones; the rest narrow where they are given. `state`: a key of STATES;
    `late` and `near` ask `clocks`."""

    domain: str | None = None
    indicator: str | None = None
    level: str | None = None
    report_unit: str | None = None
    street_code: str | None = None
    subject_id: str | None = None
    number: str | None = None
    mine: bool = False  # assigned to the person
    closed: bool = False
    state: str | None = None
    clocks: tuple[Clock, ...] = ()

    def conditions(self, desk: Desk) -> list[Any]:
        wanted = [
            (_w.domain, self.domain), (_w.indicator, self.indicator), (_w.level, self.level), (_w.number, self.number),
            (_w.report_unit, self.report_unit), (_w.street_code, self.street_code),
        ]  # fmt: skip
        found = [column == value for column, value in wanted if value is not None]
        if self.mine:
            found.append(_w.assignee.in_([desk.person.username, desk.person.name]))
        if self.subject_id is not None:
            found.append(_w.subject_id == UUID(self.subject_id))
        if self.state is not None:
            found.append(STATES[self.state](self))
        if not self.closed and self.state != "closed":
            found.append(_w.closed_at.is_(None))
        return [*found, scope.own(desk, _warning)]


def _past(which: str) -> Callable[[Filter], ColumnElement[bool]]:
    """Raised so long ago that its first action is late, or nearly due, and nobody has acted."""

    def condition(wanted: Filter) -> ColumnElement[bool]:
        parts = [
            and_(
                _w.indicator.in_(clock.indicators),
                *([] if clock.level is None else [_w.level == clock.level]),
                _w.opened_at < getattr(clock, which),
            )
            for clock in wanted.clocks
        ]
        return and_(_w.acted_at.is_(None), or_(false(), *parts))

    return condition


_late, _near = _past("late"), _past("near")

#: What a warning can be asked to be, beside open: how it stands with those who have to act.
STATES: dict[str, Callable[[Filter], ColumnElement[bool]]] = {
    "untaken": lambda _: _w.acted_at.is_(None),
    "taken": lambda _: _w.acted_at.is_not(None),
    "near": lambda wanted: and_(_near(wanted), ~_late(wanted)),
    "late": _late,
    "eased": lambda _: _w.eased,
    "closed": lambda _: _w.closed_at.is_not(None),
}


# --- in which order ----------------------------------------------------------------------------------------------

LISTED = {
    "subject_id": _TEXT, "id": _TEXT, "number": _TEXT, "domain": _TEXT, "indicator": _TEXT, "level": _TEXT,
    "rank": pa.int64(), "value": pa.float64(), "opened_on": _DAY, "since": _DAY, "on_day": _DAY, "eased": pa.bool_(),
    "owner": _TEXT, "assignee": _TEXT, "acknowledged_by": _TEXT, "closed_on": _DAY, "closed_by": _TEXT, "verdict": _TEXT,
    "report_unit": _TEXT, "division_code": _TEXT, "street_code": _TEXT,
}  # fmt: skip
_MOMENTS = ("opened_at", "acted_at")


def _orders(wanted: Filter, together: ColumnElement[int]) -> dict[str, tuple[Any, ...]]:
    """By what the list is sorted; `matter`, the default, is what the first screen shows."""
    urgency = case((_late(wanted), 0), (_near(wanted), 1), (_w.acted_at.is_(None), 2), else_=3)
    return {
        "matter": (_w.eased, _w["rank"], together.desc(), _w.since, _w.number),
        "due": (urgency, _w["rank"], _w.opened_at, _w.number),
        "old": (_w.since, _w["rank"], _w.number),
        "new": (_w.opened_on.desc(), _w["rank"], _w.number),
    }


ORDERS = ("matter", "due", "old", "new")


def listed(desk: Desk, wanted: Filter | None = None, *, order: str = "matter", limit: int = 200) -> pd.DataFrame:
    """Warnings in the person's scope, what matters most first: the level, then subjects with several open warnings,
    then those longest so; or in another of ORDERS. Columns: those of the warning, `opened_at` and `acted_at` in UTC, and
    the subject's `name`, `code`, and `together` (how many open warnings it has in the domain)."""
    scope.demand(desk.person, "read")
    wanted = wanted or Filter()
    other = _warning.alias("other")
    together = (
        select(func.count())
        .where(other.c.subject_id == _w.subject_id, other.c.domain == _w.domain, other.c.closed_at.is_(None))
        .scalar_subquery()
        .label("together")
    )
    moments = (cast(_w[n], Text).label(n) for n in _MOMENTS)
    statement = (
        select(*(_w[n] for n in LISTED), *moments, together)
        .where(*wanted.conditions(desk))
        .order_by(*_orders(wanted, together)[order])
        .limit(limit)
    )
    types = {**LISTED, **dict.fromkeys(_MOMENTS, _TEXT), "together": pa.int64()}
    with desk._reading() as connection:
        found = with_listing(desk, connection, frame(connection, statement, types), ("name", "code"))
    return found.assign(**{n: pd.to_datetime(found[n], utc=True, format="ISO8601") for n in _MOMENTS})


def counted(desk: Desk, wanted: Filter | None = None, *, on: date | None = None) -> pd.DataFrame:
    """How many warnings: domain, indicator, report_unit, level, eased, warnings; of them `new` were opened `on` that day
    (default: today), `unseen` nobody has taken on, and of these `near` and `late` are by the clocks of the filter."""
    scope.demand(desk.person, "read")
    wanted = wanted or Filter()
    types = {n: LISTED[n] for n in ("domain", "indicator", "report_unit", "level", "eased")}
    key = [_w[n] for n in types]
    are = {
        "new": _w.opened_on == (on or today()), "unseen": _w.acknowledged_at.is_(None),
        "near": STATES["near"](wanted), "late": STATES["late"](wanted),
    }  # fmt: skip
    sums = [func.count().label("warnings"), *(func.sum(case((c, 1), else_=0)).label(n) for n, c in are.items())]
    statement = select(*key, *sums).where(*wanted.conditions(desk)).group_by(*key)
    with desk._reading() as connection:
        return frame(connection, statement, {**types, **{c.name: pa.int64() for c in sums}})


def touched(desk: Desk, wanted: Filter) -> tuple[int, int]:
    """How many open warnings a filter means, and on how many subjects: what is said before all of them are acted on."""
    scope.demand(desk.person, "handle")
    open_ = replace(wanted, closed=False)
    counts = (func.count(), func.count(_w.subject_id.distinct()))
    with desk._reading() as connection:
        found = connection.execute(select(*counts).where(*open_.conditions(desk), _w.closed_at.is_(None))).one()
    return int(found[0]), int(found[1])


def history(desk: Desk, subject_id: str, warning_id: str) -> pd.DataFrame:
    """What happened to a warning, oldest first: at, by, act, level_before, level, value, note."""
    names = ("at", "by", "act", "level_before", "level", "value", "note")
    with desk._reading() as connection:
        own(desk, connection, subject_id, warning_id)
        statement = (
            select(*(_event.c[n] for n in names))
            .where(_event.c.subject_id == UUID(subject_id), _event.c.warning_id == UUID(warning_id))
            .order_by(_event.c.id)
        )
        return pd.DataFrame(connection.execute(statement).all(), columns=list(names))


def own(desk: Desk, connection: Connection, subject_id: str, warning_id: str) -> Mapping[str, Any]:
    """The warning's row, if the person may see it; one of somebody else is as good as none."""
    return queries.own_row(desk, connection, _warning, subject_id, warning_id, StoreRefused("no_warning", _NO_WARNING))


def frame(connection: Connection, statement: Any, types: Mapping[str, pa.DataType]) -> pd.DataFrame:
    return bulk.read(connection, statement, types).to_pandas(date_as_object=False)


_NO_WARNING = Words("没有这条预警，或不在您的权限范围内。", "There is no such warning, or it is not in your scope.")

__all__ = [
    "LISTED", "ORDERS", "STATES", "Clock", "Filter", "counted", "frame", "history", "listed", "own", "touched",
]  # fmt: skip
