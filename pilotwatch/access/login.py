"""Logging in and out. A log-in is a random token that only the browser has; the store keeps its SHA-256."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import datetime, timedelta
from typing import Any, NoReturn

from pilotwatch.access import passwords
from pilotwatch.access.accounts import person_of
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.settings import settings
from pilotwatch.store import Person, Store
from pilotwatch.workdays import now

#: After so many wrong passwords in a row an account waits before the next try: 30 s, doubled each time, an hour at most.
FREE_TRIES = 5
LONGEST_NAME = 64
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


def log_in(store: Store, username: str, password: str, *, at: datetime | None = None) -> str:
    """Returns the token of a new log-in; raises AccessRefused, alike for a wrong name and a wrong password.

    A try counts as failed before the password is looked at, so that many at once get no more tries than one by one.
    """
    at = at or now()
    username = username.strip().lower()
    password = password.encode("utf-8", "replace").decode()  # half of a surrogate pair can't be hashed
    if not username.isprintable() or len(username) > LONGEST_NAME:  # no account's, and no text for a database
        username = "".join(c if c.isprintable() else "?" for c in username[:LONGEST_NAME])
    account, wait = _count_try(store, username, at)
    if not passwords.fits(password, account["password"] if account else None) or account is None:
        _refuse_wrong(store, username, account is not None, wait)
    if account["disabled_at"]:
        _refuse_disabled(store, username)
    token = secrets.token_urlsafe(32)
    again = {"password": passwords.hashed(password)} if passwords.is_outdated(account["password"]) else {}
    with store.registers() as books:
        books.forget_sessions(at - timedelta(days=30))
        books.change_account(username, failures=0, locked_until=None, **again)
        books.add_session(
            token_sha256=_sha256(token), username=username, created_at=at,
            expires_at=at + timedelta(hours=settings().session_hours),
        )  # fmt: skip
        books.audit(username, "login")
    return token


def who(store: Store, token: str | None, *, at: datetime | None = None) -> Person | None:
    """The person logged in by this token; None where it is unknown, ended, run out, or the account disabled."""
    if not token:
        return None
    with store.registers(write=False) as books:
        session = books.session(_sha256(token))
        if session is None or session["ended_at"] or session["expires_at"] <= (at or now()):
            return None
        account = books.account(session["username"])
    return person_of(account) if account and not account["disabled_at"] else None


def log_out(store: Store, token: str) -> None:
    """Ends this log-in."""
    with store.registers() as books:
        session = books.session(_sha256(token))
        if session and books.end_sessions(now(), token_sha256=session["token_sha256"]):
            books.audit(session["username"], "logout")


def log_out_everywhere(store: Store, username: str, *, by: str | None = None) -> int:
    """Ends all log-ins of an account; returns how many there were."""
    with store.registers() as books:
        ended = books.end_sessions(now(), username=username)
        books.audit(by or username, "logout.everywhere", username, {"sessions": ended})
    return ended


def wait_after(failures: int) -> timedelta:
    """How long an account waits after so many wrong passwords in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 20), LONGEST_WAIT)


def _count_try(store: Store, username: str, at: datetime) -> tuple[dict[str, Any] | None, timedelta]:
    """The account, and how long it waits should this try fail; raises AccessRefused while it waits already."""
    with store.registers() as books:
        account = books.account(username, lock=True)
        if account is None:
            return None, timedelta(0)
        if account["locked_until"] and account["locked_until"] > at:
            _refuse_locked(account["locked_until"] - at)
        failures = account["failures"] + 1
        wait = wait_after(failures)
        books.change_account(username, failures=failures, locked_until=at + wait if wait else None)
    return account, wait


def _refuse_wrong(store: Store, username: str, known: bool, wait: timedelta) -> NoReturn:
    """A name that isn't there is told of in the audit, but not to the asker."""
    with store.registers() as books:
        books.audit(username, "login.failed", None, {"known": known, "wait_seconds": wait.total_seconds()})
    if wait:
        _refuse_locked(wait)
    raise AccessRefused("login", _WRONG)


def _refuse_locked(wait: timedelta) -> NoReturn:
    seconds = math.ceil(wait.total_seconds())
    shown = (
        Text(f"{seconds} 秒", f"{seconds} seconds")
        if seconds < 120
        else Text(f"{math.ceil(seconds / 60)} 分钟", f"{math.ceil(seconds / 60)} minutes")
    )
    raise AccessRefused("locked", _LOCKED.format(wait=shown))


def _refuse_disabled(store: Store, username: str) -> NoReturn:
    with store.registers() as books:
        books.audit(username, "login.disabled")
    raise AccessRefused("disabled", _DISABLED)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_WRONG = Text("用户名或密码不正确。", "User name or password is wrong.")
_LOCKED = Text(
    "密码多次输入错误，该账号暂时锁定，请在 {wait}后重试。如忘记密码，请联系系统管理员重置。",
    "Too many wrong passwords: the account is locked for {wait}. If you forgot it, the administrator can set a new one.",
)
_DISABLED = Text("该账号已停用，请联系系统管理员。", "This account is disabled; ask the administrator.")
