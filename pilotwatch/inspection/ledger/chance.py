"""How much could be merged by chance alone: the days dealt out anew among the visits of the same departments.

Many visits of many departments meet now and then whoever plans them; only what lies above that says anything about
planning. Each run keeps how often every subject is visited, by whom, and how the departments' visits spread over the
year, and forgets who was visited when (methods §4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotwatch.inspection.ledger.past import Past, Reach, find

RUNS = 19  # the real figure beyond all of 19 has one chance in 20
SEED = 20231110


@dataclass(frozen=True)
class Chance:
    """Of one place and reach: trips, those too many as they were, and by chance: the mean and 2.5 % to 97.5 %."""

    place: str
    reach: Reach
    trips: int
    missed: int
    expected: float
    low: float
    high: float


def dealt(of: Past, rng: np.random.Generator) -> np.ndarray:
    """The items' days where those of trips by the same departments, for the same kind of reason, are dealt out anew.

    Visits that stand on their day keep it.
    """
    trips = of.trips
    moves = of.items.groupby("trip")["moves"].first().reindex(range(len(trips))).fillna(False).to_numpy(bool)
    day = trips["day"].to_numpy("datetime64[D]").astype(np.int64)
    team = pd.factorize(trips["depts"].astype(object))[0]
    kind = np.where(moves, team, -1)
    order = np.argsort(kind, kind="stable")
    mixed = np.lexsort((rng.random(len(trips)), kind))
    new = day.copy()
    new[order] = day[mixed]
    new[kind < 0] = day[kind < 0]
    return new[of.items["trip"].to_numpy()]


def chance(
    of: Past, places: pd.Series, reaches: Sequence[Reach], *, runs: int = RUNS, seed: int = SEED
) -> list[Chance]:
    """For each place, and "" for all: what was missed and what chance would have. `places`: of each trip's subject.

    Reaches by plans' windows can't be dealt out: a window belongs to its visit.
    """
    rng = np.random.default_rng(seed)
    place = places.to_numpy(object)[of.items["trip"].to_numpy()] if len(of.items) else np.zeros(0, object)
    deals = [dealt(of, rng) for _ in range(runs)]
    trips = of.items.assign(place=place).groupby("place")["trip"].nunique()
    found = []
    for reach in reaches:
        real = _missed(of, place, reach, None)
        drawn = [_missed(of, place, reach, day) for day in deals]
        for name in ("", *trips.index):
            each = np.array([d.sum() if name == "" else d.get(name, 0) for d in drawn], float)
            low, high = np.quantile(each, [0.025, 0.975])
            was = real.sum() if name == "" else real.get(name, 0)
            visits = trips.sum() if name == "" else trips[name]
            found.append(Chance(name, reach, int(visits), int(was), float(each.mean()), float(low), float(high)))
    return found


def _missed(of: Past, place: np.ndarray, reach: Reach, day: np.ndarray | None) -> pd.Series:
    """Trips too many, by place."""
    best = find(of.items, reach, day, groups=False)
    rows = pd.DataFrame({"place": place, "who": of.items["who"], "trip": of.items["trip"], "visit": best.visit})
    trips = rows.groupby("place")["trip"].nunique()
    return trips - rows.drop_duplicates(["place", "who", "visit"]).groupby("place").size()
