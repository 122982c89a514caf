"""Tables of visits being carried out: the tasks, who takes part, what each department found, what the enterprise said."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "visit_task": "distributed", "visit_department": "distributed", "visit_event": "distributed",
        "visit_rating": "distributed",
    }
)  # fmt: skip

_OPEN = text("state IN ('issued', 'entered')")


class VisitTask(Base, table=True):
    """One visit to be made: issued → entered (scanned in) → recorded → published, or cancelled.

    `origin` and `origin_ref` say what it rests on (plan, draw, case): without, there is no number and so no code to scan.
    `matters` is JSON: [{"code", "name", "department", "content", "method", "basis"}], `officers` [{"id", "name",
    "department"}].
    """

    __tablename__ = "visit_task"
    __table_args__ = (
        Index("ix_visit_task_number", "number"),
        Index("ix_visit_task_open", "domain", "report_unit", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_visit_task_moved", "domain", "moved_at"),
    )

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    number: str
    version: int
    state: str
    origin: str
    origin_ref: str
    trigger: str
    domain: str
    name: str
    code: str
    dataset: str
    address: str
    report_unit: str
    division_code: str
    street_code: str
    lead: str
    departments: str = Field(sa_column=Column(Text, nullable=False))  # JSON, the leading one first
    matters: str = Field(sa_column=Column(Text, nullable=False))
    officers: str = Field(sa_column=Column(Text, nullable=False))
    since: date
    until: date
    notice_no: str = ""
    issued_at: datetime
    issued_by: str
    moved_at: datetime
    entered_at: datetime | None = None
    left_at: datetime | None = None
    entered_how: str = ""  # scan, import, late (entered afterwards, with a reason)
    late_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    exempt_reason: str = ""
    distance_m: float | None = None
    result: str = ""
    signed_by: str = ""
    refused_to_sign: bool = False
    recorded_at: datetime | None = None
    recorded_by: str = ""
    batch_id: UUID | None = None
    publish_by: date | None = None
    published_on: date | None = None
    cancelled_at: datetime | None = None
    why: str = Field(default="", sa_column=Column(Text, nullable=False))


class VisitDepartment(Base, table=True):
    """A department that takes part in a visit, and what it found. `ticks` is JSON: matter → [ok|problem|none, note]."""

    __tablename__ = "visit_department"
    __table_args__ = (Index("ix_visit_department_subject", "subject_id", "department"),)

    subject_id: UUID = Field(primary_key=True)
    task_id: UUID = Field(primary_key=True)
    department: str = Field(primary_key=True)
    result: str = ""
    problems: str = Field(default="", sa_column=Column(Text, nullable=False))
    ticks: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    at: datetime | None = None
    by: str = ""


class VisitEvent(Base, table=True):
    """What happened to a task: only ever added."""

    __tablename__ = "visit_event"

    subject_id: UUID = Field(primary_key=True)
    task_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    by: str
    act: str
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class VisitRating(Base, table=True):
    """What the enterprise said of a visit. Never read for anybody of a department that inspected it."""

    __tablename__ = "visit_rating"

    subject_id: UUID = Field(primary_key=True)
    task_id: UUID = Field(primary_key=True)
    rating: int
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime


__all__ = ["VisitDepartment", "VisitEvent", "VisitRating", "VisitTask", "metadata"]
