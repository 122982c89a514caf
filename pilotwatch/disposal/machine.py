"""The machine: what may be done with a case, by whom, and the event it makes. Pure: nothing here reads or writes.

event = decide(case, "assign", {"department": "SWJ"}, by=person, at=now(), rulebook=rulebook)
case = apply(case, event)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from pilotwatch.disposal import clocks
from pilotwatch.disposal.acts import SIDES, Act, Given, Need, Side
from pilotwatch.disposal.case import STATES, Case, Clock, Event, clock_json, day_of, encode
from pilotwatch.disposal.enforcing import ENFORCING
from pilotwatch.disposal.handling import HANDLING
from pilotwatch.disposal.limits import LIMITS, Rule
from pilotwatch.domain import Basis, Domain, Procedure, Text
from pilotwatch.store import Person, StoreRefused
from pilotwatch.workdays import BEIJING, Calendar

if TYPE_CHECKING:
    from pilotwatch.registry import Registry

ACTS: tuple[Act, ...] = (*HANDLING, *ENFORCING)
#: An act's title, whichever row it is of.
TITLES: dict[str, Text] = {a.code: a.title for a in reversed(ACTS)} | {"open": Text("发现", "Found")}
#: Acts that concern several cases, or that the house does: never offered as a button of one case.
HIDDEN = frozenset({"merge", "absorb", "lead", "recount", "split"})

_ROLES: dict[str, frozenset[Side]] = {
    "city_office": frozenset({"office", "approver", "city"}),
    "pilot_team": frozenset({"office", "owner"}),
    "department_officer": frozenset({"owner"}),
    "district_leader": frozenset({"approver"}),
}


class CaseRefused(StoreRefused):
    """An act that can't be done; `rule` is stable, `message` says why and what to do."""


@dataclass(frozen=True)
class Rulebook:
    """What decisions go by: the domains' procedures and the city's calendar, both as values."""

    domains: tuple[Domain, ...]
    calendar: Calendar

    @classmethod
    def of(cls, registry: Registry, calendar: Calendar) -> Rulebook:
        return cls(registry.domains, calendar)

    def procedure(self, case: Case) -> Procedure | None:
        """How the leading domain disposes of the case's leading fact."""
        domain = self.domain(case.domain)
        return domain and domain.procedure(case.fact)

    def domain(self, name: str) -> Domain | None:
        return next((d for d in self.domains if d.name == name), None)

    def owner(self, case: Case) -> str:
        """Who should handle it (B.3): the procedure's first owner, else the lead of the domain, else nobody yet."""
        if found := self.procedure(case):
            return found.owner
        domain = self.domain(case.domain)
        return domain.lead if domain else ""


@dataclass(frozen=True)
class Possible:
    """An act that a person may do with a case now, and what it asks for. `primary`: it is the next step."""

    act: str
    title: Text
    needs: tuple[Need, ...]
    primary: bool
    to: Text


def sides_of(person: Person, case: Case) -> frozenset[Side]:
    """On which sides of a case a person is; the house is on all of them."""
    if person.username == "system":
        return frozenset(SIDES)
    sides = _ROLES.get(person.role, frozenset())
    mine = person.departments is None or bool(person.departments & {case.owner, *case.others})
    return sides if mine else sides - {"owner"}


def acts_of(case: Case, code: str | None = None) -> tuple[Act, ...]:
    """The rows of the table for a case as it stands; `code`: of one act."""
    return tuple(a for a in ACTS if case.state in a.at and code in (None, a.code) and (a.when is None or a.when(case)))


def possible(case: Case, person: Person) -> tuple[Possible, ...]:
    """What the person may do with the case now, the next step first."""
    if not person.may("handle"):
        return ()
    open_ = [a for a in acts_of(case) if a.code not in HIDDEN and _why_not(a, case, person) is None]
    first = next((a for a in open_ if a.primary), None)
    return tuple(
        Possible(a.code, a.title, a.needs, a is first, STATES.get(a.next_state(case), Text("", "")))
        for a in sorted(open_, key=lambda a: a is not first)
    )


def decide(
    case: Case, code: str, values: Mapping[str, Any], *, by: Person, at: datetime, rulebook: Rulebook,
    files: Sequence[str] = (), also: Mapping[str, Any] | None = None,
) -> Event:  # fmt: skip
    """The event of an act, or CaseRefused: not from this state, not by this person, something missing, or not now.

    `also`: what an act on several cases changes besides in this one.
    """
    act = _row(case, code, by)
    given = Given(case, _checked(act, values, files), by.username, at, tuple(files))
    if act.guard and (no := act.guard(given)):
        raise CaseRefused("not_now", no)
    changes = dict(act.effect(given) if act.effect else {}) | dict(also or {})
    if act.handles:
        changes["handlers"] = tuple(dict.fromkeys((*case.handlers, by.username)))
        if not case.assignee and by.role == "department_officer":
            changes["assignee"] = by.username
    if act.code in ("close", "decline") and act.to == "closed":
        changes["look_back_on"] = _look_back(case, at, rulebook)
    told = _clocks_after(act, _with(case, changes), given, rulebook)
    data = {"set": encode(changes), "clocks": [clock_json(c) for c in told]}
    kept = {n: v for n, v in given.values.items() if n not in ("reason", "department", "files") and v not in (None, "")}
    if kept:
        data["given"] = {n: v.isoformat() if isinstance(v, date) else v for n, v in kept.items()}
    return Event(
        case.version + 1, at, by.username, act.code, act.next_state(case), str(given["reason"] or "").strip(),
        given["department"], {n: v for n, v in data.items() if v}, tuple(files),
    )  # fmt: skip


# --- within --------------------------------------------------------------------------------------------------------


def _row(case: Case, code: str, by: Person) -> Act:
    if code not in TITLES:
        raise CaseRefused(
            "no_act", _NO_ACT.format(act=code, acts="、".join(dict.fromkeys(a.code for a in acts_of(case))))
        )
    rows = acts_of(case, code)
    if not rows:
        raise CaseRefused(
            "wrong_state", _WRONG_STATE.format(act=TITLES[code], state=STATES.get(case.state, Text("", "")))
        )
    refusals = [_why_not(a, case, by) for a in rows]
    for act, no in zip(rows, refusals, strict=True):
        if no is None:
            return act
    raise CaseRefused("not_yours", refusals[0])


def _why_not(act: Act, case: Case, person: Person) -> Text | None:
    if not sides_of(person, case) & set(act.sides):
        who = Text("、".join(SIDES[s].zh for s in act.sides), " or ".join(SIDES[s].en for s in act.sides))
        return _NOT_YOURS.format(act=act.title, who=who)
    if act.unhandled and person.username in case.handlers and person.username != "system":
        return _FOUR_EYES.format(act=act.title)
    return None


def _checked(act: Act, values: Mapping[str, Any], files: Sequence[str]) -> dict[str, Any]:
    """The given values, as the act's needs have them; CaseRefused where one is missing or not among the choices."""
    found: dict[str, Any] = {}
    for need in act.needs:
        value = values.get(need.name)
        value = value.strip() if isinstance(value, str) else value
        missing = not files if need.kind == "file" else value in (None, "", ())
        if missing and need.required:
            raise CaseRefused(f"need_{need.name}", _MISSING.format(act=act.title, need=need.title))
        if missing or need.kind == "file":
            continue
        if need.kind == "choice" and value not in need.choices:
            words = "、".join(f"{k}（{v.zh}）" for k, v in need.choices.items())
            raise CaseRefused(f"need_{need.name}", _NO_CHOICE.format(value=str(value), need=need.title, words=words))
        found[need.name] = value
    return found


def _clocks_after(act: Act, case: Case, given: Given, rulebook: Rulebook) -> list[Clock]:
    """The clocks that the act stops, pauses, resumes, extends and starts, in this order."""
    at, calendar = given.at, rulebook.calendar
    told: dict[str, Clock] = {}
    if act.stops:
        told |= {c.name: c for c in clocks.stopped(case, at, *(s for s in act.stops if s != "*"))}
    if act.pause:
        told |= {c.name: c for c in clocks.paused(case, at) if c.name not in told}
    if act.resume:
        told |= {c.name: c for c in clocks.resumed(case, at, calendar) if c.name not in told}
    if act.code == "extend":
        clock = given.case.clock(given["clock"] or given.case.asked)
        told[clock.name] = clocks.extended(clock, calendar)
    if act.code == "recount":
        told |= {c.name: c for c in clocks.moved(case, calendar)}
    running = {c.rule for c in (*told.values(), *(c for c in case.running if c.name not in told)) if c.runs}
    told |= {c.name: c for c in _started(act, case, given, rulebook) if c.rule not in running}
    return list(told.values())


def _started(act: Act, case: Case, given: Given, rulebook: Rulebook) -> Iterator[Clock]:
    names = list(act.starts)
    if act.starts_by:
        names += act.starts_by[1].get(given[act.starts_by[0]], ())
    for alternatives in names:
        for name in alternatives.split("|"):
            rule, start = LIMITS[name], given.at
            if rule.begins_on:
                if given[rule.begins_on] is None:
                    continue
                start = _noon(given[rule.begins_on])
            length, basis = _length(rule, case, given, rulebook)
            clock = clocks.started(case, rule, start, rulebook.calendar, limit=length, basis=basis)
            if clock:
                yield clock
                break


def _length(rule: Rule, case: Case, given: Given, rulebook: Rulebook) -> tuple[str | None, Basis | None]:
    """The length of a limit and why, where it isn't the table's: a domain's first action, the day that an order names."""
    if rule.first and (procedure := rulebook.procedure(case)):
        within = procedure.first_within(case.level)
        return within, procedure.basis if within else None
    if rule.id == "K1" and given["due"]:
        days = (_date(given["due"]) - day_of(given.at)).days
        if days < 1:
            raise CaseRefused("need_due", _PAST)
        return f"{days}d", Basis("PRAC", f"责令改正通知书写明的到期日 {given['due']}")
    return None, None


def _look_back(case: Case, at: datetime, rulebook: Rulebook) -> date | None:
    """When it is looked at again: the procedure's days after closing, counted without a calendar (it is no limit)."""
    procedure = rulebook.procedure(case)
    if procedure is None or not procedure.look_back.endswith("d"):
        return None
    return date.fromordinal(day_of(at).toordinal() + int(procedure.look_back[:-1]))


def _with(case: Case, changes: Mapping[str, Any]) -> Case:
    return replace(case, **changes)


def _noon(day: Any) -> datetime:
    return datetime.combine(_date(day), time(12), BEIJING).astimezone(UTC)


def _date(day: Any) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        raise CaseRefused("no_date", _NO_DATE.format(value=str(day))) from None


_NO_ACT = Text("没有“{act}”这一办理动作。当前环节有：{acts}", "There is no act {act}. From here there are: {acts}")
_WRONG_STATE = Text(
    "案件现处于“{state}”环节，不能“{act}”。请刷新后按当前环节办理。",
    "The case is at “{state}”: “{act}” can't be done from there. Reload and take its next step.",
)
_NOT_YOURS = Text("“{act}”由{who}办理，您的账号不能办理。", "“{act}” is done by the {who}; your account can't.")
_FOUR_EYES = Text(
    "您参与了本案办理，“{act}”须由他人进行。", "You handled this case: “{act}” has to be done by somebody else."
)
_MISSING = Text("办理“{act}”须填写“{need}”。", "“{act}” needs “{need}”.")
_NO_CHOICE = Text("“{need}”填写的是“{value}”，应为：{words}。", "“{need}” is “{value}”; it has to be one of: {words}.")
_PAST = Text("改正到期日应晚于今天，请改正。", "The day to correct by has to lie after today.")
_NO_DATE = Text("“{value}”不是日期，应写作 2026-11-23。", "{value} is no date; write it as 2026-11-23.")
