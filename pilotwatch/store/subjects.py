"""The listing of subjects: what the current rows of the lists (`kind="subject"`) say of each of their subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table, delete, select

from pilotwatch.domain import Record
from pilotwatch.store import bulk
from pilotwatch.store.engine import among
from pilotwatch.store.records import PLACE, STORAGE, layout
from pilotwatch.store.tables import Subject

_subject = Subject.__table__


def list_subjects(connection: Connection, record: type[Record], stored: Mapping[str, pa.Array]) -> None:
    """Lists the subjects of these current rows, as they say; of several rows of one subject, as the newest says.

    `stored`: columns of the dataset's table, `subject_id` and `id` among them, the newest row last.
    """
    spec = record.spec
    if spec.kind != "subject" or not len(stored["id"]):
        return
    last = _last_of_each(stored["subject_id"])
    columns = {n: c.take(last) for n, c in stored.items()}
    these = among(connection, _subject.c.subject_id, columns["subject_id"].to_pylist())
    connection.execute(delete(_subject).where(_subject.c.dataset == spec.dataset, these))
    code = pc.coalesce(*(columns[f] for f in spec.subject_fields))
    listed = {n: columns[n] for n in PLACE if n in columns} | {
        "subject_id": columns["subject_id"], "row_id": columns["id"], "code": code,
        "name": columns[spec.name] if spec.name else code, "dataset": spec.dataset,
    }  # fmt: skip
    bulk.insert(connection, _subject, listed, order=pc.sort_indices(columns["subject_id"]))


def relist_subjects(connection: Connection, record: type[Record], table: Table, touched: np.ndarray) -> None:
    """Lists the touched subjects as the dataset's current rows say now; no row, no listing."""
    spec = record.spec
    if spec.kind != "subject" or not len(touched):
        return
    ids = touched.tolist()
    connection.execute(
        delete(_subject).where(_subject.c.dataset == spec.dataset, among(connection, _subject.c.subject_id, ids))
    )
    kept = layout(record)
    names = dict.fromkeys(["subject_id", "id", *spec.subject_fields, *filter(None, [spec.name]), *PLACE])
    now = bulk.read(
        connection,
        select(*(bulk.plain(table.c[n]) for n in names))
        .where(table.c.replaced_by.is_(None), among(connection, table.c.subject_id, ids))
        .order_by(table.c.subject_id, table.c.id),
        {n: STORAGE[kept[n]][1] for n in names},
    )
    list_subjects(connection, record, {n: now[n].combine_chunks() for n in names})


def _last_of_each(values: pa.Array) -> pa.Array:
    """Index of the last occurrence of each distinct value, ascending."""
    codes = values.dictionary_encode().indices.to_numpy()
    last = np.zeros(codes.max(initial=-1) + 1, np.int64)
    last[codes] = np.arange(len(codes))  # numpy keeps the last of repeated assignments
    return pa.array(np.sort(last))


def listed_place(
    connection: Connection, subjects: pa.Array, wanted: pa.Array, names: Sequence[str]
) -> dict[str, pa.Array]:
    """Where the subjects are listed, for the rows where `wanted` is true; null elsewhere, and where they aren't."""
    asked = pc.unique(subjects.filter(wanted)).to_pylist()
    listed = bulk.read(
        connection,
        select(*(_subject.c[n] for n in ("subject_id", *names)))
        .where(among(connection, _subject.c.subject_id, asked), _subject.c.report_unit.is_not(None))
        .order_by(_subject.c.subject_id, _subject.c.dataset),
        {n: pa.string() for n in ("subject_id", *names)},
    )
    at = pc.if_else(wanted, pc.index_in(subjects, listed["subject_id"]), pa.scalar(None, pa.int32()))
    return {n: listed[n].combine_chunks().take(at) for n in names}
