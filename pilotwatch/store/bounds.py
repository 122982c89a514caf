"""The bounds that the city sets, as rows: every setting is an entry with who, when and why, and none is ever changed.

What an entry may say, and what it makes of an indicator, is the business of `pilotwatch.bounds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, func, select

from pilotwatch.identity import new_id
from pilotwatch.store import scope
from pilotwatch.store.registers import append_audit
from pilotwatch.store.settings_tables import BoundEntry_
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_bound = BoundEntry_.__table__
VERSION = select(func.count()).select_from(_bound)  # grows with every entry

#: What a bound judges: each subject by its value, a place by its sums, or a period by what happened in it.
Judges = Literal["subject", "area", "period"]


@dataclass(frozen=True, slots=True)
class BoundEntry:
    """One level's bound set from a day on; `bound` is None where the declared one counts again.

    `version` is the first day of the rule version it changes as text, "" of one without a beginning; `before` is the
    bound that it took the place of.
    """

    domain: str
    indicator: str
    level: str
    bound: str | None
    before: str
    since: date
    judges: Judges = "subject"
    version: str = ""
    id: str = ""
    at: datetime | None = None
    by: str = ""
    reason: str = ""


_COLUMNS = tuple(_bound.c[n] for n in BoundEntry.__dataclass_fields__)


def bound_entries(desk: Desk, *, domain: str | None = None, indicator: str | None = None) -> tuple[BoundEntry, ...]:
    """The entries of a domain, of an indicator, or all, in the order they were made. Bounds are no secret: whoever has a
    desk may read them."""
    statement = select(*_COLUMNS).order_by(_bound.c.at, _bound.c.id)
    for column, value in ((_bound.c.domain, domain), (_bound.c.indicator, indicator)):
        statement = statement if value is None else statement.where(column == value)
    with desk._reading() as connection:
        rows = connection.execute(statement).mappings().all()
    return tuple(BoundEntry(**{**row, "id": str(row["id"])}) for row in rows)


def add_bounds(
    connection: Connection, person: scope.Person, entries: Sequence[BoundEntry], reason: str
) -> tuple[BoundEntry, ...]:
    """Adds the entries of one decision, in a transaction that is under way, and tells the audit of each."""
    scope.demand(person, "bounds")
    at = now()
    rows = [
        {n: getattr(e, n) for n in ("domain", "indicator", "level", "bound", "before", "since", "judges", "version")}
        | {"id": new_id(), "at": at, "by": person.username, "reason": reason}
        for e in entries
    ]
    connection.execute(_bound.insert(), rows)
    for row in rows:
        told = {n: row[n] for n in ("judges", "version", "level", "before", "bound", "since", "reason")}
        act = "bounds.reset" if row["bound"] is None else "bounds.set"
        append_audit(connection, person.username, act, row["indicator"], told)
    return tuple(BoundEntry(**{**row, "id": str(row["id"])}) for row in rows)
