"""Difference in differences: by hand, by the laws it keeps, and by what it must refuse to say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from pilotwatch.domain import Text
from pilotwatch.evaluation import Panel, Words, assignments, caveats, contrast, evaluate, interval, said, windows
from pilotwatch.evaluation.did import changes, slopes

VISITS = Words(
    Text("每百户检查户次", "visits per 100 subjects"),
    lambda v: f"{v:.1f}",
    lambda v: Text(f"{v:.1f} 次", f"{v:.1f} visits"),
)


def panel(values, starts, denominators=None):
    values = np.asarray(values, dtype=float)
    units, months = values.shape
    return Panel(
        values, np.ones_like(values) if denominators is None else np.asarray(denominators, dtype=float),
        tuple(f"u{i}" for i in range(units)), tuple(f"2025-{m + 1:02}" for m in range(months)), tuple(starts),
    )  # fmt: skip


def steps(before, after, months=6):
    """Units that have one value in all months before and another in all after."""
    return [[b] * months + [a] * months for b, a in zip(before, after, strict=True)]


def test_the_effect_by_hand():
    # pilots: 10 -> 6 and 12 -> 9, changes -4 and -3, mean -3.5; others: 8 -> 8, 11 -> 10, 9 -> 10, mean 0
    found = evaluate(panel(steps([10, 12, 8, 11, 9], [6, 9, 8, 10, 10]), [6, 6, None, None, None]))
    assert found.effect == pytest.approx(-3.5)
    assert found.before == pytest.approx((11, 28 / 3))
    assert found.after == pytest.approx((7.5, 28 / 3))
    assert found.ways == 10  # 5 over 2
    assert found.as_large == 1 and found.p == pytest.approx(0.1)  # no other pair comes near: its changes are 0, -1 or 1
    assert found.range == pytest.approx((-4.0, -3.0))  # without the third other 0-1 -> -0.5; without the second +0.5
    assert found.verdict == "cant_tell" and found.reason == "few_ways"  # one of ten is the rarest there can be


def test_a_window_is_the_sum_of_its_parts_and_not_the_mean_of_its_months():
    made = panel([[1, 3, 9, 9]], [None], [[10, 10, 10, 90]])
    before, after = windows(made, 2)
    assert before == pytest.approx([4 / 20]) and after == pytest.approx([18 / 100])


def test_what_is_not_known_counts_nowhere():
    made = panel([[1, np.nan, 5, 7]], [None], [[1, 1, 1, 0]])
    before, after = windows(made, 2)
    assert before == pytest.approx([1]) and after == pytest.approx([5])


def test_three_of_eight_that_fall_alone_are_seen():
    rng = np.random.default_rng(7)
    values = 20 + rng.normal(0, 0.3, (8, 24))
    values[[0, 3, 5], 12:] -= 4
    found = evaluate(panel(values, [12, None, None, 12, None, 12, None, None]))
    assert found.verdict == "fell"
    assert (found.ways, found.as_large) == (56, 1) and found.p == pytest.approx(1 / 56)
    assert found.effect == pytest.approx(-4, abs=0.3)
    assert found.bounds.low < -4 < found.bounds.high < 0 and found.bounds.bounded
    assert found.by_model < 1e-6
    text = said(found, VISITS)
    assert "3 个试点单位的每百户检查户次由 20." in text.zh and "约每 56 次出现 1 次" in text.zh
    assert "in about 1 of 56 cases" in text.en
    assert "相差 −4" in text.zh and " 次。" in text.zh and " visits. Of the 56 ways" in text.en
    assert any("95% 区间" in c.zh for c in caveats(found, VISITS))


def test_with_one_pilot_nothing_can_be_told_however_large_the_figure():
    values = np.full((8, 24), 20.0) + np.arange(24) % 3
    values[0, 12:] -= 15
    found = evaluate(panel(values, [12] + [None] * 7))
    assert (found.verdict, found.reason) == ("cant_tell", "one_pilot")
    assert found.p == pytest.approx(1 / 8) and not found.bounds.bounded
    assert "只有一个试点单位" in said(found, VISITS).zh
    assert any("没有界限" in c.zh for c in caveats(found, VISITS))


@pytest.mark.parametrize(
    ("starts", "months", "reason"),
    [
        ([None] * 8, 24, "no_pilot"),
        ([12] * 8, 24, "no_comparison"),
        ([12] * 7 + [None], 24, "no_comparison"),
        ([5] * 3 + [None] * 5, 24, "short_before"),
        ([12] * 3 + [None] * 5, 17, "short_after"),
    ],
)
def test_what_is_missing_is_named(starts, months, reason):
    found = evaluate(panel(np.ones((8, months)), starts))
    assert (found.verdict, found.reason) == ("cant_tell", reason)
    assert said(found, VISITS).zh.endswith("。") and said(found, VISITS).en.endswith(".")


def test_pilots_that_fell_already_before_the_start_prove_nothing():
    values = np.tile(20 + np.sin(np.arange(24)), (8, 1)) + np.arange(8)[:, None] / 10
    values[:3] -= np.arange(24) * 0.5  # they go on as they did
    found = evaluate(panel(values, [12] * 3 + [None] * 5))
    assert (found.verdict, found.reason) == ("cant_tell", "apart_before")
    assert found.trend == pytest.approx(-0.5)


def test_four_of_eight_know_that_a_way_and_its_mirror_agree():
    rng = np.random.default_rng(3)
    values = 20 + rng.normal(0, 0.2, (8, 24))
    values[:4, 12:] += 3
    found = evaluate(panel(values, [12] * 4 + [None] * 4))
    assert (found.ways, found.as_large, found.verdict) == (70, 2, "rose")


def test_starts_that_differ_are_each_held_against_the_same_months():
    # unit 0 falls by 2 at month 6, unit 1 by 4 at month 8; the others rise by 1 at month 7 for ever
    values = np.full((8, 16), 10.0)
    values[0, 6:] -= 2
    values[1, 8:] -= 4
    values[2:, 7:] += 1
    found = evaluate(panel(values, [6, 8] + [None] * 6))
    # others about month 6: 0 before, 9 of 10 months after are 11: +0.9; about month 8: 7 of 8 before are 10: +0.875
    assert found.effect == pytest.approx(((-2 - 0.9) + (-4 - 0.875)) / 2)
    assert found.ways == 56  # 8 × 7 ordered pairs
    assert np.isnan(found.by_model)


def test_every_way_is_looked_at_once_and_ours_first():
    ways = assignments([None, 12, 12, None, None])
    assert ways[0] == (None, 12, 12, None, None)
    assert len(ways) == len(set(ways)) == 10
    assert {tuple(i for i, s in enumerate(w) if s) for w in ways} == set(itertools.combinations(range(5), 2))


@settings(max_examples=60, deadline=None)
@given(arrays(float, (6, 14), elements=st.floats(-50, 50, width=32)), st.floats(-20, 20))
def test_an_effect_put_in_comes_out(values, effect):
    starts = [7, 7, None, None, None, None]
    before = evaluate(panel(values, starts)).effect
    values = values.copy()
    values[:2, 7:] += effect
    assert evaluate(panel(values, starts)).effect == pytest.approx(before + effect, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(arrays(float, (8, 14), elements=st.floats(-50, 50, width=32)), st.floats(-30, 30))
def test_the_interval_holds_what_the_test_does_not_reject_and_nothing_else(values, effect):
    """The interval's definition, tried at any τ: inside its hull's ends the test of τ keeps, outside it rejects."""
    starts = (7, 7, 7, None, None, None, None, None)
    found = evaluate(panel(values, starts))
    shifted = values.copy()
    shifted[:3, 7:] -= effect
    changed = changes(panel(shifted, starts))
    figures = np.array([contrast(changed, way) for way in assignments(starts)])
    p = (np.abs(figures) >= abs(figures[0]) - 1e-7).mean()
    if p > 0.05 + 1e-9 and abs(effect - found.bounds.low) > 1e-5 and abs(effect - found.bounds.high) > 1e-5:
        assert found.bounds.low <= effect <= found.bounds.high
    if effect < found.bounds.low - 1e-5 or effect > found.bounds.high + 1e-5:
        p = (np.abs(figures) >= abs(figures[0]) + 1e-7).mean()
        assert p <= 0.05 + 1e-9


def test_an_interval_of_a_figure_alone():
    # two ways: ours 3, the other 1 that holds none of the effect: never fewer than 1 of 2, so nothing is excluded
    assert not interval(np.array([3.0, 1.0]), np.array([1.0, 0.0])).bounded


def test_the_t_test_is_that_of_scipy():
    rng = np.random.default_rng(11)
    values = rng.normal(10, 1, (8, 24))
    made = panel(values, [12] * 3 + [None] * 5)
    change = changes(made)[12]
    assert evaluate(made).by_model == pytest.approx(stats.ttest_ind(change[:3], change[3:]).pvalue)


def test_a_course_needs_three_months():
    made = panel([[1, 2, 3, 9], [1, np.nan, 3, 9], [2, 2, 2, 9]], [None] * 3)
    assert slopes(made, 3) == pytest.approx([1, np.nan, 0], nan_ok=True)


def test_a_panel_whose_parts_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 units and 3 months"):
        Panel(np.ones((2, 4)), np.ones((2, 4)), ("a", "b"), ("1", "2", "3"), (None, None))


def test_a_unit_of_which_too_little_is_known_is_left_out_and_named():
    rng = np.random.default_rng(7)
    values = 20 + rng.normal(0, 0.3, (9, 24))
    values[[0, 3, 5], 12:] -= 4
    values[8, 3:] = np.nan
    found = evaluate(panel(values, [12, None, None, 12, None, 12, None, None, None]))
    assert (found.verdict, found.ways, found.left_out) == ("fell", 56, ("u8",))
    assert found.panel.units == tuple(f"u{i}" for i in range(8))
    few = panel(values[[0, 1, 8]], [12, None, None])  # without it one is left to compare with
    assert (evaluate(few).verdict, evaluate(few).reason) == ("cant_tell", "short_before")
