"""Why a warning stands: the formula with the subject's own numbers, the bound and its basis, the trend, the source rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import LEVELS, Basis, Indicator, Input, Level, Text
from pilotwatch.frames import Stored
from pilotwatch.levels import VALUE, basis_of, level_of
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, days

MONTHS = 12  # of the trend
_SOURCE = ("id", "batch_id", "sheet", "source_row", "day", "record_key")


@dataclass(frozen=True)
class Explanation:
    """An indicator's value for one subject, with all that made it."""

    indicator: Indicator
    subject_id: str
    on: date
    value: float | None
    level: Level
    inputs: tuple[tuple[Input, float | None], ...]
    bound: str | None  # the bound of the level, as written; a bounds.SetBound where the city set it
    bound_basis: str | None  # LAW, STD, POL, PRAC
    basis: Basis | None  # of the version in force; None where no rule was in force
    trend: tuple[tuple[date, float | None, Level], ...]  # at the ends of the last months, oldest first
    sources: pd.DataFrame  # dataset, title, id, batch_id, sheet, source_row, day, record_key of the rows behind it

    @property
    def formula(self) -> Text:
        return self.indicator.formula


def explain(desk: Desk, found: Registry, code: str, subject_id: str, on: date) -> Explanation:
    """Computes the indicator for the one subject as of `on` and at the ends of the months before. KeyError: no such code."""
    indicator = next((i for i in bounds.in_force(desk, found).indicators if i.code == code), None)
    if indicator is None:
        raise KeyError(code)
    subject = [subject_id]
    registers = Stored(desk.register, indicator.registers, calendar=days.calendar(desk))
    frames = Stored(lambda dataset, columns: desk.frame(dataset, columns, subjects=subject), indicator.needs, registers)
    ends = [d.date() for d in pd.date_range(end=pd.Timestamp(on) - pd.Timedelta(days=1), periods=MONTHS, freq="ME")]
    trend = tuple((day, *_judged(indicator, frames, subject_id, day)[:2]) for day in ends)
    value, level, row = _judged(indicator, frames, subject_id, on)
    version = indicator.in_force(on)
    bound = getattr(version.levels, level, None) if version else None
    return Explanation(
        indicator, subject_id, on, value, level,
        tuple((i, _number(row.get(i.name))) for i in indicator.inputs),
        bound, basis_of(bound) if bound else None, version.basis if version else None, trend,
        _sources(desk, indicator, subject),
    )  # fmt: skip


def _judged(
    indicator: Indicator, frames: Stored, subject_id: str, on: date
) -> tuple[float | None, Level, dict[str, Any]]:
    found = indicator.compute(frames, on).astype("float64")
    frame = found.to_frame(VALUE) if isinstance(found, pd.Series) else found
    if subject_id not in frame.index:
        return None, "nodata", {}
    row = frame.loc[[subject_id]]
    version = indicator.in_force(on)
    level = level_of(row, version.levels).iloc[0] if version else LEVELS[-1]
    return _number(row[VALUE].iloc[0]), level, row.iloc[0].to_dict()


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _sources(desk: Desk, indicator: Indicator, subject: list[str]) -> pd.DataFrame:
    """The current rows of the subject in every dataset that the indicator needs."""
    parts = []
    for record in {r.spec.dataset: r for r in indicator.needs}.values():
        rows = desk.frame(record.spec.dataset, list(_SOURCE), subjects=subject)
        parts.append(rows.assign(dataset=record.spec.dataset, title=record.spec.zh))
    return pd.concat(parts, ignore_index=True)
