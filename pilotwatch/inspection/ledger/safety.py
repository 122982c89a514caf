"""减检不减安: fewer visits, and no less safety? Visits and what befell the same subjects, side by side.

The last months that have ended are held against the same months of the year before, by unit and domain. What is found
*by* checking (penalties, confirmed clues, referrals) falls with the checks whatever happens, so it is shown and never
judged. Complaints and the domain's own incidents are recorded in the same way before and after; whether a rise in
them is more than chance is told by the exact conditional test of two Poisson counts over equal times: given the sum of
both, the later one is binomial with a half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from pilotwatch.domain import Domain, Text
from pilotwatch.store import Desk
from pilotwatch.store import ledger as kept
from pilotwatch.workdays.months import ended_months, shifted

Verdict = Literal["amber", "watch", "held", "more", "nodata"]

#: A rise with so little chance of being none is told as one: two outcomes are judged, so a tenth of all in all.
CLEAR = 0.05

VERDICTS: dict[Verdict, Text] = {
    "amber": Text("检查减少、风险上升", "Fewer visits, more harm"),
    "watch": Text("检查减少、风险略升（可能是偶然）", "Fewer visits, slightly more harm (may be chance)"),
    "held": Text("检查减少、风险未升", "Fewer visits, no more harm"),
    "more": Text("检查未减少", "Not fewer visits"),
    "nodata": Text("数据不足", "No data"),
}

COMPLAINT = "complaint"
_BY_CHECKING = ("penalty", "confirmed_clue", "referral")


@dataclass(frozen=True)
class Change:
    """A count of the year before and of now, and how likely as large a rise is by chance alone."""

    before: int
    now: int

    @property
    def rose(self) -> bool:
        return self.now > self.before

    @property
    def p(self) -> float:
        """P(X ≥ now) for X binomial of `before + now` and a half; 1 where there is nothing."""
        if self.now == 0:
            return 1.0
        from scipy.special import betainc

        return float(betainc(self.now, self.before + 1, 0.5))

    @property
    def share(self) -> float | None:
        """The change as a share of before; None where there was nothing."""
        return (self.now - self.before) / self.before if self.before else None


@dataclass(frozen=True)
class Held:
    """One unit ("": all of the person's) and domain: visits, complaints and incidents (those of the domain's own kinds),
    what was found by checking, and by month (as `months`, the year before first) the visits and the harm."""

    domain: str
    unit: str
    visits: Change
    complaints: Change
    incidents: Change
    by_checking: Change
    visits_by_month: tuple[int, ...]
    harm_by_month: tuple[int, ...]

    @property
    def verdict(self) -> Verdict:
        return judged(self.visits, (self.complaints, self.incidents))


def judged(visits: Change, outcomes: Sequence[Change]) -> Verdict:
    """Amber where visits fell and something rose by more than chance; watch where it rose by less than that."""
    if visits.before == 0:
        return "nodata"
    if visits.now >= visits.before:
        return "more"
    if any(o.rose and o.p < CLEAR for o in outcomes):
        return "amber"
    return "watch" if any(o.rose for o in outcomes) else "held"


def months_until(on: date, count: int = 12) -> tuple[list[str], list[str]]:
    """The last so many months that have ended by the end of `on`, and the same months of the year before."""
    now = ended_months(on + timedelta(days=1), count)
    return now, [shifted(m, -12) for m in now]


def compare(desk: Desk, domains: Sequence[Domain], on: date, *, months: int = 12) -> list[Held]:
    """`months`: at most 12. By domain: all of the person's units ("") and each of them that has any visit, complaint or incident."""
    now, before = months_until(on, months)
    wanted = [*before, *now]
    first = pd.Period(before[0]).start_time.date()
    last = pd.Period(now[-1]).end_time.date()
    found = []
    for domain in domains:
        parts = [
            kept.visited(desk, domain.name, wanted),
            kept.reported(desk, domain.name, [COMPLAINT], first, last),
            kept.befell(desk, domain.name, first, last),
        ]
        rows = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
        rows = rows[rows["month"].isin(wanted)]
        rows = rows.assign(what=rows["kind"].map(_what).astype(object))
        units = sorted(u for u in rows["report_unit"].unique() if u)
        for unit in ("", *units):
            found.append(
                _held(domain.name, unit, rows if unit == "" else rows[rows["report_unit"] == unit], now, before)
            )
    return found


def _what(kind: str) -> str:
    if kind in ("visit", COMPLAINT):
        return kind
    return "by_checking" if kind in _BY_CHECKING else "incident"


def _held(domain: str, unit: str, rows: pd.DataFrame, now: list[str], before: list[str]) -> Held:
    sums = rows.groupby(["what", "month"])["n"].sum()

    def change(what: str) -> Change:
        return Change(*(int(sum(sums.get((what, m), 0) for m in months)) for months in (before, now)))

    both = [*before, *now]
    return Held(
        domain, unit, change("visit"), change(COMPLAINT), change("incident"), change("by_checking"),
        tuple(int(sums.get(("visit", m), 0)) for m in both),
        tuple(int(sums.get((COMPLAINT, m), 0) + sums.get(("incident", m), 0)) for m in both),
    )  # fmt: skip
