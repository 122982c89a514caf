"""数据审核: a leader approves, the city accepts what was approved, a returned month is told to the team, values are hatched."""

from __future__ import annotations

from pilotwatch.review import approvals as rules
from pilotwatch.store import SYSTEM
from pilotwatch.store.approvals import Cell, decisions, standing
from pilotwatch.workdays import today
from tests.pages.conftest import shown

MONTH = {"month": "2026-10"}


def states(city):
    return {c: standing(d).state for c, d in decisions(city.desk(SYSTEM)).items()}


def names(city):
    return {u.code: u.title for u in city.places.units}


def press(at, label):
    next(b for b in at.button if b.label == label).click().run()


def test_a_leader_approves_the_own_unit_and_is_told_how_many(city, see):
    at = see("approvals", "tianshan", query=MONTH)
    assert not at.exception
    assert "1 个单位 × 4 个领域共 4 项" in shown(at) and "将对 4 项办理“审核通过”" in shown(at)
    press(at, "办理 4 项")
    assert not at.exception and "已办理“审核通过”，共 4 项" in shown(at)
    assert set(states(city).values()) == {"approved"} and {c.report_unit for c in states(city)} == {"650102"}
    assert "现有数据与审核（验收）时一致" in shown(at)
    desk = city.desk(SYSTEM)  # who sees more doesn't find that anything moved
    board = rules.board(desk, city.registry, ["650102"], ["2026-10"])
    assert [c.moved for c in rules.compared(desk, city.registry, board, today())] == [()] * 4


def test_the_city_accepts_only_what_was_approved(city, see):
    cells = {Cell("reform", u, "2026-10"): 0 for u in ("650102", "650103")}
    rules.approve(city.desk(SYSTEM), city.registry, names(city), cells, today())
    at = see("approvals", "city", query=MONTH)
    assert "9 个单位 × 4 个领域共 36 项" in shown(at)
    assert "将对 2 项办理“验收”；所选范围内另有 34 项" in shown(at)
    press(at, "办理 2 项")
    assert "已办理“验收”，共 2 项" in shown(at) and set(states(city).values()) == {"accepted"}
    at.segmented_control[0].set_value("except").run()
    assert "将对 2 项办理“开放限期修改”" in shown(at)
    press(at, "办理 2 项")
    assert "请写明开放修改的原因" in shown(at)
    at.text_area[0].set_value("漏报一家企业")
    press(at, "办理 2 项")
    assert "限期修改至" in shown(at)


def test_a_return_needs_a_remark(city, see):
    at = see("approvals", "city", query=MONTH)
    at.segmented_control[0].set_value("return").run()
    at.multiselect[0].set_value(["650102"]).run()
    assert "将对 4 项办理“退回”" in shown(at)
    press(at, "办理 4 项")
    assert "退回必须写明意见" in shown(at) and states(city) == {}
    at.text_area[0].set_value("10 月读数缺 7 天，请补报")
    press(at, "办理 4 项")
    assert set(states(city).values()) == {"returned"} and "10 月读数缺 7 天" in shown(at)


def test_who_only_reads_sees_how_it_stands(city, see):
    at = see("approvals", "commerce", query=MONTH, language="en")
    assert not at.exception
    assert "District leaders approve and the city office accepts" in shown(at) and not at.text_area
    assert "What templates ask" in shown(at) and "Complete and in time" in shown(at)


def test_values_are_hatched_until_they_are_approved(city, see):
    query = {"period": "2026-10", "unit": "650102"}
    assert "pw-unapproved" in shown(see("review", "city", query=query))
    cells = {Cell("reform", "650102", "2026-10"): 0}
    rules.approve(city.desk(SYSTEM), city.registry, names(city), cells, today())
    assert "pw-unapproved" not in shown(see("review", "city", query=query))
    rules.send_back(city.desk(SYSTEM), names(city), {Cell("reform", "650102", "2026-10"): 1}, "重复报送，请核实")
    whole = shown(see("review", "city", query={"period": "2026-10"}))
    assert "已退回、未计入本期合计的有 1 项：天山区 2026-10" in whole and "pw-unapproved" in whole


def test_an_empty_house_is_no_failure(empty, see):
    at = see("approvals", "city")
    assert not at.exception and "本月没有可判断的应报数据" in shown(at)
