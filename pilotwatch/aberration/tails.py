"""Tail probabilities and bounds of counts: negative binomial by mean and dispersion, Poisson where there is none.

`phi` is the ratio of variance to mean. phi > 1 is the negative binomial with size `mu / (phi - 1)` and success
probability `1 / phi` (Noufaily et al. 2013, Stat Med 32:1206, §2.4); phi ≤ 1 is the Poisson. All functions take arrays
that broadcast, and give NaN where an argument is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_LEAST_MEAN = 1e-9  # the quantile of a mean of 0 is asked for where a baseline has no case at all
_NO_DISPERSION = 1 + 1e-9


def _either(of_nb: str, x: ArrayLike, mu: ArrayLike, phi: ArrayLike) -> Floats:
    """A method of scipy's nbinom where phi > 1, the same of its poisson elsewhere."""
    from scipy import stats  # here, for it takes longer to import than the whole store

    x, mu, phi = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (x, mu, phi)))
    mu = np.maximum(mu, _LEAST_MEAN)
    out = np.full(x.shape, np.nan)
    known = ~(np.isnan(x) | np.isnan(mu) | np.isnan(phi))
    nb, poisson = known & (phi > _NO_DISPERSION), known & (phi <= _NO_DISPERSION)
    out[nb] = getattr(stats.nbinom, of_nb)(x[nb], mu[nb] / (phi[nb] - 1), 1 / phi[nb])
    out[poisson] = getattr(stats.poisson, of_nb)(x[poisson], mu[poisson])
    return out


def quantile(probability: ArrayLike, mu: ArrayLike, phi: ArrayLike) -> Floats:
    """The smallest count whose distribution function reaches `probability`.

    Of mean 5 and variance 10, 99 of 100 weeks stay at or below 14; without dispersion it would be 11:

    >>> quantile(0.99, 5.0, [2.0, 1.0])
    array([14., 11.])
    """
    return _either("ppf", probability, mu, phi)


def tail(y: ArrayLike, mu: ArrayLike, phi: ArrayLike) -> Floats:
    """P(Y ≥ y): how often chance alone gives as many.

    >>> tail([0, 15], 5.0, 2.0).round(4)
    array([1.    , 0.0096])
    """
    return _either("sf", np.asarray(y, dtype=float) - 1, mu, phi)


def mid_p(y: ArrayLike, mu: ArrayLike, phi: ArrayLike) -> Floats:
    """P(Y > y) + ½ P(Y = y): of a count, uniform on average where `tail` is too large (Lancaster 1961, JASA 56:223).

    Of a Poisson mean of 1, P(Y > 3) = 0.0190 and P(Y = 3) = 0.0613:

    >>> mid_p(3, 1.0, 1.0).round(4)
    np.float64(0.0496)
    """
    return _either("sf", y, mu, phi) + _either("pmf", y, mu, phi) / 2


def mid_p_bound(alpha: float, mu: ArrayLike, phi: ArrayLike) -> Floats:
    """The largest count whose mid-p is still ≥ alpha: a count above it is significant.

    >>> bound = mid_p_bound(0.01, 5.0, 2.0)
    >>> float(bound), mid_p([bound, bound + 1], 5.0, 2.0).round(4)
    (14.0, array([0.0125, 0.0078]))
    """
    highest = quantile(1 - alpha, mu, phi)
    return np.where(mid_p(highest, mu, phi) >= alpha, highest, highest - 1)


def share_mid_p(y: ArrayLike, total: ArrayLike, mu: ArrayLike, mu_total: ArrayLike, phi: ArrayLike) -> Floats:
    """Mid-p of `y` cases of one place, given that the city had `total`: is its share larger than usual?

    Independent negative binomials with means μ_i and one dispersion φ, given their sum, are Dirichlet-multinomial with
    weights μ_i/(φ−1); so one place's count is beta-binomial, and the plain binomial where φ = 1 (Johnson, Kotz &
    Balakrishnan 1997, Discrete Multivariate Distributions, §35.13). NaN where `total` is 0: nothing to share.

    A place that has a quarter of the cases as a rule has 8 of 20: P(Y > 8) = 0.0409, P(Y = 8) = 0.0609.

    >>> share_mid_p(8, 20, 2.5, 10.0, 1.0).round(4)
    np.float64(0.0714)
    """
    from scipy import stats  # here, for it takes longer to import than the whole store

    y, total, mu, rest, phi = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (y, total, mu, np.asarray(mu_total) - np.asarray(mu), phi))
    )
    out = np.full(y.shape, np.nan)
    known = (total > 0) & (mu > 0) & (rest > 0) & (y <= total) & ~np.isnan(phi)
    plain, spread = known & (phi <= _NO_DISPERSION), known & (phi > _NO_DISPERSION)
    p = mu[plain] / (mu + rest)[plain]
    out[plain] = stats.binom.sf(y[plain], total[plain], p) + stats.binom.pmf(y[plain], total[plain], p) / 2
    of = (total[spread], mu[spread] / (phi[spread] - 1), rest[spread] / (phi[spread] - 1))
    out[spread] = stats.betabinom.sf(y[spread], *of) + stats.betabinom.pmf(y[spread], *of) / 2
    return out


def poisson_limits(mu: ArrayLike, alpha: float) -> tuple[Floats, Floats]:
    """The exact limits that a Poisson count of mean `mu` keeps with probability ≥ 1 − alpha, half of alpha on each side.

    >>> low, high = poisson_limits([0.8, 12.0], 0.01)
    >>> low, high
    (array([0., 4.]), array([ 4., 22.]))
    """
    from scipy import stats  # here, for it takes longer to import than the whole store

    low, high = stats.poisson.interval(1 - alpha, np.maximum(np.asarray(mu, dtype=float), _LEAST_MEAN))
    return np.maximum(low, 0), high


def discoveries(p: ArrayLike, q: float) -> NDArray[np.bool_]:
    """Which of several tests to believe if at most a share `q` of them may be chance (Benjamini & Hochberg 1995, JRSS B
    57:289). NaN is no test: it is neither believed nor counted.

    Of five, the third smallest p = 0.03 is below 3/5 · 0.1 and takes the smaller ones with it; 0.09 exceeds 4/5 · 0.1:

    >>> discoveries([0.03, 0.9, 0.001, 0.09, 0.02], 0.1)
    array([ True, False,  True, False,  True])
    """
    p = np.asarray(p, dtype=float)
    tested = np.sort(p[~np.isnan(p)])
    passing = np.flatnonzero(tested <= q * np.arange(1, tested.size + 1) / max(tested.size, 1))
    return p <= tested[passing[-1]] if passing.size else np.zeros(p.shape, dtype=bool)
