"""Which bound is proposed, and which may be moved at all."""

from __future__ import annotations

from datetime import date

import numpy as np

from pilotwatch.domain import Basis, Bound, Indicator, Levels
from pilotwatch.scorecard.episodes import Events, Field
from pilotwatch.scorecard.measures import Share
from pilotwatch.scorecard.tradeoff import curve, propose, trials
from tests.store.made import Station

ON = date(2026, 6, 1)


def indicator(**levels: str) -> Indicator:
    return Indicator(
        "T-01", zh="甲", en="A", per=Station, needs=(Station,), compute=lambda frames, on: None, levels=Levels(**levels),
        basis=Basis("PRAC", "test"), owner="SWJ",
    )  # fmt: skip


def point(bound: float, per_week: float, right: int, of: int, caught: int, events: int) -> dict[str, object]:
    return {
        "bound": bound, "per_week": per_week, "precision": Share(right, of).as_json(), "recall": Share(caught, events).as_json(),
    }  # fmt: skip


def test_only_practice_bounds_that_compare_one_number_are_moved():
    found = trials(indicator(red="> 9", orange=Bound("> 6", "LAW"), yellow="> 3 | n30 >= 2"), ON)
    assert [(t.level, t.comparison.sign, t.comparison.number) for t in found] == [("red", ">", 9)]
    assert trials(indicator(yellow="n30 >= 5"), ON)[0].comparison.name == "n30"


def test_the_bounds_tried_are_spread_over_the_tail_with_the_one_in_force_among_them():
    trial = trials(indicator(red="> 0.5"), ON)[0].with_numbers(np.linspace(0, 1, 2001, dtype="float32"))
    assert trial.numbers == tuple(sorted(trial.numbers))  # mildest first: it rises
    assert 0.5 in trial.numbers and trial.numbers[0] >= 0.49 and trial.numbers[-1] > 0.99
    falls = trials(indicator(red="< 0.5"), ON)[0].with_numbers(np.linspace(0, 1, 2001, dtype="float32"))
    assert falls.numbers == tuple(sorted(falls.numbers, reverse=True))


def test_the_bound_that_catches_most_within_the_budget_is_proposed():
    """3.0 is right often but catches little, 1.0 costs more than 5 a week; of 2.0 and 2.5, alike in recall, 2.5 costs less."""
    points = [
        point(1.0, 9, 60, 100, 30, 40), point(2.0, 4.5, 25, 50, 20, 40), point(2.5, 3, 24, 40, 20, 40),
        point(3.0, 1, 18, 20, 6, 40),
    ]  # fmt: skip
    assert propose(points, "orange", budget=5) == {"bound": 2.5, "why": "best", "by_budget": 2.0}


def test_with_fewer_than_twenty_incidents_nothing_is_proposed_but_the_budget_still_speaks():
    points = [point(1.0, 9, 6, 10, 3, 19), point(2.0, 4, 4, 5, 2, 19)]
    assert propose(points, "yellow", budget=5) == {"bound": None, "why": "too_few", "by_budget": 2.0}


def test_where_no_bound_is_right_often_enough_none_is_proposed():
    """A fifth of the warnings must be right for a yellow bound; 3 of 20 are."""
    points = [point(1.0, 4, 3, 20, 10, 40)]
    assert propose(points, "yellow")["why"] == "none_will_do"
    assert propose([point(1.0, 4, 4, 20, 10, 40)], "yellow")["bound"] == 1.0
    assert propose([point(1.0, 4, 4, 20, 10, 40)], "red")["why"] == "none_will_do"  # half of them, for red


def test_a_curve_counts_each_bound_as_if_it_had_been_in_force():
    """Subject 0 rises from 1 to 5 before its incident; subject 1 stays at 3; subject 2 at 0 and unknown in between."""
    days = np.datetime64("2026-01-05", "D") + 7 * np.arange(12)
    events = Events(np.array([0]), days[:1] + 60)
    held = Field.of(days, 3, events, 28, days[-1])
    values = np.zeros((3, 12), "float32")
    values[0], values[1], values[2, 3] = 1, 0, np.nan
    values[0, 5:], values[1, 2:] = 5, 3
    trial = trials(indicator(red="> 4"), ON)[0]
    tallies = curve(type(trial)(trial.level, trial.comparison, (2.0, 4.0)), values, held)
    assert [(t.right, t.wrong, t.caught) for t in tallies] == [(1, 1, 1), (1, 0, 1)]
