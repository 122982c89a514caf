"""How it was made, in words with every parameter; and the places to take out, as GeoJSON and as a workbook."""

from __future__ import annotations

import io
import json

import streamlit as st
import xlsxwriter

from ui import blocks
from ui.hotspots.found import Seen
from ui.html import join, tag
from ui.screen import Screen

_COLUMNS = (
    "place", "report_unit", "division_code", "street_code", "lng", "lat", "subjects", "observed", "expected", "ratio",
    "low", "high", "smoothed", "gi", "ring_observed", "ring_expected", "p", "hot", "course", "state", "known", "inspected", "xpcc",
)  # fmt: skip


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
    from pilotwatch.hotspots import export

    name = f"hotspots-{seen.run.domain}-{seen.run.measure}-{seen.run.layer}-{seen.run.period}"
    demo = screen.house.store.demo
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            screen.say("hotspots.take_geojson"), on_click="ignore", file_name=f"{name}.geojson", mime="application/geo+json",
            data=lambda: json.dumps(export.geojson(seen.run, seen.places, demo=demo), ensure_ascii=False).encode(),
        )  # fmt: skip
        st.download_button(
            screen.say("hotspots.take_workbook"), on_click="ignore", file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data=lambda: _workbook(screen, seen),
        )  # fmt: skip


def _workbook(screen: Screen, seen: Seen) -> bytes:
    """The places of the view with all that was worked out of each; nothing in it is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(screen.say("nav.hotspots"))
        mark = screen.say("badge.demo") if screen.house.store.demo else ""
        sheet.write_string(
            0, 0, " · ".join(x for x in (screen.say("hotspots.made_at", at=blocks.moment(seen.run.at)), mark) if x)
        )
        for at, column in enumerate(_COLUMNS):
            sheet.write_string(1, at, column)
        rows = seen.places[list(_COLUMNS)].astype(object).where(seen.places[list(_COLUMNS)].notna(), None)
        for line, row in enumerate(rows.itertuples(index=False), 2):
            for at, value in enumerate(row):
                if value is not None:
                    sheet.write(line, at, value)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, 1 + len(rows), len(_COLUMNS) - 1)
    return out.getvalue()
