"""Risk cards in the store: written by an evaluation, in its transaction; re-graded by people, through their desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import uuid_utils
from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import Registers, append_audit
from pilotwatch.store.score_tables import PlaceRisk, RiskGrade, SubjectRisk
from pilotwatch.store.shelf.rollups import Rollup
from pilotwatch.store.signal_tables import SignalAlarm
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_risk, _grade, _alarm, _subject = (t.__table__ for t in (SubjectRisk, RiskGrade, SignalAlarm, Subject))
_TEXT, _NUMBER = pa.string(), pa.float64()

#: The parts of the card, as columns.
POINTS = ("credit", "breach", "aberration", "violations", "complaints", "overdue")
CLASSES = ("A", "B", "C", "D")  # A: the lowest risk

RISK = Rollup(
    _risk, PlaceRisk.__table__,
    {
        "subject_id": _TEXT, **dict.fromkeys((*POINTS, "score"), _NUMBER), "computed_class": _TEXT, "risk_class": _TEXT,
        "credit_class": _TEXT, "exposure": _NUMBER, "consequence": pa.int64(), "priority": _NUMBER, "composite": _NUMBER,
        "on_day": pa.date32(), **dict.fromkeys(("report_unit", "division_code", "street_code"), _TEXT),
    },
    ("report_unit", "credit_class", "risk_class"),
)  # fmt: skip


# --- an evaluation -----------------------------------------------------------------------------------------------


def put(connection: Connection, domain: str, before: pa.Table, rows: pa.Table) -> None:
    """Puts the cards `rows` in place of those of `before` (both the columns of RISK, one a subject); one that says nothing
    new is left alone."""
    old, new = (_by_subject(t) for t in (before, rows))
    same = _same(old, new)
    gone, come = (t.filter(pc.invert(pc.is_in(t["subject_id"], same))) for t in (old, new))
    if gone.num_rows or come.num_rows:
        RISK.replace(connection, domain, gone["subject_id"].to_pylist(), gone, come)


def _by_subject(rows: pa.Table) -> pa.Table:
    return bulk.whole(rows.select(list(RISK.columns)).cast(pa.schema(RISK.columns.items())).sort_by("subject_id"))


def _same(old: pa.Table, new: pa.Table) -> pa.Array:
    """The subjects whose card is in both, equal in every column."""
    at = pc.index_in(new["subject_id"], old["subject_id"].combine_chunks())
    held = old.take(at)
    equal = pc.is_valid(at)
    for name in RISK.columns:
        both_empty = pc.and_(pc.is_null(held[name]), pc.is_null(new[name]))
        equal = pc.and_(equal, pc.or_(both_empty, pc.fill_null(pc.equal(held[name], new[name]), False)))
    return new["subject_id"].filter(equal).combine_chunks()


def graded(connection: Connection, domain: str, subjects: Sequence[str]) -> dict[str, str]:
    """The class that people gave these subjects, of those whose last re-grading stands: subject → class."""
    mine = (_grade.c.domain == domain, engine.among(connection, _grade.c.subject_id, subjects))
    types = {"subject_id": _TEXT, "to_class": _TEXT}
    found = bulk.read(connection, select(*(_grade.c[n] for n in types)).where(*mine).order_by(_grade.c.id), types)
    last = dict(zip(found["subject_id"].to_pylist(), found["to_class"].to_pylist(), strict=True))
    return {subject: given for subject, given in last.items() if given}


def alarmed_streets(connection: Connection, domain: str) -> list[str]:
    """The streets in which a red surge of some count stands."""
    standing = (
        _alarm.c.domain == domain,
        _alarm.c.kind == "street",
        _alarm.c.level == "red",
        _alarm.c.ended_on.is_(None),
    )
    return sorted(set(connection.execute(select(_alarm.c.place).where(*standing)).scalars()))


def facts(connection: Connection, domain: str) -> dict[str, Any]:
    """What the daily update settled for all cards of a domain; empty before the first one."""
    return Registers(connection).setting(f"risk:{domain}") or {}


def settle(connection: Connection, domain: str, told: Mapping[str, Any]) -> None:
    Registers(connection).set_setting(f"risk:{domain}", dict(told))


# --- what people see -----------------------------------------------------------------------------------------------


def card(desk: Desk, subject_id: str, domain: str | None = None) -> list[dict[str, Any]]:
    """The subject's cards, one a domain, if it is in the person's scope: the columns of RISK, and `domain`."""
    statement = select(_risk).where(_risk.c.subject_id == UUID(subject_id), _seen(desk))
    if domain is not None:
        statement = statement.where(_risk.c.domain == domain)
    with desk._reading() as connection:
        rows = connection.execute(statement.order_by(_risk.c.domain)).mappings().all()
    return [{**r, "subject_id": str(r["subject_id"])} for r in rows]


def foremost(desk: Desk, domain: str | None = None, *, limit: int = 20) -> pd.DataFrame:
    """The subjects in scope that matter most: by priority. Columns: domain, those of RISK, name, code."""
    lists = scope.listed_by(desk, _risk.c.domain, _subject.c.dataset)
    types = {"domain": _TEXT, **RISK.columns, "name": _TEXT, "code": _TEXT}
    statement = (
        select(_risk.c.domain, *(_risk.c[n] for n in RISK.columns), _subject.c.name, _subject.c.code)
        .join(_subject, and_(_subject.c.subject_id == _risk.c.subject_id, lists))
        .where(_seen(desk), *([] if domain is None else [_risk.c.domain == domain]))
        .order_by(_risk.c.priority.desc(), _risk.c.subject_id)
        .limit(limit)
    )
    with desk._reading() as connection:
        found = bulk.read(connection, statement, types).to_pandas(date_as_object=False)
    return found.drop_duplicates(["domain", "subject_id"], ignore_index=True)  # two lists of one domain


def cells(desk: Desk) -> pd.DataFrame:
    """How many subjects in scope are in which cell: domain, credit_class, risk_class, subjects."""
    scope.demand(desk.person, "read")
    table = RISK.into
    key = [table.c[n] for n in ("domain", "credit_class", "risk_class")]
    statement = select(*key, func.sum(table.c.subjects).label("subjects")).group_by(*key)
    statement = statement.where(scope.own(desk, table))
    types = {"domain": _TEXT, "credit_class": _TEXT, "risk_class": _TEXT, "subjects": pa.int64()}
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()


def history(desk: Desk, subject_id: str, domain: str) -> list[dict[str, Any]]:
    """The re-gradings of a subject in scope, oldest first."""
    _own(desk, subject_id, domain)
    with desk._reading() as connection:
        return _events(connection, subject_id, domain)


def regrade(
    desk: Desk, subject_id: str, domain: str, to_class: str, reason: str, sign: Callable[[Mapping[str, Any]], str]
) -> dict[str, Any]:
    """Gives a subject another class ("": back to what its card says), in the person's name. `sign` signs the event, which
    names the signature of the one before.

    Raises StoreRefused where the role may not, the subject is not in scope, no reason is given, or nothing would change.
    """
    scope.demand(desk.person, "grade")
    if to_class not in ("", *CLASSES):
        raise StoreRefused("class", _NO_CLASS.format(given=to_class))
    if len(reason.strip()) < _REASON:
        raise StoreRefused("reason", _NO_REASON)
    _own(desk, subject_id, domain)
    mine = (_risk.c.subject_id == UUID(subject_id), _risk.c.domain == domain)
    with desk._writing() as connection:
        row = connection.execute(select(_risk).where(*mine).with_for_update()).mappings().one()
        earlier = _events(connection, subject_id, domain)
        effective = to_class or row["computed_class"]
        if effective == row["risk_class"] and to_class == (earlier[-1]["to_class"] if earlier else ""):
            raise StoreRefused("same_class", _SAME.format(given=effective))
        event = {
            "subject_id": subject_id, "id": str(uuid_utils.uuid7()), "domain": domain,
            "at": now().replace(microsecond=0), "by": desk.person.username, "by_name": desk.person.name,
            "role": desk.person.role, "from_class": row["risk_class"], "to_class": to_class, "score": row["score"],
            "reason": reason.strip(), "previous": earlier[-1]["signature"] if earlier else "",
        }  # fmt: skip
        event["signature"] = sign(event)
        connection.execute(_grade.insert().values(**{**event, "subject_id": UUID(subject_id), "id": UUID(event["id"])}))
        before = RISK.of_subjects(connection, domain, [subject_id])
        place = before.schema.get_field_index("risk_class")
        after = before.set_column(place, "risk_class", pa.array([effective], _TEXT))
        connection.execute(update(_risk).where(*mine).values(risk_class=effective))
        RISK._move(connection, domain, before, after)
        told = {n: event[n] for n in ("domain", "from_class", "to_class", "reason", "signature")}
        append_audit(connection, desk.person.username, "risk.grade", subject_id, told)
    return event


def _events(connection: Connection, subject_id: str, domain: str) -> list[dict[str, Any]]:
    statement = select(_grade).where(_grade.c.subject_id == UUID(subject_id), _grade.c.domain == domain)
    rows = connection.execute(statement.order_by(_grade.c.id)).mappings()
    return [{**r, "subject_id": str(r["subject_id"]), "id": str(r["id"])} for r in rows]


def _seen(desk: Desk) -> ColumnElement[bool]:
    scope.demand(desk.person, "read")
    return scope.own(desk, _risk)


def _own(desk: Desk, subject_id: str, domain: str) -> None:
    if not card(desk, subject_id, domain):
        raise StoreRefused("no_card", _NO_CARD)


_REASON = 4  # characters that a reason has at least

_NO_CLASS = Text(
    "没有“{given}”这个风险等级，应为 A、B、C、D 之一，或留空恢复系统评级。",
    "There is no class {given}: it is A, B, C or D, or nothing to go back to the computed one.",
)
_NO_REASON = Text(
    "请写明调整等级的理由和依据（至少 4 个字），理由将随签名留痕，不能修改。",
    "Say why the class is changed and what that rests on (4 characters at least); it is signed and stays as it is.",
)
_SAME = Text(
    "该对象现在就是 {given} 级，无需调整。", "The subject is in class {given} already; there is nothing to change."
)
_NO_CARD = Text(
    "没有这个对象的风险评分，或不在您的权限范围内。",
    "There is no risk card of this subject, or it is not in your scope.",
)

__all__ = [
    "CLASSES", "POINTS", "RISK", "alarmed_streets", "card", "cells", "facts", "foremost", "graded", "history", "put", "regrade",
    "settle",
]  # fmt: skip
