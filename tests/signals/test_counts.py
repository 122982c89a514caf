"""Counts by place and day follow every upload and withdrawal, and are what a count of all records anew gives."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from pilotwatch import figures, signals
from pilotwatch.signals import counts
from pilotwatch.store import SYSTEM, shelf
from pilotwatch.store import signals as kept
from pilotwatch.workdays import today
from tests.signals.made import FOUND, OWNERS, RECORDS, SHEETS, VISITS, Sheet, commit, sheet, visit
from tests.store.made import CITY, OIL, Station, Visit, station

ON = date(2026, 6, 1)


@pytest.fixture
def store(open_store, monkeypatch):
    monkeypatch.setattr(counts, "SHARED", (SHEETS,))
    opened = open_store(RECORDS, owners=OWNERS)
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    opened.on_change.append(partial(signals.follow, FOUND, opened))
    return opened


def _cases(store):
    with shelf.writing(store) as (connection, _):
        rows = kept.place_counts(connection, "oil", date(2000, 1, 1))
    return rows.sort_values(list(rows.columns), ignore_index=True)


def _of_subjects(store):
    with shelf.writing(store) as (connection, _desk):
        everyone = kept.counted_subjects(connection, "oil")
        rows = kept.COUNTS.of_subjects(connection, "oil", everyone)
    return rows.sort_by([(n, "ascending") for n in rows.column_names]).to_pydict()


def _told(store, measure):
    rows = _cases(store).query("measure == @measure")
    return [(r.report_unit, f"{r.day:%m-%d}", r.n) for r in rows.itertuples()]


def test_rows_are_counted_by_the_place_they_name_else_by_where_their_subject_is_listed(store):
    """Two visits of one day in Tianshan (one row names the district, one doesn't), one in Midong a day later."""
    commit(store, Station, [station(1), station(2, division_code="650109")])
    commit(
        store, Visit,
        [visit(1, 1, ON, division_code="650102", report_unit="650102"), visit(2, 1, ON), visit(3, 2, ON + timedelta(1))],
    )  # fmt: skip
    assert _told(store, "visit") == [("650102", "06-01", 2), ("650109", "06-02", 1)]


def test_a_row_that_does_not_count_still_tells_that_its_day_was_reported(store):
    commit(store, Station, [station(1)])
    commit(store, Sheet, [sheet(1, 1, ON, "咨询"), sheet(2, 1, ON + timedelta(1))], CITY)
    assert _told(store, "sheet") == [("650102", "06-01", 0), ("650102", "06-02", 1)]


def test_of_a_shared_record_those_rows_count_that_are_about_somebody_in_the_domains_lists(store):
    """Sheet 2 is about station 2, which is listed only later; the visit is the domain's own record and counts at once."""
    commit(store, Station, [station(1)])
    commit(store, Sheet, [sheet(1, 1, ON), sheet(2, 2, ON)], CITY)
    commit(store, Visit, [visit(1, 2, ON)])
    assert _told(store, "sheet") == [("650102", "06-01", 1)]
    assert _told(store, "visit") == [("", "06-01", 1)]
    commit(store, Station, [station(2)])
    assert _told(store, "sheet") == [("650102", "06-01", 2)]
    assert _told(store, "visit") == [("650102", "06-01", 1)]


def test_a_correction_moves_a_case_and_a_withdrawal_brings_it_back(store):
    commit(store, Station, [station(1), station(2, division_code="650109")])
    commit(store, Visit, [visit(1, 1, ON)])
    moved = commit(store, Visit, [visit(1, 2, ON + timedelta(2))])  # the same visit, of another station and day
    assert _told(store, "visit") == [("650109", "06-03", 1)]
    store.desk(OIL).withdraw(moved.id, "错报")
    assert _told(store, "visit") == [("650102", "06-01", 1)]


@pytest.mark.parametrize("seed", range(3))
def test_following_random_commits_and_withdrawals_gives_what_counting_anew_gives(store, seed, monkeypatch):
    monkeypatch.setattr("pilotwatch.signals.keep._AT_ONCE", 3)  # subjects in several parts
    rng, standing = random.Random(seed), []
    commit(store, Station, [station(n) for n in range(4)])
    commit(store, Visit, [visit(99, 1, today())])
    for step in range(9):
        act = rng.choice(("stations", "visits", "sheets", "sheets", "withdraw"))
        day = today() - timedelta(rng.randrange(60))
        some = rng.sample(range(8), rng.randint(1, 5))
        if act == "withdraw":
            if standing:
                store.desk(CITY).withdraw(standing.pop(rng.randrange(len(standing))), "错报")
            continue
        if act == "stations":
            rows = [station(n, str(step), division_code=rng.choice(("650102", "650109"))) for n in some]
            line = commit(store, Station, rows)
        elif act == "visits":
            line = commit(store, Visit, [visit(rng.randrange(20), n, day) for n in some[:1]])
        else:
            rows = [sheet(100 * step + n, n, day, rng.choice(("投诉", "咨询"))) for n in some]
            line = commit(store, Sheet, rows, CITY)
        if line.id:
            standing.append(line.id)
    followed = _cases(store), _of_subjects(store), _judged(store)
    assert len(followed[0]) and len(followed[2])
    signals.update(store, FOUND, rebuild=True)
    pd.testing.assert_frame_equal(followed[0], _cases(store))
    assert followed[1] == _of_subjects(store)
    pd.testing.assert_frame_equal(followed[2], _judged(store))


def _judged(store):
    """What the units and the city were last judged to be; when an alarm was raised is a matter of history."""
    rows = signals.listed(store.desk(SYSTEM))
    rows = rows[rows["kind"].isin(["unit", "city"])].drop(columns="raised_on")
    return rows.sort_values(["measure", "kind", "place"], ignore_index=True)


def test_a_store_that_never_counted_counts_at_its_first_update(store):
    hooks = list(store.on_change)
    store.on_change.clear()
    commit(store, Station, [station(1)])
    commit(store, Visit, [visit(1, 1, ON)])
    store.on_change[:] = hooks
    assert _cases(store).empty
    figures.update(store, FOUND)
    signals.update(store, FOUND)
    assert _told(store, "visit") == [("650102", "06-01", 1)]


def test_a_commit_whose_count_fails_stores_nothing(store, monkeypatch):
    commit(store, Station, [station(1)])
    monkeypatch.setattr("pilotwatch.signals.keep.cases_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        commit(store, Visit, [visit(1, 1, ON)])
    assert store.desk(OIL).frame("t_visit").empty and _cases(store).empty


def test_a_weight_is_a_whole_number_and_the_day_is_that_of_the_first_field_that_is_filled():
    """Weights 2 and 0; the second row has no own day, so the record's day counts."""
    from dataclasses import replace

    count = replace(VISITS, fields=("note",), weigh=lambda rows: rows["note"].eq("重").astype(int) * 2, day="on")
    rows = pd.DataFrame(
        {
            "subject_id": ["a", "a"], "day": pd.to_datetime(["2026-06-09", "2026-06-09"]), "on": pd.to_datetime(["2026-06-01", None]),
            "note": ["重", "轻"], "report_unit": ["650102"] * 2, "division_code": ["650102"] * 2, "street_code": [None, "650102003"],
        }
    )  # fmt: skip
    listed = pd.DataFrame(
        {"subject_id": ["a"], "report_unit": "650102", "division_code": "650102", "street_code": "650102002"}
    )
    found = counts.cases_of(count, rows, listed, own=True)
    told = [(f"{r.day:%m-%d}", r.street_code, r.n) for r in found.itertuples()]
    assert told == [("06-01", "650102002", 2), ("06-09", "650102003", 0)]
