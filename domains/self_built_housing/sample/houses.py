"""The houses themselves, the hot streets among them, and how well each division does its work."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.sampling import City, lists, numbered, pick, pick_by, where

HOUSES = 20_000
HOT_STREETS, HOT_HOUSES = 3, 45  # streets, and dangerous open houses in each
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
_LODGING = "民宿宾馆|出租居住"


def draw_houses(city: City) -> pd.DataFrame:
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
    lodging = frame["business_kinds"].str.contains(_LODGING, na=False).to_numpy(bool) & (floors > 2)
    frame["sleepers_above"] = where(lodging, rng.binomial(frame["occupants"], 0.4))
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


def leave_out(city: City, houses: pd.DataFrame) -> pd.DataFrame:
    """The houses, some of which nobody came to yet, in half of the divisions."""
    share = by_division(city, "unscreened", -0.4, 0.4, houses["division_code"].to_numpy(object))
    left = (city.rng("unscreened").random(len(houses)) < share) & houses["grade"].isna()
    left &= (houses["screen_result"] == "未发现安全隐患") & (houses["use_kind"] == "其他自建房")
    return houses.assign(
        screen_result=houses["screen_result"].mask(left, None), screened_on=houses["screened_on"].mask(left)
    )


def by_division(city: City, name: str, low: float, high: float, divisions: NDArray[np.object_]) -> NDArray[np.float64]:
    """A share between low and high for each division, the same in all parts of the city."""
    known = [d.code for d in city.places.divisions]
    shares = dict(
        zip(known, np.linspace(low, high, len(known))[city.common(name).permutation(len(known))], strict=True)
    )
    return np.array([shares[d] for d in divisions], float)
