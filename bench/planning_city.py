"""A made-up city of due checks, as in the notes on methods: the shares, windows and thin weeks are inputs, not findings.

60 % of subjects issue prepaid cards, 39.5 % are self-built houses, 0.5 % petrol stations; classes A–D 40/40/15/5. Windows:
the whole period, half of it, a quarter, or 2–6 weeks. Two weeks near the start have 30 % of the usual hours, two near the
end 50 %. A pool that would have less than one inspector-day in a week is one of the city.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.planning import Problem, Rules

MONDAY = date(2026, 1, 5)
UNITS = 8
STREETS = 12
DEPARTMENTS = ["商务", "市场监管", "住建", "城管", "消防", "应急", "生态环境", "税务", "公安", "文旅"]
HOURS = np.array([2.0, 2.0, 3.0, 1.0, 2.0, 3.0, 2.0, 1.0, 1.0, 1.5])
#: By kind of subject, how likely each department owes it a check.
SHARES = np.array(
    [
        [0.75, 0.70, 0.00, 0.05, 0.25, 0.00, 0.00, 0.15, 0.05, 0.15],  # prepaid cards
        [0.00, 0.10, 0.80, 0.40, 0.35, 0.10, 0.00, 0.00, 0.10, 0.10],  # self-built houses
        [0.90, 0.95, 0.05, 0.05, 0.95, 0.95, 0.80, 0.70, 0.50, 0.00],  # petrol stations
    ]
)
CLASS_SHARE = np.array([0.40, 0.40, 0.15, 0.05])
CLASS_CAP = np.array([1, 2, 3, 4])


def city(
    checks: int, use: float, *, weeks: int = 50, seed: int = 20260105, rules: Rules | None = None, capped: bool = False
) -> Problem:
    """About `checks` due checks; `use`: demanded hours ÷ hours of all pools of a department together."""
    rng = np.random.default_rng(seed)
    n = round(checks / 2.06)
    kind = rng.choice(3, n, p=[0.60, 0.395, 0.005])
    grade = rng.choice(4, n, p=CLASS_SHARE)
    unit = rng.choice(UNITS, n, p=np.array([22, 18, 17, 14, 12, 9, 5, 3]) / 100)
    street = rng.integers(0, STREETS, n)
    owes = rng.random((n, len(DEPARTMENTS))) < SHARES[kind]
    subject, department = np.nonzero(owes)
    m = len(subject)
    length = np.choose(
        rng.choice(4, m, p=[0.35, 0.30, 0.20, 0.15]),
        [np.full(m, weeks), np.full(m, weeks // 2), np.full(m, max(2, weeks // 4)), rng.integers(2, min(7, weeks), m)],
    )
    first = (rng.random(m) * (weeks - length + 1)).astype(int)
    day = np.datetime64(MONDAY)
    due = pd.DataFrame(
        {
            "check_id": np.char.add("c", np.arange(m).astype(str)), "subject_id": np.char.add("s", subject.astype(str)),
            "unit": np.char.add("u", unit[subject].astype(str)), "street": np.char.add("t", street[subject].astype(str)),
            "department": np.array(DEPARTMENTS)[department], "matter": np.char.add("m", department.astype(str)),
            "hours": HOURS[department], "first": day + 7 * first, "last": day + 7 * (first + length) - 3,
            "priority": np.where(grade[subject] == 3, 1.0, np.where(grade[subject] == 2, 0.5, 0.0)),
        }
    )  # fmt: skip
    profile = np.ones(weeks)
    thin = 4 * weeks // 50, 37 * weeks // 50
    profile[thin[0] : thin[0] + 2], profile[thin[1] : thin[1] + 2] = 0.3, 0.5
    rows = []
    for d, name in enumerate(DEPARTMENTS):
        needs = np.bincount(unit[subject[department == d]], minlength=UNITS) * HOURS[d]
        own = needs / use * 0.3 / profile.sum() >= 6.0  # an inspector-day even in the thinnest week
        pools = [(f"u{u}", needs[u]) for u in np.flatnonzero(own)]
        pools.append(("", needs[~own].sum()))
        for where, demand in pools:
            hours = demand / use * profile / profile.sum()
            rows += [(name, where, MONDAY + timedelta(weeks=w), max(6.0, hours[w])) for w in range(weeks)]
    capacity = pd.DataFrame(rows, columns=["department", "unit", "week", "hours"])
    days = [MONDAY + timedelta(days=7 * w + d) for w in range(weeks) for d in range(5)]
    caps = pd.DataFrame({"subject_id": [f"s{i}" for i in range(n)], "allowed": CLASS_CAP[grade]}) if capped else None
    return Problem(due, capacity, days, caps=caps, rules=rules or Rules())
