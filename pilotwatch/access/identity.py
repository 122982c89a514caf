"""Logging in by the identity provider: there, back, and whose account it is.

The provider says who somebody is; what they may do is their account's, made here by an administrator. An account is found by
(issuer, subject). Before the first log-in an administrator may write down the subject, or a claim that the person will come
with (`PILOTWATCH_OIDC_CLAIM`); the first log-in then binds the subject for good. Nobody gets an account by logging in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from pilotwatch.access.login import open_session
from pilotwatch.access.provider import Identity, Provider, ProviderRefused
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.store import Store
from pilotwatch.store.registers import Registers
from pilotwatch.workdays import now

LASTS = timedelta(minutes=10)  # for a log-in to come back from the provider
NOBODY = "oidc"  # in whose name the audit has a log-in that found no account


@dataclass(frozen=True)
class Begun:
    """A log-in that goes to the provider: where the browser goes, and what it has to bring back in a cookie of its own."""

    address: str
    browser: str


@dataclass(frozen=True)
class Entered:
    """A log-in that came back: the token of ours, where to go on to, the provider's token for logging out there."""

    token: str
    there: str
    proof: str


def begin(store: Store, provider: Provider, there: str, *, at: datetime | None = None) -> Begun:
    """Sends a browser to the provider. State, nonce and PKCE verifier stay here; the browser's part is only in its cookie."""
    at = at or now()
    state, browser, nonce, verifier = (secrets.token_urlsafe(n) for n in (32, 32, 32, 48))
    address = provider.address(state, nonce, verifier)
    with store.registers() as books:
        books.forget_attempts(at)
        books.begin_attempt(state_sha256=_sha256(state), browser_sha256=_sha256(browser), nonce=nonce, verifier=verifier,
                            there=there[:2000], expires_at=at + LASTS)  # fmt: skip
    return Begun(address, browser)


def come_back(
    store: Store, provider: Provider, *, state: str, code: str, error: str, browser: str, device: str = "", at: datetime | None = None,
) -> Entered:  # fmt: skip
    """Logs in who comes back from the provider. Raises AccessRefused in the user's words; why is a line of the audit."""
    at = at or now()
    with store.registers() as books:
        attempt = books.take_attempt(_sha256(state)) if state else None
    try:
        if attempt is None or attempt["expires_at"] <= at or not _same(attempt["browser_sha256"], _sha256(browser)):
            raise ProviderRefused("state", _STALE, "unknown, used, run out, or another browser's")
        if error or not code:
            said = "".join(c for c in error[:60] if c.isascii() and c.isprintable()) or "no code"
            raise ProviderRefused("denied", _DENIED, said)
        identity = provider.identity(code, attempt["nonce"], attempt["verifier"])
    except ProviderRefused as no:
        _note(store, NOBODY, "login.oidc.refused", {"rule": no.rule, "why": no.why, "issuer": provider.issuer})
        raise
    with store.registers() as books:
        found = _account_of(books, identity, at)
        if isinstance(found, dict):
            token = open_session(books, found["username"], at, by="oidc", device=device)
    if not isinstance(found, dict):
        _refuse(store, identity, found)
    return Entered(token, attempt["there"], identity.token)


def link(
    store: Store, username: str, issuer: str, *, subject: str | None = None, claim: str | None = None, by: str
) -> None:
    """Says who an account is at the provider: by the subject there, or by the claim its first log-in will come with."""
    subject, claim = (subject or "").strip() or None, (claim or "").strip().lower() or None
    if (subject is None) == (claim is None) or any(len(v) > 255 or not v.isprintable() for v in (subject, claim) if v):
        raise AccessRefused("link", _ONE_OF)
    at = now()
    with store.registers() as books:
        if books.account(username, lock=True) is None:
            raise AccessRefused("username", _NO_ACCOUNT.format(username=username))
        there = books.link(issuer, subject=subject) if subject else books.link(issuer, claim=claim)
        if there and there["username"] != username:
            raise AccessRefused("taken", _TAKEN.format(username=there["username"]))
        bound = at if subject else None
        books.put_link(username, issuer=issuer, subject=subject, claim=claim, at=at, by=by, bound_at=bound)
        books.end_sessions(at, username=username, method="oidc")
        books.audit(by, "account.link", username, {"issuer": issuer, "subject": subject, "claim": claim})


def unlink(store: Store, username: str, *, by: str) -> bool:
    """The account isn't anybody's at the provider any more; log-ins that came from there end. False: it wasn't."""
    with store.registers() as books:
        gone = books.drop_link(username)
        if gone:
            books.end_sessions(now(), username=username, method="oidc")
            books.audit(by, "account.unlink", username)
    return gone


def _account_of(books: Registers, identity: Identity, at: datetime) -> dict[str, Any] | str:
    """The account of an identity; else why there is none: unknown, disabled, other."""
    row = books.link(identity.issuer, subject=identity.subject)
    if row is None and identity.claim:
        row = books.link(identity.issuer, claim=identity.claim)
        if row is not None and row["subject"] not in (None, identity.subject):
            return "other"
    if row is None:
        return "unknown"
    account = books.account(row["username"], lock=True)
    if account is None or account["disabled_at"]:
        return f"disabled:{row['username']}"
    if row["subject"] is None:
        bound = {"issuer": row["issuer"], "subject": identity.subject, "claim": None, "by": row["by"]}
        books.put_link(row["username"], **bound, at=row["at"], bound_at=at)
        books.audit(
            row["username"], "account.bind", row["username"], {"issuer": row["issuer"], "subject": identity.subject}
        )
    return account


def _refuse(store: Store, identity: Identity, why: str) -> NoReturn:
    kind, _, username = why.partition(":")
    told = {"issuer": identity.issuer, "subject": identity.subject}
    if kind == "disabled":
        _note(store, username, "login.disabled", told)
        raise AccessRefused("disabled", _DISABLED)
    _note(store, NOBODY, "login.oidc.unknown", told)
    raise AccessRefused("unknown", _UNKNOWN.format(subject=identity.subject))


def _note(store: Store, who: str, act: str, details: dict[str, Any]) -> None:
    with store.registers() as books:
        books.audit(who, act, None, details)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one, other)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


_STALE = Text(
    "本次登录已过期、已被使用，或不是从本浏览器发起。请重新点击登录。",
    "This log-in has run out, was used already, or was not begun in this browser. Please begin again.",
)
_DENIED = Text(
    "统一身份认证没有完成登录（您取消了登录，或对方未予同意）。请重新登录；如不应被拒绝，请联系系统管理员。",
    "Single sign-on did not log you in: it was cancelled or refused there. Begin again, or ask the administrator.",
)
_UNKNOWN = Text(
    "您已通过统一身份认证，但本系统还没有与您对应的账号。请联系系统管理员开通或关联账号，并告知您的身份编号：{subject}",
    "Single sign-on knows you, but there is no account of yours here. Ask the administrator to make or link one and tell your number: {subject}",
)
_DISABLED = Text("该账号已停用，请联系系统管理员。", "This account is disabled; ask the administrator.")
_NO_ACCOUNT = Text("没有名为“{username}”的账号。", "There is no account “{username}”.")
_ONE_OF = Text(
    "请填写统一身份编号，或首次登录用的邮箱（工号），二者选一，不超过 255 个字。",
    "Give either the number at the provider or the e-mail (staff number) of the first log-in, of 255 characters at most.",
)
_TAKEN = Text(
    "该统一身份已关联账号“{username}”，请先解除再关联。",
    "That identity is linked to the account “{username}”; take that link away first.",
)
