"""What another bound would have cost and caught, and which one to propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pilotwatch.domain import LEVELS, Indicator, Level
from pilotwatch.levels import Comparison, basis_of, parse
from pilotwatch.scorecard.episodes import Field, Tally

BUDGET = 5.0  # new warnings a week of one indicator that can still be looked into (PRAC)
#: Share of warnings that must be right for a bound of the level to be proposed (PRAC): the graver, the surer.
USEFUL: Mapping[Level, float] = {"red": 0.50, "orange": 0.35, "yellow": 0.20, "blue": 0.10}
_MOST = 24  # bounds tried beside the one in force

_OF = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


@dataclass(frozen=True)
class Trial:
    """A bound that may be moved: `value > 0.03`, of a level, PRAC."""

    level: Level
    comparison: Comparison
    numbers: tuple[float, ...] = ()  # the bounds to try, the one in force among them, mildest first

    @property
    def rises(self) -> bool:
        return self.comparison.sign[0] == ">"

    def alarm(self, values: np.ndarray, number: float) -> np.ndarray:
        """Where the values are past a bound; what is unknown isn't."""
        return _OF[self.comparison.sign](values, np.float32(number))

    def with_numbers(self, values: np.ndarray) -> Trial:
        """With the bounds to try: spread over the tail of the values that were seen, in three significant digits."""
        seen = values[np.isfinite(values)]
        shares = np.geomspace(0.5, 0.0005, _MOST)  # of the values that would be past the bound
        tail = np.quantile(seen, 1 - shares if self.rises else shares) if len(seen) else np.zeros(0)
        numbers = {float(f"{n:.3g}") for n in tail} | {self.comparison.number}
        return Trial(self.level, self.comparison, tuple(sorted(numbers, reverse=not self.rises)))


def trials(indicator: Indicator, on: Any) -> list[Trial]:
    """The bounds of an indicator that compare one number and that the city may set (PRAC), worst level first."""
    version = indicator.in_force(on)
    found = []
    for level in LEVELS[:4]:
        bound = getattr(version.levels, level) if version else None
        if bound is None or basis_of(bound) != "PRAC":
            continue
        condition = parse(bound)
        if isinstance(condition, Comparison):
            found.append(Trial(level, condition))
    return found


def curve(trial: Trial, values: np.ndarray, field: Field) -> list[Tally]:
    """A tally for each of the trial's numbers."""
    judged = np.isfinite(values)
    loosest = trial.alarm(values, trial.numbers[0]).any(axis=1)
    loosest[field.events.rows] = True  # who never came near the bound costs nothing, but an event missed counts
    rows = np.flatnonzero(loosest)
    part = _rows_of(field, rows, len(values))
    return [part.tally(trial.alarm(values[rows], n), judged[rows]) for n in trial.numbers]


def _rows_of(field: Field, rows: np.ndarray, subjects: int) -> Field:
    """The field of these subjects only; those with events are among them."""
    place = np.full(subjects, -1)
    place[rows] = np.arange(len(rows))
    events = type(field.events)(place[field.events.rows], field.events.days)
    return Field(field.days, events, field.horizon, field.until, field.right[rows], field.first, field.last)


def point(number: float, tally: Tally, weeks: float) -> dict[str, Any]:
    """One bound of the curve, as JSON."""
    return {
        "bound": number, "per_week": round(tally.begun / weeks, 2), "episodes": tally.begun,
        "precision": tally.precision.as_json(), "recall": tally.recall.as_json(), "lead_days": tally.lead.median,
    }  # fmt: skip


def propose(points: Sequence[dict[str, Any]], level: Level, budget: float = BUDGET) -> dict[str, Any]:
    """Which bound: of those that fit the budget and are right often enough, the one that warned of most incidents; of
    equals, that which costs least. None, with why, where too little happened or none will do.

    `by_budget` is the loosest bound that fits the budget: it needs no incidents.
    """
    fits = [p for p in points if p["per_week"] <= budget]
    by_budget = max(fits, key=lambda p: p["per_week"])["bound"] if fits else None
    if not points or not points[0]["recall"]["enough"]:
        return {"bound": None, "why": "too_few", "by_budget": by_budget}
    good = [p for p in fits if p["precision"]["enough"] and p["precision"]["value"] >= USEFUL[level]]
    if not good:
        return {"bound": None, "why": "none_will_do", "by_budget": by_budget}
    best = max(good, key=lambda p: (p["recall"]["value"], -p["per_week"]))
    return {"bound": best["bound"], "why": "best", "by_budget": by_budget}
