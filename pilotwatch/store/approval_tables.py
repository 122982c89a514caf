"""What was decided of the figures of a month: approved, accepted, returned, opened for a while; entries that only grow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"approval_event": "local"})


class ApprovalEvent(Base, table=True):
    """A decision on a domain's figures of a reporting unit and a month (2026-10), the `number`-th of these.

    `kind`: approve, accept, return, except (changes are let in until `until`) or close (no longer). `figures`: JSON, the
    measures as they were approved or accepted. `unit_zh`, `unit_en`: what the unit is called, for those who are refused.
    """

    __tablename__ = "approval_event"
    __table_args__ = (Index("ix_approval_event_cell", "domain", "report_unit", "month", "number", unique=True),)

    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    by_name: str
    domain: str
    report_unit: str
    month: str
    number: int
    kind: str
    remark: str = Field(sa_column=Column(Text, nullable=False))
    until: datetime | None = None
    figures: str = Field(sa_column=Column(Text, nullable=False))
    unit_zh: str = ""
    unit_en: str = ""


__all__ = ["ApprovalEvent", "metadata"]
