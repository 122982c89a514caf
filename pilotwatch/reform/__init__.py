"""The reform's own measures: how much enterprises are checked, how well departments work together (domain-rules C.4).

They are about the subjects of every domain, over the records all domains share, and are the core's own: REF-01…REF-18.
"""

from pilotwatch.reform.acts import QUALIFIED, REVIEWED
from pilotwatch.reform.handling import IN_TIME, OFF_LINE, RETURNED
from pilotwatch.reform.matters import FEWER_MATTERS
from pilotwatch.reform.plans import (
    AFTER_LICENCES,
    MATCHED,
    OVERLAP,
    PLAN_FINISHED,
    PLAN_PUBLISHED,
    RESULT_PUBLISHED,
)
from pilotwatch.reform.scans import ANSWERED, CONTENT, SCANNED
from pilotwatch.reform.visits import BY_CLASS, FEWER, JOINT, OFF_SITE, OVER_CAP, PROBLEMS, REPEATED, SAVED

#: Whose measures they are where they are kept beside those of the domains.
NAME = "reform"

MEASURES = (
    FEWER, SAVED, JOINT, MATCHED, PROBLEMS, IN_TIME, REPEATED, OVER_CAP, SCANNED, PLAN_PUBLISHED, PLAN_FINISHED,
    RESULT_PUBLISHED, OFF_SITE, RETURNED, OFF_LINE, AFTER_LICENCES, CONTENT, ANSWERED, FEWER_MATTERS, OVERLAP, QUALIFIED,
    REVIEWED, BY_CLASS,
)  # fmt: skip

__all__ = ["MEASURES", "NAME"]
