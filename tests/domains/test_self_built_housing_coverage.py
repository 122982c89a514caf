"""Screening, closing, patrols, re-checks after a disaster, and the appraisers: both sides of every bound, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from pilotwatch.levels import level_of
from tests.domains.self_built import HOME, ON, OPEN, ago, compute, graded, indicator, numbers, place

# --- SBH-09 ------------------------------------------------------------------------------------------------------


def test_sbh_09_a_house_is_screened_by_a_screening_or_a_judgement_on_the_list():
    def found(house: dict, **rows) -> float:
        return numbers("SBH-09", sbh_house=[{**OPEN[0], **house}], **rows)["screened"]

    assert found({}) == 0
    assert found({}, sbh_screening=[{"screened_on": ON, "result": "未发现安全隐患"}]) == 1
    assert found({}, sbh_screening=[{"screened_on": ago(-1), "result": "未发现安全隐患"}]) == 0  # tomorrow
    assert found({"screen_result": "未发现安全隐患"}) == 1
    assert found({"screen_result": "未发现安全隐患", "screened_on": ago(-1)}) == 0
    assert numbers("SBH-09", sbh_house=OPEN) == {"value": 0, "screened": 0, "registered": 1}


@pytest.mark.parametrize(
    ("done", "all_", "level"),
    [
        (799, 1000, "red"), (800, 1000, "orange"), (949, 1000, "orange"), (950, 1000, "yellow"), (999, 1000, "yellow"),
        (1000, 1000, "normal"),
    ],
)  # fmt: skip
def test_sbh_09_a_place_is_to_screen_every_house(done, all_, level):
    assert place("SBH-09", *[(1, 1)] * done, *[(0, 1)] * (all_ - done)) == (done / all_, level)


def test_sbh_09_and_10_and_13_judge_places_only():
    assert [indicator(code).levels for code in ("SBH-09", "SBH-10", "SBH-13")] == [None, None, None]


# --- SBH-10 ------------------------------------------------------------------------------------------------------


def hazard(due: int | None, closed: int | None = None, found: int = 500) -> dict:
    """A hazard due so many days ago and closed so many days ago."""
    return {
        "kind": "消防", "level": "一般", "found_on": ago(found), "due_on": None if due is None else ago(due),
        "closed_on": None if closed is None else ago(closed),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "in_time", "due"),
    [
        ([], 0, 0),
        ([hazard(10, 10)], 1, 1),  # on its last day
        ([hazard(10, 9)], 0, 1),  # a day late
        ([hazard(10)], 0, 1),
        ([hazard(1)], 0, 1),
        ([hazard(0)], 0, 0),  # today is its last day
        ([hazard(0, 3)], 0, 0),  # not past its due day yet
        ([hazard(None)], 0, 0),
        ([hazard(365, 370)], 1, 1),
        ([hazard(366, 370)], 0, 0),  # more than a year ago, and closed
        ([hazard(366)], 0, 1),  # and open still
        ([hazard(366, -1)], 0, 1),  # closed tomorrow
        ([hazard(10, 10, found=-1)], 0, 0),  # found tomorrow
        ([hazard(10, 12), hazard(20, 12), hazard(30)], 1, 3),
    ],
)
def test_sbh_10_counts_hazards_that_fell_due_within_a_year_or_are_open_still(rows, in_time, due):
    told = numbers("SBH-10", sbh_house=OPEN, sbh_hazard=rows)
    assert (told["in_time"], told["due"]) == (in_time, due)
    assert told["value"] == (round(in_time / due, 9) if due else None)


@pytest.mark.parametrize(
    ("in_time", "level"), [(69, "red"), (70, "orange"), (84, "orange"), (85, "yellow"), (94, "yellow"), (95, "normal")]
)
def test_sbh_10_a_place_closes_95_of_100_in_time(in_time, level):
    assert place("SBH-10", (in_time, 60), (0, 40)) == (in_time / 100, level)


# --- SBH-11 ------------------------------------------------------------------------------------------------------


def patrolled(*days: int) -> list[dict]:
    return [{"patrolled_on": ago(d)} for d in days]


@pytest.mark.parametrize(
    ("grade", "days", "value", "level"),
    [
        ("D", 2, 0.666666667, "normal"),
        ("D", 3, 1.0, "yellow"),
        ("D", 5, 1.666666667, "orange"),
        ("D", 6, 2.0, "red"),
        ("C", 29, 0.966666667, "normal"),
        ("C", 30, 1.0, "yellow"),
        ("C", 45, 1.5, "orange"),
        ("C", 60, 2.0, "red"),
        ("B", 180, 1.0, "yellow"),
        ("A", 364, 0.997260274, "normal"),
        ("A", 730, 2.0, "red"),
    ],
)
def test_sbh_11_a_house_is_patrolled_as_often_as_its_grade_asks(judge, grade, days, value, level):
    rows = {"sbh_house": HOME, "sbh_appraisal": graded(grade, 900), "sbh_patrol": patrolled(days, days + 50, -1)}
    assert judge("SBH-11", ON, **rows) == (value, level)


def test_sbh_11_three_floors_in_business_are_patrolled_every_90_days(judge):
    def found(house: dict, days: int, grade: str | None = "A"):
        appraisal = graded(grade, 900) if grade else []
        return judge("SBH-11", ON, sbh_house=[house], sbh_appraisal=appraisal, sbh_patrol=patrolled(days))

    tall = {**OPEN[0], "floors": 3}
    assert found(tall, 90) == (1.0, "yellow")
    assert found(tall, 89)[1] == "normal"
    assert found(tall, 90, grade=None) == (1.0, "yellow")  # whatever its grade
    assert found(tall, 30, grade="C") == (1.0, "yellow")  # the shorter one
    assert found({**OPEN[0], "floors": 2}, 90) == (round(90 / 365, 9), "normal")
    assert found({**OPEN[0], "floors": 2}, 90, grade=None) == (None, "nodata")  # nobody says how often
    # floors unknown: 90 days may be the period, unless 365 days are over as well
    assert found(OPEN[0], 90) == (None, "nodata")
    assert found(OPEN[0], 365) == (1.0, "yellow")
    assert found(OPEN[0], 30, grade="C") == (1.0, "yellow")


def test_sbh_11_the_period_of_a_dangerous_house_begins_with_its_grade(judge):
    def found(grade: str, days: int, *patrols: int):
        rows = {"sbh_appraisal": graded(grade, days), "sbh_patrol": patrolled(*patrols)}
        return judge("SBH-11", ON, sbh_house=HOME, **rows)

    assert found("C", 15, 300) == (0.5, "normal")
    assert found("C", 60) == (2.0, "red")  # nobody ever came
    assert found("D", 3) == (1.0, "yellow")
    assert found("B", 900) == (None, "nodata")
    assert numbers("SBH-11", sbh_house=HOME, sbh_appraisal=graded("C", 45)) == {"value": 1.5, "days": 45, "period": 30}


def test_sbh_11_ends_when_the_house_is_pulled_down(judge):
    down = [{"plan_on": ago(40), "measure": '["拆除"]', "done_on": ago(1)}]
    rows = {"sbh_house": HOME, "sbh_appraisal": graded("D", 60), "sbh_patrol": patrolled(50)}
    assert judge("SBH-11", ON, **rows)[1] == "red"
    assert judge("SBH-11", ON, **rows, sbh_rectification=down) == (0, "normal")


# --- SBH-13 ------------------------------------------------------------------------------------------------------

MORNING = pd.Timestamp("2026-11-18 06:00")  # 72 hours end on the 21st at 6:00


def quake(magnitude: float | None = 4.0, distance: float | None = 100.0, at: pd.Timestamp = MORNING, **fields) -> dict:
    return {"event_no": "Z", "kind": "地震", "magnitude": magnitude, "distance_km": distance, "at": at, **fields}


def alert(kind: str, level: str | None) -> dict:
    return {"event_no": "Y", "kind": kind, "alert_level": level, "at": MORNING}


OLD = [{**HOME[0], "division_code": "650102", "built_year": 1996}]  # 30 years


def parts(*events: dict, house: list[dict] = OLD, on: date = ON, **rows) -> tuple[float | None, float | None]:
    told = numbers("SBH-13", on, sbh_house=house, sbh_event=events, **rows)
    return told["checked"], told["listed"]


@pytest.mark.parametrize(
    ("event", "calls"),
    [
        (quake(), True),
        (quake(3.9), False),
        (quake(distance=100.1), False),
        (quake(None), False),
        (alert("暴雪", "red"), True),
        (alert("暴雨", "orange"), True),
        (alert("大风", "orange"), True),
        (alert("暴雪", "yellow"), False),
        (alert("其他", "red"), False),
        (quake(division_code="650102"), True),
        (quake(division_code="650103"), False),  # another district
    ],
)
def test_sbh_13_a_strong_earthquake_or_a_red_or_orange_alert_calls_for_a_recheck(event, calls):
    assert parts(event) == ((0, 1) if calls else (None, None))


@pytest.mark.parametrize(
    ("day", "judged"),
    [
        (date(2026, 11, 20), False),  # 72 hours aren't over
        (date(2026, 11, 21), True),
        (date(2026, 12, 20), True),
        (date(2026, 12, 21), False),  # 30 days later
    ],
)
def test_sbh_13_is_told_from_the_72nd_hour_for_30_days(day, judged):
    assert parts(quake(), on=day) == ((0, 1) if judged else (None, None))


@pytest.mark.parametrize(
    ("days", "checked"),
    [(date(2026, 11, 17), 0), (date(2026, 11, 18), 1), (date(2026, 11, 21), 1), (date(2026, 11, 22), 0)],
)
def test_sbh_13_a_patrol_a_screening_or_a_visit_within_72_hours_is_a_recheck(days, checked):
    assert parts(quake(), sbh_patrol=[{"patrolled_on": days}]) == (checked, 1)
    assert parts(quake(), sbh_screening=[{"screened_on": days, "result": "未发现安全隐患"}]) == (checked, 1)
    visit = [{"report_no": "R", "grade": "B", "onsite_on": days, "reported_on": ON}]
    assert parts(quake(), sbh_appraisal=visit) == (checked, 1)


@pytest.mark.parametrize(
    ("house", "grade", "listed"),
    [
        ({"built_year": 2020, "structure": "框架"}, "C", 1),
        ({"built_year": 2020, "structure": "框架"}, "D", 1),
        ({"built_year": 2020, "structure": "框架"}, "B", 0),
        ({"built_year": 2020, "structure": "土木(生土)"}, "B", 1),
        ({"built_year": 1996, "structure": "框架"}, "B", 1),
        ({"built_year": 1997, "structure": "框架"}, "B", 0),
        ({"built_year": None, "structure": "框架"}, "B", None),
        ({"built_year": None, "structure": None}, "C", 1),
        ({"built_year": 2020, "structure": "框架"}, None, None),
    ],
)
def test_sbh_13_the_priority_list_is_dangerous_earthen_and_old_houses(house, grade, listed):
    rows = {"sbh_appraisal": graded(grade, 100)} if grade else {}
    assert parts(quake(), house=[{**HOME[0], **house}], **rows)[1] == listed


def test_sbh_13_goes_by_the_last_disaster_and_leaves_out_houses_that_are_gone():
    before = quake(at=MORNING - timedelta(days=9))
    seen = [{"patrolled_on": date(2026, 11, 10)}]  # after the first, before the second
    assert parts(before, sbh_patrol=seen) == (1, 1)
    assert parts(quake(), before, sbh_patrol=seen) == (0, 1)
    down = [{"plan_on": ago(90), "measure": '["拆除"]', "done_on": ago(60)}]
    assert parts(quake(), sbh_rectification=down) == (0, 0)
    assert parts() == (None, None)


@pytest.mark.parametrize(
    ("checked", "level"), [(59, "red"), (60, "orange"), (89, "orange"), (90, "yellow"), (99, "yellow"), (100, "normal")]
)
def test_sbh_13_a_place_rechecks_its_whole_list(checked, level):
    assert place("SBH-13", (checked, 100)) == (checked / 100, level)


# --- SBH-14 ------------------------------------------------------------------------------------------------------

FIRM = {"subject_id": "F", "uscc": "91650100XJDEM00576", "name": "禾川鉴定"}


def report(house: str, days: int, grade: str = "A", **fields) -> dict:
    return {"subject_id": house, "report_no": f"{house}-{days}", "appraiser": FIRM["name"], "grade": grade,
            "reported_on": ago(days), "kind": "整幢", **fields}  # fmt: skip


def rechecks(count: int, overturned: int) -> list[dict]:
    """So many A reports, each checked again 30 days later by another firm, which changes the first few to C."""
    return [
        row
        for i in range(count)
        for row in (
            report(f"R{i}", 100 + i, "A"),
            report(f"R{i}", 70 + i, "C" if i < overturned else "A", kind="复核", appraiser="另一家"),
        )
    ]


def firm(reports: list[dict], *firms: dict) -> tuple[dict, str]:
    """The numbers of the firm F, and its level."""
    told = compute("SBH-14", sbh_appraiser=[FIRM, *firms], sbh_appraisal=reports)
    levels = level_of(told, indicator("SBH-14").levels)
    return {k: None if pd.isna(v) else round(float(v), 9) for k, v in told.loc["F"].items()}, levels["F"]


@pytest.mark.parametrize(
    ("reports", "level"), [(15, "red"), (14, "orange"), (10, "orange"), (9, "yellow"), (8, "yellow"), (7, "normal")]
)
def test_sbh_14_more_than_seven_reports_a_day_are_out_of_the_ordinary(reports, level):
    told, found = firm([*(report(f"H{i}", 5) for i in range(reports)), report("X", 6), *rechecks(1, 0)])
    assert (told["value"], found) == (reports, level)


@pytest.mark.parametrize(
    ("overturned", "of", "level"), [(1, 5, "red"), (1, 6, "orange"), (1, 10, "orange"), (1, 11, "normal"), (0, 3, "normal")]
)  # fmt: skip
def test_sbh_14_a_fifth_overturned_by_rechecks_is_red_a_tenth_orange(overturned, of, level):
    told, found = firm(rechecks(of, overturned))
    assert (told["rechecked"], told["overturned"], told["share"]) == (of, overturned, round(overturned / of, 9))
    assert found == level


def test_sbh_14_without_a_recheck_only_a_busy_day_can_be_told():
    quiet, level = firm([report("H", 5)])
    assert (quiet["value"], quiet["share"], level) == (1, None, "nodata")
    assert firm([report(f"H{i}", 5) for i in range(8)])[1] == "yellow"
    assert firm([])[0]["value"] is None


def test_sbh_14_looks_back_90_days_for_a_busy_day_and_a_year_for_rechecks():
    busy = [report(f"H{i}", 89) for i in range(9)]
    assert firm(busy)[0]["value"] == 9
    assert firm([{**r, "reported_on": ago(90)} for r in busy])[0]["value"] == 0
    assert firm([{**r, "reported_on": ago(-1)} for r in busy])[0]["value"] is None  # tomorrow's

    def pair(first: int, again: int) -> float:
        return firm([report("H", first), report("H", again, "D", kind="复核")])[0]["rechecked"]

    assert (pair(600, 364), pair(600, 365)) == (1, 0)  # within the last year
    assert (pair(400, 35), pair(401, 35)) == (1, 0)  # of a report not older than a year


def test_sbh_14_only_a_recheck_of_an_a_or_b_can_overturn_and_it_is_the_first_firm_that_erred():
    assert firm([report("H", 90, "C"), report("H", 60, "D", kind="复核")])[0]["rechecked"] == 0
    assert firm([report("H", 90, "A"), report("H", 60, "D", kind="整幢")])[0]["rechecked"] == 0
    other = report("H", 90, "A", appraiser="另一家")
    assert firm([other, report("H", 60, "D", kind="复核")])[0]["rechecked"] == 0


def test_sbh_14_an_appraiser_is_known_by_its_code_or_by_a_name_that_it_has_alone():
    coded = [report(f"H{i}", 5, appraiser="简称", appraiser_uscc=FIRM["uscc"]) for i in range(3)]
    assert firm([*coded, report("X", 5)])[0]["value"] == 4
    namesake = {"subject_id": "G", "uscc": "91650100XJDEM00584", "name": FIRM["name"]}
    assert firm([*coded, report("X", 5)], namesake)[0]["value"] == 3


def test_sbh_14_shows_the_share_of_reports_with_the_same_readings():
    """Of 5 reports with readings of both kinds (0 and 0 is a sound house), 2 say the same: 40 %."""
    readings = [(0.2, 1.1), (0.2, 1.1), (0.2, 1.2), (0.3, 1.1), (0.0, 0.4), (0.0, 0.0), (0.0, 0.0), (None, 1.1)]
    rows = [report(f"H{i}", i, tilt_pct=t, crack_mm=c) for i, (t, c) in enumerate(readings)]
    assert firm(rows)[0]["identical"] == 0.4
