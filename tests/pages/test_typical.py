"""典型案例: the shelf, one case as others read it, from a closed case to a draft and on to its publishing."""

from __future__ import annotations

import pytest

from pilotwatch import access, typical
from pilotwatch.store import SYSTEM
from pilotwatch.typical import TypicalFilter
from tests.pages.conftest import shown


@pytest.fixture
def planted(city):
    """The demo city's typical cases, by their state: numbers."""
    found: dict[str, list[str]] = {}
    for row in typical.listed(city.desk(SYSTEM), TypicalFilter("any")):
        found.setdefault(row["state"], []).append(row["number"])
    return found


def test_the_demo_city_has_some_of_each_and_every_unit_reads_what_is_published(city, planted, see):
    assert {s: len(n) for s, n in planted.items()} == {"approved": 2, "submitted": 1, "draft": 1}
    at = see("typical", "tianshan")
    assert not at.exception
    assert "典型案例库有 2 例" in shown(at) and all(n in shown(at) for n in planted["approved"])
    assert not any(n in shown(at) for n in (*planted["submitted"], *planted["draft"]))
    assert "草稿" not in "".join(b.label for b in at.button)


def test_what_is_searched_for_is_marked_and_what_isnt_there_says_so(city, planted, see):
    found = typical.find(city.desk(SYSTEM), planted["approved"][0])
    word = found["body"]["lessons"][2:6]
    at = see("typical", "midong", query={"q": word})
    assert f"<mark>{word}</mark>" in shown(at) and planted["approved"][0] in shown(at)
    at = see("typical", "midong", query={"q": "无此做法"})
    assert "没有符合条件的案例" in shown(at)


def test_another_unit_reads_it_without_links_to_its_case_and_takes_it_over(city, planted, see):
    desk = city.desk(access.person(city.store, "tianshan"))
    number = next(n for n in planted["approved"] if "650102" not in typical.find(city.desk(SYSTEM), n)["units"])
    at = see("typical", "tianshan", query={"typical": number})
    assert not at.exception and "可复制经验" in shown(at) and "数据" in shown(at)
    assert "/cases?case=" not in shown(at) and "批次" not in shown(at) and "经过与版本" not in shown(at)
    before = typical.find(desk, number)["adoptions"]
    taken = {a["taker"] for a in typical.find(desk, number)["adopted"] if a["ended_at"] is None}
    if "650102" in taken:
        assert not at.text_area
        return
    at.text_area[0].set_value("参照其清单")
    press(at, "天山区借鉴")
    assert not at.exception and typical.find(desk, number)["adoptions"] == before + 1
    assert "参照其清单" in shown(at)


def test_the_city_office_publishes_what_was_submitted_after_it_says_it_read_it(city, planted, see):
    (number,) = planted["submitted"]
    at = see("typical", "city", query={"typical": number})
    press(at, "审定入库")
    assert "请先核对全文" in shown(at)
    at.checkbox[0].set_value(True)
    press(at, "审定入库")
    assert not at.exception and "已办理：审定入库" in shown(at)
    assert typical.find(city.desk(SYSTEM), number)["state"] == "approved"


def test_a_draft_says_what_it_lacks_and_nobody_elses_address_shows_it(city, planted, see):
    (number,) = planted["draft"]
    team = next(e["by"] for e in typical.find(city.desk(SYSTEM), number)["events"])
    at = see("typical", team, query={"typical": number})
    assert "请填写“可复制经验”" in shown(at)
    assert next(b for b in at.button if b.label == "送市级专班办公室审定").disabled
    area = next(a for a in at.text_area if a.label.startswith("可复制经验"))
    area.set_value("照清单逐项核对，限时办结，复核与办理分开，结果回填档案。")
    press(at, "保存")
    assert not at.exception and "已保存" in shown(at)
    assert not next(b for b in at.button if b.label == "送市级专班办公室审定").disabled
    strangers = {"cards": "oil", "oil": "housing", "housing": "cards"}
    at = see("typical", strangers[team], query={"typical": number})
    assert "没有典型案例" in shown(at) and "复核与办理分开" not in shown(at)


def test_a_closed_case_leads_to_its_draft(city, planted, see):
    desk = city.desk(access.person(city.store, "city"))
    (number,) = planted["draft"]
    found = typical.find(desk, number)
    case = found["sources"][0]["number"]
    at = see("cases", "city", query={"case": case})
    assert number in shown(at) and "写成典型案例" not in [b.label for b in at.button]
    typical.withdraw(desk, number, found["moves"], "重写")
    at = see("cases", "city", query={"case": case})
    assert "写成典型案例" in [b.label for b in at.button]
    at = see("typical", "city", query={"shelf": "open"})
    at.multiselect[0].set_value([case]).run()
    press(at, "起草")
    (row,) = typical.listed(desk, TypicalFilter("open", state="draft"))
    assert [s["number"] for s in typical.find(desk, row["number"])["sources"]] == [case]


def test_an_empty_shelf_in_english_says_how_to_begin(empty, see):
    at = see("typical", "city", language="en")
    assert not at.exception and "Nothing is published yet" in shown(at)
    at = see("typical", "city", language="en", query={"shelf": "open"})
    assert not at.exception and "There is no closed case" in shown(at)


def press(at, label):
    next(b for b in at.button if b.label == label).click().run()
