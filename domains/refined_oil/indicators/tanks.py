"""The tanks: overfilling, leaks, water, and whether their gauges report at all (OIL-13, 15)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.refined_oil.indicators.common import (
    IS_PETROL,
    end_of,
    grade_codes,
    judged,
    lately,
    only,
    ratio,
    stations,
)
from domains.refined_oil.records import Delivery, Station, Tank, TankReading, Totalizer
from domains.refined_oil.volumes import vcf
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Record, Text
from pilotwatch.frames import Frames, latest, subjects, table, unless_unknown

_DAYS = 7  # a reading that is older tells nothing of today
NIGHT_ENDS = 8  # o'clock, Beijing time: in Urumqi the quiet hours are from midnight to eight
A_FILLING = 10.0  # L/h: a faster loss can't be told from a sale; the stock balance sees it
_ONLINE_DAYS = 2  # a station that reported on fewer days of the week before its last reading has no line to be off
_TANK = ["subject_id", "tank_no"]


def tank_state(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-13: the fullest tank by its newest reading of seven days; its neighbours' water; what leaks at night.

    `leak`: litres an hour that a tank loses on two nights at least, `leak_once` on one. While a tank is unknown in
    part only a warning stands.
    """
    index = stations(frames)
    rows = table(frames, TankReading, "tank_no", "read_at", "product", "volume_l", "v20_l", "temp_c", "water_mm")
    rows = rows[lately(rows["read_at"], on, _DAYS)]
    tanks = _tanks(frames, rows)
    newest = latest(rows, "read_at", *_TANK).set_index(_TANK).reindex(tanks.index)
    nights = _night_losses(rows, frames, on).sort_values("loss", ascending=False, kind="stable")
    rank = nights.groupby(_TANK).cumcount()
    once, twice = (nights[rank == r].set_index(_TANK)["loss"] for r in (0, 1))
    by_tank = pd.DataFrame({
        "value": ratio(newest["volume_l"], tanks["capacity_l"]), "water_mm": newest["water_mm"],
        "leak": twice.reindex(tanks.index), "leak_once": once.reindex(tanks.index),
    }, tanks.index)  # fmt: skip
    worst = by_tank.groupby(level=0).max().reindex(index)
    known = by_tank.notna().groupby(level=0).all().reindex(index)
    mildest = {"value": 0.90, "water_mm": np.nextafter(30, 31), "leak": 0.4, "leak_once": 0.8}
    return judged(
        frames, pd.DataFrame({n: unless_unknown(worst[n], worst[n] >= b, known[n]) for n, b in mildest.items()})
    )


def _tanks(frames: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    """Every tank of the register or with a reading, and its capacity."""
    listed = table(frames, Tank, "tank_no", "capacity_l")
    both = pd.concat([listed, rows[_TANK]], ignore_index=True)
    return both.drop_duplicates(_TANK).set_index(_TANK)


def _night_losses(rows: pd.DataFrame, frames: Frames, on: date) -> pd.DataFrame:
    """Litres at 20 °C lost an hour by tank and night: the least between readings an hour apart or more, so that a
    filling in between doesn't count; no night in which a truck unloaded.
    """
    rows = rows[rows["read_at"].dt.hour < NIGHT_ENDS].sort_values([*_TANK, "read_at"], kind="stable")
    rows = rows.assign(night=rows["read_at"].dt.normalize())
    petrol = IS_PETROL[grade_codes(rows["product"])]
    litres_20 = rows["v20_l"].fillna(rows["volume_l"] * pd.Series(vcf(petrol, rows["temp_c"]), rows.index))
    rows = rows.assign(litres=litres_20.fillna(rows["volume_l"]))
    before = rows.groupby([*_TANK, "night"])[["read_at", "litres"]].shift()
    hours = (rows["read_at"] - before["read_at"]).dt.total_seconds() / 3600
    loss = ((before["litres"] - rows["litres"]) / hours).round(6)
    pairs = rows.assign(loss=loss)[(hours >= 1) & (loss <= A_FILLING)]
    loads = table(frames, Delivery, "unloaded_at")
    loads = loads[lately(loads["unloaded_at"], on, _DAYS) & (loads["unloaded_at"].dt.hour < NIGHT_ENDS)]
    filled = pd.MultiIndex.from_arrays([loads["subject_id"], loads["unloaded_at"].dt.normalize()])
    quiet = ~pd.MultiIndex.from_frame(pairs[["subject_id", "night"]]).isin(filled)
    return pairs[quiet].groupby([*_TANK, "night"], as_index=False)["loss"].min()


def hours_offline(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-15: hours that surely passed, when the day began, since the gauge or the pumps last reported, the longer.

    NaN for a station of which neither ever reported day by day, and for one that doesn't trade, which explains it.
    """
    status = subjects(frames, Station, "business_status")["business_status"]
    lines = {"gauge_h": TankReading, "pumps_h": Totalizer}
    found = pd.DataFrame({n: _silence(frames, record, on).reindex(status.index) for n, record in lines.items()})
    found.insert(0, "value", found.max(axis=1))
    return judged(frames, only(found, ~status.isin(["歇业", "停业整顿"])))


def _silence(frames: Frames, record: type[Record], on: date) -> pd.Series:
    """Hours since the last report of each station that had reported day by day before it."""
    rows = table(frames, record, "read_at")
    rows = rows[rows["read_at"] < end_of(on)]
    moments = rows.groupby("subject_id")["read_at"]
    last = moments.max()
    before = rows[moments.transform("max") - rows["read_at"] < pd.Timedelta(days=_DAYS)]
    days = before["read_at"].dt.normalize().groupby(before["subject_id"]).nunique()
    hours = ((pd.Timestamp(on) - last).dt.total_seconds() / 3600).clip(lower=0)
    return hours.where(days >= _ONLINE_DAYS)


TANK_STATE = Indicator(
    "OIL-13", "高液位/渗漏", "Overfilling and leaks", unit="%",
    per=Station, needs=(Station, Tank, TankReading, Delivery), compute=tank_state,
    inputs=(
        Input("leak", "两夜以上夜间损失速率", "Lost at night, on two nights", "L/h"), Input("leak_once", "单夜最大损失速率", "Lost at night, on one", "L/h"),
        Input("water_mm", "最大水高", "Highest water", "mm"),
    ),
    levels=Levels(
        red=Bound(">= 95 % | leak >= 0.8", "STD"), orange=Bound(">= 90 % | leak >= 0.4 | leak_once >= 0.8", "STD"), yellow="water_mm > 30"
    ),
    basis=Basis("STD", "GB 50156-2021：液位90%报警、95%停止进油，渗漏检测0.8L/h（待核实）；0.4L/h、水高30mm为经验值"),
    owner="YJJ", first_within="2h",
    formula=Text(
        "各罐近7日最近一次读数的油量÷容积，取最大值；夜间（0～8时）无卸油、间隔1小时以上两次读数的每小时损失（20℃体积，取当夜最小值，"
        "超过10L/h的视为加油不计），连续或不连续两夜达到0.8L/h为红色，两夜达到0.4L/h或单夜达到0.8L/h为橙色；水高超过30mm为黄色",
        "Volume ÷ capacity by each tank's newest reading of 7 days, the largest; litres (20 °C) lost an hour at night (0–8 h) between "
        "readings an hour apart or more without unloading, the least of a night, above 10 L/h taken for a sale: red at 0.8 L/h on two "
        "nights, orange at 0.4 on two or 0.8 on one; yellow at more than 30 mm of water",
    ),
    first_action=Text("立即停止卸油，启动渗漏处置程序", "Stop unloading at once and follow the procedure for leaks"),
)  # fmt: skip

HOURS_OFFLINE = Indicator(
    "OIL-15", "采集离线", "Gauges off line", unit="小时",
    per=Station, needs=(Station, TankReading, Totalizer), compute=hours_offline,
    inputs=(Input("gauge_h", "液位仪未上报", "Gauge silent", "小时"), Input("pumps_h", "泵码未上报", "Pumps silent", "小时")),
    levels=Levels(red="> 72", orange="> 24", yellow="> 8"),
    basis=Basis("PRAC", "经验值；仅在加油站页面提示"), owner="SWJ", first_within="3wd",
    formula=Text(
        "液位仪、泵码各自最后一次上报至统计日零时的小时数，取较大值；仅对逐日上报的营业加油站计算，歇业、停业整顿视为已说明",
        "Hours from the last report of gauge and of pumps to the beginning of the day, the longer; of stations that trade and report daily",
    ),
    first_action=Text("要求说明离线原因，恢复数据采集", "Ask why it is off line; have it report again"),
)  # fmt: skip
