"""The upload template of a dataset: its header, one example, drop-down lists, and a page that explains each column.

The record class says everything in it; a template filled in is recognised column by column by its titles.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pilotwatch.domain import Column, Kind, Language, Record, Text
from pilotwatch.intake.own import EXAMPLE_MARK, GUIDE_SHEET, LISTS_SHEET, NUMBER_HEADER

_ROWS = 5_000  # rows below the header that drop-down lists and formats reach to
_LONGEST_LIST = 255  # characters that a drop-down list may have of its own; longer ones stand on a sheet

#: How a column of each kind is to be filled in.
_FORMS: dict[Kind, Text] = {
    "text": Text("文本", "text"),
    "integer": Text("整数", "a whole number"),
    "real": Text("数字", "a number"),
    "decimal": Text("数字", "a number"),
    "boolean": Text("是 或 否", "是 (yes) or 否 (no)"),
    "date": Text("日期，如 2026-06-30", "a date: 2026-06-30"),
    "datetime": Text("日期和时间，如 2026-06-30 10:26", "date and time: 2026-06-30 10:26"),
    "month": Text("月份，如 2026-06", "a month: 2026-06"),
    "quarter": Text("季度，如 2026Q2 或 2026年2季度", "a quarter: 2026Q2"),
    "choice": Text("从列表中选一项", "one of the list"),
    "choices": Text("列表中的一项或几项，用“、”隔开", "one or more of the list, with 、 between them"),
    "texts": Text("一项或几项，用“、”隔开", "one or more, with 、 between them"),
    "uscc": Text("18 位统一社会信用代码", "the 18-character unified social credit code"),
    "division": Text("区县名称或 6 位代码", "a district's name or 6-digit code"),
    "street": Text("街道（乡镇）名称或 9 位代码", "a street's name or 9-digit code"),
    "department": Text("部门名称", "a department's name"),
    "departments": Text("部门名称，几个用“、”隔开", "names of departments, with 、 between them"),
    "lng": Text("经度，十进制度", "longitude in decimal degrees"),
    "lat": Text("纬度，十进制度", "latitude in decimal degrees"),
}

#: What an example shows where the column has none of its own.
_EXAMPLES: dict[Kind, str] = {
    "text": "文本", "integer": "1", "real": "1.5", "decimal": "1000", "boolean": "是", "date": "2026-06-30",
    "datetime": "2026-06-30 10:26", "month": "2026-06", "quarter": "2026Q2", "texts": "甲、乙", "uscc": "91650100XJDEM00576",
    "division": "天山区", "street": "胜利路街道", "department": "市商务局", "departments": "市商务局、市市场监管局",
    "lng": "87.616800", "lat": "43.825600",
}  # fmt: skip

#: Kinds whose cells are numbers; all others are texts, so that no code turns into 9.165E+17 and no date into a serial.
_NUMBERS = frozenset({"integer", "real", "decimal", "lng", "lat"})

_GUIDE_HEAD = (
    Text("列", "Column"), Text("含义", "Meaning"), Text("是否必填", "Required"), Text("填写格式", "How to fill it in"),
    Text("单位", "Unit"), Text("可填的值", "Allowed values"), Text("示例", "Example"), Text("说明", "Notes"),
)  # fmt: skip
_GUIDE_WIDTHS = (34, 30, 12, 34, 10, 60, 30, 60)
_REQUIRED = Text("必填", "required")
_OPTIONAL = Text("选填", "optional")
_RULES = (
    Text("红底的列必填。请勿改动表头；可以在右侧增加自己的列，系统会原样保留。", "Columns in red are required. Keep the header; columns of your own may be added on the right and are kept."),
    Text("示例行填表前请删除；忘记删除时，系统也不会读取它。", "Delete the example row; should you forget, it is not read."),
    Text("可在表格上方写“填报单位：”“填报时间：”“单位：万元”等，系统会据此理解日期和金额。", "Lines such as 填报单位：, 填报时间：, 单位：万元 above the table are understood."),
    Text("编码类的列已设为文本格式，请直接填写或“只粘贴数值”。", "Columns of codes are text: type into them, or paste values only."),
)  # fmt: skip


def write(record: type[Record], language: Language = "zh") -> bytes:
    """The template of a dataset as the bytes of an .xlsx; its header is Chinese in either language, as files come in."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(record.spec.zh[:31])
    guide = book.add_worksheet(GUIDE_SHEET)
    styles = {
        name: book.add_format(look)
        for name, look in {
            "required": {"bold": True, "bg_color": "#F4C7C3", "border": 1, "text_wrap": True, "valign": "vcenter"},
            "optional": {"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "vcenter"},
            "text": {"num_format": "@"}, "number": {}, "wrapped": {"text_wrap": True, "valign": "top"},
            "example": {"num_format": "@", "italic": True, "font_color": "#7F7F7F"}, "title": {"bold": True, "font_size": 14},
        }.items()
    }  # fmt: skip
    _table(book, page, record, language, styles)
    _guide(guide, record, language, styles)
    book.close()
    return target.getvalue()


def allowed(column: Column) -> tuple[str, ...]:
    """The words that a column's cells may hold, where they are few and fixed."""
    if column.choices:
        return tuple(choice.zh for choice in column.choices.items)
    return ("是", "否") if column.kind == "boolean" else ()


def example(column: Column) -> str:
    """A cell as it may be filled in: the column's own example, else the first of its words, else one of its kind."""
    words = allowed(column)
    return column.example or (words[0] if words else _within(column, _EXAMPLES[column.kind]))


def _within(column: Column, number: str) -> str:
    """A number that the column's bounds allow: 1 is no year."""
    if column.kind not in ("integer", "real", "decimal"):
        return number
    low, high = column.ge, column.le
    if low is not None and float(number) < low:
        return f"{low:g}"
    return f"{high:g}" if high is not None and float(number) > high else number


def _table(
    book: xlsxwriter.Workbook, page: Worksheet, record: type[Record], language: Language, styles: dict[str, Format]
) -> None:
    page.freeze_panes(1, 0)
    page.set_row(0, 32)
    page.set_column(0, 0, 22)
    page.write_string(0, 0, NUMBER_HEADER, styles["optional"])
    page.write_string(1, 0, EXAMPLE_MARK, styles["example"])
    lists: list[tuple[str, ...]] = []
    for place, column in enumerate(record.columns(), 1):
        cell = styles["number" if column.kind in _NUMBERS else "text"]
        page.set_column(place, place, max(14, 2 + 2 * len(column.header)), cell)
        page.write_string(0, place, column.header, styles["required" if column.required or column.key else "optional"])
        page.write_comment(0, place, _note(column)(language), {"x_scale": 2, "y_scale": 1.5})
        page.write_string(1, place, example(column), styles["example"])
        if words := allowed(column) if column.kind != "choices" else ():
            page.data_validation(1, place, _ROWS, place, _choice_of(words, lists, column))
    if lists:
        _list_page(book.add_worksheet(LISTS_SHEET), lists)


def _choice_of(words: tuple[str, ...], lists: list[tuple[str, ...]], column: Column) -> dict:
    """A drop-down list that warns but lets other spellings pass: the upload understands many of them."""
    source: list[str] | str = list(words)
    if len(",".join(words)) > _LONGEST_LIST or any("," in word for word in words):
        lists.append(words)
        letter = xl_col_to_name(len(lists) - 1)
        source = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"
    return {
        "validate": "list", "source": source, "error_type": "warning", "error_title": column.title.zh[:32],
        "error_message": "不在列表中的值可能无法入库。",
    }  # fmt: skip


def _list_page(page: Worksheet, lists: Sequence[tuple[str, ...]]) -> None:
    for place, words in enumerate(lists):
        page.write_column(0, place, words)
    page.hide()


def _guide(page: Worksheet, record: type[Record], language: Language, styles: dict[str, Format]) -> None:
    for place, width in enumerate(_GUIDE_WIDTHS):
        page.set_column(place, place, width)
    page.write_string(0, 0, record.spec.title(language), styles["title"])
    for row, rule in enumerate(_RULES, 1):
        page.write_string(row, 0, rule(language))
    head = len(_RULES) + 2
    page.freeze_panes(head + 1, 1)
    for place, title in enumerate(_GUIDE_HEAD):
        page.write_string(head, place, title(language), styles["optional"])
    for row, column in enumerate(record.columns(), head + 1):
        for place, text in enumerate(_explained(column, language)):
            page.write_string(row, place, text, styles["wrapped"])


def _explained(column: Column, language: Language) -> tuple[str, ...]:
    required = _REQUIRED if column.required or column.key else _OPTIONAL
    unit = column.unit_title or Text("", "")
    return (
        column.header, column.title(language), required(language), _FORMS[column.kind](language), unit(language),
        "、".join(allowed(column)), example(column), column.help(language) if column.help else "",
    )  # fmt: skip


def _note(column: Column) -> Text:
    """What hovers over a header."""
    required = _REQUIRED if column.required or column.key else _OPTIONAL
    note = Text("{required}；{form}", "{required}; {form}").format(required=required, form=_FORMS[column.kind])
    if column.help:
        note = Text(f"{note.zh}\n{column.help.zh}", f"{note.en}\n{column.help.en}")
    return note
