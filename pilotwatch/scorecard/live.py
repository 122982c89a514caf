"""The score of each indicator by what became of its warnings: from the store, in a person's scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Domain, Indicator
from pilotwatch.registry import Registry
from pilotwatch.scorecard.backtest import spoken_of
from pilotwatch.scorecard.measures import Share, Spread, spread
from pilotwatch.store import Desk, scores
from pilotwatch.warnings.due import clocks
from pilotwatch.workdays import Calendar, now, today

FATIGUE_WEEKS = 12  # over which new warnings a week are counted
PER_OFFICER = 5.0  # new warnings an officer can look into in a week (PRAC)


@dataclass(frozen=True)
class Score:
    """One indicator's score in the person's scope."""

    domain: Domain
    indicator: Indicator
    open: int
    eased: int  # of the open ones, those whose condition is gone
    closed: int
    true: int
    false: int
    data: int  # closed as an error of the data
    transferred: int
    lead: Spread  # days from a warning's opening to the first incident it warned of, within the domain's horizon
    incidents: tuple[str, ...]  # the kinds it warns of; none: no lead can be told
    over: int  # warnings whose time for a first action is over
    unacted: int  # of them, those on which nobody ever acted
    per_week: float
    officers: int

    @property
    def precision(self) -> Share:
        """属实 of 属实 and 误报: what was transferred or an error of the data says nothing of the indicator."""
        return Share(self.true, self.true + self.false)

    @property
    def never_acted(self) -> Share:
        return Share(self.unacted, self.over)

    @property
    def per_officer(self) -> float | None:
        """New warnings a week and officer; None where there is no officer."""
        return self.per_week / self.officers if self.officers else None

    def as_json(self) -> dict[str, Any]:
        counts = ("open", "eased", "closed", "true", "false", "data", "transferred", "over", "unacted")
        return {
            "domain": self.domain.name, "indicator": self.indicator.code, "title": self.indicator.zh,
            "title_en": self.indicator.en, **{n: getattr(self, n) for n in counts},
            "precision": self.precision.as_json(), "lead_days": self.lead.as_json(), "incidents": list(self.incidents),
            "never_acted": self.never_acted.as_json(), "per_week": round(self.per_week, 2), "officers": self.officers,
            "per_officer": None if self.per_officer is None else round(self.per_officer, 3),
        }  # fmt: skip


def scores_of(desk: Desk, found: Registry, calendar: Calendar, *, on: date | None = None) -> list[Score]:
    """The score of every indicator that judges subjects, of the domains in the person's scope, in the order of codes."""
    on = on or today()
    seen = desk.person.domains
    domains = [d for d in found.domains if seen is None or d.name in seen]
    judging = [i for d in domains for i in d.indicators if i.levels or i.versions]
    since = on - timedelta(weeks=FATIGUE_WEEKS)
    counts = scores.outcomes(desk, clocks(judging, calendar, now()), since)
    leads, officers = scores.leads(desk), scores.officers(desk)
    by_verdict = counts.set_index(["domain", "indicator", "verdict"]).sort_index()
    return [
        _score(d, i, _of(by_verdict, d.name, i.code), _leads(leads, d, i), officers.get(d.name, 0))
        for d in domains for i in d.indicators if i in judging
    ]  # fmt: skip


def _of(counts: pd.DataFrame, domain: str, code: str) -> pd.DataFrame:
    """An indicator's counts by verdict."""
    if (domain, code) not in counts.index.droplevel("verdict"):
        return counts.iloc[:0].droplevel(["domain", "indicator"])
    return counts.loc[(domain, code)]


def _leads(leads: pd.DataFrame, domain: Domain, indicator: Indicator) -> np.ndarray:
    """Days from each warning to the first incident it speaks of, where that came within the horizon."""
    mine = leads[
        (leads["domain"] == domain.name) & (leads["indicator"] == indicator.code)
        & leads["kind"].isin(spoken_of(domain, indicator.code)) & (leads["days"] <= 7 * domain.horizon_weeks)
    ]  # fmt: skip
    return mine.groupby("id")["days"].min().to_numpy(dtype="float64")


def _score(domain: Domain, indicator: Indicator, counts: pd.DataFrame, leads: np.ndarray, officers: int) -> Score:
    def total(column: str, *verdicts: str) -> int:
        rows: Mapping[str, Any] = counts[column].reindex(verdicts).fillna(0) if verdicts else counts[column]
        return int(rows.sum())

    verdicts = ("true", "false", "data", "transferred")
    return Score(
        domain, indicator, open=total("warnings", ""), eased=total("eased", ""), closed=total("warnings", *verdicts),
        **{v: total("warnings", v) for v in verdicts}, lead=spread(leads), incidents=spoken_of(domain, indicator.code),
        over=total("over"), unacted=total("unacted"), per_week=total("lately") / FATIGUE_WEEKS, officers=officers,
    )  # fmt: skip


__all__ = ["FATIGUE_WEEKS", "PER_OFFICER", "Score", "scores_of"]
