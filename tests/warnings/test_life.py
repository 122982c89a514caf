"""How a warning opens, rises, falls, eases and stays quiet, one law a test."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from pilotwatch.domain import LEVELS
from pilotwatch.warnings.life import QUIET, step

ON = date(2026, 11, 23)
RANK = {level: i for i, level in enumerate(LEVELS)}


def judged(level: str | None, value: float = 1.0) -> pd.DataFrame:
    rows = [] if level is None else [("S", "T-01", RANK[level], value)]
    return pd.DataFrame(rows, columns=["subject_id", "indicator", "rank", "value"])


def standing(level: str | None = None, better: int = 0, better_on: date | None = None, eased: bool = False):
    rows = [] if level is None else [("S", "T-01", RANK[level], better, pd.Timestamp(better_on) if better_on else pd.NaT, eased)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["subject_id", "indicator", "rank", "better", "better_on", "eased"])
    return frame.astype({"better_on": "datetime64[s]", "eased": "bool"})


def closed(level: str | None = None, days_ago: int = 0) -> pd.DataFrame:
    rows = [] if level is None else [("S", "T-01", RANK[level], pd.Timestamp(ON - timedelta(days=days_ago)))]
    frame = pd.DataFrame(rows, columns=["subject_id", "indicator", "rank", "closed_on"])
    return frame.astype({"closed_on": "datetime64[s]"})


def opened(now: str | None, closing: pd.DataFrame | None = None) -> list[str]:
    steps = step(standing(), judged(now), closed() if closing is None else closing, ON)
    assert steps.changed.empty
    return [LEVELS[r] for r in steps.opened["rank"]]


def change(before: pd.DataFrame, now: str | None, on: date = ON) -> tuple[str, str, int, bool] | None:
    """(act, level, better evaluations, eased) of the one warning; None where nothing changed."""
    steps = step(before, judged(now), closed(), on)
    assert steps.opened.empty
    rows = [(r.act, LEVELS[r.rank], r.better, bool(r.eased)) for r in steps.changed.itertuples()]
    return rows[0] if rows else None


@pytest.mark.parametrize("level", ["red", "orange", "yellow", "blue"])
def test_a_level_that_warns_opens_a_warning(level):
    assert opened(level) == [level]


@pytest.mark.parametrize("level", ["normal", None])
def test_normal_and_unknown_open_none(level):
    assert opened(level) == []


def test_it_is_not_raised_again_within_seven_days_of_closing():
    assert opened("orange", closed("orange", 6)) == []
    assert opened("yellow", closed("orange", 0)) == []
    assert opened("orange", closed("orange", QUIET.days)) == ["orange"]


def test_but_a_worse_level_than_the_closed_one_is_raised_at_once():
    assert opened("red", closed("orange", 1)) == ["red"]


def test_it_rises_at_once():
    assert change(standing("yellow"), "red") == ("rise", "red", 0, False)


def test_the_same_level_changes_nothing_and_forgets_a_better_day():
    assert change(standing("orange"), "orange") is None
    assert change(standing("orange", 1, ON - timedelta(1)), "orange") == ("", "orange", 0, False)


def test_it_falls_after_two_better_evaluations_on_different_days():
    assert change(standing("red"), "yellow") == ("", "red", 1, False)
    assert change(standing("red", 1, ON), "yellow") is None  # a second upload on the same day is no second evaluation
    assert change(standing("red", 1, ON - timedelta(1)), "yellow") == ("fall", "yellow", 0, False)


def test_a_condition_that_is_gone_eases_the_warning_at_its_level_and_never_closes_it():
    assert change(standing("red", 1, ON - timedelta(1)), "normal") == ("ease", "red", 0, True)
    assert change(standing("red", eased=True), "normal") is None


def test_an_eased_warning_returns_when_the_condition_is_back():
    assert change(standing("red", eased=True), "yellow") == ("return", "yellow", 0, False)
    assert change(standing("yellow", eased=True), "red") == ("return", "red", 0, False)


def test_what_cannot_be_judged_is_no_improvement():
    assert change(standing("red"), None) is None
    assert change(standing("red", 1, ON - timedelta(1)), None) is None


def test_the_order_of_the_rows_does_not_matter():
    many = pd.DataFrame(
        [("B", "T-01", RANK["red"], 2.0), ("A", "T-01", RANK["red"], 1.0)],
        columns=["subject_id", "indicator", "rank", "value"],
    )
    one, other = step(standing(), many, closed(), ON), step(standing(), many[::-1], closed(), ON)
    pd.testing.assert_frame_equal(one.opened, other.opened)
