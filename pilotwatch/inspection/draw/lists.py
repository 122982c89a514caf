"""What a draw is made from, frozen: two lists and a plan, each with one way to be written down.

A list is text, a JSON array a line, in the order of its ids; the SHA-256 of its bytes stands for it. Whoever has the lines
has the hash, so that nobody can exchange a row, a weight or a conflict of interest after the draw was sealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pilotwatch.domain import Text
from pilotwatch.store.model import StoreRefused

#: The stratum from which a part is drawn by pure chance, out of whoever no other stratum drew.
RESERVE = "*"
FORMAT = "pilotwatch-draw/1"


class DrawRefused(StoreRefused):
    """A draw isn't made as it was asked for; `rule` is stable, `message` says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One on the list that is drawn from. `weight`: a positive decimal number as it is written down, "1" or "2.5"."""

    id: str
    stratum: str
    unit: str
    weight: str = "1"

    def line(self) -> list[Any]:
        return [self.id, self.stratum, self.unit, self.weight]


@dataclass(frozen=True, slots=True)
class Inspector:
    """One who may be drawn to inspect. `id`: the number of the certificate, valid until a day; `unit` "": city-wide.

    `load`: visits given already; `most`: at which load no more are given. `avoid`: ids that a conflict of interest rules
    out; `visited`: ids that were visited in the last twelve months.
    """

    id: str
    department: str
    unit: str
    valid_until: date
    load: int = 0
    most: int = 40
    avoid: frozenset[str] = frozenset()
    visited: frozenset[str] = frozenset()

    def line(self) -> list[Any]:
        lists = sorted(self.avoid), sorted(self.visited)
        return [self.id, self.department, self.unit, self.valid_until.isoformat(), self.load, self.most, *lists]


@dataclass(frozen=True)
class Plan:
    """The rules of a draw, fixed before it: how many of each stratum, how many by pure chance, who goes along.

    `until`: the last day of the visits, on which certificates must still be valid. `public_source` names the random number
    that doesn't exist yet, and `public_at` (ISO, Beijing time) when it will.
    """

    draw_id: str
    title: str
    counts: Mapping[str, int]
    until: date
    reserve: int = 0
    departments: tuple[str, ...] = ()
    officers: int = 2
    public_source: str = ""
    public_at: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)  # what the counts were made from, for the reader

    def document(self) -> dict[str, Any]:
        return {
            "format": FORMAT, "draw_id": self.draw_id, "title": self.title, "counts": dict(self.counts),
            "reserve": self.reserve, "until": self.until.isoformat(), "departments": sorted(self.departments),
            "officers": self.officers, "public_source": self.public_source, "public_at": self.public_at,
            "rules": dict(self.rules),
        }  # fmt: skip

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Plan:
        return cls(
            document["draw_id"], document["title"], document["counts"], date.fromisoformat(document["until"]),
            document["reserve"], tuple(document["departments"]), document["officers"], document["public_source"],
            document["public_at"], document["rules"],
        )  # fmt: skip


def canonical(value: Any) -> bytes:
    """JSON in its one spelling: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def written(rows: Iterable[Entry] | Iterable[Inspector]) -> bytes:
    """A list as it is hashed and kept: a line for each row, by id. Raises DrawRefused for an id that comes twice, or a
    weight that is no positive number."""
    lines: dict[str, bytes] = {}
    for row in rows:
        if row.id in lines:
            raise DrawRefused("twice", _TWICE.format(id=row.id))
        if isinstance(row, Entry) and not _positive(row.weight):
            raise DrawRefused("weight", _WEIGHT.format(id=row.id, weight=row.weight))
        lines[row.id] = canonical(row.line()) + b"\n"
    return b"".join(lines[i] for i in sorted(lines))


def entries(text: bytes) -> tuple[Entry, ...]:
    return tuple(Entry(i, stratum, unit, weight) for i, stratum, unit, weight in map(json.loads, text.splitlines()))


def inspectors(text: bytes) -> tuple[Inspector, ...]:
    rows = map(json.loads, text.splitlines())
    return tuple(
        Inspector(i, department, unit, date.fromisoformat(until), load, most, frozenset(avoid), frozenset(visited))
        for i, department, unit, until, load, most, avoid, visited in rows
    )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _positive(weight: str) -> bool:
    try:
        number = Decimal(weight)
    except InvalidOperation:
        return False
    return number.is_finite() and number > 0


_TWICE = Text(
    "名录中“{id}”出现了两次。请去除重复后重新冻结名录。",
    "“{id}” is on the list twice. Take one out and freeze the list again.",
)
_WEIGHT = Text(
    "“{id}”的权重“{weight}”不是正数。请改正后重新冻结名录。",
    "The weight {weight} of “{id}” is no positive number. Correct it and freeze the list again.",
)
