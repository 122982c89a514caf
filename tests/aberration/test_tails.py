"""Tail probabilities of counts, against sums written out."""

from __future__ import annotations

from math import comb, exp, factorial

import numpy as np
import pytest

from pilotwatch.aberration import tails


def nb(k: int, mu: float, phi: float) -> float:
    """P(Y = k) of a negative binomial whose size mu/(phi−1) is whole: C(k+r−1, k) p^r (1−p)^k, p = 1/phi."""
    r = round(mu / (phi - 1))
    return comb(k + r - 1, k) * (1 / phi) ** r * (1 - 1 / phi) ** k


def poisson(k: int, mu: float) -> float:
    return exp(-mu) * mu**k / factorial(k)


def test_the_tail_is_the_sum_of_what_is_at_least_as_much():
    expected = 1 - sum(nb(k, 5, 2) for k in range(15))
    assert tails.tail(15, 5.0, 2.0) == pytest.approx(expected)
    assert tails.tail(4, 1.0, 1.0) == pytest.approx(1 - sum(poisson(k, 1) for k in range(4)))


def test_mid_p_counts_half_of_the_count_itself():
    assert tails.mid_p(3, 1.0, 1.0) == pytest.approx(1 - sum(poisson(k, 1) for k in range(4)) + poisson(3, 1) / 2)
    assert tails.mid_p(12, 5.0, 2.0) == pytest.approx(1 - sum(nb(k, 5, 2) for k in range(13)) + nb(12, 5, 2) / 2)


def test_without_dispersion_the_negative_binomial_is_the_poisson_and_a_phi_below_one_counts_as_one():
    y = np.arange(30)
    close = tails.tail(y, 4.0, 1 + 1e-6)
    np.testing.assert_allclose(close, tails.tail(y, 4.0, 1.0), rtol=1e-3)
    np.testing.assert_array_equal(tails.tail(y, 4.0, 0.7), tails.tail(y, 4.0, 1.0))


@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.05])
def test_the_bound_is_the_last_count_that_is_not_significant(alpha):
    mu, phi = (a.ravel() for a in np.meshgrid([0.01, 0.3, 2.0, 9.0, 150.0], [1.0, 1.3, 4.0]))
    bound = tails.mid_p_bound(alpha, mu, phi)
    assert (tails.mid_p(bound, mu, phi) >= alpha).all()
    assert (tails.mid_p(bound + 1, mu, phi) < alpha).all()


def test_what_is_not_known_stays_unknown():
    assert np.isnan(tails.tail(3, np.nan, 1.2)) and np.isnan(tails.mid_p_bound(0.01, 2.0, np.nan))
    assert np.isnan(tails.share_mid_p(0, 0, 1.0, 4.0, 1.0))
    assert np.isnan(tails.share_mid_p(3, 3, 4.0, 4.0, 1.0)), "one place alone has no share to compare"


def test_a_share_is_binomial_where_counts_are_poisson():
    """8 of 20, a quarter as a rule: Σ_{k>8} C(20,k) ¼^k ¾^(20−k) + half of k = 8."""
    probability = [comb(20, k) * 0.25**k * 0.75 ** (20 - k) for k in range(21)]
    assert tails.share_mid_p(8, 20, 2.5, 10.0, 1.0) == pytest.approx(sum(probability[9:]) + probability[8] / 2)


def test_a_share_of_overdispersed_counts_is_what_conditioning_on_the_sum_gives():
    """Means 2 and 6, φ = 2: P(Y₁ = k | sum 7) ∝ nb(k; 2) nb(7 − k; 6), summed by hand."""
    joint = np.array([nb(k, 2, 2) * nb(7 - k, 6, 2) for k in range(8)])
    given = joint / joint.sum()
    assert tails.share_mid_p(4, 7, 2.0, 8.0, 2.0) == pytest.approx(given[5:].sum() + given[4] / 2)


def test_exact_limits_keep_their_promise_on_each_side():
    mu = np.array([0.2, 0.8, 5.0, 40.0])
    low, high = tails.poisson_limits(mu, 0.01)
    assert (tails.tail(high + 1, mu, 1.0) <= 0.005).all()
    assert (1 - tails.tail(low, mu, 1.0) <= 0.005).all()


def test_discoveries_are_those_of_the_paper():
    """Benjamini & Hochberg 1995, §3.2: fifteen p-values of which four are believed at q = .05."""
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]  # fmt: skip
    assert list(np.flatnonzero(tails.discoveries(p, 0.05))) == [0, 1, 2, 3]


def test_a_missing_p_is_no_test():
    assert list(tails.discoveries([0.04, np.nan, np.nan, 0.9], 0.1)) == [True, False, False, False]
    assert not tails.discoveries([np.nan], 0.1).any() and not tails.discoveries([0.2, 0.3], 0.1).any()
