"""Houses by month: hazards closed in time, appraisals that say dangerous, checks that found something."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.records import Appraisal, House, HouseHazard
from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, table
from pilotwatch.outcomes import found_problems
from pilotwatch.records import Inspection


def hazards_closed(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-M01: by hazard that fell due, in the month it did: whether it was closed by then."""
    rows = table(frames, HouseHazard, "due_on", "closed_on")
    rows = rows[rows["due_on"] < pd.Timestamp(on)]
    return events(rows, rows["due_on"], rows["closed_on"] <= rows["due_on"])


def found_dangerous(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-M02: whether each appraisal gave C or D."""
    rows = table(frames, Appraisal, "reported_on", "grade")
    rows = rows[rows["grade"].notna()]
    return events(rows, rows["reported_on"], rows["grade"].isin(["C", "D"]))


MEASURES = (
    Measure(
        "SBH-M01", "隐患按期销号率", "Hazards closed in time", per=House, needs=(HouseHazard,), compute=hazards_closed, owner="JSJ",
        numerator=Input("in_time", "按期销号的隐患", "Closed in time"), denominator=Input("due", "到期的隐患", "Due"),
        levels=Levels(red="< 70 %", orange="< 85 %", yellow="< 95 %"), basis=Basis("PRAC", "分级与SBH-10一致，为经验值"),
        formula=Text("期限内销号的隐患 ÷ 期限届满的隐患，按到期月份", "Hazards closed by the day they were due ÷ hazards due, by the month they were"),
        first_action=Text("督办逾期隐患，落实整治资金和措施", "Press for what is overdue, with money and a plan"),
    ),
    Measure(
        "SBH-M02", "鉴定为C、D级的比例", "Appraised as dangerous", per=House, needs=(Appraisal,), compute=found_dangerous, owner="FGJ",
        numerator=Input("dangerous", "鉴定为C、D级", "Graded C or D"), denominator=Input("appraised", "鉴定报告", "Appraisals"),
        basis=Basis("STD", "JGJ 125-2016；看趋势，不设分级"),
        formula=Text("结论为C、D级的鉴定报告 ÷ 鉴定报告，按报告月份", "Appraisals that gave C or D ÷ appraisals, by the month of the report"),
        first_action=Text("C、D级逐栋落实停用、撤离、整治", "Stop use, evacuate, repair: house by house"),
    ),
    Measure(
        "SBH-M03", "自建房检查发现问题率", "Checks that found a problem", per=House, needs=(Inspection,), compute=found_problems, owner="JSJ",
        numerator=Input("found", "发现问题的检查", "Checks with a problem"), denominator=Input("checks", "检查次数", "Checks"),
        basis=Basis("PRAC", "看趋势，不设分级"),
        formula=Text("发现问题的检查 ÷ 检查次数", "Checks that found a problem ÷ checks"),
        first_action=Text("问题集中的街道开展专项排查", "Screen the streets where most was found"),
    ),
)  # fmt: skip
