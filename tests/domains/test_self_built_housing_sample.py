"""The synthetic houses: what is planted is found, and little else is as bad."""

from __future__ import annotations

import pandas as pd
import pytest

from domains.self_built_housing import DOMAIN
from pilotwatch.levels import level_of
from pilotwatch.places import Places
from pilotwatch.sampling import City
from pilotwatch.settings import settings
from tests.domains.self_built import ON, indicator


@pytest.fixture(scope="module")
def city() -> tuple[City, dict[str, pd.DataFrame]]:
    """A fifth of a city, its frames as an indicator gets them; a subject's id is its code."""
    drawn = City(Places.load(settings().data), ON, 7, scale=0.2)
    frames = {}
    for dataset, frame in DOMAIN.sample(drawn).items():
        if dataset in {r.spec.dataset for r in DOMAIN.records}:
            key = DOMAIN.record(dataset).spec.subject_fields[0]
            frames[dataset] = frame.assign(subject_id=frame[key].astype("str"))
    return drawn, frames


def levels(city, code: str) -> pd.Series:
    found = indicator(code)
    return level_of(found.compute(city[1], ON), found.levels)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("dangerous_operating", "SBH-01"), ("monitor_alarm", "SBH-08"), ("careless_appraiser", "SBH-14")],
)
def test_what_is_planted_is_red_and_hardly_anything_else(city, kind, code):
    planted = {p["code"] for p in city[0].planted if p["kind"] == kind}
    found = levels(city, code)
    red = set(found.index[found == "red"])
    assert planted
    assert len(red & planted) >= 0.95 * len(planted)
    assert len(red - planted) <= len(planted) / 3


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators if i.levels])
def test_no_indicator_cries_wolf(city, code):
    planted = {p["code"] for p in city[0].planted}
    found = levels(city, code)
    judged = found[found != "nodata"]
    assert len(judged)
    assert judged[~judged.index.isin(planted)].isin(["red", "orange"]).sum() <= 0.15 * len(judged)


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators if i.area])
def test_an_indicator_of_places_tells_them_apart(city, code):
    area = indicator(code).area
    parts = indicator(code).compute(city[1], ON)[[area.numerator, area.denominator]].dropna()
    where = city[1]["sbh_house"].set_index("subject_id")["division_code"].reindex(parts.index)
    sums = parts.groupby(where).sum()
    assert level_of(sums[area.numerator] / sums[area.denominator], area.levels).nunique() > 1
