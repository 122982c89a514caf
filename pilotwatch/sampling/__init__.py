"""What a domain's sample is made with: a synthetic city to draw from, and what departments do about any subject."""

from pilotwatch.sampling.catalogue import Item
from pilotwatch.sampling.city import (
    City,
    Days,
    at_office_hours,
    lists,
    months_of,
    numbered,
    pick,
    pick_by,
    where,
    years_of,
    ymd,
)
from pilotwatch.sampling.supervision import Practice, supervise

__all__ = [
    "City", "Days", "Item", "Practice", "at_office_hours", "lists", "months_of", "numbered", "pick", "pick_by", "supervise", "where",
    "years_of", "ymd",
]  # fmt: skip
