"""The fewest visits: worked by hand, and held to trying everything."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwatch.inspection.ledger.merge import entangled, fewest


def visits_of(*items: tuple[int, int, int], who: int = 0) -> int:
    """Items of one object: department, first and last day."""
    dept, left, right = (np.array(c) for c in zip(*items, strict=True))
    return int(fewest(np.full(len(items), who), dept, left, right).number.max()) + 1


def test_windows_that_overlap_need_one_visit_and_those_that_do_not_two():
    assert visits_of((0, 1, 7), (1, 5, 9), (2, 7, 7)) == 1
    assert visits_of((0, 1, 4), (1, 5, 9)) == 2


def test_two_checks_of_one_department_are_two_visits_however_their_windows_lie():
    assert visits_of((0, 1, 9), (0, 1, 9)) == 2
    assert visits_of((0, 1, 9), (0, 1, 9), (1, 1, 9), (2, 1, 9)) == 2


def test_a_visit_takes_the_item_that_ends_first_so_that_the_other_can_wait():
    """Department 0 by day 5 and by day 20, department 1 by day 5, department 2 from day 15 on: days 5 and 20 do for all."""
    assert visits_of((0, 1, 20), (0, 1, 5), (1, 1, 5), (2, 15, 20)) == 2


def test_objects_do_not_share_visits():
    who = np.array([0, 1, 1])
    found = fewest(who, np.array([0, 0, 1]), np.array([1, 1, 1]), np.array([1, 1, 1]))
    assert found.count(who).tolist() == [1, 1]


def test_nothing_needs_no_visit():
    none = np.zeros(0, np.int64)
    assert len(fewest(none, none, none, none).number) == 0
    assert len(entangled(none, none, none)) == 0


def by_trying(items: list[tuple[int, int, int]]) -> int:
    """The fewest days (a day may be visited several times) such that each item has one of its own department's places."""
    days = sorted({right for _, _, right in items})
    for k in range(1, len(items) + 1):
        for chosen in itertools.combinations_with_replacement(days, k):
            if all(_fits([i for i in items if i[0] == d], chosen) for d in {i[0] for i in items}):
                return k
    return len(items)


def _fits(items: list[tuple[int, int, int]], days: tuple[int, ...]) -> bool:
    return any(
        all(left <= day <= right for (_, left, right), day in zip(items, places, strict=True))
        for places in itertools.permutations(days, len(items))
    )


_ITEM = st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(0, 6)).map(lambda t: (t[0], t[1], t[1] + t[2]))


@given(st.lists(_ITEM, min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_plan_has_fewer_visits(items):
    assert visits_of(*items) == by_trying(items)


@given(st.lists(st.tuples(st.integers(0, 3), _ITEM), min_size=1, max_size=30))
@settings(deadline=None)
def test_every_item_lies_in_its_window_and_no_department_twice_on_a_visit(rows):
    who = np.array([w for w, _ in rows])
    dept, left, right = (np.array(c) for c in zip(*(i for _, i in rows), strict=True))
    found = fewest(who, dept, left, right)
    assert ((left <= found.day) & (found.day <= right)).all()
    keys = list(zip(who, found.number, dept, strict=True))
    assert len(set(keys)) == len(keys)
    days = {(w, n, d) for w, n, d in zip(who, found.number, found.day, strict=True)}
    assert len(days) == len({(w, n) for w, n, _ in days})
    assert found.count(who).tolist() == [int(visits_of(*mine)) if (mine := [i for w, i in rows if w == o]) else 0
                                         for o in range(max(who) + 1)]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 9), _ITEM), min_size=1, max_size=25))
@settings(deadline=None)
def test_trips_that_are_entangled_are_never_fewer_than_their_visits(rows):
    """A trip is several departments' items on one day."""
    trip = np.array([t for t, _ in rows])
    pairs = {(t, d) for t, (d, _, _) in rows}
    rows = [next(r for r in rows if (r[0], r[1][0]) == p) for p in sorted(pairs)]  # a department once a trip
    trip = np.array([t for t, _ in rows])
    middle = 10 * trip
    dept = np.array([i[0] for _, i in rows])
    reach = np.array([i[2] - i[1] for _, i in rows])
    who = np.zeros(len(rows), np.int64)
    found = fewest(who, dept, middle - reach, middle + reach)
    together = entangled(who, trip, found.number)
    for one in set(together):
        mine = together == one
        assert len(set(trip[mine])) >= len(set(found.number[mine]))
