"""The versions of a row: which is current, and which a batch replaces.

`replaced_by` is empty in the current version, the batch of the next version in an older one, and the row's own batch in
a withdrawn one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table, select, update

from pilotwatch.store import bulk
from pilotwatch.store.engine import among, among_pairs
from pilotwatch.store.rows import Rows

_AT_ONCE = 50_000  # keys or ids in one statement


@dataclass(frozen=True)
class Match:
    """Rows on their way in against the current ones: `at[i]` is where row i's key is in `found`, -1 where nowhere."""

    found: pa.Table  # record_key, content_hash, subject_id, id, report_unit of the current rows with these keys
    at: np.ndarray
    changed: np.ndarray
    unchanged: np.ndarray

    @property
    def new(self) -> np.ndarray:
        return self.at < 0

    def replaced(self, mask: np.ndarray) -> pa.Table:
        return self.found.take(pa.array(self.at[mask]))


def match(connection: Connection, rows: Rows) -> Match:
    """Looks the rows' keys up among the current rows of their dataset."""
    table = rows.table
    wanted = {
        "record_key": pa.string(), "content_hash": pa.int64(), "subject_id": pa.string(), "id": pa.string(),
        "report_unit": pa.string(),
    }  # fmt: skip
    keys = rows.keys.to_pylist()
    parts = [
        bulk.read(
            connection,
            select(*(table.c[n] for n in wanted)).where(
                table.c.replaced_by.is_(None), among(connection, table.c.record_key, keys[i : i + _AT_ONCE])
            ),
            wanted,
        )
        for i in range(0, len(keys), _AT_ONCE)
    ]
    found = pa.concat_tables(parts).combine_chunks() if parts else pa.schema(wanted.items()).empty_table()
    at = pc.fill_null(pc.index_in(rows.keys, found["record_key"]), -1).to_numpy()
    stored = found["content_hash"].to_numpy()
    same = np.zeros(len(rows), bool)
    known = at >= 0
    same[known] = stored[at[known]] == rows.hashes.to_numpy()[known]
    return Match(found, at, known & ~same, same)


def set_replaced(connection: Connection, table: Table, rows: pa.Table, by: str | None) -> None:
    """Says of stored rows (`subject_id`, `id`) by which batch they are replaced; None: they are current."""
    for start in range(0, len(rows), _AT_ONCE):
        subjects, ids = (rows[n].slice(start, _AT_ONCE).to_pylist() for n in ("subject_id", "id"))
        these = among_pairs(connection, table.c.subject_id, table.c.id, subjects, ids)
        connection.execute(update(table).where(these).values(replaced_by=by))
