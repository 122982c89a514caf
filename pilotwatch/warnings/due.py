"""By when a warning's first action is due, on the region's calendar, and which warnings are late.

The limit is the indicator's own where its domain set one, else that of the level. It runs from the moment the warning was
raised and isn't begun anew when the level changes: a warning that rose and that nobody touched has waited all along. It
is kept by the first thing that a person does about it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from pilotwatch.domain import Indicator, Text
from pilotwatch.store.warnings import Clock
from pilotwatch.workdays import BEIJING, Calendar, CalendarUnknown, Limit, deadline
from pilotwatch.workdays.limits import IN_HOURS

#: Within how long the first action is due at each level (domain-rules 0, PRAC).
LIMITS: Mapping[str, Limit] = {
    "red": Limit("24h"), "orange": Limit("3wd"), "yellow": Limit("5wd"), "blue": Limit("3wd"),
}  # fmt: skip

#: The share of its time after which a warning is nearly due (PRAC).
NEAR = 0.75

Progress = Literal["done", "done_late", "late", "near", "in_time", "unknown"]

_LONGEST = timedelta(800)  # no limit is longer


@dataclass(frozen=True, slots=True)
class Due:
    """When the first action on a warning is due, and how that stands. `at` is None (and `progress` unknown) where the
    days off of a year are not known yet; `confirmed` is False, with a `reason`, where a notice that is missing could
    move it (待确认). `left`: until then, negative once it is past."""

    limit: Limit
    at: datetime | None
    confirmed: bool
    reason: Text | None
    progress: Progress
    left: timedelta | None

    @property
    def last_day(self) -> date | None:
        """The day on which it is due."""
        return self.at and (self.at.astimezone(BEIJING) - timedelta.resolution).date()


def limit_of(indicator: Indicator | None, level: str) -> Limit:
    """Within how long a warning's first action is due."""
    return Limit(indicator.first_within) if indicator and indicator.first_within else LIMITS[level]


def due_of(
    calendar: Calendar, limit: Limit, opened_at: datetime, now: datetime, acted_at: datetime | None = None
) -> Due:
    """When a warning raised at `opened_at` is due, and how it stands at `now`."""
    try:
        counted = deadline(calendar, opened_at, limit)
    except CalendarUnknown as unknown:
        return Due(limit, None, False, unknown.message, "done" if acted_at else "unknown", None)
    at = counted.due_at
    if acted_at is not None:
        progress: Progress = "done_late" if acted_at >= at else "done"
    elif now >= at:
        progress = "late"
    else:
        began = opened_at if limit.unit in IN_HOURS else _midnight(opened_at)
        progress = "near" if now >= began + NEAR * (at - began) else "in_time"
    return Due(limit, at, counted.confirmed, counted.reason, progress, at - now)


def clocks(indicators: Iterable[Indicator], calendar: Calendar, now: datetime) -> tuple[Clock, ...]:
    """What tells late warnings by when they were raised, for `Filter.clocks`.

    A limit ends the later the later it began, so all that were raised before some moment are late and no others.
    """
    own: dict[str, list[str]] = {}
    by_level: list[str] = []
    for indicator in indicators:
        (own.setdefault(indicator.first_within, []) if indicator.first_within else by_level).append(indicator.code)
    minute = now.replace(second=0, microsecond=0)
    found = [Clock(tuple(codes), None, *_began(calendar, Limit(text), minute)) for text, codes in own.items()]
    if by_level:
        found += [Clock(tuple(by_level), level, *_began(calendar, limit, minute)) for level, limit in LIMITS.items()]
    return tuple(found)


@lru_cache(maxsize=256)
def _began(calendar: Calendar, limit: Limit, now: datetime) -> tuple[datetime, datetime]:
    """Before when a limit must have begun to be over by now, and to be nearly over."""
    if limit.unit == "h":
        span = timedelta(hours=limit.number)
        return now - span, now - NEAR * span
    step = timedelta(minutes=1) if limit.unit in IN_HOURS else timedelta(days=1)
    first = _midnight(now - _LONGEST)

    def end(n: int, share: float) -> datetime:
        """When so much of a limit is over that began n steps after the first."""
        began = first + n * step
        try:
            return began + share * (_due_at(calendar, limit, began) - began)
        except CalendarUnknown:
            return datetime.max.replace(tzinfo=BEIJING)

    steps = range(_LONGEST // step + 1)
    late, near = (first + step * bisect_right(steps, now, key=lambda n, s=share: end(n, s)) for share in (1.0, NEAR))
    return late, near


def _due_at(calendar: Calendar, limit: Limit, began: datetime) -> datetime:
    return deadline(calendar, began, limit).due_at


def _midnight(moment: datetime) -> datetime:
    """The moment its day begins, in Beijing."""
    return moment.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)


__all__ = ["LIMITS", "NEAR", "Due", "Progress", "clocks", "due_of", "limit_of"]
