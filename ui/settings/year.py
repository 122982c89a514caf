"""A year as twelve months: each day's ground says why it is off or worked, and how sure that is."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Collection
from datetime import date

from pilotwatch.workdays import Calendar, today
from pilotwatch.workdays.entries import Entry
from ui.html import Html, join, tag
from ui.screen import Screen

_WEEKS = Weeks(firstweekday=0)


def months(screen: Screen, calendar: Calendar, year: int, entered: Collection[date]) -> Html:
    """The twelve months; `entered`: days that the office entered."""
    return tag("div", join(_month(screen, calendar, year, n, entered) for n in range(1, 13)), cls="pw-year")


def _month(screen: Screen, calendar: Calendar, year: int, month: int, entered: Collection[date]) -> Html:
    name = screen.say("settings.months").split(",")[month - 1]
    head = tag("tr", *(tag("th", d) for d in screen.say("settings.week").split(",")))
    weeks = [
        tag("tr", *(_day(screen, calendar, d, entered) if d.month == month else tag("td", "") for d in week))
        for week in _WEEKS.monthdatescalendar(year, month)
    ]
    return tag("section", tag("h4", name), tag("table", head, *weeks, aria_label=name))


def _day(screen: Screen, calendar: Calendar, day: date, entered: Collection[date]) -> Html:
    counted, pending = calendar.counted.get(day), calendar.pending.get(day)
    kinds = [kind_of(calendar, counted, day), "pending" if pending else "", "entered" if day in entered else "",
             "today" if day == today() else ""]  # fmt: skip
    entry = counted if counted and (counted.kind == "work" or kinds[0] != "weekend") else pending
    mark = tag("i", screen.say(f"settings.mark_{entry.kind}")) if entry else None
    why = " · ".join(
        screen.pick(calendar.says(e)) + ("" if e.attested else f"（{screen.say('settings.unattested')}）") for e in (counted, pending) if e
    )  # fmt: skip
    classes = " ".join(f"d-{k}" for k in kinds if k)
    return tag("td", tag("span", str(day.day), mark), cls=classes or None, title=f"{day} {why}".strip())


def kind_of(calendar: Calendar, entry: Entry | None, day: date) -> str:
    """What the ground of a day says: off by the nation's or the region's notice, a weekend, worked, or nothing special."""
    weekend = day.weekday() >= 5
    if entry is None or (entry.kind == "off" and weekend and not entry.festival):
        return "weekend" if weekend else ""
    if entry.kind == "work":
        return "work" if weekend else ""
    return "national" if entry.region == calendar.regions[0].code else "regional"


def legend(screen: Screen, calendar: Calendar) -> Html:
    kinds = ("national", "regional", "work", "pending", "entered", "today")
    marks = (tag("span", tag("u", "　", cls=f"d-{k}"), screen.say(f"settings.legend_{k}")) for k in kinds)
    return tag("div", *marks, cls="pw-legend pw-days")
