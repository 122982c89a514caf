"""What is looked at: domain and unit, measure, layer and month; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pilotwatch.domain import Domain
from pilotwatch.hotspots.keep import LAYERS, RISK, measures
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run
from ui import address
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
        titles = {n: screen.pick(d.title) for n, d in names.items()}
        domain = names[
            address.segments("domain", titles, screen.say("hotspots.domain")) if len(names) > 1 else next(iter(names))
        ]
        told = {n: screen.pick(t) for n, t in measures(domain).items()}
        measure = address.select("measure", told, screen.say("hotspots.measure"), width=210) or RISK
        layers = {n: screen.say(f"hotspots.layer_{n}") for n in LAYERS}
        layer = address.segments("layer", layers, screen.say("hotspots.layer"))
        mine = {r.period: r for r in runs if (r.domain, r.measure, r.layer) == (domain.name, measure, layer)}
        unit, period = _unit(screen), _month(screen, list(mine))
        before = _before(screen, [p for p in mine if p < (period or "")])
    return View(domain, measure, unit, mine.get(period or ""), mine.get(before or ""))


def _unit(screen: Screen) -> str | None:
    seen = screen.person.units
    titles = {u.code: screen.unit(u.code) for u in screen.house.places.units if seen is None or u.code in seen}
    if len(titles) == 1:
        return next(iter(titles))
    return address.select("unit", titles, screen.say("hotspots.unit"), placeholder=screen.everywhere, width=210)


def _month(screen: Screen, months: list[str]) -> str | None:
    if len(months) < 2:
        return next(iter(months), None)
    return address.select("period", {m: m for m in months}, screen.say("hotspots.period"), width=210)


def _before(screen: Screen, months: list[str]) -> str | None:
    """A month before it to look at beside it, where there is one and it is wanted."""
    if not months:
        return None
    alone = screen.say("hotspots.alone")
    return address.select("beside", {m: m for m in months}, screen.say("hotspots.beside"), placeholder=alone, width=210)
