"""Houses in which only a domain of a folder of its own is on: pools with all that a domain can declare, canteens with the least."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotwatch import access, cli, intake
from pilotwatch.settings import Settings, settings
from pilotwatch.store import SYSTEM
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from tests.pages.conftest import forget, see  # noqa: F401 - the fixture that runs a page
from ui import cache

HERE = Path(__file__).parent

_POOLS = (
    ("YC-0001", "红山游泳馆", "天山区", 600, "2027-06-30"),
    ("YC-0002", "友好游泳馆", "沙区", 120, "2027年6月30日"),
    ("YC-0003", "水磨沟游泳馆", "水磨沟区", 300, "2027.6.30"),
    ("YC-0004", "米东游泳馆", "米东区", 80, "2027/6/30"),
    ("YC-0005", "达坂城游泳馆", "达坂城区", 40, "长期"),
)


def _readings() -> list[tuple[Any, ...]]:
    """What was measured, as clerks write it; the days of the last weeks count back from today."""

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(today() - timedelta(days=days), time(hour))

    yesterday = at(1, 9)
    return [
        ("YC-0001", "2019-09-10 09:00", "自检", 0.4, 0.5, 2.0),
        ("YC-0001", "2019-09-20 09:00", "自检", 0.8, 0.5, 2.0),
        ("YC-0001", "2019-12-05 09:00", "抽检", 0.8, 0.5, 2.0),
        (
            "YC-0001",
            f"{yesterday:%Y年%m月%d日 %H:%M}",
            "自检",
            "0.05mg/L",
            "2.5 NTU",
            "４．０毫克/升",
        ),  # with units, wide
        ("YC-0002", at(5, 9), "自检", 0.6, 0.5, 3.5),
        ("YC-0003", at(8, 9), "监督抽检", 1.2, 0.4, 4.1),
        ("YC-0004", at(1, 8), "自检", 0.9, None, 1.0),
        ("YC-0004", at(1, 9), "抽检", 0.4, None, 1.0),
    ]


def write_pools(path: Path) -> None:
    """Pools and readings in one workbook: a title above each table, units in headers and in cells, a row of totals."""
    book = openpyxl.Workbook()
    pools, readings = book.active, book.create_sheet("水质检测")
    pools.title = "泳池名录"
    pools.append(["乌鲁木齐市公共泳池名录"])
    pools.merge_cells("A1:E1")
    pools.append(["泳池编号", "场所名称", "所属区县", "核定人数（人）", "卫生许可有效期至"])
    for row in _POOLS:
        pools.append(row)
    pools.append(["合计", None, None, 1140])
    readings.append(["公共泳池水质检测记录"])
    readings.append(["泳池编号", "采样时间", "检测方式", "余氯（mg/L）", "浊度(NTU)", "尿素（毫克/升）"])
    for row in _readings():
        readings.append(row)
    book.save(path)


def upload(house: Workspace, path: Path) -> intake.Upload:
    return intake.prepare(house.desk(SYSTEM), path, registry=house.registry, places=house.places)


@pytest.fixture
def open_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Workspace]]:
    """Opens the workspace, which the pages and the commands then use, with the domains of a folder of this one."""
    monkeypatch.setenv("PILOTWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PILOTWATCH_DATABASE_URL", raising=False)

    def open_(name: str) -> Workspace:
        monkeypatch.setenv("PILOTWATCH_DOMAINS", str(HERE / name))
        forget()
        return cache.workspace()

    yield open_
    cache.workspace().store.close()
    forget()


@pytest.fixture(scope="session")
def made_pools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pools' house, into which the workbook was uploaded."""
    folder = tmp_path_factory.mktemp("pools")
    path = folder / "泳池水质.xlsx"
    write_pools(path)
    house = Workspace.open(Settings(var=folder / "var", domains=HERE / "domain", database_url=None))
    house.store.mark_demo()
    access.create_demo_accounts(house.store)
    upload(house, path).commit()
    house.store.close()
    return folder / "var"


@pytest.fixture
def pools(made_pools: Path, tmp_path: Path, open_folder: Callable[[str], Workspace]) -> Workspace:
    """The pools' house, the test's own copy."""
    shutil.copytree(made_pools, tmp_path / "var")
    return open_folder("domain")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Runs a command and gives the JSON document it printed; it must have done what it was asked."""

    def run_(*arguments: object) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["pilotwatch", *map(str, arguments), "--json"])
        settings.cache_clear()
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert end.value.code == 0, err or out
        return json.loads(out)

    return run_
