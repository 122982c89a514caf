"""The indicators at past dates: what each would have said then, of everybody, on what was known then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Indicator
from pilotwatch.frames import table
from pilotwatch.levels import VALUE, level_of
from pilotwatch.scorecard.known import Past
from pilotwatch.workdays import Calendar

NODATA = LEVELS.index("nodata")


@dataclass(frozen=True)
class Replay:
    """What indicators said of `subjects` on `days` (datetime64[D], increasing).

    `ranks[code]`: place in LEVELS, int8 of shape (subjects, days), NODATA where it couldn't judge. `values[code, name]`:
    the value, or an input that a bound compares, float32 of the same shape, NaN where unknown.
    """

    days: np.ndarray
    subjects: pd.Index
    ranks: Mapping[str, np.ndarray]
    values: Mapping[tuple[str, str], np.ndarray]


def replay(
    domain: Domain, indicators: Sequence[tuple[Indicator, Sequence[str]]], past: Past, registers: Past, days: Sequence[date],
    subjects: pd.Index, calendar: Calendar | None = None,
) -> Replay:  # fmt: skip
    """Evaluates the indicators on each day. `indicators`: with the names of the values to keep of each."""
    shape = (len(subjects), len(days))
    ranks = {i.code: np.full(shape, NODATA, "int8") for i, _ in indicators}
    values = {(i.code, n): np.full(shape, np.nan, "float32") for i, names in indicators for n in names}
    for at, on in enumerate(days):
        frames = past.at(on, registers.at(on), calendar)
        listed = {r.spec.dataset: _named(subjects, table(frames, r)["subject_id"]) for r in domain.subjects}
        for indicator, names in indicators:
            version = indicator.in_force(on)
            if version is None:
                continue
            found = indicator.compute(frames, on).astype("float64")
            frame = found.to_frame(VALUE) if isinstance(found, pd.Series) else found
            rows = subjects.get_indexer(frame.index)
            here = rows >= 0
            here &= listed[indicator.per.spec.dataset][rows]
            rank = level_of(frame, version.levels).cat.codes.to_numpy().astype("int8")
            ranks[indicator.code][rows[here], at] = rank[here]
            for name in names:
                values[indicator.code, name][rows[here], at] = frame[name].to_numpy()[here]
    return Replay(np.array(days, "datetime64[D]"), subjects, ranks, values)


def _named(subjects: pd.Index, ids: pd.Series) -> np.ndarray:
    """Which subjects are among the ids."""
    named = np.zeros(len(subjects), bool)
    at = subjects.get_indexer(pd.Index(ids.unique()))
    named[at[at >= 0]] = True
    return named
