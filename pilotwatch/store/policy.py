"""What units say of the tasks of the policy, as rows: read in one's units, added for one's units, none ever changed.

What an entry may say, and what the entries of a task come to, is the business of `pilotwatch.review.policy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.policy_tables import PolicyEntry
from pilotwatch.store.registers import append_audit
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_entry = PolicyEntry.__table__


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """One entry; see PolicyEntry. `withdrawn`: a later entry takes it back, with its reason."""

    task: str
    report_unit: str
    kind: str
    day: date
    text: str
    document: str = ""
    id: str = ""
    at: datetime | None = None
    by: str = ""
    withdrawn: str | None = None


_COLUMNS = tuple(_entry.c[n] for n in ("id", "task", "report_unit", "kind", "day", "text", "document", "at", "by", "takes_back"))  # fmt: skip


def policy_entries(desk: Desk, *, task: str | None = None, unit: str | None = None) -> tuple[PolicySaid, ...]:
    """The entries in the person's units, in the order they were made, those taken back too."""
    statement = select(*_COLUMNS).where(scope.rows_of(desk.person, _entry)).order_by(_entry.c.at, _entry.c.id)
    for column, value in ((_entry.c.task, task), (_entry.c.report_unit, unit)):
        statement = statement if value is None else statement.where(column == value)
    with desk._reading() as connection:
        rows = connection.execute(statement).mappings().all()
    back = {row["takes_back"]: row["text"] for row in rows if row["takes_back"]}
    return tuple(
        PolicySaid(
            row["task"], row["report_unit"], row["kind"], row["day"], row["text"], row["document"], str(row["id"]), row["at"], row["by"],
            back.get(row["id"]),
        )
        for row in rows if not row["takes_back"]
    )  # fmt: skip


def add_policy_entries(desk: Desk, said: Sequence[PolicySaid]) -> None:
    """Adds entries, all or none, and tells the audit of each; raises StoreRefused without the right, or for a unit that
    isn't the person's."""
    for unit in {e.report_unit for e in said}:
        _mine(desk, unit)
    _add(desk, [{n: getattr(e, n) for n in ("task", "report_unit", "kind", "day", "text", "document")} for e in said])


def withdraw_policy_entry(desk: Desk, entry: PolicySaid, reason: str, on: date) -> None:
    """Takes an entry back; it stays to be seen, with the reason. Raises StoreRefused as `add_policy_entries` does."""
    _mine(desk, entry.report_unit)
    back = {"task": entry.task, "report_unit": entry.report_unit, "kind": "withdraw", "day": on, "text": reason}
    _add(desk, [back | {"takes_back": UUID(entry.id)}])


def _mine(desk: Desk, unit: str) -> None:
    scope.demand(desk.person, "approve")
    if desk.person.units is not None and unit not in desk.person.units:
        raise StoreRefused(
            "other_unit",
            Text("只能填报本单位的任务进展。", "Only the progress of your own unit can be told."),
        )


def _add(desk: Desk, values: Sequence[dict]) -> None:
    made = {"at": now(), "by": desk.person.username, "document": "", "takes_back": None}
    rows = [made | {"id": new_id()} | row for row in values]
    with desk._writing() as connection:
        connection.execute(_entry.insert(), rows)
        for row in rows:
            told = {n: row[n] for n in ("report_unit", "kind", "day", "document", "text")}
            append_audit(connection, desk.person.username, "policy.entry", row["task"], told)
