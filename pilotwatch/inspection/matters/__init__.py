"""事项清单: what may be checked, in which wording it was published, what changed, and one manual for each scene.

`plannable(desk, day)` is what a plan may use; nothing else may be planned.
"""

from pilotwatch.inspection.matters.changes import KINDS, Change, between
from pilotwatch.inspection.matters.listing import ALARMS, CONTENT, STATES, listing, plannable, steps
from pilotwatch.inspection.matters.manuals import Manual, manual, scenes
from pilotwatch.inspection.matters.publishing import publish, ripe

__all__ = [
    "ALARMS", "CONTENT", "KINDS", "STATES", "Change", "Manual", "between", "listing", "manual", "plannable", "publish", "ripe", "scenes",
    "steps",
]  # fmt: skip
