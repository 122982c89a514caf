"""Typical cases: texts written from closed cases, in versions, with their decisions and who takes them over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    dict.fromkeys(("typical", "typical_source", "typical_version", "typical_event", "typical_adoption"), "local")
)


def _of_typical(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["typical_id"], ["typical.id"], name=f"fk_{table}_typical")


class Typical(Base, table=True):
    """A typical case. `version` is its newest, `state` that one's; `shown` is the one that everybody reads, none before an
    approval and after a withdrawal. `moves` counts what was done with it: whoever acts names the one they saw.

    `units`, `domains` and `departments` are those of the cases it is written from, each between spaces.
    """

    __tablename__ = "typical"
    __table_args__ = (Index("ix_typical_number", "number", unique=True), Index("ix_typical_shown", "shown_at"))

    id: UUID = Field(primary_key=True)
    number: str
    state: str
    version: int
    moves: int
    shown: int | None = None
    shown_at: datetime | None = None
    adoptions: int
    units: str
    domains: str
    departments: str
    made_at: datetime
    made_by: str


class TypicalSource(Base, table=True):
    """A case that a typical case is written from, and whose it was then: who may see all of these reads the drafts."""

    __tablename__ = "typical_source"
    __table_args__ = (_of_typical("typical_source"), Index("ix_typical_source_case", "case_id"))

    typical_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    subject_id: UUID
    number: str
    units: str
    domains: str
    departments: str


class TypicalVersion(Base, table=True):
    """What a version says. `body`: JSON, section → text. `figures`: JSON, frozen as of `as_of` when it is submitted; `seen`:
    JSON, case → its version then. `search`: all that it says, as it is searched."""

    __tablename__ = "typical_version"
    __table_args__ = (_of_typical("typical_version"),)

    typical_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    state: str
    title: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    tags: str
    kept_names: str = Field(sa_column=Column(Text, nullable=False))  # why names are not masked; empty: they are
    figures: str = Field(sa_column=Column(Text, nullable=False))
    seen: str = Field(sa_column=Column(Text, nullable=False))
    search: str = Field(sa_column=Column(Text, nullable=False))
    as_of: datetime | None = None
    at: datetime
    by: str


class TypicalEvent(Base, table=True):
    """Who did what with a typical case, when and why: only ever added."""

    __tablename__ = "typical_event"
    __table_args__ = (_of_typical("typical_event"), Index("ix_typical_event_typical", "typical_id"))

    id: UUID = Field(primary_key=True)
    typical_id: UUID
    version: int
    at: datetime
    by: str
    act: str
    remark: str = Field(sa_column=Column(Text, nullable=False))


class TypicalAdoption(Base, table=True):
    """A unit or department takes the practice over; taken back with a reason, it stays to be seen."""

    __tablename__ = "typical_adoption"
    __table_args__ = (_of_typical("typical_adoption"), Index("ix_typical_adoption_typical", "typical_id"))

    id: UUID = Field(primary_key=True)
    typical_id: UUID
    version: int
    taker: str
    at: datetime
    by: str
    note: str = Field(sa_column=Column(Text, nullable=False))
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = Field(default="", sa_column=Column(Text, nullable=False))


__all__ = ["Typical", "TypicalAdoption", "TypicalEvent", "TypicalSource", "TypicalVersion", "metadata"]
