"""By when somebody has to have done the first thing about a warning (domain-rules section 0)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np

from pilotwatch.domain import Indicator
from pilotwatch.workdays import Calendar, ClockRefused, Limit, deadline
from pilotwatch.workdays.arrays import due_dates

#: Level → the limit of the first action, from the day the warning reached the level (PRAC), unless the indicator has its own.
FIRST_WITHIN: Mapping[str, str] = {"red": "24h", "orange": "3wd", "yellow": "5wd", "blue": "3wd"}
_BACK = 400  # days looked back for starts that are late; a limit is never longer


def limit_of(indicator: Indicator | None, level: str) -> str:
    return (indicator and indicator.first_within) or FIRST_WITHIN[level]


def due(calendar: Calendar, since: date, limit: str) -> date | None:
    """The last day; None in a year whose days off aren't known."""
    if given := _hours(limit):
        return since + given
    try:
        return deadline(calendar, since, limit).due
    except ClockRefused:
        return None


def late_since(calendar: Calendar, limit: str, on: date) -> date | None:
    """The newest day of which the limit has run out before `on`; None where there is none, or it can't be known."""
    if given := _hours(limit):
        return on - given - timedelta(1)
    starts = np.arange(np.datetime64(on) - _BACK, np.datetime64(on), dtype="datetime64[D]")
    ends = due_dates(calendar, starts, limit).due
    late = starts[~np.isnat(ends) & (ends < np.datetime64(on))]
    return late.max().item() if len(late) else None


def _hours(limit: str) -> timedelta | None:
    """A limit in hours as the days in which it surely has ended: at which hour of its day a warning began isn't asked."""
    given = Limit(limit)
    return timedelta(math.ceil(given.number / 24)) if given.unit == "h" else None


def late_days(
    calendar: Calendar, indicators: Iterable[Indicator], on: date
) -> tuple[dict[str, date], dict[str, dict[str, date]]]:
    """For `news.untouched`: by level, and by indicator for those that have a limit of their own."""
    newest = {limit: late_since(calendar, limit, on) for limit in FIRST_WITHIN.values()}
    by_level = {level: day for level, limit in FIRST_WITHIN.items() if (day := newest[limit])}
    by_indicator = {}
    for indicator in indicators:
        if indicator.first_within:
            day = newest.setdefault(indicator.first_within, late_since(calendar, indicator.first_within, on))
            by_indicator[indicator.code] = dict.fromkeys(FIRST_WITHIN, day) if day else {}
    return by_level, by_indicator
