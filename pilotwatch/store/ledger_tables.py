"""Tables of the ledger: the visits that saved some, and what chance alone would have let merge."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update({"saved_visit": "distributed", "merge_chance": "local"})


class SavedVisit(Base, table=True):
    """One visit that stood for several: whose, on which day, by which rule, and how many it saved.

    It follows from the records and is kept with every upload; where it is, and which domains list its subject, is as
    the figures of periods have it. `departments`, `replaced`: JSON (see `inspection.ledger.saved`).
    """

    __tablename__ = "saved_visit"
    __table_args__ = (Index("ix_saved_visit_month", "month", "report_unit"),)

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    month: str
    day: date
    task_no: str
    scan_id: str
    trigger: str
    planned: bool
    departments: str = Field(sa_column=Column(Text, nullable=False))
    saved: int
    rule: str
    replaced: str = Field(sa_column=Column(Text, nullable=False))
    listed_in: str
    report_unit: str
    division_code: str
    street_code: str


class MergeChance(Base, table=True):
    """What could have been merged in twelve months, and what could where the days of each department's visits are dealt
    out anew by chance: `expected` on average of `runs`, `low` to `high` in 95 of 100. `report_unit`: "" the whole city.
    """

    __tablename__ = "merge_chance"

    report_unit: str = Field(primary_key=True)
    reach: str = Field(primary_key=True)
    since: date
    until: date
    trips: int
    missed: int
    expected: float
    low: float
    high: float
    runs: int
    seed: int
    at: datetime


__all__ = ["MergeChance", "SavedVisit", "metadata"]
