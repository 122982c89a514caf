"""Keeps the warnings in step with the levels: in the transaction of an upload, and once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch import figures
from pilotwatch.domain import Domain
from pilotwatch.figures import WORST
from pilotwatch.registry import Registry
from pilotwatch.store import Change, Store
from pilotwatch.store import warnings as shelf
from pilotwatch.warnings.life import QUIET, WARNS, Steps, step

_KEY = ["subject_id", "indicator"]
_PLACE = ["report_unit", "division_code", "street_code"]


def follow(found: Registry, store: Store, connection: Any, change: Change) -> None:
    """The hook of every commit and withdrawal: figures first, then the warnings that follow from them."""
    figures.follow(found, store, connection, change, then=partial(evaluated, store=store))


def update(
    store: Store, found: Registry, *, on: date | None = None, rebuild: bool = False,
    spread: figures.Spread | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Brings figures and warnings to a day (default: today); `spread`: evaluated in other processes."""
    return figures.update(store, found, on=on, rebuild=rebuild, then=partial(evaluated, store=store), spread=spread)


def evaluated(
    connection: Any, domain: Domain, subjects: Sequence[str], rows: pa.Table, on: date, *, store: Store
) -> None:
    """Takes the new levels of these subjects into their warnings, and tells `store.on_warnings` which opened or rose."""
    standing = shelf.standing(connection, domain.name, subjects)
    warned = pc.is_in(rows["subject_id"], pa.array(standing["subject_id"], pa.string()))
    single = rows.filter(
        pc.and_(pc.not_equal(rows["indicator"], WORST), pc.or_(pc.less_equal(rows["rank"], WARNS), warned))
    )
    judged = single.select(["subject_id", "indicator", "rank", "value", *_PLACE]).to_pandas()
    if judged.empty and standing.empty:
        return
    closed = shelf.closings(connection, domain.name, subjects, on - QUIET)
    steps = step(standing.drop(columns="id"), judged.drop(columns=_PLACE), closed, on)
    if len(steps.opened):
        owners = {i.code: i.owner for i in domain.indicators}
        opened = steps.opened.merge(judged[[*_KEY, *_PLACE]], on=_KEY)
        shelf.open_new(connection, domain.name, domain.code, opened, owners, on)
    if len(steps.changed):
        shelf.move(connection, steps.changed.merge(standing[[*_KEY, "id"]], on=_KEY), on)
    if store.on_warnings and len(worse := _worse(steps, judged)):
        for hook in store.on_warnings:
            hook(connection, domain, worse, on)


def _worse(steps: Steps, judged: pd.DataFrame) -> pd.DataFrame:
    """The warnings that opened or rose: subject_id, indicator, rank, value, report_unit, division_code, street_code."""
    risen = steps.changed[steps.changed["act"] == "rise"]
    parts = [p[[*_KEY, "rank", "value"]] for p in (steps.opened, risen) if len(p)]
    worse = pd.concat(parts, ignore_index=True) if parts else steps.opened
    return worse.merge(judged[[*_KEY, *_PLACE]], on=_KEY)
