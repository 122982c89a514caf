"""From a value to its colour."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from pilotwatch.domain import Basis, Bound, ContractError, Indicator, Levels, Record, Version
from pilotwatch.levels import Comparison, Joined, basis_of, conditions, level_of, names, parse


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
    assert parse(written) == Comparison("value", *read)


@pytest.mark.parametrize(
    "written", ["3", "> ", "> x", "> 1 and < 2", "", "=> 3", "> 1e3", "> 1 &", "(> 1", "> 1)", "n >", "> 1 > 2"]
)
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
        conditions(levels)


def test_conditions_over_inputs_are_joined_and_before_or():
    assert parse("n >= 30 | n >= 20 & g >= 3") == Joined(
        "|", (Comparison("n", ">=", 30), Joined("&", (Comparison("n", ">=", 20), Comparison("g", ">=", 3))))
    )
    assert parse("(n >= 30 | n >= 20) & g >= 3").join == "&"
    assert names(Levels(red="n >= 30 | n >= 20 & g >= 3", yellow="> 5 %")) == {"n", "g", "value"}


def test_an_unknown_input_is_told_only_where_it_decides():
    """n = 30: red without g. n = 20, g unknown: may be red, is surely yellow. n = 2, g unknown: neither can hold."""
    frame = pd.DataFrame({"n": [30.0, 20.0, 2.0, math.nan], "g": [math.nan] * 4})
    levels = Levels(red="n >= 30 | n >= 20 & g >= 3", yellow="n >= 5")
    assert list(level_of(frame, levels)) == ["red", "yellow", "normal", "nodata"]


def test_a_bound_knows_its_basis_and_reads_like_text():
    bound = Bound("< 1.00", "LAW")
    assert (bound, bound.level, basis_of(bound), basis_of("< 0.8")) == ("< 1.00", "LAW", "LAW", "PRAC")


def test_the_version_in_force_is_that_of_the_day():
    """Until 2026-04-14 the bound was 5, from 2026-04-15 it is 3; both days inclusive."""
    old = Version(Levels(red="> 5"), Basis("LAW", "第20号令"), until=date(2026, 4, 14))
    new = Version(Levels(red="> 3"), Basis("LAW", "第121号令"), since=date(2026, 4, 15))
    indicator = Indicator(
        "T-01", "测试", "Test", per=Record, needs=(), compute=lambda frames, on: None, levels=new.levels, basis=new.basis,
        owner="SWJ", versions=(old, new),
    )  # fmt: skip
    assert indicator.in_force(date(2026, 4, 14)) is old
    assert indicator.in_force(date(2026, 4, 15)) is new
