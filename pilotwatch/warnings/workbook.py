"""The list of warnings as a workbook: values only, never a formula; it says as of when, for whom, and whether it is made up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pilotwatch import bounds
from pilotwatch.amounts import value_of
from pilotwatch.domain import Indicator, Language, Text
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store import Desk
from pilotwatch.store.warnings import VERDICTS, Filter, exported
from pilotwatch.warnings.due import Due, due_of, limit_of
from pilotwatch.workdays import BEIJING, Calendar

LEVELS: dict[str, Text] = {
    "red": Text("一级红", "Red Ⅰ"), "orange": Text("二级橙", "Orange Ⅱ"), "yellow": Text("三级黄", "Yellow Ⅲ"),
    "blue": Text("四级蓝", "Blue Ⅳ"),
}  # fmt: skip
PROGRESS: dict[str, Text] = {
    "done": Text("已有人办理", "Taken on"), "done_late": Text("已有人办理（超期）", "Taken on (late)"), "late": Text("超期", "Overdue"),
    "near": Text("临期", "Nearly due"), "in_time": Text("期限内", "In time"), "unknown": Text("待确认", "To be confirmed"),
}  # fmt: skip
#: Title and width, in characters, of each column.
_COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("预警编号", "Number"), 24), (Text("等级", "Level"), 9), (Text("监管对象", "Subject"), 32),
    (Text("代码", "Code"), 21), (Text("指标", "Indicator"), 9), (Text("问题", "Problem"), 28), (Text("数值", "Value"), 14),
    (Text("起始", "Since"), 12), (Text("首次处置期限", "First action due"), 18), (Text("进度", "Progress"), 18),
    (Text("填报单位", "Unit"), 20), (Text("街道（乡镇）", "Street"), 20), (Text("牵头部门", "Lead"), 20),
    (Text("分办给", "Assigned to"), 16), (Text("认领人", "Taken on by"), 16), (Text("办结日期", "Closed on"), 12),
    (Text("核查结论", "Verdict"), 12),
)  # fmt: skip
_TITLE = Text("预警清单", "Warnings")
_STAMP = Text(
    "数据截至 {data}，导出时间 {at}（北京时间），导出人 {by}，共 {n} 条",
    "Data as of {data}, written {at} (Beijing) by {by}, {n} warnings",
)
_CUT = Text("；超过 {n} 条的部分未列出", "; those beyond {n} are left out")
_DEMO = Text("演示数据：合成，与任何真实主体无关", "Demo data: synthetic, about nobody real")
_TO_CONFIRM = Text("（待确认）", " (to be confirmed)")


@dataclass(frozen=True)
class Naming:
    """What codes are called in a language, and when it is."""

    places: Places
    calendar: Calendar
    language: Language
    now: datetime

    def unit(self, code: str) -> str:
        return next((u.title(self.language) for u in self.places.units if u.code == code), code)

    def department(self, code: str) -> str:
        found = self.places.departments.get(code)
        return found.title(self.language) if found else code

    def street(self, code: str) -> str:
        return self.places.streets[code].name if code in self.places.streets else ""


def workbook(
    desk: Desk, found: Registry, naming: Naming, wanted: Filter, *, order: str = "matter",
    data_at: datetime | None = None, demo: bool = False,
) -> bytes:  # fmt: skip
    """The warnings of a filter in the person's scope as xlsx; the audit says who took them out. Raises StoreRefused."""
    rows, cut = exported(desk, wanted, order=order)
    indicators = {i.code: i for i in bounds.in_force(desk, found).indicators}
    language = naming.language
    told = _STAMP.format(data=_moment(data_at), at=_moment(naming.now), by=desk.person.name, n=len(rows))(language)
    told += _CUT.format(n=len(rows))(language) if cut else ""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_TITLE(language))
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, _TITLE(language), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, told)
    if demo:
        sheet.write_string(2, 0, _DEMO(language), book.add_format({"bold": True, "font_color": "#B00D26"}))
        sheet.set_header(f"&C{_DEMO(language)}")
    for n, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(n, n, width)
        sheet.write_string(3, n, title(language), head)
    for at, row in enumerate(rows.to_dict("records"), start=4):
        for n, value in enumerate(_cells(row, indicators.get(row["indicator"]), naming)):
            sheet.write_string(at, n, value)
    sheet.freeze_panes(4, 3)
    sheet.autofilter(3, 0, max(4, 3 + len(rows)), len(_COLUMNS) - 1)
    book.close()
    return out.getvalue()


def _cells(row: dict[str, Any], indicator: Indicator | None, naming: Naming) -> Iterator[str]:
    language = naming.language
    acted = None if pd.isna(row["acted_at"]) else row["acted_at"].to_pydatetime()
    due = due_of(
        naming.calendar, limit_of(indicator, row["level"]), row["opened_at"].to_pydatetime(), naming.now, acted
    )
    yield row["number"]
    yield LEVELS[row["level"]](language)
    yield _text(row["name"]) or _text(row["code"])
    yield _text(row["code"])
    yield row["indicator"]
    yield indicator.title(language) if indicator else ""
    yield value_of(row["value"], indicator, naming.now.date(), language) if indicator else _text(row["value"])
    yield f"{row['since']:%Y-%m-%d}"
    yield due_text(due, language)
    yield PROGRESS[due.progress](language)
    yield naming.unit(row["report_unit"])
    yield naming.street(row["street_code"])
    yield naming.department(row["owner"])
    yield _text(row["assignee"])
    yield _text(row["acknowledged_by"])
    yield "" if pd.isna(row["closed_on"]) else f"{row['closed_on']:%Y-%m-%d}"
    yield VERDICTS[row["verdict"]](language) if isinstance(row["verdict"], str) else ""


def due_text(due: Due, language: Language) -> str:
    """`2026-12-01`, to the minute where the limit is in hours; marked where a notice that is missing could move it."""
    if due.at is None:
        return PROGRESS["unknown"](language)
    shown = f"{due.at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if due.limit.unit in ("h", "wh") else f"{due.last_day}"
    return shown if due.confirmed else shown + _TO_CONFIRM(language)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else "—"


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


__all__ = ["LEVELS", "PROGRESS", "Naming", "due_text", "workbook"]
