"""What warnings about houses warn of, and what is at stake in a house."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.self_built_housing.indicators.houses import DANGEROUS, GRADED_BY, grades, in_business
from domains.self_built_housing.records import Appraisal, Evacuation, House, HouseHazard
from pilotwatch.domain import Incident, Planted, Stake
from pilotwatch.frames import Frames, subjects, when
from pilotwatch.outcomes import confirmed_clues, days_of, penalties

_CHECKED_YEARLY = 365  # a dangerous house in business is key supervision: every one of them in a year (C.3, PRAC)


def _dangerous(frames: Frames) -> pd.DataFrame:
    """An appraisal that found a house dangerous in part (C) or whole (D), JGJ 125-2016."""
    return days_of(frames, Appraisal, "reported_on", "grade", where=lambda r: r["grade"].isin(DANGEROUS))


def _evacuated(frames: Frames) -> pd.DataFrame:
    return days_of(frames, Evacuation, "started_at")


def _major(frames: Frames) -> pd.DataFrame:
    return days_of(frames, HouseHazard, "found_on", "level", where=lambda r: r["level"].eq("重大"))


_ALL = tuple(f"SBH-{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 11, 12))

INCIDENTS = (
    Incident(
        "dangerous", "鉴定为C、D级", "Appraised C or D", (Appraisal,), _dangerous, ("SBH-04", "SBH-07", "SBH-08", "SBH-12"),
        apart=("SBH-04",),  # it warns as long as there is no appraisal: one can end it, none can raise it
    ),
    Incident("evacuated", "人员撤离", "Evacuated", (Evacuation,), _evacuated, ("SBH-01", "SBH-03", "SBH-05", "SBH-07", "SBH-08")),
    Incident("major_hazard", "重大隐患", "Major hazard", (HouseHazard,), _major, ("SBH-04", "SBH-05", "SBH-08", "SBH-11", "SBH-12")),
    penalties(_ALL),
    confirmed_clues(_ALL),
)  # fmt: skip


def _stake(frames: Frames, on: date) -> pd.DataFrame:
    """The people in a house; a dangerous one in business has to be visited once a year."""
    houses = subjects(frames, House, "occupants")
    dangerous = grades(frames, on)["grade"].isin(DANGEROUS)
    key = (dangerous & in_business(frames).fillna(False)).astype("boolean")
    return pd.DataFrame(
        {
            "exposure": houses["occupants"],
            "customers": houses["occupants"],
            "visit_within": when(key, float(_CHECKED_YEARLY), float("nan")),
        }
    )


#: Ten people make a house one where people gather (SBH-05, SBH-12); the other steps are PRAC.
STAKE = Stake("居住和使用人数", "People in the house", "人", GRADED_BY, _stake, (10, 30, 100))

PLANTED = (
    Planted("dangerous_operating", "危房营业", "Dangerous house in use", ("SBH-01",)),
    Planted("monitor_alarm", "监测超限", "Sensor past its limit", ("SBH-08",)),
    Planted("careless_appraiser", "鉴定敷衍", "Careless appraiser", ("SBH-14",)),
)
