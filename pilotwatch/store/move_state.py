"""What a move notes at its target: which move it is, and of each table how many rows are there, up to which key, and their sums.

Two tables beside the store's own, there only while the move lasts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, Table, inspect, select, update
from sqlalchemy import Text as TextType
from sqlalchemy.schema import CreateTable, DropTable

from pilotwatch.domain import Text
from pilotwatch.store import whole
from pilotwatch.store.model import StoreRefused

_metadata = MetaData()
_move = Table("move_state", _metadata, Column("id", TextType, primary_key=True))
_table = Table(
    "move_table",
    _metadata,
    Column("name", TextType, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("last", TextType),  # JSON: the key of the last row that is there
    Column("days", TextType, nullable=False),  # JSON: day → [rows, sum]
    Column("done", Boolean, nullable=False),
)
_NONE = {"rows": 0, "last": None, "days": "{}", "done": False}

#: The day of a row, where a table has one: its sums are kept day by day.
_DAYS = ("day", "on_day")
_FROM_JSON: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat, "datetime": datetime.fromisoformat, "moment": datetime.fromisoformat,
}  # fmt: skip


@dataclass
class Sums:
    """Rows by day, and the sum of their hashes modulo 2⁶⁴: the same in whatever order they come ("" : no day)."""

    days: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(n for n, _ in self.days.values())

    def add(self, table: Table, chunk: pa.Table) -> None:
        each = whole.hashes(chunk)
        column = next((d for d in _DAYS if d in table.c and whole.kind(table.c[d].type) == "date"), None)
        if column is None:
            self._more("", len(each), int(each.sum(dtype=np.uint64)))
            return
        codes, days = pd.factorize(chunk[column].cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False))
        sums = np.zeros(len(days), np.uint64)
        np.add.at(sums, codes, each)
        for day, n, total in zip(days, np.bincount(codes, minlength=len(days)), sums, strict=True):
            self._more(str(day), int(n), int(total))

    def _more(self, day: str, rows: int, total: int) -> None:
        n, before = self.days.get(day, (0, 0))
        if rows:
            self.days[day] = n + rows, (before + total) % 2**64


@dataclass
class Progress:
    """How far one table is."""

    name: str
    rows: int
    last: list[Any] | None
    sums: Sums
    done: bool

    @classmethod
    def of(cls, connection: Connection, table: Table) -> Progress:
        row = connection.execute(select(_table).where(_table.c.name == table.name)).one()
        last = row.last and [
            _FROM_JSON.get(whole.kind(c.type), lambda v: v)(v)
            for c, v in zip(table.primary_key, json.loads(row.last), strict=True)
        ]
        days = {day: (n, total) for day, (n, total) in json.loads(row.days).items()}
        return cls(row.name, row.rows, last or None, Sums(days), row.done)

    @staticmethod
    def copied(connection: Connection) -> int:
        """How many rows of all tables are there."""
        return sum(connection.scalars(select(_table.c.rows)))

    def add(self, connection: Connection, table: Table, chunk: pa.Table) -> None:
        """Notes a chunk that is copied in the same transaction; raises StoreRefused where another run was faster."""
        before, self.rows = self.rows, self.rows + chunk.num_rows
        self.sums.add(table, chunk)
        if chunk.num_rows:
            self.last = whole.last_of(table, chunk)
        self.done = chunk.num_rows < whole.ROWS
        last = self.last and json.dumps(self.last, default=lambda v: v.isoformat())
        noted = {"rows": self.rows, "last": last, "days": json.dumps(self.sums.days), "done": self.done}
        mine = _table.c.name == self.name, _table.c.rows == before, _table.c.done.is_(False)
        if not connection.execute(update(_table).where(*mine).values(**noted)).rowcount:
            raise StoreRefused("moving", _ANOTHER)

    def forget(self, connection: Connection) -> None:
        """Nothing of the table is there any more."""
        connection.execute(update(_table).where(_table.c.name == self.name).values(**_NONE))

    def reopen(self, connection: Connection) -> None:
        """More rows may come behind the last."""
        connection.execute(update(_table).where(_table.c.name == self.name).values(done=False))


def found_id(connection: Connection) -> str | None:
    """The move that fills this database; None: none does."""
    return connection.scalar(select(_move.c.id)) if inspect(connection).has_table(_move.name) else None


def begin(connection: Connection, move_id: str) -> None:
    for table in (_move, _table):
        connection.execute(CreateTable(table))
    connection.execute(_move.insert().values(id=move_id))


def start(connection: Connection, name: str) -> None:
    """Notes a table that is to be filled, unless it is known."""
    if connection.scalar(select(_table.c.name).where(_table.c.name == name)) is None:
        connection.execute(_table.insert().values(name=name, **_NONE))


def end(connection: Connection) -> None:
    for table in (_move, _table):
        connection.execute(DropTable(table))


def sums_of(connection: Connection, table: Table) -> Sums:
    """The sums of all rows that a table has."""
    found = Sums()
    for chunk in whole.chunks(connection, table, whole.arrow(table)):
        found.add(table, chunk)
    return found


_ANOTHER = Text(
    "另一个进程正在做同一次迁移。请等它完成。",
    "Another process is at this move. Wait for its end.",
)
