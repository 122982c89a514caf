"""The shelf of figures: kept per subject, summed by place, and read by the pages through a desk."""

from pilotwatch.store.shelf.period_reads import (
    Where,
    brought_to,
    contributors,
    listed_by_place,
    month_levels,
    month_sums,
    period_sums,
)
from pilotwatch.store.shelf.periods import (
    NOW,
    PERIODS,
    PLACE,
    add_periods,
    clear_periods,
    close_levels,
    close_states,
    everyone_in,
    keep_month,
    last_day,
    listings,
    months_kept,
    turn,
)
from pilotwatch.store.shelf.reads import place_levels, place_sums, row_tally, values_of, worst_subjects
from pilotwatch.store.shelf.rollups import (
    LEVELS,
    PART_SCALE,
    PARTS,
    Rollup,
    date_levels,
    follow_rows,
    listed_subjects,
    lock,
    recount_rows,
    subjects_of,
    writing,
)

__all__ = [
    "LEVELS", "NOW", "PARTS", "PART_SCALE", "PERIODS", "PLACE", "Rollup", "Where", "add_periods", "brought_to", "clear_periods", "close_levels", "close_states",
    "contributors", "date_levels", "everyone_in", "follow_rows", "keep_month", "last_day",
    "listed_by_place", "listed_subjects", "listings", "lock", "month_levels", "month_sums", "months_kept",
    "period_sums", "place_levels", "place_sums", "recount_rows", "row_tally", "subjects_of", "turn",
    "values_of", "worst_subjects", "writing",
]  # fmt: skip
