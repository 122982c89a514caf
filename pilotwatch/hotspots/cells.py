"""H3 cells: which one a point lies in, who is whose neighbour, who belongs to whom at another resolution."""

from __future__ import annotations

from collections.abc import Sequence

import h3
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial import Delaunay


def cells_of(lng: ArrayLike, lat: ArrayLike, resolution: int) -> NDArray[np.object_]:
    """The cell of each point in degrees; "" where a coordinate is missing."""
    x, y = np.asarray(lng, dtype=float), np.asarray(lat, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    out = np.full(x.shape, "", dtype=object)
    # a city's points are dense: each rounded place (~1 m) is asked for once
    places = pd.MultiIndex.from_arrays([np.round(x[known], 5), np.round(y[known], 5)])
    codes, unique = places.factorize()
    found = np.array([h3.latlng_to_cell(b, a, resolution) for a, b in unique], dtype=object)
    out[known] = found[codes] if len(found) else found
    return out


def near_cells(cells: Sequence[str], rings: int = 1) -> sparse.csr_array:
    """0/1: for each cell itself and those of `cells` within so many rings."""
    at = {cell: i for i, cell in enumerate(cells)}
    pairs = [(i, at[other]) for cell, i in at.items() for other in h3.grid_disk(cell, rings) if other in at]
    return _matrix(pairs, len(at))


def near_points(xy: ArrayLike, longest: float = np.inf) -> sparse.csr_array:
    """0/1: for each point itself and its neighbours in the Delaunay triangulation, no farther than `longest` (units of
    `xy`): the neighbours of places of which only a middle is known, such as streets."""
    points = np.asarray(xy, dtype=float)
    pairs = [(i, i) for i in range(len(points))]
    if len(points) > 3:
        starts, others = Delaunay(points).vertex_neighbor_vertices
        edges = np.column_stack([np.repeat(np.arange(len(points)), np.diff(starts)), others])
        length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
        pairs += [tuple(edge) for edge in edges[length <= longest]]
    return _matrix(pairs, len(points))


def parents(cells: Sequence[str], resolution: int) -> list[str]:
    """The coarser cell each belongs to."""
    return [h3.cell_to_parent(cell, resolution) for cell in cells]


def middles(cells: Sequence[str]) -> NDArray[np.float64]:
    """The middle of each cell in degrees: cells × (longitude, latitude)."""
    return np.array([h3.cell_to_latlng(cell)[::-1] for cell in cells], dtype=float).reshape(-1, 2)


def outlines(cells: Sequence[str]) -> list[list[tuple[float, float]]]:
    """The corners of each cell in degrees, longitude first, as GeoJSON wants them: closed."""
    rings = [[(lng, lat) for lat, lng in h3.cell_to_boundary(cell)] for cell in cells]
    return [[*ring, ring[0]] for ring in rings]


def _matrix(pairs: list[tuple[int, int]], n: int) -> sparse.csr_array:
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(n, n))
