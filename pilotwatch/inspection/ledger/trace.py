"""From a row of the ledger, or a visit that could have been another's, back to file, sheet and row."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pilotwatch.store import Desk, lookup

_ROW = ("subject_id", "id", "batch_id", "sheet", "source_row", "record_key", "day", "task_no", "scan_id", "off_site")


def sources(desk: Desk, visits: pd.DataFrame) -> pd.DataFrame:
    """The inspection rows behind visits (with subject_id, day, task_no, scan_id): `visit` (its index), id, record_key,
    file, sheet, source_row, batch_id; those in the person's scope.

    A visit with a task is all rows of its subject, day and task; one without is the row of its number.
    """
    rows = inspections(desk, visits["subject_id"].astype(str).unique().tolist())
    about = (
        visits[["subject_id", "task_no", "scan_id"]].astype(object).assign(day=visits["day"].astype("datetime64[s]"))
    )
    about = about.assign(visit=visits.index, task_no=about["task_no"].where(about["task_no"].notna(), ""))
    pairs = rows.merge(about, on=["subject_id", "day"], suffixes=("", "_of"))
    task = pairs["task_no"].ne("") & pairs["task_no"].eq(pairs["task_no_of"])
    found = pairs[task | (pairs["task_no_of"].eq("") & pairs["scan_id"].eq(pairs["scan_id_of"]))]
    files = {i: line.file for i, line in lookup.batches(desk, set(found["batch_id"])).items() if line}
    found = found.assign(file=found["batch_id"].map(files)).sort_values(["visit", "record_key"], kind="stable")
    names = ["visit", "subject_id", "id", "record_key", "file", "sheet", "source_row", "batch_id"]
    return found[names].reset_index(drop=True)


def inspections(desk: Desk, subjects: Sequence[str]) -> pd.DataFrame:
    """The rows of these subjects that tell of visits, `day` without its time, "" where no task is named."""
    rows = desk.frame("inspection", [*_ROW, "inspected_on", "scan_in_at"], subjects=subjects)
    rows = rows[~rows["off_site"].fillna(False).astype(bool)]
    day = rows["inspected_on"].fillna(rows["scan_in_at"]).dt.normalize().astype("datetime64[s]")
    texts = rows.astype({n: object for n in ("subject_id", "task_no", "scan_id", "batch_id", "record_key", "sheet")})
    return texts.assign(day=day, task_no=texts["task_no"].where(texts["task_no"].notna(), ""))
