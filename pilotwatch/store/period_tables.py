"""Tables of figures of periods: what each subject gives to a month, the sums of places, and how months ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {"subject_period": "distributed", "place_period": "local", "month_level": "local", "month_sum": "local"}
)


class SubjectPeriod(Base, table=True):
    """What one subject gives to a measure in a month and kind, in millionths; `period="now"`: what is so today.

    `domain` is whose measure it is, `listed_in` are the domains that list the subject: ",refined_oil,prepaid_cards,".
    """

    __tablename__ = "subject_period"
    __table_args__ = (
        Index("ix_subject_period_place", "domain", "indicator", "period", "report_unit"),
        {"sqlite_with_rowid": False},
    )

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    listed_in: str
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""


class PlacePeriod(Base, table=True):
    """The sums of a place, in millionths; quarters and years add months up. "" where the place is unknown."""

    __tablename__ = "place_period"

    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    listed_in: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    subjects: int


class MonthLevel(Base, table=True):
    """How many subjects of a place stood at which level when a month ended; written once, as of `on_day`."""

    __tablename__ = "month_level"

    domain: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    subjects: int
    on_day: date


class MonthSum(Base, table=True):
    """The sums of places of what is told by a day (areas, measures of a state) when a month ended; written once."""

    __tablename__ = "month_sum"

    domain: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    listed_in: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    subjects: int
    on_day: date


__all__ = ["MonthLevel", "MonthSum", "PlacePeriod", "SubjectPeriod", "metadata"]
