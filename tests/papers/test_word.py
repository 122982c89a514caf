"""Word documents in the layout of GB/T 9704."""

from __future__ import annotations

import io

import docx
from docx.oxml.ns import qn

from pilotwatch.papers import word


def _opened(made):
    return docx.Document(io.BytesIO(word.save(made)))


def test_the_page_is_that_of_the_standard():
    made = _opened(word.document("关于试点进展的简报"))
    section = made.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(s.mm) for s in sides] == [37, 35, 28, 26]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156  # the 版心
    assert made.paragraphs[0].text == "关于试点进展的简报"
    assert made.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert made.styles["Normal"].font.size.pt == 16  # 三号
    assert made.styles["Title"].font.size.pt == 22  # 二号


def test_pages_are_numbered_on_the_outer_side():
    section = _opened(word.document()).sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert [t.text for t in footer._element.iter(qn("w:instrText"))] == ["PAGE"]
        assert footer.paragraphs[0].text.startswith("— ") and footer.paragraphs[0].text.endswith(" —")


def test_the_head_of_a_table_is_on_each_page():
    made = word.document()
    word.paragraph(made, "见下表。")
    word.table(made, ["单位", "户次"], [["天山区", "12"], ["米东区", "3"]], widths=[60, 40])
    read = _opened(made)
    assert [[c.text for c in r.cells] for r in read.tables[0].rows] == [
        ["单位", "户次"],
        ["天山区", "12"],
        ["米东区", "3"],
    ]
    assert read.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert read.paragraphs[0].paragraph_format.first_line_indent.pt == 32  # two characters of 16 pt
