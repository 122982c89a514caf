"""The cards and how they are sold: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

ON = date(2026, 11, 23)


def named(rows, key: str = "product_name") -> list[dict]:
    return [{key: str(n), **row} for n, row in enumerate(rows)]


# --- PPC-03 ------------------------------------------------------------------------------------------------------


def product(kind: str, worth: float | None, cards: int | None = None) -> dict:
    return {"card_kind": kind, "face_or_limit": worth, "active_cards": cards}


def over(judge, *products: dict, kind: str = "scale"):
    return judge("PPC-03", ON, ppc_issuer=[{"issuer_type": kind}], ppc_card_product=named(products))


@pytest.mark.parametrize(
    ("products", "value", "level"),
    [
        ([product("named", 5_000, 900), product("anonymous", 1_000, 900)], 0, "normal"),  # the limits themselves
        ([product("named", 5_000.01, 1)], 1, "orange"),
        ([product("anonymous", 1_000.01, 9)], 9, "orange"),
        ([product("anonymous", 1_500, 9), product("named", 6_000, 1)], 10, "red"),
        ([product("named", 10_000, 1)], 1, "orange"),  # twice the limit, not above it
        ([product("named", 10_000.01, 1)], 1, "red"),
        ([product("anonymous", 2_000.01, 1)], 1, "red"),
        ([product("named", 20_000, 0)], 0, "normal"),  # none of it in use
        ([product("named", 6_000, None)], 1, "orange"),  # how many isn't known: one at least
        ([product("named", None, 5)], None, "nodata"),
        ([product("named", None, 5), product("named", 6_000, 2)], 2, "orange"),
        ([], None, "nodata"),
    ],
)
def test_ppc_03_counts_cards_of_products_above_the_limit(judge, products, value, level):
    assert over(judge, *products) == (value, level)


def test_ppc_03_is_not_judged_outside_order_9(judge):
    assert over(judge, product("named", 20_000, 5), kind="non_order9") == (None, "nodata")
    assert over(judge, product("named", 20_000, 5), kind="other") == (5, "red")


# --- PPC-04 ------------------------------------------------------------------------------------------------------


def purchase(kind="named", amount=500.0, buyer="person", payment="cash", name: bool | None = True, **fields) -> dict:
    row = {"sold_on": date(2026, 11, 1), "card_kind": kind, "amount": amount, "buyer": buyer}
    return {**row, "payment": payment, "real_name": name, **fields}


def violations(judge, *purchases: dict, kind: str = "scale", on: date = ON):
    return judge("PPC-04", on, ppc_issuer=[{"issuer_type": kind}], ppc_purchase=named(purchases, "ref_no"))


GOOD = purchase()


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (purchase("named", 1), 0),
        (purchase("named", 1, name=False), 1),  # any named card
        (purchase("anonymous", 9_999.99, name=False), None),  # the rules aren't about it
        (purchase("anonymous", 10_000, name=False), 1),
        (purchase("anonymous", 10_000), 0),
        (purchase("anonymous", 4_999.99, "unit"), None),
        (purchase("anonymous", 5_000, "unit"), 1),  # an organisation's, in cash
        (purchase("anonymous", 5_000, "unit", "online"), 1),
        (purchase("anonymous", 5_000, "unit", "transfer"), 0),
        (purchase("anonymous", 49_999.99, "person"), 0),  # named, and a person's cash is allowed
        (purchase("anonymous", 50_000, "person"), 1),
        (purchase("anonymous", 50_000, None), 1),  # whoever bought it
        (purchase("anonymous", 6_000, None), None),  # can't be told
        (purchase("named", 500, name=None), None),
        (purchase("named", 50_000, name=None), 1),  # the cash alone breaks a rule
    ],
)
def test_ppc_04_knows_which_purchases_the_rules_are_about_and_which_break_them(judge, row, value):
    assert violations(judge, row)[0] == value


@pytest.mark.parametrize(
    ("bad", "good", "value", "level"),
    [
        (0, 5, 0, "normal"),
        (1, 20, 0.047619048, "orange"),  # 1 of 21
        (1, 19, 0.05, "red"),  # 1 of 20
        (9, 300, 0.029126214, "orange"),  # 9 of 309
        (10, 300, 0.032258065, "red"),  # ten cases, of 310
        (0, 0, None, "nodata"),
    ],
)
def test_ppc_04_bounds(judge, bad, good, value, level):
    assert violations(judge, *[purchase(name=False)] * bad, *[GOOD] * good) == (value, level)


def test_ppc_04_looks_back_three_months_and_at_issuers_under_order_9_only(judge):
    first = purchase(name=False, sold_on=date(2026, 8, 24))
    assert violations(judge, first) == (1, "red")
    assert violations(judge, first, GOOD, on=date(2026, 11, 24)) == (0, "normal")
    assert violations(judge, GOOD, purchase(name=False, sold_on=date(2026, 11, 24))) == (0, "normal")  # tomorrow
    assert violations(judge, first, kind="non_order9") == (None, "nodata")


# --- PPC-11 ------------------------------------------------------------------------------------------------------


def contracts(judge, percent: float | None, sampled: int | None = 50, on: date = ON):
    return judge("PPC-11", on, ppc_issuer=[{"contract_ok_ratio": percent, "contracts_sampled": sampled}])


@pytest.mark.parametrize(
    ("percent", "sampled", "value", "level"),
    [
        (59.9, 50, 0.599, "red"),
        (60, 50, 0.6, "orange"),
        (79.9, 50, 0.799, "orange"),
        (80, 50, 0.8, "yellow"),
        (99.9, 50, 0.999, "yellow"),
        (100, 50, 1.0, "normal"),
        (50, 10, 0.5, "red"),
        (50, 9, None, "nodata"),  # too few to say
        (50, 0, None, "nodata"),
        (50, None, None, "nodata"),
        (None, 50, None, "nodata"),
    ],
)
def test_ppc_11_bounds_and_the_least_sample(judge, percent, sampled, value, level):
    assert contracts(judge, percent, sampled) == (value, level)


def test_ppc_11_is_law_since_the_first_of_july_2024_and_nothing_before(judge, domains):
    assert contracts(judge, 50, on=date(2024, 7, 1)) == (0.5, "red")
    (indicator,) = (i for i in domains.indicators if i.code == "PPC-11")
    assert indicator.in_force(date(2024, 6, 30)) is None
    assert indicator.in_force(date(2024, 7, 1)).basis.level == "LAW"


# --- PPC-14 ------------------------------------------------------------------------------------------------------


def validity(judge, *products: tuple[str, int | None], orders=(), kind: str = "scale"):
    rows = named({"card_kind": k, "valid_months": m} for k, m in products)
    return judge("PPC-14", ON, ppc_issuer=[{"issuer_type": kind}], ppc_card_product=rows, order_to_correct=list(orders))


@pytest.mark.parametrize(
    ("products", "value", "level"),
    [
        ([("named", None), ("anonymous", None), ("anonymous", 36)], 0, "normal"),
        ([("anonymous", 35)], 1, "orange"),
        ([("named", 120)], 1, "orange"),
        ([("named", 12), ("anonymous", 12), ("anonymous", 36)], 2, "orange"),
        ([], None, "nodata"),
    ],
)
def test_ppc_14_counts_named_products_that_expire_and_anonymous_ones_under_36_months(judge, products, value, level):
    assert validity(judge, *products) == (value, level)


def order(**fields) -> dict:
    return {"problem": "不记名卡有效期不足三年", "issued_on": date(2026, 11, 1), "due_on": date(2026, 11, 22), **fields}


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({}, "red"),  # ran out yesterday
        ({"due_on": ON}, "orange"),  # today is its last day
        ({"done_on": date(2026, 11, 20)}, "orange"),
        ({"done_on": date(2026, 11, 24)}, "red"),  # not yet done
        ({"done_on": date(2026, 11, 20), "recheck_on": ON, "recheck_ok": False}, "red"),
        ({"done_on": date(2026, 11, 20), "recheck_on": date(2026, 11, 24), "recheck_ok": False}, "orange"),
        ({"done_on": date(2026, 11, 20), "recheck_on": ON, "recheck_ok": True}, "orange"),
        ({"problem": "未公示章程"}, "orange"),
        ({"problem": None}, "orange"),
        ({"due_on": None}, "orange"),
    ],
)
def test_ppc_14_is_red_once_an_order_to_correct_has_run_out(judge, fields, level):
    assert validity(judge, ("anonymous", 12), orders=[order(**fields)]) == (1, level)


def test_ppc_14_an_order_that_ran_out_is_nothing_where_the_products_are_right(judge):
    assert validity(judge, ("named", None), orders=[order()]) == (0, "normal")


def test_ppc_14_is_not_judged_outside_order_9(judge):
    assert validity(judge, ("anonymous", 12), kind="non_order9") == (None, "nodata")
