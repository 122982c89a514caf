"""A synthetic city's petrol stations: tanks and nozzles, what was delivered, sold, measured, sampled and declared.

Stock is simulated by tank and month: sales follow the season, deliveries refill, the gauge shows what is left. The last
whole month's sales are kept by day and nozzle, the last nights' gauge at two hours. Planted: `leaking` tanks (oil goes missing day and
night), `under_declared` stations (less sold to the tax office than the pumps gave), `substandard` ones (samples fail
again and again), `unfiled_supplier` ones (they buy from a wholesaler that isn't filed) and `verification_overdue` ones
(nozzles past their date).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.sampling import City, Days, Practice, months_of, numbered, pick, supervise, where, years_of, ymd

STATIONS = 330
LEAKING, UNDER_DECLARED, SUBSTANDARD, UNFILED_SUPPLIER, OVERDUE = 6, 6, 4, 5, 8
NIGHTS = 4  # of hourly readings
_MONTHS_BY_LOAD = 4  # the last ones, of which every tank truck is kept
_MONTHS_OF_STOCK = 25  # the last ones, of which deliveries and month-end readings are kept

_BRANDS = {"中石油": 0.27, "中石化": 0.18, "中海油": 0.05, "其他国有": 0.06, "民营": 0.39, "外资": 0.05}
_SUFFIXES = {"加油站": 0.45, "加油加气站": 0.2, "石油销售有限公司": 0.2, "能源有限公司加油站": 0.15}
_TANKS = (("92#", 1.0), ("95#", 0.6), ("0#", 0.7), ("-35#", 0.25))  # product, share of the station's sales
_DENSITY = {"92#": 735.0, "95#": 745.0, "0#": 840.0, "-35#": 815.0}
_PRICE = {"92#": 7.35, "95#": 7.82, "0#": 6.98, "-35#": 7.71}
_BETA = {"92#": 0.0012, "95#": 0.0012, "0#": 0.0008, "-35#": 0.0008}  # volume expansion per °C
_SEASON = np.array([0.86, 0.84, 0.95, 1.0, 1.06, 1.08, 1.12, 1.14, 1.06, 1.02, 0.96, 0.91])
_GROUND = np.array([4, 3, 4, 7, 11, 15, 18, 19, 17, 13, 9, 6.0])  # °C in an underground tank
_AIR = np.array([-14, -11, -1, 10, 17, 22, 24, 23, 17, 8, -3, -11.0])
_FAILING = ("硫含量", "研究法辛烷值", "闪点", "多环芳烃", "蒸气压")
_TANKS_OF_TESTS = ("硫含量", "研究法辛烷值", "蒸气压", "烯烃含量")

PRACTICE = Practice(
    code="O", key="uscc", dataset="oil_station",
    departments={"SWJ": 0.22, "SCJG": 0.26, "YJJ": 0.2, "STHJ": 0.12, "XFJY": 0.1, "SWJU": 0.05, "GAJ": 0.03, "QXJ": 0.02},
    matters=("证照有效性", "加油机检定", "油品质量", "进销台账", "油气回收", "安全出口", "消防设施", "散装汽油登记", "价格公示"),
    problems=("加油机检定证书未张贴", "进销台账不完整", "油气回收装置未正常使用", "消防通道堆放杂物", "罩棚标注与证照不符", "散装汽油未实名登记", "应急预案未演练"),
    visits=4.2, complaints=1.1,
    complaint_subjects=("加油量不足", "油品质量差", "加油后车辆故障", "不开发票", "价格与公示不符", "夜间卸油噪声"),
    over_inspected=5,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its stations."""
    wholesalers = _wholesalers(city)
    stations, planted = _stations(city)
    tanks = _tanks(city, stations)
    nozzles = _nozzles(tanks)
    stock = _stock(city, tanks, planted["leaking"])
    verifications, nozzles = _verifications(city, stations, nozzles, planted["verification_overdue"])
    deliveries = _deliveries(city, stations, tanks, stock, wholesalers, planted["unfiled_supplier"])
    listed = stations.drop(columns=["risk", "trade"])
    licences, listed = _licences(city, listed)
    held = nozzles.drop(columns=["station", "tank"])
    city.at_first("oil_nozzle", held, ["verified_on", "verify_until", "cert_no", "seal_no", "error_pct", "repeat_pct"])
    city.at_first(
        "oil_station",
        listed,
        ["risk_level", "credit_class", *(c for c in listed if c.endswith("_until"))],
        business_status="营业",
    )
    return {
        "oil_wholesaler": wholesalers,
        "oil_station": listed,
        "oil_tank": tanks.drop(columns=["station", "monthly"]),
        "oil_nozzle": held,
        "oil_verification": verifications,
        "oil_tank_reading": _readings(city, tanks, stock),
        "oil_delivery": deliveries,
        "oil_invoice": _invoices(city, deliveries),
        "oil_sale_day": _sales(city, nozzles, tanks, stock),
        "tax_declaration": _declarations(city, stations, tanks, stock, planted["under_declared"]),
        "oil_sampling": _samplings(city, stations, planted["substandard"]),
        "vapor_test": _vapour(city, stations),
        "price_post": _prices(city, stations),
        "bulk_sale": _bulk(city, stations),
        "oil_truck": _trucks(city, wholesalers),
        "licence": licences,
        **supervise(city, PRACTICE, stations),
    }


def _stations(city: City) -> tuple[pd.DataFrame, dict[str, NDArray[np.intp]]]:
    rng = city.rng("stations")
    n = city.count(STATIONS)
    frame = city.forget(rng, city.spots(rng, n, urban=0.8, even=0.35), 0.05)
    names = city.brands(n) + pick(rng, _SUFFIXES, n)
    sizes = rng.choice(["一级", "二级", "三级"], n, p=[0.2, 0.5, 0.3]).astype(object)
    sales = np.array([{"一级": 9_000, "二级": 5_200, "三级": 2_600}[s] for s in sizes]) * rng.lognormal(0, 0.22, n)
    shuffled = rng.permutation(n)
    counts = {
        "leaking": LEAKING, "under_declared": UNDER_DECLARED, "substandard": SUBSTANDARD, "unfiled_supplier": UNFILED_SUPPLIER,
        "verification_overdue": OVERDUE,
    }  # fmt: skip
    planted, used = {}, 0
    for kind, base in counts.items():
        planted[kind] = shuffled[used : used + city.count(base)]
        used += city.count(base)
    bad = shuffled[:used]
    risk = rng.beta(1.4, 5, n)
    risk[bad] = np.maximum(risk[bad], 0.55)
    status = pick(rng, {"营业": 0.93, "歇业": 0.045, "停业整顿": 0.01, "关闭": 0.015}, n)
    status[bad] = "营业"
    frame = frame.assign(
        uscc=city.usccs(rng, n), name=names, address=city.addresses(rng, frame), brand=pick(rng, _BRANDS, n),
        operation_mode=pick(rng, {"自营": 0.68, "特许": 0.17, "租赁": 0.1, "委托": 0.05}, n), station_class=sizes,
        business_status=status, canopy_name=np.where(rng.random(n) < 0.975, names, "便民加油站"), annual_sales_t=sales.round(2),
        has_vapor_online=(sizes != "三级") & (rng.random(n) < 0.7), self_service=rng.random(n) < 0.45, video_online=rng.random(n) < 0.8,
        credit_class=np.select([risk > 0.85, risk > 0.6, risk > 0.25], ["D", "C", "B"], "A"),
        risk_level=np.select([risk > 0.6, risk > 0.3], ["high", "medium"], "low"),
        risk=risk, trade=np.isin(status, ["营业"]),
    )  # fmt: skip
    for kind in ("under_declared", "substandard", "unfiled_supplier", "verification_overdue"):
        city.plant(kind, "oil_station", frame["uscc"].to_numpy(object)[planted[kind]])
    return frame, planted


def _wholesalers(city: City) -> pd.DataFrame:
    rng = city.rng("wholesalers")
    n = city.count(14)
    place = city.spots(rng, n, urban=0.5, even=0)
    state = np.full(n, "已备案", object)
    state[0] = "未备案"
    if n > 6:
        state[1] = "变更逾期"
    return place[["division_code", "zone", "lng", "lat"]].assign(
        name=city.companies(rng, np.full(n, "石油化工有限公司")), uscc=city.usccs(rng, n), address=city.addresses(rng, place), filing_status=state,
        filing_receipt_no=where(state != "未备案", numbered("新油备", np.arange(n) + city.part * 10_000, 6)),
        filed_on=where(state != "未备案", np.datetime64("2025-06-01") + rng.integers(0, 90, n)),
    )  # fmt: skip


def _trucks(city: City, wholesalers: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("trucks")
    n = city.count(60)
    owner = rng.integers(len(wholesalers), size=n)
    return pd.DataFrame({
        "plate": _plates(city, n), "name": wholesalers["name"].to_numpy(object)[owner], "uscc": wholesalers["uscc"].to_numpy(object)[owner],
        "transport_permit": numbered("新交运管危字", np.arange(n) + city.part * 10_000, 8, "号"), "gps_online": rng.random(n) < 0.94,
    })  # fmt: skip


def _plates(city: City, n: int) -> NDArray[np.object_]:
    return numbered("新AY", np.arange(n) + city.part * 60, 4)


# --- tanks and nozzles -------------------------------------------------------------------------------------------


def _tanks(city: City, stations: pd.DataFrame) -> pd.DataFrame:
    """Three or four tanks a station; `monthly` is what an average month sells from each, in litres."""
    rng = city.rng("tanks")
    n = len(stations)
    at = np.repeat(np.arange(n), len(_TANKS))
    product = np.tile(np.array([p for p, _ in _TANKS], object), n)
    share = np.tile(np.array([s for _, s in _TANKS]), n) * rng.uniform(0.8, 1.2, len(at))
    share /= np.add.reduceat(share, np.arange(0, len(at), len(_TANKS))).repeat(len(_TANKS))
    density = np.array([_DENSITY[p] for p in product])
    monthly = stations["annual_sales_t"].to_numpy()[at] / 12 * share * 1e6 / density * stations["trade"].to_numpy()[at]
    keep = (product != "-35#") | (rng.random(len(at)) < 0.6)
    frame = pd.DataFrame({
        "station": at, "uscc": stations["uscc"].to_numpy(object)[at], "product": product,
        "capacity_l": np.select([monthly > 160_000, monthly > 60_000], [50_000.0, 30_000.0], 20_000.0), "double_wall": rng.random(len(at)) < 0.86,
        "gauge_model": pick(rng, {"磁致伸缩 TLS-4": 0.6, "磁致伸缩 SYW-A": 0.4}, len(at)), "safe_height_mm": 2_400.0, "monthly": monthly,
    })[keep].reset_index(drop=True)  # fmt: skip
    return frame.assign(tank_no=(frame.groupby("station").cumcount() + 1).astype("U2").astype(object))


def _nozzles(tanks: pd.DataFrame) -> pd.DataFrame:
    """Two nozzles a tank."""
    at = np.repeat(np.arange(len(tanks)), 2)
    station = tanks["station"].to_numpy()[at]
    order = np.arange(len(at)) - np.searchsorted(station, station)
    return pd.DataFrame({
        "station": station, "tank": at, "uscc": tanks["uscc"].to_numpy(object)[at], "dispenser_no": order // 2 + 1,
        "nozzle_no": numbered("", order + 1, 2), "product": tanks["product"].to_numpy(object)[at],
    })  # fmt: skip


def _verifications(
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


# --- stock -------------------------------------------------------------------------------------------------------


def _stock(city: City, tanks: pd.DataFrame, leaking: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
    """Litres at 20 °C by tank and month, arrays of shape (tanks, 37): the last column is the month that has begun.

    `sold`, `bought`, `lost` (what a leak takes) and `close`. A leak begins in the last or the last but one whole month.
    """
    rng = city.rng("stock")
    months = np.append(city.months, city.months[-1] + 1)
    n = len(tanks)
    part = np.ones(len(months))
    part[-1] = int((city.today - months[-1].astype("datetime64[D]")).astype(int) + 1) / 30
    season = _SEASON[months.astype(int) % 12]
    sold = tanks["monthly"].to_numpy()[:, None] * season * rng.lognormal(0, 0.07, (n, len(months))) * part
    winter_diesel = (tanks["product"] == "-35#").to_numpy()
    sold[winter_diesel] *= np.where(season < 0.97, 1.6, 0)  # is sold in the cold months only
    capacity = tanks["capacity_l"].to_numpy()
    aim = capacity[:, None] * rng.uniform(0.22, 0.8, (n, len(months)))  # to be in the tank when the month ends
    lost = np.zeros_like(sold)
    first = np.flatnonzero(np.isin(tanks["station"].to_numpy(), leaking) & (tanks["tank_no"].to_numpy(object) == "1"))
    began = rng.integers(len(months) - 3, len(months) - 1, len(first))
    rate = rng.uniform(0.9, 1.6, len(first))  # of litres an hour at night; by day the pumping line leaks as well
    for tank, month in zip(first, began, strict=True):
        lost[tank, month:] = sold[tank, month:] * rng.uniform(0.028, 0.055)
    city.plant(
        "leaking", "oil_station", tanks["uscc"].to_numpy(object)[first],
        tank_no="1", since=months_of(months[began]), litres_an_hour=rate.round(2),
    )  # fmt: skip
    bought, close, held = np.zeros_like(sold), np.zeros_like(sold), capacity * 0.5
    for m in range(len(months)):
        leaves = sold[:, m] * 1.0015 + lost[:, m]
        needed = aim[:, m] + leaves - held
        bought[:, m] = np.where(needed > 2_000, needed, 0)  # nobody sends a truck for less
        held = held + bought[:, m] - leaves
        close[:, m] = held
    leak = np.zeros(n)
    leak[first] = rate
    return {"sold": sold, "bought": bought, "lost": lost, "close": close, "leak": leak}


def _readings(city: City, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """The gauge at each month's end, and at one and five o'clock of the last nights."""
    rng = city.rng("readings")
    months, n = city.months[-_MONTHS_OF_STOCK:], len(tanks)
    ends = (months + 1).astype("datetime64[s]") - np.timedelta64(1, "h")
    monthly = pd.DataFrame({
        "tank": np.repeat(np.arange(n), len(months)), "read_at": np.tile(ends, n), "v20_l": stock["close"][:, :-1][:, -_MONTHS_OF_STOCK:].ravel(),
    })  # fmt: skip
    nights = city.today - np.arange(NIGHTS)
    late, early = (
        nights.astype("datetime64[s]") + np.timedelta64(1, "h"),
        nights.astype("datetime64[s]") + np.timedelta64(5, "h"),
    )
    level = tanks["capacity_l"].to_numpy()[:, None] * rng.uniform(0.25, 0.85, (n, NIGHTS))
    dropped = level - stock["leak"][:, None] * 4 - np.abs(rng.normal(0, 0.25, (n, NIGHTS)))
    nightly = pd.DataFrame({
        "tank": np.tile(np.repeat(np.arange(n), NIGHTS), 2), "read_at": np.concatenate([np.tile(late, n), np.tile(early, n)]),
        "v20_l": np.concatenate([level.ravel(), dropped.ravel()]),
    })  # fmt: skip
    frame = pd.concat([monthly, nightly], ignore_index=True)
    at = frame["tank"].to_numpy()
    month = frame["read_at"].to_numpy().astype("datetime64[M]").astype(int) % 12
    temperature = (_GROUND[month] + np.repeat(rng.normal(0, 1.2, n), 1)[at]).round(1)
    beta = np.array([_BETA[p] for p in tanks["product"]])[at]
    volume = frame["v20_l"].to_numpy() * (1 + beta * (temperature - 20))
    wet = np.isin(np.arange(n), rng.choice(n, max(1, n // 60), replace=False))
    return pd.DataFrame({
        "uscc": tanks["uscc"].to_numpy(object)[at], "tank_no": tanks["tank_no"].to_numpy(object)[at], "read_at": frame["read_at"],
        "product": tanks["product"].to_numpy(object)[at], "level_mm": (volume / tanks["capacity_l"].to_numpy()[at] * 2_600).round(0),
        "water_mm": np.where(wet[at], rng.integers(18, 45, len(at)), rng.choice([0, 0, 0, 3, 5, 8], len(at))).astype(float), "temp_c": temperature,
        "volume_l": volume.round(1), "v20_l": frame["v20_l"].round(1),
    })  # fmt: skip


def _sales(
    city: City, nozzles: pd.DataFrame, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Each nozzle's sales by day of the last whole month; they sum to the tank's sales."""
    rng = city.rng("sales")
    month = city.months[-1]
    days = np.arange(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]"))
    tank = nozzles["tank"].to_numpy()
    share = rng.gamma(8, 1, (len(nozzles), len(days)))
    share /= np.bincount(tank, share.sum(axis=1), len(tanks))[tank][:, None]
    litres = (share * stock["sold"][tank, -2][:, None]).round(2).ravel()
    at = np.repeat(np.arange(len(nozzles)), len(days))
    price = np.array([_PRICE[p] for p in nozzles["product"]])[at]
    frame = pd.DataFrame({
        "uscc": nozzles["uscc"].to_numpy(object)[at], "nozzle_no": nozzles["nozzle_no"].to_numpy(object)[at], "day": np.tile(days, len(nozzles)),
        "product": nozzles["product"].to_numpy(object)[at], "fillings": np.ceil(litres / 38).astype(int), "litres": litres,
        "amount": (litres * price).round(2), "avg_price": price,
    })  # fmt: skip
    return frame[litres > 0].reset_index(drop=True)


def _deliveries(
    city: City, stations: pd.DataFrame, tanks: pd.DataFrame, stock: Mapping[str, NDArray[np.float64]], wholesalers: pd.DataFrame,
    unfiled: NDArray[np.intp],
) -> pd.DataFrame:  # fmt: skip
    """Tank trucks: purchases in loads of up to 32,000 litres; those of months long past are one waybill a tank."""
    rng = city.rng("deliveries")
    months = np.append(city.months, city.months[-1] + 1)
    loads = np.ceil(stock["bought"] / 32_000).astype(int)
    loads[:, :-_MONTHS_BY_LOAD] = np.minimum(loads[:, :-_MONTHS_BY_LOAD], 1)
    loads[:, :-_MONTHS_OF_STOCK] = 0
    tank, month = np.nonzero(loads)
    times = loads[tank, month]
    size = stock["bought"][tank, month] / times
    at, when, size = np.repeat(tank, times), np.repeat(months[month], times), np.repeat(size, times)
    n = len(at)
    last = np.minimum((when + 1).astype("datetime64[D]") - 1, city.today)
    day = when.astype("datetime64[D]") + (
        rng.random(n) * ((last - when.astype("datetime64[D]")).astype(int) + 1)
    ).astype(int)
    station = tanks["station"].to_numpy()[at]
    usual = rng.integers(1 if len(wholesalers) > 1 else 0, len(wholesalers), len(stations))[station]
    late = np.isin(station, unfiled) & (day > city.today - 100) & (rng.random(n) < 0.6)
    supplier = np.where(late, 0, usual)
    product = tanks["product"].to_numpy(object)[at]
    air = (_AIR[when.astype(int) % 12] + rng.normal(0, 4, n)).round(1).clip(-40, 45)
    beta, density = np.array([_BETA[p] for p in product]), np.array([_DENSITY[p] for p in product])
    litres = size * (1 + beta * (air - 20))
    return pd.DataFrame({
        "waybill_no": numbered("PS" + ymd(day), np.arange(n) + city.part * 1_000_000, 7), "uscc": tanks["uscc"].to_numpy(object)[at],
        "plate": _plates(city, city.count(60))[rng.integers(city.count(60), size=n)], "supplier_uscc": wholesalers["uscc"].to_numpy(object)[supplier],
        "product": product, "litres": litres.round(1), "tonnes": (size * density / 1e6).round(3), "temp_c": air, "density": density.round(1),
        "invoice_no": numbered("24650", np.arange(n) + city.part * 1_000_000, 15), "unloaded_at": day.astype("datetime64[s]") + rng.integers(6 * 60, 23 * 60, n).astype("timedelta64[m]"),
    })  # fmt: skip


def _invoices(city: City, deliveries: pd.DataFrame) -> pd.DataFrame:
    """The invoices of the last 95 days' deliveries; one in fifty isn't there."""
    rng = city.rng("invoices")
    recent = deliveries[
        (deliveries["unloaded_at"] >= city.today - np.timedelta64(95, "D")).to_numpy()
        & (rng.random(len(deliveries)) < 0.98)
    ]
    price = np.array([_PRICE[p] * 0.88 for p in recent["product"]])
    amount = (recent["litres"].to_numpy() * price).round(2)
    return pd.DataFrame({
        "direction": "in", "invoice_no": recent["invoice_no"].to_numpy(object), "uscc": recent["uscc"].to_numpy(object),
        "product": recent["product"].to_numpy(object), "date": recent["unloaded_at"].to_numpy().astype("datetime64[D]"),
        "litres": recent["litres"].to_numpy(), "tonnes": recent["tonnes"].to_numpy(), "amount": amount, "vat": (amount * 0.13).round(2),
    })  # fmt: skip


def _declarations(
    city: City,
    stations: pd.DataFrame,
    tanks: pd.DataFrame,
    stock: Mapping[str, NDArray[np.float64]],
    under: NDArray[np.intp],
) -> pd.DataFrame:
    """Monthly sales declared to the tax office; the planted stations leave out a tenth and more for half a year."""
    rng = city.rng("declarations")
    months, n = city.months, len(stations)
    price = np.array([_PRICE[p] for p in tanks["product"]])
    value = np.zeros((n, len(months)))
    np.add.at(value, tanks["station"].to_numpy(), stock["sold"][:, :-1] * price[:, None])
    told = np.where(
        np.isin(np.arange(n), under)[:, None] & (np.arange(len(months)) >= len(months) - 6),
        rng.uniform(0.8, 0.88, (n, 1)),
        rng.normal(0.996, 0.004, (n, len(months))),
    )
    month = np.tile(months, n)
    declared = (month + 1).astype("datetime64[D]") + rng.integers(4, 15, len(month))
    frame = pd.DataFrame({
        "uscc": np.repeat(stations["uscc"].to_numpy(object), len(months)), "period": months_of(month),
        "taxable_sales": (value * told).ravel().round(2), "declared_on": declared,
    })  # fmt: skip
    return frame[(frame["taxable_sales"] > 0).to_numpy() & (declared <= city.today)].reset_index(drop=True)


# --- quality, licences, prices -----------------------------------------------------------------------------------


def _samplings(city: City, stations: pd.DataFrame, bad: NDArray[np.intp]) -> pd.DataFrame:
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


def _licences(city: City, stations: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The licences in force and the ones before, and the stations' list with their dates; a few have run out."""
    rng = city.rng("licences")
    n = len(stations)
    kinds = (
        ("成品油零售经营批准证书", "retail_licence_until", 5 * 365, "新油零售证书第D", "SWJ"),
        ("危险化学品经营许可证", "hazchem_licence_until", 3 * 365, "新危化经字D", "YJJ"),
        ("排污许可证", "discharge_permit_until", 5 * 365, "XJPW", "STHJ"),
        ("防雷检测报告", "lightning_report_until", 182, "FL", "QXJ"),
    )
    rows, columns = [], {}
    for place, (kind, field, length, prefix, _) in enumerate(kinds):
        left = rng.integers(5, length, n)
        late = rng.random(n) < 0.008
        until = city.today + np.where(late, -rng.integers(3, 90, n), left)
        number = numbered(prefix, np.arange(n) + city.part * n + place * 1_000_000, 7)
        columns[field] = until
        for age in range(2):
            ends = until - age * length
            rows.append(pd.DataFrame({
                "kind": kind, "no": number + ("" if age == 0 else "-旧"), "name": stations["name"], "uscc": stations["uscc"],
                "valid_from": ends - (length - 1), "valid_until": ends, "division_code": stations["division_code"], "zone": stations["zone"],
                "renew_applied_on": where((age == 0) & (until - city.today < np.timedelta64(60, "D")) & (rng.random(n) < 0.7), np.minimum(until - 62, city.today)),
            }))  # fmt: skip
        if field.startswith(("retail", "hazchem")):
            columns[field.replace("_until", "_no")] = number
    columns["retail_licence_from"] = columns["retail_licence_until"] - (5 * 365 - 1)
    return pd.concat(rows, ignore_index=True), stations.assign(**columns)


def _vapour(city: City, stations: pd.DataFrame) -> pd.DataFrame:
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


def _prices(city: City, stations: pd.DataFrame) -> pd.DataFrame:
    """The last four price rounds: every station posts the cap or a little less; very few more."""
    rng = city.rng("prices")
    rounds, products = 4, ("92#", "95#", "0#")
    n = len(stations)
    frames = []
    for age in range(rounds):
        day = city.today - (3 + age * 14)
        for product in products:
            cap = round(_PRICE[product] + 0.09 * age, 2)
            price = (
                cap
                - np.where(rng.random(n) < 0.4, rng.choice([0.1, 0.2, 0.3], n), 0)
                + np.where(rng.random(n) < 0.003, 0.15, 0)
            )
            frames.append(
                pd.DataFrame(
                    {
                        "uscc": stations["uscc"],
                        "product": product,
                        "effective_at": day.astype("datetime64[s]"),
                        "price": price.round(2),
                        "cap": cap,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def _bulk(city: City, stations: pd.DataFrame) -> pd.DataFrame:
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
