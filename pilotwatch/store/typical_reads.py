"""Typical cases read: what was approved by everybody who reads, everything else by those who may see all of its cases.

A draft names nothing that a reader of its cases doesn't see; what is approved is masked and is there to be copied, so it
crosses units. What leads back to a row or a warning is handed to the former only.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select, true

from pilotwatch.domain import Text
from pilotwatch.store import engine, scope
from pilotwatch.store.case_tables import CaseFile
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.scope import Person
from pilotwatch.store.typical_tables import Typical, TypicalAdoption, TypicalEvent, TypicalSource, TypicalVersion
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_typical, _source, _version = Typical.__table__, TypicalSource.__table__, TypicalVersion.__table__
_event, _adoption, _case = TypicalEvent.__table__, TypicalAdoption.__table__, CaseFile.__table__

Shelf = Literal["library", "open", "any"]
OPEN = ("draft", "submitted", "returned")  # what somebody still has to do something about
MOST_WORDS = 6


@dataclass(frozen=True)
class TypicalFilter:
    """Which typical cases. `shelf`: "library", what everybody reads; "open", drafts and what waits for a decision;
    "any", the newest version of whatever is in scope.

    `words`: each of them, divided by spaces, has to be somewhere in the text. `year`: of the approval, in Beijing.
    """

    shelf: Shelf = "library"
    words: str = ""
    domain: str | None = None
    unit: str | None = None
    tag: str | None = None
    year: int | None = None
    state: str | None = None
    case_id: str | None = None


def plain(text: str) -> str:
    """Text as it is searched: one width, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def listed(desk: Desk, wanted: TypicalFilter | None = None, *, limit: int = 100, skip: int = 0) -> list[dict[str, Any]]:
    """Typical cases, those with the words in their title first, then the newest; keys as of `find`, without its lists."""
    scope.demand(desk.person, "read")
    wanted = wanted or TypicalFilter()
    words = _words(wanted)
    titled = [case((func.lower(_version.c.title).contains(w, autoescape=True), 0), else_=1) for w in words[:1]]
    newest = _typical.c.shown_at if wanted.shelf == "library" else _version.c.at
    statement = (
        select(*_columns(), _mine(desk.person).label("within")).select_from(_typical).join(_version, _joined(wanted.shelf))
        .where(*_conditions(desk.person, wanted)).order_by(*titled, newest.desc(), _typical.c.number.desc())
        .limit(limit).offset(skip)
    )  # fmt: skip
    with desk._reading() as connection:
        return [_told(r) for r in connection.execute(statement).mappings()]


def count(desk: Desk, wanted: TypicalFilter | None = None) -> int:
    """How many `listed` would give without a limit."""
    scope.demand(desk.person, "read")
    wanted = wanted or TypicalFilter()
    statement = (
        select(func.count()).select_from(_typical).join(_version, _joined(wanted.shelf)).where(*_conditions(desk.person, wanted))
    )  # fmt: skip
    with desk._reading() as connection:
        return connection.scalar(statement) or 0


def totals(desk: Desk) -> dict[str, Any]:
    """What the page says at its top: `library`, `adoptions`, `domains` and `units` of the library, its first `year`, and how
    many of the open ones in scope are in each state."""
    scope.demand(desk.person, "read")
    shown = select(_typical.c.domains, _typical.c.units, _typical.c.adoptions, _typical.c.shown_at).where(
        _typical.c.shown.is_not(None)
    )
    open_ = (
        select(_typical.c.state, func.count()).where(_mine(desk.person), _typical.c.state.in_(OPEN)).group_by(_typical.c.state)
    )  # fmt: skip
    with desk._reading() as connection:
        rows = connection.execute(shown).all()
        states = dict.fromkeys(OPEN, 0) | {state: n for state, n in connection.execute(open_)}
    return {
        "library": len(rows), "adoptions": sum(r[2] for r in rows),
        "domains": sorted({d for r in rows for d in r[0].split()}), "units": sorted({u for r in rows for u in r[1].split()}),
        "years": sorted({r[3].astimezone(BEIJING).year for r in rows if r[3]}, reverse=True), **states,
    }  # fmt: skip


def find(desk: Desk, number: str, version: int | None = None) -> dict[str, Any]:
    """One typical case: the version that is asked for, else the newest of those the person may see.

    Keys: the columns of `typical` and of its version (JSON as values, lists as tuples), `within` (whether the person sees
    all of its cases), `versions` (number and state of each the person may read), `sources`, `events`, `adopted`, `changed`
    (numbers of the cases that moved since the figures were frozen, or "" for whoever doesn't see the case).
    Raises StoreRefused where there is none, or it isn't the person's to see.
    """
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        head = one(connection, desk.person, number)
        wanted = version or (head["version"] if head["within"] else head["shown"])
        visible = head["within"] or wanted == head["shown"]
        row = connection.execute(
            select(*_columns()).select_from(_typical).join(_version, _version.c.typical_id == _typical.c.id)
            .where(_typical.c.id == head["id"], _version.c.version == wanted)
        ).mappings().first()  # fmt: skip
        if row is None or not visible:
            raise StoreRefused("no_typical", NO_TYPICAL.format(number=number))
        return _told({**row, "within": head["within"]}) | _around(connection, head, row)


def one(connection: Connection, person: Person, number: str, *, lock: bool = False) -> Mapping[str, Any]:
    """The row of `typical` with `within`; StoreRefused where the person may see nothing of it."""
    statement = select(_typical, _mine(person).label("within")).where(
        _typical.c.number == number.strip().upper(), or_(_mine(person), _typical.c.shown.is_not(None))
    )
    statement = statement.with_for_update(of=_typical) if lock and engine.is_postgres(connection) else statement
    row = connection.execute(statement).mappings().first() if person.may("read") else None
    if row is None:
        raise StoreRefused("no_typical", NO_TYPICAL.format(number=number))
    return row


def sources_of(connection: Connection, typical_id: UUID) -> list[dict[str, Any]]:
    """The cases of a typical case: case_id, subject_id, number."""
    names = ("case_id", "subject_id", "number")
    statement = (
        select(*(_source.c[n] for n in names)).where(_source.c.typical_id == typical_id).order_by(_source.c.number)
    )
    return [{**r, "case_id": str(r["case_id"]), "subject_id": str(r["subject_id"])} for r in connection.execute(statement).mappings()]  # fmt: skip


def of_cases(connection: Connection, case_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The typical cases, but withdrawn ones, that are written from exactly these cases: id, number."""
    ids = [UUID(c) for c in case_ids]
    has = [
        select(_source.c.case_id).where(_source.c.typical_id == _typical.c.id, _source.c.case_id == c).exists() for c in ids
    ]  # fmt: skip
    size = select(func.count()).where(_source.c.typical_id == _typical.c.id).scalar_subquery()
    alive = or_(_typical.c.shown.is_not(None), _typical.c.state != "withdrawn")
    statement = select(_typical.c.id, _typical.c.number).where(*has, size == len(ids), alive)
    return list(connection.execute(statement).mappings())


# --- within --------------------------------------------------------------------------------------------------------


def _mine(person: Person) -> ColumnElement[bool]:
    """Whether none of a typical case's cases is out of the person's scope."""
    if not person.may("read"):
        return false()
    bounds = (
        (_source.c.units, person.units),
        (_source.c.domains, person.domains),
        (_source.c.departments, person.departments),
    )
    inside = [
        or_(false(), *(column.contains(f" {code} ", autoescape=True) for code in sorted(codes)))
        for column, codes in bounds
        if codes is not None
    ]
    if not inside:
        return true()
    outside = select(_source.c.case_id).where(_source.c.typical_id == _typical.c.id, ~and_(*inside))
    return ~outside.exists()


def _joined(shelf: Shelf) -> ColumnElement[bool]:
    which = _typical.c.shown if shelf == "library" else _typical.c.version
    return and_(_version.c.typical_id == _typical.c.id, _version.c.version == which)


def _conditions(person: Person, wanted: TypicalFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.shelf != "library":
        found.append(_mine(person))
    if wanted.shelf == "open":
        found.append(_typical.c.state.in_(OPEN))
    among = ((_typical.c.domains, wanted.domain), (_typical.c.units, wanted.unit), (_version.c.tags, wanted.tag))
    found += [column.contains(f" {code} ", autoescape=True) for column, code in among if code]
    found += [_version.c.search.contains(word, autoescape=True) for word in _words(wanted)]
    if wanted.state:
        found.append(_typical.c.state == wanted.state)
    if wanted.year:
        begins, ends = (datetime(y, 1, 1, tzinfo=BEIJING).astimezone(UTC) for y in (wanted.year, wanted.year + 1))
        found += [_typical.c.shown_at >= begins, _typical.c.shown_at < ends]
    if wanted.case_id:
        of = select(_source.c.case_id).where(
            _source.c.typical_id == _typical.c.id, _source.c.case_id == UUID(wanted.case_id)
        )
        found += [of.exists(), or_(_typical.c.shown.is_not(None), _typical.c.state != "withdrawn")]
    return found


def _words(wanted: TypicalFilter) -> list[str]:
    return plain(wanted.words).split()[:MOST_WORDS]


def _columns() -> list[ColumnElement[Any]]:
    of_version = [_version.c[n].label("this" if n == "version" else n) for n in ("version", "title", "body", "tags", "kept_names", "figures", "as_of", "at", "by")]  # fmt: skip
    kept = ("number", "version", "state", "moves", "shown", "shown_at", "adoptions", "units", "domains", "departments", "made_at", "made_by")  # fmt: skip
    cases = select(func.count()).where(_source.c.typical_id == _typical.c.id).scalar_subquery().label("cases")
    return [*(_typical.c[n] for n in kept), cases, _version.c.state.label("this_state"), *of_version]


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as values; whoever doesn't see the cases gets no way back to warnings and rows."""
    found = dict(row) | {n: tuple(row[n].split()) for n in ("units", "domains", "departments", "tags")}
    figures = json.loads(row["figures"])
    if not row["within"]:
        figures = [f | {"trace": [t for t in f["trace"] if t[0] == "case"]} for f in figures]
    return found | {"body": json.loads(row["body"]), "figures": figures}


def _around(connection: Connection, head: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Versions, cases, events and takers of a typical case, as far as the person may see them."""
    within, this = head["within"], _event.c.typical_id == head["id"]
    events = select(_event.c.version, _event.c.at, _event.c.by, _event.c.act, _event.c.remark).where(this)
    versions = select(_version.c.version, _version.c.state).where(_version.c.typical_id == head["id"])
    if not within:
        events = events.where(_event.c.act == "approve")
        versions = versions.where(_version.c.version == head["shown"])
    names = ("id", "version", "taker", "at", "by", "note", "ended_at", "ended_by", "ended_why")
    adopted = select(*(_adoption.c[n] for n in names)).where(_adoption.c.typical_id == head["id"])
    sources = sources_of(connection, head["id"])
    return {
        "events": [dict(r) for r in connection.execute(events.order_by(_event.c.at, _event.c.id)).mappings()],
        "versions": [tuple(r) for r in connection.execute(versions.order_by(_version.c.version))],
        "adopted": [dict(r) | {"id": str(r["id"])} for r in connection.execute(adopted.order_by(_adoption.c.at)).mappings()],
        "sources": [{"number": s["number"], "case_id": s["case_id"] if within else ""} for s in sources],
        "changed": _changed(connection, head["id"], row["this"], sources, within) if row["as_of"] else [],
    }  # fmt: skip


def _changed(
    connection: Connection, typical_id: UUID, version: int, sources: Sequence[dict], within: bool
) -> list[str]:
    """The cases that moved since the figures were frozen."""
    text = connection.scalar(
        select(_version.c.seen).where(_version.c.typical_id == typical_id, _version.c.version == version)
    )
    seen, found = json.loads(text), []
    for source in sources:
        now = connection.scalar(
            select(_case.c.version).where(
                _case.c.subject_id == UUID(source["subject_id"]), _case.c.id == UUID(source["case_id"])
            )
        )
        if now != seen.get(source["case_id"]):
            found.append(source["number"] if within else "")
    return found


NO_TYPICAL = Text(
    "没有典型案例“{number}”，或它尚未入库、不在您的权限范围内。请在典型案例页核对编号。",
    "There is no typical case “{number}”, or it isn't published and outside your scope. Check its number on the page of typical cases.",
)
