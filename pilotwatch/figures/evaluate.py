"""Indicators over frames: pure, no store. One value and one level per subject and indicator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Indicator
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
class Evaluation:
    """A domain's subjects, the rank of the worst level of each, and what each indicator judged.

    A subject that an indicator couldn't judge is not in its `Judged`: it has no data there, and is never normal. The
    worst level is taken over the indicators that could judge; where none could it is `nodata`.
    """

    subjects: pd.Index
    worst: np.ndarray
    judged: tuple[Judged, ...]


def evaluate(domain: Domain, frames: Frames, on: date) -> Evaluation:
    """All indicators of a domain, over all subjects of its lists that the frames hold."""
    lists = [table(frames, record)["subject_id"] for record in domain.subjects]
    subjects = pd.Index(pd.concat(lists).unique() if lists else [], name="subject_id", dtype="str")
    worst = np.full(len(subjects), NODATA)
    listed = {r.spec.dataset: np.zeros(len(subjects), bool) for r in domain.subjects}
    for record, of_list in zip(domain.subjects, lists, strict=True):
        listed[record.spec.dataset][subjects.get_indexer(of_list.unique())] = True
    judged = tuple(_judge(i, frames, on, subjects, listed[i.per.spec.dataset]) for i in domain.indicators)
    for j in judged:
        worst[j.at] = np.minimum(worst[j.at], j.ranks)
    return Evaluation(subjects, worst, judged)


def _judge(indicator: Indicator, frames: Frames, on: date, subjects: pd.Index, listed: np.ndarray) -> Judged:
    """The indicator's values where they can be judged, of the subjects that its own list has."""
    version = indicator.in_force(on)
    if version is None:
        none = np.array([], dtype="int64")
        return Judged(indicator.code, none, none.astype("float64"), none)
    found = indicator.compute(frames, on).astype("float64")
    at = np.arange(len(subjects)) if found.index.equals(subjects) else subjects.get_indexer(found.index)
    ranks = level_of(found, version.levels).cat.codes.to_numpy().astype("int64")
    values = (found if isinstance(found, pd.Series) else found[VALUE]).to_numpy()
    known = (ranks != NODATA) & (at >= 0) & (listed[at] if len(listed) else False)
    return Judged(indicator.code, at[known], values[known], ranks[known])
