"""Where did something start lately? Kulldorff's space-time permutation scan, looking forward.

It knows no population: it asks whether a place's share of its own cases falls in the last weeks more than that of the whole
city. So a place that has always had many isn't found, nor is a wave that goes over all of the city; a start is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pilotwatch.hotspots.kulldorff import LARGEST, windows_of

Floats = NDArray[np.float64]

WEEKS = 8  # the longest time a start may be ago
HISTORY = 52  # weeks that are compared with
SIMULATIONS = 999
ENOUGH = 10  # simulated maps that reach as much: then p is known well enough (Besag & Clifford 1991, Biometrika 78:301)


@dataclass(frozen=True)
class Start:
    """A cylinder with more cases than its share: `places` are indices, the centre first; `weeks`: since how many."""

    places: NDArray[np.int64]
    weeks: int
    observed: float
    expected: float
    likelihood: float  # log ratio
    p: float

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def recurrence(self) -> float:
        """Looked for every week, once in how many weeks chance alone gives as much."""
        return 1 / self.p


def starts(
    at: ArrayLike, week: ArrayLike, points: ArrayLike, at_risk: ArrayLike, *,
    weeks: int = WEEKS, largest: float = LARGEST, simulations: int = SIMULATIONS, seed: int = 0, most: int = 3,
) -> tuple[Start, ...]:  # fmt: skip
    """The likeliest starts that don't overlap, the likeliest first (Kulldorff et al. 2005, PLoS Med 2:e59).

    `at`, `week`: of each case its place (an index of `points`) and how many weeks ago it was (0: the last seven days).
    Cylinders: a circle about each place (`points`: places × 2, in metres) with up to the share `largest` of those `at_risk`, over
    the last 1 … `weeks` weeks. Expected of one: the cases of its places × those of its weeks ÷ all. Maps are simulated by
    shuffling the weeks among the cases; p = (1 + #{as much}) ÷ (1 + simulations), or, once ENOUGH have as much, ENOUGH ÷ the
    number of maps that took. The same with the same seed.

    >>> at, week = [0] * 12 + [1] * 12, [0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9] + [9] * 12
    >>> found = starts(at, week, [[0, 0], [1e6, 0]], [1, 1], largest=0.6, seed=1)[0]
    >>> found.places.tolist(), found.weeks, found.observed, found.expected
    ([0], 1, 6.0, 3.0)
    """
    where, when = np.asarray(at, dtype=np.int64), np.asarray(week, dtype=np.int64)
    n, total = len(np.asarray(points)), len(where)
    if not total or not (when < weeks).any() or n < 2:
        return ()
    risk = np.asarray(at_risk, dtype=float)
    windows = windows_of(risk, np.asarray(points, dtype=float), largest * risk.sum())
    of_place = np.bincount(where, minlength=n).astype(float)
    of_time = np.cumsum(np.bincount(when[when < weeks], minlength=weeks)).astype(float)
    inside = np.cumsum(of_place[windows.order], axis=1)
    inside[np.arange(windows.order.shape[1]) >= windows.sizes[:, None]] = 0.0
    expected = inside[:, :, None] * of_time / total
    observed, score = _scores(windows.order, where, when, weeks, n, expected, total)
    if score.max() <= 0:
        return ()
    rng, best = np.random.default_rng(seed), score.max() - 1e-12
    highest: list[float] = []
    beyond = 0
    while len(highest) < simulations and beyond < ENOUGH:
        shuffled = rng.permutation(when)
        highest.append(float(_scores(windows.order, where, shuffled, weeks, n, expected, total)[1].max()))
        beyond += highest[-1] >= best
    drawn = np.sort(highest)
    found: list[Start] = []
    taken = np.zeros(n, dtype=bool)
    for flat in np.argsort(-score, axis=None, kind="stable"):
        i, size, back = np.unravel_index(flat, score.shape)
        if len(found) == most or score[i, size, back] <= 0:
            break
        places = windows.order[i, : size + 1]
        places = places[(of_place[places] > 0) | (places == i)]  # a street without a case started nothing
        if taken[places].any():
            continue
        taken[places] = True
        reached = len(drawn) - np.searchsorted(drawn, score[i, size, back] - 1e-12)
        early = len(drawn) < simulations and reached >= ENOUGH
        p = reached / len(drawn) if early else (1 + reached) / (1 + len(drawn))
        found.append(Start(places, int(back) + 1, float(observed[i, size, back]), float(expected[i, size, back]), float(score[i, size, back]), float(min(1.0, p))))  # fmt: skip
    return tuple(found)


def _scores(
    order: NDArray[np.int64],
    where: NDArray[np.int64],
    when: NDArray[np.int64],
    weeks: int,
    n: int,
    expected: Floats,
    total: int,
) -> tuple[Floats, Floats]:
    """Cases and log likelihood ratio of every cylinder (place × size × weeks); 0 where it has no more than expected."""
    late = when < weeks
    counts = np.bincount(where[late] * weeks + when[late], minlength=n * weeks).reshape(n, weeks).astype(float)
    observed = np.cumsum(np.cumsum(counts, axis=1)[order], axis=1)
    score = np.zeros_like(observed)
    high = (observed > expected) & (expected > 0) & (observed > 1)
    c, e = observed[high], expected[high]
    rest = total - c
    with np.errstate(divide="ignore", invalid="ignore"):
        outer = np.where(rest > 0, rest * np.log(rest / np.maximum(total - e, 1e-12)), 0.0)
    score[high] = np.maximum(0.0, c * np.log(c / e) + outer)
    return observed, score
