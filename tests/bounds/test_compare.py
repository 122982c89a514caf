"""Which of two conditions is the stricter is decided over all numbers there are, and over unknown ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwatch.bounds import TooComplex, covers
from pilotwatch.domain import ContractError
from pilotwatch.levels import parse


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("> 2", "> 3", True), ("> 3", "> 2", False),
        (">= 3", "> 3", True), ("> 3", ">= 3", False),  # the bound itself is on one side only
        ("< 80 %", "< 0.8", True), ("< 0.8", "< 80 %", True),
        ("> 3", "< 3", False), ("n > 3", "m > 3", False),
        ("> 8 | n < 100", "> 8", True), ("> 8 & n < 100", "> 8", False),
        ("> 8", "> 8 & n < 100", True),
        ("a < 30 | b < 7", "a < 30 | b < 7", True), ("a < 29 | b < 7", "a < 30 | b < 7", False),
        ("a < 30 | b < 90", "a < 30 | b < 7", True),
        ("n >= 20 | n >= 30 & g >= 3", "n >= 30 & g >= 3 | n >= 20", True),  # the same, otherwise written
        ("> 2 & y > 0 | > 2 & y <= 0", "> 2", False),  # the same but for an unknown y, which can't be told then
    ],
)  # fmt: skip
def test_a_condition_covers_another_where_it_holds_wherever_the_other_does(wide, narrow, covered):
    assert covers(wide, narrow) is covered


def test_what_is_no_bound_is_refused_and_what_compares_too_much_isnt_guessed():
    with pytest.raises(ContractError):
        covers("> x", "> 3")
    many = " | ".join(f"n{i} > {j}" for i in range(7) for j in range(3))
    with pytest.raises(TooComplex):
        covers(many, many)


_comparisons = st.builds(
    "{} {} {}".format, st.sampled_from(["value", "n"]), st.sampled_from([">", ">=", "<", "<="]), st.integers(-2, 2)
)
_conditions = st.recursive(
    _comparisons, lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("&|"), inner), max_leaves=4
)


@settings(max_examples=150, deadline=None)
@given(_conditions, _conditions)
def test_it_says_the_same_as_trying_out_a_finer_grid(wide, narrow):
    """Every quarter from -3 to 3, and unknown, in both numbers."""
    axis = [*np.arange(-3, 3.25, 0.25), np.nan]
    value, n = (np.array(a) for a in zip(*itertools.product(axis, axis), strict=True))
    (surely, maybe), (surely_narrow, maybe_narrow) = (parse(c).holds({"value": value, "n": n}) for c in (wide, narrow))
    assert covers(wide, narrow) == bool(np.all(surely | ~surely_narrow) and np.all(maybe | ~maybe_narrow))
