"""Local accounts: making, changing and disabling them. Every change is in the audit, in the same transaction."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from typing import Any

from pilotwatch.access import passwords
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.store import ROLES, Person, Store
from pilotwatch.store.registers import Registers
from pilotwatch.workdays import now

_BOUNDS = ("units", "domains", "departments")
USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


def create_account(
    store: Store, *, username: str, name: str, role: str, password: str | None, units: Iterable[str] | None = None,
    domains: Iterable[str] | None = None, departments: Iterable[str] | None = None, by: str, must_change: bool = True,
) -> Person:  # fmt: skip
    """Makes an account. `units`, `domains`, `departments`: None is no bound. Someone else's choice of password has to be changed
    first; without a password the account is for single sign-on alone."""
    if password is not None:
        passwords.demand_strong(password, username)
    return add_account(
        store, passwords.hashed(password or secrets.token_urlsafe(32)), username=username, name=name, role=role, units=units, domains=domains,
        departments=departments, by=by, must_change=must_change,
    )  # fmt: skip


def add_account(
    store: Store, kept: str, *, username: str, name: str, role: str, units: Iterable[str] | None,
    domains: Iterable[str] | None, departments: Iterable[str] | None = None, by: str, must_change: bool = False,
    demo: bool = False,
) -> Person:  # fmt: skip
    """Makes an account whose password is hashed already."""
    if not USERNAME.fullmatch(username) or username == "system":
        raise AccessRefused("username", _USERNAME_RULE.format(username=username))
    demand_fitting(role, units, domains)
    values = dict(
        username=username, name=name, role=role, units=bounds(units), domains=bounds(domains),
        departments=bounds(departments), password=kept, must_change=must_change, demo=demo, failures=0, created_at=now(), changed_at=now(),
    )  # fmt: skip
    with store.registers() as books:
        if books.account(username):
            raise AccessRefused("username", _TAKEN.format(username=username))
        books.add_account(**values)
        books.audit(
            by,
            "account.create",
            username,
            {n: values[n] for n in ("name", "role", "units", "domains", "departments", "demo")},
        )
    return person_of(values)


def demand_fitting(role: str, units: Iterable[str] | None, domains: Iterable[str] | None) -> None:
    """Raises AccessRefused for a role that isn't there, or one without the bounds that make it what it is."""
    if role not in ROLES:
        raise AccessRefused("role", _NO_ROLE.format(role=role, roles=", ".join(ROLES)))
    if role == "pilot_team" and not domains:
        raise AccessRefused("domains", _TEAM_WITHOUT_DOMAIN)
    if role == "district_leader" and not units:
        raise AccessRefused("units", _LEADER_WITHOUT_UNIT)


def demand_another(books: Registers, username: str) -> None:
    """Raises AccessRefused where this is the last administrator who can log in: nobody could ever make another."""
    others = (a for a in books.accounts() if a["username"] != username)
    if not any(a["role"] == "administrator" and not a["disabled_at"] for a in others):
        raise AccessRefused("last_administrator", _LAST)


def accounts(store: Store) -> list[dict[str, Any]]:
    """All accounts, without what is secret: username, name, role, units, domains, departments, disabled, demo,
    locked_until."""
    with store.registers(write=False) as books:
        return [shown(a) for a in books.accounts()]


def person(store: Store, username: str) -> Person | None:
    """The person of an account; None where there is none or it is disabled."""
    with store.registers(write=False) as books:
        account = books.account(username)
    return person_of(account) if account and not account["disabled_at"] else None


def change_password(store: Store, username: str, old: str, new: str) -> None:
    """A person's own change: ends all their log-ins, so that whoever knew the old one is out."""
    with store.registers(write=False) as books:
        account = books.account(username)
    if account is None or account["disabled_at"] or not passwords.fits(old, account["password"]):
        raise AccessRefused("password", _WRONG_OLD)
    if old == new:
        raise AccessRefused("password", _SAME)
    passwords.demand_strong(new, username)
    _set_password(store, username, new, by=username, must_change=False)


def reset_password(store: Store, username: str, new: str, *, by: str) -> None:
    """An administrator's change: the person has to change it again at the next log-in."""
    passwords.demand_strong(new, username)
    with store.registers(write=False) as books:
        _existing(books, username)
    _set_password(store, username, new, by=by, must_change=True)


def set_disabled(store: Store, username: str, disabled: bool, *, by: str) -> None:
    """Takes an account out of use, ending its log-ins, or brings it back; its history stays."""
    with store.registers() as books:
        _existing(books, username)
        if disabled and books.account(username)["role"] == "administrator":
            demand_another(books, username)
        books.change_account(username, disabled_at=now() if disabled else None, failures=0, locked_until=None)
        if disabled:
            books.end_sessions(now(), username=username)
        books.audit(by, "account.disable" if disabled else "account.enable", username)


def person_of(account: dict[str, Any]) -> Person:
    """The person a row of the accounts stands for."""
    return Person(
        account["username"], account["name"], account["role"], _set(account["units"]), _set(account["domains"]),
        account["demo"], account["must_change"], _set(account["departments"]),
    )  # fmt: skip


def _set_password(store: Store, username: str, new: str, *, by: str, must_change: bool) -> None:
    kept = passwords.hashed(new)
    with store.registers() as books:
        books.change_account(
            username, password=kept, must_change=must_change, changed_at=now(), failures=0, locked_until=None
        )
        books.end_sessions(now(), username=username)
        books.audit(by, "account.password", username)


def _existing(books: Registers, username: str) -> None:
    if books.account(username) is None:
        raise AccessRefused("username", _NO_ACCOUNT.format(username=username))


def shown(account: dict[str, Any]) -> dict[str, Any]:
    bound_by = {n: sorted(_set(account[n])) if account[n] is not None else None for n in _BOUNDS}
    disabled = account["disabled_at"] is not None
    return (
        {n: account[n] for n in ("username", "name", "role", "demo", "locked_until")}
        | bound_by
        | {"disabled": disabled}
    )


def bounds(names: Iterable[str] | None) -> str | None:
    return None if names is None else json.dumps(sorted(set(names)))


def _set(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


_USERNAME_RULE = Text(
    "用户名“{username}”不符合要求：应为 2—32 位小写字母、数字或 . _ -，以字母开头。",
    "The user name “{username}” won't do: 2 to 32 small letters, digits or . _ -, beginning with a letter.",
)
_TAKEN = Text("用户名“{username}”已被使用，请换一个。", "The user name “{username}” is taken; choose another.")
_NO_ACCOUNT = Text("没有名为“{username}”的账号。", "There is no account “{username}”.")
_NO_ROLE = Text("没有“{role}”这一角色，可选：{roles}。", "There is no role “{role}”; there are: {roles}.")
_TEAM_WITHOUT_DOMAIN = Text("专班账号须指定试点领域。", "A pilot team's account needs its domain.")
_LEADER_WITHOUT_UNIT = Text("区（县）领导账号须指定填报单位。", "A district leader's account needs its unit.")
_LAST = Text(
    "这是最后一个可用的系统管理员账号，不能停用或改为其他角色。请先新建另一名系统管理员。",
    "This is the last administrator who can log in: it can't be disabled or made something else. Make another one first.",
)
_WRONG_OLD = Text("原密码不正确。", "The old password is not right.")
_SAME = Text("新密码不能与原密码相同。", "The new password has to be another one.")
