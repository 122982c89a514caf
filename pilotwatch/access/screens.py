"""A screen on a wall: a log-in of its own for one machine, that can look at the slides of one unit and at nothing else.

Its token is no log-in of a person: it is kept under another digest, so that no page, no file and no command takes it; only
what asks `screen_of` does. What it may see is bound to the unit it was made for and to what its owner may see on the day: it
ends with the account, with a new password, and when its owner stops it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pilotwatch.access import login
from pilotwatch.access.accounts import person_of
from pilotwatch.access.refused import AccessRefused
from pilotwatch.domain import Text
from pilotwatch.store import Person, Store
from pilotwatch.workdays import now

LASTS = timedelta(days=30)
MOST = 10  # of one account at a time
BY = "wall"  # how such a log-in came about, as `login_session.by`
_ALL = "all"


@dataclass(frozen=True)
class WallScreen:
    """`person`: its owner, with the scope cut down to `unit` (None: all that the owner sees); `until`: when it ends."""

    person: Person
    unit: str | None
    until: datetime


def open_screen(store: Store, person: Person, unit: str | None, label: str = "", *, at: datetime | None = None) -> str:
    """Gives the token of a new screen; `label`: what its owner will know it by.

    Raises AccessRefused "not_allowed" for who reads no figures, "unit" for one that isn't the person's, "many" where there
    are MOST already.
    """
    at = at or now()
    if not person.may("read") or person.must_change:
        raise AccessRefused("not_allowed", _NOT_ALLOWED)
    if unit is not None and person.units is not None and unit not in person.units:
        raise AccessRefused("unit", _UNIT)
    token = f"{unit or _ALL}.{secrets.token_urlsafe(32)}"
    with store.registers() as books:
        if len([s for s in books.open_sessions(at, person.username) if s["by"] == BY]) >= MOST:
            raise AccessRefused("many", _MANY)
        books.add_session(
            token_sha256=_digest(token), username=person.username, created_at=at, expires_at=at + LASTS, by=BY,
            device=label[:60],
        )  # fmt: skip
        books.audit(person.username, "login.wall", unit, {"until": (at + LASTS).isoformat(), "label": label[:60]})
    return token


def screen_of(store: Store, token: str | None, *, at: datetime | None = None) -> WallScreen | None:
    """What the screen with this token may show; None where it was stopped, ran out, or its owner may no longer see it."""
    if not token or "." not in token:
        return None
    found = login.standing(store, _digest(token), at)
    if found is None or found[0]["by"] != BY:
        return None
    session, account = found
    person, (unit, _, _) = person_of(account), token.partition(".")
    if not person.may("read") or (unit != _ALL and person.units is not None and unit not in person.units):
        return None
    if unit == _ALL:
        return WallScreen(person, None, session["expires_at"])
    return WallScreen(replace(person, units=frozenset({unit})), unit, session["expires_at"])


def screens(store: Store, username: str, *, at: datetime | None = None) -> list[dict[str, Any]]:
    """The screens of an account that run, the newest first: id, label, created_at, expires_at."""
    with store.registers(write=False) as books:
        found = [s for s in books.open_sessions(at or now(), username) if s["by"] == BY]
    return [
        {"id": s["token_sha256"][:16], "label": s["device"], "created_at": s["created_at"], "expires_at": s["expires_at"]}
        for s in found
    ]  # fmt: skip


def stop_screen(store: Store, username: str, id_: str) -> bool:
    """Ends a screen of this account, by its `id`; whether there was one."""
    with store.registers() as books:
        mine = [s for s in books.open_sessions(now(), username) if s["by"] == BY and s["token_sha256"].startswith(id_)]
        if len(mine) != 1 or not id_:
            return False
        books.end_sessions(now(), token_sha256=mine[0]["token_sha256"])
        books.audit(username, "logout.wall", None, {"label": mine[0]["device"]})
    return True


def _digest(token: str) -> str:
    """Not the digest of a person's log-in: what one of the two is good for, the other never is."""
    return hashlib.sha256(f"wall:{token}".encode("utf-8", "replace")).hexdigest()


_NOT_ALLOWED = Text(
    "该账号不查看监测数据，不能播放大屏。", "This account looks at no figures, so it can't run a wall screen."
)
_UNIT = Text("该单位不在您的数据范围内，请选择所辖单位。", "That unit isn't one of yours: choose one that you may see.")
_MANY = Text(
    f"您已有 {MOST} 块大屏在播放，请先停止不用的再新增。",
    f"You have {MOST} screens running: stop one that is no longer used first.",
)
