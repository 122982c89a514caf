"""What the planner is asked and what it answers, as frames: no store, no screen.

    problem = Problem(due, capacity, days, caps=caps)
    answer = plan(problem)                                    # pilotwatch.planning.plan
    answer.visits, answer.unmet, answer.gap

A *check* is one matter that one department has to look at, at one subject, within a window of days. A *visit* is one entry
of one team on one day: it carries one check or several. Hours are inspector-hours on site (two officers for 1.5 h are 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from pilotwatch.domain import Text

#: Columns of `Problem.due`, one row a check; those with a default may be left out.
DUE: dict[str, object] = {
    "check_id": ...,  # str, unique
    "subject_id": ...,  # str
    "unit": ...,  # str: the report unit whose officers go (兵团 is one of its own); checks of two units never share a visit
    "street": "",  # str: groups the visits of a day
    "department": ...,  # str
    "matter": ...,  # str: the published matter that is checked
    "hours": ...,  # float > 0
    "first": ...,  # date: first day on which it may be done
    "last": ...,  # date: last one, included
    "priority": 0.0,  # float ≥ 0: how bad it is to leave it out, or late; 0 is usual
    "trigger": "planned",  # 'planned' | 'caused' (complaint, transfer, re-check …): caused visits are outside the caps
    "announced": True,  # bool: announced and unannounced checks never share a visit
    "alone": False,  # bool: shares no visit whatever (a complaint that must stay confidential)
    "pinned_on": pd.NaT,  # date | NaT: a person fixed this day; it is kept, even against window, cap and capacity
    "pinned_visit": None,  # str | None: checks with the same one stay together; two different ones never merge
}

#: Columns of `Problem.capacity`, one row a pool and week. `unit` '' is a pool of the whole city, used by units that
#: have none of their own. A week that isn't there has no hours.
CAPACITY: dict[str, object] = {"department": ..., "unit": "", "week": ..., "hours": ...}

#: Columns of `Problem.caps`: planned visits that a subject may still get. A subject that isn't there has no cap.
CAPS: dict[str, object] = {"subject_id": ..., "allowed": ..., "used": 0}

#: Columns of `Problem.quiet`: days, both ends included, on which a subject gets no planned visit.
QUIET: dict[str, object] = {"subject_id": ..., "first": ..., "last": ...}

#: Columns of `Problem.made`: planned visits that happened or are fixed outside the plan; the repeat limits count them.
MADE: dict[str, object] = {"subject_id": ..., "day": ...}


class ProblemError(ValueError):
    """The frames contradict themselves; `text` says where and what to do."""

    def __init__(self, text: Text):
        super().__init__(text.en)
        self.text = text


class Cancelled(Exception):
    """`cancelled()` said so; nothing came out."""


@dataclass(frozen=True)
class Rules:
    """What holds for every visit.

    apart: 'matter' keeps two checks of the same matter by one department out of one visit (they are two statutory acts);
        'department' keeps any two checks of one department apart; 'nothing' merges them all.
    undone: what a check left out costs, in visits, times (1 + its priority). Above 1 coverage goes before fewer visits.
    day_hours: hours an inspector is on site in a day; a pool of K hours a week has ceil(K ÷ (working days · day_hours))
        inspectors, and no more than their hours on one day.
    per_day, per_week, per_month: planned visits of a subject in 1, any 7 and any 31 consecutive days at most.
    """

    apart: Literal["matter", "department", "nothing"] = "matter"
    undone: float = 3.0
    day_hours: float = 6.0
    per_day: int = 1
    per_week: int = 2
    per_month: int = 3


@dataclass(frozen=True)
class Problem:
    """Frames as described by DUE, CAPACITY, CAPS, QUIET and MADE; `days`: the working days of the period, ascending.

    Raises ProblemError where a column is missing or a value can't be.
    """

    due: pd.DataFrame
    capacity: pd.DataFrame
    days: Sequence[date]
    caps: pd.DataFrame | None = None
    quiet: pd.DataFrame | None = None
    made: pd.DataFrame | None = None
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "days", tuple(d.date() if isinstance(d, pd.Timestamp) else d for d in self.days))
        put(self, "due", _due(_shaped(self.due, DUE, "due")))
        put(self, "capacity", _capacity(_shaped(self.capacity, CAPACITY, "capacity")))
        put(self, "caps", _numbers(_shaped(self.caps, CAPS, "caps"), "caps", "allowed", "used"))
        put(self, "quiet", _dates(_shaped(self.quiet, QUIET, "quiet"), "first", "last"))
        put(self, "made", _dates(_shaped(self.made, MADE, "made"), "day"))
        if not self.days:
            raise ProblemError(
                Text("计划期内没有工作日，请选择更长的时段。", "The period has no working day; choose a longer one.")
            )
        if any(b <= a for a, b in zip(self.days, self.days[1:], strict=False)):
            raise ProblemError(Text("工作日须按先后排列且不重复。", "Working days must ascend and occur once."))


#: Reasons why a check is not in the plan, or not merged: code → words; `{…}` are filled from the row.
UNMET: dict[str, Text] = {
    "window": Text(
        "可检查的日期（{first} 至 {last}）内没有工作日落在计划期里",
        "no working day of the period lies in its window ({first} to {last})",
    ),
    "no_inspectors": Text(
        "{department} 在 {unit} 没有可用的检查人员（计划期内工时为零）",
        "{department} has no inspectors for {unit} in these weeks",
    ),
    "too_long": Text(
        "需 {hours:g} 人时，超过 {department} 一天能安排的工时",
        "takes {hours:g} hours, more than {department} has on one day",
    ),
    "quiet": Text("可检查的日期全部处于该对象的免打扰期", "all days of its window are quiet ones of the subject"),
    "cap": Text("该对象的计划入企次数已达上限", "the subject has no planned visit left under its cap"),
    "repeat": Text(
        "与该对象的其他检查相隔过近（每日、每周、每月次数限制）",
        "too near the subject's other visits (limits per day, week and month)",
    ),
    "capacity": Text(
        "{department} 在 {unit} 于 {first} 至 {last} 之间的工时已排满",
        "{department} in {unit} is fully booked from {first} to {last}",
    ),
    "pins": Text(
        "人工要求同一次检查的各事项没有共同日期", "the checks pinned to one visit have no day in common"
    ),
}  # fmt: skip

NOT_MERGED: dict[str, Text] = {
    "pinned": Text("人工固定为单独检查", "a person keeps it apart"),
    "alone": Text("该检查不得与其他检查合并", "this check may share no visit"),
    "unit": Text("同一对象的其他检查由另一辖区负责", "the subject's other checks are another unit's"),
    "announced": Text("预告检查与不预告检查不能合并", "announced and unannounced checks don't share a visit"),
    "repeat": Text("同一部门同一事项的两次法定检查不能合并", "two statutory checks of one matter by one department don't merge"),
    "windows": Text("与该对象其他检查的日期没有共同工作日", "has no working day in common with the subject's other checks"),
    "capacity": Text("共同日期内 {departments} 的工时已排满", "on the common days {departments} is fully booked"),
    "fewest": Text("与其他检查合并不能再减少入企次数", "merging it differently would not save a visit"),
}  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """What no plan can go below, proven.

    stabbing: visits needed to do all checks that can be done at all if hours were free (where caps forbid some of them, with
        `undone` for those).
    lagrangian: of visits + undone · Σ(1 + priority) over checks left out, with capacity.
    undone: of Σ(1 + priority) over checks left out: those nobody can do, and those for which hours are short.
    undone_hours: hours that can't be worked whatever the plan, summed over pools (demand inside some weeks > their hours).
    """

    stabbing: float
    lagrangian: float
    undone: float
    undone_hours: float


@dataclass(frozen=True)
class Plan:
    """A plan that breaks no window, cap, capacity, jurisdiction or pin.

    visits: visit_id, subject_id, unit, street, day, week, team (number within unit and day), departments (tuple), checks (tuple
        of check_id), hours (of the department that stays longest), planned (counts against the cap), pinned.
    checks: check_id, visit_id, day: the same, a row for each check that is in the plan.
    unmet: check_id, subject_id, unit, department, hours, priority, reason (key of UNMET), words (Text).
    not_merged: check_id, visit_id, reason (key of NOT_MERGED), words (Text): checks alone in their visit though their
        subject has others.
    scarce: department, unit ('' the city's pool), week, until (Mondays), short (hours that can't be worked in these weeks
        whatever the plan, proven; 0 where only the price says that they are scarce), worth (what one more inspector-day saves,
        in visits, by the dual price: an estimate), worth_week (the week in which it saves most).
    load: department, unit, week, hours planned, capacity.
    strained: kind ('capacity', 'window', 'day', 'cap', 'repeat'), what (pool, check or subject), words (Text): what pins
        alone break; told, not mended.
    undone: Σ(1 + priority) of unmet checks. cost: visits + Rules.undone · undone; gap: cost over its bound, less one.
    separate: visits if each check of the plan had one of its own. trips: inspector-days on a street (street, day, department;
        day_hours each) and their lower bound for these weeks. optimal: proven best in coverage, then visits.
    """

    visits: pd.DataFrame
    checks: pd.DataFrame
    unmet: pd.DataFrame
    not_merged: pd.DataFrame
    scarce: pd.DataFrame
    strained: pd.DataFrame
    bound: Bound
    load: pd.DataFrame
    cost: float
    undone: float
    gap: float
    separate: int
    trips: int
    trips_bound: int
    optimal: bool


def variant(
    problem: Problem,
    *,
    window: int | None = None,
    inspectors: dict[str, float] | None = None,
    cap: int | None = None,
) -> Problem:
    """The same question with one thing changed, for "what if".

    window: planned checks that nobody pinned may be done this many days earlier or later (within the period's days).
    inspectors: department → inspectors more (or fewer) in each of its pools, every week.
    cap: planned visits a subject may get in all; those it already had (`caps.used`) are taken off.
    """
    due, capacity, caps = problem.due, problem.capacity, problem.caps
    if window is not None:
        free = (due["trigger"] == "planned") & due["pinned_on"].isna()
        span = np.timedelta64(window, "D")
        begin, end = np.datetime64(problem.days[0]), np.datetime64(problem.days[-1])
        due = due.copy()
        # A window outside the period stays outside: only its own end is moved into it.
        due["first"] = due["first"].where(~free, np.maximum(due["first"] - span, np.minimum(due["first"], begin)))
        due["last"] = due["last"].where(~free, np.minimum(due["last"] + span, np.maximum(due["last"], end)))
    if inspectors:
        days = pd.Series(pd.DatetimeIndex(problem.days))
        per_week = days.groupby(days - pd.to_timedelta(days.dt.day_of_week, unit="D")).size()
        more = capacity["department"].map(inspectors).fillna(0.0) * problem.rules.day_hours
        more *= capacity["week"].map(per_week).fillna(0)
        capacity = capacity.assign(hours=(capacity["hours"] + more).clip(lower=0.0))
    if cap is not None:
        used = caps.set_index("subject_id")["used"] if len(caps) else pd.Series(dtype=float)
        subjects = pd.Index(due["subject_id"].unique())
        had = used.reindex(subjects).fillna(0).to_numpy()
        caps = pd.DataFrame({"subject_id": subjects, "allowed": np.maximum(0, cap - had), "used": had})
    return replace(problem, due=due, capacity=capacity, caps=caps)


# --- shaping ------------------------------------------------------------------------------------------------------


def _shaped(frame: pd.DataFrame | None, columns: dict[str, object], name: str) -> pd.DataFrame:
    """The declared columns in their order, defaults filled in."""
    if frame is None:
        return pd.DataFrame({column: [] for column in columns})
    missing = [column for column, default in columns.items() if default is ... and column not in frame]
    if missing:
        listed = "、".join(missing)
        raise ProblemError(
            Text(
                f"表 {name} 缺少列 {listed}。",
                f"Frame {name} lacks {', '.join(missing)}; expected {', '.join(columns)}.",
            )
        )
    out = {}
    for column, default in columns.items():
        if column not in frame:
            out[column] = np.full(len(frame), default)
        elif default is ... or default is None or default is pd.NaT:
            out[column] = frame[column].to_numpy()
        else:
            values = frame[column].astype(object)
            out[column] = values.where(values.notna(), default).to_numpy()
    return pd.DataFrame(out)


def _due(due: pd.DataFrame) -> pd.DataFrame:
    due = _numbers(_dates(due, "first", "last", "pinned_on"), "due", "hours", "priority")
    for column in ("check_id", "subject_id", "unit", "street", "department", "matter", "trigger"):
        due[column] = due[column].astype(str)
    due["announced"], due["alone"] = due["announced"].astype(bool), due["alone"].astype(bool)
    kept = due["pinned_visit"].astype(object)
    due["pinned_visit"] = kept.where(kept.notna(), None)
    twice = due["check_id"].duplicated()
    if twice.any():
        one = due.loc[twice, "check_id"].iloc[0]
        raise ProblemError(
            Text(f"检查编号 {one} 出现多次，每项检查只能有一行。", f"Check {one} occurs more than once; one row each.")
        )
    for bad, zh, en in (
        (~(due["hours"] > 0), "所需工时须大于 0", "its hours must be above 0"),
        (due["first"].isna() | due["last"].isna(), "须有最早与最晚日期", "it needs a first and a last day"),
        (due["first"] > due["last"], "最早日期晚于最晚日期", "its first day is after its last"),
        (
            ~due["trigger"].isin(["planned", "caused"]),
            "触发方式须为 planned 或 caused",
            "its trigger is 'planned' or 'caused'",
        ),
    ):
        if bad.any():
            one = due.loc[bad, "check_id"].iloc[0]
            raise ProblemError(Text(f"检查 {one}：{zh}。", f"Check {one}: {en}."))
    return due


def _capacity(capacity: pd.DataFrame) -> pd.DataFrame:
    capacity = _numbers(_dates(capacity, "week"), "capacity", "hours")
    capacity["department"], capacity["unit"] = capacity["department"].astype(str), capacity["unit"].astype(str)
    if (capacity["week"].dt.day_of_week != 0).any():
        raise ProblemError(Text("能力表的周须以星期一表示。", "A week of the capacity is named by its Monday."))
    if capacity.duplicated(["department", "unit", "week"]).any():
        raise ProblemError(
            Text("同一部门、辖区、周只能有一行工时。", "One row of hours per department, unit and week.")
        )
    return capacity


def _dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    for column in columns:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def _numbers(frame: pd.DataFrame, name: str, *columns: str) -> pd.DataFrame:
    for column in columns:
        frame[column] = frame[column].astype(float)
        if frame[column].isna().any() or np.isinf(frame[column]).any():
            raise ProblemError(
                Text(f"表 {name} 的列 {column} 有空值。", f"Frame {name}: column {column} has no number in some row.")
            )
        if (frame[column] < 0).any():
            raise ProblemError(
                Text(f"表 {name} 的列 {column} 有负数。", f"Frame {name}: column {column} is below 0 in some row.")
            )
    return frame
