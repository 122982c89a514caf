"""Opening a store: its tables are made, widened and held to the rules of a distributed database."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from importlib.resources import files

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, UniqueConstraint, create_engine, event, text

from pilotwatch import registry
from pilotwatch.domain import Record, Spec, column
from pilotwatch.store import SchemaRefused, StoreRefused, schema
from pilotwatch.store.metadata import metadata
from pilotwatch.store.records import tables_of
from pilotwatch.store.tables import PLACEMENT
from tests.store.made import CITY, RECORDS, Reading, Station, checked, station
from tests.store.uploads import arrived

#: Indexes of large tables that serve questions no subject is in: a batch, a key, a place, what is new since a moment.
ACROSS_SUBJECTS = {
    "month",
    "draw_id",
    "batch_id",
    "replaced_by",
    "record_key",
    "division_code",
    "dataset",
    "domain",
    "at",
    "code",
    "name",
    "number",
    "plan_id",
}


def every_table() -> list[Table]:
    found = registry.load()
    return [*metadata.tables.values(), *tables_of([*found.records, *RECORDS]).values()]


def placement(table: Table) -> str:
    return table.info.get("placement") or PLACEMENT[table.name]


def breaches(table: Table) -> list[str]:
    """What in a table would not do on a distributed database."""
    found = []
    key = [c.name for c in table.primary_key]
    if placement(table) == "distributed":
        if not key or key[0] != "subject_id":
            found.append("subject_id is not first in the primary key")
        if table.c.subject_id.nullable:
            found.append("subject_id may be null")
        for index in table.indexes:
            first = next(iter(index.columns)).name
            if index.unique and "subject_id" not in index.columns:
                found.append(f"{index.name} is unique without subject_id")
            if first != "subject_id" and first not in ACROSS_SUBJECTS:
                found.append(f"{index.name} begins with {first}")
        for unique in (c for c in table.constraints if isinstance(c, UniqueConstraint)):
            if "subject_id" not in unique.columns:
                found.append(f"{unique.name} is unique without subject_id")
    for c in table.columns:
        if c.onupdate is not None or c.server_onupdate is not None:
            found.append(f"{c.name} changes by itself")
        if (
            c.autoincrement is True
            or c.identity is not None
            or (c.primary_key and str(c.type) == "INTEGER" and len(key) == 1)
        ):
            found.append(f"{c.name} is numbered by the database")
        if c.server_default is not None:
            found.append(f"{c.name} is filled in by the database")
    for fk in table.foreign_key_constraints:
        to = placement(fk.referred_table)
        if not fk.name:
            found.append("a foreign key without a name")
        if fk.onupdate or (fk.ondelete or "").upper() in ("SET NULL", "SET DEFAULT"):
            found.append(f"{fk.name} changes what points to it")
        if to == "distributed" and placement(table) != "distributed":
            found.append(f"{fk.name} points to a distributed table")
        if to == "distributed" and "subject_id" not in fk.column_keys:
            found.append(f"{fk.name} leaves the subject out")
        pairs = {(e.parent.name, e.column.name) for e in fk.elements}
        if to == placement(table) == "distributed" and ("subject_id", "subject_id") not in pairs:
            found.append(f"{fk.name} pairs the subject with something else")
        if to == "local" and placement(table) != "local":
            found.append(f"{fk.name} points to a local table")
    return found


@pytest.mark.parametrize("table", every_table(), ids=lambda t: t.name)
def test_every_table_can_be_distributed(table):
    assert placement(table) in ("distributed", "reference", "local")
    assert breaches(table) == []


def test_the_rules_notice_a_table_that_breaks_them():
    from sqlalchemy import Column, ForeignKey, Integer, MetaData, Uuid

    bad = Table(
        "bad",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("subject_id", Uuid),
        info={"placement": "distributed"},
    )
    assert len(breaches(bad)) == 3
    subject = Table("subject", bad.metadata, Column("subject_id", Uuid, primary_key=True))
    local = Table(
        "setting", bad.metadata, Column("id", Uuid, primary_key=True), Column("s", ForeignKey(subject.c.subject_id))
    )
    assert any("distributed" in b for b in breaches(local))


def test_every_table_is_declared_once():
    assert set(PLACEMENT) == set(metadata.tables)


def test_the_migrations_make_exactly_the_tables_declared(open_store, store_url):
    open_store([])
    engine = create_engine(store_url)
    ours = {"include_object": lambda o, name, kind, *_: not (kind == "table" and name == "schema_lock")}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata, **ours})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_head_is_the_newest_migration():
    script = ScriptDirectory(str(files("pilotwatch.store") / "migrations"))
    assert script.get_current_head() == schema.HEAD


def test_opening_again_writes_nothing(open_store, store_url):
    open_store(RECORDS)
    store = open_store(RECORDS)
    statements: list[str] = []
    event.listen(store._engine, "before_cursor_execute", lambda c, cur, s, *_: statements.append(s))
    schema.bring_up_to_date(store._engine, RECORDS)
    assert statements and not [s for s in statements if s.split()[0] in ("CREATE", "ALTER", "INSERT", "UPDATE", "LOCK")]


def test_two_processes_that_start_at_once_both_open(store_url, tmp_path):
    code = (
        "import sys; from pathlib import Path; from pilotwatch.store import Store; from tests.store.made import RECORDS; "
        "sys.stdin.readline(); print(Store.open(sys.argv[1], RECORDS, files=Path(sys.argv[2])).datasets)"
    )
    command = [sys.executable, "-c", code, store_url, str(tmp_path / "files")]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [(p.communicate(timeout=120)[0].count("t_station"), p.returncode) for p in running] == [(1, 0)] * 3


class Wider(Record):
    spec = Station.spec
    uscc: str = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    capital: Decimal | None = column("资本", "Capital", unit="yuan")
    employees: int | None = column("职工", "Employees")


class Changed(Record):
    spec = Spec("t_station", zh="站点", en="Stations", subject="uscc")
    uscc: str = column("代码", "Code", key=True)
    capital: str | None = column("资本", "Capital")


def test_a_new_field_is_a_new_column_and_a_gone_one_keeps_its_rows(open_store):
    open_store(RECORDS).desk(CITY).commit(arrived(), [checked(Station, [station(1, nozzles=4)])])
    desk = open_store([Wider]).desk(CITY)
    assert desk.frame("t_station").employees.isna().tolist() == [True]
    assert desk.compare(
        checked(Wider, [{"uscc": "U00000000000000001", "name": "加油站", "employees": 3}])
    ).changed.all()
    assert open_store(RECORDS).desk(CITY).frame("t_station").nozzles.tolist() == [4]


def test_a_new_field_leaves_rows_that_dont_fill_it_unchanged(open_store):
    class Same(Station):
        spec = Station.spec
        employees: int | None = column("职工", "Employees")

    open_store([Station]).desk(CITY).commit(arrived(), [checked(Station, [station(1, nozzles=4)])])
    assert open_store([Same]).desk(CITY).compare(checked(Same, [station(1, nozzles=4)])).unchanged.all()


def test_a_field_that_changed_its_type_is_refused_by_name(open_store):
    open_store(RECORDS)
    with pytest.raises(SchemaRefused) as refused:
        open_store([Changed])
    assert refused.value.dataset == "t_station"
    assert "capital: money → text" in refused.value.message.zh
    assert open_store(RECORDS).desk(CITY).frame("t_station").empty


def test_a_field_named_like_one_of_the_core_is_refused():
    class Bad(Record):
        spec = Spec("t_bad", zh="坏", en="Bad", subject="uscc")
        uscc: str = column("代码", "Code", key=True)
        batch_id: str = column("批次", "Batch")

    with pytest.raises(SchemaRefused, match="batch_id"):
        schema.bring_up_to_date(create_engine("sqlite://"), [Bad])


def test_a_store_of_a_newer_version_is_refused(open_store):
    store = open_store([Reading])
    with store._engine.connect() as connection:
        connection.execution_options(writes=True).execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(StoreRefused) as refused:
        open_store([Reading])
    assert refused.value.rule == "newer_store"
