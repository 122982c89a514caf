"""Every text of the screens is there in both languages, and every key that is used exists."""

from __future__ import annotations

import ast
import re
from typing import get_args

from pilotwatch import registry
from pilotwatch.domain import LEVELS, Kind
from pilotwatch.settings import ROOT
from ui.indicators import UNITS
from ui.texts import MODULES, TEXTS

_FIELD = re.compile(r"{(\w+)")


def _strings(*folders: str) -> tuple[set[str], set[str]]:
    """The strings written in the sources, and the beginnings of those that are put together (f"overview.{name}")."""
    whole, begun = set(), set()
    for path in (p for folder in folders for p in (ROOT / folder).rglob("*.py") if "texts" not in p.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole, begun


def test_every_text_is_there_in_both_languages():
    assert [key for key, text in TEXTS.items() if not text.zh.strip()] == []
    wordless_in_english = {  # measure words: 户, 处, 条, 行, 个
        "overview.unit_word", "upload.places", "warnings.count_unit", "hotspots.past_unit", "library.rows", "library.subjects", "policy.cells",
    }  # fmt: skip
    assert {key for key, text in TEXTS.items() if not text.en.strip()} == wordless_in_english


def test_both_languages_fill_in_the_same_values():
    assert [k for k, t in TEXTS.items() if set(_FIELD.findall(t.zh)) != set(_FIELD.findall(t.en))] == []


def test_no_key_is_told_twice():
    assert len(TEXTS) == sum(len(m.TEXTS) for m in MODULES)


def test_every_key_that_is_written_exists():
    written, begun = _strings("ui", "pages")
    screens = {key.partition(".")[0] for key in TEXTS}
    keys = {w for w in written - begun if re.fullmatch(rf"({'|'.join(screens)})\.[a-z_0-9]+", w)}
    assert keys - set(TEXTS) - {"login.css"} == set()


def test_no_text_is_left_over():
    written, begun = _strings("ui", "pages")
    said = written | _strings("pilotwatch")[0]
    put_together = {start + end for start in begun if "." in start for end in said if len(end) < 30}
    assert set(TEXTS) - written - put_together == set()


def test_every_level_and_kind_of_column_has_a_word():
    assert {f"level.{level}" for level in LEVELS} | {f"kind.{kind}" for kind in get_args(Kind)} <= set(TEXTS)


def test_no_english_stands_in_chinese_texts():
    allowed = re.compile(
        r"\b(English|xlsx|xls|csv|et|KB|MB|GS|Excel|WPS|CSV|PDF|Word|REF-\d+)\b|https?://\S+|{\w+}|<[^>]+>"
    )
    about_english = {"frame.language_help"}
    mixed = {k: t.zh for k, t in TEXTS.items() if re.search(r"[A-Za-z]{2,}", allowed.sub("", t.zh))}
    assert set(mixed) == about_english


def test_every_unit_of_an_indicator_has_its_english():
    units = {i.unit for i in registry.load(ROOT / "domains").indicators}
    assert {u for u in units if not u.isascii()} - set(UNITS) == set()
