"""Rows of petrol stations for the tests of their indicators, and the numbers an indicator makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from domains.refined_oil import DOMAIN
from pilotwatch.domain import Indicator
from pilotwatch.levels import level_of

ON = date(2026, 11, 23)
OPEN = [{"uscc": "91650100XJDEM00576", "name": "暮原加油站", "business_status": "营业"}]
CLOSED = [{**OPEN[0], "business_status": "关闭"}]

Rows = Sequence[Mapping[str, Any]]


def ago(days: int) -> date:
    return ON - timedelta(days)


def at(day: date, hour: float = 0) -> datetime:
    """A moment of a day, as the wall clock shows it."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001


def days_of(year: int, month: int) -> list[date]:
    return [
        d.date() for d in pd.date_range(f"{year}-{month:02}-01", periods=pd.Period(f"{year}-{month}").days_in_month)
    ]


def indicator(code: str) -> Indicator:
    return next(i for i in DOMAIN.indicators if i.code == code)


def compute(code: str, on: date = ON, **rows: Rows) -> pd.DataFrame:
    """What an indicator computes; each row belongs to its `subject_id`, "S" where it names none; one open station "S"."""
    found = indicator(code)
    if found.per.spec.dataset == "oil_station":
        rows.setdefault("oil_station", OPEN)
    frames = {r.spec.dataset: _frame(r, rows.pop(r.spec.dataset, ())) for r in (*found.needs, *found.registers)}
    assert not rows, f"{code} doesn't need {', '.join(rows)}"
    return found.compute(frames, on)


def numbers(code: str, on: date = ON, **rows: Rows) -> dict[str, float | None]:
    """The value and the inputs for the one subject "S", None where unknown."""
    told = compute(code, on, **rows).loc["S"]
    return {name: None if pd.isna(v) else round(float(v), 9) for name, v in told.items()}


def judge(code: str, on: date = ON, **rows: Rows) -> tuple[float | None, str]:
    """(value, level) of the one subject "S", None for unknown."""
    found = compute(code, on, **rows)
    assert list(found.index) == ["S"]
    value = found["value"].iloc[0]
    level = level_of(found, indicator(code).in_force(on).levels).iloc[0]
    return None if pd.isna(value) else round(float(value), 9), level


def level(code: str, on: date = ON, **rows: Rows) -> str:
    return judge(code, on, **rows)[1]


def _frame(record: Any, rows: Rows) -> pd.DataFrame:
    names = [c.name for c in record.columns()]
    unknown = {name for row in rows for name in row} - {*names, "subject_id", "point_no"}
    assert not unknown, f"{record.spec.dataset} has no {', '.join(unknown)}"
    frame = pd.DataFrame(rows, columns=names, index=range(len(rows)))
    return frame.assign(subject_id=pd.Series([row.get("subject_id", "S") for row in rows], dtype="str"))
