"""Difference in differences of a handful of units (methods.md §5; Bertrand, Duflo & Mullainathan 2004, QJE 119:249).

Each unit is drawn together to two numbers, before and after, so that what hangs together from month to month can't
pass for evidence. The comparison is with the units that are no pilot, over the same months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: As many months before the start, and as many after it, have to be known of every unit.
MONTHS = 6


@dataclass(frozen=True)
class Panel:
    """An outcome of some units in some months.

    Parameters
    ----------
    numerators : (units, months). NaN where it isn't known.
    denominators : the same shape; ones where the outcome is no ratio. A window's value is Σ numerators ÷ Σ denominators.
    units, months : their names in the order of the arrays; months as 2026-11, without a gap.
    starts : per unit the index of its first month as a pilot; None for a unit that never was one in these months.
    """

    numerators: Floats
    denominators: Floats
    units: tuple[str, ...]
    months: tuple[str, ...]
    starts: tuple[int | None, ...]
    values: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.months))
        if self.numerators.shape != shape or self.denominators.shape != shape or len(self.starts) != shape[0]:
            raise ValueError(
                f"a panel of {shape[0]} units and {shape[1]} months is expected, not {self.numerators.shape}"
            )
        known = np.isfinite(self.numerators) & np.isfinite(self.denominators) & (self.denominators > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            object.__setattr__(self, "values", np.where(known, self.numerators / self.denominators, np.nan))

    @property
    def pilots(self) -> list[int]:
        return [i for i, start in enumerate(self.starts) if start is not None]

    @property
    def others(self) -> list[int]:
        return [i for i, start in enumerate(self.starts) if start is None]

    @property
    def first_start(self) -> int | None:
        return min((start for start in self.starts if start is not None), default=None)


def windows(panel: Panel, start: int) -> tuple[Floats, Floats]:
    """What each unit had before and from month `start` on: two arrays as long as the units, NaN where nothing is known."""
    known = np.isfinite(panel.values)
    top, under = np.where(known, panel.numerators, 0.0), np.where(known, panel.denominators, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        before = top[:, :start].sum(axis=1) / under[:, :start].sum(axis=1)
        after = top[:, start:].sum(axis=1) / under[:, start:].sum(axis=1)
    return before, after


def changes(panel: Panel) -> dict[int, Floats]:
    """By each start that any pilot has: how much every unit changed from before it to after it."""
    made = {}
    for start in sorted({s for s in panel.starts if s is not None}):
        before, after = windows(panel, start)
        made[start] = after - before
    return made


def contrast(changed: dict[int, Floats], starts: Sequence[int | None]) -> float:
    """Mean over the pilots of (own change − mean change of the units that are none, about the same start).

    `changed`: as `changes` gives it; `starts`: who is taken for a pilot from when, the true or any other way.
    """
    others = [i for i, start in enumerate(starts) if start is None]
    own = [changed[s][i] - changed[s][others].mean() for i, s in enumerate(starts) if s is not None]
    return float(np.mean(own))


def slopes(panel: Panel, until: int) -> Floats:
    """How much each unit's outcome moved per month before month `until`, by least squares; NaN with under three months."""
    at = np.arange(until, dtype=float)
    out = np.full(len(panel.units), np.nan)
    for i, values in enumerate(panel.values[:, :until]):
        known = np.isfinite(values)
        if known.sum() >= 3:
            out[i] = np.polyfit(at[known], values[known], 1)[0]
    return out
