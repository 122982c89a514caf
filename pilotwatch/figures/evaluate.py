"""Indicators over frames: pure, no store. One value and one level per subject and indicator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Indicator
from pilotwatch.levels import level_of

#: The pseudo-indicator under which the worst level of a subject within a domain is kept.
WORST = "*"

Frames = Mapping[str, pd.DataFrame]


def values_of(indicator: Indicator, frames: Frames, on: date) -> pd.DataFrame:
    """One row per subject of `indicator.per`: subject_id, indicator, value, level.

    A subject for which nothing can be computed is there with a null value and the level `nodata`, never `normal`.
    """
    subjects = pd.Index(frames[indicator.per.spec.dataset]["subject_id"].unique(), name="subject_id")
    values = indicator.compute(frames, on).reindex(subjects).astype("float64")
    return pd.DataFrame(
        {
            "subject_id": subjects,
            "indicator": indicator.code,
            "value": values.to_numpy(),
            "level": level_of(values, indicator.levels).to_numpy(),
        }
    )


def evaluate(domain: Domain, frames: Frames, on: date) -> pd.DataFrame:
    """All indicators of a domain plus, per subject, the worst of them under the code `*`.

    The worst is taken over the judged indicators; a subject that none could judge stays `nodata`.
    """
    parts = [values_of(i, frames, on) for i in domain.indicators if i.per.spec.dataset in frames]
    subjects = [frames[r.spec.dataset]["subject_id"] for r in domain.subjects if r.spec.dataset in frames]
    everyone = pd.DataFrame({"subject_id": pd.concat(subjects).unique() if subjects else []})
    every = pd.concat(
        [*parts, everyone.assign(indicator="", value=None, level="nodata")], ignore_index=True
    )  # a subject without any indicator is counted too
    rank = every["level"].map({level: i for i, level in enumerate(LEVELS)})
    worst = rank.groupby(every["subject_id"], sort=False).min()
    best = pd.DataFrame(
        {
            "subject_id": worst.index,
            "indicator": WORST,
            "value": float("nan"),
            "level": [LEVELS[i] for i in worst],
        }
    )
    return pd.concat([*parts, best], ignore_index=True)
