"""Days off and worked that the office enters count at once, and are taken back without a trace being lost."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch.frames import Stored, working_days
from pilotwatch.store import StoreRefused, days
from pilotwatch.store.days import Notice
from pilotwatch.workdays import CalendarUnknown, deadline
from tests.store.made import ADMIN, AUDITOR, CITY, LEADER_TIANSHAN, OIL


def notice(first, last=None, **more):
    given = dict(
        region="XJ",
        kind="off",
        attested=True,
        festival="古尔邦节",
        notice_no="新政办发〔2026〕1号",
        reason="自治区通知",
    )
    return Notice(date.fromisoformat(first), date.fromisoformat(last or first), **(given | more))


@pytest.fixture
def desk(open_store):
    return open_store([]).desk(ADMIN)


def due(desk, start="2026-05-25", limit="5wd"):
    counted = deadline(days.calendar(desk), date.fromisoformat(start), limit)
    return counted.due.isoformat(), counted.confirmed


def test_a_deadline_moves_with_an_entry_and_back_with_its_withdrawal(desk):
    """Monday 2026-05-25 + 5 working days: Monday 1 June. With 27 to 29 May (Wednesday to Friday) off: Thursday 4 June.

    Only Corban is attested then; Roza of 2026 still lacks its notice, so the due date stays to be confirmed.
    """
    assert due(desk) == ("2026-06-01", False)
    made = days.enter(desk, notice("2026-05-27", "2026-05-29"))
    assert [e.entry.day.day for e in made] == [27, 28, 29]
    assert due(desk) == ("2026-06-04", False)
    days.withdraw(desk, [made[2].id], "日期有误")
    assert due(desk) == ("2026-06-03", False)
    assert [e.withdrawn_why for e in days.entries(desk)] == [None, None, "日期有误"]


def test_once_every_festival_is_attested_the_year_is_settled(desk):
    days.enter(desk, notice("2026-05-27", "2026-05-31"))
    days.enter(desk, notice("2026-03-20", "2026-03-22", festival="肉孜节"))
    assert due(desk) == ("2026-06-04", True)


def test_what_is_only_told_of_is_shown_and_not_counted(desk):
    days.enter(desk, notice("2026-05-28", attested=False, notice_no="", kind="work"))
    days.enter(desk, notice("2026-06-02", attested=False, notice_no=""))
    counted = deadline(days.calendar(desk), date(2026, 5, 25), "6wd")
    assert (counted.due, counted.confirmed) == (date(2026, 6, 2), False)


def test_another_handle_counts_with_the_entry_at_once(desk, open_store):
    other = open_store([])
    before = other.data_version()
    days.enter(desk, notice("2026-05-27", "2026-05-29"))
    assert due(other.desk(CITY))[0] == "2026-06-04"
    assert other.data_version() > before


def test_a_year_without_national_days_is_refused_until_they_are_entered(desk):
    with pytest.raises(CalendarUnknown):
        due(desk, "2027-03-01")
    for first, last, festival in [
        ("2027-01-01", "2027-01-03", "元旦"), ("2027-02-06", "2027-02-12", "春节"), ("2027-04-05", "2027-04-05", "清明节"),
        ("2027-05-01", "2027-05-05", "劳动节"), ("2027-06-09", "2027-06-09", "端午节"), ("2027-09-15", "2027-09-15", "中秋节"),
        ("2027-10-01", "2027-10-07", "国庆节"),
    ]:  # fmt: skip
        days.enter(desk, notice(first, last, region="CN", festival=festival))
    assert due(desk, "2027-03-01", "3wd") == ("2027-03-04", False)  # the region's own notice is still missing


def test_an_entry_that_wont_do_is_refused_with_the_reason(desk):
    for rule, wrong in [
        ("span", {"last": "2026-05-26"}), ("span", {"last": "2026-07-27"}), ("region", {"region": "BJ"}),
        ("festival", {"festival": "中秋"}), ("festival", {"region": "CN"}), ("notice_no", {"notice_no": " "}),
        ("reason", {"reason": " "}), ("kind", {"kind": "half"}),
    ]:  # fmt: skip
        with pytest.raises(StoreRefused) as refused:
            days.enter(desk, notice("2026-05-27", **wrong))
        assert (refused.value.rule, bool(refused.value.message.en)) == (rule, True)
    assert days.entries(desk) == ()


def test_the_same_day_is_entered_once_and_a_correction_counts_over_it(desk):
    days.enter(desk, notice("2026-05-27"))
    with pytest.raises(StoreRefused, match="已按相同内容录入"):
        days.enter(desk, notice("2026-05-26", "2026-05-27"))
    days.enter(desk, notice("2026-05-27", kind="work"))
    assert days.calendar(desk).is_working_day(date(2026, 5, 27))


def test_withdrawing_needs_a_reason_and_happens_once(desk):
    entry = days.enter(desk, notice("2026-05-27"))[0]
    for given, rule in ((" ", "reason"), ("错", None), ("错", "withdrawn")):
        if rule is None:
            days.withdraw(desk, [entry.id], given)
            continue
        with pytest.raises(StoreRefused) as refused:
            days.withdraw(desk, [entry.id], given)
        assert refused.value.rule == rule
    with pytest.raises(StoreRefused, match="没有编号"):
        days.withdraw(desk, ["no-such"], "错")


def test_the_office_and_the_administrator_enter_days_and_nobody_else(open_store):
    store = open_store([])
    for person in (OIL, LEADER_TIANSHAN, AUDITOR):
        with pytest.raises(StoreRefused) as refused:
            days.enter(store.desk(person), notice("2026-05-27"))
        assert refused.value.rule == "not_allowed"
    days.enter(store.desk(CITY), notice("2026-05-27"))
    assert len(days.entries(store.desk(AUDITOR))) == 1
    with store.registers() as books:
        line = books.audit_lines(limit=1)[0]
    assert (line["act"], line["object"], line["username"]) == ("calendar.enter", "2026-05-27 XJ", "city")


def test_indicators_count_by_the_calendar_their_frames_came_with(desk):
    days.enter(desk, notice("2026-05-27"))
    mine = days.calendar(desk)
    registers = Stored(lambda *_: None, (), calendar=mine)
    assert working_days(Stored(lambda *_: None, (), registers)) is mine
    assert working_days({}).is_working_day(
        date(2026, 5, 27)
    )  # from no store: the place's files, where it is unattested
