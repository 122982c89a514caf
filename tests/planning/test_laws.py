"""Laws of every plan: nothing is broken, small ones are the best there are, bounds are bounds, and it repeats."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pilotwatch.planning import Effort, plan
from tests.planning.checker import best, broken
from tests.planning.cities import problems

EASY = Effort(steps=30, tries=2000, exact=2.0, week=0.05)
NO_EXACT = Effort(steps=30, tries=2000, exact=0.0, week=0.05)
# A city that breaks a law is not made smaller: that takes minutes; its seed is told.
calm = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@calm
@given(problems(checks=(1, 14), subjects=4, weeks=3, pins=True))
def test_no_plan_breaks_a_window_a_cap_an_hour_a_jurisdiction_a_limit_or_a_pin(problem):
    assert broken(problem, plan(problem, effort=EASY)) == []


@settings(calm, max_examples=40)
@given(problems(checks=(1, 5), subjects=2, weeks=1))
def test_a_small_plan_is_the_best_of_all(problem):
    found = plan(problem, effort=EASY)
    assert (pytest.approx(found.undone), len(found.visits)) == best(problem)
    assert found.optimal


@calm
@given(problems(checks=(1, 6), subjects=2, weeks=1))
def test_bounds_are_never_above_the_best_plan(problem):
    found = plan(problem, effort=NO_EXACT)
    undone, visits = best(problem)
    assert found.bound.undone <= undone + 1e-6
    assert found.bound.lagrangian <= visits + problem.rules.undone * undone + 1e-6
    assert found.cost == pytest.approx(len(found.visits) + problem.rules.undone * found.undone)
    assert found.gap >= 0


@settings(calm, max_examples=15)
@given(problems(checks=(1, 14), subjects=4, weeks=3, pins=True))
def test_the_same_question_gets_the_same_plan(problem):
    one, two = plan(problem, effort=EASY), plan(problem, effort=EASY)
    for part in ("visits", "checks", "unmet", "not_merged", "scarce", "strained", "load"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(two, part))


@settings(calm, max_examples=25)
@given(problems(checks=(1, 10), subjects=3, weeks=2))
def test_planning_again_with_all_visits_pinned_keeps_them(problem):
    first = plan(problem, effort=EASY)
    where = first.checks.set_index("check_id")
    due = problem.due.copy()
    due["pinned_on"] = pd.to_datetime(where["day"].reindex(due["check_id"]).to_numpy())
    due["pinned_visit"] = where["visit_id"].reindex(due["check_id"]).to_numpy(dtype=object)
    again = plan(replace(problem, due=due), effort=EASY)
    kept = again.checks.set_index("check_id").loc[where.index]
    assert (kept["day"] == where["day"]).all() and (kept["visit_id"] == where["visit_id"]).all()
    assert len(again.visits) == len(first.visits) and again.strained.empty
