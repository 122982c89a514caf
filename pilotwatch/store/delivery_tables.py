"""Who wants to be told what and where, what is to be told, and how each telling went."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(dict.fromkeys(("subscription", "channel", "notice", "delivery", "lease"), "local"))


def _text(**options) -> Column:
    return Column(Text, **options)


class Subscription(Base, table=True):
    """What an account wants to be told. Times are minutes of the day in Beijing; no row: nothing at all."""

    __tablename__ = "subscription"

    username: str = Field(primary_key=True)
    kinds: str = Field(sa_column=_text(nullable=False))  # JSON list: daily, weekly, red, reminder, brief
    levels: str = Field(sa_column=_text(nullable=False))  # JSON list of the levels that a digest names
    at_minute: int
    weekday: int  # of the weekly digest, 0 is Monday
    quiet_from: int | None = None
    quiet_until: int | None = None
    language: str = "zh"
    changed_at: datetime


class Channel(Base, table=True):
    """One way to reach an account. The address itself is sealed; `shown` is what a page may say of it."""

    __tablename__ = "channel"

    username: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # mail, wecom, dingtalk, feishu
    shown: str
    sealed: str = Field(sa_column=_text(nullable=False))
    changed_at: datetime


class Notice(Base, table=True):
    """Something that one account is to be told, once: `key` says what it is, so that it is queued once only."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("username", "key"), Index("ix_notice_at", "at"))

    id: UUID = Field(primary_key=True)
    username: str
    key: str
    kind: str
    at: datetime
    scope: str = Field(sa_column=_text(nullable=False))  # of the account when it was queued
    content: str = Field(sa_column=_text(nullable=False))  # JSON: title, lines, link, links, files, in both languages


class Delivery(Base, table=True):
    """A notice on one channel: waiting for its next try, sent, or given up."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_due", "state", "next_at"),)

    notice_id: UUID = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    state: str  # waiting, sent, failed, dropped
    tries: int = 0
    next_at: datetime
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    rule: str | None = None  # why the last try failed
    reason_zh: str | None = Field(default=None, sa_column=_text())
    reason_en: str | None = Field(default=None, sa_column=_text())


class Lease(Base, table=True):
    """Who does a piece of work alone, and until when nobody else takes it over."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime


__all__ = ["Channel", "Delivery", "Lease", "Notice", "Subscription", "metadata"]
