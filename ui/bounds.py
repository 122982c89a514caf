"""Bounds as a reader sees them, wherever they are shown: the level, the bound in words, what it rests on, who set it."""

from __future__ import annotations

from datetime import date

from pilotwatch.bounds import BINDING, LevelLine, Line, SetBound
from pilotwatch.domain import Indicator, Measure
from pilotwatch.levels import basis_of
from pilotwatch.workdays import BEIJING
from ui import blocks
from ui.html import Html, join, tag
from ui.indicators import LEVELS, with_unit
from ui.screen import Screen


def chip(screen: Screen, basis: str) -> Html:
    """What a bound rests on: solid where it can only be tightened, an outline where the city may set it."""
    return tag("span", screen.say(f"basis.{basis}"), cls=f"pw-chip {'pw-binding' if basis in BINDING else ''}".strip())


def in_force(screen: Screen, indicator: Indicator, on: date) -> Html | None:
    """The bounds of an indicator that count on a day; one that was set tells what was declared, who set it, when and why."""
    version = indicator.in_force(on)
    if version is None:
        return None
    bounds = [(level, bound) for level in LEVELS if (bound := getattr(version.levels, level))]
    return join(_line(screen, indicator, level, bound, told=True) for level, bound in bounds)


def version(screen: Screen, line: Line, *, told: bool = False, several: bool = True) -> Html:
    """A line of the listing under what it is of; that is left out where an indicator has no other."""
    return tag(
        "div", tag("p", label(screen, line), cls="pw-version") if several else None, levels(screen, line, told=told),
        cls="pw-bounds" if line.in_force else "pw-bounds pw-past",
    )  # fmt: skip


def label(screen: Screen, line: Line) -> str:
    """What a line is of: subjects or places, and which version of the rule where there are several."""
    of = line.version
    ends = screen.say("settings.until", day=of.until) if of.until else None
    begins = screen.say("settings.since_day", day=of.since) if of.since else None
    judges = screen.say(f"settings.of_{line.judges}")
    return " · ".join(filter(None, (judges, of.name or None, begins, ends)))


def levels(screen: Screen, line: Line, *, told: bool = False) -> Html:
    """The bounds of a line of the listing; `told`: with who set them and why."""
    return join(_line(screen, line.indicator, n.level, n.bound, n, told=told) for n in line.levels)


def _line(
    screen: Screen, indicator: Indicator | Measure, level: str, bound: str, of: LevelLine | None = None, *, told: bool
) -> Html:
    set_ = bound if isinstance(bound, SetBound) else None
    was = tag("s", with_unit(set_.declared, indicator, screen.language)) if set_ else None
    said = set_note(screen, set_) if set_ and told else None
    coming = passed = None
    if of and of.coming:
        shown = with_unit(of.coming.bound or of.declared, indicator, screen.language)
        coming = tag("small", screen.say("bounds.coming", day=of.coming.since, bound=shown))
    if of and of.passed_over:
        passed = tag("small", screen.say("bounds.passed_over", bound=of.passed_over.bound), cls="pw-bad-ink")
    return tag(
        "div",
        blocks.level(level, screen.language),
        tag("span", tag("b" if set_ else "span", with_unit(bound, indicator, screen.language)), was, said, coming, passed),
        tag("span", tag("span", screen.say("bounds.set"), cls="pw-chip pw-set") if set_ else None, chip(screen, basis_of(bound)), cls="pw-chips"),
        cls="pw-bound",
    )  # fmt: skip


def set_note(screen: Screen, bound: SetBound) -> Html:
    """Who set a bound, when, from which day on, and why."""
    at = f"{bound.at.astimezone(BEIJING):%Y-%m-%d}" if bound.at else "—"
    who = screen.say("bounds.by_system") if bound.by == "system" else bound.by
    return tag("small", screen.say("bounds.set_by", who=who, at=at, since=bound.since, reason=bound.reason))
