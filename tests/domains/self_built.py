"""Rows of self-built houses for the tests of their indicators, and the numbers an indicator makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from domains.self_built_housing import DOMAIN
from pilotwatch.domain import Indicator
from pilotwatch.levels import level_of

ON = date(2026, 11, 23)

OPEN = [{"house_no": "H", "operating": "营业", "use_kind": "经营性自建房"}]
SHUT = [{"house_no": "H", "operating": "停用", "use_kind": "经营性自建房"}]
HOME = [{"house_no": "H", "use_kind": "其他自建房"}]


def ago(days: int) -> date:
    return ON - timedelta(days)


def graded(grade: str, days: int | None = 100, **fields: Any) -> list[dict[str, Any]]:
    return [{"report_no": "R", "grade": grade, "reported_on": None if days is None else ago(days), **fields}]


def indicator(code: str) -> Indicator:
    return next(i for i in DOMAIN.indicators if i.code == code)


def compute(code: str, on: date = ON, **rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """What an indicator computes; each row belongs to its `subject_id`, "S" where it names none."""
    found = indicator(code)
    frames = {r.spec.dataset: _frame(r, rows.pop(r.spec.dataset, ())) for r in (*found.needs, *found.registers)}
    assert not rows, f"{code} doesn't need {', '.join(rows)}"
    return found.compute(frames, on)


def numbers(code: str, on: date = ON, **rows: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """The value and the inputs for the one subject "S", None where unknown."""
    told = compute(code, on, **rows).loc["S"]
    return {name: None if pd.isna(v) else round(float(v), 9) for name, v in told.items()}


def place(code: str, *parts: tuple[float, float]) -> tuple[float, str]:
    """What the subjects' (numerator, denominator) come to for a place: value and level."""
    area = indicator(code).area
    value = sum(p[0] for p in parts) / sum(p[1] for p in parts)
    return round(value, 9), level_of(pd.Series([value], index=["P"]), area.levels)["P"]


def _frame(record: Any, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    names = [c.name for c in record.columns()]
    unknown = {name for row in rows for name in row} - {*names, "subject_id"}
    assert not unknown, f"{record.spec.dataset} has no {', '.join(unknown)}"
    frame = pd.DataFrame(rows, columns=names, index=range(len(rows)))
    return frame.assign(subject_id=pd.Series([row.get("subject_id", "S") for row in rows], dtype="str"))
