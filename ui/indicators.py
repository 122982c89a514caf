"""Indicators as a reader sees them: a value with its unit, a bound in words."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from pilotwatch.domain import Indicator, Language
from ui.texts import text

LEVELS = ("red", "orange", "yellow", "blue")
_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")
_UNITS = {
    "天": "days",
    "小时": "hours",
    "倍": "times",
    "项": "items",
    "份": "copies",
    "次": "times",
    "户": "",
    "元": "yuan",
}
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


def value_of(value: float, indicator: Indicator, on: date, language: Language) -> str:
    """A value as shown: `640 天`, `0.31 %`, `0.73`; a fraction whose bounds are in percent, as percent; `—` for none."""
    if pd.isna(value):
        return "—"
    if any("%" in bound for bound in bounds_of(indicator, on, language).values()):
        return f"{100 * value:,.4g} %"
    shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{shown} {unit_of(indicator, language)}".strip()


def unit_of(indicator: Indicator, language: Language) -> str:
    """An indicator's unit; in English where it is a word we know."""
    return _UNITS.get(indicator.unit, indicator.unit) if language == "en" else indicator.unit
