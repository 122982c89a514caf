"""Accounts, log-ins, settings and the audit: the house's own books, read and written in one transaction each.

What the rules about them are (passwords, lock-out, roles) is `pilotwatch.access`'s business; here they are rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from pilotwatch.store.audit import append as append_audit
from pilotwatch.store.audit_tables import Audit
from pilotwatch.store.tables import Account, LoginSession, Setting

_account, _session, _audit, _setting = (t.__table__ for t in (Account, LoginSession, Audit, Setting))


__all__ = ["Registers", "append_audit"]


class Registers:
    """The books, open for the length of one transaction (see `Store.registers`). Rows are plain dictionaries."""

    def __init__(self, connection: Connection):
        self._connection = connection

    # accounts

    def account(self, username: str, *, lock: bool = False) -> dict[str, Any] | None:
        """The account; `lock`: nobody else changes it before this transaction ends."""
        statement = select(_account).where(_account.c.username == username)
        row = self._connection.execute(statement.with_for_update() if lock else statement).mappings().first()
        return dict(row) if row else None

    def accounts(self) -> list[dict[str, Any]]:
        return [dict(r) for r in self._connection.execute(select(_account).order_by(_account.c.username)).mappings()]

    def add_account(self, **values: Any) -> None:
        self._connection.execute(_account.insert().values(**values))

    def change_account(self, username: str, **values: Any) -> None:
        self._connection.execute(update(_account).where(_account.c.username == username).values(**values))

    # log-ins

    def add_session(self, **values: Any) -> None:
        self._connection.execute(_session.insert().values(**values))

    def session(self, token_sha256: str) -> dict[str, Any] | None:
        row = (
            self._connection.execute(select(_session).where(_session.c.token_sha256 == token_sha256)).mappings().first()
        )
        return dict(row) if row else None

    def end_sessions(self, at: datetime, *, token_sha256: str | None = None, username: str | None = None) -> int:
        """Ends one log-in, or all of an account; returns how many were open."""
        which = _session.c.token_sha256 == token_sha256 if token_sha256 else _session.c.username == username
        ended = self._connection.execute(
            update(_session).where(which, _session.c.ended_at.is_(None)).values(ended_at=at)
        )
        return ended.rowcount

    def forget_sessions(self, before: datetime) -> None:
        """Removes log-ins that ran out before then."""
        self._connection.execute(delete(_session).where(_session.c.expires_at < before))

    # settings

    def setting(self, key: str, default: Any = None) -> Any:
        value = self._connection.scalar(select(_setting.c.value).where(_setting.c.key == key))
        return default if value is None else json.loads(value)

    def set_setting(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        done = self._connection.execute(update(_setting).where(_setting.c.key == key).values(value=text))
        if not done.rowcount:
            self._connection.execute(_setting.insert().values(key=key, value=text))

    # audit

    def audit(self, who: str, act: str, on: str | None = None, details: Mapping[str, Any] | None = None) -> None:
        append_audit(self._connection, who, act, on, details)

    def audit_lines(
        self, *, limit: int = 200, username: str | None = None, act: str | None = None
    ) -> list[dict[str, Any]]:
        """The newest lines first, with `details` as a dictionary."""
        statement = select(_audit).order_by(_audit.c.number.desc()).limit(limit)
        for column, value in ((_audit.c.username, username), (_audit.c.act, act)):
            statement = statement if value is None else statement.where(column == value)
        return [dict(r) | {"details": json.loads(r["details"])} for r in self._connection.execute(statement).mappings()]
