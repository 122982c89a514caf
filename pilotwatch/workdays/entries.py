"""What the calendar is made of: regions, festivals, office hours and the days off and worked that notices name.

All of it is data of a place (`data/calendars`), and an administrator's rows come on top as more `Entry`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

from pilotwatch.domain import Text

#: The region whose days off the kept library knows.
NATIONAL = "CN"


class ClockRefused(Exception):
    """The clock can't count; `rule` is stable, `message` says in the user's words why and what to do."""

    def __init__(self, rule: str, message: Text):
        super().__init__(message.zh)
        self.rule, self.message = rule, message


class CalendarUnknown(ClockRefused):
    """A day of `year` is asked for, and the days off of that year in `region` aren't known yet.

    When it is raised while a limit is counted, every earlier day was known: the due date isn't before that year.
    """

    def __init__(self, region: Region, year: int, missing: Iterable[str]):
        self.region, self.year, self.missing = region, year, tuple(missing)
        what = Text("、".join(self.missing), ", ".join(region.english(f) for f in self.missing))
        super().__init__(
            "calendar_year_unknown",
            Text(
                "{year}年{region}放假安排尚未录入，不能计算落在该年的期限。请管理员在“设置 · 工作日历”按该年放假通知录入：{what}的全部"
                "放假日（含周末）和调休上班日，逐日写明日期、地区代码{code}、类别（off放假／work上班）、节日、文号，"
                "并标明已核实。",
                "The days off of {year} in {region} are not entered yet, so no limit that reaches into that year can be "
                "counted. Ask the administrator to enter them in Settings from that year's notice: every day off (weekends too) of "
                "{what}, and the weekend days that are worked; for each day the date, the region code {code}, the kind "
                "(off or work), the festival and the notice number, marked as attested.",
            ).format(year=year, region=region.title, what=what, code=region.code),
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A region with days off of its own. `festivals`: all that its yearly notice names, each in both languages."""

    code: str
    title: Text
    festivals: tuple[Text, ...]

    def english(self, festival: str) -> str:
        return next((f.en for f in self.festivals if f.zh == festival), festival)


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of a notice: a day off (`off`) or a day worked (`work`: a make-up day, or a holiday taken back).

    `attested` is False for what is 待确认: it is shown and warned of, but not counted. `festival` is the Chinese name;
    a day of two festivals names both, 国庆节、中秋节. A region's `off` entries of all its festivals make its year known.
    """

    day: date
    region: str
    kind: Literal["off", "work"]
    attested: bool
    festival: str = ""
    notice_no: str = ""
    source: str = ""

    @property
    def festivals(self) -> tuple[str, ...]:
        return tuple(filter(None, self.festival.split("、")))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Hours of work, by season: `since` is the (month, day) from which `spans` hold, until the next season."""

    since: tuple[int, int]
    spans: tuple[tuple[time, time], ...]


# --- the kept library ---------------------------------------------------------------------------------------------


def read_library(region: Region) -> tuple[tuple[Entry, ...], frozenset[int]]:
    """The national days off and worked as `chinesecalendar` has them, and the years that it knows."""
    import chinese_calendar
    from chinese_calendar.constants import Holiday, holidays, workdays

    source = f"chinesecalendar {chinese_calendar.__version__}"
    chinese = {h.value: h.chinese for h in Holiday} | {f.en: f.zh for f in region.festivals}
    kinds: tuple[tuple[Mapping[date, str], Literal["off", "work"]], ...] = ((holidays, "off"), (workdays, "work"))
    entries = tuple(
        Entry(day, region.code, kind, attested=True, festival=chinese[festival], source=source)
        for days, kind in kinds
        for day, festival in sorted(days.items())
    )
    return entries, frozenset(e.day.year for e in entries)


# --- the files ----------------------------------------------------------------------------------------------------


def read_regions(folder: Path) -> tuple[Region, ...]:
    """`regions.csv` and `festivals.csv`: the widest region first, the one the house works by last."""
    festivals: dict[str, list[Text]] = {}
    for code, festival in _read(
        folder / "festivals.csv", lambda r: (r["region"], Text(r["festival"], r["festival_en"]))
    ):
        festivals.setdefault(code, []).append(festival)
    return _read(
        folder / "regions.csv",
        lambda r: Region(r["code"], Text(r["name"], r["name_en"]), tuple(festivals.get(r["code"], ()))),
    )


def read_entries(folder: Path, regions: Iterable[Region]) -> tuple[Entry, ...]:
    """`holidays.csv`: what the regions' notices add to the national calendar, or correct in it."""
    codes = {r.code for r in regions}

    def entry(row: Mapping[str, str]) -> Entry:
        return Entry(
            day=date.fromisoformat(row["date"]),
            region=_one_of(row["region"], codes),
            kind=_one_of(row["kind"], ("off", "work")),
            attested=_one_of(row["status"], ("attested", "unconfirmed")) == "attested",
            festival=row["festival"],
            notice_no=row["notice_no"],
            source=row["source"],
        )

    return _read(folder / "holidays.csv", entry)


def read_hours(folder: Path) -> tuple[OfficeHours, ...]:
    """`office_hours.csv`: the seasons of the year, earliest first."""

    def span(row: Mapping[str, str]) -> tuple[tuple[int, int], tuple[time, time]]:
        since = date.fromisoformat(f"2000-{row['from']}")
        return (since.month, since.day), (time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))

    seasons: dict[tuple[int, int], list[tuple[time, time]]] = {}
    for since, hours in _read(folder / "office_hours.csv", span):
        seasons.setdefault(since, []).append(hours)
    return tuple(OfficeHours(since, tuple(sorted(spans))) for since, spans in sorted(seasons.items()))


def _one_of(word: str, words: Iterable[str]) -> Any:
    if word not in words:
        raise ValueError(word)
    return word


#: How a line of each file is to be written.
_LINES = {
    "regions.csv": Text("代码,中文名,英文名", "code,name in Chinese,name in English"),
    "festivals.csv": Text("地区代码,节日,英文名", "region code,festival,its English name"),
    "holidays.csv": Text(
        "2026-05-27,地区代码（见 regions.csv）,off 或 work,节日,attested 或 unconfirmed,文号,来源",
        "2026-05-27,region code of regions.csv,off or work,festival,attested or unconfirmed,notice number,source",
    ),
    "office_hours.csv": Text("05-01,10:00,14:00,来源", "05-01,10:00,14:00,source"),
}


def _read(path: Path, make: Callable[[Mapping[str, str]], Any]) -> tuple[Any, ...]:
    if not path.is_file():
        raise ClockRefused(
            "calendar_file",
            Text(
                f"缺少日历文件“{path}”。请从安装包中恢复，或按data/README.md填写。",
                f"The calendar file {path} is missing. Restore it from the installation or write it as data/README.md says.",
            ),
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_row(path, line, make, row) for line, row in enumerate(csv.DictReader(file), start=2))


def _row(path: Path, line: int, make: Callable[[Mapping[str, str]], Any], row: Mapping[str, str]) -> Any:
    try:
        return make(row)
    except (KeyError, TypeError, ValueError) as wrong:
        raise ClockRefused(
            "calendar_file",
            Text(
                "日历文件“{file}”第{line}行无法读取。现为：{found}；应写作：{wanted}。请改正该行后重新启动。",
                "Line {line} of the calendar file {file} can't be read. Found: {found}; expected: {wanted}. Correct it and "
                "start again.",
            ).format(file=path.name, line=line, found=",".join(map(str, row.values())), wanted=_LINES[path.name]),
        ) from wrong
