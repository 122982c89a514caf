"""Every way out of the house: what leaves by a page or a command holds nothing foreign, says who took it and when, and is a
line of the audit.

The ways out are found in the code: each `st.download_button` of the screens, each file that a command writes. One that the
matrix below doesn't reach, and that isn't named here with its reason, fails `test_every_way_out_is_tried`.
"""

from __future__ import annotations

import ast
import io
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import streamlit as st

from pilotwatch import disposal, warnings
from pilotwatch.settings import ROOT
from pilotwatch.store import StoreRefused, draws, visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from pilotwatch.warnings import Filter
from ui import inspection, screen
from ui.screen import PAGES

#: What is reached by no account of a small demo city, since it needs a file that somebody handed in, a test of hot spots, or
#: something that was issued: file:label → the test that has it.
ELSEWHERE = {
    "ui/hotspots/how.py:f'hotspots.take_{form}'": "tests/hotspots/test_export.py::test_a_leader_takes_out_the_places_of_the_own_unit_alone",
    "ui/brief/kept.py:f'brief.kept_{kind}'": "tests/brief/test_kept.py::test_what_was_issued_is_kept_byte_for_byte",
    "ui/typical/one.py:f'typical.take_{kind}'": "tests/typical/test_typical.py::test_what_is_published_is_read_everywhere",
    "ui/why.py:why.download": "tests/security/test_attacks.py::test_an_original_file_goes_only",
    "ui/history.py:upload.original": "tests/security/test_attacks.py::test_an_original_file_goes_only",
    "ui/history.py:upload.return": "tests/pages/test_upload.py::",
    "ui/upload.py:upload.return": "tests/pages/test_upload.py::",
    "ui/upload.py:upload.mended_get": "tests/pages/test_upload.py::",
    "ui/cases/one.py:file['name']": "tests/pages/test_cases.py::",
    "ui/inspection/draws.py:draws.slip": "tests/pages/test_draws.py::test_whoever_prepared_a_draw_is_told",
    "ui/accounts/workbook.py:accounts.workbook_get": "tests/pages/test_accounts.py::test_a_workbook_of_accounts_is_judged",
}
#: What bears no mark and makes no line, and why it need not.
BARE = {
    "ui/upload.py:upload.template_get": "an empty form, the same for everybody",
    "ui/accounts/workbook.py:accounts.workbook_template": "an empty form",
    "ui/inspection/draws.py:draws.script": "the program that verifies draws, published",
}
#: What makes a line but can't bear a mark.
UNMARKED = {
    "ui/inspection/draws.py:draws.file": "whoever makes the draw again needs the document as it is",
    "ui/inspection/draws.py:draws.file_public": "published",
}

#: What the city office doesn't reach, and who does; it reaches everything else.
OTHERS = {"ui/accounts/workbook.py:accounts.workbook_template": "admin", "ui/audit/__init__.py:audit.export": "auditor"}


# --- what there is -------------------------------------------------------------------------------------------------


def _sites() -> dict[tuple[str, int], str]:
    """(file, line) of each call, every line of it → file:label, as the matrix names it."""
    found = {}
    for path in (p for folder in ("ui", "pages") for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("download_button"):
                label = node.args[0] if node.args else node.keywords[0].value
                inner = label.args[0] if isinstance(label, ast.Call) and label.args else label
                name = (
                    f"{path.relative_to(ROOT)}:{inner.value if isinstance(inner, ast.Constant) else ast.unparse(inner)}"
                )
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found[str(path), line] = name
    return found


SITES = _sites()


class Taken:
    """What the pages offer, in place of Streamlit's own button: where, called what, and what is handed out."""

    def __init__(self) -> None:
        self.offers: list[tuple[str, str, Any]] = []

    def __call__(self, label: str, data: Any = None, file_name: str | None = None, **_: Any) -> bool:
        frame = sys._getframe(1)
        name = SITES[frame.f_code.co_filename, frame.f_lineno]
        self.offers.append((name, file_name or label, data))
        return False


def _bytes(data: Any) -> bytes:
    made = data() if callable(data) else data
    made = made.read() if hasattr(made, "read") else made
    return made.encode() if isinstance(made, str) else bytes(made)


def text_of(raw: bytes) -> str:
    """All that is written in a file: cells, headers, properties, paragraphs, rows of a GeoPackage, texts of a picture."""
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            told = [
                parts.read(n).decode("utf-8", "ignore")
                for n in parts.namelist()
                if n.endswith((".xml", ".rels", ".json", ".csv"))
            ]
            inner = [text_of(parts.read(n)) for n in parts.namelist() if n.endswith((".xlsx", ".docx", ".pdf"))]
        if any("worksheets" in t for t in told[:3]) or b"xl/workbook.xml" in raw:
            book = openpyxl.load_workbook(io.BytesIO(raw))
            told += [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
        return "\n".join(told + inner)
    if raw.startswith(b"%PDF"):
        read = pypdf.PdfReader(io.BytesIO(raw))
        return "\n".join([*(p.extract_text() for p in read.pages), str(read.metadata)]).replace("\n", "")
    if raw.startswith(b"SQLite format 3"):
        base = sqlite3.connect(":memory:")
        base.deserialize(raw)
        names = [
            r[0] for r in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%'")
        ]
        return "\n".join(str(r) for n in names for r in base.execute(f'SELECT * FROM "{n}"').fetchall())  # noqa: S608
    return raw.decode("utf-8", "ignore")


# --- the views that are tried --------------------------------------------------------------------------------------


def _first(ask: Any, default: Any = None) -> Any:
    try:
        return ask()
    except (StoreRefused, IndexError, KeyError, AttributeError):
        return default


def views(city: Any, person: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Each page, each part of those that have parts, and one thing of the person's own on each that shows one thing."""
    desk = city.desk(person)
    parts = {"inspection": ("view", inspection.PARTS), "accounts": ("view", ("listed", "workbook")), "review": ("view", ("effect", "joint", "pilots")),
             "library": ("view", ("matters", "objects", "manuals"))}  # fmt: skip
    for page in PAGES:
        if not page.opens(person.may):
            continue
        name, values = parts.get(page.name, ("", ()))
        for value in values or (None,):
            yield page.name, {name: value} if value else {}
    own = {
        "warnings": ("warning", lambda: warnings.listed(desk, Filter(), limit=1)["number"].iloc[0]),
        "cases": ("case", lambda: disposal.listed(desk, disposal.CaseFilter())["number"].iloc[0]),
        "subject": ("subject", lambda: desk.subjects(["subject_id"])["subject_id"].iloc[0]),
        "visit": ("task", lambda: visit_tasks.listed(desk, TaskFilter(("issued", "done", "entered")))[0]["number"]),
    }
    for page, (key, ask) in own.items():
        if person.may("read") and (found := _first(ask)):
            yield page, {key: str(found)}
    for row in _first(lambda: draws.listed(desk)[:2], []):
        yield "inspection", {"view": "draws", "draw": row["number"]}


def take_all(city: Any, see: Any, monkeypatch: Any, person: Any) -> dict[str, list[bytes | str]]:
    """All that a person's pages hand out: site → the files, or the rule by which one was refused."""
    taken = Taken()
    monkeypatch.setattr(st, "download_button", taken)
    for page, query in views(city, person):
        at = see(page, person.username, query=query)
        assert not at.exception, (page, query, at.exception)
    made: dict[str, list[bytes | str]] = {}
    for site, name, data in taken.offers:
        if len(made.setdefault(site, [])) >= 3:
            continue
        try:
            made[site].append(_bytes(data))
        except StoreRefused as no:
            made[site].append(no.rule)
        assert "/" not in name and "\\" not in name and ".." not in name
    return made


def _lines(city: Any) -> list[dict[str, Any]]:
    with city.store.registers(write=False) as books:
        return books.audit_lines(limit=5000)


@pytest.mark.parametrize("username", ["city", "tianshan", "housing-ts", "commerce", "admin", "auditor"])
def test_what_a_person_takes_out_is_theirs_marked_and_in_the_audit(city, see, people, foreign, monkeypatch, username):
    person, hidden = people[username], foreign(people[username])
    before = {line["number"] for line in _lines(city)}
    made = take_all(city, see, monkeypatch, person)
    due = (
        set(SITES.values()) - set(ELSEWHERE) - set(OTHERS)
        if username == "city"
        else {s for s, who in OTHERS.items() if who == username}
    )
    assert due - set(made) == set(), "a new way out: add a view that reaches it, or say where it is tested"
    assert not set(made) & set(ELSEWHERE), "no longer elsewhere: strike it from the list"
    wrong = []
    for site, told in ((site, text_of(raw)) for site, files in made.items() for raw in files if isinstance(raw, bytes)):
        wrong += [f"{site}: {h} is somebody else's" for h in hidden if h in told][:3]
        if site not in {**BARE, **UNMARKED} and not told.startswith("\ufffdPNG") and "IHDR" not in told[:40]:
            wrong += [f"{site}: who took it out?"] * (person.name not in told and person.username not in told)
            wrong += [f"{site}: when?"] * ("2026-11-24" not in told and "2026年11月24日" not in told)
    assert wrong == []
    noted = [
        line
        for line in _lines(city)
        if line["number"] not in before and line["username"] == username and line["act"] != "login"
    ]
    expected = sum(1 for site, files in made.items() if site not in BARE for f in files if not isinstance(f, str))
    assert len(noted) >= expected, (expected, [line["act"] for line in noted], list(made))
    if username in ("admin", "auditor"):
        assert not {
            s
            for s in made
            if s.split("/")[1]
            in ("warnings", "cases", "hotspots", "subject", "handling.py", "why.py", "brief", "review")
        }


def test_the_lists_of_ways_out_are_held_to_the_code():
    assert set(ELSEWHERE) | set(BARE) | set(UNMARKED) | set(OTHERS) <= set(SITES.values())
    for site, test in ELSEWHERE.items():
        file, _, name = test.partition("::")
        assert name in (ROOT / file).read_text("utf-8"), site


# --- the command line ----------------------------------------------------------------------------------------------

#: Commands that write a file, by file and function; each is the same function that a page calls, or the operator's own.
WRITES = {
    "audit.py": "audit", "brief.py": "brief", "briefs.py": "brief", "draw.py": "draw", "hotspots.py": "hotspots", "library.py": "library",
    "typical.py": "typical", "uploading.py": "upload",
}  # fmt: skip


def test_no_command_writes_a_file_that_is_not_known_here():
    """Each goes through what a page hands out, so that one matrix holds for both: no module of its own makes the file."""
    found = set()
    for path in (ROOT / "pilotwatch" / "cli").glob("*.py"):
        calls = {
            ast.unparse(n.func).rsplit(".", 1)[-1]
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.Call)
        }
        if calls & {"write_bytes", "write_text", "to_csv", "to_file"}:
            found.add(path.name)
        assert not calls & {"Workbook", "Document", "typeset"}, f"{path.name} makes a file itself"
    assert found == set(WRITES)


def test_the_pages_are_all_in_the_matrix(people, city):
    tried = {page for p in people.values() for page, _ in views(city, p)}
    assert {p.name for p in screen.PAGES} == tried
    assert Path(ROOT / "pages").is_dir()
