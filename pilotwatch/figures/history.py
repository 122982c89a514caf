"""How the last months ended, evaluated afterwards from what was known by then: for a store that hasn't run that long.

From then on each month is kept as it ends (`periods.close_month`); what is kept is never written again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import bounds
from pilotwatch.domain import LEVELS, Domain, Record
from pilotwatch.figures import periods
from pilotwatch.figures.evaluate import WORST, evaluate
from pilotwatch.figures.keep import _places, read_by, registers_of
from pilotwatch.frames import Stored
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, Store, shelf
from pilotwatch.store import days as entered
from pilotwatch.workdays import Calendar, today


class Past(Protocol):
    """Records with all their versions; `at`: what was known of them by the end of a day."""

    def at(self, on: date, registers: Stored | None = None, calendar: Calendar | None = None) -> Stored: ...


LookBack = Callable[[Desk, Sequence[type[Record]]], Past]


def history(
    store: Store, found: Registry, months: int, look_back: LookBack, *, on: date | None = None
) -> dict[str, list[str]]:
    """Keeps how the last `months` months before `on` ended, where that isn't kept; returns which, by domain.

    Records count as they were known by then; where a subject is, and the bounds, are today's.
    """
    ends = [d.date() for d in pd.date_range(end=pd.Timestamp(on or today()), periods=months + 1, freq="ME")]
    ends = [d for d in ends if (d.year, d.month) < ((on or today()).year, (on or today()).month)][-months:]
    groups = {g.name: g for g in periods.groups_of(found)}
    written: dict[str, list[str]] = {}
    for name in dict.fromkeys([*(d.name for d in found.domains), *groups]):
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, name)
            kept = shelf.months_kept(connection, name)
            missing = [d for d in ends if f"{d:%Y-%m}" not in kept]
            levels, sums = _both(connection, desk, found, groups.get(name), name, missing, look_back)
            for day in missing:
                shelf.keep_month(connection, name, day, levels[day], sums[day])
            written[name] = [f"{d:%Y-%m}" for d in missing]
    return written


def _both(
    connection: Any, desk: Desk, found: Registry, group: periods.Group | None, name: str, days: Sequence[date],
    look_back: LookBack,
) -> tuple[dict[date, pd.DataFrame], dict[date, pd.DataFrame]]:  # fmt: skip
    """By day: the levels of a domain's places, and the sums of its areas and of its measures of a state."""
    levels = {day: pd.DataFrame() for day in days}
    sums: dict[date, list[pd.DataFrame]] = {day: [] for day in days}
    domain = next((d for d in found.domains if d.name == name), None)
    calendar = entered.calendar(desk)
    if domain and days:
        judged = bounds.domain_in_force(desk, domain)
        records, registers = look_back(desk, read_by(judged)), look_back(desk, registers_of(judged))
        for day in days:
            levels[day], areas = _of_domain(judged, records.at(day, registers.at(day), calendar), day)
            sums[day].append(areas)
    states = [m for m in group.measures if m.state] if group else []
    if group and states and days:
        records = look_back(desk, list({r.spec.dataset: r for m in states for r in m.needs}.values()))
        for day in days:
            rows = periods.evaluate(states, records.at(day, None, calendar), day)
            listings = shelf.listings(connection, rows["subject_id"].unique().tolist())
            sums[day].append(_summed(periods.placed(group, rows, listings, desk)))
    return levels, {
        day: pd.concat(parts, ignore_index=True) if parts else pd.DataFrame() for day, parts in sums.items()
    }


def _of_domain(domain: Domain, frames: Stored, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    done = evaluate(domain, frames, day)
    places = _places(domain, frames, done.subjects)
    everyone = np.arange(len(done.subjects))
    parts = [(WORST, everyone, done.worst), *((j.indicator, j.at, j.ranks) for j in done.judged)]
    counted = pd.concat([_at(places, at, indicator=code, level=np.array(LEVELS)[ranks]) for code, at, ranks in parts])
    levels = counted.groupby(["indicator", *shelf.PLACE, "level"], as_index=False).size()
    given = [
        _at(places, p.at, indicator=p.indicator, kind="", listed_in="", numerator=_whole(p.numerators), denominator=_whole(p.denominators))
        for p in done.parts
    ]  # fmt: skip
    return levels.rename(columns={"size": "subjects"}), _summed(pd.concat(given)) if given else pd.DataFrame()


def _at(places: dict[str, pa.Array], at: np.ndarray, **columns: Any) -> pd.DataFrame:
    """The places of some subjects, with columns beside them."""
    where = {n: places[n].take(pa.array(at)).to_numpy(zero_copy_only=False) for n in shelf.PLACE}
    return pd.DataFrame(where | columns)


def _whole(numbers: np.ndarray) -> np.ndarray:
    return np.rint(numbers * shelf.PART_SCALE).astype("int64")


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums per place of what subjects give."""
    key = ["indicator", "kind", "listed_in", *shelf.PLACE]
    rows = rows.astype(dict.fromkeys(key, object)).assign(subjects=1)
    return rows.groupby(key, as_index=False)[["numerator", "denominator", "subjects"]].sum()
