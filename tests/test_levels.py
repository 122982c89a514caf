"""From a value to its colour."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from pilotwatch.domain import ContractError, Levels
from pilotwatch.levels import bounds, level_of, parse


def colours(levels: Levels, *values: float | None) -> list[str]:
    return list(level_of(pd.Series(values, dtype="float64"), levels))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("> 3", (">", 3.0)),
        (">=0.80", (">=", 0.8)),
        ("≤ -5", ("<=", -5.0)),
        ("≥ 2", (">=", 2.0)),
        ("< 30 %", ("<", 0.3)),
        ("> 0.29%", (">", 0.0029)),
    ],
)
def test_a_bound_is_a_comparison_with_a_number_a_percent_a_hundredth(written, read):
    assert parse(written) == read


@pytest.mark.parametrize("written", ["3", "> ", "> x", "> 1 and < 2", "", "=> 3", "> 1e3"])
def test_anything_else_is_refused_with_the_words_that_were_found(written):
    with pytest.raises(ContractError, match="a bound is written like"):
        parse(written)


def test_open_and_closed_sides_are_kept():
    assert colours(Levels(red="> 3", orange=">= 2", yellow="> 1"), 3.0, 3.0000001, 2.0, 1.9999, 1.0) == [
        "orange", "red", "orange", "yellow", "normal",
    ]  # fmt: skip
    assert colours(Levels(red="< 0", orange="<= 7", blue="<= 30"), -1, 0, 7, 8, 31) == [
        "red", "orange", "orange", "blue", "normal",
    ]  # fmt: skip


def test_what_is_not_known_is_no_data_and_endless_is_not_unknown():
    assert colours(Levels(red="> 3"), math.nan, None, math.inf, -math.inf) == ["nodata", "nodata", "red", "normal"]


def test_levels_keep_the_index_and_sort_from_red_to_no_data():
    found = level_of(pd.Series([1.0, math.nan, 9.0], index=["a", "b", "c"]), Levels(red="> 3"))
    assert list(found.sort_values().index) == ["c", "a", "b"]
    assert found.to_dict() == {"a": "normal", "b": "nodata", "c": "red"}


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (Levels(), "at least one level"),
        (Levels(red="> 1", orange="> 2"), "stricter"),
        (Levels(red="> 1", orange="> 1"), "stricter"),
        (Levels(red="< 3", orange="< 2"), "stricter"),
        (Levels(red="> 3", orange="< 2"), "point the same way"),
    ],
)
def test_bounds_must_tighten_towards_red(levels, said):
    with pytest.raises(ContractError, match=said):
        bounds(levels)
