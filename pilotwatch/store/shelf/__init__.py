"""The shelf of figures: kept per subject, summed by place, and read by the pages through a desk."""

from pilotwatch.store.shelf.reads import place_levels, place_sums, row_tally, worst_subjects
from pilotwatch.store.shelf.rollups import (
    LEVELS,
    PART_SCALE,
    PARTS,
    Rollup,
    follow_rows,
    listed_subjects,
    lock,
    recount_rows,
    subjects_of,
    writing,
)

__all__ = [
    "LEVELS", "PARTS", "PART_SCALE", "Rollup", "follow_rows", "listed_subjects", "lock", "place_levels", "place_sums", "recount_rows",
    "row_tally", "subjects_of", "worst_subjects", "writing",
]  # fmt: skip
