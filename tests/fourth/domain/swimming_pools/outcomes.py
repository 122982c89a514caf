"""What is done about a pool's warnings, what they warn of, and what is at stake."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotwatch.domain import Basis, Composite, Incident, Levels, Planted, Procedure, Stake, Step, Text
from pilotwatch.frames import Frames, subjects
from pilotwatch.outcomes import days_of, penalties
from pilotwatch.records import Complaint

from .records import Pool

PROCEDURES = (
    Procedure(
        ("SWM-01", "SWM-02"), "WJW", Text("现场复测，责令停止开放", "Measure again on site; close the pool"), "3wd",
        by_level={"red": "2h"}, others=("TYJ",), limits=("T4",), basis=Basis("LAW", "《公共场所卫生管理条例》；时限为经验值"),
        steps=(
            Step(Text("复测余氯、浑浊度、尿素", "Measure chlorine, turbidity and urea again"), "24h"),
            Step(Text("公示检测结果", "Publish the result"), "7d", levels=("red",), basis="LAW"),
        ),
        close_when=(Text("连续两次检测合格", "Two good readings in a row"),), look_back="30d",
    ),
)  # fmt: skip

_ILL = "不适|感染|腹泻|结膜炎|皮炎"


def _ill(frames: Frames) -> pd.DataFrame:
    """Bathers who complained that they fell ill."""
    return days_of(
        frames, Complaint, "received_at", "subject", where=lambda r: r["subject"].str.contains(_ILL, na=False)
    )


INCIDENTS = (
    Incident("ill_bathers", "泳客不适", "Bathers fell ill", (Complaint,), _ill, ("SWM-01", "SWM-02")),
    penalties(("SWM-01", "SWM-02", "SWM-03")),
)


def _stake(frames: Frames, on: date) -> pd.DataFrame:
    allowed = subjects(frames, Pool, "capacity")["capacity"]
    return pd.DataFrame({"exposure": allowed, "customers": allowed, "visit_within": 180.0}, index=allowed.index)


STAKE = Stake("核定人数", "Bathers allowed", "人", (Pool,), _stake, (50, 200, 500))
COMPOSITE = Composite(
    "水质综合分", "Water score", {"red": 50, "orange": 20, "yellow": 10}, Levels(red=">= 80", orange=">= 50", yellow=">= 20"),
    Basis("PRAC", "经验值"),
)  # fmt: skip
PLANTED = (Planted("undisinfected", "未消毒", "Not disinfected", ("SWM-01", "SWM-02")),)
