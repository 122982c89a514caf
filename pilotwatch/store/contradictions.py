"""Contradictions in the store: written by an evaluation, in its transaction, and by the departments, through a desk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import Connection, and_, bindparam, func, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, engine, queries, scope, serials
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.signal_tables import Contradiction, ContradictionEvent
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_open, _event, _subject = Contradiction.__table__, ContradictionEvent.__table__, Subject.__table__
_TEXT, _DAY, _REAL = pa.string(), pa.date32(), pa.float64()


# --- an evaluation -------------------------------------------------------------------------------------------------


def standing(connection: Connection, domain: str, subjects: Sequence[str] | None) -> pd.DataFrame:
    """The open contradictions of these subjects (None: all): subject_id, id, code, period, stated."""
    names = dict.fromkeys(("subject_id", "id", "code", "period", "stated"), _TEXT)
    statement = select(*(_open.c[n] for n in names)).where(_open.c.closed_on.is_(None), _open.c.domain == domain)
    if subjects is not None:
        statement = statement.where(engine.among(connection, _open.c.subject_id, list(subjects)))
    return bulk.read(connection, statement, names).to_pandas()


def open_new(connection: Connection, domain: str, code: str, rows: pd.DataFrame, on: date) -> None:
    """Opens one for each row: subject_id, code, period, stated, gap, size, owners (JSON), and the place."""
    if rows.empty:
        return
    rows = rows.sort_values(["code", "subject_id"], ignore_index=True)
    first = serials.first_of(connection, f"KJ-{code}-{on:%Y%m%d}", len(rows))
    ids = [str(uuid_utils.uuid7()) for _ in range(len(rows))]
    given = ("subject_id", "code", "period", "stated", "owners", "report_unit", "division_code", "street_code")
    days = pa.array([on] * len(rows), _DAY)
    bulk.insert(
        connection, _open,
        {
            **{n: pa.array(rows[n], _TEXT) for n in given}, "id": pa.array(ids, _TEXT),
            "number": pa.array([f"KJ-{code}-{on:%Y%m%d}-{first + n:05d}" for n in range(len(rows))], _TEXT),
            "gap": pa.array(rows["gap"], _REAL), "size": pa.array(rows["size"], _REAL),
            "opened_on": days, "on_day": days, "domain": domain,
        },
    )  # fmt: skip
    _tell(connection, rows.assign(contradiction_id=ids, act="open"))


def change(connection: Connection, rows: pd.DataFrame, on: date) -> None:
    """Brings open ones to what is stated now: subject_id, id, period, stated, gap, size."""
    _move(connection, rows, "change", on, ("period", "stated", "gap", "size"))


def close(connection: Connection, rows: pd.DataFrame, on: date) -> None:
    """Closes open ones, on which the departments agree now; the same columns."""
    _move(connection, rows, "close", on, ("period", "stated", "gap", "size"), closed_on=on)


def _move(connection: Connection, rows: pd.DataFrame, act: str, on: date, names: Sequence[str], **same: Any) -> None:
    if rows.empty:
        return
    key = and_(_open.c.subject_id == bindparam("s"), _open.c.id == bindparam("i"))
    values = [
        {"s": UUID(r["subject_id"]), "i": UUID(r["id"]), **{n: r[n] for n in names}, "on_day": on, **same}
        for r in rows.to_dict("records")
    ]
    connection.execute(update(_open).where(key), values)
    _tell(connection, rows.assign(contradiction_id=rows["id"], act=act))


def _tell(connection: Connection, rows: pd.DataFrame, by: str = "system") -> None:
    at = now()
    events = [
        {
            "subject_id": UUID(r["subject_id"]), "id": UUID(str(uuid_utils.uuid7())),
            "contradiction_id": UUID(r["contradiction_id"]), "at": at, "by": by, "act": r["act"],
            **{n: r.get(n) for n in ("department", "period", "stated", "size", "note")},
        }
        for r in rows.to_dict("records")
    ]  # fmt: skip
    connection.execute(_event.insert(), events)


# --- the departments -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """Which contradictions: `closed` too or only open ones; the rest narrow where they are given. `department`: of whom
    one side is."""

    domain: str | None = None
    code: str | None = None
    report_unit: str | None = None
    department: str | None = None
    subject_id: str | None = None
    number: str | None = None
    closed: bool = False

    def conditions(self, desk: Desk) -> list[Any]:
        c = _open.c
        wanted = [
            (c.domain, self.domain),
            (c.code, self.code),
            (c.report_unit, self.report_unit),
            (c.number, self.number),
        ]
        found = [column == value for column, value in wanted if value is not None]
        if self.department is not None:
            found.append(c.owners.contains(f'"{self.department}"', autoescape=True))
        if self.subject_id is not None:
            found.append(c.subject_id == UUID(self.subject_id))
        if not self.closed:
            found.append(c.closed_on.is_(None))
        return [*found, scope.own(desk, _open)]


_LISTED = {
    "subject_id": _TEXT, "id": _TEXT, "number": _TEXT, "domain": _TEXT, "code": _TEXT, "period": _TEXT, "stated": _TEXT,
    "gap": _REAL, "size": _REAL, "owners": _TEXT, "opened_on": _DAY, "on_day": _DAY, "closed_on": _DAY,
    "report_unit": _TEXT, "division_code": _TEXT, "street_code": _TEXT,
}  # fmt: skip


def listed(desk: Desk, wanted: Filter | None = None, *, limit: int = 200) -> pd.DataFrame:
    """Contradictions in the person's scope, open ones first, the widest gap for its tolerance first: their columns, and
    the subject's `name` and `code_of_subject`."""
    scope.demand(desk.person, "read")
    lists = scope.listed_by(desk, _open.c.domain, _subject.c.dataset)
    statement = (
        select(*(_open.c[n] for n in _LISTED), _subject.c.name, _subject.c.code.label("code_of_subject"))
        .outerjoin(_subject, and_(_subject.c.subject_id == _open.c.subject_id, lists))
        .where(*(wanted or Filter()).conditions(desk))
        .order_by(_open.c.closed_on.is_not(None), _open.c.size.desc(), _open.c.number)
        .limit(limit)
    )
    with desk._reading() as connection:
        found = bulk.read(connection, statement, {**_LISTED, "name": _TEXT, "code_of_subject": _TEXT})
    frame = found.to_pandas(date_as_object=False).drop_duplicates("id", ignore_index=True)
    for name in ("stated", "owners"):
        frame[name] = [json.loads(text) for text in frame[name]]
    return frame


def counted(desk: Desk, wanted: Filter | None = None) -> pd.DataFrame:
    """How many: domain, code, report_unit, items, subjects."""
    scope.demand(desk.person, "read")
    names = dict.fromkeys(("domain", "code", "report_unit"), _TEXT)
    key = [_open.c[n] for n in names]
    statement = select(*key, func.count()).where(*(wanted or Filter()).conditions(desk)).group_by(*key)
    with desk._reading() as connection:
        return bulk.read(connection, statement, {**names, "items": pa.int64()}).to_pandas()


def history(desk: Desk, subject_id: str, item: str) -> pd.DataFrame:
    """What happened to one, oldest first: at, by, act, department, period, stated (dictionary or None), size, note."""
    names = ("at", "by", "act", "department", "period", "stated", "size", "note")
    with desk._reading() as connection:
        _own(desk, connection, subject_id, item)
        statement = (
            select(*(_event.c[n] for n in names))
            .where(_event.c.subject_id == UUID(subject_id), _event.c.contradiction_id == UUID(item))
            .order_by(_event.c.id)
        )
        found = pd.DataFrame(connection.execute(statement).all(), columns=list(names))
    found["stated"] = [json.loads(t) if isinstance(t, str) else None for t in found["stated"]]
    return found


def say(desk: Desk, subject_id: str, item: str, department: str, note: str = "") -> None:
    """One of its departments has seen it, and says why its figure is as it is (`note`). It closes by itself only, when
    the statements agree. Raises StoreRefused for a department that isn't one of its owners or not the person's own, or
    where it is closed.
    """
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        found = _own(desk, connection, subject_id, item)
        if department not in json.loads(found["owners"]):
            raise StoreRefused("department", _NOT_AN_OWNER)
        if desk.person.departments is not None and department not in desk.person.departments:
            raise StoreRefused("department", _NOT_YOURS)
        if found["closed_on"] is not None:
            raise StoreRefused("closed", _CLOSED.format(day=found["closed_on"]))
        act = "note" if note.strip() else "acknowledge"
        event = {
            "subject_id": subject_id, "contradiction_id": item, "act": act, "department": department,
            "note": note.strip() or None,
        }  # fmt: skip
        _tell(connection, pd.DataFrame([event]), desk.person.username)
        told = {"department": department, "note": note.strip() or None}
        append_audit(connection, desk.person.username, f"contradiction.{act}", found["number"], told)


def _own(desk: Desk, connection: Connection, subject_id: str, item: str) -> Mapping[str, Any]:
    return queries.own_row(desk, connection, _open, subject_id, item, StoreRefused("no_contradiction", _NONE))


_NONE = Text("没有这条口径冲突，或不在您的权限范围内。", "There is no such contradiction, or it is not in your scope.")
_NOT_AN_OWNER = Text(
    "只有涉及的部门可以签收或说明。请从列出的部门中选择。",
    "Only the departments whose figures these are can take note or explain. Choose one of those listed.",
)
_NOT_YOURS = Text(
    "您的账号不属于该部门，不能代其签收或说明。请由该部门办理。",
    "Your account is not of that department: it has to take note or explain itself.",
)
_CLOSED = Text(
    "两方数据已于 {day} 一致，本条已自动销项，无需再说明。",
    "The statements agreed on {day} and this was closed by itself; there is nothing left to explain.",
)

__all__ = [
    "Filter", "change", "close", "counted", "history", "listed", "open_new", "say", "standing",
]  # fmt: skip
