"""How the map looked at the end of months that nobody tested then: for a store that hasn't run that long.

Records count as they were known by then; which subjects there are and where they lie is as today. From then on each month
is kept as it goes (`keep.update`). Small cells aren't kept of the past: they are many, and say little more.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import Domain
from pilotwatch.figures.evaluate import evaluate
from pilotwatch.figures.keep import read_by, registers_of
from pilotwatch.hotspots import keep
from pilotwatch.hotspots.layout import Layer
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.scorecard import look_back
from pilotwatch.store import SYSTEM, Store, days
from pilotwatch.store import hotspots as shelf
from pilotwatch.workdays import today

LAYERS: tuple[Layer, ...] = ("cells", "streets", "units", "divisions")


def history(
    store: Store, found: Registry, places: Places, months: int, *, on: date | None = None, domain: str | None = None
) -> dict[str, list[str]]:
    """Tests how the last `months` months before that of `on` ended, where that isn't kept, the oldest first; returns which,
    by domain."""
    last = pd.Period(on or today(), "M")
    ends = [m.end_time.date() for m in pd.period_range(end=last - 1, periods=months)] if months else []
    written: dict[str, list[str]] = {}
    for mine in found.domains:
        if domain in (None, mine.name):
            kept = shelf.months_kept(store, mine.name, keep.RISK)
            written[mine.name] = _domain(store, mine, places, [d for d in ends if f"{d:%Y-%m}" not in kept])
    return written


def _domain(store: Store, domain: Domain, places: Places, ends: list[date]) -> list[str]:
    city = keep.laid_out(store, domain, places) if ends else None
    if city is None:
        return []
    desk = store.desk(SYSTEM)
    judged, calendar = bounds.domain_in_force(desk, domain), days.calendar(desk)
    records, registers = look_back(desk, read_by(judged)), look_back(desk, registers_of(judged))
    for day in ends:
        done = evaluate(judged, records.at(day, registers.at(day), calendar), day)
        ranks = _ranks(city.subjects["subject_id"], done)
        keep.test(store, domain, city, day, ranks, LAYERS)
    return [f"{d:%Y-%m}" for d in ends]


def _ranks(subjects: pd.Series, done: Any) -> np.ndarray:
    """The rank of each subject's worst level; that of no data where it wasn't listed yet."""
    at = pd.Index(done.subjects).get_indexer(subjects)
    return np.where(at >= 0, np.asarray(done.worst)[at], keep.NODATA)
