"""The team's file with some cells mended, so that what is stored can be traced to a file that says it.

An .xlsx of ordinary size keeps its formats; any other file comes back as an .xlsx with the same cells. Its first sheet
lists what was mended, by row and column, and is not read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter

from pilotwatch.domain import Language, Text
from pilotwatch.intake.model import Sheet, Workbook
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.returned import own, rebuilt
from pilotwatch.intake.returned.marks import Marks
from pilotwatch.intake.returned.summary import Line

#: (sheet, row as the sheet counts, 0-based column) → what the cell is to say; None empties it.
Edits = Mapping[tuple[str | None, int, int], str | None]

_KEPT_CELLS = 150_000  # as for a return workbook: beyond that openpyxl would need minutes
_TITLE = Text("页面修改记录", "Mended on the page")
_HEAD = (
    Text("工作表", "Sheet"), Text("行", "Row"), Text("列", "Column"), Text("原填写", "Was"), Text("改为", "Is now"),
)  # fmt: skip
_NAME = Text("（页面修改）", " (mended)")


def name_of(name: str, language: Language = "zh") -> str:
    """What the mended file is called: `台账.xls` → `台账（页面修改）.xlsx`; mended again, it keeps its name."""
    stem = name.rpartition(".")[0] or name
    mark = _NAME(language)
    return f"{stem.removesuffix(mark)}{mark}.xlsx"


def write(path: Path, edits: Edits, name: str | None = None, language: Language = "zh") -> bytes:
    """The file at `path` with the edits made, as the bytes of an .xlsx. Raises FileRefused where it can't be read."""
    before = open_workbook(path, name)
    lines = _lines(before, edits, language)
    size = sum(sheet.height * sheet.width for sheet in before.sheets)
    if before.kind == "xlsx" and size <= _KEPT_CELLS:
        return _set_cells(own.write(path, before, {}, lines), edits)
    after = Workbook(
        before.name, before.sha256, before.size, before.kind, tuple(_edited(s, edits) for s in before.sheets)
    )
    marks = {sheet.name: _no_marks(sheet) for sheet in after.sheets}
    return rebuilt.write(path, after, marks, lines)


def _lines(workbook: Workbook, edits: Edits, language: Language) -> list[Line]:
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    lines = [Line((_TITLE(language),), "title"), Line(tuple(t(language) for t in _HEAD), "head")]
    for (name, row, column), text in sorted(edits.items(), key=lambda e: (e[0][0] or "", *e[0][1:])):
        was = sheets[name].cells.column(column)[row - 1].as_py()
        lines.append(Line((name or "", row, get_column_letter(column + 1), was or "", text or "")))
    return lines


def _set_cells(book_bytes: bytes, edits: Edits) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(book_bytes))
    for (name, row, column), text in edits.items():
        cell = book[name or ""].cell(row, column + 1)
        if text is None:
            cell.value = None
        else:
            cell.number_format = "@"
            own.as_text(cell, text)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _edited(sheet: Sheet, edits: Edits) -> Sheet:
    cells = sheet.cells
    mine = {(row, column): text for (name, row, column), text in edits.items() if name == sheet.name}
    for column in {c for _, c in mine}:
        texts = cells.column(column).to_pylist()
        for (row, c), text in mine.items():
            if c == column:
                texts[row - 1] = text
        cells = cells.set_column(column, cells.schema.field(column), pa.array(texts, pa.string()))
    return Sheet(sheet.name, cells, sheet.merges, sheet.hidden, sheet.hidden_rows, sheet.formulas)


def _no_marks(sheet: Sheet) -> Marks:
    """Nothing is marked; the extra column of problems stands behind the last one and stays empty."""
    return Marks(sheet.width + 1)
