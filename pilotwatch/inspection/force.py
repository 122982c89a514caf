"""Who there is to go: hours of each department, unit and week; and what a year of work would take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

import pandas as pd

from pilotwatch.inspection import frequencies
from pilotwatch.reform.common import PLANNED
from pilotwatch.store import Desk, plan_means
from pilotwatch.workdays import today

#: Below so many inspectors a department is counted for the whole city: a pool of a fraction of a person can do nothing.
WHOLE_CITY_BELOW = 2
#: How much of the hours an estimate leaves free (PRAC): plans that use more than that leave no room for what comes up.
SLACK = 1.25


def capacity(
    desk: Desk, checks: pd.DataFrame, days: Sequence[date], day_hours: float, arranged: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:  # fmt: skip
    """Hours by department, unit ("" the whole city) and week, less what adopted plans took; and the departments without an
    entry, whose hours are as many as they need.

    `checks`: department, unit, hours. A unit's pool goes first; where it has none, the city's.
    """
    weeks = pd.Series(pd.DatetimeIndex(days))
    weeks = (weeks - pd.to_timedelta(weeks.dt.day_of_week, unit="D")).value_counts().sort_index()
    there = plan_means.force(desk)
    rows = there.merge(pd.DataFrame({"week": weeks.index, "days": weeks.to_numpy()}), how="cross")
    rows["hours"] = rows["inspectors"] * rows["hours"] * rows["days"]
    rows = rows[["department", "unit", "week", "hours"]]
    rows = _less(rows, arranged, there)
    lacking = sorted(set(checks["department"]) - set(there["department"]))
    if lacking:
        wanted = checks[checks["department"].isin(lacking)].groupby("department")["hours"].sum()
        room = wanted.clip(lower=day_hours).rename("hours").reset_index().assign(unit="")
        rows = pd.concat([rows, room.merge(pd.DataFrame({"week": weeks.index}), how="cross")], ignore_index=True)
    return rows[["department", "unit", "week", "hours"]].reset_index(drop=True), tuple(lacking)


def _less(rows: pd.DataFrame, arranged: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """The rows less the hours that adopted visits take."""
    if arranged.empty:
        return rows
    own = set(zip(there["department"], there["unit"], strict=True))
    day = arranged["day"].astype("datetime64[s]")
    spent = arranged.assign(
        week=day - pd.to_timedelta(day.dt.day_of_week, unit="D").astype("timedelta64[s]"),
        unit=[u if (d, u) in own else "" for d, u in zip(arranged["department"], arranged["report_unit"], strict=True)],
    )
    spent = spent.groupby(["department", "unit", "week"])["hours"].sum()
    key = pd.MultiIndex.from_frame(rows[["department", "unit", "week"]])
    return rows.assign(hours=(rows["hours"] - spent.reindex(key).fillna(0.0).to_numpy()).clip(lower=0.0))


def estimate(desk: Desk, on: date | None = None) -> pd.DataFrame:
    """How many inspectors the planned checks of the last twelve months would take, as `plan_means.force` has them: the hours
    of all plans over the year's working days, a quarter more. Small departments are counted for the whole city."""
    on = on or today()
    names = ["dept", "minutes", "officers_needed", "report_unit", "trigger"]
    rows = desk.frame("planned_check", names, where={"day": slice(on - timedelta(days=365), on)})
    rows = rows[rows["trigger"].isin(PLANNED) & rows["dept"].notna()]
    hours = rows["minutes"].fillna(60) / 60 * rows["officers_needed"].fillna(frequencies.OFFICERS)
    day_hours = frequencies.rules(desk).day_hours
    need = (hours.groupby([rows["dept"], rows["report_unit"].fillna("")]).sum() * SLACK / (245 * day_hours)).rename(
        "need"
    )
    table = need.rename_axis(["department", "unit"]).reset_index()
    table["inspectors"] = table["need"].map(ceil).clip(lower=frequencies.OFFICERS)
    busy = table.groupby("department")["need"].transform("sum") >= WHOLE_CITY_BELOW * table["unit"].nunique()
    split = table[busy & (table["unit"] != "")]
    whole = table[~busy].groupby("department")["need"].sum().map(ceil).clip(lower=frequencies.OFFICERS)
    pooled = whole.rename("inspectors").reset_index().assign(unit="")
    made = pd.concat([split[["department", "unit", "inspectors"]], pooled], ignore_index=True)
    return made.assign(hours=day_hours).sort_values(["department", "unit"], ignore_index=True)[
        ["department", "unit", "inspectors", "hours"]
    ]


def plant(desk: Desk, on: date) -> int:
    """Gives a demo city the inspectors that its work would take; returns how many pools there are."""
    rows = estimate(desk, on)
    plan_means.set_force(desk, rows.to_dict("records"), whole=True)
    return len(rows)
