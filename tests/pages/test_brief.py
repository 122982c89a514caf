"""简报: what is chosen is what is shown, a leader's own unit alone, and taking one out is told to the audit."""

from __future__ import annotations

import io

import pypdf

from pilotwatch import access
from pilotwatch.store import Person, audit
from tests.pages.conftest import shown
from ui.brief import sheet
from ui.brief.choose import View, periods_of
from ui.screen import Screen


def test_the_city_sees_its_brief_and_can_choose(city, see):
    at = see("brief", "city", query={"period": "2026Q4"})
    assert not at.exception
    assert "全市" in shown(at) and "户监管对象中，一级红" in shown(at)
    assert "个数字，与系统各页面一致" in shown(at)
    assert [b.label for b in at.get("download_button")] == ["下载 Word（公文版式）", "下载 PDF"]
    assert "呈领导" in shown(at)
    at.selectbox[0].set_value("650109").run()
    assert not at.exception and "米东区" in shown(at)


def test_a_leader_is_not_asked_for_a_unit(city, see):
    at = see("brief", "tianshan", language="en", query={"form": "long"})
    assert not at.exception
    assert [s.label for s in at.selectbox] == ["Period"]
    assert "Tianshan District" in shown(at)


def test_the_file_is_made_through_the_persons_desk(city):
    who = access.person(city.store, "tianshan")
    screen = Screen(city, city.desk(who), "zh", "light")
    data = sheet._file(screen, View("page", None, "2026-11"), "pdf")
    text = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text().replace(" ", "")
    assert "天山区跨部门综合监管试点监测简报" in text and "演示数据" in text
    line = audit.lines(city.desk(Person("r", "审计", "auditor")), audit.Wanted(act="export.brief"), limit=1)[0]
    assert (line["username"], line["object"]) == ("tianshan", "650102/2026-11")


def test_an_empty_house_has_a_brief_that_says_so(empty, see):
    at = see("brief", "city")
    assert not at.exception and "全市还没有监管对象" in shown(at)


def test_the_running_month_comes_first():
    from datetime import date

    assert periods_of(date(2026, 1, 5))[:4] == ["2026-01", "2026Q1", "2025Q4", "2025Q3"]
    assert periods_of(date(2026, 11, 24))[-2:] == ["2026", "2025"]
