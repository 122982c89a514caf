"""Rows that one transaction, or one rebuild, asks for again and again: kept in memory, so that they are read once.

An upload is followed by levels, counts, contradictions, cards and the ledger, each reading the rows just written; a rebuild
of everything reads each dataset for each of them. Both are given the same tables here, column for column what a reading
would give, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, Table, func, select

from pilotwatch.store import bulk
from pilotwatch.store.engine import among, known
from pilotwatch.store.records import STORAGE, layout
from pilotwatch.store.rows import Rows
from pilotwatch.store.tables import Dataset

_dataset = Dataset.__table__

MOST = 256 << 20  # bytes of a rebuild's tables
_MOST_ROWS = 400_000  # of a dataset that is held whole

#: Reads columns of all current rows of a dataset, in the order of subject and time of arrival.
Reading = Callable[[Sequence[str]], pa.Table]


# --- what a commit wrote -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Written:
    """All current rows of some subjects in a dataset, ordered as they are read; `subjects` distinct."""

    rows: pa.Table
    subjects: pa.Array


def keep_written(
    connection: Connection, rows: Rows, stored: Mapping[str, pa.Array], order: pa.Array, batch: str, touched: np.ndarray
) -> None:
    """Keeps what a commit has just written of a dataset for those who follow, where it is all that the touched subjects
    have there. `order`: by subject, and then as they came."""
    subjects = pa.array(touched, pa.string())
    if _current(connection, rows.table, touched) != len(rows):
        return
    kinds = {n: STORAGE[k][1] for n, k in layout(rows.record).items()}
    columns = {n: stored[n].cast(kinds[n]).take(order) for n in stored if n in kinds}
    columns["batch_id"] = pa.repeat(pa.scalar(batch), len(rows))
    known(connection)[_Written, rows.dataset] = _Written(pa.table(columns), subjects)


def from_written(
    connection: Connection, dataset: str, kinds: Mapping[str, pa.DataType], subjects: Collection[str] | None
) -> pa.Table | None:
    """The current rows of the subjects, columns as `kinds` names them; None where it must be read."""
    found: _Written | None = known(connection).get((_Written, dataset))
    if found is None or subjects is None:
        return None
    asked = pa.array(subjects, pa.string())
    if pc.sum(pc.is_in(found.subjects, asked), min_count=0).as_py() != pc.count_distinct(asked).as_py():
        return None  # somebody whom the commit didn't touch is asked for
    return _chosen(found.rows, asked, kinds)


def _current(connection: Connection, table: Table, subjects: np.ndarray) -> int:
    """How many current rows the subjects have."""
    mine = (table.c.replaced_by.is_(None), among(connection, table.c.subject_id, subjects.tolist()))
    return connection.scalar(select(func.count()).select_from(table).where(*mine)) or 0


# --- what a rebuild reads ------------------------------------------------------------------------------------------


@dataclass
class Held:
    """Whole datasets, for as long as nothing changes them; what would take more than `MOST` bytes isn't held."""

    most: int = MOST
    _tables: dict[str, tuple[int, pa.Table]] = field(default_factory=dict)

    def rows(
        self, connection: Connection, dataset: str, table: Table, kinds: Mapping[str, pa.DataType],
        subjects: Collection[str] | None, read: Reading,
    ) -> pa.Table | None:  # fmt: skip
        """The current rows of the subjects (None: of all), columns as `kinds` names them; None where it must be read."""
        version = connection.scalar(select(_dataset.c.version).where(_dataset.c.name == dataset)) or 0
        known, whole = self._tables.pop(dataset, (version, None))
        if known != version:
            whole = None
        lacking = [n for n in dict.fromkeys(("subject_id", *kinds)) if whole is None or n not in whole.column_names]
        if lacking:
            if whole is None and (connection.scalar(_counted(table)) or 0) > _MOST_ROWS:
                return None
            fresh = read(lacking)
            for name in lacking:
                whole = pa.table({name: fresh[name]}) if whole is None else whole.append_column(name, fresh[name])
        self._tables[dataset] = version, whole  # the last one asked for is the last to go
        self._shrink()
        return _chosen(whole, None if subjects is None else pa.array(subjects, pa.string()), kinds)

    def _shrink(self) -> None:
        while sum(t.nbytes for _, t in self._tables.values()) > self.most:
            del self._tables[next(iter(self._tables))]


def _counted(table: Table) -> Select[Any]:
    return select(func.count()).select_from(table).where(table.c.replaced_by.is_(None))


def _chosen(rows: pa.Table, subjects: pa.Array | None, kinds: Mapping[str, pa.DataType]) -> pa.Table:
    """The rows of the subjects (None: all); a column that the rows don't have is empty."""
    mask = None if subjects is None else pc.is_in(rows["subject_id"], subjects)
    some = mask is not None and not pc.all(mask, min_count=0).as_py()
    found = rows.select([n for n in kinds if n in rows.column_names])
    found = found.filter(mask) if some else found
    count = len(found)
    columns = {n: found[n] if n in found.column_names else pa.nulls(count, kind) for n, kind in kinds.items()}
    return bulk.whole(pa.table(columns, pa.schema(kinds.items())))
