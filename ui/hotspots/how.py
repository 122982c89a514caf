"""How it was made, in words with every parameter; and the places to take out, as files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pilotwatch.domain import Text
from ui import blocks
from ui.hotspots.found import Seen
from ui.html import join, tag
from ui.screen import Screen

#: What can be taken out: the kind of file and its ending, as `pilotwatch.hotspots.export.FORMS` has them.
FORMS = {
    "png": ("image/png", ".png"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "geojson": ("application/geo+json", ".geojson"),
    "gpkg": ("application/geopackage+sqlite3", ".gpkg"),
}


def method(screen: Screen, seen: Seen) -> None:
    run = seen.run
    with st.expander(screen.say("hotspots.method")):
        parts = [
            "rate",
            "test",
            *{"cells": ["layers"], "fine": ["fine"], "streets": ["scan"]}.get(run.layer, ["units"]),
            "gi",
            "past" if run.spread is not None else "state",
            "states",
            "unseen",
        ]
        st.html(join([tag("p", screen.say(f"hotspots.method_{n}"), cls="pw-note") for n in parts]))
        told = {**run.parameters, "spread": None if run.spread is None else round(run.spread, 4), "on_day": run.on_day.isoformat(),
                "since": run.since.isoformat() if run.since else None, "at": blocks.moment(run.at)}  # fmt: skip
        said = "；".join(f"{n} = {v}" for n, v in told.items() if v is not None)
        st.html(tag("p", screen.say("hotspots.parameters", said=said), cls="pw-note"))


def take_out(screen: Screen, seen: Seen) -> None:
    """The places of the view as files, made when they are asked for; the store keeps to the scope and tells the audit."""
    with st.container(key="hot-take", horizontal=True, gap="small"):
        for form, (kind, ending) in FORMS.items():
            st.download_button(
                screen.say(f"hotspots.take_{form}"), data=partial(_file, screen, seen, form), file_name=_name(seen, ending),
                mime=kind, on_click="ignore", key=f"hot-take-{form}",
            )  # fmt: skip


def _file(screen: Screen, seen: Seen, form: str) -> bytes:
    from pilotwatch.hotspots import export, keep

    domain, measure = seen.view.domain.title, keep.measures(seen.view.domain)[seen.view.measure]
    title = Text(f"{domain.zh} · {measure.zh}", f"{domain.en} · {measure.en}")
    context = export.Context(screen.house.places, screen.language, title, screen.house.store.demo)
    return export.take_out(screen.desk, seen.run, form, context, unit=seen.view.unit)


def _name(seen: Seen, ending: str) -> str:
    run = seen.run
    return (
        "-".join(p for p in ("hotspots", run.domain, run.measure, run.layer, seen.view.unit, run.period) if p) + ending
    )
