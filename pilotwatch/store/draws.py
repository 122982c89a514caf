"""Draws in the store: the lists they are made from, how far each is, and who was drawn.

A draw's head (its number, rules, hashes, commitment, and that it was aborted) is public within the house: whoever may read
sees it. Who was drawn is read like any row of a reporting unit and domain.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, engine, files, scope, serials
from pilotwatch.store.draw_tables import Conflict, Draw, DrawEvent, Drawn, InspectorCard
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.score_tables import SubjectRisk
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_draw, _event, _drawn, _card, _conflict = (t.__table__ for t in (Draw, DrawEvent, Drawn, InspectorCard, Conflict))
_subject, _risk = Subject.__table__, SubjectRisk.__table__
_TEXT, _INT, _YES = pa.string(), pa.int64(), pa.bool_()
_POOL = dict.fromkeys(("subject_id", "code", "name", "report_unit", "street_code", "jurisdiction"), _TEXT)
_CLASSES = {"credit_class": _TEXT, "risk_class": _TEXT}
_PICKS = {
    "subject_id": _TEXT, "position": _INT, "stratum": _TEXT, "ticket": _TEXT, "reserve": _YES, "officers": _TEXT, "short": _TEXT,
    "domain": _TEXT, "report_unit": _TEXT, "street_code": _TEXT, "name": _TEXT, "code": _TEXT,
}  # fmt: skip


# --- what is drawn from ----------------------------------------------------------------------------------------------


def pool(desk: Desk, domain: str, datasets: Sequence[str], unit: str | None = None) -> pd.DataFrame:
    """The subjects of a domain's lists in scope, one row each: subject_id, code, name, report_unit, street_code,
    jurisdiction, credit_class, risk_class ("" where unknown)."""
    scope.demand(desk.person, "read")
    where = [scope.rows_of(desk.person, _subject), _subject.c.dataset.in_(datasets)]
    if domain not in scope.domains_of(desk):
        where.append(_subject.c.dataset.is_(None))
    if unit is not None:
        where.append(_subject.c.report_unit == unit)
    statement = (
        select(*(_subject.c[n] for n in _POOL), *(_risk.c[n] for n in _CLASSES))
        .join(_risk, and_(_risk.c.subject_id == _subject.c.subject_id, _risk.c.domain == domain), isouter=True)
        .where(*where)
        .order_by(_subject.c.subject_id, _subject.c.dataset)
    )
    with desk._reading() as connection:
        found = bulk.read(connection, statement, {**_POOL, **_CLASSES}).to_pandas()
    return found.fillna("").drop_duplicates("subject_id", ignore_index=True)


def inspectors(desk: Desk, *, retired: bool = False) -> list[dict[str, Any]]:
    """Who may be drawn to inspect in the person's units and departments, and those of the whole city: the columns of
    InspectorCard."""
    scope.demand(desk.person, "read")
    where: list[ColumnElement[bool]] = [] if retired else [_card.c.retired_at.is_(None)]
    if desk.person.units is not None:
        where.append(or_(_card.c.report_unit == "", _card.c.report_unit.in_(sorted(desk.person.units))))
    if desk.person.departments is not None:
        where.append(_card.c.department.in_(sorted(desk.person.departments)))
    with desk._reading() as connection:
        statement = select(_card).where(*where).order_by(_card.c.department, _card.c.id)
        return [dict(r) for r in connection.execute(statement).mappings()]


def conflicts(desk: Desk) -> list[dict[str, Any]]:
    """Who doesn't go where, and why: for those who prepare draws."""
    scope.demand(desk.person, "draw")
    with desk._reading() as connection:
        statement = select(_conflict).where(scope.rows_of(desk.person, _conflict)).order_by(_conflict.c.inspector_id)
        return [dict(r) | {"subject_id": str(r["subject_id"])} for r in connection.execute(statement).mappings()]


def put_inspectors(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> int:
    """Adds inspectors or changes them, by their certificate: id, name, department, report_unit, valid_until, most; and
    `retired` where one leaves. Gives how many were given."""
    scope.demand(desk.person, "draw")
    units = desk.person.units
    if units is not None and not {r["report_unit"] for r in rows} <= units:
        raise StoreRefused("scope", _NOT_YOUR_UNIT)
    at, names = now(), ("name", "department", "report_unit", "valid_until", "most")
    with desk._writing() as connection:
        known = set(connection.scalars(select(_card.c.id)))
        for row in rows:
            values = {n: row[n] for n in names if n in row} | {"changed_at": at, "changed_by": desk.person.username}
            values["retired_at"] = at if row.get("retired") else None
            if row["id"] in known:
                connection.execute(update(_card).where(_card.c.id == row["id"]).values(**values))
            else:
                connection.execute(_card.insert().values(id=row["id"], **values))
                known.add(row["id"])
        append_audit(
            connection,
            desk.person.username,
            "inspectors.put",
            None,
            {"ids": [r["id"] for r in rows][:50], "rows": len(rows)},
        )
    return len(rows)


def put_conflict(desk: Desk, inspector: str, subject_id: str, reason: str, *, gone: bool = False) -> None:
    """Notes that an inspector doesn't go to a subject, or (`gone`) that nothing speaks against it any more."""
    scope.demand(desk.person, "draw")
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    with desk._writing() as connection:
        mine = select(_subject.c.report_unit).where(
            _subject.c.subject_id == _id(subject_id), scope.rows_of(desk.person, _subject)
        )
        unit = connection.execute(mine).first()
        if unit is None or connection.scalar(select(_card.c.id).where(_card.c.id == inspector)) is None:
            raise StoreRefused("no_subject", _NO_PAIR)
        connection.execute(
            delete(_conflict).where(_conflict.c.subject_id == _id(subject_id), _conflict.c.inspector_id == inspector)
        )
        if not gone:
            connection.execute(
                _conflict.insert().values(
                    subject_id=_id(subject_id), inspector_id=inspector, reason=reason.strip(), report_unit=unit[0] or "", at=now(), by=desk.person.username
                )
            )  # fmt: skip
        told = {"inspector": inspector, "reason": reason.strip(), "gone": gone}
        append_audit(connection, desk.person.username, "inspectors.conflict", subject_id, told)


# --- how far a draw is ------------------------------------------------------------------------------------------------


def new_id() -> str:
    return str(uuid_utils.uuid7())


def prepare(desk: Desk, row: Mapping[str, Any], objects: bytes, inspectors: bytes, at: datetime) -> str:
    """Keeps the lists and the rules of a new draw; gives its number. `row`: the columns of Draw that are known by then."""
    scope.demand(desk.person, "draw")
    _demand_own(desk, row["domain"], row["report_unit"])
    kept = {
        "objects_sha256": files.keep_bytes(desk._store.files, objects),
        "inspectors_sha256": files.keep_bytes(desk._store.files, inspectors),
    }
    with desk._writing() as connection:
        same = (
            _draw.c.domain == row["domain"], _draw.c.report_unit == row["report_unit"], _draw.c.title == row["title"],
            _draw.c.state != "aborted",
        )  # fmt: skip
        there = connection.scalar(select(_draw.c.number).where(*same))
        if there is not None:
            raise StoreRefused("drawn_already", _DRAWN_ALREADY.format(title=row["title"], number=there))
        series = f"CQ-{at.astimezone(BEIJING):%Y%m%d}"
        number = f"{series}-{serials.first_of(connection, series):03d}"
        known = {
            "id": _id(row["id"]), "number": number, "state": "prepared", "prepared_at": at, "prepared_by": desk.person.username,
            "commitment": "", "sealed_by": "", "public": "", "nonce": "", "drawn_by": "", "aborted_by": "", "why": "",
        }  # fmt: skip
        connection.execute(_draw.insert().values(**{**row, **kept, **known}))
        _note(
            connection,
            desk,
            row["id"],
            number,
            "prepare",
            {n: row[n] for n in ("title", "objects", "inspectors")} | kept,
            at,
        )
    return number


def seal(desk: Desk, draw_id: str, commitment: str, at: datetime) -> None:
    """Publishes the commitment of a draw: by somebody else than prepared it, and one draw of a place at a time."""
    scope.demand(desk.person, "witness")
    with desk._writing() as connection:
        row = _demand(connection, desk, draw_id, "prepared")
        if row["prepared_by"] == desk.person.username:
            raise StoreRefused("same_person", _SAME_PERSON)
        if at >= row["public_at"]:
            raise StoreRefused("too_late", _TOO_LATE)
        waiting = connection.scalar(
            select(_draw.c.number).where(_draw.c.domain == row["domain"], _draw.c.report_unit == row["report_unit"], _draw.c.state == "sealed")
        )  # fmt: skip
        if waiting is not None:
            raise StoreRefused("one_at_a_time", _ONE_AT_A_TIME.format(number=waiting))
        _move(connection, row, state="sealed", commitment=commitment, sealed_at=at, sealed_by=desk.person.username)
        _note(connection, desk, draw_id, row["number"], "seal", {"commitment": commitment}, at)


def conclude(
    desk: Desk, draw_id: str, public: str, nonce: str, picks: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Keeps what a sealed draw came to, once: with the public number, the nonce and the picks (columns of Drawn)."""
    scope.demand(desk.person, "draw")
    with desk._writing() as connection:
        row = _demand(connection, desk, draw_id, "sealed")
        if at < row["public_at"]:
            raise StoreRefused("too_early", _TOO_EARLY)
        _move(connection, row, state="drawn", public=public, nonce=nonce, drawn_at=at, drawn_by=desk.person.username)
        _put(connection, draw_id, picks)
        _note(
            connection,
            desk,
            draw_id,
            row["number"],
            "draw",
            {"public": public, "nonce": nonce, "picks": len(picks)},
            at,
        )


def take_out(
    desk: Desk, draw_id: str, subject_id: str, why: str, picks: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Notes that a subject should not have been on the list of a draw, and what the draw comes to without it."""
    scope.demand(desk.person, "draw")
    if not why.strip():
        raise StoreRefused("reason", _NO_REASON)
    with desk._writing() as connection:
        row = _demand(connection, desk, draw_id, "drawn")
        _move(connection, row, state="drawn")
        connection.execute(delete(_drawn).where(_drawn.c.draw_id == _id(draw_id)))
        _put(connection, draw_id, picks)
        _note(connection, desk, draw_id, row["number"], "remove", {"id": subject_id, "why": why.strip()}, at)


def abort(desk: Desk, draw_id: str, why: str, at: datetime) -> None:
    """Ends a draw that won't be made; it stays on the list of draws, with the reason. One that was made stays made."""
    if not (desk.person.may("draw") or desk.person.may("witness")):
        scope.demand(desk.person, "draw")
    if not why.strip():
        raise StoreRefused("reason", _NO_REASON)
    with desk._writing() as connection:
        row = _demand(connection, desk, draw_id, "prepared", "sealed")
        _move(connection, row, state="aborted", aborted_at=at, aborted_by=desk.person.username, why=why.strip())
        _note(connection, desk, draw_id, row["number"], "abort", {"why": why.strip(), "from": row["state"]}, at)


# --- reading ---------------------------------------------------------------------------------------------------------


def find(desk: Desk, number: str) -> dict[str, Any]:
    """A draw by its number or id: the columns of Draw, `plan` as a value. Raises StoreRefused where it isn't there."""
    by = _draw.c.number == number if number.startswith("CQ-") else _draw.c.id == _id(number)
    with desk._reading() as connection:
        row = connection.execute(select(_draw).where(by, _heads(desk))).mappings().first()
    if row is None:
        raise StoreRefused("no_draw", _NO_DRAW.format(number=number))
    return _told(row)


def listed(desk: Desk, *, domain: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """The draws of the person's domains and units, aborted ones too, the newest first."""
    where = [_heads(desk)] + ([] if domain is None else [_draw.c.domain == domain])
    with desk._reading() as connection:
        statement = select(_draw).where(*where).order_by(_draw.c.prepared_at.desc(), _draw.c.number.desc()).limit(limit)
        return [_told(r) for r in connection.execute(statement).mappings()]


def earlier(desk: Desk, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The draws of the same domain and unit before this one, whatever became of them."""
    with desk._reading() as connection:
        statement = select(_draw).where(
            _draw.c.domain == row["domain"], _draw.c.report_unit == row["report_unit"], _draw.c.prepared_at < row["prepared_at"], _heads(desk)
        )  # fmt: skip
        return [_told(r) for r in connection.execute(statement.order_by(_draw.c.prepared_at)).mappings()]


def lists_of(desk: Desk, row: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The frozen lists of a draw as they were written: subjects and inspectors, whole, for those who make or witness it.

    They are needed whole to make the draw again; whoever is bound to a part of its units doesn't get them.
    """
    if not (desk.person.has("draw") or desk.person.has("witness")):
        scope.demand(desk.person, "draw")
    return objects_of(desk, row), files.path_of(desk._store.files, row["inspectors_sha256"]).read_bytes()


def objects_of(desk: Desk, row: Mapping[str, Any]) -> bytes:
    """The frozen list of subjects of a draw."""
    units = desk.person.units
    if units is not None and (not row["report_unit"] or row["report_unit"] not in units):
        raise StoreRefused("scope", _WHOLE_LIST)
    return files.path_of(desk._store.files, row["objects_sha256"]).read_bytes()


def picks(desk: Desk, draw_id: str) -> pd.DataFrame:
    """Who was drawn, in scope, in the order of the tickets; officers and short as JSON. Columns: those of Drawn.

    A witness who sees no data (an auditor) has what makes the draw again: ids and tickets, neither names nor codes.
    """
    reads = desk.person.has("read")
    if not reads:
        scope.demand(desk.person, "witness")
    mine = scope.own(desk, _drawn) if reads else _drawn.c.draw_id.in_(select(_draw.c.id).where(_heads(desk)))
    with desk._reading() as connection:
        statement = select(*(_drawn.c[n] for n in _PICKS)).where(_drawn.c.draw_id == _id(draw_id), mine)
        found = bulk.read(connection, statement.order_by(_drawn.c.position), _PICKS).to_pandas()
    return found if reads else found.assign(name="", code="")


def drawn_of(desk: Desk, subject_id: str) -> list[dict[str, Any]]:
    """The draws that a subject in scope was drawn in: draw_id, number, drawn_at."""
    scope.demand(desk.person, "read")
    statement = (
        select(_draw.c.id.label("draw_id"), _draw.c.number, _draw.c.drawn_at)
        .join(_drawn, _drawn.c.draw_id == _draw.c.id)
        .where(_drawn.c.subject_id == _id(subject_id), scope.own(desk, _drawn))
    )
    with desk._reading() as connection:
        return [dict(r) | {"draw_id": str(r["draw_id"])} for r in connection.execute(statement).mappings()]


def exported(desk: Desk, number: str, what: str) -> None:
    """Notes that somebody took a draw out of the house: `what` is whole or public."""
    row = find(desk, number)
    with desk._writing() as connection:
        append_audit(connection, desk.person.username, "draw.export", row["number"], {"what": what})


def events(desk: Desk, draw_id: str) -> list[dict[str, Any]]:
    """What happened to a draw, oldest first: at, by, act, data."""
    find(desk, draw_id)
    with desk._reading() as connection:
        statement = select(_event).where(_event.c.draw_id == _id(draw_id)).order_by(_event.c.at, _event.c.id)
        return [
            {n: r[n] for n in ("at", "by", "act")} | {"data": json.loads(r["data"])}
            for r in connection.execute(statement).mappings()
        ]


def names_of(desk: Desk, ids: Sequence[str]) -> dict[str, str]:
    """The names of inspectors, retired ones too, by their certificates: for those who see a draw or a visit of theirs."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        statement = select(_card.c.id, _card.c.name).where(engine.among(connection, _card.c.id, sorted(set(ids))))
        return {r[0]: r[1] for r in connection.execute(statement)}


# --- within ----------------------------------------------------------------------------------------------------------


def _heads(desk: Desk) -> ColumnElement[bool]:
    """The draws whose head the person may know."""
    person = desk.person
    if not (person.has("read") or person.has("witness")):
        scope.demand(person, "read")
    found = _draw.c.domain.in_(["", *scope.domains_of(desk)])
    return found if person.units is None else and_(found, _draw.c.report_unit.in_(["", *sorted(person.units)]))


def _demand_own(desk: Desk, domain: str, unit: str) -> None:
    person = desk.person
    outside = person.units is not None and unit not in person.units
    if outside or (person.domains is not None and domain not in person.domains):
        raise StoreRefused("scope", _NOT_YOUR_UNIT)


def _demand(connection: Connection, desk: Desk, draw_id: str, *states: str) -> Mapping[str, Any]:
    """The draw, locked, if it is in one of the states."""
    statement = select(_draw).where(_draw.c.id == _id(draw_id), _heads(desk)).with_for_update()
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise StoreRefused("no_draw", _NO_DRAW.format(number=draw_id))
    if row["state"] not in states:
        raise StoreRefused("draw_state", _STATE.format(number=row["number"], state=STATES[row["state"]]))
    if desk.person.may("draw") and not desk.person.may("witness"):
        _demand_own(desk, row["domain"], row["report_unit"])
    return row


def _move(connection: Connection, row: Mapping[str, Any], **values: Any) -> None:
    done = connection.execute(
        update(_draw).where(_draw.c.id == row["id"], _draw.c.state == row["state"]).values(**values)
    )
    if not done.rowcount:
        raise StoreRefused("meanwhile", _STATE.format(number=row["number"], state=STATES[row["state"]]))


def _put(connection: Connection, draw_id: str, picks: Sequence[Mapping[str, Any]]) -> None:
    if picks:
        connection.execute(
            _drawn.insert(), [{**p, "subject_id": _id(p["subject_id"]), "draw_id": _id(draw_id)} for p in picks]
        )


def _note(
    connection: Connection, desk: Desk, draw_id: str, number: str, act: str, data: Mapping[str, Any], at: datetime
) -> None:
    text = json.dumps(dict(data), ensure_ascii=False, default=str)
    connection.execute(
        _event.insert().values(
            draw_id=_id(draw_id), id=UUID(new_id()), at=at, by=desk.person.username, act=act, data=text
        )
    )
    append_audit(connection, desk.person.username, f"draw.{act}", number, data)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {"id": str(row["id"]), "plan": json.loads(row["plan"])}


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise StoreRefused("no_draw", _NO_DRAW.format(number=text)) from None


STATES = {
    "prepared": Text("名录已冻结", "lists frozen"), "sealed": Text("已封存待抽取", "sealed, waiting"),
    "drawn": Text("已抽取", "drawn"), "aborted": Text("已终止", "aborted"),
}  # fmt: skip

_NO_DRAW = Text(
    "没有抽取“{number}”，或不在您的权限范围内。请在抽取列表中核对编号。",
    "There is no draw “{number}”, or it is outside your scope. Check its number in the list of draws.",
)
_STATE = Text(
    "抽取“{number}”目前为“{state}”，不能进行此项操作。请刷新后核对。",
    "The draw {number} is “{state}” by now, so this can't be done. Reload and look again.",
)
_DRAWN_ALREADY = Text(
    "“{title}”已有抽取 {number}，不得重新抽取。确属另一批次的，请用不同的名称。",
    "There is a draw {number} of “{title}” already, and a draw is never made twice. Give another batch another title.",
)
_SAME_PERSON = Text(
    "封存须由制定抽取方案以外的第二人进行。请由分管领导、市级专班办公室另一账号或审计人员封存。",
    "A second person has to seal it, not the one who prepared it: a leader, another account of the city office, or an auditor.",
)
_TOO_LATE = Text(
    "公共随机数的产生时间已过，封存必须在此之前。请终止本次抽取，另选一个尚未产生的随机数。",
    "The public number is out already; sealing has to come before it. Abort this draw and choose a number still to come.",
)
_TOO_EARLY = Text(
    "公共随机数尚未产生，现在不能抽取。请在公布的时间之后再来。",
    "The public number isn't out yet. Come back after the time that was published.",
)
_ONE_AT_A_TIME = Text(
    "同一范围内已有封存待抽取的 {number}，须先完成或终止，不得并行封存多个抽取。",
    "The draw {number} of the same place is sealed and waiting. Finish or abort it first: no two are sealed side by side.",
)
_NO_REASON = Text("请填写原因。", "Give the reason.")
_NOT_YOUR_UNIT = Text(
    "该范围超出您的权限。请选择本单位、本领域，或联系市级专班办公室办理。",
    "That is outside your scope. Choose your own unit and domain, or ask the city office.",
)
_NO_PAIR = Text(
    "没有这个监管对象或检查人员，或不在您的权限范围内。请核对代码和执法证号。",
    "There is no such subject or inspector in your scope. Check the code and the number of the certificate.",
)
_WHOLE_LIST = Text(
    "本次抽取的名录超出您的权限范围，不能下载全部名录。请向市级专班办公室索取公开版。",
    "The lists of this draw reach beyond your scope and can't be had whole. Ask the city office for the public version.",
)

__all__ = [
    "STATES", "abort", "conclude", "conflicts", "drawn_of", "earlier", "events", "exported", "find", "inspectors", "listed", "lists_of",
    "names_of", "new_id", "objects_of", "picks", "pool", "prepare", "put_conflict", "put_inspectors", "seal", "take_out",
]  # fmt: skip
