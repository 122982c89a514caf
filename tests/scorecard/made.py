"""A domain of shops that run short of money before they close, made for the tests: lists, readings, closures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch.domain import (
    Basis,
    Choices,
    Domain,
    Incident,
    Indicator,
    Levels,
    Planted,
    Record,
    Spec,
    Uscc,
    column,
)  # fmt: skip
from pilotwatch.frames import subjects, table
from pilotwatch.registry import Registry
from pilotwatch.store import Arrived
from tests.store.made import CITY, checked

START = date(2025, 1, 6)  # a Monday


class Shop(Record):
    spec = Spec("s_shop", zh="店", en="Shops", subject="uscc", kind="subject", name="name")
    uscc: Uscc = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    division_code: str | None = column("区县", "District")
    state: str | None = column("状态", "State")


class Cash(Record):
    """A reading of the money left; the laboratory of the money, as it were, takes three days to report."""

    spec = Spec(
        "s_cash",
        zh="存款",
        en="Cash",
        subject="uscc",
        day="on",
        known="told_on",
        lag=3,
        later={"settled_on": ("settled",)},
    )
    uscc: Uscc = column("代码", "Code", key=True)
    on: date = column("日期", "On", key=True)
    left: float = column("余额", "Left")
    told_on: date | None = column("报告日", "Told on")
    settled_on: date | None = column("结清日", "Settled on")
    settled: str | None = column("结清", "Settled", choices=Choices.of(("yes", "是", "Yes")))


class Closure(Record):
    spec = Spec("s_closure", zh="关店", en="Closures", subject="uscc", day="closed_on")
    uscc: Uscc = column("代码", "Code", key=True)
    closed_on: date = column("日期", "On", key=True)


RECORDS = (Shop, Cash, Closure)
OWNERS = {r.spec.dataset: {"shops"} for r in RECORDS}


def _left(frames: Any, on: date) -> pd.Series:
    """The newest reading of each shop."""
    rows = table(frames, Cash, "on", "left")
    rows = rows[rows["on"] <= pd.Timestamp(on)].sort_values("on", kind="stable")
    return (
        rows.drop_duplicates("subject_id", keep="last")
        .set_index("subject_id")["left"]
        .reindex(subjects(frames, Shop).index)
    )


def _closed(frames: Any) -> pd.DataFrame:
    rows = table(frames, Closure, "closed_on")
    return pd.DataFrame({"subject_id": rows["subject_id"], "day": rows["closed_on"]})


DOMAIN = Domain(
    "shops", zh="店", en="Shops", code="SHP", lead="SWJ", records=RECORDS, horizon_weeks=4,
    indicators=(
        Indicator(
            "SHP-01", zh="余额", en="Left", per=Shop, needs=(Shop, Cash), compute=_left,
            levels=Levels(red="< 10", orange="< 20"), basis=Basis("PRAC", "test"), owner="SWJ",
        ),
    ),
    incidents=(Incident("closed", "关店", "Closed", (Closure,), _closed, ("SHP-01",)),),
    planted=(Planted("short", "缺钱", "Short", ("SHP-01",)),),
)  # fmt: skip
FOUND = Registry((DOMAIN,), shared=())


def code(n: int) -> str:
    return f"S{n:017d}"


def day(n: int) -> date:
    """The n-th day after the start."""
    return START + timedelta(days=n)


def at(n: int) -> datetime:
    return datetime(START.year, START.month, START.day, 12, tzinfo=UTC) + timedelta(days=n)


def commit(store: Any, record: type[Record], rows: list[dict[str, Any]], arrived: int = 0) -> Any:
    """Commits rows as an upload that came on the n-th day."""
    return store.desk(CITY).commit(Arrived("f.xlsx", at=at(arrived)), [checked(record, rows)])


def shop(n: int, **values: Any) -> dict[str, Any]:
    return {"uscc": code(n), "name": f"店{n}", "division_code": "650102", **values}


def cash(n: int, on: int, left: float, **values: Any) -> dict[str, Any]:
    return {"uscc": code(n), "on": day(on), "day": day(on), "left": left, **values}
