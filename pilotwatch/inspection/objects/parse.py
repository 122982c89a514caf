"""What a name and an address are made of: 字号, trade, legal form, branch; district, road, house number, rest.

Nothing is thrown away: 有限公司 and a shop of the same owner are two objects, and so are two branches, so form and branch
are compared as fields of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

#: What a row of a list has to offer to the comparison; empty is "".
FIELDS = ("stem", "trade", "form", "branch", "district", "road", "number", "phone", "person")

_REGION = re.compile(r"^(新疆维吾尔自治区|新疆自治区|新疆)?(乌鲁木齐市|乌鲁木齐|乌市)?")
_BRACKETED_REGION = re.compile(r"\((新疆维吾尔自治区|新疆|乌鲁木齐市?|乌市)\)")
_STATUS = re.compile(r"\((已注销|注销|吊销|停业|歇业|个体工商户|个人独资|普通合伙|有限合伙)\)")
_BRACKETS = re.compile(r"\(([^()]{1,20})\)")
_BRANCH_END = re.compile(
    r"(第?[0-9一二三四五六七八九十]{1,3}(?:号|分)?店|[\u4e00-\u9fff]{1,6}分店|[\u4e00-\u9fff]{0,8}分公司|[\u4e00-\u9fff]{0,8}营业部)$"
)
_FORMS = (
    ("company", ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "公司")),
    ("shop", ("经营部", "门市部", "商行", "商店", "中心", "工作室", "会所", "俱乐部", "店", "部", "馆", "行", "社", "坊", "铺", "厅", "院")),
    ("station", ("加油加气站", "加油站", "加气站", "服务区")),
)  # fmt: skip
#: Words of a trade → the trade; what offices write for the same thing.
_TRADES = {
    "商贸": "商贸", "贸易": "商贸", "商务服务": "商务", "商务": "商务", "餐饮管理": "餐饮", "餐饮服务": "餐饮", "餐饮": "餐饮", "餐厅": "餐饮", "饭店": "餐饮",
    "酒店管理": "住宿", "酒店": "住宿", "宾馆": "住宿", "住宿": "住宿", "旅馆": "住宿", "美容美发服务": "美容", "美容美发": "美容", "美容": "美容", "美发": "美容",
    "造型": "美容", "医疗美容": "医美", "医美": "医美", "健身服务": "健身", "健身": "健身", "瑜伽": "健身", "体育": "健身", "教育咨询": "教育", "教育培训": "教育",
    "教育": "教育", "培训": "教育", "文化传播": "文化", "文化艺术": "文化", "文化": "文化", "机动车驾驶员培训": "驾培", "驾驶员培训": "驾培", "驾校": "驾培",
    "养老服务": "养老", "养老": "养老", "石油销售": "油站", "石油": "油站", "加油加气": "油站", "加油": "油站", "能源": "油站", "超市": "超市", "便利": "超市",
    "洗浴": "洗浴", "汽车服务": "汽车", "洗车": "汽车", "药房": "药店", "大药房": "药店",
}  # fmt: skip
_TRADE = re.compile("|".join(sorted(map(re.escape, _TRADES), key=len, reverse=True)))

_ROAD = re.compile(r"([\u4e00-\u9fffA-Z0-9]{1,10}?(?:大道|街道|片区|镇|乡|路|街|巷))")
_NUMBER = re.compile(r"(\d+)(?:-\d+)?(?:号|弄|附)")
_STREET_ENDING = re.compile(r"(街道办事处|街道办|街道|片区管委会|片区)$")


def parsed(rows: pd.DataFrame, strip_division: Callable[[str], tuple[str | None, str]]) -> pd.DataFrame:
    """The FIELDS of each row. `rows`: name, address, phone, person, division_code (texts, "" or null where empty).

    `strip_division`: takes a leading district off a text (`Places.division_names.strip`).
    """
    empty = pd.DataFrame({n: "" for n in ("name", "address", "phone", "person", "division_code")}, index=rows.index)
    given = rows.reindex(columns=list(empty)).astype(object)
    given = given.where(given.notna(), empty)
    names = _each(given["name"], lambda n: name_parts(n, strip_division))
    places = _each(given["address"], lambda a: address_parts(a, strip_division))
    found = pd.DataFrame(names, columns=["stem", "trade", "form", "branch"], index=rows.index)
    found[["district", "road", "number"]] = pd.DataFrame(
        places, index=rows.index, columns=["district", "road", "number"]
    )
    found["district"] = given["division_code"].where(given["division_code"] != "", found["district"])
    found["phone"] = [phone(p) for p in given["phone"]]
    found["person"] = given["person"].map(plain)
    return found[list(FIELDS)]


def _each(values: Iterable[str], parts: Callable[[str], tuple[str, ...]]) -> list[tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    return [known[v] if v in known else known.setdefault(v, parts(v)) for v in values]


def plain(text: str) -> str:
    """Half width, upper case, ASCII brackets, no spaces: the form in which texts are compared."""
    return "".join(unicodedata.normalize("NFKC", text or "").upper().split())


def name_parts(name: str, strip_division: Callable[[str], tuple[str | None, str]]) -> tuple[str, str, str, str]:
    """`新疆苒谷川商贸有限公司（友好路店）` → ("苒谷川", "商贸", "company", "友好路店")."""
    text = _STATUS.sub("", _BRACKETED_REGION.sub("", plain(name)))
    branch = ""
    if inside := _BRACKETS.search(text):
        branch, text = inside[1], text[: inside.start()] + text[inside.end() :]
    text = _REGION.sub("", text) or text
    _, text = strip_division(text)
    if (end := _BRANCH_END.search(text)) and end.start() >= 2:
        branch, text = branch or end[1], text[: end.start()]
    text, form = _form(text)
    trades = [m[0] for m in _TRADE.finditer(text)]
    stem, inner = _form(_TRADE.sub("", text))  # 苒谷能源有限公司加油站
    form = form or inner
    if not stem:  # 健身中心: there is nothing but the trade
        stem = text
    if not form and trades and _TRADES[trades[-1]] == "油站":
        form = "station"
    return stem, _TRADES[trades[-1]] if trades else "", form, branch


def _form(text: str) -> tuple[str, str]:
    """The text without its legal form, and which that is; the 店 of 酒店 is none."""
    if text.endswith(tuple(_TRADES)):
        return text, ""
    for form, endings in _FORMS[::-1]:
        for ending in endings:
            if text.endswith(ending) and len(text) > len(ending):
                rest = text[: -len(ending)]
                return (rest + "加油" if form == "station" else rest), form
    return text, ""


def address_parts(address: str, strip_division: Callable[[str], tuple[str | None, str]]) -> tuple[str, str, str]:
    """`乌鲁木齐市天山区胜利路街道123号2栋` → ("650102", "胜利路", "123")."""
    text = plain(address)
    rest = _REGION.sub("", text) or text
    division, rest = strip_division(rest)
    roads = _ROAD.findall(rest)
    number = _NUMBER.search(rest)
    road = _STREET_ENDING.sub("", roads[-1]) if roads else ""
    return division or "", road, number[1] if number else ""


def phone(text: str) -> str:
    """What is left of a phone number when it is masked: `13812341234`, `138****1234` → "138-1234"; "" for none."""
    kept = re.sub(r"[^0-9*]", "", plain(text).removeprefix("+86"))
    if len(kept) < 7 or kept.strip("*") == "":
        return ""
    if kept[0] == "0":
        return f"{kept[:4]}-{kept[-4:]}"
    return f"{kept[:3] if len(kept) == 11 else ''}-{kept[-4:]}"


def without_crowds(values: pd.Series, most: int) -> pd.Series:
    """The values, those that more rows share than `most` left out: an agent's phone says nothing about a shop."""
    counts = values.map(values[values != ""].value_counts())
    return values.where(~(counts > most), "")


def metres(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    """Distances between points (lng, lat in degrees), NaN where one is unknown; flat earth at 43.8° N."""
    x = (left["lng"].to_numpy(float) - right["lng"].to_numpy(float)) * 80_300
    y = (left["lat"].to_numpy(float) - right["lat"].to_numpy(float)) * 111_100
    return np.hypot(x, y)
