"""A plan from what is due to adoption: hand-worked visits, edits that hold, refusals, scope, both databases."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from pilotwatch.domain import Text
from pilotwatch.inspection import edits, frequencies, propose
from pilotwatch.inspection.breaches import breaches, load
from pilotwatch.inspection.frequencies import KEY, Rules, Share
from pilotwatch.inspection.owed import LEFT_OUT
from pilotwatch.inspection.propose import REASONS
from pilotwatch.intake import Cancelled
from pilotwatch.planning.model import UNMET
from pilotwatch.records import Inspection, PlannedCheck
from pilotwatch.store import StoreRefused, plan_means, plans
from tests.inspection.made import FIRST, LAST, code, december, opened, plan, stations, visit
from tests.store.made import CARDS, CITY, LEADER_TIANSHAN, OIL, OIL_TIANSHAN


@pytest.fixture
def house(open_store):
    return opened(open_store)


@pytest.fixture
def planned(house):
    """Station 1: three departments in December, two of them with days in common with all. Station 2: one department."""
    stations(house, 1, 2)
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", december(1), december(15)),
        plan("P2", 1, "SWJ", "证照", december(10), december(31)),
        plan("P3", 1, "STHJ", "油气回收", december(8), december(20), mergeable=False),
        plan("P4", 2, "SCJG", "计量检定", december(1), december(31)),
    )
    return house


def draft(house, person=CITY, **values):
    desk = house.desk(person)
    return edits.keep(desk, propose.propose(house, desk, FIRST, LAST, seed="s", **values))


def visits_of(house, kept, person=CITY):
    rows = plans.visits(house.desk(person), plan_id=kept.id)
    return {tuple(json.loads(r.departments)): r for r in rows.itertuples()}


def joint(house, kept):
    return next(v for d, v in visits_of(house, kept).items() if len(d) > 1)


def test_departments_go_together_where_their_days_allow(planned):
    """SCJG and SWJ share 10 to 15 December: one visit. STHJ's check may not be merged: another one, at least a day apart.
    Four checks, three visits, and three is the least."""
    kept = draft(planned)
    found = visits_of(planned, kept)
    assert set(found) == {("SCJG", "SWJ"), ("STHJ",), ("SCJG",)}
    both = found["SCJG", "SWJ"]
    assert december(10) <= both.day.date() <= december(15)
    assert both.checks == 2
    assert december(8) <= found[("STHJ",)].day.date() <= december(20)
    r = kept.result
    assert (r["due"], r["visits"], r["separate"], r["saved"], r["lower_bound"]) == (4, 3, 4, 1, 3)
    assert (r["gap"], r["optimal"], r["unmet"]) == (0, True, {})
    checks = plans.checks(planned.desk(), kept.id)
    alone = checks[checks["ref"] == "P3"].iloc[0]
    assert alone["reason"] == "alone"
    assert alone["why_zh"]
    assert kept.number == "LHJH-202612-0001"


def test_nothing_is_kept_of_a_proposal_that_is_cancelled(planned):
    def stop(_step: Text, share: float) -> None:
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        propose.propose(planned, planned.desk(), FIRST, LAST, progress=stop)
    assert plans.plans(planned.desk()) == []


def test_what_is_pinned_stays_and_what_is_dropped_stays_out(planned):
    desk = planned.desk()
    kept = draft(planned)
    both = joint(planned, kept)
    kept = edits.move(planned, desk, kept, both.id, december(15), "企业请求")
    gone = visits_of(planned, kept)[("STHJ",)]
    kept = edits.drop(desk, kept, gone.id, "已电话核实")
    assert kept.result["visits"] == 2
    planned.commit(PlannedCheck, plan("P5", 2, "SWJ", "证照", december(14), december(31)))
    kept = edits.again(planned, desk, kept, "新增计划")
    rows = plans.visits(desk, plan_id=kept.id)
    mine = rows[rows["id"] == both.id].iloc[0]
    assert mine["day"].date() == december(15)
    assert mine["pinned"]
    assert len(rows) == 2
    checks = plans.checks(desk, kept.id).set_index("ref")
    assert checks.loc["P3", "reason"] == "dropped"
    assert "已电话核实" in checks.loc["P3", "why_zh"]
    assert checks.loc["P5", "visit_id"] == checks.loc["P4", "visit_id"]
    assert [e["act"] for e in plans.edits(desk, kept.id)] == ["again", "drop", "move", "make"]


def test_a_visit_is_moved_only_where_its_departments_may_go(planned):
    desk = planned.desk()
    kept = draft(planned)
    both = joint(planned, kept)
    for day, rule in (
        (december(16), "window"),  # SCJG's window ends on the 15th
        (december(13), "day"),  # a Sunday
        (date(2027, 1, 4), "day"),
        (visits_of(planned, kept)[("STHJ",)].day.date(), "near"),
    ):
        with pytest.raises(StoreRefused) as no:
            edits.move(planned, desk, kept, both.id, day, "改期")
        assert no.value.rule in (rule, "window")
        assert no.value.message.en
    with pytest.raises(StoreRefused) as no:
        edits.move(planned, desk, kept, both.id, december(14), "  ")
    assert no.value.rule == "reason"


def test_a_day_is_held_to_visits_of_others_too(planned):
    """Planned visits on 18 and 24 November, recorded after the draft was made, and the draft's joint one between 10 and 15
    December: until 17 December another one would be the fourth in thirty days."""
    desk = planned.desk()
    kept = draft(planned)
    split_off = visits_of(planned, kept)[("STHJ",)]
    for n, on in enumerate((18, 24)):
        planned.commit(Inspection, visit(f"V{n}", 1, "YJJ", "其他", date(2026, 11, on)))
    with pytest.raises(StoreRefused) as no:
        edits.move(planned, desk, kept, split_off.id, december(17), "企业请求")
    assert no.value.rule == "near"
    assert "30天内至多 3 次" in no.value.message.zh
    assert "2026-11-18" in no.value.message.zh
    kept = edits.move(planned, desk, kept, split_off.id, december(18), "企业请求")
    assert visits_of(planned, kept)[("STHJ",)].day.date() == december(18)


def test_a_department_is_split_off(planned):
    desk = planned.desk()
    kept = draft(planned)
    both = joint(planned, kept)
    kept = edits.split(planned, desk, kept, both.id, "SWJ", december(30), "商务局另有安排")
    found = visits_of(planned, kept)
    assert found[("SWJ",)].day.date() == december(30)
    assert found[("SWJ",)].pinned
    assert {v.id for v in found.values() if v.subject_id == both.subject_id and v.departments == '["SCJG"]'} == {
        both.id
    }
    assert (kept.result["visits"], kept.result["saved"]) == (4, 0)
    checks = plans.checks(desk, kept.id).set_index("ref")
    assert checks.loc["P2", "visit_id"] == found[("SWJ",)].id


def test_of_two_at_once_the_second_is_told_who_was_first(planned):
    desk = planned.desk()
    kept = draft(planned)
    both = joint(planned, kept)
    edits.pin(desk, kept, both.id)
    with pytest.raises(StoreRefused) as no:
        edits.drop(desk, kept, both.id, "重复")
    assert no.value.rule == "meanwhile"
    assert "city" in no.value.message.zh


def test_an_adopted_plan_takes_its_hours_and_its_checks_from_the_next(planned):
    desk = planned.desk()
    kept = edits.adopt(planned, desk, draft(planned))
    assert kept.state == "adopted"
    assert set(plans.visits(desk, plan_id=kept.id)["state"]) == {"adopted"}
    held = plans.arranged(desk, FIRST, LAST)
    assert sorted(held["ref"]) == ["P1", "P2", "P3", "P4"]
    with pytest.raises(StoreRefused) as no:
        propose.propose(planned, desk, FIRST, LAST)
    assert no.value.rule == "nothing_due"
    planned.commit(PlannedCheck, plan("P6", 2, "SWJ", "证照", december(1), december(31)))
    made = propose.propose(planned, desk, FIRST, LAST, seed="s")
    assert set(made.owed.checks["ref"]) == {"P6"}
    scjg = made.owed.capacity.query("department == 'SCJG'")["hours"].sum()
    assert scjg == 276 - 4  # 23 days of two inspectors for six hours, less P1 and P4 of two hours each
    with pytest.raises(StoreRefused):
        edits.again(planned, desk, kept, "再算")


def test_a_plan_that_would_break_something_by_now_is_not_adopted(planned):
    desk = planned.desk()
    kept = draft(planned)
    assert breaches(planned, desk, kept).empty
    planned.commit(Inspection, visit("V1", 2, "SWJ", "计量检定", date(2026, 11, 20)))
    plan_means.add_quiet(desk, FIRST, LAST, "重大活动", unit="650102")
    plan_means.set_force(desk, [{"department": "STHJ", "unit": "", "inspectors": 0, "hours": 6.0}, {"department": "SWJ", "unit": "650103", "inspectors": 1, "hours": 6.0}, {"department": "SWJ", "unit": "", "inspectors": 0, "hours": 6.0}])  # fmt: skip
    found = breaches(planned, desk, kept)
    assert set(found["kind"]) == {"gone", "quiet", "capacity"}
    assert (found["kind"] == "quiet").sum() == 3
    with pytest.raises(StoreRefused) as no:
        edits.adopt(planned, desk, kept)
    assert no.value.rule == "breaches"
    assert plans.plan(desk, kept.id).state == "draft"


def test_the_cap_is_kept_by_plan_and_by_hand(house):
    """A class with two visits a year, one had in May: one left. Three checks that share no day: one is planned."""
    stations(house, 1)
    frequencies.set_rules(house.desk(), Rules({**{c: Share(0.0, 2) for c in "ABCD"}, KEY: Share(0.0, 2)}), "测试")
    house.commit(Inspection, visit("V1", 1, "YJJ", "其他", date(2026, 5, 6)))
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", december(1), december(4)),
        plan("P2", 1, "SWJ", "证照", december(14), december(16)),
        plan("P3", 1, "STHJ", "油气回收", december(24), december(28)),
    )
    kept = draft(house)
    assert (kept.result["visits"], kept.result["unmet"]) == (1, {"cap": 2})
    words = plans.checks(house.desk(), kept.id, undone=True)
    assert set(words["why_zh"]) == {"该对象的计划入企次数已达上限"}


def test_who_is_short_is_said_by_name_with_hours(house):
    """Two inspectors of six hours have 12 hours a day; 1 to 4 December are four days: 48. Fifteen stations of four hours: 60."""
    numbers = range(1, 16)
    stations(house, *numbers)
    house.commit(
        PlannedCheck, *(plan(f"P{n}", n, "SCJG", "计量检定", december(1), december(4), minutes=120) for n in numbers)
    )
    kept = draft(house)
    assert kept.result["unmet"] == {"capacity": 3}
    assert kept.result["visits"] == 12
    short = kept.result["scarce"][0]
    assert (short["department"], short["unit"], short["short"]) == ("SCJG", "", 12.0)
    words = plans.checks(house.desk(), kept.id, undone=True)["why_zh"].iloc[0]
    assert "市市场监督管理局" in words
    more = propose.what_if(house, house.desk(), kept, inspectors={"SCJG": 1})
    assert more["unmet"] == {}
    assert more["visits"] == 15
    assert plans.plan(house.desk(), kept.id).version == kept.version


def test_what_if_windows_were_wider(house):
    stations(house, 1)
    house.commit(
        PlannedCheck,
        plan("P1", 1, "SCJG", "计量检定", december(1), december(4)),
        plan("P2", 1, "SWJ", "证照", december(9), december(11)),
    )
    kept = draft(house)
    assert kept.result["visits"] == 2
    assert propose.what_if(house, house.desk(), kept, window=7)["visits"] == 1
    assert propose.what_if(house, house.desk(), kept, cap=1)["unmet"] == {"cap": 1}


def test_teams_plan_for_their_own_and_leaders_read(planned):
    stations(planned, 3, division_code="650103", report_unit="650103")
    planned.commit(PlannedCheck, plan("P9", 3, "SCJG", "计量检定", december(1), december(31), division_code="650103"))
    whole = draft(planned)
    assert whole.result["due"] == 5
    assert len(visits_of(planned, whole, OIL_TIANSHAN)) == 3
    assert len(plans.visits(planned.desk(LEADER_TIANSHAN), plan_id=whole.id)) == 3
    assert plans.visits(planned.desk(CARDS), plan_id=whole.id).empty
    own = draft(planned, OIL_TIANSHAN)
    assert (own.units, own.domains, own.result["due"]) == (("650102",), ("oil",), 4)
    with pytest.raises(StoreRefused) as no:
        edits.drop(planned.desk(OIL_TIANSHAN), whole, joint(planned, whole).id, "x")
    assert no.value.rule == "beyond"
    for person in (LEADER_TIANSHAN,):
        with pytest.raises(StoreRefused):
            edits.adopt(planned, planned.desk(person), own)
    with pytest.raises(StoreRefused):
        plans.plan(planned.desk(CARDS), own.id)
    with pytest.raises(StoreRefused):
        plan_means.set_force(planned.desk(OIL), [])


def test_a_given_up_plan_frees_what_it_held(planned):
    desk = planned.desk()
    kept = edits.adopt(planned, desk, draft(planned))
    with pytest.raises(StoreRefused):
        edits.give_up(desk, kept, "")
    kept = edits.give_up(desk, kept, "推迟到下月")
    assert plans.arranged(desk, FIRST, LAST).empty
    assert propose.propose(planned, desk, FIRST, LAST, seed="s").result["visits"] == 3
    with pytest.raises(StoreRefused):
        edits.give_up(desk, kept, "再次")


def test_the_same_seed_gives_the_same_plan(planned):
    desk = planned.desk()
    one, other = (propose.propose(planned, desk, FIRST, LAST, seed="s") for _ in range(2))
    shown = ["subject_id", "day", "departments", "checks", "hours"]
    pd.testing.assert_frame_equal(one.visits[shown], other.visits[shown])


def test_hours_are_counted_by_week_in_the_pool_that_serves_the_unit():
    week = pd.Timestamp("2026-12-07")
    capacity = pd.DataFrame(
        {"department": ["SWJ", "SWJ"], "unit": ["650102", ""], "week": [week] * 2, "hours": [10.0, 5.0]}
    )
    checks = pd.DataFrame({"department": ["SWJ"] * 3, "report_unit": ["650102", "650103", "650104"], "day": [week, week, pd.Timestamp("2026-12-11")], "hours": [2.0, 3.0, 4.0]})  # fmt: skip
    found = load(capacity, checks).set_index("unit")
    assert found["spent"].to_dict() == {"": 7.0, "650102": 2.0}


def test_every_reason_has_its_words():
    assert set(REASONS) >= {*UNMET, *LEFT_OUT}
    assert all(t.zh and t.en for t in REASONS.values())


def test_codes_are_names_in_every_word_told(planned):
    kept = draft(planned)
    for words in plans.checks(planned.desk(), kept.id)["why_zh"]:
        assert not any(c in words for c in ("SCJG", "SWJ", "STHJ", code(1)))
