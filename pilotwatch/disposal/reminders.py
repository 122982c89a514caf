"""Reminders before, at and after the due time, first to who handles it, then to who supervises. Pure.

A reminder has a key that names the clock, its due time and the step, so that it is told once however often it is asked
for, and again when the due time moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch.disposal.case import STATES
from pilotwatch.disposal.limits import LIMITS
from pilotwatch.domain import Text
from pilotwatch.store import Person
from pilotwatch.workdays import BEIJING, Calendar, CalendarUnknown

#: Lights on a deadline (domain-rules B.4, PRAC): working days left up to which it is red, and yellow.
RED_LEFT, YELLOW_LEFT = 2, 5


@dataclass(frozen=True)
class Step:
    """`left`: working days left from which it is told (negative: days overdue); `to`: who is told."""

    name: str
    left: int
    to: tuple[str, ...]
    says: Text


#: From the earliest to the last; the furthest one that has come is told.
STEPS: tuple[Step, ...] = (
    Step("soon", YELLOW_LEFT, ("officer",), Text("还剩{left}个工作日", "{left} working days left")),
    Step("near", RED_LEFT, ("officer",), Text("还剩{left}个工作日，请抓紧办理", "{left} working days left: it is urgent")),
    Step("due", 0, ("officer",), Text("今日到期", "Due today")),
    Step("over", -1, ("officer", "supervisor"), Text("已逾期{over}个工作日", "{over} working days overdue")),
    Step("far", -4, ("officer", "supervisor", "city"), Text("已逾期{over}个工作日，请督办", "{over} working days overdue: to be supervised")),
)  # fmt: skip


@dataclass(frozen=True)
class Reminder:
    """Something to tell one person; becomes a `Notice` of the push."""

    username: str
    key: str
    number: str
    title: Text
    lines: tuple[Text, ...]
    step: str

    @property
    def link(self) -> str:
        return f"/cases?case={self.number}"


def reminders(cases: pd.DataFrame, people: Sequence[Person], now: datetime, calendar: Calendar) -> list[Reminder]:
    """What is to be told now about open cases.

    `cases`: columns of the list, of open cases; `people`: the accounts in use. The officer of a case is its assignee;
    where nobody is named, the officers of its department. A supervisor leads its district; the city office comes last.
    """
    found = []
    today = now.astimezone(BEIJING).date()
    dated = cases[cases["next_at"].notna()]
    for row in dated.to_dict("records"):
        left = days_left(row["next_at"], now, calendar)
        step = None if left is None else next((s for s in reversed(STEPS) if left <= s.left), None)
        if step is not None:
            found += _told(row, step, left, _who(row, step, people), f"{row['next_at']:%Y%m%dT%H%M}")
    waiting = cases[cases["look_back_on"].notna()] if "look_back_on" in cases else cases.iloc[:0]
    for row in waiting.to_dict("records"):
        if _as_date(row["look_back_on"]) <= today:
            found += _look_back(row, people)
    return found


def days_left(due: Any, now: datetime, calendar: Calendar) -> int | None:
    """Working days from today to the last day of a limit: 0 on that day, negative after; None where the calendar doesn't
    know."""
    last = (due - timedelta.resolution).astimezone(BEIJING).date() if isinstance(due, datetime) else due
    today = now.astimezone(BEIJING).date()
    try:
        left = calendar.working_days_between(today, last)
    except CalendarUnknown:
        return None
    return -1 if left == 0 and last < today else 0 if left < 0 <= (last - today).days else left


def light(row: Any, now: datetime, calendar: Calendar) -> str:
    """How a case stands with its time: "overdue", "near" (2 working days or fewer left), "soon" (5), "fine", "paused",
    "unknown"; a closed one "kept", or "caught_up" where a clock overran: late work that was caught up with stays 黄, it
    never becomes 绿."""
    if row["closed_at"] is not None and not pd.isna(row["closed_at"]):
        return "caught_up" if row["late"] else "kept"
    if pd.isna(row["next_at"]):
        return row["standing"] or ("caught_up" if row["late"] else "fine")
    if row["next_at"] < now:
        return "overdue"
    left = days_left(row["next_at"], now, calendar)
    if left is not None and left <= RED_LEFT:
        return "near"
    if left is not None and left <= YELLOW_LEFT:
        return "soon"
    return "caught_up" if row["late"] else "fine"


def _who(row: dict[str, Any], step: Step, people: Sequence[Person]) -> list[str]:
    by = {
        "officer": lambda: [row["assignee"]] if row["assignee"] else [p.username for p in people if _handles(p, row)],
        "supervisor": lambda: [p.username for p in people if p.role == "district_leader" and _sees(p, row)],
        "city": lambda: [p.username for p in people if p.role == "city_office" and _sees(p, row)],
    }
    return list(dict.fromkeys(name for side in step.to for name in by[side]()))


def _handles(person: Person, row: dict[str, Any]) -> bool:
    """Whether the person may be who acts next: the department's officer, or before a department has it the team."""
    if not _sees(person, row):
        return False
    if row["owner"] and row["state"] not in ("found", "registered", "triaged", "returned", "feedback", "reviewed"):
        return person.role == "department_officer" and (
            person.departments is None or row["owner"] in person.departments
        )
    return person.role == "pilot_team"


def _sees(person: Person, row: dict[str, Any]) -> bool:
    unit = person.units is None or row["report_unit"] in person.units
    return unit and (person.domains is None or row["domain"] in person.domains)


def _told(row: dict[str, Any], step: Step, left: int, who: Iterable[str], due: str) -> list[Reminder]:
    rule = LIMITS[row["next_rule"]]
    says = step.says.format(left=left, over=-left)
    title = Text("{number} {limit}{says}", "{number} {limit}: {says}").format(
        number=row["number"], limit=rule.title, says=says
    )
    lines = (
        Text("监管对象：{name}", "Subject: {name}").format(name=row["name"] or row["number"]),
        Text("当前环节：{state}", "State: {state}").format(state=STATES[row["state"]]),
    )  # fmt: skip
    if row["standing"] == "unconfirmed":
        lines = (
            *lines,
            Text("到期日待确认：本年度放假通知未录入完整。", "The date isn't certain: the year's notice isn't whole."),
        )
    key = f"case:{row['number']}:{row['next_rule']}:{due}:{step.name}"
    return [Reminder(name, key, row["number"], title, lines, step.name) for name in who]


def _look_back(row: dict[str, Any], people: Sequence[Person]) -> list[Reminder]:
    on = _as_date(row["look_back_on"])
    title = Text("{number} 应回头看", "{number}: look back").format(number=row["number"])
    lines = (
        Text("{name}，应于 {day} 回头看", "{name}: to be looked at again on {day}").format(
            name=row["name"], day=f"{on:%Y-%m-%d}"
        ),
    )
    who = [p.username for p in people if p.role == "pilot_team" and _sees(p, row)]
    return [
        Reminder(name, f"case:{row['number']}:look_back:{on:%Y%m%d}", row["number"], title, lines, "look_back")
        for name in who
    ]


def _as_date(day: Any) -> date:
    return day.date() if isinstance(day, datetime) else day
