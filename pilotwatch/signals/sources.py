"""Where the statements of a contradiction come from: the rows of each side, down to file, sheet and row."""

from __future__ import annotations

import re
from datetime import timedelta

import pandas as pd

from pilotwatch.domain import Contradiction
from pilotwatch.store import Desk

MOST = 200  # rows of one side

_COLUMNS = ("id", "batch_id", "sheet", "source_row", "day")


def span_of(period: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last day of what a contradiction is about, as its `period` says it; None where it names none.

    >>> [f"{day:%Y-%m-%d}" for day in span_of("2026-10 92#")]
    ['2026-10-01', '2026-10-31']
    >>> [f"{day:%Y-%m-%d}" for day in span_of("2026Q3")]
    ['2026-07-01', '2026-09-30']
    >>> [f"{day:%Y-%m-%d}" for day in span_of("2026-08-26/2026-11-23")]
    ['2026-08-26', '2026-11-23']
    """
    if found := re.match(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?$", period):
        return pd.Timestamp(found[1]), pd.Timestamp(found[2] or found[1])
    if found := re.match(r"\d{4}-\d\d(?!\d|-)|\d{4}Q[1-4]", period):
        whole = pd.Period(found[0], "Q" if "Q" in found[0] else "M")
        return whole.start_time, whole.end_time.normalize()
    return None


def sources(desk: Desk, kind: Contradiction, subject_id: str, period: str) -> dict[str, pd.DataFrame]:
    """The current rows of the subject in each side's dataset, by the side's name: id, batch_id, sheet, source_row, day.

    Of a span of days only its own rows, with the day before it and the day after (a stock is taken at midnight); of a
    record without days, or where none lies in the span, all of them. The newest first, at most `MOST`.
    """
    span, found = span_of(period), {}
    for side in kind.sides:
        rows = desk.frame(side.record.spec.dataset, list(_COLUMNS), subjects=[subject_id])
        if span:
            first, last = span[0] - timedelta(days=1), span[1] + timedelta(days=1)
            inside = rows[(rows["day"] >= first) & (rows["day"] <= last)]
            rows = inside if len(inside) else rows
        found[side.name] = rows.sort_values("day", ascending=False, kind="stable").head(MOST).reset_index(drop=True)
    return found
