"""An .xlsx written back as it came, by openpyxl: with its formats, and with marks on top."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import CustomFilter, CustomFilters, FilterColumn
from openpyxl.worksheet.worksheet import Worksheet

from pilotwatch.intake import sniff
from pilotwatch.intake.model import Sheet, Workbook
from pilotwatch.intake.own import PROBLEMS_HEADER, SUMMARY_SHEET
from pilotwatch.intake.returned.marks import COLOURS, Marks
from pilotwatch.intake.returned.summary import Line
from pilotwatch.settings import settings

_AUTHOR = "Pilot Watch"
_FILLS = {severity: PatternFill("solid", fgColor=colour) for severity, colour in COLOURS.items()}
_HEAD = PatternFill("solid", fgColor="D9E2EC")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
_WIDTHS = (18, 10, 22, 26, 10, 22, 90)


def write(path: Path, workbook: Workbook, marks: dict[str | None, Marks], summary: Sequence[Line]) -> bytes:
    """The file at `path` with its marks, as the bytes of an .xlsx."""
    _, source = sniff.kind(path, settings())
    content = source if isinstance(source, bytes) else source.read_bytes()  # openpyxl goes by a path's ending
    book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    book.defined_names.clear()  # may point into other files, or hold formulas of their own
    for sheet in workbook.sheets:
        page = book[sheet.name or ""]
        _still(page, sheet)
        if sheet.name in marks:
            _mark(page, marks[sheet.name])
    if SUMMARY_SHEET in book.sheetnames:
        del book[SUMMARY_SHEET]
    _summarise(book.create_sheet(SUMMARY_SHEET, 0), summary)
    book.active = 0
    for page in book.worksheets:
        page.sheet_view.tabSelected = page.title == SUMMARY_SHEET
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_text(cell: Cell, text: str) -> None:
    """Writes a text that no spreadsheet takes for a formula, not even when it is edited."""
    cell.value = text
    cell.data_type = "s"
    if text[:1] in "=+-@":
        cell.quotePrefix = True


def _still(page: Worksheet, sheet: Sheet) -> None:
    """Puts values in the place of formulas, and drops rules that reach into other files."""
    for row in page.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                _settle(cell, sheet)
            elif isinstance(cell.value, str) and cell.value[:1] in "=+-@":
                as_text(cell, cell.value)
    page.data_validations.dataValidation = [
        rule for rule in page.data_validations.dataValidation if "[" not in f"{rule.formula1}{rule.formula2}"
    ]


def _settle(cell: Cell, sheet: Sheet) -> None:
    text = None
    if cell.row <= sheet.height and cell.column <= sheet.width:
        text = sheet.cells.column(cell.column - 1)[cell.row - 1].as_py()
    formula = getattr(cell.value, "text", cell.value)
    if text is None and (cell.row, cell.column) in sheet.formulas:
        as_text(cell, str(formula))
    else:
        value = _value(text)
        cell.value = None
        if isinstance(value, str):
            as_text(cell, value)
        else:
            cell.value = value


def _value(text: str | None) -> Any:
    if text is None:
        return None
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return datetime.fromisoformat(text) if _DATE.fullmatch(text) else text


def _mark(page: Worksheet, marks: Marks) -> None:
    for (row, column), mark in marks.cells.items():
        cell = page.cell(row, column)
        cell.fill = _FILLS[mark.severity]
    for (row, column), mark in marks.comments:
        cell = page.cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.comment = Comment(mark.comment, _AUTHOR, height=40 + 40 * len(mark.messages), width=360)
    _list_problems(page, marks)
    if marks.filter:
        _show_failed(page, marks)


def _list_problems(page: Worksheet, marks: Marks) -> None:
    letter = get_column_letter(marks.problems)
    for (cell,) in page.iter_rows(min_col=marks.problems, max_col=marks.problems):
        if not isinstance(cell, MergedCell):
            cell.value = None
    page.column_dimensions[letter].width = 70
    page.column_dimensions[letter].hidden = False
    for row in marks.headers:
        head = page.cell(row, marks.problems, PROBLEMS_HEADER)
        head.font, head.fill = Font(bold=True), _HEAD
    for row, messages in marks.rows.items():
        cell = page.cell(row, marks.problems)
        as_text(cell, "\n".join(messages))
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _show_failed(page: Worksheet, marks: Marks) -> None:
    shown = marks.filter
    page.auto_filter.ref = (
        f"{get_column_letter(shown.left)}{shown.top}:{get_column_letter(marks.problems)}{shown.bottom}"
    )
    failed = CustomFilters(customFilter=[CustomFilter(operator="equal", val=f"*{shown.pattern}*")])
    page.auto_filter.filterColumn = [FilterColumn(colId=marks.problems - shown.left, customFilters=failed)]
    hidden = set(shown.hidden.tolist())
    for row in range(shown.top + 1, shown.bottom + 1):
        page.row_dimensions[row].hidden = row in hidden


def _summarise(page: Worksheet, lines: Sequence[Line]) -> None:
    for column, width in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line.cells, 1):
            cell = page.cell(row, column)
            if isinstance(value, str):
                as_text(cell, value)
            else:
                cell.value = value
            cell.font = Font(bold=line.style in ("title", "head"), size=16 if line.style == "title" else 11)
            if line.style == "head":
                cell.fill = _HEAD
            elif line.style in _FILLS and column == 2:
                cell.fill = _FILLS[line.style]
            cell.alignment = Alignment(vertical="top", wrap_text=column == len(_WIDTHS))
