"""What a cell means: every spelling of domain-rules E.1 to E.4, and one column equals its cells."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwatch.domain import Choices, Column, Text
from pilotwatch.intake.values import RULES, Around, arrow_type, read_cell, read_column
from pilotwatch.intake.values.cells import tidy
from pilotwatch.intake.values.codes import check_character
from pilotwatch.intake.values.personal import kind_of_header, mask, mask_in_prose
from pilotwatch.places import Places

PLACES = Places.load(Path(__file__).parents[2] / "data")
AROUND = Around(on=date(2026, 11, 23), year=2026, month=7, places=PLACES)


def field(kind, **options) -> Column:
    return Column(name=options.pop("name", "x"), title=Text("某项", "Item"), kind=kind, required=False, **options)


def read(text, column, around=AROUND):
    value = read_cell(text, column, around)
    return value.value if value.rule is None else (value.value, value.rule)


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", 1234.5), ("1,234.50", 1234.5), ("1，234", 1234), ("４，１９９", 4199), ("'12", 12), (" 154139", 154139),
        ("-0.13", -0.13), ("－3", -3), ("−3", -3), ("(1,250)", -1250), ("0.0", 0), ("1.2E+05", 120000), ("\u200b7\ufeff", 7),
        ("12万", 120000), ("3.5亿", 350_000_000), ("1.85万", 18500), ("5千", 5000), ("九十五", 95), ("一百二十", 120), ("三点五", 3.5),
        ("十二", 12), ("两万", 20000), ("一亿二千万", 120_000_000), ("贰佰", 200), ("三层", 3), ("12家", 12), ("0人", 0), ("1998年", 1998),
        ("95%", 0.95), ("５‰", 0.005), ("五星", 5), ("5分", 5),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_spelling(text, number):
    assert read(text, field("real")) == number


@pytest.mark.parametrize(
    "text", ["", "空", "-", "—", "/", "无", "暂无", "不详", "N/A", "null", "#N/A", "#REF!", " 　", "——"]
)
def test_a_null_token_is_no_value_in_any_kind(text):
    for kind in ("real", "integer", "date", "datetime", "month", "quarter", "text", "uscc", "division", "department"):
        assert read(text, field(kind)) is None


def test_nothing_in_a_count_is_zero_and_in_a_code_or_date_it_is_null():
    assert read("无", field("integer", none_is_zero=True)) == 0
    assert read("无", field("integer")) is None
    assert read("无", field("date")) is None


@pytest.mark.parametrize(
    "text", ["约3200", "3200左右", "近3200", "≥3200", "3200余", "3200+", "＞3200", "3200以上", "~3200"]
)
def test_a_number_that_is_about_right_is_kept_with_a_warning(text):
    assert read(text, field("real")) == (3200, "approximate")


def test_about_twenty_people_is_twenty_and_a_warning():
    assert read("20余", field("integer")) == (20, "approximate")
    assert read("300余人", field("integer")) == (300, "approximate")
    assert read("十余家", field("integer")) == (10, "approximate")


@pytest.mark.parametrize("text", ["见附件", "不清", "待核", "12-15", "1.2.3", "1,23", "12个半", "abc", "3/5", "--5"])
def test_what_is_no_number_says_so(text):
    assert read(text, field("real")) == (None, "number")


def test_a_whole_number_is_wanted_where_things_are_counted():
    assert read("3.0", field("integer")) == 3
    assert read("3.5", field("integer")) == (None, "number")


@pytest.mark.parametrize(
    ("text", "header", "yuan"),
    [
        ("5291.29", "万元", 52_912_900), ("3.5亿", "万元", 350_000_000), ("25万元", "万元", 250_000), ("25万", "万元", 250_000),
        ("500元", "万元", 500), ("12", "亿元", 1_200_000_000), ("1,000.5", "元", 1000.5), ("¥3", None, 3), ("15.3", "万元", 153_000),
        ("0.1", "千元", 100), ("7", "升", 7),
    ],
)  # fmt: skip
def test_money_is_kept_in_yuan_and_a_unit_in_the_cell_beats_the_headers(text, header, yuan):
    assert read(text, field("decimal", unit="yuan"), AROUND._replace(unit=header)) == yuan


@pytest.mark.parametrize(
    ("text", "unit", "header", "number"),
    [
        ("120㎡", "m²", None, 120), ("716.0 平方米", "m²", "㎡", 716), ("20.9℃", "°C", "℃", 20.9), ("-0.13%", "%", "%", -0.13),
        ("０.０６％", "%", None, 0.06), ("0.02", "%", "%", 0.02), ("3.3mm", "mm", "mm", 3.3), ("1.2cm", "mm", "mm", 12), ("2.5", "L", "万升", 25000),
        ("1.85万", "L", "升", 18500), ("3", "t", "公斤", 0.003), ("3kg", "t", None, 0.003), ("2", "m", "mm", 0.002), ("1.5小时", "min", None, 90),
    ],
)  # fmt: skip
def test_a_measure_is_kept_in_the_columns_own_unit(text, unit, header, number):
    assert read(text, field("real", unit=unit), AROUND._replace(unit=header)) == pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize("text", ["0.42", "0.42mg/L", "０．４２ 毫克／升", "0.42 MG/L"])
def test_a_unit_of_the_domains_own_may_stand_in_the_cell(text):
    column = field("decimal", unit="mg/L", own_unit=Text("毫克/升", "mg/L"))
    assert read(text, column) == 0.42
    assert read("0.42 吨", column) == (None, "unit")


def test_a_unit_of_another_kind_is_an_error():
    assert read("5吨", field("real", unit="L")) == (None, "unit")
    assert read("5%", field("decimal", unit="yuan")) == (None, "unit")


# --- dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2023.11.10", "2023/11/10", "2023-11-10", "20231110", "2023年11月10日", "２０２３年１１月１０日", "23.11.10", "2023. 11. 10",
        "11月10日", "45240", "2023-11-10 14:30:00", "2023年11月10日14时30分", "二〇二三年十一月十日", "2023-11-10T14:30:00", "45240.6",
        "2023.11.10 ", "2023年11月10号", "20231110 14:30", "11/10/2023 ", "2023-11-10T14:30:00+08:00",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_spelling(text):
    around = AROUND._replace(year=2023)
    if text.startswith("11/10"):  # day and month can't be told apart
        assert read(text, field("date"), around) == (None, "date")
    else:
        assert read(text, field("date"), around) == date(2023, 11, 10)


@pytest.mark.parametrize(
    ("serial", "day"),
    [("45240", "2023-11-10"), ("45351", "2024-02-29"), ("45901", "2025-09-01"), ("46127", "2026-04-15")],
)
def test_a_serial_number_is_a_day_since_1899_12_30(serial, day):
    assert read(serial, field("date")) == date.fromisoformat(day)
    assert read(str(int(serial) - 1462), field("date"), AROUND._replace(date1904=True)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-10 10:26:00", "2026-06-10T10:26:00"), ("2026/07/18 10:44:00", "2026-07-18T10:44:00"),
        ("2026年6月19日10时46分", "2026-06-19T10:46:00"), ("2026.04.10 16:03", "2026-04-10T16:03:00"),
        ("2026.4.1 16:03", "2026-04-01T16:03:00"), ("46108.64513889", "2026-03-27T15:29:00"), ("46310.69861111", "2026-10-15T16:46:00"),
        ("2026年6月19日 下午3点", "2026-06-19T15:00:00"), ("2026-06-19", "2026-06-19T00:00:00"), ("7月31日", "2026-07-31T00:00:00"),
        ("31日", "2026-07-31T00:00:00"), ("2026-06-19 24:00", "2026-06-20T00:00:00"), ("2026-06-19 09:05:07.123", "2026-06-19T09:05:07"),
    ],
)  # fmt: skip
def test_a_date_time_is_read_to_the_second(text, moment):
    assert read(text, field("datetime")) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-31",
        "2026.13.05",
        "2021年2月29日",
        "9月31日",
        "2026年2月30日11时10分",
        "待定",
        "20260231",
        "2026.5.6.7",
        "12",
    ],
)
def test_a_day_that_does_not_exist_is_an_error(text):
    assert read(text, field("datetime")) == (None, "date")


def test_a_day_without_a_year_needs_one_from_the_title():
    assert read("7月31日", field("date"), AROUND._replace(year=None)) == (None, "date")


def test_a_month_in_a_date_column_is_its_first_day_or_the_last_of_an_end_and_says_so():
    assert read("2027年6月", field("date")) == (date(2027, 6, 1), "date_precision")
    assert read("2027.06", field("date", name="licence_until")) == (date(2027, 6, 30), "date_precision")
    assert read("2023年三季度", field("date", not_before="a")) == (date(2023, 9, 30), "date_precision")
    assert read("2023年", field("date")) == (date(2023, 1, 1), "date_precision")


def test_a_month_that_may_have_lost_its_zero_is_asked_about():
    assert read("2023.1", field("date")) == (None, "ambiguous")
    assert read("2023.1", field("month")) == (None, "ambiguous")
    assert read("2023.10", field("month")) == "2023-10"
    assert read("2023.2", field("month")) == "2023-02"


def test_a_span_of_days_is_its_start_or_for_an_end_its_end():
    assert read("2023.11.10-11.15", field("date")) == (date(2023, 11, 10), "approximate")
    assert read("2023年11月10日至15日", field("date", not_before="a")) == (date(2023, 11, 15), "approximate")


def test_for_ever_is_no_date_and_no_finding():
    for word in ("长期", "永久", "长期有效"):
        assert read(word, field("date")) is None


@pytest.mark.parametrize(
    "text", ["2027-06", "2027年6月", "2027.06", "202706", "2027/6", "2027年06月份", "2027-06-30", "46552"]
)
def test_a_month_is_read_in_every_spelling(text):
    assert read(text, field("month")) == "2027-06"


def test_a_bare_month_takes_the_year_of_the_title():
    assert read("6月", field("month")) == "2026-06"
    assert read("6月", field("month"), AROUND._replace(year=None)) == (None, "date")
    assert read("13月", field("month")) == (None, "date")


@pytest.mark.parametrize(
    "text", ["2025Q3", "2025年3季度", "2025年第三季度", "2025年三季度", "2025-Q3", "2025q3", "２０２５年３季度", "Q3 2025", "2025年Ⅲ季度", "2025年7-9月", "2025第三季"]
)  # fmt: skip
def test_a_quarter_is_read_in_every_spelling(text):
    assert read(text, field("quarter")) == "2025Q3"


def test_a_quarter_that_does_not_exist_is_an_error():
    for text in ("2025年五季度", "2025Q5", "三十季度", "2025年8月"):
        assert read(text, field("quarter"), AROUND._replace(year=None)) == (None, "date")
    assert read("三季度", field("quarter")) == "2026Q3"


# --- codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43", "91650102MA00000156", "91650105MACEX001XT", "91650106XJDEM0014F", "91650107XJDEM0022Q",
        "91650109XJDEM0030G", "91650121XJDEM0049Q", "91650100XJDEM00576", "92650103MAEX00010K",
    ],
)  # fmt: skip
def test_a_right_code_is_kept_and_its_check_character_is_the_standards(code):
    assert read(code, field("uscc")) == code
    assert check_character(code) == code[-1]


def test_a_code_is_cleaned_before_it_is_judged():
    assert read("　９１６５０１２１ＸＪＹ８ＸＴＲＭＸＲ\u200b", field("uscc")) == "91650121XJY8XTRMXR"
    assert read("'91350100m000 100y43", field("uscc")) == "91350100M000100Y43"


def test_the_letters_o_and_i_are_repaired_with_a_warning():
    assert read("91350100MOOO1OOY43", field("uscc")) == ("91350100M000100Y43", "repaired")


@pytest.mark.parametrize(
    ("code", "rule", "expected"),
    [
        ("91650102MA00000157", "check_digit", "末位校验码应为“6”（按前 17 位计算）"),
        ("91650100XJ748MKW9", "format", "应为 18 位，现为 17 位"),
        ("91650102MAS0000156", "format", "应由 18 位数字和大写字母（不含 I、O、S、V、Z）组成，现有“S”"),
        ("650100012345678", "format", "应为 18 位；现为 15 位旧工商注册号"),
        ("9.165E+17", "format", "应为 18 位；Excel 已把它变成科学计数，原有数字已丢失，须把单元格设为文本后重新录入"),
    ],
)
def test_a_wrong_code_says_what_is_wrong_with_it(code, rule, expected):
    value = read_cell(code, field("uscc"), AROUND)
    assert (value.rule, value.expected.zh) == (rule, expected)


def test_a_code_that_a_spreadsheet_made_a_number_has_lost_its_digits():
    assert read("916501021234567000", field("uscc")) == (None, "format")


def test_a_text_with_a_pattern_is_checked_and_its_group_is_kept():
    filing = field("text", pattern=r"\d{6}[A-Z]{3}\d{4}")
    assert read("650100AAC0024", filing) == "650100AAC0024"
    assert read("６５０１００ａａｃ００２４", filing) == "650100AAC0024"
    assert read("6501AAC0031", filing) == (None, "format")
    assert read("2＃罐", field("text", pattern=r"(\d+)(?:#|号)?罐?")) == "2"


# --- words -------------------------------------------------------------------------------------------------------

GRADES = Choices.of(("A", "A", "A", "A级"), ("C", "C", "C", "C级"))
KINDS = Choices.of(("scale", "规模", "Scale", "规模发卡企业"), ("other", "其他", "Other", "其他发卡企业"))
MEASURES = Choices.of(("停止使用", "停止使用", "Stop"), ("拆除", "拆除", "Demolish"), ("警示标志", "警示标志", "Sign"))


def test_yes_and_no_in_every_spelling():
    for word in ("是", "有", "√", "Y", "true", "１"):
        assert read(word, field("boolean")) is True
    for word in ("否", "无", "×", "N", "0"):
        assert read(word, field("boolean")) is False
    assert read("/", field("boolean")) is None
    assert read("也许", field("boolean")) == (None, "enum")


def test_a_boolean_may_have_words_of_its_own():
    joint = field("boolean", choices=Choices.of(("true", "联合", "Joint"), ("false", "单独", "Single")))
    assert (read("联合", joint), read("单独", joint), read("√", joint)) == (True, False, True)


def test_an_enumeration_is_read_by_word_alias_width_and_case():
    assert read("Ｃ级", field("choice", choices=GRADES)) == "C"
    assert read("c", field("choice", choices=GRADES)) == "C"
    assert read("规模发卡企业", field("choice", choices=KINDS)) == "scale"
    assert read("E级", field("choice", choices=GRADES)) == (None, "enum")


def test_an_unknown_word_names_what_was_probably_meant():
    value = read_cell("停用使用", field("choice", choices=MEASURES), AROUND)
    assert value.expected.zh == "应为以下之一：停止使用、拆除、警示标志（是否为“停止使用”？）"


def test_none_can_be_a_word_of_an_enumeration():
    changes = Choices.of(("加层", "加层", "Storey"), ("无", "无", "None"))
    assert read("无", field("choice", choices=changes)) == "无"
    assert read("暂无", field("choice", choices=changes)) is None


@pytest.mark.parametrize(
    "text",
    [
        "停止使用、拆除",
        "停止使用;拆除",
        "停止使用，拆除",
        "停止使用\n拆除",
        "停止使用/拆除",
        "停止使用 拆除",
        "停止使用、拆除、拆除",
    ],
)
def test_a_list_is_split_at_any_separator(text):
    assert read(text, field("choices", choices=MEASURES)) == ("停止使用", "拆除")


def test_one_unknown_word_of_a_list_is_an_error():
    assert read("拆除、搬迁安置", field("choices", choices=MEASURES)) == (None, "enum")


def test_a_free_list_keeps_brackets_whole():
    assert read("消防（通道、出口）、油品", field("texts")) == ("消防（通道、出口）", "油品")


def test_a_district_is_known_by_its_other_names():
    names = {
        "天山": "650102",
        "高新区（新市区）": "650104",
        "头区": "650106",
        "乌县": "650121",
        "甘泉堡": "650109",
        "米东新区": "650109",
    }
    assert {name: read(name, field("division")) for name in names} == names
    assert read("朝阳区", field("division")) == (None, "enum")


def test_departments_are_known_by_their_other_names():
    assert read("市城管局（行政执法局）、市市场监管局", field("departments")) == ("CGJ", "SCJG")
    assert read("市盐业公司", field("departments")) == (None, "enum")
    assert read("—", field("departments")) is None


# --- text and personal data --------------------------------------------------------------------------------------


def test_text_is_tidied_but_chinese_punctuation_stays():
    assert read("　（新疆）棠安 \n 加油站ＡＢ１２　", field("text")) == "（新疆）棠安 加油站AB12"


def test_degrees_are_read_as_decimals_and_as_minutes_and_seconds():
    assert read("87.6168", field("lng")) == 87.6168
    assert read("87°37′00″", field("lng")) == pytest.approx(87.6166667)
    assert read("29512345.6", field("lng")) == 29512345.6


def test_personal_data_is_masked_and_masking_twice_changes_nothing():
    cases = [
        ("李明", "name", "李*"), ("欧阳修远", "name", "欧**"), ("阿卜杜拉•买买提", "name", "阿**·***"), ("13812341234", "phone", "138****1234"),
        ("+86 13812341234", "phone", "138****1234"), ("0991-4692318", "phone", "0991-***2318"), ("650102190001010016", "id", "6501**********0016"),
        ("6222020200012345678", "account", "****5678"), ("胜利路街道中苑社区5巷52号3单元", "address", "胜利路街道中苑社区5巷***"),
    ]  # fmt: skip
    for text, kind, masked in cases:
        assert mask(text, kind) == masked
        assert mask(masked, kind) == masked


def test_numbers_of_people_in_a_sentence_are_hidden_and_codes_are_not():
    assert mask_in_prose("联系张某13812341234反映") == "联系张某138****1234反映"
    assert mask_in_prose("13812341234") == "13812341234"
    assert mask_in_prose("证号650102190001010016。") == "证号6501**********0016。"


def test_a_header_says_whether_an_unknown_column_holds_personal_data():
    assert [kind_of_header(h) for h in ("站长电话", "法定代表人", "身份证号", "备注")] == ["phone", "name", "id", None]


# --- one column equals its cells ---------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *"0123456789０１２.,，-—/年月日时分一二三十百万亿余约%％℃㎡ 　\u200b\n'()（）ABXZIOabＡ无空是否√×层升元吨", "2026", "-0", "6", ":", "1.85", "长期", "天山区", "市商务局", "拆除", "、", "91350100M000100Y43", "Q3", "季度", "#N/A", "13812341234", "⼈",
    ]
)  # fmt: skip
_MESSY = st.lists(_PIECES, max_size=7).map("".join)
_REAL = st.sampled_from(
    [
        "12", "-3.5", "1234567.89", "2026-06-30", "2026-02-29", "2024-02-29", "2026-06-10 10:26:00", "45240", "45240.5", "2026.6.1", "91350100M000100Y43",
        "91350100M000100Y44", "650100AAC0024", "天山区", "是", "C级", "停止使用、拆除", "2025年三季度", "张三", "阿**·***", "约300", "2027-06", "1900-01-01",
        "20261131", "0012", "1e3", "87.616800", "店名 甲", "Ａ店",
    ]
)  # fmt: skip
_COLUMNS = [
    field("integer", unit="元"), field("integer", none_is_zero=True), field("real"), field("real", unit="%"), field("decimal", unit="yuan"),
    field("decimal", unit="L"), field("boolean"), field("date"), field("date", name="x_until"), field("datetime"), field("month"), field("quarter"),
    field("uscc"), field("text"), field("text", key=True), field("text", pattern=r"\d{6}[A-Z]{3}\d{4}"), field("text", pattern=r"(\d+)号?罐?"),
    field("text", mask="name"), field("choice", choices=GRADES), field("choices", choices=MEASURES), field("texts"), field("division"),
    field("department"), field("departments"), field("lng"),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.none() | _MESSY | _REAL, min_size=1, max_size=12),
    st.sampled_from(_COLUMNS),
    st.sampled_from([None, "万元", "元", "升", "%"]),
    st.booleans(),
)
def test_a_whole_column_reads_as_its_cells_do(texts, column, unit, date1904):
    around = AROUND._replace(unit=unit, date1904=date1904)
    cells = read_column(pa.chunked_array([pa.array(texts, pa.string())]), column, around)
    one_by_one = [read_cell(text, column, around) for text in texts]
    values = pa.array([list(v.value) if isinstance(v.value, tuple) else v.value for v in one_by_one])
    if cells.values.type == pa.string() and column.kind in ("choices", "texts", "departments"):
        assert [None if v is None else v for v in values.to_pylist()] == [_list(v) for v in cells.values.to_pylist()]
    else:
        assert cells.values.to_pylist() == [v.value for v in one_by_one]
    assert cells.values.type == arrow_type(column.kind)
    assert [RULES[i] for i in cells.rules] == [v.rule for v in one_by_one]


def _list(text):
    return None if text is None else json.loads(text)


@pytest.mark.parametrize("piece", ["一", "-", "1", "a、", "（", "2026-", "1,", "亿", "9e9", " "])
def test_a_cell_as_long_as_a_sheet_allows_is_read_like_any_other(piece):
    text = (piece * 32767)[:32767]
    for column in _COLUMNS:
        value = read_cell(text, column, AROUND)
        assert value.rule in (None, "number", "date", "enum", "format", "ambiguous", "check_digit")
        assert value.rule is None or value.expected.zh.startswith(("应", "末位"))


@given(st.lists(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), min_size=1, max_size=20))
def test_many_codes_are_checked_as_one_is(bodies):
    codes = [body + check_character(body) for body in bodies]
    column = read_column(pa.array([*codes, *(c[:-1] + "?" for c in codes)]), field("uscc"), AROUND)
    assert np.array_equal(column.rules == 0, [True] * len(codes) + [False] * len(codes))
    assert column.values.to_pylist()[: len(codes)] == codes


def test_marks_that_turn_a_text_round_are_not_stored():
    assert tidy("\u202e站油加\u202c\u2066甲\u2069") == "站油加甲"
