"""Where something started lately: found where it did, and neither where it always was nor where it is everywhere."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from pilotwatch.hotspots import onset, starts

N = 60


@pytest.fixture(scope="module")
def map_():
    rng = np.random.default_rng(4)
    return rng.uniform(0, 20_000, (N, 2)), rng.uniform(20, 200, N)


def quiet(seed: int, risk: np.ndarray, cases: int = 800) -> tuple[np.ndarray, np.ndarray]:
    """Cases by those at risk, evenly over a year."""
    rng = np.random.default_rng(seed)
    return rng.choice(N, cases, p=risk / risk.sum()), rng.integers(0, 52, cases)


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(onset).failed == 0


def test_a_start_of_the_last_two_weeks_is_found_with_its_place_and_its_age(map_):
    points, risk = map_
    at, week = quiet(1, risk)
    at, week = np.append(at, [7] * 12), np.append(week, [0, 1] * 6)
    first = starts(at, week, points, risk)[0]
    assert (first.places.tolist(), first.weeks) == ([7], 2)
    assert first.p == 0.001  # of 999 shuffled maps none has as much anywhere
    assert first.recurrence == pytest.approx(1000)
    assert first.observed == ((at == 7) & (week < 2)).sum()
    # the cases of the place × those of the two weeks ÷ all
    assert first.expected == pytest.approx((at == 7).sum() * (week < 2).sum() / len(at))


def test_a_place_that_always_had_many_started_nothing(map_):
    points, risk = map_
    at, week = quiet(2, risk)
    rng = np.random.default_rng(3)
    at, week = np.append(at, [7] * 520), np.append(week, rng.integers(0, 52, 520))
    assert starts(at, week, points, risk)[0].p > 0.05


def test_a_wave_over_the_whole_city_started_nowhere(map_):
    points, risk = map_
    at, week = quiet(5, risk)
    more, _ = quiet(6, risk, 400)
    assert starts(np.append(at, more), np.append(week, np.zeros(400, int)), points, risk)[0].p > 0.05


def test_of_forty_years_in_which_nothing_started_few_say_so(map_):
    """At 5 % two of forty are due; six or more have a chance of 1.4 % (binomial)."""
    points, risk = map_
    told = [starts(*quiet(100 + i, risk, 300), points, risk, simulations=99, seed=i)[0].p for i in range(40)]
    assert sum(p <= 0.05 for p in told) <= 5


def test_starts_overlap_nowhere_and_are_the_same_when_looked_for_again(map_):
    points, risk = map_
    at, week = quiet(8, risk)
    first, again = (starts(at, week, points, risk, simulations=99, seed=2) for _ in range(2))
    assert [(s.places.tolist(), s.weeks, s.p) for s in first] == [(s.places.tolist(), s.weeks, s.p) for s in again]
    together = np.concatenate([s.places for s in first])
    assert len(set(together.tolist())) == len(together)


@pytest.mark.parametrize("week", [[], [30, 40, 51]])
def test_where_nothing_happened_lately_nothing_started(week):
    assert starts([0] * len(week), week, [[0, 0], [1, 1]], [1, 1]) == ()


@effort(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=1, max_size=60), st.integers(0, 9))
def test_whatever_happened_a_start_has_more_than_its_share_and_a_chance(cases, seed):
    at, week = zip(*cases, strict=True)
    points = [[0, 0], [1, 0], [0, 1], [5, 5], [6, 5]]
    for s in starts(at, week, points, [1] * 5, largest=0.6, simulations=19, seed=seed):
        assert s.observed > s.expected > 0
        assert 0 < s.p <= 1
        assert 1 <= s.weeks <= onset.WEEKS
        inside = np.isin(at, s.places) & (np.asarray(week) < s.weeks)
        assert inside.sum() == s.observed
