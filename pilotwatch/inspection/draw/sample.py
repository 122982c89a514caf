"""The demo city's inspectors and draws: who may inspect, one draw of each domain, a few tasks issued from them.

Invented like the rest of the city; the public numbers are no lottery's.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pilotwatch.domain import Domain
from pilotwatch.inspection import tasks
from pilotwatch.inspection.draw import office
from pilotwatch.inspection.draw.lists import canonical
from pilotwatch.inspection.draw.tickets import commit
from pilotwatch.inspection.matters import plannable
from pilotwatch.inspection.tasks import orders
from pilotwatch.store import SYSTEM, Desk, Person, draws
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.places import Places
    from pilotwatch.registry import Registry
    from pilotwatch.store import Store

WITNESS = Person("auditor", "审计员", "auditor")
_SURNAMES = "王李张刘陈杨赵黄周吴马阿买古热艾"
_EACH, _LEAD = 3, 6  # inspectors of a department, of one that leads a domain
_TASKS = 8  # issued from each draw
_AGO, _AHEAD = timedelta(days=12), timedelta(days=45)


def plant(store: Store, registry: Registry, places: Places, on: date) -> int:
    """Puts in the inspectors and the draws as of a day; gives how many draws. A domain whose departments have no matter
    gets none."""
    desk = store.desk(SYSTEM)
    teams = {d.name: _departments(desk, registry, places, d, on) for d in registry.domains}
    leads = {d.lead for d in registry.domains}
    every = sorted({c for departments in teams.values() for c in departments})
    draws.put_inspectors(desk, [card for d in every for card in _cards(d, _LEAD if d in leads else _EACH, on)])
    made = 0
    for domain in registry.domains:
        if teams[domain.name] and not draws.pool(desk, domain.name, [domain.subjects[0].spec.dataset]).empty:
            _draw(store, registry, domain, teams[domain.name][:3], on)
            made += 1
    return made


def _departments(desk: Desk, registry: Registry, places: Places, domain: Domain, on: date) -> list[str]:
    """The departments with published matters of the domain, its lead first."""
    rows = plannable(desk, on)
    own = [r["dept"] for r in rows.to_dict("records") if orders.is_of(registry, r, domain.name)]
    known = [d for d in dict.fromkeys(own) if d in places.departments]
    return sorted(known, key=lambda d: d != domain.lead) if domain.lead in known else []


def _cards(department: str, count: int, on: date) -> list[dict[str, Any]]:
    digits = int.from_bytes(hashlib.sha256(department.encode()).digest()[:2]) % 900
    return [
        {"id": f"6501{digits + 100:03d}{n:03d}", "name": f"{_SURNAMES[(digits + 7 * n) % len(_SURNAMES)]}**", "department": department,
         "report_unit": "", "valid_until": on + timedelta(days=365 + 20 * n), "most": 60}
        for n in range(1, count + 1)
    ]  # fmt: skip


def _draw(store: Store, registry: Registry, domain: Domain, departments: list[str], on: date) -> None:
    desk, day = store.desk(SYSTEM), on - _AGO
    begun, out = _at(day, time(10)), _at(day + timedelta(days=1), time(21, 30))
    title = f"{day.year}年{day.month}月{domain.zh}双随机抽查"
    asked = office.Asked(domain, title, "演示用公共随机数（非真实开奖号码）", out, on + _AHEAD, tuple(departments))
    number = office.prepare(desk, asked, at=begun)
    row = draws.find(desk, number)
    nonce = hashlib.sha256(canonical(["demo", title, row["objects_sha256"]])).digest()  # invented, so it may be known
    sealed = commit(nonce, row["objects_sha256"], row["inspectors_sha256"], office.Plan.of(row["plan"]))
    draws.seal(store.desk(WITNESS), row["id"], sealed, begun + timedelta(hours=2))
    public = f"{int.from_bytes(nonce[:3]) % 1000:03d}"
    office.make(desk, number, public, nonce.hex(), at=out + timedelta(minutes=30))
    found = [o for o in tasks.of_draw(desk, registry, number) if o["matters"]]
    tasks.issue(desk, found[:_TASKS], at=out + timedelta(hours=13))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BEIJING).astimezone(UTC)
