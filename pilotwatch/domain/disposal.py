"""How clues are disposed of, and what scores and risk cards are held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pilotwatch.domain.indicators import Basis, BasisLevel, Level, Levels
from pilotwatch.domain.records import Record
from pilotwatch.domain.words import Text, Titled

_BY_PRACTICE = Basis("PRAC", "")


@dataclass(frozen=True)
class Step:
    """One thing to do about a clue: at which levels of its warning (none: at every one), and within how long ("3wd")."""

    text: Text
    within: str | None = None
    levels: tuple[Level, ...] = ()
    basis: BasisLevel = "PRAC"


@dataclass(frozen=True)
class Procedure:
    """How a domain disposes of clues of certain facts: who acts first, what that is, and by when.

    `facts`: the indicators' codes, or words that a clue's fact is called by. `owner`: the department that acts first,
    `others` act with it. `within`: the limit of the first action, by level where `by_level` says another; None: that of
    the warning's level. `limits`: the legal limits that run beside it, as the table of limits numbers them ("T4").
    `steps`, in their order, and `close_when`, what has to be so before a case is closed, are shown to whoever handles
    it. `look_back`: when a closed case is looked at again.
    """

    facts: tuple[str, ...]
    owner: str
    first_action: Text
    within: str | None = None
    by_level: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    basis: Basis = _BY_PRACTICE
    steps: tuple[Step, ...] = ()
    close_when: tuple[Text, ...] = ()
    look_back: str = "90d"

    def first_within(self, level: str | None) -> str | None:
        """The limit of the first action at a level of the warning; None: the one that all warnings of the level have."""
        return self.by_level.get(level or "", self.within)


@dataclass(frozen=True)
class Incident(Titled):
    """What warnings warn of, as records tell of it afterwards: a closure, a failed sampling, a penalty.

    `find(frames)` is pure: a frame with `subject_id` and `day`, a row each time it happened, from frames of `needs`.
    `warned_by`: codes of the indicators that speak of it. One that reads the records the incident is found in would
    confirm itself, so the contract refuses it; unless it is among `apart`: what it reads there can end its alarm, never
    raise it (the appraisal that answers "not appraised yet").
    """

    code: str
    zh: str
    en: str
    needs: tuple[type[Record], ...]
    find: Callable[[Mapping[str, Any]], Any]
    warned_by: tuple[str, ...]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stake(Titled):
    """What is at stake at a subject. It weighs its priority; it says nothing of how likely a violation is.

    `compute(frames, on)` is pure: a frame indexed by `subject_id` with `exposure` (people at risk, money held, oil sold:
    in `unit`), `customers` (whom complaints are counted against) and `visit_within` (days within which some department
    must have visited it); NaN where unknown, or not asked. From `bounds` on its consequence is 2, 3, 4; below it is 1.
    """

    zh: str
    en: str
    unit: str
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    bounds: tuple[float, float, float]


@dataclass(frozen=True)
class Composite(Titled):
    """A domain's own score of a subject: points for each indicator at a level, at most 100, and the levels it comes to."""

    zh: str
    en: str
    points: Mapping[Level, int]
    levels: Levels
    basis: Basis
