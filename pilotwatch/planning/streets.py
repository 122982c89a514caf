"""The compiled part of `days`: one street's visits at a time taken out of the week and put back where few inspectors go."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _trips(load, street, per_day):
    total = 0
    for g in range(load.shape[1]):
        for d in range(load.shape[2]):
            total += (load[street, g, d] + per_day - 1) // per_day
    return total


@njit(cache=True)
def _shift(visit, day, sign, street, part, pool, minutes, load, left):
    for k in range(part[visit], part[visit + 1]):
        load[street, pool[k], day] += sign * minutes[k]
        left[pool[k], day] -= sign * minutes[k]


@njit(cache=True)
def _back(order, prefer, days, may, street, part, pool, minutes, load, left, per_day):
    """Puts the visits on days with room, adding as few inspector-days as can be; ties from day `prefer` on. False: no room."""
    n_days = load.shape[2]
    for v in order:
        best, best_day = 1 << 40, -1
        for turn in range(n_days):
            d = (prefer + turn) % n_days
            if not may[v] >> d & 1:
                continue
            more, wide, fits = 0, 0, True
            for k in range(part[v], part[v + 1]):
                g, m = pool[k], minutes[k]
                if left[g, d] < m:
                    fits = False
                    break
                now = load[street, g, d]
                more += (now + m + per_day - 1) // per_day - (now + per_day - 1) // per_day
                wide += now == 0
            if fits and more * 100 + wide < best:
                best, best_day = more * 100 + wide, d
        if best_day < 0:
            return False
        days[v] = best_day
        _shift(v, best_day, 1, street, part, pool, minutes, load, left)
    return True


@njit(cache=True)
def gather(street_at, visits, street, days, may, part, pool, minutes, load, left, per_day, rounds, seed):
    """Rounds over the streets: a street's visits go out and come back in another order, kept if no more trips are made.

    street_at, visits: visits by street (CSR). days: of each visit, 0 is Monday; changed in place. may: bits of days.
    """
    np.random.seed(seed)
    for turn in range(rounds):
        moved = False
        for s in range(len(street_at) - 1):
            mine = visits[street_at[s] : street_at[s + 1]]
            for prefer in range(load.shape[2]):
                before = _trips(load, s, per_day)
                old = days[mine].copy()
                for v in mine:
                    _shift(v, days[v], -1, s, part, pool, minutes, load, left)
                order = mine[np.random.permutation(len(mine))]
                days[mine] = -1
                ok = _back(order, prefer, days, may, s, part, pool, minutes, load, left, per_day)
                if ok and _trips(load, s, per_day) <= before:
                    moved = moved or _trips(load, s, per_day) < before
                    continue
                for k in range(len(mine)):
                    v = mine[k]
                    if days[v] >= 0:
                        _shift(v, days[v], -1, s, part, pool, minutes, load, left)
                    days[v] = old[k]
                    _shift(v, old[k], 1, s, part, pool, minutes, load, left)
        if not moved and turn > 4:
            break
