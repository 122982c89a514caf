"""Tables of what is watched: counts by place and day, what the detection says of them, and contradictions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "subject_count": "distributed", "place_count": "local",
        "signal": "local", "signal_alarm": "local",
        "contradiction": "distributed", "contradiction_event": "distributed",
    }
)  # fmt: skip

_OPEN = text("closed_on IS NULL")


class SubjectCount(Base, table=True):
    """How many cases of a measure one subject had on one day at one place; 0: reported, but not counted."""

    __tablename__ = "subject_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    subject_id: UUID = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    n: int


class PlaceCount(Base, table=True):
    """The cases of a place on a day, and how many subjects they are of. "" where the place is unknown."""

    __tablename__ = "place_count"

    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    division_code: str = Field(primary_key=True)
    street_code: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    n: int
    subjects: int


class Signal(Base, table=True):
    """What the detection last said of one series: its newest seven days against what they let expect.

    `kind`: city, division, unit or street; `place`: its code, `*` for the city. `report_unit`: of whom it is; "" where
    more than one unit is in it. `weeks`: the weeks behind it, JSON (`aberration.Bands` of one series).
    """

    __tablename__ = "signal"

    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    report_unit: str
    level: str  # red, amber, none, grey
    verdict: str
    creeping: bool
    tier: str
    week_from: date
    week_to: date
    history: int  # weeks before
    observed: int
    expected: float | None = None
    bound: float | None = None
    score: float | None = None
    p: float | None = None
    share: float | None = None
    at_risk: int
    raised_on: date | None = None  # of the alarm that stands
    reason_zh: str = Field(sa_column=Column(Text, nullable=False))
    reason_en: str = Field(sa_column=Column(Text, nullable=False))
    method_zh: str = Field(sa_column=Column(Text, nullable=False))
    method_en: str = Field(sa_column=Column(Text, nullable=False))
    weeks: str = Field(sa_column=Column(Text, nullable=False))


class SignalAlarm(Base, table=True):
    """An alarm that was raised: the week it was raised for, its worst level, and until when it stood."""

    __tablename__ = "signal_alarm"
    __table_args__ = (Index("ix_signal_alarm_raised", "domain", "raised_on"),)

    domain: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    raised_on: date = Field(primary_key=True)
    report_unit: str
    level: str  # red, amber, creeping
    observed: int
    expected: float | None = None
    bound: float | None = None
    last_on: date  # the last day on which it stood
    ended_on: date | None = None


class Contradiction(Base, table=True):
    """What departments state of one thing of one subject and do not agree in, as it is now; open until they agree.

    `stated`: JSON, side → value. `owners`: JSON list of the departments.
    """

    __tablename__ = "contradiction"
    __table_args__ = (
        Index(
            "uq_contradiction_open", "subject_id", "domain", "code", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_contradiction_open", "domain", "report_unit", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )  # fmt: skip

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    number: str
    domain: str
    code: str
    period: str
    stated: str = Field(sa_column=Column(Text, nullable=False))
    gap: float
    size: float
    owners: str = Field(sa_column=Column(Text, nullable=False))
    opened_on: date
    on_day: date  # of the last evaluation that changed it
    closed_on: date | None = None
    report_unit: str = ""
    division_code: str = ""
    street_code: str = ""


class ContradictionEvent(Base, table=True):
    """One thing that happened to a contradiction: it opened, changed or closed, or a department said something."""

    __tablename__ = "contradiction_event"

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    contradiction_id: UUID
    at: datetime
    by: str
    act: str  # open, change, close, acknowledge, note
    department: str | None = None
    period: str | None = None
    stated: str | None = Field(default=None, sa_column=Column(Text))
    size: float | None = None
    note: str | None = Field(default=None, sa_column=Column(Text))


__all__ = ["Contradiction", "ContradictionEvent", "PlaceCount", "Signal", "SignalAlarm", "SubjectCount", "metadata"]
