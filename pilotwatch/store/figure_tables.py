"""Tables of what is computed from records: levels per subject, and the counts the pages read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "subject_level": "distributed", "place_level": "local",
        "subject_part": "distributed", "place_sum": "local",
        "dataset_tally": "local",
    }
)  # fmt: skip


MILDEST = 3  # the rank of the mildest level that warns, blue

#: The levels that warn: few, and all that is asked for by rank. A question must say it so for the index to serve it.
WARNS = text(f"rank <= {MILDEST}")


class SubjectLevel(Base, table=True):
    """An indicator's value and level for one subject, as of `on_day`; `indicator="*"` is the worst of the domain.

    `rank` orders the levels (0 red … 5 nodata); `since` is the day from which the level has been this or worse.
    """

    __tablename__ = "subject_level"
    __table_args__ = (
        Index(
            "ix_subject_level_rank",
            "domain",
            "rank",
            "report_unit",
            "indicator",
            "since",
            sqlite_where=WARNS,
            postgresql_where=WARNS,
        ),
        {"sqlite_with_rowid": False},
    )

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    value: float | None = None
    level: str
    rank: int
    since: date
    on_day: date
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""
    located: str = "none"


class PlaceLevel(Base, table=True):
    """How many subjects of a place are at which level; all an overview reads. "" where the place is unknown."""

    __tablename__ = "place_level"

    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    located: str = Field(primary_key=True)
    subjects: int


class SubjectPart(Base, table=True):
    """What one subject gives to an indicator of places: numerator and denominator, in millionths."""

    __tablename__ = "subject_part"
    __table_args__ = ({"sqlite_with_rowid": False},)

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""


class PlaceSum(Base, table=True):
    """The sums of a place's parts, in millionths. "" where the place is unknown."""

    __tablename__ = "place_sum"

    domain: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    subjects: int


class DatasetTally(Base, table=True):
    """How many current rows a dataset has per reporting unit ("" where the rows name none)."""

    __tablename__ = "dataset_tally"

    dataset: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    rows: int


__all__ = ["DatasetTally", "PlaceLevel", "PlaceSum", "SubjectLevel", "SubjectPart", "metadata"]
