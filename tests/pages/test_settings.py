"""What 设置 shows and does, seen as its readers see it."""

from __future__ import annotations

from datetime import date

import pytest

from pilotwatch import bounds, warnings
from pilotwatch.access import person
from pilotwatch.bounds import Proposal
from pilotwatch.figures import ask
from pilotwatch.store import days
from pilotwatch.workdays import today
from tests.pages.conftest import shown
from ui.settings import bound_form

OF_CARDS = {"tab": "bounds", "domain": "prepaid_cards", "indicator": "PPC-01"}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine: a page waits for its jobs, so that no test sees one under way."""
    monkeypatch.setattr(bound_form, "AT_ONCE", 60)


def _typed(at, level):
    """The field of a level's bound: red, orange, yellow in this order."""
    return at.text_input[["red", "orange", "yellow"].index(level)]


def _button(at, label):
    return next(b for b in at.button if b.label == label)


def _set(house, **levels):
    city = person(house.store, "city")
    wanted = Proposal("prepaid_cards", "PPC-01", levels, today(), "会议纪要3号")
    return warnings.set_bounds(house.store, city, house.registry, wanted)


def test_every_bound_of_a_domain_is_shown_with_what_it_rests_on(city, see):
    said = shown(see("settings", "city", query=OF_CARDS))
    lines = [n for n in bounds.listing(city.registry, (), today()) if n.domain.name == "prepaid_cards"]
    assert f"{len({n.indicator.code for n in lines})} 项指标，{sum(len(n.levels) for n in lines)} 条界限" in said
    for word in ("存管资金达标率", "PPC-15", "法定", "经验值", "没有调整过"):
        assert word in said


def test_a_law_that_is_loosened_is_told_as_it_is_typed_and_cant_be_saved(city, see):
    at = see("settings", "city", query=OF_CARDS)
    at = _typed(at, "orange").set_value("< 0.9").run()
    assert "不能放宽，只能收紧" in shown(at)
    assert "保存并重新评估" not in [b.label for b in at.button]


def test_the_effect_is_shown_then_saved_with_a_reason_and_stands_in_the_history(city, see):
    at = see("settings", "city", query=OF_CARDS)
    at = _typed(at, "yellow").set_value("＜ 5").run()
    assert "影响预览" in shown(at)
    at = _button(at, "保存并重新评估").click().run()
    assert bounds.bound_entries(city.desk(person(city.store, "city"))) == ()  # without a reason nothing is saved
    at.text_area[0].set_value("会议纪要3号")
    at = _button(at, "保存并重新评估").click().run()
    entries = bounds.bound_entries(city.desk(person(city.store, "city")))
    assert [(e.level, e.before, e.bound, e.by, e.reason) for e in entries] == [
        ("yellow", "< 1.10", "< 5", "city", "会议纪要3号")
    ]
    said = shown(at)
    assert "已保存" in said
    assert "<b>&lt; 5</b>" in said
    assert "<s>&lt; 1.10</s>" in said


def test_one_click_fills_the_declared_bounds_in_with_their_effect(city, see):
    _set(city, red="< 0.5")
    at = see("settings", "city", query=OF_CARDS)
    at = _button(at, "恢复声明值").click().run()
    assert _typed(at, "red").value == "< 0.80"
    assert "影响预览" in shown(at)
    at = _button(at, "保存并重新评估").click().run()
    newest = bounds.bound_entries(city.desk(person(city.store, "city")))[-1]
    assert (newest.bound, newest.reason) == (None, "恢复声明值")


def test_the_administrator_reads_the_bounds_and_enters_days(city, see):
    _set(city, red="< 0.5")
    at = see("settings", "admin", query=OF_CARDS)
    assert "本账号只能查看" in shown(at)
    assert "city 于" in shown(at)
    assert not [t for t in at.text_input if t.key.startswith("bound")]
    at = see("settings", "admin", query={"tab": "calendar"})
    at.date_input(key=f"day-first-{today().year}").set_value(date(today().year, 5, 27))
    at.text_input(key="day-notice").set_value("新政办发1号")
    at.text_input(key="day-reason").set_value("自治区通知")
    at = _button(at, "录入").click().run()
    assert "已录入 1 天" in shown(at)
    made = days.entries(city.desk(person(city.store, "admin")))
    assert [(e.entry.day.month, e.entry.day.day, e.by) for e in made] == [(5, 27, "admin")]
    at.selectbox(key="withdraw-which").set_value(made[0].id)
    at.text_input(key="withdraw-reason").set_value("日期有误")
    at = _button(at, "撤销").click().run()
    assert "日期有误" in shown(at)


def test_the_calendar_says_which_years_lack_their_notice_and_what_that_means(city, see):
    said = shown(see("settings", "city", query={"tab": "calendar"}))
    for word in ("2025", "可确定", "待确认", "缺 肉孜节、古尔邦节", "不能计算", "拒绝计算"):
        assert word in said


def test_an_entry_that_wont_do_is_told_where_it_is_made(city, see):
    at = see("settings", "city", query={"tab": "calendar"})
    at = _button(at, "录入").click().run()
    assert "须填写通知文号" in shown(at)


def test_other_roles_are_told_where_the_bounds_are_read(city, see):
    assert "数据字典" in shown(see("settings", "tianshan"))


def test_the_dictionary_and_the_warning_show_the_set_bound_beside_the_declared_one(city, see):
    _set(city, red="< 0.85")
    assert "会议纪要3号" in shown(see("dictionary", "cards"))
    desk = city.desk(person(city.store, "city"))
    row = warnings.listed(desk, warnings.Filter(indicator="PPC-01", level="red"), limit=1).iloc[0]
    said = shown(see("warnings", "city", query={"warning": row["number"]}))
    assert "<s>&lt; 0.80</s>" in said
    assert "会议纪要3号" in said


def test_an_empty_store_shows_the_declared_bounds_and_their_effect_is_none(empty, see):
    at = see("settings", "city", query=OF_CARDS)
    at = _typed(at, "yellow").set_value("< 1.2").run()
    assert "目前没有可据以判定的数据" in shown(at)


def test_the_bounds_of_the_reforms_measures_are_set_like_any_other_and_judge_at_once(city, see):
    """The share of each unit's cases handled in time is below 100.1 %: with that as red, every unit that has a value is red."""
    at = see("settings", "city", query={"tab": "bounds", "domain": "reform", "indicator": "REF-06"})
    for level, bound in (("yellow", "< 100.3 %"), ("orange", "< 100.2 %"), ("red", "< 100.1 %")):
        at = _typed(at, level).set_value(bound).run()
    assert "影响预览" in shown(at)
    at.text_area[0].set_value("会议纪要3号")
    at = _button(at, "保存并重新评估").click().run()
    assert "已保存" in shown(at)
    desk = city.desk(person(city.store, "city"))
    rows = ask.measured(desk, city.registry, ["REF-06"], ask.Period.of(str(today().year)), today(), by=("report_unit",))
    assert set(rows.loc[(rows["kind"] == "") & rows["value"].notna(), "level"]) == {"red"}
