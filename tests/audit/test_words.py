"""Every act has words, and the mark says who took something out."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pilotwatch import access
from pilotwatch.access.acts import ACTS, KINDS, words
from pilotwatch.access.marks import mark, safe_cell
from pilotwatch.store import Person

ROOT = Path(__file__).resolve().parents[2]
#: How a line is written, and which argument says the act.
_WRITES = {"append_audit": 2, "append": 2, "record": 2, "audit": 1, "told_of": 1}


def acts_in(source: str) -> set[str]:
    """The kinds of the acts that a module writes to the audit by name."""
    kinds = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = _WRITES.get(name)
            if at is not None and len(node.args) > at:
                said = re.sub(r"{.*?}", "{}", ast.unparse(node.args[at]))
                kinds |= {m for m in re.findall(r"""["']([a-z]+)[."'{]""", said)}
    return kinds


def test_every_kind_of_act_in_the_code_has_words():
    kinds = {
        kind
        for folder in ("pilotwatch", "ui")
        for path in (ROOT / folder).rglob("*.py")
        if "audit" in (source := path.read_text("utf-8"))
        for kind in acts_in(source)
    }
    assert {"login", "case", "upload", "warning", "calendar", "account"} <= kinds
    assert kinds - set(KINDS) == set(), "give the new kind its words in pilotwatch/access/acts.py"


def test_acts_of_their_own_words_are_of_a_known_kind():
    assert {a.partition(".")[0] for a in ACTS} <= set(KINDS)
    assert all(t.zh and t.en for t in (*ACTS.values(), *KINDS.values()))


def test_an_act_without_words_of_its_own_is_told_by_its_kind():
    assert (words("login").zh, words("case.close").zh, words("odd.act").zh, words("odd").zh) == (
        "登录", "处置 · close", "odd · act", "odd",
    )  # fmt: skip
    assert access.words is words


def test_a_mark_says_who_and_when_in_beijing_time():
    at = datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC)
    told = mark(Person("li", "李明", "city_office"), at)
    assert told.zh == "导出人 李明（li）· 2026-11-24 00:30:05（北京时间）· 仅限工作使用，不得外传"
    assert "李明 (li) · 2026-11-24 00:30:05" in told.en


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("=1+1", "'=1+1"), ("+86 138", "'+86 138"), ("-3", "'-3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        (" =1", "' =1"), ("\r", "'\r"), ("天山区", "天山区"), ("a=b", "a=b"), ("", ""), ("'=1", "'=1"),
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(given, kept):
    assert safe_cell(given) == kept
