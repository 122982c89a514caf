"""What became of the deliveries, as a list shows it: one's own, or everybody's for whoever keeps the house."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from pilotwatch.domain import Text
from pilotwatch.store.deliveries import State
from pilotwatch.store.delivery_tables import Delivery, Notice
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person, demand
from pilotwatch.store.subscriptions import ChannelKind
from pilotwatch.store.tables import Account
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_notice, _delivery, _account = Notice.__table__, Delivery.__table__, Account.__table__


@dataclass(frozen=True)
class Told:
    """One delivery as a list shows it. `title` is None for readers other than the account itself."""

    id: str
    username: str
    name: str
    kind: str
    title: Text | None
    channel: ChannelKind
    at: datetime
    state: State
    tries: int
    next_at: datetime
    sent_at: datetime | None
    rule: str | None
    reason: Text | None
    link: str | None = None  # of one's own


def listed(desk: Desk, *, everybody: bool = False, failed: bool = False, limit: int = 50) -> list[Told]:
    """The deliveries of the person, newest first; `everybody`: of all accounts, without what they say (needs the right to
    change settings). `failed`: only those that failed, for good or so far."""
    if everybody:
        demand(desk.person, "settings")
    statement = (
        select(_notice.c.username, _notice.c.kind, _notice.c.at, _notice.c.content, _account.c.name, _delivery)
        .join(_delivery, _delivery.c.notice_id == _notice.c.id)
        .outerjoin(_account, _account.c.username == _notice.c.username)
        .order_by(_notice.c.at.desc(), _notice.c.id.desc(), _delivery.c.channel)
        .limit(limit)
    )
    if not everybody:
        statement = statement.where(_notice.c.username == desk.person.username)
    if failed:
        statement = statement.where(_delivery.c.state.in_(["waiting", "failed"]), _delivery.c.rule.is_not(None))
    with desk._reading() as connection:
        return [_told(r, desk.person) for r in connection.execute(statement).mappings()]


def _told(row: Any, reader: Person) -> Told:
    own, content = row["username"] == reader.username, json.loads(row["content"])
    reason = Text(row["reason_zh"], row["reason_en"]) if row["reason_zh"] else None
    return Told(
        str(row["notice_id"]), row["username"], row["name"] or row["username"], row["kind"],
        Text(*content["title"]) if own else None, row["channel"], row["at"], row["state"], row["tries"],
        row["next_at"], row["sent_at"], row["rule"], reason,
        content["link"] if own else None,
    )  # fmt: skip


def retry(desk: Desk, notice_id: str, channel: ChannelKind) -> None:
    """Lets a delivery that failed wait again, from its first try on: the person's own, or anybody's with the right to
    change settings."""
    try:
        id_ = UUID(notice_id)
    except ValueError:
        raise StoreRefused("no_delivery", _NO_DELIVERY) from None
    which = [_notice.c.id == id_]
    if not desk.person.may("settings"):
        which.append(_notice.c.username == desk.person.username)
    this = _delivery.c.notice_id == id_, _delivery.c.channel == channel
    again = update(_delivery).where(*this, _delivery.c.state.in_(["waiting", "failed"]))
    with desk._writing() as connection:
        username = connection.scalar(select(_notice.c.username).where(*which))
        if username is None or not connection.execute(again.values(state="waiting", tries=0, next_at=now())).rowcount:
            raise StoreRefused("no_delivery", _NO_DELIVERY)
        append_audit(connection, desk.person.username, "push.retry", notice_id, {"channel": channel, "to": username})


_NO_DELIVERY = Text(
    "没有这条待重发的消息，或它不属于您：可能已送达或已过期清除。请刷新后查看。",
    "There is no such message to send again, or it is not yours: it may have arrived, or been removed. Reload to see.",
)
