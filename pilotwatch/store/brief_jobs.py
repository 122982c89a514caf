"""Briefs that are made in the background: schedules, jobs of one or several units, and how far each unit's is.

A job is begun once under its key (`schedule:<id>:2026Q3`), a unit's brief is kept once under `job:<id>:<unit>`: whoever is
killed or comes twice makes nothing twice. What is made has the rights of whoever set it, as they were then; where these
have changed since, nothing is made.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import Connection, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import engine, scope, serials, subscriptions
from pilotwatch.store.brief_tables import BriefItem, BriefJob, BriefSchedule
from pilotwatch.store.briefs import AUDIENCES, Audience, series_of, within
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import SYSTEM, Person
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

Rhythm = Literal["weekly", "monthly", "quarterly"]
State = Literal["waiting", "made", "failed", "cancelled"]

RHYTHMS: dict[Rhythm, Text] = {
    "weekly": Text("每周", "weekly"),
    "monthly": Text("每月", "monthly"),
    "quarterly": Text("每季度", "quarterly"),
}
TRIES = 3  # of one unit's brief, before it is given up

_schedule, _job, _item = BriefSchedule.__table__, BriefJob.__table__, BriefItem.__table__


@dataclass(frozen=True)
class Schedule:
    """See BriefSchedule; `units`: "" is the whole of the scope. `reason`: why it ended (by, rights)."""

    id: str
    rhythm: Rhythm
    units: tuple[str, ...]
    form: str
    language: str
    audience: Audience
    by: str
    by_name: str
    at: datetime
    scope: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Item:
    """One unit's brief of a job; `reason`: why it failed."""

    unit: str
    state: State
    tries: int
    brief_id: str | None
    reason: Text | None


@dataclass(frozen=True)
class Job:
    """Briefs of one period and form, a unit each."""

    id: str
    key: str
    schedule_id: str | None
    period: str
    form: str
    language: str
    audience: Audience
    by: str
    by_name: str
    at: datetime
    scope: str
    cancelled_at: datetime | None
    items: tuple[Item, ...]

    def count(self, *states: State) -> int:
        return sum(i.state in states for i in self.items)

    @property
    def under_way(self) -> bool:
        return any(i.state == "waiting" for i in self.items)


@dataclass(frozen=True)
class Task:
    """One item that was taken on: the job, the unit, its place in its series, by whose rights; `person` is None where these
    have changed."""

    job: Job
    unit: str
    series: str
    number: int
    person: Person | None

    @property
    def key(self) -> str:
        return f"job:{self.job.id}:{self.unit or '*'}"


# --- schedules -----------------------------------------------------------------------------------------------------


def add_schedule(
    desk: Desk, rhythm: Rhythm, units: Sequence[str], *, form: str = "page", language: str = "zh",
    audience: Audience = "leader", at: datetime | None = None,
) -> Schedule:  # fmt: skip
    """Sets a schedule that runs by the person's own rights. Raises StoreRefused: units that aren't the person's, or a
    schedule that is there already."""
    chosen = _demand(desk.person, units, audience)
    values = {
        "id": new_id(), "rhythm": rhythm, "units": json.dumps(chosen), "form": form, "language": language, "audience": audience,
        "by": desk.person.username, "by_name": desk.person.name, "at": at or now(), "scope": subscriptions.scope_of(desk.person),
    }  # fmt: skip
    same = ("rhythm", "units", "form", "language", "audience", "by")
    with desk._writing() as connection:
        there = [_schedule.c.ended_at.is_(None), *(_schedule.c[n] == values[n] for n in same)]
        if connection.scalar(select(exists().where(*there))):
            raise StoreRefused("same_schedule", _SAME)
        connection.execute(_schedule.insert().values(**values))
        told = {n: values[n] for n in ("rhythm", "form", "language", "audience")} | {"units": chosen}
        append_audit(connection, desk.person.username, "brief.schedule", str(values["id"]), told)
    return _schedule_of(values)


def end_schedule(desk: Desk, schedule_id: str) -> None:
    """Ends a schedule: whoever set it may, and the city's office. Raises StoreRefused."""
    found = next((s for s in schedules(desk) if s.id == schedule_id), None)
    if found is None:
        raise StoreRefused("no_schedule", _NO_SCHEDULE)
    if desk.person.username != found.by and not desk.person.may("accept"):
        raise StoreRefused("not_yours", _NOT_YOURS.format(by=found.by_name))
    with desk._writing() as connection:
        _end(connection, found, desk.person.username, "by", now())


def schedules(desk: Desk, *, ended: bool = False) -> list[Schedule]:
    """The schedules that the person set or whose briefs they may read, the newest first."""
    scope.demand(desk.person, "read")
    asked = select(_schedule).order_by(_schedule.c.at.desc(), _schedule.c.id.desc())
    with desk._reading() as connection:
        rows = connection.execute(asked if ended else asked.where(_schedule.c.ended_at.is_(None))).mappings()
        return [s for r in rows if _sees(desk.person, s := _schedule_of(r))]


def standing(store: Store) -> list[tuple[Schedule, Person | None]]:
    """All schedules in force, each with the person it runs by; None where their rights have changed since."""
    with engine.reading(store._engine) as connection:
        rows = connection.execute(select(_schedule).where(_schedule.c.ended_at.is_(None))).mappings().all()
        found = [_schedule_of(r) for r in rows]
        people = _people(connection, {s.by for s in found})
    return [(s, _unchanged(people.get(s.by), s.scope)) for s in found]


def end_for_rights(store: Store, schedule: Schedule, at: datetime) -> None:
    """Ends a schedule whose maker's rights have changed."""
    with engine.writing(store._engine) as connection:
        _end(connection, schedule, "system", "rights", at)


def _end(connection: Connection, schedule: Schedule, by: str, reason: str, at: datetime) -> None:
    mine = _schedule.c.id == UUID(schedule.id), _schedule.c.ended_at.is_(None)
    if connection.execute(update(_schedule).where(*mine).values(ended_at=at, ended_by=by, reason=reason)).rowcount:
        append_audit(connection, by, "brief.schedule.end", schedule.id, {"reason": reason})


# --- jobs ----------------------------------------------------------------------------------------------------------


def begin(
    store: Store, person: Person, units: Sequence[str], period: str, *, form: str = "page", language: str = "zh",
    audience: Audience = "leader", at: datetime | None = None,
) -> str:  # fmt: skip
    """Begins a job by the person's rights and gives its id. Raises StoreRefused for units that aren't the person's."""
    chosen, id_ = _demand(person, units, audience), new_id()
    _begin(store, person, chosen, period, f"asked:{id_}", id_, form, language, audience, None, at or now())
    return str(id_)


def begin_due(store: Store, person: Person, schedule: Schedule, slot: str, period: str, at: datetime) -> str | None:
    """Begins what is due of a schedule, once for each slot (2026-W47, 2026-10, 2026Q3)."""
    about = schedule.form, schedule.language, schedule.audience
    return _begin(
        store, person, list(schedule.units), period, f"schedule:{schedule.id}:{slot}", new_id(), *about, schedule, at
    )


def _begin(
    store: Store, person: Person, units: list[str], period: str, key: str, id_: UUID, form: str, language: str,
    audience: Audience, schedule: Schedule | None, at: datetime,
) -> str | None:  # fmt: skip
    values = {
        "id": id_, "key": key, "schedule_id": UUID(schedule.id) if schedule else None, "period": period, "form": form,
        "language": language, "audience": audience, "by": person.username, "by_name": person.name, "at": at,
        "scope": subscriptions.scope_of(person),
    }  # fmt: skip
    with engine.writing(store._engine) as connection:
        dialect = postgresql if engine.is_postgres(connection) else sqlite
        adding = dialect.insert(_job).values(**values).on_conflict_do_nothing(index_elements=["key"])
        if connection.scalar(adding.returning(_job.c.id)) is None:
            return None
        rows = [{"job_id": id_, "report_unit": u, "state": "waiting", "tries": 0} for u in units]
        connection.execute(_item.insert(), rows)
        told = {"period": period, "form": form, "audience": audience, "units": units}
        append_audit(connection, person.username, "brief.batch", str(id_), told)
    return str(id_)


def begun(store: Store, keys: Collection[str]) -> set[str]:
    """Which of these keys of jobs are there."""
    if not keys:
        return set()
    with engine.reading(store._engine) as connection:
        return set(connection.scalars(select(_job.c.key).where(_job.c.key.in_(sorted(keys)))))


def jobs(desk: Desk, *, limit: int = 10, ids: Sequence[str] | None = None) -> list[Job]:
    """The jobs that the person began or whose briefs they may read, the newest first."""
    scope.demand(desk.person, "read")
    asked = select(_job).order_by(_job.c.at.desc(), _job.c.id.desc()).limit(10 * limit)
    if ids is not None:
        asked = asked.where(_job.c.id.in_([UUID(i) for i in ids]))
    with desk._reading() as connection:
        rows = [r for r in connection.execute(asked).mappings() if _sees(desk.person, r)][:limit]
        return _jobs(connection, rows)


def cancel(desk: Desk, job_id: str) -> int:
    """Cancels what isn't made yet of a job; how many that were. Whoever began it may, and the city's office."""
    job = _own(desk, job_id)
    moment = now()
    with desk._writing() as connection:
        mine = _item.c.job_id == UUID(job.id), _item.c.state == "waiting"
        stopped = connection.execute(update(_item).where(*mine).values(state="cancelled", ended_at=moment)).rowcount
        if stopped:
            values = {"cancelled_at": moment, "cancelled_by": desk.person.username}
            connection.execute(update(_job).where(_job.c.id == UUID(job.id)).values(**values))
            append_audit(connection, desk.person.username, "brief.cancel", job.id, {"stopped": stopped})
    return stopped


def again(desk: Desk, job_id: str) -> int:
    """Lets what failed of a job be tried anew; how many that are."""
    job = _own(desk, job_id)
    with desk._writing() as connection:
        mine = _item.c.job_id == UUID(job.id), _item.c.state == "failed"
        values = {"state": "waiting", "tries": 0, "reason_zh": None, "reason_en": None, "ended_at": None}
        waiting = connection.execute(update(_item).where(*mine).values(**values)).rowcount
        if waiting:
            append_audit(connection, desk.person.username, "brief.again", job.id, {"waiting": waiting})
    return waiting


def _own(desk: Desk, job_id: str) -> Job:
    found = jobs(desk, ids=[job_id])
    if not found:
        raise StoreRefused("no_job", _NO_JOB)
    if desk.person.username != found[0].by and not desk.person.may("accept"):
        raise StoreRefused("not_yours", _NOT_YOURS.format(by=found[0].by_name))
    return found[0]


# --- for whoever makes them ----------------------------------------------------------------------------------------


def waiting(store: Store) -> bool:
    """Whether any brief waits to be made."""
    with engine.reading(store._engine) as connection:
        return bool(connection.scalar(select(exists().where(_item.c.state == "waiting"))))


def take(store: Store, at: datetime, skip: Collection[tuple[str, str]] = ()) -> Task | None:
    """Takes on the next brief that waits, oldest job first; None where there is none. Its try is counted and its number
    given before it is made, so that one that is killed again and again is given up and leaves no gap.

    `skip`: (job, unit) that aren't to be tried in this pass any more.
    """
    with engine.writing(store._engine) as connection:
        asked = (
            select(_item.c.job_id, _item.c.report_unit, _item.c.tries)
            .join(_job, _job.c.id == _item.c.job_id)
            .where(_item.c.state == "waiting")
            .order_by(_job.c.at, _job.c.id, _item.c.report_unit)
        )
        for job_id, unit, tries in connection.execute(asked).all():
            if (str(job_id), unit) in skip:
                continue
            mine = _item.c.job_id == job_id, _item.c.report_unit == unit
            if tries >= TRIES:
                _failed(connection, mine, _INTERRUPTED, at)
                continue
            job = _jobs(connection, connection.execute(select(_job).where(_job.c.id == job_id)).mappings().all())[0]
            person = _unchanged(_people(connection, {job.by}).get(job.by), job.scope)
            locked = select(_item.c.series, _item.c.number).where(*mine).with_for_update()
            series, number = connection.execute(locked).one()
            values: dict[str, Any] = {"tries": tries + 1}
            if number is None and person is not None:
                series = series_of(person, unit, at)
                number = serials.first_of(connection, f"brief:{series}")
                values |= {"series": series, "number": number}
            connection.execute(update(_item).where(*mine).values(**values))
            return Task(job, unit, series or "", number or 0, person)
    return None


def fail(store: Store, task: Task, reason: Text, at: datetime, *, final: bool) -> None:
    """Notes why one wasn't made; it goes on waiting unless that is final or it was tried often enough."""
    mine = _item.c.job_id == UUID(task.job.id), _item.c.report_unit == task.unit, _item.c.state == "waiting"
    with engine.writing(store._engine) as connection:
        tries = connection.scalar(select(_item.c.tries).where(*mine))
        if tries is None:
            return
        if final or tries >= TRIES:
            _failed(connection, mine, reason, at)
        else:
            connection.execute(update(_item).where(*mine).values(reason_zh=reason.zh, reason_en=reason.en))


def is_waiting(store: Store, task: Task) -> bool:
    """Whether it is still to be made: nobody cancelled it or made it meanwhile."""
    mine = _item.c.job_id == UUID(task.job.id), _item.c.report_unit == task.unit
    with engine.reading(store._engine) as connection:
        return connection.scalar(select(_item.c.state).where(*mine)) == "waiting"


def _failed(connection: Connection, mine: Sequence[Any], reason: Text, at: datetime) -> None:
    values = {"state": "failed", "ended_at": at, "reason_zh": reason.zh, "reason_en": reason.en}
    connection.execute(update(_item).where(*mine).values(**values))


# --- within --------------------------------------------------------------------------------------------------------


def _demand(person: Person, units: Sequence[str], audience: str) -> list[str]:
    """The units in order, if they are the person's; "" is the whole of the scope."""
    scope.demand(person, "read")
    own = next(iter(person.units)) if person.units is not None and len(person.units) == 1 else ""
    chosen = sorted({u or own for u in units})
    if not chosen:
        raise StoreRefused("no_unit", _NO_UNIT)
    if person.units is not None and not set(chosen) - {""} <= person.units:
        raise StoreRefused("other_unit", _OTHER_UNIT)
    if audience not in AUDIENCES:
        raise StoreRefused("no_audience", _NO_AUDIENCE)
    return chosen


def _sees(person: Person, row: Any) -> bool:
    """Whether a schedule or job is the person's, or of a scope that they see all of."""
    by, held = (row.by, row.scope) if isinstance(row, Schedule) else (row["by"], row["scope"])
    return by == person.username or within(person, json.dumps(json.loads(held)[1:]))


def _people(connection: Connection, usernames: Collection[str]) -> dict[str, Person]:
    return {SYSTEM.username: SYSTEM} | subscriptions.people_of(connection, sorted(usernames))


def _unchanged(person: Person | None, held: str) -> Person | None:
    return person if person and person.may("read") and subscriptions.scope_of(person) == held else None


def _schedule_of(row: Any) -> Schedule:
    names = ("rhythm", "form", "language", "audience", "by", "by_name", "at", "scope")
    ended = {n: row.get(n) for n in ("ended_at", "ended_by", "reason")}
    return Schedule(id=str(row["id"]), units=tuple(json.loads(row["units"])), **{n: row[n] for n in names}, **ended)


def _jobs(connection: Connection, rows: Sequence[Any]) -> list[Job]:
    items: dict[UUID, list[Item]] = {}
    asked = select(_item).where(_item.c.job_id.in_([r["id"] for r in rows])).order_by(_item.c.report_unit)
    for r in connection.execute(asked).mappings():
        reason = Text(r["reason_zh"], r["reason_en"]) if r["reason_zh"] else None
        brief_id = str(r["brief_id"]) if r["brief_id"] else None
        items.setdefault(r["job_id"], []).append(Item(r["report_unit"], r["state"], r["tries"], brief_id, reason))
    names = ("key", "period", "form", "language", "audience", "by", "by_name", "at", "scope", "cancelled_at")
    return [
        Job(
            id=str(r["id"]), schedule_id=str(r["schedule_id"]) if r["schedule_id"] else None,
            items=tuple(items.get(r["id"], ())), **{n: r[n] for n in names},
        )
        for r in rows
    ]  # fmt: skip


_SAME = Text("已有相同的定期出刊设置，无需重复添加。", "The same schedule is there already.")
_NO_SCHEDULE = Text(
    "没有找到这项定期出刊设置，可能已被停止。请刷新页面。",
    "There is no such schedule; it may have been ended. Reload the page.",
)
_NOT_YOURS = Text(
    "只有设置人“{by}”或市级专班办公室可以停止。", "Only “{by}”, who set it, or the city office can stop it."
)
_NO_JOB = Text(
    "没有找到这批简报，或它不在您的权限范围内。", "There is no such batch of briefs, or it is outside your scope."
)
_NO_UNIT = Text("请至少选择一个单位。", "Choose at least one unit.")
_OTHER_UNIT = Text(
    "所选单位中有您权限范围以外的单位，请只选择本账号的单位。",
    "Some of these units are outside your scope; choose from your own.",
)
_NO_AUDIENCE = Text("没有这种呈报对象。", "There is no such audience.")
_INTERRUPTED = Text(
    "生成时连续三次中断，已停止。请查看系统日志后点“重做失败的”。",
    "Its making was interrupted three times, so it was given up. See the log, then let the failed ones be made again.",
)
