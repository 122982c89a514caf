"""What past visits were, which of them could have been one, and how many would have done; pure, from frames.

A *trip* is a visit as `reform.common.visits` tells it: one entry at one subject on one day, however many departments.
What lets trips be merged is here and nowhere else (domain-rules C.2, methods §4):

- A planned check (random, key, special, routine) may move by ±δ days; a re-check and a check after a licence have a
  date that stands, and others may come to it.
- What has a cause (complaint, transfer, assignment, emergency), what is unannounced or a secret sampling, and what its
  own plan says can't be merged stays apart.
- Two trips of one department never merge; nor does one of the XPCC alone with a local one: they have no agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from pilotwatch.frames import Frames, joinable, once, table
from pilotwatch.inspection.ledger.merge import entangled, fewest
from pilotwatch.records import PlannedCheck
from pilotwatch.reform.common import PLANNED, exploded, visits

Reach = Literal["d0", "d3", "d7", "d14", "d30", "window"]

#: How far a visit may be moved, in days to either side; `window`: within the window of its own plan, where that is known.
REACHES: dict[Reach, int | None] = {"d0": 0, "d3": 3, "d7": 7, "d14": 14, "d30": 30, "window": None}

_STANDS = ("复查", "批后核查")
_SECRET = ("暗访", "食品抽检", "突发事件")
_XPCC = "XPCC"

_TRIP = ["subject_id", "day", "trigger", "planned", "depts", "items", "task_no", "scan_id", "scan_in_at"]
_PLAN = ("plan_no", "dept", "task_no", "window_from", "window_until", "mergeable")


@dataclass(frozen=True)
class Past:
    """Trips that could be merged with others, and their items: what each department did on each.

    `trips`: subject_id, day, trigger, depts, items, task_no, scan_id, scan_in_at, a row each. `items`: `trip` (its row),
    `dept`, `day`, `moves` (it may be moved), `window_from`, `window_until` (NaT where no plan is known), `who` (a number:
    the subject, the XPCC's visits apart).
    """

    trips: pd.DataFrame
    items: pd.DataFrame


@dataclass(frozen=True)
class Found:
    """What a reach allows: `visit` and `on` (day) of each item, `group` of items that belong together (None: not asked)."""

    visit: np.ndarray
    on: np.ndarray
    group: np.ndarray | None


def plans_of(frames: Frames, items: pd.DataFrame) -> pd.DataFrame:
    """The plan behind each item: `_PLAN` without dept and task_no, NaN where none is known; indexed as the items.

    `items`: subject_id, dept, day, task_no. The plan of the item's own task and department, else the department's whose
    window holds the day; of several the one that ends first.
    """
    plans = table(frames, PlannedCheck, *_PLAN)
    keys = items.reset_index(names="item")
    own = joinable(keys).merge(joinable(plans), on=["subject_id", "dept"], suffixes=("", "_of_plan"))
    same = own["task_no"].notna() & own["task_no"].eq(own["task_no_of_plan"])
    own = own.assign(same=same)[same | own["day"].between(own["window_from"], own["window_until"])]
    order = ["same", "window_until", "plan_no"]
    best = own.sort_values(order, ascending=[False, True, True], kind="stable").drop_duplicates("item")
    return best.set_index("item")[["plan_no", "window_from", "window_until", "mergeable"]].reindex(items.index)


def past(frames: Frames, on: date) -> Past:
    """The trips by `on` that could be merged with another, with their items."""
    trips = once(frames, _trips, on)
    items = exploded(trips[["subject_id", "day", "task_no", "depts", "trigger"]].reset_index(names="trip"), "depts")
    items = items.rename(columns={"depts": "dept"})
    items = items.join(plans_of(frames, items[["subject_id", "dept", "day", "task_no"]]))
    apart = items["mergeable"].astype("boolean").fillna(True).eq(False).groupby(items["trip"]).any()
    items = items[~items["trip"].map(apart).fillna(False).astype(bool)].reset_index(drop=True)
    kept = np.flatnonzero(np.isin(np.arange(len(trips)), items["trip"]))
    items["trip"] = np.searchsorted(kept, items["trip"])
    local = (items["dept"] != _XPCC).groupby(items["trip"]).any()  # one of both has an agreement
    who = items["subject_id"].astype(object) + np.where(items["trip"].map(local).astype(bool), "", "/x")
    items["who"] = pd.factorize(who)[0]
    items["moves"] = items["trigger"].isin(PLANNED)
    return Past(trips.iloc[kept].reset_index(drop=True), items)


def _trips(frames: Frames, on: date) -> pd.DataFrame:
    rows = visits(frames, on)
    open_ = ~rows["exempt_reason"].isin(_SECRET) & rows["trigger"].isin([*PLANNED, *_STANDS])
    return rows.loc[open_, _TRIP].sort_values(["subject_id", "day", "scan_id"], kind="stable").reset_index(drop=True)


def find(items: pd.DataFrame, reach: Reach, day: np.ndarray | None = None, *, groups: bool = True) -> Found:
    """How few visits would have done where each may be moved so far. `day`: other days than the items' own."""
    left, right = _windows(items, reach, day)
    dept = pd.factorize(items["dept"])[0]
    who = items["who"].to_numpy()
    found = fewest(who, dept, left, right)
    group = entangled(who, items["trip"].to_numpy(), found.number) if groups else None
    return Found(found.number, found.day, group)


def _windows(items: pd.DataFrame, reach: Reach, day: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    days = _number(items["day"]) if day is None else day
    width = REACHES[reach]
    if width is not None:
        far = np.where(items["moves"], width, 0)
        return days - far, days + far
    known = (items["moves"] & items["window_from"].notna() & items["window_until"].notna()).to_numpy()
    begins, ends = (_number(items[n].fillna(items["day"])) for n in ("window_from", "window_until"))
    return np.where(known, np.minimum(begins, days), days), np.where(known, np.maximum(ends, days), days)


def _number(days: pd.Series) -> np.ndarray:
    return days.to_numpy("datetime64[D]").astype(np.int64)


def missed(of: Past, reach: Reach) -> pd.DataFrame:
    """Trips that could have been fewer, a row for each group of them: subject_id, `trips` (rows of `of.trips`, by day),
    `needed` (visits that would have done), `days` (of these), `saved`, `day` (of the last trip, to whose month it counts).
    """
    found = find(of.items, reach)
    rows = of.items[["subject_id", "trip", "day"]].assign(group=found.group, visit=found.visit, on=found.on)
    trips = rows.groupby("group")["trip"].nunique()
    needed = rows.groupby("group")["visit"].nunique()
    more = trips.index[trips > needed]
    rows = rows[rows["group"].isin(more)]
    grouped = rows.groupby("group", sort=True)
    columns = {
        "subject_id": grouped["subject_id"].first(),
        "trips": grouped["trip"].agg(lambda t: tuple(sorted(set(t)))),
        "needed": needed[more],
        "days": grouped["on"].agg(lambda d: tuple(np.array(sorted(set(d)), "datetime64[D]").astype(object))),
        "saved": (trips - needed)[more],
        "day": grouped["day"].max(),
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def by_month(of: Past, reaches: Sequence[Reach] = tuple(REACHES)) -> pd.DataFrame:
    """What each subject missed in a month, by reach: subject_id, period, kind, numerator (visits too many), denominator
    (trips that could be merged at all). What a group of trips has too many counts for the months of its last trips."""
    months = of.trips["day"].dt.strftime("%Y-%m").astype(object)
    trips = of.trips[["subject_id"]].assign(period=months)
    cell = trips.groupby(["subject_id", "period"], sort=True).ngroup().to_numpy()
    cells = trips.drop_duplicates(["subject_id", "period"]).sort_values(["subject_id", "period"], ignore_index=True)
    many = np.bincount(cell, minlength=len(cells))
    parts = []
    for reach in reaches:
        lost = np.bincount(cell[_dropped(of, reach)], minlength=len(cells))
        parts.append(cells.assign(kind=reach, numerator=lost, denominator=many))
    return pd.concat(parts, ignore_index=True)


def _dropped(of: Past, reach: Reach) -> np.ndarray:
    """The trips that would not have been made: of each group its last ones."""
    found = find(of.items, reach)
    trip = of.items["trip"].to_numpy()
    group = np.zeros(len(of.trips), np.int64)
    group[trip] = found.group  # all items of a trip are in one
    visits = pd.DataFrame({"group": found.group, "visit": found.visit}).drop_duplicates()
    count = int(group.max()) + 1 if len(group) else 0
    more = np.bincount(group, minlength=count) - np.bincount(visits["group"], minlength=count)
    from_the_end = pd.Series(group).groupby(group).cumcount(ascending=False).to_numpy()
    return np.flatnonzero(from_the_end < more[group])
