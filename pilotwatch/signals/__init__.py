"""What is watched beside the single subject: counts that surge, and departments that contradict each other.

Counts (complaints, clues, failed samples …) are kept by place and day and judged by `pilotwatch.aberration`; statements
that ought to agree are held against each other and shown as one item of both departments.
"""

from pilotwatch.signals.alarms import QUIET
from pilotwatch.signals.counts import SHARED, counts_of
from pilotwatch.signals.keep import follow, update
from pilotwatch.signals.series import KINDS, STALE_DAYS, expected_false_alarms
from pilotwatch.store.signals import Filter, alarms, counted, listed, weeks_of

__all__ = [
    "KINDS", "QUIET", "SHARED", "STALE_DAYS", "Filter", "alarms", "counted", "counts_of", "expected_false_alarms", "follow", "listed", "update", "weeks_of",
]  # fmt: skip
