"""Tables of the double-random draw: the draws and what became of each, who was drawn, who may inspect.

The frozen lists are no rows: each is a file kept under its SHA-256, the hash that was published.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {"draw": "local", "draw_event": "local", "drawn": "distributed", "inspector": "local", "conflict": "distributed"}
)


class Draw(Base, table=True):
    """One draw: prepared → sealed → drawn, or aborted. `plan` is its rules as they were hashed (JSON).

    `nonce` is empty until it is revealed: before, only whoever sealed the draw has it. `domain` "": several.
    """

    __tablename__ = "draw"
    __table_args__ = (Index("ix_draw_prepared", "domain", "prepared_at"),)

    id: UUID = Field(primary_key=True)
    number: str
    state: str
    title: str
    domain: str
    report_unit: str
    plan: str = Field(sa_column=Column(Text, nullable=False))
    objects: int
    objects_sha256: str
    inspectors: int
    inspectors_sha256: str
    public_source: str
    public_at: datetime
    prepared_at: datetime
    prepared_by: str
    commitment: str = ""
    sealed_at: datetime | None = None
    sealed_by: str = ""
    public: str = ""
    nonce: str = ""
    drawn_at: datetime | None = None
    drawn_by: str = ""
    aborted_at: datetime | None = None
    aborted_by: str = ""
    why: str = Field(default="", sa_column=Column(Text, nullable=False))


class DrawEvent(Base, table=True):
    """What happened to a draw: only ever added. `data` is JSON."""

    __tablename__ = "draw_event"

    draw_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    at: datetime
    by: str
    act: str
    data: str = Field(sa_column=Column(Text, nullable=False))


class Drawn(Base, table=True):
    """A subject that was drawn, its place in the order of the tickets, and who goes there (JSON: department → ids)."""

    __tablename__ = "drawn"
    __table_args__ = (Index("ix_drawn_draw", "draw_id", "report_unit"),)

    subject_id: UUID = Field(primary_key=True)
    draw_id: UUID = Field(primary_key=True)
    position: int
    stratum: str
    ticket: str
    reserve: bool = False
    officers: str = Field(sa_column=Column(Text, nullable=False))
    short: str = Field(sa_column=Column(Text, nullable=False))
    domain: str
    report_unit: str
    street_code: str = ""
    name: str = ""
    code: str = ""


class InspectorCard(Base, table=True):
    """Who may be drawn to inspect: one with a certificate of enforcement (国办发〔2024〕54号: nobody else may inspect)."""

    __tablename__ = "inspector"

    id: str = Field(primary_key=True)  # the certificate's number
    name: str
    department: str
    report_unit: str = ""  # "": all of the city
    valid_until: date
    most: int = 40
    retired_at: datetime | None = None
    changed_at: datetime
    changed_by: str


class Conflict(Base, table=True):
    """An inspector who doesn't go to a subject (回避), and why."""

    __tablename__ = "conflict"

    subject_id: UUID = Field(primary_key=True)
    inspector_id: str = Field(primary_key=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    report_unit: str = ""
    at: datetime
    by: str


__all__ = ["Conflict", "Draw", "DrawEvent", "Drawn", "InspectorCard", "metadata"]
