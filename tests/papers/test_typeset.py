"""Documents: fonts that come along, text that stays text, pages that a reader can open."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pilotwatch import papers

NASTY = '#read("/etc/passwd") *b* _i_ $x$ \\ " @ref <label> // 注释 /* */ ]} #{ 1 + 1 } `raw` = 题'


def test_a_pdf_embeds_a_subset_of_the_fonts_that_come_along():
    made = papers.pdf(
        papers.OFFICIAL + "#title[乌鲁木齐市跨部门综合监管试点监测简报]\n= 一、总体情况\n正文#footnote[数据截至]。"
    )
    assert made.startswith(b"%PDF-")
    assert b"NotoSerifCJKsc" in made and b"NotoSansCJKsc" in made  # the heading of the first level is 黑体


def test_a_word_of_the_data_can_do_nothing():
    wide = '#set page(width: auto, height: auto, margin: 5pt)\n#set text(font: "Noto Sans CJK SC")\n'
    shown = papers.png(wide + papers.quoted(NASTY))
    as_data = papers.png(wide + '#json("d.json")', {"d.json": json.dumps(NASTY)})
    assert shown == as_data


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_markup(text):
    assert papers.pdf(f"#set page(width: 200pt, height: 100pt)\n{papers.quoted(text)}").startswith(b"%PDF-")


def test_the_markup_sees_only_the_files_it_was_given():
    with pytest.raises(papers.PaperFault, match="file not found"):
        papers.pdf('#read("pyproject.toml")')
    assert papers.pdf('#image("a.svg")', {"a.svg": papers.qr("https://jg.example.gov.cn/visit?task=1")})


def test_several_pages_make_one_picture():
    one = Image.open(io.BytesIO(papers.png("#set page(width: 100pt, height: 50pt)\n甲", ppi=72)))
    two = Image.open(io.BytesIO(papers.png("#set page(width: 100pt, height: 50pt)\n甲 #pagebreak() 乙", ppi=72)))
    assert (one.size, two.size) == ((100, 50), (100, 100))


def test_a_text_too_long_for_a_qr_code_is_said():
    assert papers.qr("XC-2026-0001").startswith("<svg")
    with pytest.raises(ValueError, match="5000"):
        papers.qr("x" * 5000)
