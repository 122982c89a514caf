"""Changing a bound: what it would do is shown first; what it does is done in one transaction, figures and warnings with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from pilotwatch import bounds
from pilotwatch.bounds import BoundEntry, Proposal, Reading
from pilotwatch.domain import Domain, Levels, Text
from pilotwatch.figures.effect import Effect, Progress, effect_on_places, effect_on_subjects, moved, renew
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, Person, Store, StoreRefused, shelf
from pilotwatch.store.bounds import add_bounds
from pilotwatch.store.scope import demand
from pilotwatch.warnings.keep import evaluated
from pilotwatch.workdays import today


@dataclass(frozen=True)
class Changed:
    """A change that was saved: its entries, and how many subjects were evaluated anew for it."""

    entries: tuple[BoundEntry, ...]
    subjects: int


def read_proposal(desk: Desk, found: Registry, proposal: Proposal) -> Reading:
    """What is to be said of a proposal, held against what is set now. Raises StoreRefused for what there isn't."""
    entries = bounds.bound_entries(desk, indicator=proposal.indicator)
    return bounds.read(_domain(found, proposal), entries, proposal, today())


def effect(desk: Desk, found: Registry, proposal: Proposal, reading: Reading, told: Progress | None = None) -> Effect:
    """What the change would do to the subjects, or the units, in the person's scope, by the data of today.

    `reading.then` must be there. Raises StoreRefused where the role sees no data.
    """
    domain = _domain(found, proposal)
    slot, _ = bounds.slot_of(domain, proposal)
    if reading.then is None:
        raise ValueError("a proposal that can't be read has no effect")
    if proposal.judges == "area":
        return effect_on_places(desk, domain, slot.indicator, reading.now, reading.then, today())
    return effect_on_subjects(desk, domain, slot.indicator, reading.now, reading.then, today(), told)


def set_bounds(
    store: Store, person: Person, found: Registry, proposal: Proposal, told: Progress | None = None
) -> Changed:
    """Saves the change and brings figures and warnings to it, all of it or nothing.

    Only subjects whose level moves are evaluated anew: the others' figures are as they were. What counts from a later day
    on is taken up by that day's update. Raises StoreRefused with the first error of the proposal.
    """
    demand(person, "bounds")
    reason = proposal.reason.strip()
    if not reason:
        raise StoreRefused("reason", _NO_REASON)
    domain = _domain(found, proposal)
    slot, _ = bounds.slot_of(domain, proposal)
    with shelf.writing(store) as (connection, desk):
        shelf.lock(connection, domain.name)
        entries = bounds.bound_entries(desk, indicator=proposal.indicator)
        reading = bounds.read(domain, entries, proposal, today())
        if reading.errors:
            raise StoreRefused(f"bound_{reading.errors[0].rule}", reading.errors[0].message)
        made = add_bounds(connection, person, reading.entries, reason)
        levels = _levels_today(desk, domain, proposal)
        touched: list[str] = []
        if proposal.judges == "subject" and levels is not None:
            touched = moved(desk, domain, slot.indicator, levels, today(), told)
            renew(connection, desk, domain, touched, today(), partial(evaluated, store=store))
        if told:
            told(_DONE, 1.0)
    return Changed(made, len(touched))


def _levels_today(desk: Desk, domain: Domain, proposal: Proposal) -> Levels | None:
    applied = bounds.domain_in_force(desk, domain)
    indicator = next(i for i in applied.indicators if i.code == proposal.indicator)
    version = indicator.in_force(today())
    return version.levels if version else None


def _domain(found: Registry, proposal: Proposal) -> Domain:
    try:
        return found.domain(proposal.domain)
    except KeyError:
        raise StoreRefused("no_domain", _NO_DOMAIN.format(domain=proposal.domain)) from None


_NO_REASON = Text("请填写调整理由。", "Say why it is changed.")
_NO_DOMAIN = Text("没有名为“{domain}”的试点领域。", "There is no domain {domain}.")
_DONE = Text("完成", "Done")
