"""Log-ins by an identity provider: which of its people an account is, and log-ins that are under way there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base

PLACEMENT.update({"account_link": "reference", "login_attempt": "local"})


class AccountLink(Base, table=True):
    """Who an account is at the identity provider: its subject there, or before the first log-in the claim (an e-mail
    address, a staff number) that the person will come with. One of an account, one of a subject."""

    __tablename__ = "account_link"
    __table_args__ = (
        Index("ix_account_link_subject", "issuer", "subject", unique=True),
        Index("ix_account_link_claim", "issuer", "claim", unique=True),
    )

    username: str = Field(primary_key=True, foreign_key="account.username")
    issuer: str
    subject: str | None = None
    claim: str | None = None  # in small letters; empty once the subject is known
    at: datetime
    by: str
    bound_at: datetime | None = None  # when the subject became known


class LoginAttempt(Base, table=True):
    """A log-in that was sent to the identity provider and has not come back: used once, by the browser that began it."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_expires_at", "expires_at"),)

    state_sha256: str = Field(primary_key=True)
    browser_sha256: str
    nonce: str
    verifier: str
    there: str = Field(sa_column=Column(Text, nullable=False))
    expires_at: datetime
