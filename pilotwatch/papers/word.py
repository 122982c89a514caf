"""Word documents in the layout of GB/T 9704, for an office to go on writing in.

The fonts are named, not embedded: 仿宋, 黑体 and 楷体 are on every office machine, the title's 方正小标宋简体 on most.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

BODY, TITLE, HEADING, SUBHEADING = "仿宋", "方正小标宋简体", "黑体", "楷体"
_LATIN = "Times New Roman"


def document(title: str = "") -> Document:
    """An empty document with page, styles and numbers of pages; `title` is its first paragraph."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Mm, Pt

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(25)
    made.settings.odd_and_even_pages_header_footer = True
    normal = made.styles["Normal"]
    _font(normal, BODY, 16)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(28.95)  # 22 lines to 225 mm, rounded as Word counts
    normal.paragraph_format.space_after = Pt(0)
    for name, font in (("Heading 1", HEADING), ("Heading 2", SUBHEADING), ("Heading 3", BODY)):
        style = made.styles[name]
        _font(style, font, 16, bold=name == "Heading 3")
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.first_line_indent = Pt(32)
    _font(made.styles["Title"], TITLE, 22)
    _numbers(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _numbers(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _in_chinese(made)
    if title:
        heading = made.add_paragraph(style="Title")
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in heading.style.element.xpath(".//w:pBdr"):
            border.getparent().remove(border)
        heading.paragraph_format.line_spacing = Pt(34)
        heading.paragraph_format.space_after = Pt(16)
        heading.add_run(title)
    return made


def paragraph(made: Document, text: str = "", *, indent: bool = True) -> Paragraph:
    """A paragraph of the body, indented by two characters."""
    from docx.shared import Pt

    added = made.add_paragraph(text)
    if indent:
        added.paragraph_format.first_line_indent = Pt(32)
    return added


def table(made: Document, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> Any:
    """A ruled table whose head is repeated on each page; `widths` in mm. Returns the table of python-docx."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    added = made.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    for r, cells in enumerate([head, *rows]):
        for c, text in enumerate(cells):
            cell = added.cell(r, c)
            cell.text = text
            if widths:
                cell.width = Mm(widths[c])
            for line in cell.paragraphs:
                line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
                for run in line.runs:
                    run.font.size = Pt(10.5)
                    run.bold = r == 0
    if widths:  # Word goes by the cells, LibreOffice by the grid
        added.autofit = False
        for column, width in zip(added.columns, widths, strict=True):
            column.width = Mm(width)
    properties = added.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    return added


def save(made: Document) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _font(style: Any, chinese: str, size: float, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = _LATIN, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _in_chinese(made: Document) -> None:
    """The language of Chinese text, lest its stops and commas are set as those of another one (Traditional ones stand in
    the middle of their square)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = run.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        run.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def _numbers(footer: Any, side: Any) -> None:
    """— 1 — on the outer side, 四号."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = side
    for before, kind, after in (("— ", "begin", ""), ("", None, ""), ("", "end", " —")):
        run = line.add_run(before)
        run.font.size = Pt(14)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = "PAGE"
        run._r.append(mark)
        if after:
            line.add_run(after).font.size = Pt(14)
