"""What no plan can go below: hours that don't fit, and the Lagrangian bound with its prices of capacity.

Shortage: the hours whose window lies within some weeks must be worked in those weeks; by Hall's theorem for intervals what is
over, summed over disjoint spans of weeks, can't be worked at all, and no more than that is over.

Lagrangian: capacity costs a price instead of being kept; each component then decides alone, exactly. The best prices are sought
from the price at which a short pool would let go of its cheapest hours: a multiple for all pools, one for each, then averaged
subgradient steps (Polyak 1969).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotwatch.planning import kernels
from pilotwatch.planning.board import PIN, Laid


@dataclass(frozen=True)
class Short:
    """`hours` of pool g that can't be worked in weeks first…last, whatever the plan."""

    pool: int
    first: int
    last: int
    hours: float


def shortages(laid: Laid, dead: np.ndarray) -> list[Short]:
    """The disjoint spans of weeks of each pool over which most hours are over. dead: items left out of the question."""
    board = laid.board
    parts = _parts(laid, dead)
    n_weeks = len(laid.weeks)
    out = []
    for g, rows in parts.groupby("pool"):
        demand = np.zeros((n_weeks, n_weeks))
        np.add.at(demand, (rows["from"].to_numpy(), rows["to"].to_numpy()), rows["hours"].to_numpy())
        # inside[x, y]: hours with window within weeks x…y
        inside = np.cumsum(np.cumsum(demand[::-1], axis=0)[::-1], axis=1)
        has = np.concatenate([[0.0], np.cumsum(board.week_hours[g])])
        over = inside - (has[None, 1:] - has[:-1, None])
        best, chosen = np.zeros(n_weeks + 1), np.full(n_weeks + 1, -1)
        for y in range(n_weeks):
            with_span = best[: y + 1] + over[: y + 1, y]
            x = int(np.argmax(with_span))
            if with_span[x] > best[y] + kernels.EPS:
                best[y + 1], chosen[y + 1] = with_span[x], x
            else:
                best[y + 1] = best[y]
        y = n_weeks
        while y:
            if chosen[y] < 0:
                y -= 1
                continue
            x = int(chosen[y])
            out.append(Short(int(g), x, y - 1, float(over[x, y - 1])))
            y = x
    return sorted(out, key=lambda s: (s.pool, s.first))


def first_prices(laid: Laid, dead: np.ndarray, short: list[Short], undone: float) -> np.ndarray:
    """For each span that is short, what its cheapest hours cost to leave out, up to those that are over."""
    prices = np.zeros((len(laid.pools), len(laid.weeks)))
    parts = _parts(laid, dead)
    for s in short:
        rows = parts[(parts["pool"] == s.pool) & (parts["from"] >= s.first) & (parts["to"] <= s.last)]
        rows = rows.assign(worth=rows["weight"] / rows["hours"]).sort_values("worth")
        at = int(np.searchsorted(rows["hours"].cumsum().to_numpy(), s.hours))
        price = undone * float(rows["worth"].iloc[min(at, len(rows) - 1)])
        prices[s.pool, s.first : s.last + 1] = np.maximum(prices[s.pool, s.first : s.last + 1], price)
    return prices


def undone_at_least(laid: Laid, dead: np.ndarray, short: list[Short]) -> float:
    """Σ (1 + priority) that must be left out for the shortages, pins aside: of each span the cheapest hours first, and
    whole checks where all take equally long."""
    parts = _parts(laid, dead)
    total = 0.0
    for s in short:
        rows = parts[(parts["pool"] == s.pool) & (parts["from"] >= s.first) & (parts["to"] <= s.last)]
        rows = rows[rows["weight"] < PIN / 2]
        if rows["hours"].nunique() == 1:  # whole checks, the lightest
            n = int(np.ceil(s.hours / rows["hours"].iloc[0] - 1e-9))
            total += float(np.sort(rows["weight"].to_numpy())[:n].sum())
            continue
        rows = rows.assign(worth=rows["weight"] / rows["hours"]).sort_values("worth")
        left = np.maximum(0.0, s.hours - (rows["hours"].cumsum() - rows["hours"]))
        total += float((np.minimum(rows["hours"], left) * rows["worth"]).sum())
    return total


class Lagrangian:
    """The bound at given prices, and the climb to better ones."""

    def __init__(self, laid: Laid, dead: np.ndarray, undone: float, room: kernels.Room):
        self.laid, self.dead, self.undone, self.room = laid, dead, undone, room
        self._weeks = np.zeros((kernels.SIZE, len(laid.weeks)))
        self._usage = np.zeros_like(laid.board.week_hours)
        self.prices = np.zeros_like(laid.board.week_hours)
        self.value = -np.inf

    def at(self, prices: np.ndarray) -> float:
        """The bound at these prices; the best is kept with its prices."""
        board = self.laid.board
        total = kernels.bound_pass(
            board, self.laid.component, prices, self.undone, self.dead, self._usage, self.room, self._weeks
        )
        value = total - float((prices * board.week_hours).sum())
        if value > self.value:
            self.value, self.prices = value, prices.copy()
        return value

    def climb(self, above: float, rounds: int, go_on: Callable[[], None]) -> None:
        """Up to `rounds` steps from the best prices so far towards `above`, the cost of a plan.

        go_on: called between steps; may raise.
        """
        hours = self.laid.board.week_hours
        prices, slope = self.prices.copy(), None
        near = self.value + 0.3 * (above - self.value)  # Polyak's step, towards a value that may be reached
        for step in range(rounds):
            go_on()
            value = self.at(prices)
            if above - self.value <= 1e-7 * max(1.0, above):
                return
            over = self._usage - hours
            slope = over if slope is None else 0.9 * slope + 0.1 * over
            direction = np.where((prices <= 0) & (slope < 0), 0.0, slope)
            size = float((direction**2).sum())
            if size <= 0:
                return
            force = 0.1 * 0.98**step * max(near - value, 1e-4 * abs(above))
            prices = np.maximum(0.0, prices + force / size * direction)

    def scale(self, start: np.ndarray, go_on: Callable[[], None]) -> None:
        """The best multiple of `start`: first for all pools, then for each by itself."""
        for times in (0.3, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.9, 1.0):
            go_on()
            self.at(start * times)
        for g in np.flatnonzero(self.prices.any(axis=1)):
            for times in (0.5, 0.8, 0.9, 1.1, 1.25, 1.5):
                go_on()
                prices = self.prices.copy()
                prices[g] *= times
                self.at(prices)


def _parts(laid: Laid, dead: np.ndarray) -> pd.DataFrame:
    """Each check as pool, hours, weight of its item, and the weeks of its window."""
    board = laid.board
    item = np.repeat(np.arange(len(board.a)), np.diff(board.part))
    keep = ~dead.astype(bool)[item]
    item = item[keep]
    share = board.hours[keep] / np.add.reduceat(board.hours, board.part[:-1])[item] if len(item) else board.hours[keep]
    return pd.DataFrame(
        {
            "pool": board.pool[keep], "hours": board.hours[keep], "weight": board.weight[item] * share,
            "from": board.week[board.a[item]], "to": board.week[board.b[item]],
        }
    )  # fmt: skip
