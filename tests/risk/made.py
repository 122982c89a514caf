"""A domain of stations with the records a card is made from, for the tests of the store."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pandas as pd

from pilotwatch import risk, warnings
from pilotwatch.domain import Basis, Bound, Composite, Domain, Indicator, Levels, Stake
from pilotwatch.frames import subjects
from pilotwatch.outcomes import penalties
from pilotwatch.records import Complaint, CreditRating, Inspection, Penalty
from pilotwatch.registry import Registry
from pilotwatch.store import Arrived
from pilotwatch.workdays import today
from tests.store.made import CITY, Reading, Station, checked

SHARED = (Complaint, CreditRating, Inspection, Penalty)


def _nozzles(frames: Any, on: Any) -> pd.Series:
    return subjects(frames, Station, "nozzles")["nozzles"].astype("float64")


def _volume(frames: Any, on: Any) -> pd.Series:
    return frames["t_reading"].groupby("subject_id")["volume"].max()


def _stake(frames: Any, on: Any) -> pd.DataFrame:
    capital = subjects(frames, Station, "capital")["capital"]
    return pd.DataFrame({"exposure": capital, "customers": capital, "visit_within": 100.0})


def _indicator(code: str, needs: Any, compute: Any, **levels: str) -> Indicator:
    return Indicator(
        code, zh=code, en=code, per=Station, needs=needs, compute=compute, levels=Levels(**levels),
        basis=Basis("PRAC", "test"), owner="SWJ",
    )  # fmt: skip


DOMAIN = Domain(
    "oil", zh="油", en="Oil", code="OIL", lead="SWJ", records=(Station, Reading),
    indicators=(
        _indicator("OIL-01", (Station,), _nozzles, red="> 8", yellow=Bound("> 4", "LAW")),
        _indicator("OIL-02", (Station, Reading), _volume, orange=">= 50"),
    ),
    incidents=(penalties(("OIL-01", "OIL-02")),),
    stake=Stake("资本", "Capital", "元", (Station,), _stake, (100, 1000, 10_000)),
    composite=Composite("综合", "Composite", {"red": 40, "orange": 20}, Levels(red=">= 60"), Basis("PRAC", "test")),
)  # fmt: skip
FOUND = Registry((DOMAIN,), shared=SHARED)


def opened(open_store: Any) -> Any:
    store = open_store((Station, Reading, *SHARED), owners={"t_station": {"oil"}, "t_reading": {"oil"}})
    store.on_change.append(partial(warnings.follow, FOUND, store))
    store.on_change.append(partial(risk.follow, FOUND, store))
    return store


def commit(store: Any, record: Any, *rows: dict[str, Any]) -> Any:
    return store.desk(CITY).commit(Arrived("f.xlsx"), [checked(record, rows)])


def uscc(n: int) -> str:
    return f"U{n:017d}"


def penalty(n: int, number: int, age: int = 0, **values: Any) -> dict[str, Any]:
    on = today() - timedelta(days=age)
    return {"decision_no": f"罚{number}", "uscc": uscc(n), "decided_on": on, "kind": '["警告"]', **values}


def complaint(n: int, number: int, age: int = 1) -> dict[str, Any]:
    at = pd.Timestamp(today() - timedelta(days=age)).to_pydatetime()
    return {"source": "12345", "ref_no": f"T{number}", "received_at": at, "kind": "投诉", "uscc": uscc(n)}


def rating(n: int, grade: str) -> dict[str, Any]:
    return {"uscc": uscc(n), "month": f"{today():%Y-%m}", "credit_class": grade}


def visit(n: int, number: int, age: int) -> dict[str, Any]:
    return {
        "scan_id": f"V{number}",
        "uscc": uscc(n),
        "inspected_on": today() - timedelta(days=age),
        "trigger": "日常",
        "result": "未发现问题",
    }
