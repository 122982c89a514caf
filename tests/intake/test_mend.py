"""A mended file says what is stored: the mended cells and no others differ, and its first page lists them."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pilotwatch.intake import mend
from pilotwatch.intake.own import SUMMARY_SHEET
from pilotwatch.intake.read import open_workbook

WORKBOOKS = Path(__file__).resolve().parents[3] / "shared" / "data" / "workbooks"


def mended(tmp_path: Path, name: str, edits):
    path = tmp_path / "mended.xlsx"
    path.write_bytes(mend.write(WORKBOOKS / name, edits, name))
    return path


@pytest.mark.parametrize("name", ["加油站名录.xlsx", "加油机检定台账.xls", "预付卡季度报告.csv"])
def test_only_the_mended_cell_differs(tmp_path, name):
    before = open_workbook(WORKBOOKS / name, name)
    sheet = next(s for s in before.sheets if not s.hidden)
    row, column = 9, 2
    after = open_workbook(mended(tmp_path, name, {(sheet.name, row, column): "改过"}), "m.xlsx")
    again = next(s for s in after.sheets if s.name == (sheet.name or "表"))
    was, now = sheet.cells.to_pydict(), again.cells.to_pydict()
    differing = {
        (r + 1, int(c))
        for c, texts in was.items()
        for r, text in enumerate(texts)
        if (now[c][r] if r < len(now[c]) else None) != text
    }
    assert differing == {(row, column)}
    assert now[str(column)][row - 1] == "改过"


def test_the_first_page_lists_what_was_mended(tmp_path):
    path = mended(tmp_path, "加油站名录.xlsx", {("加油站名录", 92, 3): "民营", ("加油站名录", 12, 4): None})
    page = openpyxl.load_workbook(path)[SUMMARY_SHEET]
    rows = [tuple(c.value for c in row)[:5] for row in page.iter_rows(min_row=3)]
    assert [(r[0], r[1], r[2], r[4]) for r in rows] == [
        ("加油站名录", 12, "E", None),
        ("加油站名录", 92, "D", "民营"),
    ]


def test_a_mended_cell_is_never_a_formula(tmp_path):
    path = mended(tmp_path, "加油站名录.xlsx", {("加油站名录", 9, 2): '=cmd|"/c calc"!A1'})
    cell = openpyxl.load_workbook(path)["加油站名录"].cell(9, 3)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_mended_file_keeps_its_name_however_often_it_is_mended():
    once = mend.name_of("台账.xls")
    assert once == "台账（页面修改）.xlsx"
    assert mend.name_of(once) == once


def test_the_bytes_are_a_workbook():
    written = mend.write(WORKBOOKS / "预付卡季度报告.csv", {(None, 10, 6): "5270900"}, "预付卡季度报告.csv")
    assert openpyxl.load_workbook(io.BytesIO(written)).sheetnames == [SUMMARY_SHEET, "表"]


def test_a_file_kept_without_its_ending_is_written_back_all_the_same(tmp_path):
    """Uploaded files are kept under their digest; what a file is, its content says."""
    kept = tmp_path / "3f1c"
    kept.write_bytes((WORKBOOKS / "加油站名录.xlsx").read_bytes())
    written = mend.write(kept, {("加油站名录", 92, 3): "民营"}, "加油站名录.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(written))["加油站名录"].cell(92, 4).value == "民营"
