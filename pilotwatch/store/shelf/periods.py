"""What is kept of measures: each subject's months, the sums of places by month, and how months ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Date, Select, String, delete, func, literal, select

from pilotwatch.store import bulk, engine
from pilotwatch.store.period_tables import MonthLevel, MonthSum, PlacePeriod, SubjectPeriod
from pilotwatch.store.registers import Registers
from pilotwatch.store.shelf.rollups import LEVELS, PARTS, Rollup
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

#: The period under which a measure of a state keeps what is so today.
NOW = "now"

PLACE = ("report_unit", "division_code", "street_code")
_TEXT = pa.string()

PERIODS = Rollup(
    SubjectPeriod.__table__, PlacePeriod.__table__,
    {
        "subject_id": _TEXT, "indicator": _TEXT, "period": _TEXT, "kind": _TEXT, "listed_in": _TEXT,
        "numerator": pa.int64(), "denominator": pa.int64(), **dict.fromkeys(PLACE, _TEXT),
    },
    ("indicator", "period", "kind", "listed_in", *PLACE), ("numerator", "denominator"),
)  # fmt: skip

_months, _sums, _subject = MonthLevel.__table__, MonthSum.__table__, Subject.__table__


def listings(connection: Connection, subjects: Sequence[str]) -> pd.DataFrame:
    """The lists that the subjects are in now, and where each puts them: subject_id, dataset, PLACE ("" where it says none)."""
    names = ("subject_id", "dataset", *PLACE)
    statement = select(*(_subject.c[n] for n in names)).where(
        engine.among(connection, _subject.c.subject_id, list(subjects))
    )
    found = bulk.read(connection, statement, dict.fromkeys(names, _TEXT)).to_pandas()
    return found.fillna({n: "" for n in PLACE})


def everyone_in(connection: Connection, store: Store, datasets: Sequence[str], domain: str) -> list[str]:
    """Everybody whom a current row of the datasets is about, or of whom the domain's measures still keep something."""
    found = [select(SubjectPeriod.subject_id).where(SubjectPeriod.domain == domain)]
    for dataset in datasets:
        _, table = store.dataset(dataset)
        found.append(select(table.c.subject_id).where(table.c.replaced_by.is_(None)))
    known: set[str] = set()
    for statement in found:
        known |= set(bulk.read(connection, statement.distinct(), {"subject_id": _TEXT})["subject_id"].to_pylist())
    return sorted(known)


def clear_periods(connection: Connection, domain: str) -> None:
    """Forgets what a domain's subjects give, before all of it is made anew; a recount makes the sums."""
    connection.execute(delete(PERIODS.of).where(PERIODS.of.c.domain == domain))


def add_periods(connection: Connection, domain: str, rows: pa.Table) -> None:
    """Adds rows of subjects of whom nothing is kept, without moving the sums."""
    if rows.num_rows:
        arrays = {n: rows[n].combine_chunks() for n in rows.column_names}
        bulk.insert(connection, PERIODS.of, {**arrays, "domain": domain}, order=pc.sort_indices(arrays["subject_id"]))


# --- how a month ended ---------------------------------------------------------------------------------------------


def last_day(connection: Connection, name: str) -> date | None:
    """The newest day that the figures of this name were brought to; None: never."""
    told = Registers(connection).setting(f"figures_day:{name}", None)
    return date.fromisoformat(told) if told else None


def turn(connection: Connection, name: str, on: date) -> date | None:
    """Notes that the figures of this name are brought to a day; returns the day before where that ended a month.

    Called before anything is evaluated, so that what stands is what was said when the month ended. A day of the past
    turns nothing.
    """
    before = last_day(connection, name)
    if before is None or before < on:
        Registers(connection).set_setting(f"figures_day:{name}", on.isoformat())
    return before if before and (before.year, before.month) < (on.year, on.month) else None


def close_levels(connection: Connection, domain: str, ended: date) -> None:
    """Keeps how the month of `ended` ended: the levels of a domain's places, and the sums of its areas."""
    levels, areas = LEVELS.into, PARTS.into
    key = [levels.c[n] for n in ("indicator", *PLACE, "level")]
    if not _is_kept(connection, _months, domain, ended):
        counted = select(*_of(levels, ended), *key, func.sum(levels.c.subjects), literal(ended, Date)).group_by(*key)
        names = ["domain", "month", "indicator", *PLACE, "level", "subjects", "on_day"]
        _write(connection, _months, names, counted.where(levels.c.domain == domain).group_by(levels.c.domain))
    codes = select(areas.c.indicator).where(areas.c.domain == domain).distinct()
    if not _is_kept(connection, _sums, domain, ended, codes):
        blank = literal("", String)
        kept = select(
            *_of(areas, ended), areas.c.indicator, blank, blank, *(areas.c[n] for n in PLACE),
            areas.c.numerator, areas.c.denominator, areas.c.subjects, literal(ended, Date),
        )  # fmt: skip
        _write(connection, _sums, _SUM, kept.where(areas.c.domain == domain))


def close_states(connection: Connection, domain: str, ended: date) -> None:
    """Keeps how the month of `ended` ended: the sums of the measures of a state."""
    table = PERIODS.into
    codes = select(table.c.indicator).where(table.c.domain == domain, table.c.period == NOW).distinct()
    if _is_kept(connection, _sums, domain, ended, codes):
        return
    kept = select(
        *_of(table, ended), table.c.indicator, table.c.kind, table.c.listed_in, *(table.c[n] for n in PLACE),
        table.c.numerator, table.c.denominator, table.c.subjects, literal(ended, Date),
    )  # fmt: skip
    _write(connection, _sums, _SUM, kept.where(table.c.domain == domain, table.c.period == NOW))


def keep_month(connection: Connection, domain: str, ended: date, levels: pd.DataFrame, sums: pd.DataFrame) -> None:
    """Writes how a month ended where that isn't kept yet, as evaluated afterwards.

    `levels`: indicator, PLACE, level, subjects. `sums`: indicator, kind, listed_in, PLACE, numerator, denominator (in
    millionths), subjects.
    """
    facts = {"domain": domain, "month": f"{ended:%Y-%m}", "on_day": ended.isoformat()}
    for table, rows in ((_months, levels), (_sums, sums)):
        if len(rows):
            arrays = pa.table({n: rows[n].to_numpy(object) for n in rows}).combine_chunks()
            bulk.insert(connection, table, {**{n: arrays[n].chunk(0) for n in rows}, **facts})


def months_kept(connection: Connection, domain: str) -> set[str]:
    """The months of which it is kept how they ended."""
    found: set[str] = set()
    for table in (_months, _sums):
        found |= set(connection.scalars(select(table.c.month).where(table.c.domain == domain).distinct()))
    return found


_SUM = ["domain", "month", "indicator", "kind", "listed_in", *PLACE, "numerator", "denominator", "subjects", "on_day"]


def _of(table: Any, ended: date) -> list[Any]:
    return [table.c.domain, literal(f"{ended:%Y-%m}", String)]


def _is_kept(connection: Connection, table: Any, domain: str, ended: date, codes: Select[Any] | None = None) -> bool:
    asked = select(table.c.month).where(table.c.domain == domain, table.c.month == f"{ended:%Y-%m}")
    asked = asked if codes is None else asked.where(table.c.indicator.in_(codes))
    return connection.execute(asked.limit(1)).first() is not None


def _write(connection: Connection, table: Any, names: list[str], rows: Select[Any]) -> None:
    connection.execute(table.insert().from_select(names, rows))
