"""Batches as lists and messages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from pilotwatch.store.commit import Incoming
from pilotwatch.store.model import BatchLine, TableLine
from pilotwatch.store.tables import Batch, BatchTable, BatchUnit

_batch, _table, _unit = Batch.__table__, BatchTable.__table__, BatchUnit.__table__


def lines(
    connection: Connection, *where: ColumnElement[bool], datasets: Collection[str] | None = None,
    shown: Collection[str] | None = None, units: Collection[str] | None = None, limit: int = 1,
) -> list[BatchLine]:  # fmt: skip
    """The newest batches first that put rows of one of the `units` into one of the `datasets`; None: any.

    Their tables are those of the `shown` datasets; None: all.
    """
    statement = select(_batch).where(*where).order_by(_batch.c.at.desc(), _batch.c.id.desc()).limit(limit)
    if datasets is not None:
        statement = statement.where(holds(datasets, units))
    found = connection.execute(statement).mappings().all()
    ids = [b["id"] for b in found]
    tables: dict[UUID, list[TableLine]] = {i: [] for i in ids}
    for t in connection.execute(
        select(_table).where(_table.c.batch_id.in_(ids)).order_by(_table.c.position)
    ).mappings():
        if shown is None or t["dataset"] in shown:
            tables[t["batch_id"]].append(TableLine(**{n: t[n] for n in TableLine.__slots__}))
    units_of: dict[UUID, set[str]] = {i: set() for i in ids}
    for i, unit in connection.execute(select(_unit.c.batch_id, _unit.c.report_unit).where(_unit.c.batch_id.in_(ids))):
        units_of[i].add(unit)
    return [
        BatchLine(
            str(b["id"]), b["at"], b["by"], b["by_name"], b["file"], b["sha256"], b["good_rows"], tuple(tables[b["id"]]),
            "withdrawn" if b["withdrawn_at"] else "standing", b["withdrawn_at"], b["withdrawn_by"], b["reason"],
            tuple(sorted(filter(None, units_of[b["id"]]))), b["demo"],
        )
        for b in found
    ]  # fmt: skip


def holds(datasets: Collection[str], units: Collection[str] | None) -> ColumnElement[bool]:
    """Whether a batch put rows of one of the `units` (None: any) into one of the `datasets`; asked batch by batch, so that
    the newest are found without looking at the others."""
    part = select(_unit.c.batch_id).where(_unit.c.batch_id == _batch.c.id, _unit.c.dataset.in_(datasets))
    return (part if units is None else part.where(_unit.c.report_unit.in_(units))).exists()


def table_lines(tables: Iterable[Incoming], unchanged: Iterable[int]) -> tuple[TableLine, ...]:
    """The tables of an upload that changed nothing, each with how many of its rows were there already."""
    return tuple(
        TableLine(
            t.record.spec.dataset, t.checked.table.sheet.name, t.checked.table.header_row, len(t.checked.good),
            int(t.checked.good.sum()), 0, 0, same, 0, t.checked.errors, t.checked.warnings,
        )
        for t, same in zip(tables, unchanged, strict=True)
    )  # fmt: skip


def told_of(line: BatchLine) -> dict[str, Any]:
    """What the audit says of an upload."""
    counts = ("rows_read", "rows_ready", "new", "changed", "unchanged")
    return {"file": line.file, "sha256": line.sha256, "datasets": line.datasets} | {n: line.total(n) for n in counts}
