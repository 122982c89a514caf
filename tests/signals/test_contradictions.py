"""Statements that differ are one open item of both departments; it moves with them and closes by itself when they agree."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from pilotwatch import figures, signals
from pilotwatch.signals import contradictions as conflicts
from pilotwatch.signals import counts
from pilotwatch.signals.contradictions import Filter
from pilotwatch.signals.sources import sources, span_of
from pilotwatch.store import Person, StoreRefused
from pilotwatch.workdays import today
from tests.signals.made import FOUND, NOZZLES, OWNERS, RECORDS, SHEETS, Stated, commit, stated
from tests.store.made import CARDS, CITY, LEADER_TIANSHAN, OIL, Station, station

DAY = date(2026, 6, 1)


@pytest.fixture
def store(open_store, monkeypatch):
    monkeypatch.setattr(counts, "SHARED", (SHEETS,))
    opened = open_store(RECORDS, owners=OWNERS)
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    opened.on_change.append(partial(signals.follow, FOUND, opened))
    return opened


def _open(store, person=CITY, **wanted):
    rows = conflicts.listed(store.desk(person), Filter(**wanted))
    return [(r.code_of_subject[-1], r.stated, r.gap) for r in rows.itertuples()]


def _one(store, **wanted):
    return conflicts.listed(store.desk(CITY), Filter(**wanted)).iloc[0]


def _acts(store, row):
    return conflicts.history(store.desk(CITY), row["subject_id"], row["id"])["act"].tolist()


def test_it_opens_beyond_the_tolerance_only_and_names_both_departments(store):
    """One apart is borne: 5 against 4 agree, 8 against 4 don't; of station 3 one side is silent."""
    commit(store, Station, [station(1, nozzles=5), station(2, nozzles=8), station(3, nozzles=9)])
    assert _open(store) == []
    commit(store, Stated, [stated(1, 4, DAY), stated(2, 4, DAY)])
    assert _open(store) == [("2", {"listed": 8.0, "stated": 4.0}, 4.0)]
    row = _one(store)
    assert row["owners"] == ["SWJ", "SWJU"] and row["number"] == f"KJ-OIL-{today():%Y%m%d}-00001"
    assert (row["report_unit"], row["period"]) == ("650102", f"{today():%Y-%m}")


def test_a_new_statement_moves_the_open_item_and_makes_no_second_one(store):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    first = _one(store)
    commit(store, Stated, [stated(1, 5, DAY + timedelta(1))])
    assert _open(store) == [("1", {"listed": 8.0, "stated": 5.0}, 3.0)]
    assert _one(store)["id"] == first["id"] and _acts(store, first) == ["open", "change"]


def test_it_closes_by_itself_when_they_agree_and_differing_again_is_a_new_item(store):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    row = _one(store)
    agreed = commit(store, Stated, [stated(1, 7, DAY + timedelta(1))])
    assert _open(store) == [] and _acts(store, row) == ["open", "close"]
    assert _one(store, closed=True)["closed_on"].date() == today()
    store.desk(OIL).withdraw(agreed.id, "错报")  # so that 4 counts again
    assert _open(store) == [("1", {"listed": 8.0, "stated": 4.0}, 4.0)]
    assert _one(store)["id"] != row["id"]


def test_while_one_side_is_silent_nothing_is_settled(store):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    commit(store, Stated, [stated(1, None, DAY + timedelta(1))])
    assert _open(store) == [("1", {"listed": 8.0, "stated": 4.0}, 4.0)]


def test_the_daily_update_gives_what_following_gave(store):
    commit(store, Station, [station(1, nozzles=8), station(2, nozzles=1), station(3, nozzles=9)])
    commit(store, Stated, [stated(1, 4, DAY), stated(2, 9, DAY), stated(3, 9, DAY)])
    followed = _open(store)
    done = signals.update(store, FOUND)
    assert done["domains"]["oil"]["contradictions"] == len(followed) == 2
    assert _open(store) == followed
    assert _acts(store, _one(store)) == ["open"]


def test_either_department_takes_note_or_explains_and_that_closes_nothing(store):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    row, desk = _one(store), store.desk(CITY)
    conflicts.say(desk, row["subject_id"], row["id"], "SWJ")
    conflicts.say(desk, row["subject_id"], row["id"], "SWJU", "税务登记未更新")
    told = conflicts.history(desk, row["subject_id"], row["id"])
    assert told["act"].tolist() == ["open", "acknowledge", "note"]
    assert told["department"].tolist()[1:] == ["SWJ", "SWJU"] and told["note"].tolist()[2] == "税务登记未更新"
    assert len(_open(store)) == 1
    with store.registers() as books:
        assert {"contradiction.note", "contradiction.acknowledge"} <= {line["act"] for line in books.audit_lines()}


@pytest.mark.parametrize(
    ("person", "department", "said"),
    [
        (CITY, "SCJG", "涉及的部门"),
        (Person("tax", "税务", "department_officer", departments=frozenset({"SWJU"})), "SWJ", "不属于该部门"),
        (Person("midong", "米东", "district_leader", frozenset({"650109"})), "SWJ", "不在您的权限范围内"),
        (CARDS, "SWJ", "不在您的权限范围内"),
        (Person("audit", "审计员", "auditor"), "SWJ", "没有此项权限"),
    ],
)  # fmt: skip
def test_who_may_not_speak_for_a_department_is_told_so(store, person, department, said):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    row = _one(store)
    with pytest.raises(StoreRefused, match=said):
        conflicts.say(store.desk(person), row["subject_id"], row["id"], department, "说明")
    assert _acts(store, row) == ["open"]


def test_a_closed_one_is_not_explained_any_more(store):
    commit(store, Station, [station(1, nozzles=8)])
    commit(store, Stated, [stated(1, 4, DAY)])
    row = _one(store)
    commit(store, Stated, [stated(1, 8, DAY)])
    with pytest.raises(StoreRefused, match="自动销项"):
        conflicts.say(store.desk(CITY), row["subject_id"], row["id"], "SWJ", "说明")


def test_a_person_sees_the_own_units_and_domains_only(store):
    commit(store, Station, [station(1, nozzles=8), station(2, nozzles=8, division_code="650109")])
    commit(store, Stated, [stated(1, 4, DAY), stated(2, 4, DAY)])
    assert [code for code, *_ in _open(store, LEADER_TIANSHAN)] == ["1"]
    assert _open(store, CARDS) == []
    assert conflicts.counted(store.desk(LEADER_TIANSHAN))["items"].sum() == 1
    assert len(_open(store, department="SWJU")) == 2 and _open(store, department="SCJG") == []
    assert [code for code, *_ in _open(store, report_unit="650109")] == ["2"]


def test_each_side_shows_the_rows_its_statement_comes_from(store):
    batch = commit(store, Station, [station(1, nozzles=8)])
    other = commit(store, Stated, [stated(1, 4, DAY)])
    row = _one(store)
    found = sources(store.desk(CITY), NOZZLES, row["subject_id"], row["period"])
    assert found["listed"][["batch_id", "sheet", "source_row"]].to_numpy().tolist() == [[batch.id, "Sheet1", 4]]
    assert found["stated"]["batch_id"].tolist() == [other.id]  # none lies in this month, so all are shown


@pytest.mark.parametrize(
    ("period", "span"),
    [
        ("2026-10", ("2026-10-01", "2026-10-31")), ("2026-10 92#", ("2026-10-01", "2026-10-31")),
        ("2026Q3", ("2026-07-01", "2026-09-30")), ("2026-10-09", ("2026-10-09", "2026-10-09")),
        ("2026-08-26/2026-11-23", ("2026-08-26", "2026-11-23")), ("", None), ("上年", None),
    ],
)  # fmt: skip
def test_a_period_names_its_days(period, span):
    found = span_of(period)
    assert (found and tuple(f"{day:%Y-%m-%d}" for day in found)) == span


def test_statements_are_kept_to_a_hundredth_and_words_as_they_are():
    frames = {
        "t_station": pd.DataFrame({"subject_id": ["a"], "nozzles": [8.0]}),
        "t_stated": pd.DataFrame({"subject_id": ["a"], "on": pd.to_datetime(["2026-06-01"]), "nozzles": [1 / 3]}),
    }
    found = conflicts.judged((NOZZLES,), frames, DAY).iloc[0]
    assert found["stated"] == '{"listed": 8.0, "stated": 0.33}' and found["size"] == pytest.approx(8 - 1 / 3)
