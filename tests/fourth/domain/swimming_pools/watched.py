"""What is watched beside the single pool: a rate by month, a count that may surge, statements that contradict each other."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import Basis, Contradiction, Count, Input, Levels, Measure, Side, Text
from pilotwatch.frames import Frames, events, joinable

from .indicators import NEW_SINCE, readings
from .records import Pool, Reading

_TOLERANCE = 0.2  # mg/L


def failed(rows: pd.DataFrame) -> pd.Series:
    """Whether the chlorine was beyond the limits of its day; unknown where it wasn't measured."""
    most = np.where(rows["measured_at"] < pd.Timestamp(NEW_SINCE), 0.5, 1.0)
    beyond = (rows["chlorine"] < 0.3) | (rows["chlorine"] > most)
    return beyond.astype("boolean").mask(rows["chlorine"].isna())


def failed_readings(frames: Frames, on: date) -> pd.DataFrame:
    """SWM-M01: whether each reading failed, by who took it."""
    rows = readings(frames, on, "chlorine", "who")
    return events(rows, rows["measured_at"].dt.normalize(), failed(rows), kind=rows["who"])


MEASURES = (
    Measure(
        "SWM-M01", "余氯不合格率", "Readings with wrong chlorine", per=Pool, needs=(Reading,), compute=failed_readings, owner="WJW",
        numerator=Input("failed", "不合格次数", "Failed"), denominator=Input("readings", "检测次数", "Readings"),
        kinds=(Input("self", "自检", "Own checks"), Input("official", "抽检", "Official samples")),
        levels=Levels(red="> 20 %", orange="> 10 %", yellow="> 5 %"), basis=Basis("PRAC", "经验值"),
        formula=Text("余氯不合格次数 ÷ 检测次数，按检测月份", "Readings with wrong chlorine ÷ readings, by month"),
        first_action=Text("开展专项抽检", "A special round of samples"),
    ),
)  # fmt: skip

COUNTS = (
    Count("failed_reading", "余氯不合格", "Failed readings", record=Reading, fields=("measured_at", "chlorine"), weigh=failed, unit="次"),
)  # fmt: skip


def own_and_official(frames: Frames, on: date) -> pd.DataFrame:
    """SWM-K01: the chlorine that the pool and the Health Commission measured on the newest day that both did."""
    rows = readings(frames, on, "chlorine", "who")
    rows = rows[rows["chlorine"].notna()].assign(day=rows["measured_at"].dt.normalize()).sort_values("measured_at")
    own, official = (
        joinable(rows[rows["who"] == who]).drop_duplicates(["subject_id", "day"], keep="last")
        for who in ("self", "official")
    )
    both = own.merge(official, on=["subject_id", "day"], suffixes=("_own", "_official")).sort_values("day")
    last = both.drop_duplicates("subject_id", keep="last").set_index("subject_id")
    gap = last["chlorine_own"] - last["chlorine_official"]
    return pd.DataFrame(
        {
            "own": last["chlorine_own"], "official": last["chlorine_official"], "period": last["day"].dt.strftime("%Y-%m-%d"),
            "gap": gap, "size": gap.abs() / _TOLERANCE,
        }
    )  # fmt: skip


CONTRADICTIONS = (
    Contradiction(
        "SWM-K01", "自检与抽检余氯不符", "Own check and sample differ", per=Pool, needs=(Pool, Reading), compute=own_and_official,
        sides=(
            Side("own", "自检余氯", "Chlorine, own check", Reading, "TYJ", "mg/L"),
            Side("official", "抽检余氯", "Chlorine, official sample", Reading, "WJW", "mg/L"),
        ),
        tolerance=Text("相差不超过0.2 mg/L", "At most 0.2 mg/L apart"), basis=Basis("PRAC", "经验值"), unit="mg/L",
        formula=Text("最近一个既有自检又有抽检的日期", "Newest day with both"),
    ),
)  # fmt: skip
