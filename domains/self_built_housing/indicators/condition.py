"""What is wrong with the house itself: altered without leave, moving, or a trap in a fire (SBH-07, SBH-08, SBH-12)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.self_built_housing.indicators.houses import after, has, known_days, of_house, total_of, worst_of
from domains.self_built_housing.records import House, HouseHazard, MonitorReading
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, among, days_to, subjects, unless_unknown, when

# --- SBH-07 ------------------------------------------------------------------------------------------------------

WALL, FLOOR = "拆改承重墙", "加层"


def alterations_open(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-07: how many illegal alterations of a house are open, by the hazards of that kind.

    A load-bearing wall that the list says is cut counts as one where no such hazard was ever recorded. NaN where the
    list says nothing about alterations, or another one about which no hazard says whether it is illegal.
    """
    listed = subjects(frames, House, "alteration")["alteration"]
    rows = known_days(frames, HouseHazard, on, "found_on", "kind", "alteration", "closed_on")
    rows = rows[rows["kind"].eq("改扩建").astype(bool)]
    kind = rows["alteration"].fillna(of_house(_worst_listed(listed), rows))
    rows = rows.assign(kind=kind, days=-days_to(rows["found_on"], on))
    open_ = rows[rows["closed_on"].isna() | after(rows["closed_on"], on)]
    index = listed.index
    recorded = pd.Series(index.isin(rows["subject_id"]), index=index)
    told = has(listed, WALL).fillna(False).astype(bool) & ~recorded
    known = recorded | told | has(listed, "无").fillna(False).astype(bool)
    added = open_[open_["kind"].eq(FLOOR).astype(bool)]
    numbers = {
        "walls": total_of(open_, open_["kind"].eq(WALL), index) + told,
        "added": total_of(added, added["kind"].notna(), index),
        "items": total_of(open_, open_["found_on"].notna(), index) + told,
        "added_days": worst_of(added, "days", index).fillna(0.0),
        "days": worst_of(open_, "days", index),
    }
    found = pd.DataFrame(numbers, index=index)
    found.loc[~known, ["walls", "added", "items", "added_days"]] = np.nan
    return found.assign(value=found["items"])


def _worst_listed(listed: pd.Series) -> pd.Series:
    """The gravest alteration that the list of houses names, for a hazard that doesn't say which it is."""
    return pd.Series(
        np.select([has(listed, kind).fillna(False).astype(bool) for kind in (WALL, FLOOR)], [WALL, FLOOR], "其他"),
        index=listed.index,
    )


# --- SBH-08 ------------------------------------------------------------------------------------------------------

#: JGJ 125-2016 cl. 4.2.1, to be checked against the official text.
SETTLEMENT_MM_A_MONTH, CRACK_MM, CRACK_NEEDS_TILT = 4.0, 10.0, 10.0
TILT_LIMIT, TILT_LIMIT_FROM_3_FLOORS = 30.0, 20.0  # ‰
MASONRY = ("砖混", "砖木", "石结构", "底框", "混杂")

MONTH = 30  # days over which settlement is measured, twice
CURRENT = 62  # days after which a sensor's last reading says nothing about today
WATCHED = 0.5  # of the limit: below it an unknown sensor might be the worse one


def sensors_over_limit(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-08: the worst of settlement, tilt and crack as a share of its limit; NaN for a house without sensors.

    A kind of sensor that a house doesn't have isn't asked for; one that has nothing current to say is unknown, and then
    the worst of the others stands only where it is bad enough.
    """
    houses = subjects(frames, House, "floors", "structure")
    rows = known_days(frames, MonitorReading, on, "read_at", "sensor_id", "kind", "value")
    index, limit = houses.index, when(_at_least(houses["floors"], 3), TILT_LIMIT_FROM_3_FLOORS, TILT_LIMIT)
    settling = worst_of(_pace(rows[rows["kind"].eq("沉降").astype(bool)], on), "pace", index)
    tilt = worst_of(_newest(rows[rows["kind"].eq("倾斜").astype(bool)], on), "value", index)
    crack = worst_of(_newest(rows[rows["kind"].eq("裂缝").astype(bool)], on), "value", index)
    masonry = among(houses["structure"], MASONRY)
    leaning = (tilt > CRACK_NEEDS_TILT).astype("boolean").mask(tilt.isna())
    parts = pd.DataFrame(
        {
            "沉降": settling / SETTLEMENT_MM_A_MONTH,
            "倾斜": tilt / limit,
            "裂缝": when(masonry & leaning, crack / CRACK_MM).where(crack.notna()),
        }
    )
    has_sensor = pd.DataFrame({kind: index.isin(rows.loc[rows["kind"].eq(kind), "subject_id"]) for kind in parts})
    complete = (parts.notna().to_numpy() | ~has_sensor.to_numpy()).all(axis=1)
    worst = parts.max(axis=1)
    return pd.DataFrame(
        {
            "value": unless_unknown(worst, worst >= WATCHED, pd.Series(complete, index=index)),
            "settlement": settling,
            "tilt": tilt,
            "tilt_limit": limit,
            "crack": crack,
        }
    )


def _at_least(numbers: pd.Series, least: float) -> pd.Series:
    return (numbers >= least).astype("boolean").mask(numbers.isna())


def _newest(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """The last reading of each sensor without its sign; NaN where it isn't current."""
    last = rows.sort_values("read_at", kind="stable").drop_duplicates(["subject_id", "sensor_id"], keep="last")
    current = last["read_at"] > pd.Timestamp(on) - pd.Timedelta(days=CURRENT)
    return last.assign(value=last["value"].abs().where(current))


def _pace(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """Each settlement sensor's `pace` in mm a month: the smaller of its last two months' change, 0 where they went
    opposite ways; NaN where it isn't current or has less than two months of readings.

    Months are 30 days back from the last reading, between readings by linear interpolation.
    """
    rows = rows.dropna(subset=["value"]).sort_values(["subject_id", "sensor_id", "read_at"])
    sensor = rows.groupby(["subject_id", "sensor_id"], sort=False).ngroup().to_numpy()
    if not len(rows):
        return pd.DataFrame({"subject_id": rows["subject_id"], "pace": pd.Series(dtype="float64")})
    day = (rows["read_at"] - rows["read_at"].min()).dt.total_seconds().to_numpy() / 86_400
    at = sensor * (day.max() + 3 * MONTH) + day  # one axis for all sensors, too far apart to touch
    last = np.flatnonzero(np.append(sensor[1:] != sensor[:-1], True))
    first = np.append(0, last[:-1] + 1)
    value = rows["value"].to_numpy()
    now, one, two = value[last], *(np.interp(at[last] - back, at, value) for back in (MONTH, 2 * MONTH))
    lately, before = now - one, one - two
    pace = np.where(lately * before > 0, np.minimum(np.abs(lately), np.abs(before)), 0.0)
    known = (day[last] - day[first] >= 2 * MONTH) & (
        rows["read_at"].to_numpy()[last] > np.datetime64(on) - np.timedelta64(CURRENT, "D")
    )
    return pd.DataFrame({"subject_id": rows["subject_id"].to_numpy()[last], "pace": np.where(known, pace, np.nan)})


# --- SBH-12 ------------------------------------------------------------------------------------------------------

LODGING = ("民宿宾馆", "出租居住(≥10人)")
MANY = 10


def fire_defects(frames: Frames, on: date) -> pd.DataFrame:
    """SBH-12: how many of three fire defects a house with lodgers has: one exit for 10 people or more, barred windows,
    e-bikes indoors. What is known of them where some aren't; NaN where none is known of and not all three are known.
    """
    houses = subjects(
        frames, House, "business_kinds", "use_kind", "operating", "exits", "occupants", "barred_windows", "ebike_inside",
        "floors", "sleepers_above",
    )  # fmt: skip
    lodging = _lodging(houses)
    one_exit = ~_at_least(houses["exits"], 2) & _at_least(houses["occupants"], MANY)
    defects = pd.DataFrame(
        {name: when(lodging & c, 1.0) for name, c in
         {"exit": one_exit, "barred": houses["barred_windows"], "ebike": houses["ebike_inside"]}.items()}
    )  # fmt: skip
    count = defects.sum(axis=1)
    return pd.DataFrame(
        {
            "value": unless_unknown(count, count >= 1, defects.notna().all(axis=1)),
            "lodging": when(lodging, 1.0),
            **defects,
            "exits": houses["exits"],
            "people": houses["occupants"],
            "sleepers": _sleepers_above(houses),
        }
    )


def _lodging(houses: pd.DataFrame) -> pd.Series:
    """Whether people lodge in a house; where the businesses aren't listed, not in one that isn't for business or shut."""
    kinds = has(houses["business_kinds"], *LODGING)
    not_for_it = houses["use_kind"].eq("其他自建房").fillna(False).astype(bool)
    shut = houses["operating"].isin(("停用", "空置"))
    return kinds.mask(kinds.isna() & not_for_it, False).mask(shut, False)


def _sleepers_above(houses: pd.DataFrame) -> pd.Series:
    """People who sleep above the second floor; where nobody counted them, none in a house of two floors, and no more
    than there are people where that decides.
    """
    people = houses["occupants"].where(houses["occupants"] < MANY)
    return houses["sleepers_above"].fillna(people.mask(houses["floors"] <= 2, 0.0))


CONDITION = (
    Indicator(
        "SBH-07", "违规改扩建未处置", "Illegal alteration not dealt with",
        per=House, needs=(House, HouseHazard), compute=alterations_open, unit="项",
        inputs=(
            Input("walls", "拆改承重墙", "Load-bearing walls cut", "项"), Input("added", "加层", "Floors added", "项"),
            Input("added_days", "加层未处置天数", "Days that an added floor is open", "天"), Input("items", "未处置合计", "All that are open", "项"),
            Input("days", "最长未处置天数", "Days that the oldest is open", "天"),
        ),
        levels=Levels(
            red="walls >= 1 | added_days > 30", orange=Bound("added >= 1", "LAW"), yellow=Bound("items >= 1", "LAW")
        ),
        basis=Basis("LAW", "《建设工程质量管理条例》第六十九条、《城乡规划法》第六十四至六十五条（条文待核实）；30日为经验值"),
        owner="CGJ", first_within="15wd",
        formula=Text(
            "类别为改扩建而未销号的隐患项数；未注明改扩建类型的按房屋台账取最重者；台账列明拆改承重墙而从无隐患记录的计1项。"
            "拆改承重墙或加层超过30日为红色，加层30日以内为橙色，其他为黄色",
            "Hazards of the kind “alterations” that aren't closed; one that doesn't say which is taken as the gravest that the list of houses "
            "names, and a load-bearing wall listed as cut without any such hazard counts as one. Red with a wall cut or a floor added "
            "for more than 30 days, orange with one added for less, yellow with another",
        ),
        first_action=Text(
            "下达停工、停用通知；15个工作日内核查并决定是否立案，涉及结构安全的先鉴定",
            "Order work and use to stop; check and decide on a case within 15 working days; appraise first where the structure is touched",
        ),
    ),
    Indicator(
        "SBH-08", "监测超限", "Sensor beyond its limit",
        per=House, needs=(House, MonitorReading), compute=sensors_over_limit,
        inputs=(
            Input("settlement", "沉降速率（近两个月较小者）", "Settlement, the smaller of two months", "mm/月"),
            Input("tilt", "倾斜", "Tilt", "‰"), Input("tilt_limit", "倾斜限值", "Limit of the tilt", "‰"), Input("crack", "最大裂缝", "Widest crack", "mm"),
        ),
        levels=Levels(red=Bound(">= 1.00", "STD"), orange=">= 0.75", yellow=">= 0.50"),
        basis=Basis("STD", "《危险房屋鉴定标准》JGJ 125-2016 第4.2.1条（数值待核实）；0.75、0.50为经验值"),
        owner="JSJ", first_within="24h",
        formula=Text(
            "取最大值：沉降速率（近两个30日均达到的毫米数）÷ 4；倾斜 ÷ 限值（2层及以下30‰，3层及以上20‰）；"
            "砌体房屋倾斜超过10‰时最大裂缝 ÷ 10毫米（是否地基变形引起由专家现场认定）。62日内无读数的传感器视为未知",
            "The worst of: settlement in mm, reached in each of the last two 30 days, ÷ 4; tilt ÷ its limit (30 ‰ up to 2 floors, 20 ‰ from 3); "
            "in masonry that leans by more than 10 ‰ the widest crack ÷ 10 mm (an expert tells on site whether the ground causes it). "
            "A sensor without a reading for 62 days is unknown",
        ),
        first_action=Text(
            "专家到场核查：红色2小时内并立即撤离人员，橙色24小时内",
            "An expert on site: within 2 hours and evacuate when red, within 24 hours when orange",
        ),
    ),
    Indicator(
        "SBH-12", "出租、人员密集房屋消防隐患", "Fire defects where people lodge",
        per=House, needs=(House,), compute=fire_defects, unit="项",
        inputs=(
            Input("lodging", "住宿、出租", "People lodge there"), Input("exit", "10人及以上不足2个出口", "One exit for 10 people or more"),
            Input("barred", "防盗网封窗", "Barred windows"), Input("ebike", "电动车室内停放", "E-bikes indoors"),
            Input("exits", "疏散出口数", "Exits", "个"), Input("people", "居住（使用）人数", "People", "人"),
            Input("sleepers", "三层及以上住宿人数", "People sleeping above the second floor", "人"),
        ),
        levels=Levels(
            red="value >= 3 | lodging >= 1 & exits <= 1 & sleepers >= 10", orange=">= 2", yellow=Bound(">= 1", "LAW")
        ),
        basis=Basis("LAW", "《消防法》关于疏散通道、安全出口和用火用电的规定（条号待核实）；项数为经验值"), owner="XFJY",
        formula=Text(
            "住宿、出租房屋的消防隐患项数：10人及以上而疏散出口不足2个、防盗网封窗、电动车室内停放；只有1个出口而三层及以上住宿10人及以上的为红色；已停用、空置或非住宿为0",
            "Fire defects of a house where people lodge: fewer than 2 exits for 10 people or more, barred windows, e-bikes indoors; red with "
            "one exit and 10 people sleeping above the second floor; 0 for a house that is shut, empty or without lodgers",
        ),
        first_action=Text(
            "责令立即排除：打通出口、拆除封窗、清出电动车，按消防通知书期限复查；拒不改正的依法临时查封",
            "Order it removed at once: open the exits and windows, take the e-bikes out; re-check as the fire notice says; else seal it",
        ),
    ),
)  # fmt: skip
