"""Indicators as a reader sees them: a value with its unit (`pilotwatch.amounts`), a bound in words."""

from __future__ import annotations

import re
from datetime import date

from pilotwatch.amounts import UNITS, unit_of, value_of
from pilotwatch.domain import Indicator, Language
from ui.texts import text

LEVELS = ("red", "orange", "yellow", "blue")
_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")
_SIGNS = {">=": "≥", "<=": "≤"}


def bounds_of(indicator: Indicator, on: date, language: Language) -> dict[str, str]:
    """Level → its bound in force on a day, in words: `≥ 2`, `30日内次数 ≥ 3 且 部门数 ≥ 2`."""
    version = indicator.in_force(on)
    if version is None:
        return {}
    names = {i.name: i.title(language) for i in indicator.inputs} | {"value": ""}
    joins = {"&": text("word.and")(language), "|": text("word.or")(language)}
    written = {level: getattr(version.levels, level) for level in LEVELS}
    return {level: _in_words(str(bound), names, joins) for level, bound in written.items() if bound}


def _in_words(bound: str, names: dict[str, str], joins: dict[str, str]) -> str:
    for sign, shown in {**_SIGNS, **{j: f" {word} " for j, word in joins.items()}}.items():
        bound = bound.replace(sign, shown)
    return " ".join(_NAME.sub(lambda m: names.get(m[0], m[0]), bound).split())


__all__ = ["LEVELS", "UNITS", "bounds_of", "unit_of", "value_of"]
