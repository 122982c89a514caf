"""What the indicators say of places: ratios of sums, never means of ratios."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pilotwatch.domain import LEVELS
from pilotwatch.levels import VALUE, level_of
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, shelf


def areas(desk: Desk, found: Registry, by: Sequence[str] = ("report_unit",)) -> pd.DataFrame:
    """The indicators of places in the person's scope, per place.

    `by`: any of report_unit, division_code, street_code; none: the whole scope as one place. Columns: domain, indicator,
    `by`, numerator, denominator, value (Σ numerator ÷ Σ denominator; NaN where the denominator is too small), level.
    """
    key = ["domain", "indicator", *by]
    sums = shelf.place_sums(desk).groupby(key, as_index=False)[["numerator", "denominator"]].sum()
    judged = []
    for domain in found.domains:
        for indicator in domain.indicators:
            if indicator.area is None:
                continue
            mine = sums[(sums["domain"] == domain.name) & (sums["indicator"] == indicator.code)].copy()
            enough = (mine["denominator"] >= indicator.area.at_least) & (mine["denominator"] > 0)
            mine[VALUE] = (mine["numerator"] / mine["denominator"]).where(enough)
            mine["level"] = level_of(mine[VALUE], indicator.area.levels)
            judged.append(mine)
    if not judged:
        return sums.assign(**{VALUE: pd.Series(dtype="float64"), "level": pd.Series(dtype="str")})
    rows = pd.concat(judged, ignore_index=True)
    rows["level"] = pd.Categorical(rows["level"], categories=list(LEVELS), ordered=True)
    return rows.sort_values(key, ignore_index=True)
