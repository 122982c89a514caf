"""The prepaid money: how much of it lies safe, how much there may be, what it is spent on (PPC-01, 02, 12)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.prepaid_cards.indicators.common import (
    ORDER_9,
    balance_held,
    balance_of_last_quarter,
    fen,
    in_quarter_to,
    is_bound,
    only_where,
    tomorrow,
)
from domains.prepaid_cards.records import CustodySnapshot, FundOutflow, Guarantee, Issuer, QuarterReport
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, latest, subjects, table, when

#: Share of the prepaid balance that must lie in custody, in percent (Order 9 art. 26); other types owe none.
CUSTODY_PERCENT = {"scale": 20, "group": 30, "brand": 40}

#: Cap of the prepaid balance in percent of the prior year's main revenue, by industry (Order 9 art. 25).
CAP_PERCENT = {"零售业": 40, "住宿业": 40, "餐饮业": 40, "居民服务业": 100}
_GROUP_PERCENT, _YOUNG_PERCENT = 30, 200  # of the group's revenue; of the capital of one registered for under a year

#: What prepaid money must not be spent on (Order 9 art. 24).
FORBIDDEN = ("property", "equity", "securities", "lending")


def custody_adequacy(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-01: (custody + valid guarantees) ÷ (prepaid balance at the end of the last quarter × ratio of the type).

    NaN where the balance is unknown or zero, custody is unknown, or the type owes no custody.
    """
    own = ("issuer_type", "custody_balance", "guarantee_amount", "guarantee_until")
    issuers = subjects(frames, Issuer, *own)
    percent = issuers["issuer_type"].map(CUSTODY_PERCENT).astype("float64")
    balance = balance_of_last_quarter(frames, on)
    banks = _custody(frames, on).reindex(issuers.index)
    custody = banks["held"].fillna(issuers["custody_balance"])
    listed = when(issuers["guarantee_until"] >= pd.Timestamp(on), issuers["guarantee_amount"].fillna(0))
    guarantee = _guarantees(frames, on).reindex(issuers.index).fillna(listed)
    owed = fen(balance) * percent
    return pd.DataFrame({
        "value": fen(custody + guarantee) * 100 / owed.where(owed > 0),
        "custody": custody,
        "guarantee": guarantee,
        "balance": balance,
        "ratio": percent / 100,
        "required": owed / 1e4,
        "age": banks["age"],
    })  # fmt: skip


def _custody(frames: Frames, on: date) -> pd.DataFrame:
    """The last balance of each bank, added up (`held`), and how many days the oldest of them is old (`age`)."""
    shots = table(frames, CustodySnapshot, "snap_on", "bank", "balance")
    last = latest(shots[shots["snap_on"] < tomorrow(on)], "snap_on", "subject_id", "bank")
    of = last.groupby("subject_id")
    return pd.DataFrame({
        "held": of["balance"].sum(min_count=1),
        "age": (pd.Timestamp(on) - of["snap_on"].min()).dt.days.astype("float64"),
    })  # fmt: skip


def _guarantees(frames: Frames, on: date) -> pd.Series:
    """What is in force on the day, last day included; 0 for an issuer whose guarantees have all run out."""
    rows = table(frames, Guarantee, "amount", "valid_from", "valid_until")
    valid = (rows["valid_from"] <= pd.Timestamp(on)) & (rows["valid_until"] >= pd.Timestamp(on))
    return rows["amount"].where(valid, 0).groupby(rows["subject_id"]).sum()


def cap_use(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-02: prepaid balance ÷ what it may come to at most.

    NaN where the balance, or what the cap is taken of, is unknown or zero, for an industry without a cap, and for
    issuers that Order 9 doesn't bind.
    """
    own = (
        "issuer_type",
        "industry",
        "prior_fy_main_revenue",
        "group_prior_fy_revenue",
        "registered_capital",
        "established_on",
    )
    issuers = subjects(frames, Issuer, *own)
    group = issuers["issuer_type"].eq("group")
    young = issuers["established_on"] > pd.Timestamp(on) - pd.DateOffset(years=1)
    base = pd.Series(
        np.select(
            [group, young],
            [issuers["group_prior_fy_revenue"], issuers["registered_capital"]],
            issuers["prior_fy_main_revenue"],
        ),
        index=issuers.index,
    )
    by_industry = issuers["industry"].map(CAP_PERCENT).astype("float64")
    percent = pd.Series(np.select([group, young], [_GROUP_PERCENT, _YOUNG_PERCENT], by_industry), index=issuers.index)
    balance = balance_held(frames, on)
    cap = fen(base) * percent
    found = pd.DataFrame({
        "value": fen(balance) * 100 / cap.where(cap > 0),
        "balance": balance,
        "base": base,
        "share": percent / 100,
        "cap": cap / 1e4,
    })  # fmt: skip
    return only_where(is_bound(issuers), found)


def diverted(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-12: yuan paid out of prepaid money for real estate, equity, securities or lending in three months, confirmed.

    `suspected`: not yet looked into, or still open. NaN where no payment of the three months is known, and for issuers
    that Order 9 doesn't bind.
    """
    issuers = subjects(frames, Issuer, "issuer_type")
    rows = table(frames, FundOutflow, "paid_on", "amount", "purpose", "finding")
    rows = rows[in_quarter_to(rows["paid_on"], on)]
    wrong = rows["purpose"].isin(FORBIDDEN)
    parts = pd.DataFrame({
        "value": rows["amount"].where(wrong & rows["finding"].eq("confirmed"), 0),
        "suspected": rows["amount"].where(wrong & ~rows["finding"].isin(["confirmed", "cleared"]), 0),
        "payments": 1.0,
    })  # fmt: skip
    return only_where(is_bound(issuers), parts.groupby(rows["subject_id"]).sum().reindex(issuers.index))


_FIRST_ACTION = Text(
    "书面询问发卡企业和存管银行，责令补足或改正（默认期限15日）",
    "Write to the issuer and the custody bank; order to top up or correct, in 15 days unless stated otherwise",
)

CUSTODY = Indicator(
    "PPC-01", "存管资金达标率", "Custody adequacy",
    per=Issuer, needs=(Issuer, QuarterReport, CustodySnapshot, Guarantee), compute=custody_adequacy,
    levels=Levels(red="< 0.80", orange=Bound("< 1.00", "LAW"), yellow="< 1.10"),
    basis=Basis(
        "LAW",
        f"{ORDER_9}第二十六条（存管比例）、第二十七条（存管协议）、第二十八条（保证保险、保函可冲抵）；低于1.00为法定，0.80、1.10为经验值",
    ),
    owner="SWJ", first_within="5wd", first_action=_FIRST_ACTION,
    formula=Text(
        "（存管余额＋有效保险、保函金额）÷（上季末预收资金余额×法定比例）；比例：规模20%、集团30%、品牌40%",
        "(Custody + valid guarantees) ÷ (prepaid balance at the end of the last quarter × ratio): scale 20 %, group 30 %, brand 40 %",
    ),
    inputs=(
        Input("custody", "存管余额", "In custody", "元"), Input("guarantee", "有效保险、保函金额", "Valid guarantees", "元"),
        Input("balance", "上季末预收资金余额", "Prepaid balance at quarter end", "元"), Input("ratio", "法定存管比例", "Ratio by law", "%"),
        Input("required", "应存管金额", "Required", "元"), Input("age", "存管余额距今", "Age of the oldest custody balance", "天"),
    ),
)  # fmt: skip

BALANCE_CAP = Indicator(
    "PPC-02", "预收资金余额占上限比", "Use of the balance cap",
    per=Issuer, needs=(Issuer, QuarterReport), compute=cap_use,
    levels=Levels(red=Bound("> 1.00", "LAW"), orange="> 0.90", yellow="> 0.75"),
    basis=Basis(
        "LAW",
        f"{ORDER_9}第二十五条（上限）；注册不足一年按注册资本2倍、集团按营业收入30%待核实；超过1.00为法定，0.75、0.90为经验值",
    ),
    owner="SWJ", first_within="5wd", first_action=_FIRST_ACTION,
    formula=Text(
        "预收资金余额÷上限；上限：零售、住宿、餐饮为上一会计年度主营业务收入的40%，居民服务为100%，注册不足一年为注册资本的2倍，"
        "集团为集团上一会计年度营业收入的30%",
        "Prepaid balance ÷ cap: retail, lodging, catering 40 % of the main revenue of the year before, resident services 100 %; "
        "registered under a year 2 × registered capital; group 30 % of the group's revenue of the year before",
    ),
    inputs=(
        Input("balance", "预收资金余额", "Prepaid balance", "元"), Input("base", "计算基数（收入或注册资本）", "Revenue or capital it is taken of", "元"),
        Input("share", "上限比例", "Share", "%"), Input("cap", "上限", "Cap", "元"),
    ),
)  # fmt: skip

DIVERSION = Indicator(
    "PPC-12", "资金用途异常", "Prepaid money spent elsewhere",
    per=Issuer, needs=(Issuer, FundOutflow), compute=diverted, unit="元",
    levels=Levels(red=Bound("> 0", "LAW"), orange="suspected > 100000", yellow="suspected > 0"),
    basis=Basis("LAW", f"{ORDER_9}第二十四条（预收资金只能用于主营业务）；经核实的为法定，未核实的10万元分级为经验值"),
    owner="SWJ", first_within="5wd", first_action=_FIRST_ACTION,
    formula=Text(
        "近三个月预收资金支出中，用于不动产、股权、证券、借贷且经核实的金额；未核实的另计为可疑金额",
        "Paid out of prepaid money in three months for real estate, equity, securities or lending, confirmed; what isn't confirmed counts as suspected",
    ),
    inputs=(
        Input("suspected", "可疑金额（未核实）", "Suspected, not confirmed", "元"), Input("payments", "近三个月支出笔数", "Payments in three months", "笔"),
    ),
)  # fmt: skip
