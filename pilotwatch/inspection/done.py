"""What the plan has to know of the past: who was visited when, by whom and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.reform.common import PLANNED, exploded
from pilotwatch.store import Desk

_COLUMNS = ("subject_id", "day", "depts", "items", "trigger", "task_no", "off_site", "inspected_on", "scan_in_at")
_DAY = "datetime64[s]"


@dataclass(frozen=True)
class Done:
    """`checks`: subject_id, department, item, day, planned, task_no: a row for each department and matter of each check, on
    site or not; `visits`: subject_id, department, day, planned, task_no: a row for each department of each visit on site."""

    checks: pd.DataFrame
    visits: pd.DataFrame

    def used(self, year: int) -> pd.Series:
        """Planned visits of each subject in a calendar year: days on which some department came by plan."""
        rows = self.visits[self.visits["planned"] & (self.visits["day"].dt.year == year)]
        return rows.drop_duplicates(["subject_id", "day"])["subject_id"].value_counts()

    def since(self, day: date) -> pd.DataFrame:
        """Planned visits after a day: subject_id, day."""
        rows = self.visits[self.visits["planned"] & (self.visits["day"] > pd.Timestamp(day))]
        return rows[["subject_id", "day"]].drop_duplicates(ignore_index=True)


def done(desk: Desk, since: date, until: date) -> Done:
    """What was checked from `since` to `until`, both included, of the subjects in scope."""
    rows = desk.frame("inspection", _COLUMNS, where={"day": slice(since, until + timedelta(days=1))})
    return of_rows(rows)


def of_rows(rows: pd.DataFrame) -> Done:
    """`rows`: subject_id, day, depts and items (JSON lists), trigger, task_no, off_site."""
    rows = rows.assign(
        day=pd.to_datetime(rows["day"]).astype(_DAY),
        planned=rows["trigger"].isin(PLANNED).to_numpy(bool),
        off=rows["off_site"].fillna(False).astype(bool),
    )
    each = exploded(rows[["subject_id", "day", "depts", "items", "planned", "task_no", "off"]], "depts")
    each = each.rename(columns={"depts": "department"})
    checks = exploded(each, "items").rename(columns={"items": "item"})
    visits = each[~each["off"]].drop(columns=["items", "off"])
    return Done(checks.drop(columns="off").reset_index(drop=True), visits.reset_index(drop=True))


def finished(plans: pd.DataFrame, past: Done) -> np.ndarray:
    """Which plans (subject_id, department, own_first, own_last, task_no) were carried out: a check of their task, or a planned
    one of their department in their own window."""
    tasks = past.checks.dropna(subset=["task_no"])
    known = set(zip(tasks["subject_id"], tasks["task_no"], strict=True))
    by_task = np.fromiter(
        ((s, t) in known for s, t in zip(plans["subject_id"], plans["task_no"], strict=True)), bool, len(plans)
    )
    near = plans[["subject_id", "department", "own_first", "own_last"]].reset_index(drop=True).reset_index()
    came = past.checks.loc[past.checks["planned"], ["subject_id", "department", "day"]].drop_duplicates()
    near = near.astype({"subject_id": object, "department": object}).merge(
        came.astype({"subject_id": object, "department": object}), on=["subject_id", "department"]
    )
    inside = near[(near["day"] >= near["own_first"]) & (near["day"] <= near["own_last"])]["index"]
    return by_task | np.isin(np.arange(len(plans)), inside)


def barred(past: Done, items: pd.DataFrame, recognised: int) -> pd.DataFrame:
    """Until when each matter of each check may not be checked again, and by whose result.

    `items`: index of checks, with subject_id, department, item. A department checks a matter once in twelve months (REF-07);
    another department's result is recognised for `recognised` days. Returns, by the same index: `until`, the last day that is
    barred (NaT: free), `by` (the department), `on` (the day), of the result that bars longest.
    """
    old = past.checks.loc[past.checks["planned"], ["subject_id", "item", "department", "day"]]
    old = old.sort_values("day").drop_duplicates(["subject_id", "item", "department"], keep="last")
    old = old.rename(columns={"department": "by", "day": "on"}).astype(
        dict.fromkeys(("subject_id", "item", "by"), object)
    )
    asked = (
        items.reset_index(drop=True).reset_index().astype(dict.fromkeys(("subject_id", "item", "department"), object))
    )
    both = asked.merge(old, on=["subject_id", "item"])
    same = both["by"] == both["department"]
    theirs, own = both["on"] + pd.Timedelta(days=recognised - 1), both["on"] + pd.DateOffset(months=12, days=-1)
    both["until"] = theirs.where(~same, own).astype(_DAY)
    last = both.sort_values("until").drop_duplicates("index", keep="last").set_index("index")
    return last[["until", "by", "on"]].reindex(range(len(items))).set_index(items.index)
