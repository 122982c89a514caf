"""Counts whose truth is known: the published design, eight districts with a short history, a quiet city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ON = date(2026, 11, 22)


@dataclass(frozen=True)
class Series:
    """Counts (S, W), the cases of the surge to be found (S, W), its size in standard deviations (S,), subjects (S,)."""

    counts: Floats
    surge: Floats
    size: Floats
    at_risk: Floats

    def last(self, weeks: int) -> Series:
        return Series(self.counts[:, -weeks:], self.surge[:, -weeks:], self.size, self.at_risk)


#: θ, β, γ1, γ2, φ of Noufaily et al. 2013, Table I; each with and without trend, and with 0, 1 and 2 harmonics.
SCENARIOS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5), (-2, 0.005, 0.1, 0.3, 2.0), (1.5, 0.003, 0.2, -0.4, 1.0), (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0), (3.75, 0.001, 0.1, -0.1, 1.1), (5, 0.0001, 0.05, 0.01, 1.2),
)  # fmt: skip
WEEKS, TESTED = 624, 49
SURGES_FROM = 312  # the first half is left as drawn


def draw(rng: np.random.Generator, mu: Floats, phi: float) -> Floats:
    counts = rng.poisson(mu) if phi == 1 else rng.negative_binomial(mu / (phi - 1), 1 / phi)
    return counts.astype(float)


def surge(rng: np.random.Generator, mean_cases: float, start: int, weeks: int) -> Floats:
    """Cases of one surge by week: Poisson in number, log-normal (0, ½) in time from its start."""
    after = np.floor(rng.lognormal(0, 0.5, rng.poisson(mean_cases))).astype(int)
    return np.bincount(np.minimum(start + after, weeks - 1), minlength=weeks).astype(float)


def published(reps: int, seed: int, of_week: bool = False) -> Series:
    """The design of Noufaily et al. 2013, §4.1: 42 scenarios, 624 weeks, four surges in the baseline, one to be found.

    The size of a surge is k standard deviations of the series; `of_week`: of the week it starts in.
    """
    rng, t = np.random.default_rng(seed), np.arange(1, WEEKS + 1)
    counts, found, sizes = [], [], []
    for theta, beta, g1, g2, phi in SCENARIOS:
        for trend, harmonics in np.ndindex(2, 3):
            turns = [2 * np.pi * j * t / 52 for j in range(1, harmonics + 1)]
            season = sum((g1 * np.cos(a) + g2 * np.sin(a) for a in turns), np.zeros(WEEKS))
            mu = np.exp(theta + beta * t * trend + season)
            for _ in range(reps):
                y = draw(rng, mu, phi)
                sd = np.sqrt(phi * mu) if of_week else np.full(WEEKS, y.std(ddof=1))
                for start in rng.choice(np.arange(SURGES_FROM, WEEKS - TESTED), 4, replace=False):
                    y += surge(rng, rng.choice([2, 3, 5, 10]) * sd[start], start, WEEKS)
                k, start = rng.integers(1, 11), rng.integers(WEEKS - TESTED, WEEKS)
                extra = surge(rng, k * sd[start], start, WEEKS)
                counts, found, sizes = [*counts, y + extra], [*found, extra], [*sizes, k]
    return Series(np.array(counts), np.array(found), np.array(sizes), np.ones(len(counts)))


SHORT_WEEKS, SHORT_TESTED, DISTRICTS = 162, 52, 8


def short(reps: int, seed: int) -> Series:
    """Eight districts with .4 to 9 cases a week, φ = 1.4, a season, shocks common to all (sd .12), a surge each (4–10 sd)."""
    rng, t = np.random.default_rng(seed), np.arange(SHORT_WEEKS) / (365.25 / 7)
    rate = np.geomspace(0.4, 9, DISTRICTS)
    counts, found, sizes = [], [], []
    for _ in range(reps):
        season = 0.25 * np.cos(2 * np.pi * t + rng.uniform(0, 2 * np.pi))
        for mu in rate[:, None] * np.exp(0.1 * t + season + rng.normal(0, 0.12, SHORT_WEEKS)):
            k, start = rng.uniform(4, 10), rng.integers(SHORT_WEEKS - SHORT_TESTED, SHORT_WEEKS)
            extra = surge(rng, k * np.sqrt(1.4 * mu[start]), start, SHORT_WEEKS)
            counts, found, sizes = [*counts, draw(rng, mu, 1.4) + extra], [*found, extra], [*sizes, k]
    return Series(np.array(counts), np.array(found), np.array(sizes), np.tile(100 * rate, reps))


def city(
    rng: np.random.Generator, places: int, days: int, mean: float, kinds: int = 3, rise: Floats | float = 1.0
) -> pd.DataFrame:
    """`kinds` domains × `kinds` counts by day of a quiet city: places of very different rates, a season, weekly φ = 1.4.

    In the last week the mean of each series (domain, measure, place) is `rise` times the usual.
    """
    keys = pd.MultiIndex.from_product(
        [[f"d{i}" for i in range(kinds)], [f"m{i}" for i in range(kinds)], [f"{i:03}" for i in range(places)]],
        names=["domain", "measure", "place"],
    ).to_frame(index=False)
    rate = mean * np.exp(rng.normal(-0.5, 1, len(keys)))
    weeks = days // 7
    season = np.exp(0.25 * np.cos(2 * np.pi * np.arange(weeks) / 52.18))
    mu = rate[:, None] * season
    mu[:, -1] *= rise
    of_week = draw(rng, mu, 1.4).astype(int)
    rows, week = np.repeat(np.indices(of_week.shape).reshape(2, -1), of_week.ravel(), axis=1)
    day = 7 * week + rng.integers(0, 7, len(week))
    frame = pd.concat(
        [keys.assign(day=0, count=0, at_risk=np.ceil(40 * rate)), keys.iloc[rows].assign(day=day, count=1)]
    )
    return frame.assign(day=pd.Timestamp(ON) - pd.to_timedelta(7 * weeks - 1 - frame["day"], unit="D"))
