"""The source of a move: closed to writers for as long as it is read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, Table
from sqlalchemy.exc import DBAPIError

from pilotwatch.domain import Text
from pilotwatch.store import engine as db
from pilotwatch.store import gate, whole
from pilotwatch.store.model import StoreRefused
from pilotwatch.workdays import now


class Source:
    """A store that takes no writes: its tables, and their rows in chunks.

    `unbroken`: it was closed for this move when an earlier run ended, and nobody has written since.
    """

    def __init__(self, engine: Engine, holder: str):
        self._engine, self.holder = engine, holder
        with db.writing(engine, guarded=False) as connection:
            self.unbroken = gate.close(connection, holder)
            self._until = now() + gate.LENGTH
        with whole.one_state(engine) as connection:
            self.tables = whole.tables(connection)

    def chunks(self, table: Table, after: Sequence[Any] | None = None) -> Iterator[pa.Table]:
        """The rows in the order of their key; the last chunk is one that isn't full, be it empty."""
        types, rows = whole.arrow(table), whole.ROWS
        with whole.one_state(self._engine) as connection:
            for chunk in whole.chunks(connection, table, types, after):
                rows = chunk.num_rows
                yield chunk
        if rows == whole.ROWS:
            yield pa.schema(types.items()).empty_table()

    def demand_closed(self) -> None:
        """Raises StoreRefused where writers may have been let in."""
        if now() >= self._until:
            raise StoreRefused("lapsed", _LAPSED)

    def keep_closed(self) -> None:
        with db.writing(self._engine, guarded=False) as connection:
            if gate.keep(connection, self.holder):
                self._until = now() + gate.LENGTH

    def close_for_good(self) -> None:
        self.demand_closed()
        with db.writing(self._engine, guarded=False) as connection:
            if not gate.close(connection, self.holder, None):
                raise StoreRefused("lapsed", _LAPSED)

    def open_again(self) -> None:
        """Takes writes again, unless it is closed for good."""
        with db.writing(self._engine, guarded=False) as connection:
            gate.open_again(connection, self.holder)


@contextmanager
def closed(engine: Engine, holder: str) -> Iterator[Source]:
    """Closes the store at the engine for the length of the block, and for good where the block says so."""
    source, ended = Source(engine, holder), threading.Event()

    def renew() -> None:
        while not ended.wait(gate.LENGTH.total_seconds() / 20):
            with suppress(DBAPIError):  # `demand_closed` notices when it can't be for too long
                source.keep_closed()

    keeper = threading.Thread(target=renew, name="move-keeper", daemon=True)
    keeper.start()
    try:
        yield source
    finally:
        ended.set()
        keeper.join()
        source.open_again()


_LAPSED = Text(
    "原库的写入锁定中断了，期间可能有人写入。请重新运行同一条命令：已复制的会先核对，变动的表重新复制。",
    "The source wasn't kept closed all the while, and somebody may have written. Run the same command again: what was "
    "copied is checked first, and tables that changed are copied anew.",
)
