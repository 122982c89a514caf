"""Any figure by its code: for a subject, a place or the places of a scope, for a month, quarter or year.

What has happened in a period is added up from its months; what is told by a day (levels of subjects, areas, measures of
a state) is as the period's last month ended, or as of today while it lasts. Ratios of a quarter or a place are ratios of
sums, never means of ratios.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch import bounds
from pilotwatch.domain import LEVELS, Indicator, Levels, Measure, Version
from pilotwatch.figures.periods import Group, evaluate, frames_of, groups_of
from pilotwatch.levels import VALUE, level_of
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, shelf

BY = ("report_unit", "division_code", "street_code")
_SUMS = ["numerator", "denominator"]
_SOURCE = ("id", "batch_id", "sheet", "source_row", "day", "record_key")
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


@dataclass(frozen=True)
class Period:
    """A month (2026-10), a quarter (2026Q3) or a year (2026); ValueError where a text is none of them."""

    text: str
    months: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Period:
        parts = _PERIOD.fullmatch(text)
        if not parts:
            raise ValueError(text)
        first, count = 1, 12
        if parts["month"]:
            first, count = int(parts["month"]), 1
        elif parts["quarter"]:
            first, count = 3 * int(parts["quarter"]) - 2, 3
        return cls(text, tuple(f"{parts['year']}-{m:02}" for m in range(first, first + count)))

    @property
    def earlier(self) -> Period:
        """The same period of the year before."""
        return Period.of(str(int(self.text[:4]) - 1) + self.text[4:])

    def lasts(self, on: date) -> bool:
        """Whether the day lies in it, or before it."""
        return f"{on:%Y-%m}" <= self.months[-1]


def measures_of(found: Registry) -> dict[str, tuple[Group, Measure]]:
    """Every measure by its code, with the group it is kept in."""
    return {m.code: (g, m) for g in groups_of(found) for m in g.measures}


def measured(
    desk: Desk, found: Registry, codes: Sequence[str], period: Period, on: date, *, by: Sequence[str] = (),
    where: shelf.Where | None = None, levels: Levels | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Values of measures in the person's scope: indicator, `by`, kind ("" is the whole), numerator, denominator, value, level.

    A place for which there is nothing to tell is not there. `levels`: judged by these, not by the bounds in force.
    KeyError for a code that isn't a measure's.
    """
    known = measures_of(found)
    groups = {g.name: g for g, _ in (known[c] for c in codes)}
    parts = []
    for group in groups.values():
        mine = [known[c][1] for c in codes if known[c][0].name == group.name]
        sums = _sums(desk, group, mine, period, on, by, where)
        for measure in bounds.measures_in_force(desk, group.name, mine):
            measure = replace(measure, levels=levels, versions=()) if levels else measure
            own = sums[sums["indicator"] == measure.code]
            if measure.value == "per_1000":
                whole = own if where is None else _sums(desk, group, [measure], period, on, (), None)
                own = _among_listed(desk, measure, own, by, where) if len(whole) else own
            parts.append(valued(measure, own, by, on))
    return pd.concat(parts, ignore_index=True)


def measured_over(
    desk: Desk, found: Registry, codes: Sequence[str], periods: Sequence[Period], on: date, *, where: shelf.Where | None = None
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """`measured` of several periods by their text, at little more than the cost of one."""
    known, of = measures_of(found), ("of",)
    periods = list(dict.fromkeys(periods))  # the year before is asked for as the one before and as the same one
    made: list[pd.DataFrame] = []
    for group in {g.name: g for g, _ in (known[c] for c in codes)}.values():
        mine = [known[c][1] for c in codes if known[c][0].name == group.name]
        parts = [_sums(desk, group, mine, p, on, (), where).assign(of=p.text) for p in periods]
        sums = pd.concat(parts, ignore_index=True)
        for measure in bounds.measures_in_force(desk, group.name, mine):
            own = sums[sums["indicator"] == measure.code]
            if measure.value == "per_1000":
                whole = parts if where is None else [_sums(desk, group, [measure], p, on, (), None) for p in periods]
                heard = [(w["indicator"] == measure.code).any() for w in whole]
                own = pd.concat(
                    [_among_listed(desk, measure, o, (), where).assign(of=p.text) if h else o
                     for p, h in zip(periods, heard, strict=True) for o in [own[own["of"] == p.text]]],
                    ignore_index=True,
                )  # fmt: skip
            made.append(valued(measure, own, of, on))
    rows = pd.concat(made, ignore_index=True)
    return {p.text: rows[rows["of"] == p.text].drop(columns="of").reset_index(drop=True) for p in periods}


def of_subject(desk: Desk, found: Registry, code: str, subject_id: str, period: Period, on: date) -> pd.DataFrame:
    """The same for one subject, from its records as of a day; without rows where it gives nothing to the period."""
    group, declared = measures_of(found)[code]
    (measure,) = bounds.measures_in_force(desk, group.name, [declared])
    rows = evaluate([measure], frames_of(desk, group, [subject_id]), on)
    wanted = [shelf.NOW] if measure.state else period.months
    rows = rows[(rows["subject_id"] == subject_id) & rows["period"].isin(wanted)]
    sums = rows.groupby(["indicator", "kind"], as_index=False)[_SUMS].sum()
    return valued(measure, sums.assign(**{n: sums[n] / shelf.PART_SCALE for n in _SUMS}), (), on)


def _sums(
    desk: Desk, group: Group, measures: Sequence[Measure], period: Period, on: date, by: Sequence[str],
    where: shelf.Where | None,
) -> pd.DataFrame:  # fmt: skip
    """The sums of the period: flows added up, states as the last month ended, or as they are now."""
    options = {"by": by, "where": where, "shared": group.shared}
    flows = [m.code for m in measures if not m.state]
    states = [m.code for m in measures if m.state]
    parts = []
    if flows:
        months = [m for m in period.months if m <= f"{on:%Y-%m}"]
        parts.append(shelf.period_sums(desk, group.name, flows, months, **options))
    if states and period.lasts(on):
        parts.append(shelf.period_sums(desk, group.name, states, [shelf.NOW], **options))
    elif states:
        kept = shelf.month_sums(desk, group.name, states, period.months, **options)
        parts.append(kept[kept["month"] == kept["month"].max()])
    rows = pd.concat(parts, ignore_index=True)
    return rows.groupby(["indicator", *by, "kind"], as_index=False)[_SUMS].sum()


def valued(measure: Measure, sums: pd.DataFrame, by: Sequence[str], on: date) -> pd.DataFrame:
    """One measure's rows: the whole of each place, then its kinds, with value and level. Pure.

    `sums`: indicator, `by`, kind, numerator, denominator.
    """
    key = ["indicator", *by]
    sums = sums.astype(dict.fromkeys((*key, "kind"), object))  # pandas can't join Arrow-backed columns without rows
    whole = sums.groupby(key, as_index=False)[_SUMS].sum().assign(kind="")
    places = whole.set_index(key).index
    kinds = sums[sums["kind"] != ""].reset_index(drop=True)
    if kinds.empty and not (measure.named_kinds or measure.against or measure.each):  # most are so: as below, for less
        whole[VALUE] = _value(measure, whole)
        whole["level"] = _level(measure, measure.in_force(on), whole)
        return whole[[*key, "kind", *_SUMS, VALUE, "level"]].astype({"level": object})
    kinds[VALUE] = _value(measure, kinds)
    at = {name: rows.set_index(key).reindex(places) for name, rows in kinds.groupby("kind")}
    for kind in measure.named_kinds:
        whole[kind.name] = at[kind.name]["numerator"].fillna(0.0).to_numpy() if kind.name in at else 0.0
    whole[VALUE] = _against(measure, at, len(whole)) if measure.against else _value(measure, whole)
    version = measure.in_force(on)
    whole["level"], kinds["level"] = _level(measure, version, whole), None
    if measure.each:
        kinds["level"] = _level(measure, version, kinds)
        worst = kinds["level"].map(LEVELS.index).groupby([kinds[k] for k in key]).min()
        ranks = worst.reindex(places).fillna(LEVELS.index("nodata")).astype("int64")
        whole["level"] = [LEVELS[r] for r in ranks]
    names = [*key, "kind", *_SUMS, VALUE, "level"]
    return pd.concat([whole[names], kinds[names]], ignore_index=True).astype({"level": object})


def _among_listed(
    desk: Desk, measure: Measure, sums: pd.DataFrame, by: Sequence[str], where: shelf.Where | None
) -> pd.DataFrame:
    """The sums of every place that lists subjects, 0 where none of them gave anything, the number listed below them."""
    listed = shelf.listed_by_place(desk, measure.per.spec.dataset, by=by, where=where)
    events = sums.groupby(list(by))["numerator"].sum() if by else sums["numerator"].sum()
    numerator = (
        events.reindex(pd.MultiIndex.from_frame(listed[list(by)]) if len(by) > 1 else listed[by[0]]) if by else events
    )
    return listed.assign(
        indicator=measure.code, kind="", numerator=numerator.fillna(0.0).to_numpy() if by else numerator,
        denominator=listed["subjects"].astype("float64"),
    )[["indicator", *by, "kind", *_SUMS]]  # fmt: skip


def _value(measure: Measure, rows: pd.DataFrame) -> pd.Series:
    some = rows["denominator"] > 0
    if measure.value == "count":
        return rows["numerator"].where(some)
    ratio = rows["numerator"] / rows["denominator"].where(some)
    return 1000 * ratio if measure.value == "per_1000" else ratio


def _against(measure: Measure, at: Mapping[str, pd.DataFrame], places: int) -> np.ndarray:
    """The ratio of one kind ÷ that of the other, by place; NaN where either can't be told or the other's is 0."""
    first, second = (
        at[name][VALUE].to_numpy("float64") if name in at else np.full(places, np.nan) for name in measure.against
    )
    return first / np.where(second > 0, second, np.nan)


def _level(measure: Measure, version: Version | None, rows: pd.DataFrame) -> pd.Series:
    """The level of each row: `nodata` where it has no value; none where there is one, and no bound to judge it by."""
    if version is None:
        return pd.Series(None, index=rows.index, dtype=object).mask(rows[VALUE].isna(), "nodata")
    named = {"numerator": measure.numerator.name, "denominator": measure.denominator.name}
    numbers = rows[[VALUE, *_SUMS, *(k.name for k in measure.named_kinds if k.name in rows)]].rename(columns=named)
    return level_of(numbers.astype("float64"), version.levels).astype(object).mask(rows[VALUE].isna(), "nodata")


def contributing(
    desk: Desk,
    found: Registry,
    code: str,
    period: Period,
    on: date,
    *,
    where: shelf.Where | None = None,
    limit: int = 20,
) -> tuple[int, pd.DataFrame]:
    """How many subjects stand behind a measure's value, and those that give most: see `shelf.contributors`.

    Of a state that isn't today's only the sums are kept: nobody is named then.
    """
    group, measure = measures_of(found)[code]
    if measure.state and not period.lasts(on):
        return 0, pd.DataFrame(columns=["subject_id", "code", "name", *BY, *_SUMS])
    periods = [shelf.NOW] if measure.state else [m for m in period.months if m <= f"{on:%Y-%m}"]
    return shelf.contributors(desk, group.name, code, periods, where=where, shared=group.shared, limit=limit)


def sources(desk: Desk, found: Registry, code: str, subject_id: str, period: Period, on: date) -> pd.DataFrame:
    """The current rows of a subject that a measure reads, of a flow those dated within the period or the same
    one of the year before: dataset, title, id, batch_id, sheet, source_row, day, record_key."""
    _, measure = measures_of(found)[code]
    months = {*period.months, *period.earlier.months}
    parts = []
    for record in measure.needs:
        rows = desk.frame(record.spec.dataset, list(_SOURCE), subjects=[subject_id])
        rows = rows[~(rows["day"] > pd.Timestamp(on))]
        if not measure.state:
            rows = rows[rows["day"].dt.strftime("%Y-%m").isin(months)]
        parts.append(rows.assign(dataset=record.spec.dataset, title=record.spec.zh))
    return pd.concat(parts, ignore_index=True)


def levels_of(
    desk: Desk, found: Registry, indicator: Indicator, period: Period, on: date, *, by: Sequence[str] = (),
    where: shelf.Where | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How many subjects are at which level of an indicator: `by`, level, subjects; now, or as the period's last month ended."""
    if period.lasts(on):
        rows = shelf.place_levels(desk, indicator.code)
        for name, code in (where or {}).items():
            rows = rows[rows[name] == code]
    else:
        rows = shelf.month_levels(desk, [indicator.code], period.months, by=BY, where=where)
        rows = rows[rows["month"] == rows["month"].max()]
    return rows.groupby([*by, "level"], as_index=False)["subjects"].sum()


def area_of(
    desk: Desk, found: Registry, indicator: Indicator, period: Period, on: date, *, by: Sequence[str] = (),
    where: shelf.Where | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What an indicator says of places: `by`, numerator, denominator, value, level; now, or as the last month ended."""
    domain = next(d.name for d in found.domains if any(i.code == indicator.code for i in d.indicators))
    if period.lasts(on):
        rows = shelf.place_sums(desk)
        rows = rows[(rows["indicator"] == indicator.code) & (rows["domain"] == domain)]
        for name, code in (where or {}).items():
            rows = rows[rows[name] == code]
    else:
        rows = shelf.month_sums(desk, domain, [indicator.code], period.months, by=BY, where=where)
        rows = rows[rows["month"] == rows["month"].max()]
    sums = rows.assign(indicator=indicator.code).groupby(["indicator", *by], as_index=False)[_SUMS].sum()
    enough = (sums["denominator"] >= indicator.area.at_least) & (sums["denominator"] > 0)
    sums[VALUE] = (sums["numerator"] / sums["denominator"]).where(enough)
    version = indicator.area.in_force(on)
    return sums.assign(level=level_of(sums[VALUE], version.levels).astype(object) if version else "nodata")
