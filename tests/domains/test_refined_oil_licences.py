"""OIL-09, 10 and 16: licences that run out, points without any, names that differ."""

from __future__ import annotations

from datetime import date

import pytest

from tests.domains.oil import CLOSED, ON, OPEN, ago, at, indicator, judge, level, numbers

FAR = date(2030, 1, 1)
RETAIL = "成品油零售经营批准证书"

# --- OIL-09 ------------------------------------------------------------------------------------------------------


def licences(**fields) -> list[dict]:
    dates = dict.fromkeys(
        ("retail_licence_until", "hazchem_licence_until", "discharge_permit_until", "lightning_report_until"), FAR
    )
    return [{**OPEN[0], **dates, **fields}]


@pytest.mark.parametrize(
    ("field", "until", "days", "found"),
    [
        ("retail_licence_until", date(2026, 11, 22), -1, "red"),
        ("retail_licence_until", date(2026, 11, 23), 0, "orange"),  # the last day
        ("retail_licence_until", date(2026, 12, 23), 30, "orange"),
        ("retail_licence_until", date(2026, 12, 24), 31, "yellow"),
        ("retail_licence_until", date(2027, 2, 21), 90, "yellow"),  # 7 + 31 + 31 + 21
        ("retail_licence_until", date(2027, 2, 22), 91, "normal"),
        ("hazchem_licence_until", date(2026, 11, 22), -1, "red"),
        ("hazchem_licence_until", date(2027, 2, 21), 90, "orange"),
        ("hazchem_licence_until", date(2027, 2, 22), 91, "yellow"),
        ("hazchem_licence_until", date(2027, 4, 22), 150, "yellow"),  # 90 + 7 + 31 + 22
        ("hazchem_licence_until", date(2027, 4, 23), 151, "normal"),
        ("discharge_permit_until", date(2026, 11, 22), -1, "red"),
        ("discharge_permit_until", date(2027, 1, 22), 60, "orange"),  # 7 + 31 + 22
        ("discharge_permit_until", date(2027, 1, 23), 61, "yellow"),
        ("discharge_permit_until", date(2027, 3, 23), 120, "yellow"),  # 7 + 31 + 31 + 28 + 23
        ("discharge_permit_until", date(2027, 3, 24), 121, "normal"),
        ("lightning_report_until", date(2026, 11, 22), -1, "red"),
        ("lightning_report_until", date(2026, 11, 30), 7, "orange"),
        ("lightning_report_until", date(2026, 12, 1), 8, "yellow"),
        ("lightning_report_until", date(2026, 12, 23), 30, "yellow"),
        ("lightning_report_until", date(2026, 12, 24), 31, "normal"),
    ],
)
def test_oil_09_each_licence_has_its_own_lead_time(field, until, days, found):
    assert judge("OIL-09", oil_station=licences(**{field: until})) == (days, found)


def test_oil_09_the_worst_licence_counts_though_another_ends_first():
    # lightning 20 days: yellow; hazardous chemicals 80 days: orange
    rows = licences(lightning_report_until=ago(-20), hazchem_licence_until=ago(-80))
    assert judge("OIL-09", oil_station=rows) == (20, "orange")
    assert numbers("OIL-09", oil_station=rows)["hazchem"] == 80


def test_oil_09_is_no_data_where_a_date_is_missing_unless_another_licence_warns():
    assert level("OIL-09", oil_station=licences(discharge_permit_until=None)) == "nodata"
    assert level("OIL-09", oil_station=licences(discharge_permit_until=None, retail_licence_until=ago(10))) == "red"
    assert judge("OIL-09") == (None, "nodata")


def test_oil_09_a_renewed_licence_in_the_register_counts():
    rows = licences(retail_licence_until=date(2026, 11, 13))
    renewed = [{"kind": RETAIL, "valid_from": date(2026, 11, 14), "valid_until": FAR}]
    later = [{"kind": RETAIL, "valid_from": date(2026, 11, 24), "valid_until": FAR}]
    assert level("OIL-09", oil_station=rows, licence=renewed) == "normal"
    assert judge("OIL-09", oil_station=rows, licence=later) == (-10, "red")  # issued tomorrow


def test_oil_09_a_station_that_the_list_calls_unlicensed_is_red_and_a_closed_one_isnt_judged():
    assert level("OIL-09", oil_station=licences(business_status="未许可")) == "red"
    assert judge("OIL-09", oil_station=[{**licences(retail_licence_until=ago(9))[0], **CLOSED[0]}]) == (None, "nodata")


@pytest.mark.parametrize(
    ("day", "named", "not_yet"),
    [
        (date(2025, 8, 31), "危险化学品安全管理条例", "商务部令2025年第4号"),
        (date(2025, 9, 1), "商务部令2025年第4号", "危险化学品安全法"),
        (date(2026, 4, 30), "危险化学品安全管理条例", "危险化学品安全法"),
        (date(2026, 5, 1), "危险化学品安全法", "危险化学品安全管理条例"),
    ],
)
def test_oil_09_names_the_rules_that_were_in_force(day, named, not_yet):
    source = indicator("OIL-09").in_force(day).basis.source
    assert named in source
    assert not_yet not in source


# --- OIL-10 ------------------------------------------------------------------------------------------------------


def point(**fields) -> list[dict]:
    return [
        {
            "point_no": "YD1",
            "found_on": ago(30),
            "truck_stops": 0,
            "price": 6.90,
            "cap": 7.00,
            "verdict": "待核实",
            **fields,
        }
    ]


def reports(n: int, days: int = 10) -> list[dict]:
    return [{"ref_no": f"TS{i}", "received_at": at(ago(days), 12)} for i in range(n)]


@pytest.mark.parametrize(
    ("complaints", "fields", "score", "found"),
    [
        (0, {}, 0, "normal"),
        (1, {"truck_stops": 1}, 25, "normal"),  # 15 + 10
        (2, {}, 30, "yellow"),
        (3, {"truck_stops": 1}, 55, "yellow"),  # 45 + 10
        (3, {"price": 6.80}, 60, "orange"),  # 45 + 15 for 0.20 below the cap
        (4, {}, 45, "yellow"),  # reports give 45 at most
        (0, {"truck_stops": 9}, 30, "yellow"),  # stops give 30 at most
        (0, {"price": 6.81}, 0, "normal"),
        (0, {"price": 6.51}, 15, "normal"),
        (0, {"price": 6.50}, 25, "normal"),  # 0.50 below the cap
        (9, {"truck_stops": 9, "price": 5.00}, 100, "orange"),
        (0, {"verdict": "属实", "verified_on": ON}, 0, "red"),
        (0, {"verdict": "属实", "verified_on": ago(-1)}, 0, "normal"),  # of tomorrow
        (9, {"verdict": "不属实"}, 0, "normal"),  # looked into: nothing in it
        (9, {"verdict": "属实", "closed_on": ON}, None, "nodata"),  # closed down
        (0, {"verdict": "属实", "closed_on": ago(-1)}, 0, "red"),
        (9, {"found_on": ago(-1)}, None, "nodata"),
        (0, {"truck_stops": None, "price": None}, None, "nodata"),  # nothing is known but that it was listed
        (2, {"truck_stops": None, "price": None}, 30, "yellow"),
    ],
)
def test_oil_10_is_red_when_confirmed_and_else_judged_by_a_score(complaints, fields, score, found):
    assert judge("OIL-10", oil_unlicensed_point=point(**fields), complaint=reports(complaints)) == (score, found)


def test_oil_10_counts_complaints_and_clues_of_ninety_days_each_once():
    clues = [
        {"channel_ref_no": "TS0", "received_at": at(ago(9), 9)},  # passes on the first complaint
        {"channel_ref_no": None, "received_at": at(ON, 9)},
        {"channel_ref_no": "X", "received_at": at(ago(89))},
        {"channel_ref_no": "Y", "received_at": at(ago(90), 23)},  # too old
        {"channel_ref_no": "Z", "received_at": at(ago(-1))},  # of tomorrow
    ]
    told = numbers("OIL-10", oil_unlicensed_point=point(truck_stops=2), complaint=reports(1), clue=clues)
    # 3 × 15 + 2 × 10
    assert told == {"value": 65, "confirmed": 0, "reports": 3, "stops": 2, "cheaper": 0.1}


def test_oil_10_rests_on_the_law_since_may_2026():
    assert "条例" in indicator("OIL-10").in_force(date(2026, 4, 30)).basis.source
    assert "危险化学品安全法" in indicator("OIL-10").in_force(date(2026, 5, 1)).basis.source


# --- OIL-16 ------------------------------------------------------------------------------------------------------


def signs(canopy: str | None, **fields) -> list[dict]:
    return [{**OPEN[0], "canopy_name": canopy, **fields}]


def order(problem: str, due: date, done: date | None = None) -> dict:
    return {"problem": problem, "issued_on": ago(60), "due_on": due, "done_on": done}


@pytest.mark.parametrize(
    ("rows", "value", "found"),
    [
        (signs("暮原加油站"), 0, "normal"),
        (signs("暮原 加油站"), 0, "normal"),  # blanks aside
        (signs("便民加油站"), 1, "orange"),
        (signs("便民加油站", product_marked=False), 2, "orange"),
        (signs("暮原加油站", product_marked=False), 1, "orange"),
        (signs("暮原加油站", product_marked=True), 0, "normal"),
        (signs(None), None, "nodata"),
        (signs(None, product_marked=False), 1, "orange"),
    ],
)
def test_oil_16_the_canopy_bears_the_name_of_the_licence_and_products_are_marked(rows, value, found):
    assert judge("OIL-16", oil_station=rows) == (value, found)


def test_oil_16_the_newest_retail_licence_names_the_station():
    held = [
        {"kind": RETAIL, "name": "旧名加油站", "valid_from": date(2020, 1, 1)},
        {"kind": RETAIL, "name": "新疆(暮原)石油有限公司", "valid_from": date(2025, 1, 1)},
        {"kind": RETAIL, "name": "将来加油站", "valid_from": ago(-1)},
        {"kind": "排污许可证", "name": "别的名称", "valid_from": date(2026, 1, 1)},
    ]
    assert level("OIL-16", oil_station=signs("新疆（暮原）石油有限公司"), licence=held) == "normal"
    assert level("OIL-16", oil_station=signs("暮原加油站"), licence=held) == "orange"


@pytest.mark.parametrize(
    ("orders", "found"),
    [
        ([order("罩棚标注与证照不符", ago(1))], "red"),
        ([order("罩棚标注与证照不符", ON)], "orange"),  # due today
        ([order("罩棚标注与证照不符", ago(1), ago(2))], "orange"),
        ([order("罩棚标注与证照不符", ago(1), ago(-1))], "red"),  # done tomorrow
        ([order("消防通道堆放杂物", ago(1))], "orange"),  # about something else
    ],
)
def test_oil_16_is_red_where_an_order_to_correct_it_ran_out(orders, found):
    assert level("OIL-16", oil_station=signs("便民加油站"), order_to_correct=orders) == found


def test_oil_16_had_no_rule_before_september_2025():
    assert indicator("OIL-16").in_force(date(2025, 8, 31)) is None
    assert indicator("OIL-16").in_force(date(2025, 9, 1)).basis.level == "LAW"
