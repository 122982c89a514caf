"""Briefs that were issued: kept as they were, with their numbers; marked when they no longer stand, never removed.

A kept brief holds what the desk it was made through could see, so whoever reads it must see at least that: its `scope`
are that desk's bounds, and a brief out of the person's scope is as good as none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import deliveries, engine, files, scope, serials, subscriptions
from pilotwatch.store.brief_tables import BriefFile, BriefItem, BriefMark, KeptBrief
from pilotwatch.store.deliveries import Notice
from pilotwatch.store.delivery_tables import Delivery
from pilotwatch.store.delivery_tables import Notice as NoticeRow
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Account, KeptFile
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

Audience = Literal["leader", "district", "office"]
Mark = Literal["withdrawn", "superseded"]

AUDIENCES: dict[Audience, Text] = {
    "leader": Text("区（县）领导", "District leader"),
    "district": Text("区（县）专班", "District team"),
    "office": Text("市级专班办公室", "City office"),
}
#: The roles that a brief for an audience is sent to.
_ROLES: dict[str, frozenset[str]] = {
    "leader": frozenset({"district_leader"}),
    "district": frozenset({"pilot_team", "department_officer"}),
    "office": frozenset({"city_office"}),
}
#: Acts of marking, as the audit calls them.
_ACTS: dict[Mark, str] = {"withdrawn": "brief.withdraw", "superseded": "brief.supersede"}

_kept, _file, _mark, _item = (t.__table__ for t in (KeptBrief, BriefFile, BriefMark, BriefItem))
_stored, _account, _notice, _delivery = (t.__table__ for t in (KeptFile, Account, NoticeRow, Delivery))
_LISTED = [c for c in _kept.c if c.name != "numbers"]


@dataclass(frozen=True)
class Issue:
    """A brief that is to be kept. `unit`: "" for the whole of the scope; `numbers`: plain data, as it is compared later;
    `documents`: kind → bytes; `key`: which issue it is, it is kept once."""

    key: str
    series: str
    number: int
    unit: str
    period: str
    form: str
    language: str
    audience: Audience
    title: str
    on: date
    as_of: datetime
    approval: str
    data_version: int
    told: int
    numbers: Any
    documents: Mapping[str, bytes]


@dataclass(frozen=True)
class Kept:
    """A kept brief, without its numbers. `files`: kind → (SHA-256, bytes); `mark`: that it no longer stands, if so."""

    id: str
    series: str
    number: int
    unit: str
    scope: str
    period: str
    form: str
    language: str
    audience: Audience
    title: str
    on: date
    as_of: datetime
    issued_at: datetime
    by: str
    by_name: str
    approval: str
    data_version: int
    told: int
    files: Mapping[str, tuple[str, int]]
    mark: Marked | None = None

    @property
    def year(self) -> str:
        return self.series.rpartition("/")[2]


@dataclass(frozen=True)
class Marked:
    """Why a kept brief no longer stands; `instead`: the id of the one that counts now, if there is one."""

    kind: Mark
    reason: str
    by_name: str
    at: datetime
    instead: str | None


# --- scope ---------------------------------------------------------------------------------------------------------


def bounds_of(person: Person) -> str:
    """The person's bounds as text: those of what is made through their desk."""
    bounds = [getattr(person, n) for n in subscriptions.BOUNDS]
    return json.dumps([None if b is None else sorted(b) for b in bounds])


def within(person: Person, bounds: str) -> bool:
    """Whether what has these bounds (as text) may be read by the person."""
    mine = [getattr(person, n) for n in subscriptions.BOUNDS]
    held = [None if b is None else frozenset(b) for b in json.loads(bounds)]
    return person.may("read") and all(m is None or (h is not None and h <= m) for m, h in zip(mine, held, strict=True))


def maker_of(person: Person, bounds: str) -> Person:
    """The person bound to the scope of a kept brief: what would make it again."""
    held = {
        n: None if b is None else frozenset(b) for n, b in zip(subscriptions.BOUNDS, json.loads(bounds), strict=True)
    }
    return Person(**{**vars(person), **held})


def series_of(person: Person, unit: str, at: datetime) -> str:
    """The series in which briefs of a unit are numbered, by year: of less than all domains it is one of its own."""
    bound = sorted((person.domains or frozenset()) | (person.departments or frozenset()))
    return f"{unit or '*'}{'+' + ','.join(bound) if bound else ''}/{at.astimezone(BEIJING).year}"


def _seen(connection: Connection, person: Person) -> ColumnElement[bool]:
    every = connection.scalars(select(_kept.c.scope).distinct())
    return _kept.c.scope.in_([s for s in every if within(person, s)])


# --- keeping -------------------------------------------------------------------------------------------------------


def next_number(desk: Desk, series: str) -> int:
    """The next number of a series; one that isn't used stays a gap."""
    scope.demand(desk.person, "read")
    with desk._writing() as connection:
        return serials.first_of(connection, f"brief:{series}")


def keep(
    desk: Desk, issue: Issue, *, bounds: str, item: tuple[str, str] | None = None,
    tell: Callable[[Kept, Sequence[str]], Iterable[Notice]] | None = None, at: datetime | None = None,
) -> Kept:  # fmt: skip
    """Keeps an issue, marks the item (job, unit) it was made for as made and queues what is to be told, all in one
    transaction; the one that was kept under its key, where there is one.

    `bounds`: of the desk it was made through. `tell`: gets the kept brief and the accounts of its audience.
    """
    scope.demand(desk.person, "read")
    moment, folder = at or now(), desk._store.files
    digests = {kind: files.keep_bytes(folder, data) for kind, data in issue.documents.items()}
    values = {
        "id": new_id(), "key": issue.key, "series": issue.series, "number": issue.number, "report_unit": issue.unit,
        "scope": bounds, "period": issue.period, "form": issue.form, "language": issue.language, "audience": issue.audience,
        "title": issue.title, "on_day": issue.on, "as_of": issue.as_of, "issued_at": moment, "by": desk.person.username,
        "by_name": desk.person.name, "approval": issue.approval, "data_version": issue.data_version, "told": issue.told,
        "numbers": json.dumps(issue.numbers, ensure_ascii=False),
    }  # fmt: skip
    with desk._writing() as connection:
        dialect = postgresql if engine.is_postgres(connection) else sqlite
        adding = dialect.insert(_kept).values(**values).on_conflict_do_nothing(index_elements=["key"])
        new = connection.scalar(adding.returning(_kept.c.id)) is not None
        (row,) = connection.execute(select(*_LISTED).where(_kept.c.key == issue.key)).mappings()
        if new:
            for kind, digest in digests.items():
                size = len(issue.documents[kind])
                name = f"brief-{issue.series.replace('/', '-')}-{issue.number}.{kind}"
                engine.insert_new(connection, _stored, sha256=digest, name=name, size=size, kind=kind, at=moment)
                connection.execute(_file.insert().values(brief_id=row["id"], kind=kind, sha256=digest, size=size))
        found = _all(connection, [row])[0]
        if item:
            mine = _item.c.job_id == UUID(item[0]), _item.c.report_unit == item[1]
            connection.execute(
                update(_item).where(*mine).values(state="made", brief_id=row["id"], ended_at=moment, reason_zh=None, reason_en=None)
            )  # fmt: skip
        if new:
            told = {"number": issue.number, "form": issue.form, "audience": issue.audience, "files": digests}
            append_audit(connection, desk.person.username, "brief.issue", _object(found), told)
            if tell:
                deliveries.queue(connection, tell(found, _readers(connection, found)), at=moment)
        return found


def _readers(connection: Connection, kept: Kept) -> list[str]:
    """The accounts in use that a brief is for, and that may see all of it."""
    every = list(connection.scalars(select(_account.c.username).where(_account.c.role.in_(_ROLES[kept.audience]))))
    people = subscriptions.people_of(connection, every).values()
    near = (p for p in people if not kept.unit or kept.audience == "office" or p.units is not None)
    return sorted(p.username for p in near if within(p, kept.scope))


# --- reading -------------------------------------------------------------------------------------------------------


def listed(
    desk: Desk, *, unit: str | None = None, year: int | None = None, ids: Sequence[str] | None = None, limit: int = 200
) -> list[Kept]:
    """The kept briefs in scope, the newest first; of a unit ("": the whole), a year, or of these ids."""
    scope.demand(desk.person, "read")
    asked = select(*_LISTED).order_by(_kept.c.issued_at.desc(), _kept.c.number.desc()).limit(limit)
    asked = asked if unit is None else asked.where(_kept.c.report_unit == unit)
    asked = asked if year is None else asked.where(_kept.c.series.like(f"%/{int(year)}"))
    asked = asked if ids is None else asked.where(_kept.c.id.in_([i for t in ids if (i := _uuid(t))]))
    with desk._reading() as connection:
        return _all(connection, connection.execute(asked.where(_seen(connection, desk.person))).mappings().all())


def one(desk: Desk, brief_id: str) -> Kept:
    """A kept brief; raises StoreRefused ("no_brief") where there is none in scope."""
    found = listed(desk, ids=[brief_id])
    if not found:
        raise StoreRefused("no_brief", _NO_BRIEF.format(id=brief_id[:40]))
    return found[0]


def numbers(desk: Desk, kept: Kept) -> Any:
    """The numbers of a kept brief, as they were given to `keep`."""
    with desk._reading() as connection:
        seen = _seen(connection, desk.person)
        return json.loads(connection.scalar(select(_kept.c.numbers).where(_kept.c.id == UUID(kept.id), seen)) or "{}")


def document(desk: Desk, brief_id: str, kind: str) -> bytes:
    """The bytes of a document exactly as it was issued, after the audit was told who took it.

    Raises StoreRefused: "no_brief", "no_document", or "broken" where the file isn't what was kept.
    """
    kept = one(desk, brief_id)
    if kind not in kept.files:
        raise StoreRefused("no_document", _NO_DOCUMENT.format(kind=kind, known="、".join(kept.files)))
    digest, _ = kept.files[kind]
    path = files.path_of(desk._store.files, digest)
    if not path.is_file() or files.sha256(path) != digest:
        raise StoreRefused("broken", _BROKEN.format(digest=digest[:12]))
    with desk._writing() as connection:
        append_audit(
            connection, desk.person.username, "brief.download", _object(kept), {"kind": kind, "sha256": digest}
        )
    return path.read_bytes()


# --- marking -------------------------------------------------------------------------------------------------------


def mark(desk: Desk, brief_id: str, kind: Mark, reason: str, instead: str | None = None) -> None:
    """Says that a kept brief no longer stands, for good: withdrawn, or superseded by `instead`. What still waits to be
    told of it is dropped. Whoever issued it may, and the city's office. Raises StoreRefused."""
    kept, said = one(desk, brief_id), reason.strip()
    if desk.person.username != kept.by and not desk.person.may("accept"):
        raise StoreRefused("not_yours", _NOT_YOURS.format(by=kept.by_name))
    if not said:
        raise StoreRefused("no_reason", _NO_REASON)
    if kind == "superseded":
        other = one(desk, instead or "")
        if other.id == kept.id or other.mark or other.unit != kept.unit:
            raise StoreRefused("no_instead", _NO_INSTEAD)
    moment = now()
    values = {
        "kind": kind,
        "reason": said[:1000],
        "by": desk.person.username,
        "by_name": desk.person.name,
        "at": moment,
    }
    with desk._writing() as connection:
        dialect = postgresql if engine.is_postgres(connection) else sqlite
        other_id = UUID(instead) if kind == "superseded" and instead else None
        adding = dialect.insert(_mark).values(brief_id=UUID(kept.id), instead=other_id, **values)
        if connection.scalar(adding.on_conflict_do_nothing().returning(_mark.c.brief_id)) is None:
            was = connection.execute(select(_mark).where(_mark.c.brief_id == UUID(kept.id))).mappings().one()
            raise StoreRefused("marked", _MARKED.format(by=was["by_name"], at=was["at"].astimezone(BEIJING)))
        waits = select(_notice.c.id).where(_notice.c.key == f"brief:{kept.id}")
        connection.execute(
            update(_delivery)
            .where(_delivery.c.notice_id.in_(waits), _delivery.c.state == "waiting")
            .values(state="dropped", rule="withdrawn", reason_zh=_DROPPED.zh, reason_en=_DROPPED.en)
        )
        told = {"reason": said[:1000], "instead": instead} if instead else {"reason": said[:1000]}
        append_audit(connection, desk.person.username, _ACTS[kind], _object(kept), told)


# --- within --------------------------------------------------------------------------------------------------------


def _all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Kept]:
    ids = [r["id"] for r in rows]
    kinds: dict[UUID, dict[str, tuple[str, int]]] = {}
    asked = select(_file).where(_file.c.brief_id.in_(ids)).order_by(_file.c.kind)
    for r in connection.execute(asked).mappings():
        kinds.setdefault(r["brief_id"], {})[r["kind"]] = (r["sha256"], r["size"])
    marked = connection.execute(select(_mark).where(_mark.c.brief_id.in_(ids))).mappings()
    marks = {
        r["brief_id"]: Marked(
            r["kind"], r["reason"], r["by_name"], r["at"], str(r["instead"]) if r["instead"] else None
        )
        for r in marked
    }
    names = ("series", "number", "scope", "period", "form", "language", "audience", "title", "as_of", "issued_at", "by",
             "by_name", "approval", "data_version", "told")  # fmt: skip
    return [
        Kept(
            id=str(r["id"]), unit=r["report_unit"], on=r["on_day"], files=kinds.get(r["id"], {}), mark=marks.get(r["id"]),
            **{n: r[n] for n in names},
        )
        for r in rows
    ]  # fmt: skip


def _object(kept: Kept) -> str:
    return f"{kept.unit or 'all'}/{kept.period}#{kept.number}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


_NO_BRIEF = Text(
    "没有找到这份简报（{id}），或它不在您的权限范围内。请从“已出简报”中选择。",
    "There is no such brief ({id}), or it is outside your scope. Choose one from the list of issued briefs.",
)
_NO_DOCUMENT = Text("这份简报没有 {kind} 文件，可取：{known}。", "This brief has no {kind} file; there are: {known}.")
_BROKEN = Text(
    "原文件（{digest}…）缺失或已损坏，不予下载。请系统管理员用备份恢复文件目录。",
    "The file ({digest}…) is missing or damaged, so it isn't handed out. The administrator restores the files from the backup.",
)
_NOT_YOURS = Text(
    "只有出刊人“{by}”或市级专班办公室可以撤回或更正这份简报。",
    "Only “{by}”, who issued it, or the city office can withdraw or correct this brief.",
)
_NO_REASON = Text("请填写原因，读者会看到。", "Say why; readers will see it.")
_NO_INSTEAD = Text(
    "请选择同一单位另一份现行的简报作为替代。", "Choose another brief of the same unit, one that stands, in its place."
)
_MARKED = Text(
    "这份简报已由 {by} 于 {at:%Y-%m-%d %H:%M} 标注，不能重复标注。",
    "This brief was marked by {by} on {at:%Y-%m-%d %H:%M} already.",
)
_DROPPED = Text("简报在送达前已撤回或更正，不再发送。", "The brief was withdrawn or superseded before it was sent.")
