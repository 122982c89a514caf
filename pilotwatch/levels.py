"""From a value to its colour. Bounds are compared unrounded; what can't be judged is grey, never normal.

A bound is a condition over numbers, written as the rules write it:

    > 3                                   the value is above 3
    <= 30 %                               … at most 0.30
    n30 >= 30 | (n30 >= 20 & g >= 3)      over the indicator's named inputs

Conditions know "unknown" (Kleene): a level counts only where its condition surely holds, and a subject for which no
condition holds but one can't be told is `nodata`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Bound, ContractError, Level, Levels

_OPERATORS: dict[str, Callable] = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
_SIGNS = {"≥": ">=", "≤": "<="}
_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<join>[&|])|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>>=|<=|≥|≤|>|<)"
    r"|(?P<number>-?\d+(?:\.\d+)?)\s*(?P<percent>%?))"
)

#: The name of the value itself among the numbers a condition compares.
VALUE = "value"


@dataclass(frozen=True)
class Comparison:
    """`name sign number`; a percent was made a hundredth."""

    name: str
    sign: str
    number: float

    @property
    def comparisons(self) -> Iterator[Comparison]:
        yield self

    def holds(self, numbers: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Two masks: where it surely holds, and where it may (NaN: it may, but not surely)."""
        given = numbers[self.name]
        unknown = np.isnan(given)
        true = _OPERATORS[self.sign](given, self.number) & ~unknown
        return true, true | unknown


@dataclass(frozen=True)
class Joined:
    """Conditions of which all (`&`) or any (`|`) must hold."""

    join: str
    parts: tuple[Condition, ...]

    @property
    def comparisons(self) -> Iterator[Comparison]:
        for part in self.parts:
            yield from part.comparisons

    def holds(self, numbers: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        surely, maybe = zip(*(part.holds(numbers) for part in self.parts), strict=True)
        combine = np.logical_and.reduce if self.join == "&" else np.logical_or.reduce
        return combine(surely), combine(maybe)


Condition = Comparison | Joined


def parse(bound: str) -> Condition:
    """`"> 3 %"` → Comparison("value", ">", 0.03); several are joined by `&`, which binds first, and `|`.

    Raises ContractError for anything else.
    """
    tokens = _tokens(bound)
    condition, rest = _any(bound, tokens)
    if rest:
        raise _wrong(bound)
    return condition


def _tokens(bound: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = bound.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            raise _wrong(bound)
        kind = next(k for k in ("bracket", "join", "name", "sign", "number") if token[k])
        found.append((kind, token[kind] + (token["percent"] or "")))
        at = token.end()
    return found


def _any(bound: str, tokens: list[tuple[str, str]]) -> tuple[Condition, list[tuple[str, str]]]:
    return _joined(bound, tokens, "|", lambda rest: _joined(bound, rest, "&", lambda r: _one(bound, r)))


def _joined(bound: str, tokens: list[tuple[str, str]], join: str, part: Callable) -> tuple[Condition, list]:
    first, rest = part(tokens)
    parts = [first]
    while rest and rest[0] == ("join", join):
        following, rest = part(rest[1:])
        parts.append(following)
    return (first if len(parts) == 1 else Joined(join, tuple(parts))), rest


def _one(bound: str, tokens: list[tuple[str, str]]) -> tuple[Condition, list[tuple[str, str]]]:
    if tokens[:1] == [("bracket", "(")]:
        inner, rest = _any(bound, tokens[1:])
        if rest[:1] != [("bracket", ")")]:
            raise _wrong(bound)
        return inner, rest[1:]
    name = VALUE
    if tokens and tokens[0][0] == "name":
        name, tokens = tokens[0][1], tokens[1:]
    if [kind for kind, _ in tokens[:2]] != ["sign", "number"]:
        raise _wrong(bound)
    (_, sign), (_, number) = tokens[:2]
    value = Decimal(number.rstrip("%")) / (100 if number.endswith("%") else 1)
    return Comparison(name, _SIGNS.get(sign, sign), float(value)), tokens[2:]


def _wrong(bound: str) -> ContractError:
    return ContractError(
        f"a bound is written like “> 3”, “<= 30 %” or “n30 >= 30 | (n30 >= 20 & g >= 3)”, not “{bound}”"
    )


def conditions(levels: Levels) -> list[tuple[Level, Condition]]:
    """The conditions that are set, worst first. Raises ContractError where there is none, or where plain bounds of the
    value point different ways or don't tighten towards red."""
    found = [(level, parse(bound)) for level in LEVELS[:4] if (bound := getattr(levels, level)) is not None]
    if not found:
        raise ContractError("at least one level needs a bound")
    plain = [c for _, c in found if isinstance(c, Comparison) and c.name == VALUE]
    if len({c.sign[0] for c in plain}) > 1:
        raise ContractError("all bounds of a value point the same way, all > or all <")
    numbers = [c.number for c in plain]
    if numbers != sorted(set(numbers), reverse=bool(plain) and plain[0].sign[0] == ">"):
        raise ContractError("every level's bound must be stricter than the next milder one's")
    return found


def names(levels: Levels) -> set[str]:
    """The numbers that the bounds compare."""
    return {c.name for _, condition in conditions(levels) for c in condition.comparisons}


def basis_of(bound: str) -> str:
    """LAW, STD, POL or PRAC; a bound that doesn't say is PRAC."""
    return bound.level if isinstance(bound, Bound) else "PRAC"


def level_of(values: pd.Series | pd.DataFrame, levels: Levels) -> pd.Series:
    """The level of each value (or row: `value` and the inputs), an ordered categorical on the same index.

    The first level whose condition surely holds wins; where none does, and one can't be told, it is `nodata`.
    """
    frame = values.to_frame(VALUE) if isinstance(values, pd.Series) else values
    numbers = {n: frame[n].to_numpy(dtype="float64", na_value=np.nan) for n in frame.columns}
    judged = [(level, *condition.holds(numbers)) for level, condition in conditions(levels)]
    unknown = np.logical_or.reduce([maybe & ~surely for _, surely, maybe in judged])
    codes = np.select(
        [*(surely for _, surely, _ in judged), unknown],
        [*(LEVELS.index(level) for level, *_ in judged), LEVELS.index("nodata")],
        default=LEVELS.index("normal"),
    )
    return pd.Series(pd.Categorical.from_codes(codes, categories=list(LEVELS), ordered=True), index=frame.index)
