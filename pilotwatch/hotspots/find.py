"""From subjects and what happened to them to hot places: cells or streets, tested now and in the windows before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from pilotwatch.hotspots import cells, rates, ring
from pilotwatch.hotspots.judge import judge
from pilotwatch.hotspots.kulldorff import Cluster, scan
from pilotwatch.hotspots.trend import courses

Floats = NDArray[np.float64]
Layer = Literal["cells", "streets"]

#: The columns of a place, whatever the layer.
COLUMNS = (
    "place", "lng", "lat", "report_unit", "division_code", "street_code", "subjects", "observed", "at_risk", "expected",
    "ratio", "low", "high", "smoothed", "gi", "ring_observed", "ring_expected", "p", "hot", "course",
)  # fmt: skip

RESOLUTION = 8  # edge about 530 m
AROUND = (-1, 1)  # the resolutions beside it at which a cell must be hot, too: at one of them at least
FARTHEST_STREET = 8_000.0  # metres; streets farther apart are no neighbours


@dataclass(frozen=True)
class Found:
    """The places that have subjects, with the test of each; the headline clusters; who could not be placed."""

    places: pd.DataFrame  # COLUMNS
    spread: float | None  # the dispersion of the past; None where there is no past
    unplaced: int  # subjects without a point (cells) or a street (streets)
    clusters: tuple[Cluster, ...] = ()  # streets only; indices of rows of `places`


def find(
    subjects: pd.DataFrame, hits: NDArray[np.float64], layer: Layer, *,
    resolution: int = RESOLUTION, q: float = 0.05, seed: int = 0,
) -> Found:  # fmt: skip
    """Tests each cell or street that has subjects.

    `subjects`: a row each with lng, lat (degrees; NaN where unknown), located, report_unit, division_code, street_code,
    at_risk (what the subject counts for in the denominator) and, for streets, street_lng and street_lat. `hits`: subjects
    × windows, what happened to each, the first column the window that is looked at, then the earlier ones. Only subjects
    located by a point of their own are in a cell: those put at the middle of their street would heap up there.
    """
    placed = (
        (subjects["located"] == "point").to_numpy() if layer == "cells" else (subjects["street_code"] != "").to_numpy()
    )
    mine, hits = subjects[placed].reset_index(drop=True), np.asarray(hits, dtype=float)[placed]
    unplaced = int((~placed).sum())
    if mine.empty:
        return Found(pd.DataFrame(columns=list(COLUMNS)), None, unplaced)
    if layer == "streets":
        grid = _streets(mine, hits)
        table, spread = _tested(grid, q)
        clusters = scan(grid.counts[:, 0], grid.at_risk, grid.plane, seed=seed)
        return Found(table, spread, unplaced, clusters)
    fine = cells.cells_of(mine["lng"], mine["lat"], resolution + max(AROUND))
    grids = {r: _cells(mine, hits, fine, r) for r in (resolution, *(resolution + step for step in AROUND))}
    table, spread = _tested(grids[resolution], q)
    table["hot"] &= _hot_beside(grids, resolution, q)
    return Found(table, spread, unplaced)


@dataclass(frozen=True)
class _Grid:
    """Places with their counts (× windows), those at risk, and who is near whom."""

    table: pd.DataFrame  # place, lng, lat, report_unit, division_code, street_code, subjects
    counts: Floats
    at_risk: Floats
    near: sparse.csr_array
    plane: Floats  # metres


def _cells(subjects: pd.DataFrame, hits: Floats, fine: NDArray[np.object_], resolution: int) -> _Grid:
    codes, unique = pd.factorize(fine)
    own = np.array(cells.parents(list(unique), resolution), dtype=object)[codes]
    at, names = pd.factorize(own, sort=True)
    middles = cells.middles(list(names))
    return _grid(subjects, hits, at, names, middles, cells.near_cells(list(names)))


def _streets(subjects: pd.DataFrame, hits: Floats) -> _Grid:
    at, names = pd.factorize(subjects["street_code"], sort=True)
    middles = subjects.groupby(at)[["street_lng", "street_lat"]].first().to_numpy()
    return _grid(subjects, hits, at, names, middles, cells.near_points(_plane(middles), FARTHEST_STREET))


def _grid(
    subjects: pd.DataFrame, hits: Floats, at: NDArray[np.intp], names: object, middles: Floats, near: sparse.csr_array
) -> _Grid:
    n = len(middles)
    counts = np.column_stack([np.bincount(at, hits[:, w], n) for w in range(hits.shape[1])])
    place = {c: _most(subjects[c], at, n) for c in ("report_unit", "division_code", "street_code")}
    table = pd.DataFrame(
        {"place": np.asarray(names, dtype=object), "lng": middles[:, 0], "lat": middles[:, 1], **place,
         "subjects": np.bincount(at, minlength=n)}
    )  # fmt: skip
    return _Grid(table, counts, np.bincount(at, subjects["at_risk"], n), near, _plane(middles))


def _most(values: pd.Series, at: NDArray[np.intp], n: int) -> NDArray[np.object_]:
    """The value that most of a place's subjects have; of equals the first by name."""
    of, names = pd.factorize(values, sort=True)
    table = np.zeros((n, len(names)), dtype=np.int64)
    np.add.at(table, (at, of), 1)
    return np.asarray(names, dtype=object)[table.argmax(axis=1)]


def _plane(degrees: Floats) -> Floats:
    """Metres east and north, round enough over a city."""
    lng, lat = degrees.T
    return np.column_stack([lng * 111_320 * np.cos(np.radians(lat.mean())), lat * 110_950])


def _tested(grid: _Grid, q: float) -> tuple[pd.DataFrame, float | None]:
    counts, at_risk = grid.counts, grid.at_risk
    done = judge(counts, at_risk, grid.near, q=q)
    ratio, low, high = rates.ratio(counts[:, 0], done.expected[:, 0])
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(at_risk > 0, counts[:, 0] / at_risk, 0.0)
    oldest_first = slice(None, None, -1)
    z = np.nan_to_num(stats.norm.isf(done.p))
    table = grid.table.assign(
        observed=counts[:, 0], at_risk=at_risk, expected=done.expected[:, 0], ratio=ratio, low=low, high=high,
        smoothed=rates.smoothed(counts[:, 0], at_risk), gi=ring.getis_ord(rate, grid.near),
        ring_observed=done.now.observed, ring_expected=done.now.expected, p=done.p[:, 0], hot=done.hot[:, 0],
        course=courses(done.hot[:, oldest_first], z[:, oldest_first]) if counts.shape[1] > 1 else "",
    )  # fmt: skip
    return table[list(COLUMNS)], done.spread


def _hot_beside(grids: dict[int, _Grid], resolution: int, q: float) -> NDArray[np.bool_]:
    """Whether each cell lies in, or holds, a hot one of another resolution."""
    names = grids[resolution].table["place"].tolist()
    beside = np.zeros(len(names), dtype=bool)
    for step in AROUND:
        table, _ = _tested(grids[resolution + step], q)
        hot = set(table.loc[table["hot"], "place"])
        if step < 0:
            beside |= np.array([p in hot for p in cells.parents(names, resolution + step)])
        else:
            holding = set(cells.parents(sorted(hot), resolution))
            beside |= np.array([n in holding for n in names])
    return beside
