"""Which part of the page, which form, which unit, which period: all in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pilotwatch.brief import Form
from pilotwatch.workdays import today
from ui import address
from ui.review.choose import period_of, recent, unit_of
from ui.screen import Screen

_YEARS = 2
_GO = "brief-go"  # what is chosen in the next run


@dataclass(frozen=True)
class View:
    """`unit`: None for the whole of the scope."""

    form: Form
    unit: str | None
    period: str


def part(screen: Screen) -> str:
    """Which part of the page: the brief as it would be now, those that were issued, or what makes them."""
    for name, value in st.session_state.pop(_GO, {}).items():
        if name == "kept":
            st.query_params["kept"] = value
        else:
            st.session_state[name] = value
    parts = {n: screen.say(f"brief.part_{n}") for n in ("read", "kept", "plan")}
    chosen = address.segments("view", parts, screen.say("nav.brief"))
    if chosen != "kept":
        st.query_params.pop("kept", None)
    return chosen


def go(**chosen: str | None) -> None:
    """Runs the page anew with these choices made."""
    st.session_state[_GO] = chosen
    st.rerun()


def ask(screen: Screen) -> View:
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        forms = {"page": screen.say("brief.page"), "long": screen.say("brief.long")}
        form = address.segments("form", forms, screen.say("brief.form"))
        unit = unit_of(screen)
        period = period_of(screen, periods_of(today()))
    return View("long" if form == "long" else "page", unit, period)


def periods_of(on: date) -> list[str]:
    """The running month, the quarters, the months before, the years: the running ones first."""
    months, quarters = recent(on)
    return [months[0], *quarters, *months[1:], *(f"{y}" for y in range(on.year, on.year - _YEARS, -1))]
