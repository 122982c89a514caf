"""Reads the one cell behind a mask from the file it came in; who may, and that they did, is `store.personal`'s business."""

from __future__ import annotations

from pilotwatch.domain import Text
from pilotwatch.intake.read import open_workbook
from pilotwatch.store import Desk, StoreRefused, personal


def unmask(desk: Desk, dataset: str, row_id: str, field: str, reason: str, subject_id: str | None = None) -> str:
    """The full value as its file states it; "" for an empty cell. Raises StoreRefused, see `store.personal.look`."""
    where = personal.look(desk, dataset, row_id, field, reason, subject_id)
    book = open_workbook(where.path, where.file)
    sheet = next((s for s in book.sheets if s.name == where.sheet), book.sheets[0] if len(book.sheets) == 1 else None)
    wanted = _plain(where.header.rpartition("/")[2])
    columns = (
        [] if sheet is None else [n for n, c in enumerate(sheet.cells.columns) if _headed(c, where.header_row, wanted)]
    )
    if sheet is None or len(columns) != 1 or where.row > sheet.height:
        raise StoreRefused("not_found", _LOOK.format(file=where.file, sheet=where.sheet or "—", row=where.row))
    return sheet.cells.column(columns[0])[where.row - 1].as_py() or ""


def _headed(column, header_row: int, wanted: str) -> bool:
    """Whether the header of a column, in its row or the two above it, is the wanted one."""
    rows = range(max(0, header_row - 3), header_row)
    return any(_plain(column[n].as_py() or "") == wanted for n in rows if n < len(column))


def _plain(text: str) -> str:
    return "".join(text.split())


_LOOK = Text(
    "原始文件的版式无法自动定位到该单元格，请在文件“{file}”工作表“{sheet}”第 {row} 行查看。",
    "The cell can't be found by itself in this file's layout: look it up in {file}, sheet {sheet}, row {row}.",
)
