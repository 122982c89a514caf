"""A case as its events make it: `replay(events)` is the state, and nothing else is.

An event says who did what, when and why, and carries what it changed (`data["set"]`) and how the clocks stood after it
(`data["clocks"]`). So a case told years ago reads the same after the rules have moved on, and a deadline can't move
without an event that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property, reduce
from typing import Any, Literal

from pilotwatch.domain import Text
from pilotwatch.workdays import BEIJING

State = Literal[
    "", "found", "registered", "triaged", "assigned", "transferred", "signed", "verifying", "disposing", "feedback",
    "reviewed", "closed", "archived", "returned", "ruling", "suspended", "merged",
]  # fmt: skip

#: The states in their order (domain-rules B.1): the way of a case, then where it stands aside.
WAY: tuple[State, ...] = (
    "found", "registered", "triaged", "assigned", "transferred", "signed", "verifying", "disposing", "feedback", "reviewed",
    "closed", "archived",
)  # fmt: skip
ASIDE: tuple[State, ...] = ("returned", "ruling", "suspended", "merged")
OVER: frozenset[State] = frozenset({"closed", "archived", "merged"})

STATES: dict[State, Text] = {
    "found": Text("发现", "Found"), "registered": Text("登记", "Registered"), "triaged": Text("研判", "Triaged"),
    "assigned": Text("分办", "Assigned"), "transferred": Text("移送", "Transferred"), "signed": Text("签收", "Signed for"),
    "verifying": Text("核查", "Verifying"), "disposing": Text("处置", "Disposing"), "feedback": Text("反馈", "Reported back"),
    "reviewed": Text("复核", "Reviewed"), "closed": Text("结案", "Closed"), "archived": Text("归档", "Archived"),
    "returned": Text("退回", "Returned"), "ruling": Text("待裁定", "Awaiting a ruling"), "suspended": Text("挂起", "Suspended"),
    "merged": Text("合并", "Merged"),
}  # fmt: skip

Standing = Literal["sure", "unconfirmed", "unknown", "paused"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit that runs, or ran, in a case.

    `rule` names it in the table of limits, `name` is unique in the case. `due_at` is when it ends (UTC), None while it
    is paused or can't be counted; `standing` says which, with a reason in `why`. `pauses`: first and last day of each
    that took days out, both included; the last one is None while the pause stands.
    """

    name: str
    rule: str
    start: datetime
    limit: str
    main: bool = False
    party: bool = False  # it runs for the other side: it never makes the department late
    pausable: bool = True
    due_at: datetime | None = None
    standing: Standing = "sure"
    why: Text | None = None
    if_confirmed: date | None = None
    level: str = "PRAC"
    basis: str = ""
    pauses: tuple[tuple[date, date | None], ...] = ()
    extended: int = 0
    ended_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.ended_at is None

    def overran(self, now: datetime | None = None) -> bool:
        """Whether it ended after its due time; one that still runs is asked as of `now`."""
        end = self.ended_at or now
        return bool(not self.party and self.due_at and end and end > self.due_at)


@dataclass(frozen=True, slots=True)
class Event:
    """One move of a case. `data` holds plain JSON values; `files` the ids of attachments."""

    seq: int
    at: datetime
    by: str
    act: str
    state: State
    reason: str = ""
    department: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """What is known of a case after its last event. Ids are canonical text, moments UTC, money in yuan."""

    subject_id: str = ""
    id: str = ""
    number: str = ""
    version: int = 0
    state: State = ""
    before: State = ""  # where a case that stands aside goes on
    kind: str = "clue"  # complaint, report, clue, warning, consultation, request
    channel: str = ""
    channel_ref: str = ""
    received_at: datetime | None = None
    content: str = ""
    domains: tuple[str, ...] = ()  # the first one leads
    facts: tuple[str, ...] = ()  # what may be wrong: indicators' codes, or words; the first one leads
    level: str = ""  # of the warning it came from
    urgency: str = "一般"
    real_name: bool = False
    confidential: bool = False
    people_count: int = 1
    amount: float | None = None
    name: str = ""
    code: str = ""
    place: str = ""  # address as compared, where one is known
    units: tuple[str, ...] = ()  # reporting units; the first is the case's, others assist
    division_code: str = ""
    street_code: str = ""
    owner: str = ""  # department that handles it
    others: tuple[str, ...] = ()  # departments that act with it
    assignee: str = ""
    handlers: tuple[str, ...] = ()  # who handled it: none of them reviews it
    returns: int = 0
    supervised: bool = False
    joint: bool = False
    asked: str = ""  # clock for which more time is asked
    asked_by: str = ""
    waiting: tuple[str, ...] = ()  # complainants without an answer yet
    complainants: tuple[str, ...] = ()
    measure: str = ""  # what was decided in disposing
    filed: bool = False
    grave: bool = False  # endangers life, health or financial safety, and did harm: five years of limitation
    referral: Mapping[str, Any] = field(default_factory=dict)
    penalty: Mapping[str, Any] = field(default_factory=dict)
    assists: tuple[str, ...] = ()  # units asked for help that haven't answered
    proposed: str = ""  # closing kind the handler proposes
    closing: str = ""
    merged_into: str = ""
    look_back_on: date | None = None
    looked_back: bool = False
    supervised_at: datetime | None = None
    closed_at: datetime | None = None
    handled_at: datetime | None = None  # the last move
    reached: Mapping[str, datetime] = field(default_factory=dict)  # state → when first
    clocks: tuple[Clock, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state not in OVER

    @property
    def domain(self) -> str:
        return self.domains[0] if self.domains else ""

    @property
    def fact(self) -> str:
        return self.facts[0] if self.facts else ""

    @property
    def unit(self) -> str:
        return self.units[0] if self.units else ""

    @property
    def group(self) -> str:
        """单件, 群体 (5 people or more), 重大群体 (30 or more, PRAC)."""
        return "major" if self.people_count >= 30 else "group" if self.people_count >= 5 else "single"

    @cached_property
    def running(self) -> tuple[Clock, ...]:
        return tuple(c for c in self.clocks if c.runs)

    def clock(self, rule: str) -> Clock | None:
        """The running clock of a rule."""
        return next((c for c in self.running if c.rule == rule), None)

    @cached_property
    def next_clock(self) -> Clock | None:
        """The running clock that ends first, of those the departments have to keep."""
        dated = [c for c in self.running if c.due_at and not c.party]
        return min(dated, key=lambda c: c.due_at) if dated else None

    @cached_property
    def main_clock(self) -> Clock | None:
        """The limit of the whole: the main clock that runs, else the one that ended last."""
        mains = [c for c in self.clocks if c.main]
        return next((c for c in reversed(mains) if c.runs), mains[-1] if mains else None)

    @property
    def late(self) -> bool:
        """A clock overran, though it may have been caught up with since."""
        return any(c.overran() for c in self.clocks)

    @property
    def late_main(self) -> bool:
        return any(c.overran() for c in self.clocks if c.main)


def replay(events: Iterable[Event]) -> Case:
    """The case that the events make, in their order."""
    return reduce(apply, events, Case())


def apply(case: Case, event: Event) -> Case:
    """The case after one more event; raises ValueError where it doesn't follow the last one."""
    if event.seq != case.version + 1:
        raise ValueError(f"event {event.seq} after {case.version}")
    told = {name: _decode(name, value) for name, value in event.data.get("set", {}).items()}
    changed = {c["name"]: clock_of(c) for c in event.data.get("clocks", ())}
    clocks = (*(changed.pop(c.name, c) for c in case.clocks), *changed.values())
    reached = case.reached if event.state in case.reached else {**case.reached, event.state: event.at}
    return replace(
        case, version=event.seq, state=event.state, handled_at=event.at, reached=reached, clocks=clocks, **told
    )


# --- plain values ------------------------------------------------------------------------------------------------

_KINDS = {f.name: str(f.type) for f in fields(Case)}
FREE = frozenset(_KINDS) - {"version", "state", "handled_at", "reached", "clocks"}  # what an event may set


def encode(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a case as JSON values; KeyError for a field that an event may not set."""
    if unknown := set(changes) - FREE:
        raise KeyError(f"an event can't set {sorted(unknown)}")
    return {n: _plain(v) for n, v in changes.items()}


def clock_json(clock: Clock) -> dict[str, Any]:
    """A clock as JSON values, without what is as by default."""
    told = {f.name: _plain(getattr(clock, f.name)) for f in fields(Clock) if getattr(clock, f.name) != f.default}
    return told | ({"why": [clock.why.zh, clock.why.en]} if clock.why else {})


def clock_of(told: Mapping[str, Any]) -> Clock:
    values = dict(told)
    for name in ("start", "due_at", "ended_at"):
        values[name] = _moment(values.get(name))
    values["if_confirmed"] = _day(values.get("if_confirmed"))
    values["why"] = Text(*values["why"]) if values.get("why") else None
    values["pauses"] = tuple((_day(a), _day(b)) for a, b in values.get("pauses", ()))
    return Clock(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _decode(name: str, value: Any) -> Any:
    kind = _KINDS[name]
    if kind.startswith("datetime"):
        return _moment(value)
    if kind.startswith("date"):
        return _day(value)
    return tuple(value) if kind.startswith("tuple") else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def day_of(at: datetime) -> date:
    """The day of a moment in Beijing time."""
    return at.astimezone(BEIJING).date()
