"""A store of before keeps its tests when it learns why a place is quiet."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from pilotwatch.hotspots import City, find
from pilotwatch.store import Person, engine
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today
from tests.hotspots.test_find import city as made

_OFFICE = Person("office", "市级专班", "city_office")


def test_tests_of_before_are_kept_and_claim_nothing_of_what_nobody_noted(open_store, store_url, monkeypatch):
    """Of a place where nothing was found nobody noted then whether anyone had looked: it is without data, not clean."""
    store = open_store([])
    found = find(City(made(400)), [[1.0]] * 200 + [[0.0]] * 200, ["streets"])["streets"].places.head(3)
    run = {"domain": "some", "measure": "risk", "layer": "streets", "period": "2026-10", "on_day": today(), "since": None,
           "subjects": 400, "unplaced": 0, "observed": 200.0, "hot": 1, "spread": None, "headline": [], "started": [],
           "xpcc": 7, "parameters": {}}  # fmt: skip
    shelf.put(
        store, run, found.assign(hot=[True, False, False], observed=[9.0, 1.0, 0.0], state="nothing", inspected=3)
    )
    store.close()
    base, config = engine.create(store_url), Config()
    config.set_main_option("script_location", "pilotwatch.store:migrations")
    for move, revision in ((command.downgrade, "0019"), (command.upgrade, "head")):
        with engine.writing(base) as connection:
            config.attributes["connection"] = connection
            move(config, revision)
    base.dispose()
    again = open_store([])
    desk = again.desk(_OFFICE)
    again.owners["d"] = frozenset({"some"})
    kept = shelf.places(desk, "some", "risk", "streets", "2026-10")
    assert kept["state"].tolist() == ["hot", "found", "no_data"]
    assert kept["inspected"].tolist() == [0, 0, 0]
    assert kept["place"].tolist() == found["place"].tolist()
    run = shelf.runs(desk)[0]
    assert (run.xpcc, run.started, run.observed) == (0, (), 200.0)
