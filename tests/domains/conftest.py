"""Rows in, value and colour out: how the tests of indicators are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pilotwatch import registry
from pilotwatch.levels import level_of

ON = date(2026, 11, 23)
Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def domains() -> registry.Registry:
    return registry.load()


@pytest.fixture
def judge(domains) -> Callable[..., tuple[float | None, str]]:
    """`judge("OIL-05", on, oil_station=[{…}], …)` → (value, level) of the one subject "S", None for NaN.

    Every row belongs to "S"; a dataset that isn't given has no rows.
    """

    def run(code: str, on: date, **rows: Rows) -> tuple[float | None, str]:
        indicator = next(i for i in domains.indicators if i.code == code)
        read = (*indicator.needs, *indicator.registers)
        frames = {r.spec.dataset: _frame(r, rows.pop(r.spec.dataset, ())) for r in read}
        assert not rows, f"{code} doesn't need {', '.join(rows)}"
        values = indicator.compute(frames, on)
        assert list(values.index) == ["S"]
        number = values["S"] if isinstance(values, pd.Series) else values.at["S", "value"]
        value = None if pd.isna(number) else round(float(number), 9)
        return value, level_of(values, indicator.in_force(on).levels)["S"]

    return run


def _frame(record: Any, rows: Rows) -> pd.DataFrame:
    names = [c.name for c in record.columns()]
    unknown = {name for row in rows for name in row} - set(names)
    assert not unknown, f"{record.spec.dataset} has no {', '.join(unknown)}"
    frame = pd.DataFrame(rows, columns=names, index=range(len(rows)))
    return frame.assign(subject_id="S")
