"""What the pages read of the figures, in the person's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, false, func, select

from pilotwatch.store import bulk, scope
from pilotwatch.store.engine import among
from pilotwatch.store.figure_tables import MILDEST, WARNS, DatasetTally
from pilotwatch.store.shelf.rollups import LEVELS, PART_SCALE, PARTS
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_levels, _places, _tally, _subject = LEVELS.of, LEVELS.into, DatasetTally.__table__, Subject.__table__


def place_levels(desk: Desk, indicator: str | None = None, *, whole_city: bool = False) -> pd.DataFrame:
    """How many subjects of which place are at which level, in the person's scope.

    Columns: domain, the columns of LEVELS.key, subjects. `whole_city`: the city's totals, which every reader may see as
    a line of reference: no unit, division or street is told then.
    """
    scope.demand(desk.person, "read")
    names = ["domain", "indicator", "level", "located"] if whole_city else ["domain", *LEVELS.key]
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
    unit: str | None = None, street: str | None = None, ranks: Collection[int] = (0, 1), limit: int = 20,
) -> pd.DataFrame:  # fmt: skip
    """The subjects at the worst levels first, then those longest so, in the person's scope.

    Columns: those of LEVELS.columns, domain, dataset, name, code, lng, lat, jurisdiction. `indicator="*"`: by the worst
    level of the domain, one row a subject.
    """
    scope.demand(desk.person, "read")
    domains = [d for d in scope.domains_of(desk) if domain in (None, d)]
    key, order = ("subject_id", "domain", "indicator"), [_levels.c[n] for n in ("rank", "since", "subject_id")]
    first = (  # the index alone tells which; the rows are looked up for these
        select(*(_levels.c[n] for n in key))
        .where(_levels.c.domain.in_(domains), _levels.c["rank"].in_(list(ranks)), scope.rows_of(desk.person, _levels))
        .where(_levels.c.indicator == indicator if indicator else _levels.c.indicator != "*")
        .order_by(*order)
        .limit(limit)
    )
    if max(ranks) <= MILDEST:
        first = first.where(WARNS)  # as the index says it
    for column, value in (
        (_levels.c.division_code, division),
        (_levels.c.report_unit, unit),
        (_levels.c.street_code, street),
    ):
        if value is not None:
            first = first.where(column == value)
    chosen = first.subquery()
    statement = (
        select(_levels.c.domain, *(_levels.c[n] for n in LEVELS.columns))
        .join(chosen, and_(*(_levels.c[n] == chosen.c[n] for n in key)))
        .order_by(*order)
    )
    with desk._reading() as connection:
        types = {"domain": pa.string(), **LEVELS.columns}
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
        return with_listing(desk, connection, found, ("dataset", "name", "code", "jurisdiction", "lng", "lat"))


def with_listing(desk: Desk, connection: Connection, rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows (`domain`, `subject_id` …) with what a list of the row's domain says of its subject; empty where none has it.

    Asked of the rows that were chosen, not of all that were to choose from.
    """
    types = {
        n: pa.float64() if n in ("lng", "lat") else pa.string()
        for n in ("subject_id", *dict.fromkeys(("dataset", *names)))
    }
    asked = (
        select(*(_subject.c[n] for n in types))
        .where(among(connection, _subject.c.subject_id, rows["subject_id"].unique().tolist()))
        .order_by(_subject.c.subject_id, _subject.c.dataset)
    )
    said = bulk.read(connection, asked, types).to_pandas()
    owners = {dataset: sorted(domains) for dataset, domains in desk._store.owners.items()}
    said = said.assign(domain=[owners.get(d, []) for d in said["dataset"]]).explode("domain")
    said = said.drop_duplicates(["domain", "subject_id"]).set_index(["domain", "subject_id"])
    of = said.reindex(pd.MultiIndex.from_frame(rows[["domain", "subject_id"]]))
    return rows.assign(**{n: of[n].array for n in names})


def values_of(desk: Desk, domain: str, indicator: str) -> pd.DataFrame:
    """The kept value and rank of every subject in scope that the indicator could judge: subject_id, value, rank."""
    scope.demand(desk.person, "read")
    types = {"subject_id": pa.string(), "value": pa.float64(), "rank": pa.int64()}
    statement = select(*(_levels.c[n] for n in types)).where(
        _levels.c.domain == domain, _levels.c.indicator == indicator, scope.rows_of(desk.person, _levels)
    )
    if domain not in scope.domains_of(desk):
        statement = statement.where(false())
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()


def row_tally(desk: Desk) -> pd.DataFrame:
    """Current rows per dataset and reporting unit, in the person's scope: dataset, report_unit, rows."""
    scope.demand(desk.person, "read")
    statement = select(_tally.c.dataset, _tally.c.report_unit, _tally.c.rows)
    if desk.person.units is not None:
        statement = statement.where(_tally.c.report_unit.in_(sorted(desk.person.units)))
    with desk._reading() as connection:
        types = {"dataset": pa.string(), "report_unit": pa.string(), "rows": pa.int64()}
        return bulk.read(connection, statement, types).to_pandas()


def place_sums(desk: Desk) -> pd.DataFrame:
    """Numerators and denominators of the indicators that judge places, in the person's scope.

    Columns: domain, indicator, report_unit, division_code, street_code, numerator, denominator, subjects.
    """
    scope.demand(desk.person, "read")
    names = ("domain", *PARTS.key, *PARTS.sums, "subjects")
    table = PARTS.into
    statement = select(*(table.c[n] for n in names)).where(scope.rows_of(desk.person, table))
    if desk.person.domains is not None:
        statement = statement.where(table.c.domain.in_(sorted(desk.person.domains)))
    types = {n: pa.int64() if n in (*PARTS.sums, "subjects") else pa.string() for n in names}
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas()
    return found.assign(**{n: found[n] / PART_SCALE for n in PARTS.sums})
