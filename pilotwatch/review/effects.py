"""Whether a pilot did it: a measure's months of all units, those that are pilots against the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from pilotwatch import evaluation
from pilotwatch.amounts import unit_of
from pilotwatch.domain import Measure, Text
from pilotwatch.figures.ask import measures_of
from pilotwatch.registry import Registry
from pilotwatch.review.pilots import Pilot, pilots
from pilotwatch.store import Desk, approvals, scope, shelf
from pilotwatch.store.approvals import standing
from pilotwatch.workdays.months import ended_months

#: As many months are looked at, at most: three years.
MONTHS = 36

#: What is asked first of the reform: told the same way before and after, the ones that the recording itself moves last.
EVALUATED = ("REF-05", "REF-06", "REF-03", "REF-02", "REF-01")


@dataclass(frozen=True)
class Effect:
    """A measure, what was found, in words, and who the pilots are."""

    measure: Measure
    found: evaluation.Found
    words: evaluation.Words
    pilots: dict[str, Pilot]

    @property
    def sentence(self) -> Text:
        return evaluation.said(self.found, self.words)

    @property
    def caveats(self) -> list[Text]:
        told = evaluation.caveats(self.found, self.words)
        if self.pilots and {p.chosen for p in self.pilots.values()} != {"lottery"}:
            told.append(
                Text(
                    "试点单位不是抽签产生的：与其他单位原有的差别，也可能造成这样的结果。",
                    "The pilots were not drawn by lot: what set them apart from the others may have made this difference, too.",
                )
            )
        return told


def effect(desk: Desk, found: Registry, code: str, domain: str, on: date) -> Effect:
    """What the pilot of `domain` did to a measure. The whole city is compared, so it is for those who see the whole city.

    Raises StoreRefused for anyone else, KeyError for a code that is no measure's.
    """
    _, measure = measures_of(found)[code]
    known = pilots(desk, domain)
    panel = panel_of(desk, found, code, known, on)
    return Effect(measure, evaluation.evaluate(panel), _words(measure), known)


def panel_of(desk: Desk, found: Registry, code: str, known: dict[str, Pilot], on: date) -> evaluation.Panel:
    """The months that have ended by units, MONTHS of them at most, from the first in which anything is told.

    A unit that isn't heard of in a month, or whose month was returned, has no value there. A count has the number of subjects it is counted among below it
    only where the measure says so (`per_1000`); else it stands as it is.
    """
    scope.demand_to_see(desk.person, "accept")
    group, measure = measures_of(found)[code]
    months = ended_months(on, MONTHS)
    ask = shelf.month_sums if measure.state else shelf.period_sums
    rows = ask(desk, group.name, [code], months, by=("report_unit",), shared=group.shared)
    month = "month" if measure.state else "period"
    rows = rows[rows["report_unit"].fillna("") != ""]
    units = tuple(sorted(set(rows["report_unit"]) | set(known)))
    told = sorted(set(rows[month]))
    months = [m for m in months if told and m >= told[0]]
    if not units or not months:
        return evaluation.Panel(np.zeros((0, 0)), np.zeros((0, 0)), (), (), ())
    sums = rows.groupby(["report_unit", month])[["numerator", "denominator"]].sum()
    top, under = (
        sums[n].unstack(month).reindex(index=list(units), columns=months).to_numpy(float, copy=True) for n in sums
    )
    if measure.value == "count":
        under = np.where(np.isfinite(under), 1.0, np.nan)
    elif measure.value == "per_1000":
        listed = shelf.listed_by_place(desk, measure.per.spec.dataset, by=("report_unit",)).set_index("report_unit")
        under = np.repeat(listed["subjects"].reindex(list(units)).to_numpy(float)[:, None] / 1000, len(months), axis=1)
        top = np.nan_to_num(top)
    for unit, month in _returned(desk, group.name, months):
        if unit in units:
            top[units.index(unit), months.index(month)] = under[units.index(unit), months.index(month)] = np.nan
    starts = tuple(_start(known.get(unit), months) for unit in units)
    return evaluation.Panel(top, under, units, tuple(months), starts)


def _returned(desk: Desk, group: str, months: list[str]) -> list[tuple[str, str]]:
    """Unit and month of what was returned: it doesn't count until it is approved again."""
    decided = approvals.decisions(desk, domain=group, months=months)
    return [(c.report_unit, c.month) for c, d in decided.items() if standing(d).state == "returned"]


def _start(pilot: Pilot | None, months: list[str]) -> int | None:
    """The index of the first month as a pilot; the end where it begins after all of them: no month is after it then."""
    if pilot is None:
        return None
    return next((i for i, m in enumerate(months) if m >= pilot.month), len(months))


def _words(measure: Measure) -> evaluation.Words:
    if measure.value == "ratio" and measure.unit == "%":
        return evaluation.Words(
            measure.title,
            lambda v: f"{100 * v:.1f}%",
            lambda v: Text(f"{100 * v:.1f} 个百分点", f"{100 * v:.1f} percentage points"),
        )

    def shown(value: float) -> str:
        return f"{value:.2f}" if value < 10 else f"{value:,.1f}"

    def apart(value: float) -> Text:
        return Text(f"{shown(value)} {measure.unit}".strip(), f"{shown(value)} {unit_of(measure, 'en')}".strip())

    return evaluation.Words(measure.title, shown, apart)
