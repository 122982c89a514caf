"""Records that every domain shares: checks, complaints, clues, penalties, licences … (domain-rules A.1.4, B, C.5).

They are declared like a domain's own. `any_subject` ones may be about a subject that has no credit code: the registry
adds the field that identifies it, as the domain of that subject declares it (a house by its 房屋编码).
"""

from __future__ import annotations

from pilotwatch.domain import Record
from pilotwatch.records.checks import Inspection, PlannedCheck, ScanIn
from pilotwatch.records.clues import Clue, Complaint
from pilotwatch.records.columns import (
    address,
    credit_class,
    credit_code,
    departments,
    division,
    latitude,
    longitude,
    risk_level,
    street,
    subject_name,
)
from pilotwatch.records.enforcement import (
    HAZARD_LEVELS,
    EnforcementAct,
    Hazard,
    Interview,
    OrderToCorrect,
    Penalty,
    Referral,
)
from pilotwatch.records.matters import Matter
from pilotwatch.records.objects import ListedObject
from pilotwatch.records.registers import ARREARS, ArrearsEvent, BusinessChange, CreditRating, Lawsuit, Licence

#: Every shared record class.
SHARED: tuple[type[Record], ...] = (
    Inspection, ScanIn, PlannedCheck, Complaint, Clue, OrderToCorrect, Interview, Penalty, Hazard, Referral,
    EnforcementAct, BusinessChange, ArrearsEvent, Lawsuit, Licence, CreditRating, Matter, ListedObject,
)  # fmt: skip

__all__ = [
    "ARREARS",
    "HAZARD_LEVELS",
    "SHARED",
    "ArrearsEvent",
    "BusinessChange",
    "Clue",
    "Complaint",
    "CreditRating",
    "EnforcementAct",
    "Hazard",
    "Inspection",
    "Interview",
    "Lawsuit",
    "Licence",
    "ListedObject",
    "Matter",
    "OrderToCorrect",
    "Penalty",
    "PlannedCheck",
    "Referral",
    "ScanIn",
    "address",
    "credit_class",
    "credit_code",
    "departments",
    "division",
    "latitude",
    "longitude",
    "risk_level",
    "street",
    "subject_name",
]
