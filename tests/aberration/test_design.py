"""The simulation of the bench, small: it finds and stays silent as often as it should."""

from __future__ import annotations

import numpy as np

from bench.aberration.designs import SHORT_TESTED, TESTED, published, short
from bench.aberration.methods import Score, published_methods, scores, short_methods


def test_the_published_design_has_42_scenarios_and_the_same_seed_gives_the_same_series():
    first, again, other = published(1, 7), published(1, 7), published(1, 8)
    assert first.counts.shape == (42, 624)
    np.testing.assert_array_equal(first.counts, again.counts)
    assert (first.counts != other.counts).any()
    assert (first.surge[:, :-TESTED] == 0).all() and (first.counts >= first.surge).all()


def test_farrington_detects_more_than_ears_at_fewer_false_alarms():
    found = scores(published(2, 7), TESTED, published_methods)
    red, c1 = found["Farrington flexible, α = .01 (our red)"], found["EARS C1, α = .001"]
    assert 0.003 < red.fpr < 0.015 and red.pod > 0.45 and red.ppv > 0.5
    assert red.fpr < c1.fpr / 2 and red.ppv > c1.ppv + 0.2


def test_with_a_short_history_the_pooled_model_has_fewer_false_alarms_than_a_model_per_district():
    found = scores(short(4, 7), SHORT_TESTED, short_methods)
    red = found["p < .01 and BH and ≥ 5 in 4 weeks (our red)"]
    assert red.fpr < found["Farrington flexible, b = 2, α = .01, per district"].fpr
    assert 0.003 < red.fpr < 0.018 and red.pod > 0.5


def test_a_score_counts_weeks_for_false_alarms_and_surges_for_detection():
    """Two series of four weeks; a surge of two weeks in the first; alarms: once inside, once outside."""
    s = published(1, 1).last(4)
    surge = np.zeros(s.counts.shape)
    surge[0, 1:3] = 1
    alarm = np.zeros(s.counts.shape, dtype=bool)
    alarm[0, 2] = alarm[1, 0] = True
    found = Score.of(alarm, type(s)(s.counts, surge, np.full(42, 5), s.at_risk))
    assert found == Score(1 / (42 * 4 - 2), 1.0, 1.0, 0.5)
