"""Declared indicators with the bounds that the city set in their place: pure, and by date.

An entry holds from its day on; on a day that several cover, the one made last counts. So a rule version falls into
spans, each with the levels that count in it, and `Indicator.in_force(on)` finds the right one for any day, past or to
come. Whoever evaluates, explains or shows an indicator so applied needs to know nothing of settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from pilotwatch import reform
from pilotwatch.bounds.compare import TooComplex, covers
from pilotwatch.domain import Bound, ContractError, Domain, Indicator, Input, Level, Levels, Measure, Text, Version
from pilotwatch.levels import VALUE, basis_of, conditions, parse
from pilotwatch.registry import Registry
from pilotwatch.store.bounds import BoundEntry, Judges

COLOURS: tuple[Level, ...] = ("red", "orange", "yellow", "blue")

#: What only a stricter bound may take the place of. A policy document binds the city as the law does: it comes from above.
BINDING = frozenset({"LAW", "STD", "POL"})


Declared = TypeVar("Declared", Indicator, Measure)

_REFORM = Text("综合查一次改革", "Inspection reform")


class SetBound(Bound):
    """A bound that the city set: as written, with the declared one it stands for, since when, and who set it when and why."""

    declared: str
    since: date
    by: str
    at: datetime | None
    reason: str

    @classmethod
    def of(cls, entry: BoundEntry, declared: str) -> SetBound:
        bound = cls(entry.bound or "", basis_of(declared))
        bound.declared, bound.since, bound.by = as_declared(declared), entry.since, entry.by
        bound.at, bound.reason = entry.at, entry.reason
        return bound


def as_declared(bound: str) -> str:
    """What the domain declares, also where the city set another."""
    return bound.declared if isinstance(bound, SetBound) else bound


@dataclass(frozen=True)
class Slot:
    """Where bounds are declared: an indicator's versions for subjects, its area's for places, a measure's for periods."""

    indicator: Indicator | Measure
    judges: Judges

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions as declared; where there are levels only, one without end."""
        told = getattr(self.indicator, "area", None) if self.judges == "area" else self.indicator
        if told is None:
            return ()
        return told.versions or ((Version(told.levels, told.basis),) if told.levels else ())

    @property
    def names(self) -> frozenset[str]:
        """What its bounds may compare: the value; of a subject and of a period the inputs too."""
        return frozenset({VALUE, *(i.name for i in (() if self.judges == "area" else inputs_of(self.indicator)))})


def inputs_of(indicator: Indicator | Measure) -> tuple[Input, ...]:
    """The numbers beside the value: an indicator's inputs; a measure's sums and kinds."""
    if isinstance(indicator, Measure):
        return (indicator.numerator, indicator.denominator, *indicator.named_kinds)
    return indicator.inputs


def slots(indicator: Indicator | Measure) -> tuple[Slot, ...]:
    """Where it has bounds: for periods; or for subjects, for places, or both."""
    judges: tuple[Judges, ...] = ("period",) if isinstance(indicator, Measure) else ("subject", "area")
    return tuple(s for s in (Slot(indicator, j) for j in judges) if s.versions)


@dataclass(frozen=True)
class Group:
    """What declares bounds under one name: a domain, or the core with its measures of the reform."""

    name: str
    title: Text
    indicators: tuple[Indicator | Measure, ...]


def groups(found: Registry) -> tuple[Group, ...]:
    """The domains with their indicators and measures, then the core's measures."""
    own = (Group(d.name, d.title, (*d.indicators, *d.measures)) for d in found.domains)
    return (*own, Group(reform.NAME, _REFORM, reform.MEASURES))


def key_of(version: Version) -> str:
    """What an entry calls a version by: its first day, "" where it has none."""
    return version.since.isoformat() if version.since else ""


def applied(domain: Domain, entries: Iterable[BoundEntry]) -> Domain:
    """The domain with the entries (in the order they were made) in force; itself where none is about it.

    An entry that can't stand, because the declaration has changed since it was made (the bound became law, an input is
    gone, colours would cross), is passed over: the declared bound counts.
    """
    mine: dict[str, list[BoundEntry]] = {}
    for entry in entries:
        if entry.domain == domain.name:
            mine.setdefault(entry.indicator, []).append(entry)
    if not mine:
        return domain
    return replace(
        domain, indicators=tuple(with_entries(i, mine[i.code]) if i.code in mine else i for i in domain.indicators)
    )


def with_entries(indicator: Declared, entries: Sequence[BoundEntry]) -> Declared:
    """One indicator or measure with its entries in force; one that is so already stays as it is."""
    changed: dict[str, Any] = {}
    for slot in slots(indicator):
        mine = [e for e in entries if e.judges == slot.judges]
        if not mine:
            continue
        spans = tuple(s for v in slot.versions for s in _spans(slot, v, [e for e in mine if e.version == key_of(v)]))
        if slot.judges == "area" and isinstance(indicator, Indicator) and indicator.area:
            changed["area"] = replace(indicator.area, versions=spans)
        else:
            changed["versions"] = spans
    return replace(indicator, **changed) if changed else indicator


def _spans(slot: Slot, version: Version, entries: Sequence[BoundEntry]) -> Iterator[Version]:
    """A version cut where an entry begins to count; before the first it is as declared."""
    first = version.since or date.min
    begins = sorted({max(e.since, first) for e in entries if version.until is None or e.since <= version.until})
    starts = [version.since, *(d for d in begins if d != version.since)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        until = following - timedelta(days=1) if following else version.until
        counting = [e for e in entries if start is not None and e.since <= start]
        yield replace(version, levels=_levels(slot, version, counting), since=start, until=until)


def _levels(slot: Slot, version: Version, entries: Sequence[BoundEntry]) -> Levels:
    """The declared levels with the last entry of each colour in place; as declared where they don't go together."""
    last = {e.level: e for e in entries}
    bounds = {
        level: SetBound.of(entry, getattr(version.levels, level))
        for level, entry in last.items()
        if entry.bound is not None and stands(slot, getattr(version.levels, level), entry.bound)
    }
    levels = replace(version.levels, **bounds)
    try:
        conditions(levels)
    except ContractError:
        return version.levels
    return levels


def stands(slot: Slot, declared: str | None, written: str) -> bool:
    """Whether a written bound may take the place of the declared one at all."""
    if declared is None:
        return False
    declared = as_declared(declared)
    try:
        known = {c.name for c in parse(written).comparisons} <= slot.names
        return known and (basis_of(declared) not in BINDING or covers(written, str(declared)))
    except (ContractError, TooComplex):
        return False
