"""监管对象: one subject across all departments and domains. `search` finds it, `about` is what the other parts work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from pilotwatch import subjects
from pilotwatch.domain import Domain, Indicator
from pilotwatch.store import lookup
from pilotwatch.workdays import today
from ui.screen import Screen


@dataclass(frozen=True)
class About:
    """The subject that is looked at. `lists`: a row for each list it is in; `levels`: what indicators say of it."""

    id: str
    lists: pd.DataFrame
    levels: pd.DataFrame
    domains: tuple[Domain, ...]
    indicators: tuple[Indicator, ...]
    on: date

    @cached_property
    def main(self) -> dict[str, object]:
        """The list that says where it is: the first that has a point, else the first that has a unit."""
        known = self.lists.assign(_no_point=self.lists["lng"].isna(), _no_unit=self.lists["report_unit"].isna())
        row = known.sort_values(["_no_point", "_no_unit"], kind="stable").iloc[0]
        return {n: None if pd.isna(v) else v for n, v in row.items()}

    @property
    def name(self) -> str:
        names = [n for n in (*self.lists["name"], *self.lists["code"]) if isinstance(n, str)]
        return names[0] if names else "—"

    @property
    def code(self) -> str:
        return next((c for c in self.lists["code"] if isinstance(c, str)), "")

    @property
    def datasets(self) -> list[str]:
        return self.lists["dataset"].tolist()


def about(screen: Screen, subject_id: str) -> About:
    """The subject with this id; raises StoreRefused where the person doesn't see one."""
    lists = lookup.lists_of(screen.desk, subject_id)
    datasets = lists["dataset"].tolist()
    levels = lookup.levels_of(screen.desk, subject_id)
    domains = subjects.domains_of(screen.house.registry, datasets)
    return About(
        subject_id, lists, levels, domains, subjects.indicators_of(screen.indicators.values(), datasets), today()
    )
