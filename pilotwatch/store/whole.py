"""A store as a whole: all of its tables, whatever declares them, read in columns and made again elsewhere.

What a backup, a restore and a move have in common. It says nothing of either database: both read the same rows to the same
digests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Double,
    Engine,
    Float,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    literal,
    select,
    tuple_,
)
from sqlalchemy import Column as TableColumn
from sqlalchemy import Text as TextType
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine, Uuid
from sqlmodel.sql.sqltypes import UTCDateTime

from pilotwatch.domain import Text
from pilotwatch.store import bulk, scope
from pilotwatch.store import engine as db
from pilotwatch.store.metadata import metadata
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.records import PREFIX, STORAGE, may_be_null
from pilotwatch.store.tables import Dataset

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

#: Who is logged in, and who does what alone just now: not what a store holds.
LEFT_OUT = frozenset({"login_session", "login_attempt", "lease"})
ROWS = 50_000  # rows that are read, and lie in the file, together

#: What a column's type is called in a manifest → how it is stored, and how it lies in the file.
KINDS: dict[str, tuple[TypeEngine[Any], pa.DataType]] = {
    "uuid": (Uuid(as_uuid=False), pa.string()),
    "text": (TextType(), pa.string()),
    "integer": (BigInteger(), pa.int64()),
    "real": (Double(), pa.float64()),
    "number": (Numeric(18, 6), pa.float64()),
    "boolean": (Boolean(), pa.bool_()),
    "date": (Date(), pa.date32()),
    "datetime": (DateTime(), pa.timestamp("us")),
    "moment": (DateTime(timezone=True), pa.timestamp("us", "UTC")),
}
_TYPES = ((UTCDateTime, "moment"), (Uuid, "uuid"), (Boolean, "boolean"), (Date, "date"), (DateTime, "datetime"),
          (Integer, "integer"), (Float, "real"), (Double, "real"))  # fmt: skip


def store_of(desk: Desk, refused: Text) -> Store:
    """The store, for the house itself: whoever takes all of it is the operator at the machine; else StoreRefused, so told."""
    if desk.person.username != scope.SYSTEM.username:
        raise StoreRefused("not_allowed", refused)
    return desk._store


@contextmanager
def one_state(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the store as it is at its first look, whatever others write meanwhile."""
    with engine.connect() as connection:
        if db.is_postgres(connection):
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def tables(connection: Connection) -> list[Table]:
    """Every table of the store: the core's, those that others point to first, then the records', also of datasets whose
    domain isn't installed any more and with columns that no record declares any more."""
    plain = MetaData()
    core = [_shadow(plain, t) for t in metadata.sorted_tables if t.name not in LEFT_OUT]
    rows = connection.execute(select(Dataset.__table__.c.name, Dataset.__table__.c.columns).order_by("name")).all()
    records = [
        Table(
            PREFIX + name, plain,
            *(TableColumn(c, STORAGE[kept][0], primary_key=c in ("subject_id", "id")) for c, kept in json.loads(columns).items()),
            info={"stored": json.loads(columns)},
        )
        for name, columns in rows
    ]  # fmt: skip
    return [*core, *records]


def _shadow(plain: MetaData, table: Table) -> Table:
    """The table with the types that rows are read and written by, without defaults and keys to others."""
    return Table(
        table.name,
        plain,
        *(TableColumn(c.name, KINDS[kind(c.type)][0], primary_key=c.primary_key) for c in table.columns),
    )


def kind(type_: TypeEngine[Any]) -> str:
    if isinstance(type_, DateTime) and type_.timezone:
        return "moment"
    for known, called in _TYPES:
        if isinstance(type_, known):
            return called
    if isinstance(type_, Numeric):
        return "number"
    return "text"


def described(table: Table) -> dict[str, Any]:
    about = {"columns": {c.name: kind(c.type) for c in table.columns}, "key": [c.name for c in table.primary_key]}
    return about | ({"stored": table.info["stored"]} if "stored" in table.info else {})


def arrow(table: Table) -> dict[str, pa.DataType]:
    return {c.name: KINDS[kind(c.type)][1] for c in table.columns}


def chunks(
    connection: Connection, table: Table, types: Mapping[str, pa.DataType], after: Sequence[Any] | None = None,
    *, where: ColumnElement[bool] | None = None,
) -> Iterator[pa.Table]:  # fmt: skip
    """The rows in the order of their key, so many at a time; `after`: only those behind this key; `where`: only such."""
    key = list(table.primary_key)
    statement: Select[Any] = select(*(bulk.plain(c) for c in table.columns)).order_by(*key).limit(ROWS)
    statement = statement if where is None else statement.where(where)
    while True:
        chunk = bulk.read(connection, statement if after is None else statement.where(_behind(key, after)), types)
        if chunk.num_rows:
            yield chunk
        if chunk.num_rows < ROWS:
            return
        after = last_of(table, chunk)


def last_of(table: Table, chunk: pa.Table) -> list[Any]:
    """The key of the last row."""
    return [chunk[c.name][-1].as_py() for c in table.primary_key]


def _behind(key: Sequence[TableColumn[Any]], after: Sequence[Any]) -> Any:
    last = [literal(value, c.type) for value, c in zip(after, key, strict=True)]
    return tuple_(*key) > tuple_(*last) if len(key) > 1 else key[0] > last[0]


def digest_of(rows: pa.Table) -> int:
    """A number that the rows have in any order, and hardly any others: the sum of their hashes, modulo 2⁶⁴. It tells a row
    that got lost or altered on its way, not a forger; the file's own SHA-256 does that."""
    return int(hashes(rows).sum(dtype=np.uint64))


def hashes(rows: pa.Table) -> np.ndarray:
    """A number for each row, `uint64`: the same on either database."""
    total = np.zeros(rows.num_rows, np.uint64)
    with np.errstate(over="ignore"):
        for name in sorted(rows.column_names):
            column = rows[name]
            if pa.types.is_timestamp(column.type):
                column = column.cast(pa.int64())
            told = column.cast(pa.string()).fill_null("\0").to_numpy(zero_copy_only=False).astype(object)
            total = total * np.uint64(1099511628211) + pd.util.hash_array(told, categorize=False)
    return total


def make(connection: Connection, table: Table, stored: Mapping[str, str], declared: Table | None) -> None:
    """A record's table as it was (`stored`: its columns and how each is stored), with the indexes of the record where its
    domain is installed."""
    key = {c.name for c in table.primary_key}
    physical = Table(
        table.name,
        MetaData(),
        *(
            TableColumn(c, STORAGE[kept][0], primary_key=c in key, nullable=may_be_null(c))
            for c, kept in stored.items()
        ),
    )
    connection.execute(CreateTable(physical))
    for index in sorted(declared.indexes if declared is not None else (), key=lambda i: str(i.name)):
        if {c.name for c in index.columns} <= set(table.c.keys()):
            connection.execute(CreateIndex(index))
