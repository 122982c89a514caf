"""The ledger of the policy 乌政办〔2023〕78号: its 16 tasks and 4 safeguards, by unit (domain-rules F).

A task is to show effect by its deadline and to be kept up from then on; so proof is due by the deadline and once a year after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pilotwatch.domain import Text
from pilotwatch.review.pilots import ReviewRefused
from pilotwatch.store import Desk
from pilotwatch.store.policy import PolicySaid, add_policy_entries, policy_entries, withdraw_policy_entry

State = Literal["lagging", "idle", "moving", "effective", "kept"]

STATES: dict[State, Text] = {
    "lagging": Text("滞后", "Behind"),
    "idle": Text("未启动", "Not begun"),
    "moving": Text("推进中", "Under way"),
    "effective": Text("已见成效", "Shows effect"),
    "kept": Text("长期坚持", "Kept up"),
}
KINDS: dict[str, Text] = {"note": Text("进展", "Progress"), "evidence": Text("成效佐证", "Proof of effect")}


@dataclass(frozen=True)
class Task:
    """A task or safeguard: its number (1…16, S1…S4), leads (department codes; none: all of them), the day by which it has to
    show effect (None: standing), the measures that speak of it, its text."""

    number: str
    title: Text
    leads: tuple[str, ...]
    deadline: date | None
    measures: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Standing:
    """How a unit stands with a task. `proof`: the year of its newest proof; `owes`: the year for which proof is still due."""

    state: State
    proof: int | None = None
    owes: int | None = None
    entries: int = 0


@lru_cache(maxsize=4)
def tasks(data: Path) -> tuple[Task, ...]:
    """The tasks of the data folder's `policy/tasks.csv`, in its order."""
    with (data / "policy" / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            Task(
                row["number"], Text(row["zh"], row["en"]), tuple(row["lead"].split()),
                date.fromisoformat(row["deadline"]) if row["deadline"] else None, tuple(row["measures"].split()), row["text"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def standing(task: Task, entries: Iterable[PolicySaid], on: date) -> Standing:
    """What the entries of a unit come to on a day.

    With proof of this year, or of last year while this one lasts (`owes` says that it is still due), the task is kept up once its
    deadline is over; with older proof, or none after the deadline, it is behind.
    """
    live = [e for e in entries if e.withdrawn is None and e.day <= on]
    proof = max((e.day for e in live if e.kind == "evidence"), default=None)
    over = task.deadline is None or on > task.deadline
    if proof is None:
        if task.deadline is not None and over:
            return Standing("lagging", owes=None, entries=len(live))
        return Standing("moving" if live else "idle", entries=len(live))
    if not over:
        return Standing("effective", proof.year, entries=len(live))
    if proof.year < on.year - 1:
        return Standing("lagging", proof.year, proof.year + 1, len(live))
    return Standing("kept", proof.year, on.year if proof.year < on.year else None, len(live))


def ledger(desk: Desk, data: Path, units: Sequence[str], on: date) -> dict[tuple[str, str], Standing]:
    """(task, unit) → how it stands, for the units in the person's scope."""
    mine = [u for u in units if desk.person.units is None or u in desk.person.units]
    by: dict[tuple[str, str], list[PolicySaid]] = {}
    for entry in policy_entries(desk):
        by.setdefault((entry.task, entry.report_unit), []).append(entry)
    return {(t.number, u): standing(t, by.get((t.number, u), ()), on) for t in tasks(data) for u in mine}


def tell(
    desk: Desk, data: Path, number: str, unit: str, kind: str, day: date, text: str, on: date, document: str = ""
) -> None:  # fmt: skip
    """Adds progress or proof of a unit's task.

    Raises
    ------
    ReviewRefused : "task", "kind", "text", "document" (proof without one) or "day" (to come); StoreRefused without the right.
    """
    if number not in {t.number for t in tasks(data)}:
        raise ReviewRefused(
            "task", Text(f"没有编号为“{number}”的任务。", f"There is no task {number}; they are 1 to 16 and S1 to S4.")
        )
    if kind not in KINDS:
        raise ReviewRefused("kind", Text("请选择“进展”或“成效佐证”。", "Choose progress or proof of effect."))
    if len(text.strip()) < 4:
        raise ReviewRefused(
            "text", Text("请写明做了什么（至少 4 个字）。", "Say what was done (4 characters at least).")
        )
    if kind == "evidence" and not document.strip():
        raise ReviewRefused(
            "document",
            Text(
                "成效佐证要有材料：请填写文件名称、文号或存放位置。",
                "Proof needs a document: give its title, number or where it is kept.",
            ),
        )
    if day > on:
        raise ReviewRefused(
            "day",
            Text(
                f"日期 {day} 晚于今天，请填写实际发生的日期。", f"{day} is to come: give the day on which it was done."
            ),
        )
    add_policy_entries(desk, [PolicySaid(number, unit, kind, day, text.strip(), document.strip())])


def take_back(desk: Desk, entry: PolicySaid, reason: str, on: date) -> None:
    """Takes an entry back, with a reason; raises ReviewRefused "reason" without one."""
    if len(reason.strip()) < 4:
        raise ReviewRefused(
            "reason", Text("请写明撤回原因（至少 4 个字）。", "Say why it is taken back (4 characters at least).")
        )
    withdraw_policy_entry(desk, entry, reason.strip(), on)
