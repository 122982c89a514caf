"""From a value to its colour. Bounds are compared unrounded; what can't be judged is grey, never normal."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, ContractError, Level, Levels

_OPERATORS: dict[str, Callable] = {
    ">=": operator.ge, "≥": operator.ge, ">": operator.gt, "<=": operator.le, "≤": operator.le, "<": operator.lt,
}  # fmt: skip
_BOUND = re.compile(r"\s*(>=|≥|>|<=|≤|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*")


def parse(bound: str) -> tuple[str, float]:
    """`"> 3 %"` → (">", 0.03). A bound is one comparison with one number; a percent is a hundredth.

    Raises ContractError for anything else.
    """
    found = _BOUND.fullmatch(bound)
    if not found:
        raise ContractError(f"a bound is written like “> 3”, “<= 0.8” or “>= 30 %”, not “{bound}”")
    sign, number, percent = found.groups()
    value = Decimal(number) / 100 if percent else Decimal(number)
    return {"≥": ">=", "≤": "<="}.get(sign, sign), float(value)


def bounds(levels: Levels) -> list[tuple[Level, str, float]]:
    """The bounds that are set, worst first. Raises ContractError where they don't tighten towards red."""
    written = [(level, getattr(levels, level)) for level in LEVELS[:4]]
    found = [(level, *parse(bound)) for level, bound in written if bound is not None]
    if not found:
        raise ContractError("at least one level needs a bound")
    ups = {sign[0] for _, sign, _ in found}
    if len(ups) > 1:
        raise ContractError("all bounds of an indicator point the same way, all > or all <")
    numbers = [number for *_, number in found]
    falling = sorted(set(numbers), reverse=ups == {">"})
    if numbers != falling:
        raise ContractError("every level's bound must be stricter than the next milder one's")
    return found


def level_of(values: pd.Series, levels: Levels) -> pd.Series:
    """The level of each value, an ordered categorical on the same index; NaN is `nodata`; the first bound that holds wins."""
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    found = bounds(levels)
    codes = np.select(
        [np.isnan(numbers), *(_OPERATORS[sign](numbers, number) for _, sign, number in found)],
        [LEVELS.index("nodata"), *(LEVELS.index(level) for level, *_ in found)],
        default=LEVELS.index("normal"),
    )
    return pd.Series(pd.Categorical.from_codes(codes, categories=list(LEVELS), ordered=True), index=values.index)
