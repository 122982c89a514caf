"""The audit's chain: whatever is done to its lines afterwards is found, and writers of both databases make one chain."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import create_engine, text

from pilotwatch import access
from pilotwatch.store import SYSTEM, Person, StoreRefused, audit, engine

AUDITOR = Person("auditor", "审计员", "auditor")


@pytest.fixture
def store(open_store):
    """A store whose audit has nine lines."""
    store = open_store([])
    for n in range(1, 10):
        access.record(store, SYSTEM, "test.act", f"对象 {n}", {"n": n, "说明": "合成"})
    return store


def tamper(store, *statements: str, **values) -> None:
    """What somebody with the database's password may do."""
    with store._engine.connect().execution_options(writes=True) as connection:
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()


def rewritten(store, first: int, keep: int = 10**6) -> None:
    """Everything from a line on hashed anew, and the registered end with it: what a clever forger does."""
    with store._engine.connect().execution_options(writes=True) as connection:
        rows = connection.execute(audit._audit.select().order_by(audit._audit.c.number)).mappings().all()
        before, number = audit.FIRST, 0
        for row in rows[:keep]:
            number = row["number"]
            hashed = audit.hash_of(before, row) if number >= first else row["hash"]
            connection.execute(audit._audit.update().where(audit._audit.c.id == row["id"]).values(hash=hashed))
            before = hashed
        connection.execute(audit._audit.delete().where(audit._audit.c.number > number))
        connection.execute(audit._head.update().values(number=number, hash=before))
        connection.commit()


def found(store, noted=()) -> list[tuple[str, int]]:
    return [(b.kind, b.number) for b in audit.verify(store.desk(AUDITOR), noted).breaches]


def test_an_untouched_chain_is_intact_and_passes_through_every_anchor(store):
    verdict = audit.verify(store.desk(AUDITOR))
    assert (verdict.intact, verdict.lines, verdict.anchors, verdict.head[0]) == (True, 9, 9, 9)
    assert verdict.head == audit.head(store.desk(AUDITOR))
    assert audit.verify(store.desk(SYSTEM)).intact


def test_an_empty_audit_is_intact(open_store):
    verdict = audit.verify(open_store([]).desk(AUDITOR))
    assert (verdict.intact, verdict.lines, verdict.head) == (True, 0, (0, "0" * 64))


def test_a_lines_hash_is_sha256_of_the_one_before_and_its_fields():
    line = {
        "number": 1, "id": UUID("018f0000-0000-7000-8000-000000000001"), "at": datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        "username": "li", "act": "login", "object": None, "details": "{}",
    }  # fmt: skip
    told = (
        '["' + "0" * 64 + '",1,"018f0000-0000-7000-8000-000000000001","2026-11-23T02:30:00.000000+00:00",'
        '"li","login",null,"{}"]'
    )
    assert audit.hash_of(audit.FIRST, line) == hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize("column", ["username", "act", "object", "details"])
def test_a_changed_field_is_found_at_its_line(store, column):
    tamper(store, f"UPDATE audit SET {column} = 'x' WHERE number = 4")  # noqa: S608 - a name of this list
    assert found(store) == [("changed", 4)]


def test_a_changed_moment_is_found(store):
    with store._engine.connect().execution_options(writes=True) as connection:
        later = audit._audit.c.number == 4
        at = connection.execute(audit._audit.select().where(later)).mappings().one()["at"]
        connection.execute(audit._audit.update().where(later).values(at=at + timedelta(microseconds=1)))
        connection.commit()
    assert found(store) == [("changed", 4)]


def test_a_changed_line_with_a_fresh_hash_is_found_by_the_next_and_by_its_anchor(store):
    tamper(store, "UPDATE audit SET username = 'x' WHERE number = 4")
    with store._engine.connect().execution_options(writes=True) as connection:
        rows = connection.execute(audit._audit.select().order_by(audit._audit.c.number)).mappings().all()
        fresh = audit.hash_of(rows[2]["hash"], rows[3])
        connection.execute(audit._audit.update().where(audit._audit.c.number == 4).values(hash=fresh))
        connection.commit()
    assert found(store) == [("anchor", 4), ("changed", 5)]


def test_a_removed_line_is_found(store):
    tamper(store, "DELETE FROM audit WHERE number IN (4, 5)")
    assert found(store) == [("missing", 4)]
    tamper(store, "DELETE FROM audit WHERE number = 1")
    assert found(store) == [("missing", 1), ("missing", 4)]


def test_lines_that_changed_places_are_found(store):
    tamper(
        store,
        "UPDATE audit SET number = -1 WHERE number = 4",
        "UPDATE audit SET number = 4 WHERE number = 6",
        "UPDATE audit SET number = 6 WHERE number = -1",
    )
    assert {n for kind, n in found(store) if kind == "changed"} == {4, 5, 6, 7}


def test_a_line_that_was_slipped_in_is_found(store):
    copied = (
        "INSERT INTO audit (id, number, at, username, act, object, details, hash) "
        "SELECT :id, {}, at, username, act, object, details, hash FROM audit WHERE number = 3"
    )
    tamper(store, copied.format(10), id=_as_stored(store, 7))
    assert found(store) == [("extra", 10)]
    tamper(store, copied.format(-2), id=_as_stored(store, 8))
    assert ("extra", -2) in found(store)


def _as_stored(store, n: int):
    made = UUID(int=n)
    return made.hex if store._engine.dialect.name == "sqlite" else made


def test_the_last_lines_are_missed_too(store):
    tamper(store, "DELETE FROM audit WHERE number > 7")
    assert found(store) == [("end", 8), ("anchor", 8)]
    rewritten(store, 8, keep=7)
    assert found(store) == [("anchor", 8)], "the registered end was put back, but the anchors weren't"


def test_all_lines_can_not_go_unnoticed(store):
    tamper(store, "DELETE FROM audit", "UPDATE audit_head SET number = 0, hash = :first", first=audit.FIRST)
    assert found(store) == [("anchor", 1)]


def test_a_chain_made_anew_from_some_line_on_contradicts_its_anchors(store):
    tamper(store, "UPDATE audit SET username = 'x' WHERE number = 6")
    rewritten(store, 6)
    assert found(store) == [("anchor", n) for n in (6, 7, 8, 9)]


def test_an_anchor_that_was_noted_elsewhere_is_enough(store, tmp_path):
    noted = audit.head(store.desk(AUDITOR))
    for file in (tmp_path / "anchors").iterdir():
        file.unlink()
    assert found(store, [noted]) == []
    tamper(store, "UPDATE audit SET details = '{}' WHERE number = 2")
    rewritten(store, 2)
    assert found(store) == [], "nothing outside the database tells of it any more"
    assert found(store, [noted]) == [("anchor", 9)]


def test_a_half_written_anchor_is_passed_over(store, tmp_path):
    (file,) = (tmp_path / "anchors").iterdir()
    file.write_text(file.read_text("ascii") + "10 abc", "ascii")
    assert found(store) == []


def test_an_act_that_fails_leaves_no_line_and_no_gap(store):
    with pytest.raises(ZeroDivisionError), store.registers() as books:
        books.audit("li", "test.fails")
        _ = 1 / 0
    access.record(store, SYSTEM, "test.act")
    verdict = audit.verify(store.desk(AUDITOR))
    assert (verdict.intact, verdict.lines) == (True, 10)
    assert "test.fails" not in [line["act"] for line in audit.lines(store.desk(AUDITOR))]


def test_a_line_outside_of_a_transaction_that_writes_is_an_error(store):
    with engine.reading(store._engine) as connection, pytest.raises(RuntimeError, match="writing"):
        audit.append(connection, "li", "test.act")


def test_writers_at_once_make_one_chain(open_store):
    stores = [open_store([]) for _ in range(4)]
    ready, failed = threading.Barrier(8), []

    def write(store, name):
        try:
            ready.wait()
            for n in range(10):
                with store.registers() as books:
                    books.audit(name, "test.first", str(n))
                    books.audit(name, "test.second", str(n))
        except Exception as error:  # a thread's own error is told by the test
            failed.append(error)

    threads = [threading.Thread(target=write, args=(stores[n % 4], f"w{n}")) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failed == []
    verdict = audit.verify(stores[0].desk(AUDITOR))
    assert (verdict.intact, verdict.lines, verdict.anchors) == (True, 160, 80)
    lines = audit.lines(stores[0].desk(AUDITOR), limit=1000)
    assert [line["number"] for line in lines] == list(range(160, 0, -1))
    pairs = [(a["username"], a["object"]) == (b["username"], b["object"]) for a, b in zip(lines[::2], lines[1::2], strict=True)]  # fmt: skip
    assert all(pairs), "the lines of one transaction stand together"


def test_writers_that_hold_other_locks_do_not_wait_in_a_circle(open_store):
    """One locks an account after its line, one before: with the end locked by the line itself they would wait for each other."""
    one, two = open_store([]), open_store([])
    access.create_account(one, username="li", name="李", role="city_office", password="tian-shan-2026", by="root")
    ready, done = threading.Barrier(2), []

    def write(store, line_first):
        ready.wait()
        for _ in range(20):
            with store.registers() as books:
                if line_first:
                    books.audit("root", "test.act")
                books.account("li", lock=True)
                books.change_account("li", failures=0)
                if not line_first:
                    books.audit("root", "test.act")
        done.append(store)

    threads = [threading.Thread(target=write, args=(s, f)) for s, f in ((one, True), (two, False))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(120)
    assert len(done) == 2
    assert audit.verify(one.desk(AUDITOR)).lines == 41


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=some.text(max_size=40), number=some.integers(1, 9), column=some.sampled_from(["username", "object", "details"])
)
def test_any_change_of_any_text_is_found(store, said, number, column):
    """Each try changes a line, sees it found, and puts it back."""
    said = audit._clean(said)
    row = next(line for line in audit.lines(store.desk(AUDITOR)) if line["number"] == number)
    old = json.dumps(row["details"], ensure_ascii=False) if column == "details" else row[column]
    change = f"UPDATE audit SET {column} = :said WHERE number = :n"  # noqa: S608 - a name of this list
    tamper(store, change, said=said, n=number)
    assert found(store) == ([] if said == old else [("changed", number)])
    tamper(store, change, said=old, n=number)
    assert found(store) == []


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "，‘’'\"; DROP TABLE audit;--", "𠮷" * 30])
def test_odd_text_is_kept_by_either_database(store, odd):
    access.record(store, SYSTEM, "test.odd", odd, {"said": odd})
    assert audit.verify(store.desk(AUDITOR)).intact
    (line,) = audit.lines(store.desk(AUDITOR), audit.Wanted(act="test.odd"))
    assert line["object"] == odd.replace("\0", "␀").replace("\ud800", "?")


def test_lines_are_found_by_who_what_when_and_words(store):
    access.record(
        store, Person("li", "李", "city_office"), "export.warnings", "预警清单.xlsx", {"rows": 100, "单位": "天山区"}
    )
    desk = store.desk(AUDITOR)

    def numbers(**wanted):
        return [line["number"] for line in audit.lines(desk, audit.Wanted(**wanted))]

    assert numbers(username="li") == numbers(act="export") == numbers(act="export.warnings") == [10]
    assert numbers(act="exp") == [], "a kind is a whole word"
    assert numbers(words="天山") == numbers(words="清单.xlsx") == [10]
    assert numbers(words="%") == numbers(words="_________________") == numbers(words="' OR 1=1 --") == []
    assert numbers(act="test", words="对象 3") == [3]
    at = audit.lines(desk, limit=1)[0]["at"]
    assert numbers(since=at) == [10] and 10 not in numbers(until=at)
    assert [line["number"] for line in audit.lines(desk, before=4, limit=2)] == [3, 2]
    assert audit.count(desk, audit.Wanted(act="test")) == 9
    assert audit.choices(desk) == ({"li": 1, "system": 9}, {"export.warnings": 1, "test.act": 9})


@pytest.mark.parametrize("ask", [audit.verify, audit.head, audit.lines, audit.choices])
@pytest.mark.parametrize(
    "role", ["district_leader", "pilot_team", "department_officer", "city_office", "administrator"]
)
def test_the_audit_is_the_auditors(store, ask, role):
    with pytest.raises(StoreRefused) as refused:
        ask(store.desk(Person("x", "x", role)))
    assert refused.value.rule == "not_allowed"


def test_lines_from_before_the_chain_are_linked_by_the_migration(store, store_url, open_store, tmp_path):
    """A store of the version before: its lines get numbers in the order they came."""
    from alembic import command
    from alembic.config import Config

    before = audit.lines(store.desk(AUDITOR))
    store.close()
    base = engine.create(store_url)
    config = Config()
    config.set_main_option("script_location", "pilotwatch.store:migrations")
    for move, revision in ((command.downgrade, "0016"), (command.upgrade, "head")):
        with engine.writing(base) as connection:
            config.attributes["connection"] = connection
            move(config, revision)
    base.dispose()
    again = open_store([])
    assert audit.lines(again.desk(AUDITOR)) == before
    assert audit.verify(again.desk(AUDITOR)).intact
    raw = create_engine(store_url)
    with raw.connect() as connection:
        columns = connection.execute(text("SELECT number, hash FROM audit_head")).one()
    raw.dispose()
    assert tuple(columns) == audit.head(again.desk(AUDITOR))
