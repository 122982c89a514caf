"""Footnotes of a Word document (ECMA-376, part 1, 17.11): python-docx has no way to make them, so the part is written here.

The first place of a note holds the note itself, with a bookmark around its number; a later place refers to that bookmark
(field NOTEREF), as Word's own cross-references do, so that Word renumbers both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from docx.document import Document

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
#: The lines between text and notes; Word wants both, with these ids, named in the settings.
_SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))
_AFTER_FOOTNOTES = ("endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema", "themeFontLang", "clrSchemeMapping",
                    "doNotIncludeSubdocsInStats", "shapeDefaults", "decimalSymbol", "listSeparator")  # fmt: skip


class Footnotes:
    """Collects the footnotes of a document; `put` them in at the end. `size`, `line`: of the type and of a line, in pt."""

    def __init__(self, size: float, line: float):
        self.half_points, self.twips = round(2 * size), round(20 * line)
        self.texts: list[str] = []

    def refer(self, paragraph: Any, number: int, text: str, *, first: bool) -> None:
        """Adds the note, or what refers to it, at the end of a paragraph. `number` counts from 1 without a gap."""
        from docx.oxml import parse_xml

        name = f"_Ref_note_{number}"
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        if first:
            self.texts.append(text)
            made = [
                f'<w:bookmarkStart xmlns:w="{_W}" w:id="{1000 + number}" w:name="{name}"/>',
                f'<w:r xmlns:w="{_W}">{raised}<w:footnoteReference w:id="{number}"/></w:r>',
                f'<w:bookmarkEnd xmlns:w="{_W}" w:id="{1000 + number}"/>',
            ]
        else:
            made = [
                f'<w:fldSimple xmlns:w="{_W}" w:instr=" NOTEREF {name} \\h "><w:r>{raised}<w:t>{number}</w:t></w:r></w:fldSimple>'
            ]
        for xml in made:
            paragraph._p.append(parse_xml(xml))

    def put(self, made: Document) -> None:
        """Writes the part, its relation and what the settings say of it."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml

        notes = [
            f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
            f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
            for n, kind in _SEPARATORS
        ]
        notes += [self._note(n, text) for n, text in enumerate(self.texts, 1)]
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:footnotes xmlns:w="{_W}">{"".join(notes)}</w:footnotes>'
        _styles(made, self.half_points, self.twips)
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), made.part.package)
        made.part.relate_to(part, _RELATION)
        named = "".join(f'<w:footnote w:id="{n}"/>' for n, _ in _SEPARATORS)
        settings = made.settings.element
        told = parse_xml(f'<w:footnotePr xmlns:w="{_W}">{named}</w:footnotePr>')
        after = next((c for c in settings if c.tag.rpartition("}")[2] in _AFTER_FOOTNOTES), None)
        settings.append(told) if after is None else after.addprevious(told)

    def _note(self, number: int, text: str) -> str:
        return (
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(_printable(text))}</w:t></w:r></w:p></w:footnote>'
        )


def _styles(made: Document, half_points: int, twips: int) -> None:
    """Word's own styles of notes, by their own ids: the number of a note takes its size from the paragraph's style."""
    from docx.oxml import parse_xml

    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    for xml in (
        f'<w:style xmlns:w="{_W}" w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{twips}" w:lineRule="exact"/></w:pPr><w:rPr>{size}</w:rPr></w:style>',
        f'<w:style xmlns:w="{_W}" w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        f'<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
    ):
        made.styles.element.append(parse_xml(xml))


def _printable(text: str) -> str:
    """Without what XML 1.0 can't hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
