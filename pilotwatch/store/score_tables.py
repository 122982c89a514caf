"""Tables of the scores: the risk of each subject, its re-gradings, the incidents indicators are held against, back-tests."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "subject_risk": "distributed", "place_risk": "local", "risk_grade": "distributed",
        "incident": "distributed", "backtest": "local",
    }
)  # fmt: skip


class SubjectRisk(Base, table=True):
    """A subject's points card in one domain, as of `on_day`: the points of each part, their sum, the class it comes to.

    `risk_class` is the one that counts; it differs from `computed_class` where somebody re-graded the subject.
    `composite` is the domain's own score, where it asks for one.
    """

    __tablename__ = "subject_risk"
    __table_args__ = (Index("ix_subject_risk_priority", "domain", "priority"),)

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    credit: float
    breach: float
    aberration: float
    violations: float
    complaints: float
    overdue: float
    score: float
    computed_class: str
    risk_class: str
    credit_class: str = ""  # "" where none is known
    exposure: float | None = None
    consequence: int
    priority: float
    composite: float | None = None
    on_day: date
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""


class PlaceRisk(Base, table=True):
    """How many subjects of a reporting unit are in which cell of credit class × risk class."""

    __tablename__ = "place_risk"

    domain: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    credit_class: str = Field(primary_key=True)
    risk_class: str = Field(primary_key=True)
    subjects: int


class RiskGrade(Base, table=True):
    """One re-grading of a subject: who, when, from what to what, why; signed, each upon the one before.

    `to_class` empty: back to what the card says.
    """

    __tablename__ = "risk_grade"

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    domain: str
    at: datetime
    by: str
    by_name: str
    role: str
    from_class: str
    to_class: str = ""
    score: float
    reason: str = Field(sa_column=Column(Text, nullable=False))
    previous: str = ""
    signature: str


class Incident(Base, table=True):
    """Something a domain's warnings warn of happened to a subject on a day (`Domain.incidents`)."""

    __tablename__ = "incident"

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    day: date = Field(primary_key=True)


class Backtest(Base, table=True):
    """What the last back-test found of an indicator ("*": of what was planted in the domain's sample), as JSON."""

    __tablename__ = "backtest"

    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    at: datetime
    by: str
    on_day: date
    result: str = Field(sa_column=Column(Text, nullable=False))


__all__ = ["Backtest", "Incident", "PlaceRisk", "RiskGrade", "SubjectRisk", "metadata"]
