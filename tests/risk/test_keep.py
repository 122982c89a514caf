"""Cards kept in step with every upload are the cards made anew from all records."""

from __future__ import annotations

import random

import pytest

from pilotwatch import risk
from pilotwatch.store import SYSTEM, grades, scores, shelf
from pilotwatch.store.grades import POINTS
from tests.risk.made import (
    FOUND,
    SHARED,
    commit,
    complaint,
    opened,
    penalty,
    rating,
    visit,
)  # fmt: skip
from tests.store.made import CITY, LEADER_TIANSHAN, Reading, Station, reading, station

Complaint, CreditRating, Inspection, Penalty = SHARED


@pytest.fixture
def store(open_store):
    return opened(open_store)


def cards(store, person=SYSTEM):
    found = risk.foremost(store.desk(person), limit=1000)
    return found.sort_values("subject_id", ignore_index=True)


def card(store, n: int) -> dict:
    return cards(store).set_index("code").loc[f"U{n:017d}"].to_dict()


def incidents(store):
    with shelf.writing(store) as (connection, _):
        return sorted(scores.incident_subjects(connection, "oil"))


def test_a_card_follows_each_upload_in_its_transaction(store):
    """Nozzles 5 > 4 break a bound of law: 25. Credit D: 30. A warning today: 5. No visit on record: 10. Capital 5000 is of
    consequence 3, so priority 70 · 3."""
    commit(store, Station, station(1, nozzles=5, capital=5000))
    assert (card(store, 1)["breach"], card(store, 1)["score"], card(store, 1)["risk_class"]) == (25, 35, "C")
    commit(store, CreditRating, rating(1, "D"))
    commit(store, Penalty, penalty(1, 1))
    mine = card(store, 1)
    assert {n: mine[n] for n in POINTS} == {
        "credit": 30, "breach": 25, "aberration": 0, "violations": 5, "complaints": 0, "overdue": 10,
    }  # fmt: skip
    assert (mine["score"], mine["risk_class"], mine["credit_class"], mine["consequence"], mine["priority"]) == (
        70,
        "D",
        "D",
        3,
        210,
    )
    commit(store, Inspection, visit(1, 1, age=20))
    assert card(store, 1)["overdue"] == 0
    commit(store, Station, station(1, nozzles=3, capital=5000))
    assert card(store, 1)["breach"] == 0
    assert risk.cells(store.desk(CITY)).to_numpy().tolist() == [["oil", "D", "C", 1]]  # 35 points


def test_a_withdrawn_batch_leaves_the_card_as_it_was(store):
    commit(store, Station, station(1))
    before = cards(store)
    line = commit(store, Penalty, penalty(1, 1))
    assert card(store, 1)["violations"] == 5 and len(incidents(store)) == 1
    store.desk(CITY).withdraw(line.id, "错报")
    assert cards(store).equals(before) and incidents(store) == []


def test_a_subject_that_leaves_the_list_loses_its_card(store):
    line = commit(store, Station, station(1))
    store.desk(CITY).withdraw(line.id, "错报")
    assert cards(store).empty
    assert risk.cells(store.desk(CITY)).empty


@pytest.mark.parametrize("seed", range(2))
def test_following_random_uploads_gives_what_a_rebuild_gives(store, seed, monkeypatch):
    rng, standing = random.Random(seed), []
    acts = {
        "stations": lambda: (Station, [station(n, nozzles=rng.choice((None, 3, 5, 9)), capital=rng.choice((None, 50, 5000)),
                                               division_code=rng.choice(("650102", "650109"))) for n in rng.sample(range(6), 3)]),
        "readings": lambda: (Reading, [reading(n, rng.choice((1.0, 50.0))) for n in rng.sample(range(30), 5)]),
        "penalties": lambda: (Penalty, [penalty(rng.randrange(6), rng.randrange(9), rng.randrange(800))]),
        "complaints": lambda: (Complaint, [complaint(rng.randrange(6), n, rng.randrange(400)) for n in rng.sample(range(50), 8)]),
        "ratings": lambda: (CreditRating, [rating(n, rng.choice("ABCD")) for n in rng.sample(range(6), 2)]),
        "visits": lambda: (Inspection, [visit(rng.randrange(6), rng.randrange(20), rng.randrange(300))]),
    }  # fmt: skip
    for step in range(14):
        if step == 5:
            risk.update(store, FOUND)  # settles the month's usual rate of complaints
        if rng.random() < 0.2 and standing:
            store.desk(CITY).withdraw(standing.pop(rng.randrange(len(standing))), "错报")
            continue
        record, rows = rng.choice(list(acts.values()))()
        if (line := commit(store, record, *rows)).id:
            standing.append(line.id)
    followed = cards(store), risk.cells(store.desk(CITY)), incidents(store)
    monkeypatch.setattr("pilotwatch.risk.keep._AT_ONCE", 2)  # the rebuild goes in several parts
    risk.update(store, FOUND, rebuild=True)
    assert followed[0].equals(cards(store))
    assert followed[1].equals(risk.cells(store.desk(CITY)))
    assert followed[2] == incidents(store)


def test_only_cards_that_say_something_new_are_written(store, monkeypatch):
    commit(store, Station, station(1), station(2))
    written = []
    inner = grades.RISK.replace
    monkeypatch.setattr(
        type(grades.RISK), "replace", lambda self, c, d, s, before, rows: (written.append(len(rows)), inner(c, d, s, before, rows))
    )  # fmt: skip
    risk.update(store, FOUND)
    assert written == []
    commit(store, Penalty, penalty(1, 1))
    assert written == [1]


def test_a_leader_sees_the_own_units_cards_and_cells(store):
    commit(store, Station, station(1), station(2, division_code="650109"))
    assert cards(store, LEADER_TIANSHAN)["code"].str[-1].tolist() == ["1"]
    assert risk.cells(store.desk(LEADER_TIANSHAN))["subjects"].sum() == 1
    assert risk.cells(store.desk(CITY))["subjects"].sum() == 2
