"""What is new among the warnings of a person's scope since a moment, and what nobody took on in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, case, func, or_, select

from pilotwatch.store import engine, scope
from pilotwatch.store.shelf.reads import _domains
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Warning_, WarningEvent
from pilotwatch.store.warnings import _frame

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_warning, _event, _subject = Warning_.__table__, WarningEvent.__table__, Subject.__table__

#: What happened → how its events are told apart from others.
_HAPPENED = {"opened": _event.c.act == "open", "risen": _event.c.act == "rise", "closed": _event.c.act.like("close:%")}


def changed(desk: Desk, since: datetime) -> dict[str, int]:
    """How many warnings were opened, have risen, and were closed after a moment; one that rose twice counts once."""
    scope.demand(desk.person, "read")
    happened = case(*((condition, name) for name, condition in _HAPPENED.items()))
    statement = (
        select(happened, func.count(_event.c.warning_id.distinct()))
        .join(_warning, and_(_warning.c.subject_id == _event.c.subject_id, _warning.c.id == _event.c.warning_id))
        .where(_event.c.at > since, or_(*_HAPPENED.values()), *_in_scope(desk))
        .group_by(happened)
    )
    with desk._reading() as connection:
        found = dict(connection.execute(statement).all())
    return {name: found.get(name, 0) for name in _HAPPENED}


def untouched(desk: Desk, by_level: Mapping[str, date], by_indicator: Mapping[str, Mapping[str, date]]) -> pd.DataFrame:
    """Open warnings that nobody took on or was given: level, indicator, warnings.

    `by_level`: those of a level that have stood since this day or longer. `by_indicator`: indicators that have days of
    their own, by level, instead.
    """
    scope.demand(desk.person, "read")
    c = _warning.c
    others = c.indicator.not_in(list(by_indicator))
    late = [and_(c.level == level, c.since <= day, others) for level, day in by_level.items()]
    late += [
        and_(c.indicator == code, c.level == level, c.since <= day)
        for code, days in by_indicator.items()
        for level, day in days.items()
    ]
    statement = (
        select(c.level, c.indicator, func.count())
        .where(c.closed_at.is_(None), c.eased.is_(False), c.acknowledged_at.is_(None), c.assignee.is_(None))
        .where(or_(*late), *_in_scope(desk))
        .group_by(c.level, c.indicator)
    )
    types = {"level": pa.string(), "indicator": pa.string(), "warnings": pa.int64()}
    with desk._reading() as connection:
        return _frame(connection, statement, types)


def names(connection: Connection, subject_ids: Sequence[str], datasets: Sequence[str]) -> dict[str, str]:
    """Subject → what people call it, by its lists among the datasets; its code where it has no name."""
    statement = select(_subject.c.subject_id, _subject.c.name, _subject.c.code).where(
        engine.among(connection, _subject.c.subject_id, list(subject_ids)), _subject.c.dataset.in_(list(datasets))
    )
    return {str(id_): name or code or "" for id_, name, code in connection.execute(statement)}


def _in_scope(desk: Desk) -> tuple:
    return scope.rows_of(desk.person, _warning), _warning.c.domain.in_(_domains(desk))
