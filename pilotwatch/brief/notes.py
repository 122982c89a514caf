"""Which footnote stands where: the same for every kind of document.

Numbers of one sentence or table that come from one screen share a footnote, which names all their codes; a footnote that
says the same as an earlier one is that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pilotwatch.brief.model import Block, Brief, Number, Sentence, footnote, groups, numbers_of
from pilotwatch.domain import Language

_CLAUSE = re.compile(r"[^，。；、,.;：:（(]*")


@dataclass(frozen=True)
class Mark:
    """A footnote's number; `first`: it is told here, else it was told before."""

    number: int
    text: str
    first: bool


@dataclass
class Marks:
    """Counts footnotes up as the blocks are written, in the order they are read."""

    language: Language
    told: dict[str, int] = field(default_factory=dict)

    def of_block(self, block: Block) -> list[Mark]:
        """The footnotes of a whole table or picture."""
        return [self._mark(footnote(notes, self.language)) for notes in groups(list(numbers_of(block)))]

    def of_sentence(self, sentence: Sentence) -> list[tuple[str, Number | None, Mark | None]]:
        """Its parts as (text, number, footnote after it): a group's footnote ends the clause of its last number, lest it be
        read as a part of it."""
        numbers = [p for p in sentence.parts if isinstance(p, Number)]
        texts = {notes[0].group: footnote(notes, self.language) for notes in groups(numbers)}
        last = {n.note.group: at for at, n in enumerate(sentence.parts) if isinstance(n, Number)}
        found: list[tuple[str, Number | None, Mark | None]] = []
        waiting: Mark | None = None
        for at, part in enumerate(sentence.parts):
            if isinstance(part, Number):
                found += [("", None, waiting)] if waiting else []
                ends = last[part.note.group] == at
                waiting = self._mark(texts[part.note.group]) if ends else None
                found.append((part.shown, part, None))
                continue
            cut = _CLAUSE.match(part).end() if waiting and _CLAUSE.match(part) else 0
            found.append((part[:cut], None, waiting))
            found.append((part[cut:], None, None))
            waiting = None
        return [*found, ("", None, waiting)] if waiting else found

    def _mark(self, text: str) -> Mark:
        first = text not in self.told
        return Mark(self.told.setdefault(text, len(self.told) + 1), text, first)


def every(brief: Brief) -> list[str]:
    """All footnotes of a brief, in order."""
    marks = Marks(brief.language)
    for block in brief.blocks():
        if isinstance(block, Sentence):
            marks.of_sentence(block)
        else:
            marks.of_block(block)
    return list(marks.told)
