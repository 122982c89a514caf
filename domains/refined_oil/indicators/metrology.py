"""The pumps: totalizers against transactions, verifications and their errors (OIL-04, 05, 06)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from domains.refined_oil.indicators.common import judged, lately, nozzle_name, ratio, stations
from domains.refined_oil.records import Nozzle, SaleDay, Station, Totalizer, Verification
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text, Version
from pilotwatch.frames import Frames, days_to, latest, table, unless_unknown

#: JJG 443-2023 allows a repeatability of 0.10 %, JJG 443-2015 before it 0.15 %.
JJG_2023_SINCE = date(2024, 5, 1)
REPEATABILITY, REPEATABILITY_BEFORE = 0.0010, 0.0015

_WINDOW = 30  # days of pump readings that are looked at
_NEAR = pd.Timedelta(hours=1)  # how far from midnight a reading still parts two days
_NOZZLE = ["subject_id", "nozzle_no"]

# --- totalizers --------------------------------------------------------------------------------------------------


def unrecorded_pumping(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-04: the largest difference between a nozzle's counter and its transactions on a day, as a share of the counter.

    A day is judged by two readings at its midnights, where the station's sales of that day are known; a nozzle without
    transactions then sold nothing. `resets`: times a counter ran backwards without a new seal by a verification between
    the readings. While a nozzle that sold was never judged only a warning stands.
    """
    index = stations(frames)
    read = table(frames, Totalizer, "nozzle_no", "read_at", "reading_l")
    read = _by_nozzle(read[lately(read["read_at"], on, _WINDOW + 1)]).sort_values("read_at", kind="stable")
    sold = table(frames, SaleDay, "nozzle_no", "day", "litres")
    sold = _by_nozzle(sold[lately(sold["day"], on, _WINDOW + 1)])

    days = _nozzle_days(read, sold)
    worst = (
        days.sort_values("value", na_position="first")
        .drop_duplicates("subject_id", keep="last")
        .set_index("subject_id")
    )
    found = worst[["value", "pumped_l", "sold_l"]].reindex(index)
    found["days"] = days.groupby("subject_id")["value"].count().reindex(index)
    found["resets"] = _resets(read, frames).reindex(index)
    silent = _pairs(sold[sold["litres"] > 0]).difference(_pairs(days[days["value"].notna()]))
    complete = pd.Series(~index.isin(silent.get_level_values(0)), index)
    found["value"] = unless_unknown(found["value"], found["value"] >= 0.001, complete)
    return judged(frames, found)


def _by_nozzle(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(nozzle_no=nozzle_name(rows["nozzle_no"]))


def _pairs(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[_NOZZLE].drop_duplicates())


def _nozzle_days(read: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """A row for each nozzle and day with readings at both its midnights and known sales: `pumped_l`, `sold_l`, `value`."""
    midnight = read["read_at"].dt.round("D")
    near = (read["read_at"] - midnight).abs() <= _NEAR
    rows = read.assign(midnight=midnight)[near].drop_duplicates([*_NOZZLE, "midnight"], keep="last")
    rows = rows.sort_values([*_NOZZLE, "midnight"], kind="stable")
    before = rows.groupby(_NOZZLE)[["midnight", "reading_l"]].shift()
    rows = rows.assign(day=before["midnight"], pumped_l=rows["reading_l"] - before["reading_l"])
    rows = rows[(rows["midnight"] - rows["day"] == pd.Timedelta(days=1)) & (rows["pumped_l"] >= 0)]
    known = sold[["subject_id", "day"]].drop_duplicates()
    by_nozzle = sold.groupby([*_NOZZLE, "day"], as_index=False)["litres"].sum()
    days = rows.merge(known, on=["subject_id", "day"]).merge(by_nozzle, "left", on=[*_NOZZLE, "day"])
    days = days.assign(sold_l=days["litres"].fillna(0.0))
    return days.assign(value=ratio((days["pumped_l"] - days["sold_l"]).abs(), days["pumped_l"]))


def _resets(read: pd.DataFrame, frames: Frames) -> pd.Series:
    """How often a counter of the station ran backwards unsealed, of the stations that have readings."""
    rows = read.sort_values([*_NOZZLE, "read_at"], kind="stable")
    before = rows.groupby(_NOZZLE)[["read_at", "reading_l"]].shift()
    back = rows.assign(since=before["read_at"].dt.normalize())[rows["reading_l"] < before["reading_l"]].reset_index()
    seals = _by_nozzle(table(frames, Verification, "nozzle_no", "verified_on", "seal_no"))
    both = back.merge(seals[seals["seal_no"].notna()], on=_NOZZLE)
    sealed = both[(both["verified_on"] >= both["since"]) & (both["verified_on"] <= both["read_at"])]
    unsealed = back[~back["index"].isin(sealed["index"])].groupby("subject_id").size()
    return unsealed.reindex(pd.Index(read["subject_id"].unique()), fill_value=0)


# --- verifications -----------------------------------------------------------------------------------------------


def _nozzles(frames: Frames, on: date, *fields: str) -> pd.DataFrame:
    """The latest known verification of each nozzle, by the register of nozzles and by the verifications themselves.

    `verify_until` is what the certificate says, else 6 months after the verification, less a day.
    """
    named = ("nozzle_no", "verified_on", "verify_until", *fields)
    rows = pd.concat([table(frames, record, *named) for record in (Nozzle, Verification)], ignore_index=True)
    rows["verify_until"] = rows["verify_until"].fillna(
        rows["verified_on"] + pd.DateOffset(months=6) - pd.Timedelta(days=1)
    )
    rows["verified_on"] = rows["verified_on"].fillna(rows["verify_until"] - pd.DateOffset(months=6))
    rows = rows[~(rows["verified_on"] > pd.Timestamp(on))]
    return latest(_by_nozzle(rows), "verified_on", *_NOZZLE)


def verification_due(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-05: days until the first nozzle's verification runs out; NaN for a station without a known nozzle, or with
    a nozzle whose date is unknown unless another is due within 30 days.
    """
    nozzles = _nozzles(frames, on)
    left = days_to(nozzles["verify_until"], on)
    by_station = left.groupby(nozzles["subject_id"])
    first = by_station.min()
    value = unless_unknown(first, first <= 30, by_station.count() == by_station.size())
    overdue = (left < 0).groupby(nozzles["subject_id"]).sum()
    parts = pd.DataFrame({"value": value, "overdue": overdue, "nozzles": by_station.size()}, dtype="float64")
    return judged(frames, parts)


def nozzle_error(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-06: the largest error of a nozzle, signless, by its latest verification.

    `repeat_excess` is by how much a repeatability goes beyond the limit of its day. While a nozzle's test is unknown in
    part only a warning stands.
    """
    nozzles = _nozzles(frames, on, "error_pct", "repeat_pct")
    station = nozzles["subject_id"]
    error, repeat = nozzles["error_pct"] / 100, nozzles["repeat_pct"] / 100
    old = nozzles["verified_on"] < pd.Timestamp(JJG_2023_SINCE)
    excess = (repeat - np.where(old, REPEATABILITY_BEFORE, REPEATABILITY)).round(9)
    worst, beyond = error.abs().groupby(station).max(), excess.groupby(station).max()
    parts = {
        "value": unless_unknown(worst, worst >= 0.0015, error.notna().groupby(station).all()),
        "repeat_excess": unless_unknown(beyond, beyond > 0, repeat.notna().groupby(station).all()),
        "repeat": repeat.groupby(station).max(), "mean_error": error.groupby(station).mean(),
        "below": (error < 0).groupby(station).sum(), "nozzles": station.groupby(station).size(),
    }  # fmt: skip
    return judged(frames, pd.DataFrame(parts, dtype="float64"))


UNRECORDED_PUMPING = Indicator(
    "OIL-04", "泵码与交易不符", "Totalizer against transactions", unit="%",
    per=Station, needs=(Station, Totalizer, SaleDay, Verification), compute=unrecorded_pumping,
    inputs=(
        Input("pumped_l", "差异最大枪日的泵码增量", "Counter of the worst nozzle and day", "L"),
        Input("sold_l", "同枪同日交易量", "Its transactions", "L"), Input("days", "参与比对的枪日数", "Nozzle-days compared"),
        Input("resets", "无铅封记录的泵码回退次数", "Resets without a seal on record"),
    ),
    levels=Levels(red="> 0.5 % | resets >= 1", orange=">= 0.3 %", yellow=">= 0.1 %"),
    basis=Basis("PRAC", "分级为经验值；改动计量装置属违法行为，见《计量法》《加油站计量监督管理办法》"),
    owner="SCJG", first_within="24h",
    formula=Text(
        "近30日逐枪逐日：|泵码增量－当日交易升数|÷泵码增量，取最大值；泵码读数变小为回退，回退期间无检定铅封记录的直接为红色",
        "By nozzle and day of the last 30: |increase of the counter − litres sold| ÷ increase, the largest; a counter that ran "
        "backwards without a seal by a verification in between is red",
    ),
    first_action=Text("封存加油枪，重新检定，立案调查", "Seal the nozzle, verify it again, open a case"),
)  # fmt: skip

_DUE = Levels(red=Bound("< 0", "LAW"), orange="<= 7", yellow="<= 30")


def _by_regulation(no: str) -> Basis:
    return Basis("LAW", f"《计量法》强制检定；JJG {no}：检定周期不超过6个月；提前7日、30日为经验值")


VERIFICATION_DUE = Indicator(
    "OIL-05", "加油机检定到期", "Dispenser verification due", unit="天",
    per=Station, needs=(Station, Nozzle, Verification), compute=verification_due,
    inputs=(Input("overdue", "已逾期加油枪数", "Nozzles overdue"), Input("nozzles", "加油枪数", "Nozzles")),
    levels=_DUE, basis=_by_regulation("443-2023"), owner="SCJG", first_within="24h",
    versions=(
        Version(_DUE, _by_regulation("443-2015"), until=JJG_2023_SINCE - timedelta(days=1), name="JJG 443-2015"),
        Version(_DUE, _by_regulation("443-2023"), since=JJG_2023_SINCE, name="JJG 443-2023"),
    ),
    formula=Text(
        "全站各加油枪检定有效期至（无则检定日期＋6个月－1天）距今天数的最小值",
        "Days to the end of verification, smallest of the station's nozzles (where not stated: verified on + 6 months − 1 day)",
    ),
    first_action=Text("停用逾期加油枪，责令送检", "Stop the nozzle that is overdue and have it verified"),
)  # fmt: skip

_ERROR = Levels(red=Bound("> 0.30 % | repeat_excess > 0", "STD"), orange=">= 0.20 %", yellow=">= 0.15 %")
_ERROR_2023 = Basis("STD", "JJG 443-2023：最大允许误差±0.30%，重复性不超过0.10%；0.20%、0.15%为经验值")
_ERROR_2015 = Basis("STD", "JJG 443-2015：最大允许误差±0.30%，重复性不超过0.15%（待核实）；0.20%、0.15%为经验值")

NOZZLE_ERROR = Indicator(
    "OIL-06", "示值误差", "Dispenser error", unit="%",
    per=Station, needs=(Station, Nozzle, Verification), compute=nozzle_error,
    inputs=(
        Input("repeat_excess", "重复性超出限值", "Repeatability beyond its limit", "%"), Input("repeat", "最大重复性", "Largest repeatability", "%"),
        Input("mean_error", "各枪示值误差平均值（带符号）", "Mean error, with its sign", "%"),
        Input("below", "示值误差为负的加油枪数", "Nozzles with a negative error"), Input("nozzles", "加油枪数", "Nozzles"),
    ),
    levels=_ERROR, basis=_ERROR_2023, owner="SCJG", first_within="24h",
    versions=(
        Version(_ERROR, _ERROR_2015, until=JJG_2023_SINCE - timedelta(days=1), name="JJG 443-2015"),
        Version(_ERROR, _ERROR_2023, since=JJG_2023_SINCE, name="JJG 443-2023"),
    ),
    formula=Text(
        "各枪最近一次检定示值误差绝对值的最大值；重复性超过检定当日适用限值（2024年5月1日起0.10%，此前0.15%）的为红色。"
        "全站各枪误差均偏向一侧的，作为计量线索核查",
        "Largest absolute error of the nozzles' latest verifications; red as well where a repeatability goes beyond the limit of "
        "that day (0.10 % since 2024-05-01, 0.15 % before). All nozzles of a station off to one side are a clue to look into",
    ),
    first_action=Text("封存加油枪，重新检定，核查计量作弊线索", "Seal the nozzle, verify it again, look for tampering"),
)  # fmt: skip
