"""How other pages show that figures are not approved, or were returned."""

from __future__ import annotations

from pilotwatch.figures.ask import Period
from pilotwatch.review import Results
from pilotwatch.review import approvals as rules
from pilotwatch.workdays import today
from ui import blocks
from ui.html import Html, join, tag
from ui.screen import Screen


def unapproved(screen: Screen, unit: str | None, period: str) -> dict[str, int]:
    """Group → how many of its unit-months in the period are not approved: see `review.approvals.unapproved`."""
    units = [unit] if unit else [u.code for u in screen.house.places.units]
    return rules.unapproved(screen.desk, units, Period.of(period), today())


def legend(screen: Screen, missing: int) -> Html:
    """What the hatching says."""
    swatch = tag("span", screen.say("approvals.unapproved"), cls="pw-unapproved")
    return blocks.note(join([swatch, " ", screen.say("approvals.legend", n=missing)]))


def left_out(screen: Screen, found: Results) -> Html | None:
    """What was returned and isn't in the sums."""
    if not found.left_out:
        return None
    titles = rules.groups(screen.desk, screen.house.registry)
    names = screen.listed(
        [f"{screen.unit(c.report_unit)} {c.month} {screen.pick(titles[c.domain])}" for c in found.left_out[:6]]
    )
    return blocks.note(join([screen.say("approvals.left_out", n=len(found.left_out), names=names)]), "warn")
