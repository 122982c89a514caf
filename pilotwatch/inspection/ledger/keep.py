"""Keeps the ledger in step with the records: in the transaction of every upload, after the figures, and once a day.

Where a subject is and who lists it is what the reform's own measures say of it (`figures.periods`), so the ledger and
REF-02 add up to the same in every scope and period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import reform
from pilotwatch.figures.periods import Group, groups_of, placed
from pilotwatch.frames import Stored
from pilotwatch.inspection.ledger import NAME, guard
from pilotwatch.inspection.ledger.chance import RUNS, SEED, chance
from pilotwatch.inspection.ledger.past import REACHES, Past, by_month, past
from pilotwatch.inspection.ledger.saved import saved
from pilotwatch.records import Inspection, PlannedCheck
from pilotwatch.reform.common import year_before
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Change, Desk, Store, days, shelf
from pilotwatch.store import ledger as kept
from pilotwatch.workdays import today

_AT_ONCE = 20_000  # subjects looked at together
_KEY = f"periods:{NAME}"
_NEEDS = (Inspection, PlannedCheck)
_READ = {r.spec.dataset for r in _NEEDS}


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """Part of the hook of every commit and withdrawal: the ledger of whom it touched."""
    group = _group(found)
    if group is None:
        return
    lists_or_visits = {*group.lists, *_READ}
    told = {r.spec.dataset for r in group.records} - lists_or_visits  # say where a subject is that no list has
    touched = [ids for d, ids in change.touched.items() if d in lists_or_visits]
    unlisted = _unlisted(connection, [ids for d, ids in change.touched.items() if d in told])
    if not touched and not unlisted:
        return
    shelf.lock(connection, _KEY)
    never = shelf.last_day(connection, _KEY) is None
    shelf.turn(connection, _KEY, today())
    if never:  # a store of an older version, or its first upload
        _bring(connection, store, change.desk, group, today())
        return
    subjects = np.unique(np.concatenate([*touched, np.array(unlisted, dtype=object)])).tolist()
    _put(connection, change.desk, group, subjects, today())


def update(store: Store, found: Registry, on: date | None = None, *, runs: int = RUNS) -> dict[str, Any]:
    """Brings the ledger to a day (default: today), and works out what chance alone would have let merge."""
    on, group = on or today(), _group(found)
    if group is None:
        return {}
    with shelf.writing(store) as (connection, desk):
        shelf.lock(connection, _KEY)
        shelf.turn(connection, _KEY, on)
        subjects = _bring(connection, store, desk, group, on)
    return {"subjects": subjects, "chance": _chance(store, group, on, runs)}


def _group(found: Registry) -> Group | None:
    """The reform's measures, where the records the ledger reads are stored."""
    stored = {r.spec.dataset for r in found.records}
    return next((g for g in groups_of(found) if g.name == reform.NAME), None) if stored >= _READ else None


def _unlisted(connection: Any, touched: Sequence[Any]) -> list[str]:
    if not touched:
        return []
    ids = np.unique(np.concatenate(touched)).tolist()
    known = set(shelf.listings(connection, ids)["subject_id"])
    return [i for i in ids if i not in known]


def _bring(connection: Any, store: Store, desk: Desk, group: Group, on: date) -> int:
    everyone = sorted({*shelf.everyone_in(connection, store, sorted(_READ), NAME), *kept.everyone(connection)})
    for start in range(0, len(everyone), _AT_ONCE):
        _put(connection, desk, group, everyone[start : start + _AT_ONCE], on)
    return len(everyone)


def frames_of(desk: Desk, subjects: Sequence[str]) -> Stored:
    """The visits and plans of these subjects."""
    return Stored(
        lambda dataset, columns: desk.frame(dataset, columns, subjects=subjects), _NEEDS, calendar=days.calendar(desk)
    )


def _put(connection: Any, desk: Desk, group: Group, subjects: Sequence[str], on: date) -> None:
    """Puts what the subjects' records say now in place of what they said."""
    frames, listings = frames_of(desk, subjects), shelf.listings(connection, subjects)
    rows = placed(group, saved(frames, on), listings, desk)
    table = pa.table({n: pa.array(rows[n].astype(object), t, from_pandas=True) for n, t in kept.SAVED.items()
                      if n != "day"} | {"day": pa.array(rows["day"].dt.date, pa.date32())})  # fmt: skip
    kept.put_saved(connection, kept.saved_of(connection, subjects), table.select(list(kept.SAVED)))
    sums = placed(group, _sums(frames, on), listings, desk)
    columns = shelf.PERIODS.columns
    now = pa.table({n: pa.array(sums[n], t) for n, t in columns.items()})
    before = shelf.PERIODS.of_subjects(connection, NAME, subjects)
    if _differs(before.select(list(columns)), now):
        shelf.PERIODS.replace(connection, NAME, subjects, before, now)


def _sums(frames: Stored, on: date) -> pd.DataFrame:
    """What the subjects missed and repeated, by month, in millionths: the columns of figures of periods but the place."""
    parts = [by_month(past(frames, on)).assign(indicator="missed"),
             guard.by_month(guard.planned_visits(frames, on)).assign(indicator="guard")]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    texts = rows.astype(dict.fromkeys(("subject_id", "indicator", "period", "kind"), object))
    return texts.assign(**{n: rows[n].astype("int64") * shelf.PART_SCALE for n in ("numerator", "denominator")})


def _differs(before: pa.Table, now: pa.Table) -> bool:
    order = [(n, "ascending") for n in ("subject_id", "indicator", "period", "kind")]
    if before.num_rows != now.num_rows:
        return True
    return not before.sort_by(order).combine_chunks().equals(now.sort_by(order).combine_chunks())


# --- chance ------------------------------------------------------------------------------------------------------------


def _chance(store: Store, group: Group, on: date, runs: int) -> int:
    """Works out, for the twelve months that end with `on`, what chance would have; returns how many trips were dealt."""
    desk = store.desk(SYSTEM)
    frames = Stored(lambda dataset, columns: desk.frame(dataset, columns), _NEEDS)
    of = past(frames, on)
    since = year_before(on)
    lately = (of.trips["day"] > since).to_numpy()
    of = _chosen(of, lately)
    with shelf.writing(store) as (connection, inside):
        subjects = of.trips["subject_id"].unique().tolist()
        listings = shelf.listings(connection, subjects)
        at = placed(group, pd.DataFrame({"subject_id": subjects}).astype(object), listings, inside)
    unit = of.trips["subject_id"].astype(object).map(at.set_index("subject_id")["report_unit"]).fillna("?")
    reaches = [r for r, width in REACHES.items() if width is not None]
    found = chance(of, unit, reaches, runs=runs)
    kept.put_chance(
        store,
        [
            {
                "report_unit": c.place, "reach": c.reach, "since": (since + pd.Timedelta(days=1)).date(), "until": on,
                "trips": c.trips, "missed": c.missed, "expected": c.expected, "low": c.low, "high": c.high, "runs": runs,
                "seed": SEED,
            }
            for c in found
            if c.place != "?"
        ],
    )  # fmt: skip
    return len(of.trips)


def _chosen(of: Past, which: np.ndarray) -> Past:
    """Some of the trips, with their items."""
    number = np.cumsum(which) - 1
    items = of.items[which[of.items["trip"].to_numpy()]].reset_index(drop=True)
    return Past(of.trips[which].reset_index(drop=True), items.assign(trip=number[items["trip"].to_numpy()]))
