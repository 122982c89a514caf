"""合并台账, 防重复 and 减检不减安 as their readers see them: the numbers are those of the store, in the reader's scope."""

from __future__ import annotations

import io
from html import escape

import openpyxl
import pytest

from pilotwatch import access
from pilotwatch.access import person
from pilotwatch.figures import ask as figures
from pilotwatch.inspection.ledger import ask
from pilotwatch.inspection.ledger.safety import VERDICTS, compare
from pilotwatch.store import ledger as kept
from pilotwatch.workdays import today
from tests.pages.conftest import city, empty, made_city, open_house, see, shown  # noqa: F401 - fixtures

YEAR = figures.Period.of(f"{today():%Y}")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", ["city", "tianshan", "oil"])
def test_the_ledger_tells_what_was_saved_in_the_scope_and_that_it_is_ref_02(city, see, username, language):  # noqa: F811
    at = see("inspection", username, language=language, query={"view": "ledger"})
    assert not at.exception
    desk = city.desk(person(city.store, username))
    saved = int(kept.totals(desk, YEAR.months)["saved"].sum())
    assert saved > 0
    told = shown(at)
    assert f"<strong>{saved:,}<em>" in told
    assert ("与 REF-02 一致" if language == "zh" else "equal to REF-02") in told


def test_a_row_of_the_ledger_says_where_it_comes_from(city, see):  # noqa: F811
    told = shown(see("inspection", "city", query={"view": "ledger"}))
    row = kept.listed(city.desk(access.SYSTEM), YEAR.months, limit=1).iloc[0]
    assert row["name"] in told and "涉企检查记录 › 第" in told


def test_the_workbook_has_every_row_and_leaves_a_line_in_the_audit(city, see):  # noqa: F811
    from ui.inspection.ledger import workbook
    from ui.inspection.period import About
    from ui.screen import Screen

    desk = city.desk(person(city.store, "tianshan"))
    made = workbook(Screen(city, desk, "zh", "light"), About(YEAR.text, YEAR.months, None))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    whole = kept.totals(desk, YEAR.months)
    assert len(rows) == whole["visits"].sum() and sum(r[9] for r in rows) == whole["saved"].sum()
    assert "天山区" in {r[3] for r in rows} and len({r[3] for r in rows}) == 1
    assert sheet["A1"].value.startswith("导出人")
    with city.store.registers(write=False) as books:
        assert books.audit_lines(limit=1)[0]["act"] == "saved_visits.export"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guard_answers_before_a_visit_is_arranged(city, see, language):  # noqa: F811
    desk = city.desk(access.SYSTEM)
    _, most = kept.most(desk, "guard", "cap", YEAR.months, limit=1)
    subject = most.iloc[0]
    at = see("inspection", "city", language=language, query={"view": "guard"})
    assert not at.exception
    at.text_input[0].set_value(subject["code"])
    next(b for b in at.button if b.label in ("查一查", "Look")).click().run()
    assert not at.exception
    found = ask.guard(desk, subject["subject_id"], today(), next(iter(city.places.departments)), [])
    told = shown(at)
    assert found and all(escape(s.said(language)) in told for s in found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_safety_shows_every_unit_of_the_scope_with_its_verdict(city, see, language):  # noqa: F811
    at = see("inspection", "midong", language=language, query={"view": "safety"})
    assert not at.exception
    desk = city.desk(person(city.store, "midong"))
    found = [h for h in compare(desk, city.registry.domains, today()) if h.unit]
    assert {h.unit for h in found} <= person(city.store, "midong").units
    told = shown(at)
    for held in found:
        assert VERDICTS[held.verdict](language) in told
        assert f"{held.visits.before:,} → {held.visits.now:,}" in told


@pytest.mark.parametrize("view", ["ledger", "guard", "safety"])
def test_without_data_the_page_says_so(empty, see, view):  # noqa: F811
    at = see("inspection", "city", query={"view": view})
    assert not at.exception
    assert any(w in shown(at) for w in ("没有入企检查记录", "没有计划检查", "不能判断"))
