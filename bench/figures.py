"""What follows from 1,000 rows against making everything anew, in a city of 100,000 subjects."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from bench.measure import Meter

SUBJECTS_OF_SIZE_1 = 22_000
ROWS = 1_000

#: Dataset and the column of it that a changed row states anew; `few`: rows of as few subjects as have them.
UPLOADS: tuple[tuple[str, str, bool], ...] = (
    ("sbh_house", "occupants", False),
    ("sbh_patrol", "patroller", False),
    ("ppc_issuer", "outlets", False),
    ("ppc_monthly_flow", "issuance", False),
    ("oil_station", "annual_sales_t", False),
    ("oil_sale_day", "litres", False),
    ("oil_sale_day", "litres", True),
)


def size_of(subjects: int) -> float:
    """The size of the demo city that has about so many subjects."""
    return round(subjects / SUBJECTS_OF_SIZE_1, 4)


def rebuild() -> None:
    """Everything that is kept is made anew: figures, periods, warnings, signals, risk classes."""
    from pilotwatch import risk, signals, warnings
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    parts = {"figures and warnings": warnings.update, "counts and signals": signals.update, "risk classes": risk.update}
    took = {}
    with Meter() as meter:
        for name, update in parts.items():
            before = time.process_time()
            done = update(workspace.store, workspace.registry, rebuild=True)
            took[name] = time.process_time() - before
            if update is warnings.update:
                subjects = sum(done["domains"].values())
    meter.report(subjects=subjects, parts=took)


def uploads() -> None:
    """Each of UPLOADS twice, other subjects each time; what the second cost, in a process that is warm like a server's."""
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    hooks = [_Timed(hook) for hook in workspace.store.on_change]
    workspace.store.on_change[:] = hooks
    told = []
    with Meter() as meter:
        for dataset, column, few in UPLOADS:
            for turn in range(2):
                line = _upload(workspace, dataset, column, few, turn)
                follows = sum(h.cpu for h in hooks)
                for h in hooks:
                    h.cpu = 0.0
            told.append({**line, "follows": follows})
    meter.report(uploads=told)


class _Timed:
    """A hook, and the CPU seconds it took since they were last set to 0."""

    def __init__(self, hook: Callable[..., None]):
        self.hook, self.cpu = hook, 0.0

    def __call__(self, *given: Any) -> None:
        before = time.process_time()
        self.hook(*given)
        self.cpu += time.process_time() - before


def _upload(workspace: Any, dataset: str, column: str, few: bool, turn: int) -> dict[str, Any]:
    from pilotwatch.access import SYSTEM
    from pilotwatch.demo.frames import checked
    from pilotwatch.store import Arrived

    desk, record = workspace.desk(SYSTEM), workspace.registry.dataset(dataset)
    rows = _rows(desk.frame(dataset), few, turn)
    rows[column] = rows[column].fillna("") + "。" if rows[column].dtype == "str" else rows[column].fillna(1) + 1
    table = checked(record, rows, places=workspace.places, on=date.today(), known=_Everything(rows))  # noqa: DTZ011
    before = time.process_time()
    line = desk.commit(Arrived(f"{dataset}.xlsx"), [table])
    took = time.process_time() - before
    return {
        "dataset": dataset, "rows": sum(t.changed for t in line.tables), "subjects": rows["subject_id"].nunique(),
        "commit": took, "listed": _listed(workspace, dataset),
    }  # fmt: skip


def _listed(workspace: Any, dataset: str) -> int:
    """How many subjects the lists of the dataset's domain have."""
    from pilotwatch.access import SYSTEM

    lists = [r.spec.dataset for r in workspace.registry.domain_of(dataset).subjects]
    return workspace.desk(SYSTEM).subjects(["subject_id"], where={"dataset": lists})["subject_id"].nunique()


def _rows(rows: pd.DataFrame, few: bool, turn: int) -> pd.DataFrame:
    """ROWS of the rows, other ones in each turn."""
    if few:
        ordered = rows.sort_values("subject_id", kind="stable")
        return ordered.iloc[turn * ROWS : (turn + 1) * ROWS].reset_index(drop=True)
    mixed = rows.iloc[np.random.default_rng(turn).permutation(len(rows))]
    first = mixed.drop_duplicates("subject_id")
    return pd.concat([first, mixed.drop(first.index)]).iloc[:ROWS].reset_index(drop=True)


class _Everything(dict[str, Any]):
    """References may name whatever the rows name: it was stored, so it was known."""

    def __init__(self, rows: pd.DataFrame):
        self._words = {v for n in rows.select_dtypes(["str", "object"]) for v in rows[n].dropna()}

    def get(self, _dataset: str, _default: Any = None) -> set[str]:
        return self._words


if __name__ == "__main__":
    {"rebuild": rebuild, "uploads": uploads}[sys.argv[1]]()
