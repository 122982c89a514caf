"""What a workbook becomes: its cells as text at their true places, and what lies beside them."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter

from pilotwatch.intake import cells as columns
from pilotwatch.intake.biff import shortest
from pilotwatch.intake.model import FileRefused
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.text import encoding_of
from pilotwatch.intake.xlsx import Look, letters_of
from tests.intake.books import BOOKS, book, cells, csv_file, sheet_xml, with_sheet_xml

# --- xlsx ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("甲店", "甲店"), (" 甲 ", " 甲 "), ("０１２", "０１２"), ("=cmd|'/c calc'!A1", None), (1, "1"), (-0.5, "-0.5"), (87.634868, "87.634868"),
        (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (1e21, "1000000000000000000000"), (True, "TRUE"), (False, "FALSE"), ("  ", None), ("", None),
        (dt.date(2026, 6, 30), "2026-06-30"), (dt.datetime.fromisoformat("2026-06-30T10:26"), "2026-06-30 10:26:00"), (dt.time(10, 26), "10:26:00"),
    ],
)  # fmt: skip
def test_a_cell_becomes_the_text_it_means(tmp_path, value, text):
    assert cells(book(tmp_path, [["标题"], [value], ["末"]]))[1] == [text]


def test_a_text_that_looks_like_a_formula_is_read_as_text(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    workbook.add_worksheet().write_string(0, 0, "=cmd|'/c calc'!A1")
    workbook.close()
    assert cells(tmp_path / "a.xlsx") == [["=cmd|'/c calc'!A1"]]


def test_rows_and_columns_keep_their_place_below_and_right_of_empty_ones(tmp_path):
    assert cells(book(tmp_path, [[], [None, None, "x"], [], [None, "y"]])) == [
        [None, None, None], [None, None, "x"], [None, None, None], [None, "y", None],
    ]  # fmt: skip


def test_an_error_value_is_read_as_it_shows(tmp_path):
    path = with_sheet_xml(
        tmp_path, sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>')
    )
    assert cells(path) == [["1", "#REF!"]]


def test_a_percent_is_read_as_it_shows(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet, style = workbook.add_worksheet(), workbook.add_format({"num_format": "0.00%"})
    for row, value in enumerate([0.0052, 0.5, -1, "百分之五"]):
        sheet.write(row, 0, value, style)
    sheet.write_formula(4, 0, "=1/8", style, 0.125)
    sheet.write(5, 0, 0.5)
    workbook.close()
    assert cells(tmp_path / "a.xlsx") == [["0.52%"], ["50%"], ["-100%"], ["百分之五"], ["12.5%"], ["0.5"]]


def test_a_formula_gives_its_cached_value_and_one_without_is_named(tmp_path):
    xml = sheet_xml(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+2</f><v/></c></row>'
        '<row r="2"><c r="A2" t="str"><f>IF(A1,"","x")</f><v></v></c><c r="B2"><f t="shared" si="0"/><v></v></c></row>'
    )
    sheet = open_workbook(with_sheet_xml(tmp_path, xml)).sheets[0]
    assert sheet.cells.column(0).to_pylist() == ["2", None]
    assert sorted(sheet.formulas) == [(1, 2), (1, 3), (2, 2)]


def test_merges_hidden_rows_and_hidden_sheets_are_told(tmp_path):
    path = book(tmp_path, {"一": [["a", None], ["b", "c"], ["d", "e"]], "二": [["x"]]}, ["A1:B1", "A2:A3"])
    workbook = openpyxl.load_workbook(path)
    workbook["一"].row_dimensions[2].hidden = True
    workbook["二"].sheet_state = "hidden"
    workbook.save(path)
    first, second = open_workbook(path).sheets
    assert (sorted(first.merges), first.hidden_rows, first.hidden) == ([(1, 1, 1, 2), (2, 1, 3, 1)], {2}, False)
    assert second.hidden


def test_dates_of_a_1904_workbook_are_the_days_they_show(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True})
    workbook.add_worksheet().write_datetime(
        0, 0, dt.datetime.fromisoformat("2026-04-15"), workbook.add_format({"num_format": "yyyy-mm-dd"})
    )
    workbook.close()
    assert open_workbook(tmp_path / "a.xlsx").date1904
    assert cells(tmp_path / "a.xlsx") == [["2026-04-15"]]


def test_other_writers_xml_is_read_alike(tmp_path):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    prefixed = (
        f"<?xml version='1.0'?><x:worksheet xmlns:x='{space}'><x:sheetData><x:row hidden='1' r='2'><x:c\n t='str' r='B2'>"
        "<x:v>甲</x:v></x:c><x:c r='C2'><x:f>1+1</x:f></x:c></x:row></x:sheetData>"
        "<x:mergeCells><x:mergeCell ref='B2:C2'/></x:mergeCells></x:worksheet>"
    )
    sheet = open_workbook(with_sheet_xml(tmp_path, prefixed)).sheets[0]
    assert (sheet.height, sheet.cells.column(1).to_pylist()) == (2, [None, "甲"])
    assert (sheet.merges, sheet.hidden_rows, sheet.formulas) == (((2, 2, 2, 3),), {2}, ((2, 3),))


def test_cells_without_references_are_counted_on(tmp_path):
    xml = sheet_xml('<row><c><v>1</v></c><c t="inlineStr"><is><t>甲</t></is></c></row><row><c><v>2</v></c></row>')
    assert cells(with_sheet_xml(tmp_path, xml)) == [["1", "甲"], ["2", None]]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_the_look_at_a_sheet_finds_the_same_in_pieces_of_any_size(size):
    rows = "".join(
        f'<row r="{r}"{" hidden=" + chr(34) + "1" + chr(34) if r % 3 == 0 else ""}><c r="A{r}" s="1"><v>{r}</v></c>'
        f'<c r="B{r}"><f>A{r}</f></c><c r="AB{r}" t="e"><v>#N/A</v></c></row>'
        for r in range(1, 8)
    )
    xml = sheet_xml(rows, '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>').encode()
    look = Look(frozenset({"1"}))
    for start in range(0, len(xml), size):
        look.feed(xml[start : start + size])
    look.close()
    assert look.hidden_rows == {3, 6}
    assert look.merges == [(1, 1, 2, 2)]
    assert look.formulas == [(r, 2) for r in range(1, 8)]
    assert look.percents == {0: list(range(7))}
    assert look.errors == {27: dict.fromkeys(range(7), "#N/A")}
    assert (look.rows, look.columns, look.in_column_a) == (7, 28, True)


def test_columns_have_letters():
    assert [letters_of(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


# --- xls -------------------------------------------------------------------------------------------------------------


def test_an_xls_is_read_with_its_dates_serials_merges_and_hidden_rows():
    workbook = open_workbook(BOOKS / "加油机检定台账.xls")
    sheet = workbook.sheets[0]
    assert (workbook.kind, [s.height for s in workbook.sheets]) == ("xls", [251, 0, 0])
    assert sheet.hidden_rows == {34, 35, 208}
    assert (1, 1, 1, 15) in sheet.merges
    assert sheet.cells.column(11)[4].as_py() == "46074"  # a bare serial stays one
    assert sheet.cells.column(12)[8].as_py() == "2026-08-08"


def test_a_wps_workbook_is_read_by_its_content(tmp_path):
    copy = tmp_path / "台账.et"
    copy.write_bytes((BOOKS / "加油机检定台账.xls").read_bytes())
    assert open_workbook(copy).kind == "et"
    copy.write_bytes((BOOKS / "加油站名录.xlsx").read_bytes())
    assert [s.name for s in open_workbook(copy).sheets] == ["加油站名录", "值班表"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(12.0, "12"), (0.1, "0.1"), (1e-07, "0.0000001"), (-3.50, "-3.5"), (1e20, "100000000000000000000")],
)
def test_a_number_is_written_in_its_shortest_form(number, text):
    assert shortest(number) == text


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")]
)
def test_the_encoding_of_a_text_table_is_found_out(tmp_path, codec, name):
    workbook = open_workbook(csv_file(tmp_path, "商铺名称,区县\n龑䶮印业,天山\n", codec))
    assert (workbook.encoding, workbook.sheets[0].cells.column(0).to_pylist()) == (name, ["商铺名称", "龑䶮印业"])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out_below_title_lines(tmp_path, separator):
    lines = ["商铺名录，2026年", separator.join("甲乙丙"), separator.join(["1", "2，5", "3"]), separator.join("456")]
    workbook = open_workbook(csv_file(tmp_path, "\n".join(lines)))
    assert (workbook.separator, workbook.sheets[0].width) == (separator, 3)


def test_rows_of_a_text_table_are_numbered_by_the_line_they_begin_on(tmp_path):
    path = csv_file(tmp_path, '序号,名称\r\n1,"甲\r\n乙"\r\n\r\n2,"丙,""丁"""\r\n')
    assert cells(path) == [["序号", "名称"], ["1", "甲\r\n乙"], [None, None], [None, None], ["2", '丙,"丁"']]


def test_lines_may_have_fewer_or_more_cells_than_the_header(tmp_path):
    assert cells(csv_file(tmp_path, "标题\n甲,乙\n1,2,3\n")) == [
        ["标题", None, None],
        ["甲", "乙", None],
        ["1", "2", "3"],
    ]


def test_a_long_text_table_is_read_whole(tmp_path):
    path = csv_file(tmp_path, "甲,乙\n" + "".join(f"{i},x\n" for i in range(45_000)) + "1,2,3\n")
    sheet = open_workbook(path).sheets[0]
    assert (sheet.height, sheet.width) == (45_002, 3)
    assert sheet.cells.column(0)[45_000].as_py() == "44999"
    assert sheet.cells.column(2).drop_null().to_pylist() == ["3"]


def test_a_text_cut_within_a_character_is_refused():
    with pytest.raises(FileRefused) as refusal:
        encoding_of("序号,名称\n1,甲".encode("gb18030")[:-1])
    assert refusal.value.rule == "encoding"


# --- columns of cells --------------------------------------------------------------------------------------------------


def test_times_are_rounded_to_the_second():
    column = pa.chunked_array(
        [["2026-07-31 10:25:59.999", "2026-07-31 23:59:59.600", "2026-07-31 10:26:00", "x.5", None]]
    )
    assert columns.tidy(column).to_pylist() == ["2026-07-31 10:26:00", "2026-08-01", "2026-07-31 10:26:00", "x.5", None]


def test_what_a_file_was_is_kept(tmp_path):
    path = csv_file(tmp_path, "a,b\n1,2\n")
    workbook = open_workbook(path, "上报.csv")
    assert (workbook.name, workbook.size, len(workbook.sha256)) == ("上报.csv", 8, 64)
