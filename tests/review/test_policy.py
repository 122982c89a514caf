"""The ledger of the policy: what entries come to, year by year, and who may make them."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch.review import policy
from pilotwatch.review.pilots import ReviewRefused
from pilotwatch.settings import ROOT
from pilotwatch.store import SYSTEM, Person, StoreRefused
from pilotwatch.store.policy import PolicySaid, policy_entries
from tests.store.made import OWNERS, Station

DATA = ROOT / "data"
LEADER = Person("l", "天山区领导", "district_leader", units=frozenset({"650102"}))
UNITS = ("650102", "650103")


@pytest.fixture
def store(open_store):
    return open_store((Station,), owners=OWNERS)


def task(number):
    return next(t for t in policy.tasks(DATA) if t.number == number)


def said(kind, day, withdrawn=None):
    return PolicySaid("2", "650102", kind, day, "x", withdrawn=withdrawn)


def test_the_document_has_sixteen_tasks_and_four_safeguards():
    found = policy.tasks(DATA)
    assert [t.number for t in found] == [*(str(n) for n in range(1, 17)), "S1", "S2", "S3", "S4"]
    late = {t.number for t in found if t.deadline == date(2024, 6, 30)}
    assert late == {"4", "15"}
    assert all(t.deadline == date(2023, 12, 31) for t in found[:16] if t.number not in late)
    assert task("2").leads == ("SCJG",) and "成熟一批、发布一批、实施一批" in task("2").text
    assert task("S4").deadline is None and "综合查一次" in task("S4").text


@pytest.mark.parametrize(
    ("entries", "on", "state", "owes"),
    [
        ([], date(2023, 12, 31), "idle", None),  # the deadline itself is still in time
        ([], date(2024, 1, 1), "lagging", None),
        ([said("note", date(2023, 11, 20))], date(2023, 12, 1), "moving", None),
        ([said("note", date(2023, 11, 20))], date(2024, 1, 1), "lagging", None),  # progress is no proof
        ([said("evidence", date(2023, 12, 1))], date(2023, 12, 31), "effective", None),
        ([said("evidence", date(2023, 12, 1))], date(2024, 1, 1), "kept", 2024),
        ([said("evidence", date(2023, 12, 1))], date(2024, 12, 31), "kept", 2024),
        ([said("evidence", date(2023, 12, 1))], date(2025, 1, 1), "lagging", 2024),  # the proof of 2024 never came
        ([said("evidence", date(2023, 12, 1)), said("evidence", date(2025, 2, 1))], date(2025, 3, 1), "kept", None),
        ([said("evidence", date(2025, 2, 1), withdrawn="误报")], date(2025, 3, 1), "lagging", None),
        ([said("evidence", date(2025, 4, 1))], date(2025, 3, 1), "lagging", None),  # as it was known on a day before
    ],
)
def test_what_entries_come_to(entries, on, state, owes):
    found = policy.standing(task("2"), entries, on)
    assert (found.state, found.owes) == (state, owes)


def test_a_safeguard_stands_without_a_deadline():
    assert policy.standing(task("S1"), [], date(2026, 1, 1)).state == "idle"
    assert policy.standing(task("S1"), [said("note", date(2025, 1, 1))], date(2026, 1, 1)).state == "moving"


def test_a_unit_tells_of_its_own_tasks_alone(store):
    on = date(2026, 11, 24)
    mine = store.desk(LEADER)
    policy.tell(mine, DATA, "2", "650102", "evidence", date(2026, 3, 1), "清单第三批已公布", on, "乌天政办〔2026〕3号")
    with pytest.raises(StoreRefused) as refused:
        policy.tell(mine, DATA, "2", "650103", "note", date(2026, 3, 1), "代填进展情况", on)
    assert refused.value.rule == "other_unit"
    with pytest.raises(StoreRefused):
        policy.tell(store.desk(Person("t", "专班", "pilot_team")), DATA, "2", "650102", "note", on, "进展情况", on)
    policy.tell(store.desk(SYSTEM), DATA, "2", "650103", "note", on, "市级代填进展", on)
    assert [e.report_unit for e in policy_entries(mine)] == ["650102"]
    whole = policy.ledger(store.desk(SYSTEM), DATA, UNITS, on)
    assert (whole["2", "650102"].state, whole["2", "650103"].state) == ("kept", "lagging")
    assert {u for _, u in policy.ledger(mine, DATA, UNITS, on)} == {"650102"}


def test_an_entry_is_taken_back_and_stays_to_be_seen(store):
    on, desk = date(2026, 11, 24), store.desk(LEADER)
    policy.tell(desk, DATA, "9", "650102", "evidence", on, "三项制度检查全覆盖", on, "检查通报")
    (entry,) = policy_entries(desk)
    with pytest.raises(ReviewRefused):
        policy.take_back(desk, entry, " ", on)
    policy.take_back(desk, entry, "材料有误，重新上报", on)
    (entry,) = policy_entries(desk)
    assert entry.withdrawn == "材料有误，重新上报"
    assert policy.ledger(desk, DATA, UNITS, on)["9", "650102"].state == "lagging"


@pytest.mark.parametrize(
    ("number", "kind", "day", "text", "document", "rule"),
    [
        ("17", "note", date(2026, 1, 1), "做了工作", "", "task"), ("2", "else", date(2026, 1, 1), "做了工作", "", "kind"),
        ("2", "note", date(2026, 1, 1), "做", "", "text"), ("2", "evidence", date(2026, 1, 1), "做了工作", " ", "document"),
        ("2", "note", date(2026, 12, 1), "做了工作", "", "day"),
    ],
)  # fmt: skip
def test_what_cant_stand_is_refused_in_a_sentence(store, number, kind, day, text, document, rule):
    with pytest.raises(ReviewRefused) as refused:
        policy.tell(store.desk(SYSTEM), DATA, number, "650102", kind, day, text, date(2026, 11, 24), document)
    assert refused.value.rule == rule and refused.value.message.zh.endswith("。")
