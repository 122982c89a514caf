"""What every source of due checks looks at: the subjects, their classes, the past, the published matters, what is arranged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.frames import Stored
from pilotwatch.inspection import done as past_checks
from pilotwatch.inspection import frequencies, matters
from pilotwatch.inspection.done import Done
from pilotwatch.inspection.frequencies import KEY, Rules
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, grades, plans
from pilotwatch.workdays import Calendar

COMMON_MINUTES = 60.0
_UNANNOUNCED = ("四不两直", "暗访", "暗查", "不预先告知", "突击")
_CLASS_ORDER = {c: i for i, c in enumerate(("A", "B", "C", "D"))}
_PLAN = (
    "subject_id", "plan_no", "dept", "items", "trigger", "window_from", "window_until", "minutes", "officers_needed", "mergeable",
    "published_on", "task_no",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What all sources look at."""

    desk: Desk
    registry: Registry
    rules: Rules
    calendar: Calendar
    first: date
    last: date
    subjects: pd.DataFrame  # by subject_id: name, code, domain, report_unit, street, jurisdiction
    cards: pd.DataFrame  # subject_id, domain, of_class, score
    past: Done
    matters: pd.DataFrame  # plannable
    arranged: pd.DataFrame
    titles: Mapping[str, Text]  # of departments

    @cached_property
    def own_plans(self) -> pd.DataFrame:
        return _own_plans(self)

    @cached_property
    def practice(self) -> pd.DataFrame:
        return _practice(self)

    @property
    def begin(self) -> pd.Timestamp:
        return pd.Timestamp(self.first)

    @property
    def end(self) -> pd.Timestamp:
        return pd.Timestamp(self.last)


def read(
    desk: Desk, registry: Registry, calendar: Calendar, first: date, last: date, units: Collection[str], domains: Collection[str],
    apart_from: str | None, titles: Mapping[str, Text],
) -> World:  # fmt: skip
    rules = frequencies.rules(desk)
    subjects = _subjects(desk, registry, units, domains)
    begin = min(date(first.year, 1, 1), first - timedelta(days=400))
    past = past_checks.done(desk, begin, first - timedelta(days=1))
    year_end = date(first.year, 12, 31)
    arranged = plans.arranged(desk, date(first.year, 1, 1), year_end, apart_from=apart_from)
    return World(
        desk, registry, rules, calendar, first, last, subjects, _cards(desk, registry, subjects, first), past,
        matters.plannable(desk, first), arranged, titles,
    )  # fmt: skip


def _subjects(desk: Desk, registry: Registry, units: Collection[str], domains: Collection[str]) -> pd.DataFrame:
    """Whom the lists have: one row a subject, by its first list; `domain` of that list."""
    of = {r.spec.dataset: d.name for d in registry.domains for r in d.subjects if not domains or d.name in domains}
    columns = ["subject_id", "dataset", "code", "name", "report_unit", "street_code", "jurisdiction"]
    rows = desk.subjects(columns, where={"report_unit": list(units)} if units else None)
    rows = rows[rows["dataset"].isin(list(of))]
    texts = {n: rows[n].astype(object).where(rows[n].notna(), "") for n in columns[2:]}
    rows = rows.assign(domain=rows["dataset"].map(of), **texts).drop_duplicates("subject_id")
    return rows.rename(columns={"street_code": "street"}).drop(columns="dataset").set_index("subject_id")


def _cards(desk: Desk, registry: Registry, subjects: pd.DataFrame, on: date) -> pd.DataFrame:
    """Each subject's class and score in each domain: subject_id, domain, of_class, score."""
    rows = grades.foremost(desk, limit=10_000_000)
    rows = rows[rows["subject_id"].isin(subjects.index)]
    worse = np.maximum(rows["risk_class"].map(_CLASS_ORDER).fillna(0), rows["credit_class"].map(_CLASS_ORDER).fillna(0))
    of_class = np.array(list(_CLASS_ORDER), object)[worse.astype(int)]
    key = pd.MultiIndex.from_frame(rows[["subject_id", "domain"]])
    of_class = np.where(key.isin(_key_sites(desk, registry, on)), KEY, of_class)
    return rows[["subject_id", "domain", "score"]].assign(of_class=of_class).reset_index(drop=True)


def _key_sites(desk: Desk, registry: Registry, on: date) -> pd.MultiIndex:
    """The high-risk sites: whom the domain says some department must visit within so many days."""
    found: list[tuple[str, str]] = []
    seen = {d.name for d in registry.domains if desk.person.domains is None or d.name in desk.person.domains}
    for domain in (d for d in registry.domains if d.stake and d.name in seen):
        records = {r.spec.dataset: r for r in (*domain.subjects, *domain.stake.needs)}
        frames = Stored(lambda dataset, columns: desk.frame(dataset, columns), records.values())
        within = domain.stake.compute(frames, on)["visit_within"]
        found += [(s, domain.name) for s in within.index[within.notna()]]
    return (
        pd.MultiIndex.from_tuples(found, names=["subject_id", "domain"])
        if found
        else pd.MultiIndex.from_arrays([[], []])
    )


def _own_plans(world: World) -> pd.DataFrame:
    """The plans of the subjects looked at: those of the last 400 days and of the period, matters as tuples."""
    where = {"day": slice(world.first - timedelta(days=400), world.last + timedelta(days=1))}
    rows = world.desk.frame("planned_check", list(_PLAN), where=where)
    rows = rows[rows["subject_id"].isin(world.subjects.index) & rows["window_from"].notna()]
    until = rows["window_until"].fillna(rows["window_from"])
    names = {"dept": "department", "window_from": "own_first"}
    return rows.rename(columns=names).assign(own_last=until, matters=_tuples(rows["items"])).reset_index(drop=True)


def _tuples(lists: pd.Series) -> pd.Series:
    known = {t: tuple(json.loads(t)) for t in lists.dropna().unique()}
    return pd.Series([known.get(t, ()) if isinstance(t, str) else () for t in lists], index=lists.index, dtype=object)


def _practice(world: World) -> pd.DataFrame:
    """Which department checks which published matters of a domain, and how long it takes: domain, department, matters, hours.

    The matters are those that it plans or checks at the domain's subjects, where it has any that are checked jointly only
    these; the time is the median of its own plans.
    """
    own_plans = world.own_plans
    planned = own_plans[["subject_id", "department", "matters"]].explode("matters").rename(columns={"matters": "item"})
    checked = world.past.checks[["subject_id", "department", "item"]]
    both = pd.concat([planned, checked[checked["subject_id"].isin(world.subjects.index)]]).dropna()
    both = both.assign(domain=both["subject_id"].map(world.subjects["domain"])).drop_duplicates(
        ["domain", "department", "item"]
    )
    may = allowed(world)
    # an empty list would be one of columns, where nothing was planned or checked yet
    both = both[np.fromiter((k in may for k in zip(both["department"], both["item"], strict=True)), bool, len(both))]
    joint, _ = marked(world)
    both = both.assign(joint=[p in joint for p in zip(both["department"], both["item"], strict=True)])
    some = both.groupby(["domain", "department"])["joint"].transform("any")
    both = both[both["joint"] | ~some].sort_values(["domain", "department", "item"])
    matters_of = both.groupby(["domain", "department"])["item"].agg(tuple).reset_index(name="matters")
    hours = (own_plans["minutes"].fillna(COMMON_MINUTES) / 60) * own_plans["officers_needed"].fillna(
        frequencies.OFFICERS
    )
    domain = own_plans["subject_id"].map(world.subjects["domain"])
    median = hours.groupby([domain, own_plans["department"]]).median()
    usual = COMMON_MINUTES / 60 * frequencies.OFFICERS
    key = pd.MultiIndex.from_frame(matters_of[["domain", "department"]])
    return matters_of.assign(hours=median.reindex(key).fillna(usual).to_numpy())


def allowed(world: World) -> set[tuple[str, str]]:
    """(department, matter) of everything that may be planned and needs a visit."""
    rows = world.matters[~world.matters["off_site"]]
    return {(d, n) for ds, n in zip(rows["departments"], rows["name"], strict=True) for d in ds}


def marked(world: World) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(department, matter) of those that may share a visit, and of those that are not announced."""
    rows = world.matters
    each = [(d, r.name, r.mergeable, r.method or "") for r in rows.itertuples(index=False) for d in r.departments]
    joint = {(d, n) for d, n, mergeable, _ in each if mergeable}
    return joint, {(d, n) for d, n, _, method in each if any(word in method for word in _UNANNOUNCED)}
