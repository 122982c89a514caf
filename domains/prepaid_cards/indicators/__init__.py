"""What warns of a card issuer (domain-rules A.1.5). Each function: frames in, a value and its parts per issuer out.

Rows dated, or handed in, after `on` were not there yet. Order 9 binds companies in retail, lodging, catering and resident
services only; what follows from it is not judged for other issuers.
"""

from domains.prepaid_cards.indicators.cards import CARD_VALIDITY, CARDS_OVER_LIMIT, CONTRACTS, PURCHASES
from domains.prepaid_cards.indicators.demand import COMPLAINTS, REFUNDS, SELLING
from domains.prepaid_cards.indicators.filing import REPORTS, UNFILED
from domains.prepaid_cards.indicators.funds import BALANCE_CAP, CUSTODY, DIVERSION
from domains.prepaid_cards.indicators.standing import ARREARS, CLOSING
from domains.prepaid_cards.indicators.suspicion import ABSCONDING

INDICATORS = (
    CUSTODY, BALANCE_CAP, CARDS_OVER_LIMIT, PURCHASES, UNFILED, REPORTS, COMPLAINTS, REFUNDS, SELLING, CLOSING, CONTRACTS,
    DIVERSION, ARREARS, CARD_VALIDITY, ABSCONDING,
)  # fmt: skip
