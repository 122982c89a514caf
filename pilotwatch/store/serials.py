"""Numbers of a series (YJ-PPC-20261123-00001): given once, to one; one that isn't used stays a gap."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.store import engine
from pilotwatch.store.warning_tables import Serial

_serial = Serial.__table__


def first_of(connection: Connection, name: str, count: int = 1) -> int:
    """The first of `count` numbers of a series that nobody else gets."""
    return firsts_of(connection, {name: count})[name]


def firsts_of(connection: Connection, counts: Mapping[str, int]) -> dict[str, int]:
    """The same for several series at once: series → how many, to series → the first."""
    if not counts:
        return {}
    rows = [{"name": series, "last": n} for series, n in sorted(counts.items())]  # locked in one order, always
    adding = (postgresql if engine.is_postgres(connection) else sqlite).insert(_serial)
    adding = adding.on_conflict_do_update(index_elements=["name"], set_={"last": _serial.c.last + adding.excluded.last})
    connection.execute(adding, rows)
    last = select(_serial.c.name, _serial.c.last).where(engine.among(connection, _serial.c.name, list(counts)))
    return {name: n - counts[name] + 1 for name, n in connection.execute(last)}
