"""A brief as PDF or picture: the one page on a sheet of its own, the long form on the page of an official document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from pilotwatch import papers
from pilotwatch.brief import words
from pilotwatch.brief.model import Brief, Heading, Parts, Picture, Section, Sentence, Table, plain
from pilotwatch.brief.notes import Mark, Marks

#: By how much everything on the one page is made smaller, in turn, until it is one page.
_SCALES = (1.0, 0.94, 0.88, 0.82, 0.76)


@dataclass(frozen=True)
class _Look:
    """Whether it is the one page, and how small that is."""

    page: bool
    scale: float = 1.0

    def pt(self, page: float, long: float) -> str:
        """A size: on the one page, on the long form."""
        return f"{page * self.scale:.2f}pt" if self.page else f"{long:g}pt"

    @property
    def settings(self) -> str:
        if not self.page:
            return papers.OFFICIAL + _LONG

        def pt(size: float) -> str:
            return self.pt(size, size)

        return f"""
#set page(paper: "a4", margin: (x: 15mm, top: 11mm, bottom: 9mm))
#set text(font: "{papers.SANS}", size: {pt(9)}, lang: "zh", region: "cn")
#set par(leading: {pt(4.6)}, spacing: {pt(5.5)}, justify: true)
#let title(body) = align(center, text(size: 16pt, weight: "bold", body))
#show heading: it => block(above: {pt(8)}, below: {pt(5)}, text(size: {pt(10.5)}, weight: "bold", fill: rgb("#1B5E8C"), it.body))
#show footnote.entry: set text(size: {pt(6)})
#show footnote.entry: set par(leading: {pt(2.5)}, justify: false)
#set footnote.entry(indent: 0pt, gap: {pt(2)}, clearance: 4pt)
#set table(stroke: 0.4pt + rgb("#AEB7C0"), inset: (x: 3.5pt, y: {pt(3)}))
#show table: set text(size: {pt(8)})
#show table: set par(leading: {pt(3)}, justify: false)
"""


_LONG = """
#show heading: it => block(sticky: true, it)
#show footnote.entry: set text(size: 7.5pt)
#show footnote.entry: set par(leading: 3pt, first-line-indent: 0pt, justify: false)
#set footnote.entry(gap: 3pt)
#show table: set text(size: 9pt)
#show table: set par(leading: 3.5pt, first-line-indent: 0pt, justify: false)
#show table.cell.where(y: 0): set text(weight: "bold")
"""


def pdf(brief: Brief) -> bytes:
    """The file; fonts are embedded."""
    return papers.pdf(*written(brief))


def picture(brief: Brief, ppi: float = 110) -> bytes:
    """The pages as one PNG, one below the other."""
    return papers.png(*written(brief), ppi=ppi)


def written(brief: Brief) -> tuple[str, dict[str, bytes | str]]:
    """The markup and the pictures it names; the one page in the largest type in which it is one page."""
    if brief.form == "long":
        return _written(brief, _Look(page=False))
    for scale in _SCALES:
        found = _written(brief, _Look(page=True, scale=scale))
        if _pages(*found) == 1:
            break
    return found


def _pages(source: str, files: dict[str, bytes | str]) -> int:
    """How many A4 pages it comes to, from a picture too small to be read."""
    from PIL import Image

    wide, high = Image.open(io.BytesIO(papers.png(source, files, ppi=12))).size
    return round(high / wide / (297 / 210))


def _written(brief: Brief, look: _Look) -> tuple[str, dict[str, bytes | str]]:
    marks, files = Marks(brief.language), {}
    lines = [look.settings]
    if brief.language == "en":
        lines.append('#set text(lang: "en", region: "gb", hyphenate: false)\n#set par(justify: false)')
    lines += _head(brief, look)
    for at, section in enumerate(brief.sections):
        lines += _section(brief, section, at, marks, files, look)
    return "\n".join(lines), files


def _head(brief: Brief, look: _Look) -> Iterator[str]:
    yield f"#title[{papers.quoted(brief.title)}]"
    size = look.pt(9, 14)
    yield f"#align(center, text(size: {size}, {_word(brief.subtitle)}))"
    demo = (
        f'#h(6pt) #box(fill: rgb("#B00D26"), inset: (x: 4pt, y: 2pt), radius: 2pt, text(fill: white, {_word(brief.demo)}))'
        if brief.demo else ""
    )  # fmt: skip
    yield f'#align(center, par(first-line-indent: 0pt, text(size: {look.pt(7, 9)}, fill: rgb("#5B6875"))[{papers.quoted(brief.stamp)} {demo}]))'
    if look.page:
        yield '#line(length: 100%, stroke: 0.8pt + rgb("#1B5E8C"))'


def _section(
    brief: Brief, section: Section, at: int, marks: Marks, files: dict[str, bytes | str], look: _Look
) -> Iterator[str]:  # fmt: skip
    number = f"{words.NUMERALS[at]}、" if brief.language == "zh" else f"{at + 1}. "
    yield f"= {papers.quoted(number + section.title)}"
    row = [b for b in section.blocks if isinstance(b, Picture)] if look.page else []
    for block in section.blocks:
        if block in row:
            if block is row[-1]:
                yield _row(row, at, marks, files, look)
        elif isinstance(block, Sentence):
            yield _sentence(block, marks, look)
        elif isinstance(block, Table):
            yield _table(block, marks, look)
        elif isinstance(block, Picture):
            files[f"{at}-{block.name}.svg"] = block.svg
            yield _picture(block, f"{at}-{block.name}.svg", marks, look)
        elif isinstance(block, Heading):
            yield f"== {papers.quoted(block.text)}"


def _sentence(block: Sentence, marks: Marks, look: _Look) -> str:
    """A paragraph; its numbers stand out, a warning has a coloured edge."""
    text = ""
    for shown, number, mark in marks.of_sentence(block):
        strong = number is not None and len(shown) < 16
        text += f"#strong[{papers.quoted(shown)}]" if strong else papers.quoted(shown)
        text += _mark(mark) if mark else ""
    if block.weight == "lead" and look.page:
        return f"#text(size: {look.pt(11, 16)})[{text}]\n"
    if block.weight == "warn":
        return f'#block(width: 100%, inset: (left: 6pt, y: 3pt), stroke: (left: 2pt + rgb("#B00D26")))[#set par(first-line-indent: 0pt)\n{text}]\n'
    if block.weight == "small":
        return f'#par(first-line-indent: 0pt)[#text(size: {look.pt(7.5, 10.5)}, fill: rgb("#5B6875"))[{text}]]\n'
    return text + "\n"


def _table(block: Table, marks: Marks, look: _Look) -> str:
    """A table under its title, which has the footnotes; the head is repeated on each page."""
    caption = papers.quoted(block.title) + _marks(marks.of_block(block))
    widths = ", ".join(f"{w:g}fr" for w in block.widths)
    align = ", ".join("right" if i in block.numeric else "left" for i in range(len(block.head)))
    head = ", ".join(f"[{papers.quoted(h)}]" for h in block.head)
    cells = ",\n".join(", ".join(f"[{_cell(c)}]" for c in row) for row in block.rows)
    size = look.pt(8.5, 10.5)
    return (
        f"#block(above: {look.pt(6, 14)}, below: {look.pt(3, 6)}, sticky: true, width: 100%, align({'left' if look.page else 'center'}, "
        f'text(size: {size}, weight: "bold")[{caption}]))\n'
        f'#table(columns: ({widths},), align: ({align},), fill: (_, y) => if y == 0 {{ rgb("#F0F2F5") }}, '
        f"table.header({head}),\n{cells})\n"
    )


def _cell(parts: Parts) -> str:
    return papers.quoted(plain(parts))


def _row(pictures: list[Picture], at: int, marks: Marks, files: dict[str, bytes | str], look: _Look) -> str:
    """The pictures of a section of the page, side by side."""
    cells = []
    for block in pictures:
        name = f"{at}-{block.name}.svg"
        files[name] = block.svg
        caption = papers.quoted(block.title) + _marks(marks.of_block(block))
        source = (
            f'#linebreak()#text(size: {look.pt(5.5, 5.5)}, weight: "regular", fill: rgb("#5B6875"), {_word(block.source)})'
            if block.source
            else ""
        )
        cells.append(
            f'[#image("{name}", width: {block.width:.1f}mm, alt: {_word(block.alt)})\n#text(size: {look.pt(8, 8)}, weight: "bold")[{caption}]{source}]'
        )
    widths = ", ".join(f"{p.width:g}mm" for p in pictures)
    return f"#block(above: 6pt)[#set par(leading: 3pt, justify: false)\n#grid(columns: ({widths},), gutter: 5mm, align: center + horizon, {', '.join(cells)})]\n"


def _picture(block: Picture, name: str, marks: Marks, look: _Look) -> str:
    caption = papers.quoted(block.title) + _marks(marks.of_block(block))
    width = min(1.0, (128 if look.page else 150) / block.width)
    source = (
        f'#v(-3pt)#text(size: {look.pt(6.5, 8)}, fill: rgb("#5B6875"), {_word(block.source)})' if block.source else ""
    )
    return (
        f"#block(breakable: false, width: 100%, above: {look.pt(5, 14)})[#set par(first-line-indent: 0pt, leading: 4pt)\n"
        f'#align(center)[#image("{name}", width: {block.width * width:.1f}mm, alt: {_word(block.alt)})]\n'
        f'#align(center, text(size: {look.pt(8, 10.5)}, weight: "bold")[{caption}])\n#align(center)[{source}]]\n'
    )


def _marks(marks: list[Mark]) -> str:
    """Several of them, with commas between: ⁸⁹ would be one."""
    return "#super[,]".join(_mark(m) for m in marks)


def _mark(mark: Mark) -> str:
    """Told at its first place, named at the others."""
    if mark.first:
        return f'#footnote({_word(mark.text)})#label("n{mark.number}")'
    return f"#footnote(<n{mark.number}>)"


def _word(text: str) -> str:
    """A text as a value of the markup, inside code."""
    return papers.quoted(text).removeprefix("#").removesuffix(";")
