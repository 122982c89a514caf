"""An alarm is raised once in seven days, gets worse at once, ends, and never stands beside a creeping one of its week."""

from __future__ import annotations

import pandas as pd
import pytest

from pilotwatch.signals.alarms import raised

WEEK = pd.Timestamp("2027-06-30")


def _found(level="red", creeping=False, told=False, week=WEEK):
    return pd.DataFrame(
        {
            "measure": "m", "kind": "unit", "place": "p", "report_unit": "p", "level": level, "creeping": creeping, "told": told,
            "week_to": [week], "observed": 9, "expected": 2.0, "bound": 5.0,
        }
    )  # fmt: skip


def _before(level="red", days_ago=3, ended=None):
    day = WEEK - pd.Timedelta(days=days_ago)
    return pd.DataFrame(
        {
            "measure": "m",
            "kind": "unit",
            "place": "p",
            "raised_on": [day],
            "level": level,
            "ended_on": pd.to_datetime([ended]),
        }
    )


NONE = _before().iloc[:0]


def test_an_unusual_series_is_raised_and_a_usual_one_is_not():
    assert raised(_found("red"), NONE).new["level"].tolist() == ["red"]
    assert raised(_found("amber"), NONE).new["level"].tolist() == ["amber"]
    steps = raised(_found("none"), NONE)
    assert steps.new.empty and steps.moved.empty and steps.standing.isna().all()


@pytest.mark.parametrize(("days_ago", "new"), [(1, 0), (6, 0), (7, 1), (30, 1)])
def test_it_is_not_raised_again_within_seven_days(days_ago, new):
    steps = raised(_found(), _before(days_ago=days_ago))
    assert len(steps.new) == new
    assert steps.standing.iloc[0] == (WEEK if new else WEEK - pd.Timedelta(days=days_ago))


def test_a_standing_alarm_gets_worse_at_once_and_not_better():
    assert raised(_found("red"), _before("amber")).moved["level"].tolist() == ["red"]
    moved = raised(_found("amber"), _before("red")).moved
    assert moved["level"].tolist() == [""] and moved["last_on"].tolist() == [WEEK]


def test_it_ends_when_the_week_is_usual_again_and_once_only():
    moved = raised(_found("none"), _before()).moved
    assert moved["ended_on"].tolist() == [WEEK] and moved["last_on"].isna().all()
    assert raised(_found("none"), _before(ended="2027-06-29")).moved.empty


def test_a_creeping_rise_is_raised_only_where_no_other_alarm_was_in_the_seven_days():
    assert raised(_found("none", creeping=True), NONE).new["level"].tolist() == ["creeping"]
    steps = raised(_found("none", creeping=True), _before("red"))
    assert steps.new.empty and steps.moved["level"].tolist() == [""]


def test_a_division_whose_unit_is_in_alarm_raises_none():
    assert raised(_found("red", told=True), NONE).new.empty
