"""What a desk asks the database, and how the answer becomes a frame."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, Select, Table, select

from pilotwatch.domain import Record
from pilotwatch.identity import kind_of, subject_ids
from pilotwatch.store import scope
from pilotwatch.store.engine import Ids, among
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.records import PLACE
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

Where = Mapping[str, Any]
_AT_ONCE = 50_000  # values in one statement


def in_scope(connection: Connection, person: Person, table: Table, where: Where | None) -> list[ColumnElement[bool]]:
    """The current rows of a record's table that the person sees and asks for."""
    return [
        table.c.replaced_by.is_(None),
        scope.rows_of(person, table, Subject.__table__),
        *conditions(connection, table, where or {}),
    ]


def conditions(connection: Connection, table: Table, where: Where) -> Iterator[ColumnElement[bool]]:
    """Column → value, collection of values, None (is empty) or `slice(from, to)` (from ≤ value < to)."""
    for name, value in where.items():
        column = table.c[name]
        if value is None:
            yield column.is_(None)
        elif isinstance(value, slice):
            if value.start is not None:
                yield column >= value.start
            if value.stop is not None:
                yield column < value.stop
        elif isinstance(value, str | int | float | date | UUID):
            yield column == value
        elif all(isinstance(v, str) for v in value):
            yield among(connection, column, value)
        else:
            yield column.in_(list(value))


def known(
    connection: Connection, person: Person, record: type[Record], table: Table, values: Collection[str]
) -> set[str]:
    """Those of the values that are the key of a current row in the person's units."""
    key = record.key()
    field = key[0] if len(key) == 1 else record.spec.subject_fields[0]
    wanted = sorted(set(values))
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        asked = select(table.c[field]).where(*in_scope(connection, person, table, None))
        found |= set(connection.execute(asked.where(_of_key(connection, record, table, field, part))).scalars())
    return found & set(wanted)


def _of_key(
    connection: Connection, record: type[Record], table: Table, field: str, values: list[str]
) -> ColumnElement[bool]:
    """The rows whose `field` is among the values, by an index wherever there is one."""
    if field in record.spec.subject_fields:
        return among(connection, table.c.subject_id, subject_ids(kind_of(record, field), values).to_pylist())
    return among(connection, table.c.record_key if record.key() == (field,) else table.c[field], values)


def of_subjects(
    connection: Connection, statement: Select[Any], table: Table, subjects: Collection[Any] | None
) -> Select[Any]:
    """The statement for these subjects only; None: for all."""
    if subjects is None:
        return statement
    ids = subjects if isinstance(subjects, Ids) else [str(i) for i in subjects]
    return statement.where(among(connection, table.c.subject_id, ids))


def own_row(
    desk: Desk, connection: Connection, table: Table, subject_id: str, row_id: str, none: StoreRefused
) -> Mapping[str, Any]:  # fmt: skip
    """The one row of a subject, if the person may see it; one of somebody else is as good as none, and raises `none`."""
    mine = (table.c.subject_id == UUID(subject_id), table.c.id == UUID(row_id), scope.own(desk, table))
    row = connection.execute(select(table).where(*mine)).mappings().first()
    if row is None:
        raise none
    return row


def default_columns(record: type[Record]) -> list[str]:
    """What `Desk.frame` gives when it isn't told: the subject, the declared columns, the day and the place."""
    declared = [c.name for c in record.columns()]
    return ["subject_id", *declared, *(n for n in ("day", *PLACE) if n not in declared)]


def numbered(table: pa.Table, ids: pa.Array) -> pa.Table:
    """The table with the places of its subjects among the ids instead of their ids, if it has that column."""
    at = table.schema.get_field_index("subject_id")
    if at < 0:
        return table
    return table.set_column(at, "subject_id", pc.index_in(table["subject_id"], ids).cast(pa.int64()))


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table as a pandas frame whose types are those `Desk.frame` promises."""
    fields = [pa.field(f.name, pa.timestamp("s") if pa.types.is_date(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields)).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
