"""Quasi-Poisson log-linear regressions of many series on one design at once, by iteratively re-weighted least squares.

McCullagh & Nelder 1989, Generalized Linear Models, §2.5 and §9.2. The design is shared, so a step costs one matrix
product for all series; a series leaves the batch when its deviance has settled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_STEPS = 25
TOLERANCE = 1e-8  # of the deviance, relative, as R's glm
_ETA = 30.0  # |log μ| is kept below: a level without any case would run to −∞
_RIDGE = 1e-10  # on the scaled normal matrix: an empty column gives a coefficient of 0, not an error


@dataclass(frozen=True)
class Fit:
    """`beta` (S, p), fitted means `mu` (S, n), `phi` (S,) ≥ 1, `converged` (S,)."""

    beta: Floats
    mu: Floats
    phi: Floats
    converged: NDArray[np.bool_]


def fit(y: Floats, design: Floats, offset: Floats, weights: Floats, reweight_above: float | None = None) -> Fit:
    """Fits `log μ = X β + offset` to every row of `y`.

    y, offset, weights: (S, n); design X: (n, p). Weights are 1, or 0 to leave a point out. The dispersion is Pearson's
    `φ = max(1, Σ ω (y − μ)² / μ / (m − p))`, m the number of points with a weight. With `reweight_above`, points whose
    Anscombe residual exceeds it lose weight and the fit is repeated: past surges must not raise the bound.

    Two series of six weeks, a constant and a step of a factor two after three weeks; their means are 2, 4 and 4, 8:

    >>> y = np.array([[1., 2, 3, 4, 4, 4], [4, 4, 4, 8, 8, 8]])
    >>> step = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    >>> found = fit(y, step, np.zeros((2, 6)), np.ones((2, 6)))
    >>> np.exp(found.beta).round(6)
    array([[2., 2.],
           [4., 2.]])
    """
    first = _irls(y, design, offset, weights)
    if reweight_above is None:
        return first
    leverage = hat(first.mu, design, weights)
    again = anscombe_weights(y, first.mu, leverage, weights > 0, first.phi, reweight_above)
    return _irls(y, design, offset, again)


def _irls(y: Floats, design: Floats, offset: Floats, weights: Floats) -> Fit:
    series, p = len(y), design.shape[1]
    products = _products(design)
    beta, eta = np.zeros((series, p)), np.log(y + 0.1)
    mu, deviance = y + 0.1, np.full(series, np.inf)
    converged = np.zeros(series, dtype=bool)
    todo = np.arange(series)
    for _ in range(MOST_STEPS):
        yt, wt, ot = y[todo], weights[todo], offset[todo]
        working = wt * mu[todo]
        target = eta[todo] - ot + (yt - mu[todo]) / mu[todo]
        beta[todo] = _solve((working @ products).reshape(-1, p, p), (working * target) @ design)
        eta[todo] = np.clip(beta[todo] @ design.T + ot, -_ETA, _ETA)
        mu[todo] = np.exp(eta[todo])
        now = _deviance(yt, mu[todo], eta[todo], wt)
        settled = np.abs(now - deviance[todo]) < TOLERANCE * (np.abs(now) + 0.1)
        deviance[todo], converged[todo] = now, settled
        todo = todo[~settled]
        if not todo.size:
            break
    freedom = np.maximum((weights > 0).sum(axis=1) - p, 1)
    phi = np.maximum((weights * (y - mu) ** 2 / mu).sum(axis=1) / freedom, 1.0)
    return Fit(beta, mu, phi, converged)


def _products(design: Floats) -> Floats:
    """(n, p·p): the outer product of every row with itself, so that X'WX of all series is one product with W."""
    return np.einsum("np,nq->npq", design, design).reshape(len(design), -1)


def _solve(normal: Floats, right: Floats) -> Floats:
    """Solves (S, p, p) β = (S, p) after scaling every normal matrix to a unit diagonal."""
    scale = _scale(normal)
    return scale * np.linalg.solve(_scaled(normal, scale), (scale * right)[..., None])[..., 0]


def _scale(normal: Floats) -> Floats:
    diagonal = np.einsum("spp->sp", normal)
    return np.where(diagonal > 0, 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0)), 1.0)


def _scaled(normal: Floats, scale: Floats) -> Floats:
    return normal * scale[:, :, None] * scale[:, None, :] + _RIDGE * np.eye(normal.shape[1])


def _deviance(y: Floats, mu: Floats, eta: Floats, weights: Floats) -> Floats:
    saturated = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0)
    return 2 * (weights * (saturated - y * eta - (y - mu))).sum(axis=1)


def hat(mu: Floats, design: Floats, weights: Floats) -> Floats:
    """(S, n): the leverage of every point, `ω μ x' (X'WX)⁻¹ x`."""
    products, p = _products(design), design.shape[1]
    working = weights * mu
    normal = (working @ products).reshape(-1, p, p)
    scale = _scale(normal)
    covariance = np.linalg.inv(_scaled(normal, scale)) * scale[:, :, None] * scale[:, None, :]
    return working * (covariance.reshape(len(mu), -1) @ products.T)


def anscombe_weights(
    y: Floats, mu: Floats, leverage: Floats, used: NDArray[np.bool_], phi: Floats, above: float
) -> Floats:
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
    s = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu)) / spread
    weights = np.where(used, np.where(s > above, np.maximum(s, above) ** -2.0, 1.0), 0.0)
    return weights * (used.sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-12))[:, None]
