"""Hot spots that are tested, not painted: rates, a local test, its course over time, and one scan for the headline.

Pure but for `keep`: arrays in, arrays out. A red place comes from `judge` alone; Gi* is drawn and ranked by; the scan names one
cluster. On eight divisions nothing here but `ratio` and `funnel` has anything to say.
"""

from pilotwatch.hotspots import keep
from pilotwatch.hotspots.cells import cells_of, middles, near_cells, near_points, outlines, parents
from pilotwatch.hotspots.find import COLUMNS, RESOLUTION, Found, Layer, find
from pilotwatch.hotspots.judge import Judged, judge
from pilotwatch.hotspots.kulldorff import LARGEST, SIMULATIONS, Cluster, scan
from pilotwatch.hotspots.rates import dispersion, expected_by, funnel, ratio, smoothed
from pilotwatch.hotspots.ring import LEAST_EXPECTED, Ring, getis_ord, ring_test, spread_of
from pilotwatch.hotspots.trend import COURSES, Course, course, courses

__all__ = [
    "COLUMNS", "COURSES", "LARGEST", "LEAST_EXPECTED", "RESOLUTION", "SIMULATIONS", "Cluster", "Course", "Found",
    "Judged", "Layer", "Ring", "cells_of", "course", "courses", "dispersion", "expected_by", "find", "funnel", "getis_ord", "judge", "keep", "middles",
    "near_cells", "near_points", "outlines", "parents", "ratio", "ring_test", "scan", "smoothed", "spread_of",
]  # fmt: skip
