"""Visits being carried out, in the store: issued, entered, recorded, published; and what the enterprise said of them.

No plan, no code: a task is issued only for an adopted plan's visit, a subject that was drawn, or an open case, and once for
each. An officer sees and moves the visits that their department takes part in. What an enterprise said is kept from
everybody of a department that was there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uuid_utils
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.store import scope, serials
from pilotwatch.store.case_lists import in_scope as cases_in_scope
from pilotwatch.store.case_tables import CaseFile
from pilotwatch.store.draw_tables import Draw, Drawn
from pilotwatch.store.model import Arrived, BatchLine, CheckedLike, StoreRefused
from pilotwatch.store.plan_tables import JointPlan, PlanVisit
from pilotwatch.store.registers import append_audit
from pilotwatch.store.task_tables import VisitDepartment, VisitEvent, VisitRating, VisitTask
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_task, _part, _event, _rating = (t.__table__ for t in (VisitTask, VisitDepartment, VisitEvent, VisitRating))
_draw, _drawn, _plan, _visit, _case = (t.__table__ for t in (Draw, Drawn, JointPlan, PlanVisit, CaseFile))

OPEN = ("issued", "entered")
_JSON = ("departments", "matters", "officers")


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks: `states` none: all. `late`: open ones whose last day is before `on`; `unpublished`: recorded ones."""

    states: tuple[str, ...] = ()
    domain: str | None = None
    report_unit: str | None = None
    department: str | None = None
    subject_id: str | None = None
    origin_ref: str | None = None
    words: str | None = None  # in the number, the name or the code
    late: bool = False
    on: date | None = None


# --- issuing ----------------------------------------------------------------------------------------------------------


def issue(desk: Desk, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[str]:
    """Issues tasks, all or none; gives their numbers. A row has the columns of VisitTask that are known by then, lists as
    lists. Raises StoreRefused where one rests on nothing (`no_plan`) or was issued before (`issued`)."""
    scope.demand(desk.person, "handle")
    if not rows:
        return []
    numbers = []
    with desk._writing() as connection:
        series = f"RW-{at.astimezone(BEIJING):%Y%m%d}"
        first = serials.first_of(connection, series, len(rows))
        for n, row in enumerate(rows, first):
            _demand_origin(desk, connection, row)
            number = f"{series}-{n:05d}"
            known = {
                "id": UUID(new_id()), "subject_id": UUID(row["subject_id"]), "number": number, "version": 1, "state": "issued",
                "issued_at": at, "issued_by": desk.person.username, "moved_at": at, "entered_how": "", "late_reason": "",
                "exempt_reason": "", "result": "", "signed_by": "", "refused_to_sign": False, "recorded_by": "", "why": "",
            }  # fmt: skip
            written = {n: json.dumps(row[n], ensure_ascii=False) for n in _JSON}
            connection.execute(_task.insert().values(**{"notice_no": "", **row, **written, **known}))
            mine = {"subject_id": known["subject_id"], "task_id": known["id"]}
            parts = [
                {**mine, "department": d, "result": "", "problems": "", "ticks": "{}", "by": ""}
                for d in row["departments"]
            ]
            connection.execute(_part.insert(), parts)
            _note(
                connection,
                desk,
                {**mine, "number": number, "version": 1},
                "issue",
                "",
                at,
                {"origin": row["origin"], "ref": row["origin_ref"]},
            )
            numbers.append(number)
    return numbers


def _demand_origin(desk: Desk, connection: Connection, row: Mapping[str, Any]) -> None:
    """Raises StoreRefused unless what the task rests on is there, in scope, and has no task yet."""
    subject, ref = UUID(row["subject_id"]), row["origin_ref"]
    asked: dict[str, Any] = {
        "plan": lambda: select(_visit.c.id)
        .join(_plan, _plan.c.id == _visit.c.plan_id)
        .where(_visit.c.subject_id == subject, _visit.c.id == _uuid(ref), _plan.c.state == "adopted", _visit.c.state == "adopted", scope.own(desk, _visit)),
        "draw": lambda: select(_drawn.c.draw_id)
        .join(_draw, _draw.c.id == _drawn.c.draw_id)
        .where(_drawn.c.subject_id == subject, _draw.c.id == _uuid(ref), _draw.c.state == "drawn", scope.own(desk, _drawn)),
        "case": lambda: select(_case.c.id).where(_case.c.subject_id == subject, _case.c.id == _uuid(ref), _case.c.closed_at.is_(None), cases_in_scope(desk.person)),
    }  # fmt: skip
    if row["origin"] not in asked or connection.execute(asked[row["origin"]]()).first() is None:
        raise StoreRefused("no_plan", _NO_PLAN.format(name=row["name"]))
    same = (
        _task.c.subject_id == subject,
        _task.c.origin == row["origin"],
        _task.c.origin_ref == ref,
        _task.c.state != "cancelled",
    )
    there = connection.scalar(select(_task.c.number).where(*same))
    if there is not None:
        raise StoreRefused("issued", _ISSUED.format(name=row["name"], number=there))
    _demand_own(desk, row)


def _demand_own(desk: Desk, row: Mapping[str, Any]) -> None:
    person = desk.person
    outside = (person.units is not None and row["report_unit"] not in person.units) or row[
        "domain"
    ] not in scope.domains_of(desk)
    if outside or (person.departments is not None and not person.departments & set(row["departments"])):
        raise StoreRefused("scope", _NOT_YOURS)


# --- moving -----------------------------------------------------------------------------------------------------------


def move(
    desk: Desk, seen: Mapping[str, Any], act: str, values: Mapping[str, Any], at: datetime, *, states: Sequence[str], reason: str = "",
    parts: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Changes a task as it was seen, with an event and a line in the audit; gives it as it is then.

    `states`: those it may be in. `parts`: department → columns of VisitDepartment that change with it. Raises StoreRefused
    `meanwhile` where somebody moved it since it was seen.
    """
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        row = _one(desk, connection, seen["number"])
        if row["version"] != seen["version"]:
            raise StoreRefused("meanwhile", _MEANWHILE)
        if row["state"] not in states:
            raise StoreRefused("task_state", _STATE.format(number=row["number"], state=STATES[row["state"]]))
        key = (_task.c.subject_id == row["subject_id"], _task.c.id == row["id"])
        done = connection.execute(
            update(_task)
            .where(*key, _task.c.version == row["version"])
            .values(**values, version=row["version"] + 1, moved_at=at)
        )
        if not done.rowcount:
            raise StoreRefused("meanwhile", _MEANWHILE)
        mine = (_part.c.subject_id == row["subject_id"], _part.c.task_id == row["id"])
        for department, given in (parts or {}).items():
            said = {**given, "at": at, "by": desk.person.username}
            if not connection.execute(
                update(_part).where(*mine, _part.c.department == department).values(**said)
            ).rowcount:
                raise StoreRefused("no_part", _NO_PART.format(department=department))
        told = {
            "subject_id": row["subject_id"],
            "task_id": row["id"],
            "number": row["number"],
            "version": row["version"] + 1,
        }
        _note(connection, desk, told, act, reason, at, {n: v for n, v in values.items() if n not in _JSON})
        return _told(_one(desk, connection, row["number"]))


def rate(desk: Desk, seen: Mapping[str, Any], rating: int, words: str, at: datetime) -> None:
    """Keeps what the enterprise said of a visit, once; the audit tells that it did, not what."""
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        row = _one(desk, connection, seen["number"])
        if row["state"] not in ("recorded", "published"):
            raise StoreRefused("task_state", _STATE.format(number=row["number"], state=STATES[row["state"]]))
        key = {"subject_id": row["subject_id"], "task_id": row["id"]}
        if connection.execute(select(_rating.c.at).where(*(_rating.c[n] == v for n, v in key.items()))).first():
            raise StoreRefused("rated", _RATED)
        connection.execute(_rating.insert().values(**key, rating=rating, words=words, at=at))
        append_audit(connection, desk.person.username, "task.rated", row["number"], {})


def commit(desk: Desk, number: str, arrived: Arrived, make: Any) -> BatchLine:
    """Stores the record of a visit as a batch, whatever role carried it out: it is the task that allows it.

    `make(rating)` gives the checked tables; `rating` is (1–5, words) where the enterprise said something, else None: it
    goes from the one place into the other and is not told to the caller.
    """
    scope.demand(desk.person, "handle")
    with desk._reading() as connection:
        row = _one(desk, connection, number)
        key = (_rating.c.subject_id == row["subject_id"], _rating.c.task_id == row["id"])
        said = connection.execute(select(_rating.c.rating, _rating.c.words).where(*key)).first()
    path, tables = make(said and (said[0], said[1]))
    clerk = replace(
        desk.person, role="pilot_team", units=frozenset({row["report_unit"]}), domains=None, departments=None
    )
    _demand_about(tables, row)
    return type(desk)(desk._store, clerk).commit(replace(arrived, path=path), tables)


def _demand_about(tables: Sequence[CheckedLike], row: Mapping[str, Any]) -> None:
    """Nothing but this visit goes in by its task."""
    for table in tables:
        about = {
            (str(s), t)
            for s, t in zip(table.frame["subject_id"].to_pylist(), table.frame["task_no"].to_pylist(), strict=True)
        }
        if table.table.dataset not in ("inspection", "scan_in") or about != {(str(row["subject_id"]), row["number"])}:
            raise StoreRefused("not_this_visit", _NOT_THIS)


# --- reading ----------------------------------------------------------------------------------------------------------


def find(desk: Desk, number: str) -> dict[str, Any]:
    """A task by its number, lists as lists; raises StoreRefused where it isn't there or not in scope."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        return _told(_one(desk, connection, number))


def listed(desk: Desk, wanted: TaskFilter | None = None, *, limit: int = 200) -> list[dict[str, Any]]:
    """Tasks in scope: open ones by their last day first, then the others by when they moved."""
    scope.demand(desk.person, "read")
    statement = select(_task).where(*_conditions(desk, wanted or TaskFilter()))
    order = (
        _task.c.state.not_in(OPEN),
        func.coalesce(_task.c.recorded_at, _task.c.cancelled_at).desc(),
        _task.c.until,
        _task.c.number,
    )
    with desk._reading() as connection:
        return [_told(r) for r in connection.execute(statement.order_by(*order).limit(limit)).mappings()]


def counts(desk: Desk, wanted: TaskFilter | None = None) -> dict[str, int]:
    """How many tasks in scope are in each state, and (where the filter names a day) how many open ones are `late` then."""
    scope.demand(desk.person, "read")
    wanted = wanted or TaskFilter()
    by_state = select(_task.c.state, func.count()).where(*_conditions(desk, wanted)).group_by(_task.c.state)
    with desk._reading() as connection:
        found = dict.fromkeys(STATES, 0) | {r[0]: r[1] for r in connection.execute(by_state)} | {"late": 0}
        if wanted.on is not None:
            over = select(func.count()).select_from(_task).where(*_conditions(desk, replace(wanted, late=True)))
            found["late"] = connection.scalar(over) or 0
        return found


def parts(desk: Desk, task: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What each department found: department → result, problems, ticks, at, by."""
    with desk._reading() as connection:
        row = _one(desk, connection, task["number"])
        statement = select(_part).where(_part.c.subject_id == row["subject_id"], _part.c.task_id == row["id"])
        found = {r["department"]: r for r in connection.execute(statement).mappings()}
    names = ("result", "problems", "at", "by")
    return {d: {n: found[d][n] for n in names} | {"ticks": json.loads(found[d]["ticks"])} for d in task["departments"]}


def events(desk: Desk, task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened to a task, oldest first: seq, at, by, act, reason."""
    with desk._reading() as connection:
        row = _one(desk, connection, task["number"])
        statement = select(_event).where(_event.c.subject_id == row["subject_id"], _event.c.task_id == row["id"])
        return [
            {n: r[n] for n in ("seq", "at", "by", "act", "reason")}
            for r in connection.execute(statement.order_by(_event.c.seq)).mappings()
        ]


def exported(desk: Desk, task: Mapping[str, Any], what: str) -> None:
    """Notes that somebody took the sheet of a task out of the house: `what` is pdf or docx."""
    with desk._writing() as connection:
        row = _one(desk, connection, task["number"])
        append_audit(connection, desk.person.username, "task.export", row["number"], {"what": what})


def rating_of(desk: Desk, task: Mapping[str, Any]) -> tuple[int, str] | None:
    """What the enterprise said, 1–5 and its words; raises StoreRefused for whoever belongs to a department that was there."""
    scope.demand(desk.person, "read")
    if desk.person.departments is not None:
        raise StoreRefused("anonymous", _ANONYMOUS)
    with desk._reading() as connection:
        row = _one(desk, connection, task["number"])
        key = (_rating.c.subject_id == row["subject_id"], _rating.c.task_id == row["id"])
        found = connection.execute(select(_rating.c.rating, _rating.c.words).where(*key)).first()
        return found and (found[0], found[1])


def was_rated(desk: Desk, task: Mapping[str, Any]) -> bool:
    """Whether the enterprise has said something; not what."""
    with desk._reading() as connection:
        row = _one(desk, connection, task["number"])
        key = (_rating.c.subject_id == row["subject_id"], _rating.c.task_id == row["id"])
        return connection.execute(select(_rating.c.at).where(*key)).first() is not None


def load(desk: Desk) -> dict[str, int]:
    """How many open visits each inspector has, by certificate, in all of the person's units."""
    scope.demand(desk.person, "read")
    found: dict[str, int] = {}
    with desk._reading() as connection:
        for text in connection.scalars(select(_task.c.officers).where(_task.c.state.in_(OPEN), scope.own(desk, _task))):
            for officer in json.loads(text):
                found[officer["id"]] = found.get(officer["id"], 0) + 1
    return found


def issued_of(desk: Desk, origin: str, refs: Sequence[str]) -> dict[tuple[str, str], str]:
    """The tasks that were issued for plans' visits, draws or cases: (origin_ref, subject_id) → number."""
    scope.demand(desk.person, "read")
    where = (
        _task.c.origin == origin,
        _task.c.origin_ref.in_(list(refs)),
        _task.c.state != "cancelled",
        *_conditions(desk, TaskFilter()),
    )
    with desk._reading() as connection:
        rows = connection.execute(select(_task.c.origin_ref, _task.c.subject_id, _task.c.number).where(*where))
        return {(r[0], str(r[1])): r[2] for r in rows}


def new_id() -> str:
    return str(uuid_utils.uuid7())


# --- within -----------------------------------------------------------------------------------------------------------


def _conditions(desk: Desk, wanted: TaskFilter) -> list[ColumnElement[bool]]:
    c = _task.c
    found: list[ColumnElement[bool]] = [scope.own(desk, _task)]
    bound = desk.person.departments
    for departments in (bound, None if wanted.department is None else {wanted.department}):
        if departments is not None:
            there = and_(
                _part.c.subject_id == c.subject_id, _part.c.task_id == c.id, _part.c.department.in_(sorted(departments))
            )
            found.append(select(_part.c.department).where(there).exists())
    for column, value in (
        (c.domain, wanted.domain),
        (c.report_unit, wanted.report_unit),
        (c.origin_ref, wanted.origin_ref),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.subject_id is not None:
        found.append(c.subject_id == UUID(wanted.subject_id))
    if wanted.states:
        found.append(c.state.in_(wanted.states))
    if wanted.words:
        found.append(or_(*(column.contains(wanted.words, autoescape=True) for column in (c.number, c.name, c.code))))
    if wanted.late:
        found += [c.state.in_(OPEN), c.until < wanted.on]
    return found


def _one(desk: Desk, connection: Connection, number: str) -> Mapping[str, Any]:
    scope.demand(desk.person, "read")
    row = (
        connection.execute(select(_task).where(_task.c.number == number, *_conditions(desk, TaskFilter())))
        .mappings()
        .first()
    )
    if row is None:
        raise StoreRefused("no_task", _NO_TASK.format(number=number))
    return row


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    ids = {n: row[n] and str(row[n]) for n in ("id", "subject_id", "batch_id")}
    return dict(row) | ids | {n: json.loads(row[n]) for n in _JSON}


def _note(
    connection: Connection,
    desk: Desk,
    task: Mapping[str, Any],
    act: str,
    reason: str,
    at: datetime,
    told: Mapping[str, Any],
) -> None:
    connection.execute(
        _event.insert().values(
            subject_id=task["subject_id"], task_id=task["task_id"], seq=task["version"], at=at, by=desk.person.username, act=act, reason=reason
        )
    )  # fmt: skip
    append_audit(
        connection, desk.person.username, f"task.{act}", task["number"], {**told, "reason": reason} if reason else told
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


STATES = {
    "issued": Text("待检查", "to be made"), "entered": Text("检查中", "under way"), "recorded": Text("待公示", "to be published"),
    "published": Text("已公示", "published"), "cancelled": Text("已取消", "cancelled"),
}  # fmt: skip

_NO_PLAN = Text(
    "“{name}”没有已采纳的计划、抽取结果或在办案件作依据，不能生成检查任务和入企码。请先纳入计划或抽取。",
    "“{name}” is in no adopted plan, no draw and no open case, so there can be no task and no code. Plan or draw it first.",
)
_ISSUED = Text(
    "“{name}”已有任务 {number}，不能重复生成。",
    "“{name}” has the task {number} already; it isn't issued twice.",
)
_NOT_YOURS = Text(
    "该任务超出您的单位、领域或部门范围，请由牵头部门或市级专班办公室办理。",
    "This task is outside your units, domains or departments; the leading department or the city office has to.",
)
_NO_TASK = Text(
    "没有检查任务“{number}”，或不在您的权限范围内。请核对任务书上的编号。",
    "There is no task “{number}”, or it is outside your scope. Check the number on the task sheet.",
)
_STATE = Text(
    "任务“{number}”目前为“{state}”，不能进行此项操作。请刷新后核对。",
    "The task {number} is “{state}” by now, so this can't be done. Reload and look again.",
)
_MEANWHILE = Text(
    "在您打开之后，其他人已经更新了本任务，您的操作没有执行，所填内容未丢失。请刷新后核对。",
    "Somebody changed this task after you opened it; what you did was not carried out, and nothing is lost. Reload and look again.",
)
_NO_PART = Text("{department} 不是本次检查的参加部门。", "{department} doesn't take part in this visit.")
_RATED = Text("企业已经评价过本次检查，不能重复评价。", "The enterprise has rated this visit already.")
_NOT_THIS = Text("只能写入本次任务的检查记录。", "Only the record of this very visit can be stored by its task.")
_ANONYMOUS = Text(
    "企业评价对检查部门匿名，不向部门经办人员显示。",
    "What an enterprise says is anonymous to those who inspect: officers of departments don't see it.",
)

__all__ = [
    "OPEN", "STATES", "TaskFilter", "commit", "counts", "events", "exported", "find", "issue", "issued_of", "listed", "load", "move", "new_id",
    "parts", "rate", "rating_of", "was_rated",
]  # fmt: skip
