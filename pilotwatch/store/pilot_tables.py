"""Which units are pilots of what, since when: entries that only grow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"pilot_entry": "local"})


class PilotEntry(Base, table=True):
    """A unit became a pilot of a domain (or of the reform) with a month; `month` null: it isn't one (any more, or after all).

    `chosen` says how the units were chosen: by lottery, on application, or appointed. The entry made last counts.
    """

    __tablename__ = "pilot_entry"
    __table_args__ = (Index("ix_pilot_entry_domain", "domain", "report_unit"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    domain: str
    report_unit: str
    month: str | None = None
    chosen: str | None = None
    reason: str = Field(sa_column=Column(Text, nullable=False))


__all__ = ["PilotEntry", "metadata"]
