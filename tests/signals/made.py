"""A small domain whose visits and complaints are counted, and whose two departments state nozzles and capital."""

from __future__ import annotations

from datetime import date, datetime, time

import pandas as pd

from pilotwatch.domain import Basis, Contradiction, Count, Department, Domain, Record, Side, Spec, Text, Uscc, column
from pilotwatch.frames import subjects, table
from pilotwatch.registry import Registry
from pilotwatch.store import Arrived
from tests.store.made import OIL, Station, Visit, checked


class Sheet(Record):
    """A record that all domains share: about anybody."""

    spec = Spec("t_sheet", zh="工单", en="Sheets", subject="uscc", day="received_at")
    ref: str = column("编号", "Number", key=True)
    uscc: Uscc = column("代码", "Code")
    received_at: datetime = column("时间", "Received at")
    kind: str | None = column("类别", "Kind")
    dept: Department | None = column("部门", "Department")


class Stated(Record):
    """What the tax office states of a station's nozzles."""

    spec = Spec("t_stated", zh="税务登记", en="Tax register", subject="uscc", day="on")
    uscc: Uscc = column("代码", "Code", key=True)
    on: date = column("日期", "On", key=True)
    nozzles: int | None = column("枪数", "Nozzles")


def _real(rows):
    return rows["kind"].ne("咨询")


VISITS = Count("visit", "检查", "Visits", record=Visit)
SHEETS = Count("sheet", "工单", "Sheets", record=Sheet, fields=("kind",), weigh=_real)


def nozzles_differ(frames, on):
    """The list's nozzles against the newest statement of the tax office; one apart is borne."""
    listed = subjects(frames, Station, "nozzles")["nozzles"]
    rows = table(frames, Stated, "on", "nozzles").sort_values("on").drop_duplicates("subject_id", keep="last")
    stated = rows.set_index("subject_id")["nozzles"].reindex(listed.index)
    gap = listed - stated
    return pd.DataFrame({"listed": listed, "stated": stated, "period": f"{on:%Y-%m}", "gap": gap, "size": gap.abs()})


NOZZLES = Contradiction(
    "OIL-K01", "枪数不符", "Nozzles differ", per=Station, needs=(Station, Stated), compute=nozzles_differ,
    sides=(
        Side("listed", "名录枪数", "Listed", Station, "SWJ", "支"), Side("stated", "税务登记枪数", "Stated", Stated, "SWJU", "支"),
    ),
    tolerance=Text("相差不超过1支", "One at most"), basis=Basis("PRAC", "测试"),
)  # fmt: skip

DOMAIN = Domain(
    "oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Visit, Stated), counts=(VISITS,), contradictions=(NOZZLES,)
)  # fmt: skip
FOUND = Registry((DOMAIN,), shared=())
RECORDS = (Station, Visit, Sheet, Stated)
OWNERS = {d: {"oil"} for d in ("t_station", "t_visit", "t_stated")}


def sheet(n: int, station: int, day: date, kind: str = "投诉", **values):
    at = datetime.combine(day, time(9))
    return {"ref": f"S{n}", "uscc": f"U{station:017d}", "received_at": at, "day": day, "kind": kind, **values}


def visit(n: int, station: int, day: date, **values):
    return {"visit_no": f"V{n}", "uscc": f"U{station:017d}", "on": day, "day": day, **values}


def stated(station: int, nozzles: int | None, day: date):
    return {"uscc": f"U{station:017d}", "on": day, "day": day, "nozzles": nozzles}


def commit(store, record, rows, person=OIL):
    return store.desk(person).commit(Arrived("f.xlsx"), [checked(record, rows)])
