"""Completeness and timeliness of reporting: what was due, by hand, on both stores."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pilotwatch.domain import Domain, Quarter, Record, Spec, Uscc, column
from pilotwatch.registry import Registry
from pilotwatch.review import reporting
from pilotwatch.review.reporting import reported
from pilotwatch.settings import ROOT
from pilotwatch.store import SYSTEM, Arrived, Person
from pilotwatch.workdays import Calendar
from tests.store.made import OWNERS, Reading, Station, Visit, checked

TIANSHAN, SHAYIBAKE = "650102", "650103"
UNITS = (TIANSHAN, SHAYIBAKE)
ON = date(2026, 11, 24)


class Report(Record):
    spec = Spec("t_report", zh="季报", en="Quarterly report", subject="uscc", day="quarter")
    uscc: Uscc = column("代码", "Code", key=True)
    quarter: Quarter = column("季度", "Quarter", key=True)


OIL = Domain("oil", "成品油", "Oil", "O", "SW", (Station, Reading, Report))
FOUND = Registry((OIL,), shared=(Visit,))
CALENDAR = Calendar.load(ROOT / "data" / "calendars")


@pytest.fixture
def store(open_store):
    return open_store((Station, Reading, Report, Visit), owners={**OWNERS, "t_report": {"oil"}})


def put(store, record, rows, at: date):
    arrived = Arrived("表.xlsx", at=datetime(at.year, at.month, at.day, 4, tzinfo=UTC))
    store.desk(SYSTEM).commit(arrived, [checked(record, rows)])


def read(n, day, unit=TIANSHAN):
    at = datetime(day.year, day.month, day.day, 8)  # noqa: DTZ001 - the wall clock
    return {"uscc": f"U{n:017d}", "tank": "1", "read_at": at, "volume": 1.0, "day": day, "report_unit": unit}


def of(store, month, unit=TIANSHAN, domain="oil", who=SYSTEM):
    found = reported(store.desk(who), FOUND, CALENDAR, UNITS, month, ON)
    return {(r.domain, r.report_unit): r for r in found}[domain, unit]


def test_what_came_in_half_of_the_last_year_is_due(store):
    months = [date(2026, m, 15) for m in range(4, 10)]  # April to September: six
    put(store, Reading, [read(1, d) for d in months] + [read(2, d, SHAYIBAKE) for d in months[1:]], date(2026, 10, 9))
    mine = of(store, "2026-10")
    assert [(d.dataset, d.rows, d.state) for d in mine.due] == [("t_reading", 0, "missing")]
    assert (mine.complete, mine.in_time, mine.running) == (0.0, 0.0, False)
    other = of(store, "2026-10", SHAYIBAKE)  # five months only
    assert (other.due, other.complete, other.in_time) == ((), None, None)


def test_in_time_is_what_came_by_the_fifth_working_day(store):
    put(store, Reading, [read(1, date(2026, m, 15)) for m in range(1, 10)], date(2026, 10, 8))
    # November 2026 begins on a Sunday: its fifth working day is Friday, the 6th
    put(store, Reading, [read(1, date(2026, 10, 15)), read(1, date(2026, 10, 16))], date(2026, 11, 6))
    (due,) = of(store, "2026-10").due
    assert (due.deadline, due.rows, due.in_time, due.state) == (date(2026, 11, 6), 2, 2, "in_time")
    put(store, Reading, [read(1, date(2026, 10, 17))], date(2026, 11, 7))
    mine = of(store, "2026-10")
    assert (mine.due[0].rows, mine.due[0].in_time, mine.due[0].state) == (3, 2, "late")
    assert (mine.complete, mine.in_time) == (1.0, 0.0)


def test_a_quarterly_report_is_due_with_the_quarter(store):
    def report(quarter, day):
        return {"uscc": f"U{1:017d}", "quarter": quarter, "day": day, "report_unit": TIANSHAN}

    put(store, Report, [report("2026Q2", date(2026, 4, 1))], date(2026, 7, 10))
    assert [d.dataset for d in of(store, "2026-08").due] == []
    (due,) = of(store, "2026-09").due
    assert (due.dataset, due.rows, due.state) == ("t_report", 0, "missing")
    put(store, Report, [report("2026Q3", date(2026, 7, 1))], date(2026, 10, 20))
    assert of(store, "2026-09").due[0].state == "in_time"


def test_shared_records_are_the_reforms_and_each_sees_their_own(store):
    rows = [
        {
            "visit_no": f"V{m}",
            "uscc": f"U{1:017d}",
            "on": date(2026, m, 3),
            "day": date(2026, m, 3),
            "report_unit": TIANSHAN,
        }
        for m in range(1, 10)
    ]
    put(store, Visit, rows, date(2026, 10, 8))
    assert [d.dataset for d in of(store, "2026-10", domain="reform").due] == ["t_visit"]
    leader = Person("l", "领导", "district_leader", units=frozenset({SHAYIBAKE}))
    seen = reported(store.desk(leader), FOUND, CALENDAR, UNITS, "2026-10", ON)
    assert {r.report_unit for r in seen} == {SHAYIBAKE}


def test_before_the_deadline_nothing_is_final(store):
    put(store, Reading, [read(1, date(2026, m, 15)) for m in range(1, 10)], date(2026, 10, 8))
    found = reported(store.desk(SYSTEM), FOUND, CALENDAR, UNITS, "2026-10", date(2026, 11, 6))
    assert next(r for r in found if (r.domain, r.report_unit) == ("oil", TIANSHAN)).running


def test_the_deadlines_are_practice():
    assert reporting.BASIS.level == "PRAC" and reporting.MONTHLY < reporting.QUARTERLY
