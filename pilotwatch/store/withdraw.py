"""Withdrawing a batch: what counts afterwards is what there would be had the batch never come.

What it had stated stays as withdrawn versions, so that a look back to a day on which it stood finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, delete, select, update

from pilotwatch.domain import Record
from pilotwatch.identity import new_ids
from pilotwatch.store import bulk
from pilotwatch.store.engine import among_pairs
from pilotwatch.store.records import STORAGE, layout
from pilotwatch.store.rows import distinct
from pilotwatch.store.subjects import relist_subjects
from pilotwatch.store.tables import Confirmation
from pilotwatch.store.versions import set_replaced

_confirmation = Confirmation.__table__
_AT_ONCE = 50_000  # rows read and added together


def withdraw(connection: Connection, batch: str, record: type[Record], table: Table) -> np.ndarray:
    """Takes the batch's rows out of one dataset as if it had never been; returns the touched subjects.

    Each of its versions leaves the chain of its key: a row another batch confirmed goes to that batch; of the others,
    what they replaced is now replaced by what replaced them, or current again.
    """
    dataset = record.spec.dataset
    chain = {"id": pa.string(), "subject_id": pa.string(), "record_key": pa.string(), "replaced_by": pa.string()}
    mine = _chain(connection, table, chain, table.c.batch_id == batch, table.c.replaced_by.is_distinct_from(batch))
    older = _chain(connection, table, chain, table.c.replaced_by == batch, table.c.batch_id != batch)

    heirs = _heirs(connection, batch, table, dataset)
    heir = heirs["batch_id"].combine_chunks().take(pc.index_in(mine["id"], heirs["row_id"]).combine_chunks())
    _leave_behind(connection, batch, record, table, mine.filter(pc.is_valid(heir)))
    for new_owner in pc.unique(heir).drop_null().to_pylist():
        _give(connection, table, dataset, mine.filter(pc.equal(heir, new_owner)), new_owner)

    # what the older versions are replaced by from now on
    at = pc.index_in(older["record_key"], mine["record_key"]).combine_chunks()
    successor = pc.coalesce(heir, mine["replaced_by"].combine_chunks()).take(at)
    for after in pc.unique(successor).to_pylist():
        theirs = pc.is_null(successor) if after is None else pc.equal(successor, after)
        set_replaced(connection, table, older.filter(pc.fill_null(theirs, False)), after)

    gone = mine.filter(pc.is_null(heir))
    set_replaced(connection, table, gone, batch)
    connection.execute(
        delete(_confirmation).where(_confirmation.c.batch_id == UUID(batch), _confirmation.c.dataset == dataset)
    )
    touched = distinct(gone["subject_id"], older["subject_id"])
    relist_subjects(connection, record, table, touched)
    return touched


def _chain(
    connection: Connection, table: Table, columns: Mapping[str, pa.DataType], *where: ColumnElement[bool]
) -> pa.Table:
    return bulk.read(connection, select(*(table.c[n] for n in columns)).where(*where), columns)


def _heirs(connection: Connection, batch: str, table: Table, dataset: str) -> pa.Table:
    """For the batch's rows that others confirmed: the earliest of those batches (ids are in the order of time)."""
    c = _confirmation.c
    confirmed = bulk.read(
        connection,
        select(c.row_id, c.batch_id)
        .join(table, (table.c.subject_id == c.subject_id) & (table.c.id == c.row_id))
        .where(table.c.batch_id == batch, c.dataset == dataset),
        {"row_id": pa.string(), "batch_id": pa.string()},
    )
    return confirmed.group_by("row_id").aggregate([("batch_id", "min")]).rename_columns({"batch_id_min": "batch_id"})


def _leave_behind(connection: Connection, batch: str, record: type[Record], table: Table, rows: pa.Table) -> None:
    """Adds what the batch had stated of rows that go to others, as withdrawn versions of it: a look back to a day between
    its arrival and theirs finds them."""
    kept = {n: STORAGE[storage][1] for n, storage in layout(record).items()}
    for start in range(0, len(rows), _AT_ONCE):
        subjects, ids = (rows[n].slice(start, _AT_ONCE).to_pylist() for n in ("subject_id", "id"))
        these = among_pairs(connection, table.c.subject_id, table.c.id, subjects, ids)
        stated = bulk.read(connection, select(*(bulk.plain(table.c[n]) for n in kept)).where(these), kept)
        columns = {n: stated[n].combine_chunks() for n in kept}
        bulk.insert(connection, table, {**columns, "id": new_ids(stated.num_rows), "replaced_by": batch})


def _give(connection: Connection, table: Table, dataset: str, rows: pa.Table, owner: str) -> None:
    """The rows are the owner's from now on, traced to where its file states them."""
    c = _confirmation.c
    subjects, ids = (rows[n].to_pylist() for n in ("subject_id", "id"))

    def stated(column: ColumnElement[Any]) -> ScalarSelect[Any]:
        of_row = (c.subject_id == table.c.subject_id) & (c.row_id == table.c.id) & (c.batch_id == UUID(owner))
        return select(column).where(of_row).scalar_subquery()

    connection.execute(
        update(table)
        .where(among_pairs(connection, table.c.subject_id, table.c.id, subjects, ids))
        .values(batch_id=owner, sheet=stated(c.sheet), source_row=stated(c.source_row))
    )
    used = among_pairs(connection, c.subject_id, c.row_id, subjects, ids)
    connection.execute(delete(_confirmation).where(used, c.batch_id == UUID(owner), c.dataset == dataset))
