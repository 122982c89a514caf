"""What the first screen says: counts by domain and place, what is wrong and who acts, what was never reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Indicator, Text
from pilotwatch.figures.evaluate import WORST
from pilotwatch.registry import Registry
from pilotwatch.store import BatchLine, Desk, shelf
from pilotwatch.workdays import today

RISKY = ("red", "orange")  # what counts as "at risk" in a rate

#: First action after a warning, domain-rules section 0 (PRAC: a city sets its own).
CLOCK: dict[str, Text] = {
    "red": Text("24 小时内首次处置", "first action within 24 hours"),
    "orange": Text("3 个工作日内首次处置", "first action within 3 working days"),
    "yellow": Text("5 个工作日内首次处置", "first action within 5 working days"),
    "blue": Text("3 个工作日内签收", "signed for within 3 working days"),
}


@dataclass(frozen=True)
class DomainLine:
    """One domain's subjects in scope, by worst level; `city_*` is the whole city's, as a line of reference."""

    name: str
    title: Text
    subjects: int
    red: int
    orange: int
    yellow: int
    blue: int
    normal: int
    nodata: int
    unlocated: int  # subjects without coordinates
    city_subjects: int
    city_risky: int

    @property
    def risky(self) -> int:
        return self.red + self.orange

    @property
    def per_100(self) -> float | None:
        """Subjects at red or orange per 100 subjects; None where there are none."""
        return 100 * self.risky / self.subjects if self.subjects else None

    @property
    def city_per_100(self) -> float | None:
        return 100 * self.city_risky / self.city_subjects if self.city_subjects else None


@dataclass(frozen=True)
class Concern:
    """One indicator at one level in scope, as a line a leader reads: how many, where most, who acts, by when."""

    domain: str
    indicator: str
    title: Text
    level: str
    subjects: int
    where: tuple[tuple[str, int], ...]  # the units with most of them, with their counts
    owner: str
    first_action: Text
    clock: Text


@dataclass(frozen=True)
class Overview:
    as_of: date
    domains: tuple[DomainLine, ...]
    places: pd.DataFrame  # domain, report_unit, division_code, street_code, a column per level, subjects, unlocated
    concerns: tuple[Concern, ...]
    exceptions_total: int  # subjects at risk by single indicators; `exceptions_of` names the worst of them
    batches: tuple[BatchLine, ...]
    missing: tuple[tuple[str, str], ...]  # (domain, dataset) of which scope has no row at all

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "domains": [{**asdict(d), "title": d.title.zh, "per_100": d.per_100} for d in self.domains],
            "places": self.places.to_dict("records"),
            "concerns": [
                {**asdict(c), "title": c.title.zh, "first_action": c.first_action.zh, "clock": c.clock.zh}
                for c in self.concerns
            ],
            "exceptions_total": self.exceptions_total,
            "batches": [b.id for b in self.batches],
            "missing": [list(m) for m in self.missing],
        }


def overview(desk: Desk, found: Registry, *, on: date | None = None) -> Overview:
    """The overview of the person's scope; reads figures only, never records."""
    levels = shelf.place_levels(desk)
    city = shelf.place_levels(desk, WORST, whole_city=True)
    worst = levels[levels["indicator"] == WORST]
    seen = [d for d in found.domains if desk.person.domains is None or d.name in desk.person.domains]
    single = levels[(levels["indicator"] != WORST) & levels["level"].isin(RISKY)]
    return Overview(
        as_of=on or today(),
        domains=tuple(_line(d, worst[worst["domain"] == d.name], city[city["domain"] == d.name]) for d in seen),
        places=_places(worst),
        concerns=tuple(_concerns(seen, single)),
        exceptions_total=int(single["subjects"].sum()),
        batches=tuple(desk.batches(limit=8)),
        missing=tuple(_missing(seen, shelf.row_tally(desk))),
    )


def points(desk: Desk, domain: str, *, division: str | None = None, unit: str | None = None,
           limit: int = 2000) -> pd.DataFrame:  # fmt: skip
    """The subjects of a domain at risk that have coordinates, worst first: at most `limit` of them."""
    rows = shelf.worst_subjects(desk, domain=domain, indicator=WORST, division=division, unit=unit, limit=limit)
    return rows[rows["located"] == "point"].reset_index(drop=True)


def exceptions_of(desk: Desk, *, domain: str | None = None, division: str | None = None,
                  unit: str | None = None, limit: int = 20) -> pd.DataFrame:  # fmt: skip
    """The worst subjects, one row per subject and indicator, with who acts: the columns of `shelf.worst_subjects`."""
    return shelf.worst_subjects(desk, domain=domain, division=division, unit=unit, limit=limit)


def _line(domain: Domain, mine: pd.DataFrame, city: pd.DataFrame) -> DomainLine:
    by_level = mine.groupby("level")["subjects"].sum()
    return DomainLine(
        domain.name, domain.title, int(mine["subjects"].sum()), *(int(by_level.get(level, 0)) for level in LEVELS),
        unlocated=int(mine.loc[mine["located"] != "point", "subjects"].sum()),
        city_subjects=int(city["subjects"].sum()),
        city_risky=int(city.loc[city["level"].isin(RISKY), "subjects"].sum()),
    )  # fmt: skip


def _places(worst: pd.DataFrame) -> pd.DataFrame:
    """One row per domain and place, a column per level."""
    key = ["domain", "report_unit", "division_code", "street_code"]
    wide = worst.pivot_table(index=key, columns="level", values="subjects", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(LEVELS), fill_value=0).astype("int64")
    wide["subjects"] = wide.sum(axis=1)
    lost = worst[worst["located"] != "point"].groupby(key)["subjects"].sum()
    wide["unlocated"] = lost.reindex(wide.index, fill_value=0).astype("int64")
    return wide.reset_index().rename_axis(columns=None)


def _concerns(domains: Iterable[Domain], single: pd.DataFrame) -> list[Concern]:
    """Indicators with subjects at risk: red ones first, then by how many."""
    indicators: dict[tuple[str, str], Indicator] = {(d.name, i.code): i for d in domains for i in d.indicators}
    found = []
    for (domain, code, level), rows in single.groupby(["domain", "indicator", "level"], sort=False):
        indicator = indicators.get((domain, code))
        if indicator is None:
            continue  # a figure of an indicator that is no longer declared: the next rebuild removes it
        units = rows.groupby("report_unit")["subjects"].sum().sort_values(ascending=False, kind="stable")
        found.append(
            Concern(
                domain, code, indicator.title, level, int(rows["subjects"].sum()),
                tuple((str(u), int(n)) for u, n in units.items()), indicator.owner, indicator.first_action, CLOCK[level],
            )
        )  # fmt: skip
    return sorted(found, key=lambda c: (LEVELS.index(c.level), -c.subjects, c.indicator))


def _missing(domains: Iterable[Domain], tally: pd.DataFrame) -> list[tuple[str, str]]:
    there = set(tally.loc[tally["rows"] > 0, "dataset"])
    return [(d.name, r.spec.dataset) for d in domains for r in d.records if r.spec.dataset not in there]
