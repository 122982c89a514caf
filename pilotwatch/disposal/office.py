"""Cases through a person's desk: opened, read, acted on. What is refused changes nothing.

Every function that changes something works on the case as the person saw it (its `version`): if somebody acted in the
meantime, CaseRefused "meanwhile" tells who did what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pilotwatch.disposal import attachments, leads
from pilotwatch.disposal.case import Case, Event, apply, day_of, replay
from pilotwatch.disposal.leads import Lead
from pilotwatch.disposal.machine import TITLES, CaseRefused, Rulebook, decide
from pilotwatch.disposal.rows import case_of, event_of, write_of
from pilotwatch.domain import Text
from pilotwatch.store import Desk, StoreRefused, case_reads, cases
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    pass

#: Acts that concern another case too, see `several`.
_TOGETHER = frozenset({"merge", "absorb", "split"})

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


def of_warning(desk: Desk, subject_id: str, warning_id: str) -> Case | None:
    """The case that a warning became, or is a lead of; None where there is none, or it is out of scope."""
    found = case_reads.of_lead(desk, subject_id, "warning", warning_id)
    try:
        return found and case(desk, found)
    except StoreRefused:
        return None


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
    seen = current(desk, seen)
    draft = decide(seen, act, values, by=desk.person, at=at, rulebook=rulebook, files=["?"] * len(files))
    kept = keep(desk, files)
    event = replace(draft, files=tuple(f.id for f in kept))
    after = apply(seen, event)
    answered = [values["complainant"]] if act == "answer" else []
    told = write_of(seen, after, [event], files=_rows(kept, after, desk, at), answered=answered)
    write(desk, [told])
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


def keep(desk: Desk, files: Sequence[Upload]) -> list[Attachment]:
    """Checks files and keeps their bytes; raises FileRefused for the first that isn't taken, before any is kept."""
    if len(files) > attachments.MOST_FILES:
        raise attachments.FileRefused("file_many", _MANY_FILES.format(most=attachments.MOST_FILES))
    checked = [(attachments.check(name, data), data) for name, data in files]
    return [Attachment(cases.new_id(), c.name, c.kind, c.size, cases.keep_file(desk, data)) for c, data in checked]


# --- within ------------------------------------------------------------------------------------------------------


def current(desk: Desk, seen: Case) -> Case:
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


def write(desk: Desk, writes: Sequence[cases.CaseWrite]) -> None:
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
_MANY_FILES = Text(
    "一次最多上传 {most} 个附件，请分次补充。", "At most {most} files at once; add the others afterwards."
)
