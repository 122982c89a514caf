"""The synthetic stations: what is planted is found, and little else is as bad."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from domains.refined_oil import DOMAIN
from pilotwatch.levels import level_of
from pilotwatch.places import Places
from pilotwatch.sampling import City
from pilotwatch.settings import settings
from tests.domains.oil import ON, indicator


@pytest.fixture(scope="module")
def city() -> tuple[City, dict[str, pd.DataFrame]]:
    """A city's stations, their frames as an indicator gets them; a subject's id is its code."""
    drawn = City(Places.load(settings().data), ON, 7)
    shared = {"licence": "uscc", "complaint": "point_no", "clue": "point_no", "order_to_correct": "uscc"}
    keys = {r.spec.dataset: r.spec.subject_fields[0] for r in DOMAIN.records} | shared
    frames = {}
    for dataset, frame in DOMAIN.sample(drawn).items():
        if key := keys.get(dataset):
            ids = frame.get(key, pd.Series(index=frame.index, dtype="str"))
            frames[dataset] = frame.assign(subject_id=ids.astype("str"))
    return drawn, frames


def levels(city, code: str) -> pd.Series:
    found = indicator(code)
    return level_of(found.compute(city[1], ON), found.in_force(ON).levels)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("leaking", "OIL-01"), ("leaking", "OIL-13"), ("under_declared", "OIL-02"), ("meter_tampered", "OIL-04"),
        ("verification_overdue", "OIL-05"), ("substandard", "OIL-07"), ("unfiled_supplier", "OIL-12"),
        ("unlicensed_point", "OIL-10"),
    ],
)  # fmt: skip
def test_what_is_planted_is_found(city, kind, code):
    planted = {p["code"] for p in city[0].planted if p["kind"] == kind}
    found = levels(city, code)
    assert planted
    assert found[list(planted)].isin(["red", "orange", "yellow"]).all()


@pytest.mark.parametrize(
    ("kind", "code"),
    [("leaking", "OIL-01"), ("leaking", "OIL-13"), ("under_declared", "OIL-02"), ("meter_tampered", "OIL-04"), ("unfiled_supplier", "OIL-12")],
)  # fmt: skip
def test_and_nothing_else_is_red_by_it(city, kind, code):
    planted = {p["code"] for p in city[0].planted if p["kind"] == kind}
    found = levels(city, code)
    assert set(found.index[found == "red"]) <= planted


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators if i.code != "OIL-10"])
def test_no_indicator_cries_wolf(city, code):
    found = levels(city, code)
    judged = (found != "nodata").sum()
    assert judged > 0.4 * len(found)
    assert found.isin(["red", "orange"]).sum() <= 0.15 * judged


def test_the_balance_of_a_sound_station_is_within_the_uncertainty_of_its_measurement(city):
    told = indicator("OIL-01").compute(city[1], ON)
    leaking = [p["code"] for p in city[0].planted if p["kind"] == "leaking"]
    assert told["value"].drop(leaking).abs().max() < 0.01
    assert (told.loc[leaking, "z"] > 2.58).all()


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators])
def test_a_subject_alone_has_the_numbers_it_has_among_all(city, code):
    found = indicator(code)
    whole = found.compute(city[1], ON)
    some = set(whole.index[:: max(1, len(whole) // 15)])
    registers = {r.spec.dataset for r in found.registers}
    frames = {d: f if d in registers else f[f["subject_id"].isin(some)] for d, f in city[1].items()}
    pd.testing.assert_frame_equal(found.compute(frames, ON), whole[whole.index.isin(some)])


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators])
def test_holes_in_the_records_stop_no_indicator(city, code):
    """Three in ten of the values that may be missing are."""
    rng = np.random.default_rng(1)
    required = {c.name for r in DOMAIN.records for c in r.columns() if c.required} | {
        "subject_id",
        "kind",
        "ref_no",
        "received_at",
    }
    holed = {
        d: f.apply(lambda c: c if c.name in required else c.astype("object").mask(rng.random(len(c)) < 0.3, None))
        for d, f in city[1].items()
    }
    found, whole = indicator(code), indicator(code).compute(city[1], ON)
    told = found.compute(holed, ON)
    assert list(told.index) == list(whole.index)
    assert list(told.columns) == list(whole.columns)
