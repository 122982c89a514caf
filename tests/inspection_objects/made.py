"""Lists of matters and objects, made for the tests, and handed in as an upload hands them in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Record
from pilotwatch.identity import record_keys, subjects_of
from pilotwatch.intake.model import Checked, Context, FoundColumn, FoundTable, Sheet
from pilotwatch.records import ListedObject, Matter
from pilotwatch.store import Arrived, Desk
from pilotwatch.store.records import STORAGE, layout

DAY = date(2026, 11, 24)
WHOLE = {
    "basis": "《价格法》第三十三条", "content": "是否明码标价", "method": "现场检查", "procedure": "亮证告知；现场查看；制作笔录", "checklist": "标价牌齐全；价格与标价一致",
}  # fmt: skip


def matter(number: int, **values: Any) -> dict[str, Any]:
    """A complete matter in force since 2024, published the same day."""
    told = {"valid_from": date(2024, 1, 1), "published_on": date(2024, 1, 1)}
    return {"item_code": f"JC-{number:03}", "name": f"事项{number}", "dept": "SCJG", **WHOLE, **told, **values}


def listed(dept: str, number: int, name: str, **values: Any) -> dict[str, Any]:
    return {"dept": dept, "object_no": f"{dept}-{number:04}", "name": name, **values}


def hand_in(
    desk: Desk, rows: Iterable[Mapping[str, Any]], *, record: type[Record] = Matter, on: date = DAY
) -> str | None:
    """Commits the rows as one batch that arrived on the day at noon; the id of the batch."""
    table = checked(record, list(rows))
    noon = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
    return desk.commit(Arrived("清单.xlsx", on=on, at=noon), [table]).id


def checked(record: type[Record], rows: list[Mapping[str, Any]]) -> Checked:
    kept = layout(record)
    names = [n for n in kept if n in {c.name for c in record.columns()}]
    columns = {n: pa.array([_stored(r.get(n)) for r in rows], STORAGE[kept[n]][1]) for n in names}
    columns.setdefault("division_code", pa.nulls(len(rows), pa.string()))
    columns["report_unit"] = pa.array([r.get("report_unit") for r in rows], pa.string())
    subjects = subjects_of(record, columns)
    columns |= {"subject_id": subjects, "record_key": record_keys([columns[n] for n in record.key()])}
    columns["source_row"] = pa.array(range(2, 2 + len(rows)), pa.int64())
    found = FoundTable(
        Sheet("清单", pa.table({"0": pa.nulls(1 + len(rows), pa.string())})), record, 1, (1,),
        tuple(FoundColumn(i, record.column(n).title.zh, n) for i, n in enumerate(names)),
        np.arange(2, 2 + len(rows)), Context(title="清单"),
    )  # fmt: skip
    return Checked(found, pa.table(columns), np.ones(len(rows), bool), ())


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value


__all__ = ["DAY", "WHOLE", "ListedObject", "Matter", "checked", "hand_in", "listed", "matter"]
