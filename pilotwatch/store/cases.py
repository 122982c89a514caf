"""Cases written: the row of a case, its events and counts in one transaction; nothing that was told is ever changed.

What an act may be and what it makes of a case is the business of `pilotwatch.disposal`; here are rows. Whoever writes
names the version they saw: of two at once the second one is told what the first one did, and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uuid_utils
from sqlalchemy import Connection, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import Text
from pilotwatch.store import engine, files, scope, serials
from pilotwatch.store.case_reads import demand_case
from pilotwatch.store.case_tables import (
    CaseAttachment,
    CaseEvent,
    CaseFile,
    CaseGuard,
    CaseParty,
    CasePerson,
    CaseSource,
    CaseTally,
)
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_file, _event, _party, _source = CaseFile.__table__, CaseEvent.__table__, CaseParty.__table__, CaseSource.__table__
_attached, _person, _tally, _guard = (t.__table__ for t in (CaseAttachment, CasePerson, CaseTally, CaseGuard))

#: A key of the counts: domain, report_unit, department, month, measure, value.
TallyKey = tuple[str, str, str, str, str, int]
_TALLY = ("domain", "report_unit", "department", "month", "measure", "value")


@dataclass(frozen=True)
class CaseWrite:
    """A case after some acts, and what is to be stored of it.

    `seen`: the version the acts began from, 0 for a new case. `row`: its columns as they are now. `events`: the new ones,
    columns of `case_event`. `parties`: (kind, code), all of them as they are now. `tally`: by how much the counts change.
    `sources`: (subject_id, kind, ref) of leads taken up. `people`: complainants, as columns of `case_person`;
    `answered`: which of them have an answer now. `files`: the attachments, as columns of `case_attachment`.
    """

    subject_id: str
    id: str
    seen: int
    row: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    parties: Collection[tuple[str, str]] = ()
    tally: Mapping[TallyKey, int] = field(default_factory=dict)
    sources: Sequence[tuple[str, str, str]] = ()
    people: Sequence[Mapping[str, Any]] = ()
    answered: Sequence[str] = ()
    files: Sequence[Mapping[str, Any]] = ()


class Meanwhile(StoreRefused):
    """Somebody else acted on the case since it was seen; `events` are their moves, oldest first."""

    def __init__(self, events: Sequence[Mapping[str, Any]]):
        super().__init__("meanwhile", _MEANWHILE)
        self.events = events


def write(desk: Desk, writes: Sequence[CaseWrite]) -> None:
    """Stores the acts of a person on one or several cases, all or none, with a line in the audit for each event.

    Raises StoreRefused where a case isn't in the person's scope, Meanwhile where one moved since it was seen.
    """
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        for each in writes:
            if each.seen:
                demand_case(desk, connection, each.subject_id, each.id)
        write_within(connection, writes)
        for each in writes:
            if not each.seen:  # nobody opens a case that they couldn't see
                demand_case(desk, connection, each.subject_id, each.id)


def plant(desk: Desk, writes: Sequence[CaseWrite]) -> None:
    """Stores cases with their whole past (the demo city's), with one line in the audit for all."""
    scope.demand(desk.person, "settings")
    with desk._writing() as connection:
        write_within(connection, writes, audit=False)
        append_audit(connection, desk.person.username, "case.plant", None, {"cases": len(writes)})


def write_within(connection: Connection, writes: Sequence[CaseWrite], *, audit: bool = True) -> None:
    """`write` within a transaction that is open, a warning's closing."""
    writes = sorted(writes, key=lambda w: (w.subject_id, w.id))  # everybody locks in one order
    for each in writes:
        if each.seen:
            _advance(connection, each)
    at = now()
    _insert(connection, _file, [w.row for w in writes if not w.seen])
    _take_up(connection, writes, at)
    _insert(connection, _event, [_of(w) | dict(e) | {"data": _json(e["data"]), "files": _json(e["files"])} for w in writes for e in w.events])  # fmt: skip
    _change_parties(connection, writes)
    _insert(connection, _person, [_of(w) | dict(p) for w in writes for p in w.people])
    for each in writes:
        if each.answered:
            connection.execute(
                update(_person)
                .where(*_key(_person, each), _person.c.ref.in_(list(each.answered)))
                .values(answered_at=at)
            )
    _count(connection, writes)
    _insert(connection, _attached, [_of(w) | dict(f) for w in writes for f in w.files])
    for each in writes:
        for event in each.events if audit else ():
            told = {"reason": event["reason"], "state": event["state"], "department": event["department"]}
            append_audit(connection, event["by"], f"case.{event['act']}", each.row["number"], told)


def reserve(desk: Desk, series: str, count: int = 1) -> int:
    """The first of `count` numbers of a series that nobody else gets; one that isn't used stays a gap."""
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        return serials.first_of(connection, series, count)


def reserve_all(desk: Desk, counts: Mapping[str, int]) -> dict[str, int]:
    """`reserve` for several series at once."""
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        return serials.firsts_of(connection, counts)


def reserve_within(connection: Connection, series: str, count: int = 1) -> int:
    """`reserve` within a transaction that is open."""
    return serials.first_of(connection, series, count)


def keep_file(desk: Desk, data: bytes) -> str:
    """Keeps the bytes of an attachment outside the rows and returns their SHA-256; a row names them with the act."""
    scope.demand(desk.person, "handle")
    return files.keep_bytes(desk._store.files, data)


def file_of(desk: Desk, subject_id: str, case_id: str, file_id: str) -> tuple[str, Path]:
    """An attachment's name and where its bytes are, for whoever sees the case; the look is in the audit."""
    with desk._writing() as connection:
        demand_case(desk, connection, subject_id, case_id)
        row = connection.execute(
            select(_attached.c.name, _attached.c.sha256).where(
                _attached.c.subject_id == UUID(subject_id),
                _attached.c.case_id == UUID(case_id),
                _attached.c.id == UUID(file_id),
            )
        ).first()
        if row is None:
            raise StoreRefused("no_file", _NO_FILE)
        append_audit(connection, desk.person.username, "case.file", case_id, {"file": row[0], "sha256": row[1]})
    return row[0], files.path_of(desk._store.files, row[1])


def keep_found(desk: Desk, kinds: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """What the guards of these kinds found, in the place of what they found before."""
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        connection.execute(delete(_guard).where(_guard.c.kind.in_(list(kinds))))
        _insert(connection, _guard, rows)


def new_id() -> str:
    return str(uuid_utils.uuid7())


def uuid_of(text: str) -> UUID:
    return UUID(text)


# --- within --------------------------------------------------------------------------------------------------------


def _advance(connection: Connection, each: CaseWrite) -> None:
    values = {n: v for n, v in each.row.items() if n not in ("subject_id", "id")}
    done = connection.execute(update(_file).where(*_id(each), _file.c.version == each.seen).values(**values))
    if not done.rowcount:
        since = (
            select(_event.c.seq, _event.c.at, _event.c.by, _event.c.act, _event.c.state)
            .where(*_key(_event, each), _event.c.seq > each.seen).order_by(_event.c.seq)
        )  # fmt: skip
        raise Meanwhile([dict(r) for r in connection.execute(since).mappings()])


def _take_up(connection: Connection, writes: Sequence[CaseWrite], at: datetime) -> None:
    """Notes the leads that cases came from; raises StoreRefused for one that a case has already."""
    rows = [
        {"subject_id": UUID(s), "kind": kind, "ref": ref, "case_subject_id": UUID(w.subject_id), "case_id": UUID(w.id), "at": at}
        for w in writes
        for s, kind, ref in w.sources
    ]  # fmt: skip
    for row in rows:
        there = connection.scalar(
            select(_source.c.case_id).where(*(_source.c[n] == row[n] for n in ("subject_id", "kind", "ref")))
        )
        if there is not None:
            raise StoreRefused("taken", _TAKEN)
    _insert(connection, _source, rows)


def _change_parties(connection: Connection, writes: Sequence[CaseWrite]) -> None:
    known = [w for w in writes if w.seen]
    fresh = [_of(w) | {"kind": k, "code": c} for w in writes if not w.seen for k, c in sorted(w.parties)]
    for each in known:
        there = {tuple(r) for r in connection.execute(select(_party.c.kind, _party.c.code).where(*_key(_party, each)))}
        for kind, code in there - set(each.parties):
            connection.execute(
                delete(_party).where(*_key(_party, each), and_(_party.c.kind == kind, _party.c.code == code))
            )
        fresh += [_of(each) | {"kind": k, "code": c} for k, c in sorted(set(each.parties) - there)]
    _insert(connection, _party, fresh)


def _count(connection: Connection, writes: Sequence[CaseWrite]) -> None:
    """Adds what the writes change in the counts; keys in their order, as everybody locks them."""
    changes: dict[TallyKey, int] = {}
    for each in writes:
        for key, n in each.tally.items():
            changes[key] = changes.get(key, 0) + n
    rows = [dict(zip(_TALLY, key, strict=True)) | {"cases": n} for key, n in sorted(changes.items()) if n]
    if not rows:
        return
    adding = (postgresql if engine.is_postgres(connection) else sqlite).insert(_tally)
    adding = adding.on_conflict_do_update(
        index_elements=list(_TALLY), set_={"cases": _tally.c.cases + adding.excluded.cases}
    )
    connection.execute(adding, rows)


def _insert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), [dict(r) for r in rows])


def _of(each: CaseWrite) -> dict[str, UUID]:
    return {"subject_id": UUID(each.subject_id), "case_id": UUID(each.id)}


def _key(table: Any, each: CaseWrite) -> tuple[Any, Any]:
    return table.c.subject_id == UUID(each.subject_id), table.c.case_id == UUID(each.id)


def _id(each: CaseWrite) -> tuple[Any, Any]:
    return _file.c.subject_id == UUID(each.subject_id), _file.c.id == UUID(each.id)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


_MEANWHILE = Text(
    "在您打开之后，其他人已经办理了本案，您的操作没有执行，所填内容未丢失。请刷新后核对，再决定是否继续。",
    "Somebody acted on the case after you opened it; what you did was not carried out, and nothing is lost. Reload and look again.",
)
_NO_FILE = Text("没有这个附件，或不在您的权限范围内。", "There is no such file, or it is outside your scope.")
_TAKEN = Text(
    "这条线索已经立有案件，不能重复转入。请在处置进度中查找。",
    "This lead is a case already and can't be taken over twice; look for it among the cases.",
)
