"""Who there is: wholesalers, trucks, stations with their tanks, nozzles and licences."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.refined_oil.sample.stock import DENSITY, PRICE
from pilotwatch.sampling import City, numbered, pick, where

STATIONS = 330
LEAKING, UNDER_DECLARED, SUBSTANDARD, UNFILED_SUPPLIER, OVERDUE, TAMPERED = 6, 6, 4, 5, 8, 3
POINTS = 14  # suspected of selling without a licence

_BRANDS = {"中石油": 0.27, "中石化": 0.18, "中海油": 0.05, "其他国有": 0.06, "民营": 0.39, "外资": 0.05}
_SUFFIXES = {"加油站": 0.45, "加油加气站": 0.2, "石油销售有限公司": 0.2, "能源有限公司加油站": 0.15}
_TANKS = (("92#", 1.0), ("95#", 0.6), ("0#", 0.7), ("-35#", 0.25))  # product, share of the station's sales


def draw_stations(city: City) -> tuple[pd.DataFrame, dict[str, NDArray[np.intp]]]:
    rng = city.rng("stations")
    n = city.count(STATIONS)
    frame = city.forget(rng, city.spots(rng, n, urban=0.8, even=0.35), 0.05)
    names = city.brands(n) + pick(rng, _SUFFIXES, n)
    sizes = rng.choice(["一级", "二级", "三级"], n, p=[0.2, 0.5, 0.3]).astype(object)
    sales = np.array([{"一级": 9_000, "二级": 5_200, "三级": 2_600}[s] for s in sizes]) * rng.lognormal(0, 0.22, n)
    shuffled = rng.permutation(n)
    counts = {
        "leaking": LEAKING, "under_declared": UNDER_DECLARED, "substandard": SUBSTANDARD, "unfiled_supplier": UNFILED_SUPPLIER,
        "verification_overdue": OVERDUE, "meter_tampered": TAMPERED,
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
        product_marked=rng.random(n) >= 0.008, has_vapor_online=(sizes != "三级") & (rng.random(n) < 0.7), self_service=rng.random(n) < 0.45, video_online=rng.random(n) < 0.8,
        credit_class=np.select([risk > 0.85, risk > 0.6, risk > 0.25], ["D", "C", "B"], "A"),
        risk_level=np.select([risk > 0.6, risk > 0.3], ["high", "medium"], "low"),
        risk=risk, trade=np.isin(status, ["营业"]),
    )  # fmt: skip
    for kind in ("under_declared", "substandard", "unfiled_supplier", "verification_overdue", "meter_tampered"):
        city.plant(kind, "oil_station", frame["uscc"].to_numpy(object)[planted[kind]])
    return frame, planted


def draw_wholesalers(city: City) -> pd.DataFrame:
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
        filed_on=where(state != "未备案", np.datetime64("2025-06-01") + rng.integers(0, 78, n)),
    )  # fmt: skip


def draw_trucks(city: City, wholesalers: pd.DataFrame) -> pd.DataFrame:
    rng = city.rng("trucks")
    n = city.count(60)
    owner = rng.integers(len(wholesalers), size=n)
    return pd.DataFrame({
        "plate": draw_plates(city, n), "name": wholesalers["name"].to_numpy(object)[owner], "uscc": wholesalers["uscc"].to_numpy(object)[owner],
        "transport_permit": numbered("新交运管危字", np.arange(n) + city.part * 10_000, 8, "号"), "gps_online": rng.random(n) < 0.94,
    })  # fmt: skip


def draw_plates(city: City, n: int) -> NDArray[np.object_]:
    return numbered("新AY", np.arange(n) + city.part * 60, 4)


def draw_tanks(city: City, stations: pd.DataFrame) -> pd.DataFrame:
    """Three or four tanks a station; `monthly` is what an average month sells from each, in litres."""
    rng = city.rng("tanks")
    n = len(stations)
    at = np.repeat(np.arange(n), len(_TANKS))
    product = np.tile(np.array([p for p, _ in _TANKS], object), n)
    share = np.tile(np.array([s for _, s in _TANKS]), n) * rng.uniform(0.8, 1.2, len(at))
    share /= np.add.reduceat(share, np.arange(0, len(at), len(_TANKS))).repeat(len(_TANKS))
    density = np.array([DENSITY[p] for p in product])
    monthly = stations["annual_sales_t"].to_numpy()[at] / 12 * share * 1e6 / density * stations["trade"].to_numpy()[at]
    keep = (product != "-35#") | (rng.random(len(at)) < 0.6)
    frame = pd.DataFrame({
        "station": at, "uscc": stations["uscc"].to_numpy(object)[at], "product": product,
        "capacity_l": np.select([monthly > 160_000, monthly > 60_000], [50_000.0, 30_000.0], 20_000.0), "double_wall": rng.random(len(at)) < 0.86,
        "gauge_model": pick(rng, {"磁致伸缩 TLS-4": 0.6, "磁致伸缩 SYW-A": 0.4}, len(at)), "safe_height_mm": 2_400.0, "monthly": monthly,
    })[keep].reset_index(drop=True)  # fmt: skip
    return frame.assign(tank_no=(frame.groupby("station").cumcount() + 1).astype("U2").astype(object))


def draw_nozzles(tanks: pd.DataFrame) -> pd.DataFrame:
    """Two nozzles a tank."""
    at = np.repeat(np.arange(len(tanks)), 2)
    station = tanks["station"].to_numpy()[at]
    order = np.arange(len(at)) - np.searchsorted(station, station)
    return pd.DataFrame({
        "station": station, "tank": at, "uscc": tanks["uscc"].to_numpy(object)[at], "dispenser_no": order // 2 + 1,
        "nozzle_no": numbered("", order + 1, 2), "product": tanks["product"].to_numpy(object)[at],
    })  # fmt: skip


def draw_licences(city: City, stations: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
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
        early = np.where(rng.random(n) < 0.5, rng.integers(5, length, n), 0)  # some renew long before they have to
        left = np.maximum(rng.integers(5, length, n), early)
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


def draw_points(city: City) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places and vehicles said to sell fuel without a licence, and the complaints about them; some are confirmed."""
    rng = city.rng("unlicensed points")
    n = city.count(POINTS)
    frame = city.spots(rng, n, urban=0.5, even=0.2)
    kind = pick(rng, {"流动加油车": 0.5, "固定点": 0.35, "内设点对外销售": 0.15}, n)
    found = city.days(rng, n, city.today - np.timedelta64(120, "D"), city.today - np.timedelta64(20, "D"))
    verdict = np.array(["属实", "待核实", "待核实", "不属实", "待核实", "属实"], object)[np.arange(n) % 6]
    loud = np.arange(n) % 3 == 1  # many speak of it, trucks stop there, it is cheap
    closed = (np.arange(n) % 6 == 5) & (found < city.today - 30)
    price = PRICE["0#"] - np.where(loud | (verdict == "属实"), 0.6, 0.1)
    frame = frame.assign(
        point_no=numbered("YD", np.arange(n) + city.part * 10_000, 8), name=city.addresses(rng, frame) + "附近" + kind, kind=kind,
        found_on=found, truck_stops=np.where(loud, rng.integers(2, 6, n), rng.integers(0, 2, n)), price=price.round(2), cap=PRICE["0#"],
        verdict=verdict, verified_on=where(verdict != "待核实", found + 10), closed_on=where(closed, found + 25),
        address=city.addresses(rng, frame),
    )  # fmt: skip
    planted = loud | ((verdict == "属实") & ~closed)
    city.plant("unlicensed_point", "oil_unlicensed_point", frame["point_no"].to_numpy(object)[planted])
    at = np.repeat(np.arange(n), np.where(loud, 3, 1))
    received = np.minimum(found[at] + rng.integers(0, 15, len(at)), city.today - 1)
    complaints = pd.DataFrame({
        "source": "12345", "ref_no": numbered("TSYD", np.arange(len(at)) + city.part * 10_000, 8), "kind": "举报",
        "received_at": received.astype("datetime64[s]") + np.timedelta64(13, "h"), "name": frame["name"].to_numpy(object)[at],
        "point_no": frame["point_no"].to_numpy(object)[at], "subject": "疑似无证售油", "people_count": 1, "dept": "SWJ", "status": "办理中",
        **{c: frame[c].to_numpy(object)[at] for c in ("division_code", "street_code", "zone")},
    })  # fmt: skip
    return frame, complaints
