"""Small workbooks and records for the tests of reading and recognising."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from pilotwatch.domain import Choices, Division, Record, Spec, Uscc, column
from pilotwatch.intake.model import FoundTable, Recognition
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables

ROOT = Path(__file__).parents[2]
BOOKS = ROOT.parent / "shared" / "data" / "workbooks"

Rows = Sequence[Sequence[Any]]


class Shop(Record):
    """商铺: a shop."""

    spec = Spec("shop", zh="商铺名录", en="Shops", subject="uscc", kind="subject", name="name", words=("商铺", "店铺"))

    name: str = column("商铺名称", "Name", aliases=("店名",))
    uscc: Uscc = column("统一社会信用代码", "Code", key=True, aliases=("信用代码",), example="91650100XJDEM00576")
    division_code: Division | None = column("区县", "District", aliases=("所属区县",), example="天山区")
    state: str | None = column(
        "营业状态", "State", choices=Choices.of(("open", "营业", "Open"), ("shut", "停业", "Shut")), example="营业"
    )
    area: float | None = column("营业面积", "Area", unit="m²", ge=0, example="120.5")
    opened_on: date | None = column("开业日期", "Opened on", example="2020-05-01")


class Takings(Record):
    """营业额: what a shop took in a month."""

    spec = Spec("takings", zh="月营业额", en="Takings", subject="uscc", words=("营业额",))

    uscc: Uscc = column("统一社会信用代码", "Code", key=True, aliases=("信用代码",))
    month: str = column("月份", "Month", key=True)
    amount: Decimal = column("营业额", "Takings", unit="yuan", ge=0)
    start_amount: Decimal | None = column("期初金额", "At first", unit="yuan")
    depts: list[str] | None = column("检查部门", "Departments", aliases=("联合部门",))


RECORDS = (Shop, Takings)
SHOP = ("商铺名称", "统一社会信用代码", "区县", "营业状态")
ROW = ("甲店", "91650100XJDEM00576", "天山区", "营业")
TAKINGS = ("统一社会信用代码", "月份", "营业额")


def book(path: Path, sheets: Mapping[str, Rows] | Rows, merges: Sequence[str] = (), name: str = "a.xlsx") -> Path:
    """Writes an .xlsx of one sheet or several; `merges` are of the first."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in (sheets if isinstance(sheets, Mapping) else {"表": sheets}).items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for merge in merges:
        workbook.worksheets[0].merge_cells(merge)
    workbook.save(path / name)
    return path / name


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    target = path / "a.csv"
    target.write_bytes(text.encode(encoding))
    return target


def with_sheet_xml(path: Path, body: str, name: str = "a.xlsx", **parts: str) -> Path:
    """An .xlsx whose only sheet is written by hand; `parts` replace others, `/` and `.` of their path as `_`."""
    plain = book(path, [["x"]], name="plain.xlsx")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path / name, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = body.encode()
            new.writestr(part, parts.get(part.replace("/", "_").replace(".", "_"), content))
    return path / name


def sheet_xml(rows: str, tail: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


def cells(path: Path, sheet: int = 0) -> list[list[str | None]]:
    """The cells of a sheet as read, row by row."""
    table = open_workbook(path).sheets[sheet].cells
    columns = [column.to_pylist() for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def recognised(path: Path, **options: Any) -> Recognition:
    return find_tables(open_workbook(path), RECORDS, **options)


def only_table(path: Path, **options: Any) -> FoundTable:
    (table,) = recognised(path, **options).tables
    return table


def fields(table: FoundTable) -> dict[str, str | None]:
    """Header as written → field."""
    return {c.header: c.field for c in table.columns}
