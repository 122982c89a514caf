"""What card holders do and the issuer asks of them: complaints, refunds, sales (PPC-07, 08, 09)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domains.prepaid_cards.indicators.common import (
    REGULATION,
    balance_held,
    fen,
    lately,
    named_in,
    only_where,
    since_the_regulation,
    tomorrow,
)
from domains.prepaid_cards.indicators.standing import ARREARS, CLOSING, arrears_signals, closing_signals
from domains.prepaid_cards.records import CardProduct, Issuer, MonthlyFlow, QuarterReport, RefundRequest
from pilotwatch.domain import Basis, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, subjects, table
from pilotwatch.records import Complaint

_FLOOR = 0.33  # complaints a month, below which a quiet past makes no surge
_USUAL_MONTHS, _AT_LEAST = 6, 3  # months that are usual, and how many of them must be reported


def complaint_surge(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-07: complaints of 30 days (`n30`, the value), their growth over the 90 days before, the largest group of a week.

    Questions don't count. Sheets of one day with the same subject and the same amount are one complaint that came in
    twice. NaN for an issuer of which no sheet was ever handed on.
    """
    issuers = subjects(frames, Issuer)
    rows = table(frames, Complaint, "received_at", "kind", "subject", "amount", "people_count")
    rows = rows[rows["received_at"] < tomorrow(on)]
    heard = named_in(issuers.index, rows["subject_id"])
    rows = rows[lately(rows["received_at"], on, 120) & (rows["kind"] != "咨询")]
    days = rows["received_at"].dt.normalize()
    same = rows.assign(day=days).duplicated(["subject_id", "day", "subject", "amount"])
    once = ~(same & rows["subject"].notna() & rows["amount"].notna())
    last = lately(rows["received_at"], on, 30)
    parts = pd.DataFrame({
        "n30": (once & last).astype("float64"),
        "before": (once & ~last).astype("float64"),
        "group7": rows["people_count"].where(lately(rows["received_at"], on, 7), 0).fillna(0),
    }).groupby(rows["subject_id"]).agg({"n30": "sum", "before": "sum", "group7": "max"})  # fmt: skip
    found = parts.reindex(issuers.index).fillna(0)
    found["g"] = 3 * found["n30"] / found["before"].clip(lower=3 * _FLOOR)
    found.insert(0, "value", found["n30"])
    return only_where(heard, found)


def refund_run(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-08: refunds asked for in 7 days ÷ prepaid balance; `s`: paid ÷ asked for of the requests of 30 days.

    The value is NaN where the balance is unknown or zero, `s` where nothing was asked for; all of it for an issuer of
    which no request was ever handed on.
    """
    issuers = subjects(frames, Issuer)
    rows = table(frames, RefundRequest, "requested_on", "amount", "paid_amount", "paid_on")
    rows = rows[rows["requested_on"] < tomorrow(on)]
    heard = named_in(issuers.index, rows["subject_id"])
    rows = rows[lately(rows["requested_on"], on, 30)]
    parts = pd.DataFrame({
        "asked7": rows["amount"].where(lately(rows["requested_on"], on, 7), 0),
        "asked30": rows["amount"],
        "paid30": rows["paid_amount"].where(~(rows["paid_on"] >= tomorrow(on)), 0).fillna(0),
        "requests": 1.0,
    })  # fmt: skip
    found = parts.groupby(rows["subject_id"]).sum().reindex(issuers.index).fillna(0)
    balance = balance_held(frames, on)
    found["balance"] = balance
    found["s"] = fen(found["paid30"]) / fen(found["asked30"]).where(found["asked30"] > 0)
    found.insert(0, "value", fen(found["asked7"]) / fen(balance).where(balance > 0))
    return only_where(heard, found)


def selling_push(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-09: cards sold in the last month ÷ what was usual in the six months before.

    The last month is the newest whole one that is reported, at most two months back; at least three of the six before
    must be. `discount`: the lowest price ÷ face value of a product. With the signals that make a push red.
    """
    return pushed(frames, on, complaint_surge(frames, on), closing_signals(frames, on), arrears_signals(frames, on))


def pushed(
    frames: Frames, on: date, complaints: pd.DataFrame, closing: pd.DataFrame, arrears: pd.DataFrame
) -> pd.DataFrame:
    """PPC-09 for who has PPC-07, 10 and 13 already."""
    issuers = subjects(frames, Issuer)
    months = _months(frames, on, issuers.index)
    late = np.isnan(months[:, 0])
    months = np.where(late[:, None], np.roll(months, -1, axis=1), months)
    before = months[:, 1 : 1 + _USUAL_MONTHS]
    reported = (~np.isnan(before)).sum(axis=1)
    usual = np.where(reported >= _AT_LEAST, np.nansum(before, axis=1) / np.maximum(reported, 1), np.nan)
    sold = months[:, 0]
    products = table(frames, CardProduct, "discount_ratio")
    return pd.DataFrame({
        "value": np.divide(sold, usual, out=np.full(len(sold), np.nan), where=usual > 0),
        "sold": sold,
        "usual": usual,
        "discount": products["discount_ratio"].groupby(products["subject_id"]).min().reindex(issuers.index),
        "n30": complaints["n30"],
        "group7": complaints["group7"],
        "closing": closing["value"],
        "arrears": arrears["value"],
    }, index=issuers.index)  # fmt: skip


def _months(frames: Frames, on: date, index: pd.Index) -> NDArray[np.float64]:
    """Cards sold by month, in yuan, NaN where not reported: shape (issuers, 8), the last whole month first."""
    newest = pd.Period(on, "M") - 1
    names = pd.Index([str(newest - n) for n in range(_USUAL_MONTHS + 2)])
    rows = table(frames, MonthlyFlow, "month", "issuance")
    rows = rows[rows["month"].isin(names)]
    sold = np.full((len(index), len(names)), np.nan)
    who, when = index.get_indexer(rows["subject_id"]), names.get_indexer(rows["month"])
    sold[who[who >= 0], when[who >= 0]] = rows["issuance"].to_numpy()[who >= 0]
    return sold


_COMPLAINT_LEVELS = Levels(
    red="n30 >= 30 | n30 >= 20 & g >= 3 | group7 >= 10", orange="n30 >= 10 | n30 >= 5 & g >= 2", yellow="n30 >= 5"
)
COMPLAINTS = Indicator(
    "PPC-07", "投诉激增", "Complaint surge",
    per=Issuer, needs=(Issuer, Complaint), compute=complaint_surge, unit="件", levels=_COMPLAINT_LEVELS,
    basis=Basis("PRAC", "经验值；投诉受理期限见12315投诉处理规定"), owner="SCJG", first_within="7wd",
    formula=Text(
        "近30日投诉举报件数（去重，咨询不计）；增幅＝近30日件数÷前90日月均件数（月均不足0.33按0.33计）；近7日单件涉及人数达10人的为群体投诉",
        "Complaints of 30 days, each once, without questions; growth = these ÷ the monthly mean of the 90 days before (0.33 at least); "
        "a group complaint has ten people or more in one sheet of 7 days",
    ),
    first_action=Text(
        "自收到之日起7个工作日内决定是否受理，组织调解，核查违法线索",
        "Decide within 7 working days of receipt whether to accept; mediate; look for violations",
    ),
    inputs=(
        Input("n30", "近30日投诉举报", "Complaints of 30 days", "件"), Input("before", "前90日投诉举报", "Complaints of the 90 days before", "件"),
        Input("g", "增幅", "Growth", "倍"), Input("group7", "近7日单件最多涉及人数", "Most people in one sheet of 7 days", "人"),
    ),
)  # fmt: skip

REFUNDS = Indicator(
    "PPC-08", "集中退卡指数", "Run on refunds",
    per=Issuer, needs=(Issuer, QuarterReport, RefundRequest), compute=refund_run, unit="%",
    levels=Levels(
        red=">= 10 % | s < 50 % & requests >= 5", orange=">= 5 % | s < 80 % & requests >= 5", yellow=">= 2 %"
    ),
    basis=Basis("PRAC", "经验值"), owner="SWJ",
    formula=Text(
        "近7日申请退卡金额÷预收资金余额；兑付率＝近30日申请中已退金额÷申请金额（不少于5笔时评价）",
        "Refunds asked for in 7 days ÷ prepaid balance; paid share = paid ÷ asked for of the requests of 30 days, five at least",
    ),
    first_action=Text(
        "当日现场核查，登记债权，提示消费者（红色会同公安、街道，24小时内）",
        "Visit the same day, count claims, warn the public; red: with police and street office within 24 hours",
    ),
    inputs=(
        Input("asked7", "近7日申请退卡金额", "Asked for in 7 days", "元"), Input("balance", "预收资金余额", "Prepaid balance", "元"),
        Input("asked30", "近30日申请退卡金额", "Asked for in 30 days", "元"), Input("paid30", "其中已退金额", "Paid of it", "元"),
        Input("s", "近30日兑付率", "Paid share of 30 days", "%"), Input("requests", "近30日申请笔数", "Requests of 30 days", "笔"),
    ),
)  # fmt: skip

_SELLING_LEVELS = Levels(
    red=">= 3 & (n30 >= 5 | group7 >= 10 | closing >= 1 | arrears >= 1)",
    orange=">= 2",
    yellow=">= 1.5 | discount <= 0.50",
)
_SELLING_BASIS = f"经验值；{REGULATION}第二十二条（出现重大经营风险应停止收取预付款，法定）"
SELLING = Indicator(
    "PPC-09", "异常促销、突击售卡", "Sudden selling of cards",
    per=Issuer, needs=tuple(dict.fromkeys((Issuer, MonthlyFlow, CardProduct, Complaint, *CLOSING.needs, *ARREARS.needs))),
    compute=selling_push, unit="倍", levels=_SELLING_LEVELS, basis=Basis("PRAC", _SELLING_BASIS),
    versions=since_the_regulation(_SELLING_LEVELS, "经验值", _SELLING_BASIS), owner="SWJ", first_within="3wd",
    formula=Text(
        "最近一个已报整月的售卡金额÷前6个月月均售卡金额（至少3个月有数）；达3倍且投诉、闭店变更或欠款信号达到黄色以上的为红色",
        "Cards sold in the last whole month reported ÷ the mean of the six months before (three of them at least); red at 3 with a signal of "
        "complaints, closing or arrears",
    ),
    first_action=Text(
        "由行业主管部门3个工作日内约谈，要求停止收取预付款", "The industry's department interviews within 3 working days and asks to stop prepayments"
    ),
    inputs=(
        Input("sold", "最近一月售卡金额", "Sold in the last month", "元"), Input("usual", "前6个月月均售卡金额", "Mean of the six months before", "元"),
        Input("discount", "卡产品最低折扣率", "Lowest price ÷ face value"), Input("n30", "近30日投诉举报", "Complaints of 30 days", "件"),
        Input("group7", "近7日单件最多涉及人数", "Most people in one sheet of 7 days", "人"),
        Input("closing", "闭店与变更信号数", "Signs of closing", "项"), Input("arrears", "欠款信号数", "Kinds of arrears", "类"),
    ),
)  # fmt: skip
