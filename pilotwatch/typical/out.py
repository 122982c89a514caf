"""Typical cases taken out: one as Word or PDF in the layout of an official document, a list as a workbook.

Each bears who took it out and when; the audit is told. One that isn't published says so on its first lines.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pilotwatch import papers
from pilotwatch.access import marks
from pilotwatch.domain import Language, Text
from pilotwatch.papers import word
from pilotwatch.store import Desk, audit
from pilotwatch.store import typical_reads as reads
from pilotwatch.store.typical import STATES
from pilotwatch.store.typical_reads import TypicalFilter
from pilotwatch.typical.acts import figures
from pilotwatch.typical.figures import House
from pilotwatch.typical.model import SECTIONS, TAGS, Figure
from pilotwatch.workdays import BEIJING, now

Kind = Literal["docx", "pdf"]
KINDS: dict[Kind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}  # fmt: skip
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 2000


@dataclass(frozen=True)
class Paper:
    """A typical case as it is printed: lines under the title, sections, a table of figures, what stands at its end."""

    title: str
    lines: tuple[str, ...]
    red: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str, str, str], ...]
    head: tuple[str, str, str, str]
    caption: str
    stamp: str
    language: Language


def take_out(desk: Desk, house: House, found: Mapping[str, Any], kind: Kind, language: Language = "zh", *, demo: bool = False) -> bytes:  # fmt: skip
    """The file of a version as `find` gives it, after the audit was told."""
    at = now()
    paper = paper_of(desk, house, found, language, at, demo)
    data = _docx(paper) if kind == "docx" else _pdf(paper)
    audit.told_of(
        desk, "export.typical", found["number"], {"kind": kind, "version": found["this"], "state": found["this_state"]}
    )
    return data


def take_list(
    desk: Desk, house: House, wanted: TypicalFilter, language: Language = "zh", *, demo: bool = False
) -> bytes:
    """The typical cases of a filter as xlsx, after the audit was told."""
    found, at = reads.listed(desk, wanted, limit=MOST_ROWS), now()
    data = _book(desk, house, found, language, at, demo)
    audit.told_of(desk, "export.typical_list", wanted.shelf, {"rows": len(found), "words": wanted.words})
    return data


def paper_of(desk: Desk, house: House, found: Mapping[str, Any], language: Language, at: datetime, demo: bool) -> Paper:
    """What is printed of a version; raises StoreRefused as `find` does."""

    def say(text: Text) -> str:
        return text(language)

    units, domains = _names(house.unit, found["units"], language), _names(house.domain, found["domains"], language)
    tags = _list([say(TAGS[t]) for t in found["tags"]], language)
    state = found["this_state"]
    lines = [
        say(_LINE.format(number=found["number"], units=units, domains=domains)),
        say(_TAGS.format(tags=tags)) if tags else "",
    ]
    red = [] if found["this"] == found["shown"] else [say(_NOT_SHOWN.format(state=STATES[state]))]
    drawn = figures(desk, house, found)
    as_of = found["as_of"] or at
    return Paper(
        found["title"], tuple(filter(None, lines)), (*red, *([say(marks.DEMO)] if demo else [])),
        tuple((say(title), found["body"].get(s, "")) for s, title in SECTIONS.items() if found["body"].get(s, "").strip()),
        tuple(_row(f, language) for f in drawn), tuple(say(t) for t in _HEAD),  # type: ignore[arg-type]
        say(_CAPTION.format(at=f"{as_of.astimezone(BEIJING):%Y-%m-%d %H:%M}")), say(marks.mark(desk.person, at)), language,
    )  # fmt: skip


def _row(figure: Figure, language: Language) -> tuple[str, str, str, str]:
    trace = _list([ref for kind, ref in figure.trace if kind != "limit"], language)
    return figure.title(language), figure.value(language), figure.note(language) if figure.note else "", trace


# --- files ---------------------------------------------------------------------------------------------------------


def _docx(paper: Paper) -> bytes:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    made = word.document(paper.title)
    for text, size, colour in (
        *((t, 12.0, "000000") for t in paper.lines), *((t, 10.5, "B00D26") for t in paper.red), (paper.stamp, 9.0, "5B6875"),
    ):  # fmt: skip
        line = word.paragraph(made, indent=False)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    for n, (title, text) in enumerate(paper.sections):
        made.add_heading(_numbered(n, title, paper.language), 1)
        for part in text.split("\n"):
            word.paragraph(made, part)
    if paper.figures:
        made.add_heading(_numbered(len(paper.sections), paper.caption, paper.language), 1)
        word.table(made, paper.head, paper.figures, (34, 44, 38, 40))
    made.core_properties.title = paper.title
    made.core_properties.comments = " ".join((paper.stamp, *paper.red))
    return word.save(made)


def _pdf(paper: Paper) -> bytes:
    return papers.pdf(markup(paper))


def markup(paper: Paper) -> str:
    """The document as Typst's markup."""
    quoted = papers.quoted
    out = [papers.OFFICIAL, "#set table(inset: 4pt)\n#show table: set text(size: 9pt)\n#show table: set par(leading: 3.5pt, first-line-indent: 0pt, justify: false)"]  # fmt: skip
    if paper.language == "en":
        out.append('#set text(lang: "en", region: "gb", hyphenate: false)\n#set par(justify: false)')
    out.append(f"#title[{quoted(paper.title)}]")
    for text, size, colour in (
        *((t, 12, "#000000") for t in paper.lines), *((t, 10.5, "#B00D26") for t in paper.red), (paper.stamp, 8.5, "#5B6875"),
    ):  # fmt: skip
        out.append(
            f'#align(center, par(first-line-indent: 0pt, text(size: {size}pt, fill: rgb("{colour}"))[{quoted(text)}]))'
        )
    for n, (title, text) in enumerate(paper.sections):
        out.append(f"= {quoted(_numbered(n, title, paper.language))}")
        out += [f"{quoted(part)}\n" for part in text.split("\n")]
    if paper.figures:
        out.append(f"= {quoted(_numbered(len(paper.sections), paper.caption, paper.language))}")
        head = ", ".join(f"[{quoted(h)}]" for h in paper.head)
        cells = ",\n".join(", ".join(f"[{quoted(c)}]" for c in row) for row in paper.figures)
        out.append(f"#table(columns: (2.2fr, 2.9fr, 2.4fr, 2.6fr), table.header({head}),\n{cells})")
    return "\n".join(out)


def _book(
    desk: Desk, house: House, found: Sequence[Mapping[str, Any]], language: Language, at: datetime, demo: bool
) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_LIST(language))
    told = marks.mark_book(book, desk.person, at, language, demo=demo)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, _LIST(language), bold)
    sheet.write_string(1, 0, told)
    if demo:
        sheet.write_string(2, 0, marks.DEMO(language), book.add_format({"bold": True, "font_color": "#B00D26"}))
    for n, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(n, n, width)
        sheet.write_string(3, n, title(language), head)
    for at_row, row in enumerate(found, start=4):
        for n, value in enumerate(_cells(house, row, language)):
            sheet.write_string(at_row, n, value, wrapped)
    sheet.freeze_panes(4, 2)
    sheet.autofilter(3, 0, max(4, 3 + len(found)), len(_COLUMNS) - 1)
    book.close()
    return out.getvalue()


def _cells(house: House, row: Mapping[str, Any], language: Language) -> list[str]:
    shown = row["shown_at"] if row["this"] == row["shown"] else None
    return [
        row["number"], row["title"], STATES[row["this_state"]](language), _names(house.domain, row["domains"], language),
        _names(house.unit, row["units"], language), _names(house.department, row["departments"], language),
        _list([TAGS[t](language) for t in row["tags"]], language), row["body"].get("practice", ""), row["body"].get("lessons", ""),
        row["body"].get("outcome", ""), str(row["adoptions"]), f"{shown.astimezone(BEIJING):%Y-%m-%d}" if shown else "",
    ]  # fmt: skip


def _numbered(n: int, title: str, language: Language) -> str:
    return f"{'一二三四五六七八九十'[n]}、{title}" if language == "zh" else f"{n + 1}. {title}"


def _names(of: Any, codes: Sequence[str], language: Language) -> str:
    return _list([of(c)(language) for c in codes], language)


def _list(words: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)


_LINE = Text("案例编号 {number} · {units} · {domains}", "{number} · {units} · {domains}")
_TAGS = Text("标签：{tags}", "Tags: {tags}")
_NOT_SHOWN = Text("{state}：未经审定入库，不得对外引用", "{state}: not published, not to be quoted")
_HEAD = (
    Text("数据项", "Figure"),
    Text("数值", "Value"),
    Text("说明、依据", "Note, basis"),
    Text("数据来源", "Traced to"),
)
_CAPTION = Text("数据及来源（截至 {at}）", "Figures and what they were read from (as of {at})")
_LIST = Text("典型案例清单", "Typical cases")
_COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("案例编号", "Number"), 15), (Text("标题", "Title"), 36), (Text("状态", "State"), 9), (Text("领域", "Domain"), 18),
    (Text("单位", "Unit"), 18), (Text("部门", "Departments"), 22), (Text("标签", "Tags"), 24), (Text("主要做法", "What was done well"), 50),
    (Text("可复制经验", "What can be copied"), 50), (Text("办理成效", "What came of it"), 44), (Text("借鉴单位数", "Taken over by"), 11),
    (Text("入库日期", "Published on"), 12),
)  # fmt: skip

__all__ = ["BOOK", "KINDS", "Kind", "markup", "paper_of", "take_list", "take_out"]
