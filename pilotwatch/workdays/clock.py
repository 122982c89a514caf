"""What time it is. Government time in Urumqi is Beijing time (the zone `Asia/Urumqi` is UTC+6: never use it).

Whoever looks back at a past day binds the clock to its end: what asks `now()` or `today()` meanwhile is told that moment,
in this thread (`standing`) or for whom `asked_first` speaks (a session of the screens). Nobody else's clock is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_PRESENT = "present"
_stands: ContextVar[datetime | str | None] = ContextVar("pilotwatch_clock", default=None)
_asked: list[Callable[[], datetime | None]] = []


def now() -> datetime:
    """This moment, in UTC, for storing."""
    return stood_at() or datetime.now(UTC)


def today() -> date:
    """Today in Beijing time: the default of every `on`."""
    return now().astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """The last moment of a day in Beijing, in UTC."""
    return datetime.combine(day + timedelta(1), time(), BEIJING).astimezone(UTC) - timedelta.resolution


def stood_at() -> datetime | None:
    """The moment the clock is bound to here; None where it runs."""
    bound = _stands.get()
    if bound is None:
        return next((at for ask in _asked if (at := ask())), None)
    return None if bound == _PRESENT else bound  # type: ignore[return-value]


@contextmanager
def standing(at: datetime | None) -> Iterator[None]:
    """Binds the clock of this thread to a moment; None: it runs, whatever it was bound to (who is logged in, the audit)."""
    token = _stands.set(_PRESENT if at is None else at)
    try:
        yield
    finally:
        _stands.reset(token)


def asked_first(ask: Callable[[], datetime | None]) -> None:
    """From now on `ask` is asked first, in any thread that bound nothing itself: the moment somebody looks back to, or None."""
    if ask not in _asked:
        _asked.append(ask)
