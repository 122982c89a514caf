"""Where the rows are: districts and points, brought to CGCS2000 and held against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pilotwatch.coordinates import looks_like, to_cgcs2000
from pilotwatch.domain import Text
from pilotwatch.intake.draft import Draft

_BOTH = Text("经度、纬度应同时填写", "both longitude and latitude")


@dataclass(frozen=True)
class Place:
    """Per row: division, zone, unit, street (None where unknown); longitude and latitude in CGCS2000 (NaN); the raw
    texts of the point and its coordinate system.
    """

    division: np.ndarray
    zone: np.ndarray
    unit: np.ndarray
    street: np.ndarray
    lng: np.ndarray
    lat: np.ndarray
    lng_raw: pa.Array
    lat_raw: pa.Array
    crs_raw: np.ndarray


def check(draft: Draft) -> Place:
    """Converts the points, reports those that can't be right (on `lng`), and finds each row's division and unit."""
    nothing = np.full(len(draft), None, object)
    division = _texts(draft, "division_code")
    street = _texts(draft, "street_code")
    division = np.where(_missing(division), [code[:6] if code else None for code in street], division)
    lng, lat, crs = _points(draft)
    if lng is not None:
        _report_points(draft, division, lng, lat)
        bad = draft.failed["lng"] | draft.failed["lat"]
        lng, lat = np.where(bad, np.nan, lng), np.where(bad, np.nan, lat)
        unplaced = _missing(division) & np.isfinite(lng)
        if unplaced.any():
            division = division.copy()
            division[unplaced] = draft.places.locate(lng[unplaced], lat[unplaced])
    else:
        lng = lat = np.full(len(draft), np.nan)
    zone = draft.areas.get("zone", nothing)
    return Place(
        division, zone, _units(draft, division), street, lng, lat, _raw(draft, "lng", lng), _raw(draft, "lat", lat),
        np.where(np.isfinite(lng), crs, None),
    )  # fmt: skip


def _points(draft: Draft) -> tuple[np.ndarray | None, np.ndarray | None, str | np.ndarray]:
    """Longitude and latitude in CGCS2000, swapped ones put right, and the system they came in."""
    if "lng" not in draft.values or "lat" not in draft.values:
        return None, None, "CGCS2000"
    for one, other in (("lng", "lat"), ("lat", "lng")):
        alone = draft.values[one].is_null().to_numpy(zero_copy_only=False) & draft.ok(other)
        draft.report("required", one, alone, _BOTH)
    x, y = (draft.values[name].to_numpy(zero_copy_only=False).astype(float) for name in ("lng", "lat"))
    system = draft.found["lng"].crs or draft.found["lat"].crs or draft.table.context.crs or "CGCS2000"
    kinds = looks_like(x, y)
    swapped = kinds == "swapped"
    draft.report("swapped", "lng", swapped, Text("应为经度在前、纬度在后", "longitude first, then latitude"))
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    lng, lat = to_cgcs2000(x, y, system)
    zero = kinds == "zero"
    draft.report(
        "outside_division", "lng", zero, Text("应为实际坐标，0,0 不在本市", "the real point; 0, 0 is not in the city")
    )
    return np.where(zero, np.nan, lng), np.where(zero, np.nan, lat), np.where(kinds == "projected", "GK87", system)


def _report_points(draft: Draft, division: np.ndarray, lng: np.ndarray, lat: np.ndarray) -> None:
    """Points outside the division their row names, or outside the city where it names none."""
    placed = np.isfinite(lng) & np.isfinite(lat)
    if "division_code" in draft.failed:
        placed &= ~draft.failed["division_code"]
    at = np.flatnonzero(placed)
    if not len(at):
        return
    named = ~_missing(division[at])
    inside = np.ones(len(at), bool)
    inside[named] = draft.places.contains(division[at][named], lng[at][named], lat[at][named])
    inside[~named] = ~_missing(draft.places.locate(lng[at][~named], lat[at][~named]))
    outside = np.zeros(len(draft), bool)
    outside[at] = ~inside
    draft.report("outside_division", "lng", outside, _outside_expected(draft, division, lng, lat))


def _outside_expected(draft: Draft, division: np.ndarray, lng: np.ndarray, lat: np.ndarray) -> Callable[[int], Text]:
    titles = {d.code: d.title for d in draft.places.divisions}

    def expected(i: int) -> Text:
        wanted = titles.get(division[i], Text("本市", "the city"))
        code = draft.places.locate(lng[i : i + 1], lat[i : i + 1])[0]
        actual = titles.get(code, Text("本市以外", "outside the city"))
        return Text("应位于{wanted}，实际落在{actual}", "within {wanted}; it lies in {actual}").format(
            wanted=wanted, actual=actual
        )

    return expected


def _units(draft: Draft, division: np.ndarray) -> np.ndarray:
    """The reporting unit: of the word that was written (甘泉堡 is a unit by itself), else of the division."""
    written = draft.areas.get("unit", np.full(len(draft), None, object))
    of = {d.code: draft.places.unit_of(d.code) for d in draft.places.divisions}
    return np.where(_missing(written), [of.get(code) for code in division], written)


def _raw(draft: Draft, name: str, converted: np.ndarray) -> pa.Array:
    """The coordinate as it was written, where it was used."""
    if name not in draft.found:
        return pa.nulls(len(draft), pa.string())
    return pa.compute.if_else(pa.array(np.isfinite(converted)), draft.cells(draft.found[name]), None)


def _texts(draft: Draft, name: str) -> np.ndarray:
    if name not in draft.values:
        return np.full(len(draft), None, object)
    return np.where(draft.failed[name], None, draft.values[name].to_numpy(zero_copy_only=False))


def _missing(values: np.ndarray) -> np.ndarray:
    return values == None  # noqa: E711 — elementwise
