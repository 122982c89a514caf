"""What a subject's page tells of it follows from what its records declare, whatever domain they are of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from pilotwatch import registry, subjects
from pilotwatch.domain import Choices, Department, Domain, Record, Spec, Uscc, column
from pilotwatch.identity import subject_id
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM
from tests.store.made import CITY, LEADER_TIANSHAN, OWNERS, Station, checked, station
from tests.store.uploads import arrived

FOUND = registry.load()


class Check(Record):
    """A visit by departments."""

    spec = Spec("t_check", zh="检查", en="Checks", subject="uscc", day="on", name="name")
    no: str = column("编号", "Number", key=True)
    name: str | None = column("名称", "Name")
    uscc: Uscc = column("代码", "Code")
    on: date = column("日期", "On")
    depts: list[Department] = column("部门", "Departments")
    note: str | None = column("说明", "Note")
    officer: str | None = column("人员", "Officer", mask="name")
    caller: str | None = column("举报人", "Caller", reporter=True)
    fine: Decimal | None = column("罚款", "Fine", unit="yuan")
    result: str = column("结果", "Result", choices=Choices.of(("ok", "合格", "Good"), ("bad", "不合格", "Bad")))


class Delivery(Record):
    """What comes often."""

    spec = Spec("t_delivery", zh="配送", en="Deliveries", subject="uscc", day="at")
    uscc: Uscc = column("代码", "Code", key=True)
    at: datetime = column("时间", "At", key=True)
    litres: Decimal = column("油量", "Litres", unit="L")


class Tank(Record):
    """What a station has: no day belongs to it."""

    spec = Spec("t_tank", zh="油罐", en="Tanks", subject="uscc")
    uscc: Uscc = column("代码", "Code", key=True)
    no: str = column("罐号", "Number", key=True)
    owner: str | None = column("责任人", "Owner", mask="name")


OIL = Domain("oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Delivery, Tank))
MADE = Registry((OIL,), shared=(Check,))
ONE = str(subject_id("uscc", station(1)["uscc"]))
TODAY = date(2026, 11, 23)


def titles(columns):
    return [c.title.zh for c in columns]


def test_an_event_is_told_by_its_choices_first_and_never_by_persons_or_reporters():
    assert titles(subjects.told(Check)) == ["结果", "说明", "罚款"]
    assert titles(subjects.departments_of(Check)) == ["部门"]
    assert subjects.measure(Check).name == "fine"
    assert titles(subjects.stated(Tank)) == ["罐号"]


@pytest.mark.parametrize("record", FOUND.records, ids=lambda r: r.spec.dataset)
def test_no_record_tells_personal_data_or_who_reported(record):
    shown = {*subjects.told(record), *subjects.stated(record), *subjects.departments_of(record)}
    assert [c.name for c in shown if c.mask or c.reporter] == []


def test_what_people_report_marks_what_may_tell_who_they_are():
    """总局令第20号 art. 33, 第121号 art. 36: a sheet's number leads to its caller, words may name them."""
    marked = {r.spec.dataset: {c.name for c in r.columns() if c.reporter} for r in FOUND.records}
    assert {d: m for d, m in marked.items() if m} == {
        "complaint": {"ref_no", "subject", "address"},
        "clue": {"channel_ref_no", "content", "real_name", "confidential", "evidence", "address"},
    }


def test_a_subject_of_a_list_has_the_domains_and_indicators_of_that_list_alone():
    assert [d.name for d in subjects.domains_of(FOUND, ["oil_station"])] == ["refined_oil"]
    codes = {i.code[:3] for i in subjects.indicators_of(FOUND.indicators, ["oil_station"])}
    assert codes == {"OIL"}
    assert [i.code for i in subjects.indicators_of(FOUND.indicators, ["sbh_appraiser"])] == ["SBH-14"]


@pytest.fixture
def store(open_store):
    """Station 1: 13 deliveries in November, three in October, a check in each month and one next year, a tank."""
    records = (Station, Delivery, Tank, Check)
    store = open_store(records, owners={**OWNERS, "t_delivery": {"oil"}, "t_tank": {"oil"}})
    code = station(1)["uscc"]
    place = {"division_code": "650102", "report_unit": "650102"}
    november = [datetime(2026, 11, 1) + timedelta(days=n) for n in range(13)]  # noqa: DTZ001 - as a file states it
    october = [datetime(2026, 10, n) for n in (3, 10, 20)]  # noqa: DTZ001
    deliveries = [
        {"uscc": code, "at": at, "day": at.date(), "litres": 1000.0 + n, **place}
        for n, at in enumerate([*november, *october])
    ]
    checks = [
        {"no": f"C{n}", "uscc": code, "on": day, "day": day, "depts": '["SWJ", "YJJ"]', "note": "现场", "officer": "张*",
         "caller": "李四", "fine": None, "result": "bad", **place}
        for n, day in enumerate([date(2026, 11, 5), date(2026, 10, 5), date(2025, 10, 5), date(2027, 1, 5)])
    ]  # fmt: skip
    desk = store.desk(SYSTEM)
    desk.commit(arrived("stations"), [checked(Station, [station(1)])])
    desk.commit(arrived("deliveries"), [checked(Delivery, deliveries)])
    desk.commit(arrived("checks"), [checked(Check, checks)])
    desk.commit(arrived("tanks"), [checked(Tank, [{"uscc": code, "no": "1", "owner": "王*", **place}])])
    return store


def test_the_timeline_tells_the_newest_first_and_what_comes_often_by_month(store):
    """16 deliveries in two months are more than 12 and more than 4 a month: a line a month. November's litres are
    1,000 to 1,012, October's 1,013 to 1,015."""
    desk = store.desk(CITY)
    counted = subjects.counts(desk, ONE, ["t_station"], TODAY)
    assert counted.all == {"t_check": 4, "t_delivery": 16}
    assert counted.year == {"t_check": 2, "t_delivery": 16}  # December 2025 to November 2026
    story = subjects.timeline(desk, MADE, ONE, counted)
    assert [(line.day, line.record.spec.dataset) for line in story.lines] == [
        (date(2027, 1, 5), "t_check"),
        (date(2026, 11, 5), "t_check"),
        (date(2026, 11, 1), "t_delivery"),
        (date(2026, 10, 5), "t_check"),
        (date(2026, 10, 1), "t_delivery"),
        (date(2025, 10, 5), "t_check"),
    ]
    runs = [(r.rows, r.low, r.high, r.departments) for r in story.lines if isinstance(r, subjects.Run)]
    assert runs == [(13, 1000.0, 1012.0, ("SWJ",)), (3, 1013.0, 1015.0, ("SWJ",))]
    assert (story.left, story.departments) == (0, ("SWJ", "YJJ"))


def test_an_event_says_what_who_and_where_it_stands(store):
    desk = store.desk(CITY)
    counted = subjects.counts(desk, ONE, ["t_station"], TODAY)
    check = subjects.timeline(desk, MADE, ONE, counted).lines[1]
    assert check.departments == ("SWJ", "YJJ")
    assert [(c.name, v) for c, v in check.facts] == [("result", "bad"), ("note", "现场")]
    assert (check.sheet, check.source_row) == ("Sheet1", 4)
    assert "李四" not in repr(check.facts)


def test_one_dataset_is_told_row_by_row_and_what_has_no_room_is_counted(store):
    desk = store.desk(CITY)
    counted = subjects.counts(desk, ONE, ["t_station"], TODAY)
    story = subjects.timeline(desk, MADE, ONE, counted, dataset="t_delivery", limit=10)
    assert (len(story.lines), story.left) == (10, 6)
    assert all(isinstance(line, subjects.Event) for line in story.lines)


def test_what_has_no_day_is_a_belonging_and_no_event(store):
    desk = store.desk(LEADER_TIANSHAN)
    assert [r.spec.dataset for r in subjects.belongings(desk, ["t_station"])] == ["t_tank"]


def test_a_person_of_another_unit_is_told_of_nothing(store):
    desk = store.desk(replace(LEADER_TIANSHAN, units=frozenset({"650109"})))
    counted = subjects.counts(desk, ONE, ["t_station"], TODAY)
    assert (counted.all, subjects.timeline(desk, MADE, ONE, counted).lines) == ({}, ())
