"""A house graded dangerous: still in business, still lived in, not put right in time (SBH-01 to SBH-03)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.indicators.houses import (
    DANGEROUS,
    GRADED_BY,
    SETTLED,
    STANDS_BY,
    after,
    demolished,
    grades,
    in_business,
    known_days,
    of_house,
)
from domains.self_built_housing.records import Evacuation, House, Rectification
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, among, days_to, subjects, when

#: Days after the grade within which a rectification must have a day it is due on; then it counts as so many overdue.
UNDATED_GRACE, UNDATED_OVERDUE = 15, 31


def dangerous_in_business(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-01: days since the grade for a C or D house that is open, 0 for another."""
    graded, open_ = grades(frames, on), in_business(frames)
    days = -days_to(graded["graded_on"], on)
    return pd.DataFrame(
        {
            "value": when(among(graded["grade"], DANGEROUS) & open_, days),
            "open_c": when(among(graded["grade"], ("C",)) & open_, 1.0),
            "open_d": when(among(graded["grade"], ("D",)) & open_, 1.0),
            "days": days,
        }
    )


def lived_in(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-02: hours since the report for a D house in which people still are, 0 for another.

    Days are all that is known of a report: the next day counts as 24 hours.
    """
    graded = grades(frames, on)
    doomed = among(graded["grade"], ("D",)) & ~demolished(frames, on)
    people = when(doomed, subjects(frames, House, "occupants")["occupants"])
    hours = -24 * days_to(graded["graded_on"], on)
    return pd.DataFrame(
        {
            "value": when((people > 0).astype("boolean").mask(people.isna()), hours),
            "people": people,
            "hours": hours,
            "left": _left(frames, on, graded["graded_on"]),
        }
    )


def _left(frames: Frames, on: date, graded_on: pd.Series) -> pd.Series:
    """How many people left since the grade, by the evacuations that are finished."""
    rows = known_days(frames, Evacuation, on, "finished_at", "started_at", "people")
    since = of_house(graded_on, rows)
    return (
        rows[rows["started_at"] >= since].groupby("subject_id")["people"].sum().reindex(graded_on.index, fill_value=0)
    )


def rectification_overdue(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-03: days past the day a C or D house's rectification is due, 0 where none is due yet or all is done.

    Without a due day it counts as 31 days overdue once the house has been graded for more than 15 days, and as nothing
    pending before.
    """
    graded = grades(frames, on)
    age = -days_to(graded["graded_on"], on)
    works = _works(frames, on, graded["graded_on"])
    settled = subjects(frames, House, "rectify_status")["rectify_status"].isin(SETTLED)
    gone = demolished(frames, on)
    undated = works["undated"] | ~(works["open"] | works["answered"] | settled)
    counted = (age > UNDATED_GRACE).astype("boolean").mask(age.isna())
    due = works["due_on"].notna()
    pending = among(graded["grade"], DANGEROUS) & ~gone & (due | (undated & counted))
    overdue = (-days_to(works["due_on"], on)).clip(lower=0).fillna(0)
    overdue = overdue.mask(undated & counted.fillna(False).astype(bool), overdue.clip(lower=UNDATED_OVERDUE))
    return pd.DataFrame(
        {
            "value": when(pending, overdue),
            "pending": when(pending, 1.0),
            "left": days_to(works["due_on"], on),
            "age": age,
        }
    )


def _works(frames: Frames, on: date, graded_on: pd.Series) -> pd.DataFrame:
    """Each house's rectifications: `open` ones, the first `due_on` among them, whether one is `undated`, and whether
    the grade was `answered` by one that is done. Work done before the house was graded anew doesn't answer to it.
    """
    rows = known_days(frames, Rectification, on, "plan_on", "due_on", "done_on")
    done = rows["done_on"].notna() & ~after(rows["done_on"], on)
    answers = rows[done & ~(rows["done_on"] < of_house(graded_on, rows))]
    open_ = rows[~done]
    index = graded_on.index
    return pd.DataFrame(
        {
            "open": index.isin(open_["subject_id"]),
            "due_on": open_.groupby("subject_id")["due_on"].min().reindex(index),
            "undated": index.isin(open_.loc[open_["due_on"].isna(), "subject_id"]),
            "answered": index.isin(answers["subject_id"]),
        },
        index=index,
    )


_STOP = "国办发明电〔2022〕10号：危险的经营性自建房立即停止使用（条文待核实）"

DANGER = (
    Indicator(
        "SBH-01", "C、D级危房仍营业", "Dangerous house in business",
        per=House, needs=GRADED_BY, compute=dangerous_in_business, unit="天",
        inputs=(
            Input("open_c", "C级且营业", "Grade C and open"), Input("open_d", "D级且营业", "Grade D and open"),
            Input("days", "定级天数", "Days since the grade", "天"),
        ),
        levels=Levels(red="open_d >= 1 | open_c >= 1 & days > 15", orange=Bound("open_c >= 1", "POL")),
        basis=Basis("POL", f"{_STOP}；C级15日为经验值"), owner="JSJ", first_within="24h",
        formula=Text(
            "鉴定为C、D级后仍营业的天数（按最近一次定级日起算）；未营业或A、B级为0。D级营业即为红色",
            "Days since a house in business was graded C or D (by its latest grade); 0 if closed or graded A or B. A D in business is red at once",
        ),
        first_action=Text(
            "停止使用、撤离人员、围挡封控，书面告知产权人和经营者，通报发证部门；24小时内系统核查",
            "Stop use, evacuate, fence; written notice to owner and operators, tell the licence departments; checked within 24 hours",
        ),
    ),
    Indicator(
        "SBH-02", "D级危房未撤人", "People in a house graded D",
        per=House, needs=(*STANDS_BY, Evacuation), compute=lived_in, unit="小时",
        inputs=(
            Input("people", "D级房屋内人数", "People in a house graded D", "人"),
            Input("hours", "出具报告后小时数", "Hours since the report", "小时"),
            Input("left", "定级后已撤离人数", "People evacuated since the grade", "人"),
        ),
        levels=Levels(red="people > 0 & hours > 24", orange=Bound("people > 0", "LAW")),
        basis=Basis("LAW", f"《城市危险房屋管理规定》：停止使用、整体拆除（条号待核实）；{_STOP}；24小时为经验值"),
        owner="JSJ", first_within="24h",
        formula=Text(
            "D级房屋台账人数大于0时，自出具报告起的小时数（报告只有日期，次日计24小时）；无人、非D级或已拆除为0。撤离记录只作对照，以台账人数为准",
            "Hours since the report while the list says that people are in a house graded D (a report has a day only: the next day "
            "counts as 24 hours); 0 if empty, not D or pulled down. Evacuations are shown beside it; the list decides",
        ),
        first_action=Text(
            "立即组织撤离并妥善安置，断水断电、围挡封控，落实专人值守；拒不撤离的由区（县）政府依法决定",
            "Evacuate and house the people, cut power and water, fence and guard; where they refuse, the district government decides",
        ),
    ),
    Indicator(
        "SBH-03", "C、D级危房整治逾期", "Rectification overdue",
        per=House, needs=STANDS_BY, compute=rectification_overdue, unit="天",
        inputs=(
            Input("pending", "有应完成的整治", "Rectification pending"),
            Input("left", "距整治期限天数", "Days left until due", "天"),
            Input("age", "定级天数", "Days since the grade", "天"),
        ),
        levels=Levels(red="> 30", orange=">= 1", yellow="pending >= 1 & left <= 15"),
        basis=Basis("PRAC", "经验值：期限前15日提示，逾期30日升级；定级满15日仍无期限的按逾期31日计"), owner="JSJ",
        first_within="5wd",
        formula=Text(
            "C、D级房屋未完成的整治超过期限的天数，多项取最长；定级超过15日仍无整治期限的至少计31日；未到期、已整治、已销号、已拆除或A、B级为0",
            "Days past the due day of a C or D house's rectification, the longest of several; without a due day at least 31 once graded for "
            "more than 15 days; 0 if not due yet, done, crossed off, pulled down or graded A or B",
        ),
        first_action=Text("督办属地，落实资金和方案，5个工作日内答复", "Supervise the district, settle money and plan; reply in 5 working days"),
    ),
)  # fmt: skip
