"""What is new among the warnings of a person's scope since a moment, and what their subjects are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, case, func, or_, select

from pilotwatch.store import engine, scope
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Warning_, WarningEvent

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
        .where(_event.c.at > since, or_(*_HAPPENED.values()), scope.own(desk, _warning))
        .group_by(happened)
    )
    with desk._reading() as connection:
        found = dict(connection.execute(statement).all())
    return {name: found.get(name, 0) for name in _HAPPENED}


def names(connection: Connection, subject_ids: Sequence[str], datasets: Sequence[str]) -> dict[str, str]:
    """Subject → what people call it, by its lists among the datasets; its code where it has no name."""
    statement = select(_subject.c.subject_id, _subject.c.name, _subject.c.code).where(
        engine.among(connection, _subject.c.subject_id, list(subject_ids)), _subject.c.dataset.in_(list(datasets))
    )
    return {str(id_): name or code or "" for id_, name, code in connection.execute(statement)}
