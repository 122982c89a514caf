"""OIL-04, 05 and 06: counters, verifications and errors of the nozzles."""

from __future__ import annotations

from datetime import date

import pytest

from tests.domains.oil import CLOSED, ON, ago, at, indicator, judge, level, numbers

# --- OIL-04 ------------------------------------------------------------------------------------------------------


def counter(litres: float, days: int, no: str = "01", hour: float = 0) -> dict:
    """A reading so many days ago, at midnight when that day begins."""
    return {"nozzle_no": no, "reading_l": litres, "read_at": at(ago(days), hour)}


def sold(litres: float, days: int, no: str = "01") -> dict:
    return {"nozzle_no": no, "day": ago(days), "litres": litres}


def pumped(litres: float) -> list[dict]:
    """A counter that ran so many litres on the day before yesterday."""
    return [counter(50_000, 2), counter(50_000 + litres, 1)]


@pytest.mark.parametrize(
    ("litres", "value", "found"),
    [
        (994.9, 0.0051, "red"),  # |1,000 − 994.9| ÷ 1,000
        (1005.1, 0.0051, "red"),  # more sold than counted
        (995.0, 0.0050, "orange"),  # 0.5 % is not above 0.5 %
        (997.0, 0.0030, "orange"),
        (997.1, 0.0029, "yellow"),
        (999.0, 0.0010, "yellow"),
        (999.1, 0.0009, "normal"),
        (1000.0, 0.0, "normal"),
    ],
)
def test_oil_04_holds_the_counter_against_the_transactions_of_the_day(litres, value, found):
    assert judge("OIL-04", oil_totalizer=pumped(1000), oil_sale_day=[sold(litres, 2)]) == (value, found)


def test_oil_04_takes_the_worst_nozzle_and_day_and_tells_both_numbers():
    counters = [counter(0, 3), counter(500, 2), counter(1500, 1), counter(0, 2, "2"), counter(800, 1, "2")]
    sales = [sold(500, 3), sold(1000, 2), sold(600, 2, "02"), sold(190, 2, "02")]  # the second: |800 − 790| ÷ 800
    told = numbers("OIL-04", oil_totalizer=counters, oil_sale_day=sales)
    assert told == {"value": 0.0125, "pumped_l": 800, "sold_l": 790, "days": 3, "resets": 0}


def test_oil_04_a_nozzle_without_transactions_sold_nothing_where_the_station_told_of_its_day():
    # 100 % of what nozzle 02 pumped was never recorded
    counters = [*pumped(1000), counter(0, 2, "02"), counter(300, 1, "02")]
    assert judge("OIL-04", oil_totalizer=counters, oil_sale_day=[sold(1000, 2)]) == (1.0, "red")
    assert judge("OIL-04", oil_totalizer=counters) == (None, "nodata")  # no sales of that day at all


def test_oil_04_a_counter_that_runs_backwards_is_red_without_a_new_seal():
    back = [counter(9_000, 3), counter(100, 2, hour=12), counter(1_100, 1)]
    sales = [sold(10, 3)]
    seal = {"nozzle_no": "1", "seal_no": "XJD1", "verified_on": ago(2)}
    assert level("OIL-04", oil_totalizer=back, oil_sale_day=sales) == "red"
    assert numbers("OIL-04", oil_totalizer=back, oil_sale_day=sales)["resets"] == 1
    for excuse, found in [
        (seal, 0),
        (seal | {"verified_on": ago(3)}, 0),  # on the day of the reading before
        (seal | {"verified_on": ago(4)}, 1),  # before both readings
        (seal | {"verified_on": ago(1)}, 1),  # after both
        (seal | {"seal_no": None}, 1),
        (seal | {"nozzle_no": "02"}, 1),  # another nozzle's
    ]:
        told = numbers("OIL-04", oil_totalizer=back, oil_sale_day=sales, oil_verification=[excuse])
        assert told["resets"] == found, excuse


def test_oil_04_reads_days_between_midnights_only():
    near = [counter(0, 3, hour=23), counter(1000, 1, hour=1)]  # an hour before the 21st, an hour after the 22nd began
    assert judge("OIL-04", oil_totalizer=near, oil_sale_day=[sold(990, 2)]) == (0.01, "red")
    off = [counter(0, 3, hour=22.9), counter(1000, 1, hour=1)]
    assert judge("OIL-04", oil_totalizer=off, oil_sale_day=[sold(990, 2)]) == (None, "nodata")
    gap = [counter(0, 4), counter(1000, 1)]  # three days in one
    assert judge("OIL-04", oil_totalizer=gap, oil_sale_day=[sold(990, 2)]) == (None, "nodata")


def test_oil_04_a_counter_that_stood_still_is_nothing_to_divide_by():
    still = [counter(500, 2), counter(500, 1)]
    assert judge("OIL-04", oil_totalizer=still, oil_sale_day=[sold(100, 2)]) == (None, "nodata")


def test_oil_04_a_nozzle_that_sold_but_has_no_counter_leaves_only_warnings():
    sales = [sold(1000, 2), sold(500, 2, "02")]
    assert judge("OIL-04", oil_totalizer=pumped(1000), oil_sale_day=sales) == (None, "nodata")
    assert judge("OIL-04", oil_totalizer=pumped(1001), oil_sale_day=sales) == (None, "nodata")  # 0.0999 %
    assert judge("OIL-04", oil_totalizer=pumped(1010), oil_sale_day=sales)[1] == "red"


def test_oil_04_looks_back_thirty_days_and_not_ahead():
    long_ago = [counter(0, 31), counter(1000, 30)]
    assert judge("OIL-04", oil_totalizer=long_ago, oil_sale_day=[sold(900, 31)]) == (None, "nodata")
    inside = [counter(0, 30), counter(1000, 29)]
    assert judge("OIL-04", oil_totalizer=inside, oil_sale_day=[sold(900, 30)]) == (0.1, "red")
    tomorrow = [counter(0, 0), counter(1000, -1)]
    assert judge("OIL-04", oil_totalizer=tomorrow, oil_sale_day=[sold(900, 0)]) == (None, "nodata")


# --- OIL-05 ------------------------------------------------------------------------------------------------------


def nozzle(until: date | None, no: str = "01", **fields) -> dict:
    return {"nozzle_no": no, "verify_until": until, "verified_on": date(2026, 5, 24), **fields}


@pytest.mark.parametrize(
    ("until", "days", "found"),
    [
        (date(2026, 11, 22), -1, "red"),  # ran out yesterday: −1 < 0
        (date(2026, 11, 23), 0, "orange"),  # the last day is still good: 0, not < 0
        (date(2026, 11, 30), 7, "orange"),  # 23 + 7 = 30
        (date(2026, 12, 1), 8, "yellow"),
        (date(2026, 12, 23), 30, "yellow"),  # 7 days to the end of November + 23
        (date(2026, 12, 24), 31, "normal"),
    ],
)
def test_oil_05_turns_orange_a_week_before_a_verification_ends_and_red_the_day_after(until, days, found):
    assert judge("OIL-05", oil_verification=[nozzle(until)]) == (days, found)


def test_oil_05_without_an_end_counts_six_months_less_a_day():
    # verified 2026-05-24: + 6 months = 2026-11-24, − 1 day = 2026-11-23, which is today
    row = {"nozzle_no": "01", "verified_on": date(2026, 5, 24)}
    assert judge("OIL-05", oil_verification=[row]) == (0, "orange")


def test_oil_05_takes_the_nozzle_that_runs_out_first_and_each_nozzles_latest_verification():
    rows = [
        nozzle(date(2026, 6, 1), "1", verified_on=date(2025, 12, 2)),  # replaced by the next, of the same nozzle
        nozzle(date(2027, 5, 1), "01", verified_on=date(2026, 11, 2)),
        nozzle(date(2026, 12, 3), "02"),  # 10 days left
    ]
    assert numbers("OIL-05", oil_verification=rows) == {"value": 10, "overdue": 0, "nozzles": 2}
    rows.append(nozzle(date(2026, 11, 1), "03"))
    assert numbers("OIL-05", oil_verification=rows) == {"value": -22, "overdue": 1, "nozzles": 3}


def test_oil_05_does_not_see_a_verification_that_is_yet_to_come():
    rows = [nozzle(date(2026, 11, 22)), nozzle(date(2027, 5, 24), verified_on=date(2026, 11, 25))]
    assert judge("OIL-05", oil_verification=rows) == (-1, "red")


def test_oil_05_is_no_data_without_nozzles_or_where_a_nozzle_in_the_register_was_never_verified():
    assert judge("OIL-05") == (None, "nodata")
    good = nozzle(date(2027, 3, 1), "02")
    unknown = {"nozzle_no": "01"}
    assert judge("OIL-05", oil_nozzle=[unknown, good]) == (None, "nodata")
    overdue = nozzle(date(2026, 11, 13), "02")  # 10 days ago: the unknown one can't make it better
    assert judge("OIL-05", oil_nozzle=[unknown, overdue]) == (-10, "red")


def test_a_station_closed_for_good_is_not_judged():
    assert judge("OIL-05", oil_station=CLOSED, oil_verification=[nozzle(date(2020, 1, 1))]) == (None, "nodata")


@pytest.mark.parametrize("code", ["OIL-05", "OIL-06"])
def test_dispensers_are_verified_by_jjg_443_2023_since_may_2024(code):
    assert indicator(code).in_force(date(2024, 4, 30)).name == "JJG 443-2015"
    assert indicator(code).in_force(date(2024, 5, 1)).name == "JJG 443-2023"
    assert indicator(code).in_force(ON).basis == indicator(code).basis


# --- OIL-06 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "repeat", "value", "found"),
    [
        (0.31, 0.02, 0.0031, "red"),
        (-0.31, 0.02, 0.0031, "red"),  # the sign doesn't matter
        (0.30, 0.02, 0.0030, "orange"),  # at the limit, not over it
        (0.20, 0.02, 0.0020, "orange"),
        (0.19, 0.02, 0.0019, "yellow"),
        (0.15, 0.02, 0.0015, "yellow"),
        (0.14, 0.02, 0.0014, "normal"),
        (0.05, 0.10, 0.0005, "normal"),  # repeatability at its limit
        (0.05, 0.11, 0.0005, "red"),  # beyond it
        (0.05, None, 0.0005, "nodata"),  # half of the test is missing
        (None, 0.02, None, "nodata"),
        (None, 0.11, None, "red"),
        (0.25, None, 0.0025, "orange"),  # bad enough without the other half
    ],
)
def test_oil_06_is_red_beyond_three_tenths_of_a_percent_or_a_tenth_of_repeatability(error, repeat, value, found):
    row = nozzle(ON, error_pct=error, repeat_pct=repeat)
    assert judge("OIL-06", oil_verification=[row]) == (value, found)


def test_oil_06_goes_by_the_worst_nozzle_and_its_latest_verification():
    rows = [
        nozzle(None, "01", error_pct=0.50, repeat_pct=0.02, verified_on=date(2026, 1, 5)),  # since mended
        nozzle(None, "01", error_pct=0.10, repeat_pct=0.02, verified_on=date(2026, 7, 5)),
        nozzle(None, "02", error_pct=-0.22, repeat_pct=0.04, verified_on=date(2026, 7, 5)),
    ]
    told = numbers("OIL-06", oil_verification=rows)
    assert level("OIL-06", oil_verification=rows) == "orange"
    # mean error (0.10 − 0.22) ÷ 2; 0.04 − 0.10 = −0.06: within the limit
    assert told == {
        "value": 0.0022, "repeat_excess": -0.0006, "repeat": 0.0004, "mean_error": -0.0006, "below": 1, "nozzles": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verified", "repeat", "found"),
    [
        (date(2024, 4, 30), 0.12, "normal"),  # JJG 443-2015 allowed 0.15 %
        (date(2024, 4, 30), 0.15, "normal"),
        (date(2024, 4, 30), 0.16, "red"),
        (date(2024, 5, 1), 0.12, "red"),  # JJG 443-2023 allows 0.10 %
        (date(2024, 5, 1), 0.10, "normal"),
    ],
)
def test_oil_06_a_repeatability_is_held_against_the_limit_of_its_day(verified, repeat, found):
    row = nozzle(None, verified_on=verified, error_pct=0.05, repeat_pct=repeat)
    assert level("OIL-06", date(2024, 7, 1), oil_verification=[row]) == found
