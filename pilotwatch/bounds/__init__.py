"""The bounds of indicators as the city sets them: what may be set, what it makes of the declared ones, since when and why.

    found = bounds.in_force(desk, workspace.registry)      # every indicator with the bounds that count, by date
    indicator.in_force(on).levels.red                      # a SetBound where the city set it: who, when, why, declared

Bounds of law, standard or policy can only be tightened, bounds of practice may be set freely; both need a reason.
"""

from pilotwatch.bounds.apply import BINDING, COLOURS, Group, SetBound, Slot, applied, groups, inputs_of, key_of, slots
from pilotwatch.bounds.compare import TooComplex, covers
from pilotwatch.bounds.listing import LevelLine, Line, listing
from pilotwatch.bounds.propose import Finding, Proposal, Reading, normal, read, slot_of
from pilotwatch.bounds.stored import domain_in_force, in_force, measures_in_force
from pilotwatch.store.bounds import BoundEntry, bound_entries

__all__ = [
    "BINDING", "COLOURS", "BoundEntry", "Finding", "Group", "LevelLine", "Line", "Proposal", "Reading", "SetBound", "Slot",
    "TooComplex", "applied", "bound_entries", "covers", "domain_in_force", "groups", "in_force", "inputs_of", "key_of",
    "listing", "measures_in_force", "normal", "read", "slot_of", "slots",
]  # fmt: skip
