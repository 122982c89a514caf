"""The limits of law and practice: each as it was in force, counted by hand on both sides of each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pilotwatch import registry
from pilotwatch.disposal import clocks
from pilotwatch.disposal.case import Case
from pilotwatch.disposal.limits import LIMITS, PAUSES, RULES
from pilotwatch.places import Places
from pilotwatch.workdays import BEIJING, Limit
from tests.disposal.made import CITY, SWJ, Story, calendar, last_day, lead, rulebook


def noon(*day: int) -> datetime:
    return datetime(*day, 12, tzinfo=BEIJING)


def clock(rule: str, start: datetime, **values):
    return clocks.started(Case(received_at=start, **values), LIMITS[rule], start, calendar())


def due(rule: str, start: datetime, **values) -> str | None:
    told = clock(rule, start, **values)
    return told and told.due_at and str(last_day(told.due_at))


# --- versions by date ----------------------------------------------------------------------------------------------------

COMPLAINT = {"kind": "complaint", "channel": "12315"}


def test_mediation_is_45_working_days_until_the_14th_of_april_2026_and_60_natural_days_from_the_15th():
    """Accepted 2026-04-14: 45 working days. April 15–30 has 12, May 16 days off the national calendar's 05-01, 05-04, 05-05
    and weekends, worked 05-09: 19 of May (31 in all), and the 14th of June's working days is 06-18 (06-19 is a holiday).
    Accepted 2026-04-15: 60 days on is 2026-06-14, a Sunday, so Monday 06-15."""
    old, new = clock("T2", noon(2026, 4, 14), **COMPLAINT), clock("T2", noon(2026, 4, 15), **COMPLAINT)
    assert (old.limit, str(last_day(old.due_at))) == ("45wd", "2026-06-18")
    assert (new.limit, str(last_day(new.due_at))) == ("60d", "2026-06-15")
    assert "第20号" in old.basis and "第121号" in new.basis and (old.level, new.level) == ("LAW", "LAW")


def test_the_unified_notice_to_a_real_name_reporter_was_dropped():
    report = {"kind": "report", "real_name": True}
    assert due("T5", noon(2026, 4, 14), **report) == "2026-04-21"  # 5 working days: 15, 16, 17, 20, 21
    assert clock("T5", noon(2026, 4, 15), **report) is None
    assert clock("T5", noon(2026, 4, 14), kind="report", real_name=False) is None


def test_a_complaint_is_accepted_within_7_working_days_by_the_rule_of_its_day():
    old, new = clock("T1", noon(2026, 4, 14), **COMPLAINT), clock("T1", noon(2026, 4, 15), **COMPLAINT)
    assert [str(last_day(c.due_at)) for c in (old, new)] == ["2026-04-23", "2026-04-24"]
    assert "第20号" in old.basis and "第121号" in new.basis
    assert clock("T1", noon(2026, 4, 15), kind="complaint", channel="12345") is None, "a rule of the 12315 platform"


def test_a_dispute_over_jurisdiction_keeps_its_days_but_is_law_only_as_long_as_the_article_was_seen():
    assert [clock("T6", noon(2026, 4, d)).level for d in (14, 15)] == ["LAW", "PRAC"]


@pytest.mark.parametrize(
    ("rule", "start", "expected", "values"),
    [
        ("T4", (2025, 6, 5), "2025-07-01", {"kind": "clue"}),  # E.6's own check value: + 15 working days in Xinjiang
        ("T7", (2025, 6, 5), "2025-09-03", {}),  # 90 natural days: 06-05 + 90 = 09-03, a Wednesday
        ("T8", (2025, 6, 5), "2025-06-17", {}),  # 5 wd: 11, 12, 13, 16, 17 (06-06, 09, 10 are the festival)
        ("T12", (2025, 6, 5), "2025-06-19", {}),  # 行政处罚法's 7日 are working days: E.6's check value
        ("T13", (2025, 6, 5), "2025-06-20", {}),  # its 15日 are natural ones
        ("T11", (2025, 6, 5), "2025-07-07", {}),  # 30 days end on Saturday 07-05
        ("T14", (2025, 6, 5), "2025-06-24", {}),  # 行政强制法's 10日 are working days
        ("R1", (2025, 6, 5), "2025-06-11", {}),  # 3 natural days end on Sunday 06-08; the 9th and 10th are off
        ("T17", (2025, 9, 26), "2025-10-13", {}),  # 7 wd over National Day: 28, 29, 30, 10-09, 10, 11, 13
        ("T16", (2025, 9, 26), "2025-10-30", {"owner": "SCJG"}),  # 13 more: 14–17, 20–24, 27–30
        ("T22", (2025, 6, 5), "2025-06-11", {}), ("T22.return", (2025, 6, 5), "2025-06-12", {}), ("T15", (2025, 6, 5), "2027-06-07", {}),
    ],
)  # fmt: skip
def test_limits_counted_by_hand(rule, start, expected, values):
    if expected.startswith("2027"):  # two years on lies in a year without a notice: it is said, not guessed
        told = clock(rule, noon(*start), **values)
        assert (told.due_at, told.standing) == (None, "unknown") and "2027年" in told.why.zh
    else:
        assert due(rule, noon(*start), **values) == expected


def test_life_health_and_financial_safety_have_five_years_of_limitation():
    assert clock("T15", noon(2020, 6, 5), grave=True).limit == "5y" and clock("T15", noon(2020, 6, 5)).limit == "2y"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"urgency": "特急"}, "24h"),
        ({"kind": "consultation"}, "2wd"),
        ({"people_count": 5}, "15wd"),
        ({"people_count": 4}, "5wd"),
    ],
)
def test_a_hotline_sheet_is_answered_by_what_it_is(values, expected):
    assert clock("T20", noon(2025, 6, 5), channel="12345", **values).limit == expected


def test_a_hot_line_sheet_is_assigned_within_hours_where_it_is_urgent():
    told = clock("T19", noon(2025, 6, 5), channel="12345", urgency="紧急")
    assert told.due_at - noon(2025, 6, 5) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("red", ("2h", "24h", "3wd")), ("orange", ("1wd", "3wd", "5wd")), ("yellow", ("2wd", "5wd", "10wd"))],
)
def test_a_warnings_handling_time_is_that_of_its_level(level, expected):
    case = {"kind": "warning", "level": level}
    assert tuple(clock(r, noon(2025, 6, 5), **case).limit for r in ("T22", "F1", "F2")) == expected
    assert clock("F1", noon(2025, 6, 5), kind="warning", level="blue") is None


def test_what_is_law_for_market_regulation_is_practice_for_the_others():
    assert [clock("T4", noon(2025, 6, 5), kind="clue", owner=o).level for o in ("SCJG", "SWJ")] == ["LAW", "PRAC"]


def test_every_limit_of_the_table_is_there_with_a_basis():
    assert {f"T{n}" for n in range(1, 26)} <= set(LIMITS)
    for r in RULES:
        assert r.versions and r.title.zh and r.title.en and r.begins.zh, r.id
        assert all(v.limit.basis.source for v in r.versions), r.id
        if r.extension:
            assert Limit(r.extension).unit == r.versions[-1].limit.unit, "an extension is counted on from the end"
    assert all(t.zh and t.en for t in PAUSES.values())


# --- a case's clocks ---------------------------------------------------------------------------------------------


def test_a_pause_moves_the_end_by_the_days_between_and_one_of_a_day_by_none():
    """T4 runs to 07-01. Suspended on 06-16 and resumed on 06-18: the 17th and the 18th don't count, so 07-03."""
    story = Story().to("verifying")
    story.do("suspend", SWJ, days=11, pause="sampling")
    assert story.due("T4") is None and story.case.clock("T4").standing == "paused"
    story.do("resume", SWJ, days=2)
    assert str(story.due("T4")) == "2025-07-03"
    story.do("suspend", SWJ, days=1)
    story.do("resume", SWJ)
    assert str(story.due("T4")) == "2025-07-03"


def test_the_time_until_a_returned_case_is_assigned_again_is_jurisdiction_and_does_not_count():
    """Returned on Thursday 06-12, assigned again on Monday 06-16: Friday and Monday don't count, so 07-01 becomes 07-03."""
    story = Story().to("assigned")
    story.do("return", SWJ, days=7)
    story.do("assign", CITY, days=4, department="SWJ")
    assert str(story.due("T4")) == "2025-07-03"


def test_an_order_is_due_on_the_day_that_it_names_or_the_next_working_day():
    story = Story().to("verifying")
    story.do("dispose", SWJ, measure="order", due="2025-06-21")  # a Saturday
    assert str(story.due("K1")) == "2025-06-23" and story.case.clock("K1").main
    other = Story().to("verifying")
    with pytest.raises(Exception, match="晚于今天"):
        other.do("dispose", SWJ, measure="order", due="2025-06-05")


def test_a_domains_procedure_sets_the_first_action_and_says_why():
    red = Story(lead(kind="warning", level="red", content="x")).to("assigned").case.clock("F1")
    yellow = Story(lead(kind="warning", level="yellow")).to("assigned").case.clock("F1")
    assert (red.limit, yellow.limit, yellow.basis) == ("24h", "3wd", "经验值")


def test_a_clock_that_is_not_certain_says_which_date_would_hold():
    told = clock("T4", noon(2026, 3, 10), kind="clue")  # Roza 2026-03-20 is told of, not attested
    assert (
        told.standing == "unconfirmed"
        and str(last_day(told.due_at)) == "2026-03-31"
        and str(told.if_confirmed) == "2026-04-01"
    )


def test_a_case_is_as_late_as_its_clocks_were():
    story = Story().to("assigned")
    assert not story.case.late
    story.do("sign", SWJ, days=10)  # T22 ended on 06-11
    assert story.case.late and not story.case.late_main
    assert replace(story.case, clocks=()).late is False


# --- what the domains declare ------------------------------------------------------------------------------------


def test_every_indicator_of_every_domain_has_a_procedure_that_can_be_counted():
    places = Places.load()
    for domain in registry.load().domains:
        for indicator in domain.indicators:
            found = domain.procedure(indicator.code)
            assert found is not None, indicator.code
            assert found.owner == indicator.owner, indicator.code
            assert {found.owner, *found.others} <= set(places.departments) and set(found.limits) <= set(LIMITS)
            for within in (found.within, *found.by_level.values(), *(s.within for s in found.steps)):
                assert within is None or Limit(within)
            assert found.steps and found.close_when and found.basis.source and found.first_action.en
    assert rulebook().procedure(Case(domains=("shops",), facts=("SHP-01",))).owner == "SWJ"
    assert rulebook().owner(Case(domains=("shops",), facts=("?",))) == "SWJ", "else the domain's lead"
    assert rulebook().owner(Case()) == ""


def test_the_natural_day_limit_over_a_holiday_is_moved_to_the_first_working_day():
    assert due("T13", noon(2025, 9, 16)) == "2025-10-09"  # 15 days end on 10-01
