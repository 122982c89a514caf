"""What other registers show of an issuer: closing, changes of hands, arrears (PPC-10, 13)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.prepaid_cards.indicators.common import (
    REGULATION,
    balance_held,
    lately,
    named_in,
    only_where,
    since_the_regulation,
    tomorrow,
)
from domains.prepaid_cards.records import Issuer, Outlet, QuarterReport
from pilotwatch.domain import Basis, Indicator, Input, Levels, Text
from pilotwatch.frames import Frames, subjects, table
from pilotwatch.records import ARREARS as ARREARS_KINDS
from pilotwatch.records import ArrearsEvent, BusinessChange, Lawsuit

_DAYS = 90  # how long a signal counts

#: Registration states of a company that is ending, and those that mark it.
_ENDING = ("简易注销公告中", "注销", "吊销")
_MARKED = ("经营异常", "严重违法失信")


def closing_signals(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-10: how many signs of closing an issuer shows: it is ending while it holds money, 10 % of its outlets closed, its
    legal person changed, its shareholders changed, the register marks it.

    NaN where nothing is found but its registration, its outlets or, if it decides, its balance is unknown.
    """
    issuers = subjects(frames, Issuer, "reg_status", "address_lost")
    index, status = issuers.index, issuers["reg_status"]
    changes = _changes(frames, on, index)
    lost = issuers["address_lost"].fillna(False).astype(bool)
    gone = changes["notice"] | status.isin(_ENDING) | lost
    found = pd.DataFrame({
        "balance": balance_held(frames, on),
        "ending": gone.astype("float64").mask(status.isna() & ~gone),
        "closed": _closed_share(frames, on, index),
        "person": changes["person"].astype("float64"),
        "owners": changes["owners"].astype("float64"),
        "both": changes["both"].astype("float64"),
        "marked": status.isin(_MARKED).astype("float64").mask(status.isna()),
    })  # fmt: skip
    shown = pd.DataFrame({
        "owing": (found["ending"] >= 1) & (found["balance"] > 0),
        "closed": found["closed"] >= 0.10,
        "person": changes["person"],
        "owners": changes["owners"],
        "marked": found["marked"] >= 1,
    })  # fmt: skip
    signs = shown.sum(axis=1).astype("float64")
    known = found["ending"].notna() & found["closed"].notna() & (found["balance"].notna() | (found["ending"] == 0))
    found.insert(0, "value", signs.where((signs > 0) | known))
    return found


def _changes(frames: Frames, on: date, index: pd.Index) -> pd.DataFrame:
    """By issuer, of the last 90 days: legal person changed, shareholders changed, both within 30 days, cancellation announced."""
    rows = table(frames, BusinessChange, "kind", "changed_on")
    rows = rows[lately(rows["changed_on"], on, _DAYS)]
    people, owners = (rows[rows["kind"] == kind] for kind in ("法人", "股东"))
    pairs = people.merge(owners, on="subject_id")
    near = (pairs["changed_on_x"] - pairs["changed_on_y"]).abs() <= pd.Timedelta(days=30)
    who = {
        "person": people["subject_id"],
        "owners": owners["subject_id"],
        "both": pairs.loc[near, "subject_id"],
        "notice": rows.loc[rows["kind"] == "注销公告", "subject_id"],
    }
    return pd.DataFrame({name: named_in(index, ids) for name, ids in who.items()}, index=index)


def _closed_share(frames: Frames, on: date, index: pd.Index) -> pd.Series:
    """Outlets closed in 90 days ÷ outlets open at their start: by the list of outlets, else by the issuer's own numbers
    (open now + closed since = open then). An outlet that closed on an unknown day counts in neither.
    """
    outlets = table(frames, Outlet, "closed_on", "outlet_status")
    outlets = outlets[~(outlets["outlet_status"].eq("闭店") & outlets["closed_on"].isna())]
    closed = lately(outlets["closed_on"], on, _DAYS)
    before = outlets["closed_on"] < pd.Timestamp(on) - pd.Timedelta(days=_DAYS)
    per = pd.DataFrame({"closed": closed, "start": ~before}).groupby(outlets["subject_id"]).sum()
    listed = (per["closed"] / per["start"].where(per["start"] > 0)).reindex(index)
    own = subjects(frames, Issuer, "outlets", "outlets_closed_90d")
    start = own["outlets"] + own["outlets_closed_90d"]
    return listed.fillna(own["outlets_closed_90d"] / start.where(start > 0))


def arrears_signals(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-13: how many kinds of arrears an issuer has: begun within 90 days, still open, or told of in its list.

    NaN where its list says nothing of arrears and no arrears or court case of it was ever handed on.
    """
    listed = subjects(frames, Issuer, "arrears_flags")["arrears_flags"]
    events = table(frames, ArrearsEvent, "kind", "from_on", "cleared_on")
    cases = table(frames, Lawsuit, "kind", "from_on", "cleared_on")
    executions = cases["kind"].eq("执行")
    rows = pd.concat([events, cases.assign(kind=np.where(executions, "execution", "other"))], ignore_index=True)
    rows = rows[rows["from_on"] < tomorrow(on)]
    known = listed.notna() | named_in(listed.index, rows["subject_id"])
    rows = rows[lately(rows["from_on"], on, _DAYS) | ~(rows["cleared_on"] < tomorrow(on))]
    owes = {
        kind: named_in(listed.index, rows.loc[rows["kind"] == kind, "subject_id"])
        | listed.str.contains(f'"{kind}"', na=False, regex=False)
        for kind in ARREARS_KINDS.values
    }
    found = pd.DataFrame(owes, index=listed.index).astype("float64")
    found.insert(0, "value", found.sum(axis=1))
    return only_where(known, found)


_CLOSING_LEVELS = Levels(
    red="balance > 0 & (ending >= 1 | closed >= 1)", orange="closed >= 0.30 | both >= 1",
    yellow="closed >= 0.10 | person >= 1 | owners >= 1 | marked >= 1",
)  # fmt: skip
_CLOSING_BASIS = (
    f"经验值；{REGULATION}第二十二条（出现重大经营风险应停止收取预付款），停业、迁址应提前30日公告（条文号待核实）"
)
CLOSING = Indicator(
    "PPC-10", "闭店与变更信号", "Signs of closing",
    per=Issuer, needs=(Issuer, Outlet, QuarterReport, BusinessChange), compute=closing_signals, unit="项",
    levels=_CLOSING_LEVELS, basis=Basis("PRAC", _CLOSING_BASIS),
    versions=since_the_regulation(_CLOSING_LEVELS, "经验值", _CLOSING_BASIS), owner="SWJ",
    formula=Text(
        "近90日信号数：有预收资金而注销公告、注销、吊销或住所失联，门店关闭10%以上，法定代表人变更，股东变更，列入经营异常或严重违法失信名单；"
        "有预收资金且终止经营或门店全部关闭为红色，关店30%以上或30日内法人、股东均变更为橙色",
        "Signs of 90 days: ending or not found at its address while money is held, 10 % of the outlets closed, legal person changed, shareholders "
        "changed, marked in the register; red: money is held and it is ending or all outlets are closed; orange: 30 % closed, or both changed within 30 days",
    ),
    first_action=Text(
        "当日现场核查，登记债权，提示消费者（红色会同公安、街道，24小时内）",
        "Visit the same day, count claims, warn the public; red: with police and street office within 24 hours",
    ),
    inputs=(
        Input("balance", "预收资金余额", "Prepaid balance", "元"),
        Input("ending", "注销、吊销或住所失联（1为是）", "Cancelled, revoked or not found (1: yes)"),
        Input("closed", "近90日关店比例", "Outlets closed in 90 days", "%"),
        Input("person", "法定代表人变更（1为是）", "Legal person changed (1: yes)"),
        Input("owners", "股东变更（1为是）", "Shareholders changed (1: yes)"),
        Input("both", "30日内法人、股东均变更（1为是）", "Both changed within 30 days (1: yes)"),
        Input("marked", "列入经营异常、严重违法失信（1为是）", "Marked in the register (1: yes)"),
    ),
)  # fmt: skip

ARREARS = Indicator(
    "PPC-13", "欠款信号数", "Kinds of arrears",
    per=Issuer, needs=(Issuer, ArrearsEvent, Lawsuit), compute=arrears_signals, unit="类",
    levels=Levels(red=">= 3", orange=">= 2", yellow=">= 1"), basis=Basis("PRAC", "经验值"), owner="SWJ", first_within="3wd",
    formula=Text(
        "欠薪、欠租、欠税、欠社保、欠水电费、被执行中出现的种类数（近90日发生或至今未清偿）",
        "How many of wages, rent, tax, social insurance, utilities and court execution are owed: begun within 90 days, or still open",
    ),
    first_action=Text(
        "由行业主管部门3个工作日内约谈，要求停止收取预付款", "The industry's department interviews within 3 working days and asks to stop prepayments"
    ),
    inputs=tuple(Input(c.value, f"{c.zh}（1为是）", f"{c.en} (1: yes)") for c in ARREARS_KINDS.items),
)  # fmt: skip
