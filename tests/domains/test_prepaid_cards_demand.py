"""Complaints, refunds and sudden selling: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

ON = date(2026, 11, 23)
REPORT = [{"quarter": "2026Q3", "balance_end": 1_000_000, "submitted_on": date(2026, 10, 20)}]


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def numbered(rows) -> list[dict]:
    return [{"ref_no": str(n), **row} for n, row in enumerate(rows)]


# --- PPC-07 ------------------------------------------------------------------------------------------------------


def sheet(days: int, kind: str = "投诉", **fields) -> dict:
    return {"received_at": pd.Timestamp("2026-11-23 18:30") - timedelta(days=days), "kind": kind, **fields}


def surge(judge, *sheets: dict):
    return judge("PPC-07", ON, ppc_issuer=[{"issuer_type": "non_order9"}], complaint=numbered(sheets))


@pytest.mark.parametrize(
    ("n30", "before", "level"),
    [
        (30, 300, "red"),
        (29, 300, "orange"),
        (20, 20, "red"),  # 3 × 20 ÷ 20 = 3
        (20, 21, "orange"),  # 2.86
        (19, 3, "orange"),  # 19 times as many, but fewer than 20
        (10, 300, "orange"),
        (9, 300, "yellow"),
        (6, 9, "orange"),  # 3 × 6 ÷ 9 = 2
        (6, 10, "yellow"),  # 1.8
        (5, 7, "orange"),  # 2.14
        (5, 8, "yellow"),  # 1.88
        (5, 0, "orange"),  # 5 ÷ 0.33 = 15.2
        (4, 0, "normal"),
        (0, 3, "normal"),
    ],
)
def test_ppc_07_by_the_complaints_of_30_days_and_their_growth(judge, n30, before, level):
    assert surge(judge, *[sheet(3)] * n30, *[sheet(60)] * before) == (n30, level)


def test_ppc_07_counts_today_to_30_days_ago_and_compares_with_31_to_120(judge):
    assert surge(judge, *[sheet(0)] * 5, *[sheet(30)] * 5, *[sheet(31)] * 300) == (10, "orange")
    assert surge(judge, *[sheet(10)] * 5, *[sheet(31)] * 5, *[sheet(120)] * 3) == (5, "yellow")  # 3 × 5 ÷ 8
    assert surge(judge, *[sheet(10)] * 5, *[sheet(31)] * 5, *[sheet(121)] * 3) == (5, "orange")  # 3 × 5 ÷ 5
    assert surge(judge, sheet(1), sheet(-1)) == (1, "normal")  # tomorrow's isn't there yet


@pytest.mark.parametrize(
    ("days", "people", "level"),
    [(7, 10, "red"), (7, 9, "normal"), (8, 10, "normal"), (-1, 10, "normal"), (0, None, "normal")],
)
def test_ppc_07_one_group_complaint_of_ten_within_a_week_is_red(judge, days, people, level):
    assert surge(judge, sheet(days, people_count=people), sheet(200))[1] == level


def test_ppc_07_questions_do_not_count_and_a_complaint_that_came_in_twice_counts_once(judge):
    assert surge(judge, sheet(1), sheet(1, "举报"), sheet(1, "求助"), sheet(1, "咨询")) == (3, "normal")
    twice = sheet(1, subject="商家拒绝退卡", amount=1_200)
    assert surge(judge, twice, twice, sheet(2, subject="商家拒绝退卡", amount=1_200)) == (2, "normal")
    assert surge(judge, *[sheet(1, subject="商家拒绝退卡")] * 2) == (2, "normal")  # perhaps two people


def test_ppc_07_is_no_data_where_no_sheet_was_ever_handed_on(judge):
    assert surge(judge) == (None, "nodata")
    assert surge(judge, sheet(-1)) == (None, "nodata")
    assert surge(judge, sheet(900)) == (0, "normal")


# --- PPC-08 ------------------------------------------------------------------------------------------------------


def request(amount: float, days: int = 3, paid: float | None = None, paid_days: int | None = None) -> dict:
    row = {"requested_on": ago(days), "amount": amount, "paid_amount": paid}
    return {**row, "paid_on": None if paid_days is None else ago(paid_days)}


def run(judge, *requests: dict, reports=REPORT):
    return judge("PPC-08", ON, ppc_issuer=[{}], ppc_quarter_report=reports, ppc_refund=numbered(requests))


@pytest.mark.parametrize(
    ("asked", "value", "level"),
    [
        (100_000, 0.1, "red"),  # of 1 000 000
        (99_999.99, 0.09999999, "orange"),
        (50_000, 0.05, "orange"),
        (49_999.99, 0.04999999, "yellow"),
        (20_000, 0.02, "yellow"),
        (19_999.99, 0.01999999, "normal"),
    ],
)
def test_ppc_08_by_what_was_asked_for_in_a_week_of_the_balance(judge, asked, value, level):
    assert run(judge, request(asked)) == (value, level)


def test_ppc_08_a_week_is_today_to_7_days_ago(judge):
    assert run(judge, request(60_000, 0), request(40_000, 7)) == (0.1, "red")
    assert run(judge, request(60_000, 0), request(40_000, 8)) == (0.06, "orange")
    assert run(judge, request(60_000, 0), request(40_000, -1)) == (0.06, "orange")


@pytest.mark.parametrize(
    ("count", "paid", "level"),
    [
        (5, 49.99, "red"),  # of 100 each: 49.99 %
        (5, 50, "orange"),
        (5, 79.99, "orange"),
        (5, 80, "normal"),
        (5, None, "red"),
        (4, None, "normal"),  # four requests say nothing
    ],
)
def test_ppc_08_by_what_was_paid_of_the_requests_of_30_days(judge, count, paid, level):
    assert run(judge, *[request(100, 30, paid, 10)] * count) == (0, level)


def test_ppc_08_what_is_paid_later_is_not_paid_yet_and_older_requests_do_not_count(judge):
    assert run(judge, *[request(100, 30, 100, -1)] * 5) == (0, "red")
    assert run(judge, *[request(100, 30, 100)] * 5) == (0, "normal")  # paid on a day that isn't known
    assert run(judge, *[request(100, 31)] * 5) == (0, "normal")


def test_ppc_08_without_a_balance_only_what_was_paid_can_warn(judge):
    for reports in ([], [{**REPORT[0], "balance_end": 0}]):
        assert run(judge, request(100), reports=reports) == (None, "nodata")
        assert run(judge, *[request(100)] * 5, reports=reports) == (None, "red")
    assert run(judge) == (None, "nodata")  # no request was ever handed on
    assert run(judge, request(100, 300)) == (0, "normal")


# --- PPC-09 ------------------------------------------------------------------------------------------------------

QUIET = {
    "complaint": [{"source": "12345", "ref_no": "1", "kind": "投诉", "received_at": pd.Timestamp("2025-01-06 11:00")}],
    "ppc_issuer": [{"reg_status": "存续", "outlets": 4, "outlets_closed_90d": 0, "arrears_flags": '["none"]'}],
}
BEFORE = {"2026-04": 100, "2026-05": 100, "2026-06": 100, "2026-07": 100, "2026-08": 100, "2026-09": 100}


def push(judge, sold: float | None, discount: float | None = 0.9, *, before=BEFORE, on: date = ON, **other):
    flows = [{"month": m, "issuance": v} for m, v in {**before, "2026-10": sold}.items()]
    products = [{"product_name": "1", "card_kind": "named", "discount_ratio": discount}]
    rows = {"ppc_monthly_flow": flows, "ppc_card_product": products, **QUIET, **other}
    return judge("PPC-09", on, **rows)


@pytest.mark.parametrize(
    ("sold", "value", "level"),
    [
        (200, 2.0, "orange"),
        (199, 1.99, "yellow"),
        (150, 1.5, "yellow"),
        (149, 1.49, "normal"),
        (0, 0, "normal"),
        (900, 9.0, "orange"),  # nothing else speaks against it
    ],
)
def test_ppc_09_by_last_month_against_six_months(judge, sold, value, level):
    assert push(judge, sold) == (value, level)


@pytest.mark.parametrize(("discount", "level"), [(0.51, "normal"), (0.50, "yellow"), (None, "nodata")])
def test_ppc_09_half_price_is_yellow(judge, discount, level):
    assert push(judge, 100, discount) == (1.0, level)


COMPLAINTS = [
    {"source": "12345", "ref_no": str(n), "kind": "投诉", "received_at": pd.Timestamp("2026-11-01 11:00")}
    for n in range(5)
]


@pytest.mark.parametrize(
    "signal",
    [
        {"complaint": COMPLAINTS},
        {"complaint": [{**COMPLAINTS[0], "received_at": pd.Timestamp("2026-11-20 11:00"), "people_count": 10}]},
        {"ppc_issuer": [{**QUIET["ppc_issuer"][0], "arrears_flags": '["wage"]'}]},
        {"business_change": [{"kind": "法人", "changed_on": date(2026, 11, 1)}]},
    ],
    ids=["complaints", "group", "arrears", "closing"],
)
def test_ppc_09_is_red_at_three_times_with_another_sign(judge, signal):
    assert push(judge, 300, **signal) == (3.0, "red")
    assert push(judge, 299, **signal) == (2.99, "orange")


def test_ppc_09_is_not_red_where_the_other_signs_stay_below_yellow_or_are_unknown(judge):
    assert push(judge, 300, complaint=COMPLAINTS[:4])[1] == "orange"
    assert push(judge, 300, complaint=[], ppc_issuer=[{}])[1] == "orange"


def test_ppc_09_takes_the_newest_whole_month_that_is_reported(judge):
    assert push(judge, 100, on=date(2026, 10, 31)) == (
        1.0,
        "normal",
    )  # October isn't over: September against March to August
    late = {"2026-03": 50, **BEFORE, "2026-09": 300}
    assert push(judge, None, before=late) == (3.272727273, "orange")  # 300 ÷ ((50 + 5 × 100) ÷ 6)
    assert push(judge, 300, on=date(2026, 12, 31)) == (3.0, "orange")  # November isn't reported yet: October
    assert push(judge, 300, on=date(2027, 1, 1)) == (None, "nodata")  # now it is too old


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ({"2026-04": 100, "2026-06": 100, "2026-09": 100}, 2.0),  # three months are enough
        ({"2026-06": 100, "2026-09": 100}, None),
        (dict.fromkeys(BEFORE, 0), None),  # nothing was usual
        ({"2026-03": 100, "2026-02": 100, "2026-01": 100}, None),  # too long ago
    ],
)
def test_ppc_09_needs_three_months_to_compare_with(judge, before, value):
    found = push(judge, 200, before=before)
    assert found == (value, "orange" if value else "nodata")
