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
from pilotwatch.hotspots.find import AROUND, RESOLUTION, Found, Layer, find
from pilotwatch.hotspots.kulldorff import LARGEST, SIMULATIONS
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store import Store
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today

RISK = "risk"
LAYERS: tuple[Layer, ...] = ("cells", "streets")
WINDOW = 91  # days: a quarter, so that rare things can be counted
WINDOWS = 12  # with the one that is looked at: three years
Q = 0.05
SEED = 0

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
    subjects = subjects.assign(at_risk=1.0, **_street_points(subjects["street_code"], places))
    told: dict[str, dict[str, int]] = {}
    for measure, hits, since in _hits(store, domain, subjects, on):
        for layer in LAYERS:
            done = find(subjects, hits, layer, q=Q, seed=SEED)
            shelf.put(store, _run(domain, measure, layer, on, since, hits, done), done.places)
            told.setdefault(measure, {})[layer] = int(done.places["hot"].sum())
    return told


def _street_points(streets: pd.Series, places: Places) -> dict[str, np.ndarray]:
    codes, unique = pd.factorize(streets)
    points = np.array([places.street_point(code) if code else (np.nan, np.nan) for code in unique], dtype=float)
    points = points.reshape(-1, 2)[codes]
    return {"street_lng": points[:, 0], "street_lat": points[:, 1]}


def _hits(
    store: Store, domain: Domain, subjects: pd.DataFrame, on: date
) -> Iterator[tuple[str, np.ndarray, date | None]]:
    """Each measure with its subjects × windows, and the first day of the window that is looked at."""
    yield RISK, (subjects["rank"] <= _AT_RISK).to_numpy(float)[:, None], None
    counts = shelf.counted(store, domain.name, on - timedelta(days=WINDOW * WINDOWS - 1), on)
    at = pd.Index(subjects["subject_id"]).get_indexer(counts["subject_id"])
    window = ((pd.Timestamp(on) - counts["day"]).dt.days // WINDOW).to_numpy()
    for count in signals.counts_of(domain):
        mine = (counts["measure"] == count.name).to_numpy() & (at >= 0)
        reported = int(window[mine].max()) + 1 if mine.any() else 1  # windows before the first case tell nothing
        hits = np.zeros((len(subjects), reported))
        np.add.at(hits, (at[mine], window[mine]), counts["n"].to_numpy()[mine])
        yield count.name, hits, on - timedelta(days=WINDOW - 1)


def _run(
    domain: Domain, measure: str, layer: Layer, on: date, since: date | None, hits: np.ndarray, done: Found
) -> dict[str, Any]:
    parameters = {
        "window_days": WINDOW if since else None, "windows": hits.shape[1], "q": Q, "seed": SEED,
        "resolution": RESOLUTION if layer == "cells" else None,
        "beside": [RESOLUTION + step for step in AROUND] if layer == "cells" else None,
        "simulations": SIMULATIONS if layer == "streets" else None, "largest": LARGEST if layer == "streets" else None,
    }  # fmt: skip
    return {
        "domain": domain.name, "measure": measure, "layer": layer, "period": f"{on:%Y-%m}", "on_day": on, "since": since,
        "subjects": len(hits), "unplaced": done.unplaced, "observed": float(hits[:, 0].sum()),
        "hot": int(done.places["hot"].sum()), "spread": done.spread, "headline": _headline(done),
        "parameters": {n: v for n, v in parameters.items() if v is not None},
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
