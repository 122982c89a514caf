"""Warnings and what happened to each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"warning": "distributed", "warning_event": "distributed", "serial": "local"})

_OPEN = text("closed_at IS NULL")


class Warning_(Base, table=True):
    """A warning about one subject by one indicator, as it is now; `warning_event` says how it came to be so.

    `number` is what people call it: YJ-domain-yyyymmdd-serial. `eased`: the condition is gone, the verdict still due.
    """

    __tablename__ = "warning"
    __table_args__ = (
        Index(
            "uq_warning_open",
            "subject_id",
            "domain",
            "indicator",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_warning_open", "domain", "report_unit", "rank", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_warning_number", "subject_id", "number"),
    )

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    number: str
    domain: str
    indicator: str
    level: str
    rank: int
    value: float | None = None
    opened_on: date
    opened_at: datetime | None = None  # from when the limit of the first action runs
    acted_at: datetime | None = None  # of the first thing that a person did about it
    since: date  # of this level or a worse one
    on_day: date  # of the last evaluation that moved it
    better: int = 0
    better_on: date | None = None
    eased: bool = False
    owner: str = ""  # the department that acts
    assignee: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None
    closed_by: str | None = None
    verdict: str | None = None
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""


class WarningEvent(Base, table=True):
    """One thing that happened to a warning: it opened, rose, fell, eased, returned, or a person did something."""

    __tablename__ = "warning_event"
    __table_args__ = (Index("ix_warning_event_at", "at"),)

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    warning_id: UUID
    at: datetime
    by: str
    act: str
    level_before: str | None = None
    level: str | None = None
    value: float | None = None
    note: str | None = Field(default=None, sa_column=Column(Text))


class Serial(Base, table=True):
    """The last number given in a series."""

    __tablename__ = "serial"

    name: str = Field(primary_key=True)
    last: int


__all__ = ["Serial", "WarningEvent", "Warning_", "metadata"]
