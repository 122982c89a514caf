"""Entries make spans of rule versions; what can't stand is passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pilotwatch import reform
from pilotwatch.bounds import BoundEntry, SetBound, applied, slots
from pilotwatch.bounds.apply import with_entries
from pilotwatch.domain import Bound, Levels
from pilotwatch.levels import basis_of
from tests.bounds.made import BY_DATE, DOMAIN, OF_PLACES, PLAIN

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def entry(level, bound, since=JUNE, code="OIL-01", **more):
    return BoundEntry("oil", code, level, bound, "", since, **more)


def on(day, *entries, code="OIL-01", area=False):
    """The bounds in force on a day: red, orange, yellow."""
    indicator = next(i for i in applied(DOMAIN, entries).indicators if i.code == code)
    version = (indicator.area if area else indicator).in_force(day)
    return version and tuple(b for b in (version.levels.red, version.levels.orange, version.levels.yellow) if b)


def test_without_entries_it_is_the_domain_itself():
    assert applied(DOMAIN, ()) is DOMAIN
    assert applied(DOMAIN, [replace(entry("red", "> 9"), domain="other")]) is DOMAIN


def test_an_entry_counts_from_its_day_on_and_not_before():
    later = entry("red", "> 12")
    assert on(date(2026, 5, 31), later) == ("> 8", "> 6", "> 4")
    assert on(JUNE, later) == on(date(2030, 1, 1), later) == ("> 12", "> 6", "> 4")


def test_of_several_the_last_made_counts_on_every_day_it_covers():
    """Made in this order: > 12 from June, > 14 from July; then > 10 from June, which takes July too."""
    first, scheduled = entry("red", "> 12"), entry("red", "> 14", JULY)
    assert on(JULY, first, scheduled)[0] == "> 14"
    assert on(JULY, first, scheduled, entry("red", "> 10"))[0] == "> 10"
    assert on(JULY, first, scheduled, entry("red", None))[0] == "> 8"


def test_a_set_bound_knows_who_set_it_and_what_was_declared():
    made = entry("red", "> 12", by="city", reason="试行")
    bound = applied(DOMAIN, [made]).indicators[0].in_force(JUNE).levels.red
    assert isinstance(bound, SetBound)
    assert (bound, bound.declared, bound.by, bound.reason, bound.since) == ("> 12", "> 8", "city", "试行", JUNE)
    assert basis_of(bound) == "PRAC"


def test_an_entry_is_of_one_rule_version_and_of_one_kind_of_bounds():
    old, new = entry("red", "> 15", MAY, "OIL-04"), entry("red", "> 9", MAY, "OIL-04", version="2026-05-01")
    assert on(date(2026, 4, 30), old, new, code="OIL-04") == ("> 20",)  # it would begin when the version has ended
    assert on(MAY, old, new, code="OIL-04") == ("> 9",)
    early = entry("red", "> 9", date(2026, 1, 1), "OIL-04", version="2026-05-01")
    assert on(MAY, early, code="OIL-04") == ("> 9",)  # not before its version
    assert BY_DATE.in_force(MAY).name == "new"
    place = entry("red", "< 60 %", code="OIL-05", judges="area")
    assert on(JUNE, place, code="OIL-05", area=True) == ("< 60 %", "< 80 %")
    assert on(MAY, place, code="OIL-05", area=True) == ("< 50 %", "< 80 %")
    assert OF_PLACES.area.in_force(JUNE).levels.red == "< 50 %"


@pytest.mark.parametrize(
    "passed_over",
    [
        entry("orange", "> 6", code="OIL-02"),  # looser than the law
        entry("red", "n > 3"),  # an input that there isn't
        entry("red", "oops"),
        entry("blue", "> 1"),  # a colour that isn't declared
        entry("yellow", "> 7"),  # crosses orange
        entry("red", "> 1", code="OIL-09"),  # an indicator that is gone
    ],
    ids=lambda e: e.bound,
)
def test_what_can_no_longer_stand_is_passed_over(passed_over):
    for indicator, declared in zip(applied(DOMAIN, [passed_over]).indicators, DOMAIN.indicators, strict=True):
        now, then = indicator.in_force(JUNE), declared.in_force(JUNE)
        assert (now and now.levels) == (then and then.levels)


def test_a_bound_that_became_law_keeps_only_what_is_stricter():
    stricter, looser = entry("red", "> 7"), entry("red", "> 9")
    law = replace(PLAIN, levels=Levels(red=Bound("> 8", "LAW"), yellow="> 4"))
    domain = replace(DOMAIN, indicators=(law,))
    assert applied(domain, [looser]).indicators[0].in_force(JUNE).levels.red == "> 8"
    assert applied(domain, [stricter]).indicators[0].in_force(JUNE).levels.red == "> 7"


def test_applying_twice_is_applying_once():
    made = [entry("red", "> 12"), entry("orange", "> 4", code="OIL-02"), entry("red", "> 9", date(2026, 1, 1), "OIL-04", version="2026-05-01")]  # fmt: skip
    once = applied(DOMAIN, made)
    twice = applied(once, made)
    for one, two in zip(once.indicators, twice.indicators, strict=True):
        assert one == two
    assert twice.indicators[3].in_force(JUNE).levels.red.declared == "> 10"


def test_a_measure_of_periods_has_its_bounds_set_alike():
    """REF-06 warns below 80, 90 and 95 % in time: practice, and compared with what it adds up."""
    measure = next(m for m in reform.MEASURES if m.code == "REF-06")
    (slot,) = slots(measure)
    assert slot.judges == "period"
    assert {"value", measure.numerator.name, measure.denominator.name} <= slot.names
    set_ = with_entries(measure, [replace(entry("red", "< 70 %", code="REF-06", judges="period"), domain=reform.NAME)])
    assert [set_.in_force(day).levels.red for day in (MAY, JUNE)] == ["< 80 %", "< 70 %"]
