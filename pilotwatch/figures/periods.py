"""Keeps the figures of periods in step with the records: what each subject gives to a month, and the sums of places.

The core's measures (`pilotwatch.reform`) are about the subjects of all domains, a domain's own about those of its lists.
A subject is where its list says; one that no list has is where its records say. It counts once, however many domains
list it, and in one reporting unit (甘泉堡 has its own, and isn't in 米东区's sum of units).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import repeat
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch import reform
from pilotwatch.domain import Measure, Record
from pilotwatch.frames import Frames, Stored
from pilotwatch.registry import Registry
from pilotwatch.store import Change, Desk, Store, days, shelf
from pilotwatch.workdays import today

_AT_ONCE = 20_000  # subjects evaluated together
_SUMS = ("numerator", "denominator")


@dataclass(frozen=True)
class Group:
    """Measures that are kept together: a domain's own, or the core's (`shared`), which are about all domains' subjects.

    `lists`: dataset of subjects → the domain it belongs to, in the order in which they say where a subject is.
    """

    name: str
    measures: tuple[Measure, ...]
    lists: dict[str, str]
    shared: bool = False

    @cached_property
    def records(self) -> tuple[type[Record], ...]:
        """What the measures are computed from."""
        return tuple({r.spec.dataset: r for m in self.measures for r in m.needs}.values())

    @property
    def key(self) -> str:
        """Under which name its lock and its newest day are kept."""
        return f"periods:{self.name}"


def groups_of(found: Registry) -> tuple[Group, ...]:
    """The groups of measures, the core's last; always in this order, so that no two commits wait for each other."""
    lists = {d.name: {r.spec.dataset: d.name for r in d.subjects} for d in found.domains}
    own = [Group(d.name, d.measures, lists[d.name]) for d in found.domains if d.measures]
    every = {dataset: domain for mine in lists.values() for dataset, domain in mine.items()}
    stored = {r.spec.dataset for r in found.records}
    core = tuple(m for m in reform.MEASURES if all(r.spec.dataset in stored for r in m.needs))
    shared = [Group(reform.NAME, core, every, shared=True)] if core else []
    return (*sorted(own, key=lambda g: g.name), *shared)


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """Part of the hook of every commit and withdrawal: the measures that read what changed, for whom it concerns."""
    for group in groups_of(found):
        known = {*group.lists, *(r.spec.dataset for r in group.records)}
        touched = {d: ids for d, ids in change.touched.items() if d in known}
        if not touched:
            continue
        shelf.lock(connection, group.key)
        never = shelf.last_day(connection, group.key) is None  # a store of an older version, or its first upload
        _turn(connection, group, today())
        if never:
            _bring(connection, store, change.desk, group, today())
            continue
        subjects = np.unique(np.concatenate(list(touched.values()))).tolist()
        affected = [m for m in group.measures if any(r.spec.dataset in touched for r in _read_by(m))]
        _put(connection, store, change.desk, group, affected, subjects, today())


def _read_by(measure: Measure) -> tuple[type[Record], ...]:
    return measure.needs if measure.per is None else (measure.per, *measure.needs)


class Spread(Protocol):
    """Evaluates measures elsewhere, in any number of processes, so many subjects at a time."""

    at_once: int

    def periods(self, group: str, parts: Sequence[Sequence[str]], on: date) -> Iterator[pd.DataFrame]:
        """What `evaluate` gives for each part of a group's subjects, in their order."""


def in_parts(subjects: Sequence[str], at_once: int) -> list[Sequence[str]]:
    """So many subjects at a time, in their order, that memory stays bounded."""
    return [subjects[i : i + at_once] for i in range(0, len(subjects), at_once)]


def update(store: Store, found: Registry, on: date, *, rebuild: bool = False, spread: Spread | None = None) -> None:
    """Re-evaluates every measure as of a day, each group in one transaction; `rebuild` makes it all anew."""
    for group in groups_of(found):
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, group.key)
            _turn(connection, group, on)
            _bring(connection, store, desk, group, on, rebuild=rebuild, spread=spread)


def close_month(connection: Any, domain: str, on: date) -> None:
    """Before a domain's first evaluation of a new month: keeps the levels and areas with which the last one ended."""
    if ended := shelf.turn(connection, domain, on):
        shelf.close_levels(connection, domain, ended)


def _turn(connection: Any, group: Group, on: date) -> None:
    """Before the first evaluation of a new month: keeps how the last one ended."""
    if ended := shelf.turn(connection, group.key, on):
        shelf.close_states(connection, group.name, ended)


def _bring(
    connection: Any, store: Store, desk: Desk, group: Group, on: date, *, rebuild: bool = True,
    spread: Spread | None = None,
) -> None:  # fmt: skip
    """Evaluates everybody, so many at a time that memory stays bounded."""
    everyone = shelf.everyone_in(connection, store, [r.spec.dataset for r in group.records], group.name)
    if rebuild:
        shelf.clear_periods(connection, group.name)
    parts = in_parts(everyone, spread.at_once if spread else _AT_ONCE)
    ready = spread.periods(group.name, parts, on) if spread else repeat(None)
    for part, rows in zip(parts, ready, strict=False):
        _put(connection, store, desk, group, group.measures, part, on, fresh=rebuild, ready=rows)
    if rebuild:
        shelf.PERIODS.recount(connection, group.name)


def _put(
    connection: Any, store: Store, desk: Desk, group: Group, measures: Sequence[Measure], subjects: Sequence[str],
    on: date, *, fresh: bool = False, ready: pd.DataFrame | None = None,
) -> None:  # fmt: skip
    """Puts what the subjects give now in the place of what they gave; `fresh`: nothing is kept of them, sums follow.

    `ready`: the measures' rows, where they were made elsewhere.
    """
    rows = evaluate(measures, frames_of(desk, group, subjects), on) if ready is None else ready
    if not fresh:
        before = shelf.PERIODS.of_subjects(connection, group.name, subjects)
        others = ~np.isin(before["indicator"].to_numpy(zero_copy_only=False), [m.code for m in measures])
        rows = pd.concat([rows, before.filter(pa.array(others)).to_pandas()[list(rows)]], ignore_index=True)
    there = placed(group, rows, shelf.listings(connection, subjects), desk)
    columns = shelf.PERIODS.columns
    now = pa.table({n: pa.array(there[n], t) for n, t in columns.items()})
    if fresh:
        shelf.add_periods(connection, group.name, now)
        return
    moved = _moved(before, now)
    if len(moved):
        chosen = pa.array(moved)
        before, now = (t.filter(pa.compute.is_in(t["subject_id"], chosen)) for t in (before, now))
        shelf.PERIODS.replace(connection, group.name, moved, before, now)


def frames_of(desk: Desk, group: Group, subjects: Sequence[str]) -> Stored:
    """The records of the subjects that the group's measures are computed from, and the house's calendar."""
    return Stored(
        lambda dataset, columns: desk.frame(dataset, columns, subjects=subjects),
        group.records,
        calendar=days.calendar(desk),
    )


def evaluate(measures: Iterable[Measure], frames: Frames, on: date) -> pd.DataFrame:
    """What the subjects of the frames give: subject_id, indicator, period, kind, numerator, denominator (whole millionths).

    Pure. One row per subject, measure, month (`NOW` for a state) and kind.
    """
    parts = [_of_measure(measure, frames, on) for measure in measures]
    rows = pa.concat_tables(parts) if parts else _NOTHING
    keys = ["subject_id", "indicator", "period", "kind"]
    summed = rows.group_by(keys, use_threads=False).aggregate([(n, "sum") for n in _SUMS])
    return summed.select([*keys, *(f"{n}_sum" for n in _SUMS)]).rename_columns([*keys, *_SUMS]).to_pandas()


_NOTHING = pa.schema(
    {n: pa.string() for n in ("subject_id", "indicator", "period", "kind")} | dict.fromkeys(_SUMS, pa.int64())
).empty_table()


def _of_measure(measure: Measure, frames: Frames, on: date) -> pa.Table:
    found = measure.compute(frames, on)
    numbers = found[list(_SUMS)].to_numpy(dtype="float64", na_value=np.nan)
    on_days = np.asarray(found["day"], dtype="datetime64[D]")
    known = ~np.isnan(numbers).any(axis=1)
    if not measure.state:
        known &= on_days <= np.datetime64(on, "D")  # and not NaT
    months, at = np.unique(on_days[known].astype("datetime64[M]"), return_inverse=True)
    periods = np.array([shelf.NOW], object) if measure.state else np.datetime_as_string(months).astype(object)
    whole = np.rint(numbers[known] * shelf.PART_SCALE).astype("int64")
    rows = int(known.sum())
    return pa.table(
        {
            "subject_id": pa.array(found["subject_id"].array[known], pa.string()),
            "indicator": pa.repeat(measure.code, rows),
            "period": pa.array(periods, pa.string()).take(pa.array(np.zeros(rows, int) if measure.state else at)),
            "kind": pa.array(found["kind"].array[known], pa.string()),
            **{n: pa.array(whole[:, i]) for i, n in enumerate(_SUMS)},
        }
    )


def placed(group: Group, rows: pd.DataFrame, listings: pd.DataFrame, desk: Desk) -> pd.DataFrame:
    """The rows with where each subject is and which domains list it; without those a domain's measure isn't about."""
    if group.shared:
        homes = _homes(group, listings)
        unlisted = rows.loc[~rows["subject_id"].isin(homes.index), "subject_id"].unique()
        if len(unlisted):
            homes = pd.concat([homes, _told_places(group, desk, unlisted.tolist())])
        return rows.join(homes, on="subject_id", how="inner")
    per = {m.code: m.per.spec.dataset for m in group.measures if m.per}
    homes = listings.assign(listed_in=f",{group.name},")
    of = rows.assign(dataset=rows["indicator"].map(per))
    return of.merge(homes, on=["subject_id", "dataset"], how="inner")


def _homes(group: Group, listings: pd.DataFrame) -> pd.DataFrame:
    """By subject: PLACE, as the first list that names a unit says it, and `listed_in`."""
    mine = listings[listings["dataset"].isin(list(group.lists))]
    order = {dataset: i for i, dataset in enumerate(group.lists)}
    mine = mine.assign(domain=mine["dataset"].map(group.lists), order=mine["dataset"].map(order))
    mine = mine.assign(unplaced=mine["report_unit"] == "").sort_values(["unplaced", "order"], kind="stable")
    homes = mine.drop_duplicates("subject_id").set_index("subject_id")
    pairs = mine[["subject_id", "domain"]].drop_duplicates().sort_values(["subject_id", "domain"])
    several = pairs["subject_id"].duplicated(keep=False)  # few: the others need no joining
    joined = pairs[several].groupby("subject_id")["domain"].agg(",".join)
    listed_in = pd.concat([pairs[~several].set_index("subject_id")["domain"], joined.astype("str")])
    return homes[list(shelf.PLACE)].assign(listed_in="," + listed_in.reindex(homes.index) + ",")


def _told_places(group: Group, desk: Desk, subjects: list[str]) -> pd.DataFrame:
    """Where the records themselves say that subjects are which no list has: the last record that names a unit."""
    columns = ["subject_id", *shelf.PLACE, "day"]
    told = pd.concat([desk.frame(r.spec.dataset, columns, subjects=subjects) for r in group.records])
    told = told.astype({n: object for n in shelf.PLACE}).fillna({n: "" for n in shelf.PLACE})
    told = told.assign(placed=told["report_unit"] != "").sort_values(["placed", "day", *shelf.PLACE], kind="stable")
    homes = told.drop_duplicates("subject_id", keep="last").set_index("subject_id")
    return homes[list(shelf.PLACE)].assign(listed_in="")


def _moved(before: pa.Table, now: pa.Table) -> list[str]:
    """The subjects whose rows are not what they were."""
    if not before.num_rows:
        return now["subject_id"].unique().to_pylist()
    names = now.column_names
    both = pd.concat([before.select(names).to_pandas(), now.to_pandas()], ignore_index=True)
    return both.loc[~both.duplicated(names, keep=False), "subject_id"].unique().tolist()
