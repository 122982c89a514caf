"""Shares and medians say how sure they are, by figures that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pilotwatch.scorecard.measures import Share, spread, wilson


def test_wilsons_interval_is_that_of_the_formula():
    """10 of 40, z = 1.96: centre (0.25 + 0.04802) / 1.09604 = 0.27191, half √(0.25·0.75/40 + 0.0006003) · 1.96 / 1.09604
    = 0.13003, so 0.142 to 0.402."""
    assert wilson(10, 40) == pytest.approx((0.1419, 0.4019), abs=1e-4)


def test_none_or_all_of_a_few_is_not_certain():
    """0 of 5: up to z² / (5 + z²) = 3.8415 / 8.8415 = 0.4345; 5 of 5 is its mirror."""
    assert wilson(0, 5) == pytest.approx((0, 0.4345), abs=1e-4)
    assert wilson(5, 5) == pytest.approx((0.5655, 1), abs=1e-4)


def test_a_share_of_nothing_is_unknown_and_below_twenty_it_is_too_few():
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)
    assert not Share(19, 19).enough
    assert Share(1, 20).enough


def test_a_spread_has_median_and_quartiles_and_the_same_bootstrap_each_time():
    """Of 7, 14, 21, 28, 35 the median is 21, the quartiles 14 and 28; no interval of the median leaves the numbers."""
    found = spread(np.array([35.0, 7, 14, 28, 21]))
    assert (found.median, found.low_quartile, found.high_quartile, found.enough) == (21, 14, 28, False)
    assert 7 <= found.low <= 21 <= found.high <= 35
    assert spread(np.array([35.0, 7, 14, 28, 21])) == found
    assert spread(np.zeros(0)).median is None
