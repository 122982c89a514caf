"""When a limit ends, and why: the count with every day it left out, every pause, and whether it is certain."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, count, islice
from typing import Any, NamedTuple

from pilotwatch.domain import Basis, Text
from pilotwatch.workdays.calendar import Calendar, Day
from pilotwatch.workdays.clock import BEIJING
from pilotwatch.workdays.entries import CalendarUnknown, ClockRefused, Region
from pilotwatch.workdays.limits import IN_HOURS, Limit
from pilotwatch.workdays.wording import doubt, joined, listed, reasons


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that don't count (testing, appraisal, jurisdiction, documents to be completed), first and last included.

    `until=None`: still standing still.
    """

    since: date
    until: date | None
    reason: Text

    def __post_init__(self) -> None:
        if self.until and self.until < self.since:
            raise ClockRefused(
                "pause_backwards",
                Text(
                    f"中止期间的结束日期{self.until}早于开始日期{self.since}，请改正。",
                    f"The pause ends on {self.until}, before it begins on {self.since}. Correct it.",
                ),
            )

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def explain(self) -> Text:
        if self.until is None:
            told = Text("自{since}起中止（{reason}），尚未恢复。", "Paused since {since} ({reason}), not resumed yet.")
        else:
            told = Text(
                "{since}至{until}中止（{reason}），不计入。", "Paused from {since} to {until} ({reason}), not counted."
            )
        return told.format(since=self.since, until=self.until, reason=self.reason)


class _Says(NamedTuple):
    """How the count of one kind of limit is told."""

    count: Text
    skipped: Text


_OFF = Text("未计入：{days}。", "Not counted: {days}.")
_IN_DAYS = Text("自{start}起算（当日不计入），期限{limit}，按{region}日历", "{limit} from {start} (not counted itself), by the calendar of {region}")  # fmt: skip
_WORKING = _Says(_IN_DAYS, _OFF)
_NATURAL = _Says(_IN_DAYS, Text("到期遇休息日，顺延：{days}。", "Ends on a day off and moves on past: {days}."))
_AT = "{start:%Y-%m-%d %H:%M}"
_SAYS = {
    "wd": _WORKING, "d": _NATURAL, "m": _NATURAL, "y": _NATURAL,
    "wh": _Says(Text(f"自{_AT}起算，期限{{limit}}，按{{region}}日历", f"{{limit}} from {_AT}, by the calendar of {{region}}"), _OFF),
    "h": _Says(Text(f"自{_AT}起算，期限{{limit}}，连续计算", f"{{limit}} on end from {_AT}"), _OFF),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a limit, and how it came about.

    `due` is the last day, `due_at` the moment it ends (24:00 Beijing time for limits in days); both are None while a
    pause stands without an end. `skipped` are the days off left out, `worked` the weekend days counted, `pauses` those
    that took days out. `confirmed` is False, with a `reason`, where a notice that is missing could move `due`;
    `if_confirmed` is then the due date that holds if what is 待确认 proves right, where it would be another.
    """

    start: date | datetime
    limit: Limit
    region: Region
    due: date | None
    due_at: datetime | None
    skipped: tuple[Day, ...]
    worked: tuple[Day, ...]
    pauses: tuple[Pause, ...]
    confirmed: bool
    reason: Text | None
    if_confirmed: date | None

    @property
    def basis(self) -> Basis | None:
        return self.limit.basis

    def explain(self) -> Text:
        """The count in words, a few sentences."""
        says = _SAYS[self.limit.unit]
        count = says.count.format(start=self.start, limit=self.limit.title, region=self.region.title)
        return joined(
            Text("{count}，{end}。", "{count}: {end}.").format(count=count, end=self._end()),
            listed(says.skipped, reasons(self.skipped)),
            listed(Text("按上班日计入：{days}。", "Counted as working days: {days}."), reasons(self.worked)),
            *(p.explain() for p in self.pauses),
            self.reason,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`; days as 2025-06-19, moments with their offset."""
        return {
            "start": self.start.isoformat(),
            "limit": self.limit.text,
            "due": self.due and self.due.isoformat(),
            "due_at": self.due_at and self.due_at.isoformat(),
            "region": self.region.code,
            "confirmed": self.confirmed,
            "reason": self.reason and self.reason.zh,
            "reason_en": self.reason and self.reason.en,
            "due_if_confirmed": self.if_confirmed and self.if_confirmed.isoformat(),
            "basis": self.basis and {"level": self.basis.level, "source": self.basis.source},
            "skipped": _days_json(self.skipped),
            "worked": _days_json(self.worked),
            "pauses": [
                {"from": p.since.isoformat(), "to": p.until and p.until.isoformat(), "reason": p.reason.zh, "reason_en": p.reason.en}
                for p in self.pauses
            ],
            "explanation": self.explain().zh,
            "explanation_en": self.explain().en,
        }  # fmt: skip

    def _end(self) -> Text:
        if self.due is None:
            return Text("现处于中止期间，暂无到期日", "standing still, no due date yet")
        if self.limit.unit in IN_HOURS:
            return Text("{at:%Y-%m-%d %H:%M}到期", "due {at:%Y-%m-%d %H:%M}").format(at=self.due_at)
        return Text("{due} 24:00到期", "due {due} 24:00").format(due=self.due)


def deadline(calendar: Calendar, start: date | datetime, limit: Limit | str, pauses: Sequence[Pause] = ()) -> Deadline:
    """Counts a limit from the day or moment something happened.

    Days, months and years: the day of `start` isn't counted, and the limit ends at 24:00 Beijing time of its last day.
    Natural days, months and years that would end on a day off end on the next working day; a month without such a day
    ends on its last. Hours count from the moment itself: `h` without regard to days off, `wh` in office hours only.
    Days of `pauses` aren't counted in any unit. A naive datetime is Beijing time. Raises ClockRefused where `start`
    lacks the hour a limit in hours needs, CalendarUnknown (one of them) where a year's days off aren't known.
    """
    limit = Limit(limit) if isinstance(limit, str) else limit
    begin = _beginning(start, limit)
    tally = _Tally(calendar, pauses)
    due_at = _COUNTS[limit.unit](tally, begin, limit.number)
    due = _last_day(due_at)
    other = None if tally.confirmed else _if_confirmed(calendar, begin, limit, pauses)
    other = other if other != due else None
    return Deadline(
        start=begin,
        limit=limit,
        region=calendar.region,
        due=due,
        due_at=due_at,
        skipped=tuple(d for d in tally.seen if d.off),
        worked=tuple(d for d in tally.seen if d.why and not d.off),
        pauses=tuple(tally.pauses_met),
        confirmed=tally.confirmed,
        reason=None if tally.confirmed else doubt(calendar, tally.seen, other),
        if_confirmed=other,
    )


# --- counting -----------------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """One count: gives out the days that no pause takes, and keeps every day it asked the calendar for."""

    calendar: Calendar
    pauses: Sequence[Pause]
    seen: list[Day] = field(default_factory=list)
    pauses_met: list[Pause] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        return all(d.confirmed for d in self.seen)

    def days_from(self, first: date) -> Iterator[date]:
        """The days from `first` on that no pause takes out; ends at a pause without end."""
        for day in (first + timedelta(n) for n in count()):
            pause = next((p for p in self.pauses if p.covers(day)), None)
            if pause is None:
                yield day
                continue
            if pause not in self.pauses_met:
                self.pauses_met.append(pause)
            if pause.until is None:
                return

    def is_working(self, day: date) -> bool:
        self.seen.append(self.calendar.day(day))
        return not self.seen[-1].off


def _working_days(tally: _Tally, start: date, n: int) -> datetime | None:
    return _end_of(next(islice(filter(tally.is_working, tally.days_from(_next(start))), n - 1, None), None))


def _natural_days(tally: _Tally, start: date, n: int) -> datetime | None:
    days = tally.days_from(_next(start))
    last = islice(days, n - 1, n)
    return _end_of(next(filter(tally.is_working, chain(last, days)), None))


def _months(tally: _Tally, start: date, n: int) -> datetime | None:
    return _natural_days(tally, start, (_months_on(start, n) - start).days)


def _years(tally: _Tally, start: date, n: int) -> datetime | None:
    return _months(tally, start, 12 * n)


def _hours(tally: _Tally, start: datetime, n: int) -> datetime | None:
    return _spend(start, n, ((_midnight(d), _midnight(_next(d))) for d in tally.days_from(start.date())))


def _office_hours(tally: _Tally, start: datetime, n: int) -> datetime | None:
    working = filter(tally.is_working, tally.days_from(start.date()))
    return _spend(start, n, chain.from_iterable(map(tally.calendar.office_hours, working)))


_COUNTS = {
    "wd": _working_days, "d": _natural_days, "m": _months, "y": _years, "h": _hours, "wh": _office_hours,
}  # fmt: skip


def _spend(start: datetime, hours: int, spans: Iterator[tuple[datetime, datetime]]) -> datetime | None:
    """The moment at which so many hours of the spans are used up, from `start` on."""
    left = timedelta(hours=hours)
    for opens, closes in spans:
        opens = max(opens, start)
        if opens + left <= closes:
            return opens + left
        left -= max(closes - opens, timedelta(0))
    return None


def _beginning(start: date | datetime, limit: Limit) -> Any:
    """The moment, in Beijing time, for a limit in hours; else the day."""
    if not isinstance(start, datetime):
        if limit.unit in IN_HOURS:
            raise ClockRefused(
                "start_without_hour",
                Text(
                    f"期限{limit.title.zh}须从具体时刻起算，只有日期{start}。请写明时刻，如 {start}T10:00。",
                    f"A limit of {limit.title.en} counts from a moment, and {start} is only a day. Give the time too, as in "
                    f"{start}T10:00.",
                ),
            )
        return start
    moment = start.astimezone(BEIJING) if start.tzinfo else start.replace(tzinfo=BEIJING)
    return moment if limit.unit in IN_HOURS else moment.date()


def _months_on(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next(day: date) -> date:
    return day + timedelta(1)


def _midnight(day: date) -> datetime:
    """The moment a day begins."""
    return datetime.combine(day, time(), BEIJING)


def _end_of(day: date | None) -> datetime | None:
    return day and _midnight(_next(day))


def _if_confirmed(calendar: Calendar, start: Any, limit: Limit, pauses: Sequence[Pause]) -> date | None:
    """The due date if all that is 待确认 is right; None where that can't be counted."""
    try:
        return _last_day(_COUNTS[limit.unit](_Tally(calendar.if_confirmed, pauses), start, limit.number))
    except CalendarUnknown:
        return None


def _last_day(due_at: datetime | None) -> date | None:
    return due_at and (due_at - timedelta.resolution).date()


def _days_json(days: Sequence[Day]) -> list[dict[str, str]]:
    return [{"day": day.isoformat(), "why": why.zh, "why_en": why.en} for day, why in reasons(days)]
