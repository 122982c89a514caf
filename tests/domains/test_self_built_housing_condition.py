"""Alterations, sensors and fire defects of self-built houses: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from tests.domains.self_built import HOME, ON, OPEN, SHUT, ago, numbers

# --- SBH-07 ------------------------------------------------------------------------------------------------------


def altered(how: str | None, days: int, closed: int | None = None) -> dict:
    """A hazard of the kind 改扩建, found so many days ago."""
    return {
        "kind": "改扩建", "level": "一般", "alteration": how, "found_on": ago(days),
        "closed_on": None if closed is None else ago(closed),
    }  # fmt: skip


def ledger(*alterations: str) -> list[dict]:
    listed = "[" + ", ".join(f'"{a}"' for a in alterations) + "]"
    return [{**OPEN[0], "alteration": listed}]


@pytest.mark.parametrize(
    ("hazards", "value", "level"),
    [
        ([altered("拆改承重墙", 0)], 1, "red"),  # any
        ([altered("加层", 31)], 1, "red"),
        ([altered("加层", 30)], 1, "orange"),
        ([altered("扩建", 400)], 1, "yellow"),
        ([altered("扩建", 400), altered("加层", 3)], 2, "orange"),
        ([altered("拆改承重墙", 40, closed=0)], 0, "normal"),  # closed today
        ([altered("拆改承重墙", 40, closed=-1)], 1, "red"),  # closed tomorrow
    ],
)
def test_sbh_07_a_wall_cut_is_red_a_floor_added_after_30_days(judge, hazards, value, level):
    assert judge("SBH-07", ON, sbh_house=OPEN, sbh_hazard=hazards) == (value, level)


def test_sbh_07_an_alteration_without_a_name_is_the_gravest_that_the_list_tells(judge):
    nameless = [altered(None, 31)]
    assert judge("SBH-07", ON, sbh_house=ledger("扩建", "加层"), sbh_hazard=nameless) == (1, "red")
    assert judge("SBH-07", ON, sbh_house=ledger("扩建"), sbh_hazard=nameless) == (1, "yellow")
    assert judge("SBH-07", ON, sbh_house=OPEN, sbh_hazard=nameless) == (1, "yellow")


def test_sbh_07_a_wall_listed_as_cut_counts_until_a_hazard_of_it_is_closed(judge):
    assert judge("SBH-07", ON, sbh_house=ledger("拆改承重墙")) == (1, "red")
    done = [altered("拆改承重墙", 40, closed=3)]
    assert judge("SBH-07", ON, sbh_house=ledger("拆改承重墙"), sbh_hazard=done) == (0, "normal")


def test_sbh_07_is_no_data_where_nobody_said_whether_the_alteration_is_illegal(judge):
    assert judge("SBH-07", ON, sbh_house=OPEN) == (None, "nodata")
    assert judge("SBH-07", ON, sbh_house=ledger("加层")) == (None, "nodata")
    assert judge("SBH-07", ON, sbh_house=ledger("无")) == (0, "normal")
    other = [{**altered(None, 90), "kind": "消防"}]
    assert judge("SBH-07", ON, sbh_house=OPEN, sbh_hazard=other) == (None, "nodata")
    tomorrow = [altered("加层", -1)]
    assert judge("SBH-07", ON, sbh_house=ledger("无"), sbh_hazard=tomorrow) == (0, "normal")


def test_sbh_07_tells_the_numbers_it_comes_from():
    hazards = [altered("加层", 12), altered("加层", 5), altered("扩建", 80), altered("拆改承重墙", 9, closed=2)]
    assert numbers("SBH-07", sbh_house=OPEN, sbh_hazard=hazards) == {
        "value": 3, "walls": 0, "added": 2, "added_days": 12, "items": 3, "days": 80,
    }  # fmt: skip


# --- SBH-08 ------------------------------------------------------------------------------------------------------

LAST = pd.Timestamp("2026-11-20 08:00")


def readings(kind: str, *values: float, every: int = 30, sensor: str = "1", last: pd.Timestamp = LAST) -> list[dict]:
    """One sensor's readings, the last one at `last`, the others each `every` days before."""
    count = len(values)
    return [
        {"sensor_id": sensor, "kind": kind, "value": v, "read_at": last - timedelta(every * (count - 1 - i))}
        for i, v in enumerate(values)
    ]


def house(floors: int | None = 2, structure: str | None = "砖混") -> list[dict]:
    return [{**OPEN[0], "floors": floors, "structure": structure}]


@pytest.mark.parametrize(
    ("values", "value", "level"),
    [
        ((0, 4, 8), 1.0, "red"),  # 4 mm and 4 mm: 4 ÷ 4
        ((0, 4, 7.99), 0.9975, "orange"),  # 4 and 3.99: the smaller
        ((0, 3, 6), 0.75, "orange"),
        ((0, 2.99, 12), 0.7475, "yellow"),  # 2.99 and 9.01: two months running
        ((0, 2, 4), 0.5, "yellow"),
        ((0, 1.99, 4), 0.4975, "normal"),
        ((8, 4, 0), 1.0, "red"),  # downwards may be written with a minus
        ((0, 9, 0), 0.0, "normal"),  # up again
    ],
)
def test_sbh_08_settlement_counts_when_it_lasts_two_months(judge, values, value, level):
    rows = readings("沉降", *values)
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=rows) == (value, level)


def test_sbh_08_settlement_is_measured_over_30_days_between_readings():
    """Every 20 days 0, 3, 6, 10: 30 days back from 10 lies between 3 and 6: 4.5; 60 days back 0. Hence 5.5 and 4.5."""
    rows = readings("沉降", 0, 3, 6, 10, every=20)
    told = numbers("SBH-08", sbh_house=house(), sbh_monitor_reading=rows)
    assert (told["settlement"], told["value"]) == (4.5, 1.125)


def test_sbh_08_sensors_are_not_mixed_up(judge):
    """The first settles by 1 a month, the second by 2; each begins where it likes: 2 ÷ 4."""
    rows = readings("沉降", 50, 51, 52) + readings("沉降", 7, 9, 11, sensor="2")
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=rows) == (0.5, "yellow")
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=rows[::-1]) == (0.5, "yellow")


@pytest.mark.parametrize(
    ("floors", "tilt", "value", "level"),
    [
        (2, 30.0, 1.0, "red"),
        (2, -29.9, 0.996666667, "orange"),  # to the other side
        (3, 20.0, 1.0, "red"),
        (3, 15.0, 0.75, "orange"),
        (3, 14.9, 0.745, "yellow"),
        (2, 15.0, 0.5, "yellow"),
        (2, 14.9, 0.496666667, "normal"),
        (None, 40.0, None, "nodata"),
    ],
)
def test_sbh_08_tilt_has_a_limit_by_floors(judge, floors, tilt, value, level):
    rows = readings("倾斜", 1.0, tilt)
    assert judge("SBH-08", ON, sbh_house=house(floors), sbh_monitor_reading=rows) == (value, level)


@pytest.mark.parametrize(
    ("structure", "tilt", "crack", "value"),
    [
        ("砖混", 10.1, 10.0, 1.0),
        ("砖混", 10.1, 9.9, 0.99),
        ("砖混", 10.0, 30.0, 0.333333333),  # it doesn't lean by more than 1 %: 10 ÷ 30 of the tilt
        ("框架", 10.1, 30.0, 0.336666667),  # no masonry
        (None, 10.1, 30.0, None),
        (None, 16.0, 30.0, 0.533333333),  # at least what the tilt says
    ],
)
def test_sbh_08_a_crack_counts_in_masonry_that_leans(judge, structure, tilt, crack, value):
    rows = readings("倾斜", tilt) + readings("裂缝", crack, sensor="2")
    assert judge("SBH-08", ON, sbh_house=house(2, structure), sbh_monitor_reading=rows)[0] == value


def test_sbh_08_is_no_data_without_sensors_or_with_one_that_fell_silent(judge):
    assert judge("SBH-08", ON, sbh_house=house()) == (None, "nodata")
    # at the end of the day 62 days back is too old, a minute later is not
    old = pd.Timestamp("2026-09-22 00:00")
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=readings("倾斜", 31, last=old)) == (
        None,
        "nodata",
    )
    fresh = old + timedelta(minutes=1)
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=readings("倾斜", 31, last=fresh))[1] == "red"
    silent = readings("倾斜", 16) + readings("沉降", 0, 9, 18, sensor="2", last=old)
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=silent) == (0.533333333, "yellow")  # at least
    silent = readings("倾斜", 3) + readings("沉降", 0, 9, 18, sensor="2", last=old)
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=silent) == (None, "nodata")
    short = readings("沉降", 0, 9)  # a month only
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=short) == (None, "nodata")
    tomorrow = readings("倾斜", 31, last=pd.Timestamp("2026-11-24 00:00"))
    assert judge("SBH-08", ON, sbh_house=house(), sbh_monitor_reading=tomorrow) == (None, "nodata")


def test_sbh_08_tells_the_numbers_it_comes_from():
    rows = readings("沉降", 0, 1, 3) + readings("倾斜", 12, sensor="2") + readings("裂缝", 6, sensor="3")
    assert numbers("SBH-08", sbh_house=house(3), sbh_monitor_reading=rows) == {
        "value": 0.6, "settlement": 1, "tilt": 12, "tilt_limit": 20, "crack": 6,  # 1/4, 12/20, 6/10
    }  # fmt: skip


# --- SBH-12 ------------------------------------------------------------------------------------------------------


def lodging(exits: int | None = 2, people: int | None = 12, barred: bool | None = False, ebike: bool | None = False,
            **fields) -> list[dict]:  # fmt: skip
    return [{
        **OPEN[0], "business_kinds": '["餐饮饭店", "民宿宾馆"]', "exits": exits, "occupants": people, "floors": 2,
        "barred_windows": barred, "ebike_inside": ebike, **fields,
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("house", "value", "level"),
    [
        (lodging(), 0, "normal"),
        (lodging(exits=1), 1, "yellow"),
        (lodging(exits=1, people=9), 0, "normal"),
        (lodging(exits=1, people=10), 1, "yellow"),
        (lodging(barred=True, ebike=True), 2, "orange"),
        (lodging(exits=1, barred=True, ebike=True), 3, "red"),
        (lodging(exits=1, floors=4, sleepers_above=10), 1, "red"),
        (lodging(exits=1, floors=4, sleepers_above=9), 1, "yellow"),
        (lodging(exits=2, floors=4, sleepers_above=30), 0, "normal"),
        (lodging(exits=1, floors=4), 1, "yellow"),  # who sleeps where isn't known: at least this
    ],
)
def test_sbh_12_counts_fire_defects_where_people_lodge(judge, house, value, level):
    assert judge("SBH-12", ON, sbh_house=house) == (value, level)


def test_sbh_12_says_at_least_what_is_known(judge):
    assert judge("SBH-12", ON, sbh_house=lodging(exits=None)) == (None, "nodata")
    assert judge("SBH-12", ON, sbh_house=lodging(exits=None, people=9)) == (0, "normal")
    assert judge("SBH-12", ON, sbh_house=lodging(exits=None, barred=True)) == (1, "yellow")
    assert judge("SBH-12", ON, sbh_house=lodging(ebike=None)) == (None, "nodata")


def test_sbh_12_concerns_houses_with_lodgers(judge):
    bad = {"exits": 1, "occupants": 12, "floors": 4, "sleepers_above": 12, "barred_windows": True, "ebike_inside": True}
    assert judge("SBH-12", ON, sbh_house=[{**OPEN[0], **bad, "business_kinds": '["出租居住(≥10人)"]'}]) == (3, "red")
    assert judge("SBH-12", ON, sbh_house=[{**OPEN[0], **bad, "business_kinds": '["商超"]'}]) == (0, "normal")
    assert judge("SBH-12", ON, sbh_house=[{**OPEN[0], **bad}]) == (None, "nodata")
    assert judge("SBH-12", ON, sbh_house=[{**HOME[0], **bad}]) == (0, "normal")
    assert judge("SBH-12", ON, sbh_house=[{**SHUT[0], **bad, "business_kinds": '["民宿宾馆"]'}]) == (0, "normal")


def test_sbh_12_tells_the_numbers_it_comes_from():
    assert numbers("SBH-12", sbh_house=lodging(exits=1, ebike=True)) == {
        "value": 2, "lodging": 1, "exit": 1, "barred": 0, "ebike": 1, "exits": 1, "people": 12, "sleepers": 0,
    }  # fmt: skip
