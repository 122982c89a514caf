"""公共泳池水质: pools, and what is measured in their water every few days."""

from pilotwatch.domain import Domain, Text

from .indicators import INDICATORS
from .outcomes import COMPOSITE, INCIDENTS, PLANTED, PROCEDURES, STAKE
from .records import Pool, Reading
from .sample import sample
from .watched import CONTRADICTIONS, COUNTS, MEASURES

DOMAIN = Domain(
    "swimming_pools", zh="公共泳池水质", en="Swimming pools", code="SWM", lead="WJW", records=(Pool, Reading),
    indicators=INDICATORS, sample=sample, measures=MEASURES, counts=COUNTS, contradictions=CONTRADICTIONS,
    procedures=PROCEDURES, incidents=INCIDENTS, horizon_weeks=4, stake=STAKE, composite=COMPOSITE, planted=PLANTED,
    about=Text("公共泳池的余氯、浑浊度和尿素，自检与抽检。", "Chlorine, turbidity and urea of public pools: own checks and samples."),
)  # fmt: skip
