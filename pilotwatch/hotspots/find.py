"""From subjects and what happened to them to hot places: tested now and in the windows before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pilotwatch.hotspots import rates, ring
from pilotwatch.hotspots.judge import Judged, judge, judge_areas
from pilotwatch.hotspots.kulldorff import Cluster, scan
from pilotwatch.hotspots.layout import FINE, RESOLUTION, RESOLUTIONS, City, Grid, Layer
from pilotwatch.hotspots.states import states_of
from pilotwatch.hotspots.trend import courses

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: The columns of a place, whatever the layer.
COLUMNS = (
    "place", "lng", "lat", "report_unit", "division_code", "street_code", "subjects", "observed", "at_risk", "expected",
    "ratio", "low", "high", "smoothed", "gi", "ring_observed", "ring_expected", "p", "hot", "course", "state", "known",
    "inspected", "xpcc",
)  # fmt: skip

LAYERS: tuple[Layer, ...] = ("cells", "fine", "streets", "units", "divisions")
_RESOLUTION_OF: dict[Layer, int] = {"cells": RESOLUTION, "fine": FINE}


@dataclass(frozen=True)
class Found:
    """The places that have subjects, with the test of each; the headline clusters; who could not be placed."""

    places: pd.DataFrame  # COLUMNS
    spread: float | None  # the dispersion of the past; None where there is no past
    unplaced: int  # subjects without a point (cells), a street, an area
    clusters: tuple[Cluster, ...] = ()  # streets only; indices of rows of `places`


def find(
    city: City, hits: ArrayLike, layers: Sequence[Layer] = LAYERS, *,
    known: ArrayLike | None = None, inspected: ArrayLike | None = None, q: float = 0.05, seed: int = 0,
) -> dict[Layer, Found]:  # fmt: skip
    """Tests each place of the layers that has subjects.

    `hits`: subjects × windows, what happened to each, the first column the window that is looked at, then the earlier ones.
    `known`: of which subjects the measure can say anything; `inspected`: which were visited in the year before; by default
    all. A cell is hot where it is so at its own of RESOLUTIONS and at another one.
    """
    counts = np.asarray(hits, dtype=float)
    masks = {
        n: np.ones(len(counts)) if m is None else np.asarray(m, dtype=float)
        for n, m in (("known", known), ("inspected", inspected))
    }
    judged = _judged_cells(city, counts, q) if {"cells", "fine"} & set(layers) else {}
    found: dict[Layer, Found] = {}
    for layer in layers:
        grid = city.grid(layer)
        if not len(grid.table):
            empty = pd.DataFrame(columns=list(COLUMNS))
            found[layer] = Found(_with_xpcc(empty, city.xpcc(layer)), None, city.unplaced(layer))
            continue
        own = grid.sums(counts)
        done = judged.get(_RESOLUTION_OF.get(layer, 0)) or _judged(grid, own, q)
        beside = {n: grid.sums(m).astype(np.int64) for n, m in masks.items()}
        places = _with_xpcc(_table(grid, own, done, beside), city.xpcc(layer))
        clusters = scan(own[:, 0], grid.at_risk, grid.plane, seed=seed) if layer == "streets" else ()
        found[layer] = Found(places, done.spread, city.unplaced(layer), clusters)
    return found


def _judged(grid: Grid, counts: Floats, q: float) -> Judged:
    if grid.near is None:
        return judge_areas(counts, grid.at_risk, q=q)
    return judge(counts, grid.at_risk, grid.near, q=q)


def _judged_cells(city: City, counts: Floats, q: float) -> Mapping[int, Judged]:
    """The tests of the cells of all resolutions; hot only what is so at another one, too, in each window."""
    if not len(city.cells[RESOLUTION].table):
        return {}
    alone = {r: _judged(grid, grid.sums(counts), q) for r, grid in city.cells.items()}
    wide, middle, fine = (alone[r].hot for r in RESOLUTIONS)
    up, above = city.cells[RESOLUTIONS[1]].parent, city.cells[RESOLUTIONS[2]].parent
    holds = np.zeros_like(middle)  # a hot one of the finest
    np.logical_or.at(holds, above, fine)
    both = {RESOLUTION: middle & (wide[up] | holds), FINE: fine & (middle | wide[up])[above]}
    return {r: alone[r].only(hot) for r, hot in both.items()}


def _table(grid: Grid, counts: Floats, done: Judged, beside: Mapping[str, NDArray[np.int64]]) -> pd.DataFrame:
    observed, at_risk, expected, hot = counts[:, 0], grid.at_risk, done.expected[:, 0], done.hot[:, 0]
    ratio, low, high = rates.ratio(observed, expected)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(at_risk > 0, observed / at_risk, 0.0)
    oldest_first = slice(None, None, -1)
    z = np.nan_to_num(stats.norm.isf(done.p))
    return grid.table.assign(
        observed=observed, at_risk=at_risk, expected=expected, ratio=ratio, low=low, high=high,
        smoothed=rates.smoothed(observed, at_risk), gi=np.nan if grid.near is None else ring.getis_ord(rate, grid.near),
        ring_observed=done.now.observed if done.now else np.nan, ring_expected=done.now.expected if done.now else np.nan,
        p=done.p[:, 0], hot=hot,
        course=courses(done.hot[:, oldest_first], z[:, oldest_first]) if counts.shape[1] > 1 else "",
        state=states_of(observed, hot, beside["known"], beside["inspected"], grid.table["subjects"]), **beside, xpcc=0,
    )[list(COLUMNS)]  # fmt: skip


def _with_xpcc(places: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """The places with the number of subjects under the XPCC in each; places that have no others come last, untested."""
    if apart.empty:
        return places
    n = apart.set_index("place")["subjects"]
    mine = places.assign(xpcc=places["place"].map(n).fillna(0).astype(np.int64))
    alone = apart[~apart["place"].isin(places["place"])]
    if alone.empty:
        return mine
    nothing = {c: 0 for c in ("subjects", "known", "inspected")} | {c: 0.0 for c in ("observed", "at_risk")}
    more = alone.assign(**nothing, xpcc=alone["subjects"].astype(np.int64), hot=False, course="", state="xpcc")
    more = more.reindex(columns=list(COLUMNS))
    return pd.concat([mine, more.astype(mine.dtypes.to_dict() if len(mine) else {})], ignore_index=True)
