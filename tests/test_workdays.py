"""The working-day clock: check values, precedence of notices, pauses, certainty, columns equal to single rows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import chinese_calendar
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pilotwatch.cli import app
from pilotwatch.domain import Text
from pilotwatch.workdays import (
    BEIJING,
    NATIONAL,
    Calendar,
    CalendarUnknown,
    ClockRefused,
    Entry,
    Limit,
    Pause,
    arrays,
    deadline,
    statutory,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "calendars"
RULES = ROOT.parent / "shared" / "domain-rules.md"

XINJIANG = Calendar.load(FOLDER)
CHINA = Calendar.load(FOLDER, region=NATIONAL)
TESTING = Text("抽样检测", "sampling and testing")


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def due(calendar: Calendar, start: str, limit: str, *pauses: Pause) -> str:
    return str(deadline(calendar, day(start), limit, pauses).due)


def notice(region: str, *rows: tuple[str, str], attested: bool = True, kind: str = "off") -> tuple[Entry, ...]:
    """Entries of a notice: (day, festival)."""
    return tuple(Entry(day(d), region, kind, attested, festival, "新政办明电〔2026〕1号") for d, festival in rows)


#: A notice for Xinjiang as an administrator would enter it: both festivals of 2026, attested.
NOTICE_2026 = notice(
    "XJ", ("2026-03-20", "肉孜节"), ("2026-05-27", "古尔邦节"), ("2026-05-28", "古尔邦节"), ("2026-05-29", "古尔邦节")
)

# --- the published values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "national", "xinjiang"),
    [
        ("2025-06-05", "7wd", "2025-06-16", "2025-06-19"),
        ("2025-06-05", "15wd", "2025-06-26", "2025-07-01"),
        ("2023-06-21", "7wd", "2023-07-03", "2023-07-06"),
        ("2025-03-28", "3wd", "2025-04-02", "2025-04-03"),
        ("2025-09-26", "7wd", "2025-10-13", "2025-10-13"),
    ],
)
def test_the_published_check_values_hold(start, limit, national, xinjiang):
    assert (due(CHINA, start, limit), due(XINJIANG, start, limit)) == (national, xinjiang)


@pytest.mark.parametrize(("year", "national", "xinjiang"), [(2023, 249, 245), (2025, 248, 244)])
def test_a_year_has_the_published_number_of_working_days(year, national, xinjiang):
    span = date(year - 1, 12, 31), date(year, 12, 31)
    assert CHINA.working_days_between(*span) == national
    assert XINJIANG.working_days_between(*span) == xinjiang


def _published(line: str, year: int) -> tuple[set[date], set[date]]:
    """`off 01-02, 01-23…27; work 01-28` as two sets of days."""

    def days(part: str) -> set[date]:
        spans = re.findall(r"(\d\d)-(\d\d)(?:…(\d\d))?", part)
        return {date(year, int(m), d) for m, a, b in spans for d in range(int(a), int(b or a) + 1)}

    off, work = line.split("work")
    return days(off), days(work)


def test_the_national_days_off_and_worked_are_the_published_ones():
    found = re.findall(r"^- \*\*(\d{4})\*\* (off .*)$", RULES.read_text(), re.MULTILINE)
    assert [int(year) for year, _ in found] == [2023, 2024, 2025, 2026]
    for year, line in found:
        off, work = _published(line, int(year))
        days = [date(int(year), 1, 1) + timedelta(n) for n in range(366) if (date(int(year), 1, 1) + timedelta(n)).year == int(year)]  # fmt: skip
        assert {d for d in days if d.weekday() < 5 and not CHINA.is_working_day(d)} == off
        assert {d for d in days if d.weekday() > 4 and CHINA.is_working_day(d)} == work


def test_the_national_calendar_is_the_kept_library_on_every_day_that_it_knows():
    span = (date(2004, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days))
    assert [d for d in span if CHINA.is_working_day(d) != chinese_calendar.is_workday(d)] == []


def test_xinjiang_differs_from_the_nation_by_its_own_festivals_only():
    days = [date(2022, 1, 1) + timedelta(n) for n in range(4 * 365 + 1)]
    differing = {str(d) for d in days if CHINA.is_working_day(d) != XINJIANG.is_working_day(d)}
    assert differing == {
        "2022-05-05", "2022-07-11", "2022-07-12", "2022-07-13", "2023-04-21", "2023-06-28", "2023-06-29", "2023-06-30",
        "2025-03-31", "2025-06-06", "2025-06-09", "2025-06-10",
    }  # fmt: skip
    assert {XINJIANG.day(day(d)).why.zh for d in differing} == {"肉孜节", "古尔邦节"}


# --- limits in days -------------------------------------------------------------------------------------------------


def test_the_start_day_is_not_counted_and_the_last_day_lasts_until_midnight_in_beijing():
    counted = deadline(XINJIANG, day("2025-07-07"), "1wd")
    assert counted.due == day("2025-07-08")
    assert counted.due_at == datetime(2025, 7, 8, 16, tzinfo=UTC)


def test_a_limit_that_begins_on_a_day_off_begins_to_count_on_the_next_working_day():
    assert due(XINJIANG, "2025-07-05", "1wd") == due(XINJIANG, "2025-07-04", "1wd") == "2025-07-07"


def test_the_day_of_a_moment_is_the_day_in_beijing():
    late_in_utc = datetime(2025, 7, 7, 16, 30, tzinfo=UTC)  # 00:30 of the 8th in Beijing
    assert deadline(XINJIANG, late_in_utc, "1wd").start == day("2025-07-08")
    assert deadline(XINJIANG, datetime(2025, 7, 7, 23, 30), "1wd").start == day("2025-07-07")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2025-05-01", "60d", "2025-06-30"),  # a Monday
        ("2025-07-01", "60d", "2025-09-01"),  # 30 August is a Saturday
        ("2025-04-07", "60d", "2025-06-11"),  # 6 June: moved past all of Corban
        ("2025-08-30", "29d", "2025-09-28"),  # a Sunday that is worked
        ("2025-07-03", "90d", "2025-10-09"),  # 1 October
    ],
)
def test_natural_days_end_on_the_next_working_day(start, limit, end):
    assert due(XINJIANG, start, limit) == end


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2025-01-31", "1m", "2025-02-28"),  # no 31 February
        ("2024-02-29", "1y", "2025-02-28"),
        ("2025-02-28", "3m", "2025-05-28"),
        ("2025-05-08", "1m", "2025-06-11"),  # 8 June: Corban
        ("2023-11-10", "2y", "2025-11-10"),
    ],
)
def test_months_and_years_end_on_the_same_day_of_the_month(start, limit, end):
    assert due(XINJIANG, start, limit) == end


def test_a_count_names_every_day_it_left_out_and_every_weekend_day_it_counted():
    counted = deadline(XINJIANG, day("2025-09-26"), "7wd")
    assert {str(d.day): d.why.zh for d in counted.skipped} == {
        "2025-09-27": "周末", "2025-10-01": "国庆节", "2025-10-02": "国庆节", "2025-10-03": "国庆节", "2025-10-04": "国庆节",
        "2025-10-05": "国庆节", "2025-10-06": "中秋节", "2025-10-07": "国庆节", "2025-10-08": "国庆节", "2025-10-12": "周末",
    }  # fmt: skip
    assert [str(d.day) for d in counted.worked] == ["2025-09-28", "2025-10-11"]
    said = counted.explain()
    assert "2025-10-13 24:00到期" in said.zh and "国庆节 2025-10-01至2025-10-05、2025-10-07至2025-10-08" in said.zh
    assert "due 2025-10-13 24:00" in said.en and "Mid-autumn Festival 2025-10-06" in said.en


def test_working_days_between_counts_the_end_and_not_the_start():
    assert XINJIANG.working_days_between(day("2025-06-05"), day("2025-06-19")) == 7
    assert XINJIANG.working_days_between(day("2025-06-19"), day("2025-06-05")) == -7
    assert XINJIANG.working_days_between(day("2025-06-05"), day("2025-06-05")) == 0


# --- limits in hours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2025-06-05T19:00", "24h", "2025-06-06T19:00"),  # on end, into Corban
        ("2025-07-07T10:00", "2wh", "2025-07-07T12:00"),
        ("2025-07-07T13:00", "2wh", "2025-07-07T17:00"),  # the noon break of summer, 14:00 to 16:00
        ("2025-11-03T13:00", "2wh", "2025-11-03T16:30"),  # of winter, 14:00 to 15:30
        ("2025-02-10T19:00", "1wh", "2025-02-11T10:30"),  # January to April are winter
        ("2025-06-05T19:00", "2wh", "2025-06-11T11:00"),  # over Corban
        ("2025-09-28T19:00", "2wh", "2025-09-29T11:00"),  # a Sunday that is worked
        ("2025-07-05T12:00", "8wh", "2025-07-07T20:00"),  # from a Saturday, to closing time
    ],
)
def test_hours_run_on_end_and_working_hours_in_office_hours(start, limit, end):
    assert deadline(XINJIANG, at(start), limit).due_at == at(end)


def test_a_limit_in_hours_needs_a_moment():
    with pytest.raises(ClockRefused) as no:
        deadline(XINJIANG, day("2025-06-05"), "24h")
    assert no.value.rule == "start_without_hour"
    assert "2025-06-05T10:00" in no.value.message.zh


def test_a_pause_stops_the_hours_too():
    pause = Pause(day("2025-07-08"), day("2025-07-09"), TESTING)
    assert deadline(XINJIANG, at("2025-07-07T19:00"), "24h", [pause]).due_at == at("2025-07-10T19:00")
    assert deadline(XINJIANG, at("2025-07-07T19:00"), "2wh", [pause]).due_at == at("2025-07-10T11:00")


def test_hours_that_end_at_midnight_are_due_on_the_day_that_ends():
    assert deadline(XINJIANG, at("2025-07-07T00:00"), "24h").due == day("2025-07-07")


# --- pauses ---------------------------------------------------------------------------------------------------------


def test_days_of_a_pause_are_not_counted_and_the_count_says_so():
    pause = Pause(day("2025-07-09"), day("2025-07-15"), TESTING)  # five working days
    counted = deadline(XINJIANG, day("2025-07-07"), "7wd", [pause])
    assert counted.due == XINJIANG.add_working_days(day("2025-07-07"), 12)
    assert counted.pauses == (pause,)
    assert "2025-07-09至2025-07-15中止（抽样检测）" in counted.explain().zh
    assert due(XINJIANG, "2025-07-07", "60d", pause) == "2025-09-12"  # 5 September and seven days


def test_pauses_that_overlap_are_not_left_out_twice():
    pauses = [
        Pause(day("2025-07-09"), day("2025-07-15"), TESTING),
        Pause(day("2025-07-14"), day("2025-07-16"), TESTING),
    ]
    assert due(XINJIANG, "2025-07-07", "7wd", *pauses) == due(
        XINJIANG, "2025-07-07", "7wd", Pause(day("2025-07-09"), day("2025-07-16"), TESTING)
    )


def test_a_pause_without_end_leaves_no_due_date():
    counted = deadline(XINJIANG, day("2025-07-07"), "7wd", [Pause(day("2025-07-09"), None, TESTING)])
    assert (counted.due, counted.due_at) == (None, None)
    assert "尚未恢复" in counted.explain().zh and "not resumed" in counted.explain().en
    assert counted.as_json()["due"] is None


def test_a_pause_after_the_limit_ended_changes_nothing():
    counted = deadline(XINJIANG, day("2025-07-07"), "3wd", [Pause(day("2025-07-11"), None, TESTING)])
    assert (str(counted.due), counted.pauses) == ("2025-07-10", ())


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ClockRefused) as no:
        Pause(day("2025-07-15"), day("2025-07-09"), TESTING)
    assert no.value.rule == "pause_backwards"


# --- what is certain ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "sure"), [("2023-05-04", True), ("2024-05-06", False), ("2025-05-06", True), ("2026-10-12", False)])  # fmt: skip
def test_a_due_date_in_a_year_without_the_regional_notice_is_to_be_confirmed(start, sure):
    counted = deadline(XINJIANG, day(start), "5wd")
    assert counted.confirmed is sure
    assert (counted.reason is None) is sure
    assert deadline(CHINA, day(start), "5wd").confirmed


def test_the_reason_names_the_notice_that_is_missing_and_what_to_do():
    reason = deadline(XINJIANG, day("2026-10-12"), "5wd").reason
    assert (
        "2026年新疆维吾尔自治区放假通知（肉孜节、古尔邦节）尚未录入" in reason.zh
        and "请管理员在“设置 · 工作日历”录入" in reason.zh
    )
    assert "for 2026 (Roza, Corban) is not entered" in reason.en


def test_what_only_one_table_tells_is_not_counted_but_shown_with_the_date_it_would_make():
    counted = deadline(XINJIANG, day("2026-05-20"), "7wd")
    assert counted.due == deadline(CHINA, day("2026-05-20"), "7wd").due == day("2026-05-29")
    assert counted.if_confirmed == day("2026-06-03")
    assert "古尔邦节 2026-05-27至2026-05-29" in counted.reason.zh and "2026-06-03" in counted.reason.zh


def test_natural_days_are_certain_where_only_their_way_leads_through_an_open_year():
    assert deadline(XINJIANG, day("2024-12-02"), "60d").confirmed  # ends 2025-02-05
    assert not deadline(XINJIANG, day("2023-12-01"), "60d").confirmed


def test_a_year_without_national_days_off_is_refused_and_says_what_to_enter():
    with pytest.raises(CalendarUnknown) as no:
        deadline(XINJIANG, day("2026-12-28"), "5wd")
    assert (no.value.rule, no.value.year, no.value.region.code) == ("calendar_year_unknown", 2027, "CN")
    assert "2027年全国放假安排尚未录入" in no.value.message.zh and "元旦、春节、清明节" in no.value.message.zh
    assert "Tomb-sweeping Day" in no.value.message.en
    with pytest.raises(CalendarUnknown):
        XINJIANG.is_working_day(day("2003-12-31"))


def test_a_limit_that_ends_before_the_unknown_year_is_counted():
    assert due(XINJIANG, "2026-12-28", "3wd") == "2026-12-31"
    assert due(XINJIANG, "2003-12-31", "1wd") == "2004-01-02"


# --- an administrator's entries -------------------------------------------------------------------------------------


def test_the_regions_notice_makes_its_year_certain():
    calendar = Calendar.load(FOLDER, NOTICE_2026)
    counted = deadline(calendar, day("2026-05-20"), "7wd")
    assert (str(counted.due), counted.confirmed, counted.reason) == ("2026-06-03", True, None)
    assert 2026 in calendar.settled and 2026 not in XINJIANG.settled


def test_the_notice_voids_what_a_table_only_supposed_of_the_year():
    shifted = tuple(replace(e, day=e.day + timedelta(1)) for e in NOTICE_2026)
    calendar = Calendar.load(FOLDER, shifted)
    assert calendar.is_working_day(day("2026-05-27")) and calendar.day(day("2026-05-27")).confirmed
    assert calendar.pending.keys() == {d for d in XINJIANG.pending if d.year != 2026}


def test_half_a_notice_leaves_the_year_open():
    calendar = Calendar.load(FOLDER, NOTICE_2026[:1])
    counted = deadline(calendar, day("2026-03-18"), "3wd")
    assert not counted.confirmed and str(counted.due) == "2026-03-24"
    assert "（古尔邦节）" in counted.reason.zh and "肉孜节" not in counted.reason.zh


def test_an_entry_that_is_to_be_confirmed_is_marked_and_not_counted():
    doubt = notice("XJ", ("2025-07-09", "古尔邦节"), attested=False)
    counted = deadline(Calendar.load(FOLDER, doubt), day("2025-07-07"), "3wd")
    assert (str(counted.due), counted.confirmed, str(counted.if_confirmed)) == ("2025-07-10", False, "2025-07-11")


def test_a_doubt_about_a_national_day_off_is_marked_too():
    doubt = notice(NATIONAL, ("2026-10-08", "国庆节"), attested=False)
    counted = deadline(Calendar.load(FOLDER, doubt, region=NATIONAL), day("2026-09-30"), "1wd")
    assert (str(counted.due), counted.confirmed, str(counted.if_confirmed)) == ("2026-10-08", False, "2026-10-09")


def test_a_doubt_ends_where_the_day_itself_is_attested():
    worked = notice("XJ", ("2026-05-27", ""), kind="work")
    assert XINJIANG.day(day("2026-05-27")).pending and not Calendar.load(FOLDER, worked).day(day("2026-05-27")).pending
    doubt = notice(NATIONAL, ("2025-07-09", ""), attested=False)
    regional = notice("XJ", ("2025-07-09", ""), kind="work")
    assert not Calendar.load(FOLDER, doubt).day(day("2025-07-09")).confirmed
    assert Calendar.load(FOLDER, doubt + regional).day(day("2025-07-09")).confirmed


def test_a_make_up_day_that_the_region_takes_back_is_a_day_of_rest():
    taken_back = notice("XJ", ("2014-09-28", ""), ("2014-10-11", ""))
    calendar = Calendar.load(FOLDER, taken_back)
    assert CHINA.is_working_day(day("2014-09-28")) and not calendar.is_working_day(day("2014-09-28"))
    assert calendar.day(day("2014-10-11")).why.zh == "周末"


def test_a_region_counts_over_the_nation_and_a_later_entry_over_an_earlier():
    national = notice(NATIONAL, ("2025-06-06", ""), kind="work")
    assert not Calendar.load(FOLDER, national).is_working_day(day("2025-06-06"))
    regional = notice("XJ", ("2025-06-06", ""), kind="work")
    assert Calendar.load(FOLDER, regional).is_working_day(day("2025-06-06"))
    again = notice("XJ", ("2025-06-06", "古尔邦节"))
    assert not Calendar.load(FOLDER, regional + again).is_working_day(day("2025-06-06"))
    assert Calendar.load(FOLDER, notice(NATIONAL, ("2025-06-05", ""))).day(day("2025-06-05")).why.zh == "全国通知放假"


def test_a_year_counts_once_all_its_national_festivals_are_entered():
    festivals = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节、国庆节")
    days = ("2027-01-01", "2027-02-05", "2027-04-05", "2027-05-03", "2027-06-09", "2027-10-01")
    rows = notice(NATIONAL, *zip(days, festivals, strict=True))
    calendar = Calendar.load(FOLDER, rows)
    counted = deadline(calendar, day("2026-12-28"), "5wd")
    assert str(counted.due) == "2027-01-05" and not counted.confirmed
    assert calendar.day(day("2027-10-01")).why.en == "Mid-autumn Festival, National Day"
    for missing in (rows[:-1], tuple(replace(e, attested=False) for e in rows)):
        with pytest.raises(CalendarUnknown) as no:
            deadline(Calendar.load(FOLDER, missing), day("2026-12-28"), "5wd")
        assert "国庆节" in no.value.missing


def test_entries_do_not_change_a_calendar_that_was_loaded_before():
    before = XINJIANG.add_working_days(day("2026-05-20"), 7)
    Calendar.load(FOLDER, NOTICE_2026)
    assert XINJIANG.add_working_days(day("2026-05-20"), 7) == before
    with pytest.raises(AttributeError):
        XINJIANG.counted = {}


def test_an_entry_of_an_unknown_region_is_refused():
    with pytest.raises(ClockRefused) as no:
        Calendar.load(FOLDER, notice("XZ", ("2025-02-28", "藏历新年")))
    assert no.value.rule == "calendar_region" and "XZ" in no.value.message.zh


@pytest.mark.parametrize(
    ("file", "wrong", "told"),
    [
        ("holidays.csv", "2026-13-01,XJ,off,肉孜节,attested,,", "第2行无法读取"),
        ("holidays.csv", "2026-03-20,XJ,holiday,肉孜节,attested,,", "off 或 work"),
        ("holidays.csv", "2026-03-20,XJ,off,肉孜节,maybe,,", "attested 或 unconfirmed"),
        ("holidays.csv", "2026-03-20,TW,off,肉孜节,attested,,", "见 regions.csv"),
        ("holidays.csv", "2026-03-20", "现为：2026-03-20,None"),
        ("office_hours.csv", "05-01,25:00,14:00,", "应写作：05-01,10:00"),
    ],
)
def test_a_calendar_file_that_cannot_be_read_is_refused_by_line(tmp_path, file, wrong, told):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "calendars"))
    head = (folder / file).read_text().splitlines()[0]
    (folder / file).write_text(f"{head}\n{wrong}\n")
    with pytest.raises(ClockRefused) as no:
        Calendar.load(folder)
    assert no.value.rule == "calendar_file"
    assert file in no.value.message.zh and told in no.value.message.zh


def test_a_calendar_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(ClockRefused, match=r"festivals\.csv"):
        Calendar.load(tmp_path)


def test_a_calendar_without_the_nation_or_without_office_hours_is_refused(tmp_path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "calendars"))
    (folder / "office_hours.csv").write_text("from,opens,closes,source\n")
    with pytest.raises(ClockRefused) as no:
        deadline(Calendar.load(folder), at("2025-07-07T10:00"), "2wh")
    assert no.value.rule == "office_hours_missing"
    (folder / "festivals.csv").write_text("region,festival,festival_en\n")
    with pytest.raises(ClockRefused, match="全国"):
        Calendar.load(folder)


def test_a_city_of_a_region_without_days_of_its_own_counts_by_the_national_calendar(tmp_path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "calendars"))
    (folder / "regions.csv").write_text("code,name,name_en\nCN,全国,China\n")
    (folder / "holidays.csv").write_text("date,region,kind,festival,status,notice_no,source\n")
    counted = deadline(Calendar.load(folder), day("2026-05-20"), "7wd")
    assert (str(counted.due), counted.confirmed) == ("2026-05-29", True)


def test_the_shipped_days_are_one_row_each_and_say_where_they_come_from():
    rows = [line.split(",") for line in (FOLDER / "holidays.csv").read_text().splitlines()[1:]]
    assert len({(r[0], r[1]) for r in rows}) == len(rows)
    assert all(r[6] for r in rows)
    assert {r[0][:4] for r in rows if r[4] == "attested"} == {"2022", "2023", "2025"}


# --- limits and laws ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("+7wd", "7个工作日", "7 working days"),
        ("60D", "60日（自然日）", "60 calendar days"),
        ("3m", "3个月", "3 months"),
        ("1y", "1年", "1 year"),
        ("24h", "24小时", "24 hours"),
        ("02wh", "2个工作小时", "2 working hours"),
    ],
)
def test_a_limit_reads_as_it_is_meant(written, zh, en):
    assert Limit(written).title == Text(zh, en)
    assert Limit(Limit(written).text) == Limit(written)


@pytest.mark.parametrize("written", ["", "7", "wd", "0d", "-3d", "1.5h", "7 wd", "7dd", "9999d", "七日", "７wd"])
def test_what_is_no_limit_is_refused(written):
    with pytest.raises(ClockRefused) as no:
        Limit(written)
    assert no.value.rule == "limit_unreadable"
    assert "7wd" in no.value.message.zh and "7wd" in no.value.message.en


def test_an_extension_counts_on_in_the_same_unit():
    assert Limit("15wd").extended(Limit("15wd")) == Limit("30wd")
    assert Limit("90d").extended(Limit("30d")) == Limit("120d")
    with pytest.raises(ValueError, match="units differ"):
        Limit("15wd").extended(Limit("30d"))


@pytest.mark.parametrize(
    ("law", "days", "limit"),
    [
        *(("行政处罚法", n, f"{n}wd") for n in (2, 3, 5, 7)),
        *(("行政处罚法", n, f"{n}d") for n in (1, 4, 6, 10, 15, 90)),
        *(("行政强制法", n, f"{n}wd") for n in (1, 3, 5, 7, 10)),
        *(("行政强制法", n, f"{n}d") for n in (11, 15, 30, 60)),
        ("行政执法机关移送涉嫌犯罪案件的规定", 3, "3d"),
    ],
)
def test_a_laws_days_are_working_days_only_where_it_says_so(law, days, limit):
    assert statutory(law, days) == Limit(limit)


def test_a_statutory_limit_carries_its_basis_into_the_due_date():
    counted = deadline(XINJIANG, day("2025-06-05"), statutory("行政处罚法", 7, "第五十六条"))
    assert str(counted.due) == "2025-06-19"
    assert counted.basis.source == "行政处罚法第五十六条（按第八十五条，7日指工作日）"
    assert counted.as_json()["basis"] == {"level": "LAW", "source": counted.basis.source}


def test_a_law_whose_days_are_not_known_is_not_guessed():
    with pytest.raises(KeyError):
        statutory("消费者权益保护法", 7)


# --- laws of the clock, and columns ---------------------------------------------------------------------------------

DAYS = st.dates(date(2003, 6, 1), date(2027, 6, 30))
KNOWN = st.dates(date(2004, 1, 1), date(2025, 12, 31))
LIMITS = st.builds(
    lambda n, unit: f"{n}{unit}", st.integers(1, 120), st.sampled_from(["wd", "d"])
) | st.sampled_from(["1m", "3m", "6m", "18m", "1y", "2y", "5y"])  # fmt: skip
ENTRIES = st.lists(
    st.builds(
        Entry,
        day=st.dates(date(2023, 12, 20), date(2028, 1, 10)),
        region=st.sampled_from(["CN", "XJ"]),
        kind=st.sampled_from(["off", "work"]),
        attested=st.booleans(),
        festival=st.sampled_from(["", "肉孜节", "古尔邦节", "元旦、春节、清明节、劳动节、端午节、中秋节、国庆节"]),
    ),
    max_size=12,
).map(tuple)


def _row(calendar: Calendar, start: date | None, limit: str) -> tuple[date | None, bool]:
    """One row by the scalar function; no date where it refuses."""
    try:
        counted = deadline(calendar, start, limit)
    except CalendarUnknown:
        return None, False
    return counted.due, counted.confirmed


def _between(calendar: Calendar, start: date, end: date) -> float:
    try:
        return calendar.working_days_between(start, end)
    except CalendarUnknown:
        return np.nan


@settings(max_examples=120, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=20), LIMITS, ENTRIES, st.sampled_from([None, NATIONAL]))
def test_a_column_of_due_dates_equals_its_rows(starts, limit, entries, region):
    calendar = Calendar.load(FOLDER, entries, region=region)
    found = arrays.due_dates(calendar, starts, limit)
    rows = [_row(calendar, start, limit) for start in starts]
    assert found.due.astype(object).tolist() == [d for d, _ in rows]
    assert found.confirmed.tolist() == [sure for _, sure in rows]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(DAYS, st.integers(-500, 500)), min_size=1, max_size=20), ENTRIES)
def test_a_column_of_working_days_between_equals_its_rows(spans, entries):
    calendar = Calendar.load(FOLDER, entries)
    starts, ends = [a for a, _ in spans], [a + timedelta(n) for a, n in spans]
    found = arrays.working_days_between(calendar, starts, ends)
    np.testing.assert_array_equal(found, list(map(partial(_between, calendar), starts, ends)))


def test_a_missing_start_has_no_due_date_and_an_empty_column_stays_empty():
    found = arrays.due_dates(XINJIANG, np.array(["NaT", "2025-06-05"], "datetime64[D]"), "7wd")
    assert np.isnat(found.due).tolist() == [True, False] and found.confirmed.tolist() == [False, True]
    nothing = np.array([], "datetime64[D]")
    assert arrays.due_dates(XINJIANG, nothing, "3m").due.shape == (0,)
    assert arrays.working_days_between(XINJIANG, nothing, nothing).shape == (0,)
    assert np.isnan(
        arrays.working_days_between(XINJIANG, np.array(["NaT"], "datetime64[D]"), [day("2025-06-05")])
    ).all()


def test_a_hundred_thousand_rows_are_counted_as_one_column():
    starts = np.datetime64("2022-01-01") + (np.arange(100_000) % 1400).astype("timedelta64[D]")
    found = arrays.due_dates(XINJIANG, starts, "15wd")
    assert found.due.shape == (100_000,) and not np.isnat(found.due).any()
    assert (arrays.working_days_between(XINJIANG, starts, found.due) == 15).all()


def test_a_column_cannot_be_counted_in_hours():
    with pytest.raises(ValueError, match="deadline"):
        arrays.due_dates(XINJIANG, [day("2025-06-05")], "24h")


@given(KNOWN, st.integers(1, 200))
def test_adding_and_counting_working_days_are_each_others_inverse(start, n):
    end = XINJIANG.add_working_days(start, n)
    assert XINJIANG.is_working_day(end)
    assert XINJIANG.working_days_between(start, end) == n
    assert deadline(XINJIANG, start, f"{n}wd").due == end


@given(KNOWN, st.integers(1, 300))
def test_natural_days_end_on_the_first_working_day_not_before_their_number(start, n):
    end = XINJIANG.add_days(start, n)
    between = [start + timedelta(k) for k in range(n, (end - start).days)]
    assert XINJIANG.is_working_day(end) and not any(map(XINJIANG.is_working_day, between))
    assert deadline(XINJIANG, start, f"{n}d").due == end


@given(st.dates(date(2004, 1, 1), date(2024, 6, 1)), st.sampled_from(["1wd", "15wd", "10d", "60d", "3m"]), st.data())
def test_a_pause_moves_a_limit_by_exactly_the_days_it_takes_out(start, limit, data):
    since = start + timedelta(data.draw(st.integers(1, 30)))
    pause = Pause(since, since + timedelta(data.draw(st.integers(0, 60))), TESTING)
    plain, paused = (deadline(XINJIANG, start, limit, p) for p in ([], [pause]))
    assert paused.due >= plain.due and not pause.covers(paused.due)
    if limit.endswith("wd"):
        inside = XINJIANG.working_days_between(since - timedelta(1), pause.until)
        assume(paused.pauses)
        assert XINJIANG.working_days_between(start, paused.due) == Limit(limit).number + inside


@given(KNOWN, LIMITS.filter(lambda text: not text.endswith("y")), st.integers(1, 60))
def test_who_starts_later_is_not_due_earlier(start, limit, later):
    assume(start + timedelta(later) < date(2025, 6, 1))
    assert deadline(XINJIANG, start, limit).due <= deadline(XINJIANG, start + timedelta(later), limit).due


# --- the command ----------------------------------------------------------------------------------------------------


def _clock(*words: str) -> tuple[int, dict]:
    done = CliRunner().invoke(app, ["clock", *words, "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else {}


def test_the_command_prints_when_a_limit_ends_and_why():
    code, told = _clock("2025-06-05", "+7wd")
    assert code == 0
    assert {k: told[k] for k in ("start", "limit", "due", "due_at", "region", "confirmed", "reason")} == {
        "start": "2025-06-05", "limit": "7wd", "due": "2025-06-19", "due_at": "2025-06-20T00:00:00+08:00",
        "region": "XJ", "confirmed": True, "reason": None,
    }  # fmt: skip
    assert [s["day"] for s in told["skipped"]] == [f"2025-06-{n:02}" for n in (6, 7, 8, 9, 10, 14, 15)]
    assert {s["why"] for s in told["skipped"]} == {"古尔邦节", "周末"}


def test_the_command_counts_nationally_and_with_pauses():
    assert _clock("2025-06-05", "+7wd", "--national")[1]["due"] == "2025-06-16"
    told = _clock("2025-07-07", "7wd", "--pause", "2025-07-09..2025-07-15:抽样检测")[1]
    assert (told["due"], told["pauses"][0]["reason"]) == ("2025-07-23", "抽样检测")
    assert _clock("2025-07-07", "7wd", "--pause", "2025-07-09..")[1]["due"] is None
    assert _clock("2025-07-07T13:00", "2wh")[1]["due_at"] == "2025-07-07T17:00:00+08:00"


def test_the_command_marks_what_is_to_be_confirmed():
    told = _clock("2026-05-20", "+7wd")[1]
    assert (told["due"], told["confirmed"], told["due_if_confirmed"]) == ("2026-05-29", False, "2026-06-03")
    assert "2026年" in told["reason"] and "2026" in told["reason_en"]


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("2026-12-28", "5wd"), 1, "calendar_year_unknown"),
        (("2025-06-05", "7x"), 2, "limit_unreadable"),
        (("2025-06-05", "2wh"), 2, "start_without_hour"),
        (("2025-06-05", "7wd", "--pause", "2025-06-07..2025-06-06"), 1, "pause_backwards"),
        (("2025-06-31", "7wd"), 2, None),
        (("", "7wd"), 2, None),
        (("2025-06-05", "7wd", "--pause", "soon"), 2, None),
    ],
)
def test_the_command_says_why_it_cannot_count(words, code, rule):
    found, told = _clock(*words)
    assert (found, told.get("refused")) == (code, rule)
    assert rule is None or (told["message"] and told["message_en"])


def test_the_clock_costs_no_command_that_does_not_use_it():
    said = "import sys, pilotwatch.cli; print([m for m in ('pilotwatch.workdays', 'chinese_calendar', 'numpy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
