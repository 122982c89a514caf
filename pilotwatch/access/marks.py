"""The mark on what leaves the house: who took it out and when, in the file itself, so that a copy tells whose it was.

A workbook has it in its first lines, in the foot of every printed page and in its properties; a text file in its first line.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pilotwatch.domain import Language, Text
from pilotwatch.store import Person
from pilotwatch.workdays import BEIJING

_MARK = Text(
    "导出人 {name}（{username}）· {at}（北京时间）· 仅限工作使用，不得外传",
    "Taken out by {name} ({username}) · {at} (Beijing) · for official use, not to be passed on",
)
DEMO = Text("演示数据：合成，与任何真实主体无关", "Demo data: synthetic, about nobody real")


def mark(person: Person, at: datetime) -> Text:
    """The mark of what this person takes out at that moment."""
    return _MARK.format(name=person.name, username=person.username, at=f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}")


def mark_book(book: Any, person: Person, at: datetime, language: Language, *, demo: bool = False) -> str:
    """Marks an xlsxwriter workbook: its properties, and the foot of every page of the sheets that it has by now. Returns
    the mark, for a line of the sheet."""
    told = mark(person, at)(language)
    book.set_properties({"author": person.name, "comments": told})
    for sheet in book.worksheets():
        sheet.set_footer(f"&L{_in_footer(told)}&R&P / &N")
        if demo:
            sheet.set_header(f"&C{DEMO(language)}")
    return told


def safe_cell(value: str) -> str:
    """Text for a cell of a CSV: a spreadsheet would take one that begins so for a formula (OWASP), and gets an apostrophe."""
    return (
        f"'{value}" if value.lstrip(" \t\r\n")[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r", "\n") else value
    )


def _in_footer(text: str) -> str:
    """A footer holds 255 characters, and an ampersand begins a code of its own."""
    return text.replace("&", "&&")[:200]
