"""The rules of the house, held by the tests: who imports whom, one door to the rows, words in both languages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _sources(*folders: str) -> list[Path]:
    return sorted(p for f in folders for p in (ROOT / f).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    """The modules a file imports, anywhere in it, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return found


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("path", _sources("pages"), ids=lambda p: p.name)
def test_a_page_imports_no_other_page_and_no_domain(path):
    assert not [n for n in _imports(path) if _within(n, "pages") or _within(n, "domains") or _within(n, "app")]


@pytest.mark.parametrize("path", _sources("pages"), ids=lambda p: p.name)
def test_a_page_begins_with_the_check_of_who_is_there(path):
    """A deep link runs the page before app.py: the first statement that is no import must be ui's begin."""
    body = ast.parse(path.read_text()).body
    first = next(n for n in body if not isinstance(n, ast.Import | ast.ImportFrom) and not _is_docstring(n))
    assert "begin(" in ast.unparse(first)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_the_core_and_the_pages_name_no_domain():
    from pilotwatch import registry

    names = "|".join(d.name for d in registry.load().domains)
    told = [
        f"{p.relative_to(ROOT)}: {line.strip()}"
        for p in _sources("pilotwatch", "pages", "ui")
        for line in p.read_text().splitlines()
        if re.search(rf"[\"'](?:{names})[\"']", line)
    ]
    assert told == []


def test_only_the_store_speaks_sql():
    """What a database can fail with may be named elsewhere, so that it can be told in words."""
    speaking = [
        str(p.relative_to(ROOT))
        for p in _sources("pilotwatch", "pages", "ui", "domains")
        if "store" not in p.parts
        and any(_within(n, "sqlalchemy") and not _within(n, "sqlalchemy.exc") for n in _imports(p))
    ]
    assert speaking == []


def test_the_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_is_fetched_at_run_time():
    """No address outside this machine is in what is served; addresses in words (licences, sources) are in docs and data."""
    told = [
        f"{p.relative_to(ROOT)}: {found}"
        for p in [*_sources("ui", "pages"), ROOT / "app.py", *(ROOT / "static").rglob("*")]
        if p.is_file() and p.suffix in (".py", ".css", ".js", ".json", ".html")
        for found in re.findall(r"https?://[^\s\"'<>)]+", p.read_text())
        if not re.match(r"https?://(127\.0\.0\.1|localhost|\{|www\.w3\.org)", found)
    ]
    assert told == []


def test_links_in_the_documents_lead_somewhere():
    broken = [
        f"{doc.relative_to(ROOT)}: {target}"
        for doc in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"]
        for target in re.findall(r"\]\(([^)#]+)\)", doc.read_text())
        if not target.startswith(("http", "mailto")) and not (doc.parent / target).exists()
    ]
    assert broken == []


def test_the_commands_that_the_readme_names_exist():
    from typer.main import get_command

    from pilotwatch.cli import app

    commands = set(get_command(app).commands)
    named = set(re.findall(r"pilotwatch ([a-z]+)", (ROOT / "README.md").read_text()))
    assert named <= commands
