"""A store, moved to another database: SQLite to PostgreSQL, back, or to another server; spread where Citus is found.

    close the source to writers → make the tables → copy, chunk by chunk → foreign keys, statistics → compare → say so

What was copied is noted at the target, in the transaction that copies it, so a move that was killed goes on where it was.
The source stays readable all the while. It takes writes again where the move fails, and ten minutes after it was killed;
what was written meanwhile is found by its sums, and those tables are copied anew. Once all is the same at both, the source
stays closed for good, so that nobody goes on writing to the old one.

Log-ins aren't moved, nor are the kept files: they lie in a folder, see `pilotwatch.store.files`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, event, inspect, make_url, select
from sqlalchemy.schema import DropTable

from pilotwatch.domain import Text
from pilotwatch.store import audit, bulk, distribution, files, gate, schema, whole
from pilotwatch.store import engine as db
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.move_state import Progress, Sums, begin, end, found_id, start, sums_of
from pilotwatch.store.records import PREFIX, tables_of
from pilotwatch.store.source import Source, closed
from pilotwatch.store.tables import KeptFile

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

Told = Callable[[Text, float], None]


@dataclass(frozen=True)
class Compared:
    """One table that is the same at both: its rows, and over how many days their sums were compared (1: as a whole)."""

    table: str
    rows: int
    days: int


@dataclass(frozen=True)
class Moved:
    """A move that is done: where to (without a password), what was compared, what an earlier run had copied already."""

    url: str
    tables: tuple[Compared, ...]
    before: int
    distributed: bool

    @property
    def rows(self) -> int:
        return sum(t.rows for t in self.tables)


def move(desk: Desk, url: str, told: Told | None = None) -> Moved:
    """Copies the whole store to the URL, where there must be nothing but what an earlier run of this move left.

    Raises StoreRefused, with the source open to writers again.
    """
    store, told = whole.store_of(desk, _NOT_YOURS), told or (lambda _step, _share: None)
    target = db.create(url)
    if target.dialect.name == "sqlite":  # its keys can't be taken off and put on: they rest while the rows come
        event.listen(target, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        _refuse_itself(store._engine, target)
        with db.reading(target) as connection:
            move_id = found_id(connection)
        with closed(store._engine, move_id or uuid4().hex) as source:
            before = _make(source, target, store)
            if not source.unbroken:
                _forget_what_changed(source, target)
            for n, table in enumerate(source.tables):
                told(_COPYING.format(table=table.name), 0.7 * n / len(source.tables))
                _copy(source, target, table)
            told(_KEYS, 0.7)
            spread = _complete(target)
            compared = [
                _compare(target, t, told, 0.7 + 0.3 * n / len(source.tables)) for n, t in enumerate(source.tables)
            ]
            source.close_for_good()
            made = Moved(make_url(url).render_as_string(), tuple(compared), before, spread)
            _hand_over(target, desk, store, made)
        told(_DONE, 1.0)
        return made
    finally:
        target.dispose()


def abort(desk: Desk) -> bool:
    """Lets the store take writes again; returns whether it was closed."""
    with db.writing(whole.store_of(desk, _NOT_YOURS)._engine, guarded=False) as connection:
        return gate.open_again(connection)


def spread(desk: Desk, *, dry: bool = False) -> list[str]:
    """Spreads the store over the Citus cluster it is on; returns the SQL. `dry`: only that, on any database.

    Raises StoreRefused where there is no Citus.
    """
    engine = whole.store_of(desk, _NOT_YOURS)._engine
    with db.reading(engine) as connection:
        citus, names = distribution.is_citus(connection), distribution.names(connection)
        if dry:
            return distribution.statements(names, distribution.placed(connection) if citus else ())
        if not citus:
            raise StoreRefused("no_citus", _NO_CITUS)
    with db.writing(engine) as connection:
        schema._lock(connection)
        done = distribution.distribute(connection)
    with db.writing(engine) as connection:
        for name in distribution.left_behind(connection, names):
            connection.exec_driver_sql(f"SELECT truncate_local_data_after_distributing_table('{name}')")
    return done


def copy_files(desk: Desk, folder: Path, told: Told | None = None) -> tuple[int, int]:
    """Copies the kept files that aren't there yet into another folder, each held against its SHA-256; returns how many
    are there now, and how many of the store's were gone before."""
    store = whole.store_of(desk, _NOT_YOURS)
    with db.reading(store._engine) as connection:
        kept = connection.scalars(select(KeptFile.__table__.c.sha256).order_by("sha256")).all()
    gone = 0
    for n, digest in enumerate(kept):
        (told or (lambda _step, _share: None))(_FILES, n / len(kept))
        path = files.path_of(store.files, digest)
        if not path.is_file():
            gone += 1
        elif files.keep(folder, path)[0] != digest:
            raise StoreRefused("damaged_file", _DAMAGED.format(file=digest))
    return len(kept) - gone, gone


# --- the steps -----------------------------------------------------------------------------------------------------


def _refuse_itself(source: Engine, target: Engine) -> None:
    if source.url.set(query={}) == target.url.set(query={}):
        raise StoreRefused("same_place", _SAME)


def _make(source: Source, target: Engine, store: Store) -> int:
    """The tables at the target, as far as they aren't there; returns how many rows an earlier run has copied."""
    declared = {PREFIX + n: t for n, t in tables_of(store.records.values()).items()}
    schema._make_lock(target)
    with db.writing(target, guarded=False) as connection:
        schema._lock(connection)
        distribution.sequential(connection)
        if found_id(connection) is None:
            _demand_empty(connection)
            schema._upgrade(connection, "head")
            for table in source.tables:
                if not table.name.startswith(PREFIX):
                    connection.execute(table.delete())  # what a migration put into it comes from the source
            schema.set_revision(connection, schema.HALF_MOVED)
            begin(connection, source.holder)
        for table in source.tables:
            if table.name.startswith(PREFIX):
                _make_record(connection, table, declared.get(table.name))
            start(connection, table.name)
        if distribution.is_citus(connection):
            names = [t.name for t in source.tables] + sorted(whole.LEFT_OUT)
            for statement in distribution.statements(names, distribution.placed(connection)):
                connection.exec_driver_sql(statement)
        if db.is_postgres(connection):
            for key in distribution.foreign_keys():
                connection.exec_driver_sql(distribution.drop(key))
        return Progress.copied(connection)


def _demand_empty(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names()) - {"schema_lock"}
    if there:
        raise StoreRefused("store_there", _THERE.format(table=min(there), n=len(there)))


def _make_record(connection: Connection, table: Table, declared: Table | None) -> None:
    """A record's table, made; made anew where it was given more columns since an earlier run."""
    if inspect(connection).has_table(table.name):
        if {c["name"] for c in inspect(connection).get_columns(table.name)} == set(table.c.keys()):
            return
        connection.execute(DropTable(table))
        Progress.of(connection, table).forget(connection)
    whole.make(connection, table, table.info["stored"], declared)


def _copy(source: Source, target: Engine, table: Table) -> None:
    with db.reading(target) as connection:
        progress = Progress.of(connection, table)
    if progress.done:
        return
    for chunk in source.chunks(table, progress.last):
        source.demand_closed()
        with db.writing(target, guarded=False) as connection:
            if chunk.num_rows:
                bulk.insert(connection, table, {c: chunk[c].combine_chunks() for c in chunk.column_names})
            progress.add(connection, table, chunk)


def _forget_what_changed(source: Source, target: Engine) -> None:
    """Empties, at the target, the tables whose rows were changed at the source since an earlier run read them."""
    for table in source.tables:
        with db.reading(target) as connection:
            progress = Progress.of(connection, table)
        if progress.rows and progress.sums != _first(source, table, progress.rows):
            _empty(target, table)
        elif progress.done:  # rows may have come behind those
            with db.writing(target, guarded=False) as connection:
                progress.reopen(connection)


def _first(source: Source, table: Table, rows: int) -> Sums:
    """The sums of the source's first rows, in the order of their key."""
    found = Sums()
    for chunk in source.chunks(table):
        part = chunk.slice(0, rows - found.rows)
        found.add(table, part)
        if found.rows == rows:
            break
    return found


def _empty(target: Engine, table: Table) -> None:
    with db.writing(target, guarded=False) as connection:
        connection.execute(table.delete())
        Progress.of(connection, table).forget(connection)


def _complete(target: Engine) -> bool:
    """Foreign keys and statistics; returns whether the store is spread."""
    with db.writing(target, guarded=False) as connection:
        if not db.is_postgres(connection):
            return False
        distribution.sequential(connection)
        for statement in distribution.missing_keys(connection):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("ANALYZE")
        return distribution.is_distributed(connection)


def _compare(target: Engine, table: Table, told: Told, share: float) -> Compared:
    """Reads the table at the target, all of it, and holds it against what was read at the source."""
    told(_COMPARING.format(table=table.name), share)
    with whole.one_state(target) as connection:
        wanted = Progress.of(connection, table).sums
        found = sums_of(connection, table)
    if found != wanted:
        day = min(d for d in {*found.days, *wanted.days} if found.days.get(d) != wanted.days.get(d))
        _empty(target, table)
        raise StoreRefused("moved_wrong", _WRONG.format(
            table=table.name, day=day or "–", rows=found.days.get(day, (0, 0))[0], of=wanted.days.get(day, (0, 0))[0]
        ))  # fmt: skip
    return Compared(table.name, found.rows, max(len(found.days), 1))


def _hand_over(target: Engine, desk: Desk, store: Store, made: Moved) -> None:
    """The target becomes a store like any other."""
    target.update_execution_options(anchors=str(store.files.parent / "anchors"))
    with db.writing(target, guarded=False) as connection:
        end(connection)
        schema.set_revision(connection, schema.HEAD)
        details = {"from": store._engine.dialect.name, "tables": len(made.tables), "rows": made.rows}
        audit.append(connection, desk.person.username, "store.move", target.dialect.name, details)


_COPYING = Text("复制 {table}", "Copying {table}")
_KEYS = Text("补建外键，更新统计信息", "Foreign keys and statistics")
_COMPARING = Text("核对 {table}", "Comparing {table}")
_FILES = Text("复制原始文件", "Copying kept files")
_DONE = Text("完成", "Done")
_SAME = Text(
    "目标就是当前数据库。请用 --to 指定另一个数据库。",
    "The target is the store itself. Give another database with --to.",
)
_THERE = Text(
    "目标数据库里已有 {n} 张表（如 {table}），不是空库，也不是本次迁移留下的。迁移不会覆盖任何数据：请换一个空的数据库。",
    "The target has {n} tables already (such as {table}): it is not empty, nor what this move left there. Nothing is "
    "overwritten: give an empty database.",
)
_WRONG = Text(
    "迁移后的表 {table}（日期 {day}）与原库不一致（{rows} 行，应为 {of} 行）。该表已清空，原库未变；请重新运行，它会只补这张表。",
    "Table {table} (day {day}) came out other than it is at the source ({rows} rows of {of}). It was emptied, the source is "
    "as it was; run the move again, and only this table is copied.",
)
_DAMAGED = Text(
    "原始文件 {file} 的内容与登记的摘要不符，未复制。请从备份恢复这个文件后重试。",
    "The kept file {file} is no longer what was kept. Restore it from a backup and try again.",
)
_NO_CITUS = Text(
    "这个数据库没有 Citus 扩展，无法分布。请先在协调节点上 CREATE EXTENSION citus 并加入工作节点（见 docs/beyond-one-machine.md）；"
    "只想看语句可用 --dry-run。",
    "This database has no Citus. First CREATE EXTENSION citus on the coordinator and add the workers (see "
    "docs/beyond-one-machine.md); --dry-run only prints the SQL.",
)
_NOT_YOURS = Text(
    "迁移涉及全部数据，只能由运维人员在服务器上执行。",
    "A move takes everything: only the operator at the machine does it.",
)
