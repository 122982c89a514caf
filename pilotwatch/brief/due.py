"""When a brief of a schedule falls due: after each week, month or quarter, on its first working day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pilotwatch.store.brief_jobs import Rhythm
from pilotwatch.workdays import BEIJING, Calendar, CalendarUnknown

AT = time(8)  # Beijing, before the offices open
#: Periods that are made up for after nobody was there to make them; a week that is over can't be told any more as it was.
MADE_UP = {"weekly": 1, "monthly": 3, "quarterly": 2}
_LOOK = 40  # days in which a working day comes, whatever the festivals


@dataclass(frozen=True)
class Slot:
    """One due brief: what is told apart by (2026-W47, 2026-10, 2026Q3), the period it is of, and when it is made."""

    name: str
    period: str
    at: datetime


def due(rhythm: Rhythm, since: datetime, now: datetime, calendar: Calendar) -> list[Slot]:
    """The slots that fell due after `since` and up to `now`, the oldest first; no more than are made up for.

    A week's brief is of the month that most of its days lie in (that of its Thursday, as ISO 8601 counts weeks).
    """
    found: list[Slot] = []
    for slot in _back(rhythm, now.astimezone(BEIJING).date(), calendar):
        if slot.at <= since or len(found) == MADE_UP[rhythm]:
            break
        if slot.at <= now:
            found.append(slot)
    return found[::-1]


def next_one(rhythm: Rhythm, now: datetime, calendar: Calendar) -> Slot:
    """The slot that falls due next."""
    day = now.astimezone(BEIJING).date()
    later = [s for s in _back(rhythm, day + timedelta(_SPAN[rhythm] + _LOOK), calendar, 9) if s.at > now]
    return min(later, key=lambda s: (s.at, s.name))


_SPAN = {"weekly": 7, "monthly": 31, "quarterly": 92}


def _back(rhythm: Rhythm, on: date, calendar: Calendar, most: int = 6) -> Iterator[Slot]:
    """Slots whose period had ended by a day, the newest first."""
    end = _last_end(rhythm, on)
    for _ in range(most):
        name, period = _named(rhythm, end)
        yield Slot(name, period, datetime.combine(first_working_day(end + timedelta(1), calendar), AT, BEIJING))
        end = _last_end(rhythm, end)


def _last_end(rhythm: Rhythm, on: date) -> date:
    """The last day of the newest period that ended before a day."""
    if rhythm == "weekly":
        return on - timedelta(on.weekday() + 1)
    first = on.replace(day=1) if rhythm == "monthly" else date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return first - timedelta(1)


def _named(rhythm: Rhythm, end: date) -> tuple[str, str]:
    if rhythm == "weekly":
        year, week, _ = end.isocalendar()
        return f"{year}-W{week:02}", f"{end - timedelta(3):%Y-%m}"
    period = f"{end:%Y-%m}" if rhythm == "monthly" else f"{end.year}Q{end.month // 3}"
    return period, period


def first_working_day(day: date, calendar: Calendar) -> date:
    """The day itself or the next working day; Monday to Friday where the year's days off aren't known yet."""
    while True:
        try:
            works = calendar.is_working_day(day)
        except CalendarUnknown:
            works = day.weekday() < 5
        if works:
            return day
        day += timedelta(1)
