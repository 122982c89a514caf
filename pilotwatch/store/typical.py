"""Typical cases written: versions that aren't changed once they are submitted, decisions, and who takes them over.

What a text has to say before it may be submitted is the business of `pilotwatch.typical`; here is who may do what, and when.
Whoever acts names the `moves` they saw: of two at once the second one is told so and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import scope, serials
from pilotwatch.store.case_reads import demand_case
from pilotwatch.store.case_tables import CaseFile
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person
from pilotwatch.store.typical_reads import of_cases, one, plain, sources_of
from pilotwatch.store.typical_tables import Typical, TypicalAdoption, TypicalEvent, TypicalSource, TypicalVersion
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_typical, _source, _version = Typical.__table__, TypicalSource.__table__, TypicalVersion.__table__
_event, _adoption, _case = TypicalEvent.__table__, TypicalAdoption.__table__, CaseFile.__table__

STATES: dict[str, Text] = {
    "draft": Text("草稿", "Draft"), "submitted": Text("待审", "Submitted"), "approved": Text("已入库", "Published"),
    "returned": Text("退回", "Returned"), "withdrawn": Text("已撤下", "Withdrawn"),
}  # fmt: skip
ACTS: dict[str, Text] = {
    "draft": Text("起草", "Drafted"), "save": Text("修改", "Edited"), "submit": Text("送审", "Submitted"),
    "recall": Text("收回修改", "Taken back to be edited"), "approve": Text("审定入库", "Published"),
    "return": Text("退回", "Returned"), "withdraw": Text("撤下", "Withdrawn"),
}  # fmt: skip
CLOSED = ("closed", "archived")


@dataclass(frozen=True)
class Content:
    """What a version says. `body`: section → text. `words`: all of it, to be searched. `kept_names`: why names are not
    masked, "" where they are."""

    title: str
    body: Mapping[str, str]
    tags: Sequence[str] = ()
    kept_names: str = ""
    words: str = ""


@dataclass(frozen=True)
class Frozen:
    """The figures as of a moment, and which version each case (by its id) had then."""

    figures: Sequence[Mapping[str, Any]]
    seen: Mapping[str, int]
    as_of: datetime


@dataclass(frozen=True)
class SourceCase:
    """A case to write from: whose it is, as its parties say."""

    subject_id: str
    case_id: str
    number: str
    units: Sequence[str] = ()
    domains: Sequence[str] = ()
    departments: Sequence[str] = field(default=())


def possible(person: Person, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a person may do with a typical case as `find` gives it: save, submit, recall, approve, return, withdraw, adopt."""
    found = []
    mine, office, state = row["within"] and person.may("handle"), _is_office(person), row["state"]
    if mine and (state in ("draft", "returned", "approved") or (state == "withdrawn" and row["shown"])):
        found.append("save")
    if mine and state == "draft":
        found.append("submit")
    if mine and state == "submitted":
        found.append("recall")
    if office and state == "submitted":
        found += ["approve", "return"]
    if office if row["shown"] == row["version"] else mine and state != "withdrawn":
        found.append("withdraw")
    if row["shown"] and person.may("handle"):
        found.append("adopt")
    return tuple(found)


def create(desk: Desk, cases: Sequence[SourceCase], content: Content) -> str:
    """A draft from closed cases, all of them in the person's scope; returns its number (DX-2026-0001).

    Raises StoreRefused: `not_closed`, `confidential`, `written` (naming the one that is there), or what keeps the person
    from a case.
    """
    scope.demand(desk.person, "handle")
    at, made = now(), new_id()
    with desk._writing() as connection:
        for each in cases:
            _demand_closed(desk, connection, each)
        if there := of_cases(connection, [c.case_id for c in cases]):
            raise StoreRefused("written", _WRITTEN.format(number=there[0]["number"]))
        series = f"DX-{at.astimezone(BEIJING):%Y}"
        number = f"{series}-{serials.first_of(connection, series):04d}"
        connection.execute(
            _typical.insert().values(
                id=made, number=number, state="draft", version=1, moves=1, adoptions=0, made_at=at, made_by=desk.person.username,
                **{n: _padded(v for c in cases for v in getattr(c, n)) for n in ("units", "domains", "departments")},
            )
        )  # fmt: skip
        connection.execute(_source.insert(), [_source_row(made, c) for c in cases])
        connection.execute(_version.insert().values(typical_id=made, version=1, **_written(desk, content, at)))
        _tell(connection, desk, {"id": made, "number": number}, 1, "draft", at, "、".join(c.number for c in cases))
    return number


def save(desk: Desk, number: str, seen: int, content: Content) -> None:
    """Changes a draft; of what was returned or published it begins a new version, and the old one stays as it was."""
    scope.demand(desk.person, "handle")
    at = now()
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "save")
        values = _written(desk, content, at)
        if row["state"] == "draft":
            version = row["version"]
            connection.execute(update(_version).where(*_key(row["id"], version)).values(**values))
        else:
            version = row["version"] + 1
            connection.execute(_version.insert().values(typical_id=row["id"], version=version, **values))
        _move(connection, row, state="draft", version=version)
        _tell(connection, desk, row, version, "save", at, "")


def submit(desk: Desk, number: str, seen: int, frozen: Frozen) -> None:
    """Hands the draft to the city office with its figures as they are now. Raises StoreRefused where a case was opened
    again, or moved while the figures were made."""
    scope.demand(desk.person, "handle")
    at = now()
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "submit")
        for source in sources_of(connection, row["id"]):
            _demand_closed(
                desk, connection, SourceCase(source["subject_id"], source["case_id"], source["number"]), frozen.seen
            )
        values = {"figures": _json(list(frozen.figures)), "seen": _json(dict(frozen.seen)), "as_of": frozen.as_of}
        _decide(connection, desk, row, "submit", "submitted", at, **values)


def recall(desk: Desk, number: str, seen: int) -> None:
    """Takes a draft back from the city office, to be edited; its figures are live again."""
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "recall")
        _decide(connection, desk, row, "recall", "draft", now(), figures="[]", seen="{}", as_of=None)


def approve(desk: Desk, number: str, seen: int, remark: str = "") -> None:
    """Publishes what was submitted: by the city office, and by nobody who wrote on it."""
    at = now()
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "approve")
        wrote = select(_event.c.by).where(
            _event.c.typical_id == row["id"],
            _event.c.version == row["version"],
            _event.c.act.in_(("draft", "save", "submit")),
        )
        if desk.person.username in set(connection.scalars(wrote)):
            raise StoreRefused("own_text", _OWN_TEXT)
        _decide(connection, desk, row, "approve", "approved", at, remark)
        connection.execute(update(_typical).where(_typical.c.id == row["id"]).values(shown=row["version"], shown_at=at))


def send_back(desk: Desk, number: str, seen: int, remark: str) -> None:
    """Returns what was submitted, with what has to be mended."""
    if not remark.strip():
        raise StoreRefused("no_remark", _NO_REMARK)
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "return")
        _decide(connection, desk, row, "return", "returned", now(), remark)


def withdraw(desk: Desk, number: str, seen: int, reason: str) -> None:
    """Withdraws the newest version: one that isn't published by those who see its cases (what is published stays); a
    published one by the city office, and then nothing is shown any more."""
    if not reason.strip():
        raise StoreRefused("no_reason", _NO_REASON)
    with desk._writing() as connection:
        row = _taken(connection, desk, number, seen, "withdraw")
        _decide(connection, desk, row, "withdraw", "withdrawn", now(), reason)
        if row["shown"] == row["version"]:
            connection.execute(update(_typical).where(_typical.c.id == row["id"]).values(shown=None))


def adopt(desk: Desk, number: str, taker: str, note: str) -> None:
    """Notes that a unit or department (by its code) takes the practice over. Raises StoreRefused: `other_taker` where that
    isn't the person's to say, `own_practice`, `taken_over` already, `no_note`."""
    person = desk.person
    scope.demand(person, "handle")
    if not note.strip():
        raise StoreRefused("no_note", _NO_NOTE)
    mine = [bound for bound in (person.units, person.departments) if bound is not None]
    if mine and not any(taker in bound for bound in mine):
        raise StoreRefused("other_taker", _OTHER_TAKER)
    at = now()
    with desk._writing() as connection:
        row = one(connection, person, number, lock=True)
        if row["shown"] is None:
            raise StoreRefused("not_published", _NOT_PUBLISHED)
        if taker in row["units"].split() or taker in row["departments"].split():
            raise StoreRefused("own_practice", _OWN_PRACTICE)
        live = select(_adoption.c.id).where(
            _adoption.c.typical_id == row["id"], _adoption.c.taker == taker, _adoption.c.ended_at.is_(None)
        )
        if connection.scalar(live) is not None:
            raise StoreRefused("taken_over", _TAKEN_OVER)
        connection.execute(
            _adoption.insert().values(
                id=new_id(), typical_id=row["id"], version=row["shown"], taker=taker, at=at, by=person.username,
                note=note.strip(), ended_by="", ended_why="",
            )
        )  # fmt: skip
        _count(connection, row["id"], 1)
        append_audit(
            connection, person.username, "typical.adopt", row["number"], {"taker": taker, "note": note.strip()}
        )


def give_up(desk: Desk, number: str, adoption_id: str, reason: str) -> None:
    """Takes an adoption back, with its reason; it stays to be seen."""
    person = desk.person
    scope.demand(person, "handle")
    if not reason.strip():
        raise StoreRefused("no_reason", _NO_REASON)
    with desk._writing() as connection:
        row = one(connection, person, number, lock=True)
        this = (
            _adoption.c.id == UUID(adoption_id),
            _adoption.c.typical_id == row["id"],
            _adoption.c.ended_at.is_(None),
        )
        taker = connection.scalar(select(_adoption.c.taker).where(*this))
        mine = [bound for bound in (person.units, person.departments) if bound is not None]
        if taker is None or (mine and not any(taker in bound for bound in mine)):
            raise StoreRefused("other_taker", _OTHER_TAKER)
        connection.execute(
            update(_adoption).where(*this).values(ended_at=now(), ended_by=person.username, ended_why=reason.strip())
        )
        _count(connection, row["id"], -1)
        append_audit(
            connection, person.username, "typical.give_up", row["number"], {"taker": taker, "reason": reason.strip()}
        )


# --- within --------------------------------------------------------------------------------------------------------


def _is_office(person: Person) -> bool:
    """Whether a person decides what is published: the city office, in the whole city and every domain."""
    return person.may("accept") and person.units is None and person.domains is None


def _taken(connection: Connection, desk: Desk, number: str, seen: int, act: str) -> Mapping[str, Any]:
    """The typical case, locked for this act, after it was looked at whether the person may do it now."""
    row = one(connection, desk.person, number, lock=True)
    if row["moves"] != seen:
        last = connection.execute(
            select(_event.c.by, _event.c.at, _event.c.act).where(_event.c.typical_id == row["id"]).order_by(_event.c.at.desc())
        ).first()  # fmt: skip
        raise StoreRefused("meanwhile", _MEANWHILE.format(by=last[0], at=f"{last[1].astimezone(BEIJING):%m-%d %H:%M}", act=ACTS[last[2]]))  # fmt: skip
    if act in possible(desk.person, row):
        return row
    if (act in ("approve", "return") and not _is_office(desk.person)) or (
        act == "withdraw" and row["shown"] == row["version"]
    ):
        raise StoreRefused("city_office", _CITY_OFFICE)
    if not row["within"]:
        raise StoreRefused("other_unit", _OTHER_UNIT)
    scope.demand(desk.person, "handle")
    raise StoreRefused("wrong_state", _WRONG_STATE.format(state=STATES[row["state"]], act=ACTS[act]))


def _demand_closed(desk: Desk, connection: Connection, each: SourceCase, seen: Mapping[str, int] | None = None) -> None:
    found = demand_case(desk, connection, each.subject_id, each.case_id)
    if found["confidential"]:
        raise StoreRefused("confidential", _CONFIDENTIAL.format(number=each.number))
    state, version = connection.execute(
        select(_case.c.state, _case.c.version).where(
            _case.c.subject_id == UUID(each.subject_id), _case.c.id == UUID(each.case_id)
        )
    ).one()
    if state not in CLOSED:
        raise StoreRefused("not_closed", NOT_CLOSED.format(number=each.number))
    if seen is not None and seen.get(each.case_id) != version:
        raise StoreRefused("case_moved", _CASE_MOVED.format(number=each.number))


def _source_row(typical_id: UUID, each: SourceCase) -> dict[str, Any]:
    bounds = {n: _padded(getattr(each, n)) for n in ("units", "domains", "departments")}
    ids = {"case_id": UUID(each.case_id), "subject_id": UUID(each.subject_id)}
    return {"typical_id": typical_id, "number": each.number} | ids | bounds


def _written(desk: Desk, content: Content, at: datetime) -> dict[str, Any]:
    return {
        "state": "draft", "title": content.title.strip(), "body": _json(dict(content.body)), "tags": _padded(content.tags),
        "kept_names": content.kept_names.strip(), "figures": "[]", "seen": "{}", "search": plain(content.words),
        "as_of": None, "at": at, "by": desk.person.username,
    }  # fmt: skip


def _decide(
    connection: Connection, desk: Desk, row: Mapping[str, Any], act: str, state: str, at: datetime, remark: str = "", **values: Any
) -> None:  # fmt: skip
    connection.execute(update(_version).where(*_key(row["id"], row["version"])).values(state=state, **values))
    _move(connection, row, state=state)
    _tell(connection, desk, row, row["version"], act, at, remark.strip())


def _move(connection: Connection, row: Mapping[str, Any], **values: Any) -> None:
    connection.execute(update(_typical).where(_typical.c.id == row["id"]).values(moves=row["moves"] + 1, **values))


def _tell(
    connection: Connection, desk: Desk, row: Mapping[str, Any], version: int, act: str, at: datetime, remark: str
) -> None:
    told = {
        "typical_id": row["id"],
        "version": version,
        "at": at,
        "by": desk.person.username,
        "act": act,
        "remark": remark,
    }
    connection.execute(_event.insert().values(id=new_id(), **told))
    append_audit(
        connection, desk.person.username, f"typical.{act}", row["number"], {"version": version, "remark": remark}
    )


def _count(connection: Connection, typical_id: UUID, by: int) -> None:
    connection.execute(update(_typical).where(_typical.c.id == typical_id).values(adoptions=_typical.c.adoptions + by))


def _key(typical_id: UUID, version: int) -> tuple[Any, Any]:
    return _version.c.typical_id == typical_id, _version.c.version == version


def _padded(codes: Any) -> str:
    """Codes between spaces, each once, so that one is found by ` code `."""
    return f" {' '.join(dict.fromkeys(c for c in codes if c))} "


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_WRITTEN = Text(
    "这些案件已写成典型案例 {number}，请在其上修改，不要重复起草。",
    "These cases were written up already, as {number}: go on with that one.",
)
NOT_CLOSED = Text(
    "案件 {number} 尚未结案，不能写成典型案例。请在结案后再写。",
    "The case {number} isn't closed, so it can't be written up yet.",
)
_CONFIDENTIAL = Text(
    "案件 {number} 为保密线索，不能写成公开的典型案例。", "The case {number} is confidential and can't be published."
)
_CASE_MOVED = Text(
    "案件 {number} 刚刚有变化，数据没有固定。请核对后重新送审。",
    "The case {number} moved just now and nothing was frozen: look again, then submit it.",
)
_OWN_TEXT = Text(
    "本稿由您起草或修改，须由市级专班办公室的其他人员审定。",
    "You wrote on this text: somebody else of the city office has to publish it.",
)
_NO_REMARK = Text("退回须写明需要修改什么。", "Say what has to be mended when returning it.")
_NO_REASON = Text("请填写原因。", "Say why.")
_NO_NOTE = Text("请写明借鉴哪些做法、用在哪里。", "Say which practice is taken over, and where it is used.")
_OTHER_TAKER = Text(
    "只能登记或撤回本单位（部门）的借鉴。", "Only your own unit or department can be entered or taken back."
)
_OWN_PRACTICE = Text("这是本单位（部门）自己的案例，不能登记为借鉴。", "It is the unit's or department's own case.")
_TAKEN_OVER = Text("该单位（部门）已登记借鉴，无需重复登记。", "This unit or department is entered already.")
_NOT_PUBLISHED = Text("尚未入库的案例不能登记借鉴。", "What isn't published can't be taken over yet.")
_CITY_OFFICE = Text(
    "典型案例由市级专班办公室审定、退回和撤下，请联系市级专班办公室。",
    "The city office publishes, returns and withdraws typical cases: ask it.",
)
_OTHER_UNIT = Text(
    "只有看得到其全部案件的单位和部门才能修改本案例。", "Only those who see all of its cases can change it."
)
_WRONG_STATE = Text(
    "本案例现为“{state}”，不能{act}。请刷新后查看。", "It is “{state}” now and can't be: {act}. Reload and look again."
)
_MEANWHILE = Text(
    "在您打开之后，{by} 于 {at} 作了“{act}”。您的操作没有执行，请刷新后核对再办理。",
    "After you opened it, {by} did “{act}” at {at}. What you did was not carried out: reload and look again.",
)
