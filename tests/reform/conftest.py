"""Rows in, sums, value and level out: how the tests of the reform's measures are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pilotwatch import reform
from pilotwatch.figures import ask, periods
from pilotwatch.store import shelf

ON = date(2026, 11, 23)
MEASURES = {m.code: m for m in reform.MEASURES}


@pytest.fixture
def told() -> Callable[..., tuple[float, float, float | None, str | None]]:
    """`told("REF-03", "2026-10", inspection=[{…}], …)` → (numerator, denominator, value, level) of all rows together.

    A row belongs to the subject "S" unless it names another as `of`. `kind`: of one kind. Nothing at all: (0, 0, None,
    "nodata"), as a screen shows what isn't there.
    """

    def run(code: str, period: str, *, on: date = ON, kind: str = "", **rows: Sequence[Mapping[str, Any]]):
        measure = MEASURES[code]
        assert not set(rows) - {r.spec.dataset for r in measure.needs}, f"{code} doesn't need all of {sorted(rows)}"
        frames = {r.spec.dataset: _frame(r, rows.get(r.spec.dataset, ())) for r in measure.needs}
        found = periods.evaluate([measure], frames, on)
        wanted = [shelf.NOW] if measure.state else ask.Period.of(period).months
        sums = found[found["period"].isin(wanted)].groupby(["indicator", "kind"], as_index=False)[_SUMS].sum()
        judged = ask.valued(measure, sums.assign(**{n: sums[n] / shelf.PART_SCALE for n in _SUMS}), (), on)
        row = judged[judged["kind"] == kind]
        if row.empty:
            return 0.0, 0.0, None, "nodata"
        numerator, denominator, value, level = row.iloc[0][[*_SUMS, "value", "level"]]
        return numerator, denominator, None if pd.isna(value) else round(value, 6), None if pd.isna(level) else level

    return run


_SUMS = ["numerator", "denominator"]


def _frame(record: Any, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows as the store gives them: lists as JSON text."""
    names = [c.name for c in record.columns()]
    unknown = {name for row in rows for name in row} - {*names, "of"}
    assert not unknown, f"{record.spec.dataset} has no {', '.join(unknown)}"
    plain = [
        {n: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for n, v in row.items()} for row in rows
    ]
    frame = pd.DataFrame(plain, columns=[*names, "of"], index=range(len(rows)))
    for column in (c.name for c in record.columns() if c.kind in ("date", "datetime")):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601")
    return frame.assign(subject_id=frame.pop("of").astype(object).fillna("S").astype("str"))


def visit(day: str, trigger: str = "双随机", depts: Sequence[str] = ("SWJ",), **said: Any) -> dict[str, Any]:
    """A row of an inspection: found nothing, by one department, unless it says otherwise."""
    number = said.pop("number", f"{day}-{trigger}-{'-'.join(depts)}-{said.get('of', 'S')}")
    row = {"scan_id": number, "inspected_on": day, "trigger": trigger, "depts": list(depts), "result": "未发现问题"}
    return row | said


def plan(dept: str, begins: str, ends: str, **said: Any) -> dict[str, Any]:
    """A row of a planned check."""
    row = {
        "plan_no": f"{dept}-{begins}-{said.get('of', 'S')}",
        "dept": dept,
        "window_from": begins,
        "window_until": ends,
    }
    return row | {"trigger": "双随机"} | said
