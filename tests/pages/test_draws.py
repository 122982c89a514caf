"""双随机, 任务 and 入企检查 as their readers see them: a draw proved on the page, a visit made from the door to its record."""

from __future__ import annotations

import pytest

from pilotwatch.access import person
from pilotwatch.store import StoreRefused, draws, visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from tests.pages.conftest import shown


def press(at, key):
    return next(b for b in at.button if (b.key and b.key.endswith(key)) or b.label == key).click().run()


def first_draw(city):
    return draws.listed(city.desk(person(city.store, "city")))[0]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", ["city", "commerce", "tianshan", "oil"])
@pytest.mark.parametrize("view", ["draws", "tasks"])
def test_the_parts_are_shown_to_everybody_who_reads(city, see, username, language, view):
    at = see("inspection", username, language=language, query={"view": view})
    assert not at.exception
    assert shown(at)


def test_a_draw_tells_its_hashes_and_is_verified_on_the_page(city, see):
    row = first_draw(city)
    at = see("inspection", "city", query={"view": "draws", "draw": row["number"]})
    assert not at.exception
    for told in (row["objects_sha256"], row["inspectors_sha256"], row["commitment"], row["nonce"], row["public"]):
        assert told in shown(at)
    assert "复核通过" in shown(press(at, "draw-verify"))


def test_an_auditor_verifies_a_draw_and_sees_nobody_of_it(city, see):
    row = first_draw(city)
    drawn = draws.picks(city.desk(person(city.store, "city")), row["id"])
    at = see("inspection", "auditor", query={"view": "tasks", "draw": row["number"]})
    assert not at.exception and row["commitment"] in shown(at)
    assert not [n for n in (*drawn["name"], *drawn["code"]) if n and n in shown(at)]
    assert "复核通过" in shown(press(at, "draw-verify"))
    told = draws.picks(city.desk(person(city.store, "auditor")), row["id"])
    assert len(told) == len(drawn) and set(told["name"]) | set(told["code"]) == {""}
    for ask in (draws.inspectors, draws.conflicts):
        with pytest.raises(StoreRefused):
            ask(city.desk(person(city.store, "auditor")))
    with pytest.raises(StoreRefused):
        draws.picks(city.desk(person(city.store, "admin")), row["id"])


def test_whoever_prepared_a_draw_is_told_that_somebody_else_seals_it(city, see):
    at = see("inspection", "city", query={"view": "draws"})
    at.text_input(key="draw-title").input("测试抽取")
    at.text_input(key="draw-source").input("福彩3D 第2026325期")
    at = press(at.run(), "draw-freeze")
    assert not at.exception
    row = first_draw(city)
    assert (row["title"], row["state"]) == ("测试抽取", "prepared")
    assert "须由其他人封存" in shown(at)
    at = press(see("inspection", "tianshan", query={"view": "draws", "draw": row["number"]}), "draw-seal")
    assert not at.exception
    assert len(at.code[0].value) == 64
    assert draws.find(city.desk(person(city.store, "city")), row["number"])["state"] == "sealed"


def test_a_visit_is_made_on_its_page(city, see):
    desk = city.desk(person(city.store, "commerce"))
    task = visit_tasks.listed(desk, TaskFilter(("issued",)))[0]
    at = see("visit", "commerce", query={"task": task["number"]})
    assert task["name"] in shown(at)
    at = press(at, "visit-enter")
    assert visit_tasks.find(desk, task["number"])["state"] == "entered"
    for _ in task["departments"]:
        next(c for c in at.checkbox if c.key.startswith("rest-")).check()
        at = next(b for b in at.button if b.label.startswith("保存")).click().run()
        assert not at.exception
    at.text_input(key="visit-signed").input("李某")
    at = press(at, "完成检查")
    assert not at.exception
    done = visit_tasks.find(desk, task["number"])
    assert (done["state"], done["result"], done["signed_by"]) == ("recorded", "未发现问题", "李某")
    assert done["batch_id"]
    assert "企业评价" in shown(at)


def test_a_task_of_others_answers_a_sentence(city, see):
    every = visit_tasks.listed(city.desk(person(city.store, "city")))
    other = next(t for t in every if "SWJ" not in t["departments"])
    said = shown(see("visit", "commerce", query={"task": other["number"]}))
    assert "不在您的权限范围内" in said
    assert other["name"] not in said
