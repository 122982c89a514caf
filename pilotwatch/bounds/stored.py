"""The indicators with the bounds in force, read through a desk: within a transaction, those that it sees."""

from __future__ import annotations

from dataclasses import replace

from pilotwatch.bounds.apply import applied
from pilotwatch.domain import Domain
from pilotwatch.registry import Registry
from pilotwatch.store import Desk
from pilotwatch.store.bounds import bound_entries


def domain_in_force(desk: Desk, domain: Domain) -> Domain:
    """The domain with the bounds that the city set. Asked for anew in every evaluation, so that none goes on with old ones."""
    return applied(domain, bound_entries(desk, domain=domain.name))


def in_force(desk: Desk, found: Registry) -> Registry:
    """All domains with the bounds that the city set; the registry itself where none is set."""
    entries = bound_entries(desk)
    return replace(found, domains=tuple(applied(d, entries) for d in found.domains)) if entries else found
