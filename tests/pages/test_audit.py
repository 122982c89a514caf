"""审计 as the auditor sees it, and that nobody else does."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import text

from pilotwatch import access
from pilotwatch.access.audit import workbook
from pilotwatch.store import Person, audit
from tests.pages.conftest import PASSWORD, shown

AUDITOR = Person("auditor", "审计员", "auditor")


def _verified(at):
    at = at.button(key="audit-verify").click().run()
    for _ in range(60):
        if "audit-job" in at.session_state and at.session_state["audit-job"].wait(1):
            return at.run()
    raise AssertionError("not verified")


def test_the_auditor_sees_who_did_what(empty, see):
    access.log_in(empty.store, "tianshan", PASSWORD)
    said = shown(see("audit", "auditor"))
    assert "本次登录尚未校验" in said
    assert "tianshan" in said and "登录" in said and "新建账号" in said


def test_the_chain_is_verified_at_a_click_and_that_is_a_line(empty, see):
    at = _verified(see("audit", "auditor"))
    assert "审计链完整" in shown(at) and "完整" in shown(at)
    assert audit.lines(empty.desk(AUDITOR))[0]["act"] == "audit.verify"


def test_a_tampered_line_is_told_with_its_number(empty, see):
    with empty.store._engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("UPDATE audit SET username = 'x' WHERE number = 2"))
        connection.commit()
    said = shown(_verified(see("audit", "auditor")))
    assert "已被破坏" in said and "第 2 行与其校验值不符" in said


@pytest.mark.parametrize("username", ["tianshan", "cards", "commerce", "city", "admin"])
def test_nobody_else_reads_it(empty, see, username):
    at = see("audit", username)
    assert "审计记录由审计员查看" in shown(at)
    assert "新建账号" not in shown(at)


def test_lines_are_narrowed_by_what_the_address_says(empty, see):
    access.log_in(empty.store, "tianshan", PASSWORD)
    access.log_in(empty.store, "midong", PASSWORD)
    said = shown(see("audit", "auditor", query={"by": "tianshan", "act": "login", "days": "all"}))
    rows = said.split("<tbody>")[1]
    assert "tianshan" in rows and "midong" not in rows and "新建账号" not in rows
    assert "没有符合条件的记录" in shown(see("audit", "auditor", query={"words": "' OR 1=1 --"}))


def test_older_lines_are_a_page_further(empty, see):
    for n in range(130):
        access.record(empty.store, AUDITOR, "test.act", f"第{n}件")
    at = see("audit", "auditor")
    assert "第129件" in shown(at) and "第5件" not in shown(at)
    at = at.button(key="audit-older").click().run()
    assert "第5件" in shown(at) and "第129件" not in shown(at)
    at = at.button(key="audit-newest").click().run()
    assert "第129件" in shown(at)


def test_a_workbook_of_it_says_whose_it_is_holds_no_formula_and_is_a_line_itself(empty):
    access.record(empty.store, AUDITOR, "test.act", '=HYPERLINK("http://evil.example")', {"said": "+1"})
    made = workbook(empty.desk(AUDITOR), audit.Wanted(act="test"), "zh", demo=True)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert all(c.data_type != "f" for c in cells)
    assert sheet["A2"].value.startswith("导出人 审计员（auditor）· 2026-11-24 ")
    assert "审计员（auditor）" in sheet.oddFooter.left.text and "合成" in sheet.oddHeader.center.text
    assert sheet["F5"].value == '=HYPERLINK("http://evil.example")'
    number, seen = audit.head(empty.desk(AUDITOR))
    assert f"第 {number - 1} 行" in sheet["A3"].value and seen not in sheet["A3"].value
    line = audit.lines(empty.desk(AUDITOR))[0]
    assert (line["act"], line["details"]["lines"], line["details"]["act"]) == ("audit.export", 1, "test")


def test_the_auditor_begins_at_this_page(empty):
    from ui import screen

    assert screen.first_of(AUDITOR).name == "audit"
    assert screen.first_of(access.person(empty.store, "city")).name == "overview"


def test_an_original_file_that_is_taken_out_is_a_line(empty, tmp_path):
    from types import SimpleNamespace

    from ui import taking

    (tmp_path / "kept").write_bytes(b"as it came")
    batch = SimpleNamespace(id="b-1", file="加油站.xlsx", sha256="0" * 64)
    someone = SimpleNamespace(house=empty, person=access.person(empty.store, "oil"))
    assert taking.original(someone, batch, tmp_path / "kept") == b"as it came"
    line = audit.lines(empty.desk(AUDITOR))[0]
    assert (line["username"], line["act"], line["object"]) == ("oil", "export.original", "b-1")
    assert line["details"]["file"] == "加油站.xlsx"
