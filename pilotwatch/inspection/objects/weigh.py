"""How much each agreement weighs: the model of Fellegi and Sunter (1969), fitted by expectation–maximisation.

A pair is a match with probability λ; given that, a field is at level l with probability m(field, l), else with u(field, l),
fields independently of each other. The weight of a pair is Σ log2 m/u over the fields that both sides have. Pairs whose
credit codes tell the truth are fixed at it; the rest is learnt. Pairs are counted by pattern, so a million cost as little
as a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilotwatch.inspection.objects.pairs import FIELDS, MISSING

ROUNDS, STILL = 200, 1e-6
_LEAST = 0.5  # pairs that every level is thought to have been seen in, beforehand


@dataclass(frozen=True)
class Model:
    """λ, and m and u by field (each an array over its levels); `rounds` it took."""

    prior: float
    m: tuple[np.ndarray, ...]
    u: tuple[np.ndarray, ...]
    rounds: int

    def weights(self) -> tuple[np.ndarray, ...]:
        """log2 m/u of each level of each field: bits for (or against) a match.

        A level that is more alike never weighs less than one that is less so: where too few pairs were seen to tell, such
        levels count as one.
        """
        return tuple(_rising(m, u) for m, u in zip(self.m, self.u, strict=True))

    def parts(self, levels: np.ndarray) -> np.ndarray:
        """The bits of each field of each pair, shape as `levels`; 0 where it is missing."""
        bits = [np.append(w, 0.0) for w in self.weights()]  # index −1 (MISSING) is the last
        return np.column_stack([b[levels[:, i]] for i, b in enumerate(bits)]) if len(levels) else np.zeros(levels.shape)

    def weight(self, levels: np.ndarray) -> np.ndarray:
        return self.parts(levels).sum(axis=1)

    def probability(self, levels: np.ndarray) -> np.ndarray:
        """That each pair is a match, given its levels."""
        odds = np.log2(self.prior / (1 - self.prior)) + self.weight(levels)
        return 1 / (1 + np.exp2(-odds))


def fit(
    levels: np.ndarray, known: np.ndarray | None = None, *, sizes: Sequence[int] = tuple(len(f.levels) for f in FIELDS)
) -> Model:
    """Fits the model to pairs. `levels`: (pairs, fields), MISSING = −1. `known`: 1 a match, 0 none, NaN unknown, of each.

    `sizes`: levels of each field. Needs at least one pair; begins where matches agree in nine of ten fields.
    """
    said = np.full(len(levels), np.nan) if known is None else known.astype(float)
    key = np.column_stack([levels, np.nan_to_num(said, nan=2)])
    patterns, at = np.unique(key, axis=0, return_inverse=True)
    count = np.bincount(at.ravel(), minlength=len(patterns)).astype(float)
    truth = np.where(patterns[:, -1] == 2, np.nan, patterns[:, -1])
    patterns = patterns[:, :-1].astype(np.int64)
    m = [_start(size, high=True) for size in sizes]
    u = [_start(size, high=False) for size in sizes]
    prior, done = 0.05, 0
    for done in range(1, ROUNDS + 1):
        model = Model(prior, tuple(m), tuple(u), done)
        belief = np.where(np.isnan(truth), model.probability(patterns), truth)
        before = np.concatenate([*m, *u, [prior]])
        match, other = count * belief, count * (1 - belief)
        m = [_shares(patterns[:, i], match, size) for i, size in enumerate(sizes)]
        u = [_shares(patterns[:, i], other, size) for i, size in enumerate(sizes)]
        unknown = np.isnan(truth)
        total = count[unknown].sum() if unknown.any() else count.sum()
        found = match[unknown].sum() if unknown.any() else match.sum()
        prior = float(np.clip((found + _LEAST) / (total + 2 * _LEAST), 1e-9, 1 - 1e-9))
        if np.abs(np.concatenate([*m, *u, [prior]]) - before).max() < STILL:
            break
    return Model(prior, tuple(m), tuple(u), done)


def _start(size: int, *, high: bool) -> np.ndarray:
    """Nine tenths on the most alike level for matches, on the least alike for others; the rest evenly."""
    start = np.full(size, 0.1 / max(size - 1, 1))
    start[-1 if high else 0] = 0.9
    return start


def _rising(m: np.ndarray, u: np.ndarray) -> np.ndarray:
    """log2 m/u, neighbours put together until it doesn't fall (pool adjacent violators)."""
    pools: list[list[float]] = []  # m, u, levels
    for a, b in zip(m.tolist(), u.tolist(), strict=True):
        pools.append([a, b, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [x + y for x, y in zip(pools[-1], last, strict=True)]
    return np.concatenate([np.full(int(n), np.log2(a / b)) for a, b, n in pools])


def _shares(level: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    there = level != MISSING
    sums = np.bincount(level[there], weight[there], minlength=size) + _LEAST
    return sums / sums.sum()
