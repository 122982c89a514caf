"""What time it is. Government time in Urumqi is Beijing time (the zone `Asia/Urumqi` is UTC+6: never use it)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC, for storing."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Beijing time: the default of every `on`."""
    return datetime.now(BEIJING).date()
