"""Records, people and checked tables, made for the tests of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Division, Latitude, Longitude, Record, Spec, Street, Text, Uscc, column
from pilotwatch.identity import record_keys, subjects_of
from pilotwatch.intake.model import Checked, Context, Finding, FoundColumn, FoundTable, Sheet
from pilotwatch.store import Person
from pilotwatch.store.records import STORAGE, layout


class Station(Record):
    spec = Spec("t_station", zh="站点", en="Stations", subject="uscc", kind="subject", name="name")
    uscc: Uscc = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    division_code: Division | None = column("区县", "District")
    street_code: Street | None = column("街道", "Street")
    capital: Decimal | None = column("资本", "Capital", unit="yuan")
    opened_on: date | None = column("开业日期", "Opened on")
    self_service: bool | None = column("自助", "Self-service")
    nozzles: int | None = column("枪数", "Nozzles")
    tags: list[str] | None = column("标签", "Tags")
    lng: Longitude | None = column("经度", "Longitude")
    lat: Latitude | None = column("纬度", "Latitude")


class Reading(Record):
    spec = Spec("t_reading", zh="读数", en="Readings", subject="uscc", day="read_at")
    uscc: Uscc = column("代码", "Code", key=True, refers_to="t_station")
    tank: str = column("罐号", "Tank", key=True)
    read_at: datetime = column("时间", "Read at", key=True)
    volume: Decimal | None = column("油量", "Volume", unit="L")
    ratio: float | None = column("比例", "Ratio")


class Visit(Record):
    """Its key doesn't hold its subject: a corrected code moves the row to another subject."""

    spec = Spec("t_visit", zh="检查", en="Visits", subject="uscc", day="on")
    visit_no: str = column("编号", "Number", key=True)
    uscc: Uscc = column("代码", "Code")
    on: date = column("日期", "On")
    note: str | None = column("备注", "Note")


RECORDS = (Station, Reading, Visit)
START = datetime(2026, 1, 1)  # noqa: DTZ001 - the wall clock, as a file states it
OWNERS = {"t_station": {"oil"}, "t_reading": {"oil"}}

CITY = Person("city", "市级专班办公室", "city_office")
OIL = Person("oil", "成品油专班", "pilot_team", None, frozenset({"oil"}))
OIL_TIANSHAN = Person("oil-ts", "天山区成品油专班", "pilot_team", frozenset({"650102"}), frozenset({"oil"}))
CARDS = Person("cards", "预付卡专班", "pilot_team", None, frozenset({"cards"}))
LEADER_TIANSHAN = Person("ts", "天山区领导", "district_leader", frozenset({"650102"}))
ADMIN = Person("admin", "系统管理员", "administrator")
AUDITOR = Person("audit", "审计员", "auditor")


def checked(
    record: type[Record], rows: Sequence[Mapping[str, Any]], *, sheet: str | None = "Sheet1",
    bad: Sequence[int] = (), findings: Sequence[Finding] = (),
) -> Checked:  # fmt: skip
    """A checked table of the rows, as the intake would hand it on; `bad`: indexes of rows in error."""
    kept = layout(record)
    given = {n for r in rows for n in r} | {c.name for c in record.columns()}
    columns = {
        n: pa.array([r.get(n) if n != "tags" else json.dumps(r.get(n)) for r in rows], STORAGE[kept[n]][1])
        for n in kept
        if n in given
    }
    columns.setdefault("division_code", pa.nulls(len(rows), pa.string()))
    columns.setdefault("report_unit", columns["division_code"])
    columns["subject_id"] = subjects_of(record, columns)
    columns["record_key"] = record_keys([columns[n] for n in record.key()])
    columns["source_row"] = pa.array(range(4, 4 + len(rows)), pa.int64())
    good = np.ones(len(rows), bool)
    good[list(bad)] = False
    found = FoundTable(
        Sheet(sheet, pa.table({"0": pa.nulls(3 + len(rows), pa.string())})), record, 3, (3,),
        tuple(FoundColumn(i, c.title.zh, c.name) for i, c in enumerate(record.columns())),
        np.arange(4, 4 + len(rows)), Context(title="测试"),
    )  # fmt: skip
    return Checked(found, pa.table(columns), good, tuple(findings))


def station(n: int, name: str = "加油站", **values: Any) -> dict[str, Any]:
    return {"uscc": f"U{n:017d}", "name": name, "division_code": "650102", "tags": [], **values}


def reading(n: int, volume: float = 1.0, **values: Any) -> dict[str, Any]:
    return {"uscc": f"U{n % 7:017d}", "tank": "1", "read_at": START + timedelta(hours=n), "volume": volume, **values}


def warning(row: int, rule: str = "approximate") -> Finding:
    text = Text("约数", "approximate")
    return Finding("Sheet1", row, "nozzles", "枪数", "约3", text, text, rule, "warning")
