"""Columns that most records have, with the words offices use for them. A domain uses them in its own records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pilotwatch.domain import (
    Choices,
    column,
)


def credit_code(
    zh: str = "统一社会信用代码", en: str = "Unified social credit code", *, aliases: Iterable[str] = (), **options: Any
) -> Any:
    """The 18-character code of GB 32100-2015; `options` as for `column`. A code with a title of its own (a supplier's)
    is not read from the general headers, which are the subject's.
    """
    general = (
        "社会信用代码",
        "信用代码",
        "统一信用代码",
        "企业统一社会信用代码",
        "机构代码",
        "统一社会信用代码（18位）",
    )
    words = general if zh == "统一社会信用代码" else ()
    return column(zh, en, aliases=(*aliases, *words), example="91650100XJDEM00576", **options)


def subject_name(zh: str = "企业名称", en: str = "Name", *, aliases: Iterable[str] = ()) -> Any:
    words = (
        "单位名称",
        "名称",
        "市场主体名称",
        "监管对象",
        "监管对象名称",
        "检查对象",
        "检查对象名称",
        "被检查单位",
        "当事人",
        "当事人名称",
    )
    return column(zh, en, aliases=(*aliases, *words))


def division(zh: str = "区县", en: str = "District") -> Any:
    """The district as any of its names; stored as its code of GB/T 2260."""
    words = (
        "区（县）",
        "所属区（县）",
        "所属区县",
        "所在区县",
        "所在区（县）",
        "行政区划",
        "行政区",
        "辖区",
        "所属辖区",
        "区县名称",
        "地区",
    )
    return column(zh, en, aliases=words, example="天山区")


def street() -> Any:
    """The street, town or township as any of its names; stored as its 9-digit statistical code."""
    words = (
        "街道",
        "乡镇",
        "镇街",
        "街道名称",
        "所属街道",
        "所在街道",
        "街道/乡镇",
        "乡镇（街道）",
        "街道（乡镇、片区）",
        "片区",
    )
    return column("街道（乡镇）", "Street or township", aliases=words, example="胜利路街道")


def address(zh: str = "地址", en: str = "Address", *, aliases: Iterable[str] = (), **options: Any) -> Any:
    words = ("详细地址", "经营地址", "住所", "经营场所", "注册地址", "所在地址", "位置", "具体位置")
    return column(zh, en, aliases=(*aliases, *words), **options)


def longitude() -> Any:
    words = ("东经", "经度（东经）", "X坐标", "坐标X", "高德经度", "百度经度", "lng", "lon", "longitude")
    return column("经度", "Longitude", aliases=words, example="87.616800")


def latitude() -> Any:
    words = ("北纬", "纬度（北纬）", "Y坐标", "坐标Y", "高德纬度", "百度纬度", "lat", "latitude")
    return column("纬度", "Latitude", aliases=words, example="43.825600")


def departments(zh: str, en: str, *, aliases: Iterable[str] = ()) -> Any:
    return column(zh, en, aliases=aliases, example="市商务局、市市场监管局")


#: 信用等级, A best, as the credit classification of enterprises gives it every month.
CREDIT = Choices.of(
    ("A", "A", "A", "A级", "A类"), ("B", "B", "B", "B级", "B类"),
    ("C", "C", "C", "C级", "C类"), ("D", "D", "D", "D级", "D类"),
)  # fmt: skip
RISK = Choices.of(
    ("high", "高", "High", "高风险"), ("medium", "中", "Medium", "中风险"),
    ("low", "低", "Low", "低风险"),
)  # fmt: skip


def credit_class() -> Any:
    return column(
        "信用等级", "Credit class", choices=CREDIT, aliases=("信用分类", "信用风险分类", "信用评级", "信用类别")
    )


def risk_level() -> Any:
    return column("风险等级", "Risk level", choices=RISK, aliases=("风险级别", "风险分级", "风险类别"))
