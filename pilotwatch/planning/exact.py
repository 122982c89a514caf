"""Small problems, solved to the end: every set of checks on every day is a column, CP-SAT chooses (one thread, counted work).

Coverage first, then visits, then lateness, each held while the next is sought. A district's week or a handful of subjects;
for a city the search and its bound stand alone.
"""

from __future__ import annotations

import numpy as np

from pilotwatch.planning import kernels
from pilotwatch.planning.board import LIMIT, Laid
from pilotwatch.planning.kernels import EPS, State
from pilotwatch.planning.search import Search

ITEMS = 60
COLUMNS = 20_000


def small(laid: Laid) -> bool:
    """Whether all columns can be looked at."""
    board = laid.board
    if not 0 < len(board.a) <= ITEMS or (np.diff(laid.component) > LIMIT).any():
        return False
    return sum(1 for _ in _columns(laid, COLUMNS + 1)) <= COLUMNS


def _columns(laid: Laid, most: int):
    """(items, t, planned, pinned) of every visit that would fit an empty plan."""
    board = laid.board
    found = 0
    for p in range(len(board.piece) - 1):
        lo, hi = int(board.piece[p]), int(board.piece[p + 1])
        s = board.subject[lo]
        for mask in range(1, 1 << (hi - lo)):
            items = [lo + k for k in range(hi - lo) if mask >> k & 1]
            if any(board.clash[i] & mask for i in items):
                continue
            planned, pinned = any(board.planned[i] for i in items), any(board.pinned[i] for i in items)
            for t in range(max(board.a[i] for i in items), min(board.b[i] for i in items) + 1):
                if not pinned and (not board.open[t] or (planned and _quiet(laid, s, t))):
                    continue
                need = _hours(laid, items)
                if any(
                    board.week_hours[g, board.week[t]] < h - EPS or board.day_hours[g, t] < h - EPS
                    for g, h in need.items()
                ):
                    continue
                yield items, t, planned, pinned
                found += 1
                if found >= most:
                    return


def _quiet(laid: Laid, s: int, t: int) -> bool:
    board = laid.board
    return any(board.quiet_a[k] <= t <= board.quiet_b[k] for k in range(board.quiet_at[s], board.quiet_at[s + 1]))


def _hours(laid: Laid, items: list[int]) -> dict[int, float]:
    board, need = laid.board, {}
    for i in items:
        for k in range(board.part[i], board.part[i + 1]):
            need[int(board.pool[k])] = need.get(int(board.pool[k]), 0.0) + float(board.hours[k])
    return need


def solve(laid: Laid, search: Search, state: State) -> tuple[State, bool]:
    """A state at least as good as `state`, and whether coverage and visits were proven best."""
    from ortools.sat.python import cp_model

    board = laid.board
    columns = list(_columns(laid, COLUMNS + 1))
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in columns]
    n = len(board.a)
    out = [model.new_bool_var("") for _ in range(n)]
    holding: list[list] = [[] for _ in range(n)]
    week: dict[tuple[int, int], list] = {}
    day: dict[tuple[int, int], list] = {}
    planned: dict[int, list] = {}
    for var, (items, t, counts, pinned) in zip(x, columns, strict=True):
        for i in items:
            holding[i].append(var)
        for g, h in _hours(laid, items).items():
            minutes = round(h * 6000)
            week.setdefault((g, int(board.week[t])), []).append(minutes * var)
            day.setdefault((g, t), []).append(minutes * var)
        if counts:
            planned.setdefault(int(board.subject[items[0]]), []).append((int(board.ordinal[t]), var, pinned))
    for i in range(n):
        model.add(sum(holding[i]) + out[i] == 1)
        if board.pinned[i] and not search.dead[i]:
            model.add(out[i] == 0)
    for (g, w), used in week.items():
        model.add(sum(used) <= round(board.week_hours[g, w] * 6000))
    for (g, t), used in day.items():
        model.add(sum(used) <= round(board.day_hours[g, t] * 6000))
    for s, visits in planned.items():
        model.add(sum(var for _, var, _ in visits) <= int(board.cap[s]))
        made = board.made[board.made_at[s] : board.made_at[s + 1]].tolist()
        for span, limit in zip((1, 7, 31), board.limits.tolist(), strict=True):
            ends = {d for d, _, _ in visits}
            for start in sorted({d - k for d in ends for k in range(span)}):
                inside = [(var, pinned) for d, var, pinned in visits if start <= d < start + span]
                past = sum(start <= d < start + span for d in made)
                free = [var for var, pinned in inside if not pinned]
                held = [var for var, pinned in inside if pinned]
                if not free or past + len(inside) <= limit:
                    continue
                for var in free:  # pins may break a limit, a free visit beside them may not
                    model.add(past + sum(free) + sum(held) <= limit).only_enforce_if(var)
    weight = [round(float(w) * 1000) for w in search.weights]
    undone = sum(w * var for w, var in zip(weight, out, strict=True))
    late = [
        round(1000 * sum(float(board.late[i]) * ((board.ordinal[t] - board.ordinal[board.a[i]]) // 7) for i in items))
        for items, t, _, _ in columns
    ]
    lateness = sum(cost * var for cost, var in zip(late, x, strict=True) if cost)
    mine = {(tuple(items), t): k for k, (items, t, _, _) in enumerate(columns)}
    values = np.zeros(len(columns), dtype=bool)
    for items, t in _visits(state):
        values[mine[items, t]] = True
    proven = True
    for turn, goal in enumerate((undone, sum(x), lateness)):
        if isinstance(goal, int):  # nothing to choose
            continue
        model.clear_hints()
        for var, value in zip(x, values.tolist(), strict=True):
            model.add_hint(var, value)
        model.minimize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = search.effort.exact
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return state, False
        if turn < 2:
            proven &= status == cp_model.OPTIMAL
        values = np.array([solver.boolean_value(var) for var in x])
        model.add(goal <= round(solver.objective_value))
    found = _state(laid, [columns[k] for k in np.flatnonzero(values)])
    return (found, proven) if not search.worth(state) < search.worth(found) else (state, False)


def _visits(state: State) -> list[tuple[tuple[int, ...], int]]:
    items: dict[int, list[int]] = {}
    for i in np.flatnonzero(state.day >= 0):
        items.setdefault(int(state.visit[i]), []).append(int(i))
    return [(tuple(members), int(state.day[root])) for root, members in items.items()]


def _state(laid: Laid, chosen: list) -> State:
    board = laid.board
    state = kernels.state_of(board)
    for items, t, _, _ in chosen:
        for i in items:
            state.day[i], state.visit[i] = t, items[0]
        for g, h in _hours(laid, items).items():
            state.week_left[g, board.week[t]] -= h
            state.day_left[g, t] -= h
    return state
