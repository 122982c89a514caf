"""A bound that the city sets reaches figures, warnings, explanations and places in its own transaction, in every process."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from pilotwatch import bounds, figures, warnings
from pilotwatch.bounds import Proposal, SetBound
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Arrived, StoreRefused, shelf
from pilotwatch.workdays import today
from tests.bounds.made import DOMAIN, FOUND
from tests.store.made import ADMIN, AUDITOR, CITY, LEADER_TIANSHAN, OIL, RECORDS, Station, checked, station

OWNERS = {"t_station": {"oil"}, "t_reading": {"oil"}}


def _open(open_store):
    opened = open_store(RECORDS, owners=OWNERS)
    opened.on_change.append(partial(warnings.follow, FOUND, opened))
    return opened


@pytest.fixture
def store(open_store):
    """Stations 1 to 5 with 3, 5, 7, 9 and 11 nozzles, capital 50 each; the last two are elsewhere, and serve themselves."""
    opened = _open(open_store)
    rows = [
        station(n, nozzles=2 * n + 1, capital=50, self_service=n > 3, division_code="650109" if n > 3 else "650102")
        for n in range(1, 6)
    ]
    opened.desk(OIL).commit(Arrived("f.xlsx"), [checked(Station, rows)])
    return opened


def propose(code="OIL-01", *, since=None, reason="试行三个月", judges="subject", version="", seen=None, **levels):
    return Proposal("oil", code, levels, since or today(), reason, judges, version, seen)


def set_(store, *given, person=CITY, **more):
    return warnings.set_bounds(store, person, FOUND, propose(*given, **more))


def levels(store, code="OIL-01"):
    """Level by station."""
    rows = shelf.worst_subjects(store.desk(SYSTEM), indicator=code, ranks=range(6))
    return dict(sorted(zip(rows["code"].str[-1], rows["level"], strict=True)))


def opened_warnings(store, code="OIL-01"):
    rows = warnings.listed(store.desk(CITY), warnings.Filter(indicator=code))
    return dict(sorted(zip(rows["code"].str[-1], rows["level"], strict=True)))


def on_the_shelf(store):
    desk = store.desk(SYSTEM)
    rows = shelf.worst_subjects(desk, indicator=None, ranks=range(6), limit=1000)
    places = shelf.place_levels(desk)
    return (
        rows.sort_values(["subject_id", "indicator"], ignore_index=True).drop(columns="since"),
        places.sort_values(list(places.columns), ignore_index=True),
    )


def test_levels_and_warnings_are_right_at_once_and_as_a_rebuild_makes_them(store):
    """> 8, > 6, > 4 make 5 yellow, 7 orange, 9 and 11 red; with > 10, > 8, > 2 it is 3, 5, 7 yellow, 9 orange, 11 red."""
    assert levels(store) == {"1": "normal", "2": "yellow", "3": "orange", "4": "red", "5": "red"}
    done = set_(store, red="> 10", orange="> 8", yellow="> 2")
    assert levels(store) == {"1": "yellow", "2": "yellow", "3": "yellow", "4": "orange", "5": "red"}
    assert done.subjects == 3  # of 3, 7 and 9 nozzles: those that keep their level aren't touched
    assert opened_warnings(store)["1"] == "yellow"
    assert opened_warnings(store)["4"] == "red"  # it falls after a better evaluation on another day
    kept = on_the_shelf(store)
    warnings.update(store, FOUND, rebuild=True)
    for mine, anew in zip(kept, on_the_shelf(store), strict=True):
        assert mine.equals(anew)


def test_a_bound_of_inputs_moves_whom_it_concerns(store):
    """`> 4 & capital < 100` made 5, 7, 9, 11 red; `> 3 & capital < 100 | …` can't reach 3."""
    assert list(levels(store, "OIL-03").values()) == ["normal", "red", "red", "red", "red"]
    assert set_(store, "OIL-03", red="> 8 | > 2 & capital < 100").subjects == 1
    assert levels(store, "OIL-03")["1"] == "red"


def test_the_effect_is_told_before_it_is_saved_and_comes_true(store):
    desk, wanted = store.desk(CITY), propose(red="> 10", orange="> 8", yellow="> 2")
    told = warnings.effect(desk, FOUND, wanted, warnings.read_proposal(desk, FOUND, wanted))
    assert (told.before["red"], told.before["yellow"], told.after["red"], told.after["yellow"]) == (2, 1, 1, 3)
    assert set(told.moves) == {("red", "orange", 1), ("orange", "yellow", 1), ("normal", "yellow", 1)}
    assert (told.worse, told.better, told.total) == (1, 2, 5)
    assert not told.recomputed
    warnings.set_bounds(store, CITY, FOUND, wanted)
    after = list(levels(store).values())
    assert {n: after.count(n) for n in set(after)} == {n: k for n, k in told.after.items() if k}


def test_an_explanation_shows_the_bound_with_who_set_it_and_the_days_before_by_the_older_one(store):
    set_(store, red="> 6", orange="> 5.5")
    row = warnings.listed(store.desk(CITY), warnings.Filter(indicator="OIL-01", level="red")).iloc[0]
    told = warnings.explain(store.desk(CITY), FOUND, "OIL-01", row["subject_id"], today())
    assert isinstance(told.bound, SetBound)
    assert (told.bound, told.bound.declared, told.bound.by, told.bound.reason) == ("> 6", "> 8", "city", "试行三个月")
    assert told.bound.at.date() in (today(), today() - timedelta(days=1))  # UTC
    earlier = told.indicator.in_force(today() - timedelta(days=1))
    assert earlier.levels.red == "> 8"


def test_another_handle_on_the_store_goes_by_the_new_bounds(store, open_store):
    other = _open(open_store)
    before = other.data_version()
    set_(store, red="> 100", orange="> 50", yellow="> 40")
    assert other.data_version() > before  # what caches are keyed by
    other.desk(OIL).commit(Arrived("g.xlsx"), [checked(Station, [station(9, nozzles=30)])])
    assert levels(other)["9"] == "normal"
    assert bounds.in_force(other.desk(OIL), FOUND).domains[0].indicators[0].in_force(today()).levels.red == "> 100"


def test_a_bound_for_later_waits_for_its_day(store):
    tomorrow = today() + timedelta(days=1)
    assert set_(store, since=tomorrow, red="> 6.5").subjects == 0
    assert levels(store)["3"] == "orange"
    warnings.update(store, FOUND, on=tomorrow)
    assert levels(store)["3"] == "red"


def test_places_are_judged_by_the_set_bounds_from_their_day_on(store):
    """天山区: none of three serves itself, 0 %; 米东区: both, 100 %. With red at 0 % excluded, 天山区 is yellow."""
    units = dict(figures.areas(store.desk(CITY), FOUND).set_index("report_unit")["level"])
    assert units == {"650102": "red", "650109": "normal"}
    wanted = propose("OIL-05", judges="area", red="< 0 %")
    desk = store.desk(CITY)
    told = warnings.effect(desk, FOUND, wanted, warnings.read_proposal(desk, FOUND, wanted))
    assert (told.of, told.moves) == ("unit", (("red", "yellow", 1),))
    warnings.set_bounds(store, CITY, FOUND, wanted)
    units = dict(figures.areas(store.desk(CITY), FOUND).set_index("report_unit")["level"])
    assert units == {"650102": "yellow", "650109": "normal"}
    yesterday = today() - timedelta(days=1)
    assert figures.areas(store.desk(CITY), FOUND, on=yesterday)["level"].tolist() == ["red", "normal"]


def test_a_law_is_not_loosened_and_nothing_is_left_behind(store):
    for looser in ("> 6", "> 5.0001", ">= 5.1"):
        with pytest.raises(StoreRefused, match="不能放宽") as refused:
            set_(store, "OIL-02", orange=looser)
        assert refused.value.rule == "bound_looser"
    assert bounds.bound_entries(store.desk(CITY)) == ()
    set_(store, "OIL-02", orange=">= 5")  # on the strict side of the bound itself
    assert levels(store, "OIL-02")["2"] == "orange"


def test_only_the_city_office_sets_bounds(store):
    for person in (OIL, LEADER_TIANSHAN, ADMIN, AUDITOR):
        with pytest.raises(StoreRefused) as refused:
            set_(store, red="> 9", person=person)
        assert refused.value.rule == "not_allowed"
    assert bounds.bound_entries(store.desk(AUDITOR)) == ()


def test_a_reason_is_asked_for_and_who_looked_at_older_bounds_is_told(store):
    with pytest.raises(StoreRefused, match="理由"):
        set_(store, red="> 9", reason="  ")
    set_(store, red="> 9", seen="")
    with pytest.raises(StoreRefused, match="刷新"):
        set_(store, red="> 10", seen="")


def test_the_history_has_every_setting_and_the_way_back_and_the_audit_tells_of_them(store):
    set_(store, red="> 9")
    set_(store, red=None, reason="恢复声明值")
    made = bounds.bound_entries(store.desk(LEADER_TIANSHAN))
    assert [(e.level, e.before, e.bound, e.by, e.reason) for e in made] == [
        ("red", "> 8", "> 9", "city", "试行三个月"), ("red", "> 9", None, "city", "恢复声明值"),
    ]  # fmt: skip
    assert levels(store)["4"] == "red"
    with store.registers() as books:
        lines = [(line["act"], line["object"], line["details"]["reason"]) for line in books.audit_lines(limit=2)]
    assert lines == [("bounds.reset", "OIL-01", "恢复声明值"), ("bounds.set", "OIL-01", "试行三个月")]


def test_whoever_follows_levels_is_told_of_those_that_moved_in_the_same_transaction(store):
    told = []
    store.on_levels.append(
        lambda _connection, desk, domain, subjects, on: told.append((domain.name, len(subjects), on))
    )
    set_(store, red="> 6.5")
    set_(store, "OIL-03", yellow="> 4.5")  # nobody moves
    assert told == [("oil", 1, today())]


def test_an_evaluation_that_fails_leaves_the_bound_unset(store, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no")

    monkeypatch.setattr("pilotwatch.warnings.bounds.evaluated", broken)
    with pytest.raises(RuntimeError):
        set_(store, red="> 6.5")
    assert bounds.bound_entries(store.desk(CITY)) == ()
    assert levels(store)["3"] == "orange"


def test_a_bound_whose_declaration_is_gone_does_no_harm(store):
    set_(store, "OIL-01", red="> 6.5")
    less = Registry((replace(DOMAIN, indicators=DOMAIN.indicators[1:]),), shared=())
    assert bounds.in_force(store.desk(CITY), less).indicators == less.indicators
