"""The indicators with the bounds in force, read through a desk: within a transaction, those that it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pilotwatch.bounds.apply import applied, with_entries
from pilotwatch.domain import Domain, Measure
from pilotwatch.registry import Registry
from pilotwatch.store import Desk
from pilotwatch.store.bounds import bound_entries


def domain_in_force(desk: Desk, domain: Domain) -> Domain:
    """The domain with the bounds that the city set. Asked for anew in every evaluation, so that none goes on with old ones."""
    return applied(domain, bound_entries(desk, domain=domain.name))


def measures_in_force(desk: Desk, group: str, measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Measures of a group (a domain's name, or the core's) with the bounds that the city set."""
    entries = [e for e in bound_entries(desk, domain=group) if e.judges == "period"]
    return tuple(
        with_entries(m, mine) if (mine := [e for e in entries if e.indicator == m.code]) else m for m in measures
    )


def in_force(desk: Desk, found: Registry) -> Registry:
    """All domains with the bounds of indicators that the city set; the registry itself where none is set."""
    entries = bound_entries(desk)
    return replace(found, domains=tuple(applied(d, entries) for d in found.domains)) if entries else found
