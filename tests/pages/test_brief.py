"""简报: what is chosen is what is shown, a leader's own unit alone, and taking one out is told to the audit."""

from __future__ import annotations

import io

import pypdf

from pilotwatch import access
from pilotwatch.store import Person, audit, brief_jobs, briefs
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


def test_a_brief_is_issued_read_by_its_audience_and_taken_back(city, see):
    at = see("brief", "city", query={"unit": "650102", "period": "2026-09"})
    next(b for b in at.button if b.key == "brief-issue-do").click().run()
    assert not at.exception
    leader = city.desk(access.person(city.store, "tianshan"))
    kept = next(b for b in briefs.listed(leader) if b.period == "2026-09")
    assert (kept.audience, kept.by) == ("leader", "city") and kept.number == 1 + sum(
        b.id != kept.id for b in briefs.listed(leader)
    )
    assert "下载原件 PDF" in " ".join(b.label for b in at.get("download_button"))  # the page turned to it
    assert "此后数字没有变化" in shown(at)
    seen = see("brief", "tianshan", query={"view": "kept", "kept": kept.id})
    assert (
        not seen.exception
        and f"第{kept.number}期" in shown(seen)
        and not [b for b in seen.button if b.key == "brief-back-do"]
    )
    foreign = see("brief", "midong", query={"view": "kept", "kept": kept.id})
    assert "没有找到这份简报" in shown(foreign) and "天山区" not in shown(foreign)
    assert f"kept={kept.id}" in shown(see("messages", "tianshan"))
    at.text_area[0].set_value("口径有误").run()
    next(b for b in at.button if b.key == "brief-back-do").click().run()
    assert not at.exception and "撤回：口径有误" in shown(at) and "已撤回" in shown(at)


def test_schedules_are_set_and_several_are_made_at_once(city, see, monkeypatch):
    started = []
    monkeypatch.setattr("pilotwatch.brief.start", started.append)
    at = see("brief", "city", query={"view": "plan"})
    assert not at.exception
    next(b for b in at.button if b.label == "设置").click().run()
    assert "每周 · 全部 9 个单位 · 一页 · 呈区（县）领导" in shown(at)
    at.multiselect[1].set_value(["650102", "GQP"])
    next(b for b in at.button if b.label == "开始生成").click().run()
    assert not at.exception and len(started) == 1
    (job,) = brief_jobs.jobs(city.desk(access.person(city.store, "city")))
    assert [i.unit for i in job.items] == ["650102", "GQP"] and job.under_way
    next(b for b in at.button if b.label == "取消其余").click().run()
    assert "2 份中完成 0 份，失败 0 份，取消 2 份" in shown(at)


def test_an_empty_house_has_a_brief_that_says_so(empty, see):
    at = see("brief", "city")
    assert not at.exception and "全市还没有监管对象" in shown(at)
    assert "还没有出过简报" in shown(see("brief", "city", query={"view": "kept"}))
    assert "还没有定期出刊" in shown(see("brief", "tianshan", query={"view": "plan"}))


def test_the_running_month_comes_first():
    from datetime import date

    assert periods_of(date(2026, 1, 5))[:4] == ["2026-01", "2026Q1", "2025Q4", "2025Q3"]
    assert periods_of(date(2026, 11, 24))[-2:] == ["2026", "2025"]
