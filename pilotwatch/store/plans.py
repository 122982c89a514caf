"""Plans of joint visits in the store: kept whole, changed act by act, each with its line in the audit.

What a plan may be is the business of `pilotwatch.inspection`; here are rows. Whoever writes names the version they saw: of
two at once the second is told so, and changes nothing. A visit is seen by whoever sees its unit and one of its domains.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, scope, serials
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.plan_tables import JointPlan, PlanCheck, PlanEdit, PlanVisit
from pilotwatch.store.registers import append_audit
from pilotwatch.store.tables import Subject
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_plan, _visit, _check, _edit = (t.__table__ for t in (JointPlan, PlanVisit, PlanCheck, PlanEdit))
_subject = Subject.__table__
_TEXT, _DAY, _REAL, _INT, _YES = pa.string(), pa.date32(), pa.float64(), pa.int64(), pa.bool_()

#: The columns of a plan's visits; `departments` and `domains` are JSON lists.
VISITS = {
    "subject_id": _TEXT, "id": _TEXT, "plan_id": _TEXT, "state": _TEXT, "pinned": _YES, "counted": _YES, "announced": _YES,
    "day": _DAY, "domain": _TEXT, "domains": _TEXT, "report_unit": _TEXT, "street_code": _TEXT, "name": _TEXT, "code": _TEXT,
    "departments": _TEXT, "checks": _INT, "hours": _REAL,
}  # fmt: skip
#: The columns of a plan's checks; `matters` is a JSON list, `visit_id` is null where the check is in no visit.
CHECKS = {
    "subject_id": _TEXT, "id": _TEXT, "plan_id": _TEXT, "visit_id": _TEXT, "domain": _TEXT, "report_unit": _TEXT, "name": _TEXT,
    "department": _TEXT, "matters": _TEXT, "source": _TEXT, "ref": _TEXT, "trigger": _TEXT, "hours": _REAL, "first": _DAY,
    "last": _DAY, "late": _INT, "priority": _REAL, "reason": _TEXT, "why_zh": _TEXT, "why_en": _TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class KeptPlan:
    """A plan as it is kept: what it covers, how it stands, what it was made from and what came out of the whole."""

    id: str
    number: str
    version: int
    state: str  # draft, adopted, dropped
    first: date
    last: date
    units: tuple[str, ...]  # () the whole city
    domains: tuple[str, ...]  # () all of them
    made_at: datetime
    made_by: str
    changed_at: datetime
    adopted_at: datetime | None
    adopted_by: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of a plan: `act` with its `reason`, about a visit or the whole; `result` is what the whole comes to now.

    `visits`: id → new columns of that visit (`subject_id` among them). `checks`: the same of checks. `new_visits`: rows.
    """

    act: str
    reason: str = ""
    subject_id: str | None = None
    visit_id: str | None = None
    name: str = ""
    data: Mapping[str, Any] | None = None
    visits: Mapping[str, Mapping[str, Any]] | None = None
    checks: Mapping[str, Mapping[str, Any]] | None = None
    new_visits: Sequence[Mapping[str, Any]] = ()
    result: Mapping[str, Any] | None = None
    state: str | None = None


def new_id() -> str:
    return str(uuid_utils.uuid7())


# --- reading -------------------------------------------------------------------------------------------------------


def plans(desk: Desk, *, limit: int = 50) -> list[KeptPlan]:
    """The plans that touch the person's units and domains, the newest first."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        rows = connection.execute(select(_plan).order_by(_plan.c.made_at.desc()).limit(4 * limit)).mappings().all()
    return [p for p in map(_kept, rows) if _touches(desk, p)][:limit]


def plan(desk: Desk, which: str) -> KeptPlan:
    """A plan by its id or number; raises StoreRefused where there is none that touches the person's scope."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        return _one(desk, connection, which)


def visits(
    desk: Desk, *, plan_id: str | None = None, first: date | None = None, last: date | None = None, unit: str | None = None,
    states: Collection[str] = ("proposed", "adopted"), subjects: Collection[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The visits in scope, by day: the columns of VISITS (`day` datetime64, lists as JSON)."""
    scope.demand(desk.person, "read")
    where: list[ColumnElement[bool]] = [_sees(desk, _visit), _visit.c.state.in_(list(states))]
    if plan_id is not None:
        where.append(_visit.c.plan_id == UUID(plan_id))
    if unit is not None:
        where.append(_visit.c.report_unit == unit)
    where += [c for c in (first and _visit.c.day >= first, last and _visit.c.day <= last) if c is not None]
    if subjects is not None:
        where.append(_visit.c.subject_id.in_([UUID(s) for s in subjects]))
    statement = select(*(_visit.c[n] for n in VISITS)).where(*where)
    with desk._reading() as connection:
        found = bulk.read(connection, statement.order_by(_visit.c.day, _visit.c.report_unit, _visit.c.id), VISITS)
    return found.to_pandas(date_as_object=False)


def checks(desk: Desk, plan_id: str, *, visit_id: str | None = None, undone: bool = False) -> pd.DataFrame:
    """The checks of a plan in scope: the columns of CHECKS. `undone`: only those that are in no visit."""
    scope.demand(desk.person, "read")
    where = [_check.c.plan_id == UUID(plan_id), scope.own(desk, _check)]
    if visit_id is not None:
        where.append(_check.c.visit_id == UUID(visit_id))
    if undone:
        where.append(_check.c.visit_id.is_(None))
    statement = select(*(_check.c[n] for n in CHECKS)).where(*where)
    with desk._reading() as connection:
        found = bulk.read(connection, statement.order_by(_check.c.priority.desc(), _check.c.id), CHECKS)
    return found.to_pandas(date_as_object=False)


def edits(desk: Desk, plan_id: str) -> list[dict[str, Any]]:
    """What people did to a plan, newest first, as far as its subject is in scope: seq, at, by, act, subject_id, visit_id, name,
    reason, data."""
    scope.demand(desk.person, "read")
    seen = select(_subject.c.subject_id).where(
        scope.rows_of(desk.person, _subject), _subject.c.dataset.in_(desk._visible())
    )
    mine = or_(_edit.c.subject_id.is_(None), _edit.c.subject_id.in_(seen))
    with desk._reading() as connection:
        _one(desk, connection, plan_id)
        statement = select(_edit).where(_edit.c.plan_id == UUID(plan_id), mine).order_by(_edit.c.seq.desc())
        return [{**r, "data": json.loads(r["data"])} for r in connection.execute(statement).mappings()]


def arranged(desk: Desk, first: date, last: date, *, apart_from: str | None = None) -> pd.DataFrame:
    """What adopted plans hold in these days, of the whole city whoever asks, without naming a subject's check:
    subject_id, day, report_unit, department, hours, source, ref, counted, visit_id.

    Capacity and caps belong to everybody: a plan that did not know of another team's visits would break them.
    """
    scope.demand(desk.person, "read")
    types = {
        "subject_id": _TEXT, "day": _DAY, "report_unit": _TEXT, "department": _TEXT, "hours": _REAL, "source": _TEXT,
        "ref": _TEXT, "counted": _YES, "visit_id": _TEXT,
    }  # fmt: skip
    source = {"subject_id": _visit, "day": _visit, "report_unit": _visit, "counted": _visit}
    statement = (
        select(*(source.get(n, _check).c[n] for n in types))
        .join(_check, and_(_check.c.subject_id == _visit.c.subject_id, _check.c.visit_id == _visit.c.id))
        .where(_visit.c.state == "adopted", _visit.c.day >= first, _visit.c.day <= last)
    )
    if apart_from is not None:
        statement = statement.where(_visit.c.plan_id != UUID(apart_from))
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas(date_as_object=False)


# --- writing -------------------------------------------------------------------------------------------------------


def demand_whole(desk: Desk, units: Collection[str], domains: Collection[str]) -> None:
    """Raises StoreRefused where a plan reaches beyond the person's units or domains."""
    scope.demand(desk.person, "plan")
    mine = desk.person
    inside = (mine.units is None or (units and set(units) <= mine.units)) and (
        mine.domains is None or (domains and set(domains) <= mine.domains)
    )
    if not inside:
        raise StoreRefused("beyond", _BEYOND)


def keep(
    desk: Desk, first: date, last: date, units: Sequence[str], domains: Sequence[str], parameters: Mapping[str, Any],
    result: Mapping[str, Any], visit_rows: pd.DataFrame, check_rows: pd.DataFrame, *, into: KeptPlan | None = None,
    reason: str = "",
) -> KeptPlan:  # fmt: skip
    """Keeps a proposal as a new draft, or in the place of what the draft `into` proposed.

    `visit_rows`, `check_rows`: the columns of VISITS and CHECKS beside `plan_id`. Raises StoreRefused where the person may
    not plan there, or the draft moved since it was seen.
    """
    demand_whole(desk, units, domains)
    at, who = now(), desk.person.username
    with desk._writing() as connection:
        if into is None:
            number = f"LHJH-{first:%Y%m}-{serials.first_of(connection, f'LHJH-{first:%Y%m}'):04d}"
            plan_id = new_id()
            connection.execute(
                _plan.insert().values(
                    id=UUID(plan_id), number=number, version=1, state="draft", first=first, last=last,
                    units=_json(list(units)), domains=_json(list(domains)), made_at=at, made_by=who, changed_at=at,
                    adopted_by="", parameters=_json(parameters), result=_json(result),
                )
            )  # fmt: skip
        else:
            plan_id, number = into.id, into.number
            _advance(connection, into, at, parameters=_json(parameters), result=_json(result))
            for table in (_visit, _check):
                connection.execute(delete(table).where(table.c.plan_id == UUID(plan_id)))
        _fill(connection, _visit, VISITS, visit_rows, plan_id)
        _fill(connection, _check, CHECKS, check_rows, plan_id)
        told = {"number": number, "first": first, "last": last, "visits": len(visit_rows), "checks": len(check_rows)}
        act = "make" if into is None else "again"
        _tell(connection, plan_id, number, at, who, Change(act, reason, data=told))
        return _one(desk, connection, plan_id)


def change(desk: Desk, seen: KeptPlan, made: Change) -> KeptPlan:
    """Carries a change out, all of it or nothing. Raises StoreRefused where the person may not, or the plan moved since."""
    demand_whole(desk, seen.units, seen.domains)
    at, who = now(), desk.person.username
    values: dict[str, Any] = {}
    if made.state:
        values["state"] = made.state
    if made.state == "adopted":
        values |= {"adopted_at": at, "adopted_by": who}
    if made.result is not None:
        values["result"] = _json(made.result)
    with desk._writing() as connection:
        _advance(connection, seen, at, **values)
        for table, rows in ((_visit, made.visits or {}), (_check, made.checks or {})):
            for row_id, columns in rows.items():
                _alter(connection, table, seen.id, row_id, columns)
        if made.new_visits:
            connection.execute(_visit.insert(), [_row(seen.id, r) for r in made.new_visits])
        if made.state:
            becomes = {"adopted": "adopted", "dropped": "dropped"}[made.state]
            mine = and_(_visit.c.plan_id == UUID(seen.id), _visit.c.state == "proposed")
            connection.execute(update(_visit).where(mine).values(state=becomes))
        _tell(connection, seen.id, seen.number, at, who, made)
        return _one(desk, connection, seen.id)


# --- within --------------------------------------------------------------------------------------------------------


def _one(desk: Desk, connection: Connection, which: str) -> KeptPlan:
    try:
        key = _plan.c.id == UUID(which)
    except ValueError:
        key = _plan.c.number == which.strip().upper()
    row = connection.execute(select(_plan).where(key)).mappings().first()
    found = _kept(row) if row else None
    if found is None or not _touches(desk, found):
        raise StoreRefused("no_plan", _NO_PLAN.format(which=which))
    return found


def _kept(row: Mapping[str, Any]) -> KeptPlan:
    lists = {n: tuple(json.loads(row[n])) for n in ("units", "domains")}
    documents = {n: json.loads(row[n]) for n in ("parameters", "result")}
    return KeptPlan(**{**row, "id": str(row["id"]), **lists, **documents})


def _touches(desk: Desk, found: KeptPlan) -> bool:
    mine = desk.person
    units = not found.units or mine.units is None or bool(mine.units & set(found.units))
    return units and (not found.domains or mine.domains is None or bool(mine.domains & set(found.domains)))


def _sees(desk: Desk, table: Any) -> ColumnElement[bool]:
    """The visits in the person's units in which one of their domains takes part."""
    if desk.person.domains is None:
        return scope.rows_of(desk.person, table)
    mine = scope.domains_of(desk)
    shared = select(_check.c.id).where(
        _check.c.subject_id == table.c.subject_id, _check.c.visit_id == table.c.id, _check.c.domain.in_(mine)
    )
    return and_(scope.rows_of(desk.person, table), or_(table.c.domain.in_(mine), shared.exists()))


def _advance(connection: Connection, seen: KeptPlan, at: datetime, **values: Any) -> None:
    mine = and_(_plan.c.id == UUID(seen.id), _plan.c.version == seen.version)
    done = connection.execute(update(_plan).where(mine).values(version=seen.version + 1, changed_at=at, **values))
    if not done.rowcount:
        last = (
            connection.execute(
                select(_edit.c.by, _edit.c.at)
                .where(_edit.c.plan_id == UUID(seen.id))
                .order_by(_edit.c.seq.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        raise StoreRefused("meanwhile", _MEANWHILE.format(by=last["by"] if last else "—"))


def _tell(connection: Connection, plan_id: str, number: str, at: datetime, who: str, made: Change) -> None:
    last = connection.scalar(select(func.max(_edit.c.seq)).where(_edit.c.plan_id == UUID(plan_id)))
    connection.execute(
        _edit.insert().values(
            plan_id=UUID(plan_id), seq=(last or 0) + 1, at=at, by=who, act=made.act, reason=made.reason, name=made.name,
            subject_id=UUID(made.subject_id) if made.subject_id else None,
            visit_id=UUID(made.visit_id) if made.visit_id else None, data=_json(made.data or {}),
        )
    )  # fmt: skip
    told = {"reason": made.reason, "visit": made.visit_id, "name": made.name, **(made.data or {})}
    append_audit(connection, who, f"plan.{made.act}", number, {n: v for n, v in told.items() if v})


def _alter(connection: Connection, table: Any, plan_id: str, row_id: str, columns: Mapping[str, Any]) -> None:
    values = {n: UUID(v) if n == "visit_id" and v else v for n, v in columns.items() if n != "subject_id"}
    mine = (table.c.subject_id == UUID(columns["subject_id"]), table.c.id == UUID(row_id))
    connection.execute(update(table).where(*mine, table.c.plan_id == UUID(plan_id)).values(**values))


def _row(plan_id: str, row: Mapping[str, Any]) -> dict[str, Any]:
    ids = {n: UUID(row[n]) for n in ("subject_id", "id")}
    return {**row, **ids, "plan_id": UUID(plan_id)}


def _fill(connection: Connection, table: Any, types: Mapping[str, Any], rows: pd.DataFrame, plan_id: str) -> None:
    if len(rows):
        arrays = {n: pa.array(rows[n], t, from_pandas=True) for n, t in types.items() if n != "plan_id"}
        bulk.insert(connection, table, {**arrays, "plan_id": plan_id})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_BEYOND = Text(
    "这份方案超出您的单位或领域范围，不能由您编制或修改。请按本单位、本领域编制，或由市级专班办公室办理。",
    "This plan reaches beyond your units or domains, so you can't make or change it. Plan for your own, or ask the city office.",
)
_NO_PLAN = Text(
    "没有找到方案“{which}”，或它不在您的权限范围内。请在方案列表中核对编号。",
    "There is no plan “{which}”, or it is outside your scope. Check its number in the list of plans.",
)
_MEANWHILE = Text(
    "在您打开之后，{by} 已修改了这份方案，您的操作没有执行。请刷新后核对，再决定是否继续。",
    "{by} changed this plan after you opened it; what you did was not carried out. Reload and look again.",
)
