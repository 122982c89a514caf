"""From rows by day to weeks that end on the data day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pilotwatch.aberration import CITY, Settings
from pilotwatch.aberration.weeks import weekly, with_city
from tests.aberration.made import ON, series

WEDNESDAY = date(2027, 6, 30)


def rows(*told: tuple) -> pd.DataFrame:
    """(place, day, count, at_risk)"""
    frame = pd.DataFrame(told, columns=["place", "day", "count", "at_risk"])
    return frame.assign(domain="oil", measure="complaint")


def test_the_last_week_ends_on_the_data_day_and_a_begun_first_week_is_left_out():
    frame = rows(
        ("A", "2027-06-10", 9, 50),
        ("A", "2027-06-17", 1, None),
        ("A", "2027-06-23", 2, None),
        ("A", "2027-06-24", 4, None),
    )
    table = weekly(frame, WEDNESDAY, Settings())
    assert table.counts.tolist() == [[9, 3, 4]], "10 to 16, 17 to 23, 24 to 30 June"
    assert weekly(frame, WEDNESDAY - timedelta(days=1), Settings()).counts.tolist() == [[1, 6]]
    assert table.history.tolist() == [2]


def test_days_that_are_not_complete_yet_are_not_looked_at():
    frame = rows(("A", "2027-06-01", 1, 50), ("A", "2027-06-28", 5, None), ("A", "2027-06-27", 2, None))
    late = weekly(frame, WEDNESDAY, replace(Settings(), delay_days=3))
    assert late.last == date(2027, 6, 27) and late.counts[0, -1] == 2
    assert late.counts.tolist() == weekly(frame, date(2027, 6, 27), Settings()).counts.tolist()


def test_rows_of_a_day_add_up_and_their_order_does_not_matter():
    frame = rows(*[("A", "2027-06-25", 1, 50)] * 3, ("B", "2027-06-03", 2, 10), ("A", "2027-06-10", 2, 40))
    table, turned = weekly(frame, WEDNESDAY, Settings()), weekly(frame.iloc[::-1], WEDNESDAY, Settings())
    assert table.keys["place"].tolist() == ["A", "B"]
    assert table.counts.tolist() == turned.counts.tolist() == [[0, 2, 0, 3], [2, 0, 0, 0]]
    assert table.observed.tolist() == [[False, True, True, True], [True] * 4]


def test_subjects_at_risk_hold_until_they_are_told_anew_and_backwards_from_the_first():
    frame = rows(("A", "2027-06-03", 0, None), ("A", "2027-06-10", 0, 40), ("A", "2027-06-24", 1, 60))
    assert weekly(frame, WEDNESDAY, Settings()).at_risk.tolist() == [[40, 40, 40, 60]]
    assert np.isnan(weekly(rows(("A", "2027-06-03", 0, None)), WEDNESDAY, Settings()).at_risk).all()


def test_a_series_that_begins_later_or_in_the_future_has_no_history():
    table = weekly(
        rows(("A", "2027-06-27", 1, 5), ("B", "2027-08-01", 1, 5), ("C", "2027-06-24", 1, 5)), WEDNESDAY, Settings()
    )
    assert table.history.tolist() == [-1, -1, 0]
    assert table.observed[:, -1].tolist() == [False, False, True]


def test_a_series_reported_up_to_an_earlier_day_is_not_observed_after_it():
    frame = pd.concat([series("A", [1] * 4).assign(until="2027-06-20"), series("B", [1] * 4).assign(until=None)])
    table = weekly(frame, ON, Settings())
    assert table.observed.tolist() == [[True, True, False, False], [True] * 4]


def test_a_week_with_three_holidays_is_no_baseline():
    frame = series("A", [1] * 5)
    days = [date(2027, 6, d) for d in (9, 10, 11, 17)]  # weeks end on the 2nd, 9th, 16th, 23rd and 30th
    assert not weekly(frame, ON, Settings(), days).holiday.any()
    assert weekly(frame, ON, Settings(), [*days, date(2027, 6, 16)]).holiday.tolist() == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert weekly(frame, ON, Settings(holiday_days=1), days).usable.tolist() == [[True, False, False, False, True]]


def test_the_city_adds_the_places_up_whose_subjects_are_known():
    frame = pd.concat([series("A", [1, 2, 3], 10), series("B", [5], 20), series("C", [7, 7, 7], np.nan)])
    city = with_city(weekly(frame, ON, Settings()))
    assert city.keys["place"].tolist() == ["A", "B", "C", CITY]
    assert city.counts[3].tolist() == [1, 2, 8] and city.at_risk[3].tolist() == [10, 10, 30]
    assert city.history[3] == 2


def test_a_measure_with_one_place_has_no_city():
    assert with_city(weekly(series("A", [1, 2]), ON, Settings())).keys["place"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (series("A", [1, 2]).drop(columns="at_risk"), "missing: at_risk"),
        (series("A", [1, -2]), "row 1: the count is -2"),
        (series("A", [1.0, np.nan]), "row 1: the count is nan"),
        (series("A", [1, 2], [4, -1]), "at_risk is negative"),
        (pd.concat([series("A", [1]), series(None, [1])]), "row 1: place is empty"),
    ],
)
def test_a_frame_that_is_not_as_described_is_refused(broken, words):
    with pytest.raises(ValueError, match=words):
        weekly(broken, ON, Settings())
