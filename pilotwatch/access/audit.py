"""The audit: who did what, when, to what. What is stored writes its line in its own transaction; see `store.audit`."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from pilotwatch.access import marks
from pilotwatch.access.acts import words
from pilotwatch.domain import Language, Text
from pilotwatch.store import Desk, Person, Store, audit
from pilotwatch.store.scope import demand
from pilotwatch.workdays import BEIJING, now

MOST_OUT = 50_000  # lines of one workbook


def record(
    store: Store, who: Person, act: str, on: str | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Adds a line for something that isn't stored otherwise: an export, a page of personal data."""
    audit.told_of(store.desk(who), act, on, details)


def audit_lines(
    store: Store, who: Person, *, limit: int = 200, username: str | None = None, act: str | None = None
) -> list[dict[str, Any]]:
    """The newest lines first: id, at (UTC), username, act, object, details. For an auditor; raises StoreRefused else."""
    demand(who, "audit")
    with store.registers(write=False) as books:
        return books.audit_lines(limit=limit, username=username, act=act)


def workbook(desk: Desk, wanted: audit.Wanted, language: Language, *, demo: bool = False) -> bytes:
    """The lines that fit as xlsx, newest first, values only; with the chain's end, so that the file can be held against it.

    That they were taken out is a line of the audit, too. Raises StoreRefused for whoever doesn't read it.
    """
    import xlsxwriter

    lines = audit.lines(desk, wanted, limit=MOST_OUT)
    number, seen = audit.head(desk)
    audit.told_of(desk, "audit.export", None, {"lines": len(lines), "end": number} | _told(wanted))
    out, at = io.BytesIO(), now()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_TITLE(language))
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
        sheet.write_string(0, 0, _TITLE(language), book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, marks.mark_book(book, desk.person, at, language, demo=demo))
        sheet.write_string(2, 0, _END.format(n=len(lines), number=number, hash=seen)(language))
        for n, (title, width) in enumerate(_COLUMNS):
            sheet.set_column(n, n, width)
            sheet.write_string(3, n, title(language), head)
        for row, line in enumerate(lines, start=4):
            sheet.write_number(row, 0, line["number"])
            for column, value in enumerate(_cells(line, language), start=1):
                sheet.write_string(row, column, value)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, max(4, 3 + len(lines)), len(_COLUMNS) - 1)
    return out.getvalue()


def _cells(line: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    return (
        f"{line['at'].astimezone(BEIJING):%Y-%m-%d %H:%M:%S}", line["username"], words(line["act"])(language), line["act"],
        line["object"] or "", json.dumps(line["details"], ensure_ascii=False) if line["details"] else "", line["hash"],
    )  # fmt: skip


def _told(wanted: audit.Wanted) -> dict[str, Any]:
    return {n: str(v) for n in wanted.__slots__ if (v := getattr(wanted, n))}


_TITLE = Text("审计记录", "Audit")
_END = Text(
    "共 {n} 行；导出时链尾为第 {number} 行，校验值 {hash}",
    "{n} lines; the chain then ended with line {number}, hash {hash}",
)
_COLUMNS = (
    (Text("行号", "Number"), 9), (Text("时间（北京）", "At (Beijing)"), 20), (Text("用户", "User"), 14),
    (Text("行为", "What"), 26), (Text("行为代码", "Code"), 20), (Text("对象", "On"), 34), (Text("说明", "Details"), 60),
    (Text("校验值", "Hash"), 66),
)  # fmt: skip
