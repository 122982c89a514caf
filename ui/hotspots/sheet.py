"""The map: cells, streets or units over the divisions, with the subjects as points where they are wanted.

White: inspected, and nothing found. Hatched: nobody was there. Grey: nothing known. Shaded: something found, by how much of
what was expected. Red with a dark edge: hot, tested. Dotted: under the XPCC. Places without subjects aren't drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from pilotwatch.store import hot_points
from ui import address, blocks, cache, maps, theme
from ui.hotspots import canvas, choose, words
from ui.hotspots.found import Seen, of
from ui.html import Html, join, tag
from ui.overview import source_of
from ui.screen import Screen

#: Classes of the smoothed rate over the city's, from its bound (included) to the next: the same over all periods and places.
CLASSES = (0.0, 0.8, 1.25, 2.0)
_SHADES = {"light": ("#E3EBF1", "#C3D5E2", "#94B5CC", "#5F8FB4"), "dark": ("#22303C", "#2B4254", "#38597A", "#5580A6")}
_WHITE = {"light": "#FFFFFF", "dark": "#141C25"}
_GREY = {"light": "#B8BEC5", "dark": "#4A5560"}
_XPCC = {"light": "#EFE7D6", "dark": "#3A3426"}
_HATCH = {"light": "#7C8894", "dark": "#8796A4"}
_GROUND = {"light": "#EEF1F4", "dark": "#10181F"}
_HOT = theme.LEVEL["red"][0]
_OTHERS = {"light": ("#6F8497", "#AEB6BE", "#A08A55"), "dark": ("#8DA3B8", "#5B6772", "#A08A55")}

# What a fill and a mark mean to the component.
_FILL = {"white": 4, "hot": 5, "grey": 6, "xpcc": 7}
_HOT_MARK, _HATCHED, _DOTTED = 1, 2, 4

HEIGHT = 520
MOST_POINTS = 100_000


def show(screen: Screen, seen: Seen) -> None:
    """The map of the month, and of another one beside it where one is chosen: they move together."""
    with st.container(key="card-hot-map"):
        layer = words.layer(screen, seen.run.layer)
        st.html(blocks.heading(screen.say("hotspots.map"), screen.say("hotspots.map_note", layer=layer)))
        with st.container(key="hot-over", horizontal=True, vertical_alignment="center", gap="medium"):
            choose.slide(screen, seen.view)
            pointed = address.toggle("points", screen.say("hotspots.points"))
        sheets = [seen] if seen.view.before is None else [of(screen, seen.view, seen.view.before), seen]
        points = _points(screen, seen) if pointed else None
        fit = _box(screen, seen)
        columns = st.columns(len(sheets), gap="small") if len(sheets) > 1 else [st.container()]
        for column, sheet in zip(columns, sheets, strict=True):
            with column:
                if len(sheets) > 1:
                    st.html(tag("p", tag("b", sheet.run.period), cls="pw-note"))
                _map(screen, sheet, points if sheet is seen else None, fit)
        _legend(screen, seen, points)


def _map(screen: Screen, seen: Seen, points: pd.DataFrame | None, fit: list[int]) -> None:
    key = f"hotmap-{seen.run.period}"
    canvas.mount(_data(screen, seen, points, fit), key=key, picked=lambda: _picked(key, points))


def _picked(key: str, points: pd.DataFrame | None) -> None:
    """What was clicked becomes a choice of the next run: a place, a unit; a point leads to its subject."""
    found = canvas.clicked(key) or {}
    if found.get("kind") == "place" and found.get("id"):
        choose.want(**{choose.PLACE: str(found["id"])})
    elif found.get("kind") == "unit" and found.get("id"):
        choose.want(**{choose.UNIT: str(found["id"]), choose.PLACE: None})
    elif found.get("kind") == "point" and points is not None and 0 <= int(found["index"]) < len(points):
        st.session_state["hot-subject"] = points["subject_id"].iloc[int(found["index"])]


# --- what is drawn -------------------------------------------------------------------------------------------------


def _data(screen: Screen, seen: Seen, points: pd.DataFrame | None, fit: list[int]) -> dict[str, Any]:
    places, square = screen.house.places, canvas.square_of(screen.house.places)
    view = seen.view
    chosen = st.session_state.get(choose.PLACE)
    drawn = _kept(
        f"{screen.kept_by[:3]}-{screen.person.as_of}-{view.domain.name}-{view.measure}-{seen.run.layer}-{seen.run.period}-{seen.run.at}-{view.unit}-{screen.language}",
        _screen=screen, _seen=seen,
    )  # fmt: skip
    return {
        "group": "hotspots", "height": HEIGHT, "font": maps.FONT, "alt": screen.say("hotspots.map_alt", n=len(seen.hot)),
        "fit": fit, "fit_key": f"{view.domain.name}-{seen.run.layer}-{view.unit}", "metre": square.metre,
        "home_scale": 500 / max(fit[2] - fit[0], fit[3] - fit[1]),
        "ground": [g | {"name": screen.unit(g["id"])} for g in canvas.ground(places)],
        **drawn, "points": _sent(screen, points), "chosen": chosen, "unit": view.unit,
        "units_pick": screen.person.units is None or len(screen.person.units) > 1,
        "colours": _colours(screen), "words": _words(screen), "source": source_of(screen),
    }  # fmt: skip


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept(key: str, *, _screen: Screen, _seen: Seen) -> dict[str, Any]:
    """The places of a test as the component wants them; kept by the test and the scope."""
    rows, layer = _seen.places.sort_values("hot", kind="stable", ignore_index=True), _seen.run.layer
    fills, marks = _fills(rows, _seen), _marks(rows)
    told = {"rows": _rows(_screen, layer, rows)}
    if layer in words.CELLS:
        return told | {"areas": _areas(_screen, rows, fills, marks)}
    if layer == "units":
        return told | _units(_screen, rows, fills, marks)
    return told | {"spots": _spots(_screen, rows, fills, marks, 4 + 11 * np.sqrt(_share(rows)))}


def _areas(screen: Screen, rows: pd.DataFrame, fills: np.ndarray, marks: np.ndarray) -> dict[str, Any]:
    from h3 import cell_to_boundary

    rings = [np.asarray(cell_to_boundary(cell)) for cell in rows["place"]]
    corners = np.concatenate(rings) if rings else np.empty((0, 2))
    xy = canvas.square_of(screen.house.places).at(corners[:, 1], corners[:, 0])
    sides = np.array([len(r) for r in rings], np.uint8)
    return {
        "ids": rows["place"].tolist(), "xy": canvas.packed(xy), "sides": canvas.packed(sides),
        "fill": canvas.packed(fills), "marks": canvas.packed(marks),
    }  # fmt: skip


def _units(screen: Screen, rows: pd.DataFrame, fills: np.ndarray, marks: np.ndarray) -> dict[str, Any]:
    """The units that are a division fill its area; one that is a zone within is a disc."""
    zones = rows["place"].isin([u.code for u in screen.house.places.units if u.zone]).to_numpy()
    filled = {
        p: {"row": i, "fill": int(fills[i]), "marks": int(marks[i])}
        for i, p in enumerate(rows["place"])
        if not zones[i]
    }
    at = np.flatnonzero(zones)
    spots = _spots(screen, rows.iloc[at], fills[at], marks[at], np.full(len(at), 8.0))
    return {"filled": filled, "spots": spots | {"row": at.tolist()}}


def _spots(screen: Screen, rows: pd.DataFrame, fills: np.ndarray, marks: np.ndarray, radius: Any) -> dict[str, Any]:
    x, y = canvas.square_of(screen.house.places).at(rows["lng"], rows["lat"]).T.tolist()
    return {
        "ids": rows["place"].tolist(), "x": x, "y": y, "r": np.round(np.asarray(radius, float), 1).tolist(),
        "fill": fills.tolist(), "marks": marks.tolist(), "row": list(range(len(rows))),
    }  # fmt: skip


def _share(rows: pd.DataFrame) -> Any:
    return rows["subjects"] / max(1, rows["subjects"].max())


def _fills(rows: pd.DataFrame, seen: Seen) -> np.ndarray:
    """The smoothed rate against the city's, where something was found: a cell with one subject is not twice the city for
    one case."""
    city = seen.run.observed / max(1, seen.run.subjects)
    times = rows["smoothed"].fillna(0).to_numpy(float) / city if city else np.zeros(len(rows))
    step = np.clip(np.searchsorted(CLASSES, times, side="right") - 1, 0, len(CLASSES) - 1)
    of_state = {"hot": _FILL["hot"], "no_data": _FILL["grey"], "xpcc": _FILL["xpcc"]}
    other = rows["state"].map(of_state).fillna(_FILL["white"]).to_numpy()
    return np.where(rows["state"] == "found", step, other).astype(np.uint8)


def _marks(rows: pd.DataFrame) -> np.ndarray:
    bits = {"hot": _HOT_MARK, "not_inspected": _HATCHED, "xpcc": _DOTTED}
    return rows["state"].map(bits).fillna(0).to_numpy().astype(np.uint8)


def _rows(screen: Screen, layer: str, rows: pd.DataFrame) -> dict[str, Any]:
    """What the pointer tells of each place."""
    courses = ["", *(n for n in rows["course"].dropna().unique() if n)]
    tenths = {n: [None if pd.isna(v) else round(float(v), 1) for v in rows[n]] for n in ("expected", "ratio")}
    return {
        "name": [words.place(screen, layer, r) for r in rows[["place", "street_code"]].to_dict("records")],
        **{n: rows[n].astype(int).tolist() for n in ("subjects", "observed", "inspected", "xpcc")}, **tenths,
        "course": [courses.index(c) if c else 0 for c in rows["course"].fillna("")],
        "state": [words.STATES.index(s) for s in rows["state"]],
        "of": {"course": [words.course(screen, c) for c in courses], "state": [words.state(screen, s) for s in words.STATES]},
    }  # fmt: skip


def _colours(screen: Screen) -> dict[str, Any]:
    mode = screen.mode
    c = theme.COLOURS[mode]
    fills = [*_SHADES[mode], _WHITE[mode], _HOT, _GREY[mode], _XPCC[mode]]
    page = {n: c[n] for n in ("line", "card", "ink", "soft", "accent")} | {"ground": c["card"], "hover": c["head"]}
    return {
        "ground": _GROUND[mode], "border": c["soft"], "edge": _HATCH[mode], "ink": c["ink"], "card": c["card"],
        "accent": c["accent"], "hatch": _HATCH[mode], "fills": fills, "page": page,
        "points": [theme.LEVEL["red"][0], theme.LEVEL["orange"][0], *_OTHERS[mode]],
    }  # fmt: skip


def _words(screen: Screen) -> dict[str, Any]:
    return {
        "lines": screen.say("hotspots.hover_lines").split("\n"), "metres": screen.say("hotspots.metres"),
        "kilometres": screen.say("hotspots.kilometres"), "to_unit": screen.say("hotspots.to_unit"),
        "to_subject": screen.say("hotspots.to_subject"), "levels": [screen.say(f"hotspots.point_{i}") for i in range(2)],
        "buttons": {n: screen.say(f"hotspots.button_{n}") for n in ("nearer", "farther", "whole")},
    }  # fmt: skip


# --- the subjects as points ----------------------------------------------------------------------------------------


def _points(screen: Screen, seen: Seen) -> pd.DataFrame:
    """The located subjects of the view: those of `hot_points.points` and `mark` (0 red, or what is counted happened; 1
    orange; 2 others; 3 without data; 4 under the XPCC). Of more than can be drawn the quiet ones are thinned out."""
    run, unit = seen.run, seen.view.unit
    return _points_kept(
        *cache.key(screen.desk),
        run.domain,
        run.measure,
        str(run.since),
        str(run.on_day),
        unit,
        _screen=screen,
        _seen=seen,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _points_kept(*key: Any, _screen: Screen, _seen: Seen) -> pd.DataFrame:
    run = _seen.run
    rows = hot_points.points(_screen.desk, hot_points.Where(run.domain, unit=_seen.view.unit))
    mark = np.select([rows["rank"] <= 1, rows["rank"] >= 5], [rows["rank"], 3], 2)
    if run.since is not None:
        happened = hot_points.happened(_screen.desk, run.domain, run.measure, run.since, run.on_day)
        mark = np.where(rows["subject_id"].isin(happened["subject_id"]), 0, 2)
    mark = np.where((rows["jurisdiction"] == "xpcc") & (mark > 1), 4, mark)
    rows = rows.assign(mark=mark.astype(np.uint8))
    rows.attrs["all"] = len(rows)
    return thinned(rows, MOST_POINTS)


def thinned(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many rows: all that stand out (`mark` 0 and 1, the first of them where they are too many), and of the others
    every so-manieth, so that the picture stays that of all."""
    if len(rows) <= most:
        return rows
    first = rows[rows["mark"] <= 1].head(most)
    others = rows[rows["mark"] > 1]
    at = np.linspace(0, len(others) - 1, most - len(first)).round().astype(int) if most > len(first) else []
    kept = pd.concat([first, others.iloc[at]], ignore_index=True)
    kept.attrs.update(rows.attrs)
    return kept


def _sent(screen: Screen, points: pd.DataFrame | None) -> dict[str, Any] | None:
    if points is None:
        return None
    xy = canvas.square_of(screen.house.places).at(points["lng"], points["lat"])
    return {"xy": canvas.packed(xy), "level": canvas.packed(points["mark"].to_numpy(np.uint8))}


# --- where it looks, and the legend --------------------------------------------------------------------------------


def _box(screen: Screen, seen: Seen) -> list[int]:
    """Where four fifths of the subjects are, and all hot places; the city where there are none. In units of the square."""
    places = screen.house.places
    unit = next((u for u in places.units if u.code == seen.view.unit), None)
    rows = seen.places
    if seen.run.layer == "units" or rows.empty:
        shapes = places.boundaries.polygons
        chosen = [shapes[unit.division]] if unit and not unit.zone else list(shapes.values())
        west, south, east, north = shapely.total_bounds(chosen)
    else:
        weight = rows.loc[rows.index.repeat(np.minimum(rows["subjects"], 100).clip(lower=1))]
        hot = seen.hot if len(seen.hot) else weight
        ends = {c: np.quantile(weight[c], [0.1, 0.9]) for c in ("lng", "lat")}
        west, south = (min(ends[c][0], hot[c].min()) for c in ("lng", "lat"))
        east, north = (max(ends[c][1], hot[c].max()) for c in ("lng", "lat"))
    more = 0.08 * max(east - west, (north - south) * 1.3, 0.02)
    corners = canvas.square_of(places).at([west - more, east + more], [south - more, north + more])
    return [int(n) for n in corners.ravel()]


def _legend(screen: Screen, seen: Seen, points: pd.DataFrame | None) -> None:
    mode, shades = screen.mode, _SHADES[screen.mode]
    n = seen.places["state"].value_counts()
    line = "outline:1px solid var(--pw-line)"
    marks = [
        (f"background:{_HOT};outline:2px solid var(--pw-ink)", _counted(screen, "hot", n)),
        *((f"background:{shades[i]}", screen.say("hotspots.legend_times", times=_class(i))) for i in reversed(range(len(CLASSES)))),
        (f"background:{_WHITE[mode]};{line}", _counted(screen, "nothing", n)),
        (f"background:repeating-linear-gradient(135deg,{_HATCH[mode]} 0 1.5px,{_WHITE[mode]} 1.5px 4.5px);{line}", _counted(screen, "not_inspected", n)),
        (f"background:{_GREY[mode]}", _counted(screen, "no_data", n)),
    ]  # fmt: skip
    if n.get("xpcc"):
        marks.append((f"background:{_XPCC[mode]};{line}", _counted(screen, "xpcc", n)))
    marks.append((f"background:{_GROUND[mode]};{line}", screen.say("hotspots.legend_none")))
    _keys(marks)
    if points is not None:
        _of_points(screen, seen, points)
    run = seen.run
    told = [
        screen.say("hotspots.coverage", unplaced=f"{run.unplaced:,}", subjects=f"{run.subjects:,}",
                   share=f"{100 * (1 - run.unplaced / run.subjects):.1f}" if run.subjects else "—"),
        screen.say("hotspots.apart", n=f"{run.xpcc:,}") if run.xpcc else None,
        screen.say("hotspots.made_at", at=blocks.moment(run.at)),
    ]  # fmt: skip
    st.html(tag("p", join([t for t in told if t], " · "), cls="pw-source"))


def _of_points(screen: Screen, seen: Seen, points: pd.DataFrame) -> None:
    n = points["mark"].value_counts()
    counted = seen.run.since is not None
    shown = {0: "happened" if counted else "red", 1: "orange", 2: "others", 3: "nodata", 4: "xpcc"}
    colours = _colours(screen)["points"]
    marks = [
        (f"background:{colours[i]};" + ("transform:rotate(45deg) scale(.75)" if i == 0 else "border-radius:50%"),
         screen.say(f"hotspots.points_{name}", n=f"{n[i]:,}"))
        for i, name in shown.items() if n.get(i)
    ]  # fmt: skip
    _keys(marks)
    if points.attrs.get("all", 0) > len(points):
        st.html(
            blocks.note(screen.say("hotspots.points_thinned", n=f"{points.attrs['all']:,}", shown=f"{len(points):,}"))
        )


def _keys(marks: list[tuple[str, str]]) -> None:
    keys: list[Html] = [tag("span", tag("i", cls="pw-swatch", style=style), said) for style, said in marks]
    st.html(tag("div", *keys, cls="pw-legend"))


def _counted(screen: Screen, name: str, n: pd.Series) -> str:
    return f"{words.state(screen, name)} {n.get(name, 0):,}"


def _class(i: int) -> str:
    low, high = CLASSES[i], CLASSES[i + 1] if i + 1 < len(CLASSES) else None
    return f"≥ {low:g}" if high is None else f"{low:g}–<{high:g}"
