"""What an administrator does with accounts: seeing all of them, making, bounding, letting in and shutting out.

Every act asks for the right, keeps the house from being without an administrator, and writes its line into the audit in the
same transaction. Passwords that are made here are told once and have to be changed at the first log-in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from pilotwatch.access import identity, login
from pilotwatch.access.accounts import bounds as kept
from pilotwatch.access.accounts import create_account, demand_another, demand_fitting, reset_password, shown
from pilotwatch.access.accounts import set_disabled as disable
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.store import ROLES, Person, Store
from pilotwatch.store.registers import Registers
from pilotwatch.store.scope import demand
from pilotwatch.workdays import now

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def listed(store: Store, by: Person) -> list[dict[str, Any]]:
    """All accounts by name: as `access.accounts`, with `seen_at`, `locked`, `sessions` (open ones), `must_change`,
    `created_at`, `link` ({issuer, subject, claim, bound_at} or None)."""
    demand(by, "accounts")
    at = now()
    with store.registers(write=False) as books:
        rows, links, open_ = books.accounts(), books.links(), books.count_sessions(at)
    told = ("issuer", "subject", "claim", "bound_at")
    return [
        shown(r)
        | {n: r[n] for n in ("seen_at", "must_change", "created_at")}
        | {
            "locked": bool(r["locked_until"] and r["locked_until"] > at), "sessions": open_.get(r["username"], 0),
            "link": {n: links[r["username"]][n] for n in told} if r["username"] in links else None,
        }
        for r in rows
    ]  # fmt: skip


def create(
    store: Store, by: Person, *, username: str, name: str, role: str, units: Iterable[str] | None = None,
    domains: Iterable[str] | None = None, departments: Iterable[str] | None = None, local: bool = True,
) -> str | None:  # fmt: skip
    """Makes an account and returns its first password; `local=False`: it has none and is for single sign-on alone."""
    demand(by, "accounts")
    if not name.strip():
        raise AccessRefused("name", _NO_NAME)
    first = made_up() if local else None
    create_account(
        store, username=username, name=name.strip(), role=role, password=first, units=units, domains=domains, departments=departments,
        by=by.username, must_change=local,
    )  # fmt: skip
    return first


def change(
    store: Store, by: Person, username: str, *, name: str, role: str, units: Iterable[str] | None, domains: Iterable[str] | None,
    departments: Iterable[str] | None,
) -> None:  # fmt: skip
    """What an account may do, and what it is called. Its log-ins end where the role changes, so that no page goes on as before."""
    demand(by, "accounts")
    if not name.strip():
        raise AccessRefused("name", _NO_NAME)
    demand_fitting(role, units, domains)
    bounds = {"units": units, "domains": domains, "departments": departments}
    values = {"name": name.strip(), "role": role} | {n: kept(v) for n, v in bounds.items()}
    with store.registers() as books:
        before = _there(books, username)
        changed = {n: v for n, v in values.items() if before[n] != v}
        if not changed:
            return
        if "role" in changed and username == by.username:
            raise AccessRefused("yourself", _NOT_YOURSELF)
        if before["role"] == "administrator" and "role" in changed:
            demand_another(books, username)
        books.change_account(username, changed_at=now(), **changed)
        if "role" in changed:
            books.end_sessions(now(), username=username)
        told = {n: [before[n], v] for n, v in changed.items()}
        books.audit(by.username, "account.change", username, told)


def reset(store: Store, by: Person, username: str) -> str:
    """A new password, told this once; all log-ins of the account end."""
    demand(by, "accounts")
    if username == by.username:
        raise AccessRefused("yourself", _OWN_PASSWORD)
    first = made_up()
    reset_password(store, username, first, by=by.username)
    return first


def set_disabled(store: Store, by: Person, username: str, disabled: bool) -> None:
    demand(by, "accounts")
    if disabled and username == by.username:
        raise AccessRefused("yourself", _NOT_YOURSELF)
    disable(store, username, disabled, by=by.username)


def unlock(store: Store, by: Person, username: str) -> None:
    """Lets somebody try again who typed too many wrong passwords."""
    demand(by, "accounts")
    with store.registers() as books:
        _there(books, username)
        books.change_account(username, failures=0, locked_until=None)
        books.audit(by.username, "account.unlock", username)


def log_out(store: Store, by: Person, username: str) -> int:
    """Ends all log-ins of an account; returns how many there were."""
    demand(by, "accounts")
    with store.registers(write=False) as books:
        _there(books, username)
    return login.log_out_everywhere(store, username, by=by.username)


def link(store: Store, by: Person, username: str, issuer: str, *, subject: str = "", claim: str = "") -> None:
    """Who the account is at the identity provider, see `identity.link`."""
    demand(by, "accounts")
    identity.link(store, username, issuer, subject=subject, claim=claim, by=by.username)


def unlink(store: Store, by: Person, username: str) -> None:
    demand(by, "accounts")
    identity.unlink(store, username, by=by.username)


def made_up() -> str:
    """A password to be told and changed: four groups of four letters and digits, 79 bits."""
    while True:
        groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
        if any(c.isdigit() for c in "".join(groups)) and any(c.isalpha() for c in "".join(groups)):
            return "-".join(groups)


def _there(books: Registers, username: str) -> dict[str, Any]:
    found = books.account(username, lock=True)
    if found is None:
        raise AccessRefused("username", _NO_ACCOUNT.format(username=username))
    return found


_NO_NAME = Text("请填写姓名。", "Give the name.")
_NO_ACCOUNT = Text("没有名为“{username}”的账号。", "There is no account “{username}”.")
_NOT_YOURSELF = Text(
    "不能停用自己或更改自己的角色，请由另一名系统管理员办理。",
    "You can't disable yourself or change your own role; another administrator has to.",
)
_OWN_PASSWORD = Text(
    "自己的密码请在“我的登录”中修改。",
    "Change your own password under “My log-ins”.",
)

__all__ = [
    "ROLES", "change", "create", "link", "listed", "log_out", "made_up", "reset", "set_disabled", "unlink", "unlock",
]  # fmt: skip
