"""Which past visits could have been one: every expected value is worked out by hand beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotwatch.inspection.ledger.past import REACHES, by_month, find, missed, past
from tests.reform.conftest import plan, visit

ON = date(2026, 11, 23)


def saved(frames, reach="d14"):
    return int(missed(past(frames, ON), reach)["saved"].sum())


def test_two_departments_a_week_apart_are_one_visit_too_many_within_four_days_each(frames):
    """1 and 8 October: both moved by 4 days meet on the 4th or 5th; moved by 3 they don't."""
    rows = frames([visit("2026-10-01", depts=["SWJ"]), visit("2026-10-08", depts=["XFJY"])])
    assert {r: saved(rows, r) for r in REACHES} == {"d0": 0, "d3": 0, "d7": 1, "d14": 1, "d30": 1, "window": 0}


def test_a_group_tells_its_visits_how_many_would_have_done_and_on_which_day(frames):
    rows = frames([visit("2026-10-01"), visit("2026-10-03", depts=["XFJY"]), visit("2026-10-08", depts=["SCJG"])])
    of = past(rows, ON)
    (group,) = missed(of, "d7").to_dict("records")
    assert (group["subject_id"], group["trips"], group["needed"], group["saved"]) == ("S", (0, 1, 2), 1, 2)
    assert group["days"] == (date(2026, 10, 8),)
    assert of.trips["day"].dt.day.tolist() == [1, 3, 8]


def test_visits_of_one_department_are_never_one(frames):
    assert saved(frames([visit("2026-10-01"), visit("2026-10-01", number="2")]), "d30") == 0


def test_same_day_apart_is_the_part_that_nobody_can_deny(frames):
    rows = frames([visit("2026-10-01"), visit("2026-10-01", depts=["XFJY"])])
    assert saved(rows, "d0") == 1


@pytest.mark.parametrize("trigger", ["投诉举报", "移送", "交办", "应急"])
def test_what_has_a_cause_stays_apart(frames, trigger):
    assert saved(frames([visit("2026-10-01"), visit("2026-10-01", trigger, ["XFJY"])]), "d30") == 0


@pytest.mark.parametrize("reason", ["暗访", "食品抽检", "突发事件"])
def test_what_is_unannounced_stays_apart(frames, reason):
    assert saved(frames([visit("2026-10-01"), visit("2026-10-01", depts=["XFJY"], exempt_reason=reason)]), "d30") == 0


def test_a_recheck_keeps_its_day_and_others_may_come_to_it(frames):
    """A re-check on the 10th; a random check on the 3rd can move to it by 7 days. Two re-checks can't move to each other."""
    assert saved(frames([visit("2026-10-03"), visit("2026-10-10", "复查", ["XFJY"])]), "d7") == 1
    assert saved(frames([visit("2026-10-03", "复查"), visit("2026-10-10", "复查", ["XFJY"])]), "d30") == 0


def test_a_plan_that_says_it_can_not_be_merged_is_believed(frames):
    rows = [visit("2026-10-01", task_no="T"), visit("2026-10-01", depts=["XFJY"])]
    own = plan("SWJ", "2026-09-20", "2026-10-20", task_no="T")
    assert saved(frames(rows, [own]), "d0") == 1
    assert saved(frames(rows, [own | {"mergeable": False}]), "d0") == 0


def test_the_xpcc_and_a_local_department_do_not_merge(frames):
    assert saved(frames([visit("2026-10-01"), visit("2026-10-01", depts=["XPCC"])]), "d30") == 0
    agreed = visit("2026-10-01", depts=["SWJ", "XPCC"])
    assert saved(frames([agreed, visit("2026-10-01", depts=["XFJY"])]), "d30") == 1


def test_known_windows_are_used_and_a_visit_without_one_keeps_its_day(frames):
    """SWJ may come from 1 to 31 October and came on the 2nd, XFJY from the 20th and came on the 25th: one visit between
    the 20th and the 31st would have done. JTJ came on the 10th without a plan: nobody could come to it but SWJ, and then
    XFJY stands alone; of three visits two would have done either way."""
    rows = [visit("2026-10-02"), visit("2026-10-25", depts=["XFJY"])]
    plans = [plan("SWJ", "2026-10-01", "2026-10-31"), plan("XFJY", "2026-10-20", "2026-11-05")]
    assert saved(frames(rows, plans), "window") == 1
    assert saved(frames([*rows, visit("2026-10-10", depts=["JTJ"])], plans), "window") == 1


def test_of_two_plans_the_visit_carries_out_that_of_its_task(frames):
    """The task's window ends on the 5th, so XFJY on the 20th is out of reach; the other window would have held both."""
    rows = [visit("2026-10-02", task_no="T"), visit("2026-10-20", depts=["XFJY"])]
    plans = [plan("SWJ", "2026-10-01", "2026-10-05", task_no="T"), plan("SWJ", "2026-10-01", "2026-10-31", plan_no="2")]
    assert saved(frames(rows, plans), "window") == 0
    assert saved(frames([rows[0] | {"task_no": None}, rows[1]], plans[1:]), "window") == 1


def test_a_joint_visit_is_one_trip(frames):
    """SWJ and XFJY together on the 1st, SCJG on the 4th: one too many within 7 days. With SWJ instead of SCJG none."""
    together = visit("2026-10-01", depts=["SWJ", "XFJY"])
    assert saved(frames([together, visit("2026-10-04", depts=["SCJG"])]), "d7") == 1
    assert saved(frames([together, visit("2026-10-04", depts=["SWJ"])]), "d7") == 0


def test_what_is_off_site_or_still_to_come_is_no_visit(frames):
    assert saved(frames([visit("2026-10-01"), visit("2026-10-01", depts=["XFJY"], off_site=True)])) == 0
    assert saved(frames([visit("2026-11-23"), visit("2026-11-24", depts=["XFJY"])])) == 0


def test_what_is_missed_counts_for_the_month_of_the_later_visit(frames):
    rows = frames([visit("2026-09-28"), visit("2026-10-02", depts=["XFJY"]), visit("2026-10-20", of="T")])
    found = by_month(past(rows, ON), ["d3", "d7"])
    told = {(r.subject_id, r.period, r.kind): (r.numerator, r.denominator) for r in found.itertuples()}
    assert told == {
        ("S", "2026-09", "d3"): (0, 1), ("S", "2026-10", "d3"): (1, 1), ("T", "2026-10", "d3"): (0, 1),
        ("S", "2026-09", "d7"): (0, 1), ("S", "2026-10", "d7"): (1, 1), ("T", "2026-10", "d7"): (0, 1),
    }  # fmt: skip


def test_nothing_was_missed_where_there_is_nothing(frames):
    assert len(missed(past(frames([]), ON), "d30")) == 0


_ROW = st.tuples(
    st.integers(0, 60), st.sampled_from([["SWJ"], ["XFJY"], ["SCJG"], ["SWJ", "XFJY"], ["XPCC"], ["XPCC", "SWJ"]]),
    st.sampled_from(["双随机", "复查", "投诉举报"]), st.sampled_from("ST"),
)  # fmt: skip


@given(st.lists(_ROW, max_size=14), st.sampled_from(list(REACHES)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_the_groups_and_the_months_add_up_to_all_that_was_missed(frames, rows, reach):
    day = [f"{date(2026, 8, 20) + timedelta(n):%Y-%m-%d}" for n, *_ in rows]
    visits = [
        visit(d, t, depts, of=of, number=str(i)) for i, (d, (_, depts, t, of)) in enumerate(zip(day, rows, strict=True))
    ]
    of = past(frames(visits), ON)
    found = missed(of, reach)
    best = find(of.items, reach)
    assert found["saved"].sum() == len(of.trips) - len(set(zip(of.items["who"], best.visit, strict=True)))
    assert (found["saved"] == found["trips"].map(len) - found["needed"]).all()
    months = by_month(of, [reach])
    assert months["numerator"].sum() == found["saved"].sum()
    assert months["denominator"].sum() == len(of.trips)
