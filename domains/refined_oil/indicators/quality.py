"""What comes out of the nozzle and what of it goes into the air: samples and vapour recovery (OIL-07, 08)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.refined_oil.indicators.common import judged, lately, nozzle_name, ratio, stations
from domains.refined_oil.records import Sampling, Station, VaporDay, VaporTest
from pilotwatch.domain import Area, Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, latest, table

#: Items of which one failure is red: sulphur (not mercaptan), flash point, octane, cetane.
_GRAVE = r"(?<!醇)硫(?!醇)|闪点|辛烷|十六烷"

_VAPOUR_DAYS = 7  # that are looked at
WARNING_SHARE, ALARM_DAYS = 0.25, 5  # GB 20952-2020 annex E: a warning is a day, an alarm so many days running
RATIO_MIN, RATIO_MAX = 1.0, 1.2  # of air to liquid in the yearly test


def failed_samples(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-07: how many samples of the last 12 months failed; `grave` of them in sulphur, flash point, octane or cetane.

    NaN where none was taken. A sample counts from the day of its report.
    """
    rows = table(frames, Sampling, "sampled_on", "reported_on", "result", "failed_items")
    known = rows["reported_on"].fillna(rows["sampled_on"]) <= pd.Timestamp(on)
    rows = rows[known & _within_a_year(rows["sampled_on"], on) & rows["result"].notna()]
    failed = rows["result"].eq("不合格")
    grave = failed & rows["failed_items"].str.contains(_GRAVE, na=False)
    by_station = pd.DataFrame({"value": failed, "grave": grave, "batches": 1}, dtype="float64").groupby(
        rows["subject_id"]
    )
    found = by_station.sum()
    return judged(frames, found.assign(failed=found["value"]))


def _within_a_year(days: pd.Series, on: date) -> pd.Series:
    return (days > pd.Timestamp(on) - pd.DateOffset(months=12)) & (days <= pd.Timestamp(on))


def vapour_recovery(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-08: the largest share of a nozzle's fillings of a day, last seven days, with air-to-liquid out of range.

    `running`: the longest row of days in a warning state that reaches into the seven days; `alarms`: nozzle-days on
    which the monitor itself says alarm; `test_failed`: whether the newest test of 12 months failed.
    """
    index = stations(frames)
    rows = table(frames, VaporDay, "nozzle_no", "day", "fillings", "out_of_range", "state")
    rows = rows[lately(rows["day"], on, _VAPOUR_DAYS + ALARM_DAYS)]
    share = ratio(rows["out_of_range"], rows["fillings"])
    rows = rows.assign(nozzle_no=nozzle_name(rows["nozzle_no"]), value=share)
    recent = rows[lately(rows["day"], on, _VAPOUR_DAYS)]
    warned = rows[(rows["value"] >= WARNING_SHARE) | rows["state"].isin(["预警", "报警"])]
    parts = recent.assign(alarms=recent["state"].eq("报警"), days=recent["value"].notna()).groupby("subject_id")
    found = parts.agg({"value": "max", "alarms": "sum", "days": "sum"}).reindex(index).astype("float64")
    found["running"] = _running(warned, on).reindex(index).fillna(0.0).where(found["days"].notna())
    return judged(frames, found.assign(test_failed=_test_failed(frames, on).reindex(index)))


def _running(warned: pd.DataFrame, on: date) -> pd.Series:
    """The longest row of days of a nozzle of the station that reaches into the days looked at."""
    days = warned[["subject_id", "nozzle_no", "day"]].drop_duplicates().sort_values("day", kind="stable")
    nozzle = days.groupby(["subject_id", "nozzle_no"])
    began = days["day"] - pd.to_timedelta(nozzle.cumcount(), unit="D")  # the same for days in a row
    rows = days.groupby(["subject_id", "nozzle_no", began.rename("began")])["day"].agg(["size", "max"])
    reaching = rows[lately(rows["max"], on, _VAPOUR_DAYS)]
    return reaching.groupby("subject_id")["size"].max().astype("float64")


def _test_failed(frames: Frames, on: date) -> pd.Series:
    tests = table(frames, VaporTest, "tested_on", "air_liquid_ratio", "result")
    newest = latest(tests[_within_a_year(tests["tested_on"], on)], "tested_on", "subject_id").set_index("subject_id")
    measured, said = newest["air_liquid_ratio"], newest["result"]
    out = (measured < RATIO_MIN) | (measured > RATIO_MAX) | said.eq("不合格")
    return out.astype("float64").where(measured.notna() | said.notna())


FAILED_SAMPLES = Indicator(
    "OIL-07", "油品抽检不合格", "Failed fuel samples", unit="批次",
    per=Station, needs=(Station, Sampling), compute=failed_samples,
    inputs=(
        Input("failed", "近12个月不合格批次", "Failed batches, 12 months"), Input("batches", "近12个月抽检批次", "Batches sampled, 12 months"),
        Input("grave", "其中硫含量、闪点、辛烷值、十六烷值不合格", "Of them in sulphur, flash point, octane, cetane"),
    ),
    levels=Levels(red=Bound("grave >= 1", "STD"), orange=Bound(">= 1", "STD")),
    basis=Basis("STD", "GB 17930-2016、GB 19147-2016（国Ⅵ）；《产品质量法》"), owner="SCJG",
    formula=Text(
        "近12个月不合格批次数；其中硫含量、闪点、辛烷值、十六烷值任一不合格为红色，其他项目不合格为橙色",
        "Batches of 12 months that failed; red where one failed in sulphur, flash point, octane or cetane, orange in another item",
    ),
    first_action=Text("封存库存，追溯来源，告知复检权利", "Seal the stock, trace the source, tell of the right to a re-test"),
    area=Area(
        "failed", "batches", Levels(red=">= 5 %", orange=">= 2 %", yellow=">= 1 %"),
        Basis("PRAC", "区域分级为经验值；GB 17930-2016、GB 19147-2016"),
        Text("近12个月区域内不合格批次÷抽检批次", "Failed batches ÷ batches sampled in the area, 12 months"),
    ),
)  # fmt: skip

VAPOUR_RECOVERY = Indicator(
    "OIL-08", "油气回收异常", "Vapour recovery", unit="%",
    per=Station, needs=(Station, VaporDay, VaporTest), compute=vapour_recovery,
    inputs=(
        Input("running", "连续预警天数", "Days of warning running"), Input("alarms", "在线报警枪日数", "Nozzle-days in alarm"),
        Input("days", "近7日监测枪日数", "Nozzle-days monitored, 7 days"), Input("test_failed", "最近一次检测不合格（是为1）", "Last test failed (1: yes)"),
    ),
    levels=Levels(
        red=Bound("running >= 5 | alarms >= 1", "STD"), orange=Bound(">= 25 % | test_failed >= 1", "STD"), yellow=">= 15 %"
    ),
    basis=Basis("STD", "GB 20952-2020附录E：气液比超标加油占25%为预警，连续5日预警为报警（待核实）；检测气液比1.0～1.2；15%为经验值"),
    owner="STHJ", first_within="15d",
    formula=Text(
        "近7日逐枪逐日：气液比超出0.90～1.30的加油次数÷加油次数（每次15升以上），取最大值；连续5日预警或在线报警为红色；"
        "近12个月最近一次检测气液比不在1.0～1.2或结论不合格为橙色",
        "By nozzle and day of the last 7: fillings (above 15 L) with air-to-liquid outside 0.90–1.30 ÷ fillings, the largest; red "
        "where a warning ran for 5 days or the monitor gives alarm; orange where the newest test of 12 months wasn't within 1.0–1.2 or failed",
    ),
    first_action=Text("责令修复油气回收装置，重新检测", "Order the recovery to be repaired and tested again"),
)  # fmt: skip
