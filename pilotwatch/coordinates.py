"""Coordinate systems met in Chinese government data, all brought to CGCS2000 degrees. Arrays in, arrays out.

CGCS2000 and WGS84 agree within centimetres and are treated as one. GCJ-02 (AMap, Tencent) and BD-09 (Baidu) are
offset by formula, at Urumqi by about 270 m and 1.1 km; they are undone by iteration, so that converting back gives the
input within 1e-9 degree. Projected metres are Gauss-Krüger about 87° E: the 3-degree zone 29 and the 6-degree zone 15
are the same projection there and differ only in the zone number before the easting (29 5xx xxx, 15 5xx xxx, 5xx xxx).

Constants: the published GCJ-02 transformation (Krasovsky 1940 ellipsoid) and Baidu's offset, as in domain-rules E.3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

CRS = Literal["CGCS2000", "WGS84", "GCJ02", "BD09", "GK87"]
Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

#: Rough box around Urumqi, degrees: nothing of the city lies outside (domain-rules D.3, widened to our boundaries).
BOX = (86.6, 42.7, 89.1, 45.1)

_A = 6378245.0  # Krasovsky 1940 semi-major axis, m
_EE = 0.00669342162296594323  # its eccentricity squared
_X_PI = np.pi * 3000 / 180
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # outside, GCJ-02 equals WGS84
_METRES = 1_000.0  # no degree is as large: such values are projected metres

#: What a header or a title says → the system; the first that is found wins.
_NAMES: tuple[tuple[str, CRS], ...] = (
    (r"BD-?0?9|百度", "BD09"),
    (r"GCJ-?0?2|火星|高德|腾讯|AMAP", "GCJ02"),
    (r"高斯|投影|3度带|三度带|6度带|六度带", "GK87"),
    (r"CGCS-?2000|国家2000|2000国家|大地2000|2000坐标|天地图|EPSG:*4490", "CGCS2000"),
    (r"WGS-?84|GPS|EPSG:*4326", "WGS84"),
)


def named_crs(text: str | None) -> CRS | None:
    """The coordinate system a header or a line names (`位置（高德坐标GCJ-02）` → GCJ02), or None."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).upper().replace("_", "-")
    return next((crs for pattern, crs in _NAMES if re.search(pattern, plain)), None)


def degrees(text: str) -> float | None:
    """Decimal degrees of `87.6168`, `87.6168°E` or degrees-minutes-seconds `87°37′00″`; None if it is neither."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    plain = re.sub(r"^(东经|北纬|E|N)\s*|\s*[EN]$", "", plain)
    found = re.fullmatch(
        r"(\d{1,3}(?:\.\d+)?)\s*[°度D]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'‘’分M]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"“”秒S]|′′|'')\s*)?",
        plain,
    )
    if not found or (found[2] is None and found[3] is not None):
        return None
    d, m, s = (float(part or 0) for part in found.groups())
    return d + m / 60 + s / 3600 if m < 60 and s < 60 else None


def to_cgcs2000(lng: ArrayLike, lat: ArrayLike, crs: str | None = "CGCS2000") -> Pair:
    """Longitude and latitude in CGCS2000 degrees; NaN stays NaN.

    Values beyond a degree's range are taken for projected metres whatever `crs` says, with easting and northing in
    either order (Chinese surveying calls the northing X). Raises KeyError for a system we don't know.
    """
    x, y = _floats(lng, lat)
    metres = (np.abs(x) > _METRES) & (np.abs(y) > _METRES)
    x, y = _INVERSES[crs or "CGCS2000"](x, y)
    if metres.any():
        raw_x, raw_y = _floats(lng, lat)
        x[metres], y[metres] = _from_projected(raw_x[metres], raw_y[metres])
    return x, y


def from_wgs84(lng: ArrayLike, lat: ArrayLike, crs: str) -> Pair:
    """WGS84 degrees as `crs` would write them: the forward transformations, for tests, demos and exports."""
    return _FORWARDS[crs](*_floats(lng, lat))


def looks_like(lng: ArrayLike, lat: ArrayLike) -> NDArray[np.str_]:
    """What each pair is, before any conversion.

    `degrees` (in the box around the city), `swapped` (latitude where longitude belongs), `zero` (0, 0), `projected`
    (metres), `outside` (degrees, but nowhere near), `missing`.
    """
    x, y = _floats(lng, lat)
    conditions = [
        ~(np.isfinite(x) & np.isfinite(y)),
        (x == 0) & (y == 0),
        (np.abs(x) > _METRES) & (np.abs(y) > _METRES),
        in_box(x, y),
        in_box(y, x),
    ]
    return np.select(conditions, ["missing", "zero", "projected", "degrees", "swapped"], "outside")


def in_box(lng: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    x, y = _floats(lng, lat)
    return (x >= BOX[0]) & (x <= BOX[2]) & (y >= BOX[1]) & (y <= BOX[3])


# --- the transformations ----------------------------------------------------------------------------------------


def _floats(lng: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.array(lng, np.float64, ndmin=1), np.array(lat, np.float64, ndmin=1)
    return np.broadcast_arrays(x, y) if x.shape != y.shape else (x, y)


def _wgs84_to_gcj02(lng: Floats, lat: Floats) -> Pair:
    x, y = lng - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    phi = np.radians(lat)
    magic = 1 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * magic * np.sqrt(magic) / (_A * (1 - _EE)))
    d_lng = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    china = (lng > _CHINA[0]) & (lng < _CHINA[2]) & (lat > _CHINA[1]) & (lat < _CHINA[3])
    return np.where(china, lng + d_lng, lng), np.where(china, lat + d_lat, lat)


def _gcj02_to_bd09(lng: Floats, lat: Floats) -> Pair:
    z = np.hypot(lng, lat) + 0.00002 * np.sin(lat * _X_PI)
    theta = np.arctan2(lat, lng) + 0.000003 * np.cos(lng * _X_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _wgs84_to_bd09(lng: Floats, lat: Floats) -> Pair:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lng, lat))


def _same(lng: Floats, lat: Floats) -> Pair:
    return lng.copy(), lat.copy()


def _inverse(forward: Callable[[Floats, Floats], Pair]) -> Callable[[Floats, Floats], Pair]:
    """The inverse of a transformation that shifts little: fixed-point iteration, each step gains three digits."""

    def inverse(lng: Floats, lat: Floats) -> Pair:
        x, y = lng.copy(), lat.copy()
        for _ in range(10):
            fx, fy = forward(x, y)
            dx, dy = lng - fx, lat - fy
            x, y = x + dx, y + dy
            if not (np.nanmax(np.abs(np.concatenate([dx, dy])), initial=0) > 1e-10):
                break
        return x, y

    return inverse


@lru_cache(maxsize=1)
def _gauss_kruger() -> tuple[Any, Any]:
    """Projection CGCS2000 about 87° E (scale 1, false easting 500 km) to degrees, and back; pyproj loads late."""
    from pyproj import Transformer

    definition = "+proj=tmerc +lat_0=0 +lon_0=87 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
    degrees_ = "+proj=longlat +ellps=GRS80 +no_defs"
    return (
        Transformer.from_crs(definition, degrees_, always_xy=True),
        Transformer.from_crs(degrees_, definition, always_xy=True),
    )


def _from_projected(x: Floats, y: Floats) -> Pair:
    # At 43° N a northing is 4.7 to 5.0 million; an easting is below a million or carries its zone (15… or 29…).
    first_is_north = (x > 3e6) & (x < 6e6)
    easting, northing = np.where(first_is_north, y, x), np.where(first_is_north, x, y)
    zoned = easting >= 1e7
    zone = np.where(zoned, easting // 1e6, 29)
    easting = np.where(zoned, easting % 1e6, easting)
    known = np.isin(zone, (15, 29))
    lng, lat = _gauss_kruger()[0].transform(np.where(known, easting, np.nan), np.where(known, northing, np.nan))
    return np.where(np.isfinite(lng), lng, np.nan), np.where(np.isfinite(lat), lat, np.nan)


def _to_projected(lng: Floats, lat: Floats) -> Pair:
    return _gauss_kruger()[1].transform(lng, lat)


_FORWARDS: dict[str, Callable[[Floats, Floats], Pair]] = {
    "CGCS2000": _same, "WGS84": _same, "GCJ02": _wgs84_to_gcj02, "BD09": _wgs84_to_bd09, "GK87": _to_projected,
}  # fmt: skip
_INVERSES: dict[str, Callable[[Floats, Floats], Pair]] = {
    "CGCS2000": _same, "WGS84": _same, "GCJ02": _inverse(_wgs84_to_gcj02), "BD09": _inverse(_wgs84_to_bd09),
    "GK87": _same,
}  # fmt: skip
