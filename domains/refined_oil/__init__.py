"""成品油流通: petrol stations, their oil from tanker to nozzle, their instruments, licences and quality."""

from domains.refined_oil.indicators import INDICATORS
from domains.refined_oil.measures import MEASURES
from domains.refined_oil.outcomes import INCIDENTS, PLANTED, STAKE
from domains.refined_oil.procedures import PROCEDURES
from domains.refined_oil.records import RECORDS
from domains.refined_oil.sample import sample
from domains.refined_oil.watched import CONTRADICTIONS, COUNTS
from pilotwatch.domain import Domain, Text

DOMAIN = Domain(
    "refined_oil", zh="成品油流通", en="Refined oil", code="OIL", lead="SWJ", records=RECORDS, indicators=INDICATORS, sample=sample,
    procedures=PROCEDURES, measures=MEASURES,
    counts=COUNTS, contradictions=CONTRADICTIONS,
    incidents=INCIDENTS, horizon_weeks=4, stake=STAKE, planted=PLANTED,
    about=Text(
        "加油站的进销存、计量检定、油品质量、证照和价格，以及批发、仓储、运输各环节。",
        "Stock, metrology, quality, licences and prices of petrol stations, and the wholesale, storage and transport behind them.",
    ),
)  # fmt: skip
