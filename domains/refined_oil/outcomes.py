"""What warnings about stations warn of, and what is at stake at a station."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.refined_oil.records import Sampling, Station, Verification
from pilotwatch.domain import Incident, Planted, Stake
from pilotwatch.frames import Frames, subjects, table
from pilotwatch.outcomes import confirmed_clues, days_of, penalties
from pilotwatch.records import Hazard

_CHECKED_YEARLY = 365.0  # stations are high-risk sites: every one of them in a year (C.3, PRAC)

_BOOKS = ("OIL-01", "OIL-02", "OIL-03", "OIL-12")
_METERS = ("OIL-04", "OIL-05", "OIL-06")
_REST = ("OIL-07", "OIL-08", "OIL-09", "OIL-11", "OIL-13", "OIL-14", "OIL-15", "OIL-16")


def _failed_sample(frames: Frames) -> pd.DataFrame:
    """A sample that failed, on the day of the laboratory's report (where that is unknown, of the sampling)."""
    rows = table(frames, Sampling, "sampled_on", "reported_on", "result")
    rows = rows[rows["result"].eq("不合格")]
    found = pd.DataFrame({"subject_id": rows["subject_id"], "day": rows["reported_on"].fillna(rows["sampled_on"])})
    return found.dropna().drop_duplicates(ignore_index=True)


def _failed_nozzle(frames: Frames) -> pd.DataFrame:
    """A nozzle that failed its verification (JJG 443)."""
    return days_of(frames, Verification, "verified_on", "result", where=lambda r: r["result"].eq("不合格"))


def _major(frames: Frames) -> pd.DataFrame:
    return days_of(frames, Hazard, "found_on", "level", where=lambda r: r["level"].eq("重大"))


INCIDENTS = (
    Incident("failed_sample", "油品抽检不合格", "Sample failed", (Sampling,), _failed_sample, _BOOKS),
    Incident("failed_nozzle", "加油机检定不合格", "Nozzle failed", (Verification,), _failed_nozzle, ("OIL-01", "OIL-02")),
    Incident("major_hazard", "重大隐患", "Major hazard", (Hazard,), _major, ("OIL-08", "OIL-09", "OIL-13", "OIL-15")),
    penalties((*_BOOKS, *_METERS, *_REST)),
    confirmed_clues((*_BOOKS, *_METERS, *_REST)),
)  # fmt: skip


def _stake(frames: Frames, on: date) -> pd.DataFrame:
    """The oil a station sells in a year (t); what it sells is also what its customers are counted by."""
    sold = subjects(frames, Station, "annual_sales_t", "business_status")
    asked = pd.Series(_CHECKED_YEARLY, index=sold.index).mask(sold["business_status"].eq("关闭"))
    return pd.DataFrame(
        {"exposure": sold["annual_sales_t"], "customers": sold["annual_sales_t"], "visit_within": asked}
    )


#: Steps of yearly sales (PRAC).
STAKE = Stake("年销量", "Sales of the year", "吨", (Station,), _stake, (1_000, 3_000, 8_000))

PLANTED = (
    Planted("under_declared", "少报销售", "Under-declared", ("OIL-02",)),
    Planted("substandard", "油品不合格", "Substandard oil", ("OIL-07",)),
    Planted("unfiled_supplier", "供货方未备案", "Unfiled supplier", ("OIL-12",)),
    Planted("verification_overdue", "检定超期", "Verification overdue", ("OIL-05",)),
    Planted("meter_tampered", "泵码被改", "Meter tampered", ("OIL-04",)),
    Planted("leaking", "油罐渗漏", "Leaking tank", ("OIL-13",)),
    Planted("unlicensed_point", "黑加油点", "Unlicensed point", ("OIL-10",)),
)
