"""Hot spots that are tested, not painted: rates, a local test, its course over time, and one scan for the headline.

Pure but for `keep`: arrays in, arrays out. A red place comes from `judge` alone; Gi* is drawn and ranked by; the scan names one
cluster. On nine units and eight divisions only `ratio`, `funnel` and `judge_areas` have anything to say.

What is kept of each place has a `state` (`STATES`, in the order of a legend): "hot", "found" (something, not hot), and of the
quiet ones "nothing" (white: inspected, nothing found), "not_inspected" (hatched: nobody was there in the year before),
"no_data" (grey: the measure can say nothing of its subjects), and "xpcc" (told apart: the XPCC's, in no rate and no test;
never "not inspected"). Beside it `known` and `inspected` (of its `subjects`) and `xpcc` (subjects under the XPCC there).
Layers that are kept: `find.LAYERS`: cells (H3 8), fine (H3 9), streets, units (nine, 甘泉堡 by itself), divisions (eight).

`Run.started` (streets, counts): where something started in the last weeks, likeliest first, with `weeks`, `p` and in how many
weeks chance alone gives as much (`recurrence_weeks`). `history.history` tests months of the past for the time slider; the
course of a state follows from the months kept. Files: `export.take_out` (scope and audit are kept there), `export.FORMS`.
"""

from pilotwatch.hotspots import keep
from pilotwatch.hotspots.cells import cells_of, middles, near_cells, near_points, outlines, parents
from pilotwatch.hotspots.find import COLUMNS, LAYERS, Found, find
from pilotwatch.hotspots.judge import Judged, judge, judge_areas
from pilotwatch.hotspots.kulldorff import LARGEST, SIMULATIONS, Cluster, scan
from pilotwatch.hotspots.layout import FINE, RESOLUTION, RESOLUTIONS, City, Grid, Layer
from pilotwatch.hotspots.onset import Start, starts
from pilotwatch.hotspots.rates import expected_by, funnel, ratio, smoothed
from pilotwatch.hotspots.ring import LEAST_EXPECTED, Ring, getis_ord, ring_test, spread_of
from pilotwatch.hotspots.states import STATES, State, states_of
from pilotwatch.hotspots.trend import COURSES, Course, course, courses

__all__ = [
    "COLUMNS", "COURSES", "FINE", "LARGEST", "LAYERS", "LEAST_EXPECTED", "RESOLUTION", "RESOLUTIONS", "SIMULATIONS", "STATES",
    "City", "Cluster", "Course", "Found", "Grid", "Judged", "Layer", "Ring", "Start", "State", "cells_of", "course", "courses",
    "expected_by", "find", "funnel", "getis_ord", "judge", "judge_areas", "keep", "middles", "near_cells", "near_points",
    "outlines", "parents", "ratio", "ring_test", "scan", "smoothed", "spread_of", "starts", "states_of",
]  # fmt: skip
