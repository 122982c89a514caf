"""An indicator may hold subjects against a register: a list read whole, in any scope, a change of which concerns all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from pilotwatch import contract, figures, warnings
from pilotwatch.domain import Basis, Domain, Indicator, Levels, Record, Spec, Uscc, column
from pilotwatch.frames import register, subjects
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Arrived, shelf
from pilotwatch.workdays import today
from tests.store.made import LEADER_TIANSHAN, OIL, Station, checked, station


class Filed(Record):
    """A company that is filed, which a station may be or not."""

    spec = Spec("t_filed", zh="备案名单", en="Filed", subject="uscc", public=True)
    uscc: Uscc = column("代码", "Code", key=True)


def _unfiled(frames, on):
    """1 for a station whose name isn't the code of a filed company, else 0."""
    named = subjects(frames, Station, "name")["name"]
    return (~named.isin(register(frames, Filed, "uscc")["uscc"])).astype("float64")


UNFILED = Indicator(
    "OIL-01", "未备案", "Not filed", per=Station, needs=(Station,), registers=(Filed,), compute=_unfiled,
    levels=Levels(red=">= 1"), basis=Basis("PRAC", "test"), owner="SWJ",
)  # fmt: skip
DOMAIN = Domain("oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Filed), indicators=(UNFILED,))
FOUND = Registry((DOMAIN,), shared=())


@pytest.fixture
def store(open_store):
    opened = open_store((Station, Filed), owners={"t_station": {"oil"}, "t_filed": {"oil"}})
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    return opened


def commit(store, record, *rows):
    return store.desk(OIL).commit(Arrived("f.xlsx"), [checked(record, rows)])


def red(store):
    """The names of the stations that are red."""
    return sorted(shelf.worst_subjects(store.desk(SYSTEM), indicator="OIL-01", ranks=(0,), limit=100)["name"])


def test_a_subject_is_held_against_rows_about_others(store):
    commit(store, Filed, {"uscc": "A"}, {"uscc": "B"})
    commit(store, Station, station(1, "A"), station(2, "C"))
    assert red(store) == ["C"]


def test_a_change_of_the_register_concerns_every_subject(store):
    commit(store, Station, station(1, "A"), station(2, "C"))
    assert red(store) == ["A", "C"]
    listed = commit(store, Filed, {"uscc": "A"}, {"uscc": "C"})
    assert red(store) == []
    store.desk(OIL).withdraw(listed.id, "错报")
    assert red(store) == ["A", "C"]


def test_a_register_is_read_whole_by_who_sees_one_district_and_other_lists_are_not(store):
    commit(store, Filed, {"uscc": "A", "division_code": "650109"})
    commit(store, Station, station(1, "A"), station(2, "B", division_code="650109"))
    desk = store.desk(replace(LEADER_TIANSHAN, domains=frozenset({"oil"})))
    assert desk.frame("t_filed").empty
    assert desk.register("t_filed", ["uscc"])["uscc"].tolist() == ["A"]
    assert desk.register("t_station", ["name"])["name"].tolist() == ["A"]
    subject = desk.frame("t_station", ["subject_id"])["subject_id"].iloc[0]
    assert warnings.explain(desk, FOUND, "OIL-01", subject, today()).level == "normal"


def test_only_a_public_list_can_be_a_register():
    inward = replace(UNFILED, registers=(Station,))
    (fault,) = contract.faults(replace(DOMAIN, indicators=(inward,)))
    assert fault.where == "OIL-01"
    assert "public=True" in fault.message.en
