"""The SIDS data of North Carolina (shipped with libpysal): published figures come out of our own functions."""

from __future__ import annotations

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pytest
from scipy import sparse, stats

from pilotwatch import hotspots
from pilotwatch.aberration.tails import discoveries


@pytest.fixture(scope="module")
def sids():
    return gpd.read_file(libpysal.examples.get_path("sids2.shp"))


@pytest.fixture(scope="module")
def queen(sids):
    return libpysal.weights.Queen.from_dataframe(sids, use_index=False)


@pytest.fixture(scope="module")
def near(queen):
    return sparse.csr_array(queen.sparse + sparse.eye(queen.n))


@pytest.fixture(scope="module")
def plane(sids):
    """Middles of the counties with the degrees of longitude shortened to those of latitude at 35.5° N."""
    middle = sids.geometry.centroid
    return np.column_stack([middle.x * np.cos(np.radians(35.5)), middle.y])


def test_getis_ord_ranks_the_counties_as_published(sids, near):
    z = hotspots.getis_ord(sids["SID74"] / sids["BIR74"], near)
    first = np.argsort(-z)[:6]
    assert list(sids["NAME"].iloc[first]) == ["Northampton", "Bertie", "Richmond", "Robeson", "Halifax", "Hertford"]
    assert z[first] == pytest.approx([4.25, 3.95, 3.01, 2.87, 2.59, 2.43], abs=0.005)


def test_getis_ord_is_that_of_pysal(sids, queen, near):
    rate = (sids["SID74"] / sids["BIR74"]).to_numpy()
    theirs = esda.G_Local(rate, queen, transform="B", star=True, permutations=0).Zs
    assert hotspots.getis_ord(rate, near) == pytest.approx(theirs, abs=1e-12)


def test_of_nine_hot_counties_two_remain_when_all_hundred_are_tested(sids, near):
    z = hotspots.getis_ord(sids["SID74"] / sids["BIR74"], near)
    assert int((z > stats.norm.isf(0.025)).sum()) == 9
    assert set(sids["NAME"][discoveries(2 * stats.norm.sf(np.abs(z)), 0.05)]) == {"Northampton", "Bertie"}


def test_a_rate_of_few_births_is_drawn_to_that_of_all(sids):
    at = sids["NAME"].tolist().index("Anson")
    assert 1000 * sids["SID74"][at] / sids["BIR74"][at] == pytest.approx(9.55, abs=0.005)
    assert 1000 * hotspots.smoothed(sids["SID74"], sids["BIR74"])[at] == pytest.approx(4.84, abs=0.005)


def test_the_scan_finds_the_two_published_clusters(sids, plane):
    # IJHG 2021, s12942-021-00298-6, Table 1: four counties in the north-east 5.12, six in the south 3.76 per 1,000
    north, south, *_ = hotspots.scan(sids["SID74"], sids["BIR74"], plane, simulations=99, seed=1)
    assert set(sids["NAME"][north.places]) == {"Bertie", "Halifax", "Hertford", "Northampton"}
    assert set(sids["NAME"][south.places]) == {"Anson", "Hoke", "Moore", "Richmond", "Robeson", "Scotland"}
    rates = [1000 * sids["SID74"][c.places].sum() / sids["BIR74"][c.places].sum() for c in (north, south)]
    assert rates == pytest.approx([5.12, 3.76], abs=0.005)
    assert [north.likelihood, south.likelihood] == pytest.approx([13.45, 11.93], abs=0.005)
    assert north.p == south.p == 0.01  # none of 99 drawn maps has as much anywhere


def test_the_scan_of_the_later_years_finds_hoke_and_scotland(sids, plane):
    first = hotspots.scan(sids["SID79"], sids["BIR79"], plane, simulations=99, seed=1)[0]
    assert set(sids["NAME"][first.places]) == {"Hoke", "Scotland"}
    assert first.likelihood == pytest.approx(7.44, abs=0.005)
