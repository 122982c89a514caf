"""What the page of disposal shows: counts, the funnel, closed on time, flow times with medians and quartiles.

Closed cases are read from counts by month, open ones by their index: no page reads events, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from pilotwatch.disposal.case import WAY, day_of
from pilotwatch.disposal.rows import STAGES, month_of
from pilotwatch.store import Desk, case_lists
from pilotwatch.store.case_lists import CaseFilter
from pilotwatch.workdays import Calendar, CalendarUnknown, now

SOON_DAYS = 5  # working days left: due soon (PRAC)
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class OnTime:
    """按期办结率 (REF-06): kept ÷ (kept + late + open and overdue), of cases due in the months; None where nothing was."""

    kept: int
    late: int
    overdue: int

    @property
    def due(self) -> int:
        return self.kept + self.late + self.overdue

    @property
    def share(self) -> float | None:
        return self.kept / self.due if self.due else None


@dataclass(frozen=True)
class Overview:
    """The measures of a scope. `states`, `closings`: name → cases; `funnel`: state → cases that ever reached it.

    `flow`: by stage (and by unit or department in `flow_by`), days at the quartiles, the mean and how many cases.
    """

    states: dict[str, int]
    open: int
    overdue: int
    soon: int
    paused: int
    unknown: int
    mine: int
    supervised: int
    on_time: OnTime
    closings: dict[str, int]
    funnel: dict[str, int]
    flow: pd.DataFrame


def overview(
    desk: Desk, calendar: Calendar, *, wanted: CaseFilter | None = None, since: str | None = None, until: str | None = None,
    at: datetime | None = None,
) -> Overview:  # fmt: skip
    """The measures in the person's scope, of months `since` to `until` ("2026-11"; default: the last twelve)."""
    at, wanted = at or now(), wanted or CaseFilter()
    since, until = since or months_before(at, 11), until or month_of(at)
    by_state = case_lists.counted(desk, ["state"], at, soon_until(at, calendar), wanted)
    told = case_lists.tallied(desk, ["reached:", "closed:", "flow:", "kept", "late"], since, until, wanted=wanted)
    total = by_state.drop(columns="state").sum()
    late_open = _narrowed(case_lists.due_months(desk, at).rename(columns={"owner": "department"}), wanted)
    return Overview(
        {s: int(n) for s, n in zip(by_state["state"], by_state["cases"], strict=True)},
        *(int(total.get(n, 0)) for n in ("cases", "overdue", "soon", "paused", "unknown", "mine", "supervised")),
        _on_time(told, _in_months(late_open, since, until)), _parts(told, "closed:"), _funnel(told), flow(told),
    )  # fmt: skip


def flow_by(
    desk: Desk, by: str, *, wanted: CaseFilter | None = None, since: str | None = None, until: str | None = None,
    at: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Flow times by `report_unit` or `department`: that column, stage, cases, p25, median, p75, mean (days)."""
    at = at or now()
    since, until = since or months_before(at, 11), until or month_of(at)
    told = case_lists.tallied(desk, ["flow:"], since, until, wanted=wanted, by=[by])
    parts = [flow(part).assign(**{by: key}) for key, part in told.groupby(by)]
    columns = [by, "stage", "cases", "p25", "median", "p75", "mean"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def on_time_by(
    desk: Desk, by: str, *, wanted: CaseFilter | None = None, since: str | None = None, until: str | None = None,
    at: datetime | None = None,
) -> dict[str, OnTime]:  # fmt: skip
    """按期办结率 by `report_unit`, `department` or `month`."""
    at, wanted = at or now(), wanted or CaseFilter()
    since, until = since or months_before(at, 11), until or month_of(at)
    told = case_lists.tallied(desk, ["kept", "late"], since, until, wanted=wanted, by=[by])
    late = _in_months(
        _narrowed(case_lists.due_months(desk, at).rename(columns={"owner": "department"}), wanted), since, until
    )
    keys = sorted({*told[by], *late[by]})
    return {k: _on_time(told[told[by] == k], late[late[by] == k]) for k in keys}


def flow(told: pd.DataFrame) -> pd.DataFrame:
    """Quartiles and mean of the days in each stage, from counts of whole days: stage, cases, p25, median, p75, mean."""
    rows = []
    for stage in STAGES:
        part = told[told["measure"] == f"flow:{stage}"].groupby("value")["cases"].sum()
        if part.sum() > 0:
            days, counts = part.index.to_numpy(float), part.to_numpy()
            at = quantiles(days, counts, QUARTILES)
            rows.append((stage, int(counts.sum()), *at, float((days * counts).sum() / counts.sum())))
    return pd.DataFrame(rows, columns=["stage", "cases", "p25", "median", "p75", "mean"])


def quantiles(values: np.ndarray, counts: np.ndarray, shares: Sequence[float]) -> list[float]:
    """Quantiles of counted values, between two by straight line (Hyndman & Fan 1996, type 7), as numpy's of them all.

    `values` ascending; `counts` how often each is there.
    """
    last = np.cumsum(counts)
    positions = [share * (last[-1] - 1) for share in shares]

    def at(index: float) -> float:
        return float(values[np.searchsorted(last, index, side="right")])

    return [at(np.floor(p)) + (p - np.floor(p)) * (at(np.ceil(p)) - at(np.floor(p))) for p in positions]


def soon_until(at: datetime, calendar: Calendar) -> datetime:
    """The end of the fifth working day from now; where the calendar ends before, the end of the fifth day."""
    from pilotwatch.disposal.clocks import count

    try:
        found = count(calendar, at, f"{SOON_DAYS}wd").due_at
    except CalendarUnknown:
        found = None
    return found or at + timedelta(SOON_DAYS)


def months_before(at: datetime, n: int) -> str:
    day = day_of(at)
    month = day.year * 12 + day.month - 1 - n
    return f"{date(month // 12, month % 12 + 1, 1):%Y-%m}"


def _narrowed(told: pd.DataFrame, wanted: CaseFilter) -> pd.DataFrame:
    for column, value in (
        ("domain", wanted.domain),
        ("report_unit", wanted.report_unit),
        ("department", wanted.department),
    ):
        if value is not None:
            told = told[told[column] == value]
    return told


def _in_months(late: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
    last = pd.to_datetime(late["due_at"], utc=True) - pd.Timedelta(microseconds=1)
    month = last.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m")
    return late.assign(month=month)[(month >= since) & (month <= until)]


def _on_time(told: pd.DataFrame, late: pd.DataFrame) -> OnTime:
    by = told.groupby("measure")["cases"].sum()
    return OnTime(int(by.get("kept", 0)), int(by.get("late", 0)), len(late))


def _parts(told: pd.DataFrame, prefix: str) -> dict[str, int]:
    part = told[told["measure"].str.startswith(prefix)].groupby("measure")["cases"].sum()
    return {name.removeprefix(prefix): int(n) for name, n in part.items() if n}


def _funnel(told: pd.DataFrame) -> dict[str, int]:
    reached = _parts(told, "reached:")
    return {state: reached.get(state, 0) for state in WAY}
