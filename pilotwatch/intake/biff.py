"""Sheets of an .xls workbook (BIFF, also WPS's .et), by xlrd: at most 65,536 rows of 256 columns each."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import xlrd

from pilotwatch.intake import cells
from pilotwatch.intake.model import Sheet
from pilotwatch.intake.refusals import refused
from pilotwatch.intake.sniff import Source
from pilotwatch.settings import Settings


def read(source: Source, limits: Settings) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets of a workbook and whether its dates count from 1904; raises `FileRefused`."""
    book = _open(source)
    if book.nsheets > limits.max_sheets:
        raise refused("too_many_sheets", found=book.nsheets, limit=limits.max_sheets)
    return tuple(_sheet(book, sheet) for sheet in book.sheets()), book.datemode == 1


def _open(source: Source) -> xlrd.Book:
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        return xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), on_demand=False
        )
    except Exception as error:  # xlrd lets a broken file fail wherever it happens to: struct, index, assertion
        raise refused("password" if "encrypted" in str(error) else "damaged") from error


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    text = _texts(book)
    rows = [
        [text[kind](value, style) for kind, value, style in zip(*_row(sheet, r), strict=True)]
        for r in range(sheet.nrows)
    ]
    width = max(map(len, rows), default=0)
    columns = [
        pa.chunked_array([pa.array([row[c] if c < len(row) else None for row in rows], pa.string())])
        for c in range(width)
    ]
    return Sheet(
        name=sheet.name,
        cells=cells.table([cells.blank_to_null(column) for column in columns], sheet.nrows),
        merges=tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells),
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
    )


def _row(sheet: xlrd.sheet.Sheet, row: int) -> tuple[Any, Any, Any]:
    styles = [sheet.cell_xf_index(row, column) for column in range(sheet.row_len(row))]
    return sheet.row_types(row), sheet.row_values(row), styles


def _texts(book: xlrd.Book) -> dict[int, Callable[[Any, int], str | None]]:
    """How a cell of each xlrd type is written: (value, style) → text."""
    percent = {
        i
        for i, style in enumerate(book.xf_list)
        if style.format_key in book.format_map and "%" in book.format_map[style.format_key].format_str
    }

    def number(value: float, style: int) -> str:
        return f"{shortest(round(value * 100, 9))}%" if style in percent else shortest(value)

    def date(value: float, style: int) -> str:
        try:
            moment = xlrd.xldate_as_datetime(value, book.datemode) + dt.timedelta(milliseconds=500)
        except (ValueError, OverflowError):
            return shortest(value)
        moment = moment.replace(microsecond=0)
        if value < 1:
            return moment.time().isoformat()
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")

    return {
        xlrd.XL_CELL_EMPTY: lambda value, style: None,
        xlrd.XL_CELL_BLANK: lambda value, style: None,
        xlrd.XL_CELL_TEXT: lambda value, style: value,
        xlrd.XL_CELL_NUMBER: number,
        xlrd.XL_CELL_DATE: date,
        xlrd.XL_CELL_BOOLEAN: lambda value, style: "TRUE" if value else "FALSE",
        xlrd.XL_CELL_ERROR: lambda value, style: xlrd.error_text_from_code.get(value, "#N/A"),
    }


def shortest(value: float) -> str:
    """The shortest decimal text of a number, without an exponent: 12.0 → 12, 1e-07 → 0.0000001."""
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return f"{value:.12f}".rstrip("0") if "e" in text else text
