"""What the parts of 处置进度 work with: the domain and unit looked at, the rulebook, when it is, and the measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pilotwatch import disposal
from pilotwatch.disposal import CaseFilter, Overview, Rulebook
from pilotwatch.workdays import Calendar, now
from ui.overview import choose
from ui.screen import Screen


@dataclass(frozen=True)
class Room:
    """The filter of domain and unit; how cases are decided; the moment; how many there are."""

    base: CaseFilter
    rulebook: Rulebook
    at: datetime
    seen: Overview

    @property
    def calendar(self) -> Calendar:
        return self.rulebook.calendar


def room(screen: Screen) -> Room:
    domain, unit = choose(screen)
    rulebook, at = screen.house.rulebook(), now()
    base = CaseFilter(domain=domain, report_unit=unit, now=at)
    return Room(base, rulebook, at, disposal.overview(screen.desk, rulebook.calendar, wanted=base, at=at))
