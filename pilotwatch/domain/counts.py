"""Counts that are watched for surges, and sides that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pilotwatch.domain.indicators import Basis
from pilotwatch.domain.records import Choices, Record, names_of
from pilotwatch.domain.words import Text, Titled


@dataclass(frozen=True)
class Count(Titled):
    """What is counted by place and day, so that a surge is noticed: complaints, clues, failed samples.

    `weigh` is pure: it gets the rows of some subjects, all of each (`fields` of the record as `frames.table` types them),
    and says for each how many it counts for, a whole number (a boolean is 0 or 1); `None`: one each. A row that counts
    for none still tells that its day was reported. `day` names the field that dates a row where that isn't the record's
    own day; the fields of several are tried in turn. `delay`: days until all of a day's rows have come in (PRAC).
    A count is held against how many subjects of the domain a place has. Of a record that domains share, the rows count
    that are about a subject of this domain.
    """

    name: str
    zh: str
    en: str
    record: type[Record]
    fields: tuple[str, ...] = ()
    weigh: Callable[[Any], Any] | None = None
    day: str | tuple[str, ...] | None = None
    delay: int = 0
    unit: str = "件"
    owner: str = ""  # the department that looks into a surge; default: the domain's lead

    @property
    def day_fields(self) -> tuple[str, ...]:
        return names_of(self.day)


@dataclass(frozen=True)
class Side(Titled):
    """One of the statements that contradict each other: whose it is, in which dataset, and its column in `compute`'s frame.

    A statement is a number in `unit`, or one of `choices` (a grade).
    """

    name: str
    zh: str
    en: str
    record: type[Record]
    owner: str  # code of the department whose statement it is
    unit: str = ""
    choices: Choices | None = None


@dataclass(frozen=True)
class Contradiction(Titled):
    """Two or more departments' statements about one thing, which ought to agree (口径冲突).

    `compute(frames, on)` is pure, as an indicator's: a frame indexed by `subject_id` with a column for each side and

    - `period`: what the statements are about, as text (2026-10);
    - `gap`: by how much they differ, in `unit`;
    - `size`: how often the tolerance goes into the gap. Above 1 they contradict each other, up to 1 they agree, NaN where
      a side is silent, which settles nothing.

    It is one item, owned by the departments of all its sides.
    """

    code: str
    zh: str
    en: str
    per: type[Record]
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    sides: tuple[Side, ...]
    tolerance: Text
    basis: Basis
    unit: str = ""
    formula: Text = field(default_factory=lambda: Text("", ""))

    @property
    def owners(self) -> tuple[str, ...]:
        """The departments whose statements they are, each once."""
        return tuple(dict.fromkeys(s.owner for s in self.sides))
