"""All bounds as a list: what is declared, what counts on a day, and what was set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pilotwatch.bounds.apply import BINDING, COLOURS, Group, SetBound, Slot, groups, key_of, slots, with_entries
from pilotwatch.domain import Indicator, Measure, Version
from pilotwatch.levels import basis_of
from pilotwatch.registry import Registry
from pilotwatch.store.bounds import BoundEntry, Judges


@dataclass(frozen=True)
class LevelLine:
    """One colour: the declared bound, the one that counts, and the newest entry that asks for another.

    `coming`: an entry that counts from a later day; `passed_over`: one that can't stand beside today's declaration.
    """

    level: str
    declared: str
    bound: str
    coming: BoundEntry | None = None
    passed_over: BoundEntry | None = None

    @property
    def basis(self) -> str:
        return basis_of(self.declared)

    @property
    def binding(self) -> bool:
        """Whether it can only be tightened."""
        return self.basis in BINDING

    @property
    def set_(self) -> SetBound | None:
        return self.bound if isinstance(self.bound, SetBound) else None


@dataclass(frozen=True)
class Line:
    """The bounds of one rule version of an indicator or a measure; `newest`: the id of its newest entry."""

    domain: Group
    indicator: Indicator | Measure
    judges: Judges
    version: Version
    in_force: bool
    levels: tuple[LevelLine, ...]
    newest: str

    @property
    def key(self) -> str:
        return key_of(self.version)

    @property
    def is_set(self) -> bool:
        return any(n.set_ or n.coming or n.passed_over for n in self.levels)

    def as_json(self) -> dict[str, Any]:
        return {
            "domain": self.domain.name, "indicator": self.indicator.code, "title": self.indicator.title.zh,
            "title_en": self.indicator.title.en, "judges": self.judges, "version": self.key, "rule": self.version.name,
            "until": self.version.until and self.version.until.isoformat(), "in_force": self.in_force,
            "basis": self.version.basis.source, "levels": [_as_json(n) for n in self.levels],
        }  # fmt: skip


def listing(found: Registry, entries: Sequence[BoundEntry], on: date, *, every_version: bool = False) -> list[Line]:
    """The bounds that count on a day, in the order of the domains; `every_version`: those of other days too."""
    return [
        line
        for domain in groups(found)
        for line in _of_group(domain, [e for e in entries if e.domain == domain.name], on)
        if line.in_force or every_version
    ]


def _of_group(group: Group, entries: Sequence[BoundEntry], on: date) -> Iterator[Line]:
    for indicator in group.indicators:
        mine = [e for e in entries if e.indicator == indicator.code]
        set_ = with_entries(indicator, mine)
        newest = mine[-1].id if mine else ""
        after = {s.judges: s for s in slots(set_)}
        for slot in slots(indicator):
            for version in slot.versions:
                day = min(max(on, version.since or on), version.until or on)  # the nearest on which it counts
                now = next(v for v in after[slot.judges].versions if v.in_force(day))
                of_version = [e for e in mine if e.judges == slot.judges and e.version == key_of(version)]
                lines = tuple(
                    _level(n, slot, version, now, of_version, day) for n in COLOURS if getattr(version.levels, n)
                )
                yield Line(group, indicator, slot.judges, version, version.in_force(on), lines, newest)


def _level(
    level: str, slot: Slot, version: Version, now: Version, entries: Sequence[BoundEntry], day: date
) -> LevelLine:
    declared, bound = getattr(version.levels, level), getattr(now.levels, level)
    mine = [e for e in entries if e.level == level]
    counting = [e for e in mine if e.since <= day]
    lost = counting[-1] if counting and counting[-1].bound and not isinstance(bound, SetBound) else None
    return LevelLine(level, declared, bound, mine[-1] if mine and mine[-1].since > day else None, lost)


def _as_json(line: LevelLine) -> dict[str, Any]:
    told = {"level": line.level, "bound": str(line.bound), "declared": str(line.declared), "basis": line.basis,
            "may": "tighten" if line.binding else "set"}  # fmt: skip
    if set_ := line.set_:
        told["set"] = {"by": set_.by, "at": set_.at, "since": set_.since.isoformat(), "reason": set_.reason}
    for name, entry in (("coming", line.coming), ("passed_over", line.passed_over)):
        if entry:
            told[name] = {
                "bound": entry.bound,
                "since": entry.since.isoformat(),
                "by": entry.by,
                "reason": entry.reason,
            }
    return told
