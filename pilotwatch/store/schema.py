"""Brings a store's tables up to date when it is opened: the core's by migration, the records' by derivation.

Both happen in one transaction under one lock, so that two processes that start at once don't meet; when nothing is to
do it is two short reads.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, Table, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from pilotwatch.domain import ContractError, Record, Text
from pilotwatch.store import engine as db
from pilotwatch.store.model import SchemaRefused
from pilotwatch.store.records import layout
from pilotwatch.store.tables import Dataset

#: The newest migration of the core's tables (a test compares it with the folder).
HEAD = "0002"

_MIGRATIONS = "pilotwatch.store:migrations"
_datasets = Dataset.__table__


def bring_up_to_date(engine: Engine, tables: Mapping[str, Table], records: Sequence[type[Record]]) -> None:
    """Migrates the core's tables and creates or widens the records'; raises SchemaRefused where one doesn't fit."""
    wanted = {r.spec.dataset: _layout(r) for r in records}
    with db.reading(engine) as connection:
        if _revision(connection) == HEAD and _stored(connection).items() >= wanted.items():
            return
    for attempt in range(5):
        try:
            with db.writing(engine) as connection:
                _lock(connection)
                _migrate(connection)
                _grow(connection, tables, wanted)
            return
        except DBAPIError as error:
            # the very first start of two processes: CREATE TABLE IF NOT EXISTS of the lock itself can collide
            if attempt == 4 or getattr(error.orig, "sqlstate", None) not in ("23505", "42P07"):
                raise
            time.sleep(0.1 * 2**attempt)


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


def _stored(connection: Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(select(_datasets.c.name, _datasets.c.columns))
    return {name: json.loads(columns) for name, columns in rows}


def _lock(connection: Connection) -> None:
    """Lets one process at a time change the schema. SQLite's writers are alone anyhow."""
    if db.is_postgres(connection):
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_lock (one integer)")
        connection.exec_driver_sql("LOCK TABLE schema_lock IN ACCESS EXCLUSIVE MODE")


def _migrate(connection: Connection) -> None:
    if _revision(connection) == HEAD:
        return
    from alembic import command  # only when there is something to migrate: it takes a while to import
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


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
