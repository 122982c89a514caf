"""Whether the store takes writes: not while it is moved elsewhere, and not after.

The whole store is a piece of work like any other that one process does alone: who moves it holds a lease of it, which runs
out should that process die. Every transaction that writes asks first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, column, delete, insert, select, table, update
from sqlmodel.sql.sqltypes import UTCDateTime

from pilotwatch.domain import Text
from pilotwatch.store.model import StoreRefused
from pilotwatch.workdays import now

STORE = "store"
LENGTH = timedelta(minutes=10)  # a mover that died gives the store back after so long
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)

_lease = table("lease", column("name"), column("holder"), column("until", UTCDateTime()))
_row = select(_lease.c.holder, _lease.c.until).where(_lease.c.name == STORE)


def demand_open(connection: Connection) -> None:
    """Raises StoreRefused while somebody moves the store, and once it was moved."""
    row = connection.execute(_row).first()
    if row and row.until > now():
        raise StoreRefused("moved", _MOVED) if row.until >= FOR_GOOD else StoreRefused("moving", _MOVING)


def is_open(connection: Connection) -> bool:
    row = connection.execute(_row).first()
    return row is None or row.until <= now()


def close(connection: Connection, holder: str, length: timedelta | None = LENGTH) -> bool:
    """Closes the store to all writers (None: for good); returns whether the holder had it closed all the while.

    Waits for those who write already: on PostgreSQL each has read this table, which holds it until he is done; on SQLite
    writers are alone. Raises StoreRefused where another move has it.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE lease IN ACCESS EXCLUSIVE MODE")
    row, at = connection.execute(_row).first(), now()
    running = row is not None and row.until > at
    if row and running and row.holder != holder:
        raise StoreRefused("moved", _MOVED) if row.until >= FOR_GOOD else StoreRefused("moving", _ANOTHER)
    until = at + length if length else FOR_GOOD
    if row and row.until >= FOR_GOOD and row.holder == holder:
        until = FOR_GOOD
    if row is None:
        connection.execute(insert(_lease).values(name=STORE, holder=holder, until=until))
    else:
        connection.execute(update(_lease).where(_lease.c.name == STORE).values(holder=holder, until=until))
    return running


def keep(connection: Connection, holder: str) -> bool:
    """Keeps the store closed for another while; False where that ran out, and others may have written."""
    mine = _lease.c.name == STORE, _lease.c.holder == holder, _lease.c.until > now()
    still = connection.execute(_row).first()
    if still and still.holder == holder and still.until >= FOR_GOOD:
        return True
    return bool(connection.execute(update(_lease).where(*mine).values(until=now() + LENGTH)).rowcount)


def open_again(connection: Connection, holder: str | None = None) -> bool:
    """Takes writes again; returns whether the store was closed. `holder`: only where he has it, and not for good."""
    mine = [_lease.c.name == STORE, _lease.c.until > now()]
    if holder is not None:
        mine += [_lease.c.holder == holder, _lease.c.until < FOR_GOOD]
    return bool(connection.execute(delete(_lease).where(*mine)).rowcount)


_MOVING = Text(
    "数据库正在迁移，期间可以查看，不能写入。本次操作没有入库任何数据，请稍后重试。",
    "The store is being moved: it can be read, but takes nothing new. Nothing of this was stored; try again later.",
)
_MOVED = Text(
    "本数据库已迁移到别处，不再接受写入，本次操作没有入库任何数据。请运维人员把 PILOTWATCH_DATABASE_URL 指向新库。",
    "This store was moved elsewhere and takes nothing new; nothing of this was stored. The operator points "
    "PILOTWATCH_DATABASE_URL at the new one (or takes the move back: pilotwatch move --abort).",
)
_ANOTHER = Text(
    "另一次迁移正在进行。请等它完成；如果它已中断，十分钟后可以重新开始，或先运行 pilotwatch move --abort。",
    "Another move is under way. Wait for its end; if it died, begin again after ten minutes, or run pilotwatch move --abort.",
)
