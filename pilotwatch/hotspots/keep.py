"""Tests every measure of every domain for hot spots, over the whole city, and keeps what was found.

A measure is `RISK`, the subjects at a level that counts as at risk, on the day; or one of the domain's counts
(complaints, failed samplings), over a window of 91 days that ends on the day, with up to eleven such windows before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch import signals
from pilotwatch.domain import LEVELS, Domain, Text
from pilotwatch.figures import RISKY
from pilotwatch.hotspots.find import Found, find
from pilotwatch.hotspots.kulldorff import LARGEST, SIMULATIONS
from pilotwatch.hotspots.layout import FINE, RESOLUTION, RESOLUTIONS, City, Layer
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store import Store
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today

RISK = "risk"
LAYERS: tuple[Layer, ...] = ("cells", "streets")  # those of the screen's switch; `find.LAYERS` are all that is kept
WINDOW = 91  # days: a quarter, so that rare things can be counted
WINDOWS = 12  # with the one that is looked at: three years
Q = 0.05
SEED = 0

_NODATA = LEVELS.index("nodata")
_AT_RISK = max(LEVELS.index(level) for level in RISKY)


def measures(domain: Domain) -> dict[str, Text]:
    """What a domain is tested for: name → title."""
    return {RISK: Text("红橙风险对象", "Subjects at red or orange")} | {
        c.name: c.title for c in signals.counts_of(domain)
    }


def update(
    store: Store, found: Registry, places: Places, *, on: date | None = None, domain: str | None = None
) -> dict[str, Any]:
    """Tests and keeps; returns how many places were hot: {domain: {measure: {layer: n}}}. The same day gives the same."""
    on = on or today()
    told: dict[str, Any] = {}
    for mine in found.domains:
        if domain in (None, mine.name):
            told[mine.name] = _domain(store, mine, places, on)
    return {"on": on.isoformat(), "domains": told}


def _domain(store: Store, domain: Domain, places: Places, on: date) -> dict[str, Any]:
    subjects = shelf.listed(store, domain.name, [r.spec.dataset for r in domain.subjects])
    if subjects.empty:
        return {}
    subjects = subjects.assign(at_risk=1.0, **_street_points(subjects["street_code"], places))
    city = City(subjects, _area_points(places))
    inspected = subjects["subject_id"].isin(shelf.visited(store, on)).to_numpy()
    told: dict[str, dict[str, int]] = {}
    for measure, hits, known, since in _hits(store, domain, subjects, on):
        for layer, done in find(city, hits, known=known, inspected=inspected, q=Q, seed=SEED).items():
            shelf.put(store, _run(domain, measure, layer, on, since, city, hits, done), done.places)
            told.setdefault(measure, {})[layer] = int(done.places["hot"].sum())
    return told


def _area_points(places: Places) -> dict[str, tuple[float, float]]:
    """Where to draw a division, and a unit: a zone that reports by itself stands at its own place."""
    zones = {z.code: z.anchor for z in places.zones}
    labels = places.boundaries.label_points
    return labels | {u.code: zones[u.zone] if u.zone else labels[u.division] for u in places.units}


def _street_points(streets: pd.Series, places: Places) -> dict[str, np.ndarray]:
    codes, unique = pd.factorize(streets)
    points = np.array([places.street_point(code) if code else (np.nan, np.nan) for code in unique], dtype=float)
    points = points.reshape(-1, 2)[codes]
    return {"street_lng": points[:, 0], "street_lat": points[:, 1]}


def _hits(
    store: Store, domain: Domain, subjects: pd.DataFrame, on: date
) -> Iterator[tuple[str, np.ndarray, np.ndarray, date | None]]:
    """Each measure with its subjects × windows, of which subjects it can say anything, and the first day of the window that
    is looked at. Nothing is known of a subject without a level, and of those of a unit that never reported any case."""
    yield (
        RISK,
        (subjects["rank"] <= _AT_RISK).to_numpy(float)[:, None],
        (subjects["rank"] < _NODATA).to_numpy(),
        None,
    )
    first = on - timedelta(days=WINDOW * WINDOWS - 1)
    counts = shelf.counted(store, domain.name, first, on)
    reported_by = shelf.reporting(store, domain.name, first, on)
    at = pd.Index(subjects["subject_id"]).get_indexer(counts["subject_id"])
    window = ((pd.Timestamp(on) - counts["day"]).dt.days // WINDOW).to_numpy()
    for count in signals.counts_of(domain):
        mine = (counts["measure"] == count.name).to_numpy() & (at >= 0)
        reported = int(window[mine].max()) + 1 if mine.any() else 1  # windows before the first case tell nothing
        hits = np.zeros((len(subjects), reported))
        np.add.at(hits, (at[mine], window[mine]), counts["n"].to_numpy()[mine])
        known = subjects["report_unit"].isin([u for m, u in reported_by if m == count.name]).to_numpy()
        yield count.name, hits, known, on - timedelta(days=WINDOW - 1)


def _run(
    domain: Domain, measure: str, layer: Layer, on: date, since: date | None, city: City, hits: np.ndarray, done: Found
) -> dict[str, Any]:
    of_cells = {"cells": RESOLUTION, "fine": FINE}.get(layer)
    parameters = {
        "window_days": WINDOW if since else None, "windows": hits.shape[1], "q": Q, "seed": SEED, "resolution": of_cells,
        "beside": [r for r in RESOLUTIONS if r != of_cells] if of_cells else None,
        "simulations": SIMULATIONS if layer == "streets" else None, "largest": LARGEST if layer == "streets" else None,
    }  # fmt: skip
    return {
        "domain": domain.name, "measure": measure, "layer": layer, "period": f"{on:%Y-%m}", "on_day": on, "since": since,
        "subjects": city.size, "unplaced": done.unplaced, "observed": float(hits[~city.apart, 0].sum()),
        "hot": int(done.places["hot"].sum()), "spread": done.spread, "headline": _headline(done), "started": [],
        "xpcc": int(city.apart.sum()), "parameters": {n: v for n, v in parameters.items() if v is not None},
    }  # fmt: skip


def _headline(done: Found) -> list[dict[str, Any]]:
    named = done.places[["place", "report_unit"]]
    return [
        {
            "places": named.iloc[c.places].to_dict("records"), "observed": c.observed, "expected": c.expected,
            "ratio": c.ratio, "likelihood": c.likelihood, "p": c.p,
        }
        for c in done.clusters
    ]  # fmt: skip
