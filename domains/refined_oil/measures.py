"""Stations by month: samples that failed, dispensers that failed, checks that found something."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.refined_oil.records import Sampling, Station, Verification
from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, table
from pilotwatch.outcomes import found_problems
from pilotwatch.records import Inspection

_FAILED = "不合格"


def failed_samples(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-M01: whether each fuel sample failed, in the month it was taken, once its report is there."""
    rows = table(frames, Sampling, "sampled_on", "reported_on", "result")
    rows = rows[(rows["reported_on"].fillna(rows["sampled_on"]) <= pd.Timestamp(on)) & rows["result"].notna()]
    return events(rows, rows["sampled_on"], rows["result"].eq(_FAILED))


def failed_verifications(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-M02: whether each verification of a nozzle failed."""
    rows = table(frames, Verification, "verified_on", "result")
    rows = rows[rows["result"].notna()]
    return events(rows, rows["verified_on"], rows["result"].eq(_FAILED))


MEASURES = (
    Measure(
        "OIL-M01", "油品抽检不合格率", "Fuel samples that failed", per=Station, needs=(Sampling,), compute=failed_samples, owner="SCJG",
        numerator=Input("failed", "不合格批次", "Batches that failed"), denominator=Input("batches", "抽检批次", "Batches sampled"),
        levels=Levels(red=">= 5 %", orange=">= 2 %", yellow=">= 1 %"), basis=Basis("PRAC", "区域分级为经验值；GB 17930-2016、GB 19147-2016"),
        formula=Text("不合格批次 ÷ 抽检批次，按抽样月份", "Batches that failed ÷ batches sampled, by the month of sampling"),
        first_action=Text("封存不合格油品，追溯上游", "Seal what failed, trace where it came from"),
    ),
    Measure(
        "OIL-M02", "加油机检定不合格率", "Verifications that failed", per=Station, needs=(Verification,), compute=failed_verifications, owner="SCJG",
        numerator=Input("failed", "不合格枪次", "Nozzles that failed"), denominator=Input("verified", "检定枪次", "Nozzles verified"),
        basis=Basis("STD", "JJG 443-2023；看趋势，不设分级"),
        formula=Text("检定不合格枪次 ÷ 检定枪次，按检定月份", "Nozzles that failed ÷ nozzles verified, by month"),
        first_action=Text("停用不合格加油枪，修复后重新检定", "Stop the nozzles; verify them again once repaired"),
    ),
    Measure(
        "OIL-M03", "加油站检查发现问题率", "Checks that found a problem", per=Station, needs=(Inspection,), compute=found_problems, owner="SWJ",
        numerator=Input("found", "发现问题的检查", "Checks with a problem"), denominator=Input("checks", "检查次数", "Checks"),
        basis=Basis("PRAC", "看趋势，不设分级"),
        formula=Text("发现问题的检查 ÷ 检查次数", "Checks that found a problem ÷ checks"),
        first_action=Text("对反复出现的问题开展专项检查", "A special check of what comes up again and again"),
    ),
)  # fmt: skip
