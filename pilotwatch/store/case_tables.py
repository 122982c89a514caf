"""Cases of disposal: what happened to each, what is so now, and the counts the pages read."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "case_file": "distributed", "case_event": "distributed", "case_party": "distributed", "case_source": "distributed",
        "case_attachment": "distributed", "case_person": "distributed", "case_tally": "local", "case_guard": "distributed",
    }
)  # fmt: skip

_OPEN = text("closed_at IS NULL")


class CaseFile(Base, table=True):
    """A case as its events make it, kept beside them for the lists; `version` is the number of its last event.

    `due_at` is the end of the case's limit as a whole, `next_at` of the limit that ends first; `standing` says of the
    latter's whether it is certain (sure, unconfirmed, unknown, paused), or "" where none runs.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_open", "domain", "report_unit", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_case_file_handled", "domain", "handled_at"),
        Index("ix_case_file_number", "number"),
    )

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    number: str
    version: int
    state: str
    domain: str
    fact: str
    kind: str
    channel: str
    urgency: str
    level: str
    name: str
    code: str
    place: str
    content: str = Field(sa_column=Column(Text, nullable=False))
    confidential: bool = False
    report_unit: str
    division_code: str
    street_code: str
    owner: str
    assignee: str
    people_count: int
    amount: float | None = None
    received_at: datetime
    received_on: date
    handled_at: datetime
    due_at: datetime | None = None
    due_rule: str = ""
    next_at: datetime | None = None
    next_rule: str = ""
    standing: str = ""
    supervised: bool = False
    joint: bool = False
    late: bool = False
    returns: int = 0
    closing: str = ""
    closed_at: datetime | None = None
    look_back_on: date | None = None
    merged_into: UUID | None = None


class CaseEvent(Base, table=True):
    """One move of a case: only ever added. What it changed is in `data` (JSON), so the case follows from its events."""

    __tablename__ = "case_event"

    subject_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    by: str
    act: str
    state: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    department: str | None = None
    data: str = Field(sa_column=Column(Text, nullable=False))
    files: str = Field(sa_column=Column(Text, nullable=False))  # JSON list of attachment ids


class CaseParty(Base, table=True):
    """Who takes part in a case beside its first: a department, a domain, a reporting unit. What the scope looks at."""

    __tablename__ = "case_party"

    subject_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # department, domain, unit
    code: str = Field(primary_key=True)


class CaseSource(Base, table=True):
    """What a case came from: a warning, a row of a dataset, a sheet. Each lead is taken up once."""

    __tablename__ = "case_source"

    subject_id: UUID = Field(primary_key=True)  # of the lead
    kind: str = Field(primary_key=True)  # warning, or a dataset
    ref: str = Field(primary_key=True)
    case_subject_id: UUID
    case_id: UUID
    at: datetime


class CaseAttachment(Base, table=True):
    """A file that came with a move; its bytes are kept outside, under their SHA-256."""

    __tablename__ = "case_attachment"

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    seq: int
    sha256: str
    name: str
    size: int = Field(sa_type=BigInteger)
    kind: str
    at: datetime
    by: str


class CasePerson(Base, table=True):
    """Who reported, masked: read by its own right only, and every reading is in the audit."""

    __tablename__ = "case_person"

    subject_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    name: str = ""
    contact: str = ""
    received_at: datetime
    answered_at: datetime | None = None


class CaseTally(Base, table=True):
    """How many cases of a domain, unit and department did what in a month: all that the measures read of closed cases.

    `measure`: `reached:<state>` by month of receipt, `closed:<kind>` and `flow:<stage>` (with `value` in days) by month
    of closing, `kept` and `late` by the month in which they were due.
    """

    __tablename__ = "case_tally"

    domain: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    department: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    value: int = Field(primary_key=True)
    cases: int


class CaseGuard(Base, table=True):
    """Something the policy wants never to happen (task 11), found in the records: a repeat check, a double penalty."""

    __tablename__ = "case_guard"
    __table_args__ = (Index("ix_case_guard_kind", "domain", "kind", "day"),)

    subject_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    domain: str
    report_unit: str
    name: str
    day: date
    departments: str = Field(sa_column=Column(Text, nullable=False))  # JSON
    rows: str = Field(sa_column=Column(Text, nullable=False))  # JSON: the rows behind it


__all__ = [
    "CaseAttachment", "CaseEvent", "CaseFile", "CaseGuard", "CaseParty", "CasePerson", "CaseSource", "CaseTally", "metadata",
]  # fmt: skip
