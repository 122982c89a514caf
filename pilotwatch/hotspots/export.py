"""What was found as GeoJSON: RFC 7946, CGCS2000 degrees (within centimetres of WGS84)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pilotwatch.hotspots.cells import outlines
from pilotwatch.store.hotspots import Run

_ROUNDED = 6  # decimals of a number: of a degree about 0.1 m


def geojson(run: Run, places: pd.DataFrame, *, demo: bool) -> dict[str, Any]:
    """A FeatureCollection: cells as polygons, streets as points. `properties` tells how it was tested, and says so where
    the data are synthetic."""
    rows = places.drop(columns=["lng", "lat"]).to_dict("records")
    shapes = _polygons(places) if run.layer == "cells" else _points(places)
    features = [
        {"type": "Feature", "id": row["place"], "geometry": shape, "properties": {n: _plain(v) for n, v in row.items()}}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "properties": described(run, demo=demo), "features": features}


def described(run: Run, *, demo: bool) -> dict[str, Any]:
    """All that is needed to run a test again, and what it can't see."""
    return {
        "domain": run.domain, "measure": run.measure, "layer": run.layer, "period": run.period,
        "on_day": run.on_day.isoformat(), "since": run.since.isoformat() if run.since else None,
        "at": run.at.isoformat(timespec="seconds"), "subjects": run.subjects, "unplaced": run.unplaced,
        "observed": run.observed, "spread": run.spread, "parameters": dict(run.parameters),
        "headline": [dict(c) for c in run.headline], "synthetic": demo, "crs": "CGCS2000",
    }  # fmt: skip


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
