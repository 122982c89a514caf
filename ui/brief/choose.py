"""Which form, which unit, which period: all in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pilotwatch.brief import Form
from pilotwatch.workdays import today
from ui import address
from ui.review.choose import shown
from ui.screen import Screen

_MONTHS, _QUARTERS, _YEARS = 6, 4, 2


@dataclass(frozen=True)
class View:
    """`unit`: None for the whole of the scope."""

    form: Form
    unit: str | None
    period: str


def ask(screen: Screen) -> View:
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        forms = {"page": screen.say("brief.page"), "long": screen.say("brief.long")}
        form = address.segments("form", forms, screen.say("brief.form"))
        seen = screen.person.units
        units = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
        unit = (
            next(iter(units))
            if len(units) == 1
            else address.select("unit", units, screen.say("brief.unit"), placeholder=screen.everywhere)
        )
        periods = {p: shown(screen, p) for p in periods_of(today())}
        period = address.select("period", periods, screen.say("brief.period"), width=170) or next(iter(periods))
    return View("long" if form == "long" else "page", unit, period)


def periods_of(on: date) -> list[str]:
    """The running month, the quarters, the months before, the years: the running ones first."""
    quarter, month = on.year * 4 + (on.month - 1) // 3, on.year * 12 + on.month - 1
    months = [f"{m // 12}-{m % 12 + 1:02}" for m in range(month, month - _MONTHS, -1)]
    quarters = [f"{q // 4}Q{q % 4 + 1}" for q in range(quarter, quarter - _QUARTERS, -1)]
    return [months[0], *quarters, *months[1:], *(f"{y}" for y in range(on.year, on.year - _YEARS, -1))]
