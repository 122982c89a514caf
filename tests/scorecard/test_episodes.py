"""Alarms held against what happened, counted by hand on a few weeks."""

from __future__ import annotations

import numpy as np
import pytest

from pilotwatch.scorecard.episodes import Events, Field, Tally, standing

DAYS = np.datetime64("2026-01-05", "D") + 7 * np.arange(12)  # twelve Mondays, the last 2026-03-23
H = 28


def field(*events: tuple[int, int], subjects: int = 2, until: int = 11) -> Field:
    """Events as (row, days after the first decision day)."""
    rows = np.array([r for r, _ in events], "int64")
    days = DAYS[0] + np.array([d for _, d in events], "int64")
    return Field.of(DAYS, subjects, Events.merged(rows, days, H), H, DAYS[until])


def alarms(*weeks: set[int]) -> np.ndarray:
    return np.array([[w in on for w in range(12)] for on in weeks])


def tally(held: Field, alarm: np.ndarray, judged: np.ndarray | None = None) -> Tally:
    return held.tally(alarm, np.ones_like(alarm) if judged is None else judged)


def test_an_alarm_is_right_if_an_incident_follows_within_the_horizon():
    """Subject 0 warns in week 5 (day 35); something happens on day 60, 25 days later: right, lead 25 days."""
    found = tally(field((0, 60)), alarms({5}, set()))
    assert (found.right, found.wrong, found.caught, found.events) == (1, 0, 1, 1)
    assert found.leads.tolist() == [25]


@pytest.mark.parametrize(("day", "right"), [(35, 0), (36, 1), (63, 1), (64, 0)])
def test_the_day_of_the_alarm_itself_does_not_count_and_the_last_day_of_the_horizon_does(day, right):
    """The alarm is on day 35, so the incident must lie in (35, 63]."""
    assert tally(field((0, day)), alarms({5}, set())).right == right


def test_an_alarm_on_the_day_of_the_incident_has_not_warned_of_it():
    """It may come from the incident's own record: day 42 is the Monday of week 6."""
    found = tally(field((0, 42)), alarms({6}, set()))
    assert (found.caught, found.events) == (0, 1)


def test_a_run_of_alarms_is_one_episode_and_a_gap_makes_two():
    found = tally(field(), alarms({1, 2, 3}, {1, 3}))
    assert (found.begun, found.wrong) == (3, 3)


def test_a_week_that_could_not_be_judged_does_not_end_an_episode():
    """Weeks 1 and 3 warn, week 2 is unknown: one episode, as a warning stands."""
    judged = np.ones((2, 12), bool)
    judged[0, 2] = False
    assert tally(field(), alarms({1, 3}, set()), judged).begun == 1
    assert standing(alarms({1, 3}), judged[:1])[0, :5].tolist() == [False, True, True, True, False]


def test_an_episode_whose_horizon_is_not_over_is_undecided():
    """Week 8 is day 56, its horizon ends on day 84, seven days after the last day known (77)."""
    assert tally(field(), alarms({8}, {7})) == _same(Tally(wrong=1, undecided=1))


def test_what_stood_on_the_first_day_began_nobody_knows_when_and_is_in_no_share():
    found = tally(field((0, 21)), alarms(set(range(12)), set()))
    assert (found.right, found.wrong, found.standing) == (0, 0, 1)


def test_an_alarm_that_lasts_for_ever_is_right_only_if_it_is_soon():
    """It begins in week 1 (day 7); the incident on day 70 comes 63 days later: warned of, but the episode was wrong."""
    found = tally(field((0, 70)), alarms(set(range(1, 12)), set()))
    assert (found.right, found.wrong, found.caught) == (0, 1, 1)
    assert found.leads.tolist() == [28]  # never more than the horizon


def test_only_incidents_whose_whole_window_was_looked_at_count():
    """Day 27 has its window begin a day before the first decision day; day 28 hasn't."""
    assert len(field((0, 27)).events.days) == 0
    assert len(field((0, 28)).events.days) == 1


def test_incidents_of_one_affair_are_one():
    """Days 40 and 60 lie within 28 days, day 75 lies 35 days after the first."""
    assert len(Events.merged(np.array([0, 0, 0]), DAYS[0] + np.array([60, 40, 75]), H).days) == 2


def test_chance_is_what_a_random_alarm_would_have_been_right():
    """Eight decision days have their horizon over (weeks 0–7); the incident on day 42 is in reach of weeks 2–5: 4 of 16."""
    chance = field((0, 42)).chance(np.ones((2, 12), bool))
    assert (chance.hits, chance.of) == (4, 16)


def test_counts_of_parts_add_up():
    one, other = tally(field((0, 60)), alarms({5}, {2})), tally(field((1, 50)), alarms(set(), {4}))
    both = one + other
    assert (both.right, both.wrong, both.caught, both.events) == (2, 1, 2, 2)
    assert sorted(both.leads.tolist()) == [22, 25]


class _same:
    """Tallies compare by their counts."""

    def __init__(self, wanted: Tally):
        self.wanted = wanted

    def __eq__(self, other: object) -> bool:
        names = ("right", "wrong", "undecided", "standing", "caught", "events")
        return isinstance(other, Tally) and all(getattr(other, n) == getattr(self.wanted, n) for n in names)
