"""Merges the checks that departments owe into as few visits as can be, and proves how few that is.

    from pilotwatch.planning import Problem, plan, variant
    answer = plan(Problem(due, capacity, days))

Model, bounds and method: docs/performance/planning.md and the modules' docstrings. Nothing here reads the store. Compiled
loops and CP-SAT are imported by the first `plan`.
"""

from pilotwatch.planning.model import Bound, Cancelled, Plan, Problem, ProblemError, Rules, variant

__all__ = ["Bound", "Cancelled", "Plan", "Problem", "ProblemError", "Rules", "plan", "variant"]


def __getattr__(name: str) -> object:
    if name in ("plan", "Effort"):
        from pilotwatch.planning import search, solve

        return {"plan": solve.plan, "Effort": search.Effort}[name]
    raise AttributeError(name)
