"""事项与对象 as its readers see it: the list, the manual, the pairs to decide on, what overlaps; each in its own scope."""

from __future__ import annotations

import pytest

from pilotwatch.access import person
from pilotwatch.inspection import matters
from pilotwatch.store import objects as shelf
from pilotwatch.workdays import today
from tests.pages.conftest import shown

VIEWS = ("matters", "manuals", "objects", "overlaps")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_shown_to_everybody_who_reads(city, see, view, language):
    for username in ("city", "tianshan", "oil", "market"):
        at = see("library", username, language=language, query={"view": view})
        assert not at.exception
        assert len(shown(at)) > 400


def test_the_list_tells_what_may_be_planned_and_what_is_wrong(city, see):
    at = see("library", "city")
    desk = city.desk(person(city.store, "city"))
    assert f"{len(matters.plannable(desk, today()))} 项检查事项可以列入计划" in shown(at)
    assert "没有检查方式" in shown(at) and "危险货物运输卸油核对" in shown(at)


def test_the_office_publishes_what_is_ripe_and_others_see_no_form(city, see):
    assert "公布这一批" not in [b.label for b in see("library", "tianshan").button]
    at = see("library", "city")
    title = next(t for t in at.text_input if t.label == "批次名称")
    title.set_value("第三批")
    next(b for b in at.button if b.label == "公布这一批").click()
    at.run()
    assert not at.exception and "第三批" in shown(at)
    desk = city.desk(person(city.store, "city"))
    assert "第三批" in set(matters.listing(desk, today())["told_in"])


def test_before_a_search_the_page_says_how_it_comes_to_be(empty, see):
    for view in ("objects", "overlaps"):
        assert "还没有比对过各部门名录" in shown(see("library", "city", query={"view": view}))
    assert "现在比对" in [b.label for b in see("library", "city", query={"view": "objects"}).button]
    assert "现在比对" not in [b.label for b in see("library", "tianshan", query={"view": "objects"}).button]


def test_without_a_list_the_page_says_what_to_hand_in(empty, see):
    assert "还没有事项清单" in shown(see("library", "city"))
    assert "还没有可编册的场景" in shown(see("library", "city", query={"view": "manuals"}))


def test_a_pair_is_refused_with_a_reason_and_is_told_so(city, see):
    desk = city.desk(person(city.store, "city"))
    link = shelf.links(desk, "auto").iloc[0]
    at = see("library", "city", query={"view": "objects", "zone": "auto"})
    at.button(key=f"refuse-{link['id']}").click().run()
    assert "请填写判断依据" in shown(at)
    at.text_input(key=f"why-{link['id']}").set_value("现场核实，两户")
    at.button(key=f"refuse-{link['id']}").click().run()
    assert not at.exception
    assert shelf.links(desk, "refused")["id"].tolist() == [link["id"]]
    told = shown(see("library", "city", query={"view": "objects", "zone": "refused"}))
    assert "否定" in told and "city" in told


def test_overlaps_are_those_of_the_scope_and_can_be_asked_for(city, see):
    for username in ("city", "tianshan"):
        desk = city.desk(person(city.store, username))
        counts = shelf.overlap_counts(desk)
        left = int(counts["objects"].sum() - counts["with_task"].sum())
        at = see("library", username, query={"view": "overlaps"})
        assert f"其中 {left} 个还没有联合检查任务" in shown(at)
    next(b for b in at.button if b.label.startswith("提请")).click()
    at.run()
    assert not at.exception and "已提请" in shown(at)


@pytest.mark.parametrize("scene", ["加油站", "预付卡发卡企业", "经营性自建房"])
def test_each_pilot_has_its_manual(city, see, scene):
    at = see("library", "city", query={"view": "manuals", "scene": scene})
    assert not at.exception
    assert f"{scene}：" in shown(at) and "一表通查" in shown(at)
