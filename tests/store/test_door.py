"""Nothing outside the store reaches a database: whoever wants rows asks a desk."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATABASES = {
    "sqlalchemy",
    "sqlite3",
    "psycopg",
    "alembic",
    "sqlmodel",
    "duckdb",
    "adbc_driver_sqlite",
    "adbc_driver_postgresql",
}
#: What the contract is made of: plain classes, no table, no session.
ALLOWED = {("pilotwatch/domain/records.py", "sqlmodel", name) for name in ("Field", "SQLModel")}
#: It tells in words what a database fails with, so it names their errors; it opens none.
NAMES_ERRORS = {("pilotwatch/failures.py", f"import {n}") for n in ("sqlite3", "psycopg", "sqlalchemy.exc")}
#: Names of the store that only the store may use.
INSIDE = {"_engine", "_connection", "_store", "_tables"}
#: The store's modules that others may import from; every other one is its own business.
OUTER_MODULES = {
    "model",
    "audit",
    "backup",
    "move",
    "personal",
    "retention",
    "scope",
    "desk",
    "store",
    "shelf",
    "warnings",
    "hotspots",
    "hot_points",
    "bounds",
    "days",
    "deliveries",
    "told",
    "leases",
    "news",
    "subscriptions",
    "lookup",
    "grades",
    "past",
    "scores",
    "contradictions",
    "signals",
    "cases",
    "case_lists",
    "case_reads",
    "ledger",
    "draws",
    "visit_tasks",
    "plans",
    "plan_means",
    "matters",
    "objects",
    "pilots",
    "policy",
    "approvals",
    "typical",
    "typical_reads",
    "briefs",
    "brief_jobs",
    "looking_back",
}
INNER_MODULES = {p.stem for p in (ROOT / "pilotwatch" / "store").glob("*.py")} - OUTER_MODULES
OUTSIDE_STORE = sorted(
    p
    for folder in ("pilotwatch", "ui", "pages", "domains", "app.py")
    for p in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
    if p.exists() and ROOT / "pilotwatch" / "store" not in p.parents
)
#: The core's own services that keep rows of theirs through a module of the store made for them.
SERVICES = {("pilotwatch/access", "registers")}


def bypasses(path: str, source: str) -> list[str]:
    """Where a module goes round the door: imports of a database library, or of the store's inner parts."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [(a.name.split(".")[0], a.name) for a in node.names]
            found += [
                f"import {full}"
                for root, full in names
                if root in DATABASES and (path, f"import {full}") not in NAMES_ERRORS
            ]
        elif isinstance(node, ast.ImportFrom) and node.module:
            root, *_ = node.module.split(".")
            names = {a.name for a in node.names}
            if root in DATABASES:
                found += [f"from {node.module} import {n}" for n in sorted(names) if (path, root, n) not in ALLOWED]
            inner = (
                {node.module.removeprefix("pilotwatch.store.")}
                if node.module.startswith("pilotwatch.store.")
                else set()
            )
            inner |= names if node.module == "pilotwatch.store" else set()
            inner &= INNER_MODULES
            found += [
                f"store.{m}" for m in sorted(inner) if not any(path.startswith(p) and m == s for p, s in SERVICES)
            ]
        elif isinstance(node, ast.Attribute) and node.attr in INSIDE and not _is_own(node):
            found.append(f".{node.attr}")
    return found


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


@pytest.mark.parametrize("path", OUTSIDE_STORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_outside_the_store_reaches_a_database(path):
    assert bypasses(str(path.relative_to(ROOT)), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import sqlite3",
        "from sqlalchemy import text",
        "import sqlalchemy.orm as o",
        "from sqlmodel import Session, select",
        "def f():\n    from pilotwatch.store import engine",
        "from pilotwatch.store.tables import Subject",
        "def f(store):\n    return store._engine.connect()",
        "desk._store",
    ],
)
def test_a_bypass_is_noticed(source):
    assert len(bypasses("pages/new.py", source)) >= 1


def test_the_store_knows_nothing_of_screens_or_domains():
    for path in (ROOT / "pilotwatch" / "store").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            assert not (module or "").startswith(
                ("streamlit", "domains", "ui", "pages", "pilotwatch.intake", "pilotwatch.figures")
            )
