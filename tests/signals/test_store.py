"""Signals in the store: raised with the upload that makes them, kept for the pages, and shown to those who see the place."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest

from pilotwatch import figures, signals
from pilotwatch.signals import Filter, counts
from pilotwatch.store import Person, StoreRefused
from pilotwatch.workdays import today
from tests.signals.made import FOUND, OWNERS, RECORDS, SHEETS, commit, visit
from tests.store.made import ADMIN, CARDS, CITY, LEADER_TIANSHAN, OIL, Station, Visit, station

ON = today()
MIDONG = Person("md", "米东区领导", "district_leader", frozenset({"650109"}))
PLACES = {1: "650102", 2: "650103", 3: "650109"}


@pytest.fixture
def store(open_store, monkeypatch):
    """Three stations in three units with two visits a week each, for 40 weeks."""
    monkeypatch.setattr(counts, "SHARED", (SHEETS,))
    opened = open_store(RECORDS, owners=OWNERS)
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    opened.on_change.append(partial(signals.follow, FOUND, opened))
    rows = [station(n, division_code=place, street_code=f"{place}001") for n, place in PLACES.items()]
    commit(opened, Station, rows)
    weeks = [(w, n, k) for w in range(40) for n in PLACES for k in range(2)]
    commit(opened, Visit, [visit(i, n, ON - timedelta(days=7 * w + k)) for i, (w, n, k) in enumerate(weeks)])
    return opened


def _surge(store, station_=1, cases=15, on=ON, start=5000):
    return commit(store, Visit, [visit(start + i, station_, on - timedelta(i % 3)) for i in range(cases)])


def _levels(store, person=CITY, **wanted):
    rows = signals.listed(store.desk(person), Filter(measure="visit", **wanted))
    return {(r.kind, r.place): r.level for r in rows.itertuples()}


def _alarms(store, person=CITY):
    rows = signals.alarms(store.desk(person))
    return [(r.kind, r.place, r.level, r.raised_on.date()) for r in rows.itertuples()]


def test_an_upload_judges_units_and_the_city_at_once_and_the_daily_update_the_streets(store):
    assert set(_levels(store).values()) == {"none"}
    _surge(store)
    levels = _levels(store)
    assert levels["unit", "650102"] == levels["city", "*"] == "red" and levels["unit", "650103"] == "none"
    assert not [kind for kind, _ in levels if kind == "street"]
    signals.update(store, FOUND)
    assert _levels(store)["street", "650102/650102001"] == "red"


def test_an_alarm_is_raised_once_and_ends_when_the_upload_is_withdrawn(store):
    batch = _surge(store)
    assert ("unit", "650102", "red", ON) in _alarms(store)
    _surge(store, cases=3, start=9000)
    assert len([a for a in _alarms(store) if a[:2] == ("unit", "650102")]) == 1
    store.desk(OIL).withdraw(batch.id, "错报")
    ended = signals.alarms(store.desk(CITY)).set_index(["kind", "place"]).loc[("unit", "650102"), "ended_on"]
    assert ended.date() == ON
    assert signals.listed(store.desk(CITY))["raised_on"].isna().all()


def test_seven_days_later_it_is_raised_again_if_it_goes_on(store):
    _surge(store)
    _surge(store, on=ON + timedelta(6), start=6000)
    signals.update(store, FOUND, on=ON + timedelta(6))
    assert len([a for a in _alarms(store) if a[:2] == ("unit", "650102")]) == 1
    _surge(store, on=ON + timedelta(7), start=7000)
    signals.update(store, FOUND, on=ON + timedelta(7))
    days = [day for kind, place, _, day in _alarms(store) if (kind, place) == ("unit", "650102")]
    assert days == [ON + timedelta(7), ON]


def test_a_signal_is_shown_to_those_who_see_the_place_and_the_citys_to_those_who_see_all_of_it(store):
    _surge(store)
    signals.update(store, FOUND)
    assert set(_levels(store, LEADER_TIANSHAN)) == {("unit", "650102"), ("street", "650102/650102001")}
    assert set(_levels(store, MIDONG)) == {("unit", "650109"), ("street", "650109/650109001")}
    assert ("city", "*") in _levels(store)
    assert _levels(store, CARDS) == {}  # of another domain
    assert {place for _, place, *_ in _alarms(store, LEADER_TIANSHAN)} == {"650102", "650102/650102001"}
    assert _alarms(store, MIDONG) == []
    with pytest.raises(StoreRefused, match="没有此项权限"):
        signals.listed(store.desk(ADMIN))


def test_the_weeks_of_a_foreign_place_are_not_given(store):
    signals.update(store, FOUND)
    every = signals.listed(store.desk(CITY), Filter(measure="visit"))
    told = signals.weeks_of(store.desk(LEADER_TIANSHAN), every)
    assert {key[3] for key in told} == {"650102", "650102/650102001"}
    assert json.loads(told["oil", "visit", "unit", "650102"])["observed"][-2:] == [2, 2]


def test_filters_narrow_and_counts_add_up(store):
    _surge(store)
    signals.update(store, FOUND)
    assert set(_levels(store, kind="unit")) == {("unit", p) for p in PLACES.values()}
    assert set(_levels(store, report_unit="650109")) == {("unit", "650109"), ("street", "650109/650109001")}
    assert set(_levels(store, levels=("red",)).values()) == {"red"}
    counted = signals.counted(store.desk(CITY), Filter(measure="visit"))
    assert counted["series"].sum() == len(_levels(store))
    assert counted["raised"].sum() == len(_alarms(store))


def test_more_subjects_in_a_unit_change_its_rate_and_an_unchanged_list_judges_nothing(store, monkeypatch):
    before = signals.listed(store.desk(CITY), Filter(kind="unit")).set_index("place")["at_risk"].to_dict()
    commit(store, Station, [station(7, division_code="650102")])
    after = signals.listed(store.desk(CITY), Filter(kind="unit")).set_index("place")["at_risk"].to_dict()
    assert (before["650102"], after["650102"], after["650103"]) == (1, 2, 1)
    monkeypatch.setattr("pilotwatch.signals.keep._judge", lambda *_: pytest.fail("judged"))
    commit(store, Station, [station(7, "改名", division_code="650102")])


def test_without_any_count_there_is_nothing_to_judge(open_store):
    empty = open_store(RECORDS, owners=OWNERS)
    done = signals.update(empty, FOUND)
    assert done["domains"]["oil"] == {"series": 0, "alarms": 0, "contradictions": 0}
    assert signals.listed(empty.desk(CITY)).empty and signals.alarms(empty.desk(CITY)).empty
