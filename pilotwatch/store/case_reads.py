"""One case read, in the person's scope: its events, files and complainants, and what it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, select

from pilotwatch.domain import Text
from pilotwatch.store import scope
from pilotwatch.store.case_lists import in_scope
from pilotwatch.store.case_tables import CaseAttachment, CaseEvent, CaseFile, CasePerson, CaseSource
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Subject

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_file, _event, _source = CaseFile.__table__, CaseEvent.__table__, CaseSource.__table__
_attached, _person, _subject = CaseAttachment.__table__, CasePerson.__table__, Subject.__table__


def find(desk: Desk, number: str) -> tuple[str, str]:
    """The subject and id of a case by its number or id; raises StoreRefused where it isn't there or not in scope."""
    scope.demand(desk.person, "read")
    by = _file.c.id == UUID(number) if _is_id(number) else _file.c.number == number
    with desk._reading() as connection:
        row = connection.execute(select(_file.c.subject_id, _file.c.id).where(by, in_scope(desk.person))).first()
    if row is None:
        raise StoreRefused("no_case", _NO_CASE.format(number=number))
    return str(row[0]), str(row[1])


def events(desk: Desk, subject_id: str, case_id: str, *, whole: bool = False) -> list[dict[str, Any]]:
    """The events of a case, oldest first, with `data` and `files` as values.

    Of a confidential case, whoever doesn't handle it gets them without what may tell who reported. `whole`: for an act,
    which makes the case anew; it is not to be shown.
    """
    with desk._reading() as connection:
        row = demand_case(desk, connection, subject_id, case_id)
        found = events_within(connection, subject_id, case_id)
    return found if whole or sees_reporter(desk.person, row) else [_hidden(e) for e in found]


def sees_reporter(person: Person, row: Mapping[str, Any]) -> bool:
    """Whether a person may see what tells who reported: in a confidential case only its officer (before one is named,
    those of its department) and the city office."""
    if not row["confidential"] or person.role == "city_office":
        return True
    if row["assignee"]:
        return row["assignee"] == person.username
    return person.role == "department_officer" and person.departments is not None and row["owner"] in person.departments


def _hidden(event: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(event["data"].get("set", {}))
    for name in ("content", "channel_ref"):
        if told.get(name):
            told[name] = "***"
    for name in ("complainants", "waiting"):
        if told.get(name):
            told[name] = ["***"] * len(told[name])
    data = {**event["data"], "set": told} if told else dict(event["data"])
    given = {n: "***" if n in ("complainant", "content") else v for n, v in data.get("given", {}).items()}
    return {**event, "data": {**data, "given": given} if given else data}


def events_within(connection: Connection, subject_id: str, case_id: str) -> list[dict[str, Any]]:
    statement = select(_event).where(*_of(_event, subject_id, case_id)).order_by(_event.c.seq)
    return [
        dict(r) | {"data": json.loads(r["data"]), "files": json.loads(r["files"])}
        for r in connection.execute(statement).mappings()
    ]


def demand_case(desk: Desk, connection: Connection, subject_id: str, case_id: str) -> Mapping[str, Any]:
    """Raises StoreRefused where the case isn't there, or not in the person's scope; gives who handles it."""
    scope.demand(desk.person, "read")
    columns = (_file.c.number, _file.c.confidential, _file.c.owner, _file.c.assignee)
    found = connection.execute(
        select(*columns).where(_file.c.subject_id == UUID(subject_id), _file.c.id == UUID(case_id), in_scope(desk.person))
    ).mappings().first()  # fmt: skip
    if found is None:
        raise StoreRefused("no_case", _NO_CASE.format(number=case_id))
    return found


def attachments(desk: Desk, subject_id: str, case_id: str) -> list[dict[str, Any]]:
    """The files of a case: id, seq, sha256, name, size, kind, at, by."""
    with desk._reading() as connection:
        demand_case(desk, connection, subject_id, case_id)
        statement = (
            select(_attached).where(*_of(_attached, subject_id, case_id)).order_by(_attached.c.seq, _attached.c.id)
        )
        return [dict(r) | {"id": str(r["id"])} for r in connection.execute(statement).mappings()]


def sources(desk: Desk, subject_id: str, case_id: str) -> list[dict[str, Any]]:
    """What the case came from: subject_id, kind, ref, at."""
    with desk._reading() as connection:
        demand_case(desk, connection, subject_id, case_id)
        statement = select(_source).where(
            _source.c.case_subject_id == UUID(subject_id), _source.c.case_id == UUID(case_id)
        )
        return [
            {"subject_id": str(r["subject_id"]), "kind": r["kind"], "ref": r["ref"], "at": r["at"]}
            for r in connection.execute(statement).mappings()
        ]


def of_lead(desk: Desk, subject_id: str, kind: str, ref: str) -> str | None:
    """The id of the case that a lead was taken up in."""
    scope.demand(desk.person, "read")
    wanted = (_source.c.subject_id == UUID(subject_id), _source.c.kind == kind, _source.c.ref == ref)
    with desk._reading() as connection:
        found = connection.scalar(select(_source.c.case_id).where(*wanted))
    return found and str(found)


def complainants(desk: Desk, subject_id: str, case_id: str) -> list[dict[str, Any]]:
    """Who reported, masked, for whoever has the right; every reading is a line in the audit."""
    scope.demand(desk.person, "reporters")
    with desk._writing() as connection:
        row = demand_case(desk, connection, subject_id, case_id)
        if not sees_reporter(desk.person, row):
            raise StoreRefused("confidential", _CONFIDENTIAL)
        rows = [
            dict(r) for r in connection.execute(select(_person).where(*_of(_person, subject_id, case_id))).mappings()
        ]
        append_audit(connection, desk.person.username, "case.reporters", row["number"], {"shown": len(rows)})
    return [{n: r[n] for n in ("ref", "name", "contact", "received_at", "answered_at")} for r in rows]


def complainants_of(desk: Desk, subject_id: str, case_id: str) -> list[dict[str, Any]]:
    """The rows of a case's complainants, masked, to hand on to the case that takes it in."""
    names = ("ref", "name", "contact", "received_at", "answered_at")
    with desk._reading() as connection:
        demand_case(desk, connection, subject_id, case_id)
        found = connection.execute(select(*(_person.c[n] for n in names)).where(*_of(_person, subject_id, case_id)))
        return [dict(r) for r in found.mappings()]


def subject_of(connection: Connection, subject_id: str) -> dict[str, Any]:
    """What the lists know of a subject: its name, code, unit, division, street and the datasets it is in."""
    rows = [
        dict(r)
        for r in connection.execute(select(_subject).where(_subject.c.subject_id == UUID(subject_id))).mappings()
    ]
    first = rows[0] if rows else {}
    told = {n: first.get(n) or "" for n in ("name", "code", "report_unit", "division_code", "street_code")}
    return told | {"datasets": tuple(r["dataset"] for r in rows)}


def address_of(desk: Desk, dataset: str, subject_id: str) -> str:
    """The address that a list of subjects gives for one of them; "" where it has none."""
    record, _ = desk._store.dataset(dataset)
    if not any(c.name == "address" for c in record.columns()):
        return ""
    found = desk.frame(dataset, ["address"], subjects=[subject_id], limit=1)["address"].dropna()
    return str(found.iloc[0]) if len(found) else ""


def _of(table: Any, subject_id: str, case_id: str) -> tuple[Any, Any]:
    return table.c.subject_id == UUID(subject_id), table.c.case_id == UUID(case_id)


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


_NO_CASE = Text(
    "没有案件“{number}”，或不在您的权限范围内。请在处置进度中核对编号。",
    "There is no case “{number}”, or it is outside your scope. Check its number in the list of cases.",
)
_CONFIDENTIAL = Text(
    "本案为保密线索，诉求人信息仅限承办人和市级专班办公室查看。",
    "This clue is confidential: only its officer and the city office see who reported.",
)
