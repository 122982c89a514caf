"""Issuers by month: complaints, refunds paid."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.prepaid_cards.records import Issuer, RefundRequest
from pilotwatch.domain import Basis, Input, Levels, Measure, Text
from pilotwatch.frames import Frames, events, table
from pilotwatch.records import Complaint

PAID_WITHIN = 30  # natural days after which a refund that isn't paid counts as not paid (PRAC)


def complaints(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-M01: every complaint about an issuer; questions don't count."""
    rows = table(frames, Complaint, "received_at", "kind")
    rows = rows[rows["kind"] != "咨询"]
    return events(rows, rows["received_at"].dt.normalize(), 1.0)


def refunds_paid(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-M02: of each refund asked for, what was paid by `on`; one asked for within 30 days counts once it is paid."""
    rows = table(frames, RefundRequest, "requested_on", "amount", "paid_amount", "paid_on")
    paid = rows["paid_on"] <= pd.Timestamp(on)
    judged = paid | (rows["requested_on"] <= pd.Timestamp(on) - pd.Timedelta(days=PAID_WITHIN))
    amount = rows["paid_amount"].fillna(rows["amount"]).clip(upper=rows["amount"]).where(paid, 0.0)
    return events(rows[judged], rows.loc[judged, "requested_on"], amount[judged], rows.loc[judged, "amount"])


MEASURES = (
    Measure(
        "PPC-M01", "投诉件数（每千户）", "Complaints per 1,000 issuers", per=Issuer, needs=(Complaint,), compute=complaints, owner="SCJG",
        value="per_1000", unit="件/千户",
        numerator=Input("complaints", "投诉举报件数", "Complaints"), denominator=Input("counted", "计入件数", "Counted"),
        basis=Basis("PRAC", "看趋势，不设分级；单户激增见PPC-07"),
        formula=Text("投诉举报件数 ÷ 发卡企业户数 × 1000（咨询不计）", "Complaints ÷ issuers × 1,000 (questions don't count)"),
        first_action=Text("分析集中投诉的行业和事由", "Look at the trades and reasons complained of most"),
    ),
    Measure(
        "PPC-M02", "退卡兑付率", "Refunds paid", per=Issuer, needs=(RefundRequest,), compute=refunds_paid, owner="SWJ",
        numerator=Input("paid", "已退金额", "Paid", "元"), denominator=Input("asked", "申请退卡金额", "Asked for", "元"),
        levels=Levels(red="< 50 %", orange="< 80 %"), basis=Basis("PRAC", "分级与PPC-08一致，为经验值；30天未退计为未退"),
        formula=Text("已退金额 ÷ 申请退卡金额，按申请月份", "Refunds paid ÷ refunds asked for, by the month they were asked for"),
        first_action=Text("约谈退款迟缓的企业，核查存管资金", "Call in who pays late; look at the custody money"),
    ),
)  # fmt: skip
