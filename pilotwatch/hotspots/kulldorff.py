"""Kulldorff's spatial scan: one headline cluster, whose p covers every window that was looked through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

SIMULATIONS = 999
LARGEST = 0.2  # of all that is expected; half, the textbook's, gives giant windows nobody can act on


@dataclass(frozen=True)
class Cluster:
    """A window with more cases than the rest: `places` are indices, the centre first."""

    places: NDArray[np.int64]
    observed: float
    expected: float
    likelihood: float  # log ratio
    p: float

    @property
    def ratio(self) -> float:
        return self.observed / self.expected


def scan(
    counts: ArrayLike, at_risk: ArrayLike, points: ArrayLike, *,
    largest: float = LARGEST, simulations: int = SIMULATIONS, seed: int = 0, most: int = 3,
) -> tuple[Cluster, ...]:  # fmt: skip
    """The most likely clusters that don't overlap, the likeliest first (Kulldorff 1997, Commun Stat 26:1481).

    Circular windows about each place, Poisson, up to the share `largest` of what is expected. `points`: places × 2, in a
    plane (metres, not degrees: a circle must be round). p = (1 + #{simulated maximum ≥ this}) ÷ (1 + simulations), with this seed the same
    when run again.
    """
    c, n, xy = (np.asarray(a, dtype=float) for a in (counts, at_risk, points))
    total = c.sum()
    if total <= 0 or n.sum() <= 0:
        return ()
    e = n * total / n.sum()
    windows = windows_of(e, xy, largest * total)
    observed, likelihood = _scores(windows, c, e, total)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(int(total), e / e.sum(), size=simulations)
    highest = np.sort([_scores(windows, d.astype(float), e, total)[1].max(initial=0.0) for d in drawn])
    return _apart(windows, observed, e, likelihood, highest, most)


@dataclass(frozen=True)
class Windows:
    order: NDArray[np.int64]  # place × rank: its neighbours, nearest first
    sizes: NDArray[np.int64]  # how many of them its largest window takes


def windows_of(e: Floats, xy: Floats, limit: float) -> Windows:
    reach = min(len(e), 1 + int(np.searchsorted(np.cumsum(np.sort(e)), limit, side="right")))
    _, order = cKDTree(xy).query(xy, k=reach)
    order = order.reshape(len(e), reach)
    within = np.cumsum(e[order], axis=1) <= limit
    return Windows(order, within.sum(axis=1))


def _scores(windows: Windows, c: Floats, e: Floats, total: float) -> tuple[Floats, Floats]:
    """Cases and log likelihood ratio of every window (place × size); 0 where it has no more than expected."""
    inside, expected = np.cumsum(c[windows.order], axis=1), np.cumsum(e[windows.order], axis=1)
    high = (inside > expected) & (np.arange(inside.shape[1]) < windows.sizes[:, None])
    score = np.zeros_like(inside)
    i, m = inside[high], expected[high]
    rest = total - i
    with np.errstate(divide="ignore", invalid="ignore"):
        outer = np.where(rest > 0, rest * np.log(rest / (total - m)), 0.0)
    score[high] = i * np.log(i / m) + outer
    return inside, score


def _apart(
    windows: Windows, observed: Floats, e: Floats, score: Floats, highest: Floats, most: int
) -> tuple[Cluster, ...]:
    """The likeliest windows of which none shares a place with a likelier one."""
    found: list[Cluster] = []
    taken = np.zeros(len(e), dtype=bool)
    for flat in np.argsort(score, axis=None)[::-1]:
        at, size = np.unravel_index(flat, score.shape)
        if len(found) == most or score[at, size] <= 0:
            break
        places = windows.order[at, : size + 1]
        if not taken[places].any():
            taken[places] = True
            beyond = len(highest) - np.searchsorted(highest, score[at, size] - 1e-12)
            p = (1 + beyond) / (1 + len(highest))
            found.append(Cluster(places, observed[at, size], float(e[places].sum()), float(score[at, size]), float(p)))
    return tuple(found)
