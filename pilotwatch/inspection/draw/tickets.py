"""The arithmetic of a draw: commit, reveal, tickets (methods.md §3.6).

    commit = SHA256(nonce ‖ SHA256(objects) ‖ SHA256(inspectors) ‖ plan)        published before
    seed   = SHA256(nonce ‖ public ‖ draw_id)                                   public: a number that came after the commit
    ticket = HMAC-SHA256(seed, "obj|stratum|id")

The lists are bound by the commit and stand in no seed: an error found later takes its row out, the next ticket of the
stratum moves up, and nothing else changes (consistent sampling: R. L. Rivest 2018, arXiv:1808.10016). A ticket is read as
a number u between 0 and 1; of each stratum the smallest −ln(u)/weight are drawn, so that a weight of 3 is drawn first
three times as often as a weight of 1 (Efraimidis & Spirakis 2006). The logarithm is `decimal`'s, which rounds alike on
every machine.
"""

from __future__ import annotations

import hashlib
import heapq
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal

from pilotwatch.inspection.draw.lists import RESERVE, Entry, Inspector, Plan, canonical

_DIGITS = Context(prec=50)
_WHOLE = Decimal(2) ** 129
_LN_WHOLE = _DIGITS.ln(_WHOLE)


@dataclass(frozen=True, slots=True)
class Pick:
    """One that was drawn. `stratum`: of the list; `ticket`: hexadecimal, of the stratum or (`reserve`) of pure chance.

    `officers`: department → ids; `short`: department → how many could not be found.
    """

    id: str
    stratum: str
    ticket: str
    reserve: bool = False
    officers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    short: Mapping[str, int] = field(default_factory=dict)


def commit(nonce: bytes, objects_sha256: str, inspectors_sha256: str, plan: Plan) -> str:
    """What is published before the draw; whoever has the nonce can show later that nothing was exchanged."""
    bound = bytes.fromhex(objects_sha256) + bytes.fromhex(inspectors_sha256) + canonical(plan.document())
    return hashlib.sha256(nonce + bound).hexdigest()


def seed(nonce: bytes, public: str, draw_id: str) -> bytes:
    """`public`: the number as it was published, without the spaces around it."""
    return hashlib.sha256(nonce + public.strip().encode() + draw_id.encode()).digest()


def ticket(key: bytes, stratum: str, of: str) -> str:
    return hmac.digest(key, f"obj|{stratum}|{of}".encode(), "sha256").hex()


def rank(drawn: str, weight: str = "1") -> Decimal:
    """−ln(u)/weight of a ticket, u = (2k + 1)/2¹²⁹ of its first 128 bits k."""
    odd = Decimal(2 * int(drawn[:32], 16) + 1)
    return _DIGITS.divide(_LN_WHOLE - _DIGITS.ln(odd), Decimal(weight))


def draw(
    key: bytes, plan: Plan, objects: Iterable[Entry], inspectors: Iterable[Inspector] = (), *,
    removed: Sequence[str] = (),
) -> tuple[Pick, ...]:  # fmt: skip
    """Everything a draw decides, in the order of the tickets: the same for whoever has the seed, the plan and the lists.

    `removed`: ids that should not have been on the list, in the order in which that was found: each makes room for the next
    ticket of its stratum, who gets officers of his own; everybody else keeps theirs. A stratum that has fewer than it should
    give, gives all.
    """
    rows, staff = tuple(objects), _Staff(key, plan, inspectors)
    units = {e.id: e.unit for e in rows}
    picks = _picked(key, plan, rows)
    staff.give(picks, units)
    for gone in removed:
        rows = tuple(e for e in rows if e.id != gone)
        staff.free(gone)
        picks = _picked(key, plan, rows)
        staff.give(picks, units)
    return tuple(replace(p, officers=staff.officers[p.id], short=staff.short[p.id]) for p in picks)


def _picked(key: bytes, plan: Plan, rows: Sequence[Entry]) -> list[Pick]:
    strata: dict[str, list[Entry]] = {}
    for entry in rows:
        strata.setdefault(entry.stratum, []).append(entry)
    picked = [
        Pick(entry.id, name, drawn)
        for name in sorted(strata)
        for drawn, entry in _first(key, name, strata[name], plan.counts.get(name, 0))
    ]
    if plan.reserve:
        there = {p.id for p in picked}
        rest = [Entry(e.id, e.stratum, e.unit) for e in rows if e.id not in there]
        picked += [Pick(e.id, e.stratum, drawn, True) for drawn, e in _first(key, RESERVE, rest, plan.reserve)]
    return sorted(picked, key=lambda p: (p.ticket, p.id))


def _first(key: bytes, stratum: str, rows: Sequence[Entry], count: int) -> list[tuple[str, Entry]]:
    """The first `count` of a stratum by their ranks, each with its ticket."""
    if not count:
        return []
    drawn = [(ticket(key, stratum, e.id), e) for e in rows]
    if all(e.weight == "1" for e in rows):  # the logarithm only turns the order round
        return heapq.nsmallest(count, drawn, key=lambda pair: (-int(pair[0][:32], 16), pair[1].id))
    return heapq.nsmallest(count, drawn, key=lambda pair: (rank(pair[0], pair[1].weight), pair[1].id))


class _Staff:
    """Who goes where so far, and how much each has been given."""

    def __init__(self, key: bytes, plan: Plan, inspectors: Iterable[Inspector]):
        every = tuple(inspectors)
        self._key, self._plan = key, plan
        self._of = {d: [i for i in every if i.department == d] for d in sorted(plan.departments)}
        self._load = {i.id: i.load for i in every}
        self.officers: dict[str, dict[str, tuple[str, ...]]] = {}
        self.short: dict[str, dict[str, int]] = {}

    def give(self, picks: Iterable[Pick], units: Mapping[str, str]) -> None:
        """To each pick that has none yet, in their order, the least loaded of those who may go; equals are told apart by
        a ticket."""
        for pick in picks:
            if pick.id not in self.officers:
                found = {d: self._going(rows, pick.id, units[pick.id]) for d, rows in self._of.items()}
                missing = {d: self._plan.officers - len(going) for d, going in found.items()}
                self.officers[pick.id], self.short[pick.id] = found, {d: n for d, n in missing.items() if n}

    def free(self, of: str) -> None:
        for each in (i for going in self.officers.pop(of, {}).values() for i in going):
            self._load[each] -= 1

    def _going(self, rows: Sequence[Inspector], of: str, unit: str) -> tuple[str, ...]:
        free = [i for i in rows if why_not(i, of, unit, self._plan, self._load[i.id]) is None]
        order = heapq.nsmallest(
            self._plan.officers, free, key=lambda i: (self._load[i.id], _tie(self._key, of, i.id), i.id)
        )
        for each in order:
            self._load[each.id] += 1
        return tuple(i.id for i in order)


def _tie(key: bytes, of: str, inspector: str) -> bytes:
    return hmac.digest(key, f"ins|{of}|{inspector}".encode(), "sha256")


def why_not(inspector: Inspector, of: str, unit: str, plan: Plan, load: int) -> str | None:
    """Why an inspector doesn't go: `expired`, `elsewhere`, `avoid`, `visited`, `loaded`; None: he may."""
    if inspector.valid_until < plan.until:
        return "expired"
    if inspector.unit not in ("", unit):
        return "elsewhere"
    if of in inspector.avoid:
        return "avoid"
    if of in inspector.visited:
        return "visited"
    return "loaded" if load >= inspector.most else None
