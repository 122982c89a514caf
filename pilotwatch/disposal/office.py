"""Cases through a person's desk: opened, acted on, merged, taken over. What is refused changes nothing.

Every function that changes something works on the case as the person saw it (its `version`): if somebody acted in the
meantime, CaseRefused "meanwhile" tells who did what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pilotwatch.disposal import attachments, leads
from pilotwatch.disposal.case import OVER, STATES, Case, Event, apply, day_of, replay
from pilotwatch.disposal.leads import Lead
from pilotwatch.disposal.machine import TITLES, CaseRefused, Rulebook, decide
from pilotwatch.disposal.rows import case_of, event_of, write_of
from pilotwatch.domain import Text
from pilotwatch.store import Desk, StoreRefused, case_lists, case_reads, cases
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.registry import Registry

Upload = tuple[str, bytes]  # the name of a file and what it holds


@dataclass(frozen=True)
class Attachment:
    """A file that was kept, to be named by an act."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Many:
    """What an act on several cases came to: those that moved, and why the others did not (number → reason)."""

    done: tuple[Case, ...]
    refused: Mapping[str, Text]


# --- reading -----------------------------------------------------------------------------------------------------


def case(desk: Desk, number: str) -> Case:
    """The case by its number or id, made from its events; StoreRefused where it isn't in scope."""
    return case_of(case_reads.events(desk, *case_reads.find(desk, number)))


def history(desk: Desk, of: Case) -> tuple[Event, ...]:
    """The events of a case, oldest first."""
    return tuple(event_of(r) for r in case_reads.events(desk, of.subject_id, of.id))


# --- opening -----------------------------------------------------------------------------------------------------


def number_of(rulebook: Rulebook, domain: str, at: datetime) -> str:
    """The series of a case's number: XS-PPC-20261123; a case of no domain is of all (ZH)."""
    found = rulebook.domain(domain)
    return f"XS-{found.code if found else 'ZH'}-{day_of(at):%Y%m%d}"


def open_case(
    desk: Desk, rulebook: Rulebook, lead: Lead, *, values: Mapping[str, Any] | None = None, files: Sequence[Upload] = (),
    at: datetime | None = None, register: bool = True,
) -> Case:  # fmt: skip
    """Opens a case of a lead and registers it. Raises StoreRefused where the lead has one already."""
    at = at or now()
    kept = keep(desk, files)
    series = number_of(rulebook, lead.domain, at)
    number = f"{series}-{cases.reserve(desk, series):05d}"
    first = leads.opening(lead, cases.new_id(), number, desk.person.username, at)
    found, events = apply(Case(), first), [first]
    if register:
        events.append(
            decide(
                found, "register", values or {}, by=desk.person, at=at, rulebook=rulebook, files=[f.id for f in kept]
            )
        )
        found = apply(found, events[-1])
    sources = [(lead.subject_id, *lead.source)] if lead.source else []
    people = leads.person_rows(lead)
    cases.write(
        desk, [write_of(Case(), found, events, sources=sources, people=people, files=_rows(kept, found, desk, at))]
    )
    return found


def duplicates(desk: Desk, of: Case | Lead) -> list[leads.Duplicate]:
    """Earlier cases that this one may be the same as: to propose a merge, never to make one."""
    lead, but = (_lead_of(of), of.id) if isinstance(of, Case) else (of, "")
    days = leads.timedelta(leads.DUPLICATE_DAYS)
    on = day_of(lead.received_at)
    known = case_lists.similar(desk, [lead.subject_id], on - days, on + days)
    if isinstance(of, Case):
        mine = known[known["id"] == of.id]["contact"].dropna()
        lead = replace(lead, reporter=("", mine.iloc[0])) if len(mine) else lead
    return leads.duplicates(lead, known, but=but)


# --- acting ------------------------------------------------------------------------------------------------------


def do(
    desk: Desk, rulebook: Rulebook, seen: Case, act: str, values: Mapping[str, Any] | None = None, *,
    files: Sequence[Upload] = (), at: datetime | None = None,
) -> Case:  # fmt: skip
    """Does an act with a case as it was seen, and gives the case after it.

    Raises CaseRefused: `wrong_state`, `not_yours`, `need_…`, `not_now`, `meanwhile`; StoreRefused where the case isn't in
    scope; FileRefused for an attachment.
    """
    values, at = dict(values or {}), at or now()
    if act in _TOGETHER:
        raise CaseRefused("together", _BY_ITSELF.format(act=TITLES[act]))
    seen = _current(desk, seen)
    draft = decide(seen, act, values, by=desk.person, at=at, rulebook=rulebook, files=["?"] * len(files))
    kept = keep(desk, files)
    event = replace(draft, files=tuple(f.id for f in kept))
    after = apply(seen, event)
    answered = [values["complainant"]] if act == "answer" else []
    write = write_of(seen, after, [event], files=_rows(kept, after, desk, at), answered=answered)
    _write(desk, [write])
    return after


def do_many(
    desk: Desk, rulebook: Rulebook, numbers: Sequence[str], act: str, values: Mapping[str, Any] | None = None, *, at: datetime | None = None
) -> Many:  # fmt: skip
    """The same act with several cases, each by itself: one that is refused leaves the others done."""
    done, refused = [], {}
    for number in dict.fromkeys(numbers):
        try:
            done.append(do(desk, rulebook, case(desk, number), act, values, at=at))
        except StoreRefused as no:
            refused[number] = no.message
    return Many(tuple(done), refused)


def preview(
    desk: Desk, rulebook: Rulebook, numbers: Sequence[str], act: str, values: Mapping[str, Any] | None = None
) -> Many:
    """What `do_many` would do; nothing is changed."""
    done, refused = [], {}
    for number in dict.fromkeys(numbers):
        try:
            seen = case(desk, number)
            done.append(apply(seen, decide(seen, act, values or {}, by=desk.person, at=now(), rulebook=rulebook)))
        except StoreRefused as no:
            refused[number] = no.message
    return Many(tuple(done), refused)


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
    at, seen = at or now(), _current(desk, seen)
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
    _write(
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


def keep(desk: Desk, files: Sequence[Upload]) -> list[Attachment]:
    """Checks files and keeps their bytes; raises FileRefused for the first that isn't taken, before any is kept."""
    if len(files) > attachments.MOST_FILES:
        raise attachments.FileRefused("file_many", _MANY_FILES.format(most=attachments.MOST_FILES))
    checked = [(attachments.check(name, data), data) for name, data in files]
    return [Attachment(cases.new_id(), c.name, c.kind, c.size, cases.keep_file(desk, data)) for c, data in checked]


# --- within ------------------------------------------------------------------------------------------------------

_TOGETHER = frozenset({"merge", "absorb", "split"})


def _take_in(
    desk: Desk, rulebook: Rulebook, main: Case, others: Sequence[Case], reason: str, at: datetime, *, joint: bool
) -> Case:  # fmt: skip
    if not others:
        raise CaseRefused("nothing", _NOTHING)
    main, others = _current(desk, main), [_current(desk, o) for o in others]
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
    _write(desk, writes)
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


def _current(desk: Desk, seen: Case) -> Case:
    """The whole case as stored, to act on; CaseRefused "meanwhile" where it isn't the one that was seen."""
    events = [event_of(r) for r in case_reads.events(desk, seen.subject_id, seen.id, whole=True)]
    if len(events) != seen.version:
        raise _moved([{"by": e.by, "act": e.act, "at": e.at} for e in events[seen.version :]])
    return replay(events)


def _rows(kept: Sequence[Attachment], of: Case, desk: Desk, at: datetime) -> list[dict[str, Any]]:
    return [
        {"id": cases.uuid_of(f.id), "seq": of.version, "sha256": f.sha256, "name": f.name, "size": f.size, "kind": f.kind,
         "at": at, "by": desk.person.username}
        for f in kept
    ]  # fmt: skip


def _write(desk: Desk, writes: Sequence[cases.CaseWrite]) -> None:
    """Stores the writes; says in words who acted in the meantime where somebody did."""
    try:
        cases.write(desk, writes)
    except cases.Meanwhile as no:
        raise _moved(no.events) from no


def _moved(events: Sequence[Mapping[str, Any]]) -> CaseRefused:
    """Says who did what since the case was seen."""
    told = [(e["by"], TITLES.get(e["act"], Text(e["act"], e["act"])), e["at"].astimezone(BEIJING)) for e in events]
    zh = "；".join(f"{by} 于 {at:%m-%d %H:%M} {title.zh}" for by, title, at in told)
    en = "; ".join(f"{by}: {title.en} ({at:%m-%d %H:%M})" for by, title, at in told)
    return CaseRefused("meanwhile", _MEANWHILE.format(moves=Text(zh, en)))


_MEANWHILE = Text(
    "在您打开之后，本案已有变化：{moves}。您的操作没有执行，所填内容仍在；请刷新后核对，再决定是否继续。",
    "The case moved after you opened it: {moves}. What you did was not carried out, and what you wrote is still there; "
    "reload and look again.",
)
_BY_ITSELF = Text(
    "“{act}”须同时选定另一案件，请在案件页办理。", "“{act}” concerns another case too; do it from the case's page."
)
_OTHER_SUBJECT = Text(
    "只能并入同一监管对象的另一案件；不同对象的，请用“联合案件”。",
    "A case can be merged into another one on the same subject only; for others make a joint case.",
)
_LATER = Text(
    "应并入受理在先的案件 {number}（沿用先到工单的时限）。",
    "They have to go into the earlier case {number}, whose clock counts.",
)
_NOTHING = Text("没有选定要并入的案件。", "No case was chosen to be taken in.")
_MANY_FILES = Text(
    "一次最多上传 {most} 个附件，请分次补充。", "At most {most} files at once; add the others afterwards."
)
