"""What was done about dangerous houses: hazards, notices, evacuations, repairs, close-outs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from domains.self_built_housing.sample.houses import by_division
from pilotwatch.sampling import City, Days, at_office_hours, lists, numbered, pick, where, years_of

_CONTRACTORS = ("新疆昱岚建筑工程有限公司", "乌鲁木齐栖谷加固工程有限公司", "乌鲁木齐祁安建筑安装有限公司")


def draw_repairs(city: City, houses: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
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
    """Hazards of the houses; how many are closed in time depends on the division."""
    rng = city.rng("house hazards")
    n = rng.poisson(len(houses) * 0.28)
    risk = houses["risk"].to_numpy() + 0.08
    at = rng.choice(len(houses), n, p=risk / risk.sum())
    kind = pick(rng, {"消防": 0.34, "用电": 0.22, "燃气": 0.12, "结构": 0.18, "审批": 0.08, "改扩建": 0.06}, n)
    found, given = city.days(rng, n), rng.choice([15, 30, 60, 90], n)
    in_time = rng.random(n) < by_division(
        city, "closed in time", 0.7, 0.99, houses["division_code"].to_numpy(object)[at]
    )
    took = np.where(in_time, np.ceil(given * rng.uniform(0.05, 1, n)), given + 1 + rng.gamma(2, 20, n)).astype(int)
    frame = pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "kind": kind, "level": pick(rng, {"一般": 0.78, "较大": 0.19, "重大": 0.03}, n),
        "alteration": where(kind == "改扩建", pick(rng, {"扩建": 0.5, "开门洞": 0.25, "加层": 0.2, "拆改承重墙": 0.05}, n)),
        "found_on": found, "due_on": found + given,
        "closed_on": where((found + took <= city.today) & (in_time | (rng.random(n) < 0.8)), found + took),
    })  # fmt: skip
    return frame.drop_duplicates(["house_no", "kind", "found_on"]).reset_index(drop=True)
