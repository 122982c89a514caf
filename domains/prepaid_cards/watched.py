"""What is watched beside the single issuer: counts that surge, and reports that contradict the bank (口径冲突)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.prepaid_cards.indicators.common import ORDER_9, ended_quarters, tomorrow
from domains.prepaid_cards.indicators.funds import custody_adequacy
from domains.prepaid_cards.records import CustodySnapshot, Guarantee, Issuer, QuarterReport, RefundRequest
from pilotwatch.domain import Basis, Contradiction, Count, Side, Text
from pilotwatch.frames import Frames, latest, subjects, table

COUNTS = (Count("refund_request", "退卡申请", "Refund requests", record=RefundRequest, unit="笔"),)

#: What two statements of an amount may differ by, as a share of the one that is held to be owed, or of the larger (PRAC).
TOLERANCE = 0.05


def balance_and_custody(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-K01: what must lie in custody by the reported balance against what does lie there, with valid guarantees.

    More than is owed is no contradiction.
    """
    found = custody_adequacy(frames, on)
    held = found["custody"] + found["guarantee"]
    lacking = (found["required"] - held).clip(lower=0)
    return pd.DataFrame(
        {
            "required": found["required"], "held": held, "period": ended_quarters(on, 1)[0], "gap": found["required"] - held,
            "size": (lacking / found["required"].where(found["required"] > 0) / TOLERANCE).where(found["value"].notna()),
        }
    )  # fmt: skip


def listed_and_banked(frames: Frames, on: date) -> pd.DataFrame:
    """PPC-K02: the custody balance in the list of issuers against the banks' newest balances."""
    issuers = subjects(frames, Issuer, "custody_balance")
    shots = table(frames, CustodySnapshot, "snap_on", "bank", "balance")
    last = latest(shots[shots["snap_on"] < tomorrow(on)], "snap_on", "subject_id", "bank").groupby("subject_id")
    banked = last["balance"].sum(min_count=1).reindex(issuers.index)
    day = last["snap_on"].max().reindex(issuers.index)
    listed = issuers["custody_balance"]
    larger = pd.concat([listed, banked], axis=1).max(axis=1, skipna=False)
    gap = listed - banked
    return pd.DataFrame(
        {
            "listed": listed, "banked": banked, "period": day.dt.strftime("%Y-%m-%d").fillna(""), "gap": gap,
            "size": (gap.abs() / larger.where(larger > 0) / TOLERANCE).mask(larger == 0, 0.0),
        }
    )  # fmt: skip


CONTRADICTIONS = (
    Contradiction(
        "PPC-K01", "预收余额与存管资金不符", "Prepaid balance and custody differ", per=Issuer,
        needs=(Issuer, QuarterReport, CustodySnapshot, Guarantee), compute=balance_and_custody, unit="元",
        sides=(
            Side("required", "按季报余额应存管", "Owed, by the reported balance", QuarterReport, "SWJ", "元"),
            Side("held", "银行存管余额与有效担保", "Held by banks, with valid guarantees", CustodySnapshot, "JRB", "元"),
        ),
        tolerance=Text("少于应存管的不超过 5%", "At most 5 % less than owed"),
        basis=Basis("LAW", f"{ORDER_9}第二十六条至第二十八条；5%为经验值"),
        formula=Text("上季末预收资金余额×法定比例，与各存管银行最近余额及有效保险、保函之和比较", "Balance at the end of the last quarter × the ratio by law, against the banks' newest balances and valid guarantees"),
    ),
    Contradiction(
        "PPC-K02", "存管余额两处不一致", "Custody balance told twice", per=Issuer,
        needs=(Issuer, CustodySnapshot), compute=listed_and_banked, unit="元",
        sides=(
            Side("listed", "备案名单所列存管余额", "Custody balance in the list", Issuer, "SWJ", "元"),
            Side("banked", "银行存管余额", "Balance told by the banks", CustodySnapshot, "JRB", "元"),
        ),
        tolerance=Text("相差不超过较大者的 5%", "At most 5 % of the larger"),
        basis=Basis("PRAC", "允许差为经验值"),
        formula=Text("备案名单所列存管余额，与各存管银行最近一次快照之和比较", "The list's custody balance against the sum of the banks' newest snapshots"),
    ),
)  # fmt: skip
