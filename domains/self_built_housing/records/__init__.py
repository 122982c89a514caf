"""What the departments report about the safety of self-built houses (domain-rules A.2.3 and A.2.4)."""

from __future__ import annotations

from domains.self_built_housing.records.events import (
    Appraisal,
    Closeout,
    DangerNotice,
    Disaster,
    Evacuation,
    HouseHazard,
    MonitorReading,
    Patrol,
    Permit,
    Rectification,
    Screening,
)
from domains.self_built_housing.records.subjects import Appraiser, House

RECORDS = (
    House, Appraiser, Screening, Appraisal, DangerNotice, HouseHazard, Rectification, Evacuation, Closeout, Patrol,
    MonitorReading, Permit, Disaster,
)  # fmt: skip

__all__ = [
    "RECORDS",
    "Appraisal",
    "Appraiser",
    "Closeout",
    "DangerNotice",
    "Disaster",
    "Evacuation",
    "House",
    "HouseHazard",
    "MonitorReading",
    "Patrol",
    "Permit",
    "Rectification",
    "Screening",
]
