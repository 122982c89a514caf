"""Whether one condition is at least as strict as another, decided, not guessed.

Every number that a condition compares is a cut on its own axis. Between two neighbouring cuts nothing changes, so one
point in each gap, one on each cut and "unknown" stand for all numbers there are, and two conditions are compared on all
combinations of these. The numbers are taken as independent of each other: where they aren't (a count and a part of it),
a change may be called looser that is none, never the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from pilotwatch.levels import Condition, parse

#: Combinations that are looked at; a bound that needs more is not compared.
MOST = 200_000


class TooComplex(ValueError):
    """Two conditions that compare too many numbers to be held against each other."""


@lru_cache(maxsize=4096)
def covers(wide: str, narrow: str) -> bool:
    """Whether `wide` surely holds wherever `narrow` does, and can't be ruled out wherever `narrow` can't.

    `covers("> 2", "> 3")`; `covers("> 2 | n >= 5", "> 3")`. Raises ContractError for what is no bound, TooComplex for
    two that compare too many numbers.
    """
    (surely_wide, maybe_wide), (surely_narrow, maybe_narrow) = _on_all_points(parse(wide), parse(narrow))
    return bool((surely_wide | ~surely_narrow).all() and (maybe_wide | ~maybe_narrow).all())


def _on_all_points(*conditions: Condition) -> Sequence[tuple[np.ndarray, np.ndarray]]:
    cuts: dict[str, set[float]] = {}
    for comparison in (c for condition in conditions for c in condition.comparisons):
        cuts.setdefault(comparison.name, set()).add(comparison.number)
    axes = [_points(sorted(numbers)) for numbers in cuts.values()]
    if np.prod([float(len(axis)) for axis in axes]) > MOST:
        raise TooComplex
    grid = np.meshgrid(*axes, indexing="ij")
    numbers = dict(zip(cuts, grid, strict=True))
    return [condition.holds(numbers) for condition in conditions]


def _points(cuts: Sequence[float]) -> np.ndarray:
    """One point on each cut, one in each gap, one beyond each end, and NaN for unknown."""
    between = [(a + b) / 2 for a, b in pairwise(cuts)]
    return np.array([cuts[0] - 1, *cuts, *between, cuts[-1] + 1, np.nan])
