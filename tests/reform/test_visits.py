"""REF-01…03, 05, 07, 08, 11, 18: every expected value is worked out by hand beside it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.reform.conftest import visit


def visits(*days: str, **said):
    return [visit(d, number=f"{i}-{d}-{said.get('of', '')}", **said) for i, d in enumerate(days)]


# --- REF-01 ------------------------------------------------------------------------------------------------------


def test_fewer_visits_than_in_the_same_month_of_the_year_before(told):
    """October 2025: 5 visits, October 2026: 3. (5 − 3) ÷ 5 = 0.40."""
    rows = [*visits(*[f"2025-10-0{n}" for n in range(1, 6)]), *visits("2026-10-01", "2026-10-15", "2026-10-31")]
    assert told("REF-01", "2026-10", inspection=rows) == (2, 5, 0.4, "normal")


def test_as_many_visits_as_before_are_normal_and_one_more_is_yellow(told):
    """(2 − 2) ÷ 2 = 0 is not below 0; (2 − 3) ÷ 2 = −0.5 is."""
    before = visits("2025-10-01", "2025-10-02")
    assert told("REF-01", "2026-10", inspection=[*before, *visits("2026-10-01", "2026-10-02")]) == (0, 2, 0, "normal")
    more = visits("2026-10-01", "2026-10-02", "2026-10-03")
    assert told("REF-01", "2026-10", inspection=[*before, *more]) == (-1, 2, -0.5, "yellow")


def test_without_a_visit_the_year_before_there_is_nothing_to_hold_against(told):
    """(0 − 1) ÷ 0."""
    assert told("REF-01", "2026-10", inspection=visits("2026-10-01")) == (-1, 0, None, "nodata")


def test_a_month_that_has_not_ended_is_not_held_against_a_whole_one(told):
    """On 23 November 2026 October has ended: 2 − 1 of 2. November (1 against 30) doesn't count yet, on its last day it does:
    with both months (2 + 30 − 1 − 1) ÷ 32 = 30 ÷ 32."""
    november = visits(*[f"2025-11-{n:02}" for n in range(1, 31)])
    rows = [*visits("2025-10-01", "2025-10-31"), *november, *visits("2026-10-31", "2026-11-01")]
    assert told("REF-01", "2026", inspection=rows) == (1, 2, 0.5, "normal")
    assert told("REF-01", "2026", on=date(2026, 11, 29), inspection=rows) == (1, 2, 0.5, "normal")
    assert told("REF-01", "2026", on=date(2026, 11, 30), inspection=rows) == (30, 32, 0.9375, "normal")


def test_a_visit_on_the_29th_of_february_is_held_against_the_next_february(told):
    assert told("REF-01", "2025-02", inspection=visits("2024-02-29")) == (1, 1, 1.0, "normal")


# --- what is a visit -----------------------------------------------------------------------------------------------


def test_departments_that_write_of_one_task_and_day_made_one_visit(told):
    """SWJ and SCJG each hand in a row of task T on one day: one visit of two departments, one saved. Without a task they
    are two visits and none is saved."""
    apart = [visit("2026-10-08", depts=["SWJ"]), visit("2026-10-08", depts=["SCJG"])]
    assert told("REF-02", "2026-10", inspection=[r | {"task_no": "T"} for r in apart]) == (1, 1, 1, None)
    assert told("REF-02", "2026-10", inspection=apart) == (0, 2, 0, None)
    other_day = [apart[0] | {"task_no": "T"}, visit("2026-10-09", depts=["SCJG"], task_no="T")]
    assert told("REF-02", "2026-10", inspection=other_day) == (0, 2, 0, None)


def test_what_is_checked_off_site_is_no_visit(told):
    rows = [visit("2026-10-08", off_site=True), visit("2026-10-09", off_site=False), visit("2026-10-10")]
    assert told("REF-02", "2026-10", inspection=rows) == (0, 2, 0, None)


# --- REF-02, REF-03 ------------------------------------------------------------------------------------------------


def test_visits_saved_are_the_departments_beyond_the_first(told):
    """4 departments save 3, 2 save 1, one alone none; said to be joint but with one department named: at least 2, so 1.
    3 + 1 + 0 + 1 = 5 of 4 visits."""
    rows = [
        visit("2026-10-01", depts=["SWJ", "SCJG", "YJJ", "STHJ"]), visit("2026-10-02", depts=["SWJ", "SCJG"]),
        visit("2026-10-03"), visit("2026-10-04", joint=True),
    ]  # fmt: skip
    assert told("REF-02", "2026-10", inspection=rows) == (5, 4, 5, None)


def test_visits_saved_are_unknown_where_there_was_no_visit(told):
    assert told("REF-02", "2026-09", inspection=[visit("2026-10-01")]) == (0, 0, None, "nodata")


@pytest.mark.parametrize(("joint", "alone", "level"), [(3, 2, "normal"), (59, 41, "yellow"), (0, 1, "yellow")])
def test_the_joint_share_aims_at_60_percent(told, joint, alone, level):
    """3 ÷ 5 = 0.60 is not below 60 %; 59 ÷ 100 = 0.59 is."""
    days = [f"2026-{m:02}-{d:02}" for m in range(1, 11) for d in range(1, 29)]
    rows = [visit(d, depts=["SWJ", "SCJG"]) for d in days[:joint]] + [visit(d) for d in days[joint : joint + alone]]
    n, of = joint, joint + alone
    assert told("REF-03", "2026", inspection=rows) == (n, of, round(n / of, 6), level)


def test_checks_for_a_cause_are_not_planned(told):
    rows = [visit("2026-10-01", "投诉举报", ["SWJ", "SCJG"]), visit("2026-10-02", "复查")]
    assert told("REF-03", "2026-10", inspection=rows) == (0, 0, None, "nodata")


# --- REF-05 --------------------------------------------------------------------------------------------------------


def test_visits_that_found_a_problem_are_told_by_why_and_joint_ones_apart(told):
    """Joint 1 of 2, random 0 of 1, caused 1 of 1: together 2 of 4. A visit of which no result is known counts in neither."""
    rows = [
        visit("2026-10-01", depts=["SWJ", "SCJG"], result="责令改正"), visit("2026-10-02", depts=["SWJ", "SCJG"]),
        visit("2026-10-03"), visit("2026-10-04", "投诉举报", result="发现问题"), visit("2026-10-05", result=None),
    ]  # fmt: skip
    assert told("REF-05", "2026-10", inspection=rows) == (2, 4, 0.5, None)
    assert told("REF-05", "2026-10", kind="joint", inspection=rows) == (1, 2, 0.5, None)
    assert told("REF-05", "2026-10", kind="random", inspection=rows) == (0, 1, 0.0, None)
    assert told("REF-05", "2026-10", kind="caused", inspection=rows) == (1, 1, 1.0, None)
    assert told("REF-05", "2026-10", inspection=[]) == (0, 0, None, "nodata")


# --- REF-07 --------------------------------------------------------------------------------------------------------


def test_twice_for_one_matter_by_one_department_within_twelve_months_is_repeated(told):
    """SWJ looked at 台账 on 24 November 2025 (within the 12 months to 23 November 2026) and on 1 June 2026; the visits lie
    189 days apart. By another department, or for another matter, it is none."""

    def rows(dept, item):
        return [visit("2025-11-24", items=["台账"]), visit("2026-06-01", depts=[dept], items=["证照", item])]

    assert told("REF-07", "2026-11", inspection=rows("SWJ", "台账")) == (1, 1, 1, "normal")
    assert told("REF-07", "2026-11", inspection=rows("SCJG", "台账")) == (0, 1, 0, "normal")
    assert told("REF-07", "2026-11", inspection=rows("SWJ", "价格")) == (0, 1, 0, "normal")
    too_old = [visit("2025-11-23", items=["台账"]), visit("2026-06-01", items=["台账"])]
    assert told("REF-07", "2026-11", inspection=too_old) == (0, 1, 0, "normal")


@pytest.mark.parametrize(("second", "repeated"), [("2026-10-30", 1), ("2026-10-31", 0)])
def test_twice_within_60_days_by_anyone_is_repeated(told, second, repeated):
    """From 1 September: 30 October is the 60th day (59 days on), 31 October the 61st."""
    rows = [visit("2026-09-01"), visit(second, depts=["SCJG"])]
    assert told("REF-07", "2026-11", inspection=rows) == (repeated, 1, repeated, "normal")


def test_a_check_for_a_cause_repeats_nothing(told):
    rows = [visit("2026-09-01"), visit("2026-09-05", "投诉举报")]
    assert told("REF-07", "2026-11", inspection=rows) == (0, 1, 0, "normal")


@pytest.mark.parametrize(("subjects", "level"), [(2, "normal"), (3, "yellow")])
def test_three_subjects_checked_twice_warn(told, subjects, level):
    rows = [visit(d, of=f"S{n}") for n in range(subjects) for d in ("2026-09-01", "2026-09-05")]
    assert told("REF-07", "2026-11", inspection=rows) == (subjects, subjects, subjects, level)


def test_without_a_planned_visit_repeats_are_unknown(told):
    assert told("REF-07", "2026-11", inspection=[visit("2026-09-01", "复查")]) == (0, 0, None, "nodata")


# --- REF-08 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("times", "over", "level"), [(4, 0, "normal"), (5, 1, "orange"), (6, 1, "red")])
def test_more_planned_visits_than_the_cap_of_four_are_orange_and_six_are_red(told, times, over, level):
    rows = visits(*[f"2026-{m:02}-10" for m in range(1, times + 1)])
    assert told("REF-08", "2026-11", inspection=rows) == (over, 1, over, level)


def test_the_cap_is_of_the_calendar_year_and_of_planned_visits(told):
    """3 of December 2025 and 4 of 2026 are no more than 4 a year; checks for a cause come on top."""
    rows = [
        *visits("2025-12-01", "2025-12-02", "2025-12-31"),
        *visits("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"),
    ]
    rows += visits("2026-05-01", "2026-06-01", "2026-07-01", trigger="投诉举报")
    assert told("REF-08", "2026-11", inspection=rows) == (0, 1, 0, "normal")
    assert told("REF-08", "2026-11", inspection=visits("2025-12-01")) == (0, 0, None, "nodata")


# --- REF-11 --------------------------------------------------------------------------------------------------------


def test_the_off_site_share_counts_only_checks_that_say_which_they_are(told):
    """1 of 3 said; the one that doesn't say counts in neither."""
    rows = [
        visit("2026-10-01", off_site=True),
        visit("2026-10-02", off_site=False),
        visit("2026-10-03", off_site=False),
    ]
    assert told("REF-11", "2026-10", inspection=[*rows, visit("2026-10-04")]) == (1, 3, round(1 / 3, 6), None)
    assert told("REF-11", "2026-10", inspection=[visit("2026-10-04")]) == (0, 0, None, "nodata")


# --- REF-18 --------------------------------------------------------------------------------------------------------


def rated(**classes):
    return [{"of": s, "uscc": s, "month": "2026-07", "credit_class": c} for s, c in classes.items()]


@pytest.mark.parametrize(("of_d", "value", "level"), [(5, 5.0, "normal"), (4, 4.0, "yellow")])
def test_class_d_is_visited_five_times_as_often_as_class_a(told, of_d, value, level):
    """A: 2 subjects, 2 visits, 1 each. D: 1 subject, 5 (4) visits. 5 ÷ 1 = 5, not below 5; 4 is."""
    rows = [
        *visits("2026-01-05", "2026-02-05", of="A1"),
        *visits(*[f"2026-{m:02}-01" for m in range(1, of_d + 1)], of="D1"),
    ]
    numerator, denominator, found, colour = told(
        "REF-18", "2026-11", inspection=rows, credit_rating=rated(A1="A", A2="A", D1="D")
    )
    assert (numerator, denominator, found, colour) == (2 + of_d, 3, value, level)


def test_without_class_d_or_without_a_visit_to_class_a_there_is_no_ratio(told):
    assert told("REF-18", "2026", inspection=visits("2026-01-05", of="A1"), credit_rating=rated(A1="A"))[2:] == (
        None,
        "nodata",
    )
    d_alone = told("REF-18", "2026", inspection=visits("2026-01-05", of="D1"), credit_rating=rated(A1="A", D1="D"))
    assert d_alone[2:] == (None, "nodata")


def test_the_class_in_force_counts_and_a_visit_of_more_than_a_year_before_does_not(told):
    """S1 was A in January and is D since July, visited once; A1 twice, of which one on 23 November 2025 is too old: 1 ÷ 1."""
    ratings = [*rated(S1="D", A1="A"), {"of": "S1", "uscc": "S1", "month": "2026-01", "credit_class": "A"}]
    rows = [*visits("2026-01-05", of="S1"), *visits("2025-11-23", "2025-11-24", of="A1")]
    assert told("REF-18", "2026-11", inspection=rows, credit_rating=ratings) == (2, 2, 1.0, "yellow")
