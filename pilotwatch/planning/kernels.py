"""The compiled loops: for one piece, all ways to part its items into visits (subset dynamic programming, 3^n).

`bound_pass` prices capacity and ignores it otherwise: its value is a lower bound. `put` looks at what capacity is left,
and its answer is a part of a plan. Both leave an item out at its cost, and count planned visits against the cap.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import njit

from pilotwatch.planning.board import LIMIT, Board

SIZE = 1 << LIMIT
TOO_MUCH = 1e18
EPS = 1e-6

#: What is decided so far: hours left by pool and week, by pool and day; t of each item (−1: left out); its visit, told
#: by the lowest item in it.
State = namedtuple("State", ["week_left", "day_left", "day", "visit"])

#: Room for one piece: of each set of items whether it may share a visit, its window, whether it counts, where it goes, cost.
Room = namedtuple(
    "Room", ["ok", "a", "b", "planned", "pinned", "day", "cost", "best", "choice", "pools", "hours", "days"]
)

#: prices of hours by pool and week; what leaving weight 1 out costs; what a week of lateness and full pools add.
Prices = namedtuple("Prices", ["hour", "undone", "late", "load"])


def room(longest: int = 64) -> Room:
    """longest: items of the largest subject, or visits made of it, whichever is more."""
    levels = LIMIT + 1
    return Room(
        np.zeros(SIZE, np.bool_), np.zeros(SIZE, np.int64), np.zeros(SIZE, np.int64), np.zeros(SIZE, np.bool_),
        np.zeros(SIZE, np.bool_), np.zeros(SIZE, np.int64), np.zeros(SIZE), np.zeros((levels, SIZE)),
        np.zeros((levels, SIZE), np.int64), np.zeros(4096, np.int64), np.zeros(4096), np.zeros(2 * longest + 64, np.int64),
    )  # fmt: skip


def state_of(board: Board) -> State:
    n = len(board.a)
    return State(board.week_hours.copy(), board.day_hours.copy(), np.full(n, -1, np.int64), np.arange(n))


def copy_of(state: State) -> State:
    return State(*(part.copy() for part in state))


@njit(cache=True)
def _low(mask):
    bit = 0
    while not (mask >> bit) & 1:
        bit += 1
    return bit


@njit(cache=True)
def _sets(board, lo, n, room):
    """Window, kind and leave to be together of every set of the piece's items."""
    room.ok[0], room.a[0], room.b[0], room.planned[0], room.pinned[0] = True, 0, 1 << 40, False, False
    for mask in range(1, 1 << n):
        bit = _low(mask)
        rest, i = mask & (mask - 1), lo + bit
        room.a[mask] = max(room.a[rest], board.a[i])
        room.b[mask] = min(room.b[rest], board.b[i])
        room.planned[mask] = room.planned[rest] or board.planned[i]
        room.pinned[mask] = room.pinned[rest] or board.pinned[i]
        room.ok[mask] = room.ok[rest] and not (board.clash[i] & rest) and room.a[mask] <= room.b[mask]


@njit(cache=True)
def _gather(board, lo, mask, room):
    """Hours of the set by pool, into room.pools and room.hours; how many pools."""
    n = 0
    while mask:
        i = lo + _low(mask)
        mask &= mask - 1
        for k in range(board.part[i], board.part[i + 1]):
            at = 0
            while at < n and room.pools[at] != board.pool[k]:
                at += 1
            if at == n:
                room.pools[n], room.hours[n] = board.pool[k], 0.0
                n += 1
            room.hours[at] += board.hours[k]
    return n


@njit(cache=True)
def too_often(days, n, day, limits):
    """Whether one more planned visit on `day` breaks a limit per day, 7 days or 31 days among days[:n]."""
    for which in range(3):
        span = (1, 7, 31)[which]
        near = 0
        for k in range(n):
            near += -span < days[k] - day < span
        if near < limits[which]:
            continue
        for start in range(day - span + 1, day + 1):
            inside = 1
            for k in range(n):
                inside += start <= days[k] < start + span
            if inside > limits[which]:
                return True
    return False


@njit(cache=True)
def _others(board, state, s, lo, hi, room):
    """Planned visits of the subject outside items lo…hi: their days into room.days, with those made; how many, how many planned."""
    n = 0
    for i in range(board.subject_at[s], board.subject_at[s + 1]):
        if (lo <= i < hi) or state.day[i] < 0 or state.visit[i] != i:
            continue
        counts = False
        for j in range(i, board.subject_at[s + 1]):
            counts = counts or (state.visit[j] == i and state.day[j] >= 0 and board.planned[j])
        if counts:
            room.days[n] = board.ordinal[state.day[i]]
            n += 1
    planned = n
    for k in range(board.made_at[s], board.made_at[s + 1]):
        room.days[n] = board.made[k]
        n += 1
    return n, planned


@njit(cache=True)
def _quiet(board, s, t):
    hushed = False
    for k in range(board.quiet_at[s], board.quiet_at[s + 1]):
        hushed = hushed or board.quiet_a[k] <= t <= board.quiet_b[k]
    return hushed


@njit(cache=True)
def _search(board, state, prices, s, lo, mask, room, n_days):
    """The cheapest day for the set, given what is left; (−1, _) where none fits."""
    n = _gather(board, lo, mask, room)
    best, best_t = TOO_MUCH, -1
    pinned, planned = room.pinned[mask], room.planned[mask]
    for t in range(room.a[mask], room.b[mask] + 1):
        if not pinned:
            if not board.open[t]:
                continue
            if planned and _quiet(board, s, t):
                continue
        w = board.week[t]
        price, load = 0.0, 0.0
        fits = True
        for k in range(n):
            g, h = room.pools[k], room.hours[k]
            if state.week_left[g, w] < h - EPS or state.day_left[g, t] < h - EPS:
                fits = False
                break
            price += h * prices.hour[g, w]
            load = max(load, 1.0 - (state.week_left[g, w] - h) / max(board.week_hours[g, w], EPS))
        if not fits:
            continue
        cost = price + prices.load * load
        if prices.late > 0:
            left = mask
            while left:
                i = lo + _low(left)
                left &= left - 1
                cost += prices.late * board.late[i] * ((board.ordinal[t] - board.ordinal[board.a[i]]) // 7)
        if cost >= best - 1e-12:
            continue
        if planned and not pinned and too_often(room.days, n_days, board.ordinal[t], board.limits):
            continue
        best, best_t = cost, t
    return best_t, best


@njit(cache=True)
def _part(board, lo, n, cap, undone, room):
    """The cheapest parting of the piece given room.day and room.cost of each set; levels: planned visits still allowed."""
    full = (1 << n) - 1
    counted = 0
    for i in range(n):
        counted += board.planned[lo + i]
    top = min(cap, counted)
    first = top if top == counted else 0  # a cap that can't bind needs one level only
    step = 0 if top == counted else 1
    for k in range(first, top + 1):
        room.best[k, 0] = 0.0
        for mask in range(1, full + 1):
            bit = _low(mask)
            rest = mask & (mask - 1)
            best, choice = room.best[k, rest] + undone * board.weight[lo + bit], 0
            sub = rest
            while True:
                one = sub | (1 << bit)
                if room.ok[one] and room.day[one] >= 0:
                    at = k - step * room.planned[one]
                    if at >= 0:
                        cost = room.best[at, mask ^ one] + 1.0 + room.cost[one]
                        if cost < best - 1e-12:
                            best, choice = cost, one
                if sub == 0:
                    break
                sub = (sub - 1) & rest
            room.best[k, mask], room.choice[k, mask] = best, choice
    return top, step


@njit(cache=True)
def take(board, state, p):
    """Takes the piece's visits out of the plan."""
    for i in range(board.piece[p], board.piece[p + 1]):
        t = state.day[i]
        if t >= 0:
            for k in range(board.part[i], board.part[i + 1]):
                state.week_left[board.pool[k], board.week[t]] += board.hours[k]
                state.day_left[board.pool[k], t] += board.hours[k]
        state.day[i], state.visit[i] = -1, i


@njit(cache=True)
def give(board, state, p, days, visits):
    """Puts kept days and visits of the piece back; the piece is empty."""
    lo = board.piece[p]
    for i in range(lo, board.piece[p + 1]):
        t = days[i - lo]
        state.day[i], state.visit[i] = t, visits[i - lo]
        if t >= 0:
            for k in range(board.part[i], board.part[i + 1]):
                state.week_left[board.pool[k], board.week[t]] -= board.hours[k]
                state.day_left[board.pool[k], t] -= board.hours[k]


@njit(cache=True)
def _go(board, state, lo, mask, t):
    root = lo + _low(mask)
    while mask:
        i = lo + _low(mask)
        mask &= mask - 1
        state.day[i], state.visit[i] = t, root
        for k in range(board.part[i], board.part[i + 1]):
            state.week_left[board.pool[k], board.week[t]] -= board.hours[k]
            state.day_left[board.pool[k], t] -= board.hours[k]


@njit(cache=True)
def _fits(board, state, lo, mask, t, room):
    n = _gather(board, lo, mask, room)
    for k in range(n):
        g, h = room.pools[k], room.hours[k]
        if state.week_left[g, board.week[t]] < h - EPS or state.day_left[g, t] < h - EPS:
            return False
    return True


@njit(cache=True)
def _joined(board, state, lo, n, mask, t, left, counts, room):
    """The set with every item of `left` that may still come along on day t, the nearest end first. counts: planned may."""
    while True:
        pick, end = -1, 1 << 40
        for k in range(n):
            i = lo + k
            inside = left >> k & 1 and not mask >> k & 1 and board.a[i] <= t <= board.b[i]
            if inside and board.b[i] < end and not board.clash[i] & mask and (counts or not board.planned[i]):
                pick, end = k, board.b[i]
        if pick < 0:
            return mask
        left ^= 1 << pick
        if _fits(board, state, lo, mask | 1 << pick, t, room):
            mask |= 1 << pick


@njit(cache=True)
def _put_many(board, state, p, room):
    """A piece above LIMIT: pins, what may join them, then always the item whose window ends first, on the day on which most
    risk comes along. For windows alone this greedy rule is exact; hours, clashes and caps make it a good guess.
    """
    lo, hi = board.piece[p], board.piece[p + 1]
    n, s = hi - lo, board.subject[lo]
    n_days, used = _others(board, state, s, lo, hi, room)
    pin(board, state, p)
    left = 0
    for k in range(n):
        if state.day[lo + k] < 0 and board.a[lo + k] <= board.b[lo + k]:
            left |= 1 << k
    for k in range(n):
        i = lo + k
        if board.pinned[i] and state.day[i] >= 0:
            t = state.day[i]
            if board.planned[i]:
                used += 1
                room.days[n_days] = board.ordinal[t]
                n_days += 1
            take_mask(board, state, lo, 1 << k)
            mask = _joined(board, state, lo, n, 1 << k, t, left, board.planned[i], room)
            _go(board, state, lo, mask, t)
            left &= ~mask
    while left:
        first, end = -1, 1 << 40
        for k in range(n):
            if left >> k & 1 and board.b[lo + k] < end:
                first, end = k, board.b[lo + k]
        i = lo + first
        best, best_mask, best_t = -1.0, 0, -1
        for t in range(board.a[i], board.b[i] + 1):
            if not board.open[t] or not _fits(board, state, lo, 1 << first, t, room):
                continue
            counts = used < board.cap[s] and not _quiet(board, s, t)
            counts = counts and not too_often(room.days, n_days, board.ordinal[t], board.limits)
            if board.planned[i] and not counts:
                continue
            mask = _joined(board, state, lo, n, 1 << first, t, left & ~(1 << first), counts, room)
            risk = 0.0
            for k in range(n):
                risk += board.weight[lo + k] * (mask >> k & 1)
            if risk > best + 1e-9:
                best, best_mask, best_t = risk, mask, t
        if best_t < 0:
            left ^= 1 << first
            continue
        _go(board, state, lo, best_mask, best_t)
        left &= ~best_mask
        for k in range(n):
            if best_mask >> k & 1 and board.planned[lo + k]:
                used += 1
                room.days[n_days] = board.ordinal[best_t]
                n_days += 1
                break


@njit(cache=True)
def take_mask(board, state, lo, mask):
    while mask:
        i = lo + _low(mask)
        mask &= mask - 1
        t = state.day[i]
        for k in range(board.part[i], board.part[i + 1]):
            state.week_left[board.pool[k], board.week[t]] += board.hours[k]
            state.day_left[board.pool[k], t] += board.hours[k]
        state.day[i], state.visit[i] = -1, i


@njit(cache=True)
def put(board, state, p, prices, room):
    """Parts the empty piece into visits as is best now and puts them in."""
    lo, hi = board.piece[p], board.piece[p + 1]
    n, s = hi - lo, board.subject[lo]
    if n > LIMIT:
        _put_many(board, state, p, room)
        return
    n_days, used = _others(board, state, s, lo, hi, room)
    _sets(board, lo, n, room)
    for mask in range(1, 1 << n):
        room.day[mask] = -1
        if room.ok[mask]:
            if mask & (mask - 1) and not room.pinned[mask]:  # what doesn't fit with less won't fit with more
                fits = True
                left = mask
                while left and fits:
                    one = left & -left
                    left ^= one
                    fits = room.day[one] >= 0
                if not fits:
                    continue
            room.day[mask], room.cost[mask] = _search(board, state, prices, s, lo, mask, room, n_days)
    level, step = _part(board, lo, n, max(0, board.cap[s] - used), prices.undone, room)
    # Chosen visits go in, the pinned first and then the narrowest; one that no longer fits looks for another day.
    mask, n_chosen = (1 << n) - 1, 0
    chosen = np.zeros(n, np.int64)
    while mask:
        one = room.choice[level, mask]
        if one == 0:
            mask &= mask - 1
        else:
            chosen[n_chosen] = one
            n_chosen += 1
            mask ^= one
            level -= step * room.planned[one]
    for turn in range(n_chosen):
        pick, slack = -1, 1 << 40
        for c in range(n_chosen):
            one = chosen[c]
            if one:
                width = -1 if room.pinned[one] else room.b[one] - room.a[one]
                if width < slack:
                    pick, slack = c, width
        one = chosen[pick]
        chosen[pick] = 0
        t = room.day[one]
        if turn:
            t, _ = _search(board, state, prices, s, lo, one, room, n_days)
        if t < 0:
            continue
        _go(board, state, lo, one, t)
        if room.planned[one]:
            room.days[n_days] = board.ordinal[t]
            n_days += 1
    for i in range(lo, hi):
        if board.pinned[i] and state.day[i] < 0 and board.a[i] <= board.b[i]:
            take(board, state, p)  # what joined one pin took the room of another
            pin(board, state, p)
            break


@njit(cache=True)
def pin(board, state, p):
    """Pinned items of the empty piece go in, each by itself; there is room for all of them."""
    lo = board.piece[p]
    for i in range(lo, board.piece[p + 1]):
        if board.pinned[i] and board.a[i] <= board.b[i]:
            _go(board, state, lo, 1 << (i - lo), board.a[i])


@njit(cache=True)
def pin_all(board, state):
    for p in range(len(board.piece) - 1):
        pin(board, state, p)


@njit(cache=True)
def cost_of(board, state, p, undone, late, load):
    """What the piece costs as it stands: undone weight, visits, lateness; load is left out, it belongs to pools."""
    total = 0.0
    for i in range(board.piece[p], board.piece[p + 1]):
        t = state.day[i]
        if t < 0:
            total += undone * board.weight[i]
        else:
            total += (state.visit[i] == i) + late * board.late[i] * (
                (board.ordinal[t] - board.ordinal[board.a[i]]) // 7
            )
    return total


@njit(cache=True)
def put_all(board, state, order, prices, room):
    for k in range(len(order)):
        take(board, state, order[k])
        put(board, state, order[k], prices, room)


@njit(cache=True)
def improve(board, state, order, prices, room):
    """Each piece anew, kept where it costs less (or the same, another day); how many got better."""
    better = 0
    for k in range(len(order)):
        p = order[k]
        lo, hi = board.piece[p], board.piece[p + 1]
        days, visits = state.day[lo:hi].copy(), state.visit[lo:hi].copy()
        before = cost_of(board, state, p, prices.undone, prices.late, 0.0)
        take(board, state, p)
        put(board, state, p, prices, room)
        after = cost_of(board, state, p, prices.undone, prices.late, 0.0)
        if after > before + 1e-9:
            take(board, state, p)
            give(board, state, p, days, visits)
        elif after < before - 1e-9:
            better += 1
    return better


@njit(cache=True)
def displace(board, state, wanting, piece_of, at_pool, at_item, prices, room, tries):
    """For each item left out: whose visit could make way? The other piece goes out, this one in, the other in again.

    at_pool, at_item: items by pool (CSR). Kept where both together cost less. Returns moves kept and tries spent.
    """
    kept = 0
    for k in range(len(wanting)):
        i = wanting[k]
        if state.day[i] >= 0:
            continue
        p = piece_of[i]
        lo, hi = board.piece[p], board.piece[p + 1]
        done = False
        for part in range(board.part[i], board.part[i + 1]):
            g = board.pool[part]
            for at in range(at_pool[g], at_pool[g + 1]):
                j = at_item[at]
                t = state.day[j]
                if done or tries <= 0:
                    break
                if t < board.a[i] or t > board.b[i] or board.pinned[j] or not board.open[t]:
                    continue
                if board.subject[j] == board.subject[i]:
                    continue
                q = piece_of[j]
                q_lo, q_hi = board.piece[q], board.piece[q + 1]
                # Its hours, with what is left, must make room for the item's own.
                freed = 0.0
                for m in range(q_lo, q_hi):
                    if state.day[m] >= 0 and board.week[state.day[m]] == board.week[t]:
                        for other in range(board.part[m], board.part[m + 1]):
                            if board.pool[other] == g:
                                freed += board.hours[other]
                if state.week_left[g, board.week[t]] + freed < board.hours[part] - EPS:
                    continue
                tries -= 1
                days_p, visits_p = state.day[lo:hi].copy(), state.visit[lo:hi].copy()
                days_q, visits_q = state.day[q_lo:q_hi].copy(), state.visit[q_lo:q_hi].copy()
                before = cost_of(board, state, p, prices.undone, prices.late, 0.0)
                before += cost_of(board, state, q, prices.undone, prices.late, 0.0)
                take(board, state, q)
                take(board, state, p)
                put(board, state, p, prices, room)
                put(board, state, q, prices, room)
                after = cost_of(board, state, p, prices.undone, prices.late, 0.0)
                after += cost_of(board, state, q, prices.undone, prices.late, 0.0)
                if after < before - 1e-9:
                    kept += 1
                    done = True
                else:
                    take(board, state, p)
                    take(board, state, q)
                    give(board, state, q, days_q, visits_q)
                    give(board, state, p, days_p, visits_p)
    return kept, tries


@njit(cache=True)
def possible(board):
    """Why an item can't be done even in an empty plan: 0 it can, 1 no day, 2 no hours at all, 3 too long, 4 quiet."""
    out = np.zeros(len(board.a), np.int64)
    for i in range(len(board.a)):
        if board.pinned[i] and board.a[i] <= board.b[i]:
            continue
        out[i] = 1
        for t in range(board.a[i], board.b[i] + 1):
            if not board.open[t]:
                continue
            some, fits = True, True
            for k in range(board.part[i], board.part[i + 1]):
                total = 0.0
                for other in range(board.part[i], board.part[i + 1]):
                    total += board.hours[other] * (board.pool[other] == board.pool[k])
                left = min(board.week_hours[board.pool[k], board.week[t]], board.day_hours[board.pool[k], t])
                some = some and left > 0
                fits = fits and left >= total - EPS
            hushed = board.planned[i] and _quiet(board, board.subject[i], t)
            if fits and not hushed:
                out[i] = 0
                break
            why = 2 if not some else (3 if not fits else 4)
            out[i] = max(out[i], why)
    return out


@njit(cache=True)
def bound_pass(board, pieces, hour, undone, weightless, usage, room, weeks):
    """Σ over components of the least cost when an hour of pool g in week w costs hour[g, w]; usage becomes the hours its
    choices work. A component above LIMIT is bounded by checks of it whose windows are disjoint. weightless: items left out
    of the question.

    Returns (sum, visits needed if capacity cost nothing and all were done: only meaningful for hour = 0).
    """
    total = 0.0
    usage[:] = 0.0
    n_weeks = hour.shape[1]
    for p in range(len(pieces) - 1):
        lo, hi = pieces[p], pieces[p + 1]
        n = hi - lo
        if n > LIMIT:
            total += _disjoint(board, lo, hi, hour, undone, weightless, usage)
            continue
        _sets(board, lo, n, room)
        dead = 0
        for i in range(n):
            if weightless[lo + i]:
                dead |= 1 << i
        for i in range(n):
            for w in range(n_weeks):
                weeks[1 << i, w] = 0.0
            for k in range(board.part[lo + i], board.part[lo + i + 1]):
                g, h = board.pool[k], board.hours[k]
                if not dead >> i & 1:
                    for w in range(board.week[board.a[lo + i]], board.week[board.b[lo + i]] + 1):
                        weeks[1 << i, w] += h * hour[g, w]
        for mask in range(1, 1 << n):
            room.day[mask] = -1
            if not room.ok[mask] or mask & dead:
                continue
            rest = mask & (mask - 1)
            best, at = TOO_MUCH, -1
            for w in range(board.week[room.a[mask]], board.week[room.b[mask]] + 1):
                if rest:
                    weeks[mask, w] = weeks[rest, w] + weeks[mask ^ rest, w]
                if weeks[mask, w] < best:
                    best, at = weeks[mask, w], w
            room.day[mask], room.cost[mask] = at, best
        level, step = _part(board, lo, n, board.cap[board.subject[lo]], undone, room)
        mask = (1 << n) - 1
        total += room.best[level, mask]
        for i in range(n):
            if dead >> i & 1:
                total -= undone * board.weight[lo + i]
        while mask:
            one = room.choice[level, mask]
            if one == 0:
                mask &= mask - 1
                continue
            w = room.day[one]
            mask ^= one
            level -= step * room.planned[one]
            while one:
                i = lo + _low(one)
                one &= one - 1
                for k in range(board.part[i], board.part[i + 1]):
                    usage[board.pool[k], w] += board.hours[k]
    return total


@njit(cache=True)
def _disjoint(board, lo, hi, hour, undone, weightless, usage):
    """A component too large to look at all ways: checks with disjoint windows need a visit each, or are left out."""
    total = 0.0
    reach = -1
    order = np.argsort(board.b[lo:hi])
    for k in range(hi - lo):
        i = lo + order[k]
        if weightless[i]:
            continue
        best, at = TOO_MUCH, -1
        for w in range(board.week[board.a[i]], board.week[board.b[i]] + 1):
            price = 0.0
            for part in range(board.part[i], board.part[i + 1]):
                price += board.hours[part] * hour[board.pool[part], w]
            if price < best:
                best, at = price, w
        if board.a[i] > reach:
            best += 1.0
            reach = board.b[i]
        if best <= undone * board.weight[i]:
            total += best
            for part in range(board.part[i], board.part[i + 1]):
                usage[board.pool[part], at] += board.hours[part]
        else:
            total += undone * board.weight[i]
    return total
