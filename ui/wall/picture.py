"""The map of the wall: areas by their rate and hot places as rings, as SVG that is drawn without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import shape

from pilotwatch.places import Places
from ui import maps, theme
from ui.html import Html, tag

WIDTH, HEIGHT = 1000.0, 760.0


def drawn(
    places: Places, rates: Mapping[str, float], names: Mapping[str, str], hot: Sequence[tuple[float, float]], *,
    only: Sequence[str] = (), chosen: str | None = None, alt: str = "",
) -> Html:  # fmt: skip
    """`rates`: per 100 by unit; `hot`: longitude and latitude; `only`: the divisions that the picture shows, else all;
    `chosen`: a unit that stands out from the others."""
    codes = [u.code for u in places.units if u.zone is None]
    box = _box(places, tuple(only) or tuple(codes))
    inner = set(maps.inner_districts(places)) if not only else set()
    areas = []
    for code in codes:
        fill = theme.fill_of(rates[code], "dark") if code in rates else "#3a4550"
        quiet = chosen is not None and code != chosen
        areas.append(tag("path", d=_path(places, code, box), fill="#22303d" if quiet else fill, cls="chosen" if code == chosen else None))  # fmt: skip
    labels = [_label(places, c, names, rates, box) for c in codes if c not in inner and (not only or c in only)]
    rings = [_ring(x, y) for x, y in (_at(at, box) for at in hot) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT]
    return tag(
        "svg", *areas, *labels, *rings, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", role="img", aria_label=alt, cls="map"
    )


def _label(
    places: Places, code: str, names: Mapping[str, str], rates: Mapping[str, float], box: tuple[float, ...]
) -> Html:
    x, y = _at(places.boundaries.label_points[code], box)
    rate = f"{rates[code]:.1f}" if code in rates else "—"
    return tag("text", tag("tspan", names.get(code, ""), x=f"{x:.0f}"), tag("tspan", rate, x=f"{x:.0f}", dy="1.1em"), x=f"{x:.0f}", y=f"{y:.0f}")  # fmt: skip


def _ring(x: float, y: float) -> Html:
    return tag(
        "g",
        tag("circle", cx=f"{x:.0f}", cy=f"{y:.0f}", r="13"),
        tag("circle", cx=f"{x:.0f}", cy=f"{y:.0f}", r="4"),
        cls="hot",
    )


@lru_cache(maxsize=32)
def _box(places: Places, codes: tuple[str, ...]) -> tuple[float, ...]:
    """Left, top and scale of what puts these divisions in the middle of the picture."""
    west, south, east, north = shapely.total_bounds([places.boundaries.polygons[c] for c in codes])
    squeeze = float(np.cos(np.radians((south + north) / 2)))
    scale = 0.94 * min(WIDTH / ((east - west) * squeeze), HEIGHT / (north - south))
    left = WIDTH / 2 - scale * squeeze * (west + east) / 2
    top = HEIGHT / 2 + scale * (south + north) / 2
    return left, top, scale, squeeze


def _at(at: tuple[float, float], box: tuple[float, ...]) -> tuple[float, float]:
    left, top, scale, squeeze = box
    return left + scale * squeeze * at[0], top - scale * at[1]


@lru_cache(maxsize=256)
def _path(places: Places, code: str, box: tuple[float, ...]) -> str:
    feature = next(f for f in maps.outlines(places)["features"] if f["id"] == code)
    rings = [r for p in shapely.get_parts(shape(feature["geometry"])) for r in (p.exterior, *p.interiors)]
    return "".join("M" + "L".join("{:.0f},{:.0f}".format(*_at((x, y), box)) for x, y in r.coords) + "Z" for r in rings)
