"""Review: what the pilots achieved, and how that is known.

    results(desk, registry, "2026Q3", on, unit="650102")   # every measure against target, last period and a year before
    effect(desk, registry, "REF-03", "reform", on)         # did the pilot do it? against the other units
    set_pilots(desk, registry, places, "reform", ["650102"], "2026-01", "lottery", "抽签产生")

Reads figures only, never records, and of these what the person may see.
"""

from pilotwatch.review.effects import EVALUATED, Effect, effect, panel_of
from pilotwatch.review.pilots import CHOSEN, Pilot, ReviewRefused, pilots, set_pilots
from pilotwatch.review.results import GUARDS, Line, Results, better, previous, results

__all__ = [
    "CHOSEN", "EVALUATED", "GUARDS", "Effect", "Line", "Pilot", "Results", "ReviewRefused", "better", "effect", "panel_of",
    "pilots", "previous", "results", "set_pilots",
]  # fmt: skip
