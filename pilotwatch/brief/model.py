"""What a brief is made of, whatever it is written as: sections of sentences, tables and pictures, each number with its note.

Pure data, in one language. The writers (`pdf`, `word`) lay it out and know nothing of where a number comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pilotwatch.domain import Language, Text

Form = Literal["page", "long"]


@dataclass(frozen=True)
class Note:
    """Where a number comes from: as of when, the newest batch behind it, the figure's code, the screen that shows it.

    `path`: that screen's address. `how`: how the figure is reckoned, for the appendix. `title`: what it is called.
    """

    source: str
    path: str
    as_of: str
    batch: str
    code: str
    title: str
    how: str
    approval: str

    @property
    def group(self) -> tuple[str, str, str, str]:
        """Notes of one group stand in one footnote, which names all their codes and batches."""
        return self.source, self.path, self.as_of, self.approval


@dataclass(frozen=True)
class Number:
    """A value as it is shown. `fact`: what it is, by name: ("results", "REF-03", "value")."""

    value: float | str | None
    shown: str
    note: Note
    fact: tuple[str, ...]


Part = str | Number
Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Sentence:
    """A paragraph; `weight`: "lead" is the one that has to be read, "warn" has to be heeded, "small" explains."""

    parts: Parts
    weight: Literal["lead", "plain", "warn", "small"] = "plain"


@dataclass(frozen=True)
class Table:
    """A ruled table. `widths` are shares of the line; `numeric` columns stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Parts, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A chart or a map, SVG of our own, `width` × `height` in mm; `numbers` are those that are written in it."""

    name: str
    title: str
    svg: str
    width: float
    height: float
    alt: str
    numbers: tuple[Number, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str


Block = Sentence | Table | Picture | Heading


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Brief:
    """A brief of a unit (None: the whole of the scope) and a period.

    `stamp`: as of when and by whom it was made; `demo`: what to say of made-up data, or "". `at`: the moment it was made;
    `approval`: how far the months behind it are approved (none, partly, approved, accepted).
    """

    title: str
    subtitle: str
    unit: str | None
    period: str
    form: Form
    language: Language
    stamp: str
    demo: str
    sections: tuple[Section, ...]
    at: datetime
    approval: str
    name: str = field(default="")

    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks

    def numbers(self) -> Iterator[Number]:
        """Every number of it, in the order it is read, those of pictures too."""
        for block in self.blocks():
            yield from numbers_of(block)


def numbers_of(block: Block) -> Iterator[Number]:
    """The numbers of a block, in the order they are read."""
    if isinstance(block, Sentence):
        yield from (p for p in block.parts if isinstance(p, Number))
    elif isinstance(block, Table):
        yield from (p for row in block.rows for cell in row for p in cell if isinstance(p, Number))
    elif isinstance(block, Picture):
        yield from block.numbers


def say(language: Language, template: Text, **values: Part | Text) -> Parts:
    """A template with numbers in it: the text between them and the numbers themselves.

    >>> say("zh", Text("共 {n} 户。", "{n} in all."), n="3")
    ('共 ', '3', ' 户。')
    """
    found: list[Part] = []
    for at, piece in enumerate(template(language).replace("}", "{").split("{")):
        if at % 2:
            value = values[piece]
            found.append(value(language) if isinstance(value, Text) else value)
        elif piece:
            found.append(piece)
    return tuple(found)


def plain(parts: Sequence[Part]) -> str:
    """The parts as text without notes."""
    return "".join(p.shown if isinstance(p, Number) else p for p in parts)


def footnote(notes: Sequence[Note], language: Language) -> str:
    """One footnote for notes of one group: as of when, the newest batches, the codes, where to trace them."""
    first = notes[0]
    batches = list(dict.fromkeys(n.batch for n in notes if n.batch))
    codes = list(dict.fromkeys(n.code for n in notes if n.code))
    between = "、" if language == "zh" else ", "
    shown = between.join(batches[:2]) + (_MORE.format(n=len(batches))(language) if len(batches) > 2 else "")
    return _FOOTNOTE.format(
        source=first.source, as_of=first.as_of, batch=shown or _NO_BATCH(language), approval=first.approval,
        codes=between.join(codes), path=first.path,
    )(language)  # fmt: skip


def groups(numbers: Sequence[Number]) -> list[list[Note]]:
    """The notes of the numbers, by group, in the order they are met."""
    by: dict[tuple[str, str, str, str], list[Note]] = {}
    for number in numbers:
        by.setdefault(number.note.group, []).append(number.note)
    return list(by.values())


_FOOTNOTE = Text(
    "{source}：截至 {as_of}；最新批次 {batch}；{approval}；编号 {codes}；追溯 {path}",
    "{source}: as of {as_of}; newest batch {batch}; {approval}; codes {codes}; trace at {path}",
)
_MORE = Text("等 {n} 批", " and others, {n} in all")
_NO_BATCH = Text("无", "none")
