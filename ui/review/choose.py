"""Whose measures, which unit, which period: all in the address."""

from __future__ import annotations

from collections.abc import Sequence
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
        unit = unit_of(screen)
        months, quarters = recent(today())
        years = [f"{today().year - n}" for n in range(_YEARS)]
        period = period_of(screen, [years[0], *quarters, *months, *years[1:]])
    return View(group, unit, period)


def unit_of(screen: Screen) -> str | None:
    """One of the person's units; None for the whole of the scope. Who has but one isn't asked."""
    seen = screen.person.units
    units = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
    if len(units) == 1:
        return next(iter(units))
    return address.select("unit", units, screen.say("review.unit"), placeholder=screen.everywhere)


def period_of(screen: Screen, periods: Sequence[str]) -> str:
    """One of the periods, the first where none was chosen."""
    titles = {p: shown(screen, p) for p in periods}
    return address.select("period", titles, screen.say("review.period"), width=170) or periods[0]


def shown(screen: Screen, period: str) -> str:
    """2026年第三季度, 2026年10月, 2026年."""
    year = period[:4]
    if "Q" in period:
        return screen.say("review.quarter", year=year, n=period[-1])
    if "-" in period:
        return screen.say("review.month", year=year, name=screen.say("trends.months").split()[int(period[-2:]) - 1])
    return screen.say("review.year", year=year)


def recent(on: date) -> tuple[list[str], list[str]]:
    """The newest months and quarters, the running ones first."""
    quarter, month = on.year * 4 + (on.month - 1) // 3, on.year * 12 + on.month - 1
    months = [f"{m // 12}-{m % 12 + 1:02}" for m in range(month, month - _MONTHS, -1)]
    return months, [f"{q // 4}Q{q % 4 + 1}" for q in range(quarter, quarter - _QUARTERS, -1)]
