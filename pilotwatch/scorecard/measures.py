"""Shares and medians with their uncertainty, and when there is too little to judge."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtri

ENOUGH = 20  # events, or verdicts; below it a share is "too few to judge" (PRAC)
CONFIDENCE = 0.95
_DRAWS, _SEED = 2_000, 20231110


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with Wilson's interval; `value` and the interval are None where there is nothing to divide by."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.of) if self.of else None

    @property
    def enough(self) -> bool:
        return self.of >= ENOUGH

    def as_json(self) -> dict[str, object]:
        low, high = self.interval or (None, None)
        return {
            "hits": self.hits, "of": self.of, "value": _rounded(self.value), "low": _rounded(low), "high": _rounded(high),
            "enough": self.enough,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers by their median, quartiles, and the bootstrap interval of the median; None where there are none."""

    count: int
    median: float | None = None
    low_quartile: float | None = None
    high_quartile: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        return self.count >= ENOUGH

    def as_json(self) -> dict[str, object]:
        names = ("count", "median", "low_quartile", "high_quartile", "low", "high")
        return {n: getattr(self, n) for n in names} | {"enough": self.enough}


def wilson(hits: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a share (JASA 1927, 22:209): it stays within 0 and 1 and holds for small numbers."""
    z = float(ndtri(0.5 + confidence / 2))
    share, z2 = hits / of, z * z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def spread(numbers: np.ndarray, confidence: float = CONFIDENCE) -> Spread:
    """Median, quartiles and the percentile-bootstrap interval of the median (2,000 draws, always the same)."""
    if not len(numbers):
        return Spread(0)
    low, median, high = (float(q) for q in np.quantile(numbers, (0.25, 0.5, 0.75)))
    drawn = np.random.default_rng(_SEED).choice(numbers, (_DRAWS, len(numbers)))
    ends = np.quantile(np.median(drawn, axis=1), ((1 - confidence) / 2, (1 + confidence) / 2))
    return Spread(len(numbers), median, low, high, float(ends[0]), float(ends[1]))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
