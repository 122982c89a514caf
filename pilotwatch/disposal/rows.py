"""A case as rows: what the lists show, who takes part, and what it counts for in the measures. All from its state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pilotwatch.disposal.case import Case, Event, day_of, replay
from pilotwatch.store.cases import CaseWrite, TallyKey
from pilotwatch.workdays import BEIJING

#: Stages of a case that are timed, in days between two moments: from when a state was first reached to another's.
STAGES: dict[str, tuple[str, str]] = {
    "assign": ("", "assigned"), "sign": ("assigned", "signed"), "handle": ("signed", "feedback"),
    "review": ("feedback", "closed"), "total": ("", "closed"),
}  # fmt: skip


def row_of(case: Case) -> dict[str, Any]:
    """The columns of `case_file`."""
    main, soonest = case.main_clock, case.next_clock
    main_due = main.due_at if main and (main.runs or not case.is_open) else None
    return {
        "subject_id": UUID(case.subject_id), "id": UUID(case.id), "number": case.number, "version": case.version,
        "state": case.state, "domain": case.domain, "fact": case.fact, "kind": case.kind, "channel": case.channel,
        "urgency": case.urgency, "level": case.level, "name": case.name, "code": case.code, "place": case.place,
        "content": case.content, "confidential": case.confidential, "report_unit": case.unit,
        "division_code": case.division_code, "street_code": case.street_code, "owner": case.owner,
        "assignee": case.assignee, "people_count": case.people_count, "amount": case.amount,
        "received_at": case.received_at, "received_on": day_of(case.received_at), "handled_at": case.handled_at,
        "due_at": main_due, "due_rule": main.rule if main else "", "next_at": soonest.due_at if soonest else None,
        "next_rule": soonest.rule if soonest else "", "standing": standing_of(case), "supervised": case.supervised,
        "joint": case.joint, "late": case.late, "returns": case.returns, "closing": case.closing,
        "closed_at": case.closed_at, "look_back_on": None if case.looked_back else case.look_back_on,
        "merged_into": UUID(case.merged_into) if case.merged_into else None,
    }  # fmt: skip


def standing_of(case: Case) -> str:
    """How certain the date shown is: that of the clock that ends first; without one, why there is none."""
    if case.next_clock:
        return case.next_clock.standing
    kept = [c.standing for c in case.running if not c.party]
    return next((s for s in ("unknown", "paused") if s in kept), "")


def parties(case: Case) -> frozenset[tuple[str, str]]:
    """Who takes part: (kind, code)."""
    found = [("department", d) for d in (case.owner, *case.others) if d]
    found += [("domain", d) for d in case.domains] + [("unit", u) for u in case.units if u]
    return frozenset(found)


def tally(case: Case) -> Counter[TallyKey]:
    """What a case counts for. One that was merged counts in the case it went into, and nowhere else."""
    found: Counter[TallyKey] = Counter()
    if not case.version or case.state == "merged":
        return found

    def add(month: str, measure: str, value: int = 0) -> None:
        found[case.domain, case.unit, case.owner, month, measure, value] += 1

    for state in case.reached:
        add(month_of(case.received_at), f"reached:{state}")
    if case.closed_at is None:
        return found
    add(month_of(case.closed_at), f"closed:{case.closing}")
    for stage, days in flow_days(case).items():
        add(month_of(case.closed_at), f"flow:{stage}", days)
    if case.main_clock and case.main_clock.due_at:
        last = case.main_clock.due_at - timedelta.resolution  # a limit in days ends at 24:00 of its last day
        add(month_of(last), "late" if case.late_main else "kept")
    return found


def flow_days(case: Case) -> dict[str, int]:
    """How long a closed case stood in each stage, in calendar days of Beijing; stages it never went through are left out."""
    moments = {**case.reached, "": case.received_at, "closed": case.closed_at}
    return {
        stage: (day_of(moments[end]) - day_of(moments[begin])).days
        for stage, (begin, end) in STAGES.items()
        if moments.get(begin) and moments.get(end)
    }


def month_of(at: Any) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m")


def event_row(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "at": event.at, "by": event.by, "act": event.act, "state": event.state, "reason": event.reason,
        "department": event.department, "data": event.data, "files": list(event.files),
    }  # fmt: skip


def event_of(row: Mapping[str, Any]) -> Event:
    return Event(
        row["seq"], row["at"], row["by"], row["act"], row["state"], row["reason"], row["department"], row["data"],
        tuple(row["files"]),
    )  # fmt: skip


def case_of(rows: Sequence[Mapping[str, Any]]) -> Case:
    """The case that stored events make."""
    return replay(event_of(r) for r in rows)


def write_of(before: Case, after: Case, events: Sequence[Event], **more: Any) -> CaseWrite:
    """What is to be stored of a case that was `before` and is `after` these events."""
    change = tally(after)
    change.subtract(tally(before))
    return CaseWrite(
        after.subject_id, after.id, before.version, row_of(after), [event_row(e) for e in events], parties(after),
        {k: n for k, n in change.items() if n}, **more,
    )  # fmt: skip
