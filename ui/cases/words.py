"""How a case is told: its light as sign and word, its due time, who has it, links to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch import disposal
from pilotwatch.workdays import BEIJING, Calendar
from ui import blocks
from ui.html import Html, join, tag
from ui.screen import Screen

#: Progress is told by a sign and a word, never by the colours of risk; what was caught up with late is never a plain ✓.
SIGNS = {
    "overdue": "■", "near": "◧", "soon": "◨", "fine": "□", "paused": "‖", "unknown": "◌", "kept": "✓", "caught_up": "✓",
}  # fmt: skip


def light(screen: Screen, name: str) -> Html:
    return tag(
        "span",
        tag("span", SIGNS[name], cls="pw-sign"),
        " ",
        screen.say(f"cases.light_{name}"),
        cls=f"pw-due pw-light-{name}",
    )


def due(screen: Screen, row: dict[str, Any], at: datetime, calendar: Calendar) -> Html:
    """The light, and which limit ends when; 待确认 where the calendar isn't sure."""
    name = disposal.light(row, at, calendar)
    if pd.isna(row["next_at"]):
        return light(screen, name)
    rule = screen.pick(disposal.LIMITS[row["next_rule"]].title)
    unsure = screen.say("cases.unconfirmed") if row["standing"] == "unconfirmed" else None
    said = " ".join(x for x in (day(row["next_at"]), rule, unsure) if x)
    return join([light(screen, name), tag("small", said)])


def day(at: Any) -> str:
    """The last day (or minute) of a limit, in Beijing time."""
    last = (at - timedelta.resolution).astimezone(BEIJING)
    return f"{last:%Y-%m-%d}" if (last.hour, last.minute) == (23, 59) else blocks.moment(at)


def state(screen: Screen, name: str) -> str:
    return screen.pick(disposal.STATES[name])


def fact(screen: Screen, code: str) -> str:
    """What may be wrong: an indicator's title, or the words of the clue."""
    found = screen.indicators.get(code)
    return screen.pick(found.title) if found else (code[:40] + "…" if len(code) > 41 else code)


def domain(screen: Screen, name: str) -> str:
    return next((screen.pick(d.title) for d in screen.house.registry.domains if d.name == name), "")
