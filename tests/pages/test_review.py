"""试点评估: the lines of a period, the effect of the pilot, and who sees what of it."""

from __future__ import annotations

from pilotwatch import review
from pilotwatch.workdays import today
from tests.pages.conftest import shown


def test_the_page_says_what_the_command_line_says(city, see):
    at = see("review", "city", query={"period": "2026Q3"})
    assert not at.exception
    found = review.results(city.desk(review_person(city, "city")), city.registry, "2026Q3", today(), group="reform")
    joint = next(x for x in found.lines if x.code == "REF-03")
    assert f"{100 * joint.value:.2f}%" in shown(at)
    assert "全市2026年第3季度" in shown(at) or "全市2026年第三季度" in shown(at)
    told = review.effect(city.desk(review_person(city, "city")), city.registry, "REF-05", "reform", today())
    assert told.sentence.zh in shown(at)
    assert any(e.label.startswith("试点单位：天山区（2025-11 起，抽签）") for e in at.expander)  # the demo city's


def test_a_leader_sees_the_own_unit_and_is_told_who_sees_the_effect(city, see):
    at = see("review", "tianshan", language="en")
    assert not at.exception
    assert "the city office sees it" in shown(at)
    assert not at.expander and not at.multiselect


def test_setting_pilots_needs_a_ground_and_then_stands(city, see):
    at = see("review", "city")
    at.multiselect[0].set_value(["650103"])
    at.selectbox[-2].set_value("2026-01")
    press(at)
    assert "请写明依据" in shown(at)
    at.text_input[0].set_value("抽签产生，公证书第1号")
    press(at)
    assert not at.exception
    assert any("沙依巴克区（2026-01 起，抽签）" in e.label for e in at.expander)
    known = review.pilots(city.desk(review_person(city, "city")), "reform")
    assert set(known) == {"650102", "650103", "650105", "650109"} and known["650103"].reason == "抽签产生，公证书第1号"


def test_an_empty_house_says_what_to_do(empty, see):
    at = see("review", "city")
    assert not at.exception
    assert "没有可以评估的数据" in shown(at)


def press(at):
    next(b for b in at.button if b.label == "设定").click().run()


def review_person(house, username):
    from pilotwatch import access

    return access.person(house.store, username)
