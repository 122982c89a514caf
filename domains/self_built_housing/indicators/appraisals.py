"""Appraisals that are missing, worthless or running out, and the companies that make them (SBH-04 to SBH-06, SBH-14)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.indicators.houses import (
    DANGEROUS,
    GRADED_BY,
    SOUND,
    STANDS_BY,
    after,
    demolished,
    grades,
    in_business,
)
from domains.self_built_housing.records import Appraisal, Appraiser, House, Screening
from pilotwatch.domain import Area, Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, among, days_to, latest, register, subjects, table, when

SERIOUS = "存在严重安全隐患"

#: Days back: within which an appraiser's busiest day is looked for, and within which a re-check speaks of a report.
BUSY_WITHIN, RECHECK_WITHIN = 90, 365


def serious_unappraised(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-04: days since the last screening of a house found serious danger while no appraisal followed, else 0.

    NaN where it was never screened, or where it is serious and nobody knows since when.
    """
    houses = subjects(frames, House, "screen_result", "screened_on")
    listed = houses.reset_index().rename(columns={"screen_result": "result"})
    rows = pd.concat([listed, table(frames, Screening, "result", "screened_on")], ignore_index=True)
    rows = rows[rows["result"].notna() & ~after(rows["screened_on"], on)]
    last = latest(rows, "screened_on", "subject_id").set_index("subject_id").reindex(houses.index)
    graded = grades(frames, on)
    appraised = graded["grade"].notna() & ~(graded["graded_on"] < last["screened_on"])
    serious = among(last["result"], (SERIOUS,))
    days = -days_to(last["screened_on"], on)
    waiting = serious & ~appraised & ~demolished(frames, on)
    return pd.DataFrame(
        {
            "value": when(waiting, days),
            "serious": when(serious, 1.0),
            "appraised": appraised.astype("float64"),
            "days": days,
        }
    )


def business_without_appraisal(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-05: 1 for a house in business without a valid appraisal of grade A or B, else 0; NaN where nobody knows
    whether it is in business.
    """
    houses = subjects(frames, House, "floors", "occupants")
    graded, open_ = grades(frames, on), in_business(frames)
    good = graded["grade"].isin(SOUND) & ~(graded["valid_until"] < pd.Timestamp(on))
    lacking = when(open_ & ~good, 1.0)
    return pd.DataFrame(
        {
            "value": lacking,
            "lacking": lacking,
            "operating": when(open_, 1.0),
            "floors": houses["floors"],
            "people": houses["occupants"],
        }
    )


def appraisal_expiring(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-06: days until the appraisal in force runs out, negative after that; NaN where nobody knows when it does."""
    graded = grades(frames, on)
    return pd.DataFrame(
        {
            "value": days_to(graded["valid_until"], on),
            "standing": (~demolished(frames, on)).astype("float64"),
            "age": -days_to(graded["graded_on"], on),
        }
    )


# --- the appraisers ----------------------------------------------------------------------------------------------


def careless_appraiser(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-14: the most reports that a company dated one day, and how often a re-check overturned its A and B.

    NaN for a company of which no report is known; its share is NaN where none of its A and B was checked again.
    """
    firms = subjects(frames, Appraiser, "uscc", "name")
    reports = _of_firms(frames, on, firms)
    at = firms.index
    lately = reports[reports["reported_on"] > pd.Timestamp(on) - pd.Timedelta(days=BUSY_WITHIN)]
    peak = lately.groupby(["firm", "reported_on"]).size().groupby(level="firm").max().reindex(at, fill_value=0)
    again = _rechecks(reports, on)
    rechecked = again.groupby("firm").size().reindex(at, fill_value=0)
    overturned = again[again["grade"].isin(DANGEROUS)].groupby("firm").size().reindex(at, fill_value=0)
    measured = lately[(lately["tilt_pct"] + lately["crack_mm"]) > 0]
    same = measured[measured.duplicated(["firm", "tilt_pct", "crack_mm"], keep=False)]
    return pd.DataFrame(
        {
            "value": peak.astype("float64").where(at.isin(reports["firm"])),
            "rechecked": rechecked.astype("float64"),
            "overturned": overturned.astype("float64"),
            "share": (overturned / rechecked).where(rechecked > 0),
            "identical": same.groupby("firm").size().reindex(at, fill_value=0)
            / measured.groupby("firm").size().reindex(at),
        },
        index=at,
    )


def _of_firms(frames: Frames, on: date, firms: pd.DataFrame) -> pd.DataFrame:
    """The reports known by `on` with the `firm` that made each: by its code, else by its name where only one has it."""
    fields = ("reported_on", "appraiser_uscc", "appraiser", "kind", "grade", "tilt_pct", "crack_mm")
    rows = register(frames, Appraisal, *fields)
    rows = rows[rows["reported_on"].notna() & ~after(rows["reported_on"], on)]
    coded = firms.dropna(subset="uscc").drop_duplicates("uscc")
    named = firms.dropna(subset="name").drop_duplicates("name", keep=False)
    by_code = pd.Series(coded.index, index=coded["uscc"]).reindex(rows["appraiser_uscc"]).array
    by_name = pd.Series(named.index, index=named["name"]).reindex(rows["appraiser"]).array
    return rows.assign(firm=pd.Series(by_code, rows.index).where(pd.notna(by_code), pd.Series(by_name, rows.index)))


def _rechecks(reports: pd.DataFrame, on: date) -> pd.DataFrame:
    """The re-checks of the last year of an A or B given in the year before, with the `grade` found and the `firm` that
    had given it.
    """
    rows = reports.sort_values(["subject_id", "reported_on"], kind="stable")
    first = rows.groupby("subject_id")[["firm", "grade", "reported_on"]].shift()
    year = pd.Timedelta(days=RECHECK_WITHIN)
    told = rows["kind"].eq("复核") & first["grade"].isin(SOUND) & (rows["reported_on"] - first["reported_on"] <= year)
    recent = rows["reported_on"] > pd.Timestamp(on) - year
    return pd.DataFrame({"firm": first["firm"], "grade": rows["grade"]})[(told & recent).fillna(False).astype(bool)]


_CERTIFICATE = "国办发明电〔2022〕10号：经营性自建房应当取得房屋安全鉴定合格证明（条文待核实）"

APPRAISALS = (
    Indicator(
        "SBH-04", "严重隐患未鉴定", "Serious danger not appraised",
        per=House, needs=(*STANDS_BY, Screening), compute=serious_unappraised, unit="天",
        inputs=(
            Input("serious", "初判存在严重安全隐患", "Screened as serious"), Input("appraised", "其后已鉴定", "Appraised since"),
            Input("days", "初判后天数", "Days since the screening", "天"),
        ),
        levels=Levels(red="> 60", orange="> 30", yellow="> 15"),
        basis=Basis("POL", "国办发明电〔2022〕10号：存在严重安全隐患的应当鉴定（条文待核实）；天数为经验值"), owner="FGJ", first_within="15d",
        formula=Text(
            "最近一次初判为存在严重安全隐患而其后未鉴定的天数；已鉴定、非严重或已拆除为0",
            "Days since the last screening found serious danger without an appraisal after it; 0 if appraised, not serious or pulled down",
        ),
        first_action=Text("责令15日内委托鉴定，鉴定前停止使用", "Order an appraisal within 15 days; stop use until then"),
    ),
    Indicator(
        "SBH-05", "经营房无合格鉴定", "Business without a valid appraisal",
        per=House, needs=GRADED_BY, compute=business_without_appraisal,
        inputs=(
            Input("lacking", "营业而无合格鉴定", "In business without a valid A or B"), Input("operating", "营业", "In business"),
            Input("floors", "地上层数", "Floors", "层"), Input("people", "居住（使用）人数", "People", "人"),
        ),
        levels=Levels(
            red=Bound("lacking >= 1 & (floors >= 3 | people >= 10)", "POL"), orange=Bound("lacking >= 1", "POL")
        ),
        area=Area(
            "lacking", "operating", Levels(red=">= 10 %", orange=">= 5 %", yellow=">= 1 %"),
            Basis("PRAC", "经验值：10%、5%、1%"),
            Text("营业而无合格鉴定的户数 ÷ 营业户数", "Houses in business without a valid appraisal ÷ houses in business"),
        ),
        basis=Basis("POL", f"{_CERTIFICATE}；A、B级未注明有效期的按5年（经验值）"), owner="FGJ", first_within="15d",
        formula=Text(
            "营业房屋无鉴定、鉴定已过期或非A、B级记1，否则0；3层及以上或10人及以上为红色",
            "1 for a house in business without an appraisal, with an expired one or not graded A or B, else 0; red with 3 floors or 10 people",
        ),
        first_action=Text(
            "责令15日内委托鉴定，会同市场监管、公安、消防联合检查",
            "Order an appraisal within 15 days; joint check with market regulation, police and fire",
        ),
    ),
    Indicator(
        "SBH-06", "鉴定报告到期", "Appraisal running out",
        per=House, needs=STANDS_BY, compute=appraisal_expiring, unit="天",
        inputs=(Input("standing", "房屋未拆除", "The house stands"), Input("age", "定级天数", "Days since the grade", "天")),
        levels=Levels(
            red="value < 0 & standing >= 1", orange="value <= 30 & standing >= 1", yellow="value <= 90 & standing >= 1"
        ),
        basis=Basis("PRAC", "经验值：A、B级5年，观察使用的C级1年；到期前30日、90日提示"), owner="FGJ", first_within="15d",
        formula=Text(
            "距鉴定有效期截止日的天数，过期为负；报告未注明的，A、B级按出具之日起5年，观察使用的C级按1年",
            "Days to the end of the appraisal's validity, negative after it; where the report gives none, 5 years for A and B and 1 for a C under observation",
        ),
        first_action=Text("通知15日内委托重新鉴定，经营性房屋会同发证部门督促", "Have it appraised anew within 15 days, with the licence departments where it is in business"),
    ),
)  # fmt: skip

APPRAISERS = (
    Indicator(
        "SBH-14", "鉴定机构异常", "Appraiser out of the ordinary",
        per=Appraiser, needs=(Appraiser,), registers=(Appraisal,), compute=careless_appraiser, unit="份",
        inputs=(
            Input("rechecked", "一年内被复核的A、B级报告", "A and B reports checked again within a year", "份"),
            Input("overturned", "其中改为C、D级", "Of them changed to C or D", "份"),
            Input("share", "复核改判比例", "Share overturned", "%"),
            Input("identical", "近90日倾斜与裂缝读数雷同的报告比例", "Share of reports of 90 days with the same tilt and crack", "%"),
        ),
        levels=Levels(
            red="value >= 15 | share >= 20 %", orange="value >= 10 | share >= 10 %", yellow="value >= 8"
        ),
        basis=Basis("PRAC", "经验值：单日8、10、15份，复核改判10%、20%；雷同比例仅供参考"), owner="JSJ", first_within="10wd",
        formula=Text(
            "近90日内单日出具报告的最多份数；近一年内复核将一年内出具的A、B级改为C、D级的比例 = 改判份数 ÷ 复核份数，没有复核的比例未知",
            "The most reports dated one day within 90 days; share of A and B, re-checked within the last year and a year of the report, that became "
            "C or D = overturned ÷ re-checked, unknown without a re-check",
        ),
        first_action=Text(
            "10个工作日内抽取报告复核鉴定，核查期间暂停采信；涉嫌提供虚假证明文件的移送",
            "Re-appraise a sample within 10 working days, accept no reports meanwhile; refer suspected false documents to the police",
        ),
    ),
)  # fmt: skip
