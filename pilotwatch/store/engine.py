"""The two databases, and what differs between them: how a connection is set up, locked, and given many values.

SQLite is in WAL mode with `synchronous=FULL`: a commit the user was told of survives a power cut, not only a killed
process, and since commits are few and large the extra fsync isn't felt. A writer takes the write lock at its BEGIN, so
what it read can't have changed when it writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import Uuid

from pilotwatch.settings import settings
from pilotwatch.store import gate

#: What a transaction does last: gets what was gathered for it, returns what is to be done after the commit.
Ending = Callable[[Connection, list[Any]], Callable[[], None]]
_ENDS = "pilotwatch: done before the commit"
_KNOWN = "pilotwatch: known of what is written"

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=60000",  # a writer waits for a large commit of another to end
    "PRAGMA cache_size=-32768",  # KiB
    "PRAGMA temp_store=MEMORY",
)


def create(url: str) -> Engine:
    """An engine for the URL, set up; makes the folder of a SQLite file where it is absent. No error of it tells the values
    of a statement, which may be somebody's."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(url)
    else:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _one_shard_after_another)
    if not settings().foreign_keys:
        _without_keys(engine)
    return engine


def _one_shard_after_another(connection: Any, _record: Any) -> None:
    """On Citus, for the connection: a transaction that counted across the shards may then write to a table that every node
    has. Means nothing to any other PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SET citus.multi_shard_modify_mode TO 'sequential'")
    connection.commit()


def _without_keys(engine: Engine) -> None:
    """Makes tables without their foreign keys: for databases that know none."""
    compiler = engine.dialect.ddl_compiler
    none = {"visit_foreign_key_constraint": lambda *_args, **_options: None}
    engine.dialect.ddl_compiler = type("KeylessCompiler", (compiler,), none)


def _sqlite(url: str) -> Engine:
    Path(make_url(url).database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    sqlite3.register_adapter(type(None), {}.get)  # None to None: else the driver looks for one, for every empty cell
    engine = create_engine(url, connect_args={"timeout": 60}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begin` below says, DDL included
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the store for as long as it is open (on SQLite)."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, guarded: bool = True) -> Iterator[Connection]:
    """A transaction that writes: all of it at the end of the block, or nothing. Raises StoreRefused while the store is
    moved (see `gate`), unless it isn't `guarded`."""
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        info = connection.info
        ends: dict[Ending, list[Any]] = {}
        info[_ENDS], info[_KNOWN] = ends, {}
        try:
            with connection.begin():
                if guarded:
                    gate.demand_open(connection)
                yield connection
                after = [act(connection, given) for act, given in ends.items()]
        finally:
            info.pop(_ENDS, None)
            info.pop(_KNOWN, None)
        for act in after:
            act()


def gathered(connection: Connection, act: Ending) -> list[Any]:
    """A list to add to while the transaction of `writing` runs. `act(connection, list)` is the last thing done in it, when
    nothing else is left to be locked; what it returns is called once all is committed."""
    if _ENDS not in connection.info:
        raise RuntimeError("what is gathered is written at the end of `writing`: this connection isn't in one")
    return connection.info[_ENDS].setdefault(act, [])


def known(connection: Connection) -> dict[Any, Any]:
    """What the transaction of `writing` keeps in mind of what it wrote, so that it isn't read back; elsewhere nothing stays."""
    return connection.info.get(_KNOWN, {})


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def insert_new(connection: Connection, table: Table, **values: Any) -> None:
    """Adds a row, unless one of its key is there."""
    dialect = postgresql if is_postgres(connection) else sqlite
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


class Ids(Sequence[str]):
    """Ids that are asked for again and again: what SQLite is sent of them is made once."""

    def __init__(self, ids: Iterable[str]):
        self._ids = list(ids)

    def __getitem__(self, at: Any) -> Any:
        return self._ids[at]

    def __len__(self) -> int:
        return len(self._ids)

    @cached_property
    def as_json(self) -> str:
        """As SQLite has ids, in a JSON list."""
        return _json_ids(self._ids)


def among(connection: Connection, left: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """`left IN values` for any number of values, sent as one parameter."""
    if is_postgres(connection):
        return left == any_(bindparam(None, list(values), type_=ARRAY(left.type)))
    if isinstance(values, Ids):
        return left.in_(_listed(values.as_json))
    return left.in_(_listed(_json_ids(values)) if isinstance(left.type, Uuid) else _each(values))


def among_pairs(
    connection: Connection, first: ColumnElement[Any], second: ColumnElement[Any], firsts: Collection[str], seconds: Collection[str]
) -> ColumnElement[bool]:  # fmt: skip
    """The rows of a two-column key (ids; the second alone is unique) that are in two equally long lists.

    The second is compared as text, which no index serves: given both lists of n, a database would probe the key's index
    for each of the n² pairs.
    """
    if is_postgres(connection):
        return and_(
            among(connection, first, set(firsts)),
            cast(second, Text) == any_(bindparam(None, list(seconds), type_=ARRAY(Text()))),
        )
    return and_(among(connection, first, set(firsts)), cast(second, Text).in_(_listed(_json_ids(seconds))))


def _json_ids(ids: Collection[str]) -> str:
    """Ids, 36 characters or 32 digits each, as a JSON list of 32 digits: without a Python step for each."""
    return '["' + '","'.join(ids).replace("-", "") + '"]' if ids else "[]"


def _each(values: Collection[str]) -> Select[Any]:
    return _listed(json.dumps(list(values), ensure_ascii=False))


def _listed(values: str) -> Select[Any]:
    each = func.json_each(values).table_valued(column("value", String))
    return select(each.c.value)
