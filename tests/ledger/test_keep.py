"""The ledger in the store: it adds up to REF-02 in every scope and period, follows every upload, and leads to its rows."""

from __future__ import annotations

import json
from datetime import date
from functools import partial

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pilotwatch import figures
from pilotwatch.figures import ask
from pilotwatch.inspection.ledger import NAME, keep
from pilotwatch.inspection.ledger.trace import sources
from pilotwatch.records import Inspection
from pilotwatch.store import SYSTEM, Arrived, Person, StoreRefused, shelf
from pilotwatch.store import ledger as kept
from tests.figures.test_periods import CARDS_TEAM, FOUND, OWNERS, Shop, visit
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, OIL_TIANSHAN, Reading, Station, checked, station

ON = date(2026, 11, 23)
MONTHS = [f"{y}-{m:02}" for y in (2025, 2026) for m in range(1, 13)]
MIDONG = Person("md", "米东区领导", "district_leader", frozenset({"650109"}))
SCOPES = (CITY, OIL, OIL_TIANSHAN, CARDS_TEAM, LEADER_TIANSHAN, MIDONG)


@pytest.fixture
def store(open_store):
    from pilotwatch.records import PlannedCheck, ScanIn

    opened = open_store((Station, Reading, Shop, Inspection, ScanIn, PlannedCheck), owners=OWNERS)
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    opened.on_change.append(partial(keep.follow, FOUND, opened))
    return opened


def commit(store, record, *rows, **arrived):
    return store.desk(SYSTEM).commit(Arrived("台账.xlsx", **arrived), [checked(record, rows)])


def plan(number, n, dept, first, last, **said):
    return {"plan_no": str(number), "uscc": f"U{n:017d}", "dept": dept, "window_from": first, "window_until": last,
            "trigger": "双随机", "day": first} | said  # fmt: skip


def ref_02(store, person, period, where=None):
    rows = ask.measured(store.desk(person), FOUND, ["REF-02"], ask.Period.of(period), ON, where=where)
    return int(rows.loc[rows["kind"] == "", "numerator"].sum())


def total(store, person, period, where=None):
    rows = kept.totals(store.desk(person), ask.Period.of(period).months, where=where)
    return int(rows["saved"].sum())


def everything(store):
    """The whole of the ledger, row by row and sum by sum."""
    desk = store.desk(SYSTEM)
    rows = kept.listed(desk, MONTHS, limit=10_000).sort_values(["subject_id", "id"], ignore_index=True)
    sums = [
        shelf.period_sums(desk, NAME, [code], MONTHS, by=shelf.PLACE, shared=True).sort_values(
            ["period", "kind", *shelf.PLACE], ignore_index=True
        )
        for code in ("missed", "guard")
    ]
    return rows, *sums


# --- REF-02 ------------------------------------------------------------------------------------------------------------

_day = st.dates(date(2025, 11, 1), date(2026, 11, 22))
_station = st.builds(station, st.integers(0, 5), division_code=st.sampled_from(["650102", "650109"]))
_visit = st.builds(
    visit, st.integers(0, 14), st.integers(0, 7), _day, st.sampled_from(["双随机", "复查", "投诉举报"]),
    st.sampled_from([("SWJ",), ("SCJG",), ("SWJ", "SCJG"), ("SWJ", "SCJG", "XFJY")]), task_no=st.sampled_from([None, "T"]),
    joint=st.sampled_from([None, True, False]), off_site=st.sampled_from([None, True]),
    division_code=st.sampled_from([None, "650102", "650109"]),
)  # fmt: skip


def _uploads(record, row):
    rows = st.lists(row, min_size=1, max_size=7, unique_by=lambda r: tuple(str(r[k]) for k in record.key()))
    return st.tuples(st.just(record), rows)


_act = st.one_of(
    _uploads(Station, _station), _uploads(Inspection, _visit), _uploads(Inspection, _visit),
    _uploads(Shop, st.builds(lambda n: {"uscc": f"U{n:017d}", "division_code": "650109"}, st.integers(0, 7))),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
)  # fmt: skip


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    phases=[Phase.generate],  # a store is too slow a thing to shrink by
)
@given(acts=st.lists(_act, min_size=6, max_size=9))
def test_the_ledger_adds_up_to_ref_02_and_follows_what_a_rebuild_gives(store, acts):
    for line in store.desk(SYSTEM).batches(limit=1_000):  # an example begins with nothing
        if line.status == "standing":
            store.desk(SYSTEM).withdraw(line.id, "错报")
    assert everything(store)[0].empty
    standing = []
    for what, given_ in acts:
        if what != "withdraw":
            standing += [line.id] if (line := commit(store, what, *given_)).id else []
        elif standing:
            store.desk(SYSTEM).withdraw(standing.pop(given_ % len(standing)), "错报")
    for person in SCOPES:
        for period in ("2025", "2026", "2026Q3", "2026-10"):
            for where in (None, {"report_unit": "650102"}, {"division_code": "650109"}):
                assert total(store, person, period, where) == ref_02(store, person, period, where)
    followed = everything(store)
    keep.update(store, FOUND, ON, runs=2)
    for mine, anew in zip(followed, everything(store), strict=True):
        pd.testing.assert_frame_equal(mine, anew)


def test_a_visit_of_three_saved_two_and_says_which_plans_it_stood_for(store):
    """SWJ and SCJG had a plan around the day, XFJY had none."""
    from pilotwatch.records import PlannedCheck

    commit(store, Station, station(1, "一站"))
    commit(store, PlannedCheck, plan(1, 1, "SWJ", date(2026, 10, 1), date(2026, 10, 20)),
           plan(2, 1, "SCJG", date(2026, 10, 5), date(2026, 11, 5)))  # fmt: skip
    commit(store, Inspection, visit("V1", 1, date(2026, 10, 8), depts=("SWJ", "SCJG", "XFJY"), task_no="T1"))
    (row,) = kept.listed(store.desk(CITY), ["2026-10"]).to_dict("records")
    assert (row["name"], row["saved"], row["rule"], json.loads(row["departments"])) == (
        "一站", 2, "plans", ["SWJ", "SCJG", "XFJY"],
    )  # fmt: skip
    assert json.loads(row["replaced"]) == [
        {"department": "SWJ", "plan_no": "1", "from": "2026-10-01", "until": "2026-10-20"},
        {"department": "SCJG", "plan_no": "2", "from": "2026-10-05", "until": "2026-11-05"},
        {"department": "XFJY"},
    ]


def test_what_made_one_visit_of_several_is_told(store):
    """Two rows of task T; one row with two departments; a joint one that names nobody else."""
    rows = [
        visit("A", 1, date(2026, 10, 8), task_no="T"), visit("B", 1, date(2026, 10, 8), depts=("SCJG",), task_no="T"),
        visit("C", 2, date(2026, 10, 8), depts=("SWJ", "SCJG")), visit("D", 3, date(2026, 10, 8), joint=True),
        visit("E", 4, date(2026, 10, 8)),
    ]  # fmt: skip
    commit(store, Station, *[station(n) for n in range(1, 5)])
    commit(store, Inspection, *rows)
    by_rule = kept.totals(store.desk(CITY), ["2026-10"], by=("rule",)).set_index("rule")["saved"].to_dict()
    assert by_rule == {"task": 1, "record": 1, "declared": 1}
    assert total(store, CITY, "2026-10") == ref_02(store, CITY, "2026-10") == 3


def test_a_row_of_the_ledger_leads_to_file_sheet_and_rows(store):
    commit(store, Station, station(1))
    commit(store, Inspection, visit("A", 1, date(2026, 10, 8), task_no="T"), visit("X", 1, date(2026, 10, 9)),
           visit("B", 1, date(2026, 10, 8), depts=("SCJG",), task_no="T"))  # fmt: skip
    desk = store.desk(CITY)
    found = sources(desk, kept.listed(desk, ["2026-10"]))
    assert found[["record_key", "file", "sheet", "source_row"]].to_numpy().tolist() == [
        ["A", "台账.xlsx", "Sheet1", 4], ["B", "台账.xlsx", "Sheet1", 6],
    ]  # fmt: skip


def test_a_row_of_the_ledger_is_seen_by_those_whose_subject_it_is(store):
    commit(store, Station, station(1), station(2, division_code="650109"))
    commit(store, Inspection, *[visit(n, n, date(2026, 10, 8), depts=("SWJ", "SCJG")) for n in (1, 2)])
    seen = {p.username: len(kept.listed(store.desk(p), ["2026-10"])) for p in SCOPES}
    assert seen == {"city": 2, "oil": 2, "oil-ts": 1, "cards": 0, "ts": 1, "md": 1}
    (row,) = kept.listed(store.desk(MIDONG), ["2026-10"]).to_dict("records")
    assert kept.one(store.desk(MIDONG), row["id"])["subject_id"] == row["subject_id"]
    assert kept.one(store.desk(LEADER_TIANSHAN), row["id"]) is None
    assert kept.one(store.desk(CITY), "no id") is None


# --- what was missed and repeated --------------------------------------------------------------------------------------


def test_what_was_missed_is_summed_by_reach_and_place(store):
    """Station 1 in 天山区: SWJ on the 1st, SCJG on the 8th: one too many within 7 days to either side, none within 3."""
    commit(store, Station, station(1, "一站"), station(2, division_code="650109"))
    commit(store, Inspection, visit(1, 1, date(2026, 10, 1)), visit(2, 1, date(2026, 10, 8), depts=("SCJG",)),
           visit(3, 2, date(2026, 10, 8)))  # fmt: skip
    sums = shelf.period_sums(store.desk(CITY), NAME, ["missed"], ["2026-10"], by=("report_unit",), shared=True)
    told = sums.set_index(["kind", "report_unit"])[["numerator", "denominator"]]
    assert told.loc[("d3", "650102")].tolist() == [0, 2] and told.loc[("d7", "650102")].tolist() == [1, 2]
    assert told.loc[("d7", "650109")].tolist() == [0, 1]
    count, most = kept.most(store.desk(CITY), "missed", "d7", ["2026-10"])
    assert (count, most["name"].tolist(), most["n"].tolist(), most["visits"].tolist()) == (1, ["一站"], [1], [2])
    assert kept.most(store.desk(MIDONG), "missed", "d7", ["2026-10"])[0] == 0


def test_broken_limits_are_summed_by_limit(store):
    """SWJ twice on a day: too close, and once more within 60 days."""
    commit(store, Station, station(1))
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8)), visit(2, 1, date(2026, 10, 8)))
    sums = shelf.period_sums(store.desk(CITY), NAME, ["guard"], ["2026-10"], shared=True).set_index("kind")
    assert sums["numerator"].to_dict() == {"day": 1, "sixty": 1, "visits": 0}
    assert sums.loc["visits", "denominator"] == 2


def test_chance_is_worked_out_for_units_and_the_city(store):
    commit(store, Station, station(1), station(2, division_code="650109"))
    rows = [visit(f"{n}{d}", n, date(2026, 10, 5 * n), depts=(d,)) for n in (1, 2) for d in ("SWJ", "SCJG")]
    commit(store, Inspection, *rows)
    keep.update(store, FOUND, ON, runs=3)
    told = kept.chances(store.desk(CITY))
    assert set(told["report_unit"]) == {"", "650102", "650109"}
    whole = told[(told["report_unit"] == "") & (told["reach"] == "d0")].iloc[0]
    assert (whole["trips"], whole["missed"], whole["runs"]) == (4, 2, 3)
    assert set(kept.chances(store.desk(MIDONG))["report_unit"]) == {"650109"}


def test_a_store_of_an_older_version_gets_its_ledger_with_the_next_upload(store):
    commit(store, Station, station(1))
    hooks, store.on_change[:] = list(store.on_change), store.on_change[:1]
    with shelf.writing(store) as (connection, _):
        from pilotwatch.store.registers import Registers

        Registers(connection).set_setting("figures_day:periods:ledger", None)
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8), depts=("SWJ", "SCJG")))
    assert total(store, CITY, "2026-10") == 0
    store.on_change[:] = hooks
    commit(store, Inspection, visit(2, 1, date(2026, 10, 9)))
    assert total(store, CITY, "2026-10") == 1


# --- before a visit ----------------------------------------------------------------------------------------------------


def test_the_guard_counts_all_visits_of_a_subject_and_refuses_one_of_elsewhere(store):
    from pilotwatch.inspection.ledger.ask import guard, guard_all

    commit(store, Station, station(1), station(2, division_code="650109"))
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8), division_code="650109", items='["账"]'))
    (subject,) = store.desk(CITY).subjects(["subject_id"], where={"code": f"U{1:017d}"})["subject_id"]
    for person in (CITY, LEADER_TIANSHAN, OIL_TIANSHAN):
        found = guard(store.desk(person), subject, date(2026, 10, 8), "SCJG", "账")
        assert [s.code for s in found] == ["day", "recognised", "sixty"]
    assert guard(store.desk(CITY), subject, date(2026, 10, 8), "SCJG", "账", trigger="投诉举报") == []
    with pytest.raises(StoreRefused) as no:
        guard(store.desk(MIDONG), subject, date(2026, 10, 8), "SCJG", "账")
    assert no.value.rule == "scope"
    wanted = pd.DataFrame({
        "subject_id": [subject, subject], "day": pd.to_datetime(["2026-10-08", "2026-12-20"]),
        "departments": [["SCJG"], ["SWJ"]], "matters": [["账"], ["账"]],
    })  # fmt: skip
    assert [[s.code for s in one] for one in guard_all(store.desk(CITY), wanted)] == [
        ["day", "recognised", "sixty"], ["item"],
    ]  # fmt: skip
