"""Warnings in the store: written by an evaluation, in its transaction, and by people, through their desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import uuid_utils
from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import LEVELS, Text
from pilotwatch.store import bulk, engine, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.shelf.reads import _datasets_of, _domains
from pilotwatch.store.tables import Subject
from pilotwatch.store.warning_tables import Serial, Warning_, WarningEvent
from pilotwatch.workdays import now, today

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_warning, _event, _serial = Warning_.__table__, WarningEvent.__table__, Serial.__table__
_subject = Subject.__table__

#: What a person can find a warning to be; no warning is closed without one.
VERDICTS: dict[str, Text] = {
    "true": Text("属实", "Confirmed"),
    "false": Text("误报", "False alarm"),
    "data": Text("数据错误", "Data error"),
    "transferred": Text("移送", "Transferred"),
}

_TEXT, _DAY = pa.string(), pa.date32()


# --- an evaluation -----------------------------------------------------------------------------------------------


def standing(connection: Connection, domain: str, subjects: Sequence[str]) -> pd.DataFrame:
    """The open warnings of these subjects: subject_id, id, indicator, rank, better, better_on, eased."""
    types = {
        "subject_id": _TEXT, "id": _TEXT, "indicator": _TEXT, "rank": pa.int64(), "better": pa.int64(),
        "better_on": _DAY, "eased": pa.bool_(),
    }  # fmt: skip
    statement = select(*(_warning.c[n] for n in types)).where(
        _warning.c.closed_at.is_(None), *_mine(connection, domain, subjects)
    )
    return _frame(connection, statement, types)


def closings(connection: Connection, domain: str, subjects: Sequence[str], since: date) -> pd.DataFrame:
    """The latest closing, after `since`, of each subject and indicator: subject_id, indicator, rank, closed_on."""
    types = {"subject_id": _TEXT, "indicator": _TEXT, "rank": pa.int64(), "closed_on": _DAY}
    statement = select(*(_warning.c[n] for n in types)).where(
        _warning.c.closed_on > since, *_mine(connection, domain, subjects)
    )
    found = _frame(connection, statement.order_by(_warning.c.closed_at), types)
    return found.drop_duplicates(["subject_id", "indicator"], keep="last", ignore_index=True)


def open_new(
    connection: Connection, domain: str, code: str, rows: pd.DataFrame, owners: Mapping[str, str], on: date
) -> None:
    """Opens a warning for each row: subject_id, indicator, rank, value, report_unit, division_code, street_code."""
    if rows.empty:
        return
    rows = rows.sort_values(["rank", "subject_id", "indicator"], ignore_index=True)
    first = _next(connection, f"YJ-{code}-{on:%Y%m%d}", len(rows))
    day = pa.scalar(on, _DAY)
    ids = pa.array([str(uuid_utils.uuid7()) for _ in range(len(rows))], _TEXT)
    levels = pa.array([LEVELS[r] for r in rows["rank"]], _TEXT)
    numbers = pa.array([f"YJ-{code}-{on:%Y%m%d}-{n:05d}" for n in range(first, first + len(rows))], _TEXT)
    days = pa.array([day.as_py()] * len(rows), _DAY)
    given = {
        n: pa.array(rows[n], _TEXT) for n in ("subject_id", "indicator", "report_unit", "division_code", "street_code")
    }
    value = pa.array(rows["value"], pa.float64(), from_pandas=True)
    bulk.insert(
        connection, _warning,
        {
            **given, "id": ids, "number": numbers, "level": levels, "rank": pa.array(rows["rank"], pa.int64()),
            "value": value, "opened_on": days, "since": days, "on_day": days,
            "owner": pa.array([owners.get(i, "") for i in rows["indicator"]], _TEXT),
            "domain": domain, "better": pa.array([0] * len(rows), pa.int64()),
            "eased": pa.array([False] * len(rows), pa.bool_()),
        },
    )  # fmt: skip
    events = pd.DataFrame(
        {"subject_id": rows["subject_id"], "warning_id": ids.to_pylist(), "act": "open", "level": levels.to_pylist(), "value": rows["value"]}
    )  # fmt: skip
    _tell(connection, events)


def move(connection: Connection, rows: pd.DataFrame, on: date) -> None:
    """Brings open warnings to what `rows` say (`life.Steps.changed` with the warning's id), and tells what happened."""
    if rows.empty:
        return
    moved = [
        {
            "s": UUID(r.subject_id), "i": UUID(r.id), "level": LEVELS[r.rank], "rank": int(r.rank),
            "value": None if pd.isna(r.value) else float(r.value), "better": int(r.better),
            "better_on": None if pd.isna(r.better_on) else r.better_on.date(), "eased": bool(r.eased), "on_day": on,
        }
        for r in rows.itertuples()
    ]  # fmt: skip
    by_key = and_(_warning.c.subject_id == bindparam("s"), _warning.c.id == bindparam("i"))
    connection.execute(update(_warning).where(by_key), moved)
    worse = [{"s": UUID(r.subject_id), "i": UUID(r.id), "since": on} for r in rows.itertuples() if r.act == "rise"]
    if worse:
        connection.execute(update(_warning).where(by_key), worse)
    told = rows[rows["act"] != ""]
    events = pd.DataFrame(
        {
            "subject_id": told["subject_id"], "warning_id": told["id"], "act": told["act"],
            "level_before": [LEVELS[r] for r in told["rank_before"]], "level": [LEVELS[r] for r in told["rank"]],
            "value": told["value"],
        }
    )  # fmt: skip
    _tell(connection, events)


def _mine(connection: Connection, domain: str, subjects: Sequence[str]) -> tuple[Any, Any]:
    return _warning.c.domain == domain, engine.among(connection, _warning.c.subject_id, list(subjects))


def _next(connection: Connection, name: str, count: int) -> int:
    """The first of `count` numbers of a series that nobody else gets."""
    adding = (postgresql if engine.is_postgres(connection) else sqlite).insert(_serial).values(name=name, last=count)
    adding = adding.on_conflict_do_update(index_elements=["name"], set_={"last": _serial.c.last + count})
    connection.execute(adding)
    return int(connection.scalar(select(_serial.c.last).where(_serial.c.name == name))) - count + 1


def _tell(connection: Connection, events: pd.DataFrame, by: str = "system") -> None:
    at = now()
    rows = [
        {
            "subject_id": UUID(e["subject_id"]), "id": UUID(str(uuid_utils.uuid7())), "warning_id": UUID(e["warning_id"]),
            "at": at, "by": by, "act": e["act"], "level_before": e.get("level_before"), "level": e.get("level"),
            "value": None if pd.isna(e.get("value")) else float(e["value"]), "note": e.get("note"),
        }
        for e in events.to_dict("records")
    ]  # fmt: skip
    if rows:
        connection.execute(_event.insert(), rows)


def _frame(connection: Connection, statement: Any, types: Mapping[str, pa.DataType]) -> pd.DataFrame:
    return bulk.read(connection, statement, types).to_pandas(date_as_object=False)


# --- people ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """Which warnings: `closed` too or only open ones; the rest narrow where they are given."""

    domain: str | None = None
    indicator: str | None = None
    level: str | None = None
    report_unit: str | None = None
    subject_id: str | None = None
    mine: bool = False  # assigned to the person
    closed: bool = False

    def conditions(self, desk: Desk) -> list[Any]:
        c = _warning.c
        wanted = [
            (c.domain, self.domain), (c.indicator, self.indicator), (c.level, self.level),
            (c.report_unit, self.report_unit), (c.assignee, desk.person.username if self.mine else None),
        ]  # fmt: skip
        found = [column == value for column, value in wanted if value is not None]
        if self.subject_id is not None:
            found.append(c.subject_id == UUID(self.subject_id))
        if not self.closed:
            found.append(c.closed_at.is_(None))
        return [*found, scope.rows_of(desk.person, _warning), c.domain.in_(_domains(desk))]


_LISTED = {
    "subject_id": _TEXT, "id": _TEXT, "number": _TEXT, "domain": _TEXT, "indicator": _TEXT, "level": _TEXT,
    "rank": pa.int64(), "value": pa.float64(), "opened_on": _DAY, "since": _DAY, "on_day": _DAY, "eased": pa.bool_(),
    "owner": _TEXT, "assignee": _TEXT, "acknowledged_by": _TEXT, "closed_on": _DAY, "closed_by": _TEXT, "verdict": _TEXT,
    "report_unit": _TEXT, "division_code": _TEXT, "street_code": _TEXT,
}  # fmt: skip


def listed(desk: Desk, wanted: Filter | None = None, *, limit: int = 200) -> pd.DataFrame:
    """Warnings in the person's scope, what matters most first: the level, then subjects with several open warnings,
    then those longest so. Columns: those of the warning, and the subject's `name`, `code`, and `together` (how many open
    warnings it has in the domain)."""
    scope.demand(desk.person, "read")
    wanted = wanted or Filter()
    other = _warning.alias("other")
    together = (
        select(func.count())
        .where(
            other.c.subject_id == _warning.c.subject_id,
            other.c.domain == _warning.c.domain,
            other.c.closed_at.is_(None),
        )
        .scalar_subquery()
        .label("together")
    )
    lists = or_(*(and_(_warning.c.domain == d, _subject.c.dataset.in_(_datasets_of(desk, d))) for d in _domains(desk)))
    statement = (
        select(*(_warning.c[n] for n in _LISTED), _subject.c.name, _subject.c.code, together)
        .outerjoin(_subject, and_(_subject.c.subject_id == _warning.c.subject_id, lists))
        .where(*wanted.conditions(desk))
        .order_by(_warning.c.eased, _warning.c["rank"], together.desc(), _warning.c.since, _warning.c.number)
        .limit(limit)
    )
    with desk._reading() as connection:
        found = _frame(connection, statement, {**_LISTED, "name": _TEXT, "code": _TEXT, "together": pa.int64()})
    return found.drop_duplicates("id", ignore_index=True)


def counted(desk: Desk, wanted: Filter | None = None, *, on: date | None = None) -> pd.DataFrame:
    """How many warnings: domain, indicator, report_unit, level, eased, warnings; of them `new` were opened `on` that day
    (default: today), and `unseen` nobody has taken on."""
    scope.demand(desk.person, "read")
    types = {n: _LISTED[n] for n in ("domain", "indicator", "report_unit", "level", "eased")}
    key = [_warning.c[n] for n in types]
    sums = (
        func.count().label("warnings"),
        func.sum(case((_warning.c.opened_on == (on or today()), 1), else_=0)).label("new"),
        func.sum(case((_warning.c.acknowledged_at.is_(None), 1), else_=0)).label("unseen"),
    )
    statement = select(*key, *sums).where(*(wanted or Filter()).conditions(desk)).group_by(*key)
    with desk._reading() as connection:
        return _frame(connection, statement, {**types, **{c.name: pa.int64() for c in sums}})


def history(desk: Desk, subject_id: str, warning_id: str) -> pd.DataFrame:
    """What happened to a warning, oldest first: at, by, act, level_before, level, value, note."""
    names = ("at", "by", "act", "level_before", "level", "value", "note")
    with desk._reading() as connection:
        _own(desk, connection, subject_id, warning_id)
        statement = (
            select(*(_event.c[n] for n in names))
            .where(_event.c.subject_id == UUID(subject_id), _event.c.warning_id == UUID(warning_id))
            .order_by(_event.c.id)
        )
        return pd.DataFrame(connection.execute(statement).all(), columns=list(names))


def acknowledge(desk: Desk, subject_id: str, warning_id: str) -> None:
    """The person has seen the warning and takes note of it."""
    at = now()
    _act(desk, subject_id, warning_id, "acknowledge", None, acknowledged_at=at, acknowledged_by=desk.person.username)


def assign(desk: Desk, subject_id: str, warning_id: str, assignee: str, note: str = "") -> None:
    """Somebody is to deal with it."""
    _act(desk, subject_id, warning_id, "assign", f"{assignee}{'：' + note if note else ''}", assignee=assignee)


def close(desk: Desk, subject_id: str, warning_id: str, verdict: str, note: str, on: date) -> None:
    """Closes the warning with a verdict (a key of VERDICTS) and what it rests on. Raises StoreRefused without either."""
    if verdict not in VERDICTS:
        raise StoreRefused("verdict", _NO_VERDICT)
    if not note.strip():
        raise StoreRefused("reason", _NO_NOTE)
    at: datetime = now()
    _act(
        desk, subject_id, warning_id, f"close:{verdict}", note.strip(),
        closed_at=at, closed_on=on, closed_by=desk.person.username, verdict=verdict,
    )  # fmt: skip


def _act(desk: Desk, subject_id: str, warning_id: str, act: str, note: str | None, **values: Any) -> None:
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        found = _own(desk, connection, subject_id, warning_id)
        key = (_warning.c.subject_id == UUID(subject_id), _warning.c.id == UUID(warning_id))
        done = connection.execute(update(_warning).where(*key, _warning.c.closed_at.is_(None)).values(**values))
        if not done.rowcount:
            raise StoreRefused("closed", _CLOSED.format(by=found["closed_by"] or ""))
        event = {"subject_id": subject_id, "warning_id": warning_id, "act": act, "level": found["level"], "note": note}
        _tell(connection, pd.DataFrame([event]), desk.person.username)
        append_audit(connection, desk.person.username, f"warning.{act}", found["number"], {"note": note})


def _own(desk: Desk, connection: Connection, subject_id: str, warning_id: str) -> Mapping[str, Any]:
    row = (
        connection.execute(
            select(_warning).where(
                _warning.c.subject_id == UUID(subject_id), _warning.c.id == UUID(warning_id),
                scope.rows_of(desk.person, _warning), _warning.c.domain.in_(_domains(desk)),
            )
        )
        .mappings()
        .first()
    )  # fmt: skip
    if row is None:
        raise StoreRefused("no_warning", _NO_WARNING)
    return row


_NO_VERDICT = Text(
    "请选择核查结论：属实、误报、数据错误或移送。没有结论不能办结预警。",
    "Choose a verdict: confirmed, false alarm, data error or transferred. A warning isn't closed without one.",
)
_NO_NOTE = Text("请写明核查情况和依据。", "Say what was found and what the verdict rests on.")
_CLOSED = Text(
    "该预警已由 {by} 办结，本次操作未执行。请刷新后查看。",
    "{by} has closed this warning already; nothing was changed. Reload to see it.",
)
_NO_WARNING = Text("没有这条预警，或不在您的权限范围内。", "There is no such warning, or it is not in your scope.")

__all__ = [
    "VERDICTS", "Filter", "acknowledge", "assign", "close", "closings", "counted", "history", "listed", "move",
    "open_new", "standing",
]  # fmt: skip
