"""The simulation of the rules, small: what is hidden is found, clean months are silent, and the score counts rightly."""

from __future__ import annotations

import numpy as np
import pytest

from bench.rules import issuers, stock

CONFLICT = "OIL-K03 (0.5 % and 2.58 uncertainties beyond the allowed loss)"


@pytest.fixture(scope="module")
def found():
    return stock.flagged(60, 3, 0.0029)


def test_clean_months_are_silent_and_hidden_sales_of_one_percent_are_found(found):
    assert found["clean"][CONFLICT] == 0
    assert found["meters hide 1 % of the sales"][CONFLICT] > 0.9
    assert found["leak of 100 L a day"][CONFLICT] > 0.9


def test_the_bare_uncertainty_takes_the_allowed_loss_for_a_leak(found):
    assert found["clean"]["2.58 uncertainties of measurement"] > 0.2


def test_the_same_seed_draws_the_same_and_a_clean_balance_is_nothing_but_error():
    drawn = [stock.draw(np.random.default_rng(1), stock.SCENARIOS[0], 200, 0.0) for _ in range(2)]
    np.testing.assert_array_equal(drawn[0].balance, drawn[1].balance)
    assert abs(drawn[0].balance.mean()) < 40 and drawn[0].balance.std() < 250  # litres, of 248,000 sold


def test_redemptions_tell_early_and_complaints_with_them_seldom_err():
    of = issuers.draw(np.random.default_rng(2), 380, 20)
    told = issuers.note_rules(of)
    b, both = (issuers.Score.of(told[name], of) for name in ("B redemptions below 70 %", "A and B"))
    assert b.recall > 0.85 and b.lead >= 3 and both.false < b.false / 20


def test_a_score_counts_a_failure_once_and_weeks_of_healthy_trade_only():
    """Two issuers; the first shuts in the last week. One alarm three weeks before, one on the healthy one: 1 in the calm
    weeks, which are all 34 of the second and 34 − 10 of the first: 1,000 ÷ 58."""
    n = np.zeros((2, issuers.WEEKS))
    of = issuers.Issuers(n, n, n, n, n, np.array([issuers.WEEKS - 1, -1]))
    alarm = np.zeros((2, issuers.TESTED), bool)
    alarm[0, -4] = alarm[1, 0] = True
    found = issuers.Score.of(alarm, of)
    assert (found.recall, found.lead) == (1.0, 3.0) and found.false == pytest.approx(1000 / 58)
