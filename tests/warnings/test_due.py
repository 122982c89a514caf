"""By when a warning's first action is due, on Xinjiang's calendar, and which are late."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwatch import warnings
from pilotwatch.places import Places
from pilotwatch.settings import ROOT
from pilotwatch.store import StoreRefused
from pilotwatch.warnings import Filter, clocks, due_of, limit_of
from pilotwatch.warnings.workbook import Naming, due_text, workbook
from pilotwatch.workdays import BEIJING, Calendar, Limit, now
from tests.figures.test_keep import DOMAIN, FOUND
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, Reading, Station, checked, station
from tests.store.uploads import arrived

CALENDAR = Calendar.load(ROOT / "data" / "calendars")
NOZZLES, VOLUME, AGE, _ = DOMAIN.indicators


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("limit", "opened", "due"),
    [
        # Corban 2025 in Xinjiang: 06-06 to 06-10 are off, so seven working days are 11, 12, 13, 16, 17, 18, 19 June
        ("7wd", "2025-06-05T15:00", "2025-06-20T00:00"),
        ("24h", "2025-06-13T18:00", "2025-06-14T18:00"),  # hours run on over a Saturday
        ("15d", "2025-06-13T18:00", "2025-07-01T00:00"),  # the 28th is a Saturday: Monday the 30th, 24:00
    ],
)
def test_the_first_action_is_due_on_the_calendar_of_the_region(limit, opened, due):
    found = due_of(CALENDAR, Limit(limit), at(opened), at(opened))
    assert (found.at, found.confirmed) == (at(due), True)


def test_the_indicators_own_limit_goes_before_that_of_the_level():
    assert limit_of(replace(NOZZLES, first_within="15d"), "red") == Limit("15d")
    assert [limit_of(NOZZLES, level).text for level in ("red", "orange", "yellow", "blue")] == [
        "24h",
        "3wd",
        "5wd",
        "3wd",
    ]


@pytest.mark.parametrize(
    ("now_", "acted", "progress"),
    [
        # raised Monday 10:00 and due within three working days, Thursday 24:00; it began on Monday 00:00, so three
        # quarters of its 96 hours are over on Thursday 00:00
        ("2025-06-18T23:59", None, "in_time"),
        ("2025-06-19T00:00", None, "near"),
        ("2025-06-19T23:59", None, "near"),
        ("2025-06-20T00:00", None, "late"),
        ("2025-06-25T00:00", "2025-06-19T23:59", "done"),
        ("2025-06-25T00:00", "2025-06-20T00:00", "done_late"),
    ],
)
def test_a_warning_is_in_time_then_nearly_due_then_late_until_somebody_acts(now_, acted, progress):
    found = due_of(CALENDAR, Limit("3wd"), at("2025-06-16T10:00"), at(now_), acted and at(acted))
    assert found.progress == progress


def test_where_a_notice_is_missing_the_day_is_to_be_confirmed():
    found = due_of(CALENDAR, Limit("3wd"), at("2026-05-20T10:00"), at("2026-05-20T11:00"))
    assert not found.confirmed
    assert "待确认" in found.reason.zh
    assert due_text(found, "zh") == "2026-05-25（待确认）"  # Thursday, Friday and Monday


def test_a_limit_that_reaches_into_a_year_without_a_calendar_is_unknown_and_never_late():
    far = date(max(CALENDAR.years), 12, 30)
    opened = datetime.combine(far, datetime.min.time(), BEIJING)
    found = due_of(CALENDAR, Limit("15wd"), opened, opened + timedelta(40))
    assert (found.at, found.progress) == (None, "unknown")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["24h", "2h", "3wd", "5wd", "15d", "1m"]),
    st.integers(0, 40 * 24 * 60),
    st.datetimes(datetime(2025, 3, 1), datetime(2025, 12, 20)),  # noqa: DTZ001 - made Beijing time below
)
def test_the_clocks_call_late_and_nearly_due_exactly_what_the_count_does(text, minutes, moment):
    now_ = moment.replace(tzinfo=BEIJING, second=0, microsecond=0)
    opened = now_ - timedelta(minutes=minutes)
    (clock,) = clocks([replace(NOZZLES, first_within=text)], CALENDAR, now_)
    progress = due_of(CALENDAR, Limit(text), opened, now_).progress
    # at the very moment a limit in hours ends it is late, and was raised not before but at the clock's moment
    edge = text.endswith("h") and opened in (clock.late, clock.near)
    assert edge or progress == ("late" if opened < clock.late else "near" if opened < clock.near else "in_time")


# --- in the store ------------------------------------------------------------------------------------------------


@pytest.fixture
def store(open_store):
    """Six warnings: stations 1 and 2 red by nozzles in Tianshan, 3 in Midong; 1 to 3 red or yellow by age."""
    store = open_store((Station, Reading), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    store.on_change.append(partial(warnings.follow, FOUND, store))
    places = {1: "650102", 2: "650102", 3: "650109"}
    rows = [station(n, nozzles=9, opened_on=date(2020, 1, 1), division_code=d) for n, d in places.items()]
    store.desk(OIL).commit(arrived("stations.xlsx"), [checked(Station, rows)])
    return store


def _ask(moment, **wanted):
    return Filter(clocks=clocks(FOUND.indicators, CALENDAR, moment), **wanted)


def test_a_warning_knows_when_its_clock_began_and_when_somebody_first_acted(store):
    desk = store.desk(CITY)
    row = warnings.listed(desk).iloc[0]
    assert abs(row["opened_at"] - now()) < timedelta(minutes=5)
    warnings.acknowledge(desk, row["subject_id"], row["id"])
    first = warnings.listed(desk, Filter(number=row["number"])).iloc[0]["acted_at"]
    warnings.assign(desk, row["subject_id"], row["id"], "oil")
    assert warnings.listed(desk, Filter(number=row["number"])).iloc[0]["acted_at"] == first


def test_late_ones_are_counted_listed_and_sorted_first_until_somebody_acts(store):
    """All are red: 24 hours. In two days' time all six are late; one that is taken on isn't."""
    desk, later = store.desk(CITY), now() + timedelta(2)
    assert warnings.counted(desk, _ask(now()))["late"].sum() == 0
    assert warnings.counted(desk, _ask(now() + timedelta(hours=20)))["near"].sum() == 6
    row = warnings.listed(desk).iloc[0]
    warnings.acknowledge(desk, row["subject_id"], row["id"])
    assert warnings.counted(desk, _ask(later))[["late", "near"]].sum().tolist() == [5, 0]
    late = warnings.listed(desk, _ask(later, state="late"))
    assert (len(late), row["number"] in set(late["number"])) == (5, False)
    assert warnings.listed(desk, _ask(later), order="due")["number"].tolist()[-1] == row["number"]
    assert warnings.listed(desk, _ask(later, state="taken"))["number"].tolist() == [row["number"]]


def test_all_of_a_filter_are_taken_on_or_assigned_and_their_number_is_told_before(store):
    desk, wanted = store.desk(CITY), Filter(report_unit="650102")
    assert warnings.touched(desk, wanted) == (4, 2)
    assert warnings.act_on_all(desk, wanted, "assign", expected=4, assignee="张三", note="本周内核实") == 4
    rows = warnings.listed(desk)
    assert rows["assignee"].fillna("").value_counts().to_dict() == {"张三": 4, "": 2}
    mine = warnings.listed(desk, wanted).iloc[0]
    told = warnings.history(desk, mine["subject_id"], mine["id"]).iloc[-1]
    assert (told["act"], told["by"], told["note"]) == ("assign", "city", "张三：本周内核实")
    with store.registers() as books:
        line = next(n for n in books.audit_lines() if n["act"] == "warning.assign.all")
    assert line["details"] == {"warnings": 4, "filter": {"report_unit": "650102"}, "note": "张三：本周内核实"}


def test_one_that_was_taken_on_before_isnt_taken_on_again(store):
    desk = store.desk(CITY)
    row = warnings.listed(desk).iloc[0]
    warnings.acknowledge(desk, row["subject_id"], row["id"])
    assert warnings.act_on_all(desk, Filter(), "acknowledge", expected=6) == 5
    assert warnings.history(desk, row["subject_id"], row["id"])["act"].tolist() == ["open", "acknowledge"]


def test_nothing_is_done_where_there_are_others_than_the_person_was_told_of(store):
    desk = store.desk(CITY)
    with pytest.raises(StoreRefused) as no:
        warnings.act_on_all(desk, Filter(), "acknowledge", expected=7)
    assert no.value.rule == "moved_on"
    with pytest.raises(StoreRefused) as no:
        warnings.act_on_all(desk, Filter(), "assign", expected=6)
    assert no.value.rule == "assignee"
    assert warnings.counted(desk)["unseen"].sum() == 6


def test_a_leader_acts_on_the_own_unit_alone(store):
    desk = store.desk(LEADER_TIANSHAN)
    assert warnings.touched(desk, Filter()) == (4, 2)
    warnings.act_on_all(desk, Filter(), "acknowledge", expected=4)
    unseen = warnings.counted(store.desk(CITY)).groupby("report_unit")["unseen"].sum()
    assert unseen.to_dict() == {"650102": 0, "650109": 2}


def test_the_workbook_has_values_only_and_says_as_of_when_by_whom_and_that_it_is_made_up(store):
    store.desk(OIL).commit(
        arrived("more.xlsx"), [checked(Station, [station(4, '=HYPERLINK("http://x","y")', nozzles=9)])]
    )
    naming = Naming(Places.load(), CALENDAR, "zh", at("2026-11-23T10:00"))
    content = workbook(store.desk(CITY), FOUND, naming, Filter(), data_at=at("2026-11-22T09:30"), demo=True)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (
        rows[1][0] == "数据截至 2026-11-22 09:30，导出时间 2026-11-23 10:00（北京时间），导出人 市级专班办公室，共 7 条"
    )
    assert rows[2][0] == "演示数据：合成，与任何真实主体无关"
    assert rows[3][:4] == ("预警编号", "等级", "监管对象", "代码")
    assert len(rows) == 4 + 7
    assert {c.data_type for r in sheet.iter_rows(min_row=5) for c in r} <= {"s", "n", "inlineStr"}  # "n": empty
    assert any(r[2].startswith("=HYPERLINK") for r in rows[4:])
    with store.registers() as books:
        line = next(n for n in books.audit_lines() if n["act"] == "warnings.export")
    assert line["details"] == {"warnings": 7, "filter": {}}
