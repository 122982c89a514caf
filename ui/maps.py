"""The map of the city: rates as fill of the reporting units, subjects at risk as points of the unit looked at.

Drawn as SVG (`go.Choropleth`), so that it needs no WebGL, no tiles and nothing from outside the server: Plotly's own
world outline is asked of `/assets/topojson/`, where it is empty.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely

from pilotwatch.places import Places
from ui import theme
from ui.summary import number

CONFIG = {"topojsonURL": "/assets/topojson/", "displayModeBar": False, "scrollZoom": False, "doubleClick": False}
TOLERANCE = 0.002  # degrees; the inner districts are drawn at some 1,000 pixels a degree
HEIGHT = 390
FONT = "PingFang SC, Microsoft YaHei UI, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"

#: Red is a diamond and orange a circle, so that they differ without their colour, too.
SYMBOLS = {"red": ("diamond", 11), "orange": ("circle", 8)}
SUBJECT = "subject:"  # before a subject's id in what a click on its point tells
MANY = 100  # points from which they are drawn smaller


@lru_cache(maxsize=2)
def outlines(places: Places) -> dict[str, Any]:
    """The divisions as GeoJSON, simplified for a map of a few hundred pixels; rings turn as Plotly wants them."""
    drawn = copy.deepcopy(places.boundaries.geojson)
    for feature in drawn["features"]:
        shape = shapely.simplify(places.boundaries.polygons[feature["id"]], TOLERANCE)
        shape = shapely.set_precision(shapely.orient_polygons(shape, exterior_cw=True), 0.0005, mode="pointwise")
        feature["geometry"] = dict(shape.__geo_interface__)
    return drawn


@lru_cache(maxsize=2)
def inner_districts(places: Places) -> tuple[str, ...]:
    """The divisions too small to be read on a map of the whole city; none where they don't lie together."""
    shapes = places.boundaries.polygons
    whole = shapely.box(*shapely.total_bounds(list(shapes.values())))
    small = tuple(c for c, s in shapes.items() if s.area < whole.area / 25)
    together = shapely.box(*shapely.total_bounds([shapes[c] for c in small])) if small else whole
    return small if len(small) > 1 and together.area < whole.area / 4 else ()


@dataclass(frozen=True)
class Sheet:
    """What every map of one choice shares; each method draws one.

    `units`: report_unit, rate (NaN: no data); `names` and `hover`: what a unit's label and its pointer say.
    """

    places: Places
    mode: theme.Mode
    units: pd.DataFrame
    names: Mapping[str, str]
    hover: Mapping[str, str]
    chosen: str | None = None

    def of_city(self, but: Sequence[str] = ()) -> go.Figure:
        """The whole city; the divisions of `but` are told on a map of their own."""
        shapes = self.places.boundaries.polygons
        outer = [c for c in shapes if c not in but]
        box = shapely.total_bounds(list(shapes.values()))
        return self._figure([self.areas(), self.labels(outer), self.discs(named=True)], box)

    def of_divisions(self, codes: Sequence[str]) -> go.Figure:
        """Some divisions, enlarged, with what lies around them."""
        box = shapely.total_bounds([self.places.boundaries.polygons[c] for c in codes])
        return self._figure([self.areas(), self.labels(codes)], box, margin=0.05)

    def of_unit(self, points: pd.DataFrame | None) -> go.Figure:
        """The chosen unit with its subjects at risk; `points`: lng, lat, level, label."""
        traces = [self.areas(), self.discs(), *(_points(points, self.mode) if points is not None else [])]
        return self._figure(traces, _box_of(self.places, self.chosen or ""))

    @cached_property
    def rates(self) -> dict[str, float]:
        rates = self.units.set_index("report_unit")["rate"].to_dict()
        return {u.code: rates[u.code] for u in self.places.units if pd.notna(rates.get(u.code))}

    @cached_property
    def fills(self) -> dict[str, str]:
        """A fill per unit: its rate's, or quiet ones under the points of a chosen unit."""
        none = theme.COLOURS[self.mode]["nodata"]
        codes = [u.code for u in self.places.units]
        if self.chosen:
            around = theme.COLOURS[self.mode]["head"]
            return {c: theme.FILL[self.mode][1] if c == self.chosen else around for c in codes}
        return {c: theme.fill_of(self.rates[c], self.mode) if c in self.rates else none for c in codes}

    def label(self, code: str, between: str) -> str:
        return f"{self.names[code]}{between}{number(self.rates.get(code))}"

    def areas(self) -> go.Choropleth:
        """Each area has a colour of its own: its place on a scale of so many steps. The chosen one is drawn last, on top."""
        codes = sorted((u.code for u in self.places.units if u.zone is None), key=lambda c: c == self.chosen)
        steps = max(1, len(codes) - 1)
        scale = [[i / steps, self.fills[c]] for i, c in enumerate(codes)]
        if len(codes) == 1:
            scale.append([1, scale[0][1]])
        edge, strong = theme.COLOURS[self.mode]["line" if self.chosen else "card"], theme.COLOURS[self.mode]["ink"]
        same = dict(marker=dict(opacity=1))
        return go.Choropleth(
            geojson=outlines(self.places), locations=codes, z=list(range(len(codes))), zmin=0, zmax=steps,
            colorscale=scale, showscale=False, customdata=codes, text=[self.hover.get(c, "") for c in codes],
            hovertemplate="%{text}<extra></extra>",
            marker=dict(
                line=dict(color=[strong if c == self.chosen else edge for c in codes],
                          width=[2 if c == self.chosen else 1.2 for c in codes]),
            ),
            selected=same, unselected=same,
        )  # fmt: skip

    def labels(self, codes: Sequence[str]) -> go.Scattergeo:
        at = self.places.boundaries.label_points
        return go.Scattergeo(
            lon=[at[c][0] for c in codes], lat=[at[c][1] for c in codes], text=[self.label(c, "<br>") for c in codes],
            mode="text", hoverinfo="skip",
            textfont=dict(size=12, color=[_ink_on(self.fills[c]) for c in codes]),
        )  # fmt: skip

    def discs(self, *, named: bool = False) -> go.Scattergeo:
        """The units that are a zone within a division."""
        codes = [u.code for u in self.places.units if u.zone is not None]
        anchors = {u.code: z.anchor for u in self.places.units for z in self.places.zones if z.code == u.zone}
        ink = theme.COLOURS[self.mode]["ink"]
        return go.Scattergeo(
            lon=[anchors[c][0] for c in codes], lat=[anchors[c][1] for c in codes], customdata=codes,
            mode="markers+text" if named else "markers", text=[self.label(c, " ") for c in codes],
            textposition="middle right", hovertext=[self.hover.get(c, "") for c in codes],
            hovertemplate="%{hovertext}<extra></extra>", textfont=dict(size=12, color=ink),
            marker=dict(size=14, color=[self.fills[c] for c in codes],
                        line=dict(color=ink, width=[2.4 if c == self.chosen else 1.2 for c in codes])),
            selected=dict(marker=dict(opacity=1)), unselected=dict(marker=dict(opacity=1)),
        )  # fmt: skip

    def _figure(self, traces: Sequence[Any], box: np.ndarray, *, margin: float = 0.03) -> go.Figure:
        """The traces in a window that shows the box (west, south, east, north) with a margin."""
        colours = theme.COLOURS[self.mode]
        more = margin * (box[2:] - box[:2])
        (west, south), (east, north) = box[:2] - more, box[2:] + more
        return go.Figure(traces).update_layout(
            height=HEIGHT, margin=dict(l=0, r=0, t=0, b=0), showlegend=False, dragmode=False, clickmode="event+select",
            paper_bgcolor="rgba(0,0,0,0)", font=dict(family=FONT),
            geo=dict(visible=False, bgcolor="rgba(0,0,0,0)", projection=dict(type="mercator"),
                     lonaxis=dict(range=[west, east]), lataxis=dict(range=[south, north])),
            hoverlabel=dict(bgcolor=colours["card"], bordercolor=colours["line"], font=dict(color=colours["ink"], size=13)),
        )  # fmt: skip


def of_subject(
    places: Places, mode: theme.Mode, unit: str | None, at: tuple[float, float], level: str, *, exact: bool
) -> go.Figure:
    """One subject in its unit, quietly drawn; a ring alone where only its street or district is known."""
    units = pd.DataFrame({"report_unit": [u.code for u in places.units], "rate": np.nan})
    names = {u.code: u.title.zh for u in places.units}
    found = (
        unit
        if unit in names
        else next((u.code for u in places.units if u.division == places.locate([at[0]], [at[1]])[0]), None)
    )
    sheet = Sheet(places, mode, units, names, {}, found)
    ring = go.Scattergeo(
        lon=[at[0]], lat=[at[1]], mode="markers", hoverinfo="skip",
        marker=dict(symbol="circle-open", size=26, color=theme.COLOURS[mode]["ink"], line=dict(width=2)),
    )  # fmt: skip
    point = go.Scattergeo(
        lon=[at[0]], lat=[at[1]], mode="markers", hoverinfo="skip",
        marker=dict(symbol=SYMBOLS.get(level, ("circle", 9))[0], size=11, color=theme.LEVEL[level][0],
                    line=dict(color=theme.COLOURS[mode]["card"], width=1)),
    )  # fmt: skip
    drawn = sheet.of_unit(None) if found else sheet.of_city()
    return drawn.add_traces([ring, point] if exact else [ring]).update_layout(height=260, clickmode="none")


def _points(points: pd.DataFrame, mode: theme.Mode) -> list[go.Scattergeo]:
    """Orange first, so that red lies above it."""
    traces, scale = [], 0.7 if len(points) > MANY else 1
    for level in ("orange", "red"):
        rows = points[points["level"] == level]
        symbol, size = SYMBOLS[level]
        traces.append(
            go.Scattergeo(
                lon=rows["lng"], lat=rows["lat"], mode="markers", text=rows["label"], customdata=SUBJECT + rows["subject_id"],
                hovertemplate="%{text}<extra></extra>",
                marker=dict(symbol=symbol, size=size * scale, color=theme.LEVEL[level][0], opacity=0.9,
                            line=dict(color=theme.COLOURS[mode]["card"], width=1)),
                selected=dict(marker=dict(opacity=0.9)), unselected=dict(marker=dict(opacity=0.9)),
            )
        )  # fmt: skip
    return traces


def _box_of(places: Places, unit: str) -> np.ndarray:
    """West, south, east, north of a unit; of one without an area, of its surroundings."""
    found = next(u for u in places.units if u.code == unit)
    if found.zone is None:
        return np.array(places.boundaries.polygons[found.division].bounds)
    lng, lat = next(z.anchor for z in places.zones if z.code == found.zone)
    return np.array([lng - 0.25, lat - 0.18, lng + 0.25, lat + 0.18])


def _ink_on(fill: str) -> str:
    """Black or white, whichever reads better on a colour."""
    r, g, b = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = 0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2
    return "#1C2733" if light > 0.25 else "#FFFFFF"
