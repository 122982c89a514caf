"""Every version of a dataset's rows with the days it was in force: what a look back reads, through a desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, select

from pilotwatch.store import bulk, queries
from pilotwatch.store.records import STORAGE, layout
from pilotwatch.store.scope import rows_of
from pilotwatch.store.tables import Batch, Subject
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_batch = Batch.__table__

#: What `versions` says of a row beside its columns: the day its batch arrived, the day the batch that replaced it did
#: (null: it is current), and whether it replaced another itself.
FORCE = ("arrived", "replaced", "corrects")


def versions(
    desk: Desk, dataset: str, columns: Sequence[str], *, subjects: Collection[str] | None = None, force: bool = True
) -> pa.Table:
    """Rows in scope, current and replaced ones alike, without those withdrawn, in the order of subject and arrival.

    `columns`, then (unless `force` is False) those of FORCE. The rows and their order are the same for any columns.
    Raises StoreRefused where the person doesn't see the dataset.
    """
    record, table = desk._read_door(dataset)
    kept = layout(record)

    def read(connection: Connection, names: Sequence[str]) -> pa.Table:
        statement = (
            select(*(bulk.plain(table.c[n]) for n in names))
            .where(table.c.replaced_by.is_(None) | (table.c.replaced_by != table.c.batch_id))
            .where(rows_of(desk.person, table, Subject.__table__))
            .order_by(table.c.subject_id, table.c.id)
        )
        statement = queries.of_subjects(connection, statement, table, subjects)
        return bulk.read(connection, statement, {n: STORAGE[kept[n]][1] for n in names})

    with desk._reading() as connection:
        if not force:
            return read(connection, columns)
        found = read(connection, list(dict.fromkeys((*columns, "batch_id", "replaced_by"))))
        batch, after = found["batch_id"].combine_chunks(), found["replaced_by"].combine_chunks()
        if after.null_count < len(after):  # seldom any event was replaced, so keys are read only then
            corrects = _corrects(read(connection, ["record_key"])["record_key"], batch, after)
        else:
            corrects = pa.array(np.zeros(len(found), bool))
        arrivals = _arrivals(connection)
    days = {"arrived": _days(batch, arrivals), "replaced": _days(after, arrivals)}
    return pa.table({**{n: found[n] for n in columns}, **days, "corrects": corrects})


def _arrivals(connection: Connection) -> dict[str, date]:
    """The day each batch arrived, in Beijing."""
    rows = connection.execute(select(_batch.c.id, _batch.c.at))
    return {str(i): at.astimezone(BEIJING).date() for i, at in rows}


def _days(batches: pa.Array, arrivals: dict[str, date]) -> pa.Array:
    at = pc.index_in(batches, pa.array(list(arrivals), pa.string()))
    return pa.array(list(arrivals.values()), pa.date32()).take(at)


def _corrects(keys: pa.ChunkedArray, batch: pa.Array, after: pa.Array) -> pa.Array:
    """Which rows replaced an earlier version of their key."""
    rows = pd.DataFrame({"key": keys.to_pandas(), "batch": batch.to_pandas(), "after": after.to_pandas()})
    replacing = pd.MultiIndex.from_frame(rows.loc[rows["after"].notna(), ["key", "after"]])
    return pa.array(pd.MultiIndex.from_frame(rows[["key", "batch"]]).isin(replacing))
