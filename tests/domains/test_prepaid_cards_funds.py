"""Custody, the cap of the balance and what the money is spent on: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

ON = date(2026, 11, 23)  # in the fourth quarter: the last quarter is 2026Q3


def report(balance: float | None, quarter: str = "2026Q3", **fields) -> list[dict]:
    return [{"quarter": quarter, "balance_end": balance, "submitted_on": date(2026, 10, 20), **fields}]


# --- PPC-01 ------------------------------------------------------------------------------------------------------


def custody(balance: float, day: date = date(2026, 11, 1), bank: str = "新疆银行") -> dict:
    return {"snap_on": day, "bank": bank, "balance": balance}


def guarantee(amount: float, until: date) -> dict:
    return {"kind": "保证保险", "amount": amount, "valid_from": date(2026, 1, 1), "valid_until": until}


def adequacy(
    judge, kind: str = "scale", balance: float | None = 1_000_000, held: float = 150_000, cover=(), on: date = ON
):
    return judge(
        "PPC-01", on, ppc_issuer=[{"issuer_type": kind}], ppc_quarter_report=report(balance),
        ppc_custody_snapshot=[custody(held)], ppc_guarantee=list(cover),
    )  # fmt: skip


def test_ppc_01_worked_example(judge):
    # (150 000 + 30 000) ÷ 1 000 000 = 0.18; 0.18 ÷ 0.20 = 0.90
    assert adequacy(judge, cover=[guarantee(30_000, ON)]) == (0.9, "orange")
    # the insurance ran out yesterday: 0.15 ÷ 0.20 = 0.75
    assert adequacy(judge, cover=[guarantee(30_000, date(2026, 11, 22))]) == (0.75, "red")


def test_ppc_01_is_no_data_without_a_balance_and_with_a_balance_of_nothing(judge):
    assert adequacy(judge, balance=None) == (None, "nodata")
    assert adequacy(judge, balance=0) == (None, "nodata")


@pytest.mark.parametrize(
    ("held", "value", "level"),
    [
        (159_999.99, 0.79999995, "red"),  # 0.80 × 0.20 × 1 000 000 = 160 000, less a fen
        (160_000, 0.80, "orange"),
        (199_999.99, 0.99999995, "orange"),  # a fen short of what the law asks
        (200_000, 1.00, "yellow"),
        (219_999.99, 1.09999995, "yellow"),
        (220_000, 1.10, "normal"),
    ],
)
def test_ppc_01_bounds_are_met_to_the_fen(judge, held, value, level):
    assert adequacy(judge, held=held) == (value, level)


@pytest.mark.parametrize("balance", [1_234_567, 3_583_163, 999_999.9, 7_000_003.3])
def test_ppc_01_who_holds_exactly_what_is_owed_is_exactly_at_one(judge, balance):
    assert adequacy(judge, "group", balance, round(balance * 0.3, 2))[1] == "yellow"


@pytest.mark.parametrize(
    ("kind", "value", "level"),
    [
        ("scale", 1.5, "normal"),  # 0.30 ÷ 0.20
        ("group", 1.0, "yellow"),  # 0.30 ÷ 0.30
        ("brand", 0.75, "red"),  # 0.30 ÷ 0.40
        ("other", None, "nodata"),  # owes no custody under Order 9
        ("non_order9", None, "nodata"),
    ],
)
def test_ppc_01_the_ratio_goes_by_the_type_of_issuer(judge, kind, value, level):
    assert adequacy(judge, kind, held=300_000) == (value, level)


def test_ppc_01_adds_up_the_banks_and_takes_each_banks_last_balance_by_the_day(judge):
    rows = [
        custody(900_000, date(2026, 10, 1)),  # the same bank's older one
        custody(100_000, date(2026, 11, 1)),
        custody(50_000, date(2026, 11, 1), "昆仑银行"),
        custody(900_000, date(2026, 12, 1)),  # not yet
    ]
    found = judge(
        "PPC-01",
        ON,
        ppc_issuer=[{"issuer_type": "scale"}],
        ppc_quarter_report=report(1_000_000),
        ppc_custody_snapshot=rows,
    )
    assert found == (0.75, "red")  # 150 000 ÷ 200 000


def test_ppc_01_takes_the_last_quarter_only_and_the_issuers_own_numbers_where_reports_are_missing(judge):
    own = [{
        "issuer_type": "scale", "prepaid_balance_qe": 1_000_000, "custody_balance": 150_000,
        "guarantee_amount": 50_000, "guarantee_until": ON,
    }]  # fmt: skip
    assert judge("PPC-01", ON, ppc_issuer=own) == (1.0, "yellow")
    issuer = [{"issuer_type": "scale", "custody_balance": 150_000}]
    assert judge("PPC-01", ON, ppc_issuer=issuer, ppc_quarter_report=report(1_000_000, "2026Q2")) == (None, "nodata")


def test_ppc_01_a_report_counts_from_the_day_it_was_submitted(judge):
    issuer = [{"issuer_type": "scale", "custody_balance": 150_000, "prepaid_balance_qe": 500_000}]
    late = report(1_000_000, submitted_on=date(2026, 11, 24))
    assert judge("PPC-01", ON, ppc_issuer=issuer, ppc_quarter_report=late) == (1.5, "normal")  # 150 000 ÷ 100 000
    assert judge("PPC-01", date(2026, 11, 24), ppc_issuer=issuer, ppc_quarter_report=late) == (0.75, "red")


# --- PPC-02 ------------------------------------------------------------------------------------------------------


def cap(judge, balance: float | None, on: date = ON, **issuer):
    row = {"issuer_type": "scale", "industry": "零售业", "prior_fy_main_revenue": 1_000_000, **issuer}
    return judge("PPC-02", on, ppc_issuer=[row], ppc_quarter_report=report(balance))


@pytest.mark.parametrize(
    ("balance", "value", "level"),
    [
        (400_000.01, 1.000000025, "red"),  # the cap: 40 % × 1 000 000 = 400 000
        (400_000, 1.0, "orange"),
        (360_000.01, 0.900000025, "orange"),
        (360_000, 0.9, "yellow"),
        (300_000.01, 0.750000025, "yellow"),
        (300_000, 0.75, "normal"),
        (0, 0, "normal"),
        (None, None, "nodata"),
    ],
)
def test_ppc_02_bounds_are_met_to_the_fen(judge, balance, value, level):
    assert cap(judge, balance) == (value, level)


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        ({"industry": "住宿业"}, 1.0),  # 400 000 ÷ 40 % of 1 000 000
        ({"industry": "餐饮业"}, 1.0),
        ({"industry": "居民服务业"}, 0.4),  # 400 000 ÷ 100 %
        ({"industry": "教育培训"}, None),  # no cap is set for it
        ({"industry": None}, None),
        ({"issuer_type": "non_order9"}, None),
        ({"issuer_type": "other"}, 1.0),
        ({"issuer_type": "group", "group_prior_fy_revenue": 4_000_000}, 0.333333333),  # 400 000 ÷ 30 % of 4 000 000
        ({"issuer_type": "group"}, None),  # its own revenue isn't the group's
        ({"prior_fy_main_revenue": 0}, None),
        ({"established_on": date(2025, 11, 24), "registered_capital": 250_000}, 0.8),  # under a year: 400 000 ÷ 500 000
        ({"established_on": date(2025, 11, 23), "registered_capital": 250_000}, 1.0),  # a year old today
        ({"established_on": date(2025, 11, 24)}, None),
    ],
)
def test_ppc_02_the_cap_goes_by_industry_type_and_age(judge, issuer, value):
    assert cap(judge, 400_000, **issuer)[0] == value


def test_ppc_02_takes_the_newest_balance_of_a_year_where_the_last_quarters_is_unknown(judge):
    row = {"issuer_type": "other", "industry": "零售业", "prior_fy_main_revenue": 1_000_000}
    yearly = report(200_000, "2025Q4", submitted_on=date(2026, 1, 20))
    assert judge("PPC-02", ON, ppc_issuer=[row], ppc_quarter_report=yearly) == (0.5, "normal")
    assert judge("PPC-02", date(2027, 1, 4), ppc_issuer=[row], ppc_quarter_report=yearly) == (0.5, "normal")
    assert judge("PPC-02", date(2027, 1, 4), ppc_issuer=[row], ppc_quarter_report=report(200_000, "2025Q3")) == (
        None,
        "nodata",
    )
    listed = {**row, "prepaid_balance_qe": 100_000}
    assert judge("PPC-02", ON, ppc_issuer=[listed], ppc_quarter_report=yearly) == (0.25, "normal")


# --- PPC-12 ------------------------------------------------------------------------------------------------------


def paid(amount: float, purpose: str | None, finding: str | None = None, day: date = date(2026, 11, 1)) -> dict:
    return {"paid_on": day, "amount": amount, "purpose": purpose, "finding": finding}


def spending(judge, *rows: dict, kind: str = "scale", on: date = ON):
    numbered = [{"ref_no": str(n), **row} for n, row in enumerate(rows)]
    return judge("PPC-12", on, ppc_issuer=[{"issuer_type": kind}], ppc_fund_outflow=numbered)


@pytest.mark.parametrize("purpose", ["property", "equity", "securities", "lending"])
def test_ppc_12_any_confirmed_amount_is_red(judge, purpose):
    assert spending(judge, paid(0.01, purpose, "confirmed")) == (0.01, "red")


@pytest.mark.parametrize(
    ("rows", "value", "level"),
    [
        ([paid(9e6, "main")], 0, "normal"),
        ([paid(9e6, "main"), paid(9e6, "other"), paid(9e6, None)], 0, "normal"),
        ([paid(9e6, "lending", "cleared")], 0, "normal"),
        ([paid(0.01, "equity", "suspected")], 0, "yellow"),
        ([paid(60_000, "equity", "suspected"), paid(40_000, "lending")], 0, "yellow"),  # 100 000, not above it
        ([paid(60_000, "equity", "suspected"), paid(40_000.01, "lending")], 0, "orange"),
        ([paid(200_000, "equity", "suspected"), paid(5, "equity", "confirmed")], 5, "red"),
        ([], None, "nodata"),
    ],
)
def test_ppc_12_what_is_not_confirmed_is_suspected(judge, rows, value, level):
    assert spending(judge, *rows) == (value, level)


def test_ppc_12_looks_back_three_months_and_at_issuers_under_order_9_only(judge):
    wrong = paid(10, "lending", "confirmed", date(2026, 8, 24))
    assert spending(judge, wrong) == (10, "red")
    assert spending(judge, wrong, on=date(2026, 11, 24)) == (None, "nodata")  # nothing is known of these three months
    assert spending(judge, paid(10, "lending", "confirmed", date(2026, 11, 24))) == (None, "nodata")  # tomorrow
    assert spending(judge, wrong, kind="non_order9") == (None, "nodata")
