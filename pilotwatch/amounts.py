"""Values of indicators as people read them: with their unit, or in percent."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import LEVELS, Indicator, Language

#: Units of indicators in English; a unit that isn't here is the same in both languages: %, m, L.
UNITS = {
    "天": "days", "工作日": "working days", "小时": "hours", "倍": "times", "次": "times", "项": "items", "份": "copies",
    "户": "", "户次": "visits", "件/千户": "per 1,000", "元": "yuan", "个": "", "人": "persons", "家": "", "笔": "", "处": "places", "平方米": "m²", "升": "L", "吨": "t",
    "件": "items", "分": "points", "张": "", "类": "kinds", "种": "kinds", "批次": "batches", "元/升": "yuan/L", "元/吨": "yuan/t", "年": "years",
    "月": "months", "个月": "months", "小时/天": "hours a day", "层": "floors", "份/月": "a month", "台": "", "枪": "nozzles",
}  # fmt: skip


def value_of(value: float, indicator: Indicator, on: date, language: Language) -> str:
    """A value as shown: `640 天`, `0.31 %`, `0.73`; a fraction whose bounds are in percent, as percent; `—` for none."""
    if pd.isna(value):
        return "—"
    version = indicator.in_force(on)
    bounds = [getattr(version.levels, level) for level in LEVELS[:4]] if version else []
    if any("%" in bound for bound in bounds if bound):
        return f"{100 * value:,.4g} %"
    shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{shown} {unit_of(indicator, language)}".strip()


def unit_of(indicator: Indicator, language: Language) -> str:
    """An indicator's unit; in English where it is a word we know."""
    return UNITS.get(indicator.unit, indicator.unit) if language == "en" else indicator.unit
