"""Lists and counts of cases, in the person's scope: their units, domains and departments, or a part in the case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    type_coerce,
)

from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.case_tables import (
    CaseFile,
    CaseGuard,
    CaseParty,
    CasePerson,
    CaseSource,
    CaseTally,
)
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Warning_

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_file, _party, _source = CaseFile.__table__, CaseParty.__table__, CaseSource.__table__
_person, _tally, _guard = CasePerson.__table__, CaseTally.__table__, CaseGuard.__table__
_warning, _subject = Warning_.__table__, Subject.__table__

_TEXT, _DAY, _AT = pa.string(), pa.date32(), pa.timestamp("us", "UTC")
_INT, _YES = pa.int64(), pa.bool_()

#: The columns of a list of cases. The content of a confidential one is not among what a list shows.
COLUMNS: dict[str, pa.DataType] = {
    "subject_id": _TEXT, "id": _TEXT, "number": _TEXT, "version": _INT, "state": _TEXT, "domain": _TEXT, "fact": _TEXT,
    "kind": _TEXT, "channel": _TEXT, "urgency": _TEXT, "level": _TEXT, "name": _TEXT, "code": _TEXT, "place": _TEXT,
    "content": _TEXT, "confidential": _YES, "report_unit": _TEXT, "division_code": _TEXT, "street_code": _TEXT, "owner": _TEXT,
    "assignee": _TEXT, "people_count": _INT, "amount": pa.float64(), "received_at": _AT, "received_on": _DAY,
    "handled_at": _AT, "due_at": _AT, "due_rule": _TEXT, "next_at": _AT, "next_rule": _TEXT, "standing": _TEXT,
    "supervised": _YES, "joint": _YES, "late": _YES, "returns": _INT, "closing": _TEXT, "closed_at": _AT,
    "look_back_on": _DAY, "merged_into": _TEXT,
}  # fmt: skip

OVER = ("closed", "archived", "merged")


@dataclass(frozen=True)
class CaseFilter:
    """Which cases: open ones unless `closed`; each field that is given narrows. `mine`: the person is the officer.

    `overdue` and `due_before` look at the limit that ends first, as of `now`.
    """

    states: tuple[str, ...] = ()
    domain: str | None = None
    report_unit: str | None = None
    department: str | None = None
    subject_id: str | None = None
    number: str | None = None
    words: str | None = None  # in the name, the code, the number or the content
    overdue: bool = False
    due_before: datetime | None = None
    now: datetime | None = None
    mine: bool = False
    supervised: bool = False
    closed: bool = False

    def conditions(self, person: Person) -> list[ColumnElement[bool]]:
        c = _file.c
        equal = (
            (c.domain, self.domain),
            (c.report_unit, self.report_unit),
            (c.owner, self.department),
            (c.number, self.number),
        )
        found = [in_scope(person), *(column == value for column, value in equal if value is not None)]
        if self.subject_id is not None:
            found.append(c.subject_id == UUID(self.subject_id))
        if self.states:
            found.append(c.state.in_(self.states))
        if not self.closed:
            found.append(c.closed_at.is_(None))
        if self.mine:
            found.append(c.assignee == person.username)
        if self.supervised:
            found.append(c.supervised)
        if self.overdue:
            found.append(c.next_at < self.now)
        if self.due_before is not None:
            found += [c.next_at < self.due_before, c.next_at >= self.now]
        if self.words:
            found.append(or_(*(column.contains(self.words, autoescape=True) for column in (c.name, c.code, c.number)),
                             and_(~c.confidential, c.content.contains(self.words, autoescape=True))))  # fmt: skip
        return found


def in_scope(person: Person) -> ColumnElement[bool]:
    """The cases of the person's units, domains and departments, those included in which these have a part."""
    if not person.may("read"):
        return false()
    bounds = (("unit", _file.c.report_unit, person.units), ("domain", _file.c.domain, person.domains))
    found = [
        or_(column.in_(sorted(codes)), _takes_part(kind, codes)) for kind, column, codes in bounds if codes is not None
    ]
    if person.departments is not None:
        found.append(_takes_part("department", person.departments))
    return and_(*found) if found else _file.c.version > 0


def _takes_part(kind: str, codes: Iterable[str]) -> ColumnElement[bool]:
    return (
        select(_party.c.code)
        .where(_party.c.subject_id == _file.c.subject_id, _party.c.case_id == _file.c.id, _party.c.kind == kind,
               _party.c.code.in_(sorted(codes)))
        .exists()
    )  # fmt: skip


_ORDERS = {
    "due": (_file.c.next_at.is_(None), _file.c.next_at, _file.c.number),
    "new": (_file.c.received_at.desc(), _file.c.number),
    "moved": (_file.c.handled_at.desc(), _file.c.number),
    "amount": (_file.c.amount.is_(None), _file.c.amount.desc(), _file.c.number),
    "people": (_file.c.people_count.desc(), _file.c.number),
}


def listed(
    desk: Desk, wanted: CaseFilter | None = None, *, order: str = "due", limit: int = 200, skip: int = 0
) -> pd.DataFrame:
    """Cases in scope, what ends first on top; columns as COLUMNS. `order`: due, new, moved, amount or people."""
    scope.demand(desk.person, "read")
    shown = {n: _file.c[n] for n in COLUMNS} | {
        "content": case((_file.c.confidential, ""), else_=_file.c.content).label("content")
    }
    statement = (
        select(*shown.values()).where(*(wanted or CaseFilter()).conditions(desk.person))
        .order_by(*_ORDERS[order]).limit(limit).offset(skip)
    )  # fmt: skip
    return _frame(desk, statement, COLUMNS)


def counted(
    desk: Desk, by: Sequence[str], now: datetime, soon: datetime, wanted: CaseFilter | None = None
) -> pd.DataFrame:
    """How many open cases there are by some columns: `cases`, of them `overdue` as of now, `soon` due before then,
    `paused`, without a date that can be told (`unknown`), `mine`, `supervised`, and `main_overdue`, over the limit of
    the whole."""
    scope.demand(desk.person, "read")
    c, key = _file.c, [_file.c[n] for n in by]
    sums = {
        "cases": func.count(),
        "overdue": _sum(c.next_at < now), "soon": _sum(and_(c.next_at >= now, c.next_at < soon)),
        "paused": _sum(c.standing == "paused"), "unknown": _sum(c.standing == "unknown"),
        "mine": _sum(c.assignee == desk.person.username), "supervised": _sum(c.supervised), "main_overdue": _sum(c.due_at < now),
    }  # fmt: skip
    statement = (
        select(*key, *(v.label(n) for n, v in sums.items())).where(*(wanted or CaseFilter()).conditions(desk.person)).group_by(*key)
    )  # fmt: skip
    return _frame(desk, statement, {n: COLUMNS[n] for n in by} | dict.fromkeys(sums, _INT))


def due_months(desk: Desk, now: datetime) -> pd.DataFrame:
    """Open cases over the limit of the whole: domain, report_unit, owner, due_at of each (few, by their index)."""
    names = ("domain", "report_unit", "owner", "due_at")
    statement = select(*(_file.c[n] for n in names)).where(*CaseFilter().conditions(desk.person), _file.c.due_at < now)
    return _frame(desk, statement, {n: COLUMNS[n] for n in names})


def tallied(
    desk: Desk, measures: Sequence[str], since: str, until: str, *, wanted: CaseFilter | None = None, by: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """The counts in scope of months `since` to `until` ("2026-11"), of measures that begin with one of `measures`: measure,
    value, cases, for each value of the columns `by` (domain, report_unit, department, month). `wanted` narrows them to a
    domain, a unit and a department."""
    scope.demand(desk.person, "read")
    types = {n: _TEXT for n in (*by, "measure")} | {"value": _INT, "cases": _INT}
    person, c, wanted = desk.person, _tally.c, wanted or CaseFilter()
    bounds = ((c.report_unit, person.units), (c.domain, person.domains), (c.department, person.departments))
    asked = ((c.report_unit, wanted.report_unit), (c.domain, wanted.domain), (c.department, wanted.department))
    keys = [c[n] for n in (*by, "measure", "value")]
    statement = (
        select(*keys, cast(func.sum(c.cases), Integer).label("cases"))
        .where(c.month >= since, c.month <= until, c.cases != 0, or_(*(c.measure.startswith(m) for m in measures)))
        .where(*(column.in_(sorted(codes)) for column, codes in bounds if codes is not None))
        .where(*(column == value for column, value in asked if value is not None))
        .group_by(*keys)
    )
    return _frame(desk, statement, types)


# --- several -----------------------------------------------------------------------------------------------------


def similar(desk: Desk, subject_ids: Sequence[str], since: date, until: date) -> pd.DataFrame:
    """Cases on these subjects received in a time, whoever's they are, for the test of duplicates: id, subject_id, number,
    fact, content, received_at, state, joint, contact (masked, of each complainant: a row for each)."""
    types = {n: COLUMNS[n] for n in ("subject_id", "id", "number", "fact", "content", "received_at", "state", "joint")}
    statement = (
        select(*(_file.c[n] for n in types), _person.c.contact)
        .select_from(
            _file.outerjoin(_person, and_(_person.c.subject_id == _file.c.subject_id, _person.c.case_id == _file.c.id))
        )
        .where(_file.c.received_on >= since, _file.c.received_on <= until, _file.c.state != "merged")
    )
    with desk._reading() as connection:
        statement = statement.where(engine.among(connection, _file.c.subject_id, list(subject_ids)))
        return _to_frame(connection, statement, {**types, "contact": _TEXT})


def warnings_across(desk: Desk, *, limit: int = 5000) -> pd.DataFrame:
    """Open warnings on subjects that have some of several domains, or an open case: subject_id, number, domain, name."""
    scope.demand(desk.person, "read")
    other, about = _warning.alias(), _file.alias()
    more = select(other.c.id).where(
        other.c.subject_id == _warning.c.subject_id, other.c.domain != _warning.c.domain, other.c.closed_at.is_(None)
    )
    case_ = select(about.c.id).where(about.c.subject_id == _warning.c.subject_id, about.c.closed_at.is_(None))
    name = select(func.max(_subject.c.name)).where(_subject.c.subject_id == _warning.c.subject_id).scalar_subquery()
    statement = (
        select(_warning.c.subject_id, _warning.c.number, _warning.c.domain, name.label("name"))
        .where(_warning.c.closed_at.is_(None), scope.rows_of(desk.person, _warning), or_(more.exists(), case_.exists()))
        .order_by(_warning.c["rank"], _warning.c.number)
        .limit(limit)
    )
    if desk.person.domains is not None:
        statement = statement.where(_warning.c.domain.in_(sorted(desk.person.domains)))
    return _frame(desk, statement, dict.fromkeys(("subject_id", "number", "domain", "name"), _TEXT))


def uncertain(desk: Desk) -> list[tuple[str, str]]:
    """The open cases with a date that wasn't certain, or couldn't be told: subject and id."""
    statement = select(_file.c.subject_id, _file.c.id).where(
        _file.c.closed_at.is_(None), _file.c.standing.in_(("unknown", "unconfirmed")), in_scope(desk.person)
    )
    with desk._reading() as connection:
        return [(str(s), str(i)) for s, i in connection.execute(statement.order_by(_file.c.number))]


def to_look_back(desk: Desk, on: date) -> pd.DataFrame:
    """Closed cases that should be looked at again by a day; columns as COLUMNS."""
    statement = select(*(_file.c[n] for n in COLUMNS)).where(_file.c.look_back_on <= on, in_scope(desk.person))
    return _frame(desk, statement, COLUMNS)


def guarded(desk: Desk, kind: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """What a guard found in scope, the newest first, with the rows behind each."""
    scope.demand(desk.person, "read")
    person = desk.person
    bounds = ((_guard.c.report_unit, person.units), (_guard.c.domain, person.domains))
    statement = (
        select(_guard)
        .where(_guard.c.kind == kind, *(c.in_([*sorted(codes), ""]) for c, codes in bounds if codes is not None))
        .order_by(_guard.c.day.desc(), _guard.c.subject_id, _guard.c.ref)
        .limit(limit)
    )
    with desk._reading() as connection:
        return [
            dict(r) | {"subject_id": str(r["subject_id"]), "departments": json.loads(r["departments"]), "rows": json.loads(r["rows"])}
            for r in connection.execute(statement).mappings()
        ]  # fmt: skip


def taken(desk: Desk, dataset: str, refs: Sequence[str]) -> set[str]:
    """Those of a dataset's row keys that a case was made of already."""
    with desk._reading() as connection:
        statement = select(_source.c.ref).where(
            _source.c.kind == dataset, engine.among(connection, _source.c.ref, list(refs))
        )
        return set(connection.execute(statement).scalars())


# --- within ------------------------------------------------------------------------------------------------------


def _frame(desk: Desk, statement: Any, types: Mapping[str, pa.DataType]) -> pd.DataFrame:
    with desk._reading() as connection:
        return _to_frame(connection, statement, types)


def _to_frame(connection: Connection, statement: Any, types: Mapping[str, pa.DataType]) -> pd.DataFrame:
    """`bulk.read` knows moments by their plain type."""
    named = zip(statement.selected_columns, types.values(), strict=True)
    plain = [type_coerce(c, DateTime).label(c.name) if kind == _AT else c for c, kind in named]
    statement = statement.with_only_columns(*plain, maintain_column_froms=True)
    return bulk.read(connection, statement, types).to_pandas(date_as_object=False)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
