"""Three indicators of a pool's newest reading: a standard that changed, a compound one, and one that judges places too."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Area, Basis, Bound, Indicator, Input, Levels, Text, Version
from pilotwatch.frames import Frames, days_to, latest, subjects, table

from .records import Pool, Reading

NEW_SINCE = date(2019, 11, 1)  # GB 37488-2019 replaced GB 9667-1996
_OLD, _NEW = Basis("STD", "GB 9667-1996"), Basis("STD", "GB 37488-2019")
_PRACTICE = Basis("PRAC", "经验值")


def readings(frames: Frames, on: date, *fields: str) -> pd.DataFrame:
    """The readings up to the end of `on`."""
    rows = table(frames, Reading, "measured_at", *fields)
    return rows[rows["measured_at"] < pd.Timestamp(on) + pd.Timedelta(days=1)]


def newest(frames: Frames, on: date, *fields: str) -> pd.DataFrame:
    """Every listed pool with its last reading, empty where it has none."""
    last = latest(readings(frames, on, *fields), "measured_at", "subject_id").set_index("subject_id")
    return last.reindex(subjects(frames, Pool).index)


def chlorine(frames: Frames, on: date) -> pd.Series:
    """SWM-01: free chlorine (mg/L) of the newest reading."""
    return newest(frames, on, "chlorine")["chlorine"]


def out_of_limits(frames: Frames, on: date) -> pd.DataFrame:
    """SWM-02: how many of chlorine, turbidity and urea are beyond GB 37488-2019 in the newest reading; NaN where one of
    them wasn't measured."""
    found = newest(frames, on, "chlorine", "turbidity", "urea")
    beyond = pd.DataFrame(
        {
            "chlorine": ~found["chlorine"].between(0.3, 1.0), "turbidity": found["turbidity"] > 1, "urea": found["urea"] > 3.5,
        }
    )  # fmt: skip
    known = found[["chlorine", "turbidity", "urea"]]
    return known.assign(value=beyond.sum(axis=1).astype("float64").where(known.notna().all(axis=1)))


def silent(frames: Frames, on: date) -> pd.DataFrame:
    """SWM-03: days since the newest reading; a pool that was never measured counts among the places' pools only."""
    days = -days_to(newest(frames, on)["measured_at"], on)
    return pd.DataFrame({"value": days, "fresh": (days <= 3).astype("float64"), "pools": 1.0}, index=days.index)


INDICATORS = (
    Indicator(
        "SWM-01", "游离性余氯", "Free chlorine", unit="mg/L", per=Pool, needs=(Pool, Reading), compute=chlorine, owner="WJW",
        levels=Levels(red="< 0.1", orange=Bound("< 0.3 | > 1.0", "STD")), basis=_NEW,
        versions=(
            Version(Levels(red="< 0.1", orange=Bound("< 0.3 | > 0.5", "STD")), _OLD, until=date(2019, 10, 31), name="GB 9667-1996"),
            Version(Levels(red="< 0.1", orange=Bound("< 0.3 | > 1.0", "STD")), _NEW, since=NEW_SINCE, name="GB 37488-2019"),
        ),
        formula=Text("最近一次检测的游离性余氯", "Free chlorine of the newest reading"),
        first_action=Text("停止开放，加氯消毒", "Close the pool and disinfect it"),
    ),
    Indicator(
        "SWM-02", "净化消毒失控", "Treatment out of control", unit="项", per=Pool, needs=(Pool, Reading), compute=out_of_limits,
        owner="WJW", basis=_NEW,
        inputs=(
            Input("chlorine", "游离性余氯", "Free chlorine", "mg/L"), Input("turbidity", "浑浊度", "Turbidity", "NTU"),
            Input("urea", "尿素", "Urea", "mg/L"),
        ),
        levels=Levels(red="chlorine < 0.3 & turbidity > 1", orange=">= 2", yellow=">= 1"),
        versions=(Version(Levels(red="chlorine < 0.3 & turbidity > 1", orange=">= 2", yellow=">= 1"), _NEW, since=NEW_SINCE),),
        formula=Text("最近一次检测中超出限值的项数（余氯、浑浊度、尿素）", "Items of the newest reading beyond their limits"),
        first_action=Text("停止开放，检修循环净化设备", "Close the pool and repair its filters"), first_within="24h",
    ),
    Indicator(
        "SWM-03", "检测间隔", "Days without a reading", unit="天", per=Pool, needs=(Pool, Reading), compute=silent, owner="TYJ",
        levels=Levels(red="> 14", orange="> 7", yellow="> 3"), basis=_PRACTICE,
        inputs=(Input("fresh", "3日内已检测", "Measured within 3 days", "个"), Input("pools", "泳池", "Pools", "个")),
        area=Area(
            "fresh", "pools", Levels(red="< 60 %", orange="< 80 %", yellow="< 95 %"), _PRACTICE,
            Text("3日内已检测的泳池 ÷ 泳池", "Pools measured within 3 days ÷ pools"),
        ),
        formula=Text("距最近一次检测的天数", "Days since the newest reading"),
        first_action=Text("督促检测", "Have the water measured"),
    ),
)  # fmt: skip
