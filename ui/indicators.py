"""Indicators as a reader sees them: a value with its unit (`pilotwatch.amounts`), a bound in words."""

from __future__ import annotations

import re
from datetime import date

from pilotwatch.amounts import UNITS, unit_of, value_of
from pilotwatch.bounds import inputs_of
from pilotwatch.domain import Indicator, Language, Measure
from ui.texts import text

LEVELS = ("red", "orange", "yellow", "blue")
_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")
_SIGNS = {">=": "≥", "<=": "≤"}


def bounds_of(indicator: Indicator, on: date, language: Language) -> dict[str, str]:
    """Level → its bound in force on a day, in words: `≥ 2`, `30日内次数 ≥ 3 且 部门数 ≥ 2`."""
    version = indicator.in_force(on)
    if version is None:
        return {}
    written = {level: getattr(version.levels, level) for level in LEVELS}
    return {level: in_words(bound, indicator, language) for level, bound in written.items() if bound}


def in_words(bound: str, indicator: Indicator | Measure, language: Language) -> str:
    """One written bound in words: `30日内次数 ≥ 3 且 部门数 ≥ 2`."""
    names = {i.name: i.title(language) for i in inputs_of(indicator)} | {"value": ""}
    joins = {"&": text("word.and")(language), "|": text("word.or")(language)}
    return _in_words(str(bound), names, joins)


def with_unit(bound: str, indicator: Indicator | Measure, language: Language) -> str:
    """The same, with the unit of the value where the bound compares nothing else: `≥ 60 天`."""
    words = in_words(bound, indicator, language)
    alone = not _NAME.search(bound) and "%" not in bound
    return f"{words} {unit_of(indicator, language)}".strip() if alone else words


def _in_words(bound: str, names: dict[str, str], joins: dict[str, str]) -> str:
    for sign, shown in {**_SIGNS, **{j: f" {word} " for j, word in joins.items()}}.items():
        bound = bound.replace(sign, shown)
    return " ".join(_NAME.sub(lambda m: names.get(m[0], m[0]), bound).split())


__all__ = ["LEVELS", "UNITS", "bounds_of", "in_words", "unit_of", "value_of", "with_unit"]
