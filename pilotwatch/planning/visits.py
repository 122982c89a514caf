"""A state as frames: visits, their checks, and the teams that go."""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd

from pilotwatch.planning.board import Laid
from pilotwatch.planning.kernels import State
from pilotwatch.planning.model import Problem

#: The name space of visits that nobody pinned: one of the same checks has the same id in every plan.
VISITS = uuid.uuid5(uuid.NAMESPACE_URL, "pilotwatch:planning:visit")


def told(problem: Problem, laid: Laid, state: State, day_hours: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plan.visits and Plan.checks."""
    due = problem.due
    item = laid.of_item
    day = state.day[item]
    keep = day >= 0
    rows = due.loc[keep, ["check_id", "subject_id", "unit", "street", "department", "hours", "pinned_visit"]].copy()
    rows["root"], rows["day"] = state.visit[item][keep], laid.days[day[keep]].astype("datetime64[s]")
    rows["planned"] = (due["trigger"] == "planned")[keep]
    rows["pinned"] = laid.board.pinned[item][keep] | due["pinned_visit"].notna()[keep]
    rows = rows.sort_values(["day", "unit", "street", "subject_id", "root", "department", "check_id"], kind="stable")
    groups = rows.groupby("root", sort=False)
    visits = groups.agg(
        subject_id=("subject_id", "first"), unit=("unit", "first"), street=("street", "first"), day=("day", "first"),
        planned=("planned", "any"), pinned=("pinned", "any"), kept=("pinned_visit", "first"),
    )  # fmt: skip
    if not len(rows):
        visits = visits.assign(departments=[], checks=[], hours=[], visit_id=[], week=visits["day"], team=[])
    else:
        visits["departments"] = groups["department"].agg(lambda names: tuple(dict.fromkeys(names)))
        visits["checks"] = groups["check_id"].agg(tuple)
        visits["hours"] = rows.groupby(["root", "department"])["hours"].sum().groupby("root").max()
        visits["week"] = visits["day"] - pd.to_timedelta(visits["day"].dt.day_of_week, unit="D")
        visits["visit_id"] = [
            kept if kept is not None and kept == kept else str(uuid.uuid5(VISITS, "\n".join(sorted(checks))))
            for kept, checks in zip(visits["kept"], visits["checks"], strict=True)
        ]
        visits["team"] = _teams(visits, day_hours)
    checks = rows[["check_id", "root", "day"]].assign(visit_id=rows["root"].map(visits["visit_id"]))
    columns = ["visit_id", "subject_id", "unit", "street", "day", "week", "team", "departments", "checks", "hours", "planned", "pinned"]  # fmt: skip
    return visits[columns].reset_index(drop=True), checks[["check_id", "visit_id", "day"]].reset_index(drop=True)


def _teams(visits: pd.DataFrame, day_hours: float) -> np.ndarray:
    """Visits of a unit, day and street share a team while it has time; a team never leaves its street that day."""
    number = np.zeros(len(visits), dtype=np.int64)
    last, left = {}, {}
    for k, (unit, day, street, hours) in enumerate(
        zip(visits["unit"], visits["day"], visits["street"], visits["hours"], strict=True)
    ):
        here = left.setdefault((unit, day, street), [])
        team = next((t for t in here if t[1] >= hours - 1e-9), None)
        if team is None:
            last[unit, day] = last.get((unit, day), 0) + 1
            team = [last[unit, day], max(day_hours, hours)]
            here.append(team)
        team[1] -= hours
        number[k] = team[0]
    return number
