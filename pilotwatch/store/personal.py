"""Looking behind a mask. What is stored is masked already; the full value stands only in the file that it came in.

Who looks needs the right, a reason that is written down, and the row in their scope; every look is a line in the audit, before
anything is read, and tells whose row, which field and why, never what was seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from pilotwatch.domain import Text
from pilotwatch.store import audit, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.tables import BatchTable

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_table = BatchTable.__table__

SHORTEST = 6  # characters of a reason


@dataclass(frozen=True)
class Behind:
    """Where the full value of a field stands: file, sheet, row (1-based), the header of its column and the header's row."""

    path: Path
    file: str
    sheet: str | None
    row: int
    header: str
    header_row: int


def look(desk: Desk, dataset: str, row_id: str, field: str, reason: str, subject_id: str | None = None) -> Behind:
    """Where to read what is behind a mask, once it is written down that this person looks, and why.

    Raises StoreRefused: without the right, a reason or the row in scope; for a field without a mask, one that tells who
    reported and is withheld, or a row whose file isn't there.
    """
    scope.demand(desk.person, "unmask")
    record, _ = desk._store.dataset(dataset)
    column = next((c for c in record.columns() if c.name == field), None)
    if column is None or not column.mask:
        raise StoreRefused("no_mask", _NO_MASK.format(field=field, dataset=dataset))
    if column.reporter:
        scope.demand(desk.person, "reporters")
    if len(reason.strip()) < SHORTEST:
        raise StoreRefused("reason", _NO_REASON.format(n=SHORTEST))
    trace = desk.trace(dataset, row_id, subject_id)
    scope.demand_columns(desk.person, record, [field])
    with desk._reading() as connection:
        wanted = (_table.c.batch_id == UUID(trace.batch.id), _table.c.dataset == dataset)
        tables = connection.execute(select(_table.c.sheet, _table.c.header_row, _table.c.columns).where(*wanted)).all()
    found = next(
        ((h, t.header_row) for t in tables if t.sheet == trace.sheet for h, f in json.loads(t.columns) if f == field),
        None,
    )
    if trace.path is None or not trace.path.is_file() or found is None:
        raise StoreRefused("no_file", _NO_FILE)
    told = {"dataset": dataset, "row": row_id, "field": field, "reason": reason.strip()}
    audit.told_of(desk, "personal.unmask", trace.subject_id, told)
    return Behind(trace.path, trace.file, trace.sheet, trace.row, *found)


_NO_MASK = Text(
    "“{field}”不是 {dataset} 中的脱敏字段，无需申请查看。请核对字段名。",
    "{field} is no masked field of {dataset}; there is nothing to look behind. Check its name.",
)
_NO_REASON = Text(
    "请写明查看未脱敏信息的事由，至少 {n} 个字；事由记入审计。",
    "Say why, in {n} characters at least; it is kept in the audit.",
)
_NO_FILE = Text(
    "这一行没有留存原始文件，未脱敏的内容已无处可查。系统只保存脱敏后的值。",
    "The file this row came in is not kept, so there is nothing behind the mask: only the masked value is stored.",
)
