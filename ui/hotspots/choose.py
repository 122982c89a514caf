"""What is looked at: domain and unit, measure, layer and month; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pilotwatch.domain import Domain
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run
from ui import address
from ui.hotspots import words
from ui.screen import Screen

UNIT, PLACE, PERIOD = "unit", "place", "period"  # names in the address, and of what the session keeps
_WANTED = "hot-wanted"


@dataclass(frozen=True)
class View:
    """A test to look at; `before`: another month of it beside; `run` is None where nothing was tested yet. `months`: those
    that are kept of it, the oldest first."""

    domain: Domain
    measure: str
    layer: str
    unit: str | None
    run: Run | None
    before: Run | None
    months: tuple[str, ...] = ()


def ask(screen: Screen) -> View:
    """The choices in a row. What was clicked on the map in the last run (`want`) is chosen here."""
    for name, value in st.session_state.pop(_WANTED, {}).items():
        st.session_state[name] = value
    runs = shelf.runs(screen.desk)
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        names = {d.name: d for d in screen.domains}
        titles = {n: screen.pick(d.title) for n, d in names.items()}
        domain = names[
            address.segments("domain", titles, screen.say("hotspots.domain")) if len(names) > 1 else next(iter(names))
        ]
        told = words.measures(screen, domain)
        measure = address.select("measure", told, screen.say("hotspots.measure"), width=190) or words.RISK
        layers = {n: screen.say(f"hotspots.layer_{n}") for n in words.LAYERS}
        layer = address.segments("layer", layers, screen.say("hotspots.layer"))
        mine = {r.period: r for r in runs if (r.domain, r.measure, r.layer) == (domain.name, measure, layer)}
        unit = _unit(screen)
        months = tuple(sorted(mine))
        period = _month(months)
        before = _before(screen, [m for m in reversed(months) if m != period])
    return View(domain, measure, layer, unit, mine.get(period or ""), mine.get(before or ""), months)


def want(**values: str | None) -> None:
    """Chooses by their names in the address, in the next run: a choice can't be changed once it is drawn."""
    st.session_state[_WANTED] = values


def _unit(screen: Screen) -> str | None:
    seen = screen.person.units
    titles = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
    if len(titles) == 1:
        return next(iter(titles))
    return address.select(UNIT, titles, screen.say("hotspots.unit"), placeholder=screen.everywhere, width=210)


def _month(months: Sequence[str]) -> str | None:
    """The month looked at: the newest, where the address or the slider above the map says no other."""
    if not months:
        return None
    if st.session_state.get(PERIOD) not in months:
        asked = st.query_params.get(PERIOD)
        st.session_state[PERIOD] = asked if asked in months else months[-1]
    chosen = st.session_state[PERIOD]
    if chosen == months[-1]:
        st.query_params.pop(PERIOD, None)
    else:
        st.query_params[PERIOD] = chosen
    return chosen


def slide(screen: Screen, view: View) -> None:
    """The months that are kept, to slide through; nothing where there is one."""
    if len(view.months) > 1:
        st.select_slider(
            screen.say("hotspots.period"), view.months, key=PERIOD, label_visibility="collapsed",
            help=screen.say("hotspots.period_help"),
        )  # fmt: skip


def _before(screen: Screen, months: list[str]) -> str | None:
    """Another month to look at beside it, where there is one and it is wanted."""
    if not months:
        return None
    alone = screen.say("hotspots.alone")
    titles = {m: screen.say("hotspots.with", month=m) for m in months}
    return address.select("beside", titles, screen.say("hotspots.beside"), placeholder=alone, width=190)
