"""The local test: does a place with its neighbours have more than its share? And what is drawn beside it, Gi*."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from pilotwatch.aberration.tails import discoveries, mid_p
from pilotwatch.hotspots.rates import expected_by

Floats = NDArray[np.float64]

#: A place whose ring expects less than this is not tested: no count there could say anything.
LEAST_EXPECTED = 1.0


@dataclass(frozen=True)
class Ring:
    """The test of each place, all arrays in the order of the places; NaN where it wasn't tested."""

    observed: Floats  # of the place and its neighbours
    expected: Floats
    p: Floats  # one-sided mid-p: more than expected
    hot: NDArray[np.bool_]


def ring_test(
    counts: ArrayLike, at_risk: ArrayLike, near: sparse.csr_array, *,
    expected: ArrayLike | None = None, spread: float = 0.0, q: float = 0.05,
) -> Ring:  # fmt: skip
    """Observed against expected in the ring of each place, Benjamini-Hochberg over all that are tested.

    `near`: 0/1, a row for each place with its neighbours *and itself*. `expected`: of each place; by default its
    share at the rate of all. `spread`: the NB2 dispersion α from past periods (0: Poisson): a ring's count has the
    variance E_i + α Σ_j E_j². `q`: the share of the hot places that may be chance. Of 200 maps without any effect about
    one in a hundred shows a hot place, where Gi* on counts shows one in most (see docs/performance).
    """
    c = np.asarray(counts, dtype=float)
    e = expected_by(at_risk, c) if expected is None else np.asarray(expected, dtype=float)
    observed, of_ring = near @ c, near @ e
    variance = of_ring + spread * (near @ (e * e))
    tested = (of_ring >= LEAST_EXPECTED) & np.isfinite(of_ring)
    mean = np.where(tested, of_ring, np.nan)
    p = mid_p(observed, mean, variance / np.where(tested, of_ring, 1.0))
    return Ring(observed, of_ring, p, discoveries(p, q) & tested)


def spread_of(counts: ArrayLike, expected: ArrayLike) -> float:
    """The NB2 dispersion α of past periods by moments: Σ((c−e)² − e) ÷ Σe², never below 0. `counts`, `expected`: places ×
    periods, of periods before the one that is tested.

    >>> spread_of([[4.0, 0.0]], [[2.0, 2.0]])
    0.5
    """
    c, e = np.asarray(counts, dtype=float), np.asarray(expected, dtype=float)
    total = (e * e).sum()
    return max(0.0, float((((c - e) ** 2) - e).sum() / total)) if total > 0 else 0.0


def getis_ord(values: ArrayLike, near: sparse.csr_array) -> Floats:
    """Gi* of each place as a z-score (Ord & Getis 1995, Geogr Anal 27:286): drawn and ranked by, never tested by.

    With binary weights that count the place itself; equal to `esda.G_Local(transform="B", star=True)`, which a test
    holds it against, in one matrix product. 0 everywhere for values that are all the same.
    """
    x = np.asarray(values, dtype=float)
    n, weights = x.size, np.asarray(near.sum(axis=1)).ravel().astype(float)
    squares = np.asarray((near * near).sum(axis=1)).ravel()
    scale = x.std() * np.sqrt((n * squares - weights**2) / (n - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (near @ x - x.mean() * weights) / scale
    return np.where(scale > 0, z, 0.0)
