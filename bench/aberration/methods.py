"""The alarms of each method, (S, tested weeks), each week judged as of that week; and what they are worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.aberration.designs import DISTRICTS, SHORT_TESTED, TESTED, Floats, Series
from pilotwatch.aberration import Settings, cusum, ears, farrington, pooled, tails

Bools = NDArray[np.bool_]


def enough(counts: Floats, weeks: int) -> Bools:
    """Five cases in four weeks."""
    sums = np.cumsum(np.pad(counts, ((0, 0), (4, 0))), axis=1)
    return (sums[:, 4:] - sums[:, :-4])[:, -weeks:] >= 5


def seasonal(s: Series, weeks: int, settings: Settings) -> tuple[Floats, Floats]:
    """Farrington's expectation and dispersion of each tested week, judged as of that week."""
    usable, history = np.ones(s.counts.shape, dtype=bool), np.full(len(s.counts), s.counts.shape[1] - 1)
    found = farrington.expect(s.counts, np.ones(s.counts.shape), usable, history, weeks, settings)
    return found.mu[:, ::-1], found.phi[:, ::-1]


def together(s: Series, weeks: int, settings: Settings) -> Floats:
    """The pooled model's mid-p of each tested week, `DISTRICTS` series at a time."""
    p = np.full((len(s.counts), weeks), np.nan)
    for first in range(0, len(s.counts), DISTRICTS):
        mine = slice(first, first + DISTRICTS)
        for k in range(weeks):
            upto = s.counts.shape[1] - weeks + k + 1
            at_risk = np.repeat(s.at_risk[mine, None], upto, axis=1)
            found = pooled.predict(s.counts[mine, :upto], at_risk, np.ones(at_risk.shape, dtype=bool), settings)
            p[mine, k] = tails.mid_p(s.counts[mine, upto - 1], found.mu, found.ratio)
    return p


def believed(p: Floats, q: float) -> Bools:
    """Benjamini–Hochberg over the districts of each week."""
    groups = p.reshape(-1, DISTRICTS, p.shape[1])
    return (
        np.array([[tails.discoveries(g[:, k], q) for k in range(p.shape[1])] for g in groups])
        .swapaxes(1, 2)
        .reshape(p.shape)
    )


def _per_week(alarm: Bools) -> NDArray[np.int64]:
    """How many districts of the same repetition have an alarm, at each of them."""
    groups = alarm.reshape(-1, DISTRICTS, alarm.shape[1])
    return np.repeat(groups.sum(axis=1), DISTRICTS, axis=0)


def published_methods(s: Series) -> dict[str, Bools]:
    settings = Settings(year_weeks=52)
    mu, phi = seasonal(s, TESTED, settings)
    y, many = s.counts[:, -TESTED:], enough(s.counts, TESTED)
    above = {alpha: (y > tails.quantile(1 - alpha, mu, phi)) & many for alpha in (0.01, 0.05)}
    again = above[0.05][:, 1:] & above[0.05][:, :-1]
    creeping = {h: cusum.cusum(y, mu, phi, settings.shift, h)[1] for h in (2, 3, 4)}
    return {
        "Farrington flexible, α = .01 (our red)": above[0.01],
        "Farrington flexible, α = .05": above[0.05],
        "α = .01, or α = .05 two weeks in a row (our red and amber)": above[0.01] | np.pad(again, ((0, 0), (1, 0))),
        "EARS C1, α = .001": y > ears.bounds(s.counts, "C1")[:, -TESTED:],
        "EARS C2, α = .001": y > ears.bounds(s.counts, "C2")[:, -TESTED:],
        **{f"NB-CUSUM, κ = 1.5, h = {h}": alarm for h, alarm in creeping.items()},
        "Farrington .01 or CUSUM h = 4": above[0.01] | creeping[4],
    }


def short_methods(s: Series) -> dict[str, Bools]:
    settings, n = Settings(), SHORT_TESTED
    y, many = s.counts[:, -n:], enough(s.counts, n)
    mu, phi = seasonal(s, n, Settings(years=2))
    p = together(s, n, settings)
    discovered = believed(p, settings.false_share)
    several = discovered & (p < settings.alpha_amber) & (_per_week(discovered) > 1)
    return {
        "EARS C1, α = .001": y > ears.bounds(s.counts, "C1")[:, -n:],
        "EARS C2, α = .001": y > ears.bounds(s.counts, "C2")[:, -n:],
        "Farrington flexible, b = 2, α = .01, per district": (y > tails.quantile(0.99, mu, phi)) & many,
        "pooled model, mid-p < .01": p < 0.01,
        "pooled model, Benjamini–Hochberg q = .10": discovered,
        "pooled, p < .05 and ≥ 5 in 4 weeks": (p < 0.05) & many,
        "p < .01 and BH and ≥ 5 in 4 weeks (our red)": (p < 0.01) & discovered & many,
        "p < .01, or BH of several and p < .05; ≥ 5 in 4 weeks (our red and amber)": ((p < 0.01) | several) & many,
    }


@dataclass(frozen=True)
class Score:
    """Shares: false positives of quiet weeks, surges found (all, and of 5 sd and more), alarms inside a surge."""

    fpr: float
    pod: float
    pod_large: float
    ppv: float

    @classmethod
    def of(cls, alarm: Bools, s: Series) -> Score:
        inside = s.surge > 0
        happened, found = inside.any(axis=1), (alarm & inside).any(axis=1)
        large = happened & (s.size >= 5)
        hits = (alarm & inside).sum()
        return cls(
            (alarm & ~inside).sum() / (~inside).sum(),
            found[happened].mean(),
            found[large].mean(),
            hits / max(alarm.sum(), 1),
        )


def scores(s: Series, weeks: int, methods: Callable[[Series], dict[str, Bools]]) -> dict[str, Score]:
    return {name: Score.of(alarm, s.last(weeks)) for name, alarm in methods(s).items()}
