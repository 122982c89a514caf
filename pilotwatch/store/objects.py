"""The object library in the store: which rows of which lists are one object, what a person said to it, whom several
departments supervise.

The search is made over the whole city by the house itself; links and overlaps are read in a person's scope. A link is
seen by whoever sees both lists, and one of the two rows; a verdict moves the row at once, and is never overwritten by a search.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.store import bulk, datasets, engine, queries, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.object_tables import ObjectLink, ObjectLinkEvent, ObjectMember, ObjectOverlap, ObjectRun
from pilotwatch.store.records import STORAGE, layout
from pilotwatch.store.registers import append_audit
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

_run, _link, _event, _member, _overlap = (
    t.__table__ for t in (ObjectRun, ObjectLink, ObjectLinkEvent, ObjectMember, ObjectOverlap)
)
DATASET = "listed_object"
ACTS = ("confirm", "refuse", "reopen")
Act = Literal["confirm", "refuse", "reopen"]
_VERDICT = {"confirm": "confirmed", "refuse": "refused", "reopen": ""}

_TEXT, _REAL, _INT = pa.string(), pa.float64(), pa.int64()
_KINDS = {
    "Uuid": _TEXT, "AutoString": _TEXT, "String": _TEXT, "Text": _TEXT, "Float": _REAL, "Integer": _INT, "Boolean": pa.bool_(),
    "Date": pa.date32(), "UTCDateTime": pa.timestamp("us", "UTC"),
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A search as it is told: how many rows, of them with a code, pairs compared, linked, left to a person, overlaps."""

    id: str
    at: datetime
    on_day: date
    by: str
    seconds: float
    entries: int
    coded: int
    pairs: int
    linked: int
    clerical: int
    overlaps: int
    parameters: Mapping[str, Any]
    measured: Mapping[str, float] | None


# --- a search ---------------------------------------------------------------------------------------------------------


def demand_search(desk: Desk) -> None:
    """Raises StoreRefused where the person doesn't begin searches: they go over the lists of all departments."""
    scope.demand(desk.person, "settings")


def verdicts(store: Store) -> pd.DataFrame:
    """What persons said so far: dataset, record_key, subject_id (the object), verdict."""
    names = dict.fromkeys(("dataset", "record_key", "subject_id", "verdict"), _TEXT)
    statement = select(*(_link.c[n] for n in names)).where(_link.c.verdict != "")
    with engine.reading(store._engine) as connection:
        return bulk.read(connection, statement, names).to_pandas()


def put(
    store: Store, run: Mapping[str, Any], links: pd.DataFrame, members: pd.DataFrame, overlaps: pd.DataFrame
) -> None:
    """Keeps a search in place of the one before. Links that a person said something to stay, with what was said.

    Raises StoreRefused where a person said something while the search went on: it is made anew then.
    """
    with engine.writing(store._engine) as connection:
        datasets.lock(connection, [DATASET])
        said = {str(r.id): r for r in connection.execute(select(_link).where(_link.c.verdict != ""))}
        if len(said) != run["said"]:
            raise StoreRefused("moved", _MOVED)
        for table in (_member, _overlap):
            connection.execute(delete(table))
        connection.execute(delete(_link).where(_link.c.verdict == ""))
        connection.execute(update(_link).values(zone=""))
        again = links["id"].isin(said.keys())
        for row in links[again].to_dict("records"):
            values = {n: row[n] for n in ("weight", "probability", "zone", "reasons")}
            connection.execute(update(_link).where(_link.c.id == UUID(row["id"])).values(**values))
        _insert(connection, _link, links[~again].assign(verdict="", run_id=run["id"]))
        _insert(connection, _member, members)
        _insert(connection, _overlap, overlaps)
        told = {n: json.dumps(run[n], ensure_ascii=False) for n in ("parameters", "measured")}
        values = {**{n: v for n, v in run.items() if n != "said"}, **told, "id": UUID(run["id"]), "at": now()}
        connection.execute(_run.insert().values(**values | ({"measured": None} if run["measured"] is None else {})))
        datasets.advance(connection, [DATASET])
        append_audit(
            connection,
            run["by"],
            "objects.search",
            run["id"],
            {n: run[n] for n in ("entries", "linked", "clerical", "overlaps")},
        )


def put_overlaps(store: Store, overlaps: pd.DataFrame) -> None:
    """Puts what overlaps in place of what did, without a new search."""
    with engine.writing(store._engine) as connection:
        datasets.lock(connection, [DATASET])
        connection.execute(delete(_overlap))
        _insert(connection, _overlap, overlaps)
        datasets.advance(connection, [DATASET])


def all_members(store: Store) -> pd.DataFrame:
    """Every row and the object it is taken for, of the whole city: the columns of ObjectMember."""
    with engine.reading(store._engine) as connection:
        return _read(connection, select(_member), _member)


def _insert(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    if len(rows):
        given = {
            c.name: pa.array(rows[c.name].to_numpy(object), _kind(c), from_pandas=True)
            for c in table.c
            if c.name in rows
        }
        bulk.insert(connection, table, given)


def _kind(column: Any) -> pa.DataType:
    return _KINDS[type(column.type).__name__]


def _read(connection: Connection, statement: Any, table: Table) -> pd.DataFrame:
    """The rows as a frame, ids as text; a table with moments, of which few rows are ever read, without Arrow."""
    kinds = {c.name: _kind(c) for c in table.c}
    if not any(pa.types.is_timestamp(k) for k in kinds.values()):
        return bulk.read(connection, statement, kinds).to_pandas(date_as_object=False)
    rows = [
        {n: str(v) if isinstance(v, UUID) else v for n, v in row.items()}
        for row in connection.execute(statement).mappings()
    ]
    return pd.DataFrame(rows, columns=list(kinds))


# --- reading -------------------------------------------------------------------------------------------------------------


def runs(desk: Desk, limit: int = 10) -> list[Run]:
    """The newest searches."""
    scope.demand(desk.person, "read")
    with desk._reading() as connection:
        rows = connection.execute(select(_run).order_by(_run.c.at.desc()).limit(limit)).mappings().all()
    return [
        Run(**{**row, "id": str(row["id"]), "parameters": json.loads(row["parameters"]), "measured": row["measured"] and json.loads(row["measured"])})
        for row in rows
    ]  # fmt: skip


def links(
    desk: Desk, which: Literal["clerical", "auto", "confirmed", "refused"] = "clerical", *, unit: str | None = None,
    department: str | None = None, limit: int = 200,
) -> pd.DataFrame:  # fmt: skip
    """Links in scope, the likeliest first; of clerical ones all of a row together. The columns of ObjectLink."""
    statement = select(_link).where(*_seen(desk, unit, department), _of(which))
    if which == "clerical":
        best = func.max(_link.c.probability).over(partition_by=[_link.c.dataset, _link.c.record_key])
        order = (best.desc(), _link.c.dataset, _link.c.record_key, _link.c.probability.desc())
    else:
        order = (_link.c.decided_at.desc(), _link.c.probability.desc())
    with desk._reading() as connection:
        return _read(connection, statement.order_by(*order, _link.c.id).limit(limit), _link)


def counts(desk: Desk, *, unit: str | None = None, department: str | None = None) -> dict[str, int]:
    """How many links in scope there are of each sort: clerical (rows), auto, confirmed, refused."""
    seen = _seen(desk, unit, department)
    row = func.count(func.distinct(_link.c.dataset + _link.c.record_key))
    with desk._reading() as connection:
        return {
            which: int(connection.scalar(select(row if which == "clerical" else func.count()).select_from(_link).where(*seen, _of(which))) or 0)
            for which in ("clerical", "auto", "confirmed", "refused")
        }  # fmt: skip


def link(desk: Desk, subject_id: str, link_id: str) -> dict[str, Any]:
    """One link in scope; raises StoreRefused where there is none."""
    with desk._reading() as connection:
        return _one(desk, connection, subject_id, link_id)


def _one(desk: Desk, connection: Connection, subject_id: str, link_id: str) -> dict[str, Any]:
    try:
        mine = (_link.c.subject_id == UUID(subject_id), _link.c.id == UUID(link_id))
    except ValueError:
        raise StoreRefused("no_link", _NO_LINK) from None
    row = connection.execute(select(_link).where(*mine, *_seen(desk, None, None))).mappings().first()
    if row is None:
        raise StoreRefused("no_link", _NO_LINK)
    return {n: str(v) if isinstance(v, UUID) else v for n, v in row.items()}


def history(desk: Desk, subject_id: str, link_id: str) -> pd.DataFrame:
    """What persons said of a link in scope, oldest first: seq, at, by, act, reason."""
    with desk._reading() as connection:
        _one(desk, connection, subject_id, link_id)
        statement = select(_event).where(_event.c.subject_id == UUID(subject_id), _event.c.link_id == UUID(link_id))
        return _read(connection, statement.order_by(_event.c.seq), _event)


def rows(desk: Desk, dataset: str, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Current rows of a list by their keys, for the two sides of a link that the person sees: `record_key` and the columns
    the record has of those asked for; the other side's place is no bound here."""
    record, table = desk._read_door(dataset)
    kept = layout(record)
    names = ["record_key", *(c for c in columns if c in kept)]
    statement = select(*(bulk.plain(table.c[n]) for n in names)).where(table.c.replaced_by.is_(None))
    with desk._reading() as connection:
        asked = statement.where(engine.among(connection, table.c.record_key, list(keys)))
        return queries.to_pandas(bulk.read(connection, asked, {n: STORAGE[kept[n]][1] for n in names}))


def members(desk: Desk, subjects: Iterable[str]) -> pd.DataFrame:
    """The rows of these objects in scope: the columns of ObjectMember."""
    asked = list(dict.fromkeys(subjects))
    with desk._reading() as connection:
        statement = select(_member).where(
            engine.among(connection, _member.c.subject_id, asked), _member.c.dataset.in_(desk._visible()),
            scope.rows_of(desk.person, _member),
        )  # fmt: skip
        return _read(
            connection, statement.order_by(_member.c.subject_id, _member.c.dataset, _member.c.record_key), _member
        )


def principals(desk: Desk) -> pd.DataFrame:
    """By which object's id a subject's records count: row_subject, subject_id, of subjects that are linked to another.

    A subject (a name without a code) whose rows are taken for several objects isn't there: nobody can tell which is meant.
    """
    scope.demand(desk.person, "read")
    names = {"row_subject": _TEXT, "subject_id": _TEXT}
    with desk._reading() as connection:
        found = bulk.read(
            connection, select(*(_member.c[n] for n in names)).where(scope.rows_of(desk.person, _member)), names
        ).to_pandas()
    found = found.drop_duplicates()
    single = ~found["row_subject"].duplicated(keep=False)
    return found[single & (found["row_subject"] != found["subject_id"])].reset_index(drop=True)


def overlaps(
    desk: Desk, *, domain: str | None = None, unit: str | None = None, task: bool | None = None, limit: int = 200
) -> pd.DataFrame:
    """Objects in scope that several departments supervise, those of most departments first: the columns of ObjectOverlap,
    `lists` and `plans` as tuples."""
    statement = select(_overlap).where(*_overlapping(desk, domain, unit, task))
    order = (_overlap.c.task, _overlap.c.departments.desc(), _overlap.c.name, _overlap.c.subject_id)
    with desk._reading() as connection:
        found = _read(connection, statement.order_by(*order).limit(limit), _overlap)
    return found.assign(**{n: [tuple(json.loads(v)) for v in found[n]] for n in ("lists", "plans")})


def overlap_counts(desk: Desk, *, domain: str | None = None, unit: str | None = None) -> pd.DataFrame:
    """How many objects in scope overlap, by domain, unit and number of departments: domain, report_unit, departments,
    objects, with_task, counted (in REF-16), counted_with_task."""
    types = {
        "domain": _TEXT,
        "report_unit": _TEXT,
        "departments": _INT,
        "objects": _INT,
        "with_task": _INT,
        "counted": _INT,
        "counted_with_task": _INT,
    }
    key = (_overlap.c.domain, _overlap.c.report_unit, _overlap.c.departments)
    one = lambda condition: func.sum(case((condition, 1), else_=0))  # noqa: E731
    statement = (
        select(
            *key,
            func.count(),
            one(_overlap.c.task),
            one(_overlap.c.counted),
            one(and_(_overlap.c.counted, _overlap.c.task)),
        )
        .where(*_overlapping(desk, domain, unit, None))
        .group_by(*key)
        .order_by(*key)
    )
    with desk._reading() as connection:
        return bulk.read(connection, statement, types).to_pandas()


def _overlapping(desk: Desk, domain: str | None, unit: str | None, task: bool | None) -> list[ColumnElement[bool]]:
    """Those of the person's units and domains; an object that no domain lists is everybody's in its unit."""
    scope.demand(desk.person, "read")
    wanted = [
        scope.rows_of(desk.person, _overlap),
        or_(_overlap.c.domain.in_(scope.domains_of(desk)), _overlap.c.domain == ""),
    ]
    wanted += [] if domain is None else [_overlap.c.domain == domain]
    wanted += [] if unit is None else [_overlap.c.report_unit == unit]
    return wanted + ([] if task is None else [_overlap.c.task.is_(task)])


def _seen(desk: Desk, unit: str | None, department: str | None) -> list[ColumnElement[bool]]:
    scope.demand(desk.person, "read")
    visible, units = desk._visible(), desk.person.units
    wanted: list[ColumnElement[bool]] = [_link.c.dataset.in_(visible), _link.c.object_dataset.in_(visible)]
    if units is not None:
        wanted.append(or_(_link.c.row_unit.in_(sorted(units)), _link.c.report_unit.in_(sorted(units))))
    if unit is not None:
        wanted.append(or_(_link.c.row_unit == unit, _link.c.report_unit == unit))
    if department is not None:
        wanted.append(or_(_link.c.row_dept == department, _link.c.object_dept == department))
    return wanted


def _of(which: str) -> ColumnElement[bool]:
    if which in ("confirmed", "refused"):
        return _link.c.verdict == which
    return and_(_link.c.verdict == "", _link.c.zone == which)


# --- what a person says ----------------------------------------------------------------------------------------------


def decide(
    desk: Desk, subject_id: str, link_id: str, act: Act, reason: str, *, seen: str | None = None
) -> dict[str, Any]:
    """Confirms or refuses a link, or takes back what was said; the row moves at once. Returns the link as it is now.

    `seen`: the verdict the person saw; where somebody else has changed it since, nothing is done. Raises StoreRefused.
    """
    scope.demand(desk.person, "handle")
    if act not in ACTS:
        raise ValueError(f"act={act!r}, but it is one of {ACTS}")
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    with desk._writing() as connection:
        datasets.lock(connection, [DATASET])
        one = _one(desk, connection, subject_id, link_id)
        _demand_mine(desk, one)
        if seen is not None and seen != one["verdict"]:
            raise StoreRefused("changed", _CHANGED.format(by=one["decided_by"] or "—"))
        if one["verdict"] == _VERDICT[act]:
            raise StoreRefused("said", _SAID)
        if act == "confirm":
            _demand_free(connection, one)
        at, who = now(), desk.person.username
        values = {"verdict": _VERDICT[act], "decided_by": who, "decided_at": at}
        key = (_link.c.subject_id == UUID(subject_id), _link.c.id == UUID(link_id))
        connection.execute(update(_link).where(*key).values(**values))
        seq = connection.scalar(
            select(func.count())
            .select_from(_event)
            .where(_event.c.subject_id == UUID(subject_id), _event.c.link_id == UUID(link_id))
        )
        connection.execute(
            _event.insert().values(subject_id=UUID(subject_id), link_id=UUID(link_id), seq=(seq or 0) + 1, at=at, by=who, act=act, reason=reason.strip())
        )  # fmt: skip
        _move(connection, {**one, **values})
        datasets.advance(connection, [DATASET])
        append_audit(
            connection,
            who,
            f"objects.{act}",
            link_id,
            {"row": one["record_key"], "object": one["object_key"], "reason": reason.strip()},
        )
        return _one(desk, connection, subject_id, link_id)


def _demand_mine(desk: Desk, one: Mapping[str, Any]) -> None:
    mine = desk.person.departments
    if mine is not None and not {one["row_dept"], one["object_dept"]} & mine:
        raise StoreRefused("other_department", _OTHER_DEPARTMENT)


def _demand_free(connection: Connection, one: Mapping[str, Any]) -> None:
    """A row is one object: another that was confirmed has to be taken back first."""
    other = connection.scalar(
        select(_link.c.object_key).where(
            _link.c.dataset == one["dataset"], _link.c.record_key == one["record_key"], _link.c.verdict == "confirmed", _link.c.id != UUID(one["id"])
        )
    )  # fmt: skip
    if other is not None:
        raise StoreRefused("taken", _TAKEN.format(key=other))


def _move(connection: Connection, one: Mapping[str, Any]) -> None:
    """Puts the row under the object it is now taken for: the confirmed one, else the one linked without a person, else
    itself."""
    mine = (_member.c.dataset == one["dataset"], _member.c.record_key == one["record_key"])
    row = connection.execute(select(_member).where(*mine)).mappings().first()
    if row is None:  # the list doesn't have it any more
        return
    standing = connection.execute(
        select(_link.c.subject_id)
        .where(_link.c.dataset == one["dataset"], _link.c.record_key == one["record_key"])
        .where(or_(_link.c.verdict == "confirmed", and_(_link.c.verdict == "", _link.c.zone == "auto")))
        .order_by(case((_link.c.verdict == "confirmed", 0), else_=1))
    ).scalar()
    connection.execute(delete(_member).where(_member.c.subject_id == row["subject_id"], *mine))
    how = "link" if standing else "self"
    connection.execute(_member.insert().values(**{**row, "subject_id": standing or row["row_subject"], "how": how}))


def new_id() -> str:
    return str(uuid_utils.uuid7())


_NO_LINK = Text(
    "没有这条关联，或不在您的权限范围内。请刷新页面后重新选择。",
    "There is no such link, or it is outside your scope. Reload the page and choose again.",
)
_NO_REASON = Text(
    "请填写判断依据，如“电话核实，同一经营者”。", "Say what you go by, such as “phoned them: the same owner”."
)
_CHANGED = Text("该关联已由 {by} 处理。请刷新页面查看。", "{by} has dealt with this link meanwhile. Reload the page.")
_SAID = Text("该关联已是此状态，无需重复操作。", "That is how it stands already; there is nothing to do.")
_TAKEN = Text(
    "这一行已确认为另一对象（{key}）。如需更改，请先撤回原来的确认。",
    "This row was confirmed to be another object ({key}). Take that back first.",
)
_OTHER_DEPARTMENT = Text(
    "这条关联不涉及您所在部门的名录。请由相关部门或市级专班办公室确认。",
    "No list of your department is in this link. One of its departments or the city office has to decide.",
)
_MOVED = Text(
    "比对期间有人确认或否定了关联，本次结果未保存。请重新比对。",
    "Somebody decided on a link while the search went on, so its outcome was not kept. Search again.",
)
