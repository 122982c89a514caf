"""What warns in the circulation of refined oil (domain-rules A.3.5). Each function: frames in, its parts per subject out.

A station that is closed for good (经营状态 关闭) is not judged. Rows dated after `on` were not there yet.
"""

from domains.refined_oil.indicators.balance import STOCK_BALANCE
from domains.refined_oil.indicators.licences import LICENCES_DUE, SIGNS_THAT_DIFFER, UNLICENSED_POINTS
from domains.refined_oil.indicators.metrology import NOZZLE_ERROR, UNRECORDED_PUMPING, VERIFICATION_DUE
from domains.refined_oil.indicators.papers import UNDECLARED, UNFILED_SUPPLY, UNINVOICED
from domains.refined_oil.indicators.quality import FAILED_SAMPLES, VAPOUR_RECOVERY
from domains.refined_oil.indicators.selling import NAMELESS_BULK_SALES, OVER_THE_CAP
from domains.refined_oil.indicators.tanks import HOURS_OFFLINE, TANK_STATE

INDICATORS = (
    STOCK_BALANCE, UNDECLARED, UNINVOICED, UNRECORDED_PUMPING, VERIFICATION_DUE, NOZZLE_ERROR, FAILED_SAMPLES, VAPOUR_RECOVERY,
    LICENCES_DUE, UNLICENSED_POINTS, NAMELESS_BULK_SALES, UNFILED_SUPPLY, TANK_STATE, OVER_THE_CAP, HOURS_OFFLINE,
    SIGNS_THAT_DIFFER,
)  # fmt: skip

__all__ = ["INDICATORS"]
