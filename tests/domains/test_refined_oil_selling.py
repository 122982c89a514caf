"""OIL-11 and 14: petrol in cans, and prices under the cap."""

from __future__ import annotations

import pytest

from tests.domains.oil import ago, at, judge, level, numbers

# --- OIL-11 ------------------------------------------------------------------------------------------------------


def can(litres: float = 20, named: bool = True, days: int = 5, hour: float = 12) -> dict:
    return {"litres": litres, "id_masked": "6501**********0011" if named else None, "sold_at": at(ago(days), hour)}


@pytest.mark.parametrize(
    ("rows", "value", "found"),
    [
        ([can()] * 9 + [can(named=False)], 0.1, "red"),  # 1 of 10
        ([can()] * 10 + [can(named=False)], 0.090909091, "orange"),  # 1 of 11
        ([can()] * 10 + [can(50, named=False)], 0.090909091, "orange"),  # 50 L is not above 50 L
        ([can()] * 10 + [can(50.01, named=False)], 0.090909091, "red"),
        ([can(200)] * 3, 0.0, "normal"),  # much, but by name
        ([can(named=False), can()], 0.5, "red"),
        ([], None, "nodata"),  # nothing sold: 0 ÷ 0
    ],
)
def test_oil_11_petrol_in_cans_is_sold_by_name(rows, value, found):
    assert judge("OIL-11", bulk_sale=rows) == (value, found)


def test_oil_11_counts_thirty_days_and_takes_an_empty_id_for_none():
    rows = [
        can(days=0, hour=23.9),
        can(days=29, hour=0),
        can(named=False, days=30, hour=23.9),
        can(named=False, days=-1, hour=0),
    ]
    assert numbers("OIL-11", bulk_sale=rows) == {"value": 0, "nameless": 0, "sales": 2, "largest_l": 0}
    rows.append(can(35) | {"id_masked": " "})
    told = numbers("OIL-11", bulk_sale=rows)
    assert (told["nameless"], told["sales"], told["largest_l"]) == (1, 3, 35)


# --- OIL-14 ------------------------------------------------------------------------------------------------------


def post(price: float, days: int = 3, product: str = "92#", cap: float | None = None, hour: float = 0) -> dict:
    return {"product": product, "price": price, "cap": cap, "effective_at": at(ago(days), hour)}


def cap(yuan: float, days: int = 3, product: str = "92#", hour: float = 0) -> dict:
    return {"product": product, "cap": yuan, "effective_at": at(ago(days), hour), "subject_id": product}


@pytest.mark.parametrize(
    ("price", "value", "found"), [(7.36, 0.01, "red"), (7.35, 0.0, "normal"), (7.10, 0.0, "normal")]
)
def test_oil_14_a_price_above_the_regions_cap_is_red(price, value, found):
    assert judge("OIL-14", price_post=[post(price)], oil_price_cap=[cap(7.35)]) == (value, found)


def test_oil_14_goes_by_the_newest_price_and_cap_of_the_worst_product():
    posts = [post(9.99, 20), post(7.35), post(7.90, product="95#"), post(9.99, -1)]
    caps = [cap(9.99, 20), cap(7.35), cap(7.82, product="95#"), cap(1.00, -1)]
    told = numbers("OIL-14", price_post=posts, oil_price_cap=caps)
    assert told == {"value": 0.08, "late_h": 0, "price": 7.90, "cap": 7.82}


@pytest.mark.parametrize(
    ("round_", "hours", "found"),
    [
        # the price was last posted 20 days ago; hours at the end of today since the round's 12 hours ran out
        (cap(7.40, 1), 36, "yellow"),  # 48 − 12
        (cap(7.40, 0), 12, "yellow"),  # took effect when today began: due at noon
        (cap(7.40, 0, hour=12), 0, "normal"),  # due at midnight
        (cap(7.40, -1), 0, "normal"),  # tomorrow's round isn't there yet
    ],
)
def test_oil_14_a_price_that_wasnt_changed_twelve_hours_after_a_round_is_yellow(round_, hours, found):
    told = {"price_post": [post(7.35, 20)], "oil_price_cap": [cap(7.35, 20), round_]}
    assert numbers("OIL-14", **told)["late_h"] == hours
    assert level("OIL-14", **told) == found


def test_oil_14_24_00_of_the_window_may_be_written_as_23_59():
    told = {"price_post": [post(7.30, 4, hour=23 + 59 / 60)], "oil_price_cap": [cap(7.35, 3)]}
    assert level("OIL-14", **told) == "normal"


def test_oil_14_without_the_regions_cap_the_stations_own_notice_can_only_convict():
    assert judge("OIL-14", price_post=[post(7.40, cap=7.35)]) == (0.05, "red")
    assert judge("OIL-14", price_post=[post(7.30, cap=7.35)]) == (0, "nodata")  # whether it is late isn't known
    assert judge("OIL-14", price_post=[post(7.30)]) == (None, "nodata")
    assert judge("OIL-14", oil_price_cap=[cap(7.35)]) == (None, "nodata")


def test_oil_14_one_product_without_a_cap_hides_no_other_that_is_above():
    posts = [post(7.40), post(8.00, product="98#")]
    assert judge("OIL-14", price_post=posts, oil_price_cap=[cap(7.35)]) == (0.05, "red")
    assert judge("OIL-14", price_post=[post(7.30), posts[1]], oil_price_cap=[cap(7.35)]) == (None, "nodata")


def test_oil_14_a_product_not_posted_for_120_days_is_not_sold_any_more():
    posts = [post(7.35), post(9.99, 120, "98#")]
    assert level("OIL-14", price_post=posts, oil_price_cap=[cap(7.35), cap(8.0, product="98#")]) == "normal"
    posts[1] = post(9.99, 119, "98#")
    assert level("OIL-14", price_post=posts, oil_price_cap=[cap(7.35), cap(8.0, product="98#")]) == "red"
