"""Months of the past for the time slider: tested from what was known then, each once, and the courses that follow."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from pilotwatch import signals
from pilotwatch.hotspots import City, find, keep
from pilotwatch.hotspots.history import history
from pilotwatch.store import Person
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today

CARDS = "prepaid_cards"
OFFICE = Person("office", "市级专班", "city_office")


def runs_of(desk, measure, layer="streets"):
    found = [r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (CARDS, measure, layer)]
    return {r.period: r for r in found}


def test_the_months_before_are_tested_as_of_their_last_day_and_once(city):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    months = [f"{m:%Y-%m}" for m in pd.period_range(end=pd.Period(today(), "M") - 1, periods=2)]
    given = (workspace.store, workspace.registry, workspace.places, 2)
    assert history(*given, domain=CARDS) == {CARDS: months}
    kept = runs_of(desk, "complaint")
    assert set(months) < set(kept)
    last = kept[months[-1]]
    assert last.on_day == pd.Period(months[-1], "M").end_time.date()
    assert (last.on_day - last.since).days == keep.WINDOW - 1
    assert history(*given, domain=CARDS) == {CARDS: []}
    # what a window holds is what was counted of the city's own subjects in its days
    counted = shelf.counted(workspace.store, CARDS, last.since, last.on_day)
    local = desk.subjects(["subject_id", "jurisdiction"], where={"dataset": ["ppc_issuer"]})
    local = set(local.loc[local["jurisdiction"] != "xpcc", "subject_id"])
    mine = counted[(counted["measure"] == "complaint") & counted["subject_id"].isin(local)]
    assert last.observed == mine["n"].sum() > 0


def test_the_course_of_a_state_follows_from_the_months_that_were_kept(open_store):
    """A street that was hot in the months before and now is sporadic (fewer than ten months say nothing of a trend), one
    that is hot now alone is new; what is under the XPCC has no course."""
    store = open_store([])
    subjects = pd.DataFrame(
        {"lng": 87.6, "lat": 43.8, "located": "point", "report_unit": "650102", "division_code": "650102",
         "street_code": ["a", "b", "c", "d"], "at_risk": 1.0, "street_lng": [87.6, 87.61, 87.62, 87.63], "street_lat": 43.8,
         "jurisdiction": ["local", "local", "local", "xpcc"]}
    )  # fmt: skip
    found = find(City(subjects), [[1.0], [1.0], [0.0], [0.0]], ["streets"])["streets"].places
    domain = SimpleNamespace(name="some")
    for month in ("2026-01", "2026-02"):
        run = {"domain": "some", "measure": "risk", "layer": "streets", "period": month, "on_day": today(), "since": None,
               "subjects": 3, "unplaced": 0, "observed": 2.0, "hot": 1, "spread": None, "headline": [], "started": [],
               "xpcc": 1, "parameters": {}}  # fmt: skip
        shelf.put(store, run, found.assign(hot=[True, False, False, False], p=[0.001, 0.5, 0.5, np.nan]))
    now = found.assign(hot=[True, True, False, False], p=[0.001, 0.001, 0.5, np.nan])
    told = keep._with_course(store, domain, "risk", "streets", "2026-03", now)
    assert told["course"].tolist() == ["sporadic", "new", "none", ""]
    assert shelf.months_kept(store, "some", "risk") == {"2026-01", "2026-02"}


def test_where_complaints_started_lately_is_told_with_its_weeks(city):
    """The demo city has merchants that abscond: complaints start in their street."""
    workspace, _ = city
    run = runs_of(workspace.desk(OFFICE), "complaint")[f"{today():%Y-%m}"]
    assert "complaint" in {c.name for c in signals.SHARED}
    first = run.started[0]
    assert first["p"] <= 0.05
    assert first["observed"] > 2 * first["expected"]
    assert 1 <= first["weeks"] <= 8
    assert all(later["p"] <= keep.STARTED for later in run.started[1:])
    elsewhere = frozenset({"650121"})
    leader = workspace.desk(Person("leader", "县领导", "district_leader", units=elsewhere))
    mine = runs_of(leader, "complaint")[run.period]
    assert all({p["report_unit"] for p in s["places"]} <= elsewhere for s in mine.started)
