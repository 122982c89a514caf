"""Which tables a workbook holds: every layout of domain-rules E.4, and the eight workbooks of the shared data."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pilotwatch import registry
from pilotwatch.intake import context
from pilotwatch.intake.headers import forms, unit_in
from pilotwatch.intake.model import Total
from pilotwatch.intake.own import SUMMARY_SHEET
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from tests.intake.books import BOOKS, ROW, SHOP, TAKINGS, book, csv_file, fields, only_table, recognised

NAMES = sorted(path.name.removesuffix(".expected.json") for path in BOOKS.glob("*.expected.json"))
OTHER = ("乙店", "91650102MA00000156", "沙区", "停业")
THIRD = ("丙店", "91650105MACEX001XT", "头区", "营业")


# --- the shared workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_shared_workbook_is_recognised_as_written_beside_it(name):
    wanted = json.loads((BOOKS / f"{name}.expected.json").read_text(encoding="utf-8"))
    workbook = open_workbook(BOOKS / wanted["file"])
    found = find_tables(workbook, registry.load().records)

    assert (workbook.encoding, workbook.separator) == (wanted.get("encoding"), wanted.get("separator"))
    assert [ignored.sheet for ignored in found.ignored] == wanted.get("ignored_sheets", [])
    assert len(found.tables) == len(wanted.get("tables", [wanted]))
    for table, part in zip(found.tables, wanted.get("tables", [wanted]), strict=True):
        assert table.sheet.name == part["sheet"]
        assert table.dataset == part["dataset"]
        assert table.header_row == part["header_row"]
        assert list(table.header_rows) == part["header_rows"]
        assert len(table.rows) == part["data_rows"]
        assert sorted(table.sheet.hidden_rows) == part.get("hidden_rows", [])
        assert list(table.extra_columns) == part.get("extra_columns", [])
        assert str(table.context.as_of).startswith(part["as_of"])
        assert not {error["row"] for error in part["errors"]} - set(table.rows.tolist())


# --- where the header stands ---------------------------------------------------------------------------------------


def test_a_header_is_found_below_title_reporter_and_blank_lines(tmp_path):
    rows = [["商铺名录"], ["填报单位：市商务局　　填报时间：2026年6月30日"], [], SHOP, ROW, OTHER]
    table = only_table(book(tmp_path, rows, ["A1:D1"]))
    assert (table.dataset, table.header_row, table.rows.tolist()) == ("shop", 4, [5, 6])


def test_a_header_in_the_first_row_needs_no_title(tmp_path):
    assert only_table(book(tmp_path, [SHOP, ROW])).header_rows == (1,)


def test_levels_of_a_merged_header_are_joined(tmp_path):
    rows = [["序号", "商铺", None, "位置"], [None, "店名", "信用代码", "区县"], [1, *ROW[:3]]]
    table = only_table(book(tmp_path, rows, ["A1:A2", "B1:C1"]))
    assert table.header_rows == (1, 2)
    assert fields(table) == {"商铺/店名": "name", "商铺/信用代码": "uscc", "位置/区县": "division_code"}


def test_a_group_without_merged_cells_spreads_over_its_columns(tmp_path):
    table = only_table(csv_file(tmp_path, "序号,基本信息（㎡）,,,\n,店名,信用代码,营业面积,区县\n1,甲,X,12,天山\n"))
    assert [c.header for c in table.columns][:3] == [
        "基本信息（㎡）/店名",
        "基本信息（㎡）/信用代码",
        "基本信息（㎡）/营业面积",
    ]
    assert {c.field: c.unit for c in table.columns}["area"] == "m2"


def test_a_table_may_begin_in_any_column_and_row(tmp_path):
    rows = [[], [], [None, None, *SHOP], [None, None, *ROW]]
    table = only_table(book(tmp_path, rows))
    assert (table.header_row, [c.index for c in table.columns], table.rows.tolist()) == (3, [2, 3, 4, 5], [4])


# --- which rows are data -------------------------------------------------------------------------------------------


def test_a_header_repeated_on_each_page_is_no_data(tmp_path):
    again = tuple(f" {word} " for word in SHOP)
    table = only_table(book(tmp_path, [SHOP, ROW, SHOP, OTHER, again, THIRD]))
    assert table.rows.tolist() == [2, 4, 6]


@pytest.mark.parametrize(
    "line",
    [
        ["备注：本表一式两份"], ["注: 以上数据截至月末"], ["填表人：张*", "审核人：李*"], ["制表：古*　审核：王*"], ["附注1：略"],
        ["单位负责人（签字）："], ["联系电话", "0991-***1"], ["（盖章）"], ["第 2 页 共 3 页"], ["数据来源：市场监管局"], ["其中：", None, None, "3"],
        ["例：", "91650100XJDEM00576", "天山区"], ["（示例）", "91650100XJDEM00576", "天山区", "营业"], [" ", "　"], [],
    ],
)  # fmt: skip
def test_notes_examples_and_blank_rows_are_no_data(tmp_path, line):
    table = only_table(book(tmp_path, [SHOP, ROW, line, OTHER]))
    assert table.rows.tolist() == [2, 4]


@pytest.mark.parametrize(
    "name", ["备注堂书店", "注册会计师事务所", "小计量器具店", "说明书印刷厂", "第一加油站", "例外服装店", "合计斋"]
)
def test_a_name_that_begins_like_a_note_is_data(tmp_path, name):
    table = only_table(book(tmp_path, [SHOP, ROW, (name, *OTHER[1:])]))
    assert table.rows.tolist() == [2, 3]


def test_a_numbered_row_without_content_is_no_data(tmp_path):
    table = only_table(book(tmp_path, [("序号", *SHOP), (1, *ROW), (2,), (3,)]))
    assert table.rows.tolist() == [2]


def test_a_row_without_its_key_is_data_and_will_be_a_finding(tmp_path):
    table = only_table(book(tmp_path, [SHOP, ROW, ("乙店", None, None, None), OTHER]))
    assert table.rows.tolist() == [2, 3, 4]


def test_prose_at_the_end_is_no_data(tmp_path):
    table = only_table(
        book(tmp_path, [SHOP, ROW, ["说明：", None], ["1. 本表按月报送，逾期不候。"], ["2. 请勿改动表头。"]])
    )
    assert table.rows.tolist() == [2]


def test_a_section_title_merged_across_the_table_is_no_data(tmp_path):
    rows = [SHOP, ["一、天山区"], ROW, ["二、沙依巴克区"], OTHER]
    assert only_table(book(tmp_path, rows, ["A2:D2", "A4:D4"])).rows.tolist() == [3, 5]


def test_totals_know_the_rows_they_sum(tmp_path):
    one, two = ("91650100XJDEM00576", "2026-05", 10), ("91650102MA00000156", "2026-05", 20)
    rows = [
        TAKINGS,
        one,
        two,
        ["天山区小计", None, 30],
        one,
        ["小　计", None, 10],
        ["合  计", None, 40],
        ["总计：", None, 40],
    ]
    table = only_table(book(tmp_path, rows))
    assert table.rows.tolist() == [2, 3, 5]
    assert table.totals == (
        Total(4, "天山区小计", 2, 3), Total(6, "小计", 5, 5), Total(7, "合计", 2, 5), Total(8, "总计:", 2, 5),
    )  # fmt: skip


def test_a_total_above_the_data_sums_what_follows(tmp_path):
    one = ("91650100XJDEM00576", "2026-05", 10)
    assert only_table(book(tmp_path, [TAKINGS, ["合计", None, 20], one, one])).totals == (Total(2, "合计", 3, 4),)


def test_a_total_may_stand_behind_a_blank_or_repeated_district(tmp_path):
    rows = [("区县", *SHOP[:2]), ("天山区", *ROW[:2]), ("天山区", "小计", "1户")]
    table = only_table(book(tmp_path, rows))
    assert (table.rows.tolist(), [t.row for t in table.totals]) == ([2], [3])


def test_hidden_rows_are_data(tmp_path):
    path = book(tmp_path, [SHOP, ROW, OTHER])
    import openpyxl

    workbook = openpyxl.load_workbook(path)
    workbook.active.row_dimensions[3].hidden = True
    workbook.save(path)
    table = only_table(path)
    assert (table.rows.tolist(), table.sheet.hidden_rows) == ([2, 3], {3})


def test_cells_are_filled_down_inside_merges_only(tmp_path):
    rows = [("区县", "店名", "信用代码"), ("天山区", "甲", "A"), (None, "乙", "B"), (None, "丙", "C")]
    table = only_table(book(tmp_path, rows, ["A2:A3"]))
    assert table.sheet.cells.column(0).to_pylist() == ["区县", "天山区", "天山区", None]
    assert table.rows.tolist() == [2, 3, 4]


# --- which column feeds which field ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "统一社会信用代码",
        "统一社会\n信用代码",
        " 统一 社会　信用代码 ",
        "*统一社会信用代码",
        "统一社会信用代码（必填）",
        "信用代码",
        "Code",
        "uscc",
    ],
)
def test_a_header_is_recognised_however_it_is_spaced_and_marked(tmp_path, header):
    table = only_table(book(tmp_path, [("商铺名称", header, "区县"), ROW[:3]]))
    assert table.columns[1].field == "uscc"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("营业面积（㎡）", "m2"),
        ("营业面积(平方米)", "平方米"),
        ("营业面积/亩", "亩"),
        ("营业面积（单位：平方米）", "平方米"),
        ("营业面积", None),
    ],
)
def test_a_unit_in_the_header_is_taken_out_and_kept(tmp_path, header, unit):
    table = only_table(book(tmp_path, [("商铺名称", "信用代码", "区县", header), (*ROW[:3], 12)]))
    assert (table.columns[3].field, table.columns[3].unit) == ("area", unit)


def test_the_unit_of_the_title_line_goes_to_columns_that_measure_the_same(tmp_path):
    rows = [["单位：万元"], (*TAKINGS, "备注"), ("91650100XJDEM00576", "2026-05", 10, "x")]
    assert [c.unit for c in only_table(book(tmp_path, rows)).columns] == [None, None, "万元", None]


def test_a_near_header_is_recognised_and_said_to_be_similar(tmp_path):
    table = only_table(book(tmp_path, [("商铺名称", "统一社会信用代码证", "区县", "状态"), ROW]))
    assert (table.columns[1].field, table.columns[1].how) == ("uscc", "similar")


def test_a_near_header_that_means_another_thing_is_an_extra_column(tmp_path):
    rows = [(*TAKINGS, "期末金额"), ("91650100XJDEM00576", "2026-05", 10, 3)]
    assert only_table(book(tmp_path, rows)).extra_columns == ("期末金额",)


def test_of_two_columns_for_one_field_the_one_with_its_title_feeds_it(tmp_path):
    table = only_table(book(tmp_path, [("店名", "商铺名称", "信用代码", "区县"), ("x", *ROW[:3])]))
    assert fields(table) == {"店名": None, "商铺名称": "name", "信用代码": "uscc", "区县": "division_code"}


def test_a_list_may_be_fed_by_several_columns(tmp_path):
    rows = [(*TAKINGS, "检查部门", "联合部门"), ("91650100XJDEM00576", "2026-05", 10, "商务局", "公安局")]
    assert [c.field for c in only_table(book(tmp_path, rows)).columns][3:] == ["depts", "depts"]


def test_a_remembered_mapping_holds_over_what_the_words_say(tmp_path):
    def memory(dataset, headers):
        return {"牌匾": "name", "商铺名称": None} if dataset == "shop" and "牌匾" in headers else None

    table = only_table(book(tmp_path, [("牌匾", *SHOP), ("甲", *ROW)]), memory=memory)
    assert fields(table) | {"牌匾": "name", "商铺名称": None} == fields(table)
    assert table.columns[0].how == "remembered"


def test_the_users_mapping_holds_over_all(tmp_path):
    path = book(tmp_path, [("字号", "代号", "片区"), ROW[:3]])
    assert not recognised(path).tables
    table = only_table(path, dataset="shop", mapping={"表": {0: "name", 1: "uscc", 2: None}})
    assert fields(table) == {"字号": "name", "代号": "uscc", "片区": None}
    assert [c.how for c in table.columns] == ["user", "user", None]
    assert table.rows.tolist() == [2]


# --- several tables, and none ---------------------------------------------------------------------------------------


def test_tables_one_below_the_other_are_both_found(tmp_path):
    rows = [
        ["商铺"],
        SHOP,
        ROW,
        OTHER,
        ["合计", "2户"],
        [],
        ["月营业额"],
        ["单位：万元"],
        TAKINGS,
        ("91650100XJDEM00576", "2026-05", 1),
    ]
    shops, takings = recognised(book(tmp_path, rows)).tables
    assert (shops.dataset, shops.header_row, shops.rows.tolist()) == ("shop", 2, [3, 4])
    assert (takings.dataset, takings.header_row, takings.rows.tolist()) == ("takings", 9, [10])
    assert (shops.context.unit, takings.context.unit, takings.context.title) == (None, "万元", "月营业额")
    assert [t.row for t in shops.totals] == [5]


def test_tables_side_by_side_are_both_found(tmp_path):
    rows = [(*SHOP, None, *TAKINGS), (*ROW, None, "91650100XJDEM00576", "2026-05", 1), (*OTHER, None, None, None, None)]
    shops, takings = recognised(book(tmp_path, rows)).tables
    assert (shops.dataset, shops.rows.tolist()) == ("shop", [2, 3])
    assert (takings.dataset, takings.rows.tolist()) == ("takings", [2])


def test_the_same_header_under_a_title_of_its_own_is_one_table(tmp_path):
    rows = [["天山区"], SHOP, ROW, [], ["沙依巴克区商铺名录"], SHOP, OTHER]
    assert only_table(book(tmp_path, rows, ["A1:D1", "A5:D5"])).rows.tolist() == [3, 7]


def test_each_sheet_is_read_or_ignored_by_name_with_a_reason(tmp_path):
    sheets = {
        "商铺": [SHOP, ROW], "空": [], "值班表": [("日期", "带班领导", "值班人员"), ("7月1日", "王*", "赵*")], "名录": [("商铺名称", "区县", "营业状态"), ROW[:3]],
        SUMMARY_SHEET: [SHOP, ROW],
    }  # fmt: skip
    found = recognised(book(tmp_path, sheets))
    assert [t.sheet.name for t in found.tables] == ["商铺"]
    reasons = {i.sheet: i.reason.zh for i in found.ignored}
    assert list(reasons) == ["空", "值班表", "名录", SUMMARY_SHEET]
    assert "统一社会信用代码" in reasons["名录"] and "商铺名录" in reasons["名录"]


def test_a_hidden_sheet_is_ignored_and_said_to_be_hidden(tmp_path):
    import openpyxl

    path = book(tmp_path, {"商铺": [SHOP, ROW], "旧": [SHOP, OTHER]})
    workbook = openpyxl.load_workbook(path)
    workbook["旧"].sheet_state = "veryHidden"
    workbook.save(path)
    found = recognised(path)
    assert [(i.sheet, i.hidden) for i in found.ignored] == [("旧", True)]


def test_a_table_of_another_dataset_than_the_chosen_is_refused_by_name(tmp_path):
    found = recognised(book(tmp_path, [SHOP, ROW]), dataset="takings")
    assert not found.tables
    assert "月营业额" in found.ignored[0].reason.zh and "商铺名录" in found.ignored[0].reason.zh


def test_an_unknown_dataset_is_an_error_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match="no such dataset"):
        recognised(book(tmp_path, [SHOP, ROW]), dataset="nothing")


# --- what the lines around a table say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "as_of"),
    [
        ("填报时间：2023年11月10日", date(2023, 11, 10)), ("制表日期: 2026.6.1", date(2026, 6, 1)), ("填报时间：20260630", date(2026, 6, 30)),
        ("（截至2026年6月30日）", date(2026, 6, 30)), ("填报时间：二〇二六年六月三十日", date(2026, 6, 30)), ("所属月份：2026年2月", date(2026, 2, 28)),
        ("填报时间：２０２６－０６－３０", date(2026, 6, 30)), ("填报时间：2026年13月1日", None), ("填报单位：市商务局", None),
    ],
)  # fmt: skip
def test_the_lists_own_date_is_read_from_the_lines_above(line, as_of):
    assert context.of_lines([["商铺名录"], [line]], [], ["表", "a.xlsx"]).as_of == as_of


def test_the_lines_tell_reporter_unit_period_and_coordinates():
    told = context.of_lines(
        [["2026年商铺名录"], ["填报单位：市商务局（盖章）　　所属月份：2026年7月　　单位：万元"]],
        [["备注：坐标取自高德地图。"]],
        ["表", "a.xlsx"],
    )
    assert (told.title, told.reporter, told.unit, told.year, told.month, told.crs) == (
        "2026年商铺名录", "市商务局", "万元", 2026, 7, "GCJ02",
    )  # fmt: skip


def test_key_and_value_may_stand_in_two_cells():
    told = context.of_lines([["填报单位：", "市商务局", "填报时间：", "2026-06-30"]], [], ["表", "a.xlsx"])
    assert (told.reporter, told.as_of) == ("市商务局", date(2026, 6, 30))


def test_sheet_and_file_name_give_the_period_where_no_line_does():
    assert context.of_lines([], [], ["7月", "2026年进销存.xlsx"]).month == 7
    assert context.of_lines([], [], ["7月", "2026年进销存.xlsx"]).year == 2026


# --- words ------------------------------------------------------------------------------------------------------------


def test_a_header_has_forms_with_and_without_its_brackets():
    assert forms("居住（使用）人数") == ("居住使用人数", "居住人数")
    assert forms("油高(mm)") == ("油高", "油高mm")
    assert forms("位置（高德坐标GCJ-02）")[0] == "位置"


@pytest.mark.parametrize(
    ("levels", "unit"),
    [
        (("进销存（升）", "期初"), "升"),
        (("金额（万元）", "本期（元）"), "元"),
        (("区（县）",), None),
        (("油温（℃）",), "°C"),
        (("注册资本/万元",), "万元"),
    ],
)
def test_the_lowest_level_that_names_a_unit_counts(levels, unit):
    assert unit_in(levels) == unit


def test_a_header_like_nothing_known_is_not_likened_to_anything(tmp_path):
    [ignored] = recognised(book(tmp_path, [("甲乙", "丙丁", "戊己"), ("1", "2", "3")])).ignored
    assert "第 1 行像是表头" in ignored.reason.zh or "没有找到可识别的表头" in ignored.reason.zh
    assert "最接近" not in ignored.reason.zh


def test_a_list_of_something_else_is_not_read_for_the_few_columns_it_shares(tmp_path):
    strange = ("加油站名", "信用代码", "区县", "营业面积", "罩棚", "油罐数", "枪数", "检定日期", "站级")
    [ignored] = recognised(book(tmp_path, [strange, ("甲", "91650100XJDEM00576", "天山区", "12", *"12345")])).ignored
    assert "商铺名称" in ignored.reason.zh and "最接近“商铺名录”" in ignored.reason.zh
