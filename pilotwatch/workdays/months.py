"""Months as they are written everywhere: `2026-10`."""

from __future__ import annotations

from datetime import date


def shifted(month: str, by: int) -> str:
    """The month so many months later.

    >>> shifted("2026-11", 2), shifted("2026-01", -1)
    ('2027-01', '2025-12')
    """
    year, number = month.split("-")
    at = int(year) * 12 + int(number) - 1 + by
    return f"{at // 12}-{at % 12 + 1:02}"


def ended_months(on: date, count: int) -> list[str]:
    """The last so many months before that of the day, the oldest first.

    >>> ended_months(date(2026, 1, 31), 2)
    ['2025-11', '2025-12']
    """
    return [shifted(f"{on:%Y-%m}", -n) for n in range(count, 0, -1)]
