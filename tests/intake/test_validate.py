"""The rules of a table, one law a test: what is found, on which cell, and in which words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pilotwatch.coordinates import from_wgs84
from pilotwatch.domain import (
    Choices,
    Department,
    Division,
    Latitude,
    Longitude,
    Month,
    Quarter,
    Record,
    Spec,
    Street,
    Uscc,
    column,
)
from pilotwatch.intake.model import Checked, Context, FoundColumn, FoundTable, Sheet, Total
from pilotwatch.intake.validate import check
from pilotwatch.places import Places

PLACES = Places.load(Path(__file__).parents[2] / "data")
TODAY = date(2026, 11, 23)
CODES = (
    "91350100M000100Y43",
    "91650102MA00000156",
    "91650105MACEX001XT",
    "91650106XJDEM0014F",
    "91650107XJDEM0022Q",
    "91650109XJDEM0030G",
)


class Shop(Record):
    spec = Spec("t_shop", zh="店铺", en="Shops", subject="uscc", kind="subject", name="name")
    uscc: Uscc = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    division_code: Division | None = column("区县", "District")
    street_code: Street | None = column("街道", "Street")
    kind: str | None = column("类型", "Kind", choices=Choices.of(("big", "大型", "Big"), ("small", "小型", "Small")))
    floors: int | None = column("层数", "Floors", ge=1, le=99)
    built: int | None = column("建成年份", "Built", ge=1900, not_after_list=True)
    opened_on: date | None = column("开业日期", "Opened")
    closed_on: date | None = column("停业日期", "Closed", not_before="opened_on")
    capital: Decimal | None = column("资本", "Capital", unit="yuan", ge=0, history=True)
    staff: int | None = column("人数", "Staff", none_is_zero=True)
    owner: str | None = column("店主", "Owner", mask="name")
    depts: list[Department] | None = column("部门", "Departments")
    lng: Longitude | None = column("经度", "Longitude")
    lat: Latitude | None = column("纬度", "Latitude")


class Reading(Record):
    spec = Spec("t_reading", zh="读数", en="Readings", subject="shop", day=("quarter", "month", "on"))
    shop: Uscc = column("店铺代码", "Shop", key=True, refers_to="t_shop")
    tank: str = column("罐号", "Tank", key=True)
    on: datetime | None = column("时间", "At", key=True)
    month: Month | None = column("月份", "Month")
    quarter: Quarter | None = column("季度", "Quarter")
    volume: Decimal | None = column("油量", "Volume", unit="L")


class Tip(Record):
    spec = Spec("t_tip", zh="线索", en="Tips", subject=("uscc", "name"))
    no: str = column("编号", "Number", key=True)
    uscc: Uscc | None = column("代码", "Code")
    name: str | None = column("名称", "Name")


def found(
    record: type[Record], rows: Sequence[Sequence[str | None]], fields: Sequence[str | None], *,
    sheet: str | None = "表", units: Mapping[str, str] | None = None, crs: str | None = None,
    context: Context = Context(as_of=date(2026, 6, 30)), totals: Sequence[Total] = (), formulas=(),
) -> FoundTable:  # fmt: skip
    """A table with its header in row 1 and its data from row 2 on; rows that are totals aren't data."""
    headers = [record.column(f).title.zh if f else f"备注{i}" for i, f in enumerate(fields)]
    cells = pa.table({str(i): pa.array([h, *(r[i] for r in rows)], pa.string()) for i, h in enumerate(headers)})
    columns = tuple(
        FoundColumn(i, h, f, "title", (units or {}).get(f or ""), crs, h)
        for i, (h, f) in enumerate(zip(headers, fields, strict=True))
    )
    data = [n for n in range(2, len(rows) + 2) if n not in {t.row for t in totals}]
    return FoundTable(
        Sheet(sheet, cells, formulas=tuple(formulas)), record, 1, (1,), columns, np.array(data), context, tuple(totals)
    )


def judged(
    record,
    rows,
    fields,
    *,
    known=lambda _dataset, values: set(values),
    history=None,
    earlier=(),
    units_of=None,
    **options,
) -> Checked:
    table = found(record, rows, fields, **options)
    return check(table, places=PLACES, known=known, on=TODAY, history=history, earlier=earlier, units=units_of)


def judged_table(table: FoundTable) -> Checked:
    return check(table, places=PLACES, known=lambda _dataset, values: set(values), on=TODAY)


def flat(checked: Checked) -> list[tuple]:
    return [(f.row, f.field, f.rule) for f in checked.findings]


def shops(values: Sequence[str | None], field: str) -> Checked:
    """Shops that differ in one field."""
    return judged(Shop, [(CODES[i], "店", v) for i, v in enumerate(values)], ("uscc", "name", field))


# --- each rule ---------------------------------------------------------------------------------------------------


def test_a_missing_value_is_required_and_shown_as_it_stands():
    checked = judged(Shop, [(CODES[0], None), ("不详", "店")], ("uscc", "name"))
    assert [(f.row, f.field, f.rule, f.value) for f in checked.findings] == [
        (2, "name", "required", None),
        (3, "uscc", "required", "不详"),
    ]
    assert checked.good.tolist() == [False, False]


def test_a_column_that_is_not_there_is_one_finding_on_the_header():
    checked = judged(Shop, [(CODES[0],), (CODES[1],)], ("uscc",))
    assert [(f.row, f.field, f.column, f.rule) for f in checked.findings] == [(1, "name", None, "required")]
    assert checked.findings[0].message.zh == "第 1 行「名称」：未填写，表中应有这一列，但没有找到。请补填后重新上传。"
    assert not checked.good.any()


def test_a_row_needs_one_of_the_fields_that_name_its_subject():
    checked = judged(Tip, [("1", CODES[0], None), ("2", None, "某店"), ("3", "无", "—")], ("no", "uscc", "name"))
    assert flat(checked) == [(4, "uscc", "required")]
    assert checked.frame["subject_id"].null_count == 1


def test_a_number_out_of_its_bounds_is_out_of_range():
    checked = shops(["1", "-1", "100"], "floors")
    assert [(f.row, f.rule, f.expected.zh) for f in checked.findings] == [
        (3, "range", "应在 1 至 99 之间"),
        (4, "range", "应在 1 至 99 之间"),
    ]


def test_a_text_longer_than_a_name_can_be_is_an_error_that_counts():
    checked = judged(Shop, [(CODES[0], "长" * 201), (CODES[1], "长" * 200)], ("uscc", "name"))
    [finding] = checked.findings
    assert (finding.row, finding.rule) == (2, "format")
    assert finding.expected.zh == "应不超过 200 个字，现为 201 个字"
    assert len(finding.message.zh) < 150


def test_a_second_column_of_the_same_header_must_not_say_something_else():
    table = found(Shop, [(CODES[0], "甲", "3", "3"), (CODES[1], "乙", "4", "5"), (CODES[2], "丙", "6", None)],
                  ("uscc", "name", "floors", None))  # fmt: skip
    twin = replace(table.columns[3], header="层数")
    checked = judged_table(replace(table, columns=(*table.columns[:3], twin)))
    [finding] = checked.findings
    assert (finding.row, finding.field, finding.rule) == (3, "floors", "conflict")
    assert "D 列" in finding.expected.zh and "“5”" in finding.expected.zh
    chosen = replace(table.columns[2], how="user")
    assert not judged_table(replace(table, columns=(*table.columns[:2], chosen, twin))).findings


def test_an_end_before_its_start_is_an_error_on_the_end():
    rows = [(CODES[0], "店", "2013-11-16", "2013-01-20"), (CODES[1], "店", "2013-02-30", "2013-01-20")]
    checked = judged(Shop, rows, ("uscc", "name", "opened_on", "closed_on"))
    assert flat(checked) == [(2, "closed_on", "range"), (3, "opened_on", "date")]
    assert checked.findings[0].expected.zh == "应不早于开业日期 2013-11-16"


def test_what_is_built_is_built_before_the_list_was_made():
    assert flat(shops(["2026", "2027", "1899"], "built")) == [(3, "built", "range"), (4, "built", "range")]


def test_the_later_of_two_equal_keys_is_the_duplicate_and_names_the_first():
    checked = judged(Shop, [(CODES[0], "甲"), (CODES[1], "乙"), (CODES[0], "甲")], ("uscc", "name"))
    assert flat(checked) == [(4, "uscc", "duplicate")]
    assert checked.findings[0].expected.zh == "同一记录只应填报一次，与第 2 行重复"


def test_a_duplicate_stands_on_the_part_of_the_key_that_is_no_date():
    rows = [(CODES[0], "1", "2026-06-30")] * 2
    assert flat(judged(Reading, rows, ("shop", "tank", "on"))) == [(3, "tank", "duplicate")]


def test_rows_of_an_earlier_table_of_the_file_may_not_be_repeated():
    first = judged(Shop, [(CODES[0], "甲"), (CODES[1], "乙")], ("uscc", "name"), sheet="一月")
    second = judged(Shop, [(CODES[2], "丙"), (CODES[1], "乙")], ("uscc", "name"), earlier=[first])
    assert [(f.row, f.expected.zh) for f in second.findings] == [(3, "同一记录只应填报一次，与工作表“一月”第 3 行重复")]


def test_a_reference_must_be_known():
    checked = judged(Reading, [(CODES[0], "1"), (CODES[1], "1")], ("shop", "tank"), known=lambda _d, _v: {CODES[0]})
    assert flat(checked) == [(3, "shop", "reference")]


def test_a_wrong_code_is_neither_looked_up_nor_a_duplicate():
    asked = []

    def known(dataset, values):
        asked.append((dataset, values))
        return set()

    checked = judged(Reading, [("91650102MA00000157", "1"), ("91650102MA00000157", "1")], ("shop", "tank"), known=known)
    assert flat(checked) == [(2, "shop", "check_digit"), (3, "shop", "check_digit")]
    assert asked == []


def test_a_street_is_looked_for_in_its_own_district():
    rows = [
        (CODES[0], "店", "天山区", "胜利路街道办"),
        (CODES[1], "店", "天山区", "石化街道"),
        (CODES[2], "店", "朝阳区", "石化街道"),
    ]
    checked = judged(Shop, rows, ("uscc", "name", "division_code", "street_code"))
    assert flat(checked) == [(3, "street_code", "reference"), (4, "division_code", "enum")]
    assert checked.findings[0].expected.zh.startswith("应为天山区的街道（乡镇）")
    assert checked.frame["street_code"].to_pylist()[:2] == ["650102003", None]


def test_a_value_a_thousand_times_off_its_column_has_a_wrong_unit():
    checked = shops(["1000", "1200", "900", "1100", "2000000", "1"], "capital")
    assert flat(checked) == [(6, "capital", "unit"), (7, "capital", "unit")]
    assert [f.expected.zh for f in checked.findings] == [
        "应与通常数值相当（约 1,050 元），现为其 1,905 倍", "应与通常数值相当（约 1,050 元），现为其 1/1,050",
    ]  # fmt: skip


def test_few_values_make_no_usual_one():
    assert flat(shops(["1000", "1", "1200"], "capital")) == []


def test_a_subjects_own_history_goes_before_the_columns_median():
    own = np.array([1000.0, np.nan, np.nan, np.nan, 5e6, 4.0])
    rows = [(CODES[i], "店", v) for i, v in enumerate(["5000000", "1200", "900", "1100", "5000000", "3"])]
    checked = judged(Shop, rows, ("uscc", "name", "capital"), history=lambda _column, _subjects: own)
    assert flat(checked) == [(2, "capital", "unit")]


def test_a_header_in_another_dimension_is_a_wrong_unit_in_every_row():
    checked = judged(
        Reading, [(CODES[0], "1", "5"), (CODES[1], "1", None)], ("shop", "tank", "volume"), units={"volume": "吨"}
    )
    assert flat(checked) == [(2, "volume", "unit")]


def test_a_list_of_departments_may_stand_in_two_columns():
    rows = [
        (CODES[0], "店", "市商务局", "市城管局（行政执法局）"),
        (CODES[1], "店", "市商务局", "无"),
        (CODES[2], "店", "市商务局", "市盐业公司"),
    ]
    checked = judged(Shop, rows, ("uscc", "name", "depts", "depts"))
    assert [(f.row, f.rule, f.value) for f in checked.findings] == [(4, "enum", "市盐业公司")]
    assert [json.loads(d) for d in checked.frame["depts"].to_pylist()[:2]] == [["SWJ", "CGJ"], ["SWJ"]]


def test_two_columns_of_one_field_complete_each_other_and_must_agree():
    rows = [(CODES[0], "甲", None), (CODES[1], None, "乙"), (CODES[2], "丙", "丁"), (CODES[3], "戊", "戊")]
    checked = judged(Shop, rows, ("uscc", "name", "name"))
    assert [(f.row, f.rule, f.value) for f in checked.findings] == [(4, "conflict", "丁")]
    assert checked.frame["name"].to_pylist() == ["甲", "乙", "丙", "戊"]


def test_a_row_of_another_unit_is_out_of_scope():
    rows = [(CODES[0], "店", "天山区"), (CODES[1], "店", "甘泉堡"), (CODES[2], "店", None)]
    checked = judged(Shop, rows, ("uscc", "name", "division_code"), units_of={"650102"})
    assert flat(checked) == [(3, "division_code", "scope")]


def test_a_formula_that_was_never_calculated_is_told():
    checked = judged(Shop, [(CODES[0], "店", None)], ("uscc", "name", "staff"), formulas=[(2, 3), (9, 3)])
    assert flat(checked) == [(2, "staff", "formula")]
    assert checked.good.all()


# --- points ------------------------------------------------------------------------------------------------------

POINT = ("87.632000", "43.762867")  # in 天山区


def placed(lng, lat, division="天山区", crs=None) -> Checked:
    return judged(
        Shop, [(CODES[0], "店", division, lng, lat)], ("uscc", "name", "division_code", "lng", "lat"), crs=crs
    )


def where(checked: Checked) -> tuple:
    row = checked.frame.to_pylist()[0]
    return row["lng"], row["lat"]


@pytest.mark.parametrize("crs", ["GCJ02", "BD09", "WGS84"])
def test_a_point_is_brought_to_cgcs2000_from_what_its_header_names(crs):
    x, y = from_wgs84(87.632, 43.762867, crs)
    checked = placed(repr(float(x[0])), repr(float(y[0])), crs=crs)
    assert where(checked) == pytest.approx((87.632, 43.762867), abs=1e-6)
    row = checked.frame.to_pylist()[0]
    assert (row["lng_raw"], row["crs_raw"], row["located"]) == (repr(float(x[0])), crs, "point")


def test_degrees_minutes_and_projected_metres_are_understood():
    assert where(placed("87°37′55.2″", "43°45′46.3″")) == pytest.approx((87.632, 43.762861), abs=1e-5)
    x, y = from_wgs84(87.632, 43.762867, "GK87")
    assert where(placed(f"{x[0]:.2f}", f"{y[0]:.2f}")) == pytest.approx((87.632, 43.762867), abs=1e-5)


def test_swapped_coordinates_are_put_right_with_a_warning():
    checked = placed(POINT[1], POINT[0])
    assert flat(checked) == [(2, "lng", "swapped")]
    assert where(checked) == (87.632, 43.762867) and checked.good.all()


def test_a_point_outside_its_district_says_where_it_lies():
    checked = placed(*POINT, division="达坂城区")
    assert flat(checked) == [(2, "lng", "outside_division")]
    assert checked.findings[0].expected.zh == "应位于达坂城区，实际落在天山区"
    assert where(checked) == (None, None)


def test_zero_and_far_away_points_are_not_in_the_city():
    assert flat(placed("0", "0")) == [(2, "lng", "outside_division")]
    assert flat(placed("116.4", "39.9")) == [(2, "lng", "outside_division")]


def test_one_coordinate_alone_asks_for_the_other():
    assert flat(placed(POINT[0], None)) == [(2, "lat", "required")]


def test_a_row_without_a_point_is_located_by_its_street_or_district():
    rows = [(CODES[0], "店", "天山区", "胜利路街道"), (CODES[1], "店", "天山区", None), (CODES[2], "店", None, None)]
    checked = judged(Shop, rows, ("uscc", "name", "division_code", "street_code"))
    assert checked.frame["located"].to_pylist() == ["street", "division", "none"]
    assert checked.findings.warnings == 0


def test_a_division_follows_from_the_point_where_none_is_written():
    checked = judged(Shop, [(CODES[0], "店", *POINT)], ("uscc", "name", "lng", "lat"))
    assert checked.frame["division_code"].to_pylist() == ["650102"]


def test_ganquanpu_lies_in_midong_and_reports_by_itself():
    rows = [(CODES[0], "店", "甘泉堡"), (CODES[1], "店", "650130"), (CODES[2], "店", "米东区")]
    row = (
        judged(Shop, rows, ("uscc", "name", "division_code"))
        .frame.select(["division_code", "zone", "report_unit"])
        .to_pydict()
    )
    assert row["division_code"] == ["650109"] * 3
    assert row["zone"] == ["GQP", "GQP", None]
    assert row["report_unit"] == ["GQP", "GQP", "650109"]


def test_a_street_of_the_corps_is_under_its_jurisdiction():
    rows = [(CODES[0], "店", "头屯河区", "三坪农场"), (CODES[1], "店", "天山区", "胜利路街道")]
    checked = judged(Shop, rows, ("uscc", "name", "division_code", "street_code"))
    assert checked.frame["jurisdiction"].to_pylist() == ["xpcc", "local"]


# --- totals ------------------------------------------------------------------------------------------------------


def summed(*cells: str, total: str, units=None) -> Checked:
    rows = [(CODES[i], "店", c) for i, c in enumerate(cells)]
    last = len(cells) + 1
    return judged(
        Shop,
        [*rows, ("合计", None, total)],
        ("uscc", "name", "capital"),
        totals=[Total(last + 1, "合计", 2, last)],
        units=units,
    )


def test_a_total_that_is_not_its_sum_is_told_on_its_row():
    checked = summed("1000.5", "2000", total="3,000")
    assert [(f.row, f.field, f.rule, f.value) for f in checked.findings] == []
    checked = summed("1000.5", "2000", total="3100")
    assert [(f.row, f.field, f.rule, f.value) for f in checked.findings] == [(4, "capital", "total_mismatch", 3100)]
    assert checked.findings[0].expected.zh == "应等于第 2 至 3 行之和 3,000.5，相差 99.5"
    assert checked.good.all()


def test_a_total_is_in_the_unit_of_its_column():
    assert flat(summed("1.5", "2.5", total="4", units={"capital": "万元"})) == []


def test_nothing_is_said_of_a_total_whose_rows_are_not_all_numbers():
    assert flat(summed("1000", "见附件", total="9")) == [(3, "capital", "number")]


# --- what follows from a row -------------------------------------------------------------------------------------


def test_a_row_is_dated_by_the_first_of_its_day_fields_or_by_the_list():
    rows = [(CODES[0], "1", None, None, "2025Q3"), (CODES[1], "1", None, "2026-02", None), (CODES[2], "1", "2026-03-04 10:00:00", None, None),
            (CODES[3], "1", None, None, None)]  # fmt: skip
    checked = judged(Reading, rows, ("shop", "tank", "on", "month", "quarter"))
    assert [str(d) for d in checked.frame["day"].to_pylist()] == [
        "2025-09-30",
        "2026-02-28",
        "2026-03-04",
        "2026-06-30",
    ]


def test_unknown_columns_are_kept_as_they_are_but_for_personal_data():
    table = found(
        Shop, [(CODES[0], "店", "新“店”\n改造", "—"), (CODES[1], "店", None, None)], ("uscc", "name", None, None)
    )
    phone = FoundColumn(3, "站长电话", None, label="站长电话")
    checked = check(
        FoundTable(table.sheet, Shop, 1, (1,), (*table.columns[:3], phone), table.rows, table.context),
        places=PLACES, known=lambda d, v: set(v), on=TODAY,
    )  # fmt: skip
    assert [x and json.loads(x) for x in checked.frame["extra"].to_pylist()] == [{"备注2": "新“店”\n改造"}, None]


def test_names_are_masked_in_the_frame_and_in_what_is_said():
    checked = judged(Shop, [(CODES[0], "店", "阿卜杜拉•买买提")], ("uscc", "name", "owner"))
    assert checked.frame["owner"].to_pylist() == ["阿**·***"]


# --- findings ----------------------------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_rows_then_columns_and_are_sliced_like_a_list():
    checked = judged(Shop, [(CODES[0], None, "x"), ("?", "店", "-1")], ("uscc", "name", "floors"))
    assert flat(checked) == [
        (2, "name", "required"),
        (2, "floors", "number"),
        (3, "uscc", "format"),
        (3, "floors", "range"),
    ]
    assert [f.row for f in checked.findings[1:3]] == [2, 3]
    assert checked.findings[-1] == list(checked.findings)[-1]
    assert (len(checked.findings), checked.errors, checked.warnings) == (4, 4, 0)


def test_a_summary_groups_by_rule_and_column_and_gives_examples():
    lines = shops(["-1", "-2", "约3", "x", "-4"], "floors").findings.summary()
    assert [(line.rule, line.field, line.count, [f.row for f in line.examples]) for line in lines] == [
        ("range", "floors", 3, [2, 3, 6]), ("number", "floors", 1, [5]), ("approximate", "floors", 1, [4]),
    ]  # fmt: skip


def test_a_message_says_where_what_was_found_what_is_expected_and_what_to_do():
    checked = judged(Shop, [("9165010", "店")], ("uscc", "name"))
    message = checked.findings[0].message
    assert message.zh == "第 2 行「代码」：填写“9165010”，应为 18 位，现为 7 位。请核对营业执照后改正。"
    assert (
        message.en
        == "Row 2, Code: found “9165010”, expected 18 characters, not 7. Check it against the business licence and correct it."
    )


def test_a_long_cell_is_quoted_in_part_and_kept_whole_in_the_finding():
    checked = shops(["很" * 80], "floors")
    assert checked.findings[0].value == "很" * 80
    assert "很" * 39 + "…”" in checked.findings[0].message.zh


def test_a_csv_file_has_texts_only_and_a_spreadsheet_numbers():
    rows = [(CODES[0], "店", "-1.50")]
    assert judged(Shop, rows, ("uscc", "name", "floors"), sheet=None).findings[0].value == "-1.50"
    assert judged(Shop, [(CODES[0], "店", "-1")], ("uscc", "name", "floors")).findings[0].value == -1


def test_every_one_of_very_many_findings_is_kept_and_made_only_when_looked_at():
    n = 50_000
    checked = judged(Tip, [(str(i), "x", None) for i in range(n)], ("no", "uscc", "name"))
    assert (len(checked.findings), checked.errors) == (n, n)
    assert checked.findings[n - 1].row == n + 1


def test_an_empty_table_is_no_error():
    checked = judged(Shop, [], ("uscc", "name"))
    assert (len(checked.good), flat(checked)) == (0, [])
