"""Briefs that were issued and are kept as they were, what was marked on them, their schedules and how far their making is."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    dict.fromkeys(("kept_brief", "brief_file", "brief_mark", "brief_schedule", "brief_job", "brief_item"), "local")
)


def _text(**options) -> Column:
    return Column(Text, **options)


class KeptBrief(Base, table=True):
    """A brief as it was issued: the `number`-th of its series (a unit and a year).

    `key`: which issue it is, so that it is issued once. `report_unit`: "" for the whole of `scope`, the bounds of the desk
    it was made through (JSON). `approval`: how far the months behind it were approved (none, partly, approved,
    accepted). `data_version`: of the store when it was made. `numbers`: JSON, every number with its note.
    """

    __tablename__ = "kept_brief"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("series", "number"),
        Index("ix_kept_brief_issued", "report_unit", "issued_at"),
    )

    id: UUID = Field(primary_key=True)
    key: str
    series: str
    number: int
    report_unit: str
    scope: str = Field(sa_column=_text(nullable=False))
    period: str
    form: str  # page, long
    language: str
    audience: str  # leader, district, office
    title: str
    on_day: date
    as_of: datetime
    issued_at: datetime
    by: str
    by_name: str
    approval: str
    data_version: int
    told: int  # how many numbers
    numbers: str = Field(sa_column=_text(nullable=False))


class BriefFile(Base, table=True):
    """A document of a kept brief; its bytes are among the kept files."""

    __tablename__ = "brief_file"

    brief_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # docx, pdf
    sha256: str
    size: int


class BriefMark(Base, table=True):
    """That a kept brief no longer stands, and why: withdrawn, or superseded by another one. Once for each."""

    __tablename__ = "brief_mark"

    brief_id: UUID = Field(primary_key=True)
    kind: str  # withdrawn, superseded
    reason: str = Field(sa_column=_text(nullable=False))
    by: str
    by_name: str
    at: datetime
    instead: UUID | None = None  # the brief that counts now


class BriefSchedule(Base, table=True):
    """Briefs that are made after each week, month or quarter, by the rights of whoever set them.

    `units`: JSON list; "" is the whole of the scope. `scope`: role and bounds of the maker when it was set.
    """

    __tablename__ = "brief_schedule"

    id: UUID = Field(primary_key=True)
    rhythm: str  # weekly, monthly, quarterly
    units: str = Field(sa_column=_text(nullable=False))
    form: str
    language: str
    audience: str
    by: str
    by_name: str
    at: datetime
    scope: str = Field(sa_column=_text(nullable=False))
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None  # why it ended: by (whoever did), rights


class BriefJob(Base, table=True):
    """Briefs to be made in the background: one schedule's of a due period, or several units' that somebody asked for.

    `key`: which it is, so that it is begun once.
    """

    __tablename__ = "brief_job"
    __table_args__ = (UniqueConstraint("key"), Index("ix_brief_job_at", "at"))

    id: UUID = Field(primary_key=True)
    key: str
    schedule_id: UUID | None = None
    period: str
    form: str
    language: str
    audience: str
    by: str
    by_name: str
    at: datetime
    scope: str = Field(sa_column=_text(nullable=False))
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None


class BriefItem(Base, table=True):
    """One unit's brief of a job. `number`: its place in its series, given when it is first begun."""

    __tablename__ = "brief_item"
    __table_args__ = (Index("ix_brief_item_state", "state"),)

    job_id: UUID = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    state: str  # waiting, made, failed, cancelled
    tries: int = 0
    series: str | None = None
    number: int | None = None
    brief_id: UUID | None = None
    ended_at: datetime | None = None
    reason_zh: str | None = Field(default=None, sa_column=_text())
    reason_en: str | None = Field(default=None, sa_column=_text())


__all__ = ["BriefFile", "BriefItem", "BriefJob", "BriefMark", "BriefSchedule", "KeptBrief", "metadata"]
