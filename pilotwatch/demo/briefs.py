"""Briefs that the demo city has issued: a district's of the last month and of the running one, and a schedule."""

from __future__ import annotations

from datetime import date

from pilotwatch import access, brief
from pilotwatch.store import brief_jobs
from pilotwatch.workspace import Workspace

_UNIT, _LEADER = "650102", "tianshan"


def plant(workspace: Workspace, on: date) -> None:
    """Two kept briefs of one unit, on one page each, and a weekly schedule of its leader."""
    leader = access.person(workspace.store, _LEADER)
    if leader is None or _UNIT not in {u.code for u in workspace.places.units}:
        return
    last = date(on.year, on.month, 1).toordinal() - 1
    for period in (f"{date.fromordinal(last):%Y-%m}", f"{on:%Y-%m}"):
        brief.issue(workspace, leader, brief.Order(_UNIT, period))
    brief_jobs.add_schedule(workspace.desk(leader), "weekly", [_UNIT])
