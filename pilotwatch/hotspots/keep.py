"""Tests every measure of every domain for hot spots, over the whole city, and keeps what was found.

A measure is `RISK`, the subjects at a level that counts as at risk, on the day; or one of the domain's counts
(complaints, failed samplings), over a window of 91 days that ends on the day, with up to eleven such windows before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from pilotwatch import signals
from pilotwatch.domain import LEVELS, Domain, Text
from pilotwatch.figures import RISKY
from pilotwatch.hotspots import onset
from pilotwatch.hotspots.find import LAYERS, Found, find
from pilotwatch.hotspots.kulldorff import LARGEST, SIMULATIONS
from pilotwatch.hotspots.layout import FINE, RESOLUTION, RESOLUTIONS, City, Layer
from pilotwatch.hotspots.trend import courses
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store import Store
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today

RISK = "risk"
WINDOW = 91  # days: a quarter, so that rare things can be counted
WINDOWS = 12  # with the one that is looked at: three years
Q = 0.05
SEED = 0
STARTED = 0.05  # the likeliest start is told whatever its p, the others up to this

NODATA = LEVELS.index("nodata")
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
    city = laid_out(store, domain, places)
    return test(store, domain, city, on, city.subjects["rank"].to_numpy()) if city else {}


def laid_out(store: Store, domain: Domain, places: Places) -> City | None:
    """The subjects of a domain's lists as they are now; None where there are none."""
    subjects = shelf.listed(store, domain.name, [r.spec.dataset for r in domain.subjects])
    if subjects.empty:
        return None
    return City(subjects.assign(at_risk=1.0, **_street_points(subjects["street_code"], places)), _area_points(places))


def test(
    store: Store, domain: Domain, city: City, on: date, ranks: np.ndarray, layers: Sequence[Layer] = LAYERS
) -> dict[str, Any]:
    """Tests and keeps all measures of a domain as of a day; `ranks`: of the level each subject of `city` had then."""
    inspected = city.subjects["subject_id"].isin(shelf.visited(store, on)).to_numpy()
    told: dict[str, dict[str, int]] = {}
    for seen in _seen(store, domain, city, on, ranks):
        found = find(city, seen.hits, layers, known=seen.known, inspected=inspected, q=Q, seed=SEED)
        for layer, done in found.items():
            places = done.places
            if seen.since is None:
                places = _with_course(store, domain, seen.measure, layer, f"{on:%Y-%m}", places)
            started = _started(city, seen, done) if layer == "streets" else []
            shelf.put(store, _run(domain, seen, layer, on, city, done, started), places)
            told.setdefault(seen.measure, {})[layer] = int(places["hot"].sum())
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


@dataclass(frozen=True)
class Seen:
    """What a measure has seen of the subjects by a day."""

    measure: str
    hits: np.ndarray  # subjects × windows
    known: np.ndarray  # of which subjects it can say anything
    since: date | None  # first day of the window that is looked at; None of a state
    cases: pd.DataFrame | None = None  # of a count, by week: subject (its row), week (ago), n


def _seen(store: Store, domain: Domain, city: City, on: date, ranks: np.ndarray) -> Iterator[Seen]:
    """Nothing is known of a subject without a level, and of those of a unit that never reported any case."""
    subjects = city.subjects
    yield Seen(RISK, (ranks <= _AT_RISK).astype(float)[:, None], ranks < NODATA, None)
    first = on - timedelta(days=WINDOW * WINDOWS - 1)
    counts = shelf.counted(store, domain.name, first, on)
    reported_by = shelf.reporting(store, domain.name, first, on)
    at = pd.Index(subjects["subject_id"]).get_indexer(counts["subject_id"])
    ago = (pd.Timestamp(on) - counts["day"]).dt.days.to_numpy()
    for count in signals.counts_of(domain):
        mine = (counts["measure"] == count.name).to_numpy() & (at >= 0)
        window, n = ago[mine] // WINDOW, counts["n"].to_numpy()[mine]
        reported = int(window.max()) + 1 if len(window) else 1  # windows before the first case tell nothing
        hits = np.zeros((len(subjects), reported))
        np.add.at(hits, (at[mine], window), n)
        known = subjects["report_unit"].isin([u for m, u in reported_by if m == count.name]).to_numpy()
        cases = pd.DataFrame({"subject": at[mine], "week": ago[mine] // 7, "n": n})
        yield Seen(count.name, hits, known, on - timedelta(days=WINDOW - 1), cases)


def _started(city: City, seen: Seen, done: Found) -> list[dict[str, Any]]:
    """Where something started in the last weeks: streets, held against their own year."""
    if seen.cases is None:
        return []
    grid = city.streets
    place = np.full(len(city.subjects), -1)
    place[grid.rows] = grid.at
    late = seen.cases[seen.cases["week"] < onset.HISTORY]
    at, n = place[late["subject"]], late["n"].to_numpy()
    here = at >= 0
    found = onset.starts(
        np.repeat(at[here], n[here]),
        np.repeat(late["week"].to_numpy()[here], n[here]),
        grid.plane,
        grid.at_risk,
        seed=SEED,
    )
    told = [s for i, s in enumerate(found) if i == 0 or s.p <= STARTED]
    named = done.places[["place", "report_unit"]]
    return [
        {
            "places": named.iloc[s.places].to_dict("records"), "weeks": s.weeks, "observed": s.observed,
            "expected": s.expected, "ratio": s.ratio, "likelihood": s.likelihood, "p": s.p, "recurrence_weeks": s.recurrence,
        }
        for s in told
    ]  # fmt: skip


def _with_course(
    store: Store, domain: Domain, measure: str, layer: Layer, period: str, places: pd.DataFrame
) -> pd.DataFrame:
    """The course of a state over the months that were kept: a level is of a day, and what it was then has to be kept."""
    months = [f"{m:%Y-%m}" for m in pd.period_range(end=pd.Period(period, "M"), periods=WINDOWS)[:-1]]
    before = shelf.earlier(store, domain.name, measure, layer, months)
    if before.empty:
        return places
    kept = sorted(before["period"].unique())
    hot, p = (before.pivot(index="place", columns="period", values=n).reindex(places["place"]) for n in ("hot", "p"))
    was = np.column_stack([hot[kept].eq(True).to_numpy(bool), places["hot"].to_numpy(bool)])
    score = np.nan_to_num(stats.norm.isf(np.column_stack([p[kept].to_numpy(float), places["p"].to_numpy(float)])))
    return places.assign(course=courses(was, score)).assign(
        course=lambda t: t["course"].where(t["state"] != "xpcc", "")
    )


def _run(
    domain: Domain, seen: Seen, layer: Layer, on: date, city: City, done: Found, started: list[dict[str, Any]]
) -> dict[str, Any]:
    of_cells, streets = {"cells": RESOLUTION, "fine": FINE}.get(layer), layer == "streets"
    parameters = {
        "window_days": WINDOW if seen.since else None, "windows": seen.hits.shape[1], "q": Q, "seed": SEED,
        "resolution": of_cells, "beside": [r for r in RESOLUTIONS if r != of_cells] if of_cells else None,
        "simulations": SIMULATIONS if streets else None, "largest": LARGEST if streets else None,
        "weeks": onset.WEEKS if streets and seen.since else None,
    }  # fmt: skip
    return {
        "domain": domain.name, "measure": seen.measure, "layer": layer, "period": f"{on:%Y-%m}", "on_day": on,
        "since": seen.since, "subjects": city.size, "unplaced": done.unplaced,
        "observed": float(seen.hits[~city.apart, 0].sum()), "hot": int(done.places["hot"].sum()), "spread": done.spread,
        "headline": _headline(done), "started": started, "xpcc": int(city.apart.sum()),
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
