"""What is due in December 2026, worked out by hand: plans, re-checks, shares, and what is left out and why."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pilotwatch.inspection import frequencies
from pilotwatch.inspection.frequencies import KEY, Rules, Share
from pilotwatch.inspection.owed import owed
from pilotwatch.records import Inspection, OrderToCorrect, PlannedCheck
from pilotwatch.store import StoreRefused, plan_means
from tests.inspection.made import FIRST, LAST, code, december, opened, plan, stations, visit
from tests.store.made import CITY, OIL_TIANSHAN


@pytest.fixture
def house(open_store):
    return opened(open_store)


def due(house, person=CITY, **values):
    return owed(house.desk(person), house.registry, house.calendar(), FIRST, LAST, **values)


def by_ref(frame):
    return frame.set_index("ref")


def days(row):
    return f"{row['first']:%m-%d}", f"{row['last']:%m-%d}"


def test_open_plans_are_due_in_their_window_within_the_period(house):
    stations(house, 1)
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", december(5), december(20)),
        plan("P2", 1, "SWJ", "证照", date(2026, 11, 20), december(10), minutes=90, officers_needed=3),
        plan("P3", 1, "STHJ", "油气回收", december(28), date(2027, 1, 10)),
        plan("P4", 1, "STHJ", "油气回收", date(2027, 1, 2), date(2027, 1, 10)),
    )
    found = by_ref(due(house).checks)
    assert set(found.index) == {"P1", "P2", "P3"}
    assert [days(found.loc[p]) for p in ("P1", "P2", "P3")] == [
        ("12-05", "12-20"),
        ("12-01", "12-10"),
        ("12-28", "12-31"),
    ]
    assert found.loc["P1", "hours"] == 2.0
    assert found.loc["P2", "hours"] == 4.5
    assert not found["caused"].any()


def test_a_plan_carried_out_is_not_due_and_one_that_ran_out_is_made_up_for(house):
    """A window of October that nobody used is 31 days late on 1 December: it may be made up for all through December. One of
    early 2026 is too old."""
    stations(house, 1, 2, 3)
    october = date(2026, 10, 1), date(2026, 10, 31)
    house.commit(
        PlannedCheck,
        plan("DONE", 1, "SCJG", "计量检定", *october),
        plan("TASK", 2, "SCJG", "计量检定", *october, task_no="RW1"),
        plan("LATE", 3, "SCJG", "计量检定", *october),
        plan("OLD", 3, "SWJ", "证照", date(2026, 1, 1), date(2026, 1, 31)),
    )
    house.commit(
        Inspection,
        visit("V1", 1, "SCJG", "其他", date(2026, 10, 9)),
        visit("V2", 2, "SWJ", "其他", date(2026, 11, 9), task_no="RW1"),
    )
    found = by_ref(due(house).checks)
    assert set(found.index) == {"LATE"}
    assert found.loc["LATE", "late"] == 31
    assert days(found.loc["LATE"]) == ("12-01", "12-31")
    assert found.loc["LATE", "priority"] >= 31 / 30


def test_what_may_not_be_planned_says_why(house):
    stations(house, 1)
    stations(house, 2, street_code="650104501", division_code="650104", jurisdiction="xpcc")
    house.commit(
        PlannedCheck,
        plan("UNTOLD", 1, "SCJG", "计量检定", december(5), december(20), published_on=None),
        plan("UNPUBLISHED", 1, "YJJ", "安全管理", december(5), december(20)),
        plan("NOT-ITS", 1, "STHJ", "证照", december(5), december(20)),
        plan("XPCC", 2, "SCJG", "计量检定", december(5), december(20)),
    )
    found = due(house)
    assert found.checks.empty
    assert by_ref(found.left_out)["reason"].to_dict() == {
        "UNTOLD": "plan_unpublished", "UNPUBLISHED": "unpublished", "NOT-ITS": "unpublished", "XPCC": "jurisdiction",
    }  # fmt: skip
    words = by_ref(found.left_out)["words"]
    assert "安全管理" in words["UNPUBLISHED"].zh
    assert "安全管理" in words["UNPUBLISHED"].en


def test_others_results_are_recognised_and_the_own_ones_count_for_a_year(house):
    """SWJ checked station 1 on 5 October: 180 days reach into April. Station 2 on 10 June: 180 days end on 6 December.
    SCJG itself checked station 3 on 2 January: not again before 2 January 2027."""
    stations(house, 1, 2, 3)
    window = december(1), december(31)
    house.commit(PlannedCheck, *(plan(f"P{n}", n, "SCJG", "计量检定", *window) for n in (1, 2, 3)))
    house.commit(
        Inspection,
        visit("V1", 1, "SWJ", "计量检定", date(2026, 10, 5)),
        visit("V2", 2, "SWJ", "计量检定", date(2026, 6, 10)),
        visit("V3", 3, "SCJG", "计量检定", date(2026, 1, 2)),
    )
    found = due(house)
    assert by_ref(found.left_out)["reason"].to_dict() == {"P1": "recognised", "P3": "repeated"}
    assert days(by_ref(found.checks).loc["P2"]) == ("12-07", "12-31")


def test_a_caused_check_is_not_barred_and_not_counted(house):
    stations(house, 1)
    house.commit(
        OrderToCorrect,
        {"order_no": "Z1", "dept": "SCJG", "uscc": code(1), "issued_on": date(2026, 11, 20), "due_on": december(4), "division_code": "650102"},
        {"order_no": "Z2", "dept": "SWJ", "uscc": code(1), "issued_on": date(2026, 11, 20), "due_on": december(4),
         "recheck_on": december(4), "division_code": "650102"},
    )  # fmt: skip
    house.commit(Inspection, visit("V1", 1, "SCJG", "整改复查", date(2026, 11, 20)))
    found = by_ref(due(house).checks)
    assert set(found.index) == {"Z1"}
    assert found.loc["Z1", "caused"]
    # from the day after the order's time is over, ten working days: Friday 4 December + 10 = Friday 18 December
    assert days(found.loc["Z1"]) == ("12-05", "12-18")


def test_caps_are_the_class_less_what_was_had(house):
    """A high-risk site gets 4 a year. Two planned visits on two days, one of them by two departments, and one that a complaint
    caused leave 2."""
    stations(house, 1, 2)
    house.commit(PlannedCheck, *(plan(f"P{n}", n, "STHJ", "油气回收", december(1), december(20)) for n in (1, 2)))
    house.commit(
        Inspection,
        visit("A", 1, "SCJG", "计量检定", date(2026, 3, 3)),
        visit("B", 1, "SWJ", "证照", date(2026, 3, 3)),
        visit("C", 1, "SWJ", "证照", date(2026, 11, 23)),
        visit("D", 1, "SCJG", "计量检定", date(2026, 4, 4), trigger="投诉举报"),
        visit("E", 1, "SCJG", "计量检定", date(2025, 12, 4)),
    )
    found = due(house)
    caps = found.caps.set_index(found.caps["subject_id"].map(found.checks.set_index("subject_id")["code"]))
    assert caps["allowed"].to_dict() == {code(1): 2, code(2): 4}
    assert [f"{d:%m-%d}" for d in found.made["day"]] == ["11-23"]


def test_shares_follow_the_class_at_the_years_pace_and_departments_choose_alike(house):
    """Twelve high-risk stations, each department to see three in four a year: nine. SCJG saw two and plans one, so six are
    left, all in December. SWJ saw none: nine. SCJG's six are among SWJ's nine where nobody was seen."""
    stations(house, *range(1, 13))
    frequencies.set_rules(house.desk(), Rules({**{c: Share(0.0, 4) for c in "ABCD"}, KEY: Share(0.75, 4)}), "测试")
    house.commit(
        PlannedCheck,
        plan("P3", 3, "SCJG", "计量检定", december(1), december(31)),
        plan("OLD", 4, "SWJ", "证照", date(2026, 2, 1), date(2026, 2, 20)),
    )
    house.commit(
        Inspection,
        visit("A", 1, "SCJG", "其他", date(2026, 3, 3)),
        visit("B", 2, "SCJG", "其他", date(2026, 3, 3)),
    )
    found = due(house, seed="s").checks
    shares = found[found["source"] == "frequency"]
    seen = shares.groupby("department")["code"].agg(set)
    assert {d: len(s) for d, s in seen.items()} == {"SCJG": 6, "SWJ": 9}
    assert not seen["SCJG"] & {code(1), code(2), code(3)}
    free = [c for c in sorted(seen["SWJ"]) if c not in (code(1), code(2), code(3))]
    assert len(set(free) & seen["SCJG"]) >= len(free) - 1
    assert set(due(house, seed="s").checks["check_id"]) == set(found["check_id"])


def test_a_month_owes_its_part_of_the_year(house):
    """October 2026 has 18 working days (22 weekdays, five off, one worked on a Saturday) of the 62 that are left of the
    year then, so of twelve stations at 100 % ceil(12 · 18 / 62) = ceil(3.48) = 4 are due."""
    stations(house, *range(1, 13))
    frequencies.set_rules(house.desk(), Rules({**{c: Share(0.0, 4) for c in "ABCD"}, KEY: Share(1.0, 4)}), "测试")
    house.commit(
        PlannedCheck, plan("OLD", 4, "SWJ", "证照", date(2026, 2, 1), date(2026, 2, 20), published_on=date(2026, 1, 1))
    )
    calendar = house.calendar()
    inside = calendar.working_days_between(date(2026, 9, 30), date(2026, 10, 31))
    left = calendar.working_days_between(date(2026, 9, 30), date(2026, 12, 31))
    assert (inside, left) == (18, 62)
    found = owed(house.desk(), house.registry, calendar, date(2026, 10, 1), date(2026, 10, 31)).checks
    assert len(found) == 4


def test_force_is_hours_by_week_and_who_entered_none_is_not_limited(house):
    """Two inspectors of 6 hours: 1 December is a Tuesday, so 4 days, then 5, 5, 5 and 4 (28 to 31 December)."""
    stations(house, 1)
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", december(5), december(20)),
        plan("P2", 1, "STHJ", "油气回收", december(5), december(20)),
    )
    plan_means.set_force(house.desk(), [{"department": "SCJG", "unit": "", "inspectors": 2, "hours": 6.0}], whole=True)
    found = due(house)
    mine = found.capacity[found.capacity["department"] == "SCJG"]
    assert mine["hours"].tolist() == [48.0, 60.0, 60.0, 60.0, 48.0]
    assert found.unlimited == ("STHJ",)
    assert (found.capacity.loc[found.capacity["department"] == "STHJ", "hours"] > 0).all()


def test_quiet_days_are_those_of_the_unit(house):
    stations(house, 1)
    house.commit(PlannedCheck, plan("P1", 1, "SCJG", "计量检定", december(1), december(20)))
    plan_means.add_quiet(house.desk(), december(1), december(9), "重大活动", unit="650102")
    plan_means.add_quiet(house.desk(), december(1), december(9), "重大活动", unit="650103")
    found = due(house)
    assert [(f"{r.first:%m-%d}", f"{r.last:%m-%d}") for r in found.quiet.itertuples()] == [("12-01", "12-09")]


def test_a_wish_is_a_check_for_each_department_it_names(house):
    stations(house, 1, 2)
    house.commit(
        PlannedCheck,
        plan("OLD", 2, "SCJG", "计量检定", date(2026, 2, 1), date(2026, 2, 20)),
        plan("OLD2", 2, "SWJ", "证照", date(2026, 2, 1), date(2026, 2, 20)),
    )
    desk = house.desk()
    mine = desk.subjects(["subject_id"], where={"code": code(1)})["subject_id"].tolist()
    asked = {"domain": "oil", "ref": "HOT-1"}
    assert plan_means.request(desk, mine, ["SCJG", "SWJ"], december(3), december(18), "热点联合检查", **asked) == 1
    assert plan_means.request(desk, mine, ["SCJG"], december(3), december(18), "热点联合检查", **asked) == 0
    found = due(house).checks
    wishes = found[found["source"] == "request"]
    assert sorted(wishes["department"]) == ["SCJG", "SWJ"]
    assert set(wishes["matters"]) == {("计量检定",), ("证照",)}
    assert not wishes["alone"].any()


def test_a_team_sees_what_is_due_in_its_units(house):
    stations(house, 1)
    stations(house, 2, division_code="650103", report_unit="650103")
    window = december(1), december(20)
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", *window),
        plan("P2", 2, "SCJG", "计量检定", *window, division_code="650103"),
    )
    assert set(due(house, OIL_TIANSHAN).checks["ref"]) == {"P1"}
    assert set(due(house).checks["ref"]) == {"P1", "P2"}
    assert set(due(house, units=["650103"]).checks["ref"]) == {"P2"}


@pytest.mark.parametrize(
    ("first", "last"),
    [(LAST, FIRST), (date(2026, 12, 1), date(2027, 1, 5)), (date(2026, 12, 5), date(2026, 12, 6))],
)
def test_a_period_that_cant_be_planned_is_refused_with_a_sentence(house, first, last):
    with pytest.raises(StoreRefused) as no:
        owed(house.desk(), house.registry, house.calendar(), first, last)
    assert no.value.rule == "period"
    assert no.value.message.zh
    assert no.value.message.en


def test_rules_that_cant_be_are_refused_and_others_come_back_as_they_were():
    made = Rules(of_department={"SCJG": {"A": Share(0.05, 1)}}, overall_cap=3)
    assert Rules.of_json(made.as_json()) == made
    assert made.share("SCJG", "A").ratio == 0.05
    assert made.share("SWJ", "A").ratio == 0.01
    assert [made.cap(c) for c in ("A", "B", "C", "D", KEY)] == [1, 1, 2, 3, 3]
    for wrong in (
        {"shares": {"A": [1.5, 1]}},
        {"shares": {"E": [0.5, 1]}},
        {"shares": {"A": [0.5, 1.5]}},
        {"overall_cap": 0},
    ):
        with pytest.raises(StoreRefused):
            Rules.of_json(wrong)


def test_tickets_are_spread_evenly():
    """Of 2,000 subjects the tickets' first digit is each of sixteen about 125 times."""
    from pilotwatch.inspection.sources import _ticket

    counts = pd.Series([_ticket("seed", "A", str(n))[0] for n in range(2000)]).value_counts()
    assert len(counts) == 16
    assert counts.between(85, 170).all()
