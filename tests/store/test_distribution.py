"""What a distributed database asks of the store: the SQL that spreads it, and what no statement may use.

A real cluster isn't part of these tests: docs/beyond-one-machine.md says what was seen on one.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, MetaData, Table, UniqueConstraint, Uuid, text

from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM, StoreRefused, distribution, move
from pilotwatch.store.metadata import metadata
from pilotwatch.store.tables import PLACEMENT
from tests.store.made import RECORDS
from tests.store.test_schema import breaches

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    p for folder in ("pilotwatch", "ui", "pages", "domains") for p in (ROOT / folder).rglob("*.py")
)  # fmt: skip

#: What Citus refuses or does otherwise than one PostgreSQL (shared rules 3, 4 and 6), as it would be written here.
BANNED_SQL = {
    "grouping sets": r"\b(ROLLUP|CUBE|GROUPING SETS)\s*\(",
    "trigger": r"\bCREATE\s+(CONSTRAINT\s+)?TRIGGER\b",
    "advisory lock": r"\bpg_(try_)?advisory_",
    "recursion": r"\bWITH\s+RECURSIVE\b",
    "volatile update": r"\bUPDATE\b.*\b(random|gen_random_uuid|clock_timestamp)\s*\(",
    "session time zone": r"\bSET\s+(SESSION\s+|LOCAL\s+)?TIME\s?ZONE\b",
}
BANNED_NAMES = {
    "rollup",
    "cube",
    "grouping_sets",
    "constraint_name",
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "DDL",
}


def found(source: str) -> list[str]:
    """The banned means a module uses, in its texts (but its docstrings) or by name."""
    tree, told = ast.parse(source), []
    docstrings = {
        id(n.body[0].value)
        for n in ast.walk(tree)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef) and n.body and isinstance(n.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            told += [what for what, sql in BANNED_SQL.items() if re.search(sql, node.value, re.I | re.S)]
        elif isinstance(node, ast.Attribute) and node.attr in BANNED_NAMES:
            told.append(node.attr)
        elif isinstance(node, ast.keyword) and node.arg == "recursive":
            told.append("recursion")
    return told


def test_nothing_uses_what_a_distributed_database_refuses():
    told = {str(p.relative_to(ROOT)): found(p.read_text("utf-8")) for p in SOURCES}
    assert len(told) > 100 and {p: f for p, f in told.items() if f} == {}


@pytest.mark.parametrize(
    "source",
    [
        "q = 'SELECT a, sum(n) FROM t GROUP BY ROLLUP (a)'",
        "q = func.rollup(t.c.a)",
        "q = func.grouping_sets(t.c.a)",
        "op.execute('CREATE TRIGGER x AFTER INSERT ON t')",
        "c.exec_driver_sql('SELECT pg_try_advisory_lock(1)')",
        "func.pg_advisory_xact_lock(1)",
        "error.orig.diag.constraint_name",
        "select(t).cte(recursive=True)",
        "text('UPDATE t SET a = random()')",
        "text('SET TIME ZONE x')",
    ],
)
def test_a_banned_means_is_noticed(source):
    assert found(source)


def bad_tables() -> dict[str, Table]:
    """Tables that each break one rule, by what the lint must say."""
    plain = MetaData()

    def table(name, *parts, placed="distributed", key=("subject_id", "id")):
        columns = [Column(k, Uuid, primary_key=True) for k in key]
        return Table(name, plain, *columns, *parts, info={"placement": placed})

    large = table("large")
    local = table("local", placed="local", key=("id",))

    def pointing(name, to, columns, placed="distributed", **options):
        targets = [to.c[c] for c in columns.values()]
        made = table(name, *(Column(c, Uuid) for c in columns if c not in ("subject_id", "id")), placed=placed)
        made.append_constraint(
            ForeignKeyConstraint([made.c[c] for c in columns], targets, name=f"fk_{name}", **options)
        )
        return made

    return {
        "first in the primary key": table("a", key=("id", "subject_id")),
        "uq is unique without": table("b", Column("code", Uuid), UniqueConstraint("code", name="uq")),
        "ix is unique without": table("c", Column("code", Uuid), Index("ix", "code", unique=True)),
        "ix_d begins with": table("d", Column("other", Uuid), Index("ix_d", "other")),
        "changes by itself": table("e", Column("at", Integer, onupdate=1)),
        "numbered by the database": table("f", Column("n", Integer, autoincrement=True)),
        "filled in by the database": table("g", Column("n", Integer, server_default="1")),
        "points to a distributed table": pointing(
            "h", large, {"subject_id": "subject_id", "id": "id"}, placed="reference"
        ),
        "leaves the subject out": pointing("i", large, {"other": "id"}),
        "pairs the subject with": pointing("j", large, {"subject_id": "id", "id": "subject_id"}),
        "points to a local table": pointing("k", local, {"id": "id"}),
        "changes what points to it": pointing(
            "l", large, {"subject_id": "subject_id", "id": "id"}, ondelete="SET NULL"
        ),
    }


@pytest.mark.parametrize("told", bad_tables())
def test_the_lint_finds_each_planted_breach(told):
    assert any(told in b for b in breaches(bad_tables()[told]))


def test_the_sql_spreads_reference_tables_first_and_puts_the_keys_on_last():
    names = [t.name for t in metadata.sorted_tables] + ["rec_t_station"]
    sql = distribution.statements(names)
    assert sql[0] == "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"
    kinds = [re.match(r"SET|ALTER.* (DROP|ADD)|SELECT create_(reference|distributed)", s)[0].split()[-1] for s in sql]
    order = [k for n, k in enumerate(kinds) if k != kinds[n - 1]]
    assert order == ["SET", "DROP", "create_reference", "create_distributed", "ADD"]
    made = {m[2]: m[1] for s in sql if (m := re.match(r"SELECT create_(\w+)_table\('(\w+)'", s))}
    assert made == {n: PLACEMENT.get(n, "distributed") for n in names if PLACEMENT.get(n) != "local"}
    first = next(s for s in sql if "create_distributed" in s)
    assert first == "SELECT create_distributed_table('subject', 'subject_id')"
    assert "SELECT create_distributed_table('rec_t_station', 'subject_id', colocate_with => 'subject')" in sql


def test_what_is_spread_already_is_left_alone(monkeypatch):
    names = [t.name for t in metadata.sorted_tables]
    assert distribution.statements(names, done=names) == []
    left = distribution.statements(names, done=set(names) - {"warning"})
    assert left[1:] == ["SELECT create_distributed_table('warning', 'subject_id', colocate_with => 'subject')"]
    monkeypatch.setattr(settings(), "foreign_keys", False)
    assert not any(" ADD CONSTRAINT " in s for s in distribution.statements(names))


def test_without_citus_only_the_sql_is_printed(open_store):
    store = open_store(RECORDS)
    sql = move.spread(store.desk(SYSTEM), dry=True)
    assert any("rec_t_reading" in s for s in sql) and "'account'" in " ".join(sql)
    with store._engine.connect() as connection:
        assert not distribution.is_citus(connection) and not distribution.is_distributed(connection)
    with pytest.raises(StoreRefused) as refused:
        move.spread(store.desk(SYSTEM))
    assert refused.value.rule == "no_citus"


@pytest.mark.postgres
def test_the_sql_for_the_keys_is_sql_that_postgresql_takes(open_store, store_url):
    if store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's own")
    with open_store([])._engine.begin() as connection:
        keys = distribution.foreign_keys()
        for key in keys:
            connection.execute(text(distribution.drop(key)))
        assert len(distribution.missing_keys(connection)) == len(keys) > 4
        for statement in distribution.missing_keys(connection):
            connection.execute(text(statement))
        assert distribution.missing_keys(connection) == []
