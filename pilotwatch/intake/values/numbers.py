"""Numbers as government spreadsheets write them (domain-rules E.4-5, E.4-7): `１，２３４.５`, `约3200`, `1.85万`, `三层`.

A number comes out in the unit its column is stored in. Where the cell names a unit or a 万/亿, that holds; else the
unit of the header or of the title line.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from pilotwatch.domain import Column, Text
from pilotwatch.intake.values.cells import LONGEST, NONE, Around, Value, is_null, plain, squeeze

#: unit as `squeeze` leaves it → (dimension, factor to the dimension's base unit)
UNITS: dict[str, tuple[str, float]] = {
    **{word: ("money", 1.0) for word in ("元", "yuan", "RMB", "CNY", "人民币元", "人民币", "块")},
    **{f"{scale}元": ("money", factor) for scale, factor in
       (("百", 1e2), ("千", 1e3), ("万", 1e4), ("十万", 1e5), ("百万", 1e6), ("千万", 1e7), ("亿", 1e8))},
    **{word: ("volume", 1.0) for word in ("L", "l", "升", "公升", "dm3")},
    **{word: ("volume", 1e-3) for word in ("mL", "ml", "毫升")},
    **{word: ("volume", 1e3) for word in ("m3", "立方米", "立方", "kL", "千升")}, "万升": ("volume", 1e4),
    **{word: ("mass", 1.0) for word in ("t", "T", "吨", "公吨")},
    **{word: ("mass", 1e-3) for word in ("kg", "KG", "Kg", "千克", "公斤")}, "万吨": ("mass", 1e4),
    **{word: ("area", 1.0) for word in ("m2", "平方米", "平米", "平方", "平", "M2")},
    "万m2": ("area", 1e4), "万平方米": ("area", 1e4), "公顷": ("area", 1e4), "亩": ("area", 2000 / 3),
    **{word: ("length", 1.0) for word in ("mm", "毫米", "MM")},
    **{word: ("length", 10.0) for word in ("cm", "厘米", "CM")},
    **{word: ("length", 1e3) for word in ("m", "米", "M")},
    **{word: ("length", 1e6) for word in ("km", "公里", "千米")},
    **{word: ("ratio", 1e-2) for word in ("%", "百分比", "百分点")}, "‰": ("ratio", 1e-3), "比率": ("ratio", 1.0),
    **{word: ("temperature", 1.0) for word in ("°C", "摄氏度", "度", "°", "C")},
    **{word: ("time", 1.0) for word in ("min", "分钟")}, "小时": ("time", 60.0), "h": ("time", 60.0),
    **{word: ("flow", 1.0) for word in ("L/h", "升/小时", "L/H")},
}  # fmt: skip
for _word in "个家人户张层台名次座栋间只支把枪罐星分岁年月天日起件宗笔处所辆条份套幢号位":
    UNITS.setdefault(_word, ("count", 1.0))
for _word in ("万张", "万人", "万户", "万次", "万件"):
    UNITS[_word] = ("count", 1e4)
for _word in ("人次", "户次", "工作日", "个月", "楼层", "星级"):
    UNITS[_word] = ("count", 1.0)

#: decimal places kept, by dimension (domain-rules 0: money 2, litres 3); elsewhere what a float carries exactly enough
_PLACES = {"money": 2, "volume": 3, "mass": 6}

_SCALES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_NUMERALS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
_ABOUT_BEFORE = "大约|约为|约|将近|近|大概|不少于|不低于|不超过|不多于|不足|至少|最多|超过|超|逾|>=|<=|≥|≤|≈|~|>|<"
_ABOUT_AFTER = "左右|上下|以上|以下|以内|余|多|来|\\+"
_NUMBER = re.compile(
    rf"""(?P<before>{_ABOUT_BEFORE})?\s*
    (?:¥|RMB|CNY|人民币)?\s*
    (?P<sign>[-+])?\s*
    (?:(?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:\ \d{{3}})+|\d+)(?:\.\d*)?|\.\d+)(?P<power>[eE][-+]?\d+)?
      |(?P<words>[{_NUMERALS}]+(?:点[零〇一二三四五六七八九]+)?))
    (?P<after>{_ABOUT_AFTER})?\s*
    (?P<scale>[十百千万亿]{{1,2}}(?!元))?
    (?P<after2>{_ABOUT_AFTER})?\s*
    (?P<unit>[^\d,.()\s]\S*?)??
    (?P<after3>{_ABOUT_AFTER})?""",
    re.VERBOSE,
)
_IN_BRACKETS = re.compile(r"\((?P<inner>[\d,.]+)\)")  # an accountant's negative: (1,234)


@lru_cache(maxsize=1024)
def unit_of(word: str | None) -> tuple[str, float] | None:
    """Dimension and factor of a unit as written in a header, a title line or a column; None where it is no unit."""
    return UNITS.get(squeeze(word)) if word else None


def dimension(column: Column) -> tuple[str, float]:
    return unit_of(column.unit) or ("count", 1.0)


@lru_cache(maxsize=1024)
def factor_of(column_unit: str | None, written: str | None) -> float:
    """What a bare number is multiplied by: from the header's (or title's) unit to the column's own.

    A unit of another dimension doesn't apply (a title's 单位：万元 says nothing of litres): factor 1.
    """
    own, other = unit_of(column_unit), unit_of(written)
    return other[1] / own[1] if own and other and own[0] == other[0] else 1.0


def settle(numbers: np.ndarray | float, factor: float, column: Column) -> np.ndarray:
    """Numbers in the column's unit, rounded to the places it keeps; used for one cell and for a whole column alike."""
    kept = _PLACES.get(dimension(column)[0], 6) if column.kind == "decimal" else 9
    return np.round(np.asarray(numbers, dtype="float64") * factor, kept)


def read_number(text: str, column: Column, around: Around) -> Value:
    """One cell of a numeric column. Rules: `number`, `unit`; `approximate` where the number is about right."""
    if is_null(text):
        return Value()
    cell = plain(text)
    if cell == NONE:
        return Value(0 if column.kind == "integer" else 0.0) if column.none_is_zero else Value()
    if bracketed := _IN_BRACKETS.fullmatch(cell):
        cell = "-" + bracketed["inner"]
    match = _NUMBER.fullmatch(cell) if len(cell) <= LONGEST else None
    amount = _amount(match) if match else None
    if amount is None:
        return Value(None, "number", _number_expected(column))
    factor = _factor(match, column, around)
    if factor is None:
        known = unit_of(match["unit"]) is not None
        return Value(None, "unit" if known else "number", _unit_expected(column) if known else _number_expected(column))
    number = float(settle(amount, factor, column))
    if not np.isfinite(number) or abs(number) >= 2**53:
        return Value(None, "number", _number_expected(column))
    if column.kind == "integer":
        if number != round(number):
            return Value(None, "number", Text("应为整数", "a whole number"))
        number = round(number)
    if match["before"] or match["after"] or match["after2"] or match["after3"]:
        return Value(
            number,
            "approximate",
            Text(f"应为准确数字，现按 {number:,.12g} 计", f"an exact number; read as {number:,.12g}"),
        )
    return Value(number)


def _amount(match: re.Match[str]) -> float | None:
    sign = -1.0 if match["sign"] == "-" else 1.0
    if match["digits"]:
        return sign * float(match["digits"].replace(",", "").replace(" ", "") + (match["power"] or ""))
    number = chinese_number(match["words"])
    return None if number is None else sign * number


def _factor(match: re.Match[str], column: Column, around: Around) -> float | None:
    """Factor to the column's unit; None where the cell names a unit that doesn't fit the column."""
    scale = 1.0
    for character in match["scale"] or "":
        scale *= _SCALES[character]
    own_dimension, own = dimension(column)
    if match["unit"] and squeeze(match["unit"]).casefold() in _own_words(column.own_unit):
        return scale
    if match["unit"]:
        named = unit_of(match["unit"])
        if named is None:
            return None
        if named[0] == "ratio" and column.unit is None:
            return scale * named[1]  # a share without a unit is stored as a fraction: 95% is 0.95
        return scale * named[1] / own if named[0] == own_dimension else None
    if match["scale"]:  # 1.85万 under （升）: 万 of the header's unit, but 3.5亿 under （万元） is 亿元, not 亿万元
        written = squeeze(around.unit or "").lstrip("十百千万亿")
        return scale * factor_of(column.unit, written or None)
    return factor_of(column.unit, around.unit)


@lru_cache(maxsize=1024)
def _own_words(unit: Text | None) -> frozenset[str]:
    """How a domain's own unit may be written beside a number."""
    return frozenset(squeeze(word).casefold() for word in (unit.zh, unit.en)) if unit else frozenset()


_MOST_NUMERALS = 24

_DIGITS = {character: i for i, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGITS |= {character: i for i, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def chinese_number(word: str) -> float | None:
    """一百二十 → 120, 三点五 → 3.5, 二〇二三 → 2023; None where the characters make no number."""
    word, _, fraction = word.partition("点")
    if len(word) > _MOST_NUMERALS:
        return None
    if len(word) > 1 and all(c in _DIGITS for c in word):
        whole: float = int("".join(str(_DIGITS[c]) for c in word))
    else:
        total = section = digit = 0
        for character in word:
            if character in _DIGITS:
                digit = _DIGITS[character]
            elif character in _TENS:
                section += (digit or 1) * _TENS[character]
                digit = 0
            else:
                section += digit
                if not section and not total:
                    return None
                if _MYRIADS[character] == 10**8:
                    total = (total + section) * 10**8
                else:
                    total += section * 10**4
                section = digit = 0
        whole = total + section + digit
    return whole + float("0." + "".join(str(_DIGITS[c]) for c in fraction)) if fraction else float(whole)


def _number_expected(column: Column) -> Text:
    unit = column.unit_title
    if unit is None:
        return Text("应为数字", "a number")
    return Text("应为数字（单位：{unit}）", "a number (in {unit})").format(unit=unit)


def _unit_expected(column: Column) -> Text:
    unit = column.unit_title or Text("个数", "plain numbers")
    return Text("应以“{unit}”为单位填写", "to be given in {unit}").format(unit=unit)


def foreign_unit(column: Column, written: str | None) -> Text | None:
    """What is expected where a header names a unit of another dimension than the column's (吨 over litres), else None."""
    own, other = unit_of(column.unit), unit_of(written)
    return _unit_expected(column) if own and other and own[0] != other[0] else None
