"""A history of some shops replayed end to end, and what became of warnings: figures worked out by hand, in scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from pilotwatch import scorecard, warnings
from pilotwatch.contract import faults
from pilotwatch.domain import Incident
from pilotwatch.scorecard.planted import Truth
from pilotwatch.settings import ROOT
from pilotwatch.store import Person, StoreRefused, scores, shelf
from pilotwatch.workdays import Calendar, today
from tests.scorecard.made import DOMAIN, FOUND, OWNERS, RECORDS, Cash, Closure, Shop, cash, code, commit, day, shop
from tests.store.made import CITY, LEADER_TIANSHAN

LAST = 364  # days that are replayed
CALENDAR = Calendar.load(ROOT / "data" / "calendars")


@pytest.fixture
def store(open_store):
    """Thirty shops. Each of the first 25 runs short on day 50 + 10·n and closes 17 days later, but every fifth doesn't;
    shops 25 and 26 run short and never close; the others never do."""
    opened = open_store(RECORDS, owners=OWNERS)
    commit(opened, Shop, [shop(n) for n in range(30)], arrived=-1)
    readings = [cash(n, 0, 100.0) for n in range(30)] + [cash(n, 50 + 10 * n, 5.0) for n in range(27)]
    commit(opened, Cash, readings, arrived=400)
    closures = [{"uscc": code(n), "closed_on": day(50 + 10 * n + 17)} for n in range(25) if n % 5]
    commit(opened, Closure, [*closures, {"uscc": code(29), "closed_on": day(200)}], arrived=400)
    return opened


def _subject(store, n: int) -> str:
    listed = store.desk(CITY).subjects(["subject_id", "code"])
    return str(listed.set_index("code")["subject_id"][code(n)])


def test_the_replay_gives_precision_recall_lead_a_bound_and_what_is_seen_of_what_was_planted(store):
    """Known three days after each reading: the first Monday at or after day 53 + 10·n warns, 0 to 6 days later. All 27
    shops warn once; 20 of the 25 close in time (right), 7 don't (5 + shops 25 and 26): 20 of 27. Shop 29 closes without
    a warning: 20 of 21 incidents. Lead is 14 days less the wait for the Monday: of 20 leads the mean of the middle two.

    Planted are shop 1, seen on the Monday after day 63, 67 - 63 = 4 days ahead, and shop 28, which is never seen. On the
    last day 27 shops are in alarm, one of them planted.
    """
    truths = [Truth("short", _subject(store, 1), day(67)), Truth("short", _subject(store, 28), None)]
    desk = store.desk(CITY)
    done = scorecard.run(desk, scorecard.plan(DOMAIN, day(LAST), since=day(0)), truths)
    row = done["indicators"][0]
    red = row["levels"]["red"]
    assert (done["decision_days"], done["subjects"], red["standing"]) == (53, 30, 0)
    assert (red["precision"]["hits"], red["precision"]["of"]) == (20, 27)
    assert (red["recall"]["hits"], red["recall"]["of"]) == (20, 21)
    leads = sorted(14 - (-(53 + 10 * n)) % 7 for n in range(25) if n % 5)
    assert red["lead_days"]["median"] == (leads[9] + leads[10]) / 2

    trade = next(t for t in row["tradeoffs"] if t["level"] == "red")
    points = {p["bound"]: p for p in trade["points"]}
    assert points[10]["recall"]["hits"] == 20 and points[10]["episodes"] == 27
    assert trade["proposed"]["why"] == "best" and trade["proposed"]["bound"] in points

    seen = next(p for p in done["planted"] if p["indicator"] == "SHP-01")
    assert (seen["recall"]["hits"], seen["recall"]["of"]) == (1, 2)
    assert (seen["precision"]["hits"], seen["precision"]["of"]) == (1, 27)
    assert seen["lead_days"]["median"] == 4

    scorecard.keep(desk, done)
    kept = scorecard.backtests(store.desk(LEADER_TIANSHAN))
    assert kept["shops", "SHP-01"]["levels"]["red"]["precision"]["hits"] == 20
    assert kept["shops", "*"]["planted"][0]["kind"] == "short"
    assert scorecard.backtests(store.desk(replace(CITY, domains=frozenset({"other"})))) == {}
    for person in (replace(CITY, units=frozenset({"650102"})), LEADER_TIANSHAN):  # it is kept for the whole city
        with pytest.raises(StoreRefused):
            scorecard.keep(store.desk(person), done)


def test_a_back_test_stays_in_the_persons_scope(store):
    nobody = replace(CITY, units=frozenset({"650109"}))
    found = scorecard.run(store.desk(nobody), scorecard.plan(DOMAIN, day(LAST), since=day(0)))
    assert found["subjects"] == 0 and found["indicators"][0]["levels"]["red"]["recall"]["of"] == 0


def test_an_indicator_cannot_confirm_itself():
    """It reads the readings, so an incident found in the readings is refused; unless its reading can't raise the alarm."""
    mine = Incident("poor", "没钱", "Poor", (Cash,), lambda frames: None, ("SHP-01",))
    assert [p.where for p in faults(replace(DOMAIN, incidents=(mine,)))] == ["poor: SHP-01"]
    assert faults(replace(DOMAIN, incidents=(replace(mine, apart=("SHP-01",)),))) == []
    assert faults(replace(DOMAIN, incidents=(replace(mine, warned_by=("SHP-09",)),)))[0].where == "poor: SHP-09"


# --- what became of the warnings -----------------------------------------------------------------------------------


def test_the_scorecard_counts_verdicts_leads_and_what_nobody_acted_on(store):
    """All 27 short shops warn today. Three are closed: true, false, transferred: precision 1 of 2. An incident five days
    later gives the lead of one; the time of a red warning's first action (24 h) isn't over yet."""
    warnings.update(store, FOUND)
    desk = store.desk(CITY)
    opened = warnings.listed(desk)
    assert len(opened) == 27
    for row, verdict in zip(opened.itertuples(), ("true", "false", "transferred"), strict=False):
        warnings.close(desk, row.subject_id, row.id, verdict, "现场核查", today())
    subject = opened["subject_id"].iloc[3]
    _put_incident(store, subject, days=5)
    _put_incident(store, opened["subject_id"].iloc[4], days=40)  # beyond the four weeks of the horizon
    score = scorecard.scores_of(desk, FOUND, CALENDAR)[0]
    assert (score.open, score.closed, score.true, score.false, score.transferred) == (24, 3, 1, 1, 1)
    assert (score.precision.hits, score.precision.of, score.precision.enough) == (1, 2, False)
    assert (score.lead.count, score.lead.median) == (1, 5.0)
    assert (score.over, score.unacted) == (0, 0)
    assert score.per_week == pytest.approx(27 / 12)
    other = scorecard.scores_of(
        store.desk(Person("x", "米东", "district_leader", frozenset({"650109"}))), FOUND, CALENDAR
    )
    assert (other[0].open, other[0].lead.count) == (0, 0)


def test_a_warning_nobody_took_on_in_time_is_counted(store):
    """Ten days after its opening the 24 hours of a red warning are over."""
    warnings.update(store, FOUND, on=today() - timedelta(days=10))
    desk = store.desk(CITY)
    row = warnings.listed(desk).iloc[0]
    warnings.acknowledge(desk, row["subject_id"], row["id"])
    score = scorecard.scores_of(desk, FOUND, CALENDAR)[0]
    assert (score.over, score.unacted) == (27, 26)


def _put_incident(store, subject: str, days: int) -> None:
    rows = pa.table(
        {"subject_id": [subject], "kind": ["closed"], "day": pa.array([today() + timedelta(days)], pa.date32())}
    )
    with shelf.writing(store) as (connection, _):
        scores.replace_incidents(connection, "shops", [subject], ["closed"], rows)
