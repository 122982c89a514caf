"""How plans, visits and their reasons are told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from pilotwatch.inspection.propose import REASONS, SOURCES
from pilotwatch.planning.model import NOT_MERGED
from pilotwatch.records.checks import TRIGGERS
from pilotwatch.store.plans import KeptPlan
from ui.html import Html, join, tag
from ui.screen import Screen


def departments(screen: Screen, listed: str) -> str:
    """甲、乙、丙, of a JSON list of codes."""
    return screen.listed([screen.department(d) for d in json.loads(listed)])


def teams(screen: Screen, listed: str, lead: str = "") -> Html:
    """The same as tags."""
    return tag("span", *(tag("span", screen.department(d)) for d in json.loads(listed)), cls="pw-tags")


def reason(screen: Screen, code: str) -> str:
    found = REASONS.get(code) or NOT_MERGED.get(code)
    return screen.pick(found) if found else code


def source(screen: Screen, code: str) -> str:
    return screen.pick(SOURCES[code]) if code in SOURCES else code


def trigger(screen: Screen, code: str) -> str:
    """Why somebody is visited."""
    return screen.pick(TRIGGERS.titles[code]) if code in TRIGGERS.titles else code


def state(screen: Screen, code: str) -> Html:
    kinds = {"draft": "warn", "proposed": "warn", "adopted": "good", "dropped": "bad"}
    return tag("span", screen.say(f"inspection.state_{code}"), cls=f"pw-state pw-state-{kinds[code]}")


def title(screen: Screen, kept: KeptPlan) -> str:
    """LHJH-202612-0001 · 12-01—12-31 · 全市 · 草案."""
    where = screen.listed([screen.unit(u) for u in kept.units]) if kept.units else screen.say("word.all_city")
    days = f"{kept.first:%m-%d} — {kept.last:%m-%d}"
    return f"{kept.number} · {days} · {where} · {screen.say(f'inspection.state_{kept.state}')}"


def beside(screen: Screen, text: object, more: object) -> str:
    """甲（乙）, in the brackets of the language."""
    return f"{text}（{more}）" if screen.language == "zh" else f"{text} ({more})"


def weekday(screen: Screen, day: date) -> str:
    """周二, Tue."""
    return screen.say("inspection.weekdays").split(",")[day.weekday()]


def percent(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f}%"


def days(first: Any, last: Any) -> str:
    return f"{first:%m-%d} — {last:%m-%d}"


def lines(parts: Iterable[object]) -> Html:
    return join([tag("p", p) for p in parts])
