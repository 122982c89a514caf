"""Copies out of a store what was known of it at the end of a past day, into a store of its own: see `cuts` for the rules.

The source may be either database and goes on working; the copy is always SQLite. What follows from records and events is not
made here: `pilotwatch.asof` does that with the product's own functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Connection, Table, delete, event, func, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, whole
from pilotwatch.store import engine as db
from pilotwatch.store.cuts import CUTS, before
from pilotwatch.store.metadata import metadata
from pilotwatch.store.records import PREFIX
from pilotwatch.store.retelling import retell
from pilotwatch.store.subjects import relist_subjects
from pilotwatch.workdays import BEIJING, end_of

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

Told = Callable[[Text, float], None]

#: Settings that follow from figures, and are made anew with them.
_OF_FIGURES = ("figures_day:", "risk:")


@dataclass(frozen=True)
class Edge:
    """Where a store is cut: the first moment after a day, in UTC."""

    day: date

    @property
    def end(self) -> datetime:
        return end_of(self.day) + timedelta.resolution


def cut(source: Store, target: Store, day: date, told: Told) -> int:
    """Fills the empty store `target` with what `source` knew at the end of a day; returns how many rows that are."""
    edge = Edge(day)
    _be_quick(target)
    with whole.one_state(source._engine) as reading, db.writing(target._engine) as writing:
        tables = {t.name: t for t in whole.tables(reading)}
        stored = {PREFIX + n: t for n, t in target._tables.items()}
        wanted = [t for n, t in tables.items() if (n in CUTS and not _is_empty(n)) or n in stored]
        rows = 0
        for n, table in enumerate(wanted):
            told(_COPYING.format(table=table.name), n / len(wanted))
            rows += _copy(reading, writing, table, tables, edge)
        told(_UNDOING, 1.0)
        _undo(writing, edge)
        _settle(writing, edge)
        retell(writing, day)
        for record, table in (target.dataset(d) for d in target.datasets):
            _restore_versions(writing, table)
            if record.spec.kind == "subject":
                everyone = bulk.read(writing, select(table.c.subject_id).distinct(), {"subject_id": pa.string()})
                relist_subjects(writing, record, table, everyone["subject_id"].to_numpy(zero_copy_only=False))
    return rows


def _is_empty(name: str) -> bool:
    rule = CUTS[name]
    return rule.kind in ("none", "made") or (rule.kind == "replayed" and not rule.of)


def _be_quick(target: Store) -> None:
    """What is being made can be made again: nothing waits for the disk."""

    @event.listens_for(target._engine, "connect")
    def relax(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    target._engine.dispose()


def _copy(reading: Connection, writing: Connection, table: Table, tables: Mapping[str, Table], edge: Edge) -> int:
    types = whole.arrow(table)
    if table.name in CUTS:
        where = CUTS[table.name].rows(table, tables, edge.end, edge.day)
    else:  # the rows of a record, by their batches
        batch = tables["batch"]
        known = select(batch.c.id).where(CUTS["batch"].rows(batch, tables, edge.end, edge.day))
        where = table.c.batch_id.in_(known)
    there = {r[1] for r in writing.exec_driver_sql(f"PRAGMA table_info({table.name})")}
    rows = 0
    for chunk in whole.chunks(reading, table, types, where=where):
        given = {n: chunk[n].combine_chunks() for n in chunk.column_names if n in there}
        bulk.insert(writing, table, given)
        rows += chunk.num_rows
    return rows


# --- what came into a row later -----------------------------------------------------------------------------------


def _undo(connection: Connection, edge: Edge) -> None:
    for name, rule in CUTS.items():
        table = metadata.tables[name]
        for moment, others in rule.undo.items():
            later = table.c[moment].is_not(None) & ~before(table.c[moment], edge.end, edge.day)
            emptied = {n: None if table.c[n].nullable else _plain(table, n) for n in (moment, *others)}
            connection.execute(update(table).where(later).values(emptied))


def _plain(table: Table, name: str) -> Any:
    """What a column that is never empty holds before anything was said."""
    return {"bool": False, "int": 0, "float": 0.0}.get(
        table.c[name].type.python_type.__name__, "{}" if name == "ticks" else ""
    )


#: What a row's state is by the moments that are left in it.
_STATES = {
    "draw": "CASE WHEN aborted_at IS NOT NULL THEN 'aborted' WHEN drawn_at IS NOT NULL THEN 'drawn' "
    "WHEN sealed_at IS NOT NULL THEN 'sealed' ELSE 'prepared' END",
    "visit_task": "CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN published_on IS NOT NULL THEN 'published' "
    "WHEN recorded_at IS NOT NULL THEN 'recorded' WHEN entered_at IS NOT NULL THEN 'entered' ELSE 'issued' END",
    "joint_plan": "CASE WHEN adopted_at IS NOT NULL THEN CASE state WHEN 'dropped' THEN state ELSE 'adopted' END "
    "WHEN EXISTS (SELECT 1 FROM plan_edit e WHERE e.plan_id = joint_plan.id AND e.act = 'drop') THEN 'dropped' ELSE 'draft' END",
}  # fmt: skip


def _settle(connection: Connection, edge: Edge) -> None:
    """States and the like that follow from the moments and events that are left."""
    run = connection.exec_driver_sql
    for table, state in _STATES.items():
        run(f"UPDATE {table} SET state = {state}")  # noqa: S608
    run("DELETE FROM drawn WHERE draw_id IN (SELECT id FROM draw WHERE drawn_at IS NULL)")
    run(
        "UPDATE plan_visit SET state = 'proposed' WHERE state = 'adopted' AND plan_id IN (SELECT id FROM joint_plan WHERE state = 'draft')"
    )
    run("UPDATE visit_task SET version = (SELECT count(*) FROM visit_event e WHERE e.subject_id = visit_task.subject_id AND e.task_id = visit_task.id), "
        "moved_at = max(issued_at, coalesce(entered_at, ''), coalesce(left_at, ''), coalesce(recorded_at, ''), coalesce(cancelled_at, ''))")  # fmt: skip
    run("UPDATE signal_alarm SET last_on = min(last_on, ?)", (edge.day.isoformat(),))
    run("UPDATE account SET password = ''")
    run("DELETE FROM object_link WHERE NOT EXISTS (SELECT 1 FROM object_link_event e WHERE e.link_id = object_link.id)")
    run("UPDATE object_link SET (verdict, decided_by, decided_at) = (SELECT CASE e.act WHEN 'confirm' THEN 'confirmed' "
        "WHEN 'refuse' THEN 'refused' ELSE '' END, e.by, e.at FROM object_link_event e WHERE e.link_id = object_link.id "
        "ORDER BY e.seq DESC LIMIT 1)")  # fmt: skip
    _settle_typical(connection)
    setting = metadata.tables["setting"]
    made = [
        k
        for k in connection.scalars(select(setting.c.key))
        if k.startswith(_OF_FIGURES) and not _holds(connection, setting, k, edge)
    ]
    connection.execute(delete(setting).where(setting.c.key.in_(made)))


#: What a typical case, or a version of one, is after an act.
_AFTER = "CASE e.act WHEN 'submit' THEN 'submitted' WHEN 'approve' THEN 'approved' WHEN 'return' THEN 'returned' WHEN 'withdraw' THEN 'withdrawn' ELSE 'draft' END"  # fmt: skip


def _settle_typical(connection: Connection) -> None:
    last = "FROM typical_event e WHERE e.typical_id = {of} {more} ORDER BY e.at DESC, e.id DESC LIMIT 1"
    of_case, of_version = (
        last.format(of="typical.id", more="{more}"),
        last.format(of="typical_version.typical_id", more="{more}"),
    )
    own = of_version.format(more="AND e.version = typical_version.version")
    shown = of_case.format(more="AND e.act IN ('approve', 'withdraw')")
    connection.exec_driver_sql(
        f"UPDATE typical SET state = coalesce((SELECT {_AFTER} {of_case.format(more='')}), 'draft'), "  # noqa: S608
        f"version = coalesce((SELECT max(e.version) FROM typical_event e WHERE e.typical_id = typical.id), version), "
        f"moves = (SELECT count(*) FROM typical_event e WHERE e.typical_id = typical.id), "
        f"shown = (SELECT CASE e.act WHEN 'approve' THEN e.version END {shown}), "
        f"shown_at = (SELECT CASE e.act WHEN 'approve' THEN e.at END {shown}), "
        f"adoptions = (SELECT count(*) FROM typical_adoption a WHERE a.typical_id = typical.id AND a.ended_at IS NULL)"
    )
    connection.exec_driver_sql(f"UPDATE typical_version SET state = coalesce((SELECT {_AFTER} {own}), 'draft')")  # noqa: S608


def _holds(connection: Connection, setting: Table, key: str, edge: Edge) -> bool:
    """Whether the facts that scores of a month rest on were settled for the month of the day already."""
    value = connection.scalar(select(setting.c.value).where(setting.c.key == key))
    return key.startswith("risk:") and f'"month": "{edge.day:%Y-%m}"' in (value or "")


# --- rows of records ----------------------------------------------------------------------------------------------


def _restore_versions(connection: Connection, table: Table) -> None:
    """Says of each version by which batch it was replaced then: the chain of a key are its rows that stood, in the order of
    their batches; a batch that had been withdrawn by then is in no chain."""
    name = table.name
    moved = f"SELECT record_key FROM {name} WHERE replaced_by IS NOT NULL"  # noqa: S608
    gone = "SELECT id FROM batch WHERE withdrawn_at IS NOT NULL"
    connection.exec_driver_sql(
        f"WITH chain AS (SELECT subject_id, id, lead(batch_id) OVER (PARTITION BY record_key ORDER BY batch_id, id) AS next FROM {name} "  # noqa: S608
        f"WHERE record_key IN ({moved}) AND batch_id NOT IN ({gone})) "
        f"UPDATE {name} SET replaced_by = chain.next FROM chain WHERE chain.subject_id = {name}.subject_id AND chain.id = {name}.id "
        f"AND {name}.replaced_by IS NOT chain.next"
    )
    connection.exec_driver_sql(
        f"UPDATE {name} SET replaced_by = batch_id WHERE batch_id IN ({gone}) AND replaced_by IS NOT batch_id"  # noqa: S608
    )


# --- what a copy is good for --------------------------------------------------------------------------------------


def state_of(source: Store, day: date) -> list[Any]:
    """What a copy of a past day is held against: the schema, the batches known by then, and how often something was removed
    for good or the store restored. Later uploads leave all of it as it is."""
    from pilotwatch.store import schema

    edge = Edge(day)
    batch, said = metadata.tables["batch"], metadata.tables["audit"]
    removed = or_(said.c.act.in_(("retention.remove", "store.restore")), said.c.act.startswith("personal.erase"))
    layouts = sorted((n, sorted(t.c.keys())) for n, t in source._tables.items())
    with db.reading(source._engine) as connection:
        batches = connection.scalar(select(func.count()).select_from(batch).where(batch.c.at < edge.end))
        withdrawn = connection.scalar(select(func.count()).select_from(batch).where(batch.c.withdrawn_at < edge.end))
        last = connection.scalar(select(func.max(said.c.number)).where(removed))
    return [schema.HEAD, _digest(layouts), batches, withdrawn, last or 0]


def first_day(source: Store) -> date | None:
    """The day of the first batch, in Beijing; None where there is none."""
    batch = metadata.tables["batch"]
    with db.reading(source._engine) as connection:
        at = connection.scalar(select(func.min(batch.c.at)))
    return at.astimezone(BEIJING).date() if at else None


def finish(target: Store) -> None:
    """Empties what the making left in the books, and puts all of the copy into its one file."""
    with db.writing(target._engine) as connection:
        for name in ("audit", "audit_head", "notice", "delivery", "serial"):
            connection.execute(delete(metadata.tables[name]))
        _mend_since(connection)
    with target._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _mend_since(connection: Connection) -> None:
    """From when a level has stood, where the rows of today don't say it: as its warning does, and the worst as the earliest."""
    run = connection.exec_driver_sql
    run("UPDATE subject_level SET since = w.since FROM warning w WHERE w.subject_id = subject_level.subject_id "
        "AND w.domain = subject_level.domain AND w.indicator = subject_level.indicator AND w.level = subject_level.level "
        "AND w.closed_at IS NULL AND w.since < subject_level.since")  # fmt: skip
    run("UPDATE subject_level SET since = b.since FROM (SELECT subject_id, domain, rank, min(since) AS since FROM subject_level "
        "WHERE indicator <> '*' AND rank <= 3 GROUP BY subject_id, domain, rank) b WHERE subject_level.indicator = '*' "
        "AND b.subject_id = subject_level.subject_id AND b.domain = subject_level.domain AND b.rank = subject_level.rank "
        "AND b.since < subject_level.since")  # fmt: skip


def _digest(value: Any) -> str:
    import hashlib

    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


_COPYING = Text("取出当日已知的数据：{table}", "Taking out what was known: {table}")
_UNDOING = Text("还原此后的改动", "Undoing what came later")
