"""What is done once a day, or by hand: clocks counted again, guards found, reminders queued."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from pilotwatch.disposal import guards
from pilotwatch.disposal.case import day_of
from pilotwatch.disposal.follow import recount
from pilotwatch.disposal.machine import Rulebook
from pilotwatch.disposal.reminders import Reminder, reminders
from pilotwatch.store import SYSTEM, Person, Store, case_lists, cases
from pilotwatch.store.case_lists import CaseFilter
from pilotwatch.store.deliveries import Notice, queue
from pilotwatch.workdays import now

_LATELY = 365  # days of records that the guards look at
_MOST = 1_000_000


@dataclass(frozen=True)
class Day:
    """What a run came to: cases whose clocks moved, findings of the guards, notices queued."""

    recounted: int
    guards: dict[str, int]
    queued: int


def run(store: Store, rulebook: Rulebook, people: Sequence[Person], *, at: datetime | None = None) -> Day:
    """Does a day's work; doing it again changes nothing."""
    at = at or now()
    moved = recount(store.desk(SYSTEM), rulebook)
    found = refresh_guards(store, day_of(at))
    return Day(moved, found, len(remind(store, rulebook, people, at)))


def refresh_guards(store: Store, on: date) -> dict[str, int]:
    """Finds anew what the records of the last year say against the guards, and keeps it; gives how many of each kind."""
    desk = store.desk(SYSTEM)
    since = slice(pd.Timestamp(on - timedelta(_LATELY)).date(), None)
    visits = desk.frame(
        "inspection",
        ["id", "subject_id", "day", "depts", "joint", "trigger", "scan_id", "report_unit"],
        where={"day": since},
    )
    fines = desk.frame(
        "penalty",
        ["id", "subject_id", "decision_no", "dept", "act", "fine", "decided_on", "report_unit"],
        where={"decided_on": since},
    )
    found = [*guards.repeated(visits), *guards.double_fines(fines)]
    about = sorted({f.subject_id for f in found})
    listed = desk.subjects(["subject_id", "dataset", "name", "code", "report_unit"], where={"subject_id": about})
    listed = {r["subject_id"]: r for r in listed.drop_duplicates("subject_id").to_dict("records")}
    rows = [_row(f, listed, store) for f in found]
    kinds = ("repeated", "double_fine")
    cases.keep_found(desk, kinds, rows)
    return {k: sum(f.kind == k for f in found) for k in kinds}


def remind(store: Store, rulebook: Rulebook, people: Sequence[Person], at: datetime) -> list[str]:
    """Queues the reminders that are due for whoever has a channel and wants them; the same one is told once."""
    desk = store.desk(SYSTEM)
    open_ = case_lists.listed(desk, CaseFilter(due_before=at + timedelta(14), now=at - timedelta(3650)), limit=_MOST)
    looked = case_lists.to_look_back(desk, day_of(at))
    due = reminders(pd.concat([open_, looked], ignore_index=True), people, at, rulebook.calendar)
    return queue(desk, [notice_of(r) for r in due], at=at)


def notice_of(reminder: Reminder) -> Notice:
    return Notice(reminder.username, "reminder", reminder.key, reminder.title, reminder.lines, reminder.link)


def _row(finding: guards.Finding, listed: Mapping[str, Mapping[str, Any]], store: Store) -> dict[str, Any]:
    """A finding as it is kept; its domain is that of the list its subject is in."""
    subject = listed.get(finding.subject_id, {})
    owners = sorted(store.owners.get(subject.get("dataset", ""), ()))
    told = {n: v for n, v in subject.items() if isinstance(v, str)}
    return {
        "subject_id": cases.uuid_of(finding.subject_id), "kind": finding.kind, "ref": finding.ref,
        "domain": owners[0] if owners else "", "report_unit": told.get("report_unit") or finding.unit,
        "name": told.get("name") or told.get("code") or "", "day": finding.day,
        "departments": json.dumps(finding.departments, ensure_ascii=False),
        "rows": json.dumps(finding.rows, ensure_ascii=False, default=str),
    }  # fmt: skip
