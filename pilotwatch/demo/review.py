"""What units of the demo city told of the policy's tasks, and which of them are pilots of the reform."""

from __future__ import annotations

from datetime import date

import numpy as np

from pilotwatch import review
from pilotwatch.reform import NAME as REFORM
from pilotwatch.review import policy
from pilotwatch.store import SYSTEM
from pilotwatch.store.policy import PolicySaid, add_policy_entries
from pilotwatch.workspace import Workspace

_PILOTS = ("650102", "650105", "650109")
_PROOF = "年度工作总结及台账（演示）"


def plant(workspace: Workspace, on: date, seed: int) -> None:
    """Proof of most tasks in most years, some of them missing, and three pilots drawn by lot a year before."""
    desk = workspace.store.desk(SYSTEM)
    data, places = workspace.settings.data, workspace.places
    rng = np.random.default_rng([seed, 78])
    entries = []
    for task in policy.tasks(data):
        for unit in places.units:
            steady = rng.random() < 0.85  # who keeps a task up tells of it each year
            for year in range(2023, on.year + 1):
                if rng.random() < (0.97 if steady else 0.45) - 0.25 * (year == on.year):
                    day = min(
                        date(year, 12, int(rng.integers(1, 28)))
                        if year == 2023
                        else date(year, int(rng.integers(2, 12)), 15),
                        on,
                    )
                    text = f"{year}年“{task.title.zh}”工作情况（演示）"
                    entries.append(PolicySaid(task.number, unit.code, "evidence", day, text, _PROOF))
    add_policy_entries(desk, sorted(entries, key=lambda e: e.day))
    month = f"{on.year - 1}-{on.month:02}"
    units = [u.code for u in places.units if u.code in _PILOTS]
    if units:
        review.set_pilots(desk, workspace.registry, places, REFORM, units, month, "lottery", "抽签产生（演示）")
