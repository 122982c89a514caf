"""Logging in and out. A log-in is a random token that only the browser has; the store keeps its SHA-256."""

from __future__ import annotations

import hashlib
import math
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NoReturn

from pilotwatch.access import passwords
from pilotwatch.access.accounts import person_of
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.settings import settings
from pilotwatch.store import Person, Store
from pilotwatch.store.registers import Registers
from pilotwatch.workdays import now

#: After so many wrong passwords in a row an account waits before the next try: 30 s, doubled each time, an hour at most.
FREE_TRIES = 5
LONGEST_NAME = 64
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


def log_in(store: Store, username: str, password: str, *, at: datetime | None = None, device: str = "") -> str:
    """Returns the token of a new log-in; raises AccessRefused, alike for a wrong name and a wrong password.

    A try counts as failed before the password is looked at, so that many at once get no more tries than one by one.
    `device`: what it comes from, for the person's own list of log-ins.
    """
    at = at or now()
    knobs = settings()
    if not knobs.local_login and username.strip().lower() != (knobs.emergency_account or ""):
        raise AccessRefused("local_off", _LOCAL_OFF.format(name=knobs.oidc_name))
    username = username.strip().lower()
    password = password.encode("utf-8", "replace").decode()  # half of a surrogate pair can't be hashed
    if not username.isprintable() or len(username) > LONGEST_NAME:  # no account's, and no text for a database
        username = "".join(c if c.isprintable() else "?" for c in username[:LONGEST_NAME])
    account, wait = _count_try(store, username, at)
    if not passwords.fits(password, account["password"] if account else None) or account is None:
        _refuse_wrong(store, username, account is not None, wait)
    if account["disabled_at"]:
        _refuse_disabled(store, username)
    if not knobs.local_login and account["role"] != "administrator":  # a way in for emergencies, to no data
        raise AccessRefused("local_off", _LOCAL_OFF.format(name=knobs.oidc_name))
    again = {"password": passwords.hashed(password)} if passwords.is_outdated(account["password"]) else {}
    with store.registers() as books:
        books.change_account(username, failures=0, locked_until=None, **again)
        return open_session(books, username, at, by="password", device=device)


def open_session(books: Registers, username: str, at: datetime, *, by: str, device: str = "") -> str:
    """Opens a log-in of an account, with its line in the audit, and gives its token; `by`: password or oidc."""
    token = secrets.token_urlsafe(32)
    books.forget_sessions(at - timedelta(days=30))
    books.change_account(username, seen_at=at)
    books.add_session(
        token_sha256=_sha256(token), username=username, created_at=at, by=by, device=device[:60],
        expires_at=at + timedelta(hours=settings().session_hours),
    )  # fmt: skip
    books.audit(username, "login", None, {"by": by} if by != "password" else None)
    return token


def who(store: Store, token: str | None, *, at: datetime | None = None) -> Person | None:
    """The person logged in by this token; None where it is unknown, ended, run out, or the account disabled."""
    if not token:
        return None
    if (found := standing(store, _sha256(token), at)) is None:
        return None
    session, account = found
    person = person_of(account)
    return person if session["by"] == "password" else replace(person, must_change=False)  # no password was asked for


def standing(store: Store, digest: str, at: datetime | None = None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The log-in kept under a digest and its account; None where it is unknown, ended, run out, or the account disabled."""
    with store.registers(write=False) as books:
        session = books.session(digest)
        if session is None or session["ended_at"] or session["expires_at"] <= (at or now()):
            return None
        account = books.account(session["username"])
    return None if not account or account["disabled_at"] else (session, account)


def my_sessions(
    store: Store, username: str, token: str | None = None, *, at: datetime | None = None
) -> list[dict[str, Any]]:
    """The log-ins of an account that count, the newest first: id, created_at, expires_at, by, device, and `here`: the one of
    this token."""
    with store.registers(write=False) as books:
        found = books.open_sessions(at or now(), username)
    mine = _sha256(token) if token else ""
    return [
        {n: s[n] for n in ("created_at", "expires_at", "by", "device")} | {"id": s["token_sha256"][:16], "here": s["token_sha256"] == mine}
        for s in found
    ]  # fmt: skip


def log_out_elsewhere(store: Store, username: str, token: str) -> int:
    """Ends all log-ins of an account but the one of this token; returns how many there were."""
    with store.registers() as books:
        ended = books.end_sessions(now(), username=username, but=_sha256(token))
        books.audit(username, "logout.elsewhere", username, {"sessions": ended})
    return ended


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
_LOCAL_OFF = Text(
    "本系统统一使用“{name}”登录，不再使用本地密码。如认证服务故障，请联系应急管理员。",
    "Log-ins go through {name} here, not by a local password. Should that be down, ask the emergency administrator.",
)
_DISABLED = Text("该账号已停用，请联系系统管理员。", "This account is disabled; ask the administrator.")
