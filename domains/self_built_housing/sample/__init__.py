"""A synthetic city's self-built houses: how they were screened, appraised, patrolled, repaired and crossed off.

Planted: `hot_street`, three streets where dangerous houses (grades C and D) stay open for business, close together;
each such house is named as `dangerous_operating`. Elsewhere dangerous houses are few and mostly out of use.
`monitor_alarm` houses lean or crack beyond the limit of JGJ 125-2016. `careless_appraiser`: a company that dates many
reports one day and whose A and B don't stand when others look again. Eleven days ago the earth shook.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from domains.self_built_housing.sample.appraisals import draw_appraisals, draw_appraisers
from domains.self_built_housing.sample.houses import draw_houses, leave_out
from domains.self_built_housing.sample.matters import FIELD, ITEMS, SCENE
from domains.self_built_housing.sample.repairs import draw_repairs
from domains.self_built_housing.sample.watch import (
    PROBLEMS,
    draw_disasters,
    draw_monitoring,
    draw_patrols,
    draw_permits,
    draw_screenings,
)
from pilotwatch.sampling import City, Practice, supervise

_LATER = ("grade", "appraised_on", "appraiser", "report_no", "valid_until", "measure", "rectify_status")

PRACTICE = Practice(
    code="S", key="house_no", dataset="sbh_house",
    departments={"JSJ": 0.3, "FGJ": 0.2, "XFJY": 0.16, "CGJ": 0.12, "SCJG": 0.1, "YJJ": 0.06, "GAJ": 0.06},
    matters=("房屋结构安全", "鉴定报告", "消防通道", "用电用气", "违规改扩建", "经营许可", "安全出口"),
    problems=PROBLEMS,
    visits=0.35, complaints=0.04,
    complaint_subjects=("房屋墙体开裂", "违规加盖", "出租屋消防隐患", "危房仍在营业", "电动车楼道充电"),
    rated=False,
    scene=SCENE, field=FIELD, items=ITEMS, listed=0.3,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    """One part of the city: every dataset of the domain and the shared records about its houses."""
    houses, firms = draw_houses(city), draw_appraisers(city)
    houses, appraisals = draw_appraisals(city, houses, firms)
    houses, repairs = draw_repairs(city, houses)
    subjects = houses[houses["use_kind"] == "经营性自建房"].assign(name=lambda h: h["address"]).reset_index(drop=True)
    harmless = houses["screen_result"] == "未发现安全隐患"
    houses = leave_out(city, houses)
    listed = houses.drop(columns=["hot", "risk", "urban"])
    city.at_first("sbh_house", listed, _LATER, risk_level=np.where(harmless, "low", "medium"))
    return {
        "sbh_house": listed,
        "sbh_appraiser": firms,
        "sbh_screening": draw_screenings(city, houses),
        "sbh_appraisal": appraisals,
        "sbh_patrol": draw_patrols(city, houses),
        "sbh_event": draw_disasters(city),
        "permit": draw_permits(city, houses),
        "sbh_monitor_reading": draw_monitoring(city, houses),
        **repairs,
        **supervise(city, PRACTICE, subjects),
    }
