"""What any domain finds in the records all domains share: incidents it may warn of, how it finds its own, and checks that
found something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd

from pilotwatch.domain import Incident, Record
from pilotwatch.frames import Frames, events, table
from pilotwatch.records import Clue, Inspection, Penalty, Referral

#: How a clue is closed that had something in it.
_CONFIRMED = ("corrected", "exempt", "penalty", "criminal")


def days_of(
    frames: Frames, record: type[Record], day: str, *fields: str, where: Callable[[pd.DataFrame], pd.Series] | None = None
) -> pd.DataFrame:  # fmt: skip
    """`subject_id` and `day` of the rows (of those for which `where` surely holds), each subject and day once."""
    rows = table(frames, record, day, *fields)
    if where is not None:
        rows = rows[where(rows).fillna(False).astype(bool)]
    found = pd.DataFrame({"subject_id": rows["subject_id"], "day": rows[day].dt.normalize()})
    return found.dropna().drop_duplicates(ignore_index=True)


def crowds(rows: pd.DataFrame, size: int, within: int) -> pd.DataFrame:
    """The days on which a subject's `size`-th row within `within` days came in: `subject_id`, `day` of `rows`, by day."""
    rows = rows.sort_values(["subject_id", "day"], kind="stable", ignore_index=True)
    earlier = rows.groupby("subject_id")["day"].shift(size - 1)
    full = (rows["day"] - earlier) < pd.Timedelta(days=within)
    return rows.loc[full, ["subject_id", "day"]].drop_duplicates(ignore_index=True)


def penalties(warned_by: Sequence[str]) -> Incident:
    """行政处罚: a decision to penalise, on its day (行政处罚法)."""
    return Incident(
        "penalty", "行政处罚", "Penalty", (Penalty,), lambda frames: days_of(frames, Penalty, "decided_on"), tuple(warned_by)
    )  # fmt: skip


def confirmed_clues(warned_by: Sequence[str]) -> Incident:
    """线索查实: a clue closed with a violation in it, on the day it was closed."""

    def find(frames: Frames) -> pd.DataFrame:
        return days_of(frames, Clue, "closed_at", "closing", where=lambda r: r["closing"].isin(_CONFIRMED))

    return Incident("confirmed_clue", "线索查实", "Clue confirmed", (Clue,), find, tuple(warned_by))


def referrals(warned_by: Sequence[str]) -> Incident:
    """移送司法: a case handed to the police (国务院令310号), on the day of the written report."""
    return Incident(
        "referral", "移送公安", "Referred to the police", (Referral,),
        lambda frames: days_of(frames, Referral, "report_on"), tuple(warned_by),
    )  # fmt: skip


def found_problems(frames: Frames, on: date) -> pd.DataFrame:
    """Of each check of a subject whether it found a problem, on its day; one that says no result counts in neither."""
    rows = table(frames, Inspection, "inspected_on", "scan_in_at", "result")
    rows = rows[rows["result"].notna()]
    return events(rows, rows["inspected_on"].fillna(rows["scan_in_at"].dt.normalize()), rows["result"].ne("未发现问题"))
