"""The outbox: what accounts are to be told, queued in the transaction that caused it, and how each delivery went.

    queue(connection, [Notice("tianshan", "reminder", "case:1234:due", Text("…", "…"), (Text("…", "…"),), "/case?id=1234")])

`queue` takes the connection of the transaction that causes the notice (in a hook, or in a module of the store), or a desk,
whose own transaction it then is. A key is queued once per account, however often it comes. Who doesn't want the kind, or
has no channel, isn't told. What a notice names has to be in its reader's scope: whoever queues it answers for that; a
notice that still waits when the scope of its reader changes is dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import Connection, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pilotwatch.domain import Level, Text
from pilotwatch.identity import new_id
from pilotwatch.store import engine, files, subscriptions
from pilotwatch.store.delivery_tables import Delivery as DeliveryRow
from pilotwatch.store.delivery_tables import Notice as NoticeRow
from pilotwatch.store.scope import Person
from pilotwatch.store.subscriptions import KINDS, Channel, ChannelKind, Subscription
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

_notice, _delivery = NoticeRow.__table__, DeliveryRow.__table__

_AT_ONCE = 500  # notices in one statement
#: Kinds that the page of messages tells everybody they are for, whatever else they asked for.
IN_APP = frozenset({"brief"})

State = Literal["waiting", "sent", "failed", "dropped"]
Style = Literal["plain", "heading", "item", "note"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message: an item may bear the level it is about."""

    text: Text
    style: Style = "plain"
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A kept file that an e-mail brings along: what it is called there, what it is, its SHA-256."""

    name: str
    mime: str
    sha256: str


@dataclass(frozen=True)
class Notice:
    """What one account is to be told. `link` is a path of this app, with its query; `key` says which event it tells of.
    `links`: further paths, each with what it leads to. `files`: what an e-mail brings along.

    `kind` is one of those that can be subscribed to, or "test", which everybody gets who asks for it.
    """

    username: str
    kind: str
    key: str
    title: Text
    lines: Sequence[Text | Line] = ()
    link: str = "/"
    links: Sequence[tuple[Text, str]] = ()
    files: Sequence[Attached] = ()


def queue(to: Connection | Desk, notices: Iterable[Notice], *, at: datetime | None = None) -> list[str]:
    """Queues the notices for all channels of their accounts; gives the ids of those that are new."""
    if not isinstance(to, Connection):
        with to._writing() as connection:
            return queue(connection, notices, at=at)
    told, moment = list(notices), at or now()
    usernames = sorted({n.username for n in told})
    people = subscriptions.people_of(to, usernames)
    wanted, reached = subscriptions.subscriptions_of(to, usernames), subscriptions.channels_of(to, usernames)
    sent = [n for n in told if n.username in people and n.username in reached and _wants(wanted, n.username, n.kind)]
    shown = [n for n in told if n.username in people and n.kind in IN_APP and n not in sent]
    rows = [_row(notice, subscriptions.scope_of(people[notice.username]), moment) for notice in (*sent, *shown)]
    new = _add(to, rows)
    first = {u: wanted.get(u, Subscription()).free_at(moment) for u in usernames}
    coming = [
        {"notice_id": id_, "channel": channel, "state": "waiting", "tries": 0, "next_at": moment if kind == "test" else first[username], "sent_at": None}
        for id_, username, kind in new
        if _wants(wanted, username, kind)
        for channel in reached.get(username, {})
    ]  # fmt: skip
    coming += [
        {"notice_id": id_, "channel": "app", "state": "sent", "tries": 0, "next_at": moment, "sent_at": moment}
        for id_, _, kind in new
        if kind in IN_APP
    ]
    if coming:
        to.execute(_delivery.insert(), coming)
    return [str(id_) for id_, *_ in new]


def _wants(wanted: Mapping[str, Subscription], username: str, kind: str) -> bool:
    return kind not in KINDS or kind in wanted.get(username, Subscription()).kinds


def _row(notice: Notice, scope: str, at: datetime) -> dict[str, Any]:
    lines = [n if isinstance(n, Line) else Line(n) for n in notice.lines]
    content = {
        "title": _both(notice.title), "link": notice.link,
        "lines": [[*_both(n.text), n.style, n.level] for n in lines],
        "links": [[*_both(t), path] for t, path in notice.links],
        "files": [[f.name, f.mime, f.sha256] for f in notice.files],
    }  # fmt: skip
    return {
        "id": new_id(), "username": notice.username, "key": notice.key, "kind": notice.kind,
        "at": at, "scope": scope, "content": json.dumps(content, ensure_ascii=False),
    }  # fmt: skip


def _add(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[tuple[UUID, str, str]]:
    """Adds the notices whose keys aren't there yet, and gives id, account and kind of these."""
    dialect = postgresql if engine.is_postgres(connection) else sqlite
    added: list[tuple[UUID, str, str]] = []
    for start in range(0, len(rows), _AT_ONCE):
        some = dialect.insert(_notice).values(rows[start : start + _AT_ONCE]).on_conflict_do_nothing()
        added += connection.execute(some.returning(_notice.c.id, _notice.c.username, _notice.c.kind)).all()
    return added


def _both(text: Text) -> list[str]:
    return [text.zh, text.en]


def _notice_of(row: Any) -> Notice:
    content = json.loads(row["content"])
    lines = tuple(Line(Text(zh, en), style, level) for zh, en, style, level in content["lines"])
    links = tuple((Text(zh, en), path) for zh, en, path in content.get("links", ()))
    brought = tuple(Attached(*f) for f in content.get("files", ()))
    return Notice(
        row["username"], row["kind"], row["key"], Text(*content["title"]), lines, content["link"], links, brought
    )


def kept_file(folder: Path, sha256: str) -> bytes | None:
    """A kept file that is brought along; None where it is missing or isn't what was kept."""
    path = files.path_of(folder, sha256)
    data = path.read_bytes() if path.is_file() else None
    return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None


# --- delivering ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A delivery whose time has come. `channel` is None where its address is gone, `person` where the account isn't in
    use any more; `same_scope`: the account may still see what it could when the notice was queued."""

    id: str
    notice: Notice
    at: datetime
    kind: ChannelKind
    tries: int
    channel: Channel | None = field(repr=False)
    person: Person | None
    same_scope: bool
    subscription: Subscription


def waiting(store: Store, at: datetime) -> bool:
    """Whether any delivery's time has come."""
    with engine.reading(store._engine) as connection:
        return bool(connection.scalar(select(exists().where(*_is_due(at)))))


def due(store: Store, at: datetime, *, ids: Sequence[str] | None = None, limit: int = 1000) -> list[Due]:
    """Deliveries whose time has come, those of one account and channel together; of the notices `ids` only, where given."""
    statement = (
        select(_notice, _delivery.c.channel, _delivery.c.tries)
        .join(_delivery, _delivery.c.notice_id == _notice.c.id)
        .where(*_is_due(at))
        .order_by(_notice.c.username, _delivery.c.channel, _notice.c.at, _notice.c.id)
        .limit(limit)
    )
    with engine.reading(store._engine) as connection:
        if ids is not None:
            statement = statement.where(_notice.c.id.in_([UUID(i) for i in ids]))
        rows = connection.execute(statement).mappings().all()
        usernames = sorted({r["username"] for r in rows})
        people = subscriptions.people_of(connection, usernames)
        wanted = subscriptions.subscriptions_of(connection, usernames)
        reached = subscriptions.channels_of(connection, usernames)
    found = []
    for row in rows:
        person = people.get(row["username"])
        found.append(Due(
            str(row["id"]), _notice_of(row), row["at"], row["channel"], row["tries"],
            reached.get(row["username"], {}).get(row["channel"]), person,
            person is not None and subscriptions.scope_of(person) == row["scope"], wanted.get(row["username"], Subscription()),
        ))  # fmt: skip
    return found


def _is_due(at: datetime) -> tuple[Any, ...]:
    return _delivery.c.state == "waiting", _delivery.c.next_at <= at


def begin(store: Store, dues: Sequence[Due], at: datetime, again_at: datetime) -> list[Due]:
    """Takes deliveries on, before they are tried: gives those that nobody else took on in the meantime.

    Should the program die while it tries, they come up again at `again_at`, and the try is counted.
    """
    with engine.writing(store._engine) as connection:
        return [
            d
            for d in dues
            if connection.execute(
                update(_delivery)
                .where(*_this(d), _delivery.c.state == "waiting", _delivery.c.tries == d.tries)
                .values(tries=d.tries + 1, tried_at=at, next_at=again_at)
            ).rowcount
        ]


def succeed(store: Store, dues: Sequence[Due], at: datetime) -> None:
    _set(store, dues, state="sent", sent_at=at, rule=None, reason_zh=None, reason_en=None)


def fail(
    store: Store, dues: Sequence[Due], rule: str, reason: Text, *, state: State = "waiting", next_at: datetime | None = None
) -> None:  # fmt: skip
    """Notes why it failed: it still waits, for the time set or `next_at`, or is given up (failed, dropped)."""
    later = {} if next_at is None else {"next_at": next_at}
    _set(store, dues, state=state, rule=rule, reason_zh=reason.zh, reason_en=reason.en, **later)


def _set(store: Store, dues: Sequence[Due], **values: Any) -> None:
    with engine.writing(store._engine) as connection:
        connection.execute(update(_delivery).where(or_(*(and_(*_this(d)) for d in dues))).values(**values))


def _this(one: Due) -> tuple[Any, ...]:
    return _delivery.c.notice_id == UUID(one.id), _delivery.c.channel == one.kind


def last_told(
    store: Store, kinds: Sequence[str], username: str | None = None
) -> dict[tuple[str, str], tuple[datetime, str]]:
    """(account, kind) → moment and key of the newest notice; of one account or all."""
    newest = (
        select(_notice.c.username, _notice.c.kind, func.max(_notice.c.at).label("at"))
        .where(_notice.c.kind.in_(list(kinds)), *([] if username is None else [_notice.c.username == username]))
        .group_by(_notice.c.username, _notice.c.kind)
        .subquery()
    )
    same = and_(*(_notice.c[n] == newest.c[n] for n in ("username", "kind", "at")))
    with engine.reading(store._engine) as connection:
        rows = connection.execute(
            select(_notice.c.username, _notice.c.kind, _notice.c.at, _notice.c.key).join(newest, same)
        )
        return {(username, kind): (at, key) for username, kind, at, key in rows}


def forget(store: Store, before: datetime) -> int:
    """Removes notices queued before then that wait for nothing any more; returns how many."""
    with engine.writing(store._engine) as connection:
        still = exists().where(_delivery.c.notice_id == _notice.c.id, _delivery.c.state == "waiting")
        old = [
            i for (i,) in connection.execute(select(_notice.c.id).where(_notice.c.at < before, ~still).limit(10_000))
        ]
        if old:
            connection.execute(delete(_delivery).where(_delivery.c.notice_id.in_(old)))
            connection.execute(delete(_notice).where(_notice.c.id.in_(old)))
        return len(old)
