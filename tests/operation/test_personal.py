"""Looking behind a mask, and removing what has run out: both say what they did."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pilotwatch import operation
from pilotwatch.domain import Record, Spec, column
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Arrived, Person, StoreRefused, audit, files, retention
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, RECORDS, Station, checked, station

AUDITOR = Person("auditor", "审计员", "auditor")
FULL = "13912345678"


class Contact(Record):
    spec = Spec("t_contact", zh="联系人", en="Contacts", subject="uscc")
    uscc: str = column("代码", "Code", key=True)
    phone: str | None = column("电话", "Phone", mask="phone")
    note: str | None = column("备注", "Note")


@pytest.fixture
def store(open_store, tmp_path):
    """One contact whose phone is masked in the store and whole in the file it came in."""
    store = open_store([Contact])
    file = tmp_path / "a.csv"
    file.write_text(f"标题,,\n\n代码,电话,备注\nU00000000000000001,{FULL},甲\n", "utf-8")
    table = checked(Contact, [{"uscc": "U00000000000000001", "phone": "139****5678"}], sheet=None)
    store.desk(CITY).commit(Arrived("a.csv", file), [table])
    return store


def row_of(store):
    return store.desk(CITY).frame("t_contact", ["id", "phone"]).iloc[0]


def refused(ask, *arguments) -> str:
    with pytest.raises(StoreRefused) as no:
        ask(*arguments)
    assert no.value.message.zh and no.value.message.en
    return no.value.rule


def test_a_look_behind_a_mask_is_read_from_the_file_and_is_in_the_audit_without_what_was_seen(store):
    row = row_of(store)
    assert row["phone"] == "139****5678", "the store has no more than that"
    assert operation.unmask(store.desk(CITY), "t_contact", row["id"], "phone", "核实企业联系人身份") == FULL
    line = audit.lines(store.desk(AUDITOR))[0]
    assert (line["act"], line["username"]) == ("personal.unmask", "city")
    assert line["details"] == {
        "dataset": "t_contact",
        "row": row["id"],
        "field": "phone",
        "reason": "核实企业联系人身份",
    }
    assert FULL not in json.dumps(audit.lines(store.desk(AUDITOR)), default=str)


def test_nobody_looks_without_a_right_a_reason_a_mask_and_a_row_of_theirs(store):
    row = row_of(store)["id"]
    before = audit.head(store.desk(AUDITOR))
    for person in (
        OIL,
        LEADER_TIANSHAN,
        Person("admin", "管理员", "administrator"),
        AUDITOR,
        Person("o", "o", "department_officer"),
    ):
        assert (
            refused(operation.unmask, store.desk(person), "t_contact", row, "phone", "核实企业联系人身份")
            == "not_allowed"
        )
    desk = store.desk(CITY)
    for reason in ("", "      ", "想看"):
        assert refused(operation.unmask, desk, "t_contact", row, "phone", reason) == "reason"
    assert refused(operation.unmask, desk, "t_contact", row, "note", "核实企业联系人身份") == "no_mask"
    assert refused(operation.unmask, desk, "t_contact", "0" * 32, "phone", "核实企业联系人身份") == "no_row"
    abroad = Person("city2", "x", "city_office", frozenset({"650109"}))
    assert refused(operation.unmask, store.desk(abroad), "t_contact", row, "phone", "核实企业联系人身份") == "no_row"
    assert audit.head(store.desk(AUDITOR)) == before


def test_a_value_whose_file_is_gone_can_not_be_unmasked(store):
    batch = store.desk(CITY).batches()[0]
    store.desk(CITY).file_of(batch.id)[1].unlink()
    assert (
        refused(operation.unmask, store.desk(CITY), "t_contact", row_of(store)["id"], "phone", "核实企业联系人身份")
        == "no_file"
    )
    assert store.desk(CITY).file_of(batch.id) is None


# --- retention -----------------------------------------------------------------------------------------------------


@pytest.fixture
def old(open_store, tmp_path):
    """Two batches, one withdrawn, each with a file of its own and one file in common."""
    store = open_store(RECORDS)
    desk, made = store.desk(CITY), []
    for n, content in enumerate((b"one", b"two", b"two")):
        came = tmp_path / f"came{n}"
        came.write_bytes(content)
        made.append(desk.commit(Arrived(f"{n}.xlsx", came), [checked(Station, [station(n + 1)])]))
    desk.withdraw(made[0].id, "报错了")
    desk.withdraw(made[1].id, "报错了")
    return store, made


def test_files_of_withdrawn_batches_go_when_their_time_is_over_and_no_others(old):
    store, made = old
    paths = [files.path_of(store.files, b.sha256) for b in made]
    later = now() + timedelta(days=366)
    assert {r.rule.name: r.n for r in retention.due(store.desk(SYSTEM))}["withdrawn_files"] == 0
    told = {r.rule.name: r for r in retention.due(store.desk(SYSTEM), later)}["withdrawn_files"]
    assert (told.n, told.files) == (1, (made[0].sha256,)) and paths[0].exists()
    done = {r.rule.name: r.n for r in retention.remove(store.desk(SYSTEM), later)}
    assert done["withdrawn_files"] == 1
    assert [p.exists() for p in paths] == [False, True, True], "the third batch stands and came with the second's file"
    line = audit.lines(store.desk(AUDITOR))[0]
    assert (line["act"], line["object"], line["details"]["n"], line["details"]["files"]) == (
        "retention.remove",
        "withdrawn_files",
        1,
        [made[0].sha256],
    )
    assert store.desk(CITY).file_of(made[0].id) is None
    end = audit.head(store.desk(AUDITOR))
    assert not any(r.n for r in retention.remove(store.desk(SYSTEM), later)) and audit.head(store.desk(AUDITOR)) == end


def test_log_ins_go_and_open_ones_stay(open_store):
    store = open_store([])
    at = now()
    with store.registers() as books:
        for n, until in enumerate((at - timedelta(days=40), at - timedelta(days=3), at + timedelta(hours=1))):
            books.add_session(token_sha256=f"{n}", username="li", created_at=at, expires_at=until)
    assert {r.rule.name: r.n for r in retention.remove(store.desk(SYSTEM))}["sessions"] == 1
    with store.registers(write=False) as books:
        assert [books.session(f"{n}") is not None for n in range(3)] == [False, True, True]


def test_a_period_is_set_by_the_office_not_below_its_least_and_the_audit_says_so(open_store):
    store = open_store([])
    desk = store.desk(CITY)
    assert retention.periods(desk) == {"sessions": 30, "messages": 365, "reporters": 1095, "withdrawn_files": 365}
    retention.set_period(desk, "messages", 90)
    assert retention.periods(desk)["messages"] == 90
    assert refused(retention.set_period, desk, "messages", 29) == "too_short"
    assert refused(retention.set_period, desk, "audit", 30) == "no_rule", "the audit has no end"
    assert refused(retention.set_period, store.desk(LEADER_TIANSHAN), "messages", 90) == "not_allowed"
    assert audit.lines(store.desk(AUDITOR))[0]["details"] == {"days": 90, "before": 365}


def test_who_reported_goes_three_years_after_the_case_was_closed(tmp_path):
    from pilotwatch import demo
    from pilotwatch.store.case_tables import CaseFile, CasePerson

    house = Workspace.open(Settings(var=tmp_path, database_url=None))
    demo.build(house, size=0.02)
    case, person = CaseFile.__table__, CasePerson.__table__
    with house.store._engine.connect() as connection:
        rows = connection.execute(case.select()).mappings().all()
    shut = [r for r in rows if r["closed_at"]]
    assert shut and len(shut) < len(rows)
    with house.store._engine.connect().execution_options(writes=True) as connection:
        connection.execute(person.delete())
        for r in (shut[0], next(r for r in rows if not r["closed_at"])):
            connection.execute(
                person.insert().values(subject_id=r["subject_id"], case_id=r["id"], ref="1", received_at=now())
            )
        connection.commit()
    soon, later = (shut[0]["closed_at"] + timedelta(days=d) for d in (1094, 1096))
    assert {r.rule.name: r.n for r in retention.remove(house.desk(SYSTEM), soon)}["reporters"] == 0
    assert {r.rule.name: r.n for r in retention.remove(house.desk(SYSTEM), later)}["reporters"] == 1
    with house.store._engine.connect() as connection:
        assert len(connection.execute(person.select()).all()) == 1
        assert len(connection.execute(case.select()).all()) == len(rows), "the cases stay"
    house.store.close()
