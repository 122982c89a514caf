"""A brief as a Word document in the layout of GB/T 9704, with footnotes, for an office to go on writing in.

The one page keeps the paper and the fonts and takes smaller type and narrower margins.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pilotwatch import papers
from pilotwatch.brief import words
from pilotwatch.brief.footnotes import Footnotes
from pilotwatch.brief.model import Block, Brief, Heading, Picture, Sentence, Table, plain
from pilotwatch.brief.notes import Mark, Marks
from pilotwatch.papers import word

if TYPE_CHECKING:
    from docx.document import Document

_SOFT, _RED = "5B6875", "B00D26"


def docx(brief: Brief) -> bytes:
    """The file."""
    return _Writer(brief).written()


class _Writer:
    def __init__(self, brief: Brief):
        self.brief, self.page = brief, brief.form == "page"
        self.marks, self.notes = Marks(brief.language), Footnotes(6, 7.5) if self.page else Footnotes(9, 12)
        self.made: Document = word.document(brief.title)
        self.width = 156.0  # mm between the margins
        if self.page:
            self._narrow()

    def written(self) -> bytes:
        self._head()
        for at, section in enumerate(self.brief.sections):
            number = f"{words.NUMERALS[at]}、" if self.brief.language == "zh" else f"{at + 1}. "
            self.made.add_heading(number + section.title, 1)
            row = [b for b in section.blocks if isinstance(b, Picture)] if self.page else []
            for block in section.blocks:
                if block not in row:
                    self._block(block)
                elif block is row[-1]:
                    self._pictures(row)
        self.notes.put(self.made)
        self.made.core_properties.title = self.brief.title
        self.made.core_properties.author = words.MADE_BY(self.brief.language)
        self.made.core_properties.comments = " ".join(x for x in (self.brief.stamp, self.brief.demo) if x)
        return word.save(self.made)

    def _narrow(self) -> None:
        from docx.enum.text import WD_LINE_SPACING
        from docx.shared import Mm, Pt

        section = self.made.sections[0]
        section.top_margin, section.bottom_margin = Mm(11), Mm(9)
        section.left_margin = section.right_margin = Mm(15)
        section.footer_distance = section.header_distance = Mm(4)
        for footer in (section.footer, section.even_page_footer):  # one page needs no number
            for run in footer.paragraphs[0].runs:
                run._r.getparent().remove(run._r)
        self.width = 180.0
        for name, size in (("Normal", 9), ("Heading 1", 10.5), ("Title", 16)):
            style = self.made.styles[name]
            style.font.size = Pt(size)
            if name != "Title":
                style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
                style.paragraph_format.line_spacing = Pt(13)
        self.made.styles["Heading 1"].paragraph_format.first_line_indent = Pt(0)
        self.made.paragraphs[0].paragraph_format.line_spacing = Pt(22)
        self.made.paragraphs[0].paragraph_format.space_after = Pt(0)

    def _head(self) -> None:
        self._centred(self.brief.subtitle, 9.5 if self.page else 14)
        self._centred(self.brief.stamp, 7.5 if self.page else 9, _SOFT)
        if self.brief.demo:
            self._centred(self.brief.demo, 8 if self.page else 10.5, _RED, bold=True)

    def _block(self, block: Block) -> None:
        if isinstance(block, Sentence):
            self._sentence(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Picture):
            self._pictures([block])
        elif isinstance(block, Heading):
            self.made.add_heading(block.text, 2)

    def _sentence(self, block: Sentence) -> None:
        from docx.shared import Pt, RGBColor

        line = word.paragraph(self.made, indent=not self.page and block.weight != "small")
        for shown, number, mark in self.marks.of_sentence(block):
            if shown:
                run = line.add_run(shown)
                run.bold = number is not None and len(shown) < 16
                if block.weight == "small":
                    run.font.size = Pt(8 if self.page else 10.5)
                if block.weight == "warn":
                    run.font.color.rgb = RGBColor.from_string(_RED)
            if mark:
                self._mark(line, [mark])

    def _table(self, block: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        caption = self._centred(block.title, 9 if self.page else 10.5, bold=True)
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(2 if self.page else 8)
        self._mark(caption, self.marks.of_block(block))
        share = self.width / sum(block.widths)
        rows = [[plain(c) for c in row] for row in block.rows]
        small, high = (7.5, 10.4) if self.brief.language == "zh" else (7.0, 9.2)  # English takes more lines
        made = word.table(self.made, block.head, rows, [w * share for w in block.widths])
        for row in made.rows:
            for i, cell in enumerate(row.cells):
                for line in cell.paragraphs:
                    if i in block.numeric:
                        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                    if self.page:  # as high as the type, whatever font stands in for it
                        line.paragraph_format.line_spacing = Pt(high)
                    for run in line.runs:
                        run.font.size = Pt(small if self.page else 9)

    def _pictures(self, row: list[Picture]) -> None:
        """Pictures side by side, as far as the line goes, their titles in one line below."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Mm

        line = self.made.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # an exact one would cut it off
        line.paragraph_format.keep_with_next = True
        share = min(1.0, (0.86 if self.page else 0.97) * self.width / sum(p.width for p in row))
        caption = self._centred("", 9 if self.page else 10.5, bold=True)
        for at, block in enumerate(row):
            shown = line.add_run().add_picture(io.BytesIO(_png(block)), width=Mm(share * block.width))
            shown._inline.docPr.set("descr", block.alt[:1000])
            shown._inline.docPr.set("title", block.title)
            for side in ("distT", "distB", "distL", "distR"):  # where they aren't said, LibreOffice takes 3 mm
                shown._inline.set(side, "0")
            self._run(caption, ("　　　　" if at else "") + block.title, 9 if self.page else 10.5, bold=True)
            self._mark(caption, self.marks.of_block(block))
        for source in dict.fromkeys(p.source for p in row if p.source):
            self._centred(source, 7 if self.page else 8, _SOFT)

    def _centred(self, text: str, size: float, colour: str = "", *, bold: bool = False) -> Any:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Pt

        line = self.made.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if self.page:
            line.paragraph_format.line_spacing = Pt(max(size * 1.3, 9))
        if text:
            self._run(line, text, size, colour, bold=bold)
        return line

    def _run(self, line: Any, text: str, size: float, colour: str = "", *, bold: bool = False) -> None:
        from docx.shared import Pt, RGBColor

        run = line.add_run(text)
        run.font.size, run.bold = Pt(size), bold
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)

    def _mark(self, line: Any, marks: list[Mark]) -> None:
        for at, mark in enumerate(marks):
            if at:
                line.add_run(",").font.superscript = True
            self.notes.refer(line, mark.number, mark.text, first=mark.first)


def _png(block: Picture) -> bytes:
    """The picture at the size of its drawing, sharp enough to be printed."""
    page = f"#set page(width: {block.width:g}mm, height: {block.height:g}mm, margin: 0pt)\n"
    return papers.png(
        page + f'#set text(font: "{papers.SANS}")\n#image("p.svg", width: 100%)', {"p.svg": block.svg}, ppi=220
    )
