"""What the reform's measures share: visits, of whom several departments may have written, and the plans behind them.

A *visit* (入企户次) is one entry of one team at one subject on one day, however many departments are in it: rows of one
subject, day and task are one visit. What is done off site is no visit. *Planned* are random, key, special and routine
checks; the others have a cause (C.4). What is dated after `on` wasn't there yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from pilotwatch.frames import Frames, joinable, once, table
from pilotwatch.records import Inspection, PlannedCheck

PLANNED = ("双随机", "重点", "专项", "日常")

_VISIT = (
    "scan_id", "task_no", "depts", "items", "joint", "trigger", "inspected_on", "scan_in_at", "exempt_reason", "result",
    "problems", "rating", "off_site", "published_on",
)  # fmt: skip


def checks(frames: Frames, on: date) -> pd.DataFrame:
    """Every check by `on`, on site and off, a row each: `day`, `planned`, and `off` where it is known."""
    return once(frames, _checks, on)


def visits(frames: Frames, on: date) -> pd.DataFrame:
    """The visits by `on`, a row each: subject_id, day, trigger, planned, `teams` (departments in it), joint, `found`
    (a problem; unknown where nothing is said), published_on, rating, scan_id, scan_in_at, exempt_reason, depts, items.
    """
    return once(frames, _visits, on)


def plans(frames: Frames, on: date) -> pd.DataFrame:
    """The planned checks whose window has begun by `on` or was published by then, with `finished_on`: the day of the visit."""
    return once(frames, _plans, on)


def _checks(frames: Frames, on: date) -> pd.DataFrame:
    rows = table(frames, Inspection, *_VISIT)
    rows["day"] = rows["inspected_on"].fillna(rows["scan_in_at"]).dt.normalize()
    rows = rows[rows["day"] <= pd.Timestamp(on)]
    return rows.assign(planned=rows["trigger"].isin(PLANNED), off=rows["off_site"])


def _visits(frames: Frames, on: date) -> pd.DataFrame:
    rows = checks(frames, on)
    rows = rows[~rows["off"].fillna(False).astype(bool)].drop(columns="off")
    rows["teams"] = _teams(rows["depts"])
    said = rows["problems"].notna() | rows["result"].notna()
    bad = rows["result"].isin(["发现问题", "责令改正", "移送"]) | (rows["problems"].notna() & rows["result"].isna())
    rows["found"] = bad.astype("boolean").mask(~said)
    rows = _one_a_visit(rows)
    rows["joint"] = rows["joint"].fillna(False).astype(bool) | (rows["teams"] > 1)
    rows["teams"] = rows["teams"].clip(lower=1).where(~rows["joint"], rows["teams"].clip(lower=2))
    return rows.reset_index(drop=True)


def _teams(depts: pd.Series) -> pd.Series:
    """How many departments a JSON list of codes names."""
    return (depts.str.count('"') // 2).fillna(0).astype("int64")


def _one_a_visit(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one subject, day and task put together: the departments of all, the worst result, the first to scan in."""
    key = ["subject_id", "day", "task_no"]
    several = rows["task_no"].notna() & rows.duplicated(key, keep=False)
    if not several.any():
        return rows
    groups = rows[several].groupby(key, sort=False)
    together = groups.agg(
        {**{c: "first" for c in rows.columns if c not in key}, "found": "max", "scan_in_at": "min", "joint": "max"}
    )
    together["depts"] = groups["depts"].agg(_union)
    together["items"] = groups["items"].agg(_union)
    together["teams"] = _teams(together["depts"])
    merged = pd.concat([rows[~several], together.reset_index()[list(rows.columns)]], ignore_index=True)
    return merged.astype({"found": "boolean", "joint": "boolean"})


def _union(lists: Iterable[str]) -> str:
    return json.dumps(list(dict.fromkeys(v for text in lists if isinstance(text, str) for v in each(text))))


@lru_cache(maxsize=4096)
def each(text: str) -> tuple[str, ...]:
    """The members of a JSON list of texts."""
    return tuple(json.loads(text))


def exploded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row for each member of the column's JSON list; none for an empty one."""
    lists = [each(t) if isinstance(t, str) else () for t in rows[column]]
    sizes = np.fromiter(map(len, lists), dtype="int64", count=len(lists))
    long = rows.drop(columns=column).iloc[np.repeat(np.arange(len(rows)), sizes)].reset_index(drop=True)
    return long.assign(**{column: pd.Series([member for members in lists for member in members], dtype="str")})


def _plans(frames: Frames, on: date) -> pd.DataFrame:
    rows = table(
        frames, PlannedCheck, "dept", "items", "item_code", "trigger", "window_from", "window_until", "mergeable",
        "published_on", "task_no",
    )  # fmt: skip
    today = pd.Timestamp(on)
    rows = rows[(rows["window_from"] <= today) | (rows["published_on"] <= today)].reset_index(drop=True)
    return rows.assign(finished_on=_finished(rows, visits(frames, on)))


def _finished(plans: pd.DataFrame, done: pd.DataFrame) -> pd.Series:
    """When each plan was carried out: the first visit of its task, else of its department within its window; NaT: never."""
    key = ["subject_id", "task_no"]
    tasks = done.dropna(subset=["task_no"]).groupby(key, as_index=False)["day"].min()
    by_task = joinable(plans[key]).merge(joinable(tasks), on=key, how="left")["day"]
    by_dept = exploded(done.loc[done["planned"], ["subject_id", "day", "depts"]], "depts")
    near = plans[["subject_id", "dept", "window_from", "window_until"]].reset_index()
    near = joinable(near).merge(joinable(by_dept), left_on=["subject_id", "dept"], right_on=["subject_id", "depts"])
    near = near[(near["day"] >= near["window_from"]) & (near["day"] <= near["window_until"])]
    in_window = near.groupby("index")["day"].min().reindex(plans.index)
    return pd.to_datetime(by_task.fillna(in_window))


def year_before(on: date) -> pd.Timestamp:
    """The day after which the twelve months that end with `on` begin."""
    return pd.Timestamp(on) - pd.DateOffset(months=12)


def lately(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """The rows of the twelve months that end with `on`."""
    return rows[rows["day"] > year_before(on)]


def per_subject(rows: pd.DataFrame) -> pd.DataFrame:
    """The subjects of the rows, one row each."""
    return rows[["subject_id"]].drop_duplicates()
