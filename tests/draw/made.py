"""Lists and plans for the tests of the draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pilotwatch.inspection.draw.lists import Entry, Inspector, Plan, entries, inspectors, sha256, written
from pilotwatch.inspection.draw.tickets import commit, draw, seed

NONCE = bytes(range(32))
UNTIL = date(2026, 12, 31)


def plan(counts: dict[str, int], **values: Any) -> Plan:
    given = {"public_source": "测试", "public_at": "2026-11-25T21:15:00+08:00", **values}
    return Plan("d" * 36, "测试抽取", counts, UNTIL, **given)


def shops(n: int, stratum: str = "650102|cards|A", weight: str = "1", first: int = 0) -> list[Entry]:
    return [Entry(f"o{i:06d}", stratum, stratum.partition("|")[0], weight) for i in range(first, first + n)]


def officers(n: int, department: str = "SWJ", **values: Any) -> list[Inspector]:
    return [Inspector(f"{department}{i:03d}", department, values.pop("unit", ""), UNTIL, **values) for i in range(n)]


def key(n: int = 0) -> bytes:
    return seed(NONCE, f"{n:010d}", "d" * 36)


def document(of: Plan, objects: Sequence[Entry], staff: Sequence[Inspector], public: str, removed: Sequence[str] = ()) -> dict[str, Any]:  # fmt: skip
    """A draw as it is told to the public, with its inspectors."""
    rows, people = written(objects), written(staff)
    picks = draw(seed(NONCE, public, of.draw_id), of, entries(rows), inspectors(people), removed=removed)
    return {
        "number": "CQ-1", "draw_id": of.draw_id, "plan": of.document(), "nonce": NONCE.hex(), "public": public,
        "commit": commit(NONCE, sha256(rows), sha256(people), of), "sealed_at": "2026-11-24T10:00:00+08:00",
        "drawn_at": "2026-11-25T22:00:00+08:00", "objects_sha256": sha256(rows), "inspectors_sha256": sha256(people),
        "objects": [e.line() for e in objects], "inspectors": [i.line() for i in staff],
        "removed": [{"id": i} for i in removed],
        "picks": [
            {"id": p.id, "stratum": p.stratum, "ticket": p.ticket, "reserve": p.reserve,
             "officers": {d: list(o) for d, o in p.officers.items()}}
            for p in picks
        ],
    }  # fmt: skip
