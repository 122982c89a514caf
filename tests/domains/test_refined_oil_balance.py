"""OIL-01, the stock balance: the worked example of the rules, volumes at 20 °C, both sides of every bound."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from domains.refined_oil.volumes import litres_at_20, vcf
from tests.domains.oil import at, days_of, judge, level, numbers

ON = date(2026, 10, 20)
SEPTEMBER = days_of(2026, 9)  # 30 days
FIRST, AFTER = date(2026, 9, 1), date(2026, 10, 1)


def read(day: date, litres: float, hour: float = 0, tank: str = "1", product: str | None = "92#", **fields) -> dict:
    return {"tank_no": tank, "read_at": at(day, hour), "volume_l": litres, "product": product, **fields}


def load(litres: float, day: date = date(2026, 9, 10), hour: float = 12, product: str = "92#", **fields) -> dict:
    return {"litres": litres, "unloaded_at": at(day, hour), "product": product, **fields}


def sales(litres: float, days: list[date] = SEPTEMBER, product: str | None = "92#", **fields) -> list[dict]:
    """So many litres in all, the same on every day."""
    return [{"nozzle_no": "01", "day": d, "litres": litres / len(days), "product": product, **fields} for d in days]


def month(close: float = 20_100, **rows) -> dict:
    """The worked example: open 20,000 L, buy 60,000, sell 58,500, close 20,100."""
    told = {
        "oil_tank_reading": [read(FIRST, 20_000), read(AFTER, close)],
        "oil_delivery": [load(30_000), load(30_000, date(2026, 9, 20))],
        "oil_sale_day": sales(58_500),
    }
    return told | rows


# --- litres at 20 °C ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("petrol", "temp", "factor"),
    [
        (True, 20, 1.0),
        (True, -25, 1.054),  # 1 − 0.0012 × (−45)
        (True, 10, 1.012),
        (False, -25, 1.036),  # 1 − 0.0008 × (−45)
        (False, 30, 0.992),
    ],
)
def test_without_density_a_degree_is_worth_12_parts_in_10000_of_petrol_and_8_of_diesel(petrol, temp, factor):
    assert vcf(np.array([petrol]), [temp]) == pytest.approx(factor, abs=1e-12)


def test_with_density_the_factor_is_that_of_gb_t_1885():
    # Petrol of 735 kg/m³ at 20 °C has ρ15 = 735 ÷ 0.99385 = 739.5; expansion (346.4228 + 0.4388 × 739.5) ÷ 739.5² = 0.0012269.
    # Volume at 15 °C ÷ at 10 °C: exp(0.0061345 × (1 − 0.0049)) = 1.006123; ÷ at 20 °C: exp(−0.0061345 × (1 + 0.0049)) = 0.993854.
    assert vcf(np.array([True]), [10.0], [735.0]) == pytest.approx(1.006123 / 0.993854, abs=2e-6)
    # Diesel of 840: ρ15 = 843.5, (186.9696 + 0.4862 × 843.5) ÷ 843.5² = 0.0008392; x = 0.004196 for 5 °C:
    # exp(0.004196 × (1 − 0.00336)) ÷ exp(−0.004196 × (1 + 0.00336)) = 1.008428
    assert vcf(np.array([False]), [10.0], [840.0]) == pytest.approx(1.008428, abs=2e-6)


def test_every_density_of_a_fuel_expands_about_as_the_mean_says():
    densities = np.array([720.0, 735.0, 755.0, 800.0, 815.0, 840.0, 855.0])
    petrol = densities < 780
    for temp in (-35.0, -10.0, 15.0, 35.0):
        temps = np.full(len(densities), temp)
        assert np.abs(vcf(petrol, temps, densities) - vcf(petrol, temps)).max() < 0.007


def test_a_load_told_in_tonnes_is_litres_by_its_density_and_one_told_without_anything_is_unknown():
    # 22.05 t of 735 kg/m³ are 30 m³
    found = litres_at_20(np.array([True, True]), [31_000, 31_000], [np.nan, np.nan], [735, np.nan], [22.05, np.nan])
    assert found[0] == pytest.approx(30_000)
    assert np.isnan(found[1])


# --- the worked example ------------------------------------------------------------------------------------------


def test_the_worked_example_is_yellow():
    # (20,000 + 60,000 − 58,500 − 20,100 − 0.29 % × 58,500) ÷ 80,000 = (1,400 − 169.65) ÷ 80,000 = 1.54 %
    assert judge("OIL-01", ON, **month()) == (0.015379375, "yellow")


def test_it_is_explained_by_its_parts_and_by_the_uncertainty_of_measurement():
    told = numbers("OIL-01", ON, **month())
    # z = 1,230.35 ÷ √(2 × 25² + 0.0008² × 2 × 30,000² + 0.0006² × 58,500² + 0.0006² × 30 × 1,950²)
    #   = 1,230.35 ÷ √(1,250 + 1,152 + 1,232.01 + 41.067) = 1,230.35 ÷ 60.622 = 20.295
    assert told.pop("z") == pytest.approx(20.295, abs=0.001)
    assert told == {
        "value": 0.015379375, "missing_l": 1_230.35, "base_l": 80_000, "open_l": 20_000, "bought_l": 60_000, "sold_l": 58_500,
        "close_l": 20_100, "allowed_l": 169.65, "grade": 92, "month": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("close", "found"),
    [
        # D = (80,000 − 58,500 − 169.65 − close) ÷ 80,000 = (21,330.35 − close) ÷ 80,000
        (18_930.34, "red"),  # 2,400.01: just above 3 %
        (18_930.35, "orange"),  # 2,400: 3 % is not above 3 %
        (19_730.34, "orange"),
        (19_730.35, "yellow"),  # 1,600: 2 %
        (20_530.34, "yellow"),
        (20_530.35, "normal"),  # 800: 1 %
        (21_330.35, "normal"),  # nothing is missing
        (22_130.35, "normal"),  # −800: sold more than bought by 1 %
        (22_130.36, "yellow"),
        (22_930.35, "yellow"),
        (22_930.36, "orange"),
        (23_730.35, "orange"),
        (23_730.36, "red"),
    ],
)
def test_missing_and_surplus_oil_are_judged_alike(close, found):
    assert level("OIL-01", ON, **month(close)) == found


def test_diesel_is_allowed_to_lose_less():
    rows = month(
        oil_tank_reading=[read(FIRST, 20_000, product="0#"), read(AFTER, 20_100, product="0#")],
        oil_delivery=[load(60_000, product="0#")],
        oil_sale_day=sales(58_500, product="0#"),
    )
    # 0.08 % × 58,500 = 46.8; (1,400 − 46.8) ÷ 80,000
    told = numbers("OIL-01", ON, **rows)
    assert (told["allowed_l"], told["value"], told["grade"]) == (46.8, 0.016915, 0)


# --- temperature -------------------------------------------------------------------------------------------------


def winter(**temps) -> dict:
    """A month without any loss beyond the allowed one, as it is seen at −25 °C in the truck and 10 °C in the tank.

    At 20 °C: open 20,000, buy 60,000, sell 58,500, close 80,000 − 58,500 − 169.65 = 21,330.35.
    """
    tank, truck = 1.012, 1.054
    return {
        "oil_tank_reading": [
            read(FIRST, 20_000 / tank, temp_c=temps.get("tank")),
            read(AFTER, 21_330.35 / tank, temp_c=temps.get("tank")),
        ],
        "oil_delivery": [load(60_000 / truck, temp_c=temps.get("truck"))],
        "oil_sale_day": sales(58_500 / tank),
    }


def test_a_cold_truck_and_a_warm_tank_raise_no_alarm_where_temperatures_are_told():
    told = numbers("OIL-01", ON, **winter(tank=10.0, truck=-25.0))
    assert told["value"] == pytest.approx(0, abs=1e-6)
    assert told["bought_l"] == pytest.approx(60_000)
    assert told["sold_l"] == pytest.approx(58_500)  # the pumps draw from the tank: its temperature


def test_without_any_temperature_litres_are_taken_as_told():
    # (19,762.85 + 56,926.00 − 57,806.32 − 21,077.42 − 167.64) ÷ 76,688.84 = −3.08 %
    value, found = judge("OIL-01", ON, **winter())
    assert value == pytest.approx(-0.0308, abs=0.0001)
    assert found == "red"


def test_where_only_some_volumes_can_be_converted_nothing_is_judged():
    assert judge("OIL-01", ON, **winter(tank=10.0)) == (None, "nodata")
    assert judge("OIL-01", ON, **winter(truck=-25.0)) == (None, "nodata")


def test_a_standard_volume_that_the_gauge_gives_is_used_as_it_is():
    rows = month(
        oil_tank_reading=[read(FIRST, 19_800, v20_l=20_000), read(AFTER, 19_900, v20_l=20_100)],
        oil_delivery=[load(59_000, tonnes=44.1, density=735.0)],  # 44.1 t ÷ 735 kg/m³ = 60,000 L at 20 °C
        oil_sale_day=sales(58_500 * 39_700 / 40_100),  # the tank's litres are 40,100 ÷ 39,700 of what was read
    )
    assert numbers("OIL-01", ON, **rows)["value"] == pytest.approx(0.015379375, abs=1e-8)


# --- what is needed ----------------------------------------------------------------------------------------------


def test_a_month_is_not_judged_without_both_readings_every_days_sales_and_deliveries():
    assert judge("OIL-01", ON) == (None, "nodata")
    assert level("OIL-01", ON, **month(oil_tank_reading=[read(FIRST, 20_000)])) == "nodata"
    assert level("OIL-01", ON, **month(oil_delivery=[])) == "nodata"
    assert level("OIL-01", ON, **month(oil_sale_day=sales(58_500)[:-1])) == "nodata"  # the 30th wasn't reported
    assert level("OIL-01", ON, **month(oil_tank=[{"tank_no": "2", "product": "92#"}])) == "nodata"  # never read
    assert level("OIL-01", ON, **month(oil_tank=[{"tank_no": "1", "product": "92#"}])) == "yellow"


def test_nothing_to_divide_by_is_no_data():
    # nothing was there and nothing came, but 100 L are there at the end
    rows = month(
        oil_tank_reading=[read(FIRST, 0), read(AFTER, 100)],
        oil_delivery=[load(10, product="0#")], oil_sale_day=sales(0),
    )  # fmt: skip
    assert judge("OIL-01", ON, **rows) == (None, "nodata")


def test_the_worst_product_counts_and_an_unknown_one_hides_no_warning():
    diesel = [read(FIRST, 10_000, tank="2", product="0#"), read(AFTER, 9_000, tank="2", product="0#")]
    rows = month()
    rows["oil_tank_reading"] += diesel  # 10,000 − 0 − 9,000 = 1,000 ÷ 10,000 = 10 % missing
    assert judge("OIL-01", ON, **rows) == (0.1, "red")
    rows["oil_tank_reading"] = month()["oil_tank_reading"] + diesel[:1]
    assert judge("OIL-01", ON, **rows) == (0.015379375, "yellow")  # petrol warns, whatever diesel is
    rows["oil_tank_reading"] = month(20_600)["oil_tank_reading"] + diesel[:1]
    assert judge("OIL-01", ON, **rows) == (None, "nodata")  # petrol is well, diesel may not be


def test_an_empty_tank_that_nobody_uses_hides_nothing():
    rows = month(20_600)
    rows["oil_tank_reading"] += [read(FIRST, 0, tank="3", product="-35#"), read(AFTER, 0, tank="3", product="-35#")]
    assert level("OIL-01", ON, **rows) == "normal"


def test_a_tank_that_changes_its_product_counts_for_each_at_its_end():
    rows = {
        "oil_tank_reading": [
            read(FIRST, 5_000, product="0#"), read(AFTER, 8_000, product="-35#"),
            read(FIRST, 0, tank="2", product="0#"), read(AFTER, 0, tank="2", product="0#"),
        ],
        "oil_delivery": [load(28_000, product="-35#")],
        "oil_sale_day": sales(4_900, product="0#") + sales(19_900, product="-35#"),
    }  # fmt: skip
    # 0#: 5,000 − 4,900 − 0 − 3.92 = 96.08 of 5,000 = 1.92 %; −35#: 28,000 − 19,900 − 8,000 − 15.92 = 84.08 of 28,000 = 0.30 %
    told = numbers("OIL-01", ON, **rows)
    assert (told["value"], told["grade"]) == (0.019216, 0)


def test_a_product_that_isnt_told_is_that_of_the_tank_or_the_nozzle():
    rows = month(
        oil_tank_reading=[read(FIRST, 20_000, product=None), read(AFTER, 20_100, product=None)],
        oil_sale_day=sales(58_500, product=None),
    )
    listed = {"oil_tank": [{"tank_no": "1", "product": "92#"}], "oil_nozzle": [{"nozzle_no": "1", "product": "92#"}]}
    assert judge("OIL-01", ON, **rows, **listed) == (0.015379375, "yellow")
    assert judge("OIL-01", ON, **rows, oil_nozzle=listed["oil_nozzle"]) == (None, "nodata")
    assert judge("OIL-01", ON, **rows, oil_tank=listed["oil_tank"]) == (None, "nodata")


# --- when --------------------------------------------------------------------------------------------------------


def test_a_month_end_reading_lies_within_six_hours_of_midnight_and_the_nearest_counts():
    def closing(*readings: dict) -> str:
        return level("OIL-01", ON, **month(oil_tank_reading=[read(FIRST, 20_000), *readings]))

    last = AFTER - timedelta(days=1)
    assert closing(read(last, 20_100, 18)) == "yellow"
    assert closing(read(last, 20_100, 17.9)) == "nodata"
    assert closing(read(AFTER, 20_100, 6)) == "yellow"
    assert closing(read(AFTER, 20_100, 6.1)) == "nodata"
    assert closing(read(last, 20_100, 23), read(AFTER, 0, 1)) == "yellow"  # as near before as after: the one before
    assert closing(read(last, 0, 22), read(AFTER, 20_100, 1)) == "yellow"


def test_a_stock_taking_that_names_only_the_day_is_that_days_end():
    rows = [read(date(2026, 8, 31), 20_000), read(date(2026, 9, 30), 20_100)]
    assert judge("OIL-01", ON, **month(oil_tank_reading=rows)) == (0.015379375, "yellow")


def test_a_load_after_the_last_reading_belongs_to_the_next_month():
    rows = month(oil_tank_reading=[read(FIRST, 20_000), read(date(2026, 9, 30), 20_100, 22)])
    rows["oil_delivery"] += [load(25_000, date(2026, 9, 30), 23)]
    assert judge("OIL-01", ON, **rows) == (0.015379375, "yellow")
    rows["oil_delivery"][-1] = load(25_000, date(2026, 9, 30), 21.9)  # before it: 26,230.35 of 105,000
    assert judge("OIL-01", ON, **rows)[1] == "red"


def test_while_a_months_papers_are_not_in_the_one_before_counts_and_none_before_that():
    assert level("OIL-01", date(2026, 11, 5), **month()) == "yellow"  # October's are late
    assert level("OIL-01", date(2026, 12, 1), **month()) == "nodata"  # October and November lack
    assert level("OIL-01", date(2026, 9, 30), **month()) == "nodata"  # September isn't over
