"""The house as it was known at the end of a past day: any screen, list and brief, to be read (回看).

    past = asof.house(Workspace.open(), date(2026, 10, 31))
    with asof.looking_at(past):
        figures.overview(past.desk(person), past.registry, on=today())   # of 31 October, by what was known that evening

A day that is looked back to is copied out once (`var/as-of/2026-10-31.db`) and kept; see `docs/as-of.md`.
"""

from pilotwatch.asof.kept import Copy, at_hand, copies, forget, house, looking_at, make, refuse_day
from pilotwatch.store.looking_back import looked, untold

__all__ = [
    "Copy", "at_hand", "copies", "forget", "house", "looked", "looking_at", "make", "refuse_day", "untold",
]  # fmt: skip
