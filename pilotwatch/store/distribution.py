"""The store on Citus: every table where `PLACEMENT` says it belongs, by the calls that a distributed PostgreSQL knows.

    create_reference_table(t)                        a copy on every node
    create_distributed_table(t, 'subject_id')        spread by subject; all of one subject's rows lie together
    (nothing)                                        local to the coordinator

In one transaction, one shard after another, with the foreign keys taken off before and put on again after: done with keys on,
a reference table would pull the tables that point to it along. Done again, it does what is left to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, ForeignKeyConstraint, Table, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint

from pilotwatch.settings import settings
from pilotwatch.store import engine as db
from pilotwatch.store.metadata import metadata
from pilotwatch.store.records import PREFIX
from pilotwatch.store.tables import PLACEMENT, Dataset, Placement

KEY = "subject_id"
SEQUENTIAL = "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"
#: The table that the others are put beside, so that a subject's rows of all tables lie on one node.
FIRST = "subject"


def placement(name: str) -> Placement:
    """What a table is on a distributed database; KeyError for one that isn't the store's."""
    return "distributed" if name.startswith(PREFIX) else PLACEMENT[name]


def is_citus(connection: Connection) -> bool:
    if not db.is_postgres(connection):
        return False
    return bool(connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'citus'").scalar())


def is_distributed(connection: Connection) -> bool:
    """Whether the store was spread over a cluster."""
    return is_citus(connection) and FIRST in placed(connection)


def placed(connection: Connection) -> set[str]:
    """The tables that are distributed or on every node already."""
    rows = connection.exec_driver_sql(
        "SELECT logicalrelid::regclass::text FROM pg_dist_partition WHERE partmethod <> 'n' OR repmodel = 't'"
    )
    return {name.strip('"') for (name,) in rows}


def sequential(connection: Connection) -> None:
    """One shard after another, for a transaction that changes tables; means nothing elsewhere than on Citus."""
    if db.is_postgres(connection):
        connection.exec_driver_sql(SEQUENTIAL)


def names(connection: Connection) -> list[str]:
    """The tables of the store: the core's, and one for each dataset."""
    datasets = connection.scalars(select(Dataset.__table__.c.name).order_by("name"))
    return [t.name for t in metadata.sorted_tables] + [PREFIX + d for d in datasets]


def statements(tables: Iterable[str], done: Collection[str] = ()) -> list[str]:
    """The SQL that puts each table where it belongs, of those that aren't yet; [] where nothing is left to do."""
    left = [n for n in tables if placement(n) != "local" and n not in done]
    if not left:
        return []
    keys = [k for k in foreign_keys() if {k.table.name, k.referred_table.name} & set(left)]
    return [SEQUENTIAL, *map(drop, keys), *_creations(left), *(add(k) for k in keys if settings().foreign_keys)]


def _creations(left: Collection[str]) -> Iterable[str]:
    yield from (f"SELECT create_reference_table('{n}')" for n in left if placement(n) == "reference")
    for name in sorted((n for n in left if placement(n) == "distributed"), key=lambda n: n != FIRST):
        beside = "" if name == FIRST else f", colocate_with => '{FIRST}'"
        yield f"SELECT create_distributed_table('{name}', '{KEY}'{beside})"


def distribute(connection: Connection) -> list[str]:
    """Spreads what isn't yet, in the caller's transaction; returns what was run."""
    todo = statements(names(connection), placed(connection))
    for statement in todo:
        connection.exec_driver_sql(statement)
    return todo


def distribute_if_citus(connection: Connection, *, new: bool = False) -> None:
    """Brings tables that a migration or a new dataset made to where they belong, where the others are spread already. A
    `new` store is spread at once where there is Citus; one that grew on it waits for `pilotwatch distribute`."""
    if is_distributed(connection) or (new and is_citus(connection)):
        distribute(connection)


def left_behind(connection: Connection, names: Iterable[str]) -> list[str]:
    """Those of the tables that still have, on the coordinator, the rows they had before they were spread."""
    there = placed(connection)
    sizes = {n: connection.exec_driver_sql(f"SELECT pg_relation_size('{n}')").scalar() for n in names if n in there}
    return [n for n, size in sizes.items() if size]


# --- foreign keys --------------------------------------------------------------------------------------------------


def foreign_keys() -> list[ForeignKeyConstraint]:
    """All of the store, in the order of their tables; records' tables have none."""
    found: list[ForeignKeyConstraint] = []
    for table in metadata.sorted_tables:
        found += sorted(table.foreign_key_constraints, key=lambda k: str(k.name))
    return found


def missing_keys(connection: Connection) -> list[str]:
    """The SQL that puts on the foreign keys that aren't there; none where the installation goes without."""
    if not settings().foreign_keys:
        return []
    there = set(connection.exec_driver_sql("SELECT conname FROM pg_constraint WHERE contype = 'f'").scalars())
    return [add(k) for k in foreign_keys() if k.name not in there]


def drop(key: ForeignKeyConstraint) -> str:
    return f"ALTER TABLE {_name(key.table)} DROP CONSTRAINT IF EXISTS {key.name}"


def add(key: ForeignKeyConstraint) -> str:
    return str(AddConstraint(key, isolate_from_table=False).compile(dialect=postgresql.dialect())).strip()


def _name(table: Table) -> str:
    return postgresql.dialect().identifier_preparer.format_table(table)
