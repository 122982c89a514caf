"""The return workbook: the team's own file, marked; mended and uploaded again it is what it was."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pilotwatch import registry
from pilotwatch.intake import returned
from pilotwatch.intake.model import Checked
from pilotwatch.intake.own import PROBLEMS_HEADER, SUMMARY_SHEET
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from pilotwatch.intake.validate import check
from pilotwatch.places import Places
from tests.intake.books import BOOKS, RECORDS, ROOT, ROW, SHOP, book, csv_file

PLACES = Places.load(ROOT / "data")
ALL = registry.load().records
WRONG = ("乙店", "91650102MA00000157", "沙区", "停业")


def checked(path: Path, records=RECORDS) -> list[Checked]:
    found = find_tables(open_workbook(path), records)
    return [
        check(table, places=PLACES, known=lambda _, values: set(values), on=date(2026, 11, 23))
        for table in found.tables
    ]


def given_back(path: Path, records=RECORDS, language="zh") -> tuple[Path, openpyxl.Workbook]:
    target = path.with_name(f"back-{path.stem}.xlsx")
    target.write_bytes(returned.write(path, checked(path, records), language))
    return target, openpyxl.load_workbook(target)


def told(tables: list[Checked]) -> list:
    return [
        (
            t.table.sheet.name,
            t.table.dataset,
            t.table.extra_columns,
            len(t.good),
            [(f.row, f.field, f.rule) for f in t.findings],
        )
        for t in tables
    ]


@pytest.mark.parametrize("name", sorted(p.name for p in BOOKS.glob("*.[xc][ls]*")))
def test_a_return_workbook_uploaded_again_gives_the_same_findings(tmp_path, name):
    path = tmp_path / name
    path.write_bytes((BOOKS / name).read_bytes())
    first = told(checked(path, ALL))
    again, opened = given_back(path, ALL)
    assert opened.sheetnames[0] == SUMMARY_SHEET
    second = told(checked(again, ALL))
    if name.endswith(".csv"):  # it comes back as a workbook, with a sheet
        second = [(None, *rest) for _, *rest in second]
    assert second == first
    third, opened = given_back(again, ALL)
    assert opened.sheetnames.count(SUMMARY_SHEET) == 1
    assert sum(cell.value == PROBLEMS_HEADER for page in opened for row in page.iter_rows() for cell in row) == len(
        first
    )
    assert [rest for _, *rest in told(checked(third, ALL))] == [rest for _, *rest in first]


def test_failed_cells_are_coloured_and_say_why(tmp_path):
    _, opened = given_back(book(tmp_path, [SHOP, ROW, WRONG]))
    page = opened["表"]
    assert page["B3"].fill.fgColor.rgb.endswith("FFC7CE")
    assert "统一社会信用代码" in page["B3"].comment.text and page["B3"].comment.text.startswith("错误")
    assert page["B2"].comment is None and page["B2"].fill.fill_type is None
    assert page["E1"].value == PROBLEMS_HEADER
    assert "91650102MA00000157" in page["E3"].value and page["E2"].value is None


def test_only_failed_rows_are_shown_by_a_filter(tmp_path):
    _, opened = given_back(
        book(tmp_path, [["名录"], SHOP, ROW, WRONG, ROW[:1] + WRONG[1:2] + ROW[2:], ["合计", "3户"]])
    )
    page = opened["表"]
    assert page.auto_filter.ref == "A2:E5"
    (filtered,) = page.auto_filter.filterColumn
    assert (filtered.colId, filtered.customFilters.customFilter[0].val) == (4, "*错误*")
    assert [row for row in range(1, 7) if page.row_dimensions[row].hidden] == [3]


def test_the_teams_cells_formats_and_columns_are_kept(tmp_path):
    path = book(tmp_path, [(*SHOP, "我的备注"), (*ROW, "请保留"), (*WRONG, None)])
    own = openpyxl.load_workbook(path)
    own["表"]["A2"].font = openpyxl.styles.Font(bold=True)
    own["表"].column_dimensions["A"].width = 33
    own.save(path)
    _, opened = given_back(path)
    page = opened["表"]
    assert (page["E2"].value, page["A2"].font.bold, page.column_dimensions["A"].width) == ("请保留", True, 33)
    assert page["F1"].value == PROBLEMS_HEADER


def test_a_finding_inside_a_merged_cell_is_marked_where_the_cell_shows(tmp_path):
    rows = [("区县", *SHOP[:2]), ("不存在区", "甲", ROW[1]), (None, "乙", "91650102MA00000156")]
    _, opened = given_back(book(tmp_path, rows, ["A2:A3"]))
    assert opened["表"]["A2"].comment.text.count("错误") == 2


def test_the_summary_counts_what_was_found_and_says_what_to_do(tmp_path):
    _, opened = given_back(book(tmp_path, [SHOP, ROW, WRONG]))
    lines = [[cell for cell in row if cell is not None] for row in opened[SUMMARY_SHEET].iter_rows(values_only=True)]
    assert ["文件", "a.xlsx"] in lines
    assert ["表", "商铺名录", 2, 1, 1, 0] in lines
    assert any(line[:2] == ["表", "错误"] and 1 in line and "3" in line for line in lines)
    assert any("上传" in str(line) for line in lines[-3:])


def test_the_marks_speak_english_too(tmp_path):
    _, opened = given_back(book(tmp_path, [SHOP, ROW, WRONG]), language="en")
    assert opened["表"]["B3"].comment.text.startswith("Error: Row 3")


def formula_file(path: Path) -> Path:
    workbook = xlsxwriter.Workbook(path / "a.xlsx")
    sheet = workbook.add_worksheet("表")
    sheet.write_row(0, 0, (*SHOP, "营业面积"))
    sheet.write_row(1, 0, (*ROW, 1))
    sheet.write_string(2, 0, "=cmd|'/c calc'!A1")
    sheet.write_row(2, 1, WRONG[1:])
    sheet.write_formula(1, 4, "=10*2", None, 20)
    sheet.write_formula(2, 4, '=HYPERLINK("http://x")', None, "")
    workbook.define_name("evil", "=cmd|'/c calc'!A1")
    workbook.close()
    return path / "a.xlsx"


def parts_of(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.startswith("xl/"))


def test_no_return_workbook_carries_a_live_formula(tmp_path):
    target, opened = given_back(formula_file(tmp_path))
    page = opened["表"]
    assert page["E2"].value == 20
    assert (page["A3"].value, page["A3"].data_type, page["A3"].quotePrefix) == ("=cmd|'/c calc'!A1", "s", True)
    assert "<f>" not in parts_of(target) and "evil" not in parts_of(target)
    assert not any(cell.data_type == "f" for sheet in opened for row in sheet.iter_rows() for cell in row)


def test_a_csv_comes_back_as_a_workbook_without_formulas(tmp_path):
    rows = [SHOP, ROW, ("=cmd|'/c calc'!A1", *WRONG[1:])]
    target, opened = given_back(csv_file(tmp_path, "\n".join(",".join(row) for row in rows)))
    page = opened.worksheets[1]
    assert (page["A3"].value, page["A3"].data_type, page["A3"].quotePrefix) == ("=cmd|'/c calc'!A1", "s", True)
    assert page["B3"].comment is not None and page.row_dimensions[2].hidden and not page.row_dimensions[3].hidden
    assert "<f>" not in parts_of(target)


def test_a_large_workbook_is_written_anew_with_the_same_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(returned, "_KEPT_CELLS", 0)
    path = book(tmp_path, {"表": [["名录"], SHOP, ROW, WRONG], "旁": [["a", 1]]}, ["A1:D1"])
    target, opened = given_back(path)
    assert told(checked(target)) == told(checked(path))
    assert opened["旁"]["A1"].value == "a"
    assert [str(merged) for merged in opened["表"].merged_cells.ranges] == ["A1:D1"]
    assert opened["表"]["B4"].fill.fgColor.rgb.endswith("FFC7CE")


def test_a_workbook_swollen_by_formatted_empty_rows_is_written_anew(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(path)
    page, look = made.add_worksheet("店铺"), made.add_format({"border": 1})
    for row, cells in enumerate((SHOP, ROW, WRONG)):
        page.write_row(row, 0, cells)
    for row in range(3, 20_000):
        page.write_blank(row, 0, None, look)
    made.close()
    monkeypatch.setattr(returned, "_KEPT_BYTES", 500_000)
    _, opened = given_back(path)
    assert opened["店铺"].max_row < 10


def test_links_to_other_files_are_dropped(tmp_path):
    path = book(tmp_path, [SHOP, ROW, WRONG])
    own = openpyxl.load_workbook(path)
    rule = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1="[1]Sheet1!$A$1:$A$3")
    rule.add("D2:D9")
    own["表"].add_data_validation(rule)
    own.save(path)
    _, opened = given_back(path)
    assert not opened["表"].data_validations.dataValidation
    assert not opened._external_links
