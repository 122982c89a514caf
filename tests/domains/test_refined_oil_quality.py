"""OIL-07 and 08: samples that failed, and vapour that isn't recovered."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pilotwatch.levels import level_of
from tests.domains.oil import CLOSED, ago, compute, indicator, judge, level, numbers

# --- OIL-07 ------------------------------------------------------------------------------------------------------


def sample(result: str | None, items: str | None = None, day: date = date(2026, 6, 1), **fields) -> dict:
    return {"sampled_on": day, "result": result, "failed_items": items, **fields}


@pytest.mark.parametrize(
    ("rows", "value", "found"),
    [
        ([sample("合格")], 0, "normal"),
        ([sample("不合格", '["硫含量"]')], 1, "red"),
        ([sample("不合格", '["闪点（闭口）", "密度"]')], 1, "red"),
        ([sample("不合格", '["研究法辛烷值"]')], 1, "red"),
        ([sample("不合格", '["十六烷值"]')], 1, "red"),
        ([sample("不合格", '["硫醇硫"]')], 1, "orange"),  # mercaptan is another item than sulphur
        ([sample("不合格", '["密度"]')], 1, "orange"),
        ([sample("不合格")], 1, "orange"),  # which item isn't said
        ([sample("合格"), sample("不合格", '["密度"]'), sample("不合格", '["烯烃"]')], 2, "orange"),
        ([sample("不合格", '["密度"]'), sample("不合格", '["硫含量"]')], 2, "red"),  # one of them is grave
        ([sample("不合格", '["硫含量"]', date(2025, 11, 24))], 1, "red"),  # within 12 months, the first day
        ([sample("不合格", '["硫含量"]', date(2025, 11, 23))], None, "nodata"),  # a year ago to the day: out
        ([sample("不合格", '["硫含量"]', date(2026, 11, 20), reported_on=date(2026, 11, 24))], None, "nodata"),  # not known yet
        ([sample("不合格", '["硫含量"]', date(2026, 11, 24))], None, "nodata"),  # of tomorrow
        ([sample(None)], None, "nodata"),
        ([], None, "nodata"),
    ],
)  # fmt: skip
def test_oil_07_is_red_for_a_grave_item_and_orange_for_any_other(rows, value, found):
    assert judge("OIL-07", oil_sampling=rows) == (value, found)


def test_oil_07_tells_how_many_batches_there_were():
    rows = [sample("合格"), sample("合格"), sample("不合格", '["硫含量"]'), sample("不合格", '["密度"]')]
    assert numbers("OIL-07", oil_sampling=rows) == {"value": 2, "grave": 1, "batches": 4, "failed": 2}
    assert numbers("OIL-07", oil_station=CLOSED, oil_sampling=rows)["batches"] is None


@pytest.mark.parametrize(
    ("failed", "batches", "found"),
    [(1, 20, "red"), (1, 21, "orange"), (1, 50, "orange"), (1, 51, "yellow"), (1, 100, "yellow"), (1, 101, "normal"), (0, 3, "normal")],
)  # fmt: skip
def test_oil_07_a_place_is_judged_by_its_failed_batches(failed, batches, found):
    # 5 %, 4.76 %, 2 %, 1.96 %, 1 %, 0.99 %, 0 %
    area = indicator("OIL-07").area
    assert (area.numerator, area.denominator) == ("failed", "batches")
    assert level_of(pd.Series([failed / batches]), area.levels).iloc[0] == found


def test_oil_07_a_station_without_samples_counts_in_no_place():
    parts = compute("OIL-07", oil_station=[{"subject_id": "S"}, {"subject_id": "T"}], oil_sampling=[sample("合格")])
    assert parts["batches"].fillna(-1).to_dict() == {"S": 1, "T": -1}


# --- OIL-08 ------------------------------------------------------------------------------------------------------


def monitored(out: int, days: int = 1, no: str = "01", fillings: int = 100, state: str | None = None) -> dict:
    return {"nozzle_no": no, "day": ago(days), "fillings": fillings, "out_of_range": out, "state": state}


PASSED = [{"tested_on": ago(100), "air_liquid_ratio": 1.1, "result": "合格"}]


@pytest.mark.parametrize(
    ("out", "value", "found"),
    [(25, 0.25, "orange"), (24, 0.24, "yellow"), (15, 0.15, "yellow"), (14, 0.14, "normal"), (0, 0.0, "normal")],
)
def test_oil_08_a_day_with_a_quarter_of_the_fillings_out_of_range_is_a_warning(out, value, found):
    assert judge("OIL-08", vapor_online_day=[monitored(out)], vapor_test=PASSED) == (value, found)


@pytest.mark.parametrize(
    ("days", "running", "found"),
    [
        ([5, 4, 3, 2, 1], 5, "red"),
        ([4, 3, 2, 1], 4, "orange"),
        ([6, 5, 4, 2, 1], 3, "orange"),  # a good day in between
        ([11, 10, 9, 8, 7], 0, "normal"),  # over before the last seven days
        ([10, 9, 8, 7, 6], 5, "red"),  # reaches into them
    ],
)
def test_oil_08_five_days_of_warning_running_are_an_alarm(days, running, found):
    rows = [monitored(30, d) for d in days] + [monitored(0, d) for d in range(12) if d not in days]
    assert numbers("OIL-08", vapor_online_day=rows, vapor_test=PASSED)["running"] == running
    assert level("OIL-08", vapor_online_day=rows, vapor_test=PASSED) == found


def test_oil_08_two_nozzles_days_do_not_add_up():
    rows = [monitored(30, d, "01") for d in (1, 2, 3)] + [monitored(30, d, "02") for d in (4, 5)]
    assert numbers("OIL-08", vapor_online_day=rows)["running"] == 3


def test_oil_08_believes_a_monitor_that_says_warning_or_alarm():
    warned = [monitored(1, d, state="预警") for d in range(1, 6)]
    assert level("OIL-08", vapor_online_day=warned, vapor_test=PASSED) == "red"
    assert numbers("OIL-08", vapor_online_day=[monitored(1, state="报警")])["alarms"] == 1
    assert level("OIL-08", vapor_online_day=[monitored(1, state="报警")], vapor_test=PASSED) == "red"


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ({"air_liquid_ratio": 0.99}, "orange"),
        ({"air_liquid_ratio": 1.0}, "normal"),
        ({"air_liquid_ratio": 1.2}, "normal"),
        ({"air_liquid_ratio": 1.21}, "orange"),
        ({"result": "不合格"}, "orange"),  # for another reason
        ({"air_liquid_ratio": 1.1, "result": "不合格"}, "orange"),
        ({"air_liquid_ratio": 1.1, "tested_on": date(2025, 11, 23)}, "nodata"),  # a year ago: no test any more
        ({"air_liquid_ratio": 0.9, "tested_on": ago(-1)}, "nodata"),  # of tomorrow
        ({}, "nodata"),
    ],
)
def test_oil_08_the_yearly_test_must_lie_between_1_0_and_1_2(test, found):
    assert level("OIL-08", vapor_online_day=[monitored(5)], vapor_test=[{"tested_on": ago(50), **test}]) == found


def test_oil_08_goes_by_the_newest_test():
    rows = [{"tested_on": ago(200), "air_liquid_ratio": 0.8}, {"tested_on": ago(20), "air_liquid_ratio": 1.1}]
    assert numbers("OIL-08", vapor_online_day=[monitored(5)], vapor_test=rows)["test_failed"] == 0


def test_oil_08_is_no_data_without_fillings_unless_the_test_failed():
    assert judge("OIL-08") == (None, "nodata")
    assert judge("OIL-08", vapor_test=PASSED) == (None, "nodata")
    assert judge("OIL-08", vapor_online_day=[monitored(0, fillings=0)], vapor_test=PASSED) == (None, "nodata")  # 0 ÷ 0
    assert judge("OIL-08", vapor_online_day=[monitored(90, 7)], vapor_test=PASSED) == (
        None,
        "nodata",
    )  # eight days back
    assert judge("OIL-08", vapor_online_day=[monitored(90, -1)], vapor_test=PASSED) == (None, "nodata")
    assert level("OIL-08", vapor_test=[{"tested_on": ago(9), "air_liquid_ratio": 0.8}]) == "orange"
