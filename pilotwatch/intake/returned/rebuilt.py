"""A workbook written anew with the same cells, by xlsxwriter row by row: for .xls, .csv and files of any size."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pilotwatch.domain import Text
from pilotwatch.intake.model import Sheet, Workbook
from pilotwatch.intake.own import OWN_SHEETS, PROBLEMS_HEADER, SUMMARY_SHEET
from pilotwatch.intake.returned.marks import COLOURS, Marks
from pilotwatch.intake.returned.summary import Line

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_WIDTHS = (18, 10, 22, 26, 10, 22, 90)
_CHUNK = 5_000  # rows that are Python objects at a time
_ONLY_SHEET = Text("表", "Table")

Row = tuple[str | None, ...]


def write(path: Path, workbook: Workbook, marks: dict[str | None, Marks], summary: Sequence[Line]) -> bytes:
    """The workbook with its marks, as the bytes of an .xlsx; `path` is not read again."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    styles = _styles(book)
    _summarise(book.add_worksheet(SUMMARY_SHEET), summary, styles)
    for sheet in workbook.sheets:
        if sheet.name in OWN_SHEETS:
            continue
        page = book.add_worksheet(sheet.name or _ONLY_SHEET.zh)
        if sheet.hidden:
            page.hide()
        _sheet(page, sheet, marks.get(sheet.name) or Marks(sheet.width + 1), styles)
    book.close()
    return target.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """Formats by name; those of texts that begin like a formula keep them texts when they are edited."""
    looks = {
        "text": {}, "error": {"bg_color": f"#{COLOURS['error']}"}, "warning": {"bg_color": f"#{COLOURS['warning']}"},
        "head": {"bold": True, "bg_color": "#D9E2EC"}, "title": {"bold": True, "font_size": 16},
        "problems": {"text_wrap": True, "valign": "top"},
    }  # fmt: skip
    styles = {name: book.add_format(look) for name, look in looks.items()}
    return styles | {f"{name} quoted": book.add_format(look | {"quote_prefix": True}) for name, look in looks.items()}


def _sheet(page: Worksheet, sheet: Sheet, marks: Marks, styles: dict[str, Format]) -> None:
    hidden = set(marks.filter.hidden.tolist() if marks.filter else sheet.hidden_rows)
    comments = dict(marks.comments)
    for index, width in enumerate(_widths(sheet)):
        page.set_column(index, index, width)
    page.set_column(marks.problems - 1, marks.problems - 1, 70)
    for number, row in _rows(sheet):
        if number in hidden:
            page.set_row(number - 1, None, None, {"hidden": True})
        _write_row(page, number, row, marks, styles)
        for column in range(1, len(row) + 1):
            if mark := comments.get((number, column)):
                page.write_comment(number - 1, column - 1, mark.comment, {"x_scale": 3, "author": "Pilot Watch"})
    # merge_range() would write cells of rows that are flushed by now; the cells are there, only the ranges are missing
    page.merge += [[top - 1, left - 1, bottom - 1, right - 1] for top, left, bottom, right in sheet.merges]
    if shown := marks.filter:
        page.autofilter(shown.top - 1, shown.left - 1, shown.bottom - 1, marks.problems - 1)
        page.filter_column(marks.problems - 1, f"x == *{shown.pattern}*")


def _write_row(page: Worksheet, number: int, row: Row, marks: Marks, styles: dict[str, Format]) -> None:
    numeric = {column for column, first, last in marks.numeric if first <= number <= last}
    for column, text in enumerate(row, 1):
        mark = marks.cells.get((number, column))
        style = mark.severity if mark else "text"
        if column == marks.problems:
            continue
        if text is None:
            if mark:
                page.write_blank(number - 1, column - 1, None, styles[style])
        elif column in numeric and _NUMBER.fullmatch(text):
            page.write_number(number - 1, column - 1, float(text), styles[style])
        else:
            _write_text(page, number - 1, column - 1, text, style, styles)
    if number in marks.headers:
        _write_text(page, number - 1, marks.problems - 1, PROBLEMS_HEADER, "head", styles)
    elif messages := marks.rows.get(number):
        _write_text(page, number - 1, marks.problems - 1, "\n".join(messages), "problems", styles)


def _write_text(page: Worksheet, row: int, column: int, text: str, style: str, styles: dict[str, Format]) -> None:
    page.write_string(row, column, text[:32_767], styles[f"{style} quoted" if text[:1] in "=+-@" else style])


def _rows(sheet: Sheet) -> Iterator[tuple[int, Row]]:
    """The rows of a sheet with their numbers, a chunk at a time."""
    for start in range(0, sheet.height, _CHUNK):
        part = sheet.cells.slice(start, _CHUNK)
        columns = [column.to_pylist() for column in part.columns]
        yield from enumerate(zip(*columns, strict=True), start + 1)


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for the cells of the first rows that are not merged over others; a Chinese character counts double."""
    across = {(top, left) for top, left, _, right in sheet.merges if right > left}
    first = [(number, row) for number, row in _rows(Sheet(sheet.name, sheet.cells.slice(0, 60)))]
    return [
        min(
            40,
            max(
                (2 + sum(1 + (ord(c) > 255) for c in row[i] or "") for n, row in first if (n, i + 1) not in across),
                default=8,
            ),
        )
        for i in range(sheet.width)
    ]


def _summarise(page: Worksheet, lines: Sequence[Line], styles: dict[str, Format]) -> None:
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    for row, line in enumerate(lines):
        for column, value in enumerate(line.cells):
            style = line.style
            if style in COLOURS and column != 1:
                style = "text"
            if isinstance(value, str):
                _write_text(page, row, column, value, style, styles)
            else:
                page.write_number(row, column, value, styles[style])
