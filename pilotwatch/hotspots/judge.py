"""Whether each place is hot: by itself and with its neighbours, in the window looked at and in those before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from pilotwatch.aberration.tails import discoveries, mid_p
from pilotwatch.hotspots.rates import expected_by
from pilotwatch.hotspots.ring import LEAST_EXPECTED, Ring, ring_test, spread_of

Floats = NDArray[np.float64]

OWN = 0.05  # the largest mid-p by itself that a hot place may have


@dataclass(frozen=True)
class Judged:
    """Places × windows, the window looked at first."""

    expected: Floats
    p: Floats
    hot: NDArray[np.bool_]
    now: Ring | None  # of the window looked at; None of areas, which have no ring
    spread: float | None  # the dispersion of the windows before; None where there are none

    def only(self, hot: NDArray[np.bool_]) -> Judged:
        """The same with only these hot."""
        return replace(self, hot=hot)


def judge(counts: ArrayLike, at_risk: ArrayLike, near: sparse.csr_array, *, q: float = 0.05) -> Judged:
    """Two tests of each place, one alone and one with its neighbours, at the price of two: p is twice the smaller
    (Bonferroni), Benjamini-Hochberg runs over the places of a window. A hot place has itself more than its share.

    `counts`: places × windows, the first the one looked at. `at_risk`: of each place, in all windows alike.
    """
    c, n = np.asarray(counts, dtype=float), np.asarray(at_risk, dtype=float)
    expected = np.column_stack([expected_by(n, window) for window in c.T])
    spread = _spread(c[:, 1:], expected[:, 1:])
    rings = [
        ring_test(window, n, near, expected=e, spread=spread or 0.0) for window, e in zip(c.T, expected.T, strict=True)
    ]
    alone = mid_p(c, np.where(expected >= LEAST_EXPECTED, expected, np.nan), 1 + (spread or 0.0) * expected)
    p = _either(alone, np.column_stack([r.p for r in rings]))
    hot = np.column_stack([discoveries(window, q) for window in p.T]) & _more_itself(c, expected, alone)
    return Judged(expected, p, hot, rings[0], spread)


def judge_areas(counts: ArrayLike, at_risk: ArrayLike, *, q: float = 0.05) -> Judged:
    """Areas of which there are too few for neighbours to mean anything (nine units, eight divisions): each alone against
    its share of the city's, exact mid-p with the dispersion of the past, Benjamini-Hochberg over the areas of a window.
    """
    c, n = np.asarray(counts, dtype=float), np.asarray(at_risk, dtype=float)
    expected = np.column_stack([expected_by(n, window) for window in c.T])
    spread = _spread(c[:, 1:], expected[:, 1:])
    p = mid_p(c, np.where(expected >= LEAST_EXPECTED, expected, np.nan), 1 + (spread or 0.0) * expected)
    hot = np.column_stack([discoveries(window, q) for window in p.T]) & (c > expected)
    return Judged(expected, p, hot, None, spread)


def _either(alone: Floats, of_ring: Floats) -> Floats:
    return np.where(np.isnan(alone), of_ring, np.minimum(1.0, 2 * np.fmin(alone, of_ring)))


def _more_itself(counts: Floats, expected: Floats, alone: Floats) -> NDArray[np.bool_]:
    """Beside a hot place one that has no more than its own share isn't hot. Where less than a case is expected a place
    can't be tested alone; two cases are asked of it then, for one says nothing."""
    return (counts > expected) & ((alone < OWN) | (np.isnan(alone) & (counts >= 2)))


def _spread(past: Floats, expected: Floats) -> float | None:
    """The dispersion of the windows before, around what each place used to have and the city had then.

    Around the city's rate it would take every lasting hot spot for noise.
    """
    windows, total = past.shape[1], expected.sum()
    if windows < 2:
        return None
    usual = past.sum(axis=1, keepdims=True) * (expected.sum(axis=0, keepdims=True) / total if total > 0 else 0.0)
    return spread_of(past, usual) * windows / (windows - 1)
