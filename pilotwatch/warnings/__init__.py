"""Warnings: one open per subject and indicator, that explains itself and is closed by a verdict only."""

from pilotwatch.store.warnings import VERDICTS, Filter, acknowledge, assign, close, counted, history, listed
from pilotwatch.warnings.bounds import Changed, effect, read_proposal, set_bounds
from pilotwatch.warnings.explain import Explanation, explain
from pilotwatch.warnings.keep import follow, update
from pilotwatch.warnings.life import QUIET, Steps, step

__all__ = [
    "QUIET", "VERDICTS", "Changed", "Explanation", "Filter", "Steps", "acknowledge", "assign", "close", "counted", "effect",
    "explain", "follow", "history", "listed", "read_proposal", "set_bounds", "step", "update",
]  # fmt: skip
