"""Typical cases taken out: what the files say, who took them, and what the audit keeps of it."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from pilotwatch import typical
from pilotwatch.store import Store
from pilotwatch.typical import TypicalFilter
from tests.disposal.made import TEAM
from tests.typical.made import LEADER_2, LESSONS, NAME, closed, house, published
from tests.typical.test_typical import OPENED, RECORDS


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typical")
    opened = Store.open(f"sqlite:///{folder / 'typical.db'}", RECORDS, files=folder / "files", **OPENED)
    opened.number = published(opened, TEAM, closed(opened).number)
    yield opened
    opened.close()


def audited(store):
    with store.registers(write=False) as books:
        return books.audit_lines(limit=1)[0]


def test_a_word_document_has_text_figures_and_who_took_it(store):
    desk = store.desk(LEADER_2)
    made = docx.Document(
        io.BytesIO(typical.take_out(desk, house(), typical.find(desk, store.number), "docx", demo=True))
    )
    text = "\n".join(p.text for p in made.paragraphs)
    assert LESSONS in text and "米东区领导（md）" in text and "合成" in text and NAME not in text
    cells = [c.text for row in made.tables[0].rows for c in row.cells]
    assert "全流程用时" in cells and "17 日" in cells and "XS-SHP-1" in cells
    line = audited(store)
    assert (line["act"], line["object"], line["username"]) == ("export.typical", store.number, "md")
    assert line["details"]["kind"] == "docx"


def test_a_pdf_says_the_same_and_a_draft_says_what_it_is(store):
    desk = store.desk(LEADER_2)
    pages = PdfReader(io.BytesIO(typical.take_out(desk, house(), typical.find(desk, store.number), "pdf", "en"))).pages
    text = "".join(p.extract_text() for p in pages)
    assert "What can be copied" in text and "17 days" in text and store.number in text and "not published" not in text
    own = store.desk(TEAM)
    draft = typical.draft(own, house(), [closed(store, "XS-SHP-9").number])
    made = docx.Document(io.BytesIO(typical.take_out(own, house(), typical.find(own, draft), "docx")))
    assert any("草稿：未经审定入库" in p.text for p in made.paragraphs)


def test_the_list_is_a_workbook_of_values(store):
    made = typical.take_list(store.desk(LEADER_2), house(), TypicalFilter())
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=5)]
    assert [r[0] for r in rows] == [store.number] and rows[0][8] == LESSONS and rows[0][4] == "天山区"
    assert "米东区领导（md）" in sheet["A2"].value
    assert all(c.data_type != "f" for r in sheet.iter_rows() for c in r)
    assert audited(store)["act"] == "export.typical_list"
