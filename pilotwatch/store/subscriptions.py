"""What each account wants to be told and where: its own to set, and nobody else's to read.

A channel's address is sealed by whoever stores it (`pilotwatch.push.sealing`): what comes in here is text that only the
program can open, and a form of it that may be shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import LEVELS, Language, Level
from pilotwatch.store import engine
from pilotwatch.store.delivery_tables import Channel as ChannelRow
from pilotwatch.store.delivery_tables import Subscription as SubscriptionRow
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Account
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

Kind = Literal["daily", "weekly", "red", "reminder", "brief"]
KINDS: tuple[Kind, ...] = ("daily", "weekly", "red", "reminder", "brief")

ChannelKind = Literal["mail", "wecom", "dingtalk", "feishu", "app"]
#: Those that an account can set an address for; "app" is the page of messages itself.
CHANNELS: tuple[ChannelKind, ...] = ("mail", "wecom", "dingtalk", "feishu")

#: What bounds a person beside the role: sets of codes, None where there is no bound.
BOUNDS = tuple(f.name for f in fields(Person) if "frozenset" in str(f.type))

_row, _channel, _account = SubscriptionRow.__table__, ChannelRow.__table__, Account.__table__


@dataclass(frozen=True)
class Subscription:
    """What one account wants to be told; the default is nothing.

    `at_minute`, `quiet_from`, `quiet_until`: minutes of the day in Beijing; the quiet time begins at the one and ends
    before the other, over midnight where it is the later one; None: there is none. `weekday`: of the weekly digest, 0 is
    Monday. `levels`: those that a digest names one by one; it counts them all.
    """

    kinds: frozenset[Kind] = frozenset()
    levels: tuple[Level, ...] = ("red", "orange")
    at_minute: int = 8 * 60 + 30
    weekday: int = 0
    quiet_from: int | None = None
    quiet_until: int | None = None
    language: Language = "zh"
    changed_at: datetime | None = field(default=None, compare=False)

    def quiet_at(self, minute: int) -> bool:
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until

    def free_at(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet time it falls into."""
        local = moment.astimezone(BEIJING)
        if not self.quiet_at(local.hour * 60 + local.minute):
            return moment
        hour, minute = divmod(self.quiet_until or 0, 60)
        end = datetime.combine(local.date(), time(hour, minute), BEIJING)
        return (end if end > local else end + timedelta(1)).astimezone(moment.tzinfo)


@dataclass(frozen=True)
class Channel:
    """One way to reach an account; `sealed` is left out of what is printed."""

    kind: ChannelKind
    shown: str
    sealed: str = field(repr=False)
    changed_at: datetime


# --- one's own -----------------------------------------------------------------------------------------------------


def mine(desk: Desk) -> Subscription:
    """What the person wants to be told."""
    with desk._reading() as connection:
        return _of(connection, [desk.person.username]).get(desk.person.username, Subscription())


def save(desk: Desk, wanted: Subscription) -> None:
    """Replaces what the person wants to be told."""
    values = {
        "kinds": json.dumps(sorted(wanted.kinds)), "levels": json.dumps([n for n in LEVELS if n in wanted.levels]),
        "at_minute": wanted.at_minute, "weekday": wanted.weekday, "quiet_from": wanted.quiet_from,
        "quiet_until": wanted.quiet_until, "language": wanted.language, "changed_at": now(),
    }  # fmt: skip
    with desk._writing() as connection:
        _put(connection, _row, {"username": desk.person.username}, values)
        told = {n: values[n] for n in ("kinds", "levels", "at_minute", "weekday", "quiet_from", "quiet_until")}
        append_audit(connection, desk.person.username, "push.subscribe", None, told)


def channels(desk: Desk) -> dict[ChannelKind, Channel]:
    """The person's channels, by kind."""
    with desk._reading() as connection:
        return channels_of(connection, [desk.person.username]).get(desk.person.username, {})


def set_channel(desk: Desk, kind: ChannelKind, shown: str, sealed: str) -> None:
    """Sets or replaces the person's channel of a kind. The audit says that it was done, not where it leads."""
    values = {"shown": shown, "sealed": sealed, "changed_at": now()}
    with desk._writing() as connection:
        _put(connection, _channel, {"username": desk.person.username, "kind": kind}, values)
        append_audit(connection, desk.person.username, "push.channel", kind)


def remove_channel(desk: Desk, kind: ChannelKind) -> None:
    with desk._writing() as connection:
        connection.execute(delete(_channel).where(_channel.c.username == desk.person.username, _channel.c.kind == kind))
        append_audit(connection, desk.person.username, "push.channel.remove", kind)


# --- everybody's, for whoever delivers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Subscriber:
    """An account in use, what it wants to be told, and by which channels it can be."""

    person: Person
    subscription: Subscription
    channels: frozenset[ChannelKind]


def subscribers(store: Store) -> list[Subscriber]:
    """All accounts in use that want to be told something."""
    with engine.reading(store._engine) as connection:
        return wanting(connection)


def wanting(connection: Connection, kind: Kind | None = None) -> list[Subscriber]:
    """The accounts in use that want a kind (or any), in the order of their names. Whoever has no channel isn't told."""
    wanted = {u: s for u, s in _of(connection).items() if (kind in s.kinds if kind else s.kinds)}
    if not wanted:
        return []
    reached = channels_of(connection, list(wanted))
    people = people_of(connection, list(reached))
    return [Subscriber(people[u], wanted[u], frozenset(reached[u])) for u in sorted(people)]


def subscriptions_of(connection: Connection, usernames: Sequence[str]) -> dict[str, Subscription]:
    return _of(connection, usernames)


def channels_of(connection: Connection, usernames: Sequence[str]) -> dict[str, dict[ChannelKind, Channel]]:
    """The channels of these accounts, by account and kind."""
    names = ("username", "kind", "shown", "sealed", "changed_at")
    rows = connection.execute(
        select(*(_channel.c[n] for n in names))
        .where(engine.among(connection, _channel.c.username, usernames))
        .order_by(_channel.c.username, _channel.c.kind)
    )
    found: dict[str, dict[ChannelKind, Channel]] = {}
    for username, *values in rows:
        found.setdefault(username, {})[values[0]] = Channel(*values)
    return found


def people_of(connection: Connection, usernames: Sequence[str]) -> dict[str, Person]:
    """The persons of those of the accounts that are in use."""
    names = [f.name for f in fields(Person) if f.name in _account.c]
    rows = connection.execute(
        select(*(_account.c[n] for n in names)).where(
            engine.among(connection, _account.c.username, usernames), _account.c.disabled_at.is_(None)
        )
    )
    return {r["username"]: Person(**{n: _set(v) if n in BOUNDS else v for n, v in r.items()}) for r in rows.mappings()}


def scope_of(person: Person) -> str:
    """The person's role and bounds as text: another text, another scope."""
    bounds = [getattr(person, n) for n in BOUNDS]
    return json.dumps([person.role, *(None if b is None else sorted(b) for b in bounds)])


# --- within --------------------------------------------------------------------------------------------------------


def _of(connection: Connection, usernames: Sequence[str] | None = None) -> dict[str, Subscription]:
    names = (
        "username",
        "kinds",
        "levels",
        "at_minute",
        "weekday",
        "quiet_from",
        "quiet_until",
        "language",
        "changed_at",
    )
    statement = select(*(_row.c[n] for n in names))
    if usernames is not None:
        statement = statement.where(engine.among(connection, _row.c.username, usernames))
    return {
        username: Subscription(frozenset(json.loads(kinds)), tuple(json.loads(levels)), *rest)
        for username, kinds, levels, *rest in connection.execute(statement)
    }


def _put(connection: Connection, table: Any, key: dict[str, str], values: dict[str, Any]) -> None:
    dialect = postgresql if engine.is_postgres(connection) else sqlite
    row = dialect.insert(table).values(**key, **values)
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def _set(text: Any) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))
