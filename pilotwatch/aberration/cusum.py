"""NB-CUSUM: small excesses that last, which no single week shows.

Höhle & Paul 2008, Comput Stat Data Anal 52:4357 (the count CUSUM of a likelihood ratio). Every week adds the evidence
that its count comes from `shift` times the expectation rather than from the expectation itself, of a negative binomial
of size r = μ/(φ−1):

    C_t = max(0, C_{t−1} + y ln κ − (y + r) ln((r + κμ) / (r + μ)))

and for φ = 1 (Poisson) `y ln κ − (κ − 1) μ`. Above `limit` the rise is reported and the sum starts anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def evidence(y: ArrayLike, mu: ArrayLike, phi: ArrayLike, shift: float) -> Floats:
    """The log likelihood ratio of `shift`·μ against μ, elementwise.

    Six cases where four are expected, Poisson, against six: 6 ln 1.5 − 2 = 0.4328.

    >>> evidence(6, 4, 1, 1.5).round(4)
    np.float64(0.4328)
    """
    y, mu, phi = (np.asarray(a, dtype=float) for a in (y, mu, phi))
    spread = phi > 1 + 1e-9
    size = mu / np.where(spread, phi - 1, 1.0)
    nb = y * np.log(shift) - (y + size) * np.log((size + shift * mu) / (size + mu))
    return np.where(spread, nb, y * np.log(shift) - (shift - 1) * mu)


def cusum(y: Floats, mu: Floats, phi: Floats, shift: float, limit: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The sums and where they exceed `limit`; all (S, K), weeks in order. A week without expectation starts it anew.

    Expected 4 a week, found 7: 7 ln 1.5 − 2 = 0.838 of evidence a week; a limit of 2 is crossed in the third.

    >>> sums, crossed = cusum(np.full((1, 4), 7.0), np.full((1, 4), 4.0), np.ones((1, 4)), 1.5, 2.0)
    >>> sums.round(3), crossed
    (array([[0.838, 1.677, 2.515, 0.838]]), array([[False, False,  True, False]]))
    """
    added = evidence(y, mu, phi, shift)
    sums, crossed = np.zeros(y.shape), np.zeros(y.shape, dtype=bool)
    running = np.zeros(len(y))
    for k in range(y.shape[1]):
        running = np.nan_to_num(np.maximum(0.0, running + added[:, k]), nan=0.0)
        sums[:, k], crossed[:, k] = running, running > limit
        running = np.where(crossed[:, k], 0.0, running)
    return sums, crossed
