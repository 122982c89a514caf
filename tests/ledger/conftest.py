"""Frames of a few rows, as the tests of the reform's measures write them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from pilotwatch.records import Inspection, PlannedCheck
from tests.reform.conftest import _frame


@pytest.fixture
def frames() -> Callable[..., dict[str, pd.DataFrame]]:
    """`frames([visit(…)], [plan(…)])`: a row belongs to the subject "S" unless it names another as `of`."""
    return lambda visits, plans=(): {
        "inspection": _frame(Inspection, visits),
        "planned_check": _frame(PlannedCheck, plans),
    }
