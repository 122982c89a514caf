"""What is so of a place, in one word: a quiet place is quiet for one of three reasons, and they are drawn apart."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pilotwatch.domain import Text

State = Literal["hot", "found", "nothing", "not_inspected", "no_data", "xpcc"]

#: In the order of a legend. Drawn: hot red, found shaded, nothing white, not_inspected hatched, no_data grey, xpcc dotted.
STATES: dict[State, Text] = {
    "hot": Text("热点", "Hot"),
    "found": Text("有发现，未成热点", "Something found, not hot"),
    "nothing": Text("查过，未发现", "Inspected, nothing found"),
    "not_inspected": Text("近一年未检查", "Not inspected in the year before"),
    "no_data": Text("无数据", "No data"),
    "xpcc": Text("兵团管辖，单列", "Under the XPCC, told apart"),
}


def states_of(
    observed: ArrayLike, hot: ArrayLike, known: ArrayLike, inspected: ArrayLike, subjects: ArrayLike
) -> NDArray[np.object_]:
    """The state of each place; all arrays in the order of the places.

    `observed`: what happened to its subjects; `known`: of how many of them the measure can say anything; `inspected`: how
    many were visited in the year before; `subjects`: how many there are, those under the XPCC left out. What was found is
    found whether or not anyone is known to have looked; "nothing" is only said where somebody did.

    >>> states_of([3, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [9, 9, 9, 9, 0, 0], [2, 0, 1, 0, 5, 0], [9, 9, 9, 9, 9, 0]).tolist()
    ['hot', 'found', 'nothing', 'not_inspected', 'no_data', 'xpcc']
    """
    observed, hot, known, inspected, subjects = (np.asarray(a) for a in (observed, hot, known, inspected, subjects))
    conditions = [subjects == 0, hot.astype(bool), observed > 0, known == 0, inspected == 0]
    return np.select(conditions, ["xpcc", "hot", "found", "no_data", "not_inspected"], "nothing").astype(object)
