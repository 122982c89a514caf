"""Cases, people and a rulebook, made for the tests of disposal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from pilotwatch.disposal.acts import Act
from pilotwatch.disposal.case import Case, Event, apply
from pilotwatch.disposal.leads import Lead, opening, unknown_subject
from pilotwatch.disposal.machine import Rulebook, decide
from pilotwatch.domain import Basis, Domain, Procedure, Record, Spec, Text, Uscc, column
from pilotwatch.settings import settings
from pilotwatch.store import Person
from pilotwatch.workdays import Calendar

CITY = Person("city", "市级专班办公室", "city_office")
TEAM = Person("team", "试点专班", "pilot_team", None, frozenset({"shops"}))
SWJ = Person("swj", "商务局", "department_officer", departments=frozenset({"SWJ"}))
SWJ_2 = Person("swj2", "商务局二", "department_officer", departments=frozenset({"SWJ"}))
SCJG = Person("scjg", "市场监管局", "department_officer", departments=frozenset({"SCJG"}))
LEADER = Person("leader", "区领导", "district_leader", frozenset({"650102"}))
ADMIN = Person("admin", "管理员", "administrator")
PEOPLE = (CITY, TEAM, SWJ, SWJ_2, SCJG, LEADER, ADMIN)

#: A Thursday; the clock's own check value is 2025-06-05 + 15wd = 2025-07-01 in Xinjiang (domain-rules E.6).
START = datetime(2025, 6, 5, 4, tzinfo=UTC)  # 12:00 in Beijing
PDF = ("笔录.pdf", b"%PDF-1.7\n1 0 obj\n")


class Shop(Record):
    spec = Spec("d_shop", zh="门店", en="Shops", subject="uscc", kind="subject", name="name")
    uscc: Uscc = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    address: str | None = column("地址", "Address")


PROCEDURES = (
    Procedure(("SHP-01",), "SWJ", Text("约谈", "Interview"), "3wd", by_level={"red": "24h"}, others=("GAJ",), basis=Basis("PRAC", "经验值"), look_back="30d"),
)  # fmt: skip
SHOPS = Domain("shops", "门店", "Shops", "SHP", "SWJ", (Shop,), procedures=PROCEDURES)


@cache
def calendar() -> Calendar:
    return Calendar.load(settings().data / "calendars")


def rulebook() -> Rulebook:
    return Rulebook((SHOPS,), calendar())


def lead(**values: Any) -> Lead:
    given = {
        "subject_id": unknown_subject("某健身"), "name": "某健身", "received_at": START, "content": "办卡后关门不退费", "domain": "shops",
        "fact": "SHP-01", "kind": "clue", "channel": "信访", "channel_ref": "X1", "unit": "650102", "division_code": "650102",
    }  # fmt: skip
    return Lead(**(given | values))


def at(days: float = 0) -> datetime:
    return START + timedelta(days)


class Story:
    """A case told step by step, in the pure machine; keeps its events."""

    def __init__(self, given: Lead | None = None, by: Person = CITY, when: datetime = START):
        self.events: list[Event] = [
            opening(given or lead(), "01a208a9-4c86-74de-b577-8fbaa5432138", "XS-SHP-1", by.username, when)
        ]
        self.case = apply(Case(), self.events[0])
        self.now = when

    def do(self, act: str, by: Person = CITY, *, days: float = 0, files: int | None = None, **values: Any) -> Case:
        """One act, `days` after the last one. What it needs and isn't given is filled in."""
        self.now += timedelta(days)
        rows = [a for a in every() if a.code == act]
        filled = {**needed(next((a for a in rows if self.case.state in a.at), rows[0]), self.case), **values}
        event = decide(
            self.case,
            act,
            filled,
            by=by,
            at=self.now,
            rulebook=rulebook(),
            files=["f"] * (1 if files is None else files),
        )
        self.events.append(event)
        self.case = apply(self.case, event)
        return self.case

    def to(self, state: str) -> Story:
        """The straight way to a state."""
        for act, by, reached in _WAY:
            if self.case.state == state:
                break
            while self.case.state == "reviewed" and self.case.waiting:
                self.do("answer", SWJ)
            if self.case.state in reached:
                self.do(act, by, **({"measure": "file"} if act == "dispose" and state == "disposing" else {}))
        assert self.case.state == state
        return self

    def due(self, rule: str) -> date | None:
        """The last day of the running clock of a rule."""
        clock = self.case.clock(rule)
        return last_day(clock.due_at) if clock and clock.due_at else None


_WAY = (
    ("register", CITY, ("found",)), ("triage", CITY, ("registered",)), ("assign", CITY, ("triaged",)), ("sign", SWJ, ("assigned",)),
    ("verify", SWJ, ("signed",)), ("dispose", SWJ, ("verifying",)), ("report", SWJ, ("disposing",)), ("review", CITY, ("feedback",)),
    ("close", CITY, ("reviewed",)), ("archive", CITY, ("closed",)),
)  # fmt: skip


def every() -> tuple[Act, ...]:
    from pilotwatch.disposal.machine import ACTS

    return ACTS


def needed(act: Act, case: Case, choice: int = 0) -> dict[str, Any]:
    """Something fit for everything that an act needs; `choice`: which of a list of choices."""
    found = {}
    for need in act.needs:
        if not need.required:
            continue
        found[need.name] = {
            "department": "SCJG" if case.owner == "SWJ" else "SWJ", "choice": [*need.choices, None][choice % max(1, len(need.choices))], "date": "2025-09-01",
            "number": 1.0, "clock": next((c.rule for c in case.running), "T4"), "user": "swj", "unit": "650103",
            "complainant": next(iter(case.waiting), "?"), "yes": "yes", "case": "01a208a9-4c86-74de-b577-8fbaa5432139",
        }.get(need.kind, "情况说明")  # fmt: skip
    if act.code == "refer":
        found["officers"] = "张*、李*"
    if act.code in ("assign", "rule"):
        found["department"] = "SWJ"
    return found


def last_day(due_at: datetime) -> date:
    from pilotwatch.workdays import BEIJING

    return (due_at - timedelta.resolution).astimezone(BEIJING).date()
