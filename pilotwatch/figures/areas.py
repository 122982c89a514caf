"""What the indicators say of places: ratios of sums, never means of ratios."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import LEVELS
from pilotwatch.levels import VALUE, level_of
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, shelf
from pilotwatch.workdays import today


def areas(desk: Desk, found: Registry, by: Sequence[str] = ("report_unit",), *, on: date | None = None) -> pd.DataFrame:
    """The indicators of places in the person's scope, per place, by the bounds in force `on` that day (default: today).

    `by`: any of report_unit, division_code, street_code; none: the whole scope as one place. Columns: domain, indicator,
    `by`, numerator, denominator, value (Σ numerator ÷ Σ denominator; NaN where the denominator is too small), level.
    """
    key = ["domain", "indicator", *by]
    sums = shelf.place_sums(desk).groupby(key, as_index=False)[["numerator", "denominator"]].sum()
    judged = []
    for domain in bounds.in_force(desk, found).domains:
        for indicator in domain.indicators:
            version = indicator.area.in_force(on or today()) if indicator.area else None
            if indicator.area is None or version is None:
                continue
            mine = sums[(sums["domain"] == domain.name) & (sums["indicator"] == indicator.code)].copy()
            enough = (mine["denominator"] >= indicator.area.at_least) & (mine["denominator"] > 0)
            mine[VALUE] = (mine["numerator"] / mine["denominator"]).where(enough)
            mine["level"] = level_of(mine[VALUE], version.levels)
            judged.append(mine)
    if not judged:
        return sums.assign(**{VALUE: pd.Series(dtype="float64"), "level": pd.Series(dtype="str")})
    rows = pd.concat(judged, ignore_index=True)
    rows["level"] = pd.Categorical(rows["level"], categories=list(LEVELS), ordered=True)
    return rows.sort_values(key, ignore_index=True)
