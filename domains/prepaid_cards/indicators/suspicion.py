"""Suspicion that an issuer is about to run away with the money: several of the other signs at once (PPC-15)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.prepaid_cards.indicators.demand import COMPLAINTS, REFUNDS, SELLING, complaint_surge, pushed, refund_run
from domains.prepaid_cards.indicators.standing import ARREARS, CLOSING, arrears_signals, closing_signals
from domains.prepaid_cards.records import Issuer
from pilotwatch.domain import LEVELS, Basis, Indicator, Input, Level, Levels, Text
from pilotwatch.frames import Frames
from pilotwatch.levels import level_of

#: The signs of which two at orange or above raise the suspicion.
_SIGNS = {"complaints": COMPLAINTS, "refunds": REFUNDS, "selling": SELLING, "arrears": ARREARS}


def absconding(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-15: how many of four signs are orange or red; `closing`: whether the signs of closing are red.

    NaN where the signs that can't be told could still make it two.
    """
    complaints, closing, arrears = (f(frames, on) for f in (complaint_surge, closing_signals, arrears_signals))
    parts = {
        "complaints": complaints,
        "refunds": refund_run(frames, on),
        "selling": pushed(frames, on, complaints, closing, arrears),
        "arrears": arrears,
    }
    found = pd.DataFrame({name: _reaches("orange", indicator, parts[name]) for name, indicator in _SIGNS.items()})
    signs = found.sum(axis=1)
    told = (signs >= 2) | (signs + found.isna().sum(axis=1) < 2)
    found.insert(0, "value", signs.where(told))
    found["closing"] = _reaches("red", CLOSING, closing)
    return found


def _reaches(level: Level, indicator: Indicator, parts: pd.DataFrame) -> pd.Series:
    """1 where the indicator is at the level or worse, 0 where it is milder, NaN where it can't be told."""
    ranks = level_of(parts, indicator.levels).cat.codes
    reached = (ranks <= LEVELS.index(level)).astype("float64")
    return reached.mask(ranks == LEVELS.index("nodata"))


ABSCONDING = Indicator(
    "PPC-15", "跑路嫌疑", "Suspicion of absconding",
    per=Issuer, needs=tuple(dict.fromkeys(r for i in (*_SIGNS.values(), CLOSING) for r in i.needs)), compute=absconding, unit="项",
    levels=Levels(red="closing >= 1 | >= 2"),
    basis=Basis("PRAC", "经验值；由人工确认后转为问题线索"), owner="SWJ", first_within="24h",
    formula=Text(
        "投诉激增、集中退卡、突击售卡、欠款信号四项中达到橙色及以上的项数，两项以上即为嫌疑；闭店与变更信号为红色的亦为嫌疑；按各指标的默认界限判定",
        "How many of complaint surge, run on refunds, sudden selling and arrears are orange or red; two are a suspicion, and so are red signs of "
        "closing; by the default bounds of these indicators",
    ),
    first_action=Text(
        "24小时内会同公安、金融办研判，冻结新售卡，登记债权，固定证据，发布消费提示；经人工确认后转问题线索",
        "Within 24 hours: joint study with police and financial office, freeze new sales, count claims, keep evidence, warn the public; a clue once "
        "a person has confirmed it",
    ),
    inputs=(
        Input("complaints", "投诉激增达橙色（1为是）", "Complaint surge orange or red (1: yes)"),
        Input("refunds", "集中退卡达橙色（1为是）", "Run on refunds orange or red (1: yes)"),
        Input("selling", "突击售卡达橙色（1为是）", "Sudden selling orange or red (1: yes)"),
        Input("arrears", "欠款信号达橙色（1为是）", "Arrears orange or red (1: yes)"),
        Input("closing", "闭店与变更信号为红色（1为是）", "Signs of closing red (1: yes)"),
    ),
)  # fmt: skip
