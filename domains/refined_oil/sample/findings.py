"""What was verified, sampled, tested and sold in cans, and the prices."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.refined_oil.sample.stock import PRICE
from domains.refined_oil.volumes import PETROL
from pilotwatch.sampling import City, Days, numbered, pick, where, years_of

_FAILING = ("硫含量", "研究法辛烷值", "闪点", "多环芳烃", "蒸气压")
_TANKS_OF_TESTS = ("硫含量", "研究法辛烷值", "蒸气压", "烯烃含量")
_VAPOUR_DAYS = 7  # the last ones, of which the monitor's days are kept


def draw_verifications(
    city: City, stations: pd.DataFrame, nozzles: pd.DataFrame, overdue: NDArray[np.intp]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every nozzle's verifications, about twice a year, a station's nozzles in the same days; the nozzles with the last."""
    rng = city.rng("verifications")
    station = nozzles["station"].to_numpy()
    last = city.today - rng.integers(2, 168, len(stations))
    last[overdue] = city.today - rng.integers(190, 300, len(overdue))
    rounds = 6
    gap = rng.integers(160, 181, (len(stations), rounds))
    days = last[:, None] - (np.cumsum(gap, axis=1) - gap[:, :1]).astype("timedelta64[D]")
    verified = (days[station] + rng.integers(0, 3, (len(nozzles), 1))).ravel()
    verified = np.minimum(verified, city.today)
    n = len(verified)
    at = np.repeat(np.arange(len(nozzles)), rounds)
    bias = np.repeat(rng.normal(0, 0.045, len(nozzles)), rounds)
    error = (bias + rng.normal(0, 0.035, n)).clip(-0.29, 0.29).round(2)
    failed = rng.random(n) < 0.004
    error = np.where(failed, np.where(rng.random(n) < 0.5, -1, 1) * rng.uniform(0.32, 0.9, n), error).round(2)
    frame = nozzles[["uscc", "dispenser_no", "nozzle_no", "product"]].iloc[at].reset_index(drop=True)
    until = _six_months_on(verified)
    frame = frame.assign(
        division_code=stations["division_code"].to_numpy(object)[station[at]], zone=stations["zone"].to_numpy(object)[station[at]],
        error_pct=error, repeat_pct=np.abs(rng.normal(0.03, 0.02, n)).clip(0, 0.09).round(2), result=np.where(failed, "不合格", "合格"),
        cert_no=numbered("JYJ字第" + years_of(verified) + "D", np.arange(n) + city.part * 1_000_000, 7, "号"),
        verified_on=verified, verify_until=until, seal_no=numbered("XJD", np.arange(n) + city.part * 1_000_000, 8),
    )[verified >= city.start - 200]  # fmt: skip
    dated = frame.assign(nozzle=at[frame.index]).sort_values("verified_on", kind="stable")
    held = dated.drop_duplicates("nozzle", keep="last").set_index("nozzle").reindex(np.arange(len(nozzles)))
    columns = ["verified_on", "verify_until", "cert_no", "seal_no", "error_pct", "repeat_pct"]
    return frame.reset_index(drop=True), nozzles.assign(**{c: held[c].to_numpy() for c in columns})


def _six_months_on(days: Days) -> Days:
    """Six months later less a day, as JJG 443 counts a verification's validity."""
    month = days.astype("datetime64[M]")
    length = ((month + 7).astype("datetime64[D]") - (month + 6).astype("datetime64[D]")).astype(int)
    offset = np.minimum((days - month.astype("datetime64[D]")).astype(int), length - 1)
    return (month + 6).astype("datetime64[D]") + offset - 1


def draw_samplings(city: City, stations: pd.DataFrame, bad: NDArray[np.intp]) -> pd.DataFrame:
    rng = city.rng("samplings")
    at = np.concatenate([np.repeat(np.arange(len(stations)), rng.poisson(9, len(stations))), np.repeat(bad, 3)])
    again = len(bad) * 3
    days = city.days(rng, len(at), last=city.today - np.timedelta64(6, "D"))
    days[len(at) - again :] = city.today - rng.integers(15, 200, again)
    n = len(at)
    failed = rng.random(n) < 0.011
    failed[n - again :] = True
    what = np.array(_FAILING, object)[rng.integers(len(_FAILING), size=n)]
    what[n - again :] = "硫含量"
    as_list = {w: json.dumps([w], ensure_ascii=False) for w in _FAILING}
    reported = days + rng.integers(6, 25, n)
    frame = pd.DataFrame({
        "sample_no": numbered("CJ" + years_of(days) + "D", np.arange(n) + city.part * 1_000_000, 7), "uscc": stations["uscc"].to_numpy(object)[at],
        "division_code": stations["division_code"].to_numpy(object)[at], "zone": stations["zone"].to_numpy(object)[at],
        "product": pick(rng, {"92#": 0.4, "95#": 0.25, "0#": 0.3, "-35#": 0.05}, n), "sampled_on": days,
        "lab": pick(rng, {"乌鲁木齐市产品质量监督检验所": 0.6, "新疆昱岚石油产品检测有限公司": 0.4}, n),
        "failed_items": where(failed, np.array([as_list[w] for w in what], object)), "items": json.dumps(_TANKS_OF_TESTS, ensure_ascii=False),
        "result": np.where(failed, "不合格", "合格"), "reported_on": reported,
    })  # fmt: skip
    return frame[reported <= city.today].reset_index(drop=True)


def draw_vapour(city: City, stations: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("vapour")
    at = np.repeat(np.arange(len(stations)), 3)
    n = len(at)
    days = city.today - (np.tile([0, 365, 730], len(stations)) + np.repeat(rng.integers(5, 360, len(stations)), 3))
    ratio = rng.normal(1.1, 0.04, n).round(2)
    ratio = np.where(rng.random(n) < 0.03, rng.choice([0.86, 0.93, 1.27, 1.34], n), ratio)
    return pd.DataFrame({
        "uscc": stations["uscc"].to_numpy(object)[at], "tested_on": days, "report_no": numbered("YQ" + years_of(days), np.arange(n) + city.part * 100_000, 6),
        "resistance_pa": rng.normal(60, 12, n).clip(20, 150).round(0), "tightness_pa": rng.normal(480, 12, n).round(0), "air_liquid_ratio": ratio,
        "result": np.where((ratio >= 1.0) & (ratio <= 1.2), "合格", "不合格"),
    })  # fmt: skip


def draw_vapour_days(city: City, stations: pd.DataFrame, nozzles: pd.DataFrame) -> pd.DataFrame:
    """What the monitors told of the petrol nozzles; a few stations' recovery is failing."""
    rng = city.rng("vapour on line")
    watched = nozzles[
        nozzles["product"].isin(PETROL)
        & (stations["has_vapor_online"] & stations["trade"]).to_numpy()[nozzles["station"]]
    ]
    usual = rng.choice([0.03, 0.19, 0.32], len(stations), p=[0.955, 0.03, 0.015])
    at = np.repeat(np.arange(len(watched)), _VAPOUR_DAYS)
    n = len(at)
    fillings = rng.poisson(45, n) + 5
    out = rng.binomial(fillings, usual[watched["station"].to_numpy()[at]])
    out = np.where(usual[watched["station"].to_numpy()[at]] < 0.1, np.minimum(out, fillings // 8), out)
    return pd.DataFrame({
        "uscc": watched["uscc"].to_numpy(object)[at], "nozzle_no": watched["nozzle_no"].to_numpy(object)[at],
        "day": city.today - np.tile(np.arange(_VAPOUR_DAYS, 0, -1), len(watched)), "fillings": fillings, "out_of_range": out,
        "state": np.where(out / fillings >= 0.25, "预警", "正常"),
    })  # fmt: skip


def draw_prices(city: City, stations: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last four price rounds: every station posts the cap or a little less; very few more, and few forget the last."""
    rng = city.rng("prices")
    n = len(stations)
    forgets = rng.random(n) < 0.015  # cheap enough to stay under the new cap
    posts, caps = [], []
    for age in range(4):
        since = (city.today - (3 + age * 14)).astype("datetime64[s]")
        for product in ("92#", "95#", "0#"):
            cap = round(PRICE[product] + 0.09 * age, 2)
            off = np.where(forgets, 0.3, np.where(rng.random(n) < 0.4, rng.choice([0.1, 0.2, 0.3], n), 0))
            price = cap - off + np.where((rng.random(n) < 0.003) & ~forgets, 0.15, 0)
            post = pd.DataFrame(
                {
                    "uscc": stations["uscc"],
                    "product": product,
                    "effective_at": since,
                    "price": price.round(2),
                    "cap": cap,
                }
            )
            posts.append(post[~forgets] if age == 0 else post)
            caps.append(
                {
                    "product": product,
                    "effective_at": since,
                    "cap": cap,
                    "notice_no": f"新发改能价〔{since.astype(object).year}〕{9 - age}号",
                }
            )
    told = pd.DataFrame(caps).iloc[: None if city.part == 0 else 0]  # the region's, once for the whole city
    return pd.concat(posts, ignore_index=True), told


def draw_bulk(city: City, stations: pd.DataFrame) -> pd.DataFrame:
    """Bulk petrol of the last 90 days, registered by name but for a few."""
    rng = city.rng("bulk petrol")
    at = np.repeat(np.arange(len(stations)), rng.poisson(5, len(stations)))
    n = len(at)
    moment = city.days(rng, n, city.today - np.timedelta64(90, "D"), city.today - np.timedelta64(1, "D")).astype(
        "datetime64[s]"
    )
    moment = moment + rng.integers(9 * 60, 21 * 60, n).astype("timedelta64[m]")
    named = rng.random(n) < 0.985
    masked = numbered(
        pick(rng, {"6501": 0.8, "6523": 0.2}, n) + np.full(n, "**********", object), rng.integers(0, 10_000, n), 4
    )
    return pd.DataFrame({
        "uscc": stations["uscc"].to_numpy(object)[at], "sold_at": moment, "litres": rng.choice([5.0, 10.0, 15.0, 20.0, 30.0], n),
        "id_masked": where(named, masked), "purpose": where(named, pick(rng, {"农机": 0.5, "发电机": 0.3, "园林机具": 0.2}, n)),
        "certificate": where(named, numbered("SZ", np.arange(n) + city.part * 100_000, 7)),
    }).drop_duplicates(["uscc", "sold_at", "id_masked"]).reset_index(drop=True)  # fmt: skip
