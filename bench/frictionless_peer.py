"""The same ledger validated by frictionless-py, with the interpreter of an environment of its own: it is no dependency.

`PYTHON -m bench.frictionless_peer LEDGER.xlsx`, where PYTHON has frictionless[excel].
"""

from __future__ import annotations

import sys

from bench.files import AREAS, SCREENINGS, STRUCTURES
from bench.measure import Meter

_TEXT = {"type": "string"}
FIELDS = {
    "house_no": {**_TEXT, "constraints": {"required": True, "unique": True}}, "division": _TEXT, "street": _TEXT,
    "community": _TEXT, "address": _TEXT, "owner": _TEXT,
    "area_kind": {**_TEXT, "constraints": {"enum": list(AREAS)}}, "use_kind": _TEXT,
    "floors": {"type": "integer", "constraints": {"minimum": 1}},
    "build_area": {"type": "number", "constraints": {"minimum": 0}},
    "built_year": {"type": "integer", "constraints": {"minimum": 1900, "maximum": 2026}},
    "structure": {**_TEXT, "constraints": {"enum": list(STRUCTURES)}},
    "screen_result": {**_TEXT, "constraints": {"enum": list(SCREENINGS)}},
    "occupants": {"type": "integer", "constraints": {"minimum": 0}}, "operating": _TEXT, "ownership": _TEXT,
    "lng": {"type": "number", "constraints": {"minimum": 86.6, "maximum": 89.0}},
    "lat": {"type": "number", "constraints": {"minimum": 42.7, "maximum": 44.3}},
}  # fmt: skip


def main(path: str) -> None:
    from frictionless import Checklist, Dialect, Resource, Schema

    fields = [{"name": name, **told} for name, told in FIELDS.items()]
    resource = Resource(
        path=path, basepath="/", schema=Schema.from_descriptor({"fields": fields}),
        dialect=Dialect(header_rows=[3]),
    )  # fmt: skip
    checks = Checklist(
        skip_errors=["incorrect-label"]
    )  # the fields are named here as in the record, not as in the sheet
    with Meter() as meter:
        report = resource.validate(checks, limit_errors=1_000_000)
    task = report.tasks[0]
    meter.report(rows=task.stats["rows"], errors=len(task.errors))


if __name__ == "__main__":
    main(sys.argv[1].lstrip("/"))
