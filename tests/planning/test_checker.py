"""The checker of plans sees each rule broken by hand; and asking for the planner's model loads no compiler or solver."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from pilotwatch.planning import plan
from tests.planning.checker import broken
from tests.planning.test_plan import DAY, check, problem


@pytest.fixture
def asked():
    caps = pd.DataFrame([{"subject_id": "s1", "allowed": 2}])
    quiet = pd.DataFrame([{"subject_id": "s1", "first": DAY[4], "last": DAY[4]}])
    return problem(
        check("a", last=9), check("b", "住建", last=9), check("c", "市场监管", first=7, last=9, announced=False),
        hours={"消防": 12.0}, caps=caps, quiet=quiet,
    )  # fmt: skip


def on(found, check_id, day):
    """The plan with one check's visit on another day."""
    mine = found.visits["checks"].map(lambda checks: check_id in checks)
    return replace(found, visits=found.visits.assign(day=found.visits["day"].where(~mine, pd.Timestamp(day))))


def test_a_plan_of_the_planner_passes(asked):
    assert broken(asked, plan(asked)) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (DAY[10], "outside its window"),
        (DAY[5], "no working day"),
        (DAY[4], "quiet"),
        (DAY[0] - timedelta(days=7), "h of 0"),
    ],
)
def test_a_visit_on_a_wrong_day_is_seen(asked, day, said):
    assert any(said in words for words in broken(asked, on(plan(asked), "a", day)))


def test_two_visits_on_one_day_and_a_lost_check_are_seen(asked):
    found = plan(asked)
    day = found.visits.loc[found.visits["checks"].map(lambda c: "c" in c), "day"].iloc[0]
    assert any("1 days" in words for words in broken(asked, on(found, "a", day)))
    assert any("lost" in words for words in broken(asked, replace(found, visits=found.visits.iloc[:1])))


def test_what_may_not_share_a_visit_a_cap_and_hours_are_seen(asked):
    found = plan(asked)
    all_in_one = found.visits.iloc[:1].assign(checks=[("a", "b", "c")], day=pd.Timestamp(DAY[7]))
    words = broken(asked, replace(found, visits=all_in_one, checks=pd.DataFrame({"check_id": list("abc"), "visit_id": all_in_one["visit_id"].iloc[0]})))  # fmt: skip
    assert any("announced" in w for w in words)
    tight = replace(asked, caps=pd.DataFrame([{"subject_id": "s1", "allowed": 1}]))
    assert any("cap 1" in w for w in broken(tight, found))
    poor = replace(asked, capacity=asked.capacity.assign(hours=1.0))
    assert any("h of 1.0 h" in w for w in broken(poor, found))
    other = replace(asked, due=asked.due.assign(unit=["天山区", "新市区", "天山区"]))
    assert any("jurisdictions" in w for w in broken(other, found))


def test_the_model_is_light_to_import():
    code = "import sys, pilotwatch.planning; print([m for m in ('numba', 'ortools', 'scipy') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
