"""Tables of joint checks: the plans, their visits and checks, what people changed, who there is to go, and quiet days."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from pilotwatch.store.tables import PLACEMENT, Base, metadata

PLACEMENT.update(
    {
        "joint_plan": "local", "plan_visit": "distributed", "plan_check": "distributed", "plan_edit": "local",
        "plan_request": "distributed", "inspection_force": "local", "quiet_period": "local",
    }
)  # fmt: skip


class JointPlan(Base, table=True):
    """A plan of joint visits from `first` to `last`: proposed, edited, adopted; `version` grows with each change.

    `units`, `domains`: JSON lists of what it is bounded to, [] of the whole city. `parameters`: JSON: all that the proposal
    was made from beside the records. `result`: JSON: what the planner says of the whole (bounds, gap, who is short).
    """

    __tablename__ = "joint_plan"
    __table_args__ = (Index("ix_joint_plan_first", "first"),)

    id: UUID = Field(primary_key=True)
    number: str
    version: int
    state: str  # draft, adopted, dropped
    first: date
    last: date
    units: str = Field(sa_column=Column(Text, nullable=False))
    domains: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime
    made_by: str
    changed_at: datetime
    adopted_at: datetime | None = None
    adopted_by: str = ""
    parameters: str = Field(sa_column=Column(Text, nullable=False))
    result: str = Field(sa_column=Column(Text, nullable=False))


class PlanVisit(Base, table=True):
    """One visit of a plan: one team of one or several departments at one subject on one day.

    `state`: proposed, adopted, dropped. `pinned`: a person set it, and planning anew keeps it. `counted`: it counts towards
    the subject's yearly cap. `departments`, `domains`: JSON lists; `domain` is the first of them.
    """

    __tablename__ = "plan_visit"
    __table_args__ = (Index("ix_plan_visit_plan_id", "plan_id", "day"), Index("ix_plan_visit_domain", "domain", "day"))

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    plan_id: UUID
    state: str
    pinned: bool = False
    counted: bool = True
    announced: bool = True
    day: date
    domain: str
    domains: str = Field(sa_column=Column(Text, nullable=False))
    report_unit: str
    street_code: str
    name: str
    code: str
    departments: str = Field(sa_column=Column(Text, nullable=False))
    checks: int
    hours: float


class PlanCheck(Base, table=True):
    """One department's due check that a plan dealt with: the visit it is in, or why it is in none.

    `source`: plan (a planned check, `ref` its number), frequency (by ratio and class), recheck (of an order), request.
    `reason`, `why_zh`, `why_en`: why it is in no visit (`visit_id` null), or why it goes alone.
    """

    __tablename__ = "plan_check"
    __table_args__ = (Index("ix_plan_check_plan_id", "plan_id"),)

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    plan_id: UUID
    visit_id: UUID | None = None
    domain: str
    report_unit: str
    name: str
    department: str
    matters: str = Field(sa_column=Column(Text, nullable=False))  # JSON list
    source: str
    ref: str
    trigger: str
    hours: float
    first: date
    last: date
    late: int = 0  # days over its own date when the plan was made
    priority: float
    reason: str = ""
    why_zh: str = Field(default="", sa_column=Column(Text, nullable=False))
    why_en: str = Field(default="", sa_column=Column(Text, nullable=False))


class PlanEdit(Base, table=True):
    """What a person did to a plan: only ever added."""

    __tablename__ = "plan_edit"

    plan_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    by: str
    act: str
    subject_id: UUID | None = None
    visit_id: UUID | None = None
    name: str = ""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    data: str = Field(sa_column=Column(Text, nullable=False))  # JSON


class PlanRequest(Base, table=True):
    """Somebody asks that a subject be visited jointly: taken into the next plan whose days it allows.

    `ref`: where the wish comes from (a hot spot, a case's number). `plan_id`: the plan that took it up.
    """

    __tablename__ = "plan_request"
    __table_args__ = (Index("ix_plan_request_domain", "domain", "first"),)

    subject_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    domain: str
    report_unit: str
    departments: str = Field(sa_column=Column(Text, nullable=False))  # JSON list
    first: date
    last: date
    reason: str = Field(sa_column=Column(Text, nullable=False))
    ref: str
    at: datetime
    by: str
    withdrawn_at: datetime | None = None


class InspectionForce(Base, table=True):
    """Who a department has to go in a unit ("": in the whole city): inspectors, and each one's hours on site a day."""

    __tablename__ = "inspection_force"

    department: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    inspectors: int
    hours: float
    at: datetime
    by: str


class QuietPeriod(Base, table=True):
    """Days on which enterprises are not visited by plan ("" of unit or domain: of all)."""

    __tablename__ = "quiet_period"

    id: UUID = Field(primary_key=True)
    first: date
    last: date
    unit: str
    domain: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime
    by: str
    ended_at: datetime | None = None
    ended_by: str = ""


__all__ = [
    "InspectionForce", "JointPlan", "PlanCheck", "PlanEdit", "PlanRequest", "PlanVisit", "QuietPeriod", "metadata",
]  # fmt: skip
