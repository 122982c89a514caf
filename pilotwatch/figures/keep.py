"""Keeps the figures in step with the records: for what an upload touched, for a new day, or all of it anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import LEVELS, Domain, Record
from pilotwatch.figures.evaluate import evaluate
from pilotwatch.registry import Registry
from pilotwatch.store import Change, Desk, Store
from pilotwatch.store import figures as shelf
from pilotwatch.workdays import today

_PLACE = ("report_unit", "division_code", "street_code", "located")


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """The hook of every commit and withdrawal: re-evaluates the subjects it touched, in its own transaction."""
    shelf.follow_rows(connection, store, change)
    for domain in found.domains:
        touched = [change.touched[r.spec.dataset] for r in read_by(domain) if r.spec.dataset in change.touched]
        if touched:
            shelf.lock(connection, domain.name)
            subjects = np.unique(np.concatenate(touched)).tolist()
            _put(connection, change.desk, domain, subjects, today())


def update(store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False) -> dict[str, Any]:
    """Re-evaluates every subject as of `on` (default: today); `rebuild` counts everything anew.

    Returns how many subjects of which domain were evaluated.
    """
    on = on or today()
    done: dict[str, Any] = {"on": on.isoformat(), "domains": {}}
    for domain in found.domains:
        with shelf.writing(store) as (connection, desk):
            shelf.lock(connection, domain.name)
            done["domains"][domain.name] = _put(connection, desk, domain, None, on, anew=rebuild)
    if rebuild:
        with shelf.writing(store) as (connection, _):
            shelf.recount_rows(connection, store)
    return done


def read_by(domain: Domain) -> tuple[type[Record], ...]:
    """The records a domain's figures follow from."""
    needed = (*domain.subjects, *(r for i in domain.indicators for r in i.needs))
    return tuple({r.spec.dataset: r for r in needed}.values())


def _put(
    connection: Any, desk: Desk, domain: Domain, subjects: Sequence[str] | None, on: date, *, anew: bool = False
) -> int:
    """Evaluates the subjects (None: all of the domain) and puts their levels on the shelf."""
    frames = {r.spec.dataset: desk.frame(r.spec.dataset, subjects=subjects) for r in read_by(domain)}
    before = shelf.subject_levels(connection, domain.name, subjects)
    rows = _with_places(evaluate(domain, frames, on), domain, frames)
    rows = _with_days(rows, before, on)
    if anew:
        shelf.clear(connection, domain.name)
    shelf.replace_levels(connection, domain.name, subjects, rows)
    return int(rows["subject_id"].nunique())


def _with_places(rows: pd.DataFrame, domain: Domain, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Adds where each subject is: the place its list gives it."""
    lists = [frames[r.spec.dataset][["subject_id", *_PLACE]] for r in domain.subjects]
    places = pd.concat(lists).drop_duplicates("subject_id") if lists else pd.DataFrame(columns=["subject_id", *_PLACE])
    rows = rows.merge(places, on="subject_id", how="inner")
    rows["located"] = rows["located"].fillna("none")
    return rows.fillna({n: "" for n in _PLACE[:3]})


def _with_days(rows: pd.DataFrame, before: pd.DataFrame, on: date) -> pd.DataFrame:
    """Adds rank, the day of evaluation, and since when the level has been this or worse."""
    rows = rows.assign(rank=rows["level"].map(LEVELS.index).astype("int64"), on_day=pd.Timestamp(on))
    known = before[["subject_id", "indicator", "rank", "since"]]
    rows = rows.merge(known, on=["subject_id", "indicator"], how="left", suffixes=("", "_before"))
    lasting = rows["rank_before"] <= rows["rank"]
    rows["since"] = rows["since"].where(lasting).fillna(pd.Timestamp(on))
    return rows.drop(columns="rank_before")
