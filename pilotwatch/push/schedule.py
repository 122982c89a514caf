"""When something is to be sent: the hour of a digest, the wait after a failure. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from pilotwatch.store.subscriptions import Subscription
from pilotwatch.workdays import BEIJING

#: The wait after each failed try; after the last one the delivery is given up. About a day altogether.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
TRIES = len(WAITS) + 1

_SPAN = {"daily": timedelta(1), "weekly": timedelta(7)}


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries before the next one."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1]


def span(kind: str) -> timedelta:
    """What a digest looks back on where there was none before."""
    return _SPAN[kind]


def due_digest(wanted: Subscription, now: datetime) -> tuple[str, datetime] | None:
    """The digest whose hour was the last to come, as (kind, its hour); None where there is none.

    On the day of the weekly digest it comes in place of the daily one. An hour that had passed when the account asked for
    digests doesn't count; neither does one more than a digest's span ago.
    """
    local = now.astimezone(BEIJING)
    hour, minute = divmod(wanted.at_minute, 60)
    day = datetime.combine(local.date(), time(hour, minute), BEIJING)
    day = day if day <= local else day - timedelta(1)
    week = day - timedelta((day.weekday() - wanted.weekday) % 7)
    hours = {"daily": day, "weekly": week}
    slots = [(hours[kind], kind) for kind in ("weekly", "daily") if kind in wanted.kinds]
    slots = [s for s in slots if wanted.changed_at is None or s[0] > wanted.changed_at]
    if not slots:
        return None
    slot, kind = max(slots, key=lambda s: s[0])  # of two at the same hour the first: the weekly one
    return kind, slot
