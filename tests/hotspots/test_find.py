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


def find(subjects: pd.DataFrame, counts: np.ndarray, layer: hotspots.Layer) -> hotspots.Found:
    return hotspots.find(hotspots.City(subjects), counts, [layer])[layer]


@pytest.mark.parametrize("layer", ["cells", "streets"])
def test_a_city_without_a_hot_spot_shows_none(layer):
    subjects = city()
    found = find(subjects, hits(subjects, None), layer)
    assert not found.places["hot"].any()
    assert found.places["observed"].sum() == hits(subjects, None).sum()
    assert all(c.p > 0.05 for c in found.clusters)


def test_the_planted_street_is_hot_and_no_other():
    subjects = city()
    found = find(subjects, hits(subjects, "650102017"), "streets")
    assert found.places.loc[found.places["hot"], "place"].tolist() == ["650102017"]
    first = found.clusters[0]
    assert "650102017" in found.places["place"].iloc[first.places].tolist()
    assert first.p == 0.001  # of 999 drawn maps none has as much anywhere


def test_hot_cells_lie_in_the_planted_street():
    subjects = city()
    found = find(subjects, hits(subjects, "650102017"), "cells")
    hot = found.places[found.places["hot"]]
    assert len(hot) >= 1
    assert set(hot["street_code"]) == {"650102017"}
    assert (hot["ratio"] > 1).all()


def test_a_place_is_in_the_unit_that_most_of_its_subjects_are_in():
    subjects = city()
    found = find(subjects, hits(subjects, None), "streets").places.set_index("place")
    assert found.loc["650102003", "report_unit"] == "650102"
    assert found.loc["650102030", "report_unit"] == "GQP"


def test_subjects_without_a_point_are_counted_and_in_no_cell():
    subjects = city()
    subjects.loc[:99, "located"] = "street"
    subjects.loc[100:119, "street_code"] = ""
    cells, streets = (find(subjects, hits(subjects, None), layer) for layer in ("cells", "streets"))
    assert (cells.unplaced, streets.unplaced) == (100, 20)
    assert cells.places["subjects"].sum() == len(subjects) - 100
    assert streets.places["subjects"].sum() == len(subjects) - 20


def test_a_city_without_subjects_has_no_places():
    nobody = city(10).iloc[:0]
    found = find(nobody, np.zeros((0, 1)), "cells")
    assert found.places.empty
    assert list(found.places.columns) == list(hotspots.COLUMNS)


def test_what_came_up_in_the_newest_window_is_new_and_what_lasted_persists():
    subjects = city()
    new = find(subjects, hits(subjects, "650102017", windows=12), "streets").places.set_index("place")
    assert new.loc["650102017", "course"] == "new"
    lasting = find(subjects, hits(subjects, "650102017", windows=12, since=12), "streets")
    course = lasting.places.set_index("place").loc["650102017", "course"]
    assert course in {"persistent", "intensifying", "diminishing"}
    assert lasting.places["hot"].sum() == 1  # a hot spot that has always been is none the less one


def test_the_dispersion_of_the_past_is_taken_around_what_a_place_used_to_have():
    subjects = city()
    steady = find(subjects, hits(subjects, "650102017", windows=12, since=12), "streets")
    assert steady.spread == pytest.approx(0.0, abs=0.02)  # lasting, so no noise
    rng = np.random.default_rng(5)
    wild = rng.poisson(0.05 * rng.gamma(0.5, 2.0, (len(STREETS), 12)))[
        pd.factorize(subjects["street_code"], sort=True)[0]
    ]
    assert find(subjects, wild.astype(float), "streets").spread > 0.2


def test_the_same_is_found_when_run_again():
    subjects = city()
    one, two = (find(subjects, hits(subjects, "650102017", windows=12), "streets") for _ in range(2))
    pd.testing.assert_frame_equal(one.places, two.places)
    assert [c.p for c in one.clusters] == [c.p for c in two.clusters]


def test_a_quiet_place_says_why_it_is_quiet():
    subjects = city(40)
    subjects["street_code"] = np.repeat(["650102001", "650102002", "650102003", "650102004"], 10)
    counts = np.zeros((40, 1))
    counts[:3] = 1  # something was found in the first street
    known, inspected = np.ones(40), np.zeros(40)
    known[20:30] = 0
    inspected[[12, 25]] = 1  # somebody was in the second; in the third, too, but nothing is known of it
    found = hotspots.find(hotspots.City(subjects), counts, ["streets"], known=known, inspected=inspected)
    places = found["streets"].places.set_index("place")
    assert places["state"].to_dict() == {
        "650102001": "found", "650102002": "nothing", "650102003": "no_data", "650102004": "not_inspected"
    }  # fmt: skip
    assert places["inspected"].tolist() == [0, 1, 1, 0]
    assert places["known"].tolist() == [10, 10, 0, 10]


def test_subjects_under_the_corps_are_in_no_rate_and_never_uninspected():
    subjects = city(2_000)
    counts = hits(subjects, "650102017")
    farm = (subjects["street_code"] == "650102030").to_numpy()
    mixed = (subjects["street_code"] == "650102005").to_numpy() & (np.arange(2_000) % 2 == 0)
    subjects["jurisdiction"] = np.where(farm | mixed, "xpcc", "local")
    counts[farm | mixed] = 5.0  # whatever happens there moves nothing of the city's
    apart = hotspots.City(subjects)
    found = hotspots.find(apart, counts, inspected=np.zeros(2_000))
    without = hotspots.find(hotspots.City(subjects[~(farm | mixed)]), counts[~(farm | mixed)])
    for layer in ("cells", "fine", "streets"):
        places, plain = found[layer].places, without[layer].places
        assert places["subjects"].sum() + found[layer].unplaced == apart.size == 2_000 - (farm | mixed).sum()
        assert places["xpcc"].sum() == (farm | mixed).sum()
        tested = places[places["subjects"] > 0].reset_index(drop=True)
        told = [c for c in hotspots.COLUMNS if c not in ("xpcc", "state", "inspected")]
        pd.testing.assert_frame_equal(tested[told], plain[told])
        alone = places[places["subjects"] == 0]
        assert set(alone["state"]) <= {"xpcc"}
        assert not alone["hot"].any()
    streets = found["streets"].places.set_index("place")
    assert streets.loc["650102030", "state"] == "xpcc"
    assert streets.loc["650102005", "state"] in ("found", "not_inspected")
    assert streets.loc["650102005", "xpcc"] == mixed.sum()


def test_a_zone_that_reports_by_itself_is_counted_once():
    """甘泉堡 is its own unit and lies in a division: units and divisions both add up to the city."""
    subjects = city(3_000)
    counts = hits(subjects, "650102017")
    zone = subjects["report_unit"] == "GQP"
    subjects["division_code"] = np.where(zone, "650109", "650102")
    found = hotspots.find(hotspots.City(subjects, {"GQP": (87.7, 44.1)}), counts, ["units", "divisions"])
    units, divisions = (found[layer].places.set_index("place") for layer in ("units", "divisions"))
    assert units["subjects"].to_dict() == {"650102": int((~zone).sum()), "GQP": int(zone.sum())}
    assert units["observed"].sum() == divisions["observed"].sum() == counts.sum()
    assert divisions.loc["650109", "observed"] == units.loc["GQP", "observed"] == counts[zone.to_numpy()].sum()
    assert tuple(units.loc["GQP", ["lng", "lat"]]) == (87.7, 44.1)


def test_areas_are_held_against_the_city_without_neighbours():
    # 100 each, 10 + 10 + 40 cases: 20 expected of each; P(Y > 40 | 20) + ½ P(Y = 40) = 3.9e-5, survives three tests
    done = hotspots.judge_areas([[10], [10], [40]], [100] * 3)
    assert done.expected[:, 0].tolist() == [20, 20, 20]
    assert done.hot[:, 0].tolist() == [False, False, True]
    assert done.p[2, 0] == pytest.approx(3.931e-5, rel=1e-3)
    assert done.now is None


def test_a_fine_cell_is_hot_only_with_one_it_lies_in():
    subjects = city()
    found = hotspots.find(hotspots.City(subjects), hits(subjects, "650102017"), ["cells", "fine"])
    fine = found["fine"].places
    assert len(fine) > len(found["cells"].places)
    assert fine["subjects"].sum() == found["cells"].places["subjects"].sum()
    hot = fine[fine["hot"]]
    assert len(hot) >= 1
    assert set(hot["street_code"]) == {"650102017"}
