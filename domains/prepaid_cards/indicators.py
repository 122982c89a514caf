"""What warns of a card issuer (domain-rules A.1.5). Each function: frames in, a value per issuer out.

Rows dated after `on` were not there yet.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.prepaid_cards.records import CustodySnapshot, Filing, Guarantee, Issuer, Outlet, QuarterReport
from pilotwatch.domain import Basis, Indicator, Levels, Text
from pilotwatch.frames import Frames, among, days_to, latest, subjects, table, unless_unknown, when
from pilotwatch.records import BusinessChange, OrderToCorrect

#: Share of the prepaid balance that must lie in custody, in percent (Order 9 art. 26); other types owe none.
CUSTODY_PERCENT = {"scale": 20, "group": 30, "brand": 40}


def custody_adequacy(frames: Frames, on: date) -> pd.Series:
    """PPC-01: (custody + valid guarantees) ÷ (prepaid balance at the end of the last quarter × ratio of the type).

    NaN where the balance is unknown or zero, custody is unknown, or the type owes no custody. Worked in whole fen, so
    that an issuer which holds exactly what it owes is exactly 1.
    """
    own = ("issuer_type", "prepaid_balance_qe", "custody_balance", "guarantee_amount", "guarantee_until")
    issuers = subjects(frames, Issuer, *own)
    percent = issuers["issuer_type"].map(CUSTODY_PERCENT).astype("float64")
    balance = _balance_of_last_quarter(frames, on).reindex(issuers.index).fillna(issuers["prepaid_balance_qe"])
    custody = _custody(frames, on).reindex(issuers.index).fillna(issuers["custody_balance"])
    owned = when(issuers["guarantee_until"] >= pd.Timestamp(on), issuers["guarantee_amount"].fillna(0))
    guarantee = _guarantees(frames, on).reindex(issuers.index).fillna(owned)
    owed = _fen(balance) * percent
    return _fen(custody + guarantee) * 100 / owed.where(owed > 0)


def _fen(yuan: pd.Series) -> pd.Series:
    return (yuan * 100).round()


def _balance_of_last_quarter(frames: Frames, on: date) -> pd.Series:
    reports = table(frames, QuarterReport, "quarter", "balance_end", "submitted_on")
    quarter = pd.Period(on, "Q") - 1
    known = (reports["quarter"] == f"{quarter.year}Q{quarter.quarter}") & ~(reports["submitted_on"] > pd.Timestamp(on))
    return latest(reports[known], "submitted_on", "subject_id").set_index("subject_id")["balance_end"]


def _custody(frames: Frames, on: date) -> pd.Series:
    """The last balance of each bank, added up."""
    shots = table(frames, CustodySnapshot, "snap_on", "bank", "balance")
    last = latest(shots[shots["snap_on"] <= pd.Timestamp(on)], "snap_on", "subject_id", "bank")
    return last.groupby("subject_id")["balance"].sum(min_count=1)


def _guarantees(frames: Frames, on: date) -> pd.Series:
    """What is in force on the day, last day included; 0 for an issuer whose guarantees have all run out."""
    rows = table(frames, Guarantee, "amount", "valid_from", "valid_until")
    valid = (rows["valid_from"] <= pd.Timestamp(on)) & (rows["valid_until"] >= pd.Timestamp(on))
    return rows["amount"].where(valid, 0).groupby(rows["subject_id"]).sum()


def days_unfiled(frames: Frames, on: date) -> pd.Series:
    """PPC-05: natural days since the first sale without a filing; 0 for the filed and for types outside Order 9.

    Where an order to file has run out without effect it is more than 60 days, however short the time since the sale.
    """
    issuers = subjects(frames, Issuer, "issuer_type", "filing_no", "filed_on", "first_sale_on")
    filings = table(frames, Filing, "kind", "filed_on")
    acts = filings.loc[(filings["kind"] != "注销") & (filings["filed_on"] <= pd.Timestamp(on)), "subject_id"]
    listed = issuers["filing_no"].notna() & ~(issuers["filed_on"] > pd.Timestamp(on))
    filed = listed | issuers.index.isin(acts)
    owes = among(issuers["issuer_type"], ("scale", "group", "brand", "other"))
    days = (-days_to(issuers["first_sale_on"], on)).clip(lower=0)
    ordered = issuers.index.isin(_expired_orders_to_file(frames, on))
    return when(owes & ~filed.astype("boolean"), days.mask(ordered, days.clip(lower=61).fillna(61)))


def _expired_orders_to_file(frames: Frames, on: date) -> pd.Series:
    orders = table(frames, OrderToCorrect, "problem", "due_on", "done_on")
    about = orders["problem"].str.contains("备案", na=False)
    expired = (orders["due_on"] < pd.Timestamp(on)) & ~(orders["done_on"] <= pd.Timestamp(on))
    return orders.loc[about & expired, "subject_id"]


#: Registration states that are a red signal while money is still held, and those that are a signal of one change.
_ENDING = ("简易注销公告中", "注销", "吊销")
_DOUBTFUL = ("经营异常", "严重违法失信")


def closure_signals(frames: Frames, on: date) -> pd.Series:
    """PPC-10: 3 where money is held and the company is ending or all its outlets closed, 2 where 30 % of the outlets
    closed or legal person and shareholders changed within 30 days of each other, 1 where 10 % closed, one of the two
    changed or the register marks the company, else 0; all within 90 days.

    NaN where the registration, the closures or, if it decides, the balance is unknown and nothing else warns.
    """
    issuers = subjects(frames, Issuer, "reg_status", "prepaid_balance_qe")
    status = issuers["reg_status"]
    changed, both, notice = _changes(frames, on, issuers.index)
    closed = _closed_share(frames, on, issuers.index)
    held = _balance_known_last(frames, on).reindex(issuers.index).fillna(issuers["prepaid_balance_qe"])
    ending = notice | status.isin(_ENDING) | (closed >= 1)
    milder = np.select(
        [both | (closed >= 0.30), changed | status.isin(_DOUBTFUL) | (closed >= 0.10)], [2.0, 1.0], default=0.0
    )
    worst = pd.Series(np.where(ending & (held > 0), 3.0, milder), index=issuers.index)
    known = status.notna() & closed.notna() & (~ending | held.notna())
    return unless_unknown(worst, worst > 0, known)


def _changes(frames: Frames, on: date, index: pd.Index) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Of the last 90 days: was the legal person or a shareholder changed, both within 30 days, a cancellation announced."""
    rows = table(frames, BusinessChange, "kind", "changed_on")
    age = -days_to(rows["changed_on"], on)
    rows = rows[(age >= 0) & (age <= 90)]
    people, owners = (rows[rows["kind"] == kind] for kind in ("法人", "股东"))
    pairs = people.merge(owners, on="subject_id")
    near = (pairs["changed_on_x"] - pairs["changed_on_y"]).abs() <= pd.Timedelta(days=30)
    return (
        pd.Series(index.isin([*people["subject_id"], *owners["subject_id"]]), index=index),
        pd.Series(index.isin(pairs.loc[near, "subject_id"]), index=index),
        pd.Series(index.isin(rows.loc[rows["kind"] == "注销公告", "subject_id"]), index=index),
    )


def _closed_share(frames: Frames, on: date, index: pd.Index) -> pd.Series:
    """Outlets closed in 90 days ÷ outlets open at their start: by the list of outlets, else by the issuer's own numbers
    (open now + closed since = open then).
    """
    outlets = table(frames, Outlet, "closed_on")
    age = -days_to(outlets["closed_on"], on)
    now_closed, before = (age >= 0) & (age <= 90), age > 90
    per = pd.DataFrame({"closed": now_closed, "start": ~before}).groupby(outlets["subject_id"]).sum()
    listed = (per["closed"] / per["start"].where(per["start"] > 0)).reindex(index)
    own = subjects(frames, Issuer, "outlets", "outlets_closed_90d")
    start = own["outlets"] + own["outlets_closed_90d"]
    return listed.fillna(own["outlets_closed_90d"] / start.where(start > 0))


def _balance_known_last(frames: Frames, on: date) -> pd.Series:
    reports = table(frames, QuarterReport, "quarter", "balance_end", "submitted_on")
    quarter = pd.Period(on, "Q")
    known = (reports["quarter"] < f"{quarter.year}Q{quarter.quarter}") & ~(reports["submitted_on"] > pd.Timestamp(on))
    return latest(reports[known], "quarter", "subject_id").set_index("subject_id")["balance_end"]


INDICATORS = (
    Indicator(
        "PPC-01", "存管资金达标率", "Custody adequacy",
        per=Issuer, needs=(Issuer, QuarterReport, CustodySnapshot, Guarantee), compute=custody_adequacy,
        levels=Levels(red="< 0.80", orange="< 1.00", yellow="< 1.10"),
        basis=Basis("LAW", "商务部令2012年第9号第二十六条（比例）、第二十七条、第二十八条；低于1.00为法定，0.80、1.10为经验值"), owner="SWJ",
        formula=Text(
            "（存管余额＋有效保险/保函金额）÷上季末预收资金余额÷法定比例（规模20%、集团30%、品牌40%）",
            "(Custody + valid guarantees) ÷ prepaid balance at the end of the last quarter ÷ ratio (scale 20 %, group 30 %, brand 40 %)",
        ),
        first_action=Text("书面询问企业和存管银行，责令补足（5个工作日内答复）", "Write to issuer and custody bank, order to top up; answer in 5 working days"),
    ),
    Indicator(
        "PPC-05", "超期未备案", "Not filed in time",
        per=Issuer, needs=(Issuer, Filing, OrderToCorrect), compute=days_unfiled, unit="天",
        levels=Levels(red="> 60", orange="> 30", yellow="> 20"),
        basis=Basis("LAW", "商务部令2012年第9号第七条（30日内备案）、第三十六条；20日、60日为经验值"), owner="SWJ",
        formula=Text(
            "首次售卡后尚未备案的自然日数；责令备案到期未改的按超过60日计；已备案及不适用9号令的为0",
            "Natural days since the first sale without a filing; over 60 where an order to file ran out; 0 if filed or outside Order 9",
        ),
        first_action=Text("发出备案通知（15日内办理）", "Notice to file within 15 days"),
    ),
    Indicator(
        "PPC-10", "闭店与变更信号", "Signs of closing",
        per=Issuer, needs=(Issuer, Outlet, QuarterReport, BusinessChange), compute=closure_signals,
        levels=Levels(red=">= 3", orange=">= 2", yellow=">= 1"),
        basis=Basis("PRAC", "经验值；《消费者权益保护法实施条例》第二十二条（出现重大经营风险应停止收取预付款）"), owner="SWJ",
        formula=Text(
            "近90日：仍有预收资金且注销公告、吊销或门店全部关闭记3；闭店率≥30%或30日内法人与股东均变更记2；"
            "闭店率≥10%、其一变更或列入异常、失信名单记1；否则0",
            "In 90 days: 3 = money held and cancellation, revocation or all outlets closed; 2 = 30 % of outlets closed or legal "
            "person and shareholders changed within 30 days; 1 = 10 % closed, one of the two changed, or marked in the register; else 0",
        ),
        first_action=Text(
            "当日现场核查，登记债权，提示消费者（红色会同公安、街道，24小时内）",
            "Visit the same day, count claims, warn the public; red: with police and street office within 24 hours",
        ),
    ),
)  # fmt: skip
