"""What a person types is read, held against law and order, and every no says why."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch.bounds import BoundEntry, Proposal, normal, read
from pilotwatch.store import StoreRefused
from tests.bounds.made import DOMAIN

TODAY = date(2026, 6, 1)


def propose(code, since=TODAY, entries=(), judges="subject", version="", seen=None, **bounds):
    return read(DOMAIN, entries, Proposal("oil", code, bounds, since, "试行", judges, version, seen), TODAY)


def rules(*given, **more):
    return [f.rule for f in propose(*given, **more).findings]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("＞3％ 或 n30≥5", "> 3 % | n30 >= 5"), ("≤ 2 且 g＜1", "<= 2 & g < 1"), ("  > 3 ", "> 3"), ("a>1并且(b>2)", "a > 1 & (b > 2)")],
)  # fmt: skip
def test_people_may_type_as_they_write(typed, written):
    assert normal(typed) == written


@pytest.mark.parametrize(
    ("code", "bounds", "found"),
    [
        ("OIL-02", {"orange": "> 6"}, ["looser"]), ("OIL-02", {"orange": ">= 5"}, []), ("OIL-02", {"orange": "> 4"}, []),
        ("OIL-02", {"red": "> 30"}, []),  # practice may be loosened beside the law
        ("OIL-03", {"red": "> 9 | > 4 & capital < 100"}, ["looser"]), ("OIL-03", {"red": "> 8"}, ["looser"]),
        ("OIL-03", {"red": "> 8 | > 4 & capital < 200"}, []), ("OIL-03", {"red": "> 4 & capital < 100 | > 8"}, []),
        ("OIL-04", {"red": "> 10.5"}, ["looser"]), ("OIL-04", {"red": "> 9"}, []),
        ("OIL-01", {"red": "> 100"}, []), ("OIL-01", {"red": "about 9"}, ["unreadable"]), ("OIL-01", {"red": ""}, ["unreadable"]),
        ("OIL-01", {"red": "capital > 3"}, ["names"]), ("OIL-01", {"red": "< 9"}, ["turned"]),
        ("OIL-01", {"blue": "> 1"}, ["no_level"]), ("OIL-01", {"red": "> 8"}, ["nothing"]), ("OIL-01", {"red": ">8.0"}, ["nothing"]),
        ("OIL-01", {"red": "> 8 | " * 50 + "> 8"}, ["long"]),
        ("OIL-01", {"yellow": "> 6"}, ["order"]), ("OIL-01", {"yellow": "> 6", "orange": "> 7"}, []),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_bound_is_found(code, bounds, found):
    version = "2026-05-01" if code == "OIL-04" else ""
    reading = propose(code, version=version, **bounds)
    assert [f.rule for f in reading.errors] == found
    assert all(f.message.zh and f.message.en for f in reading.findings)
    assert (reading.then is None) == bool(set(found) - {"nothing"})


def test_a_share_is_written_in_percent():
    assert rules("OIL-05", judges="area", red="< 60") == ["percent"]
    assert rules("OIL-05", judges="area", red="< 60 %") == []
    assert rules("OIL-05", judges="area", red="n > 3") == ["names"]


def test_a_colour_that_is_never_reached_or_jumped_over_is_a_hint():
    """Yellow `> 8` lies within red `> 8 | …`: whatever is yellow is red already."""
    reading = propose("OIL-03", yellow="> 8 & capital >= 0")
    assert [(f.rule, f.kind, f.level) for f in reading.findings] == [("unreached", "hint", "yellow")]
    assert reading.then is not None
    assert [f.rule for f in propose("OIL-03", yellow="> 6").findings] == ["outside"]


def test_the_past_is_not_changed_and_a_rule_that_ended_neither():
    assert rules("OIL-01", since=date(2026, 5, 31), red="> 9") == ["past"]
    assert rules("OIL-04", red="> 19") == ["ended"]


def test_whoever_looked_at_older_bounds_is_told():
    there = BoundEntry("oil", "OIL-01", "red", "> 9", "> 8", TODAY, id="x", by="li")
    assert rules("OIL-01", entries=[there], seen="", red="> 10") == ["stale"]
    assert rules("OIL-01", entries=[there], seen="x", red="> 10") == []


def test_what_is_set_for_later_has_to_fit_too():
    """Yellow goes to > 5.5 in July; orange at > 5 from now on would cross it then."""
    july = BoundEntry("oil", "OIL-01", "yellow", "> 5.5", "> 4", date(2026, 7, 1))
    assert rules("OIL-01", entries=[july], orange="> 5") == ["order"]
    assert rules("OIL-01", entries=[july], orange="> 5.8") == []


def test_entries_say_what_they_took_the_place_of_and_only_what_changes():
    there = BoundEntry("oil", "OIL-01", "red", "> 9", "> 8", TODAY)
    reading = propose("OIL-01", entries=[there], red="> 9", orange="＞7", yellow=None)
    assert [(e.level, e.before, e.bound) for e in reading.entries] == [("orange", "> 6", "> 7")]
    back = propose("OIL-01", entries=[there], red=None)
    assert [(e.level, e.before, e.bound) for e in back.entries] == [("red", "> 9", None)]
    typed_back = propose("OIL-01", entries=[there], red="> 8")  # the declared value, typed, is a way back
    assert typed_back.entries == back.entries


def test_an_indicator_or_a_version_that_there_isnt_is_named():
    for wrong, rule in (("OIL-77", "no_indicator"), ("OIL-05", "no_version")):
        with pytest.raises(StoreRefused) as refused:
            propose(wrong, red="> 1")
        assert refused.value.rule == rule
