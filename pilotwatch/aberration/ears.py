"""EARS C1 and C2, to compare with: a week against mean and standard deviation of seven weeks shortly before.

Fricker, Hegler & Dunfee 2008, Stat Med 27:3407. They need no history, and pay with false alarms; no alarm of ours comes
from them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BASELINE = 7
_GAP = {"C1": 0, "C2": 2}  # weeks between the baseline and the week in question


def bounds(counts: Floats, method: Literal["C1", "C2"], alpha: float = 0.001) -> Floats:
    """The bound of every week, mean + z(1−α) · sd of its baseline; (S, W), NaN where the baseline is not complete.

    Seven weeks of mean 4 and standard deviation 2, z(0.999) = 3.090:

    >>> bounds(np.array([[2., 2, 4, 4, 4, 4, 8, 9]]), "C1").round(2)
    array([[  nan,   nan,   nan,   nan,   nan,   nan,   nan, 10.18]])
    """
    from scipy.special import ndtri  # here, for it takes long to import

    start = BASELINE + _GAP[method]
    found = np.full(counts.shape, np.nan)
    windows = sliding_window_view(counts, BASELINE, axis=1)[:, : counts.shape[1] - start]
    found[:, start:] = windows.mean(axis=2) + ndtri(1 - alpha) * windows.std(axis=2, ddof=1)
    return found
