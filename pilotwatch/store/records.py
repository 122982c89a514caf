"""From a record class to its table: the declared columns, typed, and the columns the core adds to every record.

A table only ever grows: a new field is a new column, empty in older rows; a field that is gone keeps its column. So
declared columns may be null here, whatever the record demands of a new row (the intake sees to that).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import Column as TableColumn
from sqlalchemy.types import TypeEngine

from pilotwatch.domain import Column, ContractError, Kind, Record

PREFIX = "rec_"

#: Storage class → (SQL type, Arrow type). What decides whether a stored column still fits its field.
#: A `datetime` is the wall-clock time the file states (Beijing); the core's own moments are UTC.
STORAGE: dict[str, tuple[TypeEngine[Any], pa.DataType]] = {
    "text": (Text(), pa.string()),
    "integer": (BigInteger(), pa.int64()),
    "real": (Double(), pa.float64()),
    "money": (Numeric(18, 2), pa.float64()),
    "volume": (Numeric(18, 3), pa.float64()),
    "decimal": (Numeric(18, 6), pa.float64()),
    "boolean": (Boolean(), pa.bool_()),
    "date": (Date(), pa.date32()),
    "datetime": (DateTime(), pa.timestamp("s")),
    "uuid": (Uuid(as_uuid=False), pa.string()),
    "row": (Integer(), pa.int64()),
}
#: Places after the point that a storage class keeps.
SCALE = {"money": 2, "volume": 3, "decimal": 6}

_STORED_AS: dict[Kind, str] = {
    "integer": "integer", "real": "real", "lng": "real", "lat": "real", "boolean": "boolean", "date": "date",
    "datetime": "datetime",
}  # fmt: skip
_DECIMAL_OF_UNIT = {"yuan": "money", "L": "volume"}

#: What the core knows of every row. The declared fields of the same name (a day, a division, a point) are these.
PLACE = {
    "division_code": "text", "street_code": "text", "report_unit": "text", "zone": "text", "jurisdiction": "text",
    "lng": "real", "lat": "real", "located": "text",
}  # fmt: skip
RAW = {"lng_raw": "text", "lat_raw": "text", "crs_raw": "text"}
_IDENTITY = {
    "subject_id": "uuid", "id": "uuid", "batch_id": "uuid", "sheet": "text", "source_row": "row", "record_key": "text",
    "content_hash": "integer", "replaced_by": "uuid",
}  # fmt: skip
CORE = {**_IDENTITY, "day": "date", **PLACE, **RAW, "extra": "text"}
_RESERVED = {*_IDENTITY, "located", "extra", *RAW}
_MAY_BE_NULL = {"sheet", "replaced_by", "day", "extra", *PLACE, *RAW}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def storage(column: Column) -> str:
    """The storage class of a declared column."""
    if column.kind == "decimal":
        return _DECIMAL_OF_UNIT.get(column.unit or "", "decimal")
    return _STORED_AS.get(column.kind, "text")


def layout(record: type[Record]) -> dict[str, str]:
    """Every column of the record's table, with its storage class; raises ContractError where a name can't be had."""
    where = record.spec.dataset
    if not _NAME.fullmatch(where):
        raise ContractError(f"{where}: a dataset is named in up to 40 small letters, digits and _")
    columns = dict(CORE)
    for c in record.columns():
        if c.name in _RESERVED or not _NAME.fullmatch(c.name):
            raise ContractError(
                f"{where}.{c.name}: this name is the core's own or has other than small letters, digits and _"
            )
        kept = columns.setdefault(c.name, storage(c))
        if kept != storage(c):
            raise ContractError(f"{where}.{c.name}: every record has it, as {kept}, not as {c.kind}")
    return columns


def table_of(record: type[Record], metadata: MetaData) -> Table:
    """The table of a record class, with its keys and indexes.

    A version that is replaced, or withdrawn, has `replaced_by`; most questions are about the others, so the indexes
    that serve them leave it out.
    """
    name = PREFIX + record.spec.dataset
    table = Table(
        name,
        metadata,
        *(
            TableColumn(c, STORAGE[kept][0], primary_key=c in ("subject_id", "id"), nullable=may_be_null(c))
            for c, kept in layout(record).items()
        ),
        info={"placement": "distributed", "record": record},
    )
    current, past = table.c.replaced_by.is_(None), table.c.replaced_by.is_not(None)
    for suffix, columns, rows in (
        ("batch", ("batch_id",), None),
        ("replaced", ("replaced_by",), past),
        ("key", ("record_key",), current),
        ("place", ("division_code", "day"), current),
    ):
        Index(f"ix_{name}_{suffix}", *(table.c[c] for c in columns), sqlite_where=rows, postgresql_where=rows)
    return table


def may_be_null(column: str) -> bool:
    """Whether a column of a record's table may be empty: all but those that the core itself fills in every row."""
    return column not in CORE or column in _MAY_BE_NULL


def tables_of(records: Iterable[type[Record]]) -> dict[str, Table]:
    """Dataset name → table, of all records together."""
    metadata = MetaData()
    return {r.spec.dataset: table_of(r, metadata) for r in records}
