"""Randomisation inference: what the figure would be had the pilots been drawn otherwise (Fisher 1935; Young 2019, QJE
134:557). With eight units every way of drawing them is looked at, none is sampled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_HAIR = 1e-9  # two figures that differ by less (of their size) are the same: sums in another order

#: More ways to draw the pilots than this are too many to look at all; nine units have 1,680 at most with three starts.
MOST_WAYS = 20_000


@dataclass(frozen=True)
class Interval:
    """All effects that the data don't speak against; a bound is ±inf where no effect however large would be."""

    low: float
    high: float
    confidence: float

    @property
    def bounded(self) -> bool:
        return bool(np.isfinite(self.low) and np.isfinite(self.high))


def assignments(starts: Sequence[int | None]) -> list[tuple[int | None, ...]]:
    """Every way to give the same starts to the units, the true one first; raises ValueError beyond MOST_WAYS.

    >>> len(assignments([5, 5, None, None]))
    6
    """
    true = tuple(starts)
    found = [true]
    for way in _arranged(sorted(true, key=lambda s: (s is None, s or 0))):
        if way != true:
            found.append(way)
        if len(found) > MOST_WAYS:
            raise ValueError(f"there are more than {MOST_WAYS} ways to draw these pilots")
    return found


def _arranged(pool: list[int | None]) -> Iterator[tuple[int | None, ...]]:
    """The different orders of a sorted pool with repeated members."""
    if not pool:
        yield ()
    for i, first in enumerate(pool):
        if i and first == pool[i - 1]:
            continue
        for rest in _arranged(pool[:i] + pool[i + 1 :]):
            yield (first, *rest)


def p_value(figures: Floats) -> float:
    """The share of the ways whose figure is at least as far from zero as the first, the true one's: two-sided, exact."""
    return float((np.abs(figures) >= abs(figures[0]) * (1 - _HAIR)).mean())


def interval(figures: Floats, shares: Floats, confidence: float = 0.95) -> Interval:
    """The effects that a test at 1 − confidence doesn't reject, found exactly by turning the test round.

    Parameters
    ----------
    figures : what each way of drawing the pilots gives, the true way first.
    shares : the figure each way would give for an effect of one and nothing else; the first is one. Had the true effect
        been τ, way a would give `figures[a] − τ · shares[a]` where no effect is left.

    Notes
    -----
    The share of ways at least as extreme changes only where |figures[a] − τ·shares[a]| = |figures[0] − τ|: at these τ and
    between each two of them the test is made. The interval is from the least to the largest τ that is not rejected.
    """
    alpha = 1 - confidence

    def kept(effect: float) -> bool:
        left = np.abs(figures - effect * shares)
        return bool((left >= left[0] * (1 - _HAIR) - 1e-15).mean() > alpha)

    turns = []
    for sign in (1, -1):
        lean = shares - sign
        bent = np.abs(lean) > 1e-12
        turns.append((figures[bent] - sign * figures[0]) / lean[bent])
    points = np.unique(np.concatenate([*turns, figures[:1]]))
    span = max(float(points[-1] - points[0]), abs(float(figures[0])), 1.0)
    between = (points[:-1] + points[1:]) / 2
    tried = np.sort(np.concatenate([points, between]))
    accepted = [t for t in tried if kept(t)]
    low = -np.inf if kept(points[0] - 10 * span) else min(accepted, default=float(figures[0]))
    high = np.inf if kept(points[-1] + 10 * span) else max(accepted, default=float(figures[0]))
    return Interval(float(low), float(high), confidence)
