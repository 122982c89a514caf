"""The scorecard of the pilots: every measure of a unit and a period, beside what it was and what it should be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import Measure, Text
from pilotwatch.evaluation.limits import count_limits, share_limits
from pilotwatch.figures import RISKY, WORST
from pilotwatch.figures.ask import Period, measured_over, measures_of
from pilotwatch.levels import VALUE
from pilotwatch.registry import Registry
from pilotwatch.review import approvals
from pilotwatch.store import Desk, shelf
from pilotwatch.store.approvals import Cell
from pilotwatch.workdays.months import ended_months

#: Which way is good where the bounds don't say it.
_BETTER: dict[str, Literal["more", "less"]] = {
    "REF-01": "more", "REF-02": "more", "REF-11": "more", "REF-15": "more", "REF-16": "more", "REF-18": "more",
}  # fmt: skip

#: Measures that say “fewer”, and what has to be looked at beside them: whether visits still find what is wrong.
GUARDS: dict[str, str] = {"REF-01": "REF-05", "REF-02": "REF-05", "REF-11": "REF-05", "REF-15": "REF-05"}


@dataclass(frozen=True)
class Line:
    """A measure's value of a place and a period.

    `low`, `high`: exact limits where it counts things (Clopper-Pearson of a share, Garwood of a count), else None.
    `last`: of the period before; `baseline`: of the same period a year before. `target`: the bound beyond which it is no
    longer as it should be, as written, or "". `guard`: the code of the measure to be looked at beside it.
    """

    code: str
    group: str
    title: Text
    unit: str
    owner: str
    better: Literal["more", "less"] | None
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    level: str | None
    last: float | None
    baseline: float | None
    target: str
    reference: Text
    guard: str | None

    def moved(self, against: float | None) -> Literal["better", "worse", "same"] | None:
        """How the value stands to another of its own; None where either is missing or no way is the good one."""
        if self.value is None or against is None or self.better is None:
            return None
        if np.isclose(self.value, against, rtol=1e-12, atol=1e-12):
            return "same"
        return "better" if (self.value > against) == (self.better == "more") else "worse"


@dataclass(frozen=True)
class Results:
    """All lines of a place and a period; `risk`: subjects at red or orange per 100 as the period ended (or today), as the
    period before it ended, and as that of a year before did. `left_out`: what of the period was returned and so is in none of
    them."""

    unit: str | None
    period: str
    as_of: date
    lines: tuple[Line, ...]
    risk: tuple[float | None, float | None, float | None]
    left_out: tuple[Cell, ...] = ()

    def as_json(self) -> dict[str, Any]:
        lines = [
            {**asdict(line), "title": line.title.zh, "title_en": line.title.en, "reference": line.reference.zh}
            for line in self.lines
        ]
        risk = dict(zip(("now", "last", "baseline"), self.risk, strict=True))
        return {
            "unit": self.unit, "period": self.period, "as_of": self.as_of.isoformat(), "risky_per_100": risk, "results": lines,
            "left_out": [asdict(c) for c in self.left_out],
        }  # fmt: skip


def previous(period: Period) -> Period:
    """The month, quarter or year before.

    >>> previous(Period.of("2026Q1")).text
    '2025Q4'
    """
    year = int(period.text[:4])
    if len(period.text) == 4:
        return Period.of(str(year - 1))
    if "Q" in period.text:
        quarter = int(period.text[-1])
        return Period.of(f"{year}Q{quarter - 1}" if quarter > 1 else f"{year - 1}Q4")
    month = int(period.text[-2:])
    return Period.of(f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12")


def better(measure: Measure) -> Literal["more", "less"] | None:
    """Which way is good: away from the bounds; None where neither they nor the reform say."""
    stem = measure.code.rstrip("abc")
    if stem in _BETTER:
        return _BETTER[stem]
    text = (
        " ".join(filter(None, (getattr(measure.levels, n) for n in ("red", "orange", "yellow", "blue"))))
        if measure.levels
        else ""
    )
    up, down = ">" in text, "<" in text
    return None if up == down else "less" if up else "more"


def results(
    desk: Desk, found: Registry, period: str, on: date, *, unit: str | None = None, group: str | None = None
) -> Results:
    """The lines of a unit (None: the person's whole scope) and a period (2026-10, 2026Q3, 2026).

    `group`: only the measures of one domain, or "reform". Raises ValueError where `period` is none.
    """
    asked = Period.of(period)
    known = {c: (g, m) for c, (g, m) in measures_of(found).items() if group in (None, g.name) and _sees(desk, g)}
    where = {"report_unit": unit} if unit else None
    codes = list(known)
    periods = (asked, previous(asked), asked.earlier)
    out = approvals.left_out(desk, unit, {m for p in periods for m in p.months})
    kept = _values(desk, found, codes, periods, on, where, out)
    now, last, before = (kept[p.text] for p in (asked, previous(asked), asked.earlier))
    lines = []
    for code, (of, declared) in known.items():
        (measure,) = bounds.measures_in_force(desk, of.name, [declared])
        lines.append(_line(of.name, measure, now.get(code), last.get(code), before.get(code), on))
    risk = tuple(_risk(desk, p, on, where, group, out) for p in (asked, previous(asked), asked.earlier))
    mine = {g.name for g, _ in known.values()}
    gone = tuple(sorted(c for c in out if c.month in asked.months and c.domain in mine))
    return Results(unit, asked.text, on, tuple(lines), risk, gone)  # type: ignore[arg-type]


def _sees(desk: Desk, group: Any) -> bool:
    return group.shared or desk.person.domains is None or group.name in desk.person.domains


def _values(
    desk: Desk, found: Registry, codes: list[str], periods: Sequence[Period], on: date, where: shelf.Where | None,
    out: frozenset[Cell] = frozenset(),
) -> dict[str, dict[str, dict[str, Any]]]:  # fmt: skip
    """By period the whole of each measure: numerator, denominator, value, level; measures without anything to tell are not
    there. What was returned (`out`) isn't in them.
    """
    if not codes:
        return {p.text: {} for p in periods}
    every, kept = measures_of(found), {}
    whole = measured_over(desk, found, codes, periods, on, where=where)
    for period in periods:
        rows = whole[period.text]
        cut = {c.domain for c in out if c.month in period.months}
        for group in {g.name: g for g, _ in (every[c] for c in codes) if g.name in cut}.values():
            mine = [m for c in codes for g, m in [every[c]] if g.name == group.name]
            less = approvals.sums_without(desk, group, mine, period, on, out)
            rows = pd.concat([rows[~rows["indicator"].isin([m.code for m in mine])], less], ignore_index=True)
        kept[period.text] = rows[rows["kind"] == ""].set_index("indicator").to_dict("index")
    return kept


def _line(
    group: str, measure: Measure, now: dict[str, Any] | None, last: dict[str, Any] | None, before: dict[str, Any] | None, on: date
) -> Line:  # fmt: skip
    version = measure.in_force(on)
    low, high = _limits(measure, now)
    return Line(
        code=measure.code, group=group, title=measure.title, unit=measure.unit, owner=measure.owner, better=better(measure),
        value=_number(now, VALUE), numerator=_number(now, "numerator"), denominator=_number(now, "denominator"),
        low=low, high=high, level=(now or {}).get("level") if now else "nodata", last=_number(last, VALUE),
        baseline=_number(before, VALUE), target=_target(version.levels) if version else "", reference=measure.reference,
        guard=GUARDS.get(measure.code),
    )  # fmt: skip


def _number(row: dict[str, Any] | None, name: str) -> float | None:
    value = row.get(name) if row else None
    return None if value is None or pd.isna(value) else float(value)


def _target(levels: Any) -> str:
    """The mildest bound there is: on its other side all is as it should be."""
    return next((b for n in ("blue", "yellow", "orange", "red") if (b := getattr(levels, n))), "")


def _limits(measure: Measure, row: dict[str, Any] | None) -> tuple[float | None, float | None]:
    """Exact 95 % limits of what counts whole things; sums of money or litres, and differences, have none."""
    top, under = _number(row, "numerator"), _number(row, "denominator")
    if top is None or under is None or measure.against or not (_whole(top) and _whole(under)) or top < 0 or under <= 0:
        return None, None
    if measure.value == "ratio":
        if top > under or measure.code == "REF-01":
            return None, None
        return share_limits(top, under)
    low, high = count_limits(top)
    times = 1000 / under if measure.value == "per_1000" else 1.0
    return float(low * times), float(high * times)


def _whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-9


def _risk(
    desk: Desk, period: Period, on: date, where: shelf.Where | None, group: str | None, out: frozenset[Cell]
) -> float | None:  # fmt: skip
    """Subjects at red or orange per 100, as the period ended, or as of today while it lasts.

    Levels rest on what was reported last. So those of a unit and domain aren't counted if the month they are of was
    returned; of today, if this month or the one before it was.
    """
    if period.lasts(on):
        of = (f"{on:%Y-%m}", *ended_months(on, 1))
        rows = shelf.place_levels(desk, WORST)
        for name, code in (where or {}).items():
            rows = rows[rows[name] == code]
    else:
        rows = shelf.month_levels(desk, [WORST], period.months, where=where)
        rows = rows[rows["month"] == rows["month"].max()]
        of = tuple(rows["month"].head(1))
    if gone := {(c.domain, c.report_unit) for c in out if c.month in of}:
        at = zip(rows["domain"], rows["report_unit"], strict=True)
        rows = rows[np.array([place not in gone for place in at], bool)]
    if group is not None and re.fullmatch(r"\w+", group) and group in set(rows["domain"]):
        rows = rows[rows["domain"] == group]
    every = int(rows["subjects"].sum())
    return 100 * int(rows.loc[rows["level"].isin(RISKY), "subjects"].sum()) / every if every else None
