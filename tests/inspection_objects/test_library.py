"""The object library in the store: linked, decided on by persons in their scope, and held against REF-16."""

from __future__ import annotations

from datetime import date

import pytest

from domains.refined_oil import DOMAIN as OIL
from pilotwatch.figures import ask, periods
from pilotwatch.inspection import objects
from pilotwatch.places import Places
from pilotwatch.records import SHARED, Inspection, ListedObject, PlannedCheck
from pilotwatch.reform.plans import OVERLAP
from pilotwatch.registry import Registry, for_any_subject
from pilotwatch.store import SYSTEM, Person, StoreRefused
from pilotwatch.store import objects as shelf
from tests.inspection_objects.made import DAY, hand_in, listed

STATION = next(r for r in OIL.records if r.spec.dataset == "oil_station")
PLACES = Places.load()
FOUND = Registry((OIL,), (), tuple(for_any_subject(SHARED, [OIL])))
A, B, C = "91650102MA00000156", "91650105MACEX001XT", "91650106XJDEM0014F"
LEADER = Person("ts", "天山区领导", "district_leader", units=frozenset({"650102"}))
FIRE = Person("fire", "消防经办人", "department_officer", departments=frozenset({"XFJY"}))
CARDS = Person("cards", "预付卡专班", "pilot_team", domains=frozenset({"prepaid_cards"}))
AUDITOR = Person("auditor", "审计员", "auditor")


@pytest.fixture
def store(open_store):
    return open_store(FOUND.records, owners={r.spec.dataset: {OIL.name} for r in OIL.records})


def stations(desk, *rows):
    names = dict(zip((A, B, C), rows, strict=False))
    hand_in(desk, [
        {"uscc": code, "name": name, "address": f"乌鲁木齐市{'天山区胜利路' if code == A else '新市区苏州路'}街道{n}号",
         "division_code": "650102" if code == A else "650104", "report_unit": "650102" if code == A else "650104"}
        for n, (code, name) in enumerate(names.items(), 11)
    ], record=STATION)  # fmt: skip


def object_row(dept, number, name, **values):
    return listed(dept, number, name, **{"report_unit": "650102", "division_code": "650102", **values})


def search(store):
    return objects.update(store, FOUND, PLACES, on=DAY)


LISTED = FOUND.dataset("listed_object")


def test_one_code_in_two_lists_is_one_object_that_two_departments_supervise(store):
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站", "晨曦加油站")
    hand_in(
        desk, [object_row("XFJY", 1, "别的写法", uscc=A), object_row("YJJ", 1, "苒谷川油站", uscc=A)], record=LISTED
    )
    told = search(store)
    assert (told["entries"], told["coded"], told["overlaps"]) == (4, 4, 1)
    (one,) = shelf.overlaps(desk).to_dict("records")
    assert (one["code"], one["name"], one["departments"], one["task"], one["counted"]) == (
        A,
        "苒谷川加油站",
        3,
        False,
        False,
    )
    assert one["lists"] == ("SWJ", "XFJY", "YJJ") and one["plans"] == ()


def test_a_row_without_a_code_that_persons_confirm_moves_and_refused_moves_back(store):
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站")
    hand_in(desk, [object_row("XFJY", 1, "苒谷川加油（气）站", address="胜利路11号")], record=LISTED)
    search(store)
    (link,) = _every(desk).to_dict("records")
    if link["zone"] == "auto":  # so few pairs teach little; either zone is told to a person
        shelf.decide(desk, link["subject_id"], link["id"], "refuse", "先退回")
    else:
        assert shelf.overlaps(desk).empty
    shelf.decide(desk, link["subject_id"], link["id"], "confirm", "电话核实，同一经营者")
    assert [m["how"] for m in shelf.members(desk, [link["subject_id"]]).to_dict("records") if m["dept"] == "XFJY"] == [
        "link"
    ]
    assert objects.refresh(store, FOUND, on=DAY) == 1
    assert shelf.principals(desk)["subject_id"].tolist() == [link["subject_id"]]
    search(store)  # a new search leaves the verdict
    assert shelf.links(desk, "confirmed")["id"].tolist() == [link["id"]] and len(shelf.overlaps(desk)) == 1
    shelf.decide(desk, link["subject_id"], link["id"], "refuse", "查实为两户", seen="confirmed")
    assert objects.refresh(store, FOUND, on=DAY) == 0 and shelf.principals(desk).empty
    search(store)
    assert shelf.links(desk, "refused")["id"].tolist() == [link["id"]] and shelf.overlaps(desk).empty
    acts = shelf.history(desk, link["subject_id"], link["id"])["act"].tolist()
    assert acts[-2:] == ["confirm", "refuse"]
    with store.registers(write=False) as books:
        assert {line["act"] for line in books.audit_lines()} >= {"objects.confirm", "objects.refuse", "objects.search"}


def _every(desk):
    found = shelf.links(desk, "auto")
    return found if len(found) else shelf.links(desk)


def made(store):
    """Two stations, and a fire department's row that may be the first."""
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站", "晨曦加油站")
    hand_in(desk, [object_row("XFJY", 1, "苒谷加油站", address="胜利路11号")], record=LISTED)
    search(store)
    return _every(desk).to_dict("records")[0]


@pytest.mark.parametrize(
    ("person", "rule"),
    [(LEADER, None), (FIRE, None), (AUDITOR, "not_allowed"), (CARDS, "no_link"),
     (Person("md", "米东区领导", "district_leader", units=frozenset({"650109"})), "no_link"),
     (Person("tax", "税务经办人", "department_officer", departments=frozenset({"SWJU"})), "other_department")],
)  # fmt: skip
def test_who_may_decide(store, person, rule):
    link = made(store)
    desk = store.desk(person)
    if rule is None:
        assert (
            shelf.decide(desk, link["subject_id"], link["id"], "refuse", "不是同一户")["decided_by"] == person.username
        )
        return
    with pytest.raises(StoreRefused) as no:
        shelf.decide(desk, link["subject_id"], link["id"], "refuse", "不是同一户")
    assert no.value.rule == rule


def test_a_verdict_needs_a_reason_and_is_not_given_twice_or_over_somebody_elses(store):
    link = made(store)
    desk = store.desk(SYSTEM)
    for act, reason, seen, rule in (
        ("refuse", " ", None, "reason"),
        ("refuse", "两户", "confirmed", "changed"),
        ("reopen", "误点", None, "said"),
    ):
        with pytest.raises(StoreRefused) as no:
            shelf.decide(desk, link["subject_id"], link["id"], act, reason, seen=seen)
        assert no.value.rule == rule
    with pytest.raises(ValueError, match="act"):
        shelf.decide(desk, link["subject_id"], link["id"], "merge", "两户")


def test_a_row_is_one_object(store):
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站", "苒谷山加油站", "苒谷川加油站")
    hand_in(desk, [object_row("XFJY", 1, "苒谷川加油站")], record=LISTED)
    search(store)
    rows = shelf.links(desk).to_dict("records")
    assert len(rows) >= 2  # the same name twice: a person has to say which
    shelf.decide(desk, rows[0]["subject_id"], rows[0]["id"], "confirm", "核实")
    with pytest.raises(StoreRefused) as no:
        shelf.decide(desk, rows[1]["subject_id"], rows[1]["id"], "confirm", "核实")
    assert no.value.rule == "taken"


def test_a_scope_sees_its_own_units_and_domains(store):
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站", "晨曦加油站")
    hand_in(desk, [object_row("XFJY", 1, "甲", uscc=A), object_row("XFJY", 2, "乙", uscc=B)], record=LISTED)
    search(store)
    assert shelf.overlaps(desk)["code"].tolist() == [B, A]
    assert shelf.overlaps(store.desk(LEADER))["code"].tolist() == [A]
    assert shelf.overlaps(store.desk(CARDS)).empty
    assert shelf.overlap_counts(desk)["objects"].sum() == 2
    with pytest.raises(StoreRefused):
        shelf.overlaps(store.desk(AUDITOR))


def plan(number, dept, code, task=None, until=DAY):
    return {
        "plan_no": f"JH{number}", "dept": dept, "uscc": code, "trigger": "双随机", "window_from": date(2026, 10, 1), "window_until": until, "task_no": task,
    }  # fmt: skip


def test_what_overlaps_by_plans_is_what_ref_16_counts(store):
    desk = store.desk(SYSTEM)
    stations(desk, "苒谷川加油站", "晨曦加油站", "松涛加油站")
    hand_in(desk, [
        plan(1, "SWJ", A, "RW1"), plan(2, "XFJY", A, "RW1"), plan(3, "SWJ", B), plan(4, "YJJ", B), plan(5, "SWJ", C),
        plan(6, "SCJG", C, until=date(2025, 11, 23)),
    ], record=FOUND.dataset("planned_check"))  # fmt: skip
    search(store)
    rows = shelf.overlaps(desk).set_index("code")
    assert rows.loc[A, "task"] and rows.loc[A, "task_no"] == "RW1" and not rows.loc[B, "task"]
    assert rows["counted"].all() and list(rows.index) == [B, A]  # those without a task first
    frames = {r.spec.dataset: desk.frame(r.spec.dataset) for r in (PlannedCheck, Inspection)}
    sums = periods.evaluate([OVERLAP], frames, DAY)[["numerator", "denominator"]].sum()
    counts = shelf.overlap_counts(desk)
    assert (counts["counted_with_task"].sum(), counts["counted"].sum()) == (1, 2)
    assert sums["numerator"] / sums["denominator"] == 0.5 and ask is not None


def test_a_search_of_empty_lists_is_no_error(store):
    assert search(store)["entries"] == 0
    assert shelf.runs(store.desk(SYSTEM))[0].measured is None


def test_the_record_says_who_keeps_the_list():
    assert ListedObject.key() == ("dept", "object_no")
