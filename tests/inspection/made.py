"""A house of a few stations, with matters, plans and checks written by hand, for the tests of plans of joint visits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from pilotwatch import risk, warnings
from pilotwatch.inspection import frequencies
from pilotwatch.inspection.frequencies import Rules, Share
from pilotwatch.places import Places
from pilotwatch.records import Complaint, CreditRating, Inspection, Matter, OrderToCorrect, Penalty, PlannedCheck
from pilotwatch.registry import Registry
from pilotwatch.settings import settings
from pilotwatch.store import Arrived, Store, plan_means
from pilotwatch.workdays import Calendar
from tests.risk.made import DOMAIN
from tests.store.made import CITY, Reading, Station, checked, station

SHARED = (Complaint, CreditRating, Inspection, Penalty, Matter, OrderToCorrect, PlannedCheck)
FOUND = Registry((DOMAIN,), shared=SHARED)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)  # 23 working days
CHECKED = "650102"
PLACES = Places.load(settings().data)
NOBODY = Rules({c: Share(0.0, 4) for c in frequencies.CLASSES})


@dataclass
class House:
    """A workspace as far as plans need one."""

    store: Store
    registry: Registry = FOUND
    places: Places = PLACES

    def calendar(self) -> Calendar:
        return Calendar.load(settings().data / "calendars")

    def desk(self, person: Any = CITY) -> Any:
        return self.store.desk(person)

    def commit(self, record: Any, *rows: dict[str, Any]) -> None:
        self.store.desk(CITY).commit(Arrived("f.xlsx"), [checked(record, [_written(r) for r in rows])])


def opened(open_store: Any) -> House:
    """Four matters are published, one isn't; no department owes shares (`NOBODY`); everybody has two inspectors."""
    store = open_store((Station, Reading, *SHARED), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    store.on_change.append(partial(warnings.follow, FOUND, store))
    store.on_change.append(partial(risk.follow, FOUND, store))
    house = House(store)
    house.commit(
        Matter, matter("M1", "计量检定", "SCJG"), matter("M2", "证照", "SWJ"), matter("M3", "计量检定", "SWJ"),
        matter("M4", "油气回收", "STHJ"), matter("M5", "安全管理", "YJJ", published_on=None),
    )  # fmt: skip
    desk = house.desk()
    plan_means.set_force(
        desk, [{"department": d, "unit": "", "inspectors": 2, "hours": 6.0} for d in ("SCJG", "SWJ", "STHJ", "YJJ")]
    )
    frequencies.set_rules(desk, NOBODY, "测试")
    return house


def code(n: int) -> str:
    return f"U{n:017d}"


def stations(house: House, *numbers: int, **values: Any) -> None:
    house.commit(Station, *(station(n, f"站{n}", **values) for n in numbers))


def matter(item: str, name: str, dept: str, **values: Any) -> dict[str, Any]:
    given = {
        "item_code": item,
        "name": name,
        "dept": dept,
        "valid_from": date(2025, 1, 1),
        "published_on": date(2025, 1, 1),
        "joint": True,
    }
    return given | values


def plan(no: str, n: int, dept: str, item: str, first: date, last: date, **values: Any) -> dict[str, Any]:
    given = {
        "plan_no": no, "uscc": code(n), "dept": dept, "items": [item], "trigger": "双随机", "window_from": first, "window_until": last,
        "day": first, "minutes": 60, "officers_needed": 2, "published_on": date(2026, 8, 1), "division_code": CHECKED,
    }  # fmt: skip
    return given | values


def visit(no: str, n: int, dept: str, item: str, day: date, **values: Any) -> dict[str, Any]:
    given = {
        "scan_id": no, "uscc": code(n), "depts": [dept], "items": [item], "trigger": "双随机", "inspected_on": day, "day": day,
        "result": "未发现问题", "division_code": CHECKED,
    }  # fmt: skip
    return given | values


def december(day: int) -> date:
    return FIRST + timedelta(days=day - 1)


def _written(row: dict[str, Any]) -> dict[str, Any]:
    """Lists as the store has them."""
    return {n: json.dumps(v, ensure_ascii=False) if isinstance(v, list) and n != "tags" else v for n, v in row.items()}
