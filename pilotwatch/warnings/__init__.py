"""Warnings: one open per subject and indicator, that explains itself and is closed by a verdict only."""

from pilotwatch.store.warnings import (
    ORDERS,
    STATES,
    VERDICTS,
    Filter,
    acknowledge,
    act_on_all,
    assign,
    close,
    counted,
    history,
    listed,
    touched,
)
from pilotwatch.warnings.bounds import Changed, effect, read_proposal, set_bounds
from pilotwatch.warnings.due import Due, clocks, due_of, limit_of
from pilotwatch.warnings.explain import Explanation, explain
from pilotwatch.warnings.keep import follow, update
from pilotwatch.warnings.life import QUIET, Steps, step

__all__ = [
    "ORDERS", "QUIET", "STATES", "VERDICTS", "Changed", "Due", "Explanation", "Filter", "Steps", "acknowledge", "act_on_all",
    "assign", "clocks", "close", "counted", "due_of", "effect", "explain", "follow", "history", "limit_of", "listed",
    "read_proposal", "set_bounds", "step", "touched", "update",
]  # fmt: skip
