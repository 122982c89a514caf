"""The map as a component of our own: a canvas that draws what Python lays out as whole numbers of one square.

Plotly's maps either need WebGL, which virtual desktops often lack, or stall at some thousand shapes; neither hatches an
area. What is sent is small: a corner is four bytes, a point five.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import streamlit as st
from numpy.typing import ArrayLike, NDArray

from pilotwatch.places import Places

FULL = 65_535
NAME = "pilotwatch_hotmap"
_HTML = """<div class="map"><canvas tabindex="0" role="img"></canvas><div class="tip" hidden></div>
<div class="buttons"><button name="nearer" type="button">+</button><button name="farther" type="button">−</button>
<button name="whole" type="button">⤢</button></div><p class="source"></p></div>"""
_CSS = """
.map { position: relative; width: 100%; overflow: hidden; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; font-family: var(--st-font, sans-serif); }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: pan-x pan-y; outline: none; }
canvas:focus-visible { box-shadow: inset 0 0 0 2px var(--accent); }
.tip { position: absolute; z-index: 2; max-width: 17rem; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 5px; background: var(--card); color: var(--ink); font-size: 12.5px; line-height: 1.5; pointer-events: none; box-shadow: 0 2px 8px rgb(0 0 0 / .14); }
.tip[hidden] { display: none; }
.tip b, .tip span { display: block; }
.buttons { position: absolute; top: 8px; right: 8px; display: grid; border: 1px solid var(--line); border-radius: 5px; overflow: hidden; }
.buttons button { width: 30px; height: 30px; padding: 0; border: 0; border-bottom: 1px solid var(--line); background: var(--card); color: var(--ink); font-size: 16px; line-height: 1; cursor: pointer; }
.buttons button:last-child { border-bottom: 0; }
.buttons button:hover, .buttons button:focus-visible { background: var(--hover); }
.source { position: absolute; left: 0; right: 0; bottom: 0; margin: 0; padding: 2px 8px; background: color-mix(in srgb, var(--card) 84%, transparent); color: var(--soft); font-size: 11px; line-height: 1.45; pointer-events: none; }
@media (max-width: 600px) { .buttons button { width: 36px; height: 36px; } .source { font-size: 10px; } }
"""


def mount(data: Mapping[str, Any], *, key: str, picked: Callable[[], None]) -> None:
    """Draws the map; `picked` is called when a place, a unit or a point was clicked: see `clicked`."""
    _component()(data=dict(data), key=key, on_picked_change=picked)


def clicked(key: str) -> dict[str, Any] | None:
    """What was clicked on the map of a key: `kind` (place, unit, point) with its `id`, or for a point its `index`."""
    return (st.session_state.get(key) or {}).get("picked")


def _component() -> Any:
    return st.components.v2.component(NAME, html=_HTML, css=_CSS, js=_script())


@lru_cache(maxsize=1)
def _script() -> str:
    return Path(__file__).with_name("canvas.js").read_text(encoding="utf-8")


# --- laying out ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Square:
    """The square of the Mercator plane (in degrees) whose side is 65,535 of our units: the city and what lies around it."""

    west: float
    south: float
    side: float

    def at(self, lng: ArrayLike, lat: ArrayLike) -> NDArray[np.uint16]:
        """Points × (x, y), eastwards and northwards; what lies outside is put on the edge."""
        x, y = np.asarray(lng, float), _mercator(np.asarray(lat, float))
        scaled = np.column_stack([x - self.west, y - self.south]) * (FULL / self.side)
        return np.clip(np.rint(scaled), 0, FULL).astype("<u2")

    @property
    def metre(self) -> float:
        """Metres a unit, at the middle of the square."""
        middle = np.radians(_latitude(self.south + self.side / 2))
        return self.side / FULL * 111_320 * float(np.cos(middle))


@lru_cache(maxsize=2)
def square_of(places: Places) -> Square:
    west, south, east, north = shapely.total_bounds(list(places.boundaries.polygons.values()))
    south, north = _mercator(np.array([south, north]))
    side = 1.1 * max(east - west, north - south)
    return Square((west + east - side) / 2, (south + north - side) / 2, float(side))


def packed(numbers: ArrayLike) -> str:
    """Bytes or 16-bit numbers as the component reads them."""
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")


@lru_cache(maxsize=2)
def ground(places: Places) -> tuple[dict[str, Any], ...]:
    """The divisions: id, the rings of each as one row of corners with their ends, where to write its name, how large it is."""
    square, labels = square_of(places), places.boundaries.label_points
    found = []
    for code, polygon in places.boundaries.polygons.items():
        simple = shapely.simplify(polygon, 0.0008)
        rings = [shapely.get_coordinates(r) for p in shapely.get_parts(simple) for r in (p.exterior, *p.interiors)]
        corners = square.at(*np.concatenate(rings).T)
        at = square.at([labels[code][0]], [labels[code][1]])[0].tolist()
        area = float(shapely.area(polygon)) * (FULL / square.side) ** 2
        found.append({"id": code, "xy": packed(corners), "ends": np.cumsum([len(r) for r in rings]).tolist(), "at": at, "area": area})  # fmt: skip
    return tuple(found)


def _mercator(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.degrees(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))


def _latitude(mercator: float) -> float:
    return float(np.degrees(2 * np.arctan(np.exp(np.radians(mercator))) - np.pi / 2))
