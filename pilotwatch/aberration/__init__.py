"""Statistical aberration detection: which counts by place and week are higher than they should be.

Pure: frames in, a frame out; no store, no clock, no chance. `detect` is the door; `farrington`, `pooled`, `cusum`, `ears`
and `tails` each hold one method with its paper.
"""

from pilotwatch.aberration.detect import LEVELS, RESULT, Bands, detect, judge
from pilotwatch.aberration.settings import Described, SettingError, Settings, describe, false_alarms_a_year
from pilotwatch.aberration.weeks import CITY, COLUMNS

__all__ = [
    "CITY", "COLUMNS", "LEVELS", "RESULT", "Bands", "Described", "SettingError", "Settings", "describe", "detect",
    "false_alarms_a_year", "judge",
]  # fmt: skip
