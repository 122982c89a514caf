"""The records as they were known on a day: what had come in by its end, and nothing that came later.

A batch that was withdrawn is as if it had never been, then too: what is looked back on is what the teams stand by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import Connection, or_, select

from pilotwatch.store import bulk, queries
from pilotwatch.store.records import STORAGE, layout
from pilotwatch.store.tables import Batch
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

_batch = Batch.__table__

Read = Callable[[str, Sequence[str] | None, Collection[str] | None], pd.DataFrame]


def known_by(connection: Connection, store: Store, day: date) -> Read:
    """`read(dataset, columns, subjects)`: `Desk.frame` as it was at the end of the day; columns None: the declared ones,
    subjects None: all."""
    end = datetime.combine(day + timedelta(days=1), time(0), BEIJING)
    arrived = select(_batch.c.id).where(_batch.c.at < end, _batch.c.withdrawn_at.is_(None))

    def read(dataset: str, columns: Sequence[str] | None, subjects: Collection[str] | None = None) -> pd.DataFrame:
        record, table = store.dataset(dataset)
        kept = layout(record)
        names = list(columns) if columns is not None else queries.default_columns(record)
        statement = (
            select(*(bulk.plain(table.c[n]) for n in names))
            .where(
                table.c.batch_id.in_(arrived),
                or_(table.c.replaced_by.is_(None), table.c.replaced_by.not_in(arrived)),
                or_(table.c.replaced_by.is_(None), table.c.replaced_by != table.c.batch_id),
            )
            .order_by(table.c.subject_id, table.c.id)
        )
        statement = queries.of_subjects(connection, statement, table, subjects)
        return queries.to_pandas(bulk.read(connection, statement, {n: STORAGE[kept[n]][1] for n in names}))

    return read


def known_subjects(connection: Connection, store: Store, day: date, datasets: Sequence[str]) -> list[str]:
    """Whom a row of these datasets was about that was known on the day."""
    read = known_by(connection, store, day)
    found = [read(dataset, ["subject_id"])["subject_id"] for dataset in datasets]
    return sorted(set().union(*(set(ids.unique()) for ids in found))) if found else []


__all__ = ["Read", "known_by", "known_subjects"]
