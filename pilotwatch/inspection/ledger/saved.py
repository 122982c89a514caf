"""The ledger: a row for every visit that saved some, with the separate visits it stood for; pure, from frames.

It counts what REF-02 counts (`reform.visits.SAVED`): in a visit of several departments each but one saved a visit.
"""

from __future__ import annotations

import json
import uuid
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.frames import Frames
from pilotwatch.identity import NAMESPACE
from pilotwatch.inspection.ledger.past import plans_of
from pilotwatch.reform.common import checks, exploded, visits

#: What made one visit of several, the strongest evidence first.
RULES: dict[str, Text] = {
    "plans": Text("各部门计划时段重叠，合并执行", "The departments' planned windows overlapped"),
    "task": Text("多部门在同一任务下同日检查", "Several departments under one task on one day"),
    "record": Text("一条检查记录列明多个部门", "One record names several departments"),
    "declared": Text("登记为联合检查，未填写配合部门", "Declared joint, the other departments not named"),
}

COLUMNS = (
    "subject_id", "id", "month", "day", "task_no", "scan_id", "trigger", "planned", "departments", "saved", "rule",
    "replaced",
)  # fmt: skip


def saved(frames: Frames, on: date) -> pd.DataFrame:
    """The visits by `on` that saved some, a row each: COLUMNS.

    `departments`: JSON list. `replaced`: JSON: by department the plan that would else have been a visit of its own
    (`department`, and where known `plan_no`, `from`, `until`); the first one is the visit that was made anyway.
    """
    rows = visits(frames, on)
    rows = rows[rows["teams"] > 1].sort_values(["subject_id", "day", "scan_id"], kind="stable").reset_index(drop=True)
    own = _replaced(frames, rows)
    named = [json.loads(t) if isinstance(t, str) else [] for t in rows["depts"]]
    several = _of_several_rows(frames, on, rows)
    alone = np.array([len(n) < 2 for n in named], bool)
    known = np.array([sum("plan_no" in r for r in one) > 1 for one in own], bool)
    rule = np.select([alone, known, several], ["declared", "plans", "task"], "record")
    task = rows["task_no"].astype(object).where(rows["task_no"].notna(), "")
    scan = rows["scan_id"].astype(object).where(rows["scan_id"].notna(), "")
    days = rows["day"].dt.strftime("%Y-%m-%d").astype(object)
    numbers = [f"visit:{s}|{d}|{t or c}" for s, d, t, c in zip(rows["subject_id"], days, task, scan, strict=True)]
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"].astype(object),
            "id": pd.Series([str(uuid.uuid5(NAMESPACE, n)) for n in numbers], dtype=object),
            "month": days.str[:7].astype(object), "day": rows["day"], "task_no": task, "scan_id": scan,
            "trigger": rows["trigger"].astype(object), "planned": rows["planned"].astype(bool),
            "departments": pd.Series([json.dumps(n) for n in named], dtype=object),
            "saved": rows["teams"].astype("int64") - 1, "rule": pd.Series(rule, dtype=object),
            "replaced": pd.Series([json.dumps(o, ensure_ascii=False) for o in own], dtype=object),
        },
        columns=list(COLUMNS),
    )  # fmt: skip


def _replaced(frames: Frames, rows: pd.DataFrame) -> list[list[dict[str, str]]]:
    """By visit, what each of its departments would have gone for alone."""
    items = exploded(rows[["subject_id", "day", "task_no", "depts"]].reset_index(names="visit"), "depts")
    items = items.rename(columns={"depts": "dept"})
    plans = plans_of(frames, items[["subject_id", "dept", "day", "task_no"]])
    found: list[list[dict[str, str]]] = [[] for _ in range(len(rows))]
    for visit, dept, plan, first, last in zip(
        items["visit"], items["dept"], plans["plan_no"], plans["window_from"], plans["window_until"], strict=True
    ):
        told = {"department": dept}
        if isinstance(plan, str):
            told |= {"plan_no": plan, "from": f"{first:%Y-%m-%d}", "until": f"{last:%Y-%m-%d}"}
        found[visit].append(told)
    return found


def _of_several_rows(frames: Frames, on: date, rows: pd.DataFrame) -> np.ndarray:
    """Which visits several rows tell of: those of one subject, day and task."""
    every = checks(frames, on)
    every = every[~every["off"].fillna(False).astype(bool)].dropna(subset=["task_no"])
    key = ["subject_id", "day", "task_no"]
    size = every.groupby(key).size()
    found = size.reindex(pd.MultiIndex.from_frame(rows[key])) if len(size) else pd.Series(0, index=rows.index)
    return (found.fillna(0) > 1).to_numpy()
