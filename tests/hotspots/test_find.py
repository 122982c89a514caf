"""From subjects to hot places: what is planted is found, what isn't there isn't, and who has no place is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pilotwatch import hotspots

LNG, LAT = 87.6168, 43.8256
STREETS = {f"6501020{n:02d}": (LNG + 0.012 * (n % 8), LAT + 0.009 * (n // 8)) for n in range(40)}


def city(n: int = 6_000, seed: int = 1) -> pd.DataFrame:
    """Subjects scattered about forty streets in two units."""
    rng = np.random.default_rng(seed)
    street = rng.choice(sorted(STREETS), n)
    middle = np.array([STREETS[s] for s in street])
    point = middle + rng.normal(0, 0.002, (n, 2))
    unit = np.where(street < "650102020", "650102", "GQP")
    return pd.DataFrame(
        {"lng": point[:, 0], "lat": point[:, 1], "located": "point", "report_unit": unit, "division_code": "650102",
         "street_code": street, "at_risk": 1.0, "street_lng": middle[:, 0], "street_lat": middle[:, 1]}
    )  # fmt: skip


def hits(subjects: pd.DataFrame, planted: str | None, windows: int = 1, since: int = 1) -> np.ndarray:
    """Two in a hundred subjects, eight times as many in the planted street in the newest `since` windows."""
    rng = np.random.default_rng(2)
    found = rng.random((len(subjects), windows)) < 0.02
    if planted:
        of_street = (subjects["street_code"] == planted).to_numpy()
        found[of_street, :since] = rng.random((int(of_street.sum()), since)) < 0.16
    return found.astype(float)


@pytest.mark.parametrize("layer", ["cells", "streets"])
def test_a_city_without_a_hot_spot_shows_none(layer):
    subjects = city()
    found = hotspots.find(subjects, hits(subjects, None), layer)
    assert not found.places["hot"].any()
    assert found.places["observed"].sum() == hits(subjects, None).sum()
    assert all(c.p > 0.05 for c in found.clusters)


def test_the_planted_street_is_hot_and_no_other():
    subjects = city()
    found = hotspots.find(subjects, hits(subjects, "650102017"), "streets")
    assert found.places.loc[found.places["hot"], "place"].tolist() == ["650102017"]
    first = found.clusters[0]
    assert "650102017" in found.places["place"].iloc[first.places].tolist()
    assert first.p == 0.001  # of 999 drawn maps none has as much anywhere


def test_hot_cells_lie_in_the_planted_street():
    subjects = city()
    found = hotspots.find(subjects, hits(subjects, "650102017"), "cells")
    hot = found.places[found.places["hot"]]
    assert len(hot) >= 1
    assert set(hot["street_code"]) == {"650102017"}
    assert (hot["ratio"] > 1).all()


def test_a_place_is_in_the_unit_that_most_of_its_subjects_are_in():
    subjects = city()
    found = hotspots.find(subjects, hits(subjects, None), "streets").places.set_index("place")
    assert found.loc["650102003", "report_unit"] == "650102"
    assert found.loc["650102030", "report_unit"] == "GQP"


def test_subjects_without_a_point_are_counted_and_in_no_cell():
    subjects = city()
    subjects.loc[:99, "located"] = "street"
    subjects.loc[100:119, "street_code"] = ""
    cells, streets = (hotspots.find(subjects, hits(subjects, None), layer) for layer in ("cells", "streets"))
    assert (cells.unplaced, streets.unplaced) == (100, 20)
    assert cells.places["subjects"].sum() == len(subjects) - 100
    assert streets.places["subjects"].sum() == len(subjects) - 20


def test_a_city_without_subjects_has_no_places():
    nobody = city(10).iloc[:0]
    found = hotspots.find(nobody, np.zeros((0, 1)), "cells")
    assert found.places.empty
    assert list(found.places.columns) == list(hotspots.COLUMNS)


def test_what_came_up_in_the_newest_window_is_new_and_what_lasted_persists():
    subjects = city()
    new = hotspots.find(subjects, hits(subjects, "650102017", windows=12), "streets").places.set_index("place")
    assert new.loc["650102017", "course"] == "new"
    lasting = hotspots.find(subjects, hits(subjects, "650102017", windows=12, since=12), "streets")
    course = lasting.places.set_index("place").loc["650102017", "course"]
    assert course in {"persistent", "intensifying", "diminishing"}
    assert lasting.places["hot"].sum() == 1  # a hot spot that has always been is none the less one


def test_the_dispersion_of_the_past_is_taken_around_what_a_place_used_to_have():
    subjects = city()
    steady = hotspots.find(subjects, hits(subjects, "650102017", windows=12, since=12), "streets")
    assert steady.spread == pytest.approx(0.0, abs=0.02)  # lasting, so no noise
    rng = np.random.default_rng(5)
    wild = rng.poisson(0.05 * rng.gamma(0.5, 2.0, (len(STREETS), 12)))[
        pd.factorize(subjects["street_code"], sort=True)[0]
    ]
    assert hotspots.find(subjects, wild.astype(float), "streets").spread > 0.2


def test_the_same_is_found_when_run_again():
    subjects = city()
    one, two = (hotspots.find(subjects, hits(subjects, "650102017", windows=12), "streets") for _ in range(2))
    pd.testing.assert_frame_equal(one.places, two.places)
    assert [c.p for c in one.clusters] == [c.p for c in two.clusters]
