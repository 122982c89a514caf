"""Whether every house is looked at, as often as it should be, and what was found is closed (SBH-09 to SBH-11, SBH-13)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.indicators.houses import (
    DANGEROUS,
    STANDS_BY,
    after,
    demolished,
    grades,
    in_business,
    known_days,
    of_house,
    total_of,
    worst_of,
)
from domains.self_built_housing.records import Appraisal, Disaster, House, HouseHazard, Patrol, Screening
from pilotwatch.domain import Area, Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, among, days_to, register, subjects, unless_unknown, when

#: Days between patrols, by grade, and of a house of three floors in business where that is shorter (PRAC).
PERIODS = {"D": 3.0, "C": 30.0, "B": 180.0, "A": 365.0}
BUSY_PERIOD, BUSY_FLOORS = 90.0, 3

CLOSED_WITHIN = 365  # days back in which a hazard must have been due
RECHECK_HOURS, RECHECK_SHOWN = 72, 30  # hours for the re-check; days after it that the event is reported on
WEATHER, SEVERE = ("暴雪", "暴雨", "大风"), ("red", "orange")
QUAKE_MAGNITUDE, QUAKE_KM = 4.0, 100.0
OLD_YEARS = 30


def screened(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-09: 1 for a house that was ever screened, else 0."""
    houses = subjects(frames, House, "screen_result", "screened_on")
    seen = houses.index.isin(known_days(frames, Screening, on, "screened_on")["subject_id"])
    told = (houses["screen_result"].notna() | houses["screened_on"].notna()) & ~after(houses["screened_on"], on)
    done = (told | seen).astype("float64")
    return pd.DataFrame({"value": done, "screened": done, "registered": 1.0}, index=houses.index)


def hazards_closed(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-10: of a house's hazards that fell due within a year, or earlier and are open still, the share that was
    closed in time; NaN for a house without one.
    """
    index = subjects(frames, House).index
    rows = known_days(frames, HouseHazard, on, "found_on", "due_on", "closed_on")
    closed = rows["closed_on"].notna() & ~after(rows["closed_on"], on)
    past = rows["due_on"] < pd.Timestamp(on)
    due = past & ((rows["due_on"] >= pd.Timestamp(on) - pd.Timedelta(days=CLOSED_WITHIN)) | ~closed)
    fell_due, in_time = (total_of(rows, m, index) for m in (due, due & closed & (rows["closed_on"] <= rows["due_on"])))
    return pd.DataFrame({"value": (in_time / fell_due).where(fell_due > 0), "in_time": in_time, "due": fell_due})


def patrol_overdue(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-11: days since the last patrol as a share of the period that a house's grade asks for, 0 for one pulled down.

    The period of a C or D begins with its grade at the earliest, and with it where nobody ever came. NaN for another
    house that was never patrolled, and where no period is known.
    """
    graded = grades(frames, on)
    last = worst_of(known_days(frames, Patrol, on, "patrolled_on"), "patrolled_on", graded.index)
    graded_on = graded["graded_on"].where(graded["grade"].isin(DANGEROUS))
    days = -days_to(pd.concat([last, graded_on], axis=1).max(axis=1), on)
    floors = subjects(frames, House, "floors")["floors"]
    busy = in_business(frames) & (floors >= BUSY_FLOORS).astype("boolean").mask(floors.isna())
    by_grade = graded["grade"].map(PERIODS).astype("float64")
    period = by_grade.mask(busy.fillna(False).astype(bool), by_grade.clip(upper=BUSY_PERIOD).fillna(BUSY_PERIOD))
    share = days / period
    told = busy.notna() | (by_grade <= BUSY_PERIOD)  # else the shorter period may be the right one
    gone = demolished(frames, on)
    return pd.DataFrame(
        {"value": unless_unknown(share, share >= 1, told).mask(gone, 0.0), "days": days, "period": period}
    )


# --- after a disaster --------------------------------------------------------------------------------------------


def rechecked(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-13: of the houses on the priority list at the last disaster, 1 for one that was looked at within 72 hours.

    Judged once the 72 hours are over and for 30 days; a look is a patrol, a screening or an appraiser's visit, whose
    days count whole. NaN without such a disaster, and for a house of which nobody knows whether it is on the list.
    """
    houses = subjects(frames, House, "division_code", "structure", "built_year")
    struck = _struck(frames, on, houses["division_code"])
    graded = grades(frames, on)
    year = houses["built_year"]
    priority = (
        among(graded["grade"], DANGEROUS)
        | among(houses["structure"], ("土木(生土)",))
        | (year <= struck.dt.year - OLD_YEARS).astype("boolean").mask(year.isna())
    )
    listed = when(priority & ~demolished(frames, on), 1.0).where(struck.notna())
    visits = ((Patrol, "patrolled_on"), (Screening, "screened_on"), (Appraisal, "onsite_on"))
    looks = pd.concat(
        [known_days(frames, record, on, day).rename(columns={day: "day"}) for record, day in visits], ignore_index=True
    )
    at = of_house(struck, looks)
    end = (at + pd.Timedelta(hours=RECHECK_HOURS)).dt.normalize()
    in_time = looks.loc[(looks["day"] >= at.dt.normalize()) & (looks["day"].dt.normalize() <= end), "subject_id"]
    checked = listed * houses.index.isin(in_time)
    return pd.DataFrame({"value": checked.where(listed > 0), "checked": checked, "listed": listed})


def _struck(frames: Frames, on: date, division: pd.Series) -> pd.Series:
    """When the last disaster struck each house's district that calls for a re-check and is reported on `on`."""
    rows = register(frames, Disaster, "at", "kind", "magnitude", "distance_km", "alert_level", "division_code")
    quake = rows["kind"].eq("地震") & (rows["magnitude"] >= QUAKE_MAGNITUDE) & (rows["distance_km"] <= QUAKE_KM)
    weather = rows["kind"].isin(WEATHER) & rows["alert_level"].isin(SEVERE)
    over = rows["at"] + pd.Timedelta(hours=RECHECK_HOURS)
    midnight = pd.Timestamp(on) + pd.Timedelta(days=1)
    shown = (over <= midnight) & (over > midnight - pd.Timedelta(days=RECHECK_SHOWN))
    struck = pd.Series(pd.NaT, index=division.index, dtype="datetime64[s]")
    for event in rows[(quake | weather) & shown].sort_values("at").itertuples():  # a handful a year
        here = pd.isna(event.division_code) | division.eq(event.division_code).fillna(False).astype(bool)
        struck = struck.mask(here, event.at)
    return struck


COVERAGE = (
    Indicator(
        "SBH-09", "排查覆盖率", "Screening coverage",
        per=House, needs=(House, Screening), compute=screened, levels=None,
        inputs=(Input("screened", "已排查", "Screened", "户"), Input("registered", "在册房屋", "Registered", "户")),
        area=Area(
            "screened", "registered", Levels(red="< 80 %", orange="< 95 %", yellow=Bound("< 100 %", "POL")),
            Basis("POL", "国办发明电〔2022〕10号：全面排查（条文待核实）；80%、95%为经验值"),
            Text("已排查户数 ÷ 在册房屋户数", "Houses screened ÷ houses registered"),
        ),
        basis=Basis("POL", "国办发明电〔2022〕10号：全面排查（条文待核实）"), owner="JSJ", first_within="3wd",
        formula=Text("房屋是否排查过：有排查记录或台账已有初判结论为1，否则0", "1 for a house with a screening or a first judgement on the list, else 0"),
        first_action=Text("向街道下达补查任务，3个工作日内完成", "Order the street to screen the rest within 3 working days"),
    ),
    Indicator(
        "SBH-10", "隐患销号率", "Hazards closed in time",
        per=House, needs=(House, HouseHazard), compute=hazards_closed, levels=None, unit="%",
        inputs=(Input("in_time", "按期销号", "Closed in time", "项"), Input("due", "到期隐患", "Due", "项")),
        area=Area(
            "in_time", "due", Levels(red="< 70 %", orange="< 85 %", yellow="< 95 %"),
            Basis("PRAC", "经验值：70%、85%、95%"),
            Text("按期销号的隐患数 ÷ 近一年到期及更早到期仍未销号的隐患数", "Hazards closed in time ÷ hazards that fell due within a year, or earlier and are open still"),
        ),
        basis=Basis("PRAC", "经验值"), owner="JSJ", first_within="5wd",
        formula=Text(
            "整改期限已过的隐患中按期销号的比例（近一年到期的，以及更早到期仍未销号的）；没有整改期限的不计",
            "Share closed in time of the hazards past their due day (within a year, or earlier and open still); those without a due day don't count",
        ),
        first_action=Text("督办属地，落实资金和方案，5个工作日内答复", "Supervise the district, settle money and plan; reply in 5 working days"),
    ),
    Indicator(
        "SBH-11", "巡查超期", "Patrol overdue",
        per=House, needs=(*STANDS_BY, Patrol), compute=patrol_overdue, unit="倍",
        inputs=(Input("days", "距最近一次巡查天数", "Days since the last patrol", "天"), Input("period", "巡查周期", "Period", "天")),
        levels=Levels(red=">= 2.0", orange=">= 1.5", yellow=">= 1.0"),
        basis=Basis("PRAC", "经验值：D级3日、C级30日、B级180日、A级365日，营业且3层及以上90日"), owner="JSJ", first_within="3wd",
        formula=Text(
            "距最近一次巡查天数 ÷ 巡查周期（D级3日、C级30日、B级180日、A级365日；营业且3层及以上不超过90日）；C、D级最早自定级日起算，已拆除为0",
            "Days since the last patrol ÷ period (D 3 days, C 30, B 180, A 365; at most 90 in business with 3 floors or more); for C and D counted "
            "from the grade at the earliest; 0 for a house pulled down",
        ),
        first_action=Text("向街道下达巡查任务，3个工作日内完成", "Order the street to patrol within 3 working days"),
    ),
    Indicator(
        "SBH-13", "灾害触发复查率", "Re-checks after a disaster",
        per=House, needs=(*STANDS_BY, Patrol, Screening), registers=(Disaster,), compute=rechecked, levels=None,
        inputs=(Input("checked", "72小时内已复查", "Re-checked within 72 hours", "户"), Input("listed", "优先复查房屋", "On the priority list", "户")),
        area=Area(
            "checked", "listed", Levels(red="< 60 %", orange="< 90 %", yellow="< 100 %"),
            Basis("PRAC", "经验值：60%、90%、100%"),
            Text("72小时内已复查户数 ÷ 优先复查户数（C、D级、土木结构或建成30年及以上）", "Re-checked within 72 hours ÷ houses on the priority list (C, D, earth and timber, 30 years or older)"),
        ),
        basis=Basis("PRAC", "经验值：4.0级以上且100公里内地震，暴雪、暴雨、大风红色或橙色预警后72小时"), owner="YJJ", first_within="72h",
        formula=Text(
            "最近一次灾害（4.0级及以上且震中距100公里以内的地震，暴雪、暴雨、大风红色或橙色预警）后72小时内，优先复查房屋是否有巡查、排查或现场鉴定记录；满72小时起30日内列示",
            "Whether a house on the priority list was patrolled, screened or visited by appraisers within 72 hours of the last disaster (an earthquake of "
            "4.0 or more within 100 km; a red or orange alert of heavy snow, rainstorm or gale); shown for 30 days after the 72 hours",
        ),
        first_action=Text("下达复查清单，72小时内逐户复查并反馈", "Send out the list; every house re-checked and reported within 72 hours"),
    ),
)  # fmt: skip
