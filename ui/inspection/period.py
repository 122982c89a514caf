"""Which period and unit the ledger and the guard are about; both stand in the address."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pilotwatch.figures.ask import Period
from pilotwatch.workdays import today
from ui import address
from ui.screen import Screen

MONTHS = 12  # single months that can be chosen


@dataclass(frozen=True)
class About:
    """The months looked at, and where: a unit, or all of the person's."""

    period: str
    months: tuple[str, ...]
    unit: str | None

    @property
    def where(self) -> dict[str, str] | None:
        return {"report_unit": self.unit} if self.unit else None


def choose(screen: Screen) -> About:
    with st.container(key="choose-period", horizontal=True, vertical_alignment="center", gap="small"):
        period = address.select("period", _periods(screen), screen.say("ledger.period"), width=170) or f"{today():%Y}"
        mine = screen.person.units
        units = {u.code: screen.pick(u.title) for u in screen.house.places.units if mine is None or u.code in mine}
        if len(units) == 1:
            unit = next(iter(units))
        else:
            unit = address.select("unit", units, screen.say("overview.unit"), placeholder=screen.everywhere, width=230)
    return About(period, Period.of(period).months, unit)


def _periods(screen: Screen) -> dict[str, str]:
    """This year, last year, the quarters of this year that have begun, and the last months."""
    on = today()
    titles = {f"{y}": screen.say("ledger.year", year=y) for y in (on.year, on.year - 1)}
    for quarter in range((on.month + 2) // 3, 0, -1):
        titles[f"{on.year}Q{quarter}"] = screen.say("ledger.quarter", year=on.year, quarter=quarter)
    for back in range(MONTHS):
        month = pd.Period(f"{on:%Y-%m}") - back
        titles[str(month)] = screen.say("ledger.month", year=month.year, month=month.month)
    return titles


def told(screen: Screen, period: str) -> str:
    return _periods(screen).get(period, period)
