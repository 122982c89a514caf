"""The map as a picture: an SVG of the places over the divisions, set on a sheet with legend, method and source.

Drawn on a plane true to scale at the city's latitude. Three kinds of quiet are told apart as on the screen: white (inspected,
nothing found), hatched (not inspected in a year), grey (no data); the XPCC's places are dotted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from pilotwatch import papers
from pilotwatch.domain import Text
from pilotwatch.hotspots.cells import outlines
from pilotwatch.hotspots.export import LAYER_TITLES, Context, source_of, spoken
from pilotwatch.hotspots.states import STATES
from pilotwatch.store.hotspots import Run

#: Classes of the smoothed rate over the city's, from its bound (included) to the next: the same over all periods and places.
CLASSES = (0.0, 0.8, 1.25, 2.0)
SHADES = ("#E6EDF2", "#CBDAE5", "#A3BFD3", "#6F9ABB")
HOT, WHITE, GREY, INK, GROUND = "#C8102E", "#FFFFFF", "#C9CED4", "#1B2733", "#F3F5F7"

WIDTH, HEIGHT = 262.0, 150.0  # mm of the map on a landscape A4
_PATTERNS = f"""<defs>
<pattern id="hatched" width="1.6" height="1.6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="1.6" height="1.6" fill="{WHITE}"/><line x1="0" y1="0" x2="0" y2="1.6" stroke="#7A8691" stroke-width="0.5"/></pattern>
<pattern id="dotted" width="1.8" height="1.8" patternUnits="userSpaceOnUse">
<rect width="1.8" height="1.8" fill="{WHITE}"/><circle cx="0.9" cy="0.9" r="0.35" fill="#7A8691"/></pattern>
</defs>"""
_FILLS = {"hot": HOT, "nothing": WHITE, "not_inspected": "url(#hatched)", "no_data": GREY, "xpcc": "url(#dotted)"}


def picture(run: Run, places: pd.DataFrame, context: Context, *, unit: str | None = None, ppi: float = 144) -> bytes:
    """A sheet of A4 width as PNG: title, map, legend, and in words how it was tested, whose boundaries, and what is made up.

    `places`: the columns of a kept place. `unit`: whose name stands in the title, where it is not the whole city.
    """
    frame = _Frame.of(places, context)
    files: dict[str, bytes | str] = {"map.svg": drawing(run, places, context, frame)}
    files |= {f"key{n}.svg": _swatch(fill, edge) for n, (fill, edge, _) in enumerate(_legend(context))}
    return papers.png(_sheet(run, places, context, unit, frame), files, ppi=ppi)


def drawing(run: Run, places: pd.DataFrame, context: Context, frame: _Frame | None = None) -> str:
    """The map alone, SVG: divisions below, then the places, the hot ones last. Only numbers and our own words are in it."""
    frame = frame or _Frame.of(places, context)
    order = places.assign(_last=places["state"].eq("hot"), _first=-places["subjects"])
    order = order.sort_values(["_last", "_first"], kind="stable")  # small ones over large ones, hot ones over all
    fills = [_fill(r, run) for r in order.to_dict("records")]
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}mm" height="{HEIGHT}mm">',
        _PATTERNS,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        *(_path(frame, g, GROUND, "#9AA5AF", 0.35) for g in context.places.boundaries.polygons.values()),
        *(_cells if run.layer in ("cells", "fine") else _circles)(frame, order, fills),
        *(_path(frame, g, "none", "#5F6B76", 0.25) for g in context.places.boundaries.polygons.values()),
        "</svg>",
    ]
    return "\n".join(body)


class _Frame:
    """From degrees to millimetres of the map."""

    def __init__(self, west: float, south: float, east: float, north: float):
        self.lat = (south + north) / 2
        wide, high = (east - west) * self._shrink, north - south
        self.scale = min(WIDTH / wide, HEIGHT / high)
        self.left = west - (WIDTH / self.scale / self._shrink - (east - west)) / 2
        self.top = north + (HEIGHT / self.scale - high) / 2

    @property
    def _shrink(self) -> float:
        return float(np.cos(np.radians(self.lat)))

    @classmethod
    def of(cls, places: pd.DataFrame, context: Context) -> _Frame:
        """Where nine tenths of the subjects are, and all hot places; the city where there are none."""
        some = places[places["subjects"] > 0]
        if some.empty:
            return cls(*shapely.total_bounds(list(context.places.boundaries.polygons.values())))
        weight = some.loc[some.index.repeat(np.minimum(some["subjects"], 100))]
        hot = some[some["state"] == "hot"]
        ends = {}
        for c in ("lng", "lat"):
            low, high = np.quantile(weight[c], [0.05, 0.95])
            ends[c] = (min(low, hot[c].min()), max(high, hot[c].max())) if len(hot) else (low, high)
        (west, east), (south, north) = ends["lng"], ends["lat"]
        more = 0.08 * max(east - west, north - south, 0.02)
        return cls(west - more, south - more, east + more, north + more)

    def __call__(self, degrees: Any) -> np.ndarray:
        lng, lat = np.asarray(degrees, dtype=float).T
        return np.column_stack([(lng - self.left) * self._shrink * self.scale, (self.top - lat) * self.scale])

    @property
    def kilometre(self) -> float:
        """Millimetres of the map to one of the ground."""
        return self.scale / 110.95


def _fill(row: Any, run: Run) -> str:
    """The smoothed rate against the city's: a cell with one subject is not twice the city for one case."""
    if row["state"] != "found":
        return _FILLS.get(row["state"] or "no_data", GREY)
    city = run.observed / run.subjects if run.subjects else 0.0
    times = (row["smoothed"] or 0.0) / city if city and pd.notna(row["smoothed"]) else 0.0
    return SHADES[int(np.searchsorted(CLASSES, times, side="right")) - 1]


def _cells(frame: _Frame, places: pd.DataFrame, fills: Sequence[str]) -> Iterator[str]:
    for ring, fill, hot in zip(outlines(places["place"].tolist()), fills, places["state"].eq("hot"), strict=True):
        yield _ring(frame, ring, fill, INK if hot else "#8E9AA5", 0.45 if hot else 0.12)


def _circles(frame: _Frame, places: pd.DataFrame, fills: Sequence[str]) -> Iterator[str]:
    most = max(1, places["subjects"].max() if len(places) else 1)
    middles = frame(places[["lng", "lat"]].to_numpy(float))
    for (x, y), fill, hot, n in zip(middles, fills, places["state"].eq("hot"), places["subjects"], strict=True):
        radius, edge, width = 1.0 + 3.2 * np.sqrt(n / most), INK if hot else "#5F6B76", 0.5 if hot else 0.2
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'


def _ring(frame: _Frame, ring: Any, fill: str, edge: str, width: float) -> str:
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in frame(ring))
    return f'<polygon points="{points}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'


def _path(frame: _Frame, shape: Any, fill: str, edge: str, width: float) -> str:
    rings = [r for p in shapely.get_parts(shape) for r in (p.exterior, *p.interiors)]
    lines = ["M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in frame(shapely.get_coordinates(r))) + "Z" for r in rings]
    return f'<path d="{" ".join(lines)}" fill="{fill}" fill-rule="evenodd" stroke="{edge}" stroke-width="{width}"/>'


def _swatch(fill: str, edge: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5" width="8mm" height="5mm">{_PATTERNS}'
        f'<rect x="0.3" y="0.3" width="7.4" height="4.4" fill="{fill}" stroke="{edge}" stroke-width="0.4"/></svg>'
    )


def _legend(context: Context) -> list[tuple[str, str, str]]:
    """Fill, edge and words of each key, in the order of the states; "found" by its classes."""
    keys = []
    for state, title in STATES.items():
        if state == "found":
            keys += [(SHADES[i], "#8E9AA5", _class(i, context)) for i in reversed(range(len(CLASSES)))]
        else:
            keys.append((_FILLS[state], INK if state == "hot" else "#8E9AA5", title(context.language)))
    return [*keys, (GROUND, "#9AA5AF", _EMPTY(context.language))]


def _class(i: int, context: Context) -> str:
    low, high = CLASSES[i], CLASSES[i + 1] if i + 1 < len(CLASSES) else None
    bounds = f"≥ {low:g}" if high is None else f"{low:g}–<{high:g}"
    return _TIMES.format(bounds=bounds)(context.language)


def _sheet(run: Run, places: pd.DataFrame, context: Context, unit: str | None, frame: _Frame) -> str:
    language = context.language
    hot = int(places["state"].eq("hot").sum())
    where = context.unit(unit) if unit else _CITY(language)
    title = _TITLE.format(where=where, what=context.title(language), period=run.period)(language)
    told = _TOLD.format(layer=LAYER_TITLES[run.layer](language), hot=hot, places=len(places))(language)
    names = [
        f'#place(top + left, dx: {x:.1f}mm, dy: {y:.1f}mm, box(width: 0pt, align(center, box(width: 40mm, text(size: 9pt, fill: rgb("#42505C"), {_word(d.title(language))})))))'
        for d, (x, y) in _names(frame, context)
    ]
    keys = [f'#box[#box(baseline: 1mm, image("key{n}.svg", height: 3.6mm)) {papers.quoted(said)}]' for n, (*_, said) in enumerate(_legend(context))]  # fmt: skip
    demo = f'#box(fill: rgb("#B00D26"), inset: (x: 5pt, y: 3pt), radius: 2pt, text(fill: white, size: 9pt, {_word(_DEMO(language))}))' if context.demo else ""  # fmt: skip
    rows = [f"text(weight: 500, {_word(t)}), {_word(v)}," for t, v in spoken(run, context, source=False)]
    five = 5 * frame.kilometre if 5 * frame.kilometre < 0.4 * WIDTH else frame.kilometre
    kilometres = 5 if five == 5 * frame.kilometre else 1
    return f"""
#set page(width: 297mm, height: auto, margin: (x: 17.5mm, y: 12mm))
#set text(font: "{papers.SANS}", size: 9pt, lang: "{"zh" if language == "zh" else "en"}")
#set par(leading: 5pt, spacing: 6pt)
#grid(columns: (1fr, auto), align: (left, right + horizon), text(size: 17pt, weight: "bold", {_word(title)}), [{demo}])
{papers.quoted(told)}
#v(2pt)
#block(width: {WIDTH}mm, height: {HEIGHT}mm, clip: true, stroke: 0.4pt + rgb("#9AA5AF"))[
#place(top + left, image("map.svg", width: {WIDTH}mm))
{chr(10).join(names)}
#place(bottom + right, dx: -4mm, dy: -3mm, text(size: 8pt, fill: rgb("#5F6B76"), {_word(context.taken)}))
#place(bottom + left, dx: 4mm, dy: -4mm, stack(dir: ttb, spacing: 1mm, text(size: 8pt, {_word(f"{kilometres} km")}), line(length: {five:.2f}mm, stroke: 1pt)))
]
#text(size: 8pt, {_word(source_of(context.places)(language))})
#par[{" #h(8pt) ".join(keys)}]
#text(size: 8pt, {_word(_BOUNDS(language))})
#v(2pt)
#text(size: 8pt, table(columns: (34mm, 1fr), stroke: 0.3pt + rgb("#C9CED4"), inset: 3.5pt, {" ".join(rows)}))
"""


def _names(frame: _Frame, context: Context) -> Iterator[tuple[Any, np.ndarray]]:
    """The divisions whose name fits on the map, with the millimetres it is written at."""
    labels = context.places.boundaries.label_points
    for division in context.places.divisions:
        if division.code in labels:
            at = frame([labels[division.code]])[0]
            if 12 < at[0] < WIDTH - 12 and 4 < at[1] < HEIGHT - 8:
                yield division, at


def _word(text: str) -> str:
    """A text as a value of the markup: as `quoted`, inside code."""
    return papers.quoted(text).removeprefix("#").removesuffix(";")


_CITY = Text("乌鲁木齐市", "Urumqi")
_TITLE = Text("{where}风险热点：{what}（{period}）", "{where}, hot spots: {what} ({period})")
_TOLD = Text("图层：{layer}；{places} 处，其中热点 {hot} 处", "Layer: {layer}; {places} places, {hot} of them hot")
_TIMES = Text("全市的 {bounds} 倍", "{bounds} × the city")
_EMPTY = Text("没有对象", "No subjects")
_BOUNDS = Text(
    "颜色深浅为平滑发生率与全市之比，各时段分级界值固定，含下限、不含上限。",
    "Shades: the smoothed rate over the city's; the same classes in all periods, lower bound included, upper not.",
)
_DEMO = Text("演示数据", "Demo data")
