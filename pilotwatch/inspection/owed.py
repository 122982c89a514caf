"""The checks that are due in a period, of every department and from every source, and what is left out of them, and why.

Four sources: the departments' own plans that were not carried out yet; the share of each class that a department still owes
this year (by credit × risk, at the year's pace); re-checks of orders; wishes. What may not be planned is left out here, with
its reason: XPCC sites, unpublished matters and plans, results of others that are recognised, what another plan has already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection import force
from pilotwatch.inspection.frequencies import Rules
from pilotwatch.inspection.sift import CHECK, LEFT_OUT, XPCC, sift
from pilotwatch.inspection.sources import planned, rechecks, requests, shaped, shares
from pilotwatch.inspection.world import World, read
from pilotwatch.planning import Problem
from pilotwatch.planning import Rules as Limits
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, StoreRefused, plan_means
from pilotwatch.workdays import Calendar, today

Progress = Callable[[Text, float], None]


@dataclass(frozen=True)
class Owed:
    """What is due between two days. `checks`: one row a check, the columns of CHECK (`matters`: a tuple). `left_out`: the
    same with `reason` and `words`. `unlimited`: departments whose inspectors nobody entered, planned without a limit."""

    first: date
    last: date
    checks: pd.DataFrame
    left_out: pd.DataFrame
    capacity: pd.DataFrame
    days: tuple[date, ...]
    caps: pd.DataFrame
    quiet: pd.DataFrame
    made: pd.DataFrame
    unlimited: tuple[str, ...]
    rules: Rules

    def problem(self, pins: pd.DataFrame | None = None) -> Problem:
        """What the planner is asked. `pins`: check_id, pinned_on, pinned_visit."""
        due = self.checks.assign(
            matter=[json.dumps(m, ensure_ascii=False) for m in self.checks["matters"]],
            trigger=np.where(self.checks["caused"], "caused", "planned"),
        )
        if pins is not None and len(pins):
            held = pins.set_index("check_id").reindex(due["check_id"])
            due = due.assign(pinned_on=held["pinned_on"].to_numpy(), pinned_visit=held["pinned_visit"].to_numpy(object))
        limits = Limits(day_hours=self.rules.day_hours)
        return Problem(due, self.capacity, self.days, self.caps, self.quiet, self.made, limits)


def owed(
    desk: Desk, registry: Registry, calendar: Calendar, first: date, last: date, *, units: Collection[str] = (),
    domains: Collection[str] = (), seed: str = "", apart_from: str | None = None, titles: Mapping[str, Text] | None = None,
    progress: Progress | None = None, about: pd.DataFrame | None = None,
) -> Owed:  # fmt: skip
    """What is due from `first` to `last` in the desk's scope, in these units and domains (none named: all).

    `seed` orders the subjects of a class by ticket, as a draw does. `apart_from`: the id of a plan that is made anew; what it
    holds is free. `titles`: what departments are called. `about`: subjects (subject_id, report_unit, domain) whose caps and quiet days
    are wanted whether they have a check or not. Raises StoreRefused where the period has no working day, crosses a year or isn't one.
    """
    told = progress or (lambda _step, _share: None)
    days = working_days(calendar, first, last)
    told(_READING, 0.0)
    world = read(desk, registry, calendar, first, last, units, domains, apart_from, titles or {})
    told(_MATCHING, 0.4)
    found = pd.concat(
        [planned(world), rechecks(world), requests(world)], ignore_index=True
    ).pipe(shaped)  # fmt: skip
    found, out = sift(world, found)
    told(_SHARES, 0.6)
    more, more_out = sift(world, shaped(shares(world, found, seed)))
    checks = pd.concat([found, more], ignore_index=True)[CHECK].sort_values("check_id", ignore_index=True)
    left_out = pd.concat([out, more_out], ignore_index=True)
    told(_FORCE, 0.8)
    capacity, unlimited = force.capacity(desk, checks, days, world.rules.day_hours, world.arranged)
    names = ["subject_id", "report_unit", "domain"]
    them = pd.concat([checks[names], *([] if about is None else [about[names]])]).drop_duplicates(ignore_index=True)
    owe = Owed(
        first, last, checks, left_out, capacity, days, _caps(world, them), _quiet(world, them), _made(world, them),
        unlimited, world.rules,
    )  # fmt: skip
    told(_READY, 1.0)
    return owe


def working_days(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """The working days of a period; raises StoreRefused for one that can't be planned."""
    if last < first:
        raise StoreRefused("period", _BACKWARDS.format(first=first, last=last))
    if first.year != last.year:
        raise StoreRefused("period", _TWO_YEARS.format(year=first.year))
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = tuple(d for d in span if calendar.is_working_day(d))
    if not days:
        raise StoreRefused("period", _NO_DAYS.format(first=first, last=last))
    return days


def _caps(world: World, them: pd.DataFrame) -> pd.DataFrame:
    """Planned visits each subject may still get this year: the largest cap of its classes, less what it had and what
    adopted plans hold."""
    subjects = pd.Index(them["subject_id"].unique())
    caps = world.cards.assign(cap=world.cards["of_class"].map(world.rules.cap)).groupby("subject_id")["cap"].max()
    held = world.arranged[
        world.arranged["counted"] & (world.arranged["day"] >= min(world.begin, pd.Timestamp(today())))
    ]
    held = held.drop_duplicates("visit_id")["subject_id"].value_counts()
    used = world.past.used(world.first.year).reindex(subjects, fill_value=0) + held.reindex(subjects, fill_value=0)
    cap = caps.reindex(subjects).fillna(world.rules.overall_cap)
    return pd.DataFrame(
        {"subject_id": subjects, "allowed": (cap - used).clip(lower=0).to_numpy(), "used": used.to_numpy()}
    )


def _quiet(world: World, them: pd.DataFrame) -> pd.DataFrame:
    """The quiet days of each subject: those of its unit and domain."""
    rows = plan_means.quiet(world.desk, world.first, world.last)
    found = []
    for row in rows:
        mine = them
        if row["unit"]:
            mine = mine[mine["report_unit"] == row["unit"]]
        if row["domain"]:
            mine = mine[mine["domain"] == row["domain"]]
        found.append(mine[["subject_id"]].assign(first=pd.Timestamp(row["first"]), last=pd.Timestamp(row["last"])))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["subject_id", "first", "last"])


def _made(world: World, them: pd.DataFrame) -> pd.DataFrame:
    """Planned visits of the last month, and those that adopted plans hold."""
    held = world.arranged.loc[world.arranged["counted"], ["subject_id", "day"]].drop_duplicates()
    rows = pd.concat([world.past.since(world.first - timedelta(days=32)), held], ignore_index=True)
    return rows[rows["subject_id"].isin(set(them["subject_id"]))].drop_duplicates(ignore_index=True)


_READING = Text("正在读取检查计划和历史检查", "Reading plans and past checks")
_MATCHING = Text("正在核对已完成、已互认和未公布的事项", "Sorting out what is done, recognised or unpublished")
_SHARES = Text("正在计算各部门本期应查", "Counting what each department owes")
_FORCE = Text("正在核算执法力量", "Counting who can go")
_READY = Text("应查清单已备齐", "What is due is known")
_BACKWARDS = Text(
    "开始日期 {first} 晚于结束日期 {last}，请改正。", "The first day {first} is after the last {last}; mend it."
)
_TWO_YEARS = Text(
    "方案不能跨年：年度频次上限按自然年计。请以 {year} 年12月31日为界分两次编制。",
    "A plan can't cross a year, for caps count by calendar year. Make two, up to 31 December {year} and from then on.",
)
_NO_DAYS = Text(
    "{first} 至 {last} 没有工作日，请选择更长的时段。",
    "There is no working day from {first} to {last}; choose a longer period.",
)

__all__ = ["LEFT_OUT", "XPCC", "Owed", "Progress", "owed", "working_days"]
