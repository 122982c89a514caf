"""From a Problem to a Plan: lay out, search, settle days and streets, say why."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.planning import days, exact, reasons
from pilotwatch.planning.board import Laid, lay
from pilotwatch.planning.bounds import undone_at_least
from pilotwatch.planning.model import Bound, Cancelled, Plan, Problem
from pilotwatch.planning.search import Effort, OutOfTime, Search
from pilotwatch.planning.visits import told

STAGES: dict[str, Text] = {
    "bound": Text("计算最少入企次数的下界", "How few visits there can be"),
    "visits": Text("合并检查", "Merging checks"),
    "prices": Text("计算检查力量的稀缺程度", "What an hour of each department is worth"),
    "exact": Text("逐一核对全部组合", "Looking at all combinations"),
    "days": Text("安排日期与街道", "Days and streets"),
    "reasons": Text("说明未排入、未合并的原因", "Why what was left out was left out"),
}


def plan(
    problem: Problem,
    *,
    effort: Effort | None = None,
    seed: int = 0,
    seconds: float | None = None,
    on_progress: Callable[[Text, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """The plan that leaves least risk undone; then has fewest visits; then is least late; then loads evenly.

    The same problem, effort and seed give the same plan. seconds: stop the search after about that long, with what it has;
    such a plan need not repeat. on_progress: told the stage and the share done, 0 to 1. cancelled: asked often; Cancelled is
    raised where it says yes.
    """
    effort = effort or Effort()
    until = time.monotonic() + seconds if seconds is not None else None

    def tell(stage: str, share: float) -> None:
        if cancelled and cancelled():
            raise Cancelled
        if stage and on_progress:
            on_progress(STAGES[stage], share)
        if until and time.monotonic() > until:
            raise OutOfTime

    laid = lay(problem)
    search = Search(laid, problem.rules, effort, seed, tell)
    state = search.run()
    proven = search.met(state)

    def tell_on(stage: str, share: float) -> None:  # what a plan needs to be one is done whatever the time
        try:
            tell(stage, share)
        except OutOfTime:
            return

    if not proven and exact.small(laid):
        tell_on("exact", 0.85)
        state, proven = exact.solve(laid, search, state)
    tell_on("days", 0.9)
    trips = days.settle(laid, problem, search, state, effort, tell_on)
    tell_on("reasons", 0.97)
    return _plan(problem, laid, search, state, proven, trips)


def _plan(problem: Problem, laid: Laid, search: Search, state, proven: bool, trips: tuple[int, int]) -> Plan:
    rules = problem.rules
    visits, checks = told(problem, laid, state, rules.day_hours)
    separate = int((state.day[laid.of_item] >= 0).sum())
    lost = rules.undone * search.lost
    cost = search.cost(state) + lost
    needed = undone_at_least(laid, search.dead > 0, search.short)
    bound = Bound(
        stabbing=search.stabbing,
        lagrangian=max(search.dual.value, 0.0) + lost,
        undone=needed + search.lost,
        undone_hours=float(sum(s.hours for s in search.short)),
    )
    # A plan that is as good as can be is its own bound.
    best = min(bound.lagrangian, cost)
    left_out = float(search.weights[state.day < 0].sum())
    return Plan(
        visits=visits,
        checks=checks,
        unmet=reasons.unmet(problem, laid, search, state),
        not_merged=reasons.not_merged(problem, laid, search, state, visits, checks),
        scarce=reasons.scarce(problem, laid, search),
        strained=reasons.strained(problem, laid, state),
        bound=bound,
        cost=cost,
        gap=cost / best - 1 if best > 0 else 0.0,
        undone=left_out,
        separate=separate,
        trips=trips[0],
        trips_bound=trips[1],
        optimal=bool(proven),
        load=_load(laid, state),
    )


def _load(laid: Laid, state) -> pd.DataFrame:
    """Hours planned against hours there are, by pool and week."""
    board = laid.board
    worked = board.week_hours - state.week_left
    g, w = np.nonzero((laid.own_hours > 0) | (worked > 1e-9))
    return pd.DataFrame(
        {
            "department": [laid.pools[k][0] for k in g], "unit": [laid.pools[k][1] for k in g],
            "week": pd.DatetimeIndex(laid.weeks[w]), "hours": worked[g, w], "capacity": laid.own_hours[g, w],
        }
    )  # fmt: skip
