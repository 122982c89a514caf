"""What the departments report about single-use commercial prepaid cards (domain-rules A.1.3 and A.1.4)."""

from domains.prepaid_cards.records.issuers import CardProduct, Filing, Issuer, Outlet
from domains.prepaid_cards.records.money import (
    CardPurchase,
    CustodySnapshot,
    FundOutflow,
    Guarantee,
    MonthlyFlow,
    QuarterReport,
    RefundRequest,
)

RECORDS = (
    Issuer, CardProduct, Outlet, Filing, QuarterReport, CustodySnapshot, Guarantee, MonthlyFlow, CardPurchase, RefundRequest,
    FundOutflow,
)  # fmt: skip

__all__ = [
    "RECORDS", "CardProduct", "CardPurchase", "CustodySnapshot", "Filing", "FundOutflow", "Guarantee", "Issuer", "MonthlyFlow",
    "Outlet", "QuarterReport", "RefundRequest",
]  # fmt: skip
