"""Dates, date-times, months and quarters as government spreadsheets write them (domain-rules E.4-6).

All times are official Beijing time and carry no zone. A date known to the month only is kept as its first day, or as
its last where the column is an end (a licence valid until June is valid through June), and says so.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from pilotwatch.domain import Column, Text
from pilotwatch.intake.values.cells import LONGEST, NONE, Around, Value, is_null, plain, squeeze

FOREVER = frozenset({"长期", "永久", "长期有效", "永久有效", "无固定期限", "无期限", "长久", "不限"})

_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950 to 2099: beyond that a bare number is no date
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 — spreadsheets know no zone
_OFFSET_1904 = 1462

_TIME = (
    r"(?:T|,|(?<=[日号])|(?=[上下]午))(?P<noon>上午|下午)?(?P<hour>\d{1,2})[:时点]"
    r"(?:(?P<minute>\d{1,2})(?:[:分](?:(?P<second>\d{1,2})(?:\.\d+)?秒?(?:\+0?8:?00)?)?)?)?"
)
_FORMS = [
    re.compile(r"(?P<year>\d{4})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?\.?(?:" + _TIME + ")?"),
    re.compile(r"(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:" + _TIME + ")?"),
    re.compile(r"(?P<short>\d{2})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?"),
    re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?(?:" + _TIME + ")?"),
    re.compile(r"(?P<day>\d{1,2})[日号]"),
]
_GAP = re.compile(r"(?<=\d) (?=\d)")  # between the day and the time; any other space means nothing
_WESTERN = re.compile(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})")
_MONTH = re.compile(
    r"(?P<year>\d{4})(?:[-/年](?P<month>\d{1,2})月?|\.(?P<dotted>\d{1,2})月?|(?P<tight>0[1-9]|1[0-2]))份?"
)
_BARE_MONTH = re.compile(r"(?P<month>\d{1,2})月份?")
_YEAR = re.compile(r"(?P<year>\d{4})年度?")
_BETWEEN = re.compile(r"至|到|~|—+|-")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3, "IV": 4}
_QUARTER = re.compile(
    r"(?:(?P<year>\d{4})年?度?)?[-./]?(?:第?(?P<n>[一二三四1-4]|I{1,3}|IV)季度?|[Qq](?P<q>[1-4]))(?:[-./]?(?P<after>\d{4}))?"
)
_QUARTER_MONTHS = re.compile(r"(?P<year>\d{4})年(?P<first>1|4|7|10)月?[-~至—](?P<last>3|6|9|12)月")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)

DATE_EXPECTED = Text("应为真实存在的日期，如 2026-06-30", "a date that exists, such as 2026-06-30")
TIME_EXPECTED = Text(
    "应为真实存在的日期和时间，如 2026-06-30 14:30", "a date and time that exist, such as 2026-06-30 14:30"
)
MONTH_EXPECTED = Text("应为月份，如 2026-06", "a month, such as 2026-06")
QUARTER_EXPECTED = Text("应为季度，如 2026Q2 或 2026年二季度", "a quarter, such as 2026Q2")


def read_date(text: str, column: Column, around: Around) -> Value:
    """One cell of a date column: a `date`. Rules: `date`, `ambiguous`; `date_precision`, `approximate`."""
    moment = _read_moment(text, column, around)
    return moment._replace(value=moment.value.date()) if moment.value is not None else moment


def read_datetime(text: str, column: Column, around: Around) -> Value:
    """One cell of a date-time column: a `datetime` in whole seconds."""
    return _read_moment(text, column, around)


def read_month(text: str, column: Column, around: Around) -> Value:
    """One cell of a month column: `2027-06`."""
    if is_null(text) or squeeze(text) == NONE:
        return Value()
    cell = squeeze(text)
    if bare := _BARE_MONTH.fullmatch(cell):
        if around.year and 1 <= int(bare["month"]) <= 12:
            return Value(f"{around.year}-{int(bare['month']):02}")
        return Value(None, "date", MONTH_EXPECTED)
    found = _month(cell)
    if found == "ambiguous":
        return Value(None, "ambiguous", _ambiguous(cell))
    if found:
        return Value(f"{found[0]}-{found[1]:02}")
    moment = _moment(cell, around)
    return Value(f"{moment:%Y-%m}") if isinstance(moment, datetime) else Value(None, "date", MONTH_EXPECTED)


def read_quarter(text: str, column: Column, around: Around) -> Value:
    """One cell of a quarter column: `2025Q3`."""
    if is_null(text) or squeeze(text) == NONE:
        return Value()
    quarter = _quarter(squeeze(text), around.year)
    return Value(f"{quarter[0]}Q{quarter[1]}") if quarter else Value(None, "date", QUARTER_EXPECTED)


def is_end(column: Column) -> bool:
    """Whether the column is the end of a span, so that a month means its last day."""
    return column.not_before is not None or column.name.endswith("_until")


def _read_moment(text: str, column: Column, around: Around) -> Value:
    cell = _western_digits(_GAP.sub("T", plain(text)).replace(" ", ""))
    if is_null(text) or cell == NONE or cell in FOREVER:
        return Value()
    if len(cell) > LONGEST:
        return Value(None, "date", DATE_EXPECTED)
    moment = _moment(cell, around)
    if isinstance(moment, Text):
        return Value(None, "date", moment)
    if moment is not None:
        return Value(moment)
    month = _month(cell)
    if month == "ambiguous":
        return Value(None, "ambiguous", _ambiguous(cell))
    if span := _span(cell, month, around):
        return _coarse(span, column)
    if ends := _range(cell, around):
        moment = ends[is_end(column)]
        return Value(moment, "approximate", _approximate(ends, moment))
    return Value(None, "date", TIME_EXPECTED if column.kind == "datetime" else DATE_EXPECTED)


def _western_digits(cell: str) -> str:
    """二〇二三年十一月十日 → 2023年11月10日."""
    match = _CHINESE_DATE.fullmatch(cell)
    if not match:
        return cell
    year, month, day = match[1].translate(_CHINESE_DIGITS), _up_to_99(match[2]), match[3] and _up_to_99(match[3])
    return f"{year}年{month}月" + (f"{day}日" if day else "")


def _up_to_99(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return int(word.translate(_CHINESE_DIGITS))
    return int(tens.translate(_CHINESE_DIGITS) or 1) * 10 + int(ones.translate(_CHINESE_DIGITS) or 0)


def _moment(cell: str, around: Around) -> datetime | Text | None:
    """The moment that a cell names to the day; a Text where it names one that doesn't exist; None where it names none."""
    if _SERIAL.fullmatch(cell):
        return from_serial(float(cell), around.date1904)
    for form in _FORMS:
        if match := form.fullmatch(cell):
            return _exact(match.groupdict(), around)
    if match := _WESTERN.fullmatch(cell):
        first, second, year = (int(match[name]) for name in ("first", "second", "year"))
        if first <= 12 and second <= 12 and first != second:
            return Text(
                "日、月先后不明，应写成“年-月-日”，如 2026-06-30", "day and month can't be told apart; write 2026-06-30"
            )
        month, day = (second, first) if first > 12 else (first, second)
        return _exact({"year": str(year), "month": str(month), "day": str(day)}, around)
    return None


def from_serial(serial: float, date1904: bool = False) -> datetime | None:
    """A spreadsheet's day number (45240 is 2023-11-10), to the second; None outside 1950-2099."""
    days = serial + (_OFFSET_1904 if date1904 else 0)
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return None
    return _SERIAL_ZERO + timedelta(seconds=round(days * 86400))


def _exact(parts: dict[str, str | None], around: Around) -> datetime | Text:
    if parts.get("short"):
        year = int(parts["short"]) + (1900 if int(parts["short"]) > 50 else 2000)
    elif parts.get("year"):
        year = int(parts["year"])
    elif around.year:
        year = around.year
    else:
        return Text("应写明年份，如 2026-06-30", "with its year, such as 2026-06-30")
    month = int(parts.get("month") or around.month or 0)
    day = int(parts["day"] or 0)
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if parts.get("noon") == "下午" and hour < 12:
        hour += 12
    if not (1 <= month <= 12 and 1900 <= year <= 2199):
        return DATE_EXPECTED
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return Text(
            f"应为真实存在的日期（{year} 年 {month} 月只有 {days} 天）",
            f"a date that exists ({year}-{month:02} has {days} days)",
        )
    if hour == 24 and not minute and not second:
        return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001
    if hour > 23 or minute > 59 or second > 59:
        return TIME_EXPECTED
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001


def _month(cell: str) -> tuple[int, int] | str | None:
    """Year and month of a cell; "ambiguous" for `2023.1`, which may be October that lost its zero."""
    match = _MONTH.fullmatch(cell)
    if not match:
        return None
    if match["dotted"] == "1" and not cell.endswith(("月", "份")):
        return "ambiguous"
    month = int(match["month"] or match["dotted"] or match["tight"])
    return (int(match["year"]), month) if 1 <= month <= 12 and 1900 <= int(match["year"]) <= 2199 else None


def _ambiguous(cell: str) -> Text:
    year = cell[:4]
    return Text(
        f"“{cell}”可能是 {year} 年 1 月，也可能是 10 月，应写成 {year}-01 或 {year}-10",
        f"{cell} may be January or October: write {year}-01 or {year}-10",
    )


def _span(cell: str, month: tuple[int, int] | str | None, around: Around) -> tuple[date, date] | None:
    """First and last day of a month, a quarter or a year."""
    if isinstance(month, tuple):
        return _months(month[0], month[1], month[1])
    if quarter := _quarter(cell, around.year):
        return _months(quarter[0], quarter[1] * 3 - 2, quarter[1] * 3)
    if match := _YEAR.fullmatch(cell):
        return _months(int(match["year"]), 1, 12) if 1900 <= int(match["year"]) <= 2199 else None
    return None


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _coarse(span: tuple[date, date], column: Column) -> Value:
    day = span[is_end(column)]
    expected = Text(f"应写到日，现按 {day} 计", f"a date with its day; read as {day}")
    return Value(datetime.combine(day, datetime.min.time()), "date_precision", expected)


def _quarter(cell: str, year: int | None) -> tuple[int, int] | None:
    if match := _QUARTER_MONTHS.fullmatch(cell):
        first, last = int(match["first"]), int(match["last"])
        return (int(match["year"]), last // 3) if last - first == 2 else None
    match = _QUARTER.fullmatch(cell)
    if not match:
        return None
    named = match["year"] or match["after"] or year
    if not named or (match["year"] and match["after"]) or not 1900 <= int(named) <= 2199:
        return None
    return int(named), int(match["q"] or _NUMERALS[match["n"]])


def _range(cell: str, around: Around) -> tuple[datetime, datetime] | None:
    """`2023.11.10-11.15`, `2023年11月10日至15日`: both ends."""
    for mark in _BETWEEN.finditer(cell):
        start = _moment(cell[: mark.start()], around)
        if not isinstance(start, datetime):
            continue
        rest = cell[mark.end() :]
        end = _moment(rest, around._replace(year=start.year, month=start.month)) or _moment(
            f"{start.year}.{rest}", around
        )
        if isinstance(end, datetime) and end >= start:
            return start, end
    return None


def _approximate(ends: tuple[datetime, datetime], taken: datetime) -> Text:
    return Text(
        f"应为一个日期，现取 {ends[0]:%Y-%m-%d} 至 {ends[1]:%Y-%m-%d} 中的 {taken:%Y-%m-%d}",
        f"one date; of {ends[0]:%Y-%m-%d} to {ends[1]:%Y-%m-%d}, {taken:%Y-%m-%d} is taken",
    )
