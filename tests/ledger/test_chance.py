"""What chance alone would let merge."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.inspection.ledger.chance import chance, dealt
from pilotwatch.inspection.ledger.past import past
from tests.reform.conftest import visit

ON = date(2026, 11, 23)


def city(frames, apart: int, subjects: int = 60):
    """Every subject is visited by two departments, so many days apart, on days spread over a year."""
    begin = date(2025, 12, 1)
    rows = []
    for n in range(subjects):
        for dept, day in (("SWJ", begin + timedelta(5 * n)), ("XFJY", begin + timedelta(5 * n + apart))):
            rows.append(visit(f"{day:%Y-%m-%d}", depts=[dept], of=f"{n:03}", number=f"{n}-{dept}"))
    of = past(frames(rows), ON)
    return of, of.trips["subject_id"].map(lambda s: "650102" if int(s) % 2 else "650103")


def test_a_deal_keeps_each_departments_days_and_every_subjects_visits(frames):
    of, _ = city(frames, 3)
    days = of.items["day"].to_numpy("datetime64[D]").astype(np.int64)
    new = dealt(of, np.random.default_rng(1))
    assert (new != days).any()
    for dept in ("SWJ", "XFJY"):
        mine = (of.items["dept"] == dept).to_numpy()
        assert sorted(new[mine]) == sorted(days[mine])


def test_a_recheck_keeps_its_day_in_every_deal(frames):
    rows = [visit(f"2026-10-{d:02}", "复查" if d % 2 else "双随机", of=str(d)) for d in range(1, 21)]
    of = past(frames(rows), ON)
    days = of.items["day"].to_numpy("datetime64[D]").astype(np.int64)
    new = dealt(of, np.random.default_rng(1))
    stands = ~of.items["moves"].to_numpy()
    assert stands.sum() == 10 and (new[stands] == days[stands]).all()


def test_what_lies_close_by_habit_is_above_chance_and_what_was_merged_already_below(frames):
    """Two days apart at every one of 60 subjects: all 60 could be merged within 3 days, by chance a few. 150 days apart:
    none could, which chance doesn't give either."""
    of, places = city(frames, 2)
    (whole, *by_unit) = chance(of, places, ["d3"])
    assert (whole.place, whole.trips, whole.missed) == ("", 120, 60)
    assert whole.low <= whole.expected <= whole.high < 20
    assert [(c.place, c.missed) for c in by_unit] == [("650102", 30), ("650103", 30)]
    assert sum(c.expected for c in by_unit) == pd.Series([whole.expected]).sum()
    (whole, *_) = chance(*city(frames, 150), ["d3"])
    assert whole.missed == 0 <= whole.low


def test_the_same_seed_gives_the_same_chance(frames):
    of, places = city(frames, 9)
    assert chance(of, places, ["d7"]) == chance(of, places, ["d7"])
    assert chance(of, places, ["d7"]) != chance(of, places, ["d7"], seed=1)


def test_without_visits_there_is_no_chance(frames):
    of = past(frames([]), ON)
    assert [(c.trips, c.missed, c.expected) for c in chance(of, pd.Series([], dtype=object), ["d7"])] == [(0, 0, 0.0)]
