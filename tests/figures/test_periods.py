"""Figures of periods kept in step with every upload are those made anew; each thing is counted once, in its month."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotwatch import figures
from pilotwatch.domain import Area, Basis, Domain, Indicator, Input, Levels, Measure, Record, Spec, Text, Uscc, column
from pilotwatch.figures import ask, periods
from pilotwatch.frames import events, subjects, table
from pilotwatch.records import Inspection, PlannedCheck, ScanIn
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Arrived, Person, shelf
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, Reading, Station, checked, station

ON = date(2026, 11, 23)


class Shop(Record):
    """A shop that sells cards."""

    spec = Spec("t_shop", zh="商户", en="Shops", subject="uscc", kind="subject")
    uscc: Uscc = column("代码", "Code", key=True)


def full(frames, on):
    """Readings above 50 L, by the month they were read in."""
    rows = table(frames, Reading, "read_at", "volume")
    return events(rows, rows["read_at"], rows["volume"] > 50)


def large(frames, on):
    """Stations with more than 4 nozzles."""
    rows = subjects(frames, Station, "nozzles").reset_index()
    return events(rows, pd.Timestamp(on), (rows["nozzles"] > 4).astype("boolean").mask(rows["nozzles"].isna()))


def told(frames, on):
    """All readings, by product of nothing: for 1,000 stations."""
    rows = table(frames, Reading, "read_at")
    return events(rows, rows["read_at"], 1.0)


def _measure(code, needs, compute, **options):
    return Measure(
        code, code, code, needs=needs, compute=compute, numerator=Input("n", "子", "n"), denominator=Input("of", "母", "of"),
        basis=Basis("PRAC", "test"), owner="SWJ", per=Station, **options,
    )  # fmt: skip


def _share(frames, on):
    known = subjects(frames, Station, "self_service")["self_service"].astype("float64")
    return pd.DataFrame({"value": known, "n": known, "of": known.notna().astype("float64").where(known.notna())})


OIL_DOMAIN = Domain(
    "oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Reading),
    indicators=(
        Indicator(
            "OIL-01", "自助", "Self-service", per=Station, needs=(Station,), compute=_share, levels=Levels(red="< 1"),
            basis=Basis("PRAC", "test"), owner="SWJ", inputs=(Input("n", "自助", "n"), Input("of", "已知", "of")),
            area=Area("n", "of", Levels(red="< 50 %"), Basis("PRAC", "test"), Text("比例", "Share")),
        ),
    ),
    measures=(
        _measure("OIL-M01", (Reading,), full, levels=Levels(red=">= 50 %")),
        _measure("OIL-M02", (Station,), large, state=True, value="count", levels=Levels(yellow=">= 2")),
        _measure("OIL-M03", (Reading,), told, value="per_1000"),
    ),
)  # fmt: skip
CARDS_DOMAIN = Domain("cards", zh="卡", en="Cards", code="PPC", lead="SWJ", records=(Shop,))
FOUND = Registry((OIL_DOMAIN, CARDS_DOMAIN), shared=(Inspection, ScanIn, PlannedCheck))
OWNERS = {"t_station": {"oil"}, "t_reading": {"oil"}, "t_shop": {"cards"}}
CARDS_TEAM = Person("cards", "预付卡专班", "pilot_team", None, frozenset({"cards"}))


@pytest.fixture
def store(open_store):
    opened = open_store((Station, Reading, Shop, Inspection, ScanIn, PlannedCheck), owners=OWNERS)
    opened.on_change.append(partial(figures.follow, FOUND, opened))
    return opened


def commit(store, record, *rows):
    return store.desk(SYSTEM).commit(Arrived("f.xlsx"), [checked(record, rows)])


def visit(number, n, day, trigger="双随机", depts=("SWJ",), **said):
    row = {"scan_id": str(number), "uscc": f"U{n:017d}", "depts": json.dumps(depts), "trigger": trigger}
    return row | {"inspected_on": day, "day": day, "result": "未发现问题", "division_code": None} | said


def reading(n, day, volume):
    return {"uscc": f"U{n:017d}", "tank": "1", "read_at": pd.Timestamp(day), "volume": volume, "day": day}


def on_the_shelf(store):
    """Everything kept of periods, subject by subject and place by place."""
    desk = store.desk(SYSTEM)
    kept = []
    for group in periods.groups_of(FOUND):
        codes = [m.code for m in group.measures]
        months = [f"{y}-{m:02}" for y in range(2024, 2028) for m in range(1, 13)] + [shelf.NOW]
        kept.append(shelf.period_sums(desk, group.name, codes, months, by=shelf.PLACE, shared=group.shared))
        for code in codes:
            count, most = shelf.contributors(desk, group.name, code, months, shared=group.shared, limit=10_000)
            kept.append(most.sort_values("subject_id", ignore_index=True).assign(count=count, measure=code))
    return kept


# --- following is remaking -----------------------------------------------------------------------------------------

_day = st.dates(date(2025, 9, 1), date(2026, 11, 20))
_station = st.builds(
    station,
    st.integers(0, 5),
    division_code=st.sampled_from(["650102", "650109"]),
    nozzles=st.sampled_from([None, 3, 5]),
)
_visit = st.builds(
    visit, st.integers(0, 12), st.integers(0, 7), _day, st.sampled_from(["双随机", "专项", "投诉举报"]),
    st.sampled_from([("SWJ",), ("SWJ", "SCJG")]), result=st.sampled_from(["未发现问题", "责令改正"]),
    task_no=st.sampled_from([None, "T"]), division_code=st.sampled_from([None, "650102", "650109"]),
)  # fmt: skip
_reading = st.builds(reading, st.integers(0, 6), _day, st.sampled_from([10.0, 50.0, 80.1]))


def _uploads(record, row):
    rows = st.lists(row, min_size=1, max_size=6, unique_by=lambda r: tuple(str(r[k]) for k in record.key()))
    return st.tuples(st.just(record), rows)


_act = st.one_of(
    _uploads(Station, _station), _uploads(Inspection, _visit), _uploads(Inspection, _visit), _uploads(Reading, _reading),
    _uploads(Shop, st.builds(lambda n: {"uscc": f"U{n:017d}"}, st.integers(0, 7))),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
)  # fmt: skip


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(acts=st.lists(_act, min_size=5, max_size=8))
def test_following_uploads_corrections_and_withdrawals_gives_what_a_rebuild_gives(store, acts):
    for line in store.desk(SYSTEM).batches(limit=1_000):  # an example begins with nothing
        if line.status == "standing":
            store.desk(SYSTEM).withdraw(line.id, "错报")
    assert all(kept.empty for kept in on_the_shelf(store))
    standing = []
    for what, given_ in acts:
        if what != "withdraw":
            standing += [line.id] if (line := commit(store, what, *given_)).id else []
        elif standing:
            store.desk(SYSTEM).withdraw(standing.pop(given_ % len(standing)), "错报")
    followed = on_the_shelf(store)
    figures.update(store, FOUND, rebuild=True)
    for kept, anew in zip(followed, on_the_shelf(store), strict=True):
        pd.testing.assert_frame_equal(kept, anew)


def test_bringing_figures_to_a_day_changes_nothing_that_is_right(store):
    commit(store, Station, station(1, nozzles=5), station(2, nozzles=3))
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8)), visit(2, 2, date(2026, 10, 9)))
    before = on_the_shelf(store)
    figures.update(store, FOUND)
    for kept, again in zip(before, on_the_shelf(store), strict=True):
        pd.testing.assert_frame_equal(kept, again)


def test_figures_of_a_store_that_never_had_any_are_made_with_its_next_upload(store):
    """The hook was off while two batches came, as in a store of an older version."""
    hooks, store.on_change[:] = list(store.on_change), []
    commit(store, Station, station(1), station(2))
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8)))
    store.on_change[:] = hooks
    commit(store, Inspection, visit(2, 2, date(2026, 10, 9)))
    assert value(store, "REF-02", "2026-10") == (0, 2, 0)


# --- periods -------------------------------------------------------------------------------------------------------


def asked(store, code, period, person=CITY, on=ON, **options):
    return ask.measured(store.desk(person), FOUND, [code], ask.Period.of(period), on, **options)


def value(store, code, period, person=CITY, on=ON, **options):
    """(numerator, denominator, value) of the whole; None where there is nothing."""
    rows = asked(store, code, period, person, on, **options)
    whole = rows[rows["kind"] == ""]
    return None if whole.empty else tuple(whole.iloc[0][["numerator", "denominator", "value"]])


def test_a_period_is_a_month_a_quarter_or_a_year():
    assert ask.Period.of("2026-10").months == ("2026-10",)
    assert ask.Period.of("2026Q3").months == ("2026-07", "2026-08", "2026-09")
    assert len(ask.Period.of("2026").months) == 12
    assert ask.Period.of("2026Q1").earlier.text == "2025Q1"
    for wrong in ("2026-13", "2026Q5", "26", "2026-1", "10月"):
        with pytest.raises(ValueError, match=wrong):
            ask.Period.of(wrong)


def test_quarters_and_years_are_ratios_of_sums_not_means_of_ratios(store):
    """July 1 of 1 above 50 L, August 0 of 3: the quarter 1 ÷ 4 = 0.25 (a mean would say 0.5); with October's 2 of 2 the
    year has 3 ÷ 6."""
    commit(store, Station, station(1))
    days = ["2026-07-31", "2026-08-01", "2026-08-15", "2026-08-31", "2026-10-01", "2026-10-02"]
    rows = [reading(1, day, v) for day, v in zip(days, (60, 10, 10, 50, 60, 60), strict=True)]
    commit(store, Reading, *[r | {"day": r["read_at"].date()} for r in rows])
    assert value(store, "OIL-M01", "2026-07") == (1, 1, 1.0)
    assert value(store, "OIL-M01", "2026-08") == (0, 3, 0.0)
    assert value(store, "OIL-M01", "2026-09") is None
    assert value(store, "OIL-M01", "2026Q3") == (1, 4, 0.25)
    assert value(store, "OIL-M01", "2026") == (3, 6, 0.5)


def test_a_month_begins_and_ends_at_midnight(store):
    """23:59 of 31 October is October's, 00:00 of 1 November isn't."""
    commit(store, Station, station(1))
    edge = [reading(1, "2026-10-31 23:59", 60.0), reading(1, "2026-11-01 00:00", 60.0)]
    commit(store, Reading, *[r | {"day": r["read_at"].date()} for r in edge])
    assert value(store, "OIL-M01", "2026-10") == (1, 1, 1.0)
    assert value(store, "OIL-M01", "2026-11") == (1, 1, 1.0)


def test_a_corrected_row_leaves_its_old_month_and_its_old_subject(store):
    commit(store, Station, station(1), station(2, division_code="650109"))
    commit(store, Inspection, visit(1, 1, date(2026, 9, 30)))
    corrected = commit(store, Inspection, visit(1, 2, date(2026, 10, 1)))
    assert value(store, "REF-02", "2026-09") is None
    assert asked(store, "REF-02", "2026-10", by=("report_unit",))["report_unit"].tolist() == ["650109"]
    store.desk(SYSTEM).withdraw(corrected.id, "错报")
    assert asked(store, "REF-02", "2026Q3", by=("report_unit",))["report_unit"].tolist() == ["650102"]


# --- places and scope ----------------------------------------------------------------------------------------------


def test_ganquanpu_is_counted_once_in_its_own_unit_and_in_its_division(store):
    """A visit in 米东区 and one in 甘泉堡, which lies in it: the units have one each, the division two, the city two."""
    commit(store, Station, *[station(n, division_code="650109", report_unit=u) for n, u in ((1, "650109"), (2, "GQP"))])
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8)), visit(2, 2, date(2026, 10, 8)))
    by_unit = asked(store, "REF-02", "2026-10", by=("report_unit",)).set_index("report_unit")["denominator"]
    assert by_unit.to_dict() == {"650109": 1, "GQP": 1}
    assert asked(store, "REF-02", "2026-10", by=("division_code",))["denominator"].tolist() == [2]
    assert value(store, "REF-02", "2026-10") == (0, 2, 0)
    assert value(store, "REF-02", "2026-10", where={"report_unit": "GQP"}) == (0, 1, 0)


def test_a_subject_of_two_domains_is_counted_once_and_seen_by_both_teams(store):
    """Station 1 sells cards, station 2 and shop 3 don't do both; 9 is in no list and reports from 天山区 itself."""
    commit(store, Station, station(1), station(2))
    commit(
        store,
        Shop,
        {"uscc": f"U{1:017d}", "division_code": "650102"},
        {"uscc": f"U{3:017d}", "division_code": "650102"},
    )
    rows = [visit(n, n, date(2026, 10, 8), division_code="650102" if n == 9 else None) for n in (1, 2, 3, 9)]
    commit(store, Inspection, *rows)
    assert value(store, "REF-02", "2026-10") == (0, 4, 0)
    assert value(store, "REF-02", "2026-10", OIL) == (0, 2, 0)
    assert value(store, "REF-02", "2026-10", CARDS_TEAM) == (0, 2, 0)
    assert value(store, "REF-02", "2026-10", LEADER_TIANSHAN) == (0, 4, 0)
    elsewhere = replace(LEADER_TIANSHAN, units=frozenset({"650109"}))
    assert value(store, "REF-02", "2026-10", elsewhere) is None
    assert value(store, "OIL-M01", "2026-10", CARDS_TEAM) is None


def test_a_list_that_comes_after_the_records_places_them(store):
    commit(store, Inspection, visit(1, 1, date(2026, 10, 8)))
    commit(store, Reading, reading(1, "2026-10-08", 60.0) | {"day": date(2026, 10, 8)})
    assert value(store, "REF-02", "2026-10", OIL) is None and value(store, "OIL-M01", "2026-10", OIL) is None
    listed = commit(store, Station, station(1))
    assert value(store, "REF-02", "2026-10", OIL) == (0, 1, 0)
    assert value(store, "OIL-M01", "2026-10", where={"report_unit": "650102"}) == (1, 1, 1.0)
    store.desk(SYSTEM).withdraw(listed.id, "错报")
    assert value(store, "REF-02", "2026-10", OIL) is None and value(store, "OIL-M01", "2026-10") is None


def test_for_1000_subjects_those_that_are_listed_count_and_silence_is_zero_only_where_others_speak(store):
    """天山区: 2 stations, 3 readings: 1,500 for 1,000. 米东区: 1 station, none: 0. In September nobody reported: nothing."""
    commit(store, Station, station(1), station(2), station(3, division_code="650109"))
    commit(store, Reading, *[reading(1, f"2026-10-0{d}", 1.0) | {"day": date(2026, 10, d)} for d in (1, 2, 3)])
    rows = asked(store, "OIL-M03", "2026-10", by=("report_unit",)).set_index("report_unit")["value"]
    assert rows.to_dict() == {"650102": 1500.0, "650109": 0.0}
    assert value(store, "OIL-M03", "2026-10") == (3, 3, 1000.0)
    assert value(store, "OIL-M03", "2026-10", where={"report_unit": "650109"}) == (0, 1, 0.0)
    assert value(store, "OIL-M03", "2026-09") is None


def test_who_stands_behind_a_figure_is_named_the_largest_first(store):
    commit(store, Station, station(1, "一站"), station(2, "二站"))
    rows = [visit(n, 1 + n // 3, date(2026, 10, n + 1), depts=("SWJ", "SCJG")) for n in range(5)]
    commit(store, Inspection, *rows)
    desk = store.desk(CITY)
    total, most = ask.contributing(desk, FOUND, "REF-02", ask.Period.of("2026Q4"), ON, limit=1)
    assert (total, most["name"].tolist(), most["numerator"].tolist()) == (2, ["一站"], [3.0])
    one = most["subject_id"].iloc[0]
    own = ask.of_subject(desk, FOUND, "REF-02", one, ask.Period.of("2026"), ON)
    assert own[["numerator", "denominator", "value"]].to_numpy().tolist() == [[3, 3, 3]]
    made = ask.sources(desk, FOUND, "REF-02", one, ask.Period.of("2026"), ON)
    assert made["source_row"].tolist() == [4, 5, 6] and set(made["dataset"]) == {"inspection"}


# --- how a month ended -----------------------------------------------------------------------------------------------


def test_a_month_that_has_ended_is_kept_once_as_it_was_said(store):
    """In September one of two stations is self-service (one red) and one has 5 nozzles. In October both are and have 5;
    what September said stays, however often figures are brought to a day."""
    figures.update(store, FOUND, on=date(2026, 9, 1))
    commit_on(
        store, date(2026, 9, 20), station(1, self_service=False, nozzles=5), station(2, self_service=True, nozzles=3)
    )
    figures.update(store, FOUND, on=date(2026, 9, 30))
    figures.update(store, FOUND, on=date(2026, 10, 1))
    commit_on(
        store, date(2026, 10, 5), station(1, self_service=True, nozzles=5), station(2, self_service=True, nozzles=5)
    )
    for day in (date(2026, 10, 6), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)):
        figures.update(store, FOUND, on=day)
    desk = store.desk(CITY)
    rows = shelf.month_levels(desk, ["OIL-01"], ["2026-09", "2026-10"], by=())
    assert sorted(map(tuple, rows[["month", "level", "subjects"]].to_numpy())) == [
        ("2026-09", "normal", 1), ("2026-09", "red", 1), ("2026-10", "normal", 2),
    ]  # fmt: skip
    assert set(rows["on_day"].map(str)) == {"2026-09-30", "2026-10-31"}
    november = date(2026, 11, 2)
    assert value(store, "OIL-M02", "2026-09", on=november) == (1, 2, 1)
    assert value(store, "OIL-M02", "2026Q3", on=november) == (1, 2, 1)
    assert value(store, "OIL-M02", "2026", on=november) == (2, 2, 2)
    assert value(store, "OIL-M02", "2026-08", on=november) is None
    area = ask.area_of(desk, FOUND, OIL_DOMAIN.indicators[0], ask.Period.of("2026-09"), november)
    assert area[["numerator", "denominator", "value"]].to_numpy().tolist() == [[1, 2, 0.5]]


def commit_on(store, day, *rows):
    """An upload on a day, of which the figures are brought to that day."""
    hooks, store.on_change[:] = list(store.on_change), []
    commit(store, Station, *rows)
    store.on_change[:] = hooks
    figures.update(store, FOUND, on=day)
