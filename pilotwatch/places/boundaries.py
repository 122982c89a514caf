"""The polygons of the divisions: which file counts, whether it can be right, and which points lie inside.

The shipped file is generalised (a vertex every few hundred metres to kilometres) and so are the lines people know, so a
point is called outside its division only when it is farther out than `TOLERANCE_M`. Distances are taken on a plane
scaled at the city's latitude, which is right to 2 % over the whole city.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from pilotwatch import coordinates
from pilotwatch.domain import Text

SHIPPED = "urumqi-districts.geojson"
TOLERANCE_M = 300.0

_METRES_PER_DEGREE = np.array([111_320 * np.cos(np.radians(43.8)), 111_130])  # east, north, at 43.8° N


class BoundaryError(ValueError):
    """A boundary file can't be used; `message` says why and what to do."""

    def __init__(self, message: Text):
        super().__init__(message.zh)
        self.message = message


@dataclass(frozen=True)
class Boundaries:
    """One polygon (or several) per division, in CGCS2000 degrees."""

    path: Path
    polygons: Mapping[str, Any]  # division code → shapely geometry
    names: Mapping[str, str]

    def contains(
        self, division: ArrayLike, lng: ArrayLike, lat: ArrayLike, tolerance_m: float = TOLERANCE_M
    ) -> NDArray[np.bool_]:
        """Whether each point lies in its division or within `tolerance_m` of it; False where either is missing.

        `division`: one code for all points, or one per point.
        """
        x, y = self._plane(lng, lat)
        codes = np.broadcast_to(np.asarray(division, object), x.shape)
        inside = np.zeros(x.shape, bool)
        for code, polygon in self._grown(tolerance_m).items():
            mine = np.flatnonzero(codes == code)
            inside[mine] = shapely.contains_xy(polygon, x[mine], y[mine])
        return inside

    def locate(self, lng: ArrayLike, lat: ArrayLike, tolerance_m: float = TOLERANCE_M) -> NDArray[np.object_]:
        """The division each point lies in (the nearest one within `tolerance_m` of the city's edge), or None."""
        x, y = self._plane(lng, lat)
        found = np.full(x.shape, None, object)
        for code, polygon in self._grown(0).items():
            left = np.flatnonzero(found == None)  # noqa: E711 (elementwise)
            found[left[shapely.contains_xy(polygon, x[left], y[left])]] = code
        left = np.flatnonzero((found == None) & np.isfinite(x) & np.isfinite(y))  # noqa: E711
        if len(left):
            codes = np.array(list(self._flat), object)
            points = shapely.points(x[left], y[left])
            away = np.array([shapely.distance(polygon, points) for polygon in self._flat.values()])
            near = away.min(axis=0) <= tolerance_m
            found[left[near]] = codes[away.argmin(axis=0)[near]]
        return found

    @cached_property
    def geojson(self) -> dict[str, Any]:
        """A FeatureCollection for maps; `properties` has `adcode` and `name`, `id` is the code."""
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": code,
                    "properties": {"adcode": code, "name": self.names[code]},
                    "geometry": json.loads(shapely.to_geojson(polygon)),
                }
                for code, polygon in self.polygons.items()
            ],
        }

    @cached_property
    def frame(self) -> Any:
        """The same as a GeoDataFrame (`adcode`, `name`, `geometry`; EPSG:4490). geopandas is imported only here."""
        import geopandas

        columns = {"adcode": list(self.polygons), "name": [self.names[c] for c in self.polygons]}
        return geopandas.GeoDataFrame(columns, geometry=list(self.polygons.values()), crs="EPSG:4490")

    @cached_property
    def label_points(self) -> dict[str, tuple[float, float]]:
        """A point inside each division, away from its edge, to write its name at."""
        centres = {c: shapely.maximum_inscribed_circle(p, tolerance=0.005) for c, p in self.polygons.items()}
        return {c: tuple(shapely.get_coordinates(circle)[0]) for c, circle in centres.items()}

    @cached_property
    def _flat(self) -> dict[str, Any]:
        return {c: shapely.transform(p, lambda xy: xy * _METRES_PER_DEGREE) for c, p in self.polygons.items()}

    def _grown(self, metres: float) -> dict[str, Any]:
        cache: dict[float, dict[str, Any]] = self.__dict__.setdefault("_grown_by", {})
        if metres not in cache:
            cache[metres] = {c: p.buffer(metres) if metres else p for c, p in self._flat.items()}
            for polygon in cache[metres].values():
                shapely.prepare(polygon)
        return cache[metres]

    @staticmethod
    def _plane(lng: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x, y = np.array(lng, float, ndmin=1), np.array(lat, float, ndmin=1)
        return x * _METRES_PER_DEGREE[0], y * _METRES_PER_DEGREE[1]


def load(folder: Path, divisions: Mapping[str, str]) -> tuple[Boundaries, tuple[Text, ...]]:
    """The boundaries that count, and what is wrong with a city's own file (which is then not used).

    A city replaces the shipped file by dropping one GeoJSON beside it. `divisions`: code → name, all wanted.
    """
    shipped = read(folder / SHIPPED, divisions)
    own = sorted(p for p in folder.iterdir() if p.suffix.lower() in {".geojson", ".json"} and p.name != SHIPPED)
    if not own:
        return shipped, ()
    if len(own) > 1:
        return shipped, (_SEVERAL.format(folder=folder, files="、".join(p.name for p in own)),)
    try:
        city = read(own[0], divisions)
        _not_shifted(city, shipped)
    except BoundaryError as error:
        return shipped, (error.message,)
    return city, ()


def read(path: Path, divisions: Mapping[str, str]) -> Boundaries:
    """Reads and checks one GeoJSON file; raises BoundaryError with what to do."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"]
        codes = [str(f["properties"].get("adcode", "")) for f in features]
        shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BoundaryError(_UNREADABLE.format(file=path.name, reason=str(error))) from error
    if missing := [c for c in divisions if c not in codes]:
        names = "、".join(f"{divisions[c]}（{c}）" for c in missing)
        raise BoundaryError(_MISSING.format(file=path.name, missing=names))
    polygons: dict[str, Any] = {}
    for code, shape in zip(codes, shapes, strict=True):
        if code in divisions:
            polygons[code] = shapely.union(polygons[code], shape) if code in polygons else shape
    polygons = {c: _in_degrees(polygons[c], document.get("crs"), path.name) for c in divisions}
    for code, polygon in polygons.items():
        if polygon.geom_type not in {"Polygon", "MultiPolygon"} or not polygon.is_valid or polygon.is_empty:
            reason = shapely.is_valid_reason(polygon)
            raise BoundaryError(_INVALID.format(file=path.name, name=f"{divisions[code]}（{code}）", reason=reason))
    return Boundaries(path, polygons, dict(divisions))


def _in_degrees(polygon: Any, crs: Any, file: str) -> Any:
    """The polygon in degrees near the city: RFC 7946 says degrees, older files name a CRS or hold metres."""
    name = str((crs or {}).get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    system = coordinates.named_crs(name)
    shape = shapely.force_2d(polygon)
    if system in {"GCJ02", "BD09"} or (shapely.get_coordinates(shape) > 1_000).any():
        shape = shapely.transform(shape, lambda xy: np.column_stack(coordinates.to_cgcs2000(*xy.T, system)))
    if not coordinates.in_box(*shapely.get_coordinates(shape).T).all():
        found = "、".join(f"{v:.6g}" for v in shapely.get_coordinates(polygon)[0])
        raise BoundaryError(_WRONG_CRS.format(file=file, found=found, crs=name or "—"))
    return shape


def _not_shifted(city: Boundaries, shipped: Boundaries) -> None:
    """Refuses boundaries that are the shipped ones moved by the GCJ-02 offset (about 270 m, alike everywhere)."""
    ours = np.array([shapely.get_coordinates(p.centroid)[0] for p in shipped.polygons.values()])
    theirs = np.array([shapely.get_coordinates(city.polygons[c].centroid)[0] for c in shipped.polygons])
    offset = (np.column_stack(coordinates.from_wgs84(*ours.T, "GCJ02")) - ours) * _METRES_PER_DEGREE
    shift = (theirs - ours) * _METRES_PER_DEGREE
    from_ours = np.median(np.hypot(*shift.T))
    from_gcj02 = np.median(np.hypot(*(shift - offset).T))
    if from_gcj02 < from_ours / 2 and from_ours > 150:
        raise BoundaryError(_SHIFTED.format(file=city.path.name, metres=f"{from_ours:.0f}"))


_SEVERAL = Text(
    "边界目录 {folder} 中有多个自备边界文件（{files}），无法判断以哪一个为准，暂用随系统附带的边界。请只保留一个。",
    "{folder} holds several boundary files of your own ({files}); it is unclear which one counts, so the shipped "
    "boundaries are used. Keep only one.",
)
_UNREADABLE = Text(
    "边界文件 {file} 无法读取：{reason}。请提供 UTF-8 编码的 GeoJSON（FeatureCollection），"
    "每个区县一个要素，属性 adcode 为六位行政区划代码。",
    "The boundary file {file} can't be read: {reason}. Give a GeoJSON FeatureCollection in UTF-8 with one feature per "
    "division and its six-digit code in the property adcode.",
)
_MISSING = Text(
    "边界文件 {file} 缺少：{missing}。请补齐全部区县，并在每个要素的属性 adcode 中写六位行政区划代码。",
    "The boundary file {file} lacks: {missing}. Add every division, with its six-digit code in the property adcode.",
)
_INVALID = Text(
    "边界文件 {file} 中{name}的图形有误：{reason}。请在制图软件中修复拓扑后重新导出。",
    "In the boundary file {file} the shape of {name} is not valid: {reason}. Mend its topology and export it again.",
)
_WRONG_CRS = Text(
    "边界文件 {file} 的坐标（如 {found}；坐标系 {crs}）不在乌鲁木齐范围内。请用 CGCS2000 或 WGS84 经纬度导出，"
    "或使用中央经线 87° 的高斯投影坐标。",
    "The coordinates in the boundary file {file} (such as {found}; CRS {crs}) lie outside Urumqi. Export it in "
    "CGCS2000 or WGS84 degrees, or in Gauss-Krüger metres about 87° E.",
)
_SHIFTED = Text(
    "边界文件 {file} 与参考边界整体偏移约 {metres} 米，方向和大小与 GCJ-02（高德、腾讯、DataV）加密偏移一致，未予采用。"
    "请换用 CGCS2000 或 WGS84 的边界；如确为 GCJ-02，请在文件的 crs 名称中注明 GCJ02，系统会自动转换。",
    "The boundary file {file} is shifted by about {metres} m against the reference, just as GCJ-02 (AMap, Tencent, "
    "DataV) would shift it, and is not used. Give boundaries in CGCS2000 or WGS84; if it is GCJ-02, say GCJ02 in the "
    "name of its crs member and it will be converted.",
)
