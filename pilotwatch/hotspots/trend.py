"""What became of a hot spot over the periods, in one of five plain words (after Esri's emerging hot spots)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pymannkendall import hamed_rao_modification_test, original_test

from pilotwatch.domain import Text

Course = Literal["new", "intensifying", "persistent", "diminishing", "sporadic", "none"]

COURSES: dict[Course, Text] = {
    "new": Text("新增", "new"),
    "intensifying": Text("加强", "intensifying"),
    "persistent": Text("持续", "persistent"),
    "diminishing": Text("减弱", "diminishing"),
    "sporadic": Text("零星", "sporadic"),
    "none": Text("无", "none"),
}

LEAST_PERIODS = 10  # fewer say nothing about a trend
MOSTLY = 0.9  # of the periods, to be more than sporadic
ALPHA = 0.05


def course(hot: ArrayLike, z: ArrayLike) -> Course:
    """The course of one place. `hot`: whether it was a hot spot, a value per period, the last one now; `z`: its score then.

    *New*: hot now and never before. Hot in nine of ten periods: *intensifying* or *diminishing* where the score has a
    trend (Mann-Kendall with Hamed & Rao's correction for autocorrelation, 1998, J Hydrol 204:182; p < 0.05), else
    *persistent*. Otherwise *sporadic*. With fewer than ten periods only *new* and *sporadic* can be told.

    >>> course([False] * 9 + [True], [0.0] * 9 + [3.0])
    'new'
    """
    was = np.asarray(hot, dtype=bool)
    if not was.any():
        return "none"
    if was[-1] and not was[:-1].any():
        return "new"
    if len(was) < LEAST_PERIODS or was.mean() < MOSTLY:
        return "sporadic"
    return {1: "intensifying", -1: "diminishing", 0: "persistent"}[trend(z)]


def trend(z: ArrayLike) -> int:
    """1 rising, -1 falling, 0 neither. A series that never changes has no trend."""
    series = np.asarray(z, dtype=float)
    if np.ptp(series) == 0:
        return 0
    with np.errstate(invalid="ignore"):
        found = hamed_rao_modification_test(series, alpha=ALPHA)
    if np.isnan(found.p):  # a straight line leaves no residual whose autocorrelation could be corrected for
        found = original_test(series, alpha=ALPHA)
    return {"increasing": 1, "decreasing": -1}.get(found.trend, 0)


def courses(hot: NDArray[np.bool_], z: NDArray[np.float64]) -> list[Course]:
    """The course of each place; `hot`, `z`: places × periods."""
    return [course(h, s) for h, s in zip(hot, z, strict=True)]
