"""Where the subjects are: cells, streets and areas, laid out once for all that is tested of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pilotwatch.hotspots import cells

Floats = NDArray[np.float64]
Layer = Literal["cells", "fine", "streets", "units", "divisions"]

RESOLUTION = 8  # of "cells": edge about 530 m
FINE = 9  # of "fine": edge about 200 m
RESOLUTIONS = (7, 8, 9)  # a cell is hot where it is at its own and at one of the others
FARTHEST_STREET = 8_000.0  # metres; streets farther apart are no neighbours

XPCC = "xpcc"
_PLACE = ("report_unit", "division_code", "street_code")


@dataclass(frozen=True)
class Grid:
    """Places with who is at risk there, and who is near whom."""

    rows: NDArray[np.intp]  # the subjects that have a place here
    at: NDArray[np.intp]  # the place of each of them
    table: pd.DataFrame  # place, lng, lat, report_unit, division_code, street_code, subjects
    at_risk: Floats
    near: sparse.csr_array | None  # none of areas: they are tested alone
    plane: Floats  # metres
    parent: NDArray[np.intp] | None = None  # of a cell: the row of the coarser grid it lies in

    def sums(self, values: Floats) -> Floats:
        """Of subjects (× windows) the sums of places (× windows)."""
        n = len(self.table)
        if values.ndim == 1:
            return np.bincount(self.at, values[self.rows], n)
        return np.column_stack([np.bincount(self.at, column[self.rows], n) for column in values.T])


class City:
    """The subjects of a domain, laid out. Each layer is made when it is first asked for.

    `subjects`: a row each with lng, lat (degrees; NaN where unknown), located, report_unit, division_code, street_code ("":
    unknown), at_risk (what the subject counts for in the denominator) and, for streets, street_lng and street_lat.
    `jurisdiction`: where it is "xpcc" the subject is in no rate and no test: the city's departments may not go there. It is
    counted beside the others. `points`: where to draw a unit and a division.
    """

    def __init__(self, subjects: pd.DataFrame, points: Mapping[str, tuple[float, float]] | None = None):
        apart = subjects["jurisdiction"].eq(XPCC) if "jurisdiction" in subjects else pd.Series(False, subjects.index)
        self.apart = apart.to_numpy(bool)
        self._apart: dict[Layer, pd.DataFrame] = {}
        self.subjects, self.points = subjects.reset_index(drop=True), dict(points or {})

    @property
    def size(self) -> int:
        """The subjects that are tested: those under the city."""
        return int((~self.apart).sum())

    def grid(self, layer: Layer) -> Grid:
        return {"cells": lambda: self.cells[RESOLUTION], "fine": lambda: self.cells[FINE]}.get(
            layer, lambda: getattr(self, layer)
        )()

    def unplaced(self, layer: Layer) -> int:
        """Subjects without a point (cells), a street or an area."""
        return self.size - len(self.grid(layer).rows)

    def xpcc(self, layer: Layer) -> pd.DataFrame:
        """The places with subjects under the XPCC: the columns of a grid's table, of those subjects alone."""
        if layer not in self._apart:
            rows = self._placed(layer, self.apart)
            empty = pd.DataFrame(columns=["place", "lng", "lat", *_PLACE, "subjects"])
            self._apart[layer] = self._grid_of(layer, rows).table if len(rows) else empty
        return self._apart[layer]

    @cached_property
    def cells(self) -> dict[int, Grid]:
        """By resolution, with the parents of the finer ones."""
        rows = self._placed("cells", ~self.apart)
        grids = {r: self._cells(rows, r) for r in RESOLUTIONS}
        for coarse, fine in pairwise(RESOLUTIONS):
            index = pd.Index(grids[coarse].table["place"])
            above = index.get_indexer(cells.parents(grids[fine].table["place"].tolist(), coarse))
            grids[fine] = Grid(**{**vars(grids[fine]), "parent": above})
        return grids

    @cached_property
    def streets(self) -> Grid:
        return self._grid_of("streets", self._placed("streets", ~self.apart))

    @cached_property
    def units(self) -> Grid:
        return self._grid_of("units", self._placed("units", ~self.apart))

    @cached_property
    def divisions(self) -> Grid:
        return self._grid_of("divisions", self._placed("divisions", ~self.apart))

    @cached_property
    def _finest(self) -> NDArray[np.object_]:
        """The finest cell of each subject with a point of its own; those put at the middle of a street would heap up."""
        own = (self.subjects["located"] == "point").to_numpy()
        lng, lat = (np.where(own, self.subjects[n].to_numpy(float), np.nan) for n in ("lng", "lat"))
        return cells.cells_of(lng, lat, max(RESOLUTIONS))

    def _placed(self, layer: Layer, among: NDArray[np.bool_]) -> NDArray[np.intp]:
        key = {"streets": "street_code", "units": "report_unit", "divisions": "division_code"}.get(layer)
        known = self._finest != "" if key is None else (self.subjects[key] != "").to_numpy()
        return np.flatnonzero(known & among)

    def _grid_of(self, layer: Layer, rows: NDArray[np.intp]) -> Grid:
        if layer in ("cells", "fine"):
            return self._cells(rows, RESOLUTION if layer == "cells" else FINE)
        if layer == "streets":
            mine = self.subjects.iloc[rows]
            at, names = pd.factorize(mine["street_code"], sort=True)
            middles = mine.groupby(at)[["street_lng", "street_lat"]].first().to_numpy(float).reshape(-1, 2)
            return self._grid(rows, at, names, middles, cells.near_points(_plane(middles), FARTHEST_STREET))
        key = "report_unit" if layer == "units" else "division_code"
        at, names = pd.factorize(self.subjects[key].iloc[rows], sort=True)
        middles = np.array([self.points.get(name, (np.nan, np.nan)) for name in names], dtype=float).reshape(-1, 2)
        return self._grid(rows, at, names, middles, None)

    def _cells(self, rows: NDArray[np.intp], resolution: int) -> Grid:
        codes, unique = pd.factorize(self._finest[rows])
        own = np.array(cells.parents(list(unique), resolution), dtype=object)[codes] if len(unique) else codes
        at, names = pd.factorize(own, sort=True)
        return self._grid(rows, at, names, cells.middles(list(names)), cells.near_cells(list(names)))

    def _grid(
        self,
        rows: NDArray[np.intp],
        at: NDArray[np.intp],
        names: object,
        middles: Floats,
        near: sparse.csr_array | None,
    ) -> Grid:
        n, mine = len(middles), self.subjects.iloc[rows]
        place = {c: _most(mine[c], at, n) for c in _PLACE}
        table = pd.DataFrame(
            {"place": np.asarray(names, dtype=object), "lng": middles[:, 0], "lat": middles[:, 1], **place,
             "subjects": np.bincount(at, minlength=n)}
        )  # fmt: skip
        return Grid(rows, at, table, np.bincount(at, mine["at_risk"].to_numpy(float), n), near, _plane(middles))


def _most(values: pd.Series, at: NDArray[np.intp], n: int) -> NDArray[np.object_]:
    """The value that most of a place's subjects have; of equals the first by name."""
    of, names = pd.factorize(values, sort=True)
    pairs, counts = np.unique(at * len(names) + of, return_counts=True)
    place, value = np.divmod(pairs, max(1, len(names)))
    order = np.lexsort((value, -counts, place))
    first = order[np.r_[True, np.diff(place[order]) > 0]] if len(order) else order
    found = np.zeros(n, dtype=np.int64)
    found[place[first]] = value[first]
    return np.asarray(names, dtype=object)[found]


def _plane(degrees: Floats) -> Floats:
    """Metres east and north, round enough over a city."""
    lng, lat = degrees.reshape(-1, 2).T
    return np.column_stack([lng * 111_320 * np.cos(np.radians(lat.mean() if len(lat) else 0.0)), lat * 110_950])
