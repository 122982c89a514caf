"""What is watched beside the single house: counts that surge, and grades that contradict what was found (口径冲突)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.self_built_housing.indicators.houses import DANGEROUS, after, demolished, grades, known_days
from domains.self_built_housing.records import Appraisal, House, HouseHazard, Rectification
from domains.self_built_housing.records.choices import GRADES
from pilotwatch.domain import Basis, Contradiction, Count, Side, Text
from pilotwatch.frames import Frames, latest, subjects
from pilotwatch.records import HAZARD_LEVELS

COUNTS = (
    Count("hazard", "新发现隐患", "Hazards found", record=HouseHazard, unit="项"),
    Count(
        "dangerous_grade", "新鉴定为C、D级", "Graded C or D", record=Appraisal, fields=("grade",),
        weigh=lambda rows: rows["grade"].isin(DANGEROUS), unit="栋", owner="FGJ",
    ),
)  # fmt: skip

#: How grave a grade (JGJ 125-2016) and a hazard are held to be, on one scale; they may lie one step apart (PRAC).
STEP = {"A": 0, "B": 1, "C": 2, "D": 3, "一般": 1, "较大": 2, "重大": 3}


def grade_and_hazard(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-K01: the grade in force against the gravest structural hazard that is open, of a house that stands."""
    graded = grades(frames, on)
    rows = known_days(frames, HouseHazard, on, "found_on", "kind", "level", "closed_on")
    rows = rows[rows["kind"].eq("结构") & (rows["closed_on"].isna() | after(rows["closed_on"], on))]
    gravest = rows.assign(step=_step(rows["level"])).sort_values("step", kind="stable")
    gravest = gravest.drop_duplicates("subject_id", keep="last").set_index("subject_id").reindex(graded.index)
    apart = (_step(graded["grade"]) - gravest["step"]).abs()
    known = apart.notna() & ~demolished(frames, on)
    return pd.DataFrame(
        {
            "grade": graded["grade"], "hazard": gravest["level"], "period": _day(gravest["found_on"]),
            "gap": apart.where(known), "size": apart.where(known),
        }
    )  # fmt: skip


def report_and_list(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-K02: the grade of the newest report against the grade in the list of houses, where the list isn't newer."""
    houses = subjects(frames, House, "grade", "appraised_on")
    rows = known_days(frames, Appraisal, on, "reported_on", "grade")
    last = latest(rows, "reported_on", "subject_id").set_index("subject_id").reindex(houses.index)
    apart = (_step(houses["grade"]) - _step(last["grade"])).abs()
    known = apart.notna() & ~(houses["appraised_on"] > last["reported_on"])
    return pd.DataFrame(
        {
            "report": last["grade"], "listed": houses["grade"], "period": _day(last["reported_on"]),
            "gap": apart.where(known), "size": pd.Series(np.where(apart > 0, 1 + apart, 0.0), houses.index).where(known),
        }
    )  # fmt: skip


def _step(words: pd.Series) -> pd.Series:
    return words.map(STEP).astype("float64")


def _day(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").fillna("")


_JGJ = "《危险房屋鉴定标准》JGJ 125-2016（等级含义）"

CONTRADICTIONS = (
    Contradiction(
        "SBH-K01", "房屋等级与隐患等级不符", "Grade and hazard differ", per=House,
        needs=(House, Appraisal, HouseHazard, Rectification), compute=grade_and_hazard, unit="级",
        sides=(
            Side("grade", "鉴定等级", "Grade", Appraisal, "FGJ", choices=GRADES),
            Side("hazard", "未销号结构隐患", "Open structural hazard", HouseHazard, "JSJ", choices=HAZARD_LEVELS),
        ),
        tolerance=Text("按同一尺度相差不超过一级", "At most one step apart on one scale"),
        basis=Basis("PRAC", f"{_JGJ}；隐患等级与鉴定等级的对应为经验值：一般对B、较大对C、重大对D"),
        formula=Text("现行鉴定等级（A、B、C、D）与最重的未销号结构隐患（一般、较大、重大）逐级比较；已拆除的不比", "The grade in force (A to D) against the gravest open structural hazard (general, serious, major), step by step; not for a house that is gone"),
    ),
    Contradiction(
        "SBH-K02", "鉴定报告与台账等级不符", "Report and list differ", per=House,
        needs=(House, Appraisal), compute=report_and_list, unit="级",
        sides=(
            Side("report", "最近鉴定报告等级", "Grade of the newest report", Appraisal, "FGJ", choices=GRADES),
            Side("listed", "台账所列等级", "Grade in the list", House, "JSJ", choices=GRADES),
        ),
        tolerance=Text("应当一致", "They must be the same"),
        basis=Basis("STD", f"{_JGJ}；一栋房屋只有一个现行等级"),
        formula=Text("最近一份鉴定报告的等级与排查台账所列等级比较；台账所列鉴定日期更晚的不比", "The newest report's grade against the list's; not where the list tells of a later appraisal"),
    ),
)  # fmt: skip
