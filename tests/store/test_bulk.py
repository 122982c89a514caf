"""Rows go in and come out the same, however many a statement takes and however often a column repeats itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, MetaData, Table, Text, Uuid, select

from pilotwatch.identity import new_ids
from pilotwatch.store import bulk, engine

_KINDS = {
    "id": (Uuid(as_uuid=False), pa.string()), "level": (Text(), pa.string()), "note": (Text(), pa.string()),
    "day": (Date(), pa.date32()), "at": (DateTime(), pa.timestamp("s")), "n": (BigInteger(), pa.int64()),
    "value": (Double(), pa.float64()), "sure": (Boolean(), pa.bool_()), "domain": (Text(), pa.string()),
    "owner": (Uuid(as_uuid=False), pa.string()), "remark": (Text(), pa.string()),
}  # fmt: skip
_OWNER = "0193a000-0000-7000-8000-000000000001"


def _rows(count: int) -> dict[str, pa.Array]:
    """`count` rows: every third level and every seventh number is empty, notes are all different."""
    at = range(count)
    return {
        "id": new_ids(count),
        "level": pa.array([None if i % 3 == 0 else ("红", "it's; ?1")[i % 2] for i in at], pa.string()),
        "note": pa.array([f"第{i}行" for i in at], pa.string()),
        "day": pa.array([date(2026, 2, 1 + i % 28) for i in at], pa.date32()),
        "at": pa.array([datetime(2026, 1, 1, i % 24, tzinfo=UTC).replace(tzinfo=None) for i in at], pa.timestamp("s")),
        "n": pa.array([None if i % 7 == 0 else i for i in at], pa.int64()),
        "value": pa.array([i / 3 for i in at], pa.float64()),
        "sure": pa.array([i % 2 == 0 for i in at], pa.bool_()),
    }


@pytest.fixture
def connection(store_url):
    made = engine.create(store_url)
    with engine.writing(made, guarded=False) as connection:
        yield connection
    made.dispose()


@pytest.mark.parametrize("count", [1, 63, 64, 65, 400])  # 64 rows of 8 cells are one statement of SQLite
def test_what_was_put_in_is_read_back(connection, count):
    table = Table("bulk_trial", MetaData(), *(Column(n, kind) for n, (kind, _) in _KINDS.items()))
    table.create(connection)
    rows, same = _rows(count), {"domain": "成品油", "owner": _OWNER, "remark": None}
    bulk.insert(connection, table, {**rows, **same})
    read = bulk.read(connection, select(table).order_by(table.c.id), {n: kind for n, (_, kind) in _KINDS.items()})
    assert read.select(list(rows)).equals(pa.table(rows).sort_by("id"))
    assert {n: set(read[n].to_pylist()) for n in same} == {n: {v} for n, v in same.items()}
    table.drop(connection)


def test_rows_are_sent_in_the_order_that_is_asked_for(connection):
    table = Table("bulk_order", MetaData(), Column("place", BigInteger), Column("n", BigInteger))
    table.create(connection)
    sent = []
    n = pa.array(range(300), pa.int64())
    bulk.insert(connection, table, {"n": n}, sent.append, order=pa.array(range(299, -1, -1)))
    read = bulk.read(connection, select(table.c.n), {"n": pa.int64()})
    assert sent == [300]
    assert read["n"].to_pylist() == list(range(299, -1, -1))
    table.drop(connection)
