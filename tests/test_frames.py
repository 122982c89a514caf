"""What indicators read their frames with: unknown stays unknown."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.frames import among, days_to, latest, subjects, table, unless_unknown, when
from pilotwatch.records import Inspection

ON = date(2026, 11, 23)


def values(series: pd.Series) -> list:
    return [None if pd.isna(v) else v for v in series]


def test_a_table_is_typed_and_what_the_frames_lack_is_empty():
    rows = pd.DataFrame(
        {"subject_id": ["a", "b"], "inspected_on": [ON, None], "rating": ["5", None], "joint": [True, None]}
    )
    found = table({"inspection": rows}, Inspection, "inspected_on", "rating", "joint", "result")

    assert [str(t) for t in found.dtypes[1:]] == ["datetime64[s]", "float64", "boolean", "str"]
    assert values(found["result"]) == [None, None]
    assert list(table({}, Inspection, "result").columns) == ["subject_id", "result"]


def test_subjects_has_one_row_for_a_subject():
    rows = pd.DataFrame({"subject_id": ["a", "b", "a"], "rating": [1, 2, 3]})
    assert subjects({"inspection": rows}, Inspection, "rating")["rating"].to_dict() == {"a": 3, "b": 2}


def test_days_are_whole_and_signed():
    days = pd.Series(pd.to_datetime(["2026-11-22 23:59", "2026-11-24 00:01", None]))
    assert values(days_to(days, ON)) == [-1, 1, None]


def test_the_latest_row_of_a_group_and_a_row_without_a_day_comes_first():
    rows = pd.DataFrame({"s": ["a", "a", "b"], "day": pd.to_datetime(["2026-01-01", None, None]), "v": [1, 2, 3]})
    assert latest(rows, "day", "s").set_index("s")["v"].to_dict() == {"a": 1, "b": 3}


def test_an_unknown_condition_gives_no_value():
    known = among(pd.Series(["C", "A", None]), ("C", "D"))
    assert values(known) == [True, False, None]
    assert values(when(known, pd.Series([5.0, 6.0, 7.0]))) == [5.0, 0.0, None]
    # false and unknown is false, true and unknown is unknown
    closed = pd.Series([pd.NA, False, pd.NA], dtype="boolean")
    assert values(when(known & closed, 1.0)) == [None, 0.0, None]


def test_the_worst_stands_where_it_is_bad_or_where_all_is_known():
    worst = pd.Series([9.0, 1.0, 1.0])
    assert values(unless_unknown(worst, worst > 5, pd.Series([False, True, False]))) == [9.0, 1.0, None]
