"""A synthetic city's self-built houses: how they were screened, appraised, patrolled, repaired and crossed off.

Planted: `hot_street`, three streets where dangerous houses (grades C and D) stay open for business, close together;
each such house is named as `dangerous_operating`. Elsewhere dangerous houses are few and mostly out of use.
`monitor_alarm` houses lean or crack beyond the limit of JGJ 125-2016.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.sampling import (
    City,
    Days,
    Practice,
    at_office_hours,
    lists,
    numbered,
    pick,
    pick_by,
    supervise,
    where,
    years_of,
)

HOUSES = 20_000
HOT_STREETS, HOT_HOUSES = 3, 45  # streets, and dangerous open houses in each
ALARMS = 4
FIRST_NUMBER = 100_001  # of house numbers: above those of the workbooks to try the upload with

_AREAS = {
    "urban": {"城市建成区": 0.3, "城中村": 0.3, "城乡接合部": 0.16, "拆迁安置区": 0.05, "学校周边": 0.05, "医院周边": 0.03, "商贸市场周边": 0.08, "其他": 0.03},
    "rural": {"建制镇": 0.35, "集镇": 0.3, "城乡接合部": 0.25, "工业园区": 0.06, "其他": 0.04},
}  # fmt: skip
_BUSINESS = (
    "餐饮饭店",
    "民宿宾馆",
    "出租居住(≥10人)",
    "商超",
    "医疗卫生",
    "教育培训",
    "养老",
    "文化娱乐",
    "农贸市场",
    "生产加工",
    "仓储",
)
_STRUCTURES = {
    "old": {"土木(生土)": 0.3, "砖木": 0.42, "砖混": 0.2, "石结构": 0.03, "混杂": 0.05},
    "middle": {"砖木": 0.2, "砖混": 0.62, "土木(生土)": 0.06, "底框": 0.05, "混杂": 0.05, "其他": 0.02},
    "new": {"砖混": 0.55, "框架": 0.3, "底框": 0.05, "钢结构": 0.08, "其他": 0.02},
}
_SCREENED = {"未发现安全隐患": 0.88, "存在一定安全隐患": 0.095, "存在严重安全隐患": 0.025}
_WORST = {
    "未发现安全隐患": {"A": 0.62, "B": 0.365, "C": 0.014, "D": 0.001},
    "存在一定安全隐患": {"A": 0.1, "B": 0.68, "C": 0.2, "D": 0.02},
    "存在严重安全隐患": {"B": 0.22, "C": 0.56, "D": 0.22},
}  # fmt: skip
_ADVICE = {
    "A": {None: 1.0}, "B": {"观察使用": 0.6, None: 0.4}, "C": {"处理使用": 0.6, "停止使用": 0.3, "观察使用": 0.1},
    "D": {"整体拆除": 0.75, "停止使用": 0.25},
}  # fmt: skip
_APPRAISERS = (
    "乌鲁木齐禾川房屋安全鉴定中心",
    "新疆昱岚建设工程质量检测有限公司",
    "新疆朔原工程检测有限公司",
    "乌鲁木齐澄远房屋检测有限公司",
)
_CONTRACTORS = ("新疆昱岚建筑工程有限公司", "乌鲁木齐栖谷加固工程有限公司", "乌鲁木齐祁安建筑安装有限公司")
_PERIODS = {"D": 3, "C": 30, "B": 180, "A": 365}  # days between patrols

_LATER = ("grade", "appraised_on", "appraiser", "report_no", "valid_until", "measure", "rectify_status")

PRACTICE = Practice(
    code="S", key="house_no", dataset="sbh_house",
    departments={"JSJ": 0.3, "FGJ": 0.2, "XFJY": 0.16, "CGJ": 0.12, "SCJG": 0.1, "YJJ": 0.06, "GAJ": 0.06},
    matters=("房屋结构安全", "鉴定报告", "消防通道", "用电用气", "违规改扩建", "经营许可", "安全出口"),
    problems=("消防通道堆放杂物", "未取得安全鉴定合格证明", "擅自加层", "私拉电线", "防盗网封闭逃生窗", "墙体开裂未处置", "电动车室内充电"),
    visits=0.35, complaints=0.04,
    complaint_subjects=("房屋墙体开裂", "违规加盖", "出租屋消防隐患", "危房仍在营业", "电动车楼道充电"),
    rated=False,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its houses."""
    houses = _houses(city)
    houses, appraisals = _appraisals(city, houses)
    houses, repairs = _rectifications(city, houses)
    subjects = houses[houses["use_kind"] == "经营性自建房"].assign(name=lambda h: h["address"]).reset_index(drop=True)
    listed = houses.drop(columns=["hot", "risk", "urban"])
    sound = listed["screen_result"] == "未发现安全隐患"
    city.at_first("sbh_house", listed, _LATER, risk_level=np.where(sound, "low", "medium"))
    return {
        "sbh_house": listed,
        "sbh_screening": _screenings(city, houses),
        "sbh_appraisal": appraisals,
        "sbh_patrol": _patrols(city, houses),
        "permit": _permits(city, houses),
        "sbh_monitor_reading": _monitoring(city, houses),
        **repairs,
        **supervise(city, PRACTICE, subjects),
    }


def _houses(city: City) -> pd.DataFrame:
    rng = city.rng("houses")
    n, hot_each = city.count(HOUSES), city.count(HOT_HOUSES)
    streets = city.hot_streets("dangerous houses", HOT_STREETS)
    hot = np.arange(n) < hot_each * len(streets)
    place = city.spots(rng, n, urban=0.55, even=0.7)
    close = city.around(rng, np.repeat(streets, hot_each)[: int(hot.sum())], metres=160)
    place.loc[hot, close.columns] = close.to_numpy(object)
    place[["lng", "lat"]] = place[["lng", "lat"]].astype(float)
    unknown = city.forget(rng, place.copy())
    place = unknown.where(pd.Series(~hot), place)  # hot spots are found by their points
    urban = place["street_code"].fillna("000000000").str[6].isin(["0", "4"]).to_numpy()
    year = np.where(rng.random(n) < 0.55, rng.integers(1991, 2011, n), rng.integers(1962, 2023, n))
    age = np.select([year <= 1990, year <= 2005], ["old", "middle"], "new")
    trade = (rng.random(n) < np.where(urban, 0.45, 0.27)) | hot
    floors = np.minimum(
        rng.choice([1, 2, 3, 4, 5, 6], n, p=[0.33, 0.31, 0.19, 0.1, 0.05, 0.02]), np.where(age == "old", 3, 6)
    )
    footprint = rng.gamma(6, 18, n).clip(30, 900)
    number = np.arange(n) + city.part * n + FIRST_NUMBER
    streeted = place["street_code"].fillna(place["division_code"] + "999").to_numpy(object)
    screened = pick(rng, _SCREENED, n)
    screened[hot] = "存在严重安全隐患"
    communities = _communities(city)
    frame = place.assign(
        house_no=numbered(streeted + "ZJ", number, 6),
        community=[communities[s][k % len(communities[s])] if s in communities else None for s, k in zip(streeted, number, strict=True)],
        address=city.addresses(rng, place),
        owner_masked=city.people(rng, n),
        ownership_kind=pick(rng, {"私有": 0.86, "集体": 0.1, "国有": 0.01, "不详": 0.03}, n),
        land_kind=np.where(rng.random(n) < np.where(urban, 0.6, 0.15), "国有土地", "集体土地"),
        area_kind=pick_by(rng, np.where(urban, "urban", "rural"), _AREAS),
        use_kind=np.where(trade, "经营性自建房", "其他自建房"),
        business_kinds=where(trade, lists(rng, _BUSINESS, n, 1, 2)),
        floors=floors,
        floors_below=np.where(rng.random(n) < 0.06, 1, 0),
        build_area=(footprint * floors * rng.uniform(0.9, 1.0, n)).round(1),
        land_area=footprint.round(1),
        built_year=year,
        structure=pick_by(rng, age, _STRUCTURES),
        alteration=where(rng.random(n) < 0.9, pick(rng, {'["无"]': 0.88, '["加层"]': 0.05, '["扩建"]': 0.04, '["开门洞"]': 0.02, '["拆改承重墙"]': 0.01}, n)),
        permit_land=rng.random(n) < 0.7, permit_plan=rng.random(n) < 0.5, permit_build=rng.random(n) < 0.35,
        screen_result=screened,
        screened_on=city.days(rng, n, city.start - np.timedelta64(200, "D"), city.start + np.timedelta64(300, "D")),
        occupants=np.where(trade, rng.choice([2, 3, 5, 8, 12, 20, 36], n), rng.choice([0, 1, 2, 3, 4, 5, 6], n)),
        exits=np.where(floors > 1, rng.choice([1, 2], n, p=[0.35, 0.65]), 1), barred_windows=rng.random(n) < 0.18, ebike_inside=rng.random(n) < 0.09,
        risk=np.clip(rng.beta(1.3, 7, n) + (screened == "存在严重安全隐患") * 0.4 + (screened == "存在一定安全隐患") * 0.15, 0, 1),
        hot=hot, urban=urban,
    )  # fmt: skip
    codes = np.array(city.street_codes(streets), object)
    if city.part == 0:
        city.plant("hot_street", "sbh_house", [None] * len(codes), street=codes)
    dangerous = frame["house_no"].to_numpy()[hot]
    city.plant("dangerous_operating", "sbh_house", dangerous, street=np.repeat(codes, hot_each)[: len(dangerous)])
    return frame


def _communities(city: City) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for c in city.places.communities.values():
        found.setdefault(c.street, []).append(c.name.removesuffix("居委会").removesuffix("委会"))
    return found


def _appraisals(city: City, houses: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The appraisal reports, and the houses with the grade that stands and what became of their business."""
    rng = city.rng("appraisals")
    n = len(houses)
    screened, trade, hot = (houses[c].to_numpy() for c in ("screen_result", "use_kind", "hot"))
    chance = np.select([screened == "存在严重安全隐患", screened == "存在一定安全隐患"], [0.93, 0.45], 0.06)
    chance = np.where(trade == "经营性自建房", np.maximum(chance, 0.94), chance)
    done = (rng.random(n) < chance) | hot
    onsite: Days = np.maximum(houses["screened_on"].to_numpy().astype("datetime64[D]"), city.start) + rng.integers(
        5, 420, n
    )
    reported = onsite + rng.integers(4, 26, n)
    done &= reported <= city.today
    grade = pick_by(rng, screened, _WORST)
    grade[hot] = pick(rng, {"C": 0.7, "D": 0.3}, int(hot.sum()))
    reported = np.where(hot & (reported > city.today - 40), city.today - 60, reported)
    onsite = np.minimum(onsite, reported - 4)
    done |= hot
    bad = done & np.isin(grade, ["C", "D"])
    # Most dangerous houses have been repaired since and graded again; the hot ones haven't.
    again = bad & ~hot & (rng.random(n) < 0.45) & (reported + 260 <= city.today)
    second = reported + rng.integers(120, 250, n)
    first, then = np.flatnonzero(done), np.flatnonzero(again)
    at = np.concatenate([first, then])
    new_grade = pick(rng, {"A": 0.3, "B": 0.7}, len(then))
    grades = np.concatenate([grade[first], new_grade]).astype(object)
    out = np.concatenate([reported[first], second[then]])
    on_site = np.concatenate([onsite[first], second[then] - rng.integers(3, 12, len(then))])
    valid = out + np.where(np.isin(grades, ["A", "B"]), 365 * 5, 365)
    old = (rng.random(len(at)) < 0.035) & (grades == "B")
    valid = np.where(old, np.minimum(valid, city.today + rng.integers(-120, 80, len(at))), valid)
    valid = np.maximum(valid, out)
    m = len(at)
    worse = np.array([{"A": 0, "B": 1, "C": 2, "D": 3}[g] for g in grades])
    reports = pd.DataFrame({
        "report_no": numbered("JD-" + years_of(out) + "-D", np.arange(m) + city.part * 1_000_000, 7),
        "house_no": houses["house_no"].to_numpy(object)[at],
        "division_code": houses["division_code"].to_numpy(object)[at],
        "zone": houses["zone"].to_numpy(object)[at],
        "appraiser": np.array(_APPRAISERS, object)[rng.integers(len(_APPRAISERS), size=m)],
        "kind": np.where(np.arange(m) >= len(first), "复核", pick(rng, {"整幢": 0.86, "局部": 0.14}, m)),
        "onsite_on": on_site, "reported_on": out, "grade": grades,
        "tilt_pct": (rng.gamma(2, 0.12, m) * (1 + worse)).round(2),
        "crack_mm": (rng.gamma(1.5, 0.5, m) * (1 + 1.6 * worse)).round(1),
        "advice": pick_by(rng, grades, _ADVICE),
        "valid_until": valid,
    })  # fmt: skip
    last = np.full(n, -1)
    last[at] = np.arange(m)  # re-appraisals come last, so they stand
    graded = last >= 0
    stands = np.where(graded, grades[last], None)
    danger = np.isin(stands, ["C", "D"])
    shut = danger & ~hot & (rng.random(n) < np.where(stands == "D", 0.985, 0.93))
    usual = pick(rng, {"营业": 0.86, "停用": 0.08, "空置": 0.06}, n)
    operating = np.where(
        trade == "经营性自建房", np.where(shut, "停用", usual), where(rng.random(n) < 0.1, np.full(n, "空置"))
    )
    operating[hot] = "营业"
    occupants = np.where(shut & (stands == "D") & (rng.random(n) < 0.97), 0, houses["occupants"].to_numpy())
    houses = houses.assign(
        grade=stands, appraised_on=np.where(graded, out[last], np.datetime64("NaT")), valid_until=np.where(graded, valid[last], np.datetime64("NaT")),
        appraiser=where(graded, reports["appraiser"].to_numpy(object)[last]), report_no=where(graded, reports["report_no"].to_numpy(object)[last]),
        operating=operating, occupants=occupants,
        operator_uscc=_operators(city, operating == "营业"),
        risk=np.clip(houses["risk"].to_numpy() + danger * 0.3, 0, 1),
        risk_level=np.select([danger, (screened != "未发现安全隐患")], ["high", "medium"], "low"),
    )  # fmt: skip
    return houses, reports


def _operators(city: City, open_: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The code of the business in each open house, as a JSON list; three quarters of them are known."""
    rng = city.rng("operators")
    known = np.flatnonzero(open_ & (rng.random(len(open_)) < 0.75))
    found = np.full(len(open_), None, object)
    found[known] = '["' + city.usccs(rng, len(known), individual=0.8) + '"]'
    return found


# --- what was done about them ------------------------------------------------------------------------------------


def _rectifications(city: City, houses: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Notices, evacuations, hazards, repairs and close-outs of dangerous houses; the houses with where they stand."""
    rng = city.rng("rectifications")
    grade, hot = houses["grade"].to_numpy(object), houses["hot"].to_numpy()
    graded: Days = houses["appraised_on"].to_numpy().astype("datetime64[D]")
    repaired = (houses["screen_result"] == "存在严重安全隐患").to_numpy() & np.isin(grade, ["A", "B"])
    at = np.flatnonzero(np.isin(grade, ["C", "D"]) | repaired)
    m = len(at)
    was = repaired[at]
    begin = np.where(was, graded[at] - rng.integers(60, 120, m), graded[at])
    plan = begin + rng.integers(4, 40, m)
    due = plan + rng.choice([30, 60, 90, 120, 180], m)
    started = plan + rng.integers(3, 40, m)
    done = started + rng.integers(10, 160, m)
    done = np.where(was, np.minimum(done, graded[at]), done)
    started = np.minimum(started, done)
    finished = (done <= city.today) & ((rng.random(m) < 0.85) | was) & ~hot[at]
    under_way = ~finished & (started <= city.today) & (rng.random(m) < 0.6)
    planned = plan <= city.today
    closed = done + rng.integers(5, 40, m)
    crossed_off = finished & (closed <= city.today) & (rng.random(m) < 0.75)
    code, division = houses["house_no"].to_numpy(object)[at], houses["division_code"].to_numpy(object)[at]
    dangerous = np.isin(grade[at], ["C", "D"])
    measures = np.where(
        grade[at] == "D",
        lists(rng, ["停止使用", "人员撤离", "封控围挡", "拆除"], m, 2, 3),
        lists(rng, ["停止使用", "限制人数", "警示标志", "维修加固"], m, 1, 3),
    )
    people = houses["occupants"].to_numpy()[at]
    emptied = np.flatnonzero((grade[at] == "D") & ~hot[at])
    left_at = at_office_hours(rng, graded[at][emptied] + rng.integers(0, 3, len(emptied)))
    houses = houses.copy()
    houses["rectify_status"] = None
    houses["measure"] = None
    houses.loc[houses.index[at], "rectify_status"] = np.select(
        [crossed_off, finished, under_way], ["已销号", "已整治", "整治中"], "待整治"
    )
    houses.loc[houses.index[at], "measure"] = measures
    hazards = _hazards(city, houses)
    frames = {
        "sbh_rectification": pd.DataFrame({
            "house_no": code, "division_code": division, "zone": houses["zone"].to_numpy(object)[at], "measure": measures, "plan_on": plan, "due_on": due,
            "started_on": where(finished | under_way, started), "done_on": where(finished, done),
            "funds_yuan": rng.lognormal(12, 0.7, m).round(-2),
            "contractor": where(finished | under_way, np.array(_CONTRACTORS, object)[rng.integers(len(_CONTRACTORS), size=m)]),
        })[planned],
        "sbh_danger_notice": pd.DataFrame({
            "notice_no": numbered("WF" + years_of(begin) + "D", np.arange(m) + city.part * 1_000_000, 7), "house_no": code,
            "served_on": np.minimum(begin + rng.integers(0, 4, m), city.today), "leave_by": begin + 15,
        })[dangerous],
        "sbh_evacuation": pd.DataFrame({
            "house_no": code[emptied], "people": np.maximum(people[emptied], rng.integers(1, 14, len(emptied))), "started_at": left_at,
            "finished_at": left_at + rng.integers(40, 900, len(emptied)).astype("timedelta64[m]"), "placed_at": "投亲靠友或街道临时安置点",
        })[left_at.astype("datetime64[D]") < city.today],
        "sbh_closeout": pd.DataFrame({
            "house_no": code, "signed_community": closed - 4, "signed_street": closed - 2, "signed_dept": closed, "closed_on": closed,
            "lookback_on": where(closed + 90 <= city.today, closed + 90),
        })[crossed_off],
        "sbh_hazard": hazards,
    }  # fmt: skip
    return houses, {name: frame.reset_index(drop=True) for name, frame in frames.items()}


def _hazards(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("house hazards")
    n = rng.poisson(len(houses) * 0.28)
    risk = houses["risk"].to_numpy() + 0.08
    at = rng.choice(len(houses), n, p=risk / risk.sum())
    kind = pick(rng, {"消防": 0.34, "用电": 0.22, "燃气": 0.12, "结构": 0.18, "审批": 0.08, "改扩建": 0.06}, n)
    found = city.days(rng, n)
    closed = found + rng.gamma(3, 14, n).astype(int) + 1
    frame = pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "kind": kind, "level": pick(rng, {"一般": 0.78, "较大": 0.19, "重大": 0.03}, n),
        "found_on": found, "due_on": found + rng.choice([15, 30, 60, 90], n),
        "closed_on": where((closed <= city.today) & (rng.random(n) < 0.9), closed),
    })  # fmt: skip
    return frame.drop_duplicates(["house_no", "kind", "found_on"]).reset_index(drop=True)


# --- looking after them ------------------------------------------------------------------------------------------


def _screenings(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    """The campaign's screening of every house, and a second look at some of those not handed on to appraisers."""
    rng = city.rng("screenings")
    first: Days = houses["screened_on"].to_numpy().astype("datetime64[D]")
    more = np.flatnonzero((houses["screen_result"] != "存在严重安全隐患").to_numpy() & (rng.random(len(houses)) < 0.3))
    again = first[more] + rng.integers(200, 500, len(more))
    code, result = houses["house_no"].to_numpy(object), houses["screen_result"].to_numpy(object)
    n = len(houses) + len(more)
    frame = pd.DataFrame({
        "house_no": np.concatenate([code, code[more]]), "screened_on": np.concatenate([first, again]),
        "by": pick(rng, {"community": 0.6, "street": 0.3, "expert": 0.1}, n), "result": np.concatenate([result, result[more]]),
        "photos": rng.integers(2, 9, n),
    })  # fmt: skip
    return frame[frame["screened_on"] <= city.today].reset_index(drop=True)


def _patrols(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    """Patrols as often as the grade asks, a little unevenly; some houses wait longer than they should."""
    rng = city.rng("patrols")
    grade = houses["grade"].to_numpy(object)
    period = np.array([_PERIODS.get(g, 365) for g in grade])
    graded: Days = houses["appraised_on"].to_numpy().astype("datetime64[D]")
    # What is looked at every third day, or once a year, is kept for less long than the rest.
    back = city.today - np.select([grade == "D", period == 365], [120, 730], 1_095)
    since = np.maximum(np.where(np.isin(grade, ["C", "D"]), graded, back), back)
    late = rng.random(len(houses)) < 0.03
    wait = (period * np.where(late, rng.uniform(1, 2.3, len(houses)), rng.uniform(0, 0.95, len(houses)))).astype(int)
    span = (city.today - since).astype(int) - wait
    times = np.maximum(span // period + 1, 0) * (span >= 0)
    at = np.repeat(np.arange(len(houses)), times)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    jitter = np.where(rank > 0, rng.integers(0, np.maximum(period // 4, 1)[at]), 0)
    days = city.today - wait[at] - rank * period[at] + np.minimum(jitter, period[at] - 1)
    n = len(at)
    return pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "patrolled_on": days, "patroller": city.people(rng, n),
        "problems": where(rng.random(n) < 0.04, np.array(PRACTICE.problems, object)[rng.integers(len(PRACTICE.problems), size=n)]),
    }).drop_duplicates(["house_no", "patrolled_on"]).reset_index(drop=True)  # fmt: skip


def _permits(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("permits")
    at = np.flatnonzero((houses["operating"] == "营业").to_numpy() & (rng.random(len(houses)) < 0.4))
    n = len(at)
    kind = pick(rng, {"食品经营": 0.55, "消防": 0.2, "特种行业": 0.15, "规划": 0.05, "用地": 0.05}, n)
    return pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "kind": kind, "no": numbered("XK", np.arange(n) + city.part * 1_000_000, 8),
        "valid_until": where(np.isin(kind, ["食品经营", "特种行业", "消防"]), city.today + rng.integers(-90, 1_500, n)),
    })  # fmt: skip


def _monitoring(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    """Two years of monthly readings of houses under observation: settlement, tilt and a crack, some beyond the limit."""
    rng = city.rng("monitoring")
    watched = np.flatnonzero((houses["grade"] == "C").to_numpy())[: city.count(70)]
    alarming = watched[: min(city.count(ALARMS), len(watched))]
    months, kinds = city.months[-24:], ("沉降", "倾斜", "裂缝")
    pace = {"沉降": 0.35, "倾斜": 0.25, "裂缝": 0.06}  # a month, in mm, ‰ and mm
    frames = []
    for k, kind in enumerate(kinds):
        faster = np.isin(watched, alarming)
        grown = np.cumsum(rng.gamma(2, pace[kind] / 2, (len(watched), len(months))), axis=1)
        grown[:, -4:] += np.where(faster[:, None], np.arange(1, 5) * {"沉降": 4.6, "倾斜": 6.0, "裂缝": 2.4}[kind], 0)
        frames.append(pd.DataFrame({
            "sensor_id": np.repeat(houses["house_no"].to_numpy(object)[watched] + f"-{k + 1}", len(months)),
            "house_no": np.repeat(houses["house_no"].to_numpy(object)[watched], len(months)), "kind": kind, "value": grown.ravel().round(2),
            "unit": {"沉降": "mm", "倾斜": "‰", "裂缝": "mm"}[kind],
            "read_at": np.tile((months + 1).astype("datetime64[s]") - np.timedelta64(4, "h"), len(watched)),
        }))  # fmt: skip
    city.plant("monitor_alarm", "sbh_house", houses["house_no"].to_numpy(object)[alarming])
    return pd.concat(frames, ignore_index=True)
