"""The guard before a visit and over past ones: each limit at its edge, worked by hand, and both agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotwatch.inspection.ledger.guard import Seen, breaches, planned_visits, seen_of, stops
from pilotwatch.inspection.ledger.limits import LIMITS
from pilotwatch.reform.visits import repeated
from tests.reform.conftest import visit

ON = date(2026, 11, 23)
DAY = date(2026, 10, 30)


def seen(before: int, dept="XFJY", matter="消防", **said):
    """A visit so many days before DAY (after it: negative)."""
    return Seen(DAY - timedelta(before), frozenset([dept]), frozenset([matter]), **said)


def codes(*visits, dept="SWJ", matter="资金存管", **said):
    return [s.code for s in stops(visits, DAY, [dept], [matter], **said)]


def test_nothing_before_stops_nothing():
    assert codes() == []


def test_a_second_visit_on_a_day_is_told_to_join_the_first():
    (first, *_) = stops([seen(0, coming=True)], DAY, ["SWJ"], ["资金存管"])
    assert (first.code, first.severity, first.join) == ("day", "stop", DAY)
    assert first.said.zh == "2026-10-30 对该对象已有 1 次计划检查，一天至多 1 次。请并入 2026-10-30 的检查，或改期。"
    assert first.said.en.endswith("Join the visit of 2026-10-30, or choose another day.")
    (done, *_) = stops([seen(0)], DAY, ["SWJ"], ["资金存管"])
    assert done.join is None and done.said.zh.endswith("一天至多 1 次。请改到其他日期。")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((6, 3), ["week", "sixty"]),
        ((7, 3), ["sixty"]),
        ((4, -2), ["week", "sixty"]),  # the 26th, the 30th and the 1st lie within 7 days
        ((4, -3), ["sixty"]),  # the 26th and the 2nd don't
        ((29, 20, 10), ["month", "sixty"]),
        ((30, 20, 10), ["sixty"]),
        ((59,), ["sixty"]),
        ((60,), []),
    ],
)
def test_a_week_is_any_seven_days_and_a_month_any_thirty(before, expected):
    assert codes(*[seen(n) for n in before]) == expected


def test_four_planned_visits_of_the_year_are_enough():
    """February to August 2026: four. The one of December 2025 is of another year."""
    four = [Seen(date(2026, m, 1), frozenset(["XFJY"]), frozenset()) for m in (2, 4, 6, 8)]
    assert codes(*four) == ["cap"]
    assert codes(*four[:3], Seen(date(2025, 12, 31), frozenset(["XFJY"]), frozenset())) == []
    assert codes(*four[:2], cap=2) == ["cap"]


def test_a_matter_is_not_checked_twice_by_one_department_in_twelve_months():
    last_year = Seen(date(2025, 10, 30), frozenset(["SWJ"]), frozenset(["资金存管"]))
    day_after = Seen(date(2025, 10, 31), frozenset(["SWJ"]), frozenset(["资金存管"]))
    assert codes(last_year) == []
    assert codes(day_after) == ["item"]
    assert codes(day_after, matter="备案") == []
    assert codes(day_after, dept="XFJY") == []


def test_what_another_department_found_stands_for_180_days():
    assert codes(seen(179, matter="资金存管")) == ["recognised"]
    assert codes(seen(180, matter="资金存管")) == []
    assert codes(seen(179, dept="SWJ", matter="资金存管")) == ["item"]


def test_after_three_visits_in_vain_a_reason_is_asked_for():
    three = [seen(n, dept="SWJ", matter=f"事项{n}", found=False) for n in (300, 200, 100)]
    (stop,) = stops(three, DAY, ["SWJ"], ["资金存管"])
    assert (stop.code, stop.severity) == ("low_yield", "reason")
    assert codes(*three[1:]) == []
    assert codes(*three[:2], seen(100, dept="SWJ", found=True)) == []
    assert codes(*three[:2], seen(100, dept="SWJ", found=None)) == []
    assert codes(seen(366, dept="SWJ", matter="事项", found=False), *three[1:]) == []


def test_what_has_a_cause_is_never_stopped_and_never_counted(frames):
    assert codes(seen(0), trigger="投诉举报") == []
    rows = frames([visit("2026-10-30", "投诉举报"), visit("2026-10-30", "复查", ["XFJY"])])
    assert planned_visits(rows, ON).empty
    assert breaches(planned_visits(rows, ON)).empty


def test_every_limit_has_a_sentence_in_both_languages():
    hits = {
        "day": [seen(0)], "week": [seen(1), seen(2)], "month": [seen(10), seen(15), seen(20)],
        "cap": [seen(90 + n) for n in range(0, 200, 50)], "item": [seen(300, "SWJ", "资金存管")],
        "recognised": [seen(100, matter="资金存管")], "low_yield": [seen(n, "SWJ", found=False) for n in (90, 80, 70)],
        "sixty": [seen(50)],
    }  # fmt: skip
    assert set(hits) == set(LIMITS)
    for code, visits in hits.items():
        stop = next(s for s in stops(visits, DAY, ["SWJ"], ["资金存管"]) if s.code == code)
        assert stop.visits and "{" not in stop.said.zh + stop.said.en


_ROW = st.tuples(
    st.integers(0, 420), st.sampled_from([["SWJ"], ["XFJY"], ["SWJ", "XFJY"]]), st.sampled_from([["a"], ["b"], ["a", "b"], []]),
    st.sampled_from(["未发现问题", "责令改正"]), st.sampled_from("ST"),
)  # fmt: skip


@given(st.lists(_ROW, max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_what_past_visits_broke_is_what_the_guard_would_have_said_before_each(frames, rows):
    begin = date(2025, 9, 1)
    visits = [
        visit(f"{begin + timedelta(n):%Y-%m-%d}", depts=d, items=i, result=r, of=of, number=f"{k:03}")
        for k, (n, d, i, r, of) in enumerate(rows)
    ]
    planned = planned_visits(frames(visits), ON)
    found = breaches(planned)
    for at in range(len(planned)):
        one = planned.iloc[at]
        before = planned.iloc[:at]
        history = seen_of(before[before["subject_id"] == one["subject_id"]])
        (me,) = seen_of(planned.iloc[at : at + 1])
        said = [s.code for s in stops(history, me.day, me.departments, me.matters)]
        assert found.loc[found["visit"] == at, "code"].tolist() == said


def test_who_counts_as_checked_twice_broke_a_limit(frames):
    """REF-07 of the same rows: whoever it names, the guard would have stopped or noted."""
    rows = frames([
        visit("2026-03-01", items=["a"]), visit("2026-09-01", items=["a"], number="2"),
        visit("2026-05-01", of="T"), visit("2026-06-29", depts=["XFJY"], of="T"),
        visit("2026-05-01", of="U"), visit("2026-06-30", depts=["XFJY"], of="U"),
    ])  # fmt: skip
    twice = repeated(rows, ON)
    named = set(twice.loc[twice["numerator"] > 0, "subject_id"])
    planned = planned_visits(rows, ON)
    found = breaches(planned)
    assert named == {"S", "T"} == set(planned["subject_id"].iloc[found["visit"]])
