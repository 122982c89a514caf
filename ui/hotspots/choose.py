"""What is looked at: domain and unit, measure, layer and month; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pilotwatch.domain import Domain
from pilotwatch.hotspots.keep import LAYERS, RISK, measures
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run
from ui.screen import Screen


@dataclass(frozen=True)
class View:
    """A test to look at; `before`: another month of it beside; `run` is None where nothing was tested yet."""

    domain: Domain
    measure: str
    unit: str | None
    run: Run | None
    before: Run | None


def ask(screen: Screen) -> View:
    runs = shelf.runs(screen.desk)
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        names = {d.name: d for d in screen.domains}
        domain = names[_one(screen, "domain", list(names), lambda n: screen.pick(names[n].title))]
        titles = measures(domain)
        measure = _one(screen, "measure", list(titles), lambda n: screen.pick(titles[n]), listed=True, first=RISK)
        layer = _one(screen, "layer", list(LAYERS), lambda n: screen.say(f"hotspots.layer_{n}"))
        mine = [r for r in runs if (r.domain, r.measure, r.layer) == (domain.name, measure, layer)]
        units = [
            u.code for u in screen.house.places.units if screen.person.units is None or u.code in screen.person.units
        ]
        everywhere = screen.say("word.all_city" if screen.person.units is None else "word.all_units")
        unit = _one(
            screen, "unit", ["all", *units] if len(units) > 1 else units,
            lambda u: everywhere if u == "all" else screen.unit(u), listed=True,
        )  # fmt: skip
        period = _one(screen, "period", [r.period for r in mine], str, listed=True) if mine else None
        others = ["none", *(r.period for r in mine if r.period < (period or ""))]
        beside = "none"
        if len(others) > 1:
            beside = _one(
                screen, "beside", others, lambda p: screen.say("hotspots.alone") if p == "none" else p, listed=True
            )
    by = {r.period: r for r in mine}
    return View(domain, measure, None if unit == "all" else unit, by.get(period or ""), by.get(beside))


def _one(
    screen: Screen, name: str, options: Sequence[str], told: Callable[[str], str], *, listed: bool = False,
    first: str | None = None,
) -> str:  # fmt: skip
    """Asks where there is more than one, begins with what the address says, and writes the answer there."""
    if len(options) == 1:
        return options[0]
    key, start = f"hot-{name}", first or options[0]
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(name)
        st.session_state[key] = asked if asked in options else start
    label = screen.say(f"hotspots.{name}")
    if listed:
        answer = st.selectbox(label, options, key=key, format_func=told, width=210, label_visibility="collapsed")
    else:
        answer = st.segmented_control(
            label, options, key=key, format_func=told, required=True, label_visibility="collapsed", wrap=True
        )
    if answer == start:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = answer
    return answer or start
