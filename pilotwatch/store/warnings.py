"""Warnings in the store: written by an evaluation, in its transaction, and by people, through their desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, bindparam, func, literal, select, update

from pilotwatch.domain import LEVELS, Text
from pilotwatch.identity import new_ids
from pilotwatch.store import bulk, engine, scope, serials
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.warning_reads import ORDERS, STATES, Clock, Filter, counted, history, listed, own, touched
from pilotwatch.store.warning_reads import frame as _frame
from pilotwatch.store.warning_tables import Warning_, WarningEvent
from pilotwatch.workdays import BEIJING, now, today

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_warning, _event = Warning_.__table__, WarningEvent.__table__

#: What a person can find a warning to be; no warning is closed without one.
VERDICTS: dict[str, Text] = {
    "true": Text("属实", "Confirmed"),
    "false": Text("误报", "False alarm"),
    "data": Text("数据错误", "Data error"),
    "transferred": Text("移送", "Transferred"),
}

_TEXT, _DAY = pa.string(), pa.date32()

#: Warnings that one act may take on or assign together.
AT_ONCE = 2000
MOST_OUT = 10_000  # warnings of one workbook


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
    first = serials.first_of(connection, f"YJ-{code}-{on:%Y%m%d}", len(rows))
    day = pa.scalar(on, _DAY)
    ids = new_ids(len(rows))
    levels = pa.array([LEVELS[r] for r in rows["rank"]], _TEXT)
    numbers = pa.array([f"YJ-{code}-{on:%Y%m%d}-{n:05d}" for n in range(first, first + len(rows))], _TEXT)
    days = pa.repeat(day, len(rows))
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
            "domain": domain, "opened_at": _moment(connection, on), "better": pa.repeat(pa.scalar(0), len(rows)),
            "eased": pa.repeat(pa.scalar(False), len(rows)),
        },
    )  # fmt: skip
    told = {"warning_id": ids.to_pylist(), "act": "open", "level": levels.to_pylist()}
    _tell(connection, rows[["subject_id", "value"]].assign(**told))


def _moment(connection: Connection, on: date) -> str:
    """When a warning that an evaluation as of `on` raised was raised, as the database writes a moment in UTC: now, or at
    the end of a day that is past."""
    at = now() if on >= today() else datetime.combine(on + timedelta(1), time(), BEIJING) - timedelta(seconds=1)
    written = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return f"{written}+00:00" if engine.is_postgres(connection) else written


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


def _tell(connection: Connection, events: pd.DataFrame, by: str = "system") -> None:
    """Adds what happened: subject_id, warning_id, act, and where they are told level_before, level, value, note."""
    if events.empty:
        return
    kinds = {"value": pa.float64()}
    told = {n: pa.array(events[n], kinds.get(n, _TEXT), from_pandas=True) for n in events}
    moment = _moment(connection, today())
    bulk.insert(connection, _event, {**told, "id": new_ids(len(events)), "at": moment, "by": by})


# --- people ------------------------------------------------------------------------------------------------------


def acknowledge(desk: Desk, subject_id: str, warning_id: str) -> None:
    """The person has seen the warning and takes note of it."""
    _act(desk, subject_id, warning_id, "acknowledge", None, **_taken(desk))


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


def act_on_all(
    desk: Desk, wanted: Filter, act: Literal["acknowledge", "assign"], *, expected: int, assignee: str = "",
    note: str = "",
) -> int:  # fmt: skip
    """Takes on, or assigns, every open warning of a filter; returns how many that were.

    `expected` is the number that the person was told (`touched`): where it is another by now, nothing is done. Raises
    StoreRefused then, and where there are more than AT_ONCE.
    """
    scope.demand(desk.person, "handle")
    if act == "assign" and not assignee.strip():
        raise StoreRefused("assignee", _NO_ASSIGNEE)
    said = (
        f"{assignee.strip()}{'：' + note.strip() if note.strip() else ''}" if act == "assign" else note.strip() or None
    )
    types = {"subject_id": _TEXT, "id": _TEXT, "level": _TEXT, "acknowledged_by": _TEXT}
    meant = and_(*wanted.conditions(desk), _warning.c.closed_at.is_(None))
    with desk._writing() as connection:
        rows = _frame(connection, select(*(_warning.c[n] for n in types)).where(meant), types)
        if len(rows) != expected:
            raise StoreRefused("moved_on", _MOVED_ON.format(now=len(rows), told=expected))
        if len(rows) > AT_ONCE:
            raise StoreRefused("too_many", _TOO_MANY.format(n=len(rows), most=AT_ONCE))
        rows = rows[rows["acknowledged_by"].isna()] if act == "acknowledge" else rows
        by_key = and_(_warning.c.subject_id == bindparam("s"), _warning.c.id == bindparam("i"))
        values = _taken(desk) if act == "acknowledge" else {"assignee": assignee.strip()}
        keys = [{"s": UUID(r.subject_id), "i": UUID(r.id)} for r in rows.itertuples()]
        if keys:
            connection.execute(update(_warning).where(by_key).values(**values, acted_at=_first_acted()), keys)
        _tell(connection, rows.rename(columns={"id": "warning_id"}).assign(act=act, note=said), desk.person.username)
        append_audit(
            connection, desk.person.username, f"warning.{act}.all", None,
            {"warnings": len(rows), "filter": _told(wanted), "note": said},
        )  # fmt: skip
    return len(rows)


def exported(desk: Desk, wanted: Filter, *, order: str = "matter") -> tuple[pd.DataFrame, bool]:
    """The warnings of a filter to be taken out of the house: at most MOST_OUT, and whether there are more. The audit
    says who took out which."""
    scope.demand(desk.person, "handle")
    rows = listed(desk, wanted, order=order, limit=MOST_OUT + 1)
    with desk._writing() as connection:
        details = {"warnings": min(len(rows), MOST_OUT), "filter": _told(wanted)}
        append_audit(connection, desk.person.username, "warnings.export", None, details)
    return rows.head(MOST_OUT), len(rows) > MOST_OUT


def _told(wanted: Filter) -> dict[str, Any]:
    """A filter as the audit tells it."""
    return {n: v for n, v in asdict(replace(wanted, clocks=())).items() if v}


def _taken(desk: Desk) -> dict[str, Any]:
    return {"acknowledged_at": now(), "acknowledged_by": desk.person.username}


def _first_acted() -> Any:
    """The moment somebody first did something about a warning: now, where nobody had."""
    return func.coalesce(_warning.c.acted_at, literal(now(), _warning.c.acted_at.type))


def _act(desk: Desk, subject_id: str, warning_id: str, act: str, note: str | None, **values: Any) -> None:
    scope.demand(desk.person, "handle")
    with desk._writing() as connection:
        found = own(desk, connection, subject_id, warning_id)
        key = (_warning.c.subject_id == UUID(subject_id), _warning.c.id == UUID(warning_id))
        changed = update(_warning).where(*key, _warning.c.closed_at.is_(None))
        if not connection.execute(changed.values(**values, acted_at=_first_acted())).rowcount:
            raise StoreRefused("closed", _CLOSED.format(by=found["closed_by"] or ""))
        event = {"subject_id": subject_id, "warning_id": warning_id, "act": act, "level": found["level"], "note": note}
        _tell(connection, pd.DataFrame([event]), desk.person.username)
        append_audit(connection, desk.person.username, f"warning.{act}", found["number"], {"note": note})
        if "verdict" in values:
            for hook in desk._store.on_verdict:
                hook(connection, desk.person, {**found, **values, "note": note})


_NO_VERDICT = Text(
    "请选择核查结论：属实、误报、数据错误或移送。没有结论不能办结预警。",
    "Choose a verdict: confirmed, false alarm, data error or transferred. A warning isn't closed without one.",
)
_NO_NOTE = Text("请写明核查情况和依据。", "Say what was found and what the verdict rests on.")
_CLOSED = Text(
    "该预警已由 {by} 办结，本次操作未执行。请刷新后查看。",
    "{by} has closed this warning already; nothing was changed. Reload to see it.",
)
_NO_ASSIGNEE = Text("请写明分给谁（账号或姓名）。", "Say whom they are assigned to (account or name).")
_MOVED_ON = Text(
    "符合条件的预警现为 {now} 条，与刚才所见的 {told} 条不同，本次未执行。请核对后再操作。",
    "There are {now} such warnings now, not the {told} you were told of, so nothing was done. Look again, then act.",
)
_TOO_MANY = Text(
    "共 {n} 条，一次最多处理 {most} 条。请按单位、指标或等级缩小范围。",
    "There are {n}; at most {most} at once. Narrow them by unit, indicator or level.",
)

__all__ = [
    "AT_ONCE", "ORDERS", "STATES", "VERDICTS", "Clock", "Filter", "acknowledge", "act_on_all", "assign", "close", "closings", "counted",
    "exported", "history", "listed", "move", "open_new", "standing", "touched",
]  # fmt: skip
