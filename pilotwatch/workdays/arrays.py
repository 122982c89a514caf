"""The same clock over whole columns: numpy `datetime64[D]` in and out, equal to the scalar functions row by row.

Where the scalar function refuses a row because a year's days off aren't known, the column holds NaT (or NaN) instead,
so that one row doesn't stop the others. Limits in hours and rows with pauses are counted one by one, by `deadline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pilotwatch.workdays.calendar import Calendar
from pilotwatch.workdays.limits import IN_HOURS, Limit

Days = NDArray[np.datetime64]  # unit D
_DAY = np.timedelta64(1, "D")
_NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class DueDates:
    """The due dates of a column, shape (n,): NaT where a start is missing or a year isn't known.

    `confirmed`: whether no missing notice could move the date; False where `due` is NaT.
    """

    due: Days
    confirmed: NDArray[np.bool_]


def due_dates(calendar: Calendar, starts: ArrayLike, limit: Limit | str) -> DueDates:
    """The last days of a limit counted from each of `starts` (shape (n,); days, or naive Beijing times).

    Raises ValueError for a limit in hours.
    """
    limit = Limit(limit) if isinstance(limit, str) else limit
    if limit.unit in IN_HOURS:
        raise ValueError(f"{limit.text} counts from a moment; use deadline()")
    table, begin = _table(calendar), _days(starts)
    if limit.unit == "wd":
        looked_from, due = begin, table.nth_working_day(begin, limit.number)
    else:
        end = _natural_end(begin, limit)
        looked_from, due = end - _DAY, table.nth_working_day(end - _DAY, 1)
    known = ~np.isnat(due) & (table.unknown.after(looked_from, due) == 0)
    due = np.where(known, due, _NEVER)
    return DueDates(due, known & (table.doubtful.after(looked_from, due) == 0))


def working_days_between(calendar: Calendar, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.float64]:
    """Working days after each start up to and with its end, shape (n,); negative where the end is the earlier one.

    NaN where either is missing or a year between them isn't known.
    """
    table, a, b = _table(calendar), _days(starts), _days(ends)
    first, last = np.minimum(a, b), np.maximum(a, b)
    known = ~np.isnat(first) & ~np.isnat(last) & (table.unknown.after(first, last) == 0)
    return np.where(known, np.where(b < a, -1.0, 1.0) * table.working.after(first, last), np.nan)


def _natural_end(begin: Days, limit: Limit) -> Days:
    """The last day of a limit in natural days, months or years, before it is moved off a day off."""
    if limit.unit == "d":
        return begin + limit.number * _DAY
    month = begin.astype("datetime64[M]")
    day_of_month = begin - month.astype("datetime64[D]")
    target = month + np.timedelta64(limit.number * (12 if limit.unit == "y" else 1), "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - _DAY
    return np.minimum(target.astype("datetime64[D]") + day_of_month, last)


# --- the calendar as arrays -----------------------------------------------------------------------------------------


class _Marked:
    """Days that have some mark, from `first` on, summed up so that any span is counted in one subtraction."""

    def __init__(self, first: np.datetime64, marks: NDArray[np.bool_], outside: bool):
        self._first, self._outside = first.astype(np.int64), outside
        self._sums = np.concatenate([[0], np.cumsum(marks)])

    def after(self, start: Days, end: Days) -> NDArray[np.int64]:
        """Marked days in (start, end]; days outside the table count as marked if `outside`."""
        a, b = (d.astype(np.int64) - self._first + 1 for d in (start, end))
        size = len(self._sums) - 1
        inside = self._sums[np.clip(b, 0, size)] - self._sums[np.clip(a, 0, size)]
        return inside + (self._outside & (a < b) & ((a < 0) | (b > size)))


class _Table:
    """The days of all known years, first to last."""

    def __init__(self, calendar: Calendar):
        first = np.datetime64(f"{min(calendar.years)}-01-01", "D")
        days = np.arange(first, np.datetime64(f"{max(calendar.years) + 1}-01-01", "D"))
        years = days.astype("datetime64[Y]").astype(int) + 1970
        known = np.isin(years, list(calendar.years))
        working = np.is_busday(days)
        for kind in ("off", "work"):
            working[np.isin(days, _days([d for d, e in calendar.counted.items() if e.kind == kind]))] = kind == "work"
        doubtful = ~np.isin(years, list(calendar.settled)) | np.isin(days, _days(list(calendar.pending)))
        self.unknown = _Marked(first, ~known, outside=True)
        self.doubtful = _Marked(first, doubtful, outside=False)
        self.working = _Marked(first, working, outside=False)
        self._working_days = np.append(days[working], _NEVER)

    def nth_working_day(self, start: Days, n: int) -> Days:
        """The n-th working day after each start; NaT beyond the last known year, and of NaT."""
        place = np.searchsorted(self._working_days[:-1], start, side="right") + n - 1
        return self._working_days[np.minimum(place, len(self._working_days) - 1)]


@lru_cache(maxsize=8)
def _table(calendar: Calendar) -> _Table:
    return _Table(calendar)


def _days(values: ArrayLike) -> Days:
    return np.asarray(values, dtype="datetime64[D]")
