"""The office of briefs: one pass begins what fell due of the schedules and makes what waits, one unit after the other.

Several replicas may run it; a lease lets one of them at a time, and runs out should that one die. What was being made then
is made anew by the next one, and kept once: its number is given before, and its key is taken in the transaction that
keeps it, marks it as made and queues what is to be told.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from pilotwatch.brief import due, words
from pilotwatch.brief.issuing import Order, Workspace, issue
from pilotwatch.store import StoreRefused, brief_jobs, leases
from pilotwatch.store.brief_jobs import Task
from pilotwatch.workdays import now

LEASE = "briefs"
LEASE_LENGTH = timedelta(minutes=5)  # longer than any one brief takes

_log = logging.getLogger("pilotwatch.brief")


@dataclass
class Passed:
    """What one pass did. `begun`: jobs of schedules; `ended`: schedules whose maker's rights had changed; `led` is False
    where another process was at it."""

    led: bool = True
    begun: int = 0
    ended: int = 0
    made: int = 0
    failed: int = 0  # failed or to be tried again

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def run(house: Workspace, *, at: datetime | None = None, holder: str | None = None) -> Passed:
    """One pass: begins what is due `at` (default: now) and makes all that waits, unless another process is at it."""
    moment, name, store = at or now(), holder or _me(), house.store
    passed = Passed()
    _begin(house, moment, passed)
    if not brief_jobs.waiting(store):
        return passed
    if not leases.hold(store, LEASE, name, moment, LEASE_LENGTH):
        passed.led = False
        return passed
    tried: set[tuple[str, str]] = set()
    try:
        while leases.hold(store, LEASE, name, at or now(), LEASE_LENGTH):
            task = brief_jobs.take(store, moment, tried)
            if task is None:
                break
            tried.add((task.job.id, task.unit))
            if _make(house, task, at):
                passed.made += 1
            else:
                passed.failed += 1
            time.sleep(0)  # whoever waits for a page goes first
        return passed
    finally:
        leases.release(store, LEASE, name, at or now())


def start(house: Workspace) -> threading.Thread:
    """A pass at once, beside whatever else the process does, for somebody who waits for it."""
    thread = threading.Thread(target=_quietly, args=(house,), name="briefs", daemon=True)
    thread.start()
    return thread


def _quietly(house: Workspace) -> None:
    try:
        run(house)
    except Exception:  # the background's next pass goes on; what went wrong is in the log
        _log.exception("a pass of the briefs failed")


def _begin(house: Workspace, moment: datetime, passed: Passed) -> None:
    """Begins the jobs of the schedules that fell due, each once; ends those whose maker's rights have changed."""
    standing = brief_jobs.standing(house.store)
    if not standing:
        return
    calendar = house.calendar()
    slots = [(s, p, slot) for s, p in standing for slot in due.due(s.rhythm, s.at, moment, calendar)]
    begun = brief_jobs.begun(house.store, {f"schedule:{s.id}:{slot.name}" for s, _, slot in slots})
    for schedule, person in standing:
        if person is None:
            brief_jobs.end_for_rights(house.store, schedule, moment)
            passed.ended += 1
    for schedule, person, slot in slots:
        if person is not None and f"schedule:{schedule.id}:{slot.name}" not in begun:
            new = brief_jobs.begin_due(house.store, person, schedule, slot.name, slot.period, moment)
            passed.begun += new is not None


def _make(house: Workspace, task: Task, at: datetime | None) -> bool:
    """Makes one; what goes wrong with it is noted and doesn't keep the others."""
    moment = at or now()
    if task.person is None:
        brief_jobs.fail(house.store, task, words.RIGHTS, moment, final=True)
        return False
    job = task.job
    order = Order(task.unit or None, job.period, job.form, job.language, job.audience)  # type: ignore[arg-type]
    try:
        issue(
            house, task.person, order, key=task.key, series=task.series, number=task.number, item=(job.id, task.unit), at=at
        )  # fmt: skip
    except StoreRefused as no:
        brief_jobs.fail(house.store, task, no.message, moment, final=True)
        return False
    except Exception as error:
        _log.exception("the brief of %s, %s could not be made", task.unit or "all", job.period)
        brief_jobs.fail(house.store, task, words.FAILED.format(error=type(error).__name__), moment, final=False)
        return False
    return True


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
