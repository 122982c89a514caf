"""The audit: who did what, when, to what, as a chain in which every line vouches for all before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base

PLACEMENT.update(dict.fromkeys(("audit", "audit_head"), "local"))


class Audit(Base, table=True):
    """One line. Only ever appended to, by `pilotwatch.store.audit`; `number` counts from 1 without a gap."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("number", name="uq_audit_number"),
        Index("ix_audit_at", "at"),
        Index("ix_audit_username", "username", "number"),
        Index("ix_audit_act", "act", "number"),
    )

    id: UUID = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    at: datetime
    username: str
    act: str
    object: str | None = Field(default=None, sa_column=Column(Text))
    details: str = Field(sa_column=Column(Text, nullable=False))  # JSON
    hash: str  # SHA-256, hexadecimal, over the line and the hash of the one before


class AuditHead(Base, table=True):
    """Where the chain ends: its last line's number and hash. Whoever appends holds its row until they have committed."""

    __tablename__ = "audit_head"

    chain: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    hash: str
