"""Datasets as a whole: the lock that lets one change of a dataset at a time happen, and the version that counts them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, update

from pilotwatch.store.engine import is_postgres
from pilotwatch.store.tables import Dataset

_dataset = Dataset.__table__

#: Grows with every change of any dataset.
VERSION = select(func.coalesce(func.sum(_dataset.c.version), 0))


def lock(connection: Connection, datasets: Iterable[str]) -> None:
    """Makes any other change of these datasets wait; always in the same order, so that two never wait for each other."""
    if is_postgres(connection):  # SQLite's writers are alone since their BEGIN
        for name in sorted(datasets):
            connection.execute(select(_dataset.c.name).where(_dataset.c.name == name).with_for_update())


def advance(connection: Connection, datasets: Iterable[str]) -> None:
    """Gives the datasets their next version."""
    for name in sorted(datasets):
        connection.execute(update(_dataset).where(_dataset.c.name == name).values(version=_dataset.c.version + 1))


def versions(connection: Connection) -> dict[str, int]:
    """How often each dataset has changed."""
    return {name: version for name, version in connection.execute(select(_dataset.c.name, _dataset.c.version))}
