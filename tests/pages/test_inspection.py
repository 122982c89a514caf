"""联合检查 as its readers see it: the month, one plan with what stood in the way, and what each role may do."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch.access import person
from pilotwatch.inspection import edits, propose
from pilotwatch.store import plans
from tests.pages.conftest import shown

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
def desk(city):
    return city.desk(person(city.store, "city"))


@pytest.fixture
def draft(city, desk):
    return edits.keep(desk, propose.propose(city, desk, FIRST, LAST, seed="s"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", ["city", "cards", "tianshan", "market"])
@pytest.mark.parametrize("view", ["calendar", "plan"])
def test_before_there_is_a_plan_the_page_says_so(city, see, username, language, view):
    at = see("inspection", username, language=language, query={"view": view})
    assert not at.exception
    word = {
        "zh": {"calendar": "本月没有安排", "plan": "还没有方案"},
        "en": {"calendar": "Nothing this month", "plan": "There is no plan yet"},
    }
    assert word[language][view] in shown(at)


def test_the_plan_tells_visits_bound_and_why_the_others_are_not_planned(city, see, draft):
    said = shown(see("inspection", "city", query={"view": "plan"}))
    r = draft.result
    assert f"应查 {r['due']:,} 项，安排入企 {r['visits']:,} 次" in said
    assert f"合并后少 {r['saved']:,} 次" in said
    for reason in (*r["unmet"], *r["left_out"]):
        assert propose.REASONS[reason].zh in said


def test_a_draft_is_told_as_one_and_an_adopted_plan_fills_the_calendar(city, see, desk, draft):
    month = {"month": "2026-12"}
    said = shown(see("inspection", "city", query=month))
    assert draft.number in said
    assert "尚未生效" in said
    edits.adopt(city, desk, draft)
    said = shown(see("inspection", "city", query=month))
    assert "尚未生效" not in said
    assert f"安排入企 {draft.result['visits']} 次" in said
    visits = plans.visits(desk, plan_id=draft.id)
    busiest = visits["day"].dt.date.value_counts().index[0]
    of_day = visits[visits["day"].dt.date == busiest]
    said = shown(see("inspection", "city", query={**month, "day": f"{busiest}"}))
    assert all(n in said for n in of_day["name"].head(3))


def test_a_district_sees_its_own_visits_and_can_change_nothing(city, see, desk, draft):
    rows = plans.visits(desk, plan_id=draft.id)
    at = see("inspection", "tianshan", query={"view": "plan"})
    assert not at.exception
    said = shown(at)
    others = set(rows.loc[rows["report_unit"] != "650102", "name"])
    assert not any(n in said for n in others if n)
    labels = {b.label for b in at.button}
    assert not labels & {"确定方案", "固定", "改期"}


def test_a_visit_is_pinned_from_the_page(city, see, desk, draft):
    at = see("inspection", "city", query={"view": "plan"})
    first = plans.visits(desk, plan_id=draft.id).iloc[0]
    at.button(key=f"pin-{first['id']}").click().run()
    assert not at.exception
    assert plans.visits(desk, plan_id=draft.id).set_index("id").loc[first["id"], "pinned"]


def test_an_adoption_that_breaks_something_is_refused_where_the_button_is(city, see, desk, draft):
    from pilotwatch.store import plan_means

    at = see("inspection", "city", query={"view": "plan"})
    plan_means.add_quiet(desk, FIRST, LAST, "重大活动")
    at.button(key="plan-adopt").click().run()
    assert "不能确定" in shown(at)
    assert plans.plan(desk, draft.id).state == "draft"


def test_the_inspectors_are_the_city_offices_to_set(city, see):
    assert "force-save" in {b.key for b in see("inspection", "city", query={"view": "plan"}).button}
    at = see("inspection", "oil", query={"view": "plan"})
    assert "force-save" not in {b.key for b in at.button}
    assert not at.exception
