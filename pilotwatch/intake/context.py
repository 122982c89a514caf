"""What the lines around a table say: its title, who reports, the list's own date, its unit and coordinate system."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from pilotwatch.intake.headers import crs_of
from pilotwatch.intake.model import Context

_PAIR = re.compile(r"([^\s:：,，;；。]{1,12}?)\s*[:：]\s*(.*?)(?=[\s,，;；]+[^\s:：,，;；。]{2,12}?\s*[:：]|$)")
_REPORTER = re.compile(
    r"^(?:填报|报送|上报|填表|编制|制表|汇总|统计|报表|提供|主管|牵头).{0,2}(?:单位|部门|机关|机构)$"
)
_UNIT = re.compile(r"^(?:计量|金额|货币|数量|数据)?单位$")
_PERIOD = re.compile(r"(?:所属|报告|统计|数据|填报|会计)?(?:月份|月度|期间|时期|报告期|所属期|年月|季度|年度)$")
_DATE = re.compile(r"(?:时间|日期|截至|截止|时点)$")
_SEAL = re.compile(r"[(（]\s*(?:盖章|公章|签章|章)\s*[)）]")
_UNTIL = re.compile(r"(?:截至|截止)(?:到|至)?\s*(.{4,14})")

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)(?=[月日])")
_FULL = re.compile(r"(?<!\d)(20\d\d|19\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d|19\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d\d|19\d\d)\s*[年./-]\s*(\d{1,2})(?!\d)")
_QUARTER = re.compile(r"(?<!\d)(20\d\d|19\d\d)\s*年?\s*第?\s*(?:Q\s*([1-4])|([1-4一二三四])\s*季)")
_YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d)\s*(?:年|$)")
_BARE_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*月(?!\d)")


def of_lines(above: Sequence[Sequence[str]], below: Sequence[Sequence[str]], names: Sequence[str | None]) -> Context:
    """The context of a table: cells of the lines above it and below it, and what sheet and file are called.

    What stands above counts before what stands below, and both before the names.
    """
    lines = ["\u3000".join(line) for line in above if line]
    foot = ["\u3000".join(line) for line in below if line]
    pairs = [pair for line in (*lines, *foot) for pair in _pairs(line)]
    title = next((line for line in lines if not any(_tells(key) for key, _ in _pairs(line))), None)
    as_of, year, month = _when(pairs, [*lines, *foot], [title, *names])
    return Context(
        title=_squeezed(title),
        reporter=next((_SEAL.sub("", value).strip() for key, value in pairs if _REPORTER.match(key) and value), None),
        as_of=as_of,
        year=year,
        month=month,
        unit=next((value.strip("()（）") for key, value in pairs if _UNIT.match(key) and value), None),
        crs=next(filter(None, map(crs_of, (*lines, *foot))), None),
    )


def with_names(context: Context, names: Sequence[str | None]) -> Context:
    """Fills year and month from further names."""
    year, month = _named(names)
    return replace(context, year=context.year or year, month=context.month or month)


def _when(
    pairs: list[tuple[str, str]], lines: list[str], names: list[str | None]
) -> tuple[date | None, int | None, int | None]:
    """The list's own date (the last day of its month, where it has but that) and the period it is about."""
    periods = [value for key, value in pairs if _PERIOD.search(key)]
    dates = [value for key, value in pairs if _DATE.search(key) and not _PERIOD.search(key)]
    dates += [match[1] for line in lines for match in _UNTIL.finditer(unicodedata.normalize("NFKC", line))]
    year, month = _named([*periods, *names])
    as_of = next(filter(None, map(date_in, dates)), None) or next(filter(None, map(date_in, lines)), None)
    for text in (*dates, *periods, names[0] or ""):
        as_of = as_of or _month_end(*_year_month(text))
    return as_of, year or (as_of and as_of.year), month


def _named(texts: Sequence[str | None]) -> tuple[int | None, int | None]:
    year = month = None
    for text in filter(None, texts):
        own_year, own_month = _year_month(text)
        if year is None or own_year in (None, year):  # a month belongs to the year it stands with
            month = month or own_month
        year = year or own_year
    return year, month


def date_in(text: str) -> date | None:
    """The first whole date in a text, whatever its separators: 2026年6月30日, 2026.6.1, 20260630, 二〇二六年六月一日."""
    text = _arabic(text)
    match = _FULL.search(text) or _COMPACT.search(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _year_month(text: str) -> tuple[int | None, int | None]:
    text = _arabic(text)
    if (match := _MONTH.search(text)) and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2])
    if match := _QUARTER.search(text):
        return int(match[1]), 3 * int((match[2] or match[3]).translate(_DIGITS))
    year, month = _YEAR.search(text), _BARE_MONTH.search(text)
    return (int(year[1]) if year else None), (int(month[1]) if month else None)


def _month_end(year: int | None, month: int | None) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if year and month else None


def _arabic(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _CHINESE_YEAR.sub(lambda m: m[0].translate(_DIGITS), text)
    text = _TENS.sub(
        lambda m: str(10 * int((m[1] or "一").translate(_DIGITS)) + int((m[2] or "零").translate(_DIGITS))), text
    )
    return re.sub(r"[一二三四五六七八九](?=[月日])", lambda m: m[0].translate(_DIGITS), text)


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    for match in _PAIR.finditer(line):
        yield match[1].strip("()（）"), match[2].strip()


def _tells(key: str) -> bool:
    return any(pattern.search(key) for pattern in (_REPORTER, _UNIT, _PERIOD, _DATE))


def _squeezed(title: str | None) -> str | None:
    return re.sub(r"\s+", " ", title).strip() if title else None
