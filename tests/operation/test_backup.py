"""Backups: taken under load, of one moment, whole; restored into either database they give the same."""

from __future__ import annotations

import json
import stat
import tarfile
import threading
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import text

from pilotwatch import access, demo, figures, warnings
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Arrived, Person, Store, StoreRefused, audit, backup, move, whole
from pilotwatch.workspace import Workspace
from tests.store.made import CITY, OWNERS, RECORDS, Reading, Station, checked, reading, station
from tests.store.uploads import arrived

AUDITOR = Person("auditor", "审计员", "auditor")


@pytest.fixture
def target(request, tmp_path):
    """The URL of a place where there is no store yet, in the other database."""
    return lambda kind: (
        f"sqlite:///{tmp_path / 'restored' / 'store.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres_url")
    )


@pytest.fixture
def store(open_store, tmp_path):
    """A store with stations and readings, one correction and one withdrawal; the first of their files is kept."""
    came = tmp_path / "came.xlsx"
    came.write_bytes(b"as it came")
    store = open_store(RECORDS, owners=OWNERS)
    desk = store.desk(CITY)
    stations = [
        station(n, f"加油站“{n}”,\n第二行", capital=float(f"{n}.{n:02d}"), opened_on=date(2020, 1, n), self_service=n % 2 == 0,
                nozzles=n, tags=["a", "𠮷"], lng=87.6 + n / 100, lat=43.8)
        for n in range(1, 8)
    ]  # fmt: skip
    desk.commit(Arrived("加油站.xlsx", came), [checked(Station, stations)])
    desk.commit(
        arrived(), [checked(Station, [{**stations[0], "name": ""}, {**stations[1], "name": "改名", "nozzles": None}])]
    )
    line = desk.commit(arrived(), [checked(Reading, [reading(n, ratio=n / 3) for n in range(40)])])
    desk.commit(arrived(), [checked(Reading, [reading(n) for n in range(40, 60)])])
    desk.withdraw(line.id, "报错了")
    return store


def contents(store: Store) -> dict[str, tuple[int, int]]:
    """How many rows each table has, and their digest."""
    with whole.one_state(store._engine) as connection:
        found = {}
        for table in whole.tables(connection):
            chunks = list(whole.chunks(connection, table, whole.arrow(table)))
            found[table.name] = sum(c.num_rows for c in chunks), sum(map(whole.digest_of, chunks)) % 2**64
        return found


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_is_restored_is_what_was_backed_up_in_either_database(store, store_url, tmp_path, target, into):
    if into == "postgres" and store_url.startswith("postgres"):
        pytest.skip("one empty database a test; the others cross over")
    before = contents(store)
    made = backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    assert {n: (t["rows"], int(t["digest"], 16)) for n, t in made.manifest["tables"].items()} == before
    assert made.manifest["tables"]["rec_t_reading"]["rows"] == 60 and "login_session" not in before
    url = target(into)
    backup.restore(url, tmp_path / "a.tar", tmp_path / "restored" / "files", RECORDS)
    again = Store.open(url, RECORDS, owners=OWNERS, files=tmp_path / "restored" / "files")
    try:
        assert contents(again) == before
        old, new = store.desk(CITY), again.desk(CITY)
        for dataset in ("t_station", "t_reading"):
            assert new.frame(dataset).equals(old.frame(dataset))
        assert [b.id for b in new.batches()] == [b.id for b in old.batches()]
        name, path = new.file_of(new.batches()[-1].id)
        assert (name, path.read_bytes(), path.parents[1].parent.name) == ("加油站.xlsx", b"as it came", "restored")
        assert audit.verify(again.desk(AUDITOR), [tuple(made.manifest["end"].values())]).intact
        assert new.commit(arrived(), [checked(Station, [station(99)])]).total("new") == 1
    finally:
        again.close()


def test_a_backup_under_load_is_of_one_moment(open_store, store_url, tmp_path):
    """Four write while three backups are taken: each has whole batches only, and as many as its audit tells of."""
    stores = [open_store(RECORDS, owners=OWNERS) for _ in range(4)]
    stop, failed, written = threading.Event(), [], []

    def write(store, first):
        try:
            for n in range(first, first + 10_000, 10):
                if stop.is_set():
                    return
                rows = [reading(k) for k in range(n * 10, n * 10 + 100)]
                written.append(store.desk(CITY).commit(arrived(), [checked(Reading, rows)]).id)
        except Exception as error:  # told by the test
            failed.append(error)

    threads = [threading.Thread(target=write, args=(s, 10_000 * n)) for n, s in enumerate(stores, 1)]
    for t in threads:
        t.start()
    made = []
    for n in range(3):
        before = len(written)
        while len(written) < before + 3 and not failed:
            stop.wait(0.05)
        made.append(backup.take(stores[0].desk(SYSTEM), tmp_path / f"{n}.tar"))
    stop.set()
    for t in threads:
        t.join()
    assert failed == []
    for n, each in enumerate(made):
        url = f"sqlite:///{tmp_path / f'r{n}' / 'store.db'}"
        backup.restore(url, each.file, tmp_path / f"r{n}" / "files", RECORDS)
        again = Store.open(url, RECORDS, owners=OWNERS, files=tmp_path / f"r{n}" / "files")
        batches = again.desk(CITY).batches(limit=10_000)
        rows = again.desk(CITY).count("t_reading", ["batch_id"])
        assert 3 <= len(batches) <= len(written)
        assert set(rows["batch_id"]) == {b.id for b in batches} and set(rows["rows"]) == {100}
        assert audit.count(again.desk(AUDITOR), audit.Wanted(act="upload")) == len(batches)
        assert audit.verify(again.desk(AUDITOR)).intact
        again.close()
    sizes = [m.manifest["tables"]["batch"]["rows"] for m in made]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1]


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_restored_or_moved_city_has_the_same_figures(tmp_path, target, into, request):
    house = Workspace.open(Settings(var=tmp_path / "var", database_url=None))
    demo.build(house, size=0.02)
    token = access.log_in(house.store, "city", access.demo.DEMO_PASSWORD)
    backup.take(house.desk(SYSTEM), tmp_path / "a.tar")
    knobs = Settings(var=tmp_path / "restored", database_url=None if into == "sqlite" else target(into))
    backup.restore(knobs.url, tmp_path / "a.tar", knobs.files, house.registry.records)
    again = Workspace.open(knobs)
    try:
        city = access.person(again.store, "city")
        assert city == access.person(house.store, "city") and again.store.demo
        assert access.who(house.store, token) == city and access.who(again.store, token) is None
        old, new = (figures.overview(w.desk(city), w.registry) for w in (house, again))
        assert old.domains == new.domains and sum(d.subjects for d in new.domains) > 100
        assert old.as_json() == new.as_json()
    finally:
        again.store.close()
    if into == "postgres":  # the same city, moved: all that is read and all that is stored
        url = request.getfixturevalue("another_postgres_url")
        move.move(house.desk(SYSTEM), url)
        moved = Workspace.open(Settings(var=tmp_path / "var", database_url=url))
        assert reads(moved, city) == reads(house, city)
        moved.store.close()
    house.store.close()


def reads(house: Workspace, person: Person) -> list[object]:
    """What screens show: the overview, the warnings, what plans saved, the cases and the subjects; and the rows of each dataset."""
    desk = house.desk(person)
    listed = warnings.listed(desk, warnings.Filter(), limit=10_000)
    assert len(listed) > 50
    frames = [listed, desk.subjects(), *(desk.frame(d) for d in house.store.datasets)]
    saved = {
        n: t
        for n, t in contents(house.store).items()
        if n in ("saved_visit", "case_file", "place_period", "place_level")
    }
    return [figures.overview(desk, house.registry).as_json(), saved, *(f.to_csv() for f in frames)]


def test_a_dataset_whose_domain_is_gone_and_a_column_nobody_declares_come_back(store, tmp_path):
    class Narrow(Station):
        spec = Station.spec

    backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    url = f"sqlite:///{tmp_path / 'r' / 'store.db'}"
    backup.restore(url, tmp_path / "a.tar", tmp_path / "r" / "files", [])
    without = Store.open(url, [], files=tmp_path / "r" / "files")
    assert without.datasets == ()
    without.close()
    again = Store.open(url, RECORDS, owners=OWNERS, files=tmp_path / "r" / "files")
    assert again.desk(CITY).frame("t_reading").equals(store.desk(CITY).frame("t_reading"))
    again.close()


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(store, tmp_path):
    made = backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".backup")] == []
    with pytest.raises(StoreRefused) as refused:
        backup.take(store.desk(SYSTEM), made.file)
    assert refused.value.rule == "file_exists"
    with pytest.raises(StoreRefused):
        backup.take(store.desk(CITY), tmp_path / "b.tar")
    line = audit.lines(store.desk(AUDITOR))[0]
    assert (line["act"], line["object"], line["details"]["rows"]) == ("store.backup", "a.tar", made.rows)


def test_a_store_that_is_there_is_never_overwritten(store, store_url, tmp_path):
    backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    before = contents(store)
    with pytest.raises(StoreRefused) as refused:
        backup.restore(store_url, tmp_path / "a.tar", tmp_path / "files", RECORDS)
    assert refused.value.rule == "store_there" and contents(store) == before


def _refused(ask, *arguments) -> str:
    with pytest.raises(StoreRefused) as refused:
        ask(*arguments)
    return refused.value.rule


def test_a_file_that_is_cut_or_altered_is_refused(store, tmp_path):
    file = backup.take(store.desk(SYSTEM), tmp_path / "a.tar").file
    data = file.read_bytes()
    for n, wrong in enumerate(
        (data[: len(data) // 2], b"", b"no tar at all" * 100, data[:3000] + b"\x01" + data[3001:])
    ):
        (tmp_path / f"{n}.tar").write_bytes(wrong)
        assert _refused(backup.check, tmp_path / f"{n}.tar") == "damaged_backup"
    assert backup.check(file).rows > 60


def test_a_member_that_would_be_written_elsewhere_is_refused(store, tmp_path):
    evil = tmp_path / "evil.tar"
    manifest = {"format": 1, "members": {"files/../../../etc/passwd": "0" * 64}}
    with tarfile.open(evil, "w") as tar:
        backup._add_text(tar, "files/../../../etc/passwd", "x")
        backup._add_text(tar, "manifest.json", json.dumps(manifest))
    assert _refused(backup.check, evil) == "damaged_backup"


def test_a_restore_that_comes_out_other_leaves_nothing(store, tmp_path, monkeypatch):
    backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    url = f"sqlite:///{tmp_path / 'r' / 'store.db'}"
    monkeypatch.setattr(backup, "digest_of", lambda rows: 7)
    assert _refused(backup.restore, url, tmp_path / "a.tar", tmp_path / "r" / "files", RECORDS) == "restored_wrong"
    assert not Store.exists(url)


def test_anchors_of_the_store_that_was_there_are_set_aside(store, tmp_path):
    backup.take(store.desk(SYSTEM), tmp_path / "a.tar")
    access.record(store, SYSTEM, "test.later")
    folder = tmp_path / "anchors"
    assert list(folder.glob("*.log"))
    backup.restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "a.tar", tmp_path / "files", RECORDS)
    assert not list(folder.glob("*.log")) and list(folder.glob("before-*/*.log"))
    again = Store.open(f"sqlite:///{tmp_path / 'new.db'}", RECORDS, files=tmp_path / "files")
    assert audit.verify(again.desk(AUDITOR)).intact
    again.close()


rows = some.lists(
    some.tuples(some.none() | some.text(max_size=5), some.none() | some.floats(allow_nan=False), some.none() | some.integers(-9, 9)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(rows, some.randoms())
def test_a_digest_is_that_of_the_rows_in_any_order_and_of_no_others(given_rows, chance):
    def table(of):
        a, b, c = zip(*of, strict=True)
        at = [datetime(2026, 1, 1, tzinfo=UTC)] * len(of)
        return pa.table(
            {"a": pa.array(a, pa.string()), "b": pa.array(b, pa.float64()), "c": pa.array(c, pa.int64()), "d": at}
        )

    mixed = list(given_rows)
    chance.shuffle(mixed)
    digest = whole.digest_of(table(given_rows))
    assert whole.digest_of(table(mixed)) == digest
    a, b, c = given_rows[0]
    assert whole.digest_of(table([(f"{a}x", b, c), *given_rows[1:]])) != digest
    assert whole.digest_of(table([*given_rows, given_rows[0]])) != digest


def test_every_type_of_the_stores_tables_has_a_kind(store):
    with whole.one_state(store._engine) as connection:
        tables = whole.tables(connection)
        physical = {r[0] for r in connection.execute(text(_TABLES[connection.dialect.name]))}
    known = {t.name for t in tables} | whole.LEFT_OUT | {"alembic_version", "schema_lock"}
    assert physical - known == set() and known - physical <= {"schema_lock"}
    kinds = {t.name: {c.name: whole.kind(c.type) for c in t.columns} for t in tables}
    assert (
        kinds["audit"]["at"] == "moment"
        and kinds["batch"]["on_day"] == "date"
        and kinds["rec_t_reading"]["read_at"] == "datetime"
    )
    assert (
        kinds["rec_t_station"]["capital"] == "number"
        and kinds["subject"]["lng"] == "real"
        and kinds["account"]["demo"] == "boolean"
    )


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}
