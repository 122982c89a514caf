"""Re-grading is an act in a person's name: signed, with a reason, in scope, and kept as it was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pilotwatch import risk
from pilotwatch.settings import Settings
from pilotwatch.store import Person, StoreRefused, grades
from tests.risk.made import FOUND, commit, opened, penalty
from tests.risk.test_keep import Penalty
from tests.store.made import CITY, LEADER_TIANSHAN, Station, station

OFFICER = Person("officer", "市商务局经办人", "department_officer")
WHY = "11月20日联合检查已整改完毕"


@pytest.fixture
def store(open_store):
    made = opened(open_store)
    commit(made, Station, station(1, nozzles=9, capital=50), station(2, division_code="650109"))
    return made


@pytest.fixture
def sign(tmp_path: Path):
    return risk.signer(Settings(var=tmp_path))


def subject(store, n: int = 1) -> str:
    listed = store.desk(CITY).subjects(["subject_id", "code"]).set_index("code")
    return str(listed["subject_id"][f"U{n:017d}"])


def seen(store, sign, n: int = 1, person: Person = CITY):
    return risk.risk_of(store.desk(person), FOUND, subject(store, n), sign)


def test_a_person_gives_another_class_and_the_card_keeps_what_it_says(store, sign):
    risk.regrade(store.desk(OFFICER), subject(store), "oil", "A", f"  {WHY} ", sign)
    found = seen(store, sign)[0]
    assert (found.risk_class, found.computed_class, found.score) == ("A", "C", 35)
    grading = found.gradings[0]
    assert (grading.by, grading.from_class, grading.to_class, grading.reason) == ("officer", "C", "A", WHY)
    assert grading.intact
    assert risk.cells(store.desk(CITY)).set_index("risk_class")["subjects"].to_dict() == {"A": 2}
    with store.registers(write=False) as books:
        line = books.audit_lines(act="risk.grade")[0]
    assert (line["username"], line["details"]["to_class"], line["details"]["signature"]) == (
        "officer",
        "A",
        grading.signature,
    )


def test_it_stands_through_uploads_and_updates_until_it_is_taken_back(store, sign):
    desk = store.desk(CITY)
    risk.regrade(desk, subject(store), "oil", "D", WHY, sign)
    commit(store, Penalty, penalty(1, 1))
    risk.update(store, FOUND, rebuild=True)
    assert seen(store, sign)[0].risk_class == "D"
    risk.regrade(desk, subject(store), "oil", "", "复核后恢复", sign)
    found = seen(store, sign)[0]
    assert (found.risk_class, len(found.gradings), [g.intact for g in found.gradings]) == ("C", 2, [True, True])


@pytest.mark.parametrize(
    ("person", "to", "reason", "rule"),
    [
        (LEADER_TIANSHAN, "A", WHY, "not_allowed"),
        (CITY, "E", WHY, "class"),
        (CITY, "A", " 无 ", "reason"),
        (CITY, "C", WHY, "same_class"),
        (Person("o", "米东经办", "department_officer", frozenset({"650109"})), "A", WHY, "no_card"),
        (Person("o", "别的领域", "department_officer", None, frozenset({"cards"})), "A", WHY, "no_card"),
    ],
)
def test_it_is_refused_with_a_reason(store, sign, person, to, reason, rule):
    with pytest.raises(StoreRefused) as refused:
        got = risk.regrade(store.desk(person), subject(store), "oil", to, reason, sign)
        if rule == "same_class":  # signing for what the card says is an act of its own; doing it twice is none
            assert got["to_class"] == "C"
            risk.regrade(store.desk(person), subject(store), "oil", to, reason, sign)
    assert refused.value.rule == rule


def test_an_event_that_was_changed_or_taken_out_shows(store, sign, store_url):
    desk = store.desk(CITY)
    for to in ("A", "B", "D"):
        risk.regrade(desk, subject(store), "oil", to, f"{WHY}{to}", sign)
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE risk_grade SET reason = '别的理由' WHERE to_class = 'B'"))
    assert [g.intact for g in seen(store, sign)[0].gradings] == [True, False, True]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM risk_grade WHERE to_class = 'B'"))
    engine.dispose()
    assert [g.intact for g in seen(store, sign)[0].gradings] == [True, False]


def test_another_installations_key_signs_otherwise(store, sign, tmp_path):
    event = risk.regrade(store.desk(CITY), subject(store), "oil", "A", WHY, sign)
    other = risk.signer(Settings(var=tmp_path / "other"))
    assert risk.intact([event], sign) == [True]
    assert risk.intact([event], other) == [False]
    assert risk.intact([{**event, "at": event["at"] + timedelta(seconds=1)}], sign) == [False]
    assert (tmp_path / "grades.key").stat().st_mode & 0o777 == 0o600


def test_a_card_tells_each_part_in_words_and_how_often_it_may_be_visited(store, sign):
    found = seen(store, sign)[0]
    told = {line.part.name: line.why.zh for line in found.lines}
    assert told["breach"] == "有指标突破法律、法规规定的界限"
    assert told["overdue"] == "应每 100 天检查一次，没有检查记录"
    assert found.frequency.ratio == 1  # a site that has to be visited is a key site
    assert (found.composite, found.composite_level) == (40, "normal")
    assert found.as_json()["parts"][1]["points"] == 25


def test_who_does_not_see_the_subject_sees_no_card_and_no_history(store, sign):
    assert seen(store, sign, 2, LEADER_TIANSHAN) == []
    with pytest.raises(StoreRefused):
        grades.history(store.desk(LEADER_TIANSHAN), subject(store, 2), "oil")
