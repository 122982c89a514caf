"""What the city sets: the bounds of indicators, and the days off and worked that notices name. Both only grow."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"bound_entry": "local", "calendar_entry": "local"})


class BoundEntry_(Base, table=True):
    """One level's bound, set from a day on; the entry made last counts on every day that it covers.

    `version` is the first day of the rule version that it changes, "" of one without a beginning. `bound` is null where
    the declared bound counts again.
    """

    __tablename__ = "bound_entry"
    __table_args__ = (Index("ix_bound_entry_indicator", "domain", "indicator"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    domain: str
    indicator: str
    judges: str  # subject, area or period
    version: str = ""
    level: str
    bound: str | None = None
    before: str  # the bound that was in force until then, as written
    since: date
    reason: str = Field(sa_column=Column(Text, nullable=False))


class CalendarEntry(Base, table=True):
    """A day off or worked, entered from a notice (`enter`), or an entry taken back (`withdraw`, with its `entry`)."""

    __tablename__ = "calendar_entry"
    __table_args__ = (Index("ix_calendar_entry_day", "day"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    act: str
    entry: UUID | None = None
    day: date
    region: str
    kind: str
    attested: bool
    festival: str = ""
    notice_no: str = ""
    reason: str = Field(sa_column=Column(Text, nullable=False))


__all__ = ["BoundEntry_", "CalendarEntry", "metadata"]
