"""The shelf of figures: written inside the transaction that changes what they follow from, read through a desk.

Counts are moved by differences, so a commit costs what it touches; `clear` and a full evaluation make them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, case, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.figure_tables import DatasetTally, PlaceLevel, SubjectLevel
from pilotwatch.store.model import Change
from pilotwatch.store.tables import Setting, Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

_levels, _places, _tally = SubjectLevel.__table__, PlaceLevel.__table__, DatasetTally.__table__
_subject, _setting = Subject.__table__, Setting.__table__

LEVEL_COLUMNS = {
    "subject_id": pa.string(), "indicator": pa.string(), "value": pa.float64(), "level": pa.string(),
    "rank": pa.int64(), "since": pa.date32(), "on_day": pa.date32(), "report_unit": pa.string(),
    "division_code": pa.string(), "street_code": pa.string(), "located": pa.string(),
}  # fmt: skip
PLACE_KEY = ("indicator", "report_unit", "division_code", "street_code", "level", "located")


# --- writing -----------------------------------------------------------------------------------------------------


def lock(connection: Connection, domain: str) -> None:
    """Lets one transaction at a time move a domain's figures; taken after the datasets' own locks, always."""
    if engine.is_postgres(connection):
        key = f"figures:{domain}"
        connection.execute(postgresql.insert(_setting).values(key=key, value="null").on_conflict_do_nothing())
        connection.execute(select(_setting.c.key).where(_setting.c.key == key).with_for_update())


def subjects_of(connection: Connection, domain: str, datasets: Sequence[str]) -> list[str]:
    """Everybody the domain's figures are about: whom its lists have now, and whom the shelf still has."""
    listed = select(_subject.c.subject_id).where(_subject.c.dataset.in_(datasets))
    kept = select(_levels.c.subject_id).where(_levels.c.domain == domain)
    types = {"subject_id": pa.string()}
    both = [bulk.read(connection, s.distinct(), types)["subject_id"] for s in (listed, kept)]
    return pa.chunked_array([c for column in both for c in column.chunks], pa.string()).unique().to_pylist()


def subject_levels(connection: Connection, domain: str, subjects: Sequence[str]) -> pa.Table:
    """The stored levels of these subjects in a domain."""
    statement = select(*(_levels.c[n] for n in LEVEL_COLUMNS)).where(
        _levels.c.domain == domain, engine.among(connection, _levels.c.subject_id, list(subjects))
    )
    return bulk.read(connection, statement, LEVEL_COLUMNS)


def replace_levels(
    connection: Connection, domain: str, subjects: Sequence[str], before: pa.Table, rows: pa.Table
) -> None:
    """Puts `rows` in place of `before`, the levels these subjects had, and moves the counts."""
    if before.num_rows:
        mine = engine.among(connection, _levels.c.subject_id, list(subjects))
        connection.execute(delete(_levels).where(_levels.c.domain == domain, mine))
    if rows.num_rows:
        arrays = {n: rows[n].combine_chunks() for n in LEVEL_COLUMNS}
        bulk.insert(connection, _levels, {**arrays, "domain": domain})
    _shift_places(connection, domain, _counts(rows).sub(_counts(before), fill_value=0))


def _counts(rows: pa.Table) -> pd.Series:
    counted = rows.group_by(list(PLACE_KEY)).aggregate([([], "count_all")]).to_pandas()
    return counted.set_index(list(PLACE_KEY))["count_all"]


def _shift_places(connection: Connection, domain: str, change: pd.Series) -> None:
    moved = change[change != 0].astype(int)
    if moved.empty:
        return
    dialect = postgresql if engine.is_postgres(connection) else sqlite
    adding = dialect.insert(_places)
    adding = adding.on_conflict_do_update(
        index_elements=[c.name for c in _places.primary_key],
        set_={"subjects": _places.c.subjects + adding.excluded.subjects},
    )
    connection.execute(
        adding,
        [
            {"domain": domain, **dict(zip(PLACE_KEY, key, strict=True)), "subjects": n}
            for key, n in moved.items()
        ],
    )  # fmt: skip
    connection.execute(delete(_places).where(_places.c.domain == domain, _places.c.subjects == 0))


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
        if rows:
            dialect = postgresql if engine.is_postgres(connection) else sqlite
            adding = dialect.insert(_tally)
            adding = adding.on_conflict_do_update(
                index_elements=["dataset", "report_unit"], set_={"rows": _tally.c.rows + adding.excluded.rows}
            )
            connection.execute(adding, rows)


@contextmanager
def writing(store: Store) -> Any:
    """A transaction for an evaluation outside any upload: gives the connection and a desk that reads in it."""
    with engine.writing(store._engine) as connection:
        yield connection, store.desk(scope.SYSTEM)._inside(connection)


def recount_places(connection: Connection, domain: str) -> None:
    """Counts a domain's levels by place anew."""
    key = [_levels.c[n] for n in ("domain", *PLACE_KEY)]
    counted = select(*key, func.count()).where(_levels.c.domain == domain).group_by(*key)
    connection.execute(delete(_places).where(_places.c.domain == domain))
    connection.execute(_places.insert().from_select(["domain", *PLACE_KEY, "subjects"], counted))


def recount_rows(connection: Connection, store: Store) -> None:
    """Counts the rows of every dataset anew."""
    connection.execute(delete(_tally))
    for dataset in store.datasets:
        _, table = store.dataset(dataset)
        unit = func.coalesce(table.c.report_unit, "")
        found = connection.execute(select(unit, func.count()).where(table.c.replaced_by.is_(None)).group_by(unit)).all()
        if found:
            connection.execute(_tally.insert(), [{"dataset": dataset, "report_unit": u, "rows": n} for u, n in found])


# --- reading -----------------------------------------------------------------------------------------------------


def place_levels(desk: Desk, indicator: str | None = None, *, whole_city: bool = False) -> pd.DataFrame:
    """How many subjects of which place are at which level, in the person's scope.

    Columns: domain, the columns of PLACE_KEY, subjects. `whole_city`: the city's totals, which every reader may see as
    a line of reference: no unit, division or street is told then.
    """
    scope.demand(desk.person, "read")
    names = ["domain", "indicator", "level", "located"] if whole_city else ["domain", *PLACE_KEY]
    columns = [_places.c[n] for n in names]
    statement = select(*columns, func.sum(_places.c.subjects).label("subjects")).group_by(*columns)
    if indicator is not None:
        statement = statement.where(_places.c.indicator == indicator)
    if desk.person.domains is not None:
        statement = statement.where(_places.c.domain.in_(sorted(desk.person.domains)))
    if not whole_city:
        statement = statement.where(scope.rows_of(desk.person, _places))
    with desk._reading() as connection:
        types = {n: pa.string() for n in names} | {"subjects": pa.int64()}
        return bulk.read(connection, statement, types).to_pandas()


def worst_subjects(
    desk: Desk, *, domain: str | None = None, indicator: str | None = None, division: str | None = None,
    unit: str | None = None, ranks: Iterable[int] = (0, 1), limit: int = 20,
) -> pd.DataFrame:  # fmt: skip
    """The subjects at the worst levels first, then those longest so, in the person's scope.

    Columns: those of LEVEL_COLUMNS, domain, dataset, name, code, lng, lat, jurisdiction. `indicator="*"`: by the worst
    level of the domain, one row a subject.
    """
    scope.demand(desk.person, "read")
    listed = {n: pa.string() for n in ("dataset", "name", "code", "jurisdiction")} | {
        "lng": pa.float64(),
        "lat": pa.float64(),
    }
    domains = [d for d in _domains(desk) if domain in (None, d)]
    statement = (
        select(_levels.c.domain, *(_levels.c[n] for n in LEVEL_COLUMNS), *(_subject.c[n] for n in listed))
        .join(_subject, _subject.c.subject_id == _levels.c.subject_id)
        .where(or_(*(and_(_levels.c.domain == d, _subject.c.dataset.in_(_datasets_of(desk, d))) for d in domains)))
        .where(_levels.c["rank"].in_(list(ranks)), scope.rows_of(desk.person, _levels))
        .where(_levels.c.indicator == indicator if indicator else _levels.c.indicator != "*")
        .order_by(_levels.c["rank"], _levels.c.since, _levels.c.subject_id)
        .limit(limit)
    )
    for column, value in ((_levels.c.division_code, division), (_levels.c.report_unit, unit)):
        if value is not None:
            statement = statement.where(column == value)
    with desk._reading() as connection:
        types = {"domain": pa.string(), **LEVEL_COLUMNS, **listed}
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
    return found.drop_duplicates(["domain", "subject_id", "indicator"], ignore_index=True)  # two lists of one domain


def _domains(desk: Desk) -> list[str]:
    every = set().union(*desk._store.owners.values()) if desk._store.owners else set()
    return sorted(every if desk.person.domains is None else every & desk.person.domains)


def _datasets_of(desk: Desk, domain: str) -> list[str]:
    return [dataset for dataset, domains in desk._store.owners.items() if domain in domains]


def row_tally(desk: Desk) -> pd.DataFrame:
    """Current rows per dataset and reporting unit, in the person's scope: dataset, report_unit, rows."""
    scope.demand(desk.person, "read")
    statement = select(_tally.c.dataset, _tally.c.report_unit, _tally.c.rows)
    if desk.person.units is not None:
        statement = statement.where(_tally.c.report_unit.in_(sorted(desk.person.units)))
    with desk._reading() as connection:
        types = {"dataset": pa.string(), "report_unit": pa.string(), "rows": pa.int64()}
        return bulk.read(connection, statement, types).to_pandas()


def evaluated_on(desk: Desk) -> Any:
    """The oldest day any level was evaluated as of; None where there is none."""
    with desk._reading() as connection:
        return connection.scalar(select(func.min(_levels.c.on_day)))
