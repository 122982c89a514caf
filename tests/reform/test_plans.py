"""REF-04, 10, 13, 16: plans published, matched, carried out, their results told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.reform.conftest import plan, visit

# --- REF-04 ------------------------------------------------------------------------------------------------------


def test_plans_of_two_departments_within_30_days_are_an_opportunity(told):
    """SWJ until 10 October; SCJG from 9 November is the 30th day after, from the 10th the 31st. No common task: 0 of 1."""
    first = plan("SWJ", "2026-10-01", "2026-10-10")
    assert told("REF-04", "2026-10", planned_check=[first, plan("SCJG", "2026-11-09", "2026-11-30")]) == (
        0,
        1,
        0.0,
        "yellow",
    )
    assert told("REF-04", "2026-10", planned_check=[first, plan("SCJG", "2026-11-10", "2026-11-30")])[3] == "nodata"
    assert told("REF-04", "2026-10", planned_check=[first, plan("SWJ", "2026-10-05", "2026-11-30")])[3] == "nodata"


def test_an_opportunity_is_formed_where_two_departments_have_one_task(told):
    rows = [plan("SWJ", "2026-10-01", "2026-10-10", task_no="T"), plan("SCJG", "2026-10-05", "2026-10-20", task_no="T")]
    assert told("REF-04", "2026-10", planned_check=rows) == (1, 1, 1.0, "normal")
    assert told("REF-04", "2026-10", planned_check=[rows[0], rows[1] | {"task_no": "U"}]) == (0, 1, 0.0, "yellow")


def test_plans_that_follow_each_other_through_a_year_are_no_single_opportunity(told):
    """January (to the 20th) and February are within 30 days: the first group. March begins 40 days after 20 January: a
    group of its own with April (10 April is within 30 days of 20 March)."""
    rows = [
        plan("SWJ", "2026-01-10", "2026-01-20"), plan("SCJG", "2026-02-10", "2026-02-20", task_no="T"),
        plan("YJJ", "2026-03-01", "2026-03-20", task_no="T"), plan("SWJ", "2026-04-10", "2026-04-20"),
    ]  # fmt: skip
    assert told("REF-04", "2026", planned_check=rows) == (0, 2, 0.0, "yellow")
    assert told("REF-04", "2026-03", planned_check=rows) == (0, 1, 0.0, "yellow")


@pytest.mark.parametrize("alone", [{"mergeable": False}, {"trigger": "投诉举报"}, {"of": "T"}])
def test_what_cannot_be_merged_is_no_opportunity(told, alone):
    rows = [plan("SWJ", "2026-10-01", "2026-10-10"), plan("SCJG", "2026-10-05", "2026-10-20", **alone)]
    assert told("REF-04", "2026-10", planned_check=rows) == (0, 0, None, "nodata")


@pytest.mark.parametrize(("formed", "level"), [(4, "normal"), (3, "yellow")])
def test_80_percent_of_the_opportunities_are_to_be_formed(told, formed, level):
    """4 ÷ 5 = 80 % is not below it; 3 ÷ 5 is."""
    rows = []
    for n in range(5):
        task = f"T{n}" if n < formed else None
        rows += [plan(d, "2026-10-01", "2026-10-10", of=f"S{n}", task_no=task) for d in ("SWJ", "SCJG")]
    assert told("REF-04", "2026-10", planned_check=rows) == (formed, 5, formed / 5, level)


# --- REF-10 ------------------------------------------------------------------------------------------------------


def test_every_plan_that_has_begun_is_to_be_published(told):
    """Two begun, one published: 50 %. Published tomorrow isn't yet; one that begins in December and isn't published doesn't
    count yet."""
    rows = [
        plan("SWJ", "2026-11-01", "2026-11-10", published_on="2026-10-20"), plan("YJJ", "2026-11-20", "2026-11-30", published_on="2026-11-24"),
        plan("STHJ", "2026-12-01", "2026-12-20"),
    ]  # fmt: skip
    assert told("REF-10a", "2026-11", planned_check=rows) == (1, 2, 0.5, "yellow")
    assert told("REF-10a", "2026-11", planned_check=rows[:1]) == (1, 1, 1.0, "normal")
    assert told("REF-10a", "2026-11", planned_check=rows[2:]) == (0, 0, None, "nodata")


def test_a_plan_is_finished_by_a_visit_of_its_task_or_of_its_department_in_its_window(told):
    """By task even after the window (T); by SCJG's planned visit of 9 October, joint with SWJ, for SCJG's plan; YJJ never
    came, and STHJ came for a complaint: 2 of 4."""
    plans = [
        plan("SWJ", "2026-10-01", "2026-10-05", task_no="T"), plan("SCJG", "2026-10-08", "2026-10-10"),
        plan("YJJ", "2026-10-08", "2026-10-10"), plan("STHJ", "2026-10-08", "2026-10-10"),
    ]  # fmt: skip
    rows = [
        visit("2026-10-20", depts=["CGJ"], task_no="T"), visit("2026-10-09", depts=["CGJ", "SCJG"]),
        visit("2026-10-09", "投诉举报", ["STHJ"]),
    ]  # fmt: skip
    assert told("REF-10b", "2026-10", planned_check=plans, inspection=rows) == (2, 4, 0.5, "yellow")
    assert told("REF-10b", "2026-10", planned_check=plans[:2], inspection=rows) == (2, 2, 1.0, "normal")


def test_a_plan_counts_from_the_day_after_it_was_due(told):
    rows = [plan("SWJ", "2026-11-01", "2026-11-23")]
    assert told("REF-10b", "2026-11", on=date(2026, 11, 23), planned_check=rows) == (0, 0, None, "nodata")
    assert told("REF-10b", "2026-11", on=date(2026, 11, 24), planned_check=rows) == (0, 1, 0.0, "yellow")


def test_a_result_is_to_be_published_within_20_working_days(told):
    """From Tuesday 1 September 2026: 2, 3, 4 (3), 7–11 (8), 14–18 (13), Sunday 20 worked (14), 21–24 (18), 25 off, 28 (19),
    29 September is the 20th working day."""

    def share(published, on=date(2026, 11, 23)):
        return told("REF-10c", "2026-09", on=on, inspection=[visit("2026-09-01", published_on=published)])

    assert share("2026-09-29") == (1, 1, 1.0, "normal")
    assert share("2026-09-30") == (0, 1, 0.0, "yellow")
    assert share(None, date(2026, 9, 29)) == (0, 0, None, "nodata")
    assert share(None, date(2026, 9, 30)) == (0, 1, 0.0, "yellow")
    assert share("2026-09-03", date(2026, 9, 10)) == (1, 1, 1.0, "normal")


# --- REF-13 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "level"), [(2, "normal"), (3, "yellow")])
def test_the_third_late_check_after_a_licence_of_one_department_warns(told, late, level):
    """`late` of SWJ were never made, one was made in time; one of SCJG was made after its window: the whole is as bad as
    its worst department."""
    plans = [plan("SWJ", f"2026-0{n}-01", f"2026-0{n}-10", trigger="批后核查") for n in range(1, late + 2)]
    plans.append(plan("SCJG", "2026-08-01", "2026-08-10", trigger="批后核查", task_no="T"))
    rows = [visit(f"2026-0{late + 1}-05"), visit("2026-08-11", depts=["SCJG"], task_no="T")]
    asked = {"planned_check": plans, "inspection": rows}
    assert told("REF-13", "2026", **asked) == (late + 1, late + 2, late + 1, level)
    assert told("REF-13", "2026", kind="SWJ", **asked) == (late, late + 1, late, level)
    assert told("REF-13", "2026", kind="SCJG", **asked) == (1, 1, 1, "normal")


def test_without_a_check_after_a_licence_there_is_nothing_to_be_late(told):
    assert told("REF-13", "2026", planned_check=[plan("SWJ", "2026-01-01", "2026-01-10")]) == (0, 0, None, "nodata")


# --- REF-16 ------------------------------------------------------------------------------------------------------


def test_subjects_of_several_departments_are_to_have_a_joint_task(told):
    """S and T are planned for by two departments, U by one. S had a joint visit, T's plans have different tasks: 1 of 2."""
    plans = [plan(d, "2026-06-01", "2026-06-10", of=s, task_no=f"{d}{s}") for s in "ST" for d in ("SWJ", "SCJG")]
    plans.append(plan("SWJ", "2026-06-01", "2026-06-10", of="U"))
    rows = [visit("2026-06-05", depts=["SWJ", "SCJG"])]
    assert told("REF-16", "2026-11", planned_check=plans, inspection=rows) == (1, 2, 0.5, "yellow")
    assert told("REF-16", "2026-11", planned_check=plans[:2], inspection=rows) == (1, 1, 1.0, "normal")
    assert told("REF-16", "2026-11", planned_check=plans[-1:], inspection=rows) == (0, 0, None, "nodata")
    one_task = [p | {"task_no": "T"} for p in plans[2:4]]
    assert told("REF-16", "2026-11", planned_check=one_task) == (1, 1, 1.0, "normal")


def test_plans_that_ended_more_than_a_year_before_overlap_no_more(told):
    """The twelve months to 23 November 2026 begin after 23 November 2025."""
    old = plan("SCJG", "2025-11-01", "2025-11-23")
    assert told("REF-16", "2026-11", planned_check=[plan("SWJ", "2026-06-01", "2026-06-10"), old])[3] == "nodata"
