"""Changing a bound: what it would do is shown first; what it does is done in one transaction, figures and warnings with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from pilotwatch import bounds
from pilotwatch.bounds import BoundEntry, Group, Proposal, Reading
from pilotwatch.domain import Domain, Measure, Text
from pilotwatch.figures.effect import (
    Effect,
    Progress,
    effect_on_periods,
    effect_on_places,
    effect_on_subjects,
    moved,
    renew,
)
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
    return bounds.read(_group(found, proposal), entries, proposal, today())


def effect(desk: Desk, found: Registry, proposal: Proposal, reading: Reading, told: Progress | None = None) -> Effect:
    """What the change would do to the subjects, or the units, in the person's scope, by the data of today.

    `reading.then` must be there. Raises StoreRefused where the role sees no data.
    """
    slot, _ = bounds.slot_of(_group(found, proposal), proposal)
    if reading.then is None:
        raise ValueError("a proposal that can't be read has no effect")
    change = (reading.now, reading.then, today())
    if isinstance(slot.indicator, Measure):
        return effect_on_periods(desk, found, slot.indicator, *change)
    domain = found.domain(proposal.domain)
    if proposal.judges == "area":
        return effect_on_places(desk, domain, slot.indicator, *change)
    return effect_on_subjects(desk, domain, slot.indicator, *change, told)


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
    group = _group(found, proposal)
    with shelf.writing(store) as (connection, desk):
        shelf.lock(connection, group.name)
        entries = bounds.bound_entries(desk, indicator=proposal.indicator)
        reading = bounds.read(group, entries, proposal, today())
        if reading.errors:
            raise StoreRefused(f"bound_{reading.errors[0].rule}", reading.errors[0].message)
        made = add_bounds(connection, person, reading.entries, reason)
        subjects = 0
        if proposal.judges == "subject":
            subjects = _renew(store, connection, desk, found.domain(group.name), proposal, told)
        if told:
            told(_DONE, 1.0)
    return Changed(made, subjects)


def _renew(store: Store, connection: Any, desk: Desk, domain: Domain, proposal: Proposal, told: Progress | None) -> int:
    """Evaluates those whose level the bounds of today move, and tells `store.on_levels` of them; places and periods are
    judged when they are read."""
    indicator = next(i for i in bounds.domain_in_force(desk, domain).indicators if i.code == proposal.indicator)
    version = indicator.in_force(today())
    if version is None:
        return 0
    subjects = moved(desk, domain, indicator, version.levels, today(), told)
    renew(connection, desk, domain, subjects, today(), partial(evaluated, store=store))
    for hook in store.on_levels if subjects else ():
        hook(connection, desk, domain, subjects, today())
    return len(subjects)


def _group(found: Registry, proposal: Proposal) -> Group:
    group = next((g for g in bounds.groups(found) if g.name == proposal.domain), None)
    if group is None:
        raise StoreRefused("no_domain", _NO_DOMAIN.format(domain=proposal.domain))
    return group


_NO_REASON = Text("请填写调整理由。", "Say why it is changed.")
_NO_DOMAIN = Text("没有名为“{domain}”的试点领域。", "There is no domain {domain}.")
_DONE = Text("完成", "Done")
