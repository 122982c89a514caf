"""What warns of self-built houses, and of those who appraise them (domain-rules A.2.5).

Each function: frames in, a value and the numbers it comes from out, per house or appraiser.
"""

from __future__ import annotations

from domains.self_built_housing.indicators.appraisals import APPRAISALS, APPRAISERS
from domains.self_built_housing.indicators.condition import CONDITION
from domains.self_built_housing.indicators.coverage import COVERAGE
from domains.self_built_housing.indicators.danger import DANGER

INDICATORS = tuple(sorted((*DANGER, *APPRAISALS, *APPRAISERS, *CONDITION, *COVERAGE), key=lambda i: i.code))
