"""The audit: who did what, when, to what. Uploads and withdrawals write their own line in their own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilotwatch.store import Person, Store
from pilotwatch.store.scope import demand


def record(
    store: Store, who: Person, act: str, on: str | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Adds a line for something that isn't stored otherwise: an export, a page of personal data."""
    with store.registers() as books:
        books.audit(who.username, act, on, details)


def audit_lines(
    store: Store, who: Person, *, limit: int = 200, username: str | None = None, act: str | None = None
) -> list[dict[str, Any]]:
    """The newest lines first: id, at (UTC), username, act, object, details. For an auditor; raises StoreRefused else."""
    demand(who, "audit")
    with store.registers(write=False) as books:
        return books.audit_lines(limit=limit, username=username, act=act)
