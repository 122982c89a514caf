"""Hot spots of a demo city, kept and read: deterministic, in the reader's scope, as GeoJSON."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pilotwatch import hotspots
from pilotwatch.hotspots import export, keep
from pilotwatch.store import Person
from pilotwatch.store import hotspots as shelf

HOUSES = "self_built_housing"
OFFICE = Person("office", "市级专班", "city_office")


def run_of(desk, measure="risk", layer="streets", domain=HOUSES):
    return next(r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (domain, measure, layer))


def places_of(desk, run):
    return shelf.places(desk, run.domain, run.measure, run.layer, run.period)


def test_what_is_hot_was_planted_and_leads_the_headline(city):
    """Of a city of a fifth of the size at least two of the three planted streets are large enough to be told."""
    workspace, planted = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk)
    found = places_of(desk, run)
    hot = set(found.loc[found["hot"], "place"])
    assert len(hot & planted) >= 2
    assert len(hot - planted) <= 1
    assert run.hot == len(hot)
    assert {p["place"] for p in run.headline[0]["places"]} & planted
    assert run.headline[0]["p"] < 0.05


def test_every_measure_of_every_domain_is_tested_in_both_layers(city):
    workspace, _ = city
    tested = {(r.domain, r.measure, r.layer) for r in shelf.runs(workspace.desk(OFFICE))}
    assert tested == {
        (d.name, m, layer) for d in workspace.registry.domains for m in keep.measures(d) for layer in hotspots.LAYERS
    }


def test_every_subject_is_in_a_place_or_counted_as_unplaced(city):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    for run in shelf.runs(desk):
        assert places_of(desk, run)["subjects"].sum() + run.unplaced == run.subjects


def test_the_same_is_kept_when_tested_again(city):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    before = [(r.headline, places_of(desk, r)) for r in shelf.runs(desk) if r.domain == HOUSES]
    keep.update(workspace.store, workspace.registry, workspace.places, domain=HOUSES)
    after = [(r.headline, places_of(desk, r)) for r in shelf.runs(desk) if r.domain == HOUSES]
    assert [h for h, _ in before] == [h for h, _ in after]
    for (_, one), (_, two) in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(one, two)


def test_a_leader_sees_the_places_of_the_own_unit_and_no_headline_of_another(city):
    workspace, planted = city
    whole = places_of(workspace.desk(OFFICE), run_of(workspace.desk(OFFICE)))
    units = whole.set_index("place")["report_unit"]
    street = sorted(planted)[0]
    desk = workspace.desk(Person("leader", "区领导", "district_leader", units=frozenset({units[street]})))
    run = run_of(desk)
    seen = places_of(desk, run)
    assert set(seen["report_unit"]) == {units[street]}
    assert len(seen) == (whole["report_unit"] == units[street]).sum()
    assert {p["report_unit"] for c in run.headline for p in c["places"]} == {units[street]}
    assert run.elsewhere


def test_a_team_of_another_domain_sees_no_test_of_this_one(city):
    workspace, _ = city
    desk = workspace.desk(Person("cards", "预付卡专班", "pilot_team", domains=frozenset({"prepaid_cards"})))
    assert {r.domain for r in shelf.runs(desk)} == {"prepaid_cards"}
    mine = run_of(workspace.desk(OFFICE))
    assert shelf.places(desk, HOUSES, mine.measure, mine.layer, mine.period).empty


@pytest.mark.parametrize(("layer", "shape"), [("cells", "Polygon"), ("streets", "Point")])
def test_geojson_tells_how_it_was_tested_and_that_it_is_synthetic(city, layer, shape):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk, layer=layer)
    found = places_of(desk, run)
    document = json.loads(json.dumps(export.geojson(run, found, demo=True), allow_nan=False))
    assert {f["geometry"]["type"] for f in document["features"]} == {shape}
    assert len(document["features"]) == len(found)
    assert document["properties"]["synthetic"] is True
    assert document["properties"]["parameters"]["q"] == keep.Q
    hot = [f["id"] for f in document["features"] if f["properties"]["hot"]]
    assert hot == found.loc[found["hot"], "place"].tolist()


def test_units_and_divisions_both_add_up_to_the_city_with_the_zone_once(city):
    """甘泉堡 reports by itself and lies in 米东区 (650109): in the sum of divisions it is in it, in that of units beside it."""
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    units, divisions = (places_of(desk, run_of(desk, layer=n)).set_index("place") for n in ("units", "divisions"))
    assert set(units.index) == {u.code for u in workspace.places.units}
    assert set(divisions.index) == {d.code for d in workspace.places.divisions}
    for column in ("subjects", "observed", "inspected", "xpcc"):
        assert units[column].sum() == divisions[column].sum()
        assert divisions.loc["650109", column] == units.loc["650109", column] + units.loc["GQP", column]
    assert units.loc["GQP", "subjects"] > 0


def test_the_corps_streets_stand_apart_and_are_never_uninspected(city):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk)
    places = places_of(desk, run).set_index("place")
    corps = {c for c, s in workspace.places.streets.items() if s.jurisdiction == "xpcc"} & set(places.index)
    assert len(corps) >= 5
    assert (places.loc[sorted(corps), "state"] == "xpcc").all()
    assert (places.loc[sorted(corps), "subjects"] == 0).all()
    assert places["xpcc"].sum() == places.loc[sorted(corps), "xpcc"].sum() == run.xpcc > 0
    assert (places.drop(sorted(corps))["state"] != "xpcc").all()


def test_who_was_inspected_is_who_had_a_visit_in_the_twelve_months(city):
    """Counted from the records: visits on site since the first of the month eleven months ago."""
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk, layer="units")
    rows = desk.frame("inspection", ["subject_id", "day", "off_site"])
    since = pd.Period(run.on_day, "M") - 11
    on_site = ~rows["off_site"].fillna(False).astype(bool)
    lately = (rows["day"] >= since.start_time) & (rows["day"] <= pd.Timestamp(run.on_day))
    houses = desk.subjects(["subject_id", "jurisdiction"], where={"dataset": ["sbh_house"]})
    local = set(houses.loc[houses["jurisdiction"] != "xpcc", "subject_id"])
    assert places_of(desk, run)["inspected"].sum() == len(local & set(rows.loc[on_site & lately, "subject_id"])) > 0
