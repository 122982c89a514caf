"""The fits against statsmodels and, week by week, against R's `surveillance` (see oracle.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from pilotwatch.aberration import Settings, cusum, ears, farrington, pooled, quasipoisson, tails

ORACLE = json.loads(Path(__file__).with_name("oracle.json").read_text())["series"]


def reference(y, design, offset, weights=None):
    return sm.GLM(y, design, family=sm.families.Poisson(), offset=offset, var_weights=weights).fit(
        scale="X2", tol=1e-12
    )


def reference_weights(model, y, above=2.58):
    """The Anscombe weights from statsmodels' own leverage."""
    phi = max(1.0, model.scale)
    leverage = model.get_influence().hat_matrix_diag
    s = 1.5 * (y ** (2 / 3) * model.mu ** (-1 / 6) - np.sqrt(model.mu)) / np.sqrt(phi * (1 - leverage))
    weights = np.where(s > above, np.maximum(s, above) ** -2.0, 1.0)
    return weights * len(y) / weights.sum()


# --- levels and a slope ----------------------------------------------------------------------------------------------


def made(seed: int = 3, series: int = 6, n: int = 120):
    rng = np.random.default_rng(seed)
    levels, x = np.arange(n) // 7 % 4, np.linspace(-3, -0.5, n)
    offset = np.log(rng.uniform(0.8, 1.2, (series, n)))
    mu = np.exp(offset + 1.2 + 0.3 * levels + 0.2 * x)
    y = rng.negative_binomial(mu / 0.5, 1 / 1.5).astype(float)
    y[:, 40] += 25
    return y, levels, x, offset


def test_levels_and_slope_are_those_of_an_ordinary_regression_also_after_down_weighting():
    y, levels, x, offset = made()
    found = quasipoisson.fit(y, quasipoisson.Design(levels, x), offset, np.ones(y.shape), 2.58)
    design = np.column_stack([levels[:, None] == np.arange(4), x]).astype(float)
    for i in range(len(y)):
        first = reference(y[i], design, offset[i])
        again = reference(y[i], design, offset[i], reference_weights(first, y[i]))
        np.testing.assert_allclose([*found.levels[i], found.slope[i]], again.params, rtol=1e-5, atol=1e-6)
        assert found.phi[i] == pytest.approx(max(1.0, again.scale), rel=1e-5)
    assert found.converged.all()


def test_a_weight_of_nothing_leaves_a_point_out():
    y, levels, x, offset = made()
    without = np.ones(y.shape)
    without[:, 40] = 0
    found = quasipoisson.fit(y, quasipoisson.Design(levels, x), offset, without)
    keep = np.arange(120) != 40
    shorter = quasipoisson.fit(
        y[:, keep], quasipoisson.Design(levels[keep], x[keep]), offset[:, keep], np.ones((6, 119))
    )
    np.testing.assert_allclose(found.levels, shorter.levels, rtol=1e-9)
    np.testing.assert_allclose(found.phi, shorter.phi, rtol=1e-9)


def test_series_do_not_influence_each_other():
    y, levels, x, offset = made()
    design = quasipoisson.Design(levels, x)
    together = quasipoisson.fit(y, design, offset, np.ones(y.shape), 2.58)
    alone = [quasipoisson.fit(y[[i]], design, offset[[i]], np.ones((1, 120)), 2.58).levels[0] for i in range(6)]
    np.testing.assert_allclose(together.levels, alone, rtol=1e-12)


def test_a_level_without_a_case_is_near_nothing_and_no_error():
    y = np.array([[0.0, 0, 0, 2, 3, 4], [0, 0, 0, 0, 0, 0]])
    found = quasipoisson.fit(
        y, quasipoisson.Design(np.array([0, 0, 0, 1, 1, 1])), np.zeros((2, 6)), np.ones((2, 6)), 2.58
    )
    assert np.exp(found.levels[:, 0]).max() < 1e-5 and np.exp(found.levels[0, 1]) == pytest.approx(3)


# --- Farrington flexible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ORACLE)
def test_farrington_finds_what_r_finds(name):
    """Expectation to 1e-4, dispersion to 1e-3 (R stops its iterations a step earlier), the same bound every week."""
    told = ORACLE[name]
    upto, back = told["last"], told["last"] - told["first"] + 1
    counts = np.array([told["counts"][:upto]], dtype=float)
    at_risk = np.array([told["at_risk"][:upto]], dtype=float) if "at_risk" in told else np.ones_like(counts)
    settings = Settings(years=told["years"], year_weeks=52)
    found = farrington.expect(counts, at_risk, counts >= 0, np.array([upto - 1]), back, settings)
    mu, phi = found.mu[0, ::-1], found.phi[0, ::-1]
    assert set(found.years[0]) == {told["years"]}
    np.testing.assert_allclose(mu, told["found"]["mu"], atol=1e-4, rtol=1e-5)
    np.testing.assert_allclose(phi, told["found"]["phi"], atol=1e-3)
    np.testing.assert_array_equal(tails.quantile(0.99, mu, phi), told["found"]["bound"])


@pytest.mark.parametrize("name", ORACLE)
@pytest.mark.parametrize("method", ["C1", "C2"])
def test_ears_finds_what_r_finds(name, method):
    told = ORACLE[name]
    bounds = ears.bounds(np.array([told["counts"]], dtype=float), method)[0, told["first"] - 1 : told["last"]]
    np.testing.assert_allclose(bounds, told["found"][method], atol=1e-6)


def test_the_baseline_of_a_real_year_falls_on_the_nearest_weeks():
    assert list(farrington.anchors(5, 365.25 / 7)) == [0, 52, 104, 157, 209, 261]
    weeks = farrington.baseline(5, 3, 10, 26, 365.25 / 7)
    assert weeks.lags.min() == 27 and weeks.lags.max() == 264
    assert set(weeks.lags[weeks.levels == 0]) == {a + d for a in (52, 104, 157, 209, 261) for d in range(-3, 4)}
    assert np.bincount(weeks.levels, minlength=10).min() >= 20


def test_years_are_those_whose_whole_window_was_seen():
    history = np.array([54, 55, 106, 107, 159, 160, 211, 212, 263, 264, 900])
    assert list(farrington.years_of(history, Settings())) == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_trend_is_followed_but_never_above_what_was_seen():
    t = np.arange(300)
    rising = np.round(20 * np.exp(0.1 * t / 52))[None]
    found = farrington.expect(rising, np.ones((1, 300)), rising >= 0, np.array([299]), 1, Settings(year_weeks=52))
    assert found.mu[0, 0] <= rising.max() and found.mu[0, 0] > rising[0, :273].mean()
    falling = rising[:, ::-1].copy()
    found = farrington.expect(falling, np.ones((1, 300)), falling >= 0, np.array([299]), 1, Settings(year_weeks=52))
    assert found.mu[0, 0] == pytest.approx(falling[0, -1], rel=0.05)


def test_expectation_follows_the_subjects_at_risk():
    y = np.random.default_rng(1).poisson(6, (1, 300)).astype(float)
    n = np.full((1, 300), 50.0)
    more = n.copy()
    more[:, -1] = 100
    args = (y >= 0, np.array([299]), 1, Settings())
    assert farrington.expect(y, more, *args).mu[0, 0] == pytest.approx(2 * farrington.expect(y, n, *args).mu[0, 0])


# --- all places together ---------------------------------------------------------------------------------------------


def many_places(weeks: int = 115):
    rng = np.random.default_rng(11)
    at_risk = np.repeat(rng.integers(100, 1000, 8)[:, None], weeks, axis=1).astype(float)
    t = (np.arange(weeks) - (weeks - 1)) / Settings().year_weeks
    mu = np.geomspace(0.8, 9, 8)[:, None] * np.exp(0.2 * t + 0.3 * np.cos(2 * np.pi * t))
    y = rng.negative_binomial(mu / 0.4, 1 / 1.4).astype(float)
    y[3, 50] = 30
    return y, at_risk


def test_the_pooled_model_is_an_ordinary_regression_with_a_dummy_per_place():
    y, at_risk = many_places()
    found = pooled.predict(y, at_risk, np.ones(y.shape, dtype=bool), Settings())
    weeks = np.arange(115 - 1 - 4)
    waves = pooled.seasonal_terms(weeks - 114, Settings().year_weeks)
    design = np.column_stack([np.kron(np.eye(8), np.ones((len(weeks), 1))), np.tile(waves, (8, 1))])
    cases, offset = y[:, weeks].ravel(), np.log(at_risk[:, weeks]).ravel()
    first = reference(cases, design, offset)
    again = reference(cases, design, offset, reference_weights(first, cases))
    now = np.column_stack([np.eye(8), np.tile([0.0, 1, 0, 1, 0], (8, 1))])
    mu = np.exp(now @ again.params + np.log(at_risk[:, -1]))
    variance = np.einsum("ij,jk,ik->i", now, again.cov_params(), now)
    np.testing.assert_allclose(found.mu, mu, rtol=1e-6)
    np.testing.assert_allclose(found.phi, again.scale, rtol=1e-6)
    np.testing.assert_allclose(found.ratio, again.scale + mu * variance, rtol=1e-6)


def test_the_unit_of_the_subjects_at_risk_does_not_matter():
    y, at_risk = many_places()
    usable = np.ones(y.shape, dtype=bool)
    one, thousand = (pooled.predict(y, at_risk / unit, usable, Settings()) for unit in (1, 1000))
    np.testing.assert_allclose(one.mu, thousand.mu, rtol=1e-9)
    np.testing.assert_allclose(one.ratio, thousand.ratio, rtol=1e-9)


def test_places_with_few_cases_share_a_rate():
    y, at_risk = np.zeros((3, 60)), np.array([[100.0], [100.0], [300.0]]) + np.zeros((3, 60))
    y[0] = 2
    y[1, 10], y[2, [20, 30]] = 1, 1
    found = pooled.predict(y, at_risk, np.ones(y.shape, dtype=bool), Settings())
    assert found.mu[2] == pytest.approx(3 * found.mu[1]) and found.mu[0] > 10 * found.mu[1]


def test_where_nothing_ever_happened_half_a_case_is_taken_for_none():
    """60 weeks less this one and four are 55 weeks × 3 places of equal size: 0.5 / 165 a week."""
    y, at_risk = np.zeros((3, 60)), np.full((3, 60), 40.0)
    found = pooled.predict(y, at_risk, np.ones(y.shape, dtype=bool), Settings())
    np.testing.assert_allclose(found.mu, 0.5 / 165)


def test_a_season_is_told_from_a_trend_only_after_a_year():
    shapes = [pooled.seasonal_terms(np.arange(-n, -4), 52.0).shape[1] for n in (26, 51, 52, 77, 78, 150)]
    assert shapes == [1, 1, 3, 3, 5, 5]


# --- NB-CUSUM --------------------------------------------------------------------------------------------------------


def test_evidence_is_the_log_of_the_ratio_of_two_probabilities():
    """size r = 8/(1.5 − 1) = 16 held, means 12 and 8."""
    from scipy.stats import nbinom, poisson

    y = np.arange(25)
    expected = nbinom.logpmf(y, 16, 16 / (16 + 12)) - nbinom.logpmf(y, 16, 16 / (16 + 8))
    np.testing.assert_allclose(cusum.evidence(y, 8.0, 1.5, 1.5), expected, atol=1e-12)
    expected = poisson.logpmf(y, 12) - poisson.logpmf(y, 8)
    np.testing.assert_allclose(cusum.evidence(y, 8.0, 1.0, 1.5), expected, atol=1e-12)


def test_the_sum_starts_anew_after_its_alarm_and_after_a_week_without_expectation():
    y, mu = np.full((1, 6), 7.0), np.full((1, 6), 4.0)
    mu[0, 4] = np.nan
    sums, crossed = cusum.cusum(y, mu, np.ones((1, 6)), 1.5, 1.5)
    np.testing.assert_allclose(sums[0], [0.838, 1.677, 0.838, 1.677, 0.0, 0.838], atol=1e-3)
    assert list(crossed[0]) == [False, True, False, True, False, False]
