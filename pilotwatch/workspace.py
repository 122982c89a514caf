"""Everything open at once: the domains, the places, the store and the figures kept in it.

Screens, the command line and the tests all begin here, so that a commit made through any of them brings the same
figures up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from pilotwatch import disposal, push, registry, risk, signals, warnings
from pilotwatch.inspection.ledger import keep as ledger
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.settings import Settings, settings
from pilotwatch.store import SYSTEM, Desk, Person, SchemaRefused, Store, days
from pilotwatch.workdays import Calendar


@dataclass(frozen=True)
class Workspace:
    settings: Settings
    registry: Registry
    places: Places
    store: Store

    @classmethod
    def open(cls, knobs: Settings | None = None) -> Workspace:
        """Loads the domains, migrates and opens the store; a broken domain is kept in `registry.broken`, and so is one
        whose records no longer fit the tables that hold their rows. Within `bound_to`, the workspace that is bound.
        """
        if knobs is None and (bound := _bound.get()):
            return bound
        knobs = knobs or settings()
        knobs.var.mkdir(parents=True, exist_ok=True)
        found = registry.load(knobs.domains)
        while True:
            owners = {r.spec.dataset: {d.name} for d in found.domains for r in d.records}
            try:
                store = Store.open(knobs.url, found.records, owners=owners, files=knobs.files)
                break
            except SchemaRefused as no:
                domain = found.domain_of(no.dataset)
                if domain is None:  # a record that all domains share: nothing can go on without it
                    raise
                found = found.without(domain.name, no.message)
        store.on_change.append(partial(warnings.follow, found, store))
        store.on_change.append(partial(signals.follow, found, store))
        store.on_change.append(partial(risk.follow, found, store))
        store.on_change.append(partial(ledger.follow, found, store))
        store.on_levels.append(risk.relevel)
        house = cls(knobs, found, Places.load(knobs.data), store)
        store.on_warnings.append(partial(push.tell_red, house.places))
        store.on_verdict.append(partial(disposal.follow, house.rulebook, store))
        return house

    def desk(self, person: Person) -> Desk:
        return self.store.desk(person)

    def calendar(self, region: str | None = None) -> Calendar:
        """The working days that count now: the library's and the files', and over both what the office entered."""
        return days.calendar(self.desk(SYSTEM), region=region, folder=self.settings.data / "calendars")

    def rulebook(self) -> disposal.Rulebook:
        """What cases are decided by: the domains' procedures and the days that count now."""
        return disposal.Rulebook.of(self.registry, self.calendar())


_bound: ContextVar[Workspace | None] = ContextVar("pilotwatch_workspace", default=None)


@contextmanager
def bound_to(house: Workspace) -> Iterator[Workspace]:
    """Whoever opens the workspace here is given this one: that of a past day."""
    token = _bound.set(house)
    try:
        yield house
    finally:
        _bound.reset(token)
