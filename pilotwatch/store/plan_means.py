"""What plans are made with beside the records: who can go, quiet days, the rules the city set, and who asks for a visit."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import delete, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.plan_tables import InspectionForce, PlanRequest, QuietPeriod
from pilotwatch.store.registers import Registers, append_audit
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_force, _quiet, _request = (t.__table__ for t in (InspectionForce, QuietPeriod, PlanRequest))
_subject = Subject.__table__
_RULES = "inspection.rules"
_TEXT, _DAY = pa.string(), pa.date32()


def demand_city(desk: Desk) -> None:
    """Raises StoreRefused for whoever doesn't plan for the whole city."""
    scope.demand(desk.person, "plan")
    if desk.person.units is not None or desk.person.domains is not None:
        raise StoreRefused("city_only", _CITY_ONLY)


# --- who can go ----------------------------------------------------------------------------------------------------


def force(desk: Desk) -> pd.DataFrame:
    """Who there is to go: department, unit ("" the whole city), inspectors, hours (on site, each, a day). No secret."""
    types = {"department": _TEXT, "unit": _TEXT, "inspectors": pa.int64(), "hours": pa.float64()}
    statement = select(*(_force.c[n] for n in types)).order_by(_force.c.department, _force.c.unit)
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()


def set_force(desk: Desk, rows: Sequence[Mapping[str, Any]], *, whole: bool = False) -> None:
    """Sets rows of `force`; one with no inspectors is taken away. `whole`: these are all there are."""
    demand_city(desk)
    wrong = next((r for r in rows if r["inspectors"] < 0 or not 0 < r["hours"] <= 12), None)
    if wrong:
        raise StoreRefused("force", _FORCE.format(n=wrong["inspectors"], hours=wrong["hours"]))
    at, who = now(), desk.person.username
    with desk._writing() as connection:
        if whole:
            connection.execute(delete(_force))
        for row in rows:
            mine = (_force.c.department == row["department"], _force.c.unit == row["unit"])
            connection.execute(delete(_force).where(*mine))
        made = [
            {"department": r["department"], "unit": r["unit"], "inspectors": int(r["inspectors"]), "hours": float(r["hours"]), "at": at, "by": who}
            for r in rows
            if r["inspectors"] > 0
        ]  # fmt: skip
        if made:
            connection.execute(_force.insert(), made)
        told = [{n: r[n] for n in ("department", "unit", "inspectors", "hours")} for r in rows]
        append_audit(connection, who, "plan.force", None, {"rows": told if len(told) <= 50 else len(told)})


# --- quiet days ----------------------------------------------------------------------------------------------------


def quiet(desk: Desk, first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
    """The quiet periods that stand (and meet these days): id, first, last, unit, domain, reason, by."""
    names = ("id", "first", "last", "unit", "domain", "reason", "by")
    where = [_quiet.c.ended_at.is_(None)]
    where += [c for c in (last and _quiet.c.first <= last, first and _quiet.c.last >= first) if c is not None]
    with desk._reading() as connection:
        rows = connection.execute(
            select(*(_quiet.c[n] for n in names)).where(*where).order_by(_quiet.c.first)
        ).mappings()
        return [{**r, "id": str(r["id"])} for r in rows]


def add_quiet(desk: Desk, first: date, last: date, reason: str, *, unit: str = "", domain: str = "") -> str:  # fmt: skip
    """Declares quiet days; returns their id."""
    demand_city(desk)
    if last < first:
        raise StoreRefused("quiet_days", _QUIET_DAYS.format(first=first, last=last))
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    made = {"id": UUID(str(uuid_utils.uuid7())), "first": first, "last": last, "unit": unit, "domain": domain,
            "reason": reason.strip(), "at": now(), "by": desk.person.username, "ended_by": ""}  # fmt: skip
    with desk._writing() as connection:
        connection.execute(_quiet.insert().values(**made))
        append_audit(connection, desk.person.username, "plan.quiet", str(made["id"]), {n: made[n] for n in ("first", "last", "unit", "domain", "reason")})  # fmt: skip
    return str(made["id"])


def end_quiet(desk: Desk, quiet_id: str) -> None:
    demand_city(desk)
    with desk._writing() as connection:
        mine = (_quiet.c.id == UUID(quiet_id), _quiet.c.ended_at.is_(None))
        connection.execute(update(_quiet).where(*mine).values(ended_at=now(), ended_by=desk.person.username))
        append_audit(connection, desk.person.username, "plan.quiet_end", quiet_id, {})


# --- rules ---------------------------------------------------------------------------------------------------------


def rules(desk: Desk) -> dict[str, Any]:
    """What the city set of the rules (see `pilotwatch.inspection.frequencies`); {} where it set nothing."""
    with desk._reading() as connection:
        return Registers(connection).setting(_RULES) or {}


def set_rules(desk: Desk, told: Mapping[str, Any], reason: str) -> None:
    """Sets them, whole; the audit keeps what they were."""
    demand_city(desk)
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    with desk._writing() as connection:
        books = Registers(connection)
        before = books.setting(_RULES) or {}
        books.set_setting(_RULES, dict(told))
        append_audit(connection, desk.person.username, "plan.rules", None, {"before": before, "now": dict(told), "reason": reason.strip()})  # fmt: skip


# --- requests ------------------------------------------------------------------------------------------------------


def request(
    desk: Desk, subjects: Collection[str], departments: Sequence[str], first: date, last: date, reason: str, *, domain: str, ref: str = ""
) -> int:  # fmt: skip
    """Asks that subjects in scope be visited jointly by these departments between two days; returns for how many it did.

    `ref` says what the wish comes from: a hot spot, the number of a case. The next plan of those days takes it up. A
    subject for which the same is asked already is left alone.
    """
    scope.demand(desk.person, "handle")
    if not departments:
        raise StoreRefused("departments", _NO_DEPARTMENTS)
    if last < first:
        raise StoreRefused("quiet_days", _QUIET_DAYS.format(first=first, last=last))
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    at, who = now(), desk.person.username
    wanted = [UUID(s) for s in subjects]
    with desk._writing() as connection:
        mine = (
            _subject.c.subject_id.in_(wanted),
            scope.rows_of(desk.person, _subject),
            _subject.c.dataset.in_(desk._visible()),
        )
        there = {
            r[0]: r[1] or ""
            for r in connection.execute(select(_subject.c.subject_id, _subject.c.report_unit).where(*mine))
        }
        same = (
            _request.c.subject_id.in_(wanted),
            _request.c.ref == ref,
            _request.c.withdrawn_at.is_(None),
            _request.c.last >= first,
        )
        asked = set(connection.execute(select(_request.c.subject_id).where(*same)).scalars())
        rows = [
            {"subject_id": s, "id": UUID(str(uuid_utils.uuid7())), "domain": domain, "report_unit": unit, "departments": json.dumps(list(departments)),
             "first": first, "last": last, "reason": reason.strip(), "ref": ref, "at": at, "by": who}
            for s, unit in there.items()
            if s not in asked
        ]  # fmt: skip
        if rows:
            connection.execute(_request.insert(), rows)
        told = {
            "subjects": len(rows),
            "departments": list(departments),
            "first": first,
            "last": last,
            "reason": reason.strip(),
        }
        append_audit(connection, who, "plan.request", ref or None, told)
    return len(rows)


def requests(desk: Desk, first: date, last: date) -> pd.DataFrame:
    """The requests in scope whose days meet these: subject_id, id, domain, report_unit, departments (JSON), first, last,
    reason, ref, by."""
    scope.demand(desk.person, "read")
    types = {
        "subject_id": _TEXT, "id": _TEXT, "domain": _TEXT, "report_unit": _TEXT, "departments": _TEXT, "first": _DAY, "last": _DAY,
        "reason": _TEXT, "ref": _TEXT, "by": _TEXT,
    }  # fmt: skip
    statement = select(*(_request.c[n] for n in types)).where(
        _request.c.withdrawn_at.is_(None), _request.c.first <= last, _request.c.last >= first, scope.own(desk, _request)
    )
    with desk._reading() as connection:
        return bulk.read(connection, statement.order_by(_request.c.id), types).to_pandas(date_as_object=False)


def withdraw_request(desk: Desk, subject_id: str, request_id: str) -> None:
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        mine = (_request.c.subject_id == UUID(subject_id), _request.c.id == UUID(request_id), scope.own(desk, _request))
        connection.execute(update(_request).where(*mine, _request.c.withdrawn_at.is_(None)).values(withdrawn_at=now()))
        append_audit(connection, desk.person.username, "plan.request_end", request_id, {})


_CITY_ONLY = Text(
    "执法力量、静默期和频次规则由市级专班办公室统一设置，请联系市级专班办公室办理。",
    "Inspectors, quiet days and frequencies are set for the whole city by the city office; ask it to.",
)
_FORCE = Text(
    "执法人员“{n}”人、每人每日“{hours}”小时不能使用：人数应为0或以上的整数，小时应大于0且不超过12。请改正后保存。",
    "{n} inspectors of {hours} hours a day can't be: 0 or more people, and above 0 up to 12 hours. Mend it and save.",
)
_QUIET_DAYS = Text(
    "开始日期 {first} 晚于结束日期 {last}，请改正。", "The first day {first} is after the last {last}; mend it."
)
_NO_REASON = Text("请填写理由。", "Give a reason.")
_NO_DEPARTMENTS = Text("请至少选择一个部门。", "Choose at least one department.")
