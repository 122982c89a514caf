"""Several cases at once: duplicates and joint cases, sheets that are split, leads that are taken over from lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pilotwatch.disposal import leads
from pilotwatch.disposal.case import OVER, STATES, Case, apply, day_of
from pilotwatch.disposal.leads import Lead
from pilotwatch.disposal.machine import CaseRefused, Rulebook, decide
from pilotwatch.disposal.office import Many, current, number_of, open_case, write
from pilotwatch.disposal.rows import write_of
from pilotwatch.domain import Text
from pilotwatch.store import Desk, StoreRefused, case_lists, case_reads, cases
from pilotwatch.store.case_lists import warnings_across
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.registry import Registry


def duplicates(desk: Desk, of: Case | Lead) -> list[leads.Duplicate]:
    """Earlier cases that this one may be the same as: to propose a merge, never to make one."""
    lead, but = (_lead_of(of), of.id) if isinstance(of, Case) else (of, "")
    days = timedelta(leads.DUPLICATE_DAYS)
    on = day_of(lead.received_at)
    known = case_lists.similar(desk, [lead.subject_id], on - days, on + days)
    if isinstance(of, Case):
        mine = known[known["id"] == of.id]["contact"].dropna()
        lead = replace(lead, reporter=("", mine.iloc[0])) if len(mine) else lead
    return leads.duplicates(lead, known, but=but)


def propose(desk: Desk, *, most: int = 5000) -> list[leads.Proposal]:
    """Joint cases to propose among what the person sees: open cases, and open warnings of two domains on one subject."""
    return leads.proposals(case_lists.listed(desk, limit=most), warnings_across(desk, limit=most))


def merge(desk: Desk, rulebook: Rulebook, seen: Case, into: Case, reason: str, *, at: datetime | None = None) -> Case:
    """Merges a case into an earlier one on the same subject: one clock, but every complainant gets an answer (B.3)."""
    if seen.id == into.id or seen.subject_id != into.subject_id:
        raise CaseRefused("other_subject", _OTHER_SUBJECT)
    return _take_in(desk, rulebook, into, [seen], reason, at or now(), joint=False)


def join(
    desk: Desk, rulebook: Rulebook, main: Case, others: Sequence[Case], reason: str, *, at: datetime | None = None
) -> Case:
    """Makes one joint case of several: the main one goes on with the departments, domains and facts of all."""
    return _take_in(desk, rulebook, main, others, reason, at or now(), joint=True)


def split(
    desk: Desk, rulebook: Rulebook, seen: Case, content: str, kind: str, reason: str, *, at: datetime | None = None
) -> tuple[Case, Case]:  # fmt: skip
    """Splits off one legal relation (a report out of a complaint) as a case of its own, with clocks of its own (B.3).

    Gives the case that was split and the new one.
    """
    at, seen = at or now(), current(desk, seen)
    values = {"content": content, "kind": kind, "reason": reason}
    event = decide(seen, "split", values, by=desk.person, at=at, rulebook=rulebook)
    first = apply(seen, event)
    series = number_of(rulebook, seen.domain, at)
    number = f"{series}-{cases.reserve(desk, series):05d}"
    lead = replace(
        _lead_of(seen), content=content, kind=kind, fact=content if kind != seen.kind else seen.fact, source=None
    )
    opened = leads.opening(lead, cases.new_id(), number, desk.person.username, at)
    new = apply(Case(), opened)
    registered = decide(new, "register", {"reason": f"自{seen.number}拆分"}, by=desk.person, at=at, rulebook=rulebook)
    new = apply(new, registered)
    write(
        desk,
        [write_of(seen, first, [event]), write_of(Case(), new, [opened, registered], people=leads.person_rows(lead))],
    )
    return first, new


#: What of an uploaded row isn't over yet.
_OPEN_STATES = {
    "complaint": ("status", ("待受理", "办理中")),
    "clue": ("state", tuple(s for s in STATES if s not in OVER)),
}


def waiting(desk: Desk, registry: Registry, dataset: str, *, limit: int = 500) -> list[Lead]:
    """The rows of 投诉举报 or 问题线索 that aren't over and no case was made of, the newest first.

    A row's domain is that of the list its subject is in.
    """
    column, values = _OPEN_STATES[dataset]
    record = registry.dataset(dataset)
    names = ["subject_id", "record_key", "report_unit", *(c.name for c in record.columns() if c.name != "report_unit")]
    rows = desk.frame(dataset, names, where={column: values})
    rows = rows.sort_values("received_at", ascending=False, kind="stable").head(2 * limit)
    rows = rows[~rows["record_key"].isin(case_lists.taken(desk, dataset, rows["record_key"].tolist()))].head(limit)
    lists = (
        desk.subjects(["subject_id", "dataset"], where={"subject_id": rows["subject_id"].tolist()})
        if len(rows)
        else rows
    )
    domains = {
        s: d.name
        for s, n in zip(lists["subject_id"], lists.get("dataset", ()), strict=False)
        if (d := registry.domain_of(n))
    }
    return [leads.of_record(dataset, r, domains.get(r["subject_id"], "")) for r in rows.to_dict("records")]


def take_over(desk: Desk, rulebook: Rulebook, found: Sequence[Lead], *, at: datetime | None = None) -> Many:
    """Makes a case of each lead (rows of an uploaded list); one that is a case already is refused by name."""
    done, refused = [], {}
    for lead in found:
        try:
            done.append(open_case(desk, rulebook, lead, at=at))
        except StoreRefused as no:
            refused[lead.source[1] if lead.source else lead.name] = no.message
    return Many(tuple(done), refused)


# --- within ------------------------------------------------------------------------------------------------------


def _take_in(
    desk: Desk, rulebook: Rulebook, main: Case, others: Sequence[Case], reason: str, at: datetime, *, joint: bool
) -> Case:  # fmt: skip
    if not others:
        raise CaseRefused("nothing", _NOTHING)
    main, others = current(desk, main), [current(desk, o) for o in others]
    first = min((main, *others), key=lambda c: (c.received_at, c.number))
    if first.id != main.id:
        raise CaseRefused("later", _LATER.format(number=first.number))
    writes, now_main, events = [], main, []
    people: list[dict[str, Any]] = []
    for other in others:
        event = decide(other, "merge", {"into": main.id, "reason": reason}, by=desk.person, at=at, rulebook=rulebook)
        writes.append(write_of(other, apply(other, event), [event]))
        also = _together(now_main, other, joint)
        taken = decide(
            now_main,
            "absorb",
            {"case": other.number, "reason": reason},
            by=desk.person,
            at=at,
            rulebook=rulebook,
            also=also,
        )
        now_main = apply(now_main, taken)
        events.append(taken)
        known = set(main.complainants)
        people += [p for p in case_reads.complainants_of(desk, other.subject_id, other.id) if p["ref"] not in known]
    writes.append(write_of(main, now_main, events, people=people))
    write(desk, writes)
    return now_main


def _together(main: Case, other: Case, joint: bool) -> dict[str, Any]:
    """What a case that takes another in has of it."""
    told = {
        "waiting": _each(main.waiting, other.waiting), "complainants": _each(main.complainants, other.complainants),
        "people_count": main.people_count + other.people_count,
    }  # fmt: skip
    if not joint:
        return told
    departments = [d for d in _each(main.others, (other.owner, *other.others)) if d and d != main.owner]
    return told | {
        "joint": True, "others": tuple(departments), "domains": _each(main.domains, other.domains),
        "facts": _each(main.facts, other.facts), "units": _each(main.units, other.units),
    }  # fmt: skip


def _each(*parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for part in parts for v in part))


def _lead_of(of: Case) -> Lead:
    return Lead(
        of.subject_id, of.name, of.received_at, of.content, of.code, of.domain, of.fact, of.kind, of.channel,
        of.channel_ref, of.level, of.urgency, of.real_name, of.confidential, of.people_count, of.amount, of.unit,
        of.division_code, of.street_code, of.place, of.owner, of.others,
    )  # fmt: skip


_OTHER_SUBJECT = Text(
    "只能并入同一监管对象的另一案件；不同对象的，请用“联合案件”。",
    "A case can be merged into another one on the same subject only; for others make a joint case.",
)
_LATER = Text(
    "应并入受理在先的案件 {number}（沿用先到工单的时限）。",
    "They have to go into the earlier case {number}, whose clock counts.",
)
_NOTHING = Text("没有选定要并入的案件。", "No case was chosen to be taken in.")
