"""Plans worked out by hand: what merges, what doesn't and why, who is short, what pins do."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from pilotwatch.planning import Cancelled, Effort, Problem, ProblemError, Rules, plan, variant
from tests.planning.checker import broken
from tests.planning.cities import MONDAY, days

DAY = [MONDAY + timedelta(days=k) for k in range(14)]  # 0–4 and 7–11 are working days


def check(check_id, department="消防", first=0, last=4, **said):
    usual = {"check_id": check_id, "subject_id": "s1", "unit": "天山区", "street": "甲", "department": department,
             "matter": f"{department}-1", "hours": 2.0, "first": DAY[first], "last": DAY[last]}  # fmt: skip
    return usual | said


def problem(*checks, hours=None, weeks=2, **rest):
    hours = hours or {}
    capacity = [
        {"department": d, "unit": "", "week": MONDAY + timedelta(weeks=w), "hours": hours.get(d, 60.0)}
        for d in ("消防", "住建", "市场监管")
        for w in range(weeks)
    ]
    return Problem(pd.DataFrame(list(checks)), pd.DataFrame(capacity), days(weeks), **rest)


def told(found):
    return {tuple(sorted(v.checks)): v.day.date() for v in found.visits.itertuples()}


def reasons(frame):
    return dict(zip(frame["check_id"], frame["reason"], strict=True))


def test_three_departments_with_a_common_day_go_once():
    asked = problem(
        check("a", first=0, last=2), check("b", "住建", first=2, last=8), check("c", "市场监管", first=1, last=3)
    )
    found = plan(asked)
    assert told(found) == {("a", "b", "c"): DAY[2]}
    assert found.visits["departments"].tolist() == [("住建", "市场监管", "消防")]
    assert (found.separate, found.bound.stabbing, found.cost, found.gap, found.optimal) == (3, 1.0, 1.0, 0.0, True)
    assert found.visits["hours"].tolist() == [2.0]  # they work side by side


def test_windows_that_meet_on_a_weekend_only_do_not_merge_and_it_says_so():
    found = plan(problem(check("a", first=4, last=6), check("b", "住建", first=5, last=7)))
    assert told(found) == {("a",): DAY[4], ("b",): DAY[7]}
    assert reasons(found.not_merged) == {"a": "windows", "b": "windows"}
    assert found.optimal and found.bound.stabbing == 2.0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"unit": "兵团第十二师"}, "unit"),
        ({"announced": False}, "announced"),
        ({"department": "消防", "matter": "消防-1"}, "repeat"),
        ({"alone": True}, "alone"),
    ],
)
def test_what_may_not_share_a_visit_is_told_apart(other, reason):
    found = plan(problem(check("a"), check("b", **({"department": "住建"} | other))))
    assert len(found.visits) == 2
    assert reasons(found.not_merged)["b"] == reason


def test_several_matters_of_one_department_merge_unless_the_rule_forbids_it():
    two = [check("a"), check("b", matter="消防-2")]
    assert len(plan(problem(*two)).visits) == 1
    assert len(plan(problem(*two, rules=Rules(apart="department"))).visits) == 2


def test_a_full_department_keeps_checks_apart_and_is_named():
    # 消防 has 2 h in the first week and none in the second; a's one day is the first Monday, where 住建 has no hours left.
    asked = problem(
        check("a", first=0, last=0), check("b", "住建", first=0, last=9),
        check("x", "住建", subject_id="s2", first=0, last=4, priority=1.0, hours=6.0),
        hours={"消防": 2.0, "住建": 6.0},
    )  # fmt: skip
    found = plan(asked)
    assert found.unmet.empty and len(found.visits) == 3
    assert reasons(found.not_merged) == {"a": "capacity", "b": "capacity"}
    assert "住建" in found.not_merged["words"].iloc[0].zh


def test_short_hours_are_proven_and_the_riskier_check_goes_first():
    # Three checks of 2 h in a week of 4 h: 2 h are over whatever the plan.
    checks = [check(c, subject_id=c, last=4, priority=p) for c, p in (("a", 0.0), ("b", 2.0), ("c", 1.0))]
    found = plan(problem(*checks, hours={"消防": 4.0}, weeks=1))
    assert reasons(found.unmet) == {"a": "capacity"}
    assert (found.undone, found.bound.undone, found.bound.undone_hours) == (1.0, 1.0, 2.0)
    short = found.scarce.iloc[0]
    assert (short["department"], short["unit"], short["short"]) == ("消防", "", 2.0)
    assert short["worth"] > 0
    more = plan(variant(problem(*checks, hours={"消防": 4.0}, weeks=1), inspectors={"消防": 1}))
    assert more.unmet.empty and len(more.visits) == 3


def test_hours_that_checks_cannot_fill_are_not_counted_as_room():
    # 5 h a week and checks of 2 h: two a week fit. Three are due: 2 h over, not 1.
    found = plan(problem(*[check(c, subject_id=c) for c in "abc"], hours={"消防": 5.0}, weeks=1))
    assert found.bound.undone_hours == 2.0 and len(found.unmet) == 1


def test_an_inspector_works_six_hours_a_day():
    # 12 h a week are one inspector (12 ÷ 5 days ÷ 6 h, rounded up): on one day no more than 6 h, three checks of 2 h.
    due = [check(c, subject_id=c, first=0, last=0) for c in "abcd"]
    found = plan(problem(*due, hours={"消防": 12.0}, weeks=1))
    assert len(found.visits) == 3 and reasons(found.unmet).popitem()[1] == "capacity"


def test_caps_count_planned_visits_only():
    caps = pd.DataFrame([{"subject_id": "s1", "allowed": 1}])
    asked = problem(
        check("a", last=1), check("b", first=7, last=8), check("c", first=3, last=4, trigger="caused"), caps=caps
    )
    found = plan(asked)
    assert len(found.visits) == 2 and list(found.unmet["reason"]) == ["cap"]
    assert ("c",) in told(found) or ("b", "c") in told(found) or ("a", "c") in told(found)
    assert len(plan(variant(asked, cap=2)).visits) == 3


def test_two_planned_visits_of_a_subject_are_not_on_one_day_and_at_most_two_a_week():
    rules = Rules(apart="department")
    asked = problem(check("a", last=0), check("b", last=0), rules=rules)
    assert reasons(plan(asked).unmet).popitem()[1] == "repeat"
    three = problem(check("a", last=0), check("b", first=2, last=2), check("c", first=4, last=4), rules=rules)
    assert len(plan(three).visits) == 2
    made = pd.DataFrame([{"subject_id": "s1", "day": DAY[0]}, {"subject_id": "s1", "day": DAY[1]}])
    assert reasons(plan(problem(check("a", last=4), made=made)).unmet) == {"a": "repeat"}
    assert told(plan(problem(check("a", last=9), made=made))) == {("a",): DAY[7]}


def test_quiet_days_are_kept_and_a_window_of_quiet_days_is_told():
    quiet = pd.DataFrame([{"subject_id": "s1", "first": DAY[0], "last": DAY[3]}])
    assert told(plan(problem(check("a"), quiet=quiet))) == {("a",): DAY[4]}
    assert reasons(plan(problem(check("a", last=3), quiet=quiet)).unmet) == {"a": "quiet"}


def test_what_nobody_can_do_says_why():
    due = [
        check("weekend", first=5, last=6), check("nobody", "税务"), check("long", hours=7.0), check("fine", "住建"),
    ]  # fmt: skip
    found = plan(problem(*due, hours={"消防": 12.0}))
    assert reasons(found.unmet) == {"weekend": "window", "nobody": "no_inspectors", "long": "too_long"}
    assert found.optimal and found.gap == 0.0 and found.bound.undone == 3.0
    assert all(w.zh and w.en for w in found.unmet["words"])


def test_pins_stay_where_they_were_put_and_what_they_break_is_told():
    asked = problem(
        check("a", first=0, last=1, pinned_on=DAY[8], hours=8.0), check("b", "住建", first=7, last=11),
        hours={"消防": 6.0}, caps=pd.DataFrame([{"subject_id": "s1", "allowed": 0}]),
    )  # fmt: skip
    found = plan(asked)
    assert told(found) == {("a", "b"): DAY[8]}  # what joins a pinned visit adds none
    assert set(found.strained["kind"]) == {"capacity", "window", "cap"}
    assert broken(asked, found) == []


def test_pinned_visits_keep_their_number_and_stay_apart():
    asked = problem(
        check("a", pinned_on=DAY[1], pinned_visit="one"), check("b", "住建", pinned_on=DAY[3], pinned_visit="two"),
        check("c", "市场监管", first=3, last=3),
    )  # fmt: skip
    found = plan(asked)
    assert dict(zip(found.visits["visit_id"], found.visits["checks"], strict=True)) == {
        "one": ("a",),
        "two": ("b", "c"),
    } or {k: set(v) for k, v in zip(found.visits["visit_id"], found.visits["checks"], strict=True)} == {
        "one": {"a"},
        "two": {"b", "c"},
    }
    assert reasons(found.not_merged) == {"a": "pinned"}


def test_checks_pinned_to_one_visit_must_be_of_one_subject_and_agree_on_a_day():
    with pytest.raises(ProblemError, match="two subjects"):
        plan(problem(check("a", pinned_visit="v"), check("b", "住建", subject_id="s2", pinned_visit="v")))
    found = plan(problem(check("a", last=1, pinned_visit="v"), check("b", "住建", first=2, last=3, pinned_visit="v")))
    assert set(found.unmet["reason"]) == {"pins"}


def test_risky_checks_go_early_and_others_spread():
    due = [check(c, subject_id=c, last=11, priority=1.0 if c == "a" else 0.0) for c in "abcd"]
    found = plan(problem(*due, hours={"消防": 6.0}))
    assert told(found)["a",] <= DAY[4]
    assert found.load.groupby("week")["hours"].sum().tolist() == [4.0, 4.0]


def test_visits_of_a_street_share_a_day_and_a_team():
    due = [check(f"{s}{k}", subject_id=f"{s}{k}", street=s, last=4) for s in "甲乙" for k in range(3)]
    found = plan(problem(*due, hours={"消防": 30.0}, weeks=1))
    assert found.trips == found.trips_bound == 2
    assert found.visits.groupby("street")["day"].nunique().tolist() == [1, 1]
    assert found.visits.groupby(["street", "day"])["team"].nunique().tolist() == [1, 1]


def test_more_items_than_can_be_looked_at_all_ways_still_give_a_plan_and_a_bound():
    due = [check(f"c{k}", matter=f"m{k}", hours=0.5, first=k % 3, last=4 + k % 2) for k in range(30)]
    asked = problem(*due, weeks=2)
    found = plan(asked)
    assert broken(asked, found) == [] and found.unmet.empty
    assert len(found.visits) == 2  # 15 h in all, two inspectors have 12 h a day
    assert found.bound.lagrangian == 1.0 and not found.optimal


def test_large_pieces_keep_pins_caps_and_limits_too():
    due = [check(f"c{k}", matter=f"m{k % 15}", hours=0.5, first=k % 5, last=4 + k % 5) for k in range(26)]
    due[3]["pinned_on"], due[20]["pinned_on"] = DAY[1], DAY[8]
    asked = problem(*due, caps=pd.DataFrame([{"subject_id": "s1", "allowed": 3}]))
    found = plan(asked)
    assert broken(asked, found) == []
    # One visit is left beside the pins; of m2, m7 and m8 it takes one of two checks of the same window.
    assert len(found.visits) == 3 and reasons(found.unmet) == {"c17": "cap", "c22": "cap", "c23": "cap"}


def test_progress_is_told_and_cancelling_stops_it():
    said = []
    plan(problem(check("a")), on_progress=lambda stage, share: said.append((stage.zh, share)))
    assert said and all(0 <= share <= 1 for _, share in said) and said == sorted(said, key=lambda one: one[1])
    with pytest.raises(Cancelled):
        plan(problem(check("a")), cancelled=lambda: True)


def test_a_plan_that_ran_out_of_time_is_a_plan():
    due = [check(f"c{k}", subject_id=f"s{k}") for k in range(20)]
    asked = problem(*due, hours={"消防": 12.0})
    found = plan(asked, seconds=0.0)
    assert broken(asked, found) == []
    assert len(found.visits) + len(found.unmet) == 20 and found.gap >= 0


def test_a_city_of_a_thousand_checks_keeps_every_rule():
    from bench.planning_city import city

    asked = city(1_000, 0.97, weeks=12, capped=True)
    found = plan(asked, effort=Effort(steps=40, tries=5_000, week=0.02))
    assert broken(asked, found) == []
    assert found.bound.undone <= found.undone + 1e-9
    assert found.trips_bound <= found.trips
    assert set(found.unmet["reason"]) <= {"capacity", "cap", "repeat"}
    assert date(2026, 1, 5) <= found.visits["day"].min().date()
