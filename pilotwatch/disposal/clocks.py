"""Clocks of a case: started, stopped, paused and extended, each end counted by the city's calendar at that moment.

Days of a pause: the day it begins is not counted into it, the day it ends is; so a pause moves the end by as many days
as lie between the two, and one that begins and ends on a day by none. A year without a notice is never guessed: the clock
then stands as `unknown`, says what is missing, and is counted again once the notice is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from pilotwatch.disposal.case import Case, Clock, Standing, day_of
from pilotwatch.disposal.limits import LIMITS, Rule
from pilotwatch.domain import Basis, Text
from pilotwatch.workdays import Calendar, CalendarUnknown, Limit, Pause, deadline

_PAUSED = Text(
    "时限中止，恢复办理后重新计算。", "The limit stands still and is counted again when the case is resumed."
)


@dataclass(frozen=True, slots=True)
class Counted:
    due_at: datetime | None
    standing: Standing
    why: Text | None
    if_confirmed: date | None


def count(
    calendar: Calendar, start: datetime, limit: str, pauses: tuple[tuple[date, date | None], ...] = ()
) -> Counted:
    """When a limit ends (UTC), or why that can't be said."""
    return _count(calendar, start if limit.endswith("h") else day_of(start), limit, pauses)


@lru_cache(8192)
def _count(
    calendar: Calendar, start: date | datetime, limit: str, pauses: tuple[tuple[date, date | None], ...]
) -> Counted:
    reason = Text("中止", "pause")
    try:
        told = deadline(calendar, start, limit, [Pause(a, b, reason) for a, b in pauses])
    except CalendarUnknown as no:
        return Counted(None, "unknown", _unknown(no), None)
    if told.due_at is None:
        return Counted(None, "paused", _PAUSED, None)
    standing: Standing = "sure" if told.confirmed else "unconfirmed"
    return Counted(told.due_at.astimezone(UTC), standing, told.reason, told.if_confirmed)


def _unknown(no: CalendarUnknown) -> Text:
    return Text(
        f"{no.year}年{no.region.title.zh}放假通知录入前，无法计算到期日；案件照常办理，录入后自动重新计算。",
        f"The due date can't be computed until the {no.year} notice of {no.region.title.en} is entered; the case goes on, "
        "and it is counted again then.",
    )


def started(
    case: Case, rule: Rule, at: datetime, calendar: Calendar, *, limit: str | None = None, basis: Basis | None = None
) -> Clock | None:  # fmt: skip
    """The clock of a rule in a case; None where the rule isn't for this case, or no limit is in force.

    `limit`: of another length than the rule's (a domain's first action, the day an order names), for that `basis`.
    """
    if not rule.applies(case):
        return None
    start = case.received_at if rule.from_receipt and case.received_at else at
    version = rule.version(day_of(start), case)
    if version is None and limit is None:
        return None
    length = Limit(limit) if limit else version.limit
    basis = version.limit.basis if limit is None else basis
    number = sum(c.rule == rule.id for c in case.clocks)
    counted = count(calendar, start, length.text)
    return Clock(
        name=rule.id if not number else f"{rule.id}#{number + 1}", rule=rule.id, start=start, limit=length.text,
        main=rule.main, party=rule.party, pausable=rule.pausable, due_at=counted.due_at, standing=counted.standing,
        why=counted.why, if_confirmed=counted.if_confirmed, level=basis.level if basis else "PRAC",
        basis=basis.source if basis else "",
    )  # fmt: skip


def stopped(case: Case, at: datetime, *rules: str) -> Iterator[Clock]:
    """The running clocks of these rules (none named: all), ended."""
    for clock in case.running:
        if not rules or clock.rule in rules:
            yield replace(clock, ended_at=at)


def paused(case: Case, at: datetime) -> Iterator[Clock]:
    """The running clocks that may stand still, standing still from the day after."""
    for clock in case.running:
        if clock.pausable and not _stands(clock):
            pauses = (*clock.pauses, (day_of(at) + timedelta(1), None))
            yield replace(clock, pauses=pauses, due_at=None, standing="paused", why=_PAUSED, if_confirmed=None)


def resumed(case: Case, at: datetime, calendar: Calendar) -> Iterator[Clock]:
    """The clocks that stood still, running again, with the day of resuming as the last one left out."""
    for clock in case.running:
        if _stands(clock):
            since, last = clock.pauses[-1][0], day_of(at)
            ended = ((since, last),) if last >= since else ()
            yield recounted(replace(clock, pauses=(*clock.pauses[:-1], *ended)), calendar)


def extendable(clock: Clock) -> bool:
    """Whether its rule knows an extension in the same unit; one in hours isn't extended by days."""
    extension = LIMITS[clock.rule].extension
    return extension is not None and Limit(extension).unit == Limit(clock.limit).unit


def extended(clock: Clock, calendar: Calendar) -> Clock:
    """The clock with its rule's extension, counted on from its end."""
    limit = Limit(clock.limit).extended(Limit(LIMITS[clock.rule].extension))
    return recounted(replace(clock, limit=limit.text, extended=clock.extended + 1), calendar)


def recounted(clock: Clock, calendar: Calendar) -> Clock:
    """The clock counted again, by the calendar as it is now."""
    told = count(calendar, clock.start, clock.limit, clock.pauses)
    return replace(clock, due_at=told.due_at, standing=told.standing, why=told.why, if_confirmed=told.if_confirmed)


def moved(case: Case, calendar: Calendar) -> Iterator[Clock]:
    """The running clocks that the calendar, as it is now, counts otherwise: a notice was entered or confirmed."""
    for clock in case.running:
        if not _stands(clock) and (new := recounted(clock, calendar)) != clock:
            yield new


def _stands(clock: Clock) -> bool:
    return bool(clock.pauses) and clock.pauses[-1][1] is None
