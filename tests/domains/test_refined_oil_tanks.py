"""OIL-13 and 15: tanks that are too full, leak or hold water, and gauges that fall silent."""

from __future__ import annotations

import pytest

from tests.domains.oil import CLOSED, OPEN, ago, at, judge, level, numbers

# --- OIL-13 ------------------------------------------------------------------------------------------------------

TANK = [{"tank_no": "1", "product": "92#", "capacity_l": 30_000.0}]


def read(litres: float, days: int = 0, hour: float = 9, tank: str = "1", water: float | None = 0, **fields) -> dict:
    moment = at(ago(days), hour)
    return {
        "tank_no": tank,
        "read_at": moment,
        "product": "92#",
        "volume_l": litres,
        "v20_l": litres,
        "water_mm": water,
        **fields,
    }


def night(rate: float, days: int, hours: float = 4, tank: str = "1", **fields) -> list[dict]:
    """Two readings of a night, at one o'clock and later, so many litres an hour apart."""
    return [read(20_000, days, 1, tank, **fields), read(20_000 - rate * hours, days, 1 + hours, tank, **fields)]


TIGHT = [*night(0, 1), *night(0, 2)]


@pytest.mark.parametrize(
    ("litres", "value", "found"),
    [
        (28_500, 0.95, "red"),
        (28_499, 0.949966667, "orange"),
        (27_000, 0.90, "orange"),
        (26_999, 0.899966667, "normal"),
        (0, 0.0, "normal"),
    ],
)
def test_oil_13_unloading_stops_at_95_percent(litres, value, found):
    assert judge("OIL-13", oil_tank=TANK, oil_tank_reading=[*TIGHT, read(litres)]) == (value, found)


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ((0.8, 0.8), "red"),
        ((0.8, 0.79), "orange"),  # one night of 0.8, two of 0.4
        ((9.0, 0.0), "orange"),  # much, but on one night
        ((0.8, 0.0), "orange"),
        ((0.79, 0.0), "normal"),
        ((0.4, 0.4), "orange"),
        ((0.4, 0.39), "normal"),
        ((0.0, 0.9, 0.9), "red"),  # the two nights needn't follow each other
        ((-1.0, 0.1), "normal"),
    ],
)
def test_oil_13_a_leak_shows_on_two_nights(rates, found):
    rows = [r for days, rate in enumerate(rates, 1) for r in night(rate, days)]
    assert level("OIL-13", oil_tank=TANK, oil_tank_reading=[*rows, read(15_000)]) == found


def test_oil_13_is_explained_by_what_leaks_and_what_stands_in_the_tank():
    rows = [*night(0.5, 1), *night(1.5, 2), *night(0.1, 3), read(15_000, water=12)]
    told = numbers("OIL-13", oil_tank=TANK, oil_tank_reading=rows)
    assert told == {"value": 0.5, "leak": 0.5, "leak_once": 1.5, "water_mm": 12}


@pytest.mark.parametrize(("water", "found"), [(30, "normal"), (30.1, "yellow"), (None, "nodata")])
def test_oil_13_more_than_30_mm_of_water_are_yellow(water, found):
    assert level("OIL-13", oil_tank=TANK, oil_tank_reading=[*TIGHT, read(15_000, water=water)]) == found


def test_oil_13_the_quietest_hours_of_a_night_tell_a_leak_from_a_sale():
    # 40 L in the first hour, 0.5 L in each of the next three: a car, then 0.5 L/h
    hourly = [read(20_000, 1, 0), read(19_960, 1, 1), read(19_959.5, 1, 2), read(19_958.5, 1, 4)]
    told = numbers("OIL-13", oil_tank=TANK, oil_tank_reading=[*hourly, *night(0.5, 2), read(15_000)])
    assert told["leak"] == 0.5
    # more than 10 L/h can't be told from a sale: that night says nothing
    busy = [*night(10.1, 1), *night(0.9, 2)]
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=[*busy, read(15_000)])["leak"] is None
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=[*night(10.0, 1), *busy[2:], read(15_000)])["leak"] == 0.9


def test_oil_13_a_night_in_which_a_truck_unloaded_and_readings_by_day_tell_nothing():
    rows = [*night(0.9, 1), *night(0.9, 2), *night(0.9, 3), read(15_000)]
    unloaded = [{"unloaded_at": at(ago(1), 3)}, {"unloaded_at": at(ago(2), 7.9)}]
    assert level("OIL-13", oil_tank=TANK, oil_tank_reading=rows, oil_delivery=unloaded[:1]) == "red"
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=rows, oil_delivery=unloaded)["leak"] is None
    assert level("OIL-13", oil_tank=TANK, oil_tank_reading=rows, oil_delivery=[{"unloaded_at": at(ago(1), 8)}]) == "red"
    by_day = [read(20_000, 1, 9), read(19_990, 1, 13), *TIGHT]
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=by_day)["leak"] == 0


def test_oil_13_oil_that_only_cools_does_not_leak():
    # 20,000 L of petrol from 12 °C to 11 °C: 20,000 × (1 + 0.0012 × 8) = 20,192 = 19,968.36 × (1 + 0.0012 × 9) + 8e-4
    warm, cold = 20_192 / 1.0096, 20_192 / 1.0108
    rows = [r for d in (1, 2) for r in (
        read(warm, d, 1, v20_l=None, temp_c=12.0), read(cold, d, 5, v20_l=None, temp_c=11.0),
    )]  # fmt: skip
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=rows)["leak"] == pytest.approx(0, abs=1e-6)
    told = [r | {"temp_c": None} for r in rows]  # without temperatures (20,000 − 19,976.26) ÷ 4 = 5.94 L/h
    assert numbers("OIL-13", oil_tank=TANK, oil_tank_reading=told)["leak"] == pytest.approx(5.94, abs=0.01)


def test_oil_13_every_tank_must_be_known_unless_one_is_bad():
    both = [*TANK, {"tank_no": "2", "product": "0#", "capacity_l": 40_000.0}]
    rows = [*TIGHT, read(15_000)]
    assert level("OIL-13", oil_tank=both, oil_tank_reading=rows) == "nodata"
    assert level("OIL-13", oil_tank=both, oil_tank_reading=[*TIGHT, read(28_600)]) == "red"
    assert judge("OIL-13", oil_tank=both, oil_tank_reading=[*rows, *night(0, 1, tank="2"), *night(0, 2, tank="2")]) == (
        0.5,
        "normal",
    )


def test_oil_13_is_no_data_without_capacity_or_a_reading_of_seven_days():
    assert judge("OIL-13") == (None, "nodata")
    assert judge("OIL-13", oil_tank_reading=[*TIGHT, read(15_000)]) == (None, "nodata")  # of how much?
    assert judge("OIL-13", oil_tank=TANK, oil_tank_reading=[read(29_000, 7)]) == (None, "nodata")
    assert judge("OIL-13", oil_tank=TANK, oil_tank_reading=[read(29_000, 6)])[1] == "red"
    assert judge("OIL-13", oil_tank=TANK, oil_tank_reading=[read(29_000, -1)]) == (None, "nodata")
    none = [{**TANK[0], "capacity_l": 0.0}]
    assert judge("OIL-13", oil_tank=none, oil_tank_reading=[*TIGHT, read(1)]) == (None, "nodata")


# --- OIL-15 ------------------------------------------------------------------------------------------------------


def heard(days: int, hour: float = 0) -> dict:
    return {"tank_no": "1", "read_at": at(ago(days), hour), "volume_l": 1.0}


@pytest.mark.parametrize(
    ("last", "hours", "found"),
    [
        (heard(0, 5), 0, "normal"),  # today
        (heard(1, 16), 8, "normal"),  # 8 hours to midnight are not more than 8
        (heard(1, 15.5), 8.5, "yellow"),
        (heard(1, 0), 24, "yellow"),
        (heard(2, 23.5), 24.5, "orange"),
        (heard(3, 0), 72, "orange"),
        (heard(4, 23.5), 72.5, "red"),
    ],
)
def test_oil_15_counts_the_hours_that_passed_when_the_day_began(last, hours, found):
    rows = [heard(5), last]
    assert judge("OIL-15", oil_tank_reading=rows) == (hours, found)


def test_oil_15_is_no_data_for_a_station_that_never_reported_daily_or_says_why_it_is_silent():
    monthly = [heard(23), heard(53), heard(84)]
    assert judge("OIL-15", oil_tank_reading=monthly) == (None, "nodata")
    assert judge("OIL-15") == (None, "nodata")
    daily = [heard(9), heard(10)]
    assert judge("OIL-15", oil_tank_reading=daily) == (216, "red")
    for state in ("歇业", "停业整顿"):
        paused = [{**OPEN[0], "business_status": state}]
        assert judge("OIL-15", oil_station=paused, oil_tank_reading=daily) == (None, "nodata")
    assert judge("OIL-15", oil_station=CLOSED, oil_tank_reading=daily) == (None, "nodata")


def test_oil_15_the_longer_silence_of_gauge_and_pumps_counts():
    pumps = [{"nozzle_no": "01", "read_at": at(ago(d), 22), "reading_l": 1.0} for d in (1, 2)]
    told = numbers("OIL-15", oil_tank_reading=[heard(3), heard(4)], oil_totalizer=pumps)
    assert told == {"value": 72, "gauge_h": 72, "pumps_h": 2}
    assert numbers("OIL-15", oil_totalizer=pumps) == {"value": 2, "gauge_h": None, "pumps_h": 2}


def test_oil_15_a_reading_of_tomorrow_is_not_heard_yet():
    assert judge("OIL-15", oil_tank_reading=[heard(3), heard(4), heard(-1)]) == (72, "orange")
