"""What warnings about issuers warn of, what is at stake at an issuer, and the issuer's composite score (A.1.5)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from domains.prepaid_cards.indicators.common import balance_held
from domains.prepaid_cards.records import Issuer, QuarterReport
from pilotwatch.domain import Basis, Composite, Incident, Levels, Planted, Stake
from pilotwatch.frames import Frames, subjects, table
from pilotwatch.outcomes import confirmed_clues, crowds, days_of, penalties, referrals
from pilotwatch.records import BusinessChange, Complaint

#: Words of complaints that say an issuer is gone: closed, moved away, not to be reached, no longer serving.
GONE = "关闭|关门|闭店|停业|停课|跑路|失联|搬走|更换经营者|转让"
_CROWD, _WITHIN = 3, 14  # complaints of that kind within so many days (PRAC)

_RUN = ("PPC-01", "PPC-08", "PPC-13")  # the money goes
_LAW = ("PPC-01", "PPC-02", "PPC-03", "PPC-04", "PPC-06", "PPC-11", "PPC-12")
_SIGNALS = ("PPC-07", "PPC-08", "PPC-09", "PPC-10", "PPC-13", "PPC-15")


def _cancelled(frames: Frames) -> pd.DataFrame:
    """A notice that the company will be struck off."""
    return days_of(frames, BusinessChange, "changed_on", "kind", where=lambda r: r["kind"].eq("注销公告"))


def _said_gone(frames: Frames) -> pd.DataFrame:
    """The third complaint within 14 days that says the issuer is gone."""
    rows = table(frames, Complaint, "received_at", "subject")
    rows = rows[rows["subject"].str.contains(GONE, na=False) & rows["received_at"].notna()]
    return crowds(pd.DataFrame({"subject_id": rows["subject_id"], "day": rows["received_at"].dt.normalize()}), _CROWD, _WITHIN)  # fmt: skip


INCIDENTS = (
    Incident(
        "cancelled", "公告注销", "Cancellation announced", (BusinessChange,), _cancelled, (*_RUN, "PPC-07")
    ),
    Incident("said_gone", "集中反映关停失联", "Crowd says it is gone", (Complaint,), _said_gone, (*_RUN, "PPC-10")),
    penalties((*_LAW, "PPC-05", "PPC-14")),
    confirmed_clues((*_LAW, *_SIGNALS)),
    referrals(_SIGNALS),
)  # fmt: skip


def _stake(frames: Frames, on: date) -> pd.DataFrame:
    """The prepaid money held (yuan), and active cards as the number of customers. No law asks for regular visits."""
    issuers = subjects(frames, Issuer, "active_cards_named", "active_cards_anon")
    cards = issuers[["active_cards_named", "active_cards_anon"]].sum(axis=1, min_count=1)
    held = balance_held(frames, on).reindex(issuers.index)
    return pd.DataFrame({"exposure": held, "customers": cards, "visit_within": float("nan")})


#: Steps of the money at stake (PRAC): 20 万 is where Shanghai's rule begins to warn, 5 000 万 where it caps custody.
STAKE = Stake(
    "预收资金余额", "Prepaid money held", "元", (Issuer, QuarterReport), _stake, (200_000, 2_000_000, 50_000_000)
)

COMPOSITE = Composite(
    "发卡企业综合评分", "Composite issuer score", {"red": 40, "orange": 20, "yellow": 8},
    Levels(red=">= 60", orange=">= 35", yellow=">= 15"), Basis("PRAC", "综合评分口径，由市级专班办公室设定"),
)  # fmt: skip

PLANTED = (
    Planted("absconding", "收款后失联", "Absconding", ("PPC-07", "PPC-08", "PPC-09", "PPC-10", "PPC-13", "PPC-15")),
    Planted("custody_gap", "存管不足", "Custody gap", ("PPC-01",)),
    Planted("unfiled", "未备案售卡", "Selling unfiled", ("PPC-05",)),
)
