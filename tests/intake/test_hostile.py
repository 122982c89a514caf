"""Files that are broken, mistaken or meant to harm: each is refused in a sentence that says what to do."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from pilotwatch.intake.model import FileRefused
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from pilotwatch.intake.refusals import REFUSALS
from pilotwatch.settings import Settings
from tests.intake.books import BOOKS, RECORDS, ROW, SHOP, book, cells, only_table, recognised, sheet_xml, with_sheet_xml


def refusal(path: Path, limits: Settings | None = None) -> str:
    with pytest.raises(FileRefused) as raised:
        open_workbook(path, limits=limits)
    return raised.value.rule


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


# --- what is no workbook ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
        (b"%PDF-1.7\n", "pdf"),
        ("<html><table><tr><td>加油站".encode(), "html"),
        (b"\xef\xbb\xbf \n<TABLE border=1>", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "other_spreadsheet"),
        (b"{\\rtf1\\ansi", "document"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"a,b\n\x00,c\n", "nul"),
        ("序号,名称\n".encode("utf-16-le"), "nul"),
        (bytes(range(128, 256)) * 4, "encoding"),
        ('序号,名称\n1,"甲\n2,乙\n'.encode(), "quote"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
        (packed(word__document_xml=b"x"), "document"),
        (packed(ppt__presentation_xml=b"x"), "slides"),
        (packed(xl__workbook_bin=b"x"), "other_spreadsheet"),
        (packed(content_xml=b"x"), "other_spreadsheet"),
        (packed(a_csv=b"x"), "archive"),
        (packed(xl__workbook_xml=b"<workbook/>"), "damaged"),
    ],
)
def test_what_a_file_is_is_told_by_its_content(tmp_path, content, rule):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    assert refusal(path) == rule


def test_a_nul_in_a_text_table_is_refused_by_its_line(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_bytes("序号,名称\n1,甲\n2,乙\0店\n".encode())
    with pytest.raises(FileRefused) as no:
        open_workbook(path)
    assert no.value.message.zh.startswith("第 3 行含有空字符")


@pytest.mark.parametrize("rule", REFUSALS)
def test_a_refusal_says_in_both_languages_what_is_wrong_and_what_to_do(rule):
    text = REFUSALS[rule]
    assert re.search("请", text.zh)
    assert re.search(r"\b(?:[Ss]ave|[Uu]pload|[Ss]plit|[Dd]elete|[Cc]lose|[Rr]emove|[Cc]opy)", text.en)
    assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en))


@pytest.mark.parametrize("name", ["加油站名录.xlsx", "加油机检定台账.xls"])
def test_a_file_cut_short_is_refused(tmp_path, name):
    content = (BOOKS / name).read_bytes()
    for part in (0.3, 0.7, 0.99):
        path = tmp_path / name
        path.write_bytes(content[: int(len(content) * part)])
        assert refusal(path) == "damaged"


def test_no_single_flipped_byte_of_a_workbook_raises_anything_but_a_refusal(tmp_path):
    content = book(tmp_path, [SHOP, ROW], name="b.xlsx").read_bytes()
    for at in range(0, len(content), 97):
        path = tmp_path / "a.xlsx"
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            open_workbook(path)
        except FileRefused as no:
            assert no.rule in REFUSALS


# --- passwords -------------------------------------------------------------------------------------------------------


def test_a_workbook_with_a_password_is_refused(tmp_path):
    with (BOOKS / "加油站名录.xlsx").open("rb") as plain, (tmp_path / "a.xlsx").open("wb") as locked:
        OOXMLFile(plain).encrypt("secret", locked)
    assert refusal(tmp_path / "a.xlsx") == "password"


def test_a_workbook_that_is_write_protected_only_is_read(tmp_path):
    with (BOOKS / "加油站名录.xlsx").open("rb") as plain, (tmp_path / "a.xlsx").open("wb") as locked:
        OOXMLFile(plain).encrypt("VelvetSweatshop", locked)
    assert [s.name for s in open_workbook(tmp_path / "a.xlsx").sheets] == ["加油站名录", "值班表"]


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(300_000_000)  # sparse: costs no disk
    assert refusal(path) == "too_large"


def test_a_zip_bomb_is_refused_by_its_directory_alone(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(60):
                part.write(bytes(1_000_000))
    assert path.stat().st_size < 100_000
    assert refusal(path) == "bomb"


def test_a_workbook_that_unpacks_to_too_much_in_all_is_refused(tmp_path):
    assert refusal(book(tmp_path, [["x" * 1000] for _ in range(2000)]), Settings(max_unpacked_mb=1)) == "bomb"


def test_a_directory_that_lies_about_a_size_is_not_believed(tmp_path):
    content = bytearray(
        with_sheet_xml(tmp_path, sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 9_000_000)).read_bytes()
    )
    entry = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", content, entry + 24, 1000)
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refusal(tmp_path / "a.xlsx") == "bomb"


def test_a_count_of_billions_is_not_believed(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "b.xlsx")
    workbook.add_worksheet().write(0, 0, "甲")
    workbook.close()
    with zipfile.ZipFile(tmp_path / "b.xlsx") as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'uniqueCount="1"', b'uniqueCount="4294967295"'))
    assert refusal(tmp_path / "a.xlsx") == "damaged"


@pytest.mark.parametrize(
    ("reference", "rule"), [("XFD1048576", "too_wide"), ("ZZ1048576", "too_many_cells"), ("Z1048576", "too_many_cells")]
)
@pytest.mark.parametrize("form", ['<c r="{}"><v>1</v></c>', "<c\n s='1' r = '{}' ><v>1</v></c>"])
def test_a_stray_cell_far_out_is_refused_and_named(tmp_path, reference, rule, form):
    row = re.sub(r"\D", "", reference)
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}">{form.format(reference)}</row>'
    assert refusal(with_sheet_xml(tmp_path, sheet_xml(rows))) == rule


def test_a_formatted_but_empty_cell_far_out_does_no_harm(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert cells(with_sheet_xml(tmp_path, sheet_xml(rows))) == [["1"]]


def test_a_dimension_that_promises_too_much_does_no_harm(tmp_path):
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert cells(with_sheet_xml(tmp_path, xml)) == [["1"]]


def test_a_million_empty_formatted_rows_are_no_rows(tmp_path):
    def row(number: int) -> str:
        return f'<row r="{number}" s="1" customFormat="1"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'

    header = "".join(f'<c r="{c}1" t="str"><v>{word}</v></c>' for c, word in zip("ABCD", SHOP, strict=True))
    first = "".join(f'<c r="{c}2" t="str"><v>{word}</v></c>' for c, word in zip("ABCD", ROW, strict=True))
    body = f'<row r="1">{header}</row><row r="2">{first}</row>' + "".join(map(row, range(3, 1_048_577)))
    workbook = open_workbook(with_sheet_xml(tmp_path, sheet_xml(body)))
    assert workbook.sheets[0].height == 2
    assert find_tables(workbook, RECORDS).tables[0].rows.tolist() == [2]


def test_too_many_sheets_or_columns_are_refused(tmp_path):
    assert refusal(book(tmp_path, {f"表{i}": [["x"]] for i in range(5)}), Settings(max_sheets=4)) == "too_many_sheets"
    assert refusal(book(tmp_path, [["x"] * 30]), Settings(max_columns=20)) == "too_wide"
    assert (
        refusal(book(tmp_path, {"一": [["x"] * 9] * 9, "二": [["x"] * 9] * 9}), Settings(max_cells=100))
        == "too_many_cells"
    )


# --- what a workbook may try -------------------------------------------------------------------------------------------


def test_no_entity_is_resolved(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
    inside = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>')
    assert refusal(with_sheet_xml(tmp_path, inside.replace("<worksheet", entity + "<worksheet"))) == "damaged"
    plain = book(tmp_path, [["x"]], name="b.xlsx")
    with zipfile.ZipFile(plain) as package:
        workbook = package.read("xl/workbook.xml").decode().replace("<workbook", entity + "<workbook", 1)
    assert refusal(with_sheet_xml(tmp_path, sheet_xml(""), xl_workbook_xml=workbook)) == "damaged"


def test_macros_are_not_looked_at(tmp_path):
    plain = book(tmp_path, [SHOP, ROW], name="b.xlsx")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsm", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr("xl/vbaProject.bin", os.urandom(5000))
    assert only_table(tmp_path / "a.xlsm").rows.tolist() == [2]


def test_commands_in_cells_are_plain_text(tmp_path):
    commands = ("=cmd|'/c calc'!A1", "+1+cmd", "@SUM(1)", "-2+3")
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, SHOP)
    for column, command in enumerate(commands):
        sheet.write_string(1, column, command)
    workbook.close()
    assert cells(tmp_path / "a.xlsx")[1] == list(commands)


def test_a_file_of_no_known_dataset_is_ignored_by_name(tmp_path):
    found = recognised(book(tmp_path, {"食堂": [("日期", "早餐", "午餐"), ("周一", "馕", "抓饭")]}))
    assert (found.tables, [i.sheet for i in found.ignored]) == ((), ["食堂"])
