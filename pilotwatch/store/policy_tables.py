"""What units say of the tasks of the policy: entries that only grow."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"policy_entry": "local"})


class PolicyEntry(Base, table=True):
    """Progress (`note`) or proof of effect (`evidence`, with its `document`) of a unit's task, of a day; or that an earlier
    entry is taken back (`withdraw`, of the entry `takes_back`)."""

    __tablename__ = "policy_entry"
    __table_args__ = (Index("ix_policy_entry_task", "report_unit", "task"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    task: str
    report_unit: str
    kind: str
    day: date
    document: str = ""
    text: str = Field(sa_column=Column(Text, nullable=False))
    takes_back: UUID | None = None


__all__ = ["PolicyEntry", "metadata"]
