"""The accounts of the demo city. They exist in a demo store only; a real store has no account that anybody knows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pilotwatch.access.accounts import add_account, person_of
from pilotwatch.access.passwords import hashed
from pilotwatch.settings import settings
from pilotwatch.store import Person, Store

#: What opens every demo account; the log-in page shows it, in a demo store only.
DEMO_PASSWORD = "shidian-2026-demo"  # noqa: S105 - public by intent, of synthetic data
_BOUNDS = ("units", "domains", "departments")


def create_demo_accounts(store: Store) -> list[Person]:
    """Makes the demo accounts of a demo store; those that are there already stay. Raises ValueError in any other store."""
    if not store.demo:
        raise ValueError("demo accounts are made in a demo store only")
    with store.registers(write=False) as books:
        there = {a["username"] for a in books.accounts()}
    kept = hashed(DEMO_PASSWORD)
    return [
        add_account(
            store, kept, username=row["username"], name=row["name"], role=row["role"], by="system", demo=True,
            **{bound: (row[bound] or "").split() or None for bound in _BOUNDS},
        )
        for row in _accounts(settings().data / "demo-accounts.csv")
        if row["username"] not in there
    ]  # fmt: skip


def _accounts(file: Path) -> Iterator[dict[str, str | None]]:
    """The rows of the file; units, domains and departments are divided by spaces, none means all."""
    with file.open(encoding="utf-8", newline="") as rows:
        yield from csv.DictReader(rows)


def demo_login(store: Store) -> tuple[list[Person], str] | None:
    """What the log-in page of a demo store shows: the demo accounts and their password; None in a real store."""
    if not store.demo:
        return None
    with store.registers(write=False) as books:
        return [person_of(a) for a in books.accounts() if a["demo"] and not a["disabled_at"]], DEMO_PASSWORD
