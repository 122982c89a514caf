"""The indicators of card issuers: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

ON = date(2026, 11, 23)  # in the fourth quarter: the last quarter is 2026Q3


def report(balance: float | None, quarter: str = "2026Q3", **fields) -> list[dict]:
    return [{"quarter": quarter, "balance_end": balance, "submitted_on": date(2026, 10, 20), **fields}]


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
    older = report(1_000_000, "2026Q2")
    issuer = [{"issuer_type": "scale", "custody_balance": 150_000}]
    assert judge("PPC-01", ON, ppc_issuer=issuer, ppc_quarter_report=older) == (None, "nodata")


def unfiled(judge, sold: date | None, **issuer):
    orders = issuer.pop("orders", [])
    filings = issuer.pop("filings", [])
    row = {"issuer_type": "scale", "first_sale_on": sold, **issuer}
    return judge("PPC-05", ON, ppc_issuer=[row], ppc_filing=filings, order_to_correct=orders)


@pytest.mark.parametrize(
    ("sold", "days", "level"),
    [
        (date(2026, 9, 23), 61, "red"),  # 7 days of September + 31 + 23
        (date(2026, 9, 24), 60, "orange"),
        (date(2026, 10, 23), 31, "orange"),  # 8 days of October + 23
        (date(2026, 10, 24), 30, "yellow"),  # the law's thirtieth day
        (date(2026, 11, 2), 21, "yellow"),
        (date(2026, 11, 3), 20, "normal"),
        (date(2026, 12, 1), 0, "normal"),  # sells from next month on
        (None, None, "nodata"),
    ],
)
def test_ppc_05_counts_natural_days_since_the_first_sale(judge, sold, days, level):
    assert unfiled(judge, sold) == (days, level)


def test_ppc_05_is_nothing_for_the_filed_and_for_those_outside_order_9(judge):
    sold = date(2020, 1, 1)
    assert unfiled(judge, sold, filing_no="650100AAC0024", filed_on=date(2020, 1, 20)) == (0, "normal")
    assert unfiled(judge, sold, filings=[{"kind": "备案", "filed_on": date(2020, 1, 20)}]) == (0, "normal")
    assert unfiled(judge, sold, issuer_type="non_order9") == (0, "normal")


def test_ppc_05_a_filing_that_comes_later_does_not_count_yet(judge):
    # first sale 2026-10-23, filed on 2026-11-24, judged on 11-23: 31 days without a filing
    assert unfiled(judge, date(2026, 10, 23), filing_no="650100AAC0024", filed_on=date(2026, 11, 24)) == (31, "orange")


def test_ppc_05_is_red_once_an_order_to_file_has_run_out(judge):
    order = {"problem": "未办理单用途商业预付卡备案", "due_on": date(2026, 11, 22)}
    assert unfiled(judge, date(2026, 11, 3), orders=[order]) == (61, "red")
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "due_on": ON}]) == (20, "normal")  # the last day
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "done_on": date(2026, 11, 20)}]) == (20, "normal")
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "problem": "未公示章程"}]) == (20, "normal")


SOUND = {"reg_status": "存续", "outlets": 10, "outlets_closed_90d": 0, "prepaid_balance_qe": 50_000}


def signals(judge, changes=(), outlets=(), reports=(), **issuer):
    return judge(
        "PPC-10", ON, ppc_issuer=[{**SOUND, **issuer}], business_change=list(changes), ppc_outlet=list(outlets),
        ppc_quarter_report=list(reports),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "closed", "value", "level"),
    [
        (10, 0, 0, "normal"),
        (91, 9, 0, "normal"),  # 9 of 100
        (9, 1, 1, "yellow"),  # 1 of 10
        (71, 29, 1, "yellow"),  # 29 of 100
        (7, 3, 2, "orange"),  # 3 of 10
        (1, 99, 2, "orange"),  # 99 of 100
        (0, 5, 3, "red"),  # 5 of 5, and money is held
        (10, None, None, "nodata"),
        (0, 0, None, "nodata"),  # no outlets: the share has no denominator
    ],
)
def test_ppc_10_by_the_share_of_outlets_closed_in_90_days(judge, now, closed, value, level):
    row = {**SOUND, "outlets": now, "outlets_closed_90d": closed}
    assert judge("PPC-10", ON, ppc_issuer=[row]) == (value, level)


def test_ppc_10_counts_the_list_of_outlets_where_there_is_one(judge):
    rows = [
        {"outlet_name": "1", "closed_on": date(2026, 11, 1)},
        {"outlet_name": "2", "closed_on": date(2026, 8, 25)},  # 90 days ago: 6 + 30 + 31 + 23, the first day that counts
        {"outlet_name": "3", "closed_on": date(2026, 8, 24)},  # 91 days ago: closed before
        {"outlet_name": "4"}, {"outlet_name": "5"}, {"outlet_name": "6"}, {"outlet_name": "7"},
    ]  # fmt: skip
    assert signals(judge, outlets=rows) == (2, "orange")  # 2 of the 6 that were open: 33 %


@pytest.mark.parametrize("status", ["简易注销公告中", "注销", "吊销"])
def test_ppc_10_the_end_of_a_company_is_red_only_while_it_holds_money(judge, status):
    assert signals(judge, reg_status=status) == (3, "red")
    assert signals(judge, reg_status=status, prepaid_balance_qe=0) == (0, "normal")
    assert signals(judge, reg_status=status, prepaid_balance_qe=None) == (None, "nodata")
    paid_back = report(0, "2026Q3")
    assert signals(judge, reg_status=status, reports=paid_back) == (0, "normal")  # the later report counts


def change(kind: str, day: date) -> dict:
    return {"kind": kind, "changed_on": day}


def test_ppc_10_legal_person_and_shareholders_changed_close_together_are_orange_one_is_yellow(judge):
    one = change("法人", date(2026, 10, 1))
    assert signals(judge, [one]) == (1, "yellow")
    assert signals(judge, [one, change("股东", date(2026, 10, 31))]) == (2, "orange")  # 30 days apart
    assert signals(judge, [one, change("股东", date(2026, 11, 1))]) == (1, "yellow")  # 31 days apart
    assert signals(judge, [change("法人", date(2026, 8, 25))]) == (1, "yellow")  # 90 days ago
    assert signals(judge, [change("法人", date(2026, 8, 24))]) == (0, "normal")  # 91
    assert signals(judge, [change("法人", date(2026, 11, 24))]) == (0, "normal")  # tomorrow
    assert signals(judge, [change("地址", date(2026, 10, 1))]) == (0, "normal")


def test_ppc_10_a_cancellation_notice_is_red_and_a_mark_in_the_register_yellow(judge):
    assert signals(judge, [change("注销公告", date(2026, 11, 1))]) == (3, "red")
    assert signals(judge, reg_status="经营异常") == (1, "yellow")
    assert signals(judge, reg_status="严重违法失信") == (1, "yellow")
    assert signals(judge, reg_status=None) == (None, "nodata")
