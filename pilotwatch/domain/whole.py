"""A domain, whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pilotwatch.domain.counts import Contradiction, Count
from pilotwatch.domain.disposal import Composite, Incident, Procedure, Stake
from pilotwatch.domain.indicators import Indicator, Measure
from pilotwatch.domain.records import Record
from pilotwatch.domain.words import Text, Titled


@dataclass(frozen=True)
class Planted(Titled):
    """A kind of truth that the domain's sample plants (`City.plant`), and the indicators that ought to see it."""

    kind: str
    zh: str
    en: str
    warned_by: tuple[str, ...]


@dataclass(frozen=True)
class Domain(Titled):
    """A pilot domain, whole. `sample(city)` yields a synthetic city's frames, dataset name → pandas frame."""

    name: str
    zh: str
    en: str
    code: str
    lead: str
    records: tuple[type[Record], ...]
    indicators: tuple[Indicator, ...] = ()
    sample: Callable[..., Mapping[str, Any]] | None = None
    about: Text = field(default_factory=lambda: Text("", ""))
    counts: tuple[Count, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    measures: tuple[Measure, ...] = ()
    incidents: tuple[Incident, ...] = ()
    horizon_weeks: int = 8  # how long before an incident a warning counts as having warned of it
    stake: Stake | None = None
    composite: Composite | None = None
    planted: tuple[Planted, ...] = ()

    def procedure(self, fact: str) -> Procedure | None:
        """How clues of this fact (an indicator's code, or a word of its own) are disposed of; None: as any other."""
        return next((p for p in self.procedures if fact in p.facts), None)

    @property
    def subjects(self) -> tuple[type[Record], ...]:
        return tuple(r for r in self.records if r.spec.kind == "subject")

    def record(self, dataset: str) -> type[Record]:
        for r in self.records:
            if r.spec.dataset == dataset:
                return r
        raise KeyError(f"{self.name} has no dataset {dataset}")
