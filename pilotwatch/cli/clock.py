"""The working-day clock."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

import typer

from pilotwatch.cli.common import AsJson, day, refuse, show
from pilotwatch.domain import Text
from pilotwatch.settings import settings

app = typer.Typer()


@app.command()
def clock(
    start: Annotated[str, typer.Argument(metavar="START", help="The day (or moment, 2025-06-05T10:00) it begins.")],
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="+7wd, 60d, 3m, 2y, 24h or 2wh (working hours).")],
    national: Annotated[bool, typer.Option("--national", help="Count by the national calendar.")] = False,
    pause: Annotated[
        list[str] | None, typer.Option(metavar="FROM..[TO][:REASON]", help="Days that don't count.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """When a limit ends, which days it left out, and whether that is certain."""
    from pilotwatch import workdays

    try:
        calendar = _calendar(workdays.NATIONAL if national else None)
        pauses = [_pause(text) for text in pause or ()]
        counted = workdays.deadline(calendar, _start(start), limit, pauses)
    except workdays.ClockRefused as no:
        refuse(
            no.message, as_json, rule=no.rule, code=2 if no.rule in ("limit_unreadable", "start_without_hour") else 1
        )
    show(counted.as_json(), as_json, lines=[counted.explain().zh, counted.explain().en])


def _calendar(region: str | None) -> Any:
    """The calendar of the house; where there is no store yet, that of the files."""
    from pilotwatch.store import SYSTEM, Store, days
    from pilotwatch.workdays import Calendar

    knobs = settings()
    if not Store.exists(knobs.url):
        return Calendar.load(knobs.data / "calendars", region=region)
    store = Store.open(knobs.url, (), files=knobs.files)
    try:
        return days.calendar(store.desk(SYSTEM), region=region, folder=knobs.data / "calendars")
    finally:
        store.close()


def _start(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        refuse(
            Text(
                f"“{text}”不是日期，应写作 2026-11-23 或 2026-11-23T10:00。",
                f"{text} is no date; write it as 2026-11-23 or 2026-11-23T10:00.",
            ),
            False,
            code=2,
        )


def _pause(text: str) -> Any:
    from pilotwatch.workdays import Pause

    found = re.fullmatch(r"(?P<since>[\d-]+)\.\.(?P<until>[\d-]*)(?::(?P<reason>.+))?", text)
    if not found:
        refuse(
            Text(
                f"“{text}”不是中止期间，应写作 2026-11-23..2026-11-27:抽样检测；尚未恢复的写作 2026-11-23..:抽样检测。",
                f"{text} is no pause; write it as 2026-11-23..2026-11-27:sampling, or 2026-11-23..:sampling while it stands.",
            ),
            False,
            code=2,
        )
    reason = Text(found["reason"], found["reason"]) if found["reason"] else Text("未写明原因", "no reason given")
    return Pause(day(found["since"]), day(found["until"]), reason)
