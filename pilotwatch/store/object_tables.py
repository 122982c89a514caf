"""Tables of what may be checked and whom: batches of published matters, the objects that are one, what overlaps."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "matter_release": "local", "matter_published": "local", "object_run": "local", "object_link": "distributed",
        "object_link_event": "distributed", "object_member": "distributed", "object_overlap": "distributed",
    }
)  # fmt: skip


class MatterRelease(Base, table=True):
    """A batch of matters that the office published (成熟一批发布一批)."""

    __tablename__ = "matter_release"

    id: UUID = Field(primary_key=True)
    title: str
    published_on: date
    document: str  # number of the notice it was published by
    note: str = Field(sa_column=Column(Text, nullable=False))
    matters: int
    by: str
    at: datetime


class MatterPublished(Base, table=True):
    """A matter of a batch, as it was then: `content` is the hash of what was published of it."""

    __tablename__ = "matter_published"

    release_id: UUID = Field(primary_key=True, foreign_key="matter_release.id")
    item_code: str = Field(primary_key=True)
    content: str


class ObjectRun(Base, table=True):
    """One search for objects that are the same, over the lists of all departments.

    `parameters`: JSON: weights of each field's levels, bounds, what was left out of the blocks. `measured`: JSON: precision
    and recall on the rows whose credit codes tell the truth; null where there are too few.
    """

    __tablename__ = "object_run"

    id: UUID = Field(primary_key=True)
    at: datetime
    on_day: date
    by: str
    seconds: float
    entries: int
    coded: int
    pairs: int
    linked: int
    clerical: int
    overlaps: int
    parameters: str = Field(sa_column=Column(Text, nullable=False))
    measured: str | None = Field(default=None, sa_column=Column(Text))


class ObjectLink(Base, table=True):
    """Two rows of two lists that may be one object: how likely, why, and what a person said to it.

    `subject_id`: the object that the row is taken for (right side), whose page it comes to stand on. `verdict`: "" (nobody
    said anything), confirmed, refused. `zone`: auto, clerical. A link that the newest run doesn't find keeps its verdict and
    has no zone ("").
    """

    __tablename__ = "object_link"
    __table_args__ = (Index("ix_object_link_row", "record_key"),)

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    dataset: str  # the row without a code, or with a doubtful one
    record_key: str
    row_subject: UUID
    row_unit: str
    row_dept: str
    object_dataset: str
    object_key: str
    object_dept: str
    report_unit: str
    weight: float
    probability: float
    zone: str
    reasons: str = Field(sa_column=Column(Text, nullable=False))  # JSON: field → [level, weight]
    verdict: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    run_id: UUID


class ObjectLinkEvent(Base, table=True):
    """What a person said of a link, and why: only ever added."""

    __tablename__ = "object_link_event"

    subject_id: UUID = Field(primary_key=True)
    link_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    by: str
    act: str  # confirm, refuse, reopen
    reason: str = Field(sa_column=Column(Text, nullable=False))


class ObjectMember(Base, table=True):
    """A row of a list and the object it is taken for: by its code, by a link, or by itself."""

    __tablename__ = "object_member"
    __table_args__ = (Index("ix_object_member_key", "record_key"),)

    subject_id: UUID = Field(primary_key=True)  # of the object
    dataset: str = Field(primary_key=True)
    record_key: str = Field(primary_key=True)
    row_subject: UUID  # by which subject id its records are kept
    dept: str
    how: str  # code, link, self
    report_unit: str
    name: str


class ObjectOverlap(Base, table=True):
    """An object that two or more departments supervise, and whether a joint task brings them there together.

    `lists`, `plans`: JSON lists of departments, by their lists and by their plans of the last twelve months.
    """

    __tablename__ = "object_overlap"
    __table_args__ = (Index("ix_object_overlap_unit", "domain", "report_unit", "task"),)

    subject_id: UUID = Field(primary_key=True)
    domain: str
    code: str
    name: str
    report_unit: str
    departments: int
    lists: str = Field(sa_column=Column(Text, nullable=False))
    plans: str = Field(sa_column=Column(Text, nullable=False))
    counted: bool  # in REF-16, which goes by plans
    task: bool
    task_no: str
    on_day: date


__all__ = [
    "MatterPublished", "MatterRelease", "ObjectLink", "ObjectLinkEvent", "ObjectMember", "ObjectOverlap", "ObjectRun", "metadata",
]  # fmt: skip
