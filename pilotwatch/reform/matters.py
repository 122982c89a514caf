"""Whether there is less to check: the published list of matters against that of a year before (REF-15)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, table
from pilotwatch.records import Matter
from pilotwatch.reform.common import year_before


def fewer_matters(frames: Frames, on: date) -> pd.DataFrame:
    """REF-15: by matter that counted a year before or counts now: 1 where it is gone, −1 where it is new; the kind its
    department."""
    rows = table(frames, Matter, "dept", "valid_from", "valid_until")
    before, now = (_counts(rows, day) for day in (year_before(on), pd.Timestamp(on)))
    rows, before, now = (x[before | now] for x in (rows, before, now))
    gone = before.astype("float64") - now.astype("float64")
    return events(rows, pd.Timestamp(on), gone, before, kind=rows["dept"].fillna(""))


def _counts(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return (rows["valid_from"] <= day) & ~(rows["valid_until"] < day)


FEWER_MATTERS = Measure(
    "REF-15", "检查事项压减率", "Fewer matters to check", needs=(Matter,), compute=fewer_matters, owner="SCJG", state=True, kinds="department",
    numerator=Input("fewer", "减少的检查事项", "Matters fewer than a year before"), denominator=Input("before", "上年同日的检查事项", "Matters a year before"),
    levels=Levels(yellow="< 0 %"), basis=Basis("PRAC", "国办发〔2024〕54号：清理并公布检查事项；同比增加为黄色（经验值）"),
    formula=Text("（一年前的检查事项数 − 现行检查事项数）÷ 一年前的检查事项数", "(Matters on the list a year before − matters now) ÷ matters a year before"),
    first_action=Text("逐项核对新增事项的设定依据", "Look at the legal basis of each new matter"), reference=Text("宁夏174项减至146项，减16%", "Ningxia 174 → 146, 16 % fewer"),
)  # fmt: skip
