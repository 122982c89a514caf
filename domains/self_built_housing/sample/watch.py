"""How the houses are looked after: screenings, patrols, sensors, permits, and re-checks after a disaster."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.self_built_housing.sample.houses import by_division
from pilotwatch.sampling import City, Days, numbered, pick, where

ALARMS = 4
SHAKEN = 11  # days ago
PROBLEMS = (
    "消防通道堆放杂物",
    "未取得安全鉴定合格证明",
    "擅自加层",
    "私拉电线",
    "防盗网封闭逃生窗",
    "墙体开裂未处置",
    "电动车室内充电",
)
_PERIODS = {"D": 3, "C": 30, "B": 180, "A": 365}  # days between patrols
_BUSY_PERIOD = 90  # … of a house of three floors in business


def draw_screenings(city: City, houses: pd.DataFrame) -> pd.DataFrame:
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
    return frame[(frame["screened_on"] <= city.today) & frame["result"].notna()].reset_index(drop=True)


def draw_patrols(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    """Patrols as often as the grade asks, a little unevenly; some houses wait longer than they should."""
    rng = city.rng("patrols")
    grade = houses["grade"].to_numpy(object)
    period = np.array([_PERIODS.get(g, 365) for g in grade])
    busy = (houses["operating"] == "营业").to_numpy() & (houses["floors"] >= 3).to_numpy()
    period = np.where(busy, np.minimum(period, _BUSY_PERIOD), period)
    graded: Days = houses["appraised_on"].to_numpy().astype("datetime64[D]")
    # What is looked at often is kept for less long than the rest, and the rest for half the years of other records.
    back = city.today - np.select([grade == "D", period == 365], [60, 400], 540)
    since = np.maximum(np.where(np.isin(grade, ["C", "D"]), graded, back), back)
    late = rng.random(len(houses)) < 0.03
    wait = (period * np.where(late, rng.uniform(1, 2.3, len(houses)), rng.uniform(0, 0.95, len(houses)))).astype(int)
    span = (city.today - since).astype(int) - wait
    times = np.maximum(span // period + 1, 0) * (span >= 0)
    at = np.repeat(np.arange(len(houses)), times)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    jitter = np.where(rank > 0, rng.integers(0, np.maximum(period // 4, 1)[at]), 0)
    days = city.today - wait[at] - rank * period[at] + np.minimum(jitter, period[at] - 1)
    shaken, since_then = _rechecks(city, houses)
    at, days = np.concatenate([at, shaken]), np.concatenate([days, since_then])
    n = len(at)
    return pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "patrolled_on": days, "patroller": city.people(rng, n),
        "problems": where(rng.random(n) < 0.04, np.array(PROBLEMS, object)[rng.integers(len(PROBLEMS), size=n)]),
    }).drop_duplicates(["house_no", "patrolled_on"]).reset_index(drop=True)  # fmt: skip


def draw_disasters(city: City) -> pd.DataFrame:
    """What the city office entered: an earthquake that calls for re-checks, a distant one, a snow alert last year."""
    morning = city.today.astype("datetime64[s]") + np.timedelta64(6, "h")
    ago = np.array([SHAKEN, 150, 320])
    frame = pd.DataFrame({
        "event_no": numbered("ZH-D", np.arange(1, 4), 3), "kind": ["地震", "地震", "暴雪"],
        "at": morning - ago.astype("timedelta64[D]"), "magnitude": [4.6, 4.1, np.nan], "distance_km": [38.0, 260.0, np.nan],
        "alert_level": [None, None, "orange"],
    })  # fmt: skip
    return frame if city.part == 0 else frame.iloc[:0]


def _rechecks(city: City, houses: pd.DataFrame) -> tuple[NDArray[np.intp], Days]:
    """Which houses were looked at after the earthquake, and when: most of those on the priority list."""
    rng = city.rng("rechecks")
    day = city.today - SHAKEN
    old = (houses["built_year"] <= day.item().year - 30).to_numpy()
    listed = houses["grade"].isin(["C", "D"]).to_numpy() | (houses["structure"] == "土木(生土)").to_numpy() | old
    share = by_division(city, "re-checked", 0.55, 1.0, houses["division_code"].to_numpy(object))
    at = np.flatnonzero(listed & (rng.random(len(houses)) < share))
    return at, day + rng.integers(0, 4, len(at))


def draw_permits(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("permits")
    at = np.flatnonzero((houses["operating"] == "营业").to_numpy() & (rng.random(len(houses)) < 0.4))
    n = len(at)
    kind = pick(rng, {"食品经营": 0.55, "消防": 0.2, "特种行业": 0.15, "规划": 0.05, "用地": 0.05}, n)
    return pd.DataFrame({
        "house_no": houses["house_no"].to_numpy(object)[at], "kind": kind, "no": numbered("XK", np.arange(n) + city.part * 1_000_000, 8),
        "valid_until": where(np.isin(kind, ["食品经营", "特种行业", "消防"]), city.today + rng.integers(-90, 1_500, n)),
    })  # fmt: skip


def draw_monitoring(city: City, houses: pd.DataFrame) -> pd.DataFrame:
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
