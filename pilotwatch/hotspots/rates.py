"""Rates of small numbers: exact intervals, smoothing, and how far chance alone scatters them.

`observed`: counts; `expected` or `at_risk`: what they are held against. All are arrays of one shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pilotwatch.evaluation.limits import count_limits

Floats = NDArray[np.float64]


def expected_by(at_risk: ArrayLike, observed: ArrayLike) -> Floats:
    """What each place would have at the rate of all together (indirect standardisation): E_i = n_i · ΣO ÷ Σn.

    >>> expected_by([100, 300], [1, 7])
    array([2., 6.])
    """
    at_risk = np.asarray(at_risk, dtype=float)
    total = at_risk.sum()
    return at_risk * (np.asarray(observed, dtype=float).sum() / total if total > 0 else np.nan)


def ratio(observed: ArrayLike, expected: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Standardised ratio O ÷ E with its exact Poisson limits (`count_limits`); NaN where E is 0.

    Of 4 cases where 2 were expected, the limits of O are 1.0899 and 10.2416:

    >>> [np.round(part, 4) for part in ratio([4.0], [2.0])]
    [array([2.]), array([0.5449]), array([5.1208])]
    """
    o, e = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    e = np.where(e > 0, e, np.nan)
    low, high = count_limits(o, confidence)
    return o / e, low / e, high / e


def smoothed(observed: ArrayLike, at_risk: ArrayLike) -> Floats:
    """Empirical-Bayes rates: each drawn towards the rate of all, the more the fewer it has at risk (Marshall 1991, Appl
    Stat 40:283). NaN where nobody is at risk. Where the rates vary less than chance makes them, all are the same.
    """
    c, n = np.asarray(observed, dtype=float), np.asarray(at_risk, dtype=float)
    known = n > 0
    out = np.full(c.shape, np.nan)
    if not known.any():
        return out
    c, n = c[known], n[known]
    overall = c.sum() / n.sum()
    between = max(0.0, float((n * (c / n - overall) ** 2).sum() / n.sum() - overall / n.mean()))
    weight = between / (between + overall / n) if overall > 0 else np.zeros_like(n)
    out[known] = weight * c / n + (1 - weight) * overall
    return out


def funnel(expected: ArrayLike, probability: float, dispersion: float = 1.0) -> tuple[Floats, Floats]:
    """The limits between which a ratio O ÷ E stays with this probability if nothing is the matter: the funnel's edges
    over E (Spiegelhalter 2005, Stat Med 24:1185). `dispersion`: variance over mean of O; 1 is Poisson.

    The 2.5 % and 97.5 % quantiles of a Poisson mean of 9 are 4 and 15:

    >>> [np.round(edge, 3) for edge in funnel([9.0], 0.95)]
    [array([0.444]), array([1.667])]
    """
    e = np.asarray(expected, dtype=float)
    tail = (1 - probability) / 2
    mean = np.maximum(e, 1e-9)
    if dispersion > 1:
        size, chance = mean / (dispersion - 1), 1 / dispersion
        low, high = stats.nbinom.ppf(tail, size, chance), stats.nbinom.ppf(1 - tail, size, chance)
    else:
        low, high = stats.poisson.ppf(tail, mean), stats.poisson.ppf(1 - tail, mean)
    return np.maximum(low, 0) / mean, high / mean
