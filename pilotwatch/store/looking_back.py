"""The store as it was known at the end of a past day: read by whoever may read today, written by nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import DBAPIError

from pilotwatch.domain import Text
from pilotwatch.store import audit, cutting
from pilotwatch.store import engine as db
from pilotwatch.store.case_tables import CaseEvent
from pilotwatch.store.cuts import untold
from pilotwatch.store.desk import Desk
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import Registers
from pilotwatch.store.scope import Person
from pilotwatch.store.store import Store
from pilotwatch.store.warning_tables import Warning_
from pilotwatch.workdays import BEIJING, standing

__all__ = [
    "PastStore", "case_events", "copy", "finish", "first_day", "first_warning", "looked", "note", "noted", "opened", "state_of", "untold",
]  # fmt: skip

copy, finish, first_day, state_of = cutting.cut, cutting.finish, cutting.first_day, cutting.state_of

_NOTE = "as_of"
_case_event, _warning = CaseEvent.__table__, Warning_.__table__
_APART = 10**9  # seconds: no two copies of a day are made further apart


class PastStore(Store):
    """A copy that `copy` made, opened to be read. Accounts, log-ins, settings and the audit are those of the `present`."""

    day: date
    present: Store
    made: Mapping[str, Any]

    def desk(self, person: Person) -> Desk:
        """A person's place: their scope of today, and of what their role may do nothing but reading."""
        return Desk(self, replace(person, as_of=self.day))

    def registers(self, *, write: bool = True) -> AbstractContextManager[Registers]:
        if write:
            raise StoreRefused("as_of", READ_ONLY.format(day=self.day))
        return self.present.registers(write=False)

    def data_version(self) -> int:
        """Below zero, and of no other copy: nothing that is kept by it is taken for the present's."""
        return -(self.day.toordinal() * _APART + int(datetime.fromisoformat(self.made["made_at"]).timestamp()) % _APART)


def opened(url: str, present: Store, day: date, made: Mapping[str, Any]) -> PastStore:
    """Opens a copy, so that nothing can be written to it by any way. `made`: what is known of its making."""
    engine = db.create(url)
    store = PastStore(engine, list(present.records.values()), present._tables, present.files, present.owners)
    store.day, store.present, store.made = day, present, made

    @event.listens_for(engine, "connect")
    def read_only(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "before_cursor_execute")
    def refuse(connection: Connection, _cursor: Any, _statement: str, *_more: Any) -> None:
        if connection.get_execution_options().get("writes", False):  # at its BEGIN, before anything is done
            raise StoreRefused("as_of", READ_ONLY.format(day=day))

    return store


def case_events(store: Store) -> list[dict[str, Any]]:
    """The events of every case of a copy, one case after another, oldest first, with `data` and `files` as values."""
    order = (_case_event.c.subject_id, _case_event.c.case_id, _case_event.c.seq)
    with db.reading(store._engine) as connection:
        rows = connection.execute(select(_case_event).order_by(*order)).mappings()
        return [dict(r) | {"data": json.loads(r["data"]), "files": json.loads(r["files"])} for r in rows]


def first_warning(source: Store) -> date | None:
    """The day on which the first warning was raised, in Beijing; None where none was."""
    with db.reading(source._engine) as connection:
        at = connection.scalar(select(func.min(_warning.c.opened_at)))
    return at.astimezone(BEIJING).date() if at else None


def note(store: Store, made: Mapping[str, Any]) -> None:
    """Writes into a copy what it is a copy of."""
    with db.writing(store._engine) as connection:
        Registers(connection).set_setting(_NOTE, dict(made))


def noted(url: str) -> dict[str, Any] | None:
    """What a copy says it is a copy of; None where it is none."""
    engine = db.create(url)
    try:
        with db.reading(engine) as connection:
            told: dict[str, Any] | None = Registers(connection).setting(_NOTE)
            return told
    except DBAPIError:
        return None
    finally:
        engine.dispose()


def looked(present: Store, person: Person, day: date) -> None:
    """Tells the audit who looks back to which day."""
    with standing(None):
        audit.told_of(present.desk(person), "store.look_back", day.isoformat())


READ_ONLY = Text(
    "正在回看 {day}，只能查看，不能办理。请先回到今天。",
    "You are looking back to {day}: there is nothing to be done there. Go back to today first.",
)
