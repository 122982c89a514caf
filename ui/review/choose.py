"""Whose measures, which unit, which period: all in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pilotwatch.reform import NAME as REFORM
from pilotwatch.workdays import today
from ui import address
from ui.screen import Screen

_MONTHS, _QUARTERS, _YEARS = 6, 4, 3


@dataclass(frozen=True)
class View:
    """`group`: the reform or a domain; `unit`: None for the whole of the scope."""

    group: str
    unit: str | None
    period: str


def ask(screen: Screen) -> View:
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        groups = {REFORM: screen.say("review.reform")} | {d.name: screen.pick(d.title) for d in screen.domains}
        group = address.segments("of", groups, screen.say("review.of"))
        seen = screen.person.units
        units = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
        unit = (
            next(iter(units))
            if len(units) == 1
            else address.select("unit", units, screen.say("review.unit"), placeholder=screen.everywhere)
        )
        periods = {p: shown(screen, p) for p in _periods(today())}
        period = address.select("period", periods, screen.say("review.period"), width=170) or next(iter(periods))
    return View(group, unit, period)


def shown(screen: Screen, period: str) -> str:
    """2026年第三季度, 2026年10月, 2026年."""
    year = period[:4]
    if "Q" in period:
        return screen.say("review.quarter", year=year, n=period[-1])
    if "-" in period:
        return screen.say("review.month", year=year, name=screen.say("trends.months").split()[int(period[-2:]) - 1])
    return screen.say("review.year", year=year)


def _periods(on: date) -> list[str]:
    """This year, then the newest quarters, months and years that are asked for, the running ones first."""
    quarter, month = on.year * 4 + (on.month - 1) // 3, on.year * 12 + on.month - 1
    quarters = [f"{q // 4}Q{q % 4 + 1}" for q in range(quarter, quarter - _QUARTERS, -1)]
    months = [f"{m // 12}-{m % 12 + 1:02}" for m in range(month, month - _MONTHS, -1)]
    return [f"{on.year}", *quarters, *months, *(f"{y}" for y in range(on.year - 1, on.year - _YEARS, -1))]
