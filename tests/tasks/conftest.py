"""A house with one petrol station, one self-built house, published matters, inspectors, and draws to issue tasks from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pilotwatch.identity import USCC, subject_id
from pilotwatch.inspection.draw import office as draw_office
from pilotwatch.settings import Settings
from pilotwatch.store import Person, draws
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace
from tests.store.made import CITY, checked
from tests.store.uploads import arrived

CODE = "91650100MA0000001U"
STATION = str(subject_id(USCC, CODE))
WITNESS = Person("disc", "派驻纪检", "auditor")
COMMERCE = Person("swj", "商务局经办人", "department_officer", departments=frozenset({"SWJ"}))
MARKET = Person("scjg", "市场监管局经办人", "department_officer", departments=frozenset({"SCJG"}))
POLICE = Person("gaj", "公安局经办人", "department_officer", departments=frozenset({"GAJ"}))
MATTERS = (
    ("JC-1", "经营资格及证照", "SWJ"), ("JC-2", "购销台账", "SWJ"), ("JC-3", "加油机检定证书", "SCJG"), ("JC-4", "散装汽油实名登记", "GAJ"),
)  # fmt: skip


@pytest.fixture
def house(store_url: str, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(Settings(var=tmp_path, database_url=store_url))
    registry, desk = made.registry, made.store.desk(CITY)
    station = {
        "uscc": CODE,
        "name": "天山加油站",
        "division_code": "650102",
        "report_unit": "650102",
        "address": "人民路1号",
    }
    home = {"house_no": "650102001001Z0001", "division_code": "650102", "report_unit": "650102", "address": "人民路2号"}
    matters = [
        {"item_code": c, "name": n, "dept": d, "basis": "《成品油流通管理办法》", "content": "查看" + n, "method": "现场检查",
         "valid_from": date(2025, 1, 1), "published_on": date(2025, 1, 1)}
        for c, n, d in MATTERS
    ]  # fmt: skip
    tables = (("oil_station", station), ("sbh_house", home), *(("matter", m) for m in matters))
    together: dict[str, list] = {}
    for dataset, row in tables:
        together.setdefault(dataset, []).append(row)
    desk.commit(arrived("名录.xlsx"), [checked(registry.dataset(d), rows, sheet=d) for d, rows in together.items()])
    draws.put_inspectors(
        desk,
        [
            {"id": f"{d}{n}", "name": f"王{n}", "department": d, "report_unit": "", "valid_until": date(2027, 12, 31), "most": 30}
            for d in ("SWJ", "SCJG")
            for n in range(3)
        ],
    )  # fmt: skip
    yield made
    made.store.close()


@pytest.fixture
def drawn(house: Workspace) -> str:
    """The number of a draw of the station, by two departments."""
    return draw_of(house, "refined_oil", "成品油")


def draw_of(house: Workspace, domain: str, title: str, departments: tuple[str, ...] = ("SWJ", "SCJG")) -> str:
    found = next(d for d in house.registry.domains if d.name == domain)
    asked = draw_office.Asked(
        found, title, "福彩3D", now() + timedelta(hours=1), date(2026, 12, 31), departments, shares={"A": 1.0}
    )
    number = draw_office.prepare(house.desk(CITY), asked)
    nonce = draw_office.seal(house.desk(WITNESS), number)
    draw_office.make(house.desk(CITY), number, "471", nonce, at=now() + timedelta(hours=2))
    return number
