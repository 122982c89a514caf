"""Names and addresses taken apart: every expected value is read off the text by hand."""

from __future__ import annotations

import pytest

from pilotwatch.inspection.objects.parse import address_parts, name_parts, phone, without_crowds
from pilotwatch.places import Places

STRIP = Places.load().without_division


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("新疆苒谷川商贸有限公司", ("苒谷川", "商贸", "company", "")),
        ("（新疆）苒谷川商贸有限责任公司", ("苒谷川", "商贸", "company", "")),
        ("苒谷川贸易公司", ("苒谷川", "商贸", "company", "")),
        ("乌鲁木齐市天山区苒谷川健身中心（友好路店）", ("苒谷川", "健身", "shop", "友好路店")),
        ("苒谷川餐厅第3分店", ("苒谷川", "餐饮", "", "第3分店")),
        ("苒谷川美容美发店（已注销）", ("苒谷川", "美容", "shop", "")),
        ("苒谷加油站", ("苒谷", "油站", "station", "")),
        ("苒谷能源有限公司加油站", ("苒谷", "油站", "station", "")),
        ("苒 谷 川　酒店", ("苒谷川", "住宿", "", "")),
        ("健身中心", ("健身", "健身", "shop", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_name(name, parts):
    assert name_parts(name, STRIP) == parts


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("新疆乌鲁木齐市天山区胜利路街道123号", ("650102", "胜利路", "123")),
        ("天山区胜利路123号2栋", ("650102", "胜利路", "123")),
        ("乌市沙区友好北路６８９号", ("650103", "友好北路", "689")),
        ("友好北路", ("", "友好北路", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address(address, parts):
    assert address_parts(address, STRIP) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [("13812341234", "138****1234"), ("0991-4561234", "0991-***1234"), ("+86 138 1234 1234", "１３８１２３４１２３４")],
)
def test_a_masked_phone_is_the_same_as_the_whole_one(one, other):
    assert phone(one) == phone(other) != ""


@pytest.mark.parametrize("text", ["", "无", "123", "*******"])
def test_what_is_no_phone_is_none(text):
    assert phone(text) == ""


def test_what_many_rows_share_is_no_evidence():
    import pandas as pd

    values = pd.Series(["agent"] * 3 + ["own", "", ""])
    assert without_crowds(values, 2).tolist() == ["", "", "", "own", "", ""]
    assert without_crowds(values, 3).tolist() == values.tolist()
