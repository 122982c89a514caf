"""Brings a store's tables up to date when it is opened: the core's by migration, the records' by derivation.

Both happen in one transaction under one lock, so that two processes that start at once don't meet; when nothing is to
do it is two short reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from pilotwatch.domain import ContractError, Record, Text
from pilotwatch.store import distribution, gate
from pilotwatch.store import engine as db
from pilotwatch.store.model import SchemaRefused, StoreRefused
from pilotwatch.store.records import layout, tables_of
from pilotwatch.store.tables import Dataset

#: The newest migration of the core's tables (a test compares it with the folder).
HEAD = "0025"

#: What a store says it is at while a move fills it.
HALF_MOVED = "moving"
_LEASES = "0007"  # the migration that made the table

_MIGRATIONS = "pilotwatch.store:migrations"
_datasets = Dataset.__table__


def bring_up_to_date(engine: Engine, records: Sequence[type[Record]]) -> dict[str, Table]:
    """Migrates the core's tables, creates or widens the records' and returns these by dataset.

    Raises SchemaRefused where a record can't have a table, or doesn't fit the one it has.
    """
    wanted = {r.spec.dataset: _layout(r) for r in records}
    tables = tables_of(records)
    with db.reading(engine) as connection:
        if _revision(connection) == HEAD and _holds(_stored(connection), wanted):
            return tables
    _make_lock(engine)
    with db.writing(engine, guarded=False) as connection:
        _lock(connection)
        _demand_open(connection)
        distribution.sequential(connection)
        new = _revision(connection) is None
        _migrate(connection)
        _grow(connection, tables, wanted)
        distribution.distribute_if_citus(connection, new=new)
    return tables


def _demand_open(connection: Connection) -> None:
    """Raises StoreRefused where a move has the store: at its source, or because this is its target and not whole yet."""
    revision = _revision(connection)
    if revision == HALF_MOVED:
        raise StoreRefused("half_moved", _HALF)
    if revision is not None and revision >= _LEASES:
        gate.demand_open(connection)


def _holds(stored: Mapping[str, Mapping[str, str]], wanted: Mapping[str, Mapping[str, str]]) -> bool:
    return all(stored.get(dataset, {}).items() >= columns.items() for dataset, columns in wanted.items())


def _layout(record: type[Record]) -> dict[str, str]:
    try:
        return layout(record)
    except ContractError as error:
        raise SchemaRefused(
            record.spec.dataset,
            Text(
                "“{title}”（{dataset}）的字段定义不符合要求：{why}。请修改该领域的定义。",
                "The fields of “{title}” ({dataset}) are not declared as they must be: {why}. Change the domain's declaration.",
            ).format(title=record.spec.title, dataset=record.spec.dataset, why=str(error)),
        ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def set_revision(connection: Connection, revision: str) -> None:
    """Says what the tables are at, whatever they are."""
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _stored(connection: Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(select(_datasets.c.name, _datasets.c.columns))
    return {name: json.loads(columns) for name, columns in rows}


def _make_lock(engine: Engine) -> None:
    """The table whose lock lets one process at a time change the schema; SQLite's writers are alone anyhow."""
    if engine.dialect.name != "postgresql":
        return
    try:
        with db.writing(engine, guarded=False) as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_lock (one integer)")
    except DBAPIError as error:  # two at once: IF NOT EXISTS looks before it makes, so the later one can still collide
        if getattr(error.orig, "sqlstate", None) not in ("23505", "42P07"):
            raise


def _lock(connection: Connection) -> None:
    if db.is_postgres(connection):
        connection.exec_driver_sql("LOCK TABLE schema_lock IN ACCESS EXCLUSIVE MODE")


def _migrate(connection: Connection) -> None:
    revision = _revision(connection)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise StoreRefused("newer_store", _NEWER.format(theirs=revision, ours=HEAD))
    _upgrade(connection, "head")


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # only when there is something to migrate: it takes a while to import
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _grow(connection: Connection, tables: Mapping[str, Table], wanted: Mapping[str, Mapping[str, str]]) -> None:
    stored = _stored(connection)
    for dataset, columns in wanted.items():
        table, before = tables[dataset], stored.get(dataset)
        if before is None:
            _create(connection, table)
            connection.execute(_datasets.insert().values(name=dataset, version=0, columns=json.dumps(columns)))
        elif before != columns:
            _refuse_changed(table, before, columns)
            for name in columns.keys() - before.keys():
                _add(connection, table, name)
            kept = json.dumps({**before, **columns})
            connection.execute(_datasets.update().where(_datasets.c.name == dataset).values(columns=kept))


def _create(connection: Connection, table: Table) -> None:
    connection.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        connection.execute(CreateIndex(index))


def _add(connection: Connection, table: Table, name: str) -> None:
    quoted = connection.dialect.identifier_preparer.format_table(table)
    column = CreateColumn(table.c[name]).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {column}")


def _refuse_changed(table: Table, before: Mapping[str, str], columns: Mapping[str, str]) -> None:
    record: type[Record] = table.info["record"]
    changed = [n for n, kept in columns.items() if before.get(n, kept) != kept]
    if changed:
        told = "; ".join(f"{n}: {before[n]} → {columns[n]}" for n in changed)
        raise SchemaRefused(
            record.spec.dataset,
            Text(
                "“{title}”（{dataset}）的字段改变了存储类型（{told}），与已入库数据不符。请恢复原类型，或改用新的字段名。",
                "Fields of “{title}” ({dataset}) changed the type they are stored as ({told}), which doesn't fit what is stored. "
                "Give them back their type, or use a new name.",
            ).format(title=record.spec.title, dataset=record.spec.dataset, told=told),
        )


_HALF = Text(
    "这个数据库正在接收迁移的数据，还不完整，暂不能使用。请等迁移完成；如果迁移已中断，请重新运行同一条 pilotwatch move 命令，它会接着做。",
    "This store is the target of a move and isn't whole yet. Wait for the move's end; if it was interrupted, run the same "
    "pilotwatch move again: it goes on where it was.",
)
_NEWER = Text(
    "数据库由更新版本的程序建立（结构 {theirs}，本程序为 {ours}）。请升级程序后再打开，不要用旧版本写入。",
    "The store was made by a newer version (schema {theirs}; this program knows {ours}). Upgrade the program before opening it.",
)
