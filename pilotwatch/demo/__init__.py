"""The demo city: an invented Urumqi with three years of records, and the truth of what was planted in it.

Every record goes in by the door of an upload, in batches dated as a team would have sent them. The same seed, size and
day give the same city.
"""

from pilotwatch.demo.build import SEED, TRUTH, build, is_unfinished
from pilotwatch.demo.frames import SampleError

__all__ = ["SEED", "TRUTH", "SampleError", "build", "is_unfinished"]
