"""What was found, to be taken out of the house: GeoJSON, GeoPackage, a workbook, a picture.

`take_out` is the way out: it keeps to the person's scope and the audit tells of it. Every form says how it was tested (period,
parameters, seed), whose boundaries are drawn with their 审图号, and whether the data are made up.
"""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from pilotwatch.domain import Language, Text
from pilotwatch.hotspots.cells import outlines
from pilotwatch.hotspots.states import STATES
from pilotwatch.hotspots.trend import COURSES
from pilotwatch.places import Places
from pilotwatch.places.boundaries import SHIPPED
from pilotwatch.store import hotspots as shelf
from pilotwatch.store.hotspots import Run
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store import Desk

Form = Literal["geojson", "gpkg", "xlsx", "png"]

#: Forms with the kind of file they are.
FORMS: dict[Form, str] = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}

LAYER_TITLES: dict[str, Text] = {
    "cells": Text("六边形网格（边长约530米）", "Cells (edge about 530 m)"),
    "fine": Text("六边形网格（边长约200米）", "Cells (edge about 200 m)"),
    "streets": Text("街道（乡镇）", "Streets"),
    "units": Text("填报单位", "Reporting units"),
    "divisions": Text("区（县）", "Divisions"),
}

#: Titles of the columns of a place, in the order of the workbook.
TITLES: dict[str, Text] = {
    "place": Text("地点编码", "Place"), "state": Text("状态", "State"), "course": Text("变化", "Course"),
    "report_unit": Text("填报单位", "Reporting unit"), "division_code": Text("区（县）代码", "Division"),
    "street_code": Text("街道代码", "Street"), "street": Text("街道（乡镇）", "Street name"),
    "lng": Text("经度", "Longitude"), "lat": Text("纬度", "Latitude"),
    "subjects": Text("对象数", "Subjects"), "known": Text("有数据的对象", "With data"),
    "inspected": Text("近一年检查过的对象", "Inspected in the year before"), "xpcc": Text("兵团管辖对象（单列）", "Under the XPCC"),
    "observed": Text("实际", "Observed"), "expected": Text("应有", "Expected"), "ratio": Text("倍数", "Ratio"),
    "low": Text("倍数下限（95%）", "Ratio, low (95 %)"), "high": Text("倍数上限（95%）", "Ratio, high (95 %)"),
    "smoothed": Text("平滑发生率", "Smoothed rate"), "gi": Text("Gi*（仅供排序）", "Gi* (for ranking only)"),
    "ring_observed": Text("邻域实际", "Observed with neighbours"), "ring_expected": Text("邻域应有", "Expected with neighbours"),
    "p": Text("p 值", "p"), "hot": Text("热点", "Hot"),
}  # fmt: skip

#: What a parameter is called, and its name in `described`.
PARAMETERS: dict[str, Text] = {
    "window_days": Text("时段天数", "days of a window"), "windows": Text("时段数", "windows"),
    "q": Text("错误发现率 q", "false discovery rate q"), "seed": Text("随机种子", "seed"),
    "resolution": Text("H3 分辨率", "H3 resolution"), "beside": Text("对照分辨率", "resolutions beside it"),
    "simulations": Text("模拟次数", "simulations"), "largest": Text("扫描窗口上限（占应有数）", "largest window (of what is expected)"),
    "weeks": Text("近期扫描周数", "weeks of the recent scan"), "spread": Text("离散度", "dispersion"),
}  # fmt: skip

_ROUNDED = 6  # decimals of a number: of a degree about 0.1 m


@dataclass(frozen=True)
class Context:
    """What the forms need beside the test: what places are called, what is tested in words, and whether it is made up."""

    places: Places
    language: Language
    title: Text  # of what is tested: 单用途预付卡 · 投诉举报
    demo: bool
    taken: str = ""  # by whom and when; `take_out` fills it in

    def unit(self, code: str) -> str:
        return next((u.title(self.language) for u in self.places.units if u.code == code), code)

    def street(self, code: str) -> str:
        return self.places.streets[code].name if code in self.places.streets else ""


def take_out(desk: Desk, run: Run, form: Form, context: Context, *, unit: str | None = None) -> bytes:
    """A test in the person's scope, or of one unit of it, as a file. The audit says who took it out. Raises StoreRefused."""
    places = shelf.exported(desk, run, form, unit)
    who = f"{desk.person.name}（{desk.person.username}）" if context.language == "zh" else f"{desk.person.username}"
    context = replace(context, taken=f"{who} {now().astimezone(BEIJING):%Y-%m-%d %H:%M}")
    if form == "geojson":
        document = geojson(run, places, demo=context.demo, source=source_of(context.places)(context.language))
        document["properties"]["taken_out"] = context.taken
        return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    if form == "gpkg":
        return geopackage(run, places, context)
    if form == "xlsx":
        return workbook(run, places, context)
    from pilotwatch.hotspots.picture import picture

    return picture(run, places, context, unit=unit)


def name_of(run: Run, form: Form, unit: str | None = None) -> str:
    """What the file is called."""
    parts = ("hotspots", run.domain, run.measure, run.layer, unit, run.period)
    return "-".join(p for p in parts if p) + f".{form}"


# --- the forms ------------------------------------------------------------------------------------------------------


def geojson(run: Run, places: pd.DataFrame, *, demo: bool, source: str | None = None) -> dict[str, Any]:
    """A FeatureCollection, RFC 7946, in CGCS2000 degrees (within centimetres of WGS84): cells as polygons, others as points.
    `properties` tells how it was tested, and says so where the data are synthetic."""
    rows = places.drop(columns=["lng", "lat"]).to_dict("records")
    shapes = _polygons(places) if run.layer in ("cells", "fine") else _points(places)
    features = [
        {"type": "Feature", "id": row["place"], "geometry": shape, "properties": {n: _plain(v) for n, v in row.items()}}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    told = described(run, demo=demo) | ({"source": source} if source else {})
    return {"type": "FeatureCollection", "properties": told, "features": features}


def geopackage(run: Run, places: pd.DataFrame, context: Context) -> bytes:
    """A GeoPackage (OGC 12-128) in EPSG:4490: the places, the divisions, and a table `about` that says how it was tested."""
    import geopandas
    import pyogrio
    import shapely

    cells = run.layer in ("cells", "fine")
    shapes = [shapely.Polygon(r) for r in outlines(places["place"].tolist())] if cells else None
    geometry = shapes if cells else shapely.points(places["lng"], places["lat"])
    frame = geopandas.GeoDataFrame(named(places, context), geometry=geometry, crs="EPSG:4490")
    told = {
        **described(run, demo=context.demo),
        "source": source_of(context.places)(context.language),
        "taken_out": context.taken,
    }
    about = pd.DataFrame(
        [(k, v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in told.items()],
        columns=["name", "value"],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hotspots.gpkg"
        kind = "Polygon" if cells else "Point"
        pyogrio.write_dataframe(frame, path, layer="places", driver="GPKG", geometry_type=kind)
        divisions = context.places.boundaries.frame
        pyogrio.write_dataframe(divisions, path, layer="divisions", driver="GPKG", append=True, promote_to_multi=True)
        pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)
        return path.read_bytes()


def workbook(run: Run, places: pd.DataFrame, context: Context) -> bytes:
    """The places with all that was worked out of each, and a second sheet that says how; values only, never a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "top"})
        red = book.add_format({"bold": True, "font_color": "#B00D26"})
        sheet = book.add_worksheet(_HOT_SPOTS(context.language))
        sheet.write_string(0, 0, f"{_HOT_SPOTS(context.language)} · {context.title(context.language)} · {run.period}")
        sheet.write_string(1, 0, _DEMO(context.language) if context.demo else "", red)
        for at, title in enumerate(TITLES.values()):
            sheet.write_string(2, at, title(context.language), bold)
        table = named(places.sort_values(["p", "place"], na_position="last"), context)
        for line, row in enumerate(table.itertuples(index=False), 3):
            for at, value in enumerate(row):
                plain = _plain(value)
                if isinstance(plain, str):
                    sheet.write_string(line, at, plain)
                elif plain is not None:
                    sheet.write(line, at, plain)
        sheet.set_column(0, len(TITLES) - 1, 13)
        sheet.freeze_panes(3, 1)
        sheet.autofilter(2, 0, 2 + max(1, len(table)), len(TITLES) - 1)
        about = book.add_worksheet(_ABOUT(context.language))
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 90)
        for line, (title, value) in enumerate(spoken(run, context)):
            about.write_string(line, 0, title, bold)
            about.write_string(line, 1, value)
    return out.getvalue()


# --- in words -------------------------------------------------------------------------------------------------------


def named(places: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The places with their codes in words, in the columns of TITLES."""
    language = context.language
    units = {code: context.unit(code) for code in places["report_unit"].unique()}
    streets = {code: context.street(code) for code in places["street_code"].unique()}
    told = places.assign(
        state=places["state"].map({n: t(language) for n, t in STATES.items()}).fillna(""),
        course=places["course"].map({n: t(language) for n, t in COURSES.items() if n != "none"}).fillna(""),
        report_unit=places["report_unit"].map(units), street=places["street_code"].map(streets),
    )  # fmt: skip
    return told[list(TITLES)].reset_index(drop=True)


def source_of(places: Places) -> Text:
    """Whose boundaries are drawn and their 审图号: printed on every map. A city's own file states its number in a member
    `审图号` (or `approval`) of the GeoJSON."""
    path = places.boundaries.path
    if path.name == SHIPPED:
        return _SHIPPED
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    number = document.get("审图号") or document.get("approval")
    return _OWN.format(file=path.name, number=number) if number else _UNSTATED.format(file=path.name)


def described(run: Run, *, demo: bool) -> dict[str, Any]:
    """All that is needed to run a test again, and what it can't see."""
    return {
        "domain": run.domain, "measure": run.measure, "layer": run.layer, "period": run.period,
        "on_day": run.on_day.isoformat(), "since": run.since.isoformat() if run.since else None,
        "at": run.at.isoformat(timespec="seconds"), "subjects": run.subjects, "unplaced": run.unplaced, "xpcc": run.xpcc,
        "observed": run.observed, "spread": run.spread, "parameters": dict(run.parameters),
        "headline": [dict(c) for c in run.headline], "started": [dict(c) for c in run.started], "synthetic": demo,
        "crs": "CGCS2000",
    }  # fmt: skip


def spoken(run: Run, context: Context, *, source: bool = True) -> list[tuple[str, str]]:
    """The same in words: title and value; with the source of the boundaries."""
    window = f"{run.since:%Y-%m-%d} — {run.on_day:%Y-%m-%d}" if run.since else f"{run.on_day:%Y-%m-%d}"
    parameters = {**run.parameters, **({"spread": round(run.spread, 4)} if run.spread is not None else {})}
    lines = [
        (_WHAT, context.title(context.language)),
        (_LAYER, LAYER_TITLES[run.layer](context.language)),
        (_WINDOW, window),
        (_MADE, f"{run.at.astimezone(BEIJING):%Y-%m-%d %H:%M}"),
        (_SUBJECTS, f"{run.subjects:,}"),
        (_UNPLACED, f"{run.unplaced:,}"),
        (_XPCC, f"{run.xpcc:,}"),
        (
            _PARAMETERS,
            _AND(context.language).join(f"{PARAMETERS[n](context.language)} {_list(v)}" for n, v in parameters.items()),
        ),
        (_METHOD, _HOW(context.language)),
    ]
    lines += [(_SOURCE, source_of(context.places)(context.language))] if source else []
    lines += [(_DATA, _DEMO(context.language))] if context.demo else []
    lines += [(_TAKEN, context.taken)] if context.taken else []
    return [(title(context.language), value) for title, value in lines]


def _list(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _polygons(places: pd.DataFrame) -> list[dict[str, Any]]:
    rings = outlines(places["place"].tolist())
    return [
        {"type": "Polygon", "coordinates": [[[round(x, _ROUNDED), round(y, _ROUNDED)] for x, y in ring]]}
        for ring in rings
    ]


def _points(places: pd.DataFrame) -> list[dict[str, Any]]:
    middles = zip(places["lng"], places["lat"], strict=True)
    return [{"type": "Point", "coordinates": [round(x, _ROUNDED), round(y, _ROUNDED)]} for x, y in middles]


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return None
    return round(value, _ROUNDED) if isinstance(value, float) and abs(value) >= 1e-3 else value


_AND = Text("；", "; ")
_HOT_SPOTS = Text("风险热点", "Hot spots")
_ABOUT = Text("说明", "How it was made")
_WHAT = Text("检验内容", "What is tested")
_LAYER = Text("图层", "Layer")
_WINDOW = Text("时段", "Window")
_MADE = Text("检验时间（北京）", "Tested at (Beijing)")
_SUBJECTS = Text("参与检验的对象", "Subjects tested")
_UNPLACED = Text("未上图对象", "Not on the map")
_XPCC = Text("兵团管辖对象（单列）", "Under the XPCC, told apart")
_PARAMETERS = Text("参数", "Parameters")
_METHOD = Text("方法", "Method")
_SOURCE = Text("底图", "Base map")
_TAKEN = Text("导出", "Taken out by")
_DATA = Text("数据", "Data")
_DEMO = Text("演示数据：合成，与任何真实主体无关", "Demo data: synthetic, about nobody real")
_HOW = Text(
    "以全市发生率推算各地应有数量，本地与连同邻格各作一次检验（负二项分布，离散度取自以往时段），按5%错误发现率校正；网格须在两种及以上分辨率下"
    "同时成立方为热点；区（县）与填报单位不作邻域检验。相同参数再次检验，结果相同。",
    "What each place would have at the city's rate; tested alone and with its neighbours (negative binomial, dispersion of the past), "
    "at a false discovery rate of 5 %; a cell is hot where it is so at two resolutions; units and divisions have no neighbours. "
    "Run again with these parameters it gives the same.",
)
_SHIPPED = Text(
    "行政区划底图：天地图，审图号 GS(2024)0650号（由使用单位核定）。仅作示意，不作为划界依据。",
    "Base map: Tianditu, GS(2024)0650 (to be confirmed by the operator). For orientation only; no authority on boundaries.",
)
_OWN = Text(
    "行政区划底图：{file}（使用单位提供），审图号 {number}。仅作示意，不作为划界依据。",
    "Base map: {file} (the operator's own), approval number {number}. For orientation only; no authority on boundaries.",
)
_UNSTATED = Text(
    "行政区划底图：{file}（使用单位提供），审图号：未注明，公开使用前须标注。仅作示意，不作为划界依据。",
    "Base map: {file} (the operator's own), approval number not stated: it has to be before publication. For orientation only.",
)
