"""What shows somebody in a text: known names for sure, personal data and addresses by their form."""

from __future__ import annotations

import pytest

from pilotwatch.typical import Hidden

HIDDEN = Hidden.of({"新疆溯客养老服务有限公司"}, {"91650103MA7AAAAA1X"}, {"友好北路12号"}, "某企业", "某处")


def test_a_name_is_hidden_in_whole_and_without_its_region_and_form():
    text = "新疆溯客养老服务有限公司（溯客养老服务，91650103MA7AAAAA1X）在友好北路12号经营"
    assert HIDDEN.masked(text) == "某企业（某企业，某企业）在某处经营"
    assert {leak.kind for leak in HIDDEN.leaks(text)} == {"named", "address"}
    assert HIDDEN.leaks(HIDDEN.masked(text)) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13812341234", "personal"), ("电话 138-1234-1234", "personal"), ("0991-2812345", "personal"), ("a.b@c.com", "personal"),
        ("身份证号65010219900101001X", "personal"), ("卡号6222021234567890123", "personal"), ("新A12345", "personal"),
        ("新疆某公司91650100MA775X0B5C", "named"), ("龙盛街街道90号", "address"), ("光明路3号2栋", "address"),
        ("法定代表人王小明，已到场", "perhaps"), ("李女士反映", "perhaps"),
    ],
)  # fmt: skip
def test_forms_of_personal_data_codes_and_addresses_are_found(text, kind):
    (leak,) = HIDDEN.leaks(text, "outcome")
    assert (leak.kind, leak.section) == (kind, "outcome")


@pytest.mark.parametrize(
    "text",
    [
        "依据乌政办〔2023〕78号，2026年11月24日结案，罚款10,000.00元", "罚决〔2026〕3号", "案件 XS-PPC-20260725-00001 用时 18 日",
        "由市商务局牵头，12345 转办", "负责人已到场说明情况", "核查 3 号问题线索",
    ],
)  # fmt: skip
def test_numbers_of_papers_cases_and_days_are_no_leak(text):
    assert HIDDEN.leaks(text) == []
