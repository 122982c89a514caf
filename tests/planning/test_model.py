"""What the planner refuses to be asked, and what a "what if" changes."""

from datetime import date

import pandas as pd
import pytest

from pilotwatch.planning import Problem, ProblemError, variant

MONDAY = date(2026, 11, 30)
WEEK = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)]


def check(**said):
    usual = {"check_id": "c1", "subject_id": "s1", "unit": "天山区", "department": "消防", "matter": "m1", "hours": 2.0,
             "first": WEEK[1], "last": WEEK[2]}  # fmt: skip
    return usual | said


def problem(*checks, hours=12.0, **rest):
    due = pd.DataFrame([c | {"check_id": c.get("check_id", "")} for c in checks])
    capacity = pd.DataFrame([{"department": "消防", "unit": "天山区", "week": MONDAY, "hours": hours}])
    return Problem(due, capacity, WEEK, **rest)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hours": 0.0}, "所需工时须大于 0"),
        ({"priority": -1.0}, "列 priority 有负数"),
        ({"first": WEEK[3]}, "最早日期晚于最晚日期"),
        ({"trigger": "planed"}, "planned 或 caused"),
    ],
)
def test_a_check_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(ProblemError) as refused:
        problem(check(**wrong))
    assert said in refused.value.text.zh


def test_a_missing_column_a_double_check_and_a_week_that_is_no_monday_are_refused():
    with pytest.raises(ProblemError, match="lacks hours"):
        Problem(pd.DataFrame([check()]).drop(columns="hours"), problem(check()).capacity, WEEK)
    with pytest.raises(ProblemError, match="more than once"):
        problem(check(), check())
    with pytest.raises(ProblemError, match="Monday"):
        Problem(pd.DataFrame([check()]), pd.DataFrame([{"department": "消防", "week": WEEK[1], "hours": 1}]), WEEK)
    with pytest.raises(ProblemError, match="working day"):
        Problem(pd.DataFrame([check()]), problem(check()).capacity, [])


def test_a_wider_window_stays_in_the_period_and_leaves_caused_and_pinned_checks_alone():
    asked = problem(
        check(), check(check_id="c2", trigger="caused"), check(check_id="c3", pinned_on=WEEK[1]),
        check(check_id="c4", first=date(2026, 11, 2), last=date(2026, 11, 3)),
    )  # fmt: skip
    wider = variant(asked, window=7).due.set_index("check_id")
    assert [d.date() for d in wider["first"]] == [WEEK[0], WEEK[1], WEEK[1], date(2026, 11, 2)]
    assert [d.date() for d in wider["last"]] == [WEEK[4], WEEK[2], WEEK[2], date(2026, 11, 10)]


def test_one_more_inspector_brings_his_hours_of_each_working_day():
    assert variant(problem(check()), inspectors={"消防": 1}).capacity["hours"].tolist() == [12 + 5 * 6]
    assert variant(problem(check()), inspectors={"税务": 1}).capacity["hours"].tolist() == [12]
    assert variant(problem(check()), inspectors={"消防": -1}).capacity["hours"].tolist() == [0]


def test_a_new_cap_counts_the_visits_a_subject_already_had():
    caps = pd.DataFrame([{"subject_id": "s1", "allowed": 3, "used": 1}])
    asked = problem(check(), check(check_id="c2", subject_id="s2"), caps=caps)
    assert variant(asked, cap=2).caps.set_index("subject_id")["allowed"].to_dict() == {"s1": 1.0, "s2": 2.0}
    assert variant(asked, cap=0).caps["allowed"].tolist() == [0.0, 0.0]
