"""The upload template: complete, and recognised column by column when it comes back filled in."""

from __future__ import annotations

import io

import openpyxl
import pytest

from pilotwatch import registry
from pilotwatch.domain import Choices, Record, Spec, column
from pilotwatch.intake import template
from pilotwatch.intake.own import GUIDE_SHEET, LISTS_SHEET
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from tests.intake.books import RECORDS, ROW, Shop, only_table, recognised

ALL = registry.load().records


def opened(record, language="zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template.write(record, language)))


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.spec.dataset)
def test_a_filled_template_of_every_dataset_is_recognised_by_its_titles(tmp_path, record):
    path = tmp_path / "a.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(template.write(record)))
    book.worksheets[0].append([1, *(template.example(column) for column in record.columns())])
    book.save(path)
    (table,) = find_tables(open_workbook(path), ALL).tables
    assert (table.dataset, table.header_row, table.rows.tolist()) == (record.spec.dataset, 1, [3])
    assert [(c.field, c.how) for c in table.columns] == [(c.name, "title") for c in record.columns()]


def test_an_empty_template_has_no_rows_to_store(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(template.write(Shop))
    assert only_table(tmp_path / "a.xlsx").rows.tolist() == []
    assert [i.sheet for i in recognised(tmp_path / "a.xlsx").ignored] == [GUIDE_SHEET]


def test_codes_stay_texts_and_required_columns_are_marked():
    page = opened(Shop).worksheets[0]
    assert page.column_dimensions["C"].number_format == "@"
    headers = {cell.value: cell.fill.fgColor.rgb for cell in page[1]}
    assert headers["统一社会信用代码"] == headers["商铺名称"] != headers["营业面积（平方米）"]
    assert page.freeze_panes == "A2"


def test_an_enumeration_has_a_list_to_choose_from():
    rules = opened(Shop).worksheets[0].data_validations.dataValidation
    assert [(rule.formula1, str(rule.sqref)) for rule in rules] == [('"营业,停业"', "E2:E5001")]


class Street(Record):
    """街区: more kinds than a drop-down list holds by itself."""

    spec = Spec("street", zh="街区", en="Streets", subject="kind")
    kind: str = column(
        "街区类型", "Kind", key=True, choices=Choices.of(*((f"{i}", f"第{i}类街区", f"Kind {i}") for i in range(60)))
    )


def test_a_long_enumeration_has_its_list_on_a_hidden_sheet():
    book = opened(Street)
    lists = book[LISTS_SHEET]
    assert lists.sheet_state == "hidden"
    assert [cell.value for (cell,) in lists.iter_rows()] == [f"第{i}类街区" for i in range(60)]
    (rule,) = book.worksheets[0].data_validations.dataValidation
    assert rule.formula1 == f"'{LISTS_SHEET}'!$A$1:$A$60"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_explains_every_column(language):
    guide = opened(Shop, language)[GUIDE_SHEET]
    rows = {row[0]: row for row in guide.iter_rows(values_only=True) if row[0]}
    assert set(column.header for column in Shop.columns()) <= set(rows)
    assert rows["营业状态"][5] == "营业、停业"
    assert rows["统一社会信用代码"][2] == ("必填" if language == "zh" else "required")
    assert ROW[1] in rows["统一社会信用代码"]


def test_the_examples_are_what_the_columns_say():
    assert [template.example(column) for column in RECORDS[0].columns()] == [
        "文本", "91650100XJDEM00576", "天山区", "营业", "120.5", "2020-05-01",
    ]  # fmt: skip


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.spec.dataset)
def test_an_example_of_a_number_is_within_its_bounds(record):
    for column_ in record.columns():
        if column_.kind in ("integer", "real", "decimal"):
            number = float(template.example(column_))
            assert column_.ge is None or number >= column_.ge
            assert column_.le is None or number <= column_.le
