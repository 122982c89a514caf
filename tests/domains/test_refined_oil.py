"""The indicators of petrol stations: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

ON = date(2026, 11, 23)
STATION = [{"uscc": "91650100XJDEM00576", "business_status": "营业"}]
CLOSED = [{"uscc": "91650100XJDEM00576", "business_status": "关闭"}]


def nozzle(until: date | None, no: str = "01", **fields) -> dict:
    return {"nozzle_no": no, "verify_until": until, "verified_on": date(2026, 5, 24), **fields}


@pytest.mark.parametrize(
    ("until", "days", "level"),
    [
        (date(2026, 11, 22), -1, "red"),  # ran out yesterday: −1 < 0
        (date(2026, 11, 23), 0, "orange"),  # the last day is still good: 0, not < 0
        (date(2026, 11, 30), 7, "orange"),  # 23 + 7 = 30
        (date(2026, 12, 1), 8, "yellow"),
        (date(2026, 12, 23), 30, "yellow"),  # 7 days to the end of November + 23
        (date(2026, 12, 24), 31, "normal"),
    ],
)
def test_oil_05_turns_orange_a_week_before_a_verification_ends_and_red_the_day_after(judge, until, days, level):
    assert judge("OIL-05", ON, oil_station=STATION, oil_verification=[nozzle(until)]) == (days, level)


def test_oil_05_without_an_end_counts_six_months_less_a_day(judge):
    # verified 2026-05-24: + 6 months = 2026-11-24, − 1 day = 2026-11-23, which is today
    row = {"nozzle_no": "01", "verified_on": date(2026, 5, 24)}
    assert judge("OIL-05", ON, oil_station=STATION, oil_verification=[row]) == (0, "orange")


def test_oil_05_takes_the_nozzle_that_runs_out_first_and_each_nozzles_latest_verification(judge):
    rows = [
        nozzle(date(2026, 6, 1), "1", verified_on=date(2025, 12, 2)),  # replaced by the next, of the same nozzle
        nozzle(date(2027, 5, 1), "01", verified_on=date(2026, 11, 2)),
        nozzle(date(2026, 12, 3), "02"),  # 10 days left
    ]
    assert judge("OIL-05", ON, oil_station=STATION, oil_verification=rows) == (10, "yellow")


def test_oil_05_does_not_see_a_verification_that_is_yet_to_come(judge):
    rows = [nozzle(date(2026, 11, 22)), nozzle(date(2027, 5, 24), verified_on=date(2026, 11, 25))]
    assert judge("OIL-05", ON, oil_station=STATION, oil_verification=rows) == (-1, "red")


def test_oil_05_is_no_data_without_nozzles_or_where_a_nozzle_in_the_register_was_never_verified(judge):
    assert judge("OIL-05", ON, oil_station=STATION) == (None, "nodata")
    good = nozzle(date(2027, 3, 1), "02")
    unknown = {"nozzle_no": "01"}
    assert judge("OIL-05", ON, oil_station=STATION, oil_nozzle=[unknown, good]) == (None, "nodata")
    overdue = nozzle(date(2026, 11, 13), "02")  # 10 days ago: the unknown one can't make it better
    assert judge("OIL-05", ON, oil_station=STATION, oil_nozzle=[unknown, overdue]) == (-10, "red")


def test_a_station_closed_for_good_is_not_judged(judge):
    assert judge("OIL-05", ON, oil_station=CLOSED, oil_verification=[nozzle(date(2020, 1, 1))]) == (None, "nodata")


@pytest.mark.parametrize(
    ("error", "repeat", "value", "level"),
    [
        (0.31, 0.02, 0.31, "red"),
        (-0.31, 0.02, 0.31, "red"),  # the sign doesn't matter
        (0.30, 0.02, 0.30, "orange"),  # at the limit, not over it
        (0.20, 0.02, 0.20, "orange"),
        (0.19, 0.02, 0.19, "yellow"),
        (0.15, 0.02, 0.15, "yellow"),
        (0.14, 0.02, 0.14, "normal"),
        (0.05, 0.10, 0.05, "normal"),  # repeatability at its limit doesn't count
        (0.05, 0.11, 0.33, "red"),  # beyond it: 3 × 0.11
        (0.05, None, None, "nodata"),  # half of the test is missing
        (None, 0.02, None, "nodata"),
        (0.25, None, 0.25, "orange"),  # bad enough without the other half
    ],
)
def test_oil_06_is_red_beyond_three_tenths_of_a_percent(judge, error, repeat, value, level):
    row = nozzle(date(2026, 11, 23), error_pct=error, repeat_pct=repeat)
    assert judge("OIL-06", ON, oil_station=STATION, oil_verification=[row]) == (value, level)


def test_oil_06_goes_by_the_worst_nozzle_and_its_latest_verification(judge):
    rows = [
        nozzle(None, "01", error_pct=0.50, repeat_pct=0.02, verified_on=date(2026, 1, 5)),  # since mended
        nozzle(None, "01", error_pct=0.10, repeat_pct=0.02, verified_on=date(2026, 7, 5)),
        nozzle(None, "02", error_pct=-0.22, repeat_pct=0.02, verified_on=date(2026, 7, 5)),
    ]
    assert judge("OIL-06", ON, oil_station=STATION, oil_verification=rows) == (0.22, "orange")


def sample(result: str, items: str | None = None, day: date = date(2026, 6, 1), **fields) -> dict:
    return {"sampled_on": day, "result": result, "failed_items": items, **fields}


@pytest.mark.parametrize(
    ("rows", "value", "level"),
    [
        ([sample("合格")], 0, "normal"),
        ([sample("不合格", '["硫含量"]')], 2, "red"),
        ([sample("不合格", '["闪点（闭口）", "密度"]')], 2, "red"),
        ([sample("不合格", '["研究法辛烷值"]')], 2, "red"),
        ([sample("不合格", '["十六烷值"]')], 2, "red"),
        ([sample("不合格", '["硫醇硫"]')], 1, "orange"),  # mercaptan is another item than sulphur
        ([sample("不合格", '["密度"]')], 1, "orange"),
        ([sample("不合格")], 1, "orange"),  # which item isn't said
        ([sample("合格"), sample("不合格", '["密度"]')], 1, "orange"),  # one failed batch is enough
        ([sample("不合格", '["硫含量"]', date(2025, 11, 24))], 2, "red"),  # within 12 months, the first day
        ([sample("不合格", '["硫含量"]', date(2025, 11, 23))], None, "nodata"),  # a year ago to the day: out
        ([sample("不合格", '["硫含量"]', date(2026, 11, 20), reported_on=date(2026, 11, 24))], None, "nodata"),  # not known yet
        ([], None, "nodata"),
    ],
)  # fmt: skip
def test_oil_07_is_red_for_a_grave_item_and_orange_for_any_other(judge, rows, value, level):
    assert judge("OIL-07", ON, oil_station=STATION, oil_sampling=rows) == (value, level)


FAR = date(2030, 1, 1)


def licences(**until: date | None) -> list[dict]:
    dates = dict.fromkeys(
        ("retail_licence_until", "hazchem_licence_until", "discharge_permit_until", "lightning_report_until"), FAR
    )
    return [{**STATION[0], **dates, **until}]


@pytest.mark.parametrize(
    ("field", "until", "value", "level"),
    [
        ("retail_licence_until", date(2026, 11, 22), -1, "red"),
        ("retail_licence_until", date(2026, 11, 23), 0, "orange"),  # the last day
        ("retail_licence_until", date(2026, 12, 23), 1, "orange"),  # 30 of 30 days
        ("retail_licence_until", date(2026, 12, 24), 1 + 1 / 60, "yellow"),  # 31 days: 1 + 1 ÷ (90 − 30)
        ("retail_licence_until", date(2027, 2, 21), 2, "yellow"),  # 90 days: 7 + 31 + 31 + 21
        ("retail_licence_until", date(2027, 2, 22), 1 + 61 / 60, "normal"),
        ("hazchem_licence_until", date(2026, 11, 22), -1, "red"),
        ("hazchem_licence_until", date(2027, 2, 21), 1, "orange"),  # 90 days
        ("hazchem_licence_until", date(2027, 2, 22), 1 + 1 / 60, "yellow"),
        ("hazchem_licence_until", date(2027, 4, 22), 2, "yellow"),  # 150 days: 90 + 7 + 31 + 22
        ("hazchem_licence_until", date(2027, 4, 23), 1 + 61 / 60, "normal"),
        ("discharge_permit_until", date(2027, 1, 22), 1, "orange"),  # 60 days: 7 + 31 + 22
        ("discharge_permit_until", date(2027, 1, 23), 1 + 1 / 60, "yellow"),
        ("discharge_permit_until", date(2027, 3, 23), 2, "yellow"),  # 120 days: 7 + 31 + 31 + 28 + 23
        ("discharge_permit_until", date(2027, 3, 24), 1 + 61 / 60, "normal"),
        ("lightning_report_until", date(2026, 11, 30), 1, "orange"),  # 7 days
        ("lightning_report_until", date(2026, 12, 1), 1 + 1 / 23, "yellow"),  # 1 + 1 ÷ (30 − 7)
        ("lightning_report_until", date(2026, 12, 23), 2, "yellow"),  # 30 days
        ("lightning_report_until", date(2026, 12, 24), 1 + 24 / 23, "normal"),
    ],
)
def test_oil_09_puts_the_lead_times_of_four_licences_on_one_scale(judge, field, until, value, level):
    found = judge("OIL-09", ON, oil_station=licences(**{field: until}))
    assert found == (round(value, 9), level)


def test_oil_09_goes_by_the_licence_that_is_nearest_to_its_end(judge):
    rows = licences(retail_licence_until=date(2026, 12, 8), hazchem_licence_until=date(2027, 1, 7))
    # retail 15 of 30 days = 0.5; hazardous chemicals 45 of 90 = 0.5; both alike, the far ones don't count
    assert judge("OIL-09", ON, oil_station=rows) == (0.5, "orange")


def test_oil_09_is_no_data_where_a_date_is_missing_unless_another_licence_warns(judge):
    assert judge("OIL-09", ON, oil_station=licences(discharge_permit_until=None)) == (None, "nodata")
    rows = licences(discharge_permit_until=None, retail_licence_until=date(2026, 11, 13))
    assert judge("OIL-09", ON, oil_station=rows) == (-10, "red")


def test_oil_09_a_renewed_licence_in_the_register_counts(judge):
    rows = licences(retail_licence_until=date(2026, 11, 13))
    renewed = [{"kind": "成品油零售经营批准证书", "valid_from": date(2026, 11, 14), "valid_until": FAR}]
    later = [{"kind": "成品油零售经营批准证书", "valid_from": date(2026, 11, 24), "valid_until": FAR}]
    assert judge("OIL-09", ON, oil_station=rows, licence=renewed)[1] == "normal"
    assert judge("OIL-09", ON, oil_station=rows, licence=later) == (-10, "red")  # issued tomorrow
