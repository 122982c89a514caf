"""Carrying out a visit: the task and its sheet, scan-in, what each department found, the record, the result's publication.

`orders` says what tasks may be made of, `office` moves them, `record` puts a visit among the records that everything else
reads, `sheet` prints them.
"""

from pilotwatch.inspection.tasks.office import (
    TaskRefused,
    cancel,
    enter,
    finish,
    issue,
    publish,
    rate,
    save,
    stops_of,
    store_record,
    take_scans,
)
from pilotwatch.inspection.tasks.orders import of_case, of_draw, of_plan

__all__ = [
    "TaskRefused", "cancel", "enter", "finish", "issue", "of_case", "of_draw", "of_plan", "publish", "rate", "save", "stops_of",
    "store_record", "take_scans",
]  # fmt: skip
