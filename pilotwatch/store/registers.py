"""Accounts, log-ins, settings and the audit: the house's own books, read and written in one transaction each.

What the rules about them are (passwords, lock-out, roles) is `pilotwatch.access`'s business; here they are rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from pilotwatch.store.audit import append as append_audit
from pilotwatch.store.audit_tables import Audit
from pilotwatch.store.login_tables import AccountLink, LoginAttempt
from pilotwatch.store.tables import Account, LoginSession, Setting

_account, _session, _audit, _setting = (t.__table__ for t in (Account, LoginSession, Audit, Setting))
_link, _attempt = AccountLink.__table__, LoginAttempt.__table__


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

    def open_sessions(self, at: datetime, username: str) -> list[dict[str, Any]]:
        """The log-ins of an account that count at that moment, the newest first."""
        open_ = (_session.c.username == username, _session.c.ended_at.is_(None), _session.c.expires_at > at)
        statement = select(_session).where(*open_).order_by(_session.c.created_at.desc(), _session.c.token_sha256)
        return [dict(r) for r in self._connection.execute(statement).mappings()]

    def count_sessions(self, at: datetime) -> dict[str, int]:
        """How many log-ins of each account count at that moment."""
        open_ = (_session.c.ended_at.is_(None), _session.c.expires_at > at)
        statement = select(_session.c.username, func.count()).where(*open_).group_by(_session.c.username)
        return {r[0]: r[1] for r in self._connection.execute(statement)}

    def end_sessions(
        self, at: datetime, *, token_sha256: str | None = None, username: str | None = None, but: str | None = None,
        method: str | None = None,
    ) -> int:  # fmt: skip
        """Ends one log-in, or all of an account (`but`: this one stays; `method`: those that came so); how many were open."""
        which = _session.c.token_sha256 == token_sha256 if token_sha256 else _session.c.username == username
        others = [] if but is None else [_session.c.token_sha256 != but]
        others += [] if method is None else [_session.c.by == method]
        ended = self._connection.execute(
            update(_session).where(which, *others, _session.c.ended_at.is_(None)).values(ended_at=at)
        )
        return ended.rowcount

    def forget_sessions(self, before: datetime) -> None:
        """Removes log-ins that ran out before then."""
        self._connection.execute(delete(_session).where(_session.c.expires_at < before))

    # log-ins by an identity provider

    def links(self) -> dict[str, dict[str, Any]]:
        """Who the accounts are at the identity provider, by their names."""
        return {r["username"]: dict(r) for r in self._connection.execute(select(_link)).mappings()}

    def link(self, issuer: str, *, subject: str | None = None, claim: str | None = None) -> dict[str, Any] | None:
        """The link of a subject, or the one that waits for a claim; locked until the transaction ends."""
        which = _link.c.subject == subject if subject is not None else _link.c.claim == claim
        statement = select(_link).where(_link.c.issuer == issuer, which).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return dict(row) if row else None

    def put_link(self, username: str, **values: Any) -> None:
        self.drop_link(username)
        self._connection.execute(_link.insert().values(username=username, **values))

    def drop_link(self, username: str) -> bool:
        return bool(self._connection.execute(delete(_link).where(_link.c.username == username)).rowcount)

    def begin_attempt(self, **values: Any) -> None:
        self._connection.execute(_attempt.insert().values(**values))

    def take_attempt(self, state_sha256: str) -> dict[str, Any] | None:
        """The attempt, which is gone afterwards; None where another took it before, or nobody began it."""
        row = (
            self._connection.execute(select(_attempt).where(_attempt.c.state_sha256 == state_sha256).with_for_update())
            .mappings()
            .first()
        )
        gone = self._connection.execute(delete(_attempt).where(_attempt.c.state_sha256 == state_sha256)).rowcount
        return dict(row) if row and gone else None

    def forget_attempts(self, before: datetime) -> None:
        self._connection.execute(delete(_attempt).where(_attempt.c.expires_at < before))

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
