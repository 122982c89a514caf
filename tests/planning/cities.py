"""Random cities for the planner's tests."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import strategies as st

from pilotwatch.planning import Problem, Rules

MONDAY = date(2026, 11, 30)


def days(weeks: int, holidays: frozenset[int] = frozenset()) -> list[date]:
    """Working days of whole weeks; `holidays`: places among them that fall out."""
    every = [MONDAY + timedelta(days=7 * w + d) for w in range(weeks) for d in range(5)]
    return [d for k, d in enumerate(every) if k not in holidays]


@st.composite
def problems(draw, *, checks=(1, 8), subjects=3, weeks=2, pins=False, tight=True):
    """Any few checks: windows with weekends, two units, pooled departments, caps, quiet days, visits made."""
    work = days(weeks, frozenset(draw(st.sets(st.integers(0, 5 * weeks - 1), max_size=2))))
    span = 7 * weeks
    n = draw(st.integers(*checks))
    rows = []
    unit = {f"s{k}": draw(st.sampled_from(["天山区", "新市区"])) for k in range(subjects)}
    for k in range(n):
        subject = f"s{draw(st.integers(0, subjects - 1))}"
        first = draw(st.integers(-2, span - 1))
        rows.append(
            {
                "check_id": f"c{k}", "subject_id": subject,
                "unit": draw(st.sampled_from([unit[subject]] * 5 + ["兵团第十二师"])), "street": draw(st.sampled_from("甲乙")),
                "department": draw(st.sampled_from(["消防", "住建", "市场监管"])), "matter": draw(st.sampled_from("mn")),
                "hours": draw(st.sampled_from([1.0, 2.0, 2.5, 4.0])),
                "first": MONDAY + timedelta(days=first), "last": MONDAY + timedelta(days=first + draw(st.integers(0, 9))),
                "priority": draw(st.sampled_from([0.0, 0.0, 0.5, 2.0])),
                "trigger": draw(st.sampled_from(["planned"] * 4 + ["caused"])),
                "announced": draw(st.sampled_from([True] * 4 + [False])), "alone": draw(st.sampled_from([False] * 6 + [True])),
            }
        )  # fmt: skip
    due = pd.DataFrame(rows)
    if pins:
        due["pinned_on"] = pd.NaT
        due["pinned_visit"] = None
        due = due.astype({"pinned_visit": object})
        for k in draw(st.sets(st.integers(0, n - 1), max_size=3)):
            due.loc[k, "pinned_on"] = pd.Timestamp(MONDAY + timedelta(days=draw(st.integers(0, span - 1))))
        mates = due.groupby(["subject_id", "unit"]).groups
        for number, rows_of in enumerate(mates.values()):
            if len(rows_of) > 1 and draw(st.booleans()):
                for k in list(rows_of)[:2]:
                    due.loc[k, "pinned_visit"] = f"kept-{number}"
                    due.loc[k, "pinned_on"] = due.loc[rows_of[0], "pinned_on"]
    hours = [0.0, 2.0, 3.0, 5.0, 8.0] if tight else [20.0, 40.0]
    capacity = [
        {"department": d, "unit": u, "week": MONDAY + timedelta(weeks=w), "hours": draw(st.sampled_from(hours))}
        for d, u in [("消防", ""), ("住建", "天山区"), ("住建", ""), ("市场监管", "天山区"), ("市场监管", "新市区")]
        for w in range(weeks)
    ]  # fmt: skip
    caps = draw(st.dictionaries(st.sampled_from(sorted(unit)), st.integers(0, 2), max_size=subjects))
    quiet = draw(
        st.lists(st.tuples(st.sampled_from(sorted(unit)), st.integers(0, span), st.integers(0, 4)), max_size=2)
    )
    made = draw(st.lists(st.tuples(st.sampled_from(sorted(unit)), st.integers(-5, span)), max_size=2))
    return Problem(
        due, pd.DataFrame(capacity), work,
        caps=pd.DataFrame({"subject_id": list(caps), "allowed": list(caps.values())}),
        quiet=pd.DataFrame(
            [{"subject_id": s, "first": MONDAY + timedelta(days=a), "last": MONDAY + timedelta(days=a + n)} for s, a, n in quiet],
            columns=["subject_id", "first", "last"],
        ),
        made=pd.DataFrame(
            [{"subject_id": s, "day": MONDAY + timedelta(days=d)} for s, d in made], columns=["subject_id", "day"]
        ),
        rules=Rules(apart=draw(st.sampled_from(["matter", "department", "nothing"]))),
    )  # fmt: skip
