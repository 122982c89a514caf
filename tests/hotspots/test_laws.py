"""What rates, the local test, the scan and the courses must hold whatever the map."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from scipy import sparse, stats

from pilotwatch import hotspots
from pilotwatch.hotspots import cells, kulldorff, rates, ring, states, trend

URUMQI = (87.6168, 43.8256)


@pytest.mark.parametrize("module", [rates, ring, kulldorff, trend, cells, states], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    failed, _ = doctest.testmod(module)
    assert failed == 0


def test_exact_limits_of_no_case_begin_at_zero_and_end_at_3_69():
    # P(O = 0 | mean 3.689) = 0.025: the classical upper limit of no case seen
    value, low, high = hotspots.ratio([0.0], [1.0])
    assert (value[0], low[0]) == (0.0, 0.0)
    assert high[0] == pytest.approx(3.6889, abs=1e-4)


def test_a_place_without_anybody_at_risk_has_no_ratio():
    assert np.isnan(hotspots.ratio([2.0], [0.0])[0][0])
    assert np.isnan(hotspots.smoothed([0.0, 3.0], [0.0, 10.0])[0])


def test_smoothing_leaves_alike_rates_alike():
    # 1 of 10, 2 of 20, 4 of 40: the rates vary not at all, so each is that of all
    assert hotspots.smoothed([1, 2, 4], [10, 20, 40]) == pytest.approx([0.1, 0.1, 0.1])


def test_the_funnel_narrows_as_more_is_expected():
    low, high = hotspots.funnel([2.0, 20.0, 200.0], 0.95)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) < 0).all()


def test_the_funnel_widens_with_dispersion():
    _, plain = hotspots.funnel([20.0], 0.95)
    _, spread = hotspots.funnel([20.0], 0.95, dispersion=4.0)
    assert spread[0] > plain[0]


def line(n: int) -> sparse.csr_array:
    """n places in a row, each the neighbour of the next."""
    return sparse.csr_array(sparse.diags([1.0, 1.0, 1.0], [-1, 0, 1], shape=(n, n)))


def test_the_ring_sums_a_place_and_its_neighbours_against_their_share():
    # 16 cases among 4 × 100: λ = 0.04, so each place expects 4. The second's ring (places 1–3) has 1 + 9 + 5 = 15
    # where 12 are expected: Poisson mid-p P(Y > 15) + ½ P(Y = 15) = 0.1556 + 0.0724 / 2
    found = hotspots.ring_test([1, 9, 5, 1], [100] * 4, line(4))
    assert found.observed.tolist() == [10, 15, 15, 6]
    assert found.expected == pytest.approx([8, 12, 12, 8])
    assert found.p[1] == pytest.approx(stats.poisson.sf(15, 12) + stats.poisson.pmf(15, 12) / 2)
    assert found.p[1] == pytest.approx(0.1918, abs=5e-4)
    assert not found.hot.any()


def test_a_ring_that_expects_less_than_one_case_is_not_tested():
    found = hotspots.ring_test([3, 0, 0, 0, 200], [1, 1, 1, 1000, 100_000], line(5))
    assert np.isnan(found.p[0])
    assert not found.hot[0]


def test_dispersion_of_the_past_takes_hot_spots_away():
    counts, at_risk = np.array([2] * 20 + [9, 10, 9] + [2] * 20), np.full(43, 100)
    assert hotspots.ring_test(counts, at_risk, line(43)).hot[20:23].all()
    assert not hotspots.ring_test(counts, at_risk, line(43), spread=1.0).hot.any()


def test_the_spread_of_the_past_is_none_where_counts_are_closer_than_chance():
    assert hotspots.spread_of([[2.0, 2.0]], [[2.0, 2.0]]) == 0.0


def test_getis_ord_of_a_flat_map_is_zero():
    assert hotspots.getis_ord([3.0] * 5, line(5)).tolist() == [0.0] * 5


def test_the_scan_is_the_same_when_run_again_and_overlaps_nowhere():
    rng = np.random.default_rng(7)
    points, at_risk = rng.uniform(0, 10_000, (80, 2)), rng.uniform(20, 200, 80)
    counts = rng.poisson(at_risk * 0.05)
    first, again = (hotspots.scan(counts, at_risk, points, simulations=99, seed=3) for _ in range(2))
    assert [c.places.tolist() for c in first] == [c.places.tolist() for c in again]
    assert [c.p for c in first] == [c.p for c in again]
    together = np.concatenate([c.places for c in first])
    assert len(set(together.tolist())) == len(together)
    assert all(c.expected <= hotspots.LARGEST * counts.sum() for c in first)


def test_the_scan_of_a_map_without_cases_finds_nothing():
    assert hotspots.scan([0, 0, 0], [1, 2, 3], np.eye(3)[:, :2]) == ()


@pytest.mark.parametrize(
    ("hot", "z", "word"),
    [
        ([0] * 12, [0.0] * 12, "none"),
        ([0] * 11 + [1], [0.0] * 11 + [3.0], "new"),
        ([0, 1] * 6, [0.0, 3.0] * 6, "sporadic"),
        ([1] * 9, list(range(9)), "sporadic"),  # nine periods say nothing about a trend
        ([1] * 12, [3.0] * 12, "persistent"),
        ([1] * 12, [3 + i / 2 for i in range(12)], "intensifying"),
        ([1] * 12, [9 - i / 2 for i in range(12)], "diminishing"),
        ([1] * 10 + [0] * 2, [3.0] * 12, "sporadic"),  # 10 of 12 is less than nine tenths
    ],
)
def test_a_course_has_its_plain_word(hot, z, word):
    assert hotspots.course(hot, z) == word
    assert word in hotspots.COURSES


def test_a_point_without_coordinates_lies_in_no_cell():
    found = hotspots.cells_of([URUMQI[0], np.nan], [URUMQI[1], 43.8], 8)
    assert found[0].startswith("88")
    assert found[1] == ""


def test_a_cell_is_near_itself_and_its_six():
    import h3

    middle = h3.latlng_to_cell(URUMQI[1], URUMQI[0], 8)
    disk = sorted(h3.grid_disk(middle, 2))
    near = hotspots.near_cells(disk)
    assert near[[disk.index(middle)]].sum() == 7
    assert (near != near.T).nnz == 0


def test_streets_are_neighbours_across_the_triangles_between_them():
    # a square with its middle: the middle is everybody's neighbour, opposite corners are not
    near = hotspots.near_points([[0, 0], [2, 0], [2, 2], [0, 2], [1, 1]]).toarray()
    assert near[4].tolist() == [1, 1, 1, 1, 1]
    assert near[0].tolist() == [1, 1, 0, 1, 1]
    assert hotspots.near_points([[0, 0], [2, 0], [2, 2], [0, 2], [1, 1]], longest=1.5).toarray()[0].tolist() == [1, 0, 0, 0, 1]  # fmt: skip
