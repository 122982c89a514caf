"""Plans: one pass per piece with the room that is left, then repair, until coverage and visits meet the bound or work ends.

Coverage goes before visits, visits before lateness, lateness before even load: the costs inside are that far apart.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from pilotwatch.planning import kernels
from pilotwatch.planning.board import PIN, Laid
from pilotwatch.planning.bounds import Lagrangian, first_prices, shortages
from pilotwatch.planning.model import Rules

FIRST = 1e4  # what coverage weighs against visits while a plan is repaired
SWEEPS = 4


@dataclass(frozen=True)
class Effort:
    """How much work goes into one plan: dual steps, exchanges tried, CP-SAT. Counts of work, not seconds, so that it repeats."""

    steps: int = 150
    tries: int = 400_000
    exact: float = 10.0  # CP-SAT's deterministic seconds for a small problem, each stage
    rounds: int = 40  # over the streets of one unit's week
    week: float = 0.05  # CP-SAT's deterministic seconds for the days of one unit's week
    weeks: int = 24  # how many of them, the nearest first; the others keep what the rounds found


class OutOfTime(Exception):
    """The seconds allowed are over; what there is will do."""


@dataclass(frozen=True)
class Worth:
    """How good a state is, in the order that counts; smaller is better."""

    undone: float
    visits: int
    late: float

    def __lt__(self, other: Worth) -> bool:
        mine = (round(self.undone, 6), self.visits, round(self.late, 6))
        return mine < (round(other.undone, 6), other.visits, round(other.late, 6))


class Search:
    """One problem, its best state so far and its bound."""

    def __init__(self, laid: Laid, rules: Rules, effort: Effort, seed: int, tell: Callable[[str, float], None]):
        self.laid, self.rules, self.effort, self.tell = laid, rules, effort, tell
        board = laid.board
        sizes = np.diff(board.subject_at)
        made = np.diff(board.made_at)
        self.room = kernels.room(int(sizes.max(initial=1) + made.max(initial=0)))
        self.dead = kernels.possible(board)
        self.lost = float(self.weights[self.dead > 0].sum())  # risk weight that no plan can cover
        self.short = shortages(laid, self.dead > 0)
        self.dual = Lagrangian(laid, self.dead > 0, rules.undone, self.room)
        self.piece_of = np.repeat(np.arange(len(board.piece) - 1), np.diff(board.piece))
        self.rng = np.random.default_rng(seed)
        # Lateness of all items together stays below one visit, load below the smallest step of lateness.
        weeks = (board.ordinal[-1] - board.ordinal[0]) // 7 + 1 if len(board.ordinal) else 1
        most = float(np.add.reduceat(board.late, board.piece[:-1]).max(initial=0.0)) if len(board.late) else 0.0
        self.late = 0.2 / max(1.0, most * weeks)
        self.no_price = np.zeros_like(board.week_hours)
        self.plain = kernels.Prices(self.no_price, FIRST, self.late, self.late * 1e-3)

    @property
    def weights(self) -> np.ndarray:
        """Σ (1 + priority) of each item, without what pins add."""
        return self.laid.board.weight - PIN * self.laid.board.pinned

    def worth(self, state: kernels.State) -> Worth:
        board = self.laid.board
        out = state.day < 0
        weeks = (
            board.ordinal[np.maximum(state.day, 0)] - board.ordinal[np.minimum(board.a, len(board.ordinal) - 1)]
        ) // 7
        visits = int(((state.visit == np.arange(len(out))) & ~out).sum())
        return Worth(float(board.weight[out].sum()), visits, float((board.late * weeks)[~out].sum()))

    def cost(self, state: kernels.State) -> float:
        """Visits + undone · Σ weight left out, what can't be done at all not counted."""
        out = (state.day < 0) & (self.dead == 0)
        visits = int(((state.visit == np.arange(len(out))) & (state.day >= 0)).sum())
        return visits + self.rules.undone * float(self.weights[out].sum())

    def run(self) -> kernels.State:
        """The best state found; where `tell` raises OutOfTime, the best so far."""
        if not len(self.laid.board.a):
            self.dual.value, self.stabbing = 0.0, 0.0
            return kernels.state_of(self.laid.board)
        self.best: kernels.State | None = None
        with suppress(OutOfTime):
            self._run()
        return self.best

    def _run(self) -> None:
        dual, laid = self.dual, self.laid
        self.stabbing = dual.at(self.no_price)
        self.best = self._built(self.no_price, 0.0, patient=True)
        self.tell("bound", 0.05)
        self._repair(self.best)
        if self.met(self.best):
            return
        self.tell("prices", 0.25)
        dual.scale(first_prices(laid, self.dead > 0, self.short, self.rules.undone), lambda: self.tell("", -1.0))
        self._climb(0.3, 0.5)
        for turn, share in enumerate((1.0, 0.9, 0.6)):
            self.tell("visits", 0.5 + 0.1 * turn)
            found = self._built(dual.prices, share)
            self._repair(found)
            if self.worth(found) < self.worth(self.best):
                self.best = found
            if self.met(self.best):
                return
        self._climb(0.8, 0.85)

    # --- steps ----------------------------------------------------------------------------------------------------

    def met(self, state: kernels.State) -> bool:
        """Nothing that can be done is left out, and no plan has fewer visits."""
        return self.cost(state) <= self.dual.value + 1e-6

    def _climb(self, since: float, until: float) -> None:
        done = 0

        def go_on() -> None:
            nonlocal done
            done += 1
            often = done % 10 == 0
            self.tell("prices" if often else "", since + (until - since) * done / self.effort.steps)

        self.dual.climb(self.cost(self.best), self.effort.steps, go_on)

    def _built(self, prices: np.ndarray, share: float, patient: bool = False) -> kernels.State:
        """Pieces with the narrowest windows first, heavy ones before light ones; prices let go of what isn't worth its hours.

        patient: the time may be over and it is built nevertheless.
        """
        board = self.laid.board
        state = kernels.state_of(board)
        kernels.pin_all(board, state)
        width = np.minimum.reduceat(board.b - board.a, board.piece[:-1])
        weight = np.maximum.reduceat(board.weight, board.piece[:-1])
        order = np.lexsort((-weight, width))
        guided = kernels.Prices(prices * share, self.rules.undone if share else FIRST, self.plain.late, self.plain.load)
        for some in np.array_split(order, max(1, len(order) // 5000)):
            try:
                self.tell("", -1.0)
            except OutOfTime:
                if not patient:
                    raise
            kernels.put_all(board, state, some, guided, self.room)
        return state

    def _repair(self, state: kernels.State) -> None:
        """Fills what is left, moves others out of the way, and lets every piece choose anew, while it helps."""
        board = self.laid.board
        tries = self.effort.tries
        every = np.arange(len(board.piece) - 1)
        for _ in range(SWEEPS):
            self.tell("", -1.0)
            before = self.worth(state)
            wanting = self._wanting(state)
            kernels.improve(board, state, np.unique(self.piece_of[wanting]), self.plain, self.room)
            for some in np.array_split(self.rng.permutation(every), max(1, len(every) // 5000)):
                self.tell("", -1.0)
                kernels.improve(board, state, some, self.plain, self.room)
            wanting = self._wanting(state)
            if len(wanting) and tries > 0:
                at_pool, at_item = self._by_pool(state)
                for some in np.array_split(wanting, max(1, len(wanting) // 50)):
                    self.tell("", -1.0)
                    _, tries = kernels.displace(
                        board, state, some, self.piece_of, at_pool, at_item, self.plain, self.room, tries
                    )
            if not self.worth(state) < before:
                break

    def _wanting(self, state: kernels.State) -> np.ndarray:
        """Items left out though they can be done, the most risk for an hour first."""
        board = self.laid.board
        out = np.flatnonzero((state.day < 0) & (self.dead == 0))
        hours = np.add.reduceat(board.hours, board.part[:-1])
        return out[np.lexsort((out, -board.weight[out] / hours[out]))]

    def _by_pool(self, state: kernels.State) -> tuple[np.ndarray, np.ndarray]:
        """Items that are in the plan by pool, light and long ones first."""
        board = self.laid.board
        item = np.repeat(np.arange(len(board.a)), np.diff(board.part))
        keep = state.day[item] >= 0
        pool, item, hours = board.pool[keep], item[keep], board.hours[keep]
        order = np.lexsort((item, board.weight[item] / hours, pool))
        at = np.searchsorted(pool[order], np.arange(len(self.laid.pools) + 1))
        return at.astype(np.int64), item[order]
