"""处置进度 as its readers see it: counts that are those of the core, the board, one case and its next step."""

from __future__ import annotations

import pytest

from pilotwatch import disposal
from pilotwatch.access import person
from pilotwatch.disposal.leads import Lead
from pilotwatch.store import visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from pilotwatch.workdays import now
from tests.pages.conftest import shown


def cases(city, username="city"):
    return disposal.listed(city.desk(person(city.store, username)), disposal.CaseFilter(now=now()), limit=500)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", ["city", "cards", "tianshan", "market"])
def test_the_page_tells_how_many_are_open_and_overdue(city, see, username, language):
    desk = city.desk(person(city.store, username))
    seen = disposal.overview(desk, city.calendar())
    at = see("cases", username, language=language)
    assert not at.exception
    said = shown(at)
    word = {"zh": f"在办 {seen.open:,} 件", "en": f"of {seen.open:,} open"}[language]
    assert word in said


@pytest.mark.parametrize("view", ["board", None])
def test_every_open_case_is_on_the_board_or_in_the_list(city, see, view):
    said = shown(see("cases", "city", query={"as": view} if view else {}))
    for number in cases(city)["number"].head(5):
        assert number in said


def test_a_case_tells_its_next_step_to_whoever_can_take_it(city, see):
    """Whichever states the day of the demo city gives: an open case that the office can take on is not far."""
    office = person(city.store, "city")
    desk = city.desk(office)
    found = (disposal.case(desk, number) for number in cases(city)["number"])
    waiting, way = next((c, ways[0]) for c in found if (ways := disposal.possible(c, office)) and ways[0].primary)
    at = see("cases", "city", query={"case": waiting.number})
    assert not at.exception
    assert way.title.zh in [b.label for b in at.button]


def test_a_case_of_another_unit_answers_a_sentence(city, see):
    rows = cases(city)
    other = rows[~rows["report_unit"].isin(["650102", ""])].iloc[0]
    said = shown(see("cases", "tianshan", query={"case": other["number"]}))
    assert other["name"] not in said


def test_a_case_that_is_looked_into_gets_a_task_by_one_button(city, see):
    """A complaint about a petrol station, as far as the commerce bureau's receipt; its officer goes and looks."""
    office, officer = (city.desk(person(city.store, n)) for n in ("city", "commerce"))
    station = office.subjects(
        ["subject_id", "name", "code", "report_unit", "division_code"], where={"dataset": "oil_station"}
    ).iloc[0]
    lead = Lead(
        station["subject_id"], station["name"], now(), "加油量不足", code=station["code"], domain="refined_oil", kind="complaint",
        channel="12315", channel_ref="T1", unit=station["report_unit"], division_code=station["division_code"],
    )  # fmt: skip
    book = city.rulebook()
    case = disposal.open_case(office, book, lead)
    case = disposal.do(office, book, case, "triage", {"reason": "线索具体"})
    case = disposal.do(office, book, case, "assign", {"department": "SWJ"})
    query = {"case": case.number}
    assert "case-visit" not in [b.key for b in see("cases", "city", query=query).button]
    disposal.do(officer, book, case, "sign", {})
    at = see("cases", "commerce", query=query)
    assert not at.exception
    at.button(key="case-visit").click().run()
    assert not at.exception
    (task,) = visit_tasks.listed(officer, TaskFilter(origin_ref=case.id))
    assert task["trigger"] == "投诉举报"
    assert f"已生成检查任务 {task['number']}" in shown(at)
    at = see("cases", "commerce", query=query)
    assert f"/visit?task={task['number']}" in shown(at)
    assert "case-visit" not in [b.key for b in at.button]
