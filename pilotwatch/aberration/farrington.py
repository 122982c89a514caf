"""Farrington flexible: is this week above what the same season of earlier years lets expect?

Noufaily, Enki, Farrington, Garthwaite, Andrews & Charlett 2013, Stat Med 32:1206; notation of Salmon, Schumacher &
Höhle 2016, J Stat Softw 70(10), §2.2, whose R package `surveillance` the results are held against.

    log μ_t = δ_{j(t)} + β t + log n_t,   var y_t = φ μ_t

over the last b years without the newest 26 weeks; j(t) one of ten seasonal levels, that of the week in question being
the 2w+1 weeks around it in every year; fitted twice, the second time with past surges down-weighted. The trend stays
unless it would carry the expectation above everything that was ever seen (and needs three years). The bound is a
negative binomial quantile of mean μ₀ and variance φμ₀ ("nbPlugin").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pilotwatch.aberration.quasipoisson import ETA, Design, Fit, fit
from pilotwatch.aberration.settings import Settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_AT_ONCE = 512  # fits in one batch: its arrays of 512 × 240 stay in the processor's cache
_LEAST_YEARS_OF_A_TREND = 3  # Noufaily et al. 2013, §2.3


@dataclass(frozen=True)
class Expectation:
    """What a week lets expect, per series and week: mean `mu`, dispersion `phi` (variance/mean), years of baseline.

    Arrays (S, K); NaN (and 0 years) where the series is too short or has no subjects at risk.
    """

    mu: Floats
    phi: Floats
    years: NDArray[np.int64]


@dataclass(frozen=True)
class Baseline:
    """The weeks a week is compared with, counted back from it: `lags` (n,), their seasonal `levels` (n,), 0 the week's own."""

    lags: NDArray[np.int64]
    levels: NDArray[np.int64]


def anchors(years: int, year_weeks: float) -> NDArray[np.int64]:
    """How many weeks ago each anniversary was, this week (0) first.

    >>> anchors(3, 365.25 / 7)
    array([  0,  52, 104, 157])
    """
    return np.round(np.arange(years + 1) * year_weeks).astype(np.int64)


@lru_cache(maxsize=32)
def baseline(years: int, half_window: int, levels: int, recent: int, year_weeks: float) -> Baseline:
    """The weeks of the last `years` years up to half a window before the oldest anniversary, without the newest `recent`.

    Level 0 are the weeks within `half_window` of an anniversary; the weeks between two such windows are cut, oldest
    first, into `levels` − 1 stretches as equal as can be. With a year of 12 weeks, windows of ±1 and 4 levels:

    >>> b = baseline(1, 1, 4, 2, 12)
    >>> b.lags
    array([ 3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13])
    >>> b.levels
    array([3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 0])

    Nine weeks, 10 to 2 ago, lie between the windows around 12 and 0 weeks ago: three to a level. Week 2 is too recent.
    """
    anniversaries = anchors(years, year_weeks)
    level = np.zeros(anniversaries[-1] + half_window + 1, dtype=np.int64)
    for newer, older in pairwise(anniversaries):
        between = np.arange(older - half_window - 1, newer + half_window, -1)
        for j, stretch in enumerate(np.array_split(between, levels - 1), start=1):
            level[stretch] = j
    lags = np.arange(recent + 1, len(level))
    return Baseline(lags, level[lags])


def years_of(history: NDArray[np.int64], settings: Settings) -> NDArray[np.int64]:
    """How many years of baseline a history of so many weeks before the week in question allows, at most `settings.years`.

    >>> years_of(np.array([54, 55, 107, 160, 400]), Settings())
    array([0, 1, 2, 3, 5])
    """
    needed = anchors(settings.years, settings.year_weeks)[1:] + settings.half_window
    return np.searchsorted(needed, history, side="right")


def expect(
    counts: Floats, at_risk: Floats, usable: Bools, history: NDArray[np.int64], back: int, settings: Settings
) -> Expectation:
    """What each of the last `back` weeks let expect, from the weeks before it.

    counts, at_risk, usable: (S, W), weeks in order, the last column the week in question; `usable` False leaves a week
    out of every baseline (a holiday, not observed). history (S,): weeks observed before the last column. Column k of
    the result is the week k weeks ago, judged as it would have been then.
    """
    series, width = counts.shape
    mu, phi = np.full((series, back), np.nan), np.full((series, back), np.nan)
    exposed = at_risk[:, ::-1][:, :back] > 0
    years = np.where(exposed, years_of(history[:, None] - np.arange(back), settings), 0)
    for b in np.unique(years[years > 0]):
        weeks = baseline(
            int(b), settings.half_window, settings.seasons, settings.recent_farrington, settings.year_weeks
        )
        rows, ago = np.nonzero(years == b)
        for part in np.array_split(np.arange(rows.size), max(1, -(-rows.size // _AT_ONCE))):
            s, k = rows[part], ago[part]
            columns = (width - 1 - k)[:, None] - weeks.lags
            mu[s, k], phi[s, k] = _expect(
                counts[s[:, None], columns],
                at_risk[s[:, None], columns] / at_risk[s, width - 1 - k][:, None],
                usable[s[:, None], columns],
                weeks,
                trend=b >= _LEAST_YEARS_OF_A_TREND,
                settings=settings,
            )
    return Expectation(mu, phi, years)


def _expect(
    y: Floats, exposure: Floats, usable: Bools, weeks: Baseline, trend: bool, settings: Settings
) -> tuple[Floats, Floats]:
    """Mean and dispersion of each row's week; all (S, n). Exposure is relative to the week in question, whose own is 1.

    NaN where no week of the same season is left to compare with.
    """
    used = usable & (exposure > 0)
    weights = used.astype(float)
    offset = np.log(np.where(used, exposure, 1.0))
    y = np.where(used, y, 0.0)
    mu, phi = np.zeros(len(y)), np.ones(len(y))
    flat = np.ones(len(y), dtype=bool)
    if trend:
        design = Design(weeks.levels, -weeks.lags / settings.year_weeks)
        mu, phi, converged = _at_the_week(fit(y, design, offset, weights, settings.reweight_above))
        flat = ~converged | (mu > y.max(axis=1))
    if flat.any():
        level = fit(y[flat], Design(weeks.levels), offset[flat], weights[flat], settings.reweight_above)
        mu[flat], phi[flat], _ = _at_the_week(level)
    mu[~used[:, weeks.levels == 0].any(axis=1)] = np.nan
    return mu, phi


def _at_the_week(found: Fit) -> tuple[Floats, Floats, Bools]:
    """Time, exposure and season are counted from the week in question, so its expectation is its level's coefficient."""
    return np.exp(np.clip(found.levels[:, 0], -ETA, ETA)), found.phi, found.converged
