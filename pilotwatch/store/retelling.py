"""Warnings and contradictions as they were on a past day, told again from their events.

Their rows say how they are now. Where an evaluation moved one after the day, its level, value and state come from the last
event before; what no event tells (how many better evaluations there had been) begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select, update

from pilotwatch.domain import LEVELS
from pilotwatch.store.signal_tables import Contradiction, ContradictionEvent
from pilotwatch.store.warning_tables import Warning_, WarningEvent
from pilotwatch.workdays import BEIJING

_warning, _event = Warning_.__table__, WarningEvent.__table__
_contradiction, _said = Contradiction.__table__, ContradictionEvent.__table__

_JUDGED = ("open", "rise", "fall", "ease", "return")


def retell(connection: Connection, day: date) -> None:
    """Brings the rows of a copy, which has the events until the end of the day alone, to what these say."""
    for row, events in _moved(connection, _warning, _event, "warning_id", day):
        judged = [e for e in events if e["act"] in _JUDGED]
        values: dict[str, Any] = {"better": 0, "better_on": None, "on_day": day}
        if judged:
            last, worse = judged[-1], [e for e in judged if e["act"] in ("open", "rise")]
            values |= {"level": last["level"], "rank": LEVELS.index(last["level"]), "value": last["value"], "eased": last["act"] == "ease"}  # fmt: skip
            values["since"] = worse[-1]["at"].astimezone(BEIJING).date() if len(worse) > 1 else row["opened_on"]
            values["on_day"] = last["at"].astimezone(BEIJING).date()
        _put(connection, _warning, row, values)
    _reassign(connection)
    for row, events in _moved(connection, _contradiction, _said, "contradiction_id", day):
        if told := [e for e in events if e["act"] in ("open", "change")]:
            names = ("period", "stated", "size")
            values = {n: told[-1][n] for n in names if told[-1][n] is not None}
            _put(connection, _contradiction, row, values | {"on_day": told[-1]["at"].astimezone(BEIJING).date()})


def _moved(
    connection: Connection, table: Table, events: Table, of: str, day: date
) -> Iterator[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """The rows that an evaluation after the day moved, each with its events, oldest first."""
    rows = {r["id"]: r for r in connection.execute(select(table).where(table.c.on_day > day)).mappings()}
    told = select(events).join(table, (table.c.subject_id == events.c.subject_id) & (table.c.id == events.c[of]))
    ordered = told.where(table.c.on_day > day).order_by(events.c[of], events.c.at, events.c.id)
    found = {i: list(e) for i, e in groupby(connection.execute(ordered).mappings().all(), key=lambda e: e[of])}
    yield from ((row, found.get(i, [])) for i, row in rows.items())


def _reassign(connection: Connection) -> None:
    """Whom open warnings were assigned to, as the last of these events says it."""
    rows = select(_warning.c.subject_id, _warning.c.id).where(_warning.c.assignee.is_not(None))
    acts = select(_event.c.subject_id, _event.c.warning_id, _event.c.note).where(_event.c.act == "assign")
    to = {
        (e[0], e[1]): (e[2] or "").split("：")[0] for e in connection.execute(acts.order_by(_event.c.at, _event.c.id))
    }
    for key in connection.execute(rows).all():
        _put(connection, _warning, {"subject_id": key[0], "id": key[1]}, {"assignee": to.get((key[0], key[1]))})


def _put(connection: Connection, table: Table, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    key = (table.c.subject_id == row["subject_id"], table.c.id == row["id"])
    connection.execute(update(table).where(*key).values(**values))
