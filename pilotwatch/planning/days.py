"""Within a unit's week: which day each visit is on, so that inspectors go to few streets each day.

First street by street (`streets`), then by CP-SAT for all together: visits that are alike (street, days they may be on, hours of
each pool) are counted, not told apart; it chooses how many go on which day and pays for inspector-days on a street. Σ ceil(hours ÷ day_hours) over streets and pools is what no choice goes
below. Whatever it finds keeps every window, limit and hour; where it finds nothing better the days stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pilotwatch.planning import kernels
from pilotwatch.planning.board import Laid
from pilotwatch.planning.kernels import EPS, State
from pilotwatch.planning.model import Problem
from pilotwatch.planning.search import Effort, Search
from pilotwatch.planning.streets import gather

MINUTES = 60


@dataclass(frozen=True)
class _Visit:
    items: tuple[int, ...]
    t: int
    street: str
    may: tuple[int, ...]
    hours: tuple[tuple[int, int], ...]  # pool, minutes


def settle(
    laid: Laid, problem: Problem, search: Search, state: State, effort: Effort, tell: Callable[[str, float], None]
) -> tuple[int, int]:
    """Moves visits within their weeks, in place; (inspector-days on streets, the least there can be for these weeks)."""
    board = laid.board
    per_day = round(problem.rules.day_hours * MINUTES)
    first_row = np.full(len(board.a), -1)
    first_row[laid.of_item[::-1]] = np.arange(len(problem.due))[::-1]
    street = problem.due["street"].to_numpy()[first_row]
    members: dict[int, list[int]] = {}
    for i in np.flatnonzero(state.day >= 0).tolist():
        members.setdefault(int(state.visit[i]), []).append(i)
    weeks: dict[tuple[str, int], list[int]] = {}
    for root in members:
        weeks.setdefault((laid.units[root], int(board.week[state.day[root]])), []).append(root)
    seen_this_week: dict[tuple[int, int], int] = {}
    for root in members:
        key = int(board.subject[root]), int(board.week[state.day[root]])
        seen_this_week[key] = seen_this_week.get(key, 0) + 1
    total = least = 0
    for turn, key in enumerate(sorted(weeks, key=lambda k: (k[1], k[0]))):  # the nearest weeks first
        if turn % 8 == 0:
            tell("days", 0.9 + 0.07 * turn / len(weeks))
        else:
            tell("", -1.0)
        visits = []
        for root in weeks[key]:
            items, t = tuple(members[root]), int(state.day[root])
            alone = seen_this_week[int(board.subject[root]), int(board.week[t])] == 1
            may = _may(laid, search, state, items, t) if alone else (t,)
            need: dict[int, int] = {}
            for i in items:
                for k in range(board.part[i], board.part[i + 1]):
                    need[int(board.pool[k])] = need.get(int(board.pool[k]), 0) + round(board.hours[k] * MINUTES)
            visits.append(_Visit(items, t, str(street[root]), may, tuple(sorted(need.items()))))
        bound, now = _least(visits, per_day), _trips(visits, [v.t for v in visits], per_day)
        for better in (_gathered, _chosen):
            if now <= bound or all(len(v.may) == 1 for v in visits) or (better is _chosen and turn >= effort.weeks):
                break
            days = better(laid, state, visits, per_day, effort)
            if days is not None and _trips(visits, days, per_day) < now:
                visits = _moved(board, state, visits, days)
                now = _trips(visits, days, per_day)
        total, least = total + now, least + bound
    return total, least


def _may(laid: Laid, search: Search, state: State, items: tuple[int, ...], t: int) -> tuple[int, ...]:
    """Days of the same week the visit may be on without being later, by its week count, or breaking a limit."""
    board = laid.board
    if any(board.pinned[i] for i in items):
        return (t,)
    s = int(board.subject[items[0]])
    planned = any(board.planned[i] for i in items)
    near: list[int] = []
    if planned:
        others = [
            int(i) for i in range(board.subject_at[s], board.subject_at[s + 1]) if state.day[i] >= 0 and i not in items
        ]
        roots = {int(state.visit[i]) for i in others if board.planned[i]}
        near = [int(board.ordinal[state.day[r]]) for r in roots]
        near += board.made[board.made_at[s] : board.made_at[s + 1]].tolist()
    days = np.array([*near, 0], dtype=np.int64)

    def late(day: int) -> float:
        return sum(float(board.late[i]) * ((board.ordinal[day] - board.ordinal[board.a[i]]) // 7) for i in items)

    found = []
    for day in range(max(board.a[i] for i in items), min(board.b[i] for i in items) + 1):
        if board.week[day] != board.week[t] or not board.open[day]:
            continue
        if planned and any(
            board.quiet_a[k] <= day <= board.quiet_b[k] for k in range(board.quiet_at[s], board.quiet_at[s + 1])
        ):
            continue
        if planned and near and kernels.too_often(days, len(near), board.ordinal[day], board.limits):
            continue
        if late(day) <= late(t) + EPS:
            found.append(day)
    return tuple(found) or (t,)


def _least(visits: list[_Visit], per_day: int) -> int:
    need: dict[tuple[str, int], int] = {}
    for v in visits:
        for g, minutes in v.hours:
            need[v.street, g] = need.get((v.street, g), 0) + minutes
    return sum(-(-minutes // per_day) for minutes in need.values())


def _trips(visits: list[_Visit], days: list[int], per_day: int) -> int:
    need: dict[tuple[str, int, int], int] = {}
    for v, t in zip(visits, days, strict=True):
        for g, minutes in v.hours:
            need[v.street, t, g] = need.get((v.street, t, g), 0) + minutes
    return sum(-(-minutes // per_day) for minutes in need.values())


def _gathered(laid: Laid, state: State, visits: list[_Visit], per_day: int, effort: Effort) -> list[int]:
    """A day for each visit, street by street (`streets.gather`)."""
    first = min(t for v in visits for t in v.may)
    n_days = max(t for v in visits for t in v.may) - first + 1
    pools = sorted({g for v in visits for g, _ in v.hours})
    place, streets = {g: k for k, g in enumerate(pools)}, sorted({v.street for v in visits})
    street = np.array([streets.index(v.street) for v in visits])
    order = np.argsort(street, kind="stable")
    days = np.array([v.t - first for v in visits])
    part = np.cumsum([0] + [len(v.hours) for v in visits])
    pool = np.array([place[g] for v in visits for g, _ in v.hours])
    minutes = np.array([m for v in visits for _, m in v.hours])
    load = np.zeros((len(streets), len(pools), n_days), dtype=np.int64)
    owner = np.repeat(np.arange(len(visits)), np.diff(part))
    np.add.at(load, (street[owner], pool, days[owner]), minutes)
    left = np.floor(state.day_left[pools][:, first : first + n_days] * MINUTES + 1e-3).astype(np.int64)
    may = np.array([sum(1 << (t - first) for t in v.may) for v in visits])
    gather(
        np.searchsorted(street[order], np.arange(len(streets) + 1)), order, street, days, may, part, pool, minutes, load,
        left, per_day, effort.rounds, 1,
    )  # fmt: skip
    return [int(d) + first for d in days]


def _chosen(laid: Laid, state: State, visits: list[_Visit], per_day: int, effort: Effort) -> list[int] | None:
    """A day for each visit; None where nothing was found in the work allowed."""
    from ortools.sat.python import cp_model

    kinds: dict[tuple, list[int]] = {}
    for k, v in enumerate(visits):
        kinds.setdefault((v.street, v.may, v.hours), []).append(k)
    model = cp_model.CpModel()
    used: dict[tuple[int, int], list] = {}
    there: dict[tuple[str, int, int], list] = {}
    held: dict[tuple[int, int], int] = {}
    count: dict[tuple[tuple, int], object] = {}
    for kind, mine in kinds.items():
        street, may, hours = kind
        for t in may:
            var = count[kind, t] = model.new_int_var(0, len(mine), "")
            model.add_hint(var, sum(visits[k].t == t for k in mine))
            for g, minutes in hours:
                used.setdefault((g, t), []).append(minutes * var)
                there.setdefault((street, t, g), []).append(minutes * var)
        model.add(sum(count[kind, t] for t in may) == len(mine))
        for k in mine:
            for g, minutes in hours:
                held[g, visits[k].t] = held.get((g, visits[k].t), 0) + minutes
    for (g, t), terms in used.items():
        left = int(np.floor(state.day_left[g, t] * MINUTES + 1e-3)) + held.get((g, t), 0)
        model.add(sum(terms) <= left)
    trips, by_street = [], {}
    for (street, t, g), terms in there.items():
        most = -(-sum(m for v in visits if v.street == street and t in v.may for p, m in v.hours if p == g) // per_day)
        y = model.new_int_var(0, most, "")
        model.add(per_day * y >= sum(terms))
        now = sum(m for v in visits if v.street == street and v.t == t for p, m in v.hours if p == g)
        model.add_hint(y, -(-now // per_day))
        trips.append(y)
        by_street.setdefault((street, g), []).append(y)
    for (street, g), ys in by_street.items():
        need = sum(m for v in visits if v.street == street for p, m in v.hours if p == g)
        model.add(sum(ys) >= -(-need // per_day))
    model.minimize(sum(trips))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort.week
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    days = [v.t for v in visits]
    for kind, mine in kinds.items():
        at = 0
        for t in kind[1]:
            for _ in range(solver.value(count[kind, t])):
                days[mine[at]] = t
                at += 1
    return days


def _moved(board, state: State, visits: list[_Visit], days: list[int]) -> list[_Visit]:
    for v, t in zip(visits, days, strict=True):
        for i in v.items:
            state.day[i] = t
        for g, minutes in v.hours:
            state.day_left[g, v.t] += minutes / MINUTES
            state.day_left[g, t] -= minutes / MINUTES
    return [replace(v, t=t) for v, t in zip(visits, days, strict=True)]
