"""What tasks are made of: an adopted plan's visits and an open case, from what they name to the task that is issued."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from pilotwatch import disposal
from pilotwatch.disposal.leads import Lead, unknown_subject
from pilotwatch.inspection import edits, frequencies, propose, tasks
from pilotwatch.inspection.frequencies import KEY, Rules, Share
from pilotwatch.inspection.tasks.orders import AROUND
from pilotwatch.store import StoreRefused, plan_means, plans, visit_tasks
from pilotwatch.workdays import BEIJING, now
from tests.store.made import CITY, OIL_TIANSHAN, checked
from tests.store.uploads import arrived
from tests.tasks.conftest import CODE, COMMERCE, POLICE, STATION

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
def adopted(house):
    """A plan of one joint visit: SWJ's check of JC-2 and SCJG's of JC-3, both between 10 and 15 December."""
    desk = house.desk(CITY)
    rows = [
        {"plan_no": f"P-{dept}", "uscc": CODE, "dept": dept, "items": json.dumps([item]), "trigger": "双随机",
         "window_from": date(2026, 12, 10), "day": date(2026, 12, 10), "window_until": date(2026, 12, 15), "minutes": 60, "officers_needed": 2, "mergeable": True,
         "published_on": date(2026, 8, 1), "division_code": "650102"}
        for dept, item in (("SWJ", "购销台账"), ("SCJG", "加油机检定证书"))
    ]  # fmt: skip
    desk.commit(arrived("计划.xlsx"), [checked(house.registry.dataset("planned_check"), rows)])
    plan_means.set_force(
        desk, [{"department": d, "unit": "", "inspectors": 2, "hours": 6.0} for d in ("SWJ", "SCJG", "GAJ")]
    )
    frequencies.set_rules(desk, Rules({**{c: Share(0.0, 4) for c in "ABCD"}, KEY: Share(0.0, 4)}), "测试")
    return edits.adopt(house, desk, edits.keep(desk, propose.propose(house, desk, FIRST, LAST, seed="s")))


@pytest.fixture
def case(house):
    """A complaint about the station that the commerce bureau has, with the market's bureau beside it."""
    lead = Lead(
        STATION, "天山加油站", now(), "加油量不足", code=CODE, domain="refined_oil", kind="complaint", channel="12315",
        channel_ref="T1", unit="650102", division_code="650102", owner="SWJ", others=("SCJG",),
    )  # fmt: skip
    return opened(house, lead)


def opened(house, lead):
    return disposal.open_case(house.desk(CITY), disposal.Rulebook.of(house.registry, house.calendar()), lead)


def order_of(house, case, person=CITY, **values):
    return tasks.of_case(house.desk(person), house.registry, case, **values)


# --- a plan's visits --------------------------------------------------------------------------------------------------


def test_a_planned_visit_asks_for_the_matters_that_its_checks_name(house, adopted):
    """JC-1 is commerce's too, and published, but no check of the plan names it."""
    (order,) = tasks.of_plan(house.desk(CITY), house.registry, adopted.number)
    (visit,) = plans.visits(house.desk(CITY), plan_id=adopted.id).to_dict("records")
    day = visit["day"].date()
    assert date(2026, 12, 10) <= day <= date(2026, 12, 15)
    assert (order["since"], order["until"]) == (day - AROUND, day + AROUND)
    assert sorted(order["departments"]) == ["SCJG", "SWJ"]
    assert {(m["department"], m["code"]) for m in order["matters"]} == {("SWJ", "JC-2"), ("SCJG", "JC-3")}
    assert (order["origin"], order["origin_ref"], order["trigger"]) == ("plan", visit["id"], "双随机")
    assert (order["name"], order["address"], order["silent"]) == ("天山加油站", "人民路1号", [])
    assert {d: sum(o["department"] == d for o in order["officers"]) for d in ("SWJ", "SCJG")} == {"SWJ": 2, "SCJG": 2}


def test_a_plans_visit_is_issued_once_and_again_after_it_was_cancelled(house, adopted):
    desk = house.desk(CITY)
    (number,) = tasks.issue(desk, tasks.of_plan(desk, house.registry, adopted.number))
    assert tasks.of_plan(desk, house.registry, adopted.number) == []
    tasks.cancel(desk, visit_tasks.find(desk, number), "企业停业")
    assert len(tasks.of_plan(desk, house.registry, adopted.id)) == 1


def test_only_what_is_adopted_and_still_stands_becomes_a_task(house, adopted):
    desk = house.desk(CITY)
    orders = tasks.of_plan(desk, house.registry, adopted.number)
    assert tasks.of_plan(desk, house.registry, adopted.number, visits=[]) == []
    assert len(tasks.of_plan(desk, house.registry, adopted.number, visits=[orders[0]["origin_ref"]])) == 1
    edits.give_up(desk, adopted, "推迟")
    assert tasks.of_plan(desk, house.registry, adopted.number) == []
    with pytest.raises(StoreRefused) as no:
        tasks.issue(desk, orders)
    assert no.value.rule == "no_plan"


def test_the_guard_lets_a_plans_own_visit_through(house, adopted):
    desk = house.desk(CITY)
    assert tasks.stops_of(desk, tasks.of_plan(desk, house.registry, adopted.number)) == [[]]


def test_a_number_bears_the_day_it_is_here(house, adopted):
    """At one in the morning of the 25th in Beijing it is still the 24th in Greenwich."""
    desk = house.desk(CITY)
    at = datetime(2026, 11, 25, 1, 0, tzinfo=BEIJING)
    (number,) = tasks.issue(desk, tasks.of_plan(desk, house.registry, adopted.number), at=at)
    assert number == "RW-20261125-00001"


# --- a case -----------------------------------------------------------------------------------------------------------


def test_a_case_asks_for_a_visit_of_those_who_have_it(house, case):
    order = order_of(house, case)
    assert order["departments"] == ["SWJ", "SCJG"]
    assert [m["code"] for m in order["matters"]] == ["JC-1", "JC-2", "JC-3"]
    assert (order["trigger"], order["origin"], order["origin_ref"]) == ("投诉举报", "case", case.id)
    assert (order["since"], order["until"]) == (date(2026, 11, 24), date(2026, 12, 9))  # fifteen days
    assert (order["name"], order["code"], order["report_unit"], order["domain"]) == (
        "天山加油站",
        CODE,
        "650102",
        "refined_oil",
    )


def test_whoever_is_asked_along_goes_first(house, case):
    order = order_of(house, case, departments=("GAJ",))
    assert order["departments"] == ["GAJ", "SWJ", "SCJG"]
    assert order["lead"] == "GAJ"


def test_a_visit_with_a_cause_is_stopped_by_no_guard(house, case, adopted):
    assert tasks.stops_of(house.desk(CITY), [order_of(house, case)]) == [[]]


def test_a_case_has_one_visit_at_a_time_and_none_once_it_is_over(house, case):
    desk = house.desk(CITY)
    order = order_of(house, case)
    (number,) = tasks.issue(desk, [order])
    with pytest.raises(StoreRefused) as no:
        tasks.issue(desk, [order])
    assert no.value.rule == "issued"
    tasks.cancel(desk, visit_tasks.find(desk, number), "改期")
    assert len(tasks.issue(desk, [order])) == 1


def test_a_case_is_visited_by_those_who_have_it_only(house, case):
    (number,) = tasks.issue(house.desk(COMMERCE), [order_of(house, case, COMMERCE)])
    assert visit_tasks.find(house.desk(COMMERCE), number)["origin"] == "case"
    for person in (POLICE,):
        with pytest.raises(StoreRefused):
            tasks.issue(house.desk(person), [order_of(house, case, person)])


def test_what_a_case_found_on_site_is_a_record_with_its_cause(house, case):
    desk = house.desk(CITY)
    (number,) = tasks.issue(desk, [order_of(house, case)])
    task = tasks.enter(desk, visit_tasks.find(desk, number))
    for department in task["departments"]:
        task = tasks.save(desk, task, department, result="未发现问题")
    tasks.finish(desk, house.registry, house.places, house.calendar(), task, signed_by="李某")
    (check,) = desk.frame("inspection", ["trigger", "task_no"], subjects=[STATION]).to_dict("records")
    assert (check["trigger"], check["task_no"]) == ("投诉举报", number)


def test_nobody_is_sent_to_a_subject_that_no_list_knows(house):
    """Such a case names a shop by its name alone: its visit would belong to no unit."""
    name = "某加油点"
    lead = Lead(unknown_subject(name), name, now() - timedelta(hours=1), "无证经营", domain="refined_oil", channel="12345",
                unit="650102", division_code="650102", owner="SWJ")  # fmt: skip
    order = order_of(house, opened(house, lead))
    assert (order["dataset"], order["report_unit"]) == ("", "")
    with pytest.raises(StoreRefused) as no:
        tasks.issue(house.desk(OIL_TIANSHAN), [order])
    assert no.value.rule in ("scope", "no_plan")
