"""Which units are pilots of what, as rows: who said so, when and why. None is ever changed.

What may be entered, and what is made of it, is the business of `pilotwatch.review`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from pilotwatch.identity import new_id
from pilotwatch.store import scope
from pilotwatch.store.pilot_tables import PilotEntry
from pilotwatch.store.registers import append_audit
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_entry = PilotEntry.__table__


@dataclass(frozen=True, slots=True)
class PilotSet:
    """An entry: the unit is a pilot of `domain` from `month` (2026-01) on; None: it is none. See PilotEntry."""

    domain: str
    report_unit: str
    month: str | None
    chosen: str | None = None
    reason: str = ""
    by: str = ""
    at: datetime | None = None


_COLUMNS = tuple(_entry.c[n] for n in PilotSet.__dataclass_fields__)


def pilot_entries(desk: Desk, domain: str | None = None) -> tuple[PilotSet, ...]:
    """The entries in the order they were made. Who is a pilot is no secret: whoever has a desk may read it."""
    statement = select(*_COLUMNS).order_by(_entry.c.at, _entry.c.id)
    if domain is not None:
        statement = statement.where(_entry.c.domain == domain)
    with desk._reading() as connection:
        return tuple(PilotSet(**row) for row in connection.execute(statement).mappings())


def add_pilots(desk: Desk, entries: Sequence[PilotSet], reason: str) -> None:
    """Adds the entries of one decision and tells the audit of each; raises StoreRefused without the right."""
    scope.demand(desk.person, "pilots")
    at = now()
    rows = [
        {"id": new_id(), "at": at, "by": desk.person.username, "domain": e.domain,
         "report_unit": e.report_unit, "month": e.month, "chosen": e.chosen, "reason": reason}
        for e in entries
    ]  # fmt: skip
    with desk._writing() as connection:
        connection.execute(_entry.insert(), rows)
        for row in rows:
            told = {n: row[n] for n in ("domain", "month", "chosen", "reason")}
            append_audit(connection, desk.person.username, "pilots.set", row["report_unit"], told)
