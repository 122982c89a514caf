"""Work that only one process does at a time, whichever of several: it holds a lease, which runs out should it die."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.store import engine, gate
from pilotwatch.store.delivery_tables import Lease

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

_lease = Lease.__table__


def hold(store: Store, name: str, holder: str, at: datetime, length: timedelta) -> bool:
    """Takes or keeps a lease for so long; False while somebody else has it, and while the store is moved elsewhere.

    The clocks of the processes should agree to within a fraction of the length.
    """
    values = {"holder": holder, "until": at + length}
    free = or_(_lease.c.holder == holder, _lease.c.until <= at)
    with engine.writing(store._engine, guarded=False) as connection:
        if not gate.is_open(connection):
            return False
        if connection.execute(update(_lease).where(_lease.c.name == name, free).values(**values)).rowcount:
            return True
        dialect = postgresql if engine.is_postgres(connection) else sqlite
        first = dialect.insert(_lease).values(name=name, **values).on_conflict_do_nothing()
        return connection.scalar(first.returning(_lease.c.name)) is not None


def release(store: Store, name: str, holder: str, at: datetime) -> None:
    """Gives a lease back, so that the next one need not wait for its end."""
    with engine.writing(store._engine, guarded=False) as connection:
        mine = _lease.c.name == name, _lease.c.holder == holder
        connection.execute(update(_lease).where(*mine).values(until=at))
