"""What was planted in the demo city is held against what was found of it."""

from __future__ import annotations

import json

import pandas as pd
from typer.testing import CliRunner

from pilotwatch import cli
from pilotwatch.hotspots import backtest, keep
from pilotwatch.settings import ROOT, settings
from pilotwatch.store import Person
from pilotwatch.store import hotspots as shelf

HOUSES = "self_built_housing"
OFFICE = Person("office", "市级专班", "city_office")


def truth_of(workspace):
    return workspace.settings.var / "demo-truth.json"


def test_the_planted_streets_are_found_in_every_layer(city):
    """Of a city of a fifth of the size; each street has nine houses planted within 160 m where three or four are expected."""
    workspace, planted = city
    found = backtest.against(workspace.desk(OFFICE), workspace.registry, truth_of(workspace))
    assert [(r["domain"], r["layer"]) for r in found] == [(HOUSES, n) for n in ("cells", "fine", "streets")]
    for row in found:
        assert {s["street"] for s in row["streets"]} == planted
        assert row["recall"]["hits"] >= 2
        assert row["precision"]["value"] >= 0.5
        assert row["covered"]["value"] >= 0.6


def test_the_shares_are_those_of_the_kept_places(city):
    workspace, planted = city
    desk = workspace.desk(OFFICE)
    row = next(r for r in backtest.against(desk, workspace.registry, truth_of(workspace)) if r["layer"] == "streets")
    places = shelf.places(desk, HOUSES, keep.RISK, "streets", row["period"])
    hot = set(places.loc[places["hot"], "place"])
    assert row["hot"] == len(hot)
    assert (row["precision"]["hits"], row["precision"]["of"]) == (len(hot & planted), len(hot))
    assert (row["recall"]["hits"], row["recall"]["of"]) == (len(hot & planted), len(planted))


def test_a_leader_is_told_of_the_streets_of_the_own_unit(city):
    workspace, planted = city
    street = sorted(planted)[0]
    unit = frozenset({street[:6]})
    desk = workspace.desk(Person("leader", "区领导", "district_leader", units=unit))
    for row in backtest.against(desk, workspace.registry, truth_of(workspace)):
        assert {s["street"][:6] for s in row["streets"]} == unit


def test_a_hot_cell_beside_a_planted_house_counts_as_wrong():
    """Three houses planted in two cells; one of the two hot cells holds none of them."""
    held = pd.DataFrame({"place": ["a", "a", "b"], "street_code": ["s", "s", "t"]})
    places = pd.DataFrame(
        {"place": ["a", "b", "c"], "street_code": ["s", "t", "t"], "hot": [True, False, True], "subjects": [5, 6, 7],
         "observed": [3.0, 1.0, 4.0], "expected": [1.0, 1.2, 1.4]}
    )  # fmt: skip
    run = type("Run", (), dict(domain="d", measure="risk", layer="cells", period="2026-11"))
    told = backtest._line(run, places, held, ["s", "t"])
    assert (told["precision"]["hits"], told["precision"]["of"]) == (1, 2)
    assert (told["recall"]["hits"], told["recall"]["of"]) == (1, 2)
    assert (told["covered"]["hits"], told["covered"]["of"]) == (2, 3)
    assert told["streets"][1] == {
        "street": "t", "planted": 1, "subjects": 13, "observed": 5.0, "expected": 2.6, "hot_places": 0
    }  # fmt: skip


def test_a_city_without_a_truth_has_nothing_planted(city, tmp_path):
    assert backtest.planted(tmp_path / "none.json", city[0].registry) == {}


def test_the_command_prints_precision_and_recall_and_keeps_the_other_backtest(city, monkeypatch):
    workspace, _ = city
    monkeypatch.setenv("PILOTWATCH_VAR", str(workspace.settings.var))
    monkeypatch.setenv("PILOTWATCH_DATABASE_URL", str(workspace.settings.database_url))
    monkeypatch.setenv("PILOTWATCH_DATA", str(ROOT / "data"))
    settings.cache_clear()
    try:
        done = CliRunner().invoke(cli.app, ["backtest", "hotspots", "--json"])
        assert done.exit_code == 0
        rows = json.loads(done.stdout)["hotspots"]
        assert {r["layer"] for r in rows} == {"cells", "fine", "streets"}
        assert all(r["recall"]["of"] == 3 for r in rows)
        assert CliRunner().invoke(cli.app, ["backtest", "hotspots"]).stdout.count("召回") == 3
        assert CliRunner().invoke(cli.app, ["backtest", "weather"]).exit_code == 2
        assert CliRunner().invoke(cli.app, ["backtest", "hotspots", "--domain", "refined_oil"]).exit_code == 1
        assert CliRunner().invoke(cli.app, ["backtest", "--indicator", "XXX-01"]).exit_code == 2
    finally:
        settings.cache_clear()
