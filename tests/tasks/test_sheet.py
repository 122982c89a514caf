"""The task sheet: one form for all departments, as PDF and as a Word document."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from pilotwatch import papers
from pilotwatch.inspection.tasks import sheet
from pilotwatch.places import Places
from pilotwatch.settings import settings

TASK = {
    "number": "RW-20261124-00001", "name": '新疆"演示"加油站 #1 [甲]', "code": "91650100MA0000001U", "address": "人民路1号", "trigger": "双随机",
    "lead": "SWJ", "departments": ["SWJ", "SCJG"], "since": date(2026, 11, 24), "until": date(2026, 12, 31), "notice_no": "",
    "officers": [{"id": "65010001", "name": "王*", "department": "SWJ"}], "signed_by": "", "refused_to_sign": False, "entered_at": None,
    "left_at": None,
    "matters": [
        {"code": "A", "name": "经营资格", "department": "SWJ", "content": "查证照", "method": "现场", "basis": "《成品油流通管理办法》"},
        {"code": "B", "name": "加油机检定", "department": "SCJG", "content": "查证书", "method": "现场", "basis": ""},
    ],
}  # fmt: skip
PARTS = {"SCJG": {"result": "责令改正", "problems": "证书过期", "ticks": {"B": ["problem", "#过期"]}}}


@pytest.fixture(scope="module")
def places():
    return Places.load(settings().data)


def test_the_word_sheet_has_every_department_and_matter(places):
    made = docx.Document(io.BytesIO(sheet.docx(places, TASK, PARTS)))
    cells = [c.text for t in made.tables for row in t.rows for c in row.cells]
    assert {
        "市商务局",
        "市市场监督管理局",
        "经营资格（《成品油流通管理办法》）",
        "加油机检定",
        "责令改正：证书过期",
        "#过期",
    } <= set(cells)
    assert "☐符合　☑有问题　☐不适用" in cells and "☐符合　☐有问题　☐不适用" in cells
    assert any("RW-20261124-00001" in p.text for p in made.paragraphs)
    assert any("/visit?task=RW-20261124-00001" in p.text for p in made.paragraphs)


def test_the_pdf_is_made_whatever_a_name_holds(places):
    made = sheet.pdf(places, TASK, PARTS)
    assert made.startswith(b"%PDF-")
    hostile = {**TASK, "name": '#panic("x") $ \\ * _ @a <b> `c`', "address": ']#eval("1")['}
    assert sheet.pdf(places, hostile).startswith(b"%PDF-")


def test_the_code_is_the_tasks_address(places):
    assert sheet.address_of(TASK) == f"{settings().home}/visit?task=RW-20261124-00001"
    assert papers.qr(sheet.address_of(TASK)).startswith("<svg")


def test_a_sheet_bears_the_mark_of_whoever_printed_it(places):
    made = docx.Document(io.BytesIO(sheet.docx(places, TASK, PARTS, "由 张三 导出")))
    assert made.paragraphs[-1].text == "由 张三 导出"
    assert "由 张三 导出" in sheet.markup(places, TASK, PARTS, "由 张三 导出")
