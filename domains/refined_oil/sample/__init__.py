"""A synthetic city's petrol stations: tanks and nozzles, what was delivered, sold, measured, sampled and declared.

Stock is simulated by tank and month: sales follow the season, deliveries refill, the gauge shows what is left. The last
whole month's and the last days' sales are kept by day and nozzle, the last nights' gauge at two hours.

Planted: `leaking` tanks (oil goes missing day and night), `under_declared` stations (less sold to the tax office than the
pumps gave), `substandard` ones (samples fail again and again), `unfiled_supplier` ones (they buy from a wholesaler that
isn't filed), `verification_overdue` ones (nozzles past their date), `meter_tampered` ones (the counters ran further than
was sold) and each `unlicensed_point` that is confirmed or much spoken of.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from domains.refined_oil.sample.findings import (
    draw_bulk,
    draw_prices,
    draw_samplings,
    draw_vapour,
    draw_vapour_days,
    draw_verifications,
)
from domains.refined_oil.sample.matters import FIELD, ITEMS, SCENE
from domains.refined_oil.sample.stations import (
    draw_licences,
    draw_nozzles,
    draw_points,
    draw_stations,
    draw_tanks,
    draw_trucks,
    draw_wholesalers,
)
from domains.refined_oil.sample.stock import (
    draw_counters,
    draw_declarations,
    draw_deliveries,
    draw_invoices,
    draw_readings,
    draw_sales,
    draw_stock,
)
from pilotwatch.sampling import City, Practice, supervise

PRACTICE = Practice(
    code="O", key="uscc", dataset="oil_station",
    departments={"SWJ": 0.22, "SCJG": 0.26, "YJJ": 0.2, "STHJ": 0.12, "XFJY": 0.1, "SWJU": 0.05, "GAJ": 0.03, "QXJ": 0.02},
    matters=("证照有效性", "加油机检定", "油品质量", "进销台账", "油气回收", "安全出口", "消防设施", "散装汽油登记", "价格公示"),
    problems=("加油机检定证书未张贴", "进销台账不完整", "油气回收装置未正常使用", "消防通道堆放杂物", "罩棚标注与证照不符", "散装汽油未实名登记", "应急预案未演练"),
    visits=4.2, complaints=1.1,
    complaint_subjects=("加油量不足", "油品质量差", "加油后车辆故障", "不开发票", "价格与公示不符", "夜间卸油噪声"),
    over_inspected=5,
    scene=SCENE, field=FIELD, items=ITEMS, listed=0.85,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its stations."""
    wholesalers = draw_wholesalers(city)
    trucks = draw_trucks(city, wholesalers)
    stations, planted = draw_stations(city)
    tanks = draw_tanks(city, stations)
    nozzles = draw_nozzles(tanks)
    stock = draw_stock(city, tanks, planted["leaking"])
    verifications, nozzles = draw_verifications(city, stations, nozzles, planted["verification_overdue"])
    deliveries = draw_deliveries(city, stations, tanks, stock, wholesalers, trucks, planted["unfiled_supplier"])
    listed = stations.drop(columns=["risk", "trade"])
    licences, listed = draw_licences(city, listed)
    held = nozzles.drop(columns=["station", "tank"])
    city.at_first("oil_nozzle", held, ["verified_on", "verify_until", "cert_no", "seal_no", "error_pct", "repeat_pct"])
    city.at_first(
        "oil_station",
        listed,
        ["risk_level", "credit_class", *(c for c in listed if c.endswith("_until"))],
        business_status="营业",
    )
    sales = draw_sales(city, nozzles, tanks, stock)
    prices, caps = draw_prices(city, stations)
    points, reports = draw_points(city)
    common = supervise(city, PRACTICE, stations)
    return {
        "oil_wholesaler": wholesalers,
        "oil_station": listed,
        "oil_tank": tanks.drop(columns=["station", "monthly"]),
        "oil_nozzle": held,
        "oil_verification": verifications,
        "oil_tank_reading": draw_readings(city, tanks, stock),
        "oil_delivery": deliveries,
        "oil_invoice": draw_invoices(city, deliveries),
        "oil_sale_day": sales,
        "oil_totalizer": draw_counters(city, sales, stations["uscc"].to_numpy(object)[planted["meter_tampered"]]),
        "tax_declaration": draw_declarations(city, stations, tanks, stock, planted["under_declared"]),
        "oil_sampling": draw_samplings(city, stations, planted["substandard"]),
        "vapor_test": draw_vapour(city, stations),
        "vapor_online_day": draw_vapour_days(city, stations, nozzles),
        "price_post": prices,
        "oil_price_cap": caps,
        "bulk_sale": draw_bulk(city, stations),
        "oil_truck": trucks,
        "licence": licences,
        "oil_unlicensed_point": points,
        **common,
        "complaint": pd.concat([common["complaint"], reports], ignore_index=True),
    }
