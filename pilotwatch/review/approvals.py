"""Approval of a month's figures, by domain and reporting unit: who says what of them, and what became of them since.

    seen = {cell: standing.number for cell, standing in board(desk, found, units, ["2026-10"]).items()}
    approve(desk, found, names, seen, on)            # the district, or accept(…) the city: all of them or none
    send_back(desk, names, seen, "缺两家加油站的读数")     # a remark has to be there
    let_in(desk, names, seen, until, "漏报一家")        # an accepted month is opened for a while

What is returned doesn't count: sums of more than one unit leave it out (`left_out`, `sums_without`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import Measure, Text
from pilotwatch.figures.ask import Period, measured, measures_of, valued
from pilotwatch.figures.periods import Group
from pilotwatch.levels import VALUE
from pilotwatch.reform import NAME as REFORM
from pilotwatch.registry import Registry
from pilotwatch.review.pilots import ReviewRefused
from pilotwatch.store import BatchLine, Desk, Person, approvals, shelf
from pilotwatch.store.approvals import OPEN, Act, Cell, Decision, Standing, standing
from pilotwatch.workdays import BEIJING, now

#: An exception lasts this many days at most; a longer one is no exception any more (PRAC).
LONGEST_EXCEPTION = 30
Numbers = tuple[float | None, float | None, float | None]  # numerator, denominator, value


@dataclass(frozen=True)
class Moved:
    """A measure whose figures are no longer those that were approved or accepted."""

    code: str
    kept: Numbers
    now: Numbers


@dataclass(frozen=True)
class Shown:
    """A cell: how it stands and, where its figures were kept, which of them have moved since (None: none were kept)."""

    cell: Cell
    standing: Standing
    moved: tuple[Moved, ...] | None


def groups(desk: Desk, found: Registry) -> dict[str, Text]:
    """The domains of the person and the reform, by name."""
    mine = desk.person.domains
    own = {d.name: d.title for d in found.domains if mine is None or d.name in mine}
    return own | {REFORM: Text("综合监管改革", "The reform")}


# --- looking -------------------------------------------------------------------------------------------------------


def board(
    desk: Desk, found: Registry, units: Sequence[str], months: Collection[str]
) -> dict[Cell, Standing]:  # fmt: skip
    """How every cell of the person's domains stands, for those of the units that are the person's."""
    decided = approvals.decisions(desk, months=months)
    mine = [u for u in units if desk.person.units is None or u in desk.person.units]
    cells = (Cell(g, u, m) for m in sorted(months) for g in groups(desk, found) for u in mine)
    return {c: standing(decided[c]) if c in decided else OPEN for c in cells}


def compared(desk: Desk, found: Registry, kept: Mapping[Cell, Standing], on: date) -> tuple[Shown, ...]:
    """The cells with what has moved since they were approved or accepted."""
    now_of = _figures(found, on)
    shown = []
    for cell, stands in kept.items():
        figures = stands.last.figures if stands.last else ""
        moved = _moved(json.loads(figures), json.loads(now_of(desk, cell))) if figures else None
        shown.append(Shown(cell, stands, moved))
    return tuple(shown)


def _moved(kept: dict[str, list], current: dict[str, list]) -> tuple[Moved, ...]:
    nothing = [None, None, None]
    moved = []
    for code in sorted(kept.keys() | current.keys()):
        was, is_ = kept.get(code, nothing), current.get(code, nothing)
        if not all(_same(a, b) for a, b in zip(was, is_, strict=True)):
            moved.append(Moved(code, tuple(was), tuple(is_)))  # type: ignore[arg-type]
    return tuple(moved)


def _same(a: float | None, b: float | None) -> bool:
    return a is b is None or (a is not None and b is not None and bool(np.isclose(a, b, rtol=1e-9, atol=1e-9)))


def _figures(found: Registry, on: date) -> Callable[[Desk, Cell], str]:
    """What gives the figures of a cell as JSON, code → numerator, denominator, value; of all units of a month at once."""
    known: dict[tuple[str, str], dict[str, dict[str, list]]] = {}

    def of(desk: Desk, cell: Cell) -> str:
        key = (cell.domain, cell.month)
        if key not in known:
            known[key] = _by_unit(desk, found, *key, on)
        return json.dumps(known[key].get(cell.report_unit, {}), sort_keys=True)

    return of


def _by_unit(desk: Desk, found: Registry, group: str, month: str, on: date) -> dict[str, dict[str, list]]:
    codes = [c for c, (g, _) in measures_of(found).items() if g.name == group]
    if not codes:
        return {}
    rows = measured(desk, found, codes, Period.of(month), on, by=("report_unit",))
    rates = [c for c in codes if measures_of(found)[c][1].value == "per_1000"]
    nothing = rows["indicator"].isin(rates) & (
        rows["numerator"] == 0
    )  # whoever sees no event anywhere isn't told 0 either
    rows = rows[(rows["kind"] == "") & rows[VALUE].notna() & ~nothing]
    made: dict[str, dict[str, list]] = {}
    for code, unit, *numbers in rows[["indicator", "report_unit", "numerator", "denominator", VALUE]].itertuples(
        index=False
    ):
        made.setdefault(unit, {})[code] = [None if pd.isna(n) else float(n) for n in numbers]
    return made


def unapproved(desk: Desk, units: Sequence[str], period: Period, on: date) -> dict[str, int]:
    """Group → how many (unit, month) of the period, up to the day's, are neither approved nor accepted. Groups of which all
    are aren't there."""
    months = [m for m in period.months if m <= f"{on:%Y-%m}"]
    mine = [u for u in units if desk.person.units is None or u in desk.person.units]
    done: dict[str, int] = {}
    for cell, decided in approvals.decisions(desk, months=months).items():
        if cell.report_unit in mine and standing(decided).state in ("approved", "accepted"):
            done[cell.domain] = done.get(cell.domain, 0) + 1
    every = len(months) * len(mine)
    return _Missing(every) | {g: every - n for g, n in done.items()}


class _Missing(dict):
    """Counts by group; of a group nothing was decided on, all are missing."""

    def __init__(self, every: int, known: Mapping[str, int] | None = None):
        super().__init__(known or {})
        self._every = every

    def __missing__(self, _group: str) -> int:
        return self._every

    def __or__(self, other: Mapping[str, int]) -> _Missing:
        return _Missing(self._every, {**self, **other})


def remarks(desk: Desk, found: Registry, batch: BatchLine) -> tuple[Decision, ...]:
    """Why figures were returned that rows of a batch fall into, as long as they are: the newest decision of each cell."""
    domains = {owner.name if (owner := found.domain_of(d)) else REFORM for d in batch.datasets}
    told = []
    for cell, decided in approvals.decisions(desk).items():
        stands = standing(decided)
        if stands.state == "returned" and cell.domain in domains and cell.report_unit in batch.units and approvals.falls(desk, batch, cell):  # fmt: skip
            told.append(stands.last)
    return tuple(told)


# --- deciding ------------------------------------------------------------------------------------------------------


def approve(
    desk: Desk, found: Registry, names: Mapping[str, Text], seen: Mapping[Cell, int], on: date
) -> list[Decision]:
    """The district says that the figures are right; they are kept as they are now. See `store.approvals.decide`."""
    _ended(seen, on)
    return approvals.decide(desk, "approve", seen, names=names, figures=_figures(found, on))


def accept(
    desk: Desk, found: Registry, names: Mapping[str, Text], seen: Mapping[Cell, int], on: date
) -> list[Decision]:
    """The city takes the figures over, and the months are locked."""
    _ended(seen, on)
    return approvals.decide(desk, "accept", seen, names=names, figures=_figures(found, on))


def send_back(desk: Desk, names: Mapping[str, Text], seen: Mapping[Cell, int], remark: str) -> list[Decision]:
    """Returns the figures to the team; raises ReviewRefused "remark" without a remark that says what is wrong."""
    _some(seen)
    if len(remark.strip()) < 4:
        raise ReviewRefused("remark", _NO_REMARK)
    return approvals.decide(desk, "return", seen, names=names, remark=remark.strip())


def let_in(
    desk: Desk, names: Mapping[str, Text], seen: Mapping[Cell, int], until: date, reason: str
) -> list[Decision]:  # fmt: skip
    """Lets changes of an accepted month in until the end of a day; raises ReviewRefused "reason" or "until"."""
    _some(seen)
    if len(reason.strip()) < 4:
        raise ReviewRefused("reason", _NO_REASON)
    today = now().astimezone(BEIJING).date()
    if not today <= until <= today + timedelta(days=LONGEST_EXCEPTION):
        raise ReviewRefused("until", _UNTIL.format(day=until, most=LONGEST_EXCEPTION, last=today + timedelta(days=LONGEST_EXCEPTION)))  # fmt: skip
    end = datetime.combine(until + timedelta(days=1), time(), BEIJING).astimezone(UTC)
    return approvals.decide(desk, "except", seen, names=names, remark=reason.strip(), until=end)


def shut(desk: Desk, names: Mapping[str, Text], seen: Mapping[Cell, int]) -> list[Decision]:
    """Ends an exception before its time."""
    _some(seen)
    return approvals.decide(desk, "close", seen, names=names)


def may(act: Act, person: Person) -> bool:
    """Whether the person's role decides so at all."""
    rights = {"approve": ("approve",), "return": ("approve", "accept")}.get(act, ("accept",))
    return any(person.may(r) for r in rights)


def fits(act: Act, stands: Standing, person: Person, *, moved: bool = False) -> bool:
    """Whether a bulk act of the person touches a cell that stands so; what is accepted is accepted again where it `moved`."""
    opened = stands.until is not None and stands.until > now()
    if act == "accept":
        return stands.state == "approved" or (stands.state == "accepted" and moved)
    if act == "approve":
        return stands.state in ("open", "returned")
    if act == "return":
        return stands.state in ("open", "approved") or (stands.state == "accepted" and person.may("accept"))
    return stands.state == "accepted" and opened == (act == "close")


def _some(seen: Mapping[Cell, int]) -> None:
    if not seen:
        raise ReviewRefused("none", _NONE)


def _ended(seen: Mapping[Cell, int], on: date) -> None:
    _some(seen)
    running = sorted({c.month for c in seen if c.month >= f"{on:%Y-%m}"})
    if running:
        raise ReviewRefused("running", _RUNNING.format(month=running[0]))


# --- what doesn't count --------------------------------------------------------------------------------------------


def left_out(desk: Desk, unit: str | None, months: Collection[str]) -> frozenset[Cell]:
    """What was returned in these months; nothing where only one unit is looked at, for there is no sum to leave it out of."""
    person = desk.person
    if unit is not None or (person.units is not None and len(person.units) == 1):
        return frozenset()
    decided = approvals.decisions(desk, months=months)
    return frozenset(c for c, d in decided.items() if standing(d).state == "returned")


def sums_without(
    desk: Desk, group: Group, measures: Sequence[Measure], period: Period, on: date, out: Collection[Cell]
) -> pd.DataFrame:
    """`figures.ask.measured` of a group's measures for the whole scope, without the (unit, month) that were returned.

    What is told by a day is of the period's last month. A rate per 1,000 leaves a unit out altogether of which any month
    was returned, for the subjects below it have no month.
    """
    pairs = {(c.report_unit, c.month) for c in out if c.domain == group.name and c.month in period.months}
    units = {u for u, _ in pairs}
    rows = _sums(desk, group, measures, period, on)
    at = list(zip(rows["report_unit"].fillna(""), rows["period"], strict=True))
    parts = []
    for measure in bounds.measures_in_force(desk, group.name, list(measures)):
        per = measure.value == "per_1000"
        kept = rows[np.array([u not in units if per else (u, p) not in pairs for u, p in at], bool) & (rows["indicator"] == measure.code).to_numpy(bool)]  # fmt: skip
        sums = kept.groupby(["indicator", "kind"], as_index=False)[["numerator", "denominator"]].sum()
        if per and (rows["indicator"] == measure.code).any():
            listed = shelf.listed_by_place(desk, measure.per.spec.dataset, by=("report_unit",))
            under = float(listed.loc[~listed["report_unit"].isin(units), "subjects"].sum())
            sums = pd.DataFrame({"indicator": [measure.code], "kind": [""], "numerator": [float(kept["numerator"].sum())], "denominator": [under]})  # fmt: skip
        parts.append(valued(measure, sums, (), on))
    return pd.concat(parts, ignore_index=True)


def _sums(desk: Desk, group: Group, measures: Sequence[Measure], period: Period, on: date) -> pd.DataFrame:
    """indicator, period, kind, report_unit, numerator, denominator: what happened by month, what is so by the last one."""
    options: dict[str, Any] = {"by": ("report_unit",), "shared": group.shared}
    flows, states = [m.code for m in measures if not m.state], [m.code for m in measures if m.state]
    parts = [shelf.period_sums(desk, group.name, flows, [m for m in period.months if m <= f"{on:%Y-%m}"], **options)]
    if period.lasts(on):
        parts.append(shelf.period_sums(desk, group.name, states, [shelf.NOW], **options))
    else:
        ended = shelf.month_sums(desk, group.name, states, period.months, **options).rename(columns={"month": "period"})
        parts.append(ended[ended["period"] == ended["period"].max()])
    return pd.concat([p.astype({"report_unit": object, "indicator": object, "kind": object, "period": object}) for p in parts], ignore_index=True)  # fmt: skip


_NO_REMARK = Text(
    "退回必须写明意见（至少 4 个字）：哪里不对、应怎样改。",
    "Say what is wrong and what is to be done when returning (4 characters at least).",
)
_NO_REASON = Text("请写明开放修改的原因（至少 4 个字）。", "Say why changes are let in (4 characters at least).")
_UNTIL = Text(
    "截止日期 {day} 不可用：应在今天至 {last} 之间（最长 {most} 天）。",
    "{day} can't be the end: choose a day between today and {last} ({most} days at most).",
)
_RUNNING = Text(
    "{month} 尚未结束，当月结束后才能审核。请选择已结束的月份。",
    "{month} isn't over yet: a month is approved once it has ended. Choose one that has.",
)
_NONE = Text("没有选中任何一项。请先选择单位和领域。", "Nothing is chosen. Choose units and domains first.")
