"""The fewest visits that would have done: windows of days stabbed by as few days as possible; pure.

An *item* is what one department did on one visit. It may move within its window; on one visit a department has one item
at most, for two checks of one department were two acts that the law asks for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Visits:
    """On which visit each item lies: `number` (0, 1, … of its object) and `day`; arrays as long as the items."""

    number: np.ndarray
    day: np.ndarray

    def count(self, who: np.ndarray) -> np.ndarray:
        """How many visits each object 0…max has."""
        most = np.zeros(int(who.max()) + 1 if len(who) else 0, np.int64)
        np.maximum.at(most, who, self.number + 1)
        return most


def fewest(who: np.ndarray, dept: np.ndarray, left: np.ndarray, right: np.ndarray) -> Visits:
    """Puts all items on as few visits as possible, each object by itself.

    `who`, `dept`: whole numbers from 0; `left` ≤ `right`: first and last day, whole numbers. All equally long.

    Again and again a visit is put on the earliest last day among the items that are left; it takes, of each department,
    the item that begins by then and ends first. That is exact. The item that ends first needs a visit by its last day e;
    whatever lies on that visit ends on e or later, so the visit may as well be on e. And given the days of the visits,
    each department is by itself: of the items that could be on the first visit, none is better there than the one that
    ends first, for any other fits wherever it would have gone (Glover 1967, convex bipartite matching).
    """
    number, day = np.full(len(who), -1), np.zeros(len(who), np.int64)
    alive = np.lexsort((left, right, dept, who))
    visit = 0
    while len(alive):
        of, begins, ends = who[alive], left[alive], right[alive]
        first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
        earliest = np.repeat(np.minimum.reduceat(ends, first), np.diff(np.r_[first, len(of)]))
        there = np.flatnonzero(begins <= earliest)
        group = np.stack([of[there], dept[alive][there]])
        ahead = np.r_[True, (group[:, 1:] != group[:, :-1]).any(axis=0)]
        taken = there[ahead]
        number[alive[taken]], day[alive[taken]] = visit, earliest[taken]
        alive = np.delete(alive, taken)
        visit += 1
    return Visits(number, day)


def entangled(who: np.ndarray, trip: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Which trips and visits belong together: a number for each item, the same where trips share visits.

    Of items with one number, the trips that were made are never fewer than the visits that would have done: were they,
    making those trips would have been a better plan than the best.
    """
    if not len(who):
        return np.zeros(0, np.int64)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    _, trips = np.unique(trip, return_inverse=True)
    _, visits = np.unique(np.stack([who, number]), axis=1, return_inverse=True)
    size = trips.max() + visits.max() + 2
    edges = coo_array((np.ones(len(who), bool), (trips, trips.max() + 1 + visits.ravel())), shape=(size, size))
    return connected_components(edges, directed=False)[1][trips].astype(np.int64)
