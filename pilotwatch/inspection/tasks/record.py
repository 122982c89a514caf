"""A visit as a record among all others: one workbook with its check and its scan, by the door that every upload takes.

So the figures of the reform, the risk of the subject and the guards follow in the same transaction, and what they say is
traced to file, sheet and row like anything else. The same visit makes the same keys: storing it again changes its row.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotwatch.domain import Record, Text
from pilotwatch.intake.model import Checked
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import find_tables
from pilotwatch.intake.validate import check
from pilotwatch.store import Arrived, BatchLine, Desk, StoreRefused, visit_tasks
from pilotwatch.workdays import BEIJING, today

if TYPE_CHECKING:
    from pilotwatch.places import Places
    from pilotwatch.registry import Registry

Task = Mapping[str, Any]
Parts = Mapping[str, Mapping[str, Any]]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def commit(desk: Desk, registry: Registry, places: Places, task: Task, parts: Parts) -> BatchLine:
    """Stores the visit; a batch with `id` None where nothing of it has changed. Raises StoreRefused where the records
    don't take it."""
    name = f"入企检查记录 {task['number']}.xlsx"
    with tempfile.TemporaryDirectory(prefix="pilotwatch-") as folder:

        def make(rating: tuple[int, str] | None) -> tuple[Path, tuple[Checked, ...]]:
            path = Path(folder) / "record.xlsx"
            path.write_bytes(workbook(registry, places, task, parts, rating))
            return path, _checked(desk, registry, places, path, name)

        return visit_tasks.commit(desk, task["number"], Arrived(name, kind="xlsx", on=today()), make)


def workbook(registry: Registry, places: Places, task: Task, parts: Parts, rating: tuple[int, str] | None) -> bytes:
    """The sheets of a visit, headed as their templates are."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for dataset, values in rows(places, task, parts, rating).items():
        record = registry.dataset(dataset)
        sheet = book.add_worksheet(record.spec.title.zh)
        given = {**values, **_code(record, task)}
        for n, column in enumerate(c for c in record.columns() if given.get(c.name) not in (None, "")):
            sheet.write_string(0, n, column.header)
            sheet.write_string(1, n, str(given[column.name]))
    book.close()
    return made.getvalue()


def rows(places: Places, task: Task, parts: Parts, rating: tuple[int, str] | None) -> dict[str, dict[str, Any]]:
    """What the visit says, by dataset: as a clerk would have filled it in."""
    entered, left = _local(task["entered_at"]), _local(task["left_at"])
    departments = "、".join(_department(places, d) for d in task["departments"])
    unit = next((u.title.zh for u in places.units if u.code == task["report_unit"]), "")
    street = places.streets.get(task["street_code"])
    scanned = entered if not task["exempt_reason"] else None
    shared = {
        "scan_id": f"SM-{task['number']}", "task_no": task["number"], "division_code": unit, "street_code": street.name if street else "",
        "items": "、".join(dict.fromkeys(m["name"].replace("、", "，") for m in task["matters"])), "trigger": task["trigger"],
        "scan_in_at": _moment(scanned), "scan_out_at": _moment(left) if scanned and left and left >= scanned else "",
        "result": task["result"], "rating": rating[0] if rating else "", "exempt_reason": task["exempt_reason"],
    }  # fmt: skip
    check = {
        **shared, "depts": departments, "joint": "联合" if len(task["departments"]) > 1 else "单独", "name": task["name"],
        "address": task["address"], "inspected_on": f"{entered:%Y-%m-%d}" if entered else "", "problems": _problems(places, task, parts),
        "off_site": "现场", "published_on": str(task["published_on"] or ""),
    }  # fmt: skip
    if not scanned or task["entered_how"] == "import":  # an imported scan is among the records already
        return {"inspection": check}
    scan = {
        **shared, "site": task["name"], "dept": departments, "officers": "、".join(o["name"] for o in task["officers"] if o["name"]),
        "certs": "、".join(o["id"] for o in task["officers"]), "distance_to_site_m": task["distance_m"], "notice_no": task["notice_no"],
        "rating_text": rating[1] if rating else "",
    }  # fmt: skip
    return {"inspection": check, "scan_in": scan}


def _problems(places: Places, task: Task, parts: Parts) -> str:
    """The problems of all departments in one text, each with whose it is."""
    names = {m["code"]: m["name"] for m in task["matters"]}
    told = []
    for department, part in parts.items():
        ticked = [
            f"{names[c]}{f'（{t[1]}）' if len(t) > 1 and t[1] else ''}"
            for c, t in part["ticks"].items()
            if t[0] == "problem"
        ]
        said = "；".join(filter(None, [part["problems"], *(t for t in ticked if t not in part["problems"])]))
        if said:
            told.append(f"{_department(places, department)}：{said}")
    return "。".join(told)


def _checked(desk: Desk, registry: Registry, places: Places, path: Path, name: str) -> tuple[Checked, ...]:
    found = find_tables(open_workbook(path, name), [registry.dataset(d) for d in ("inspection", "scan_in")])
    made = tuple(check(t, places=places, known=desk.known, on=today()) for t in found.tables)
    for table in made:
        wrong = next((f for f in table.findings if f.severity == "error"), None)
        if wrong is not None:
            raise StoreRefused("record", _WRONG.format(column=wrong.column or "", message=wrong.message))
    if not made:
        raise StoreRefused("record", _WRONG.format(column="", message=Text(name, name)))
    return made


def _code(record: type[Record], task: Task) -> dict[str, str]:
    """The column that names the subject: its credit code, or the number under which its own list keeps it."""
    by_list = next((c.name for c in record.columns() if c.refers_to and c.refers_to == task["dataset"]), None)
    return {by_list or "uscc": task["code"]}


def _department(places: Places, code: str) -> str:
    found = places.departments.get(code)
    return found.title.zh if found else code


def _local(at: datetime | None) -> datetime | None:
    return at and at.astimezone(BEIJING).replace(microsecond=0)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


_WRONG = Text(
    "检查记录未能入库（{column}：{message}）。任务内容已保存，请改正名录或事项后点“重新入库”。",
    "The record of the visit could not be stored ({column}: {message}). What was entered is kept; mend the list or the matter and store it again.",
)
