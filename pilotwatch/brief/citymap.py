"""The map of a brief: the divisions by their rate of subjects at risk, the zone that reports by itself, the hot streets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import shapely

from pilotwatch.brief.charts import INK, SOFT
from pilotwatch.brief.model import Number, Picture
from pilotwatch.papers import SANS
from pilotwatch.places import Places

#: Bounds of the classes, subjects at risk per 100, and their fills: those of the screen (`ui.theme`, light).
CLASSES: tuple[float, ...] = (0, 2, 4, 6, 7, 8, 10, 20, 40)
FILLS = ("#F4F7F9", "#E1ECF3", "#CCDFEC", "#B2CFE2", "#8FB9D6", "#679EC4", "#4281AD", "#225F8C", "#0E3A5C")
NODATA, HOT = "#DDE1E6", "#C8102E"

WIDTH, HEIGHT, BELOW = 150.0, 100.0, 13.0


def drawn(
    title: str, places: Places, rates: Mapping[str, Number], names: Mapping[str, str], hot: Sequence[tuple[float, float]],
    *, chosen: str | None, source: str, legend: tuple[str, str, str], width: float = WIDTH, height: float = HEIGHT,
) -> Picture:  # fmt: skip
    """`rates`: unit → its rate; one without is grey. `legend`: words for the scale, for no data, for hot places.

    The whole city stands on the left and the divisions that are too small there larger on the right; with a unit chosen, its
    division and the edges of its neighbours.
    """
    home = next((u.division for u in places.units if u.code == chosen), None)
    shapes = places.boundaries.polygons
    inner = () if home else small(shapes)
    split = 0.42 * width if inner else 0.0
    sheet = _Sheet(places, rates, names, hot, chosen, home)
    body = []
    if inner:
        body += sheet.drawn(
            _Frame(shapely.total_bounds(list(shapes.values())), 0, split - 1, height), set(names) - set(inner)
        )
        box = _Frame(shapely.total_bounds([shapes[c] for c in inner]), split, width - split, height)
        body += sheet.drawn(box, set(inner), left=split, wide=width - split, high=height)
    else:
        bounds = shapely.total_bounds([shapes[home]] if home else list(shapes.values()))
        body += sheet.drawn(_Frame(bounds, 0, width, height), set(names))
    body.append(f'<rect x="0" y="{height:g}" width="{width:g}" height="{BELOW:g}" fill="#FFFFFF"/>')
    body += _legend(legend, bool(hot), width, height)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + BELOW:g}" width="{width:g}mm" '
        f'height="{height + BELOW:g}mm" font-family="{SANS}"><rect width="{width:g}" height="{height:g}" fill="#FFFFFF"/>'
        f"{''.join(body)}</svg>"
    )
    shown = {c: n for c, n in rates.items() if chosen in (None, c)}
    alt = f"{title}：" + "；".join(f"{names[c]} {n.shown}" for c, n in shown.items())
    return Picture("map", title, svg, width, height + BELOW, alt, tuple(shown.values()), source)


def small(shapes: Mapping[str, Any]) -> tuple[str, ...]:
    """The divisions too small to be read on a map of the whole city; none where they don't lie together."""
    whole = shapely.box(*shapely.total_bounds(list(shapes.values())))
    found = tuple(c for c, s in shapes.items() if s.area < whole.area / 25)
    together = shapely.box(*shapely.total_bounds([shapes[c] for c in found])) if found else whole
    return found if len(found) > 1 and together.area < whole.area / 4 else ()


class _Frame:
    """From degrees to millimetres, true to scale at the middle latitude, into a box that begins at `left`."""

    def __init__(self, bounds: Any, left: float, width: float, height: float):
        west, south, east, north = bounds
        self.shrink = float(np.cos(np.radians((south + north) / 2)))
        edge = 0.04 * max((east - west) * self.shrink, north - south)
        wide, high = (east - west) * self.shrink + 2 * edge, north - south + 2 * edge
        self.box = (left, 0.0, left + width, height)
        self.scale = min(width / wide, height / high)
        self.left = (west + east) / 2 - (left + width / 2) / self.scale / self.shrink
        self.top = (south + north) / 2 + height / self.scale / 2

    def __call__(self, degrees: Any) -> np.ndarray:
        lng, lat = np.asarray(degrees, dtype=float).T
        return np.column_stack([(lng - self.left) * self.shrink * self.scale, (self.top - lat) * self.scale])

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left < x < right and top < y < bottom


class _Sheet:
    """What both maps share."""

    def __init__(
        self, places: Places, rates: Mapping[str, Number], names: Mapping[str, str], hot: Sequence[tuple[float, float]],
        chosen: str | None, home: str | None,
    ):  # fmt: skip
        self.places, self.rates, self.names, self.hot, self.chosen, self.home = places, rates, names, hot, chosen, home
        self.zones = {u.code: z.anchor for u in places.units for z in places.zones if z.code == u.zone}

    def drawn(
        self, frame: _Frame, named: set[str], *, left: float | None = None, wide: float = 0.0, high: float = 0.0
    ) -> list[str]:
        """The divisions, the zones, the hot streets, the names; in a box of its own where `left` is given."""
        shapes, body = self.places.boundaries.polygons, []
        for code in sorted(shapes, key=lambda c: c == self.home):
            fill = _fill(self.rates.get(code)) if self.chosen in (None, code) else "#F0F2F5"
            strong = code == self.home
            body.append(_path(frame, shapes[code], fill, INK if strong else "#8E9AA5", 0.6 if strong else 0.3))
        for code, anchor in self.zones.items():
            (x, y) = frame([anchor])[0]
            if self.chosen in (None, code) and frame.holds(x, y):
                fill = _fill(self.rates.get(code))
                body.append(
                    f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.2" fill="{fill}" stroke="{INK}" stroke-width="0.35"/>'
                )
        for x, y in frame(self.hot) if self.hot else ():
            if frame.holds(x, y):
                body.append(
                    f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.6" fill="{HOT}" stroke="#FFFFFF" stroke-width="0.4"/>'
                )
        body += self._labels(frame, named)
        if left is None:
            return body
        clip = f'<clipPath id="inner"><rect x="{left:.2f}" y="0" width="{wide:.2f}" height="{high:.2f}"/></clipPath>'
        ground = f'<rect x="{left:.2f}" y="0.1" width="{wide - 0.1:.2f}" height="{high - 0.2:.2f}"'
        return [clip, f'<g clip-path="url(#inner)">{ground} fill="#FFFFFF"/>', *body, "</g>", f'{ground} fill="none" stroke="#8E9AA5" stroke-width="0.3"/>']  # fmt: skip

    def _labels(self, frame: _Frame, named: set[str]) -> list[str]:
        """Name and rate, moved down until none covers another; with a white edge, for they lie on any shade."""
        points = {**self.places.boundaries.label_points, **self.zones}
        at = sorted(
            ((*frame([points[c]])[0], c) for c in self.names if c in points and c in named), key=lambda p: (p[1], p[0])
        )
        taken = [(x, y, 1.8) for x, y in (frame(self.hot) if self.hot else ())]
        made = []
        for x, y, code in at:
            if not frame.holds(x, y):
                continue
            rate = self.rates.get(code)
            shown = self.names[code] + (f" {rate.shown}" if rate is not None and self.chosen in (None, code) else "")
            half = sum(2.8 if ord(c) > 0x2E80 else 1.6 for c in shown) / 2
            x = min(max(x, frame.box[0] + half + 1), frame.box[2] - half - 1)
            y = y + 5 if code in self.zones else y
            while any(abs(y - b) < 3.6 and abs(x - a) < half + w for a, b, w in taken):
                y += 0.9
            taken.append((x, y, half))
            for look in ('stroke="#FFFFFF" stroke-width="0.9" stroke-linejoin="round" fill="#FFFFFF"', f'fill="{INK}"'):
                made.append(
                    f'<text x="{x:.2f}" y="{y:.2f}" font-size="2.8" text-anchor="middle" {look}>{escape(shown)}</text>'
                )
        return made


def _fill(rate: Number | None) -> str:
    if rate is None or rate.value is None:
        return NODATA
    return FILLS[max(i for i, bound in enumerate(CLASSES) if float(rate.value) >= bound)]


def _path(frame: _Frame, shape: Any, fill: str, edge: str, width: float) -> str:
    rings = [r for p in shapely.get_parts(shape) for r in (p.exterior, *p.interiors)]
    lines = ["M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in frame(shapely.get_coordinates(r))) + "Z" for r in rings]
    return f'<path d="{" ".join(lines)}" fill="{fill}" fill-rule="evenodd" stroke="{edge}" stroke-width="{width}"/>'


def _legend(words: tuple[str, str, str], hot: bool, width: float, height: float) -> list[str]:
    y, x, step = height + 3, 2.0, 7.6 if width > 120 else 6.0
    made = [f'<text x="{x}" y="{y + 2.6:.2f}" font-size="2.8" fill="{SOFT}">{escape(words[0])}</text>']
    x += 2 + sum(2.8 if ord(c) > 0x2E80 else 1.6 for c in words[0])
    for i, fill in enumerate(FILLS):
        low = f"≥{CLASSES[i]:g}" if i + 1 == len(CLASSES) else f"{CLASSES[i]:g}–{CLASSES[i + 1]:g}"
        made.append(
            f'<rect x="{x:.1f}" y="{y}" width="{step}" height="3.4" fill="{fill}" stroke="#8E9AA5" stroke-width="0.15"/>'
        )
        made.append(
            f'<text x="{x + step / 2:.1f}" y="{y + 6.4:.2f}" font-size="2" text-anchor="middle" fill="{SOFT}">{low}</text>'
        )
        x += step
    made.append(f'<rect x="{x + 3:.1f}" y="{y}" width="5" height="3.4" fill="{NODATA}"/>')
    made.append(f'<text x="{x + 9:.1f}" y="{y + 2.7:.2f}" font-size="2.5" fill="{SOFT}">{escape(words[1])}</text>')
    if hot:
        made.append(f'<circle cx="{x + 5.5:.1f}" cy="{y + 6.4:.1f}" r="1.4" fill="{HOT}"/>')
        made.append(f'<text x="{x + 9:.1f}" y="{y + 7.3:.2f}" font-size="2.5" fill="{SOFT}">{escape(words[2])}</text>')
    return made
