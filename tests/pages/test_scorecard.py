"""指标评分 as people see it, a subject's card on the screen, and the same from the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pilotwatch import bounds, risk, scorecard
from pilotwatch.cli import app
from pilotwatch.store import SYSTEM
from pilotwatch.workdays import today
from tests.pages.conftest import shown


@pytest.fixture
def tested(city):
    """The small city with a back-test of the prepaid cards' indicators over its last half-year."""
    desk = city.desk(SYSTEM)
    domain = bounds.in_force(desk, city.registry).domain("prepaid_cards")
    truths = scorecard.planted.read(city.settings.var / "demo-truth.json")
    wanted = scorecard.plan(domain, today(), since=today().replace(month=max(1, today().month - 5), day=1))
    scorecard.keep(desk, scorecard.run(desk, wanted, truths))
    return city


def test_every_indicator_has_its_line_and_the_back_test_its_trade_off(tested, see):
    at = see("scorecard", "city", query={"indicator": "PPC-08"})
    assert not at.exception
    said = shown(at)
    assert "集中退卡指数" in said and "PPC-08" in said
    assert "暂无结论" in said  # nothing was closed in the demo city
    assert "历史回放" in said and "界限的取舍" in said
    assert "收款后失联" in said  # what was planted
    assert at.selectbox[0].value == "PPC-08"


def test_a_city_without_a_back_test_says_so(city, see):
    at = see("scorecard", "tianshan")
    assert not at.exception
    assert "还没有回测" in shown(at)


def test_an_empty_store_has_indicators_without_warnings(empty, see):
    at = see("scorecard", "city", language="en")
    assert not at.exception
    assert "0 open warnings" in shown(at)


def test_the_risk_classes_show_the_published_grid_and_who_comes_first(city, see):
    at = see("scorecard", "city")
    at.segmented_control(key="score-view").set_value("risk").run()
    assert not at.exception
    said = shown(at)
    assert "信用等级 × 风险等级" in said and "抽查 30 %" in said
    first = risk.foremost(city.desk(SYSTEM), limit=1).iloc[0]
    assert str(first["name"] or first["code"]) in said


def test_who_does_not_read_supervision_data_is_told_why(city, see):
    assert "不使用本页" in shown(see("scorecard", "admin"))


# --- the command line ----------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, dict]:
    done = CliRunner().invoke(app, [*words, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_subjects_score_is_told_with_its_parts_and_regrading_is_signed(city):
    first = risk.foremost(city.desk(SYSTEM), "prepaid_cards", limit=1).iloc[0]
    code, told = run("score", first["code"])
    found = told["risks"][0]
    assert code == 0
    assert sum(p["points"] for p in found["parts"]) == pytest.approx(found["score"], abs=0.05)
    assert (found["score"], found["risk_class"]) == (first["score"], first["risk_class"])
    to = "A" if first["risk_class"] != "A" else "B"
    assert run("grade", first["code"], to, "--reason", "联合检查查明已整改", "--as", "city")[0] == 0
    again = run("score", first["code"], "--as", "city")[1]["risks"][0]
    assert (again["risk_class"], again["gradings"][0]["intact"]) == (to, True)


def test_what_is_not_there_or_not_in_scope_is_refused_in_words(city):
    code, told = run("score", "91650100XJDNOTHERE")
    assert (code, told["refused"]) == (1, "no_card")
    first = risk.foremost(city.desk(SYSTEM), "prepaid_cards", limit=1).iloc[0]
    assert run("score", first["code"], "--as", "oil")[0] == 1
    assert run("backtest", "--indicator", "XXX-01")[0] == 2
    assert run("backtest", "--known-by", "guess")[0] == 2
    assert run("backtest", "--from", "2026-05", "--to", "2026-01")[0] == 2


def test_a_dry_run_of_one_indicator_prints_it_and_keeps_nothing(city):
    month = f"{today().year - 1}-{today().month:02d}"
    code, told = run("backtest", "--indicator", "PPC-13", "--from", month, "--dry-run")
    assert code == 0
    found = told["backtests"][0]
    assert [i["indicator"] for i in found["indicators"]] == ["PPC-13"]
    assert {p["kind"] for p in found["planted"]} == {"absconding"}
    assert scorecard.backtests(city.desk(SYSTEM)) == {}


def test_the_scorecard_is_told_in_scope(city):
    code, told = run("scorecard", "--as", "cards")
    assert code == 0
    assert {r["domain"] for r in told["indicators"]} == {"prepaid_cards"}
