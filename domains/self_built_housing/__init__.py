"""自建房安全: self-built houses from screening through appraisal and rectification to the day they are crossed off."""

from domains.self_built_housing.indicators import INDICATORS
from domains.self_built_housing.measures import MEASURES
from domains.self_built_housing.outcomes import INCIDENTS, PLANTED, STAKE
from domains.self_built_housing.procedures import PROCEDURES
from domains.self_built_housing.records import RECORDS
from domains.self_built_housing.sample import sample
from domains.self_built_housing.watched import CONTRADICTIONS, COUNTS
from pilotwatch.domain import Domain, Text

DOMAIN = Domain(
    "self_built_housing", zh="自建房安全", en="Self-built housing", code="SBH", lead="JSJ", records=RECORDS, indicators=INDICATORS, sample=sample,
    procedures=PROCEDURES, measures=MEASURES,
    counts=COUNTS, contradictions=CONTRADICTIONS,
    incidents=INCIDENTS, horizon_weeks=26, stake=STAKE, planted=PLANTED,
    about=Text(
        "自建房的排查、鉴定、整治、撤离与销号，先看经营性自建房和C、D级危房。",
        "Screening, appraisal, rectification, evacuation and close-out of self-built houses, houses used for business and grades C and D first.",
    ),
)  # fmt: skip
