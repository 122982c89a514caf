"""单用途商业预付卡: cards that a shop sells today and redeems later, and the money that must stay behind them."""

from domains.prepaid_cards.indicators import INDICATORS
from domains.prepaid_cards.measures import MEASURES
from domains.prepaid_cards.outcomes import COMPOSITE, INCIDENTS, PLANTED, STAKE
from domains.prepaid_cards.procedures import PROCEDURES
from domains.prepaid_cards.records import RECORDS
from domains.prepaid_cards.sample import sample
from domains.prepaid_cards.watched import CONTRADICTIONS, COUNTS
from pilotwatch.domain import Domain, Text

DOMAIN = Domain(
    "prepaid_cards", zh="单用途商业预付卡", en="Prepaid cards", code="PPC", lead="SWJ", records=RECORDS, indicators=INDICATORS, sample=sample,
    procedures=PROCEDURES, measures=MEASURES,
    counts=COUNTS, contradictions=CONTRADICTIONS,
    incidents=INCIDENTS, horizon_weeks=8, stake=STAKE, composite=COMPOSITE, planted=PLANTED,
    about=Text(
        "发卡企业的备案、季度报告、资金存管与履约保证，兼看投诉、闭店和欠款信号。",
        "Filing, quarterly reports, custody and guarantees of card issuers, with complaints, closures and arrears as signals.",
    ),
)  # fmt: skip
