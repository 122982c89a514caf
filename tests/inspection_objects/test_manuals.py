"""One manual for each scene: made of published matters alone, as a page of facts, a PDF and a Word document."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from pilotwatch import papers
from pilotwatch.inspection import matters
from pilotwatch.inspection.matters import booklet
from pilotwatch.records import SHARED
from pilotwatch.store import SYSTEM
from tests.inspection_objects.made import DAY, hand_in, matter


@pytest.fixture
def desk(open_store):
    desk = open_store(SHARED).desk(SYSTEM)
    hand_in(desk, [
        matter(1, dept="SWJ", scene=["加油站"], minutes=40, prepare="营业执照；台账", partners=["SWJU"]),
        matter(2, dept="SCJG", scene=["加油站"], minutes=30, prepare="营业执照", yearly_cap=2, frequency="每半年1次"),
        matter(3, dept="SCJG", scene=["加油站", "预付卡"], minutes=25, off_site=True),
        matter(4, dept="XFJY", scene=["加油站"], mergeable=False), matter(5, dept="GAJ", scene=["加油站"], published_on=None),
        matter(6, dept="YJJ", scene=["加油站"], valid_until=date(2025, 1, 1)), matter(7, dept="SWJ"),
    ])  # fmt: skip
    return desk


def test_scenes_are_those_that_published_matters_name(desk):
    assert matters.scenes(desk, DAY) == {"加油站": 4, "预付卡": 1}


def test_a_manual_of_a_scene(desk):
    told = matters.manual(desk, "加油站", DAY, {"SWJ", "JSJ"})
    assert (told.lead, told.participants) == ("SWJ", ("SCJG", "XFJY", "SWJU"))
    assert [e.item_code for e in told.entries] == ["JC-001", "JC-002", "JC-003", "JC-004"]
    assert (told.separately, told.together) == (95, 55)  # 40 + 30 + 25; the market department alone needs 55
    assert [e.name for e in told.apart] == ["事项4"] and told.waiting == ("事项5",)
    assert told.prepare == ("营业执照", "台账")
    assert (
        told.entries[1].yearly_cap == 2
        and told.entries[2].off_site
        and told.entries[0].basis == ("《价格法》第三十三条",)
    )


def test_where_no_domain_leads_the_department_with_most_matters_does(desk):
    assert matters.manual(desk, "加油站", DAY, {"JSJ"}).lead == "SCJG"
    assert matters.manual(desk, "没有的场景", DAY, {"SWJ"}) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_documents_hold_every_matter_and_point(desk, language):
    told = matters.manual(desk, "加油站", DAY, {"SWJ"})
    named = {"SWJ": "市商务局", "SCJG": "市市场监管局"}.get
    made = docx.Document(io.BytesIO(booklet.docx(told, lambda c: named(c, c), language, "导出：市级专班办公室")))
    text = "\n".join(
        [*(p.text for p in made.paragraphs), *(c.text for t in made.tables for r in t.rows for c in r.cells)]
    )
    for e in told.entries:
        assert e.name in text and e.content in text and all(point in text for point in e.checklist)
    assert "导出：市级专班办公室" in text and ("牵头部门：市商务局" if language == "zh" else "Leads: 市商务局") in text
    assert booklet.pdf(told, lambda c: named(c, c), language, "导出").startswith(b"%PDF")


def test_what_a_list_says_can_do_nothing_in_the_paper(desk):
    hand_in(desk, [matter(8, scene=["恶意"], name='#import "x"', checklist='"]#panic("!")；$x$')])
    told = matters.manual(desk, "恶意", DAY, ())
    assert booklet.pdf(told, str, "zh", '"; #panic()').startswith(b"%PDF")
    assert papers.quoted('#import "x"') in booklet.source(told, str, "zh", "")
