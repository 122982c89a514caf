"""Committing a batch: what is new or changed is added, what it replaces is superseded, the rest is confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import uuid_utils
from sqlalchemy import Connection

from pilotwatch.domain import Record
from pilotwatch.identity import new_ids
from pilotwatch.store import approvals, bulk, held
from pilotwatch.store.compare import missing, placed, refuse_outside
from pilotwatch.store.model import Arrived, CheckedLike, Explanations, FindingLike
from pilotwatch.store.rows import Rows, distinct
from pilotwatch.store.scope import Person
from pilotwatch.store.subjects import list_subjects, relist_subjects
from pilotwatch.store.tables import Batch, BatchFinding, BatchTable, BatchUnit, Confirmation
from pilotwatch.store.versions import Match, match, set_replaced


@dataclass(frozen=True)
class Incoming:
    """One table of an upload on its way in, with what a list of batches shows of it."""

    checked: CheckedLike
    record: type[Record]
    rows: Rows
    position: int


def commit(
    connection: Connection,
    person: Person,
    arrived: Arrived,
    tables: Sequence[Incoming],
    rows: Mapping[str, Rows],
    *,
    at: datetime,
    good_rows: bool,
    demo: bool,
    explanations: Explanations,
    told: Callable[[int], None],
    shut: approvals.Locked,
    follows: bool = True,
) -> tuple[str, dict[str, np.ndarray]] | None:
    """Stores the batch; returns its id and the touched subjects by dataset. None where it would change nothing.

    The datasets are locked already. `told` hears the rows stored so far. `shut`: months that were accepted.
    `follows`: others follow in this transaction, and are spared to read back what it wrote.
    """
    matches = {d: match(connection, r) for d, r in rows.items()}
    if not any((m.new | m.changed).any() for m in matches.values()):
        return None
    batch = str(uuid_utils.uuid7())
    places = {d: placed(connection, person, r) for d, r in rows.items()}
    for d, r in places.items():
        refuse_outside(connection, person, r, matches[d])
        approvals.refuse_rows(connection, shut, r, matches[d])
    lacking = {d: missing(connection, person, r, matches[d]) for d, r in places.items()}
    connection.execute(
        Batch.__table__.insert().values(
            id=UUID(batch), at=at, on_day=arrived.on, by=person.username, by_name=person.name, file=arrived.name,
            sha256=arrived.sha256, size=arrived.size, good_rows=good_rows, demo=demo,
        )
    )  # fmt: skip
    _describe(connection, batch, tables, places, matches, lacking)
    _keep_findings(connection, batch, tables, explanations)
    touched: dict[str, np.ndarray] = {}
    before = 0
    for d, r in places.items():
        touched[d] = _put(connection, batch, r, matches[d], lambda n, before=before: told(before + n), follows)
        before += len(r)
    return batch, touched


def _put(
    connection: Connection, batch: str, rows: Rows, matched: Match, told: Callable[[int], None], follows: bool
) -> np.ndarray:
    """Supersedes the changed rows, adds the new and changed ones, confirms the rest; returns the touched subjects."""
    table = rows.table
    replaced = matched.replaced(matched.changed)
    set_replaced(connection, table, replaced, batch)
    fresh = rows.take(~matched.unchanged)
    if len(fresh):
        stored = {**fresh.stored(), "id": new_ids(len(fresh))}
        order = pc.sort_indices(fresh.subjects)
        bulk.insert(connection, table, {**stored, "batch_id": batch}, told, order=order)
        list_subjects(connection, rows.record, stored)
    kept = matched.replaced(matched.unchanged)
    if len(kept):
        again = pa.array(matched.unchanged)
        bulk.insert(
            connection,
            Confirmation.__table__,
            {
                "subject_id": kept["subject_id"].combine_chunks(), "row_id": kept["id"].combine_chunks(),
                "dataset": rows.dataset, "sheet": rows.sheets.filter(again),
                "source_row": rows.source_rows.filter(again), "batch_id": batch,
            },
        )  # fmt: skip
    left = replaced.filter(pc.invert(pc.is_in(replaced["subject_id"], fresh.subjects)))  # rows now of another subject
    relist_subjects(connection, rows.record, table, distinct(left["subject_id"]))
    touched = distinct(fresh.subjects, replaced["subject_id"])
    if len(fresh) and follows:
        held.keep_written(connection, fresh, stored, order, batch, touched)
    return touched


def _describe(
    connection: Connection, batch: str, tables: Sequence[Incoming], rows: Mapping[str, Rows],
    matches: Mapping[str, Match], lacking: Mapping[str, int],
) -> None:  # fmt: skip
    """The batch's tables and units, with their counts."""
    first = {t.record.spec.dataset: t.position for t in reversed(tables)}
    for t in tables:
        dataset, found = t.record.spec.dataset, t.checked.table
        mine, m = rows[dataset].position == t.position, matches[dataset]
        connection.execute(
            BatchTable.__table__.insert().values(
                batch_id=UUID(batch), position=t.position, dataset=dataset, sheet=found.sheet.name,
                header_row=found.header_row, rows_read=len(t.checked.good), rows_ready=int(t.checked.good.sum()),
                new=int((m.new & mine).sum()), changed=int((m.changed & mine).sum()),
                unchanged=int((m.unchanged & mine).sum()),
                missing=lacking[dataset] if first[dataset] == t.position else 0,
                errors=t.checked.errors, warnings=t.checked.warnings,
                columns=_json([[c.header, c.field] for c in found.columns]), context=_json(found.context),
            )
        )  # fmt: skip
    units = [
        {"batch_id": UUID(batch), "dataset": d, "report_unit": v["values"] or "", "rows": v["counts"]}
        for d, r in rows.items()
        for v in pc.value_counts(r.column("report_unit")).to_pylist()
    ]
    if units:
        connection.execute(BatchUnit.__table__.insert(), units)


def _keep_findings(connection: Connection, batch: str, tables: Sequence[Incoming], explanations: Explanations) -> None:
    """Keeps what was found in the tables. Findings are made as they are read, so they are taken a few at a time."""
    position = 0
    for t in tables:
        findings = iter(t.checked.findings)
        while some := list(islice(findings, bulk.CHUNK)):
            texts = {n: [of(f) for f in some] for n, of in _FINDING.items()}
            bulk.insert(
                connection,
                BatchFinding.__table__,
                {
                    **{
                        n: pa.array([None if v is None else str(v) for v in vs], pa.string()) for n, vs in texts.items()
                    },
                    "row": pa.array([f.row for f in some], pa.int64()),
                    "position": pa.array(range(position, position + len(some)), pa.int64()),
                    "explanation": pa.array([explanation_of(f, explanations) for f in some], pa.string()),
                    "batch_id": batch,
                    "dataset": t.record.spec.dataset,
                },
            )
            position += len(some)


_FINDING: dict[str, Callable[[FindingLike], Any]] = {
    "sheet": lambda f: f.sheet, "field": lambda f: f.field, "header": lambda f: f.column, "value": lambda f: f.value,
    "expected_zh": lambda f: f.expected.zh, "expected_en": lambda f: f.expected.en, "message_zh": lambda f: f.message.zh,
    "message_en": lambda f: f.message.en, "rule": lambda f: f.rule, "severity": lambda f: f.severity,
}  # fmt: skip


def explanation_of(finding: FindingLike, explanations: Explanations) -> str | None:
    """What the team said about a warning: to this cell (sheet, row, field, rule), to its rule, or to all ("*")."""
    if finding.severity != "warning" or not explanations:
        return None
    if isinstance(explanations, str):
        return explanations
    for key in ((finding.sheet, finding.row, finding.field, finding.rule), finding.rule, "*"):
        if key in explanations:
            return explanations[key]
    return None


def _json(value: Any) -> str:
    value = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return json.dumps(value, ensure_ascii=False, default=str)
