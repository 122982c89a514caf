"""The map: cells or streets over the divisions, drawn as SVG. Nothing is fetched, and it works without WebGL.

White: subjects, and nothing found. Shaded: something found, by how much of what was expected. Red with a dark edge: hot,
tested. Places without subjects aren't drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely
import streamlit as st

from pilotwatch import hotspots
from ui import blocks, maps, theme
from ui.hotspots.found import Seen, course, name_of, of
from ui.html import join, tag
from ui.overview import source_of
from ui.screen import Screen

#: Classes of the smoothed rate over the city's, from its bound (included) to the next: the same over all periods and places.
CLASSES = (0.0, 0.8, 1.25, 2.0)
_SHADES = {"light": ("#E6EDF2", "#CBDAE5", "#A3BFD3", "#6F9ABB"), "dark": ("#22303C", "#2B4254", "#38597A", "#5580A6")}
_WHITE = {"light": "#FFFFFF", "dark": "#141C25"}
_HOT = theme.LEVEL["red"][0]
_GROUND = {"light": "#EEF1F4", "dark": "#10181F"}
HEIGHT = 470


def show(screen: Screen, seen: Seen) -> None:
    """The map of the month, and of another one beside it where one is chosen."""
    with st.container(key="card-hot-map"):
        st.html(
            blocks.heading(
                screen.say("hotspots.map"),
                screen.say("hotspots.map_note", layer=screen.say(f"hotspots.layer_{seen.run.layer}")),
            )
        )
        sheets = [seen] if seen.view.before is None else [of(screen, seen.view, seen.view.before), seen]
        for column, sheet in zip(
            st.columns(len(sheets), gap="small") if len(sheets) > 1 else [st.container()], sheets, strict=True
        ):
            with column:
                if len(sheets) > 1:
                    st.html(tag("p", tag("b", sheet.run.period), cls="pw-note"))
                key = f"hot-{seen.run.domain}-{seen.run.measure}-{sheet.run.layer}-{sheet.run.period}-{seen.view.unit}-{screen.mode}-{screen.language}"
                st.plotly_chart(
                    _figure(screen, sheet), config=maps.CONFIG, theme=None, key=key, alt=screen.say("hotspots.map")
                )
        _legend(screen, seen)


def _figure(screen: Screen, seen: Seen) -> go.Figure:
    colours, mode = theme.COLOURS[screen.mode], screen.mode
    traces = [_ground(screen)]
    traces += _cells(screen, seen) if seen.run.layer == "cells" else _streets(screen, seen)
    west, south, east, north = _box(screen, seen)
    return go.Figure(traces).update_layout(
        height=HEIGHT, margin=dict(l=0, r=0, t=0, b=0), showlegend=False, dragmode="pan",
        paper_bgcolor="rgba(0,0,0,0)", font=dict(family=maps.FONT),
        geo=dict(visible=False, bgcolor="rgba(0,0,0,0)", projection=dict(type="mercator"),
                 lonaxis=dict(range=[west, east]), lataxis=dict(range=[south, north])),
        hoverlabel=dict(bgcolor=colours["card"], bordercolor=colours["line"], font=dict(color=colours["ink"], size=13)),
        uirevision=mode,
    )  # fmt: skip


def _ground(screen: Screen) -> go.Choropleth:
    codes = list(screen.house.places.boundaries.polygons)
    ground, line = _GROUND[screen.mode], theme.COLOURS[screen.mode]["soft"]
    return go.Choropleth(
        geojson=maps.outlines(screen.house.places), locations=codes, z=[0] * len(codes), showscale=False, hoverinfo="skip",
        colorscale=[[0, ground], [1, ground]], marker=dict(line=dict(color=line, width=1)),
    )  # fmt: skip


def _cells(screen: Screen, seen: Seen) -> list[Any]:
    """Cells where nothing was found are one white shape; the others have each its shade, the hot ones drawn last."""
    found = seen.places[(seen.places["observed"] > 0) | seen.places["hot"]]
    white = seen.places.drop(found.index)
    traces = []
    if len(white):
        rings = hotspots.outlines(white["place"].tolist())
        traces.append(
            _areas(
                {"white": shapely.unary_union([shapely.Polygon(r) for r in rings])},
                [_WHITE[screen.mode]],
                screen,
                width=0.3,
            )
        )
    for rows, width in ((found[~found["hot"]], 0.4), (found[found["hot"]], 1.6)):
        if len(rows):
            shapes = dict(
                zip(rows["place"], map(shapely.Polygon, hotspots.outlines(rows["place"].tolist())), strict=True)
            )
            traces.append(_areas(shapes, _fills(rows, screen, seen), screen, width=width, said=_hovers(screen, rows)))
    return traces


def _areas(
    shapes: dict[str, Any], fills: list[str], screen: Screen, *, width: float, said: list[str] | None = None
) -> go.Choropleth:
    features = [
        {"type": "Feature", "id": name, "properties": {},
         "geometry": dict(shapely.set_precision(shapely.orient_polygons(s, exterior_cw=True), 1e-5, mode="pointwise").__geo_interface__)}
        for name, s in shapes.items()
    ]  # fmt: skip
    steps = max(1, len(fills) - 1)
    scale = [[i / steps, c] for i, c in enumerate(fills)]
    if len(fills) == 1:
        scale.append([1, fills[0]])
    edge = theme.COLOURS[screen.mode]["ink" if width > 1 else "line"]
    return go.Choropleth(
        geojson={"type": "FeatureCollection", "features": features}, locations=list(shapes), z=list(range(len(fills))),
        zmin=0, zmax=steps, colorscale=scale, showscale=False, text=said,
        hovertemplate="%{text}<extra></extra>" if said else None, hoverinfo=None if said else "skip",
        marker=dict(line=dict(color=edge, width=width)),
    )  # fmt: skip


def _streets(screen: Screen, seen: Seen) -> list[Any]:
    rows = seen.places.sort_values("hot")
    ink = theme.COLOURS[screen.mode]["ink"]
    return [
        go.Scattergeo(
            lon=rows["lng"], lat=rows["lat"], mode="markers", text=_hovers(screen, rows),
            hovertemplate="%{text}<extra></extra>",
            marker=dict(
                size=6 + 18 * np.sqrt(rows["subjects"] / max(1, rows["subjects"].max())), color=_fills(rows, screen, seen),
                line=dict(color=[ink if h else theme.COLOURS[screen.mode]["soft"] for h in rows["hot"]], width=[2 if h else 0.8 for h in rows["hot"]]),
            ),
        )
    ]  # fmt: skip


def _fills(rows: pd.DataFrame, screen: Screen, seen: Seen) -> list[str]:
    """The smoothed rate against the city's: a cell with one subject is not twice the city for one case."""
    shades, city = _SHADES[screen.mode], seen.run.observed / max(1, seen.run.subjects)
    times = rows["smoothed"].fillna(0) / city if city else rows["smoothed"] * 0
    step = np.searchsorted(CLASSES, times, side="right") - 1
    return [
        _HOT if hot else _WHITE[screen.mode] if observed == 0 else shades[max(0, i)]
        for hot, observed, i in zip(rows["hot"], rows["observed"], step, strict=True)
    ]


def _hovers(screen: Screen, rows: pd.DataFrame) -> list[str]:
    return [
        screen.say(
            "hotspots.hover", name=name_of(screen, r), subjects=f"{r['subjects']:,}", observed=f"{r['observed']:,.0f}",
            expected=f"{r['expected']:,.1f}" if pd.notna(r["expected"]) else "—",
            ratio=f"{r['ratio']:.1f}" if pd.notna(r["ratio"]) else "—", course=course(screen, r["course"]),
        )
        for r in rows.to_dict("records")
    ]  # fmt: skip


def _box(screen: Screen, seen: Seen) -> tuple[float, float, float, float]:
    """Where nine tenths of the subjects are, and all hot places; the city where there are none."""
    if seen.places.empty:
        return tuple(shapely.total_bounds(list(screen.house.places.boundaries.polygons.values())))
    weight = seen.places.loc[seen.places.index.repeat(np.minimum(seen.places["subjects"], 100))]
    hot = seen.hot if len(seen.hot) else weight
    ends = {c: np.quantile(weight[c], [0.05, 0.95]) for c in ("lng", "lat")}
    west, south = (min(ends[c][0], hot[c].min()) for c in ("lng", "lat"))
    east, north = (max(ends[c][1], hot[c].max()) for c in ("lng", "lat"))
    more = 0.08 * max(east - west, (north - south) * 1.3, 0.02)
    return west - more, south - more, east + more, north + more


def _legend(screen: Screen, seen: Seen) -> None:
    shades = _SHADES[screen.mode]
    marks = [
        (f"background:{_HOT};outline:2px solid var(--pw-ink)", screen.say("hotspots.legend_hot")),
        *((f"background:{shades[i]}", _class(i)) for i in reversed(range(len(CLASSES)))),
        (f"background:{_WHITE[screen.mode]};outline:1px solid var(--pw-line)", screen.say("hotspots.legend_white")),
        (f"background:{_GROUND[screen.mode]};outline:1px solid var(--pw-line)", screen.say("hotspots.legend_none")),
    ]
    keys = [tag("span", tag("i", cls="pw-swatch", style=style), said) for style, said in marks]
    st.html(tag("div", *keys, cls="pw-legend"))
    coverage = screen.say("hotspots.coverage", unplaced=f"{seen.run.unplaced:,}", subjects=f"{seen.run.subjects:,}")
    made = screen.say("hotspots.made_at", at=blocks.moment(seen.run.at))
    st.html(tag("p", join([coverage, made, source_of(screen)], " · "), cls="pw-source"))


def _class(i: int) -> str:
    low, high = CLASSES[i], CLASSES[i + 1] if i + 1 < len(CLASSES) else None
    return f"≥ {low:g}" if high is None else f"{low:g}–<{high:g}"
