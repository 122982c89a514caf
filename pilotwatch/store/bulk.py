"""Many rows in and out, in columns: COPY on PostgreSQL, executemany and fetchmany on SQLite, Arrow on our side.

Ids are canonical text (36 characters) on our side, a native `uuid` in PostgreSQL and 32 hex digits in SQLite.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import Boolean, Connection, Date, DateTime, Double, Numeric, Select, Table, Text, cast, type_coerce
from sqlalchemy.types import TypeEngine, Uuid

from pilotwatch.identity import characters, dashed, undashed
from pilotwatch.store.engine import is_postgres

CHUNK = 10_000

Columns = Mapping[str, pa.Array | pa.Scalar | Any]


def insert(
    connection: Connection, table: Table, columns: Columns, told: Callable[[int], None] | None = None, *,
    order: pa.Array | None = None,
) -> None:  # fmt: skip
    """Adds rows, given as equally long Arrow arrays by column name; a value that is no array is that of every row.

    `told(n)` is called with the number of rows sent so far, after each chunk; what it raises ends the insert. `order`:
    indexes of the rows in the order to send them; that of the primary key spares its index.
    """
    given = {n: v for n, v in columns.items() if isinstance(v, pa.Array)}
    same = {n: v for n, v in columns.items() if n not in given}
    rows = len(next(iter(given.values())))
    arrays = {n: a for n, a in given.items() if a.null_count < rows}  # an empty column need not be sent
    send = _copy if is_postgres(connection) else _executemany
    for start in range(0, rows, CHUNK):
        if order is None:
            chunk = {n: a.slice(start, CHUNK) for n, a in arrays.items()}
        else:
            chunk = {n: a.take(order.slice(start, CHUNK)) for n, a in arrays.items()}
        send(connection, table, chunk, same)
        if told:
            told(min(start + CHUNK, rows))


def _copy(connection: Connection, table: Table, chunk: Mapping[str, pa.Array], same: Mapping[str, Any]) -> None:
    rows = len(next(iter(chunk.values())))
    whole = dict(chunk) | {
        n: pa.nulls(rows, pa.string()) if v is None else pa.repeat(pa.scalar(str(v)), rows) for n, v in same.items()
    }
    text = io.BytesIO()
    pyarrow.csv.write_csv(pa.table(whole), text, pyarrow.csv.WriteOptions(include_header=False))
    names = ", ".join(connection.dialect.identifier_preparer.quote(n) for n in whole)
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(text.getbuffer())


def _executemany(connection: Connection, table: Table, chunk: Mapping[str, pa.Array], same: Mapping[str, Any]) -> None:
    lists = [_for_sqlite(table.c[n].type, a) for n, a in chunk.items()]
    lists += [repeat(v.replace("-", "") if v and isinstance(table.c[n].type, Uuid) else v) for n, v in same.items()]
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(n) for n in (*chunk, *same))
    marks = ", ".join("?" * len(lists))
    cursor = connection.connection.cursor()
    cursor.executemany(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", zip(*lists, strict=False))  # noqa: S608
    cursor.close()


def _for_sqlite(kind: TypeEngine[Any], column: pa.Array) -> list[Any]:
    """The values as SQLAlchemy would store them in SQLite: ids as hex, days and times as ISO text."""
    if isinstance(kind, Uuid):
        column = undashed(column)
    elif isinstance(kind, Date):
        column = column.cast(pa.string())
    elif isinstance(kind, DateTime):
        column = column.cast(pa.timestamp("us")).cast(pa.string())
    if pa.types.is_floating(column.type) and column.null_count == 0:
        return column.to_numpy(zero_copy_only=False).tolist()
    return column.to_pylist()


def read(connection: Connection, statement: Select[Any], types: Mapping[str, pa.DataType]) -> pa.Table:
    """The rows of a select as an Arrow table; `types` names its columns, in order, and what they are to be."""
    return (_read_postgres if is_postgres(connection) else _read_sqlite)(connection, statement, types)


def _read_postgres(connection: Connection, statement: Select[Any], types: Mapping[str, pa.DataType]) -> pa.Table:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    processors = compiled._bind_processors
    values = {n: processors[n](v) if n in processors else v for n, v in compiled.params.items()}
    text = io.BytesIO()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT csv)", values) as copy,
    ):
        for block in copy:
            text.write(block)
    if not text.tell():
        return pa.table({n: pa.array([], t) for n, t in types.items()})
    text.seek(0)
    return whole(pyarrow.csv.read_csv(
        text,
        pyarrow.csv.ReadOptions(column_names=list(types)),
        pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pyarrow.csv.ConvertOptions(
            column_types=dict(types), null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    ))  # fmt: skip


def whole(table: pa.Table) -> pa.Table:
    """The table in one piece; one without rows has a piece, too, or pandas can't join its columns."""
    return table.combine_chunks() if table.num_rows else table.schema.empty_table()


def _read_sqlite(connection: Connection, statement: Select[Any], types: Mapping[str, pa.DataType]) -> pa.Table:
    kinds = [c.type for c in statement.selected_columns]
    # the driver's own values, with no conversion per cell; Arrow converts whole columns
    raw = statement.with_only_columns(
        *(type_coerce(c, Text) for c in statement.selected_columns), maintain_column_froms=True
    )
    cursor = connection.execute(raw).cursor
    batches = []
    while rows := cursor.fetchmany(CHUNK):
        columns = [
            _from_sqlite(k, v, t) for k, v, t in zip(kinds, zip(*rows, strict=True), types.values(), strict=True)
        ]
        batches.append(pa.RecordBatch.from_arrays(columns, names=list(types)))
    return whole(pa.Table.from_batches(batches, pa.schema(types.items())))


def _from_sqlite(kind: TypeEngine[Any], values: tuple[Any, ...], wanted: pa.DataType) -> pa.Array:
    if isinstance(kind, Uuid):
        return _dashed(pa.array(values, pa.string()))
    if isinstance(kind, Date | DateTime):
        return (
            pa.array(values, pa.string())
            .cast(pa.timestamp("us") if isinstance(kind, DateTime) else wanted)
            .cast(wanted)
        )
    if isinstance(kind, Boolean):
        return pa.array(values, pa.int8()).cast(wanted)
    return pa.array(values, wanted)


def _dashed(hexes: pa.StringArray) -> pa.StringArray:
    """Canonical text of ids stored as 32 hex digits; null stays null."""
    filled = hexes.drop_null()
    if not len(filled):
        return hexes
    text = dashed(characters(filled, 32))
    if not hexes.null_count:
        return text
    positions = np.cumsum(hexes.is_valid().to_numpy(zero_copy_only=False)) - 1
    return text.take(pa.array(positions, mask=hexes.is_null().to_numpy(zero_copy_only=False)))


def plain(column: Any) -> Any:
    """A column as a select for `read` should have it: exact numbers as doubles, so that no Decimal is made per cell."""
    return (
        cast(column, Double).label(column.name)
        if isinstance(column.type, Numeric) and not isinstance(column.type, Double)
        else column
    )
