"""One model of all places, for histories too short to compare seasons place by place.

    log μ_it = α_i + β t + Σ_k (γ_k cos 2πkt + δ_k sin 2πkt) + log n_it,   var y_it = φ μ_it

i a place, t in years from the week in question, n the subjects at risk. Every place has its own rate (those with few
cases share one), trend and season are the city's. Fitted twice, the second time with past surges down-weighted
(Noufaily et al. 2013). A new count is negative binomial with variance `φμ + (μ·se)²`, se that of log μ.

As the places share their covariates, the normal equations are those of a block with a diagonal: a fit costs what
reading its counts costs, for 8 places or 800 (McCullagh & Nelder 1989, §3.8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotwatch.aberration.quasipoisson import ETA, MOST_STEPS, TOLERANCE, anscombe_weights
from pilotwatch.aberration.settings import Settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_RIDGE = 1e-10


@dataclass(frozen=True)
class Prediction:
    """The week in question, per place (P,): expected `mu`, `ratio` of a new count's variance to it, and the model's `phi`.

    `fitted` (P, T): the means of the baseline's weeks, from which the model of the week before can start.
    """

    mu: Floats
    ratio: Floats
    phi: float
    fitted: Floats


def predict(
    counts: Floats, at_risk: Floats, usable: Bools, settings: Settings, after: Prediction | None = None
) -> Prediction:
    """What the week after the last column of the baseline lets expect of each place.

    counts, at_risk, usable: (P, W), weeks in order; the last column is the week in question, of which only `at_risk` is
    read. after: what was found for the week after it, to begin with. NaN for a place without a usable week, or whose
    subjects at risk are unknown. Where a rate's places had no case in the whole baseline, half a case is taken for none:
    an expectation of 0 would make any case infinitely unlikely.

    Three places with 1, 2 and 4 cases a week among 100, 200 and 400 subjects, 40 weeks long; a week later the second
    has 300 subjects:

    >>> counts = np.repeat([[1.], [2.], [4.]], 41, axis=1)
    >>> at_risk = np.repeat([[100.], [200.], [400.]], 41, axis=1)
    >>> at_risk[1, -1] = 300
    >>> found = predict(counts, at_risk, np.ones((3, 41), bool), Settings())
    >>> found.mu.round(6), found.phi
    (array([1., 3., 4.]), 1.0)
    """
    weeks = np.arange(counts.shape[1] - 1 - settings.recent_pooled)[-settings.pooled_weeks :]
    used = usable[:, weeks] & (at_risk[:, weeks] > 0) & (at_risk[:, -1:] > 0)
    y = np.where(used, counts[:, weeks], 0.0)
    offset = np.log(np.where(used, at_risk[:, weeks], 1.0))
    rates = rate_classes(y.sum(axis=1), settings.own_rate_cases)
    covariates = seasonal_terms(weeks - (counts.shape[1] - 1), settings.year_weeks)
    now = seasonal_terms(np.array([0]), settings.year_weeks)[:, : covariates.shape[1]][0]
    start = None if after is None else _a_week_earlier(after.fitted, len(weeks))
    found = fit(y, covariates, offset, used.astype(float), rates, start)
    one_row = (a.reshape(1, -1) for a in (y, found.mu, found.leverage(), used))
    weights = anscombe_weights(*one_row, np.array([found.phi]), settings.reweight_above)
    found = fit(y, covariates, offset, weights.reshape(y.shape), rates, found.mu)
    with np.errstate(divide="ignore", invalid="ignore"):
        eta = found.alpha[rates] + found.beta @ now + np.log(at_risk[:, -1])
        half = 0.5 * at_risk[:, -1] / _by_class(np.where(used, at_risk[:, weeks], 0.0), rates)
    empty = _by_class(y, rates) == 0
    mu = np.where(empty, half, np.exp(np.clip(eta, -ETA, ETA)))
    ratio = found.phi + np.where(empty, 0.0, mu * found.variance(now)[rates])
    known = used.any(axis=1)
    return Prediction(np.where(known, mu, np.nan), np.where(known, ratio, np.nan), found.phi, found.mu)


def _a_week_earlier(fitted: Floats, weeks: int) -> Floats:
    """The means of a baseline that ends a week earlier, of the same length or one week shorter."""
    return np.column_stack([fitted[:, :1], fitted[:, :-1]])[:, -weeks:]


def _by_class(values: Floats, rates: NDArray[np.int64]) -> Floats:
    """(P,): the sum over the places that share a place's rate."""
    return np.bincount(rates, values.sum(axis=1))[rates]


def rate_classes(cases: Floats, enough: int) -> NDArray[np.int64]:
    """Which rate each place has: its own with at least `enough` cases in the baseline, else one shared by all such places.

    >>> rate_classes(np.array([40., 0, 9, 3]), 5)
    array([0, 2, 1, 2])
    """
    own = cases >= enough
    return np.where(own, np.cumsum(own) - 1, own.sum())


def seasonal_terms(weeks: NDArray[np.int64], year_weeks: float) -> Floats:
    """Trend (in years) and harmonics of the given weeks, counted from the week in question: (len(weeks), 1, 3 or 5).

    A season can't be told from a trend before a year has been seen: none below one year, one harmonic from one, two
    from a year and a half on.
    """
    years = weeks / year_weeks
    seen = -years.min() if weeks.any() else np.inf
    harmonics = int(seen >= 1) + int(seen >= 1.5)
    waves = [f(2 * np.pi * k * years) for k in range(1, harmonics + 1) for f in (np.cos, np.sin)]
    return np.column_stack([years, *waves])


@dataclass(frozen=True)
class Fit:
    """`alpha` (C,) log rates of the classes, `beta` (q,), `mu` (P, T), `phi` ≥ 1, and what leverage and variance need."""

    alpha: Floats
    beta: Floats
    mu: Floats
    phi: float
    rates: NDArray[np.int64]
    covariates: Floats
    working: Floats
    own: Floats
    means: Floats
    inverse: Floats

    def variance(self, z: Floats) -> Floats:
        """(C,): the variance of log μ of each class at covariates `z` (q,)."""
        away = z - self.means
        return self.phi * (1 / self.own + np.einsum("cq,qr,cr->c", away, self.inverse, away))

    def leverage(self) -> Floats:
        """(P, T): the diagonal of the hat matrix."""
        z, m = self.covariates, self.means
        of_week, of_class = ((z @ self.inverse) * z).sum(axis=1), ((m @ self.inverse) * m).sum(axis=1)
        form = of_week - 2 * m @ self.inverse @ z.T + (of_class + 1 / self.own)[:, None]
        return self.working * form[self.rates]


def fit(
    y: Floats,
    covariates: Floats,
    offset: Floats,
    weights: Floats,
    rates: NDArray[np.int64],
    start: Floats | None = None,
) -> Fit:
    """Fits `log μ_it = α_{rates(i)} + z_t'β + offset` by iteratively re-weighted least squares.

    y, offset, weights: (P, T); covariates z: (T, q); rates: (P,); start: the μ to begin with, y + 0.1 by default. The
    normal equations of (α, β) are `[[A, B], [B', D]]` with A diagonal, so β solves the Schur complement `D − B' A⁻¹ B`
    and α follows.
    """
    classes = rates.max() + 1
    mu = y + 0.1 if start is None else start
    eta, deviance = np.log(mu), np.inf
    saturated = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0)
    order = np.argsort(rates, kind="stable")
    first = np.searchsorted(rates[order], np.arange(classes))

    def by_class(values: Floats) -> Floats:
        return np.add.reduceat(values[order], first, axis=0)

    for _ in range(MOST_STEPS):
        working = weights * mu
        target = working * (eta - offset + (y - mu) / mu)
        own, means, inverse, cross = _blocks(by_class(working), covariates)
        of_class = by_class(target.sum(axis=1))
        beta = inverse @ (covariates.T @ target.sum(axis=0) - cross.T @ (of_class / own))
        alpha = of_class / own - means @ beta
        eta = np.clip(alpha[rates][:, None] + covariates @ beta + offset, -ETA, ETA)
        mu = np.exp(eta)
        now = 2 * (weights * (saturated - y * eta - (y - mu))).sum()
        if abs(now - deviance) < TOLERANCE * (abs(now) + 0.1):
            break
        deviance = now
    freedom = max((weights > 0).sum() - classes - covariates.shape[1], 1)
    phi = max(float((weights * (y - mu) ** 2 / mu).sum() / freedom), 1.0)
    own, means, inverse, _ = _blocks(by_class(weights * mu), covariates)
    return Fit(alpha, beta, mu, phi, rates, covariates, weights * mu, own, means, inverse)


def _blocks(by_class: Floats, covariates: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of the normal equations: A's diagonal (C,), A⁻¹B (C, q), the inverse Schur complement (q, q) and B (C, q)."""
    own = np.maximum(by_class.sum(axis=1), 1e-12)
    cross = by_class @ covariates
    means = cross / own[:, None]
    schur = covariates.T @ (by_class.sum(axis=0)[:, None] * covariates) - cross.T @ means
    return own, means, np.linalg.inv(schur + _RIDGE * (1 + np.trace(schur)) * np.eye(len(schur))), cross
