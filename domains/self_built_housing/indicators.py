"""What warns of a self-built house (domain-rules A.2.5). Each function: frames in, a value per house out.

Rows dated after `on` were not there yet.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.records import Appraisal, House, Rectification, Screening
from pilotwatch.domain import Basis, Indicator, Levels, Text
from pilotwatch.frames import Frames, among, days_to, latest, subjects, table, when

SERIOUS = "存在严重安全隐患"
#: Days of grace that a C house in use has before it is red, and days before a due date at which the reminder begins.
GRACE = 15


def _grades(frames: Frames, on: date) -> pd.DataFrame:
    """The grade in force of each house: `grade`, `graded_on`, `valid_until` by the latest appraisal, of the appraisals
    reported and of what the list of houses says; empty where none is known. Without an end of its own, A and B hold
    five years (PRAC).
    """
    houses = subjects(frames, House, "grade", "appraised_on", "valid_until")
    listed = houses.reset_index().rename(columns={"appraised_on": "graded_on"})
    reports = table(frames, Appraisal, "grade", "reported_on", "valid_until").rename(
        columns={"reported_on": "graded_on"}
    )
    rows = pd.concat([listed[listed["grade"].notna()], reports[reports["grade"].notna()]], ignore_index=True)
    rows = rows[~(rows["graded_on"] > pd.Timestamp(on))]
    found = latest(rows, "graded_on", "subject_id").set_index("subject_id").reindex(houses.index)
    five_years = found["graded_on"] + pd.DateOffset(years=5)
    return found.assign(valid_until=found["valid_until"].fillna(five_years))


def _in_business(frames: Frames) -> pd.Series:
    """Whether a house is open for business; a house that isn't for business needs no state of business to say no."""
    houses = subjects(frames, House, "operating", "use_kind")
    return among(houses["operating"], ("营业",)).fillna(_known_not(houses["use_kind"], "其他自建房"))


def _known_not(column: pd.Series, value: str) -> pd.Series:
    """False where the column has the value, else unknown."""
    return pd.Series(pd.NA, index=column.index, dtype="boolean").mask(column.eq(value).fillna(False), False)


def dangerous_in_use(frames: Frames, on: date) -> pd.Series:
    """SBH-01: days that a house graded C or D has been open since, the day of the grade counted as the first.

    D has no grace: 16 days are added, so that its first day is as bad as a C house's seventeenth. 0 for a house that is
    closed or graded A or B; NaN where that is unknown, or the date of a C is.
    """
    grades = _grades(frames, on)
    days = 1 - days_to(grades["graded_on"], on)
    beyond = days.where(grades["grade"] != "D", days.fillna(1) + GRACE + 1)
    return when(among(grades["grade"], ("C", "D")) & _in_business(frames), beyond)


def rectification_overdue(frames: Frames, on: date) -> pd.Series:
    """SBH-03: days since the reminder for a C or D house's rectification began, which is 15 days before it is due.

    So 1–16 are 15 to 0 days left, 17–46 are 1 to 30 days overdue, 47 and more are beyond. A house without a due date
    counts as 31 days overdue once it has been graded for more than 15 days. 0 where nothing is due yet, the house is
    graded A or B, or its rectification is done; NaN where the grade is unknown, or its date where it decides.
    """
    grades = _grades(frames, on)
    age = -days_to(grades["graded_on"], on)
    undated = when((age > GRACE).astype("boolean").mask(age.isna()), GRACE + 1 + 31)
    due, answered = _works(frames, on, grades["graded_on"], undated)
    over = answered | subjects(frames, House, "rectify_status")["rectify_status"].isin(("已整治", "已销号"))
    return when(among(grades["grade"], ("C", "D")), due.fillna(undated.mask(over, 0.0)))


def _works(frames: Frames, on: date, graded_on: pd.Series, undated: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Per house: the days of its worst open rectification (`undated` where it has no due date), NaN without an open
    one; and whether one was done. Work done before the house was graded anew doesn't answer to the new grade.
    """
    rows = table(frames, Rectification, "plan_on", "due_on", "done_on")
    rows = rows[~(rows["plan_on"] > pd.Timestamp(on))].set_index("subject_id")
    rows = rows[rows.index.isin(graded_on.index)]
    done = rows["done_on"] <= pd.Timestamp(on)
    since = (GRACE + 1 - days_to(rows["due_on"], on)).clip(lower=0).fillna(undated.reindex(rows.index))
    answers = done & ~(rows["done_on"] < graded_on.reindex(rows.index))
    worst = since[~done].groupby(level=0).max()
    return worst.reindex(graded_on.index), pd.Series(graded_on.index.isin(rows.index[answers]), index=graded_on.index)


def serious_unappraised(frames: Frames, on: date) -> pd.Series:
    """SBH-04: days since a house was screened as seriously dangerous while no appraisal followed; else 0.

    NaN where it was never screened, or where it is serious and nobody knows since when.
    """
    houses = subjects(frames, House, "screen_result", "screened_on")
    listed = houses.reset_index().rename(columns={"screen_result": "result"})
    rows = pd.concat([listed, table(frames, Screening, "result", "screened_on")], ignore_index=True)
    rows = rows[rows["result"].notna() & ~(rows["screened_on"] > pd.Timestamp(on))]
    last = latest(rows, "screened_on", "subject_id").set_index("subject_id").reindex(houses.index)
    grades = _grades(frames, on)
    followed = grades["grade"].notna() & ~(grades["graded_on"] < last["screened_on"])
    serious = among(last["result"], (SERIOUS,))
    return when(serious & ~followed.astype("boolean"), -days_to(last["screened_on"], on))


def business_without_appraisal(frames: Frames, on: date) -> pd.Series:
    """SBH-05: 2 for a house in business without a valid grade A or B that has 3 floors or 10 people, 1 for another such
    house, 0 where it has the grade or is not in business; NaN where nobody knows whether it is.
    """
    houses = subjects(frames, House, "floors", "occupants")
    grades = _grades(frames, on)
    good = grades["grade"].isin(("A", "B")) & ~(grades["valid_until"] < pd.Timestamp(on))
    large = (houses["floors"] >= 3) | (houses["occupants"] >= 10)
    return when(_in_business(frames) & ~good.astype("boolean"), 1.0 + large)


INDICATORS = (
    Indicator(
        "SBH-01", "C、D级危房仍营业", "Dangerous house in business",
        per=House, needs=(House, Appraisal), compute=dangerous_in_use, unit="天",
        levels=Levels(red="> 16", orange="> 0"),
        basis=Basis("POL", "国办发明电〔2022〕10号：危险经营性自建房停止使用；C级15日为经验值"), owner="JSJ",
        formula=Text(
            "鉴定为C级后仍营业的天数（当日为第1天，即满15日为16）；D级无宽限，天数另加16；已停业或A、B级为0",
            "Days in business since grade C (its day is day 1, so 15 days later is 16); D has no grace and 16 more; 0 if closed or A or B",
        ),
        first_action=Text("停止使用、撤离人员、围挡封控，通知产权人和经营者及发证部门", "Stop use, evacuate, fence; tell owner, operators and licence departments"),
    ),
    Indicator(
        "SBH-03", "C、D级整治逾期", "Rectification overdue",
        per=House, needs=(House, Appraisal, Rectification), compute=rectification_overdue, unit="天",
        levels=Levels(red="> 46", orange="> 16", yellow="> 0"),
        basis=Basis("PRAC", "经验值：期限前15日提示，逾期30日升级"), owner="JSJ",
        formula=Text(
            "C、D级房屋自整治期限前15日起算的天数（1–16为期限内，17–46为逾期1–30日）；定级满15日仍无期限的按逾期31日计",
            "Days since 15 days before a C or D house's rectification is due (1–16 still in time, 17–46 overdue by 1–30); "
            "without a due date 15 days after the grade it counts as 31 overdue",
        ),
        first_action=Text("督办，落实资金和方案（5个工作日内答复）", "Supervise, money and plan; reply in 5 working days"),
    ),
    Indicator(
        "SBH-04", "严重隐患未鉴定", "Serious danger not appraised",
        per=House, needs=(House, Screening, Appraisal), compute=serious_unappraised, unit="天",
        levels=Levels(red="> 60", orange="> 30", yellow="> 15"),
        basis=Basis("POL", "国办发明电〔2022〕10号：存在严重安全隐患的应当鉴定；天数为经验值"), owner="FGJ",
        formula=Text("初判存在严重安全隐患后未鉴定的天数；已鉴定或非严重为0", "Days since a screening found serious danger without an appraisal after it; else 0"),
        first_action=Text("责令委托鉴定（15日内），先停止使用", "Order an appraisal within 15 days; stop use at once"),
    ),
    Indicator(
        "SBH-05", "经营房无合格鉴定", "Business without a good appraisal",
        per=House, needs=(House, Appraisal), compute=business_without_appraisal,
        levels=Levels(red=">= 2", orange=">= 1"),
        basis=Basis("POL", "国办发明电〔2022〕10号：经营性自建房应取得房屋安全鉴定合格证明；A、B级有效期5年为经验值"), owner="FGJ",
        formula=Text(
            "营业房屋无鉴定、鉴定过期或非A、B级记1，其中3层以上或10人以上记2；否则0",
            "1 for a house in business without an appraisal, with an expired one or not graded A or B; 2 with 3 floors or 10 people; else 0",
        ),
        first_action=Text("责令鉴定，会同市场监管、公安、消防联合检查", "Order an appraisal; joint check with market regulation, police and fire"),
    ),
)  # fmt: skip
