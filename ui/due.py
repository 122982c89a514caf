"""By when somebody has to act, and how that stands: a sign and a word, for colours tell the level alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch.domain import Indicator
from pilotwatch.warnings import Due, due_of, limit_of
from pilotwatch.warnings.workbook import PROGRESS, due_text
from pilotwatch.workdays import Calendar
from ui.html import Html, join, tag
from ui.screen import Screen

SIGNS = {"late": "■", "near": "◧", "in_time": "□", "unknown": "◌", "done": "✓", "done_late": "✓"}


def due(row: dict[str, Any], indicator: Indicator | None, calendar: Calendar, at: datetime) -> Due:
    """When the first action on a warning of the list is due, and how that stands at a moment."""
    acted = None if pd.isna(row["acted_at"]) else row["acted_at"].to_pydatetime()
    return due_of(calendar, limit_of(indicator, row["level"]), row["opened_at"].to_pydatetime(), at, acted)


def within(screen: Screen, indicator: Indicator | None, level: str) -> str:
    """`3个工作日内首次处置`: the limit of warnings of an indicator at a level."""
    return screen.say("due.within", limit=limit_of(indicator, level).title)


def cell(screen: Screen, found: Due) -> Html:
    """`■ 超期 2 天` over the day it was due; with the reason, where that day is to be confirmed, under the pointer."""
    left = _left(screen, found)
    reason = screen.pick(found.reason) if found.reason else None
    state = tag("span", SIGNS[found.progress], cls="pw-sign"), f" {screen.pick(PROGRESS[found.progress])}", left
    shown = tag("small", due_text(found, screen.language), title=reason)
    return join([tag("span", *state, cls=f"pw-due pw-due-{found.progress}"), shown])


def _left(screen: Screen, found: Due) -> str:
    """How much time is left, or was missed; nothing where somebody has acted."""
    if found.left is None or found.progress not in ("late", "near", "in_time"):
        return ""
    key = "due.over" if found.progress == "late" else "due.left"
    return " " + screen.say(key, span=_span(screen, abs(found.left)))


def _span(screen: Screen, time: timedelta) -> str:
    """In days from two days on, else in hours."""
    days, hours = time // timedelta(days=1), time // timedelta(hours=1)
    return screen.say("due.days", n=days) if days >= 2 else screen.say("due.hours", n=max(1, hours))


def legend(screen: Screen) -> Html:
    """What the signs mean."""
    parts = [f"{SIGNS[name]} {screen.pick(PROGRESS[name])}" for name in ("late", "near", "in_time", "done")]
    return tag("p", " · ".join([*parts, screen.say("due.legend")]), cls="pw-note")
