"""No plan that is adopted breaks the guard, and from then on its visits count for everybody who arranges another."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from pilotwatch.inspection import edits, propose
from pilotwatch.inspection.ledger.ask import guard, guard_all
from pilotwatch.reform.common import PLANNED
from pilotwatch.store import SYSTEM, plans
from tests.pages.conftest import city, made_city, open_house  # noqa: F401 - fixtures


def visits_of(desk, kept):
    """The plan's visits as the guard is asked about them; one is planned as soon as one of its checks is."""
    visits, checks = plans.visits(desk, plan_id=kept.id), plans.checks(desk, kept.id)
    checks = checks[checks["visit_id"].notna()]
    matters = checks.groupby("visit_id")["matters"].agg(lambda told: sorted({m for t in told for m in json.loads(t)}))
    planned = checks["trigger"].isin(PLANNED).groupby(checks["visit_id"]).any()
    return pd.DataFrame(
        {
            "id": visits["id"], "subject_id": visits["subject_id"], "day": visits["day"],
            "departments": visits["departments"].map(json.loads), "matters": visits["id"].map(matters),
            "trigger": visits["id"].map(planned).map({True: "双随机", False: "复查"}),
        }
    )  # fmt: skip


@pytest.fixture
def adopted(city):  # noqa: F811
    desk = city.desk(SYSTEM)
    made = propose.propose(city, desk, date(2026, 12, 1), date(2026, 12, 31), units=(), domains=(), seed="guard")
    kept = edits.adopt(city, desk, edits.keep(desk, made))
    return desk, visits_of(desk, kept)


def test_no_adopted_plan_breaks_a_limit(adopted):
    desk, visits = adopted
    assert len(visits) > 5
    found = guard_all(desk, visits, but=set(visits["id"]), among=True)
    assert [(i, s.code) for i, one in enumerate(found) for s in one if s.severity == "stop"] == []


def test_a_visit_of_an_adopted_plan_is_one_to_join(adopted):
    desk, visits = adopted
    row = visits[visits["trigger"] == "双随机"].iloc[0]
    day = row["day"].date()
    (first, *_) = guard(desk, row["subject_id"], day, "MZW", "别的事项")
    assert (first.code, first.join) == ("day", day)
    itself = guard(desk, row["subject_id"], day, row["departments"], row["matters"], but={row["id"]})
    assert all(s.severity != "stop" for s in itself)
