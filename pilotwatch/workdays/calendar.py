"""The working days of a region: the national calendar, the region's days over it, an administrator's entries over both.

What isn't attested is never counted. A year whose national days off aren't known is refused; in a year for which a
region's own notice is missing (the festivals follow the moon), or on a day that is only 待确认, days are counted as
far as they are attested and marked as not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count, islice
from pathlib import Path

from pilotwatch.domain import Text
from pilotwatch.workdays.clock import BEIJING
from pilotwatch.workdays.entries import (
    NATIONAL,
    CalendarUnknown,
    ClockRefused,
    Entry,
    OfficeHours,
    Region,
    read_entries,
    read_hours,
    read_library,
    read_regions,
)

_WEEKEND = Text("周末", "weekend")
_MAKE_UP = Text("调休上班", "make-up working day")


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the calendar sees it. `why`: of a day off, and of a weekend day worked; None on plain working days.

    `settled`: every region has its notice for the year. `pending`: the unattested entry that would turn the day over.
    """

    day: date
    off: bool
    why: Text | None
    settled: bool
    pending: Entry | None

    @property
    def confirmed(self) -> bool:
        return self.settled and self.pending is None


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days off and worked of one region; immutable. `Calendar.load` reads it.

    `counted` holds the attested entry of each day that has one, `pending` the unattested entries that would change a
    day, `named` the festivals for which a region's attested days off of a year are there.
    """

    regions: tuple[Region, ...]  # the widest first; the last is the calendar's own
    seasons: tuple[OfficeHours, ...]
    counted: Mapping[date, Entry]
    pending: Mapping[date, Entry]
    named: Mapping[tuple[str, int], frozenset[str]]  # (region, year)

    @classmethod
    def load(cls, folder: Path, entries: Sequence[Entry] = (), *, region: str | None = None) -> Calendar:
        """The calendar of `region` (default: the last of `regions.csv`) from the files of `folder`.

        `entries` are an administrator's, oldest first: over the files' and the library's of the same region and day.
        A narrower region's entry counts over a wider one's, whoever made it. Raises ClockRefused.
        """
        regions = read_regions(folder)
        codes = [r.code for r in regions]
        _check(regions, entries, region)
        chain = regions[: codes.index(region) + 1] if region else regions
        library, years = read_library(chain[0])
        layers = (library, read_entries(folder, regions), tuple(entries))
        named = {(chain[0].code, year): frozenset(f.zh for f in chain[0].festivals) for year in years}
        counted: dict[date, Entry] = {}
        pending: dict[date, Entry] = {}
        for place in chain:
            weighed = _weigh(place, layers, named)
            named |= weighed.named
            pending = {d: e for d, e in pending.items() if d not in weighed.attested} | weighed.doubtful
            counted |= weighed.attested
        turning = {d: e for d, e in sorted(pending.items()) if (e.kind == "off") != _is_off(counted.get(d), d)}
        return cls(chain, read_hours(folder), counted, turning, named)

    @property
    def region(self) -> Region:
        return self.regions[-1]

    @cached_property
    def years(self) -> frozenset[int]:
        """The years whose national days off are known: only in these can anything be counted."""
        widest = self.regions[0]
        return frozenset(year for code, year in self.named if code == widest.code and not self.missing(widest, year))

    @cached_property
    def settled(self) -> frozenset[int]:
        """The years for which every region has its notice: only in these is a due date certain."""
        return frozenset(y for y in self.years if not any(self.missing(r, y) for r in self.regions))

    @cached_property
    def if_confirmed(self) -> Calendar:
        """The calendar as it would be if all that is 待确认 were attested."""
        return replace(self, counted={**self.counted, **self.pending}, pending={})

    def missing(self, region: Region, year: int) -> tuple[str, ...]:
        """The festivals of a region for which no attested day off of that year is there."""
        named = self.named.get((region.code, year), frozenset())
        return tuple(f.zh for f in region.festivals if f.zh not in named)

    # --- days ---

    def day(self, day: date) -> Day:
        """What the calendar knows of a day; raises CalendarUnknown where it knows nothing of the year."""
        if day.year not in self.years:
            widest = self.regions[0]
            raise CalendarUnknown(widest, day.year, self.missing(widest, day.year))
        entry = self.counted.get(day)
        off = _is_off(entry, day)
        return Day(day, off, self._why(entry, day), day.year in self.settled, self.pending.get(day))

    def is_working_day(self, day: date) -> bool:
        return not self.day(day).off

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which doesn't count itself: a limit ends at 24:00 of it."""
        return next(islice(filter(self.is_working_day, _after(start)), _positive(n) - 1, None))

    def add_days(self, start: date, n: int) -> date:
        """The n-th day after `start`, or the next working day where that one is a day off."""
        return next(filter(self.is_working_day, _after(start + timedelta(_positive(n) - 1))))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative where `end` is the earlier one."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(map(self.is_working_day, islice(_after(start), (end - start).days)))

    def office_hours(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When the offices open and close on a day, in Beijing time; empty on a day off."""
        if not self.seasons:
            raise ClockRefused(
                "office_hours_missing",
                Text(
                    "尚未设置办公时间，不能计算按工作小时的期限。请在 data/calendars/office_hours.csv 中填写。",
                    "No office hours are set, so limits in working hours can't be counted. Enter them in "
                    "data/calendars/office_hours.csv.",
                ),
            )
        if not self.is_working_day(day):
            return ()
        begun = [s for s in self.seasons if s.since <= (day.month, day.day)]
        season = begun[-1] if begun else self.seasons[-1]  # the year begins in the last season of the one before
        return tuple(
            (datetime.combine(day, opens, BEIJING), datetime.combine(day, closes, BEIJING))
            for opens, closes in season.spans
        )

    def says(self, entry: Entry) -> Text:
        """What an entry makes of its day, in both languages."""
        region = next(r for r in self.regions if r.code == entry.region)
        if entry.kind == "work":
            return _MAKE_UP
        if entry.festival:
            return Text(entry.festival, ", ".join(map(region.english, entry.festivals)))
        return Text("{region}通知放假", "day off by notice of {region}").format(region=region.title)

    def _why(self, entry: Entry | None, day: date) -> Text | None:
        weekend = _is_weekend(day)
        if entry is None or (weekend and entry.kind == "off" and not entry.festival):
            return _WEEKEND if weekend else None
        return self.says(entry) if weekend or entry.kind == "off" else None


# --- building -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Weighed:
    """One region's entries: those that count, those that are doubtful, the festivals attested per (region, year)."""

    attested: dict[date, Entry]
    doubtful: dict[date, Entry]
    named: dict[tuple[str, int], frozenset[str]]


def _weigh(
    region: Region, layers: Sequence[Sequence[Entry]], known: Mapping[tuple[str, int], frozenset[str]]
) -> _Weighed:
    """A later entry counts over an earlier one of the same day, an attested one over an unattested one of its layer.

    Once a later layer attests a whole year, that is the notice: what earlier layers only supposed of the year is void.
    """
    rows = [(n, e) for n, layer in enumerate(layers) for e in layer if e.region == region.code]
    attested = {e.day: e for _, e in rows if e.attested}
    told = {e.day: n for n, e in rows if e.attested}  # the layer that last attested a day
    noticed: dict[int, int] = {}  # and a year
    named: dict[tuple[str, int], frozenset[str]] = {}
    for day, entry in attested.items():
        year = region.code, day.year
        noticed[day.year] = max(noticed.get(day.year, 0), told[day])
        named[year] = named.get(year, known.get(year, frozenset())).union(
            entry.festivals if entry.kind == "off" else ()
        )
    whole = {year for (_, year), names in named.items() if names.issuperset(f.zh for f in region.festivals)}
    doubtful = {
        e.day: e
        for n, e in rows
        if not e.attested and n > told.get(e.day, -1) and (e.day.year not in whole or n >= noticed[e.day.year])
    }
    return _Weighed(attested, doubtful, named)


def _check(regions: Sequence[Region], entries: Iterable[Entry], region: str | None) -> None:
    codes = {r.code for r in regions}
    if not regions or regions[0].code != NATIONAL or not regions[0].festivals:
        raise ClockRefused(
            "calendar_file",
            Text(
                "日历缺少全国的地区或节日，无法判断哪些年份完整。请检查 data/calendars 中的 regions.csv 和 festivals.csv。",
                "The calendar lacks the national region or its festivals, so it can't be told which years are whole. "
                "Check regions.csv and festivals.csv in data/calendars.",
            ),
        )
    for code in [*([region] if region else []), *(e.region for e in entries)]:
        if code not in codes:
            known = "、".join(r.code for r in regions)
            raise ClockRefused(
                "calendar_region",
                Text(
                    f"日历中没有地区“{code}”。现有：{known}", f"The calendar has no region {code}. There are: {known}"
                ),
            )


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def _is_off(entry: Entry | None, day: date) -> bool:
    return entry.kind == "off" if entry else _is_weekend(day)


def _after(day: date) -> Iterator[date]:
    """The days after `day`, without end."""
    return (day + timedelta(n) for n in count(1))


def _positive(n: int) -> int:
    if n < 1:
        raise ValueError(f"a limit is at least 1 day long, not {n}")
    return n
