"""The life of an alarm, pure: what the detection says now and what was raised before in, what is raised and moved out.

A series in alarm is raised once in seven days: until then the alarm that stands goes on, gets worse at once, and ends
when the series is no longer unusual. A creeping rise is an alarm of its own kind, raised only where no other alarm of
the series was within the same seven days, so that one week never has two. A division one of whose units is in alarm
itself raises none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

QUIET = timedelta(days=7)

SERIES = ["measure", "kind", "place"]
_RANK = {"red": 0, "amber": 1, "creeping": 2}


@dataclass(frozen=True)
class Raised:
    """`new`: alarms to be raised (columns of `store.signals._ALARM` but for the end). `moved`: standing ones as they are
    now: the series, raised_on, level ("" as it was), last_on and ended_on (NaT: as it was, none). `standing`: the day
    each row's alarm was raised on, NaT where none stands.
    """

    new: pd.DataFrame
    moved: pd.DataFrame
    standing: pd.Series


def raised(found: pd.DataFrame, before: pd.DataFrame) -> Raised:
    """found: what the detection says now (`series.signals`). before: the newest alarm of each series of the last seven
    days and the day itself: the series, raised_on, level, ended_on.
    """
    said = np.where(found["level"].isin(["red", "amber"]), found["level"], np.where(found["creeping"], "creeping", ""))
    said = np.where(found["told"], "", said)
    now = found.assign(said=said).merge(before[[*SERIES, "raised_on", "level", "ended_on"]], on=SERIES, how="left",
                                        suffixes=("", "_before"))  # fmt: skip
    week = now["week_to"].astype("datetime64[s]")
    recent = now["raised_on"].notna() & (now["raised_on"] > week - QUIET)
    alarm = now["said"] != ""
    fresh = alarm & ~recent
    goes_on = alarm & recent
    worse = goes_on & (now["said"].map(_RANK) < now["level_before"].map(_RANK))
    ends = ~alarm & recent & now["ended_on"].isna()
    new = now[fresh].assign(raised_on=week[fresh], level=now["said"][fresh], last_on=week[fresh])
    moved = now[goes_on | ends].assign(
        level=now["said"].where(worse, "")[goes_on | ends], last_on=week.where(goes_on)[goes_on | ends],
        ended_on=week.where(ends)[goes_on | ends],
    )  # fmt: skip
    standing = now["raised_on"].where(goes_on).mask(fresh, week).set_axis(found.index)
    return Raised(
        new[[*SERIES, "raised_on", "report_unit", "level", "observed", "expected", "bound", "last_on"]],
        moved[[*SERIES, "raised_on", "level", "last_on", "ended_on"]],
        standing,
    )
