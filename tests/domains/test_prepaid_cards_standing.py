"""Signs of closing, arrears and the suspicion of absconding: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

ON = date(2026, 11, 23)


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def report(balance: float | None) -> dict:
    return {"quarter": "2026Q3", "balance_end": balance, "submitted_on": date(2026, 10, 20)}


# --- PPC-10 ------------------------------------------------------------------------------------------------------

SOUND = {"reg_status": "存续", "outlets": 10, "outlets_closed_90d": 0, "prepaid_balance_qe": 50_000}


def signals(judge, changes=(), shops=(), reports=(), **issuer):
    return judge(
        "PPC-10", ON, ppc_issuer=[{**SOUND, **issuer}], business_change=list(changes), ppc_outlet=list(shops),
        ppc_quarter_report=list(reports),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "closed", "value", "level"),
    [
        (10, 0, 0, "normal"),
        (91, 9, 0, "normal"),  # 9 of 100
        (9, 1, 1, "yellow"),  # 1 of 10
        (71, 29, 1, "yellow"),  # 29 of 100
        (7, 3, 1, "orange"),  # 3 of 10
        (1, 99, 1, "orange"),  # 99 of 100
        (0, 5, 1, "red"),  # 5 of 5, and money is held
        (10, None, None, "nodata"),
        (0, 0, None, "nodata"),  # no outlets: the share has no denominator
    ],
)
def test_ppc_10_by_the_share_of_outlets_closed_in_90_days(judge, now, closed, value, level):
    assert signals(judge, outlets=now, outlets_closed_90d=closed) == (value, level)


def test_ppc_10_all_outlets_closed_is_orange_where_no_money_is_held(judge):
    assert signals(judge, outlets=0, outlets_closed_90d=5, prepaid_balance_qe=0) == (1, "orange")
    assert signals(judge, outlets=0, outlets_closed_90d=5, prepaid_balance_qe=None) == (1, "orange")


def test_ppc_10_counts_the_list_of_outlets_where_there_is_one(judge):
    rows = [
        {"outlet_name": "1", "closed_on": date(2026, 11, 1)},
        {"outlet_name": "2", "closed_on": ago(90)},  # the first day that counts
        {"outlet_name": "3", "closed_on": ago(91)},  # closed before
        {"outlet_name": "4", "outlet_status": "闭店"},  # when isn't known: counts in neither
        {"outlet_name": "5", "closed_on": ago(-1)},  # tomorrow: open
        *({"outlet_name": str(n)} for n in range(6, 9)),
    ]
    assert signals(judge, shops=rows) == (1, "orange")  # 2 of the 6 that were open: 33 %


@pytest.mark.parametrize("status", ["简易注销公告中", "注销", "吊销"])
def test_ppc_10_the_end_of_a_company_is_red_only_while_it_holds_money(judge, status):
    assert signals(judge, reg_status=status) == (1, "red")
    assert signals(judge, reg_status=status, prepaid_balance_qe=0.01) == (1, "red")
    assert signals(judge, reg_status=status, prepaid_balance_qe=0) == (0, "normal")
    assert signals(judge, reg_status=status, prepaid_balance_qe=None) == (None, "nodata")
    assert signals(judge, reg_status=status, reports=[report(0)]) == (0, "normal")  # the report counts, not the list


def test_ppc_10_not_to_be_found_at_the_address_is_red_too(judge):
    assert signals(judge, address_lost=True) == (1, "red")
    assert signals(judge, address_lost=False) == (0, "normal")
    assert signals(judge, address_lost=True, reg_status="经营异常") == (2, "red")


def change(kind: str, day: date) -> dict:
    return {"kind": kind, "changed_on": day}


def test_ppc_10_legal_person_and_shareholders_changed_close_together_are_orange_one_is_yellow(judge):
    one = change("法人", date(2026, 10, 1))
    assert signals(judge, [one]) == (1, "yellow")
    assert signals(judge, [change("股东", date(2026, 10, 1))]) == (1, "yellow")
    assert signals(judge, [one, change("股东", date(2026, 10, 31))]) == (2, "orange")  # 30 days apart
    assert signals(judge, [one, change("股东", date(2026, 11, 1))]) == (2, "yellow")  # 31 days apart
    assert signals(judge, [change("法人", ago(90))]) == (1, "yellow")
    assert signals(judge, [change("法人", ago(91))]) == (0, "normal")
    assert signals(judge, [change("法人", ago(-1))]) == (0, "normal")  # tomorrow
    assert signals(judge, [change("地址", date(2026, 10, 1))]) == (0, "normal")


def test_ppc_10_a_cancellation_notice_is_red_and_a_mark_in_the_register_yellow(judge):
    assert signals(judge, [change("注销公告", date(2026, 11, 1))]) == (1, "red")
    assert signals(judge, [change("注销公告", ago(91))]) == (0, "normal")
    assert signals(judge, reg_status="经营异常") == (1, "yellow")
    assert signals(judge, reg_status="严重违法失信") == (1, "yellow")
    assert signals(judge, reg_status=None) == (None, "nodata")
    assert signals(judge, [change("法人", ON)], reg_status=None) == (1, "yellow")
    assert signals(judge, [change("注销公告", ON)], reg_status=None) == (1, "red")


@pytest.mark.parametrize("code", ["PPC-09", "PPC-10"])
def test_the_regulation_stands_behind_the_signs_since_the_first_of_july_2024(domains, code):
    (indicator,) = (i for i in domains.indicators if i.code == code)
    before, after = indicator.in_force(date(2024, 6, 30)), indicator.in_force(date(2024, 7, 1))
    assert "778" not in before.basis.source
    assert "778" in after.basis.source
    assert before.levels == after.levels == indicator.levels  # the bounds are practice on both sides


# --- PPC-13 ------------------------------------------------------------------------------------------------------


def owed(kind: str, since: int = 10, cleared: int | None = None) -> dict:
    return {"kind": kind, "from_on": ago(since), "cleared_on": None if cleared is None else ago(cleared)}


def arrears(judge, *events: dict, listed: str | None = None, lawsuits=()):
    cases = [{"case_no": str(n), **row} for n, row in enumerate(lawsuits)]
    return judge("PPC-13", ON, ppc_issuer=[{"arrears_flags": listed}], arrears_event=list(events), lawsuit=cases)


@pytest.mark.parametrize(
    ("events", "value", "level"),
    [
        ([owed("wage"), owed("rent"), owed("tax")], 3, "red"),
        ([owed("social"), owed("utility")], 2, "orange"),
        ([owed("execution")], 1, "yellow"),
        ([owed("wage"), owed("wage", 20)], 1, "yellow"),  # one kind, twice
        ([owed("wage", 90, 5)], 1, "yellow"),  # begun within 90 days, though cleared
        ([owed("wage", 91, 0)], 0, "normal"),  # begun before, cleared today
        ([owed("wage", 91, -1)], 1, "yellow"),  # cleared tomorrow
        ([owed("wage", 900)], 1, "yellow"),  # still open
        ([owed("wage", -1)], None, "nodata"),  # tomorrow
        ([], None, "nodata"),
    ],
)
def test_ppc_13_counts_the_kinds_of_90_days_and_those_still_open(judge, events, value, level):
    assert arrears(judge, *events) == (value, level)


def test_ppc_13_adds_what_the_list_says_and_executions_in_court(judge):
    assert arrears(judge, listed='["none"]') == (0, "normal")
    assert arrears(judge, listed='["wage", "tax"]') == (2, "orange")
    assert arrears(judge, owed("rent"), listed='["wage", "rent"]') == (2, "orange")
    assert arrears(judge, listed='["wage", "rent"]', lawsuits=[owed("执行")]) == (3, "red")
    assert arrears(judge, lawsuits=[owed("诉讼"), owed("仲裁")]) == (0, "normal")
    assert arrears(judge, lawsuits=[owed("执行", 91, 3)]) == (0, "normal")


# --- PPC-15 ------------------------------------------------------------------------------------------------------

#: An issuer of which everything is known and nothing speaks against it.
CALM = {
    "ppc_issuer": [{**SOUND, "arrears_flags": '["none"]'}],
    "complaint": [{"source": "12345", "ref_no": "0", "kind": "投诉", "received_at": pd.Timestamp("2025-01-06 11:00")}],
    "ppc_refund": [{"ref_no": "0", "requested_on": ago(300), "amount": 100}],
    "ppc_monthly_flow": [{"month": f"2026-{m:02}", "issuance": 100} for m in range(4, 11)],
    "ppc_card_product": [{"product_name": "1", "card_kind": "named", "discount_ratio": 0.9}],
}
#: Each sign at orange, and just below it.
ORANGE = {
    "complaints": {
        "complaint": [
            {"ref_no": str(n), "kind": "投诉", "received_at": pd.Timestamp("2026-11-01 11:00")} for n in range(5)
        ]
    },
    "refunds": {"ppc_refund": [{"ref_no": "1", "requested_on": ON, "amount": 2_500}]},  # 5 % of 50 000
    "selling": {"ppc_monthly_flow": [*CALM["ppc_monthly_flow"][:-1], {"month": "2026-10", "issuance": 200}]},
    "arrears": {"arrears_event": [owed("wage"), owed("rent")]},
}
BELOW = {
    "complaints": {"complaint": ORANGE["complaints"]["complaint"][:4]},
    "refunds": {"ppc_refund": [{"ref_no": "1", "requested_on": ON, "amount": 2_499.99}]},
    "selling": {"ppc_monthly_flow": [*CALM["ppc_monthly_flow"][:-1], {"month": "2026-10", "issuance": 199}]},
    "arrears": {"arrears_event": [owed("wage")]},
}
PAIRS = [(a, b) for a in ORANGE for b in ORANGE if a < b]


def suspicion(judge, *signs: dict, **rows):
    given = {**CALM}
    for sign in signs:
        given |= sign
    return judge("PPC-15", ON, **{**given, **rows})


def test_ppc_15_a_calm_issuer_is_normal(judge):
    assert suspicion(judge) == (0, "normal")


@pytest.mark.parametrize("sign", ORANGE)
def test_ppc_15_one_sign_is_no_suspicion(judge, sign):
    assert suspicion(judge, ORANGE[sign]) == (1, "normal")
    assert suspicion(judge, BELOW[sign]) == (0, "normal")


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_ppc_15_any_two_signs_at_orange_are_a_suspicion(judge, one, other):
    assert suspicion(judge, ORANGE[one], ORANGE[other]) == (2, "red")
    assert suspicion(judge, ORANGE[one], BELOW[other]) == (1, "normal")


def test_ppc_15_red_signs_of_closing_are_a_suspicion_by_themselves(judge):
    assert suspicion(judge, business_change=[change("注销公告", ON)]) == (0, "red")
    assert suspicion(judge, business_change=[change("法人", ON), change("股东", ON)]) == (0, "normal")  # orange only


def test_ppc_15_is_no_data_where_what_is_unknown_could_make_it_two(judge):
    assert suspicion(judge, complaint=[]) == (0, "normal")  # one unknown sign can't
    assert suspicion(judge, complaint=[], ppc_refund=[]) == (None, "nodata")
    assert suspicion(judge, ORANGE["arrears"], complaint=[]) == (None, "nodata")
    assert suspicion(judge, ORANGE["arrears"], ORANGE["selling"], complaint=[]) == (2, "red")
    assert suspicion(judge, ppc_issuer=[{**SOUND, "reg_status": None, "arrears_flags": '["none"]'}]) == (0, "nodata")
