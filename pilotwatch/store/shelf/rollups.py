"""What is kept per subject and its sums by place, written inside the transaction that changes what they follow from.

Sums are whole numbers and are moved by differences, so a commit costs what it touches and no rounding ever gathers; a
recount makes them anew and gives the same.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Table, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.figure_tables import DatasetTally, PlaceLevel, PlaceSum, SubjectLevel, SubjectPart
from pilotwatch.store.model import Change
from pilotwatch.store.tables import Setting, Subject

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

_tally, _subject, _setting = DatasetTally.__table__, Subject.__table__, Setting.__table__

#: Numerators and denominators are kept in whole millionths, so that sums by place are exact.
PART_SCALE = 1_000_000

_PLACE = ("report_unit", "division_code", "street_code")
_IN_MIND = 500_000  # rows that one transaction keeps of one domain


@dataclass(frozen=True)
class Rollup:
    """Rows per subject and indicator (`of`), and their sums per place (`into`): `sums` of columns, and their number."""

    of: Table
    into: Table
    columns: Mapping[str, pa.DataType]  # of `of`, beside the domain
    key: tuple[str, ...]  # of `into`, beside the domain
    sums: tuple[str, ...] = ()

    def of_subjects(
        self, connection: Connection, domain: str, subjects: Sequence[str], columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The stored rows of these subjects in a domain; `columns`: these alone."""
        wanted = {n: self.columns[n] for n in columns or self.columns}
        for whose, rows in self._known(connection, domain):
            if wanted.keys() <= set(rows.column_names) and whose == list(subjects):
                return rows.select(list(wanted))
        statement = select(*(self.of.c[n] for n in wanted)).where(*self._mine(connection, domain, subjects))
        return bulk.read(connection, statement, wanted)

    def keep_in_mind(self, connection: Connection, domain: str, subjects: Sequence[str], rows: pa.Table) -> None:
        """Keeps all rows of these subjects, some columns, for those who ask of the same until the transaction ends."""
        known = self._known(connection, domain)
        if sum(len(r) for _, r in known) + len(rows) <= _IN_MIND:
            known.append((list(subjects), rows))

    def _known(self, connection: Connection, domain: str) -> list[tuple[list[str], pa.Table]]:
        return engine.known(connection).setdefault((self.of.name, domain), [])

    def _forget(self, connection: Connection, domain: str, subjects: Iterable[str]) -> None:
        """Before rows of these subjects are moved: nobody is to be told of how they were."""
        if known := self._known(connection, domain):
            moved = set(subjects)
            known[:] = [(whose, rows) for whose, rows in known if moved.isdisjoint(whose)]

    def change(self, connection: Connection, domain: str, gone: pa.Table, come: pa.Table) -> None:
        """Takes rows away and puts others there, and moves the sums."""
        self._forget(connection, domain, (i for rows in (gone, come) for i in rows["subject_id"].to_pylist()))
        for indicator in pc.unique(gone["indicator"]).to_pylist():
            of = gone["subject_id"].filter(pc.equal(gone["indicator"], indicator)).to_pylist()
            key = self.of.c.domain == domain, self.of.c.indicator == indicator
            connection.execute(delete(self.of).where(*key, engine.among(connection, self.of.c.subject_id, of)))
        if come.num_rows:
            arrays = {n: come[n].combine_chunks() for n in self.columns}
            bulk.insert(connection, self.of, {**arrays, "domain": domain}, order=pc.sort_indices(arrays["subject_id"]))
        self._move(connection, domain, gone, come)

    def _move(self, connection: Connection, domain: str, gone: pa.Table, come: pa.Table) -> None:
        """Takes from the sums what is gone and adds what has come."""
        names = (*self.sums, "subjects")
        signed = [
            rows.select([*self.key, *self.sums]).append_column("subjects", pa.array(np.ones(len(rows), "int64")))
            for rows in (gone, come)
        ]
        for n in names:
            signed[0] = signed[0].set_column(signed[0].schema.get_field_index(n), n, pc.negate(signed[0][n]))
        summed = pa.concat_tables(signed).group_by(list(self.key)).aggregate([(n, "sum") for n in names])
        summed = summed.rename_columns([*self.key, *names])
        moved = summed.filter(functools.reduce(pc.or_, (pc.not_equal(summed[n], 0) for n in names)))
        if len(moved):
            _add(connection, self.into, ({"domain": domain, **row} for row in moved.to_pylist()))
            connection.execute(delete(self.into).where(self.into.c.domain == domain, self.into.c.subjects == 0))

    def replace(
        self, connection: Connection, domain: str, subjects: Sequence[str], before: pa.Table, rows: pa.Table
    ) -> None:
        """Puts `rows` in place of `before`, what these subjects had, and moves the sums."""
        self._forget(connection, domain, subjects)
        if before.num_rows:
            connection.execute(delete(self.of).where(*self._mine(connection, domain, subjects)))
        if rows.num_rows:
            arrays = {n: rows[n].combine_chunks() for n in self.columns}
            bulk.insert(connection, self.of, {**arrays, "domain": domain})
        self._move(connection, domain, before, rows)

    def recount(self, connection: Connection, domain: str) -> None:
        """Sums a domain's rows by place anew."""
        key = [self.of.c[n] for n in ("domain", *self.key)]
        sums = [func.sum(self.of.c[n]) for n in self.sums]
        summed = select(*key, *sums, func.count()).where(self.of.c.domain == domain).group_by(*key)
        connection.execute(delete(self.into).where(self.into.c.domain == domain))
        connection.execute(self.into.insert().from_select(["domain", *self.key, *self.sums, "subjects"], summed))

    def _mine(self, connection: Connection, domain: str, subjects: Sequence[str]) -> tuple[Any, Any]:
        return self.of.c.domain == domain, engine.among(connection, self.of.c.subject_id, subjects)


_TEXT = pa.string()

LEVELS = Rollup(
    SubjectLevel.__table__, PlaceLevel.__table__,
    {
        "subject_id": _TEXT, "indicator": _TEXT, "value": pa.float64(), "level": _TEXT, "rank": pa.int64(),
        "since": pa.date32(), "on_day": pa.date32(), **dict.fromkeys(_PLACE, _TEXT), "located": _TEXT,
    },
    ("indicator", *_PLACE, "level", "located"),
)  # fmt: skip
PARTS = Rollup(
    SubjectPart.__table__, PlaceSum.__table__,
    {
        "subject_id": _TEXT, "indicator": _TEXT, "numerator": pa.int64(), "denominator": pa.int64(),
        **dict.fromkeys(_PLACE, _TEXT),
    },
    ("indicator", *_PLACE), ("numerator", "denominator"),
)  # fmt: skip


def _add(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Adds the rows' numbers to those that stand under the same key."""
    rows = list(rows)
    if not rows:
        return
    adding = (postgresql if engine.is_postgres(connection) else sqlite).insert(table)
    key = [c.name for c in table.primary_key]
    sums = {n: table.c[n] + adding.excluded[n] for n in rows[0] if n not in key}
    connection.execute(adding.on_conflict_do_update(index_elements=key, set_=sums), rows)


def date_levels(connection: Connection, domain: str, subjects: Sequence[str], on: date) -> None:
    """Says of these subjects' levels that they are as of this day."""
    mine = LEVELS.of.c.domain == domain, engine.among(connection, LEVELS.of.c.subject_id, subjects)
    connection.execute(update(LEVELS.of).where(*mine).values(on_day=on))


def lock(connection: Connection, domain: str) -> None:
    """Lets one transaction at a time move a domain's figures; taken after the datasets' own locks, always."""
    if engine.is_postgres(connection):
        key = f"figures:{domain}"
        connection.execute(postgresql.insert(_setting).values(key=key, value="null").on_conflict_do_nothing())
        connection.execute(select(_setting.c.key).where(_setting.c.key == key).with_for_update())


def listed_subjects(connection: Connection, datasets: Sequence[str]) -> list[str]:
    """Whom these lists have now."""
    listed = select(_subject.c.subject_id).where(_subject.c.dataset.in_(datasets)).distinct()
    return bulk.read(connection, listed, {"subject_id": _TEXT})["subject_id"].to_pylist()


def subjects_of(connection: Connection, domain: str, datasets: Sequence[str]) -> list[str]:
    """Everybody the domain's figures are about: whom its lists have now, and whom the shelf still has."""
    kept = select(LEVELS.of.c.subject_id).where(LEVELS.of.c.domain == domain).distinct()
    there = bulk.read(connection, kept, {"subject_id": _TEXT})["subject_id"].to_pylist()
    return list(dict.fromkeys([*listed_subjects(connection, datasets), *there]))


def follow_rows(connection: Connection, store: Store, change: Change) -> None:
    """Brings the row counts of the changed datasets up to date."""
    for dataset in change.datasets:
        _, table = store.dataset(dataset)
        unit = func.coalesce(table.c.report_unit, "")
        if change.act == "commit":
            batch = change.batch_id
            statement = (
                select(unit, func.sum(case((table.c.batch_id == batch, 1), else_=-1)))
                .where(
                    ((table.c.batch_id == batch) & table.c.replaced_by.is_(None))
                    | ((table.c.replaced_by == batch) & (table.c.batch_id != batch))
                )
                .group_by(unit)
            )
        else:  # rare, and the rows that come back may come from many batches
            connection.execute(delete(_tally).where(_tally.c.dataset == dataset))
            statement = select(unit, func.count()).where(table.c.replaced_by.is_(None)).group_by(unit)
        rows = [{"dataset": dataset, "report_unit": u, "rows": int(n)} for u, n in connection.execute(statement)]
        _add(connection, _tally, rows)


@contextmanager
def writing(store: Store) -> Any:
    """A transaction for an evaluation outside any upload: gives the connection and a desk that reads in it."""
    with engine.writing(store._engine) as connection:
        yield connection, store.desk(scope.SYSTEM)._inside(connection)


def recount_rows(connection: Connection, store: Store) -> None:
    """Counts the rows of every dataset anew."""
    connection.execute(delete(_tally))
    for dataset in store.datasets:
        _, table = store.dataset(dataset)
        unit = func.coalesce(table.c.report_unit, "")
        found = connection.execute(select(unit, func.count()).where(table.c.replaced_by.is_(None)).group_by(unit)).all()
        if found:
            connection.execute(_tally.insert(), [{"dataset": dataset, "report_unit": u, "rows": n} for u, n in found])
