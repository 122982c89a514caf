"""What is read of figures of periods, in the person's scope: sums of places, how months ended, who stands behind a sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, Table, false, func, or_, select, true

from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.period_tables import MonthLevel, MonthSum
from pilotwatch.store.shelf.periods import PERIODS, PLACE, last_day
from pilotwatch.store.shelf.rollups import PART_SCALE
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_own, _places = PERIODS.of, PERIODS.into
_levels, _sums, _subject = MonthLevel.__table__, MonthSum.__table__, Subject.__table__

#: Column of a place → its code: what a question is narrowed to.
Where = Mapping[str, str]


def period_sums(
    desk: Desk, domain: str, codes: Sequence[str], periods: Sequence[str], *, by: Sequence[str] = (),
    where: Where | None = None, shared: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Sums of measures by month: indicator, period, kind, `by`, numerator, denominator.

    `domain` is whose measures they are; `shared`: they are about subjects of all domains, and of these the person sees
    what is about subjects of the own ones. `by`: any of PLACE; none: the whole scope as one place.
    """
    names = ("indicator", "period", "kind", *by)
    asked = _seen(desk, _places, domain, where, shared).where(
        _places.c.indicator.in_(codes), _places.c.period.in_(periods)
    )
    return _summed(desk, asked, _places, names)


def month_sums(
    desk: Desk, domain: str, codes: Sequence[str], months: Sequence[str], *, by: Sequence[str] = (),
    where: Where | None = None, shared: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """The same of what is told by a day, as months ended: indicator, month, kind, `by`, numerator, denominator."""
    names = ("indicator", "month", "kind", *by)
    asked = _seen(desk, _sums, domain, where, shared).where(_sums.c.indicator.in_(codes), _sums.c.month.in_(months))
    return _summed(desk, asked, _sums, names)


def month_levels(
    desk: Desk, indicators: Sequence[str], months: Sequence[str] | None = None, *, by: Sequence[str] = ("report_unit",),
    where: Where | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How many subjects stood at which level when months ended: domain, month, on_day, indicator, level, `by`, subjects.

    `indicators`: codes, or `"*"` for the worst level of a domain. `months` None: the newest one that is kept.
    """
    scope.demand(desk.person, "read")
    names = ("domain", "month", "on_day", "indicator", "level", *by)
    columns = [_levels.c[n] for n in names]
    newest = select(func.max(_levels.c.month)).scalar_subquery()
    asked = (
        select(*columns, func.sum(_levels.c.subjects))
        .where(_levels.c.indicator.in_(indicators), scope.rows_of(desk.person, _levels), *_at(_levels, where))
        .where(_levels.c.month == newest if months is None else _levels.c.month.in_(months))
        .group_by(*columns)
        .order_by(*columns)
    )
    if desk.person.domains is not None:
        asked = asked.where(_levels.c.domain.in_(sorted(desk.person.domains)))
    types = {n: pa.date32() if n == "on_day" else pa.string() for n in names} | {"subjects": pa.int64()}
    with desk._reading() as connection:
        return bulk.read(connection, asked, types).to_pandas()


def contributors(
    desk: Desk, domain: str, code: str, periods: Sequence[str], *, where: Where | None = None, shared: bool = False,
    limit: int = 20,
) -> tuple[int, pd.DataFrame]:  # fmt: skip
    """How many subjects stand behind a sum, and those with the largest numerators, then denominators, first.

    Columns: subject_id, code, name, PLACE, numerator, denominator.
    """
    numerator, denominator = (func.sum(_own.c[n]) for n in PERIODS.sums)
    asked = (
        _seen(desk, _own, domain, where, shared)
        .where(_own.c.indicator == code, _own.c.period.in_(periods))
        .group_by(_own.c.subject_id, *(_own.c[n] for n in PLACE))
    )
    counted = select(func.count()).select_from(asked.with_only_columns(_own.c.subject_id).subquery())
    listed = asked.with_only_columns(_own.c.subject_id, *(_own.c[n] for n in PLACE), numerator, denominator)
    listed = listed.order_by(numerator.desc(), denominator.desc(), _own.c.subject_id).limit(limit)
    types = {**dict.fromkeys(("subject_id", *PLACE), pa.string()), **dict.fromkeys(PERIODS.sums, pa.int64())}
    with desk._reading() as connection:
        total = connection.scalar(counted) or 0
        found = bulk.read(connection, listed, types).to_pandas()
        names = select(_subject.c.subject_id, func.min(_subject.c.code), func.min(_subject.c.name))
        of = found["subject_id"].tolist()
        named = bulk.read(
            connection,
            names.where(engine.among(connection, _subject.c.subject_id, of)).group_by(_subject.c.subject_id),
            dict.fromkeys(("subject_id", "code", "name"), pa.string()),
        ).to_pandas()
    found = (
        found.merge(named.astype(object), on="subject_id", how="left")
        if len(named)
        else found.assign(code=None, name=None)
    )
    return total, found.assign(**{n: found[n] / PART_SCALE for n in PERIODS.sums})


def brought_to(desk: Desk, name: str) -> date | None:
    """The day that the figures of a domain (or of its measures, "periods:…") were last brought to; None: never."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        return last_day(connection, name)


def listed_by_place(desk: Desk, dataset: str, *, by: Sequence[str] = (), where: Where | None = None) -> pd.DataFrame:
    """How many subjects a list has in scope: `by`, subjects."""
    scope.demand(desk.person, "read")
    columns = [func.coalesce(_subject.c[n], "") for n in by]
    asked = (
        select(*columns, func.count())
        .where(_subject.c.dataset == dataset, scope.rows_of(desk.person, _subject), *_at(_subject, where))
        .group_by(*columns)
    )
    with desk._reading() as connection:
        return bulk.read(connection, asked, dict.fromkeys(by, pa.string()) | {"subjects": pa.int64()}).to_pandas()


def _seen(desk: Desk, table: Table, domain: str, where: Where | None, shared: bool) -> Select:
    """A select over the table's rows of a domain that the person sees in some place."""
    scope.demand(desk.person, "read")
    mine = true()
    if desk.person.domains is not None:
        about = [table.c.listed_in.contains(f",{d},", autoescape=True) for d in sorted(desk.person.domains)]
        mine = or_(false(), *about) if shared else true() if domain in desk.person.domains else false()
    return select(table).where(table.c.domain == domain, mine, scope.rows_of(desk.person, table), *_at(table, where))


def _at(table: Table, where: Where | None) -> list[ColumnElement[bool]]:
    return [table.c[n] == code for n, code in (where or {}).items()]


def _summed(desk: Desk, asked: Select, table: Table, names: Sequence[str]) -> pd.DataFrame:
    columns = [table.c[n] for n in names]
    sums = [func.sum(table.c[n]) for n in PERIODS.sums]
    statement = asked.with_only_columns(*columns, *sums).group_by(*columns).order_by(*columns)
    types = dict.fromkeys(names, pa.string()) | dict.fromkeys(PERIODS.sums, pa.int64())
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas()
    return found.assign(**{n: found[n] / PART_SCALE for n in PERIODS.sums})
