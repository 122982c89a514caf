"""The clock of the house: Beijing time, the working days of the region, and when a limit ends.

    calendar = Calendar.load(settings().data / "calendars", entries)
    deadline(calendar, date(2025, 6, 5), "7wd").due          # 2025-06-19; nationally it would be 2025-06-16

Whole columns are counted by `pilotwatch.workdays.arrays`, which is imported where it is needed.
"""

from pilotwatch.workdays.calendar import Calendar, Day
from pilotwatch.workdays.clock import BEIJING, end_of, now, standing, stood_at, today
from pilotwatch.workdays.deadline import Deadline, Pause, deadline
from pilotwatch.workdays.entries import NATIONAL, CalendarUnknown, ClockRefused, Entry, Region
from pilotwatch.workdays.limits import Limit, statutory

__all__ = [
    "BEIJING", "NATIONAL", "Calendar", "CalendarUnknown", "ClockRefused", "Day", "Deadline", "Entry", "Limit", "Pause",
    "Region", "deadline", "end_of", "now", "standing", "statutory", "stood_at", "today",
]  # fmt: skip
