"""Indicators over frames: pure, no store. One value and one level per subject and indicator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Area, Domain, Indicator, Levels
from pilotwatch.frames import Frames, table
from pilotwatch.levels import VALUE, level_of

#: The pseudo-indicator under which the worst level of a subject within a domain is kept.
WORST = "*"

NODATA = LEVELS.index("nodata")


@dataclass(frozen=True)
class Judged:
    """One indicator's result: for `subjects[at]` the value and the rank of its level (its place in LEVELS)."""

    indicator: str
    at: np.ndarray
    values: np.ndarray
    ranks: np.ndarray


@dataclass(frozen=True)
class Parts:
    """What an indicator of places takes from `subjects[at]`: numerators and denominators."""

    indicator: str
    at: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray


@dataclass(frozen=True)
class Evaluation:
    """A domain's subjects, the rank of the worst level of each, and what each indicator judged.

    A subject that an indicator couldn't judge is not in its `Judged`: it has no data there, and is never normal. The
    worst level is taken over the indicators that could judge; where none could it is `nodata`.
    """

    subjects: pd.Index
    worst: np.ndarray
    judged: tuple[Judged, ...]
    parts: tuple[Parts, ...] = ()


def evaluate(domain: Domain, frames: Frames, on: date, indicators: Iterable[Indicator] | None = None) -> Evaluation:
    """The indicators of a domain (default: all), over all subjects of its lists that the frames hold.

    One that judges the subjects of a list of which there are none is passed over.
    """
    lists = [table(frames, record)["subject_id"] for record in domain.subjects]
    subjects = pd.Index(pd.concat(lists).unique() if lists else [], name="subject_id")
    worst = np.full(len(subjects), NODATA)
    listed = {r.spec.dataset: np.zeros(len(subjects), bool) for r in domain.subjects}
    for record, of_list in zip(domain.subjects, lists, strict=True):
        listed[record.spec.dataset][subjects.get_indexer(of_list.unique())] = True
    judged, parts = [], []
    for indicator in domain.indicators if indicators is None else indicators:
        mine = listed[indicator.per.spec.dataset]
        if not mine.any():
            continue
        found = indicator.compute(frames, on).astype("float64")
        at = np.arange(len(subjects)) if found.index.equals(subjects) else subjects.get_indexer(found.index)
        known = (at >= 0) & mine[at]
        found, at = (found, at) if known.all() else (found[known], at[known])
        if version := indicator.in_force(on):
            judged.append(_judge(indicator, version.levels, found, at))
        if indicator.area:
            parts.append(_parts(indicator, indicator.area, found, at))
    for j in judged:
        worst[j.at] = np.minimum(worst[j.at], j.ranks)
    return Evaluation(subjects, worst, tuple(judged), tuple(parts))


def _judge(indicator: Indicator, levels: Levels, found: pd.Series | pd.DataFrame, at: np.ndarray) -> Judged:
    ranks = level_of(found, levels).cat.codes.to_numpy().astype("int64")
    values = (found if isinstance(found, pd.Series) else found[VALUE]).to_numpy()
    known = ranks != NODATA
    return Judged(indicator.code, at[known], values[known], ranks[known])


def _parts(indicator: Indicator, area: Area, found: pd.DataFrame, at: np.ndarray) -> Parts:
    parts = found[[area.numerator, area.denominator]].to_numpy()
    known = ~np.isnan(parts).any(axis=1)
    return Parts(indicator.code, at[known], parts[known, 0], parts[known, 1])
