"""What an act is: a row of the state machine's table, with all that it needs and does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pilotwatch.disposal.case import OVER, WAY, Case, State
from pilotwatch.domain import Text

Side = Literal["office", "owner", "approver", "city", "house"]

#: Who acts. A person may be on several sides of one case.
SIDES: dict[Side, Text] = {
    "office": Text("统筹分办（市级专班办公室、试点专班）", "coordinating office"), "owner": Text("承办部门", "the department that handles it"),
    "approver": Text("审批人（区（县）领导、市级专班办公室）", "approver"), "city": Text("市级专班办公室", "the city office"),
    "house": Text("系统", "the system"),
}  # fmt: skip

STAY, BACK = "=", "<"  # where to: the same state; the state before it stood aside

Input = Literal[
    "text", "department", "departments", "choice", "file", "case", "cases", "date", "number", "clock", "user", "unit",
    "complainant", "yes",
]  # fmt: skip


@dataclass(frozen=True)
class Need:
    """What an act asks of whoever does it. `choices`: of a choice, value → title."""

    name: str
    kind: Input
    title: Text
    required: bool = True
    choices: Mapping[str, Text] = field(default_factory=dict)
    help: Text | None = None


@dataclass(frozen=True)
class Given:
    """What an effect and a guard may look at: the case before, what was given, who acts and when."""

    case: Case
    values: Mapping[str, Any]
    by: str
    at: datetime
    files: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


Effect = Callable[[Given], Mapping[str, Any]]
Guard = Callable[[Given], Text | None]  # why not, or None


@dataclass(frozen=True)
class Act:
    """A row of the table: `state × code → to`, by one of `sides`.

    `starts` and `stops` name limits ("*": all); of `"T16|T17"` the first one that is for the case starts, `starts_by` adds
    those of the value that was chosen for a need. `pause` and `resume` the
    clocks that may stand still. `effect` gives the fields that change. `guard` says in words why it can't be done now.
    `when` tells rows of one code apart (a first and a second return). `unhandled`: not by one who handled the case.
    `primary`: a step forward, offered as the next one; others stand below it.
    """

    code: str
    title: Text
    at: tuple[State, ...]
    to: str
    sides: tuple[Side, ...]
    needs: tuple[Need, ...] = ()
    starts: tuple[str, ...] = ()
    starts_by: tuple[str, Mapping[str, tuple[str, ...]]] | None = None
    stops: tuple[str, ...] = ()
    pause: bool = False
    resume: bool = False
    effect: Effect | None = None
    guard: Guard | None = None
    when: Callable[[Case], bool] | None = None
    unhandled: bool = False
    handles: bool = False  # whoever does it handles the case from now on
    primary: bool = False

    def next_state(self, case: Case) -> State:
        return case.state if self.to == STAY else (case.before or "registered") if self.to == BACK else self.to  # type: ignore[return-value]


def need(name: str, kind: Input, zh: str, en: str, required: bool = True, **options: Any) -> Need:
    return Need(name, kind, Text(zh, en), required, **options)


REASON = need("reason", "text", "原因", "Reason")
NOTE = need("reason", "text", "说明", "Note", False)
RESULT = need("reason", "text", "办理情况", "What was done")
FILES = need("files", "file", "附件", "Attachments", False)
EVIDENCE = need("files", "file", "证据材料", "Evidence")
DEPARTMENT = need("department", "department", "承办部门", "Department")
COOPERATING = need("others", "departments", "协办部门", "Other departments", False)

OPEN: tuple[State, ...] = tuple(s for s in (*WAY, "returned", "ruling", "suspended") if s not in OVER)
EARLY: tuple[State, ...] = ("registered", "triaged")
HANDLED: tuple[State, ...] = ("signed", "verifying", "disposing")
WORKING: tuple[State, ...] = ("verifying", "disposing")
