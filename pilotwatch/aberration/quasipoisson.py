"""Quasi-Poisson log-linear regressions of many series on levels and a slope at once.

    log μ_t = δ_{j(t)} + β x_t + offset_t,   var y_t = φ μ_t

By iteratively re-weighted least squares (McCullagh & Nelder 1989, Generalized Linear Models, §2.5 and §9.2). Levels and
one covariate make the normal equations an arrow, which is solved in closed form from sums by level; all series share the
design, so a step is a few sums over arrays, the same on every machine however many threads its linear algebra has. A
series leaves the batch when its deviance has settled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_STEPS = 25
TOLERANCE = 1e-8  # of the deviance, relative, as R's glm
ETA = 30.0  # |log μ| is kept below: a level without any case would run to −∞
_TINY = 1e-12


@dataclass(frozen=True)
class Design:
    """The levels j(t) (n,) from 0 on, and the covariate x_t (n,), or None for no slope."""

    levels: NDArray[np.int64]
    slope: Floats | None = None


@dataclass(frozen=True)
class Fit:
    """`levels` δ (S, L), `slope` β (S,), `phi` (S,) ≥ 1, `converged` (S,)."""

    levels: Floats
    slope: Floats
    phi: Floats
    converged: Bools


def fit(y: Floats, design: Design, offset: Floats, weights: Floats, reweight_above: float | None = None) -> Fit:
    """Fits every row of `y`.

    y, offset, weights: (S, n). Weights are 1, or 0 to leave a point out. The dispersion is Pearson's
    `φ = max(1, Σ ω (y − μ)² / μ / (m − p))`, m the points with a weight, p the coefficients. With `reweight_above`,
    points whose Anscombe residual exceeds it lose weight and the fit is repeated: past surges must not raise the bound.

    Two series of six weeks, a level for the first three and one for the rest:

    >>> y = np.array([[1., 2, 3, 4, 4, 4], [4, 4, 4, 8, 8, 8]])
    >>> found = fit(y, Design(np.array([0, 0, 0, 1, 1, 1])), np.zeros((2, 6)), np.ones((2, 6)))
    >>> np.exp(found.levels).round(6)
    array([[2., 4.],
           [4., 8.]])
    """
    order = np.argsort(design.levels, kind="stable")
    arrow = _Arrow.of(design, order)
    y, offset, weights = y[:, order], offset[:, order], weights[:, order]
    found, mu = _irls(y, arrow, offset, weights)
    if reweight_above is None:
        return found
    leverage = _leverage(mu, arrow, weights)
    again = anscombe_weights(y, mu, leverage, weights > 0, found.phi, reweight_above)
    return _irls(y, arrow, offset, again)[0]


@dataclass(frozen=True)
class _Arrow:
    """A design whose points are in the order of their levels: `start` of each level (L,), `level` and `x` (n,)."""

    start: NDArray[np.int64]
    level: NDArray[np.int64]
    x: Floats
    sloped: bool

    @classmethod
    def of(cls, design: Design, order: NDArray[np.int64]) -> _Arrow:
        start, level = np.unique(design.levels[order], return_index=True, return_inverse=True)[1:]
        sloped = design.slope is not None
        return cls(start, level, design.slope[order] if sloped else np.zeros(len(order)), sloped)

    def sums(self, values: Floats) -> Floats:
        """(S, n) → (S, L)."""
        return np.add.reduceat(values, self.start, axis=1)

    def normal(self, working: Floats) -> tuple[Floats, Floats, Floats]:
        """Per series: the levels' sums A (S, L), their means of x (S, L), and the Schur complement of the slope (S,)."""
        own = np.maximum(self.sums(working), _TINY)
        if not self.sloped:
            return own, np.zeros_like(own), np.full(len(own), np.inf)
        cross = self.sums(working * self.x)
        means = cross / own
        schur = (working * self.x**2).sum(axis=1) - (means * cross).sum(axis=1)
        return own, means, np.where(schur > _TINY, schur, np.inf)  # inf: no slope can be told, so it is 0


def _irls(y: Floats, arrow: _Arrow, offset: Floats, weights: Floats) -> tuple[Fit, Floats]:
    """The fit and its means (S, n)."""
    series, count = len(y), len(arrow.start)
    levels, slope = np.zeros((series, count)), np.zeros(series)
    mu, deviance = y + 0.1, np.full(series, np.inf)
    linear = np.log(mu) - offset
    constant = (weights * (np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0) - y)).sum(axis=1)
    converged = np.zeros(series, dtype=bool)
    todo = np.arange(series)
    for _ in range(MOST_STEPS):
        yt, wt, ot = y[todo], weights[todo], offset[todo]
        target = wt * (mu[todo] * (linear[todo] - 1) + yt)
        own, means, schur = arrow.normal(wt * mu[todo])
        of_level = arrow.sums(target)
        slope[todo] = ((target * arrow.x).sum(axis=1) - (means * of_level).sum(axis=1)) / schur
        levels[todo] = of_level / own - means * slope[todo][:, None]
        fitted = levels[todo][:, arrow.level] + slope[todo][:, None] * arrow.x
        eta = np.clip(fitted + ot, -ETA, ETA)
        mu_now = np.exp(eta)
        now = 2 * (constant[todo] - (wt * (yt * eta - mu_now)).sum(axis=1))
        mu[todo], linear[todo] = mu_now, eta - ot
        settled = np.abs(now - deviance[todo]) < TOLERANCE * (np.abs(now) + 0.1)
        deviance[todo], converged[todo] = now, settled
        todo = todo[~settled]
        if not todo.size:
            break
    freedom = np.maximum((weights > 0).sum(axis=1) - count - arrow.sloped, 1)
    phi = np.maximum((weights * (y - mu) ** 2 / mu).sum(axis=1) / freedom, 1.0)
    return Fit(levels, slope, phi, converged), mu


def _leverage(mu: Floats, arrow: _Arrow, weights: Floats) -> Floats:
    """(S, n): the diagonal of the hat matrix, `ωμ (1/A_j + (x − x̄_j)² / Schur)`."""
    working = weights * mu
    own, means, schur = arrow.normal(working)
    away = arrow.x - means[:, arrow.level]
    return working * ((1 / own)[:, arrow.level] + away**2 / schur[:, None])


def anscombe_weights(y: Floats, mu: Floats, leverage: Floats, used: Bools, phi: Floats, above: float) -> Floats:
    """The weights of the second fit: `s⁻²` where the Anscombe residual s exceeds `above`, 1 elsewhere, scaled to mean 1.

    `s = 1.5 (y^⅔ μ^−⅙ − μ^½) / (φ (1 − h))^½` (Farrington et al. 1996, JRSS A 159:547; the bound 2.58 is Noufaily's).
    Shapes (S, n), phi (S,); points that are not `used` have weight 0.

    A week of 9 cases where 1 was expected has s = 4.99 and keeps a 25th of its weight beside four ordinary weeks:

    >>> y, mu = np.array([[1., 1, 1, 1, 9]]), np.ones((1, 5))
    >>> w = anscombe_weights(y, mu, np.zeros((1, 5)), np.ones((1, 5), bool), np.ones(1), 2.58)
    >>> w.round(3)
    array([[1.238, 1.238, 1.238, 1.238, 0.05 ]])
    """
    spread = np.sqrt(phi[:, None] * np.maximum(1 - leverage, 1e-6))
    s = 1.5 * (np.cbrt(y**2) * mu ** (-1 / 6) - np.sqrt(mu)) / spread
    weights = np.where(used, np.where(s > above, np.maximum(s, above) ** -2.0, 1.0), 0.0)
    return weights * (used.sum(axis=1) / np.maximum(weights.sum(axis=1), _TINY))[:, None]
