"""Moving a store: the same rows in the other database, whenever it was killed, and nobody writes to the old one."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import create_engine, inspect, text

from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM, Store, StoreRefused, audit, distribution, gate, leases, move, move_state, whole
from pilotwatch.workdays import now
from tests.store.made import CITY, OWNERS, RECORDS, Reading, Station, checked, reading, station
from tests.store.moved import ROWS
from tests.store.uploads import arrived


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(whole, "ROWS", ROWS)


@pytest.fixture
def store(open_store, tmp_path):
    """A store with stations and readings on many days, a correction and a withdrawal; one file is kept."""
    store = open_store(RECORDS, owners=OWNERS)
    desk = store.desk(CITY)
    stations = [
        station(n, f"站“{n}”,\n二行", capital=float(f"{n}.{n:02d}"), opened_on=date(2020, 1, n), self_service=n % 2 == 0,
                tags=["a", "𠮷"], lng=87.6 + n / 100, lat=43.8)
        for n in range(1, 20)
    ]  # fmt: skip
    desk.commit(arrived(), [checked(Station, stations)])
    desk.commit(arrived(), [checked(Station, [{**stations[0], "name": ""}])])
    line = desk.commit(arrived(), [checked(Reading, [reading(n, ratio=n / 3) for n in range(30)])])
    desk.commit(arrived(), [checked(Reading, [reading(n) for n in range(30, 49)])])
    desk.withdraw(line.id, "报错了")
    return store


@pytest.fixture
def target(request, tmp_path):
    """The URL of an empty place in a database of a kind."""

    def url(kind):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'moved' / 'store.db'}"
        return request.getfixturevalue("another_postgres_url")

    return url


@pytest.fixture
def opened(tmp_path):
    """Opens the store at a URL; closes it after the test."""
    found = []

    def open_(url):
        found.append(Store.open(url, RECORDS, owners=OWNERS, files=tmp_path / "files"))
        return found[-1]

    yield open_
    for each in found:
        each.close()


def contents(store):
    """The sums of every table but the audit's, whose chain goes on."""
    with whole.one_state(store._engine) as connection:
        return {
            t.name: move_state.sums_of(connection, t).days
            for t in whole.tables(connection)
            if t.name not in ("audit", "audit_head")
        }


def refused(act, *arguments):
    with pytest.raises(StoreRefused) as no:
        act(*arguments)
    assert no.value.message.zh and no.value.message.en
    return no.value.rule


def upload(store, n=99):
    return store.desk(CITY).commit(arrived(), [checked(Station, [station(n)])])


INTO = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("into", INTO)
def test_a_moved_store_is_the_same_and_the_old_one_takes_nothing_more(store, target, opened, into):
    before, url = contents(store), target(into)
    made = move.move(store.desk(SYSTEM), url)
    new = opened(url)
    assert contents(new) == before and made.before == 0 and not made.distributed
    assert {t.table: (t.rows, t.days) for t in made.tables}["rec_t_reading"] == (49, len(before["rec_t_reading"]))
    assert made.rows == sum(t.rows for t in made.tables) > 100
    for dataset in ("t_station", "t_reading"):
        assert new.desk(CITY).frame(dataset).equals(store.desk(CITY).frame(dataset))
    last = audit.lines(new.desk(SYSTEM))[0]
    assert (last["act"], last["details"]["rows"]) == ("store.move", made.rows)
    assert audit.verify(new.desk(SYSTEM)).intact
    assert refused(upload, store) == "moved" and upload(new).total("new") == 1
    assert store.desk(CITY).frame("t_reading").shape[0] == 19, "it can still be read"
    assert refused(move.move, store.desk(SYSTEM), url) == "moved"
    assert move.abort(store.desk(SYSTEM)) and upload(store).total("new") == 1
    assert refused(move.move, store.desk(SYSTEM), url) == "store_there"
    assert not move.abort(store.desk(SYSTEM))


@pytest.mark.parametrize("into", INTO)
def test_a_move_killed_again_and_again_goes_on_where_it_was(store, store_url, target, opened, tmp_path, into):
    if store_url.startswith(into):
        pytest.skip("the other two directions do")
    before, url = contents(store), target(into)
    moments = ("made", "chunk2", "keys", "closed") if into == "postgres" else ("chunk2", "chunk9", "compared")
    copied = []
    for moment in moments:
        command = [sys.executable, "-m", "tests.store.moved", store_url, url, str(tmp_path / "files"), moment]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL, moment
        assert refused(upload, store) == ("moved" if moment == "closed" else "moving")
        assert refused(opened, url) == "half_moved"
        engine = create_engine(url)
        with engine.connect() as connection:
            copied.append(move_state.Progress.copied(connection))
        engine.dispose()
    assert copied == sorted(copied) and copied[0] < copied[1] < copied[2]
    made = move.move(store.desk(SYSTEM), url)
    assert made.before == made.rows == copied[-1] and contents(opened(url)) == before
    assert refused(upload, store) == "moved"


def test_what_is_written_between_two_runs_is_found_and_copied_anew(store, target, opened, monkeypatch):
    url, complete = target("sqlite"), move._complete
    monkeypatch.setattr(move, "_complete", lambda _target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        move.move(store.desk(SYSTEM), url)
    upload(store)  # the source took writes again when the move failed
    store.desk(CITY).commit(arrived(), [checked(Station, [station(3, "改名")])])
    monkeypatch.setattr(move, "_complete", complete)
    made = move.move(store.desk(SYSTEM), url)
    assert contents(opened(url)) == contents(store)
    assert made.before > 0 and {t.table: t.rows for t in made.tables}["rec_t_station"] == 22


def test_a_move_whose_hold_ran_out_stops_before_anything_is_missed(store, target, monkeypatch):
    """The lease ends while the move stands still: others may write, so the move must not go on as if they hadn't."""
    monkeypatch.setattr(gate, "LENGTH", gate.LENGTH * 0)
    assert refused(move.move, store.desk(SYSTEM), target("sqlite")) == "lapsed"
    monkeypatch.undo()
    monkeypatch.setattr(whole, "ROWS", ROWS)
    assert upload(store).total("new") == 1
    assert move.move(store.desk(SYSTEM), target("sqlite")).rows > 100


def test_a_row_altered_on_its_way_is_found_and_the_next_run_mends_it(store, target, opened, monkeypatch):
    url, add = target("sqlite"), move_state.Progress.add

    def tampered(self, connection, table, chunk):
        add(self, connection, table, chunk)
        if table.name == "rec_t_station":
            connection.execute(text("UPDATE rec_t_station SET capital = capital + 0.01 WHERE nozzles IS NULL"))

    monkeypatch.setattr(move_state.Progress, "add", tampered)
    with pytest.raises(StoreRefused, match="rec_t_station") as no:
        move.move(store.desk(SYSTEM), url)
    assert no.value.rule == "moved_wrong" and upload(store).total("new") == 1
    monkeypatch.setattr(move_state.Progress, "add", add)
    move.move(store.desk(SYSTEM), url)
    assert contents(opened(url)) == contents(store)


def test_a_target_with_other_data_and_the_store_itself_are_refused(store, store_url, target):
    url = target("sqlite")
    assert refused(move.move, store.desk(SYSTEM), store_url) == "same_place"
    move.db.create(url).dispose()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE their_own (n integer)"))
    assert refused(move.move, store.desk(SYSTEM), url) == "store_there"
    assert inspect(engine).get_table_names() == ["their_own"]
    engine.dispose()
    assert refused(move.move, store.desk(CITY), url) == "not_allowed"
    assert upload(store).total("new") == 1, "a refused move leaves the source as it was"


def test_while_a_move_holds_the_store_no_other_begins_and_nothing_runs_in_the_background(store, target):
    with move.closed(store._engine, "another"):
        assert refused(move.move, store.desk(SYSTEM), target("sqlite")) == "moving"
        assert not leases.hold(store, "push", "me", now(), gate.LENGTH)
        assert refused(upload, store) == "moving"
    assert leases.hold(store, "push", "me", now(), gate.LENGTH) and upload(store).total("new") == 1


@pytest.mark.postgres
def test_a_writer_that_began_before_is_waited_for(open_store, store_url, target, opened):
    """On PostgreSQL, too, no write that began before the store was closed is missed."""
    if store_url.startswith("sqlite"):
        pytest.skip("SQLite's writers are alone")
    import threading

    store = open_store(RECORDS, owners=OWNERS)
    upload(store, 1)
    closing = threading.Event()

    def close():
        closing.set()
        move.move(store.desk(SYSTEM), target("sqlite"))

    thread = threading.Thread(target=close)
    with move.db.writing(store._engine) as connection:
        thread.start()
        closing.wait()
        thread.join(0.5)
        connection.execute(text("UPDATE rec_t_station SET name = 'während'"))
        assert thread.is_alive(), "the move waits for the writer"
    thread.join()
    assert opened(target("sqlite")).desk(CITY).frame("t_station").name.tolist() == ["während"]


@pytest.mark.postgres
def test_foreign_keys_come_back_and_one_switch_leaves_them_out(
    store, postgres_server, another_postgres_url, monkeypatch
):
    names = {k.name for k in distribution.foreign_keys()}
    move.move(store.desk(SYSTEM), another_postgres_url)
    assert keys_of(another_postgres_url) == names and len(names) > 4
    move.abort(store.desk(SYSTEM))
    monkeypatch.setattr(settings(), "foreign_keys", False)
    engine = create_engine(another_postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    move.move(store.desk(SYSTEM), another_postgres_url)
    assert keys_of(another_postgres_url) == set()


def keys_of(url):
    engine = create_engine(url)
    found = {k["name"] for t in inspect(engine).get_table_names() for k in inspect(engine).get_foreign_keys(t)}
    engine.dispose()
    return found


def test_a_store_without_foreign_keys_works(store_url, tmp_path, monkeypatch):
    monkeypatch.setattr(settings(), "foreign_keys", False)
    store = Store.open(store_url, RECORDS, owners=OWNERS, files=tmp_path / "files")
    assert keys_of(store_url) == set()
    store.desk(CITY).withdraw(upload(store).id, "x")
    store.close()


def test_kept_files_are_copied_once_and_held_against_their_digests(store, tmp_path):
    from pilotwatch.store import Arrived

    came = tmp_path / "came.xlsx"
    came.write_bytes(b"as it came")
    store.desk(CITY).commit(Arrived("a.xlsx", came), [checked(Station, [station(50)])])
    there = tmp_path / "there"
    assert move.copy_files(store.desk(SYSTEM), there) == move.copy_files(store.desk(SYSTEM), there) == (1, 0)
    (copied,) = (p for p in there.rglob("*") if p.is_file())
    assert copied.read_bytes() == b"as it came"
    (kept,) = (p for p in (tmp_path / "files").rglob("*") if p.is_file())
    kept.write_bytes(b"other bytes")
    assert refused(move.copy_files, store.desk(SYSTEM), tmp_path / "third") == "damaged_file"
    kept.unlink()
    assert move.copy_files(store.desk(SYSTEM), tmp_path / "fourth") == (0, 1)
