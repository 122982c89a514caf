"""The companies that appraise houses, their reports, and what became of the houses by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from pilotwatch.sampling import City, Days, numbered, pick, pick_by, where, years_of

APPRAISERS, CARELESS, BATCH = 24, 0, 17  # companies, which of them is careless, and how many reports it dates one day

_WORST = {
    "未发现安全隐患": {"A": 0.62, "B": 0.365, "C": 0.014, "D": 0.001},
    "存在一定安全隐患": {"A": 0.1, "B": 0.68, "C": 0.2, "D": 0.02},
    "存在严重安全隐患": {"B": 0.22, "C": 0.56, "D": 0.22},
}  # fmt: skip
_ADVICE = {
    "A": {None: 1.0}, "B": {"观察使用": 0.6, None: 0.4}, "C": {"处理使用": 0.6, "停止使用": 0.3, "观察使用": 0.1},
    "D": {"整体拆除": 0.75, "停止使用": 0.25},
}  # fmt: skip


def draw_appraisers(city: City) -> pd.DataFrame:
    """The companies that appraise houses; the first of them is the careless one."""
    rng = city.rng("appraisers")
    n = max(3, city.count(APPRAISERS))
    place = city.spots(rng, n)
    frame = place.drop(columns="street_code").assign(
        uscc=city.usccs(rng, n),
        name=city.companies(rng, pick(rng, {"房屋安全鉴定有限公司": 0.5, "建设工程质量检测有限公司": 0.3, "工程检测有限公司": 0.2}, n)),
        certificate_no=numbered("新建检字第", np.arange(n) + city.part * 1_000 + 1, 6, "号"),
        valid_until=city.today + rng.integers(60, 1_500, n),
        address=city.addresses(rng, place),
    )  # fmt: skip
    city.plant("careless_appraiser", "sbh_appraiser", frame["uscc"].to_numpy(object)[:1])
    return frame


@dataclass(frozen=True)
class _Reports:
    """Appraisal reports, one a row: of which house, by which company, when and with which grade; second looks last."""

    house: NDArray[np.intp]
    firm: NDArray[np.intp]
    onsite: Days
    reported: Days
    grade: NDArray[np.object_]
    second: NDArray[np.bool_]


def draw_appraisals(city: City, houses: pd.DataFrame, firms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The houses with the grade that stands and what became of their business, and the appraisal reports."""
    rng = city.rng("appraisals")
    drawn = _drawn(city, rng, houses, len(firms))
    reports = _table(city, rng, houses, firms, drawn)
    return _as_they_stand(city, rng, houses, drawn, reports), reports


def _drawn(city: City, rng: Generator, houses: pd.DataFrame, firms: int) -> _Reports:
    n = len(houses)
    screened, trade, hot = (houses[c].to_numpy() for c in ("screen_result", "use_kind", "hot"))
    chance = np.select([screened == "存在严重安全隐患", screened == "存在一定安全隐患"], [0.93, 0.45], 0.06)
    chance = np.where(trade == "经营性自建房", np.maximum(chance, 0.97), chance)
    done = rng.random(n) < chance
    slow = (screened != "存在严重安全隐患") & (rng.random(n) < 0.25)  # most are appraised soon, some years later
    begun = np.maximum(houses["screened_on"].to_numpy().astype("datetime64[D]"), city.start)
    onsite: Days = begun + rng.integers(5, np.where(slow, 1_050, 420))
    reported = onsite + rng.integers(4, 26, n)
    done &= reported <= city.today
    grade = pick_by(rng, screened, _WORST)
    grade[hot] = pick(rng, {"C": 0.7, "D": 0.3}, int(hot.sum()))
    reported = np.where(hot & (reported > city.today - 40), city.today - 60, reported)
    done |= hot
    sound = done & ~hot & np.isin(grade, ["A", "B"])
    by = rng.integers(-1, firms, n).clip(0)  # the careless one has twice the work of another
    batch = np.flatnonzero(sound)
    batch = batch[np.argsort(reported[batch], kind="stable")[-BATCH:]]
    by[batch], reported[batch] = CARELESS, reported[batch].max(initial=city.start)
    onsite = np.minimum(onsite, reported - 4)
    # Most dangerous houses have been repaired since and graded again; the hot ones haven't.
    again = done & ~sound & ~hot & (rng.random(n) < 0.45) & (reported + 260 <= city.today)
    # Of the sound ones some are looked at again by others; what the careless company found often doesn't stand.
    spot = sound & (rng.random(n) < np.where(by == CARELESS, 0.3, 0.12)) & (reported + 220 <= city.today)
    later = reported + np.where(spot, rng.integers(30, 220, n), rng.integers(120, 250, n))
    first, then = np.flatnonzero(done), np.flatnonzero(again | spot)
    wrong = rng.random(len(then)) < np.where(by[then] == CARELESS, 0.4, 0.01)
    better = pick(rng, {"A": 0.3, "B": 0.7}, len(then))
    return _Reports(
        house=np.concatenate([first, then]),
        firm=np.concatenate([by[first], (by[then] + rng.integers(1, firms, len(then))) % firms]),
        onsite=np.concatenate([onsite[first], later[then] - rng.integers(3, 12, len(then))]),
        reported=np.concatenate([reported[first], later[then]]),
        grade=np.concatenate([grade[first], np.where(spot[then], np.where(wrong, "C", grade[then]), better)]).astype(object),
        second=np.repeat([False, True], [len(first), len(then)]),
    )  # fmt: skip


def _table(city: City, rng: Generator, houses: pd.DataFrame, firms: pd.DataFrame, drawn: _Reports) -> pd.DataFrame:
    m, grades, out = len(drawn.house), drawn.grade, drawn.reported
    valid = out + np.where(np.isin(grades, ["A", "B"]), 365 * 5, 365)
    old = (rng.random(m) < 0.035) & (grades == "B")
    valid = np.where(old, np.minimum(valid, city.today + rng.integers(-120, 80, m)), valid)
    worse = np.array([{"A": 0, "B": 1, "C": 2, "D": 3}[g] for g in grades])
    place = houses.iloc[drawn.house]
    return pd.DataFrame({
        "report_no": numbered("JD-" + years_of(out) + "-D", np.arange(m) + city.part * 1_000_000, 7),
        **{name: place[name].to_numpy(object) for name in ("house_no", "division_code", "zone")},
        "appraiser": firms["name"].to_numpy(object)[drawn.firm],
        "appraiser_uscc": where(rng.random(m) < 0.6, firms["uscc"].to_numpy(object)[drawn.firm]),
        "kind": np.where(drawn.second, "复核", pick(rng, {"整幢": 0.86, "局部": 0.14}, m)),
        "onsite_on": drawn.onsite, "reported_on": out, "grade": grades,
        "tilt_pct": (rng.gamma(2, 0.12, m) * (1 + worse)).round(2),
        "crack_mm": (rng.gamma(1.5, 0.5, m) * (1 + 1.6 * worse)).round(1),
        "advice": pick_by(rng, grades, _ADVICE),
        "valid_until": np.maximum(valid, out),
    })  # fmt: skip


def _as_they_stand(
    city: City, rng: Generator, houses: pd.DataFrame, drawn: _Reports, reports: pd.DataFrame
) -> pd.DataFrame:
    """The houses with their last report, second looks last, and what their grade did to those who use them."""
    n, hot = len(houses), houses["hot"].to_numpy()
    last = np.full(n, -1)
    last[drawn.house] = np.arange(len(drawn.house))
    graded = last >= 0
    stands = np.where(graded, drawn.grade[last], None)
    danger = np.isin(stands, ["C", "D"])
    shut = danger & ~hot & (rng.random(n) < np.where(stands == "D", 0.985, 0.93))
    usual = pick(rng, {"营业": 0.86, "停用": 0.08, "空置": 0.06}, n)
    idle = where(rng.random(n) < 0.1, np.full(n, "空置"))
    operating = np.where(houses["use_kind"] == "经营性自建房", np.where(shut, "停用", usual), idle)
    operating[hot] = "营业"
    left = shut & (stands == "D") & (rng.random(n) < 0.97)
    harmless = (houses["screen_result"] == "未发现安全隐患").to_numpy()
    told = {
        name: where(graded, reports[column].to_numpy()[last])
        for name, column in (
            ("appraised_on", "reported_on"),
            ("valid_until", "valid_until"),
            ("appraiser", "appraiser"),
            ("report_no", "report_no"),
        )
    }
    return houses.assign(
        grade=stands, **told, operating=operating, occupants=np.where(left, 0, houses["occupants"]),
        operator_uscc=_operators(city, operating == "营业"),
        risk=np.clip(houses["risk"].to_numpy() + danger * 0.3, 0, 1),
        risk_level=np.select([danger, ~harmless], ["high", "medium"], "low"),
    )  # fmt: skip


def _operators(city: City, open_: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The code of the business in each open house, as a JSON list; three quarters of them are known."""
    rng = city.rng("operators")
    known = np.flatnonzero(open_ & (rng.random(len(open_)) < 0.75))
    found = np.full(len(open_), None, object)
    found[known] = '["' + city.usccs(rng, len(known), individual=0.8) + '"]'
    return found
