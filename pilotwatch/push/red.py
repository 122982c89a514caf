"""Red warnings at once: one notice per reader and evaluation, however many it raised.

Runs inside the transaction of the upload that raised them, so it does little: it looks for readers first, filters columns,
and asks the store for the names of the few that are told by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.amounts import value_of
from pilotwatch.domain import LEVELS, Domain, Text
from pilotwatch.places import Places
from pilotwatch.push.digest import in_unit, name
from pilotwatch.store import deliveries, news, scope, subscriptions
from pilotwatch.store.deliveries import Line, Notice
from pilotwatch.warnings import limit_of
from pilotwatch.workdays import today

NAMED = 10
RED = LEVELS.index("red")


def tell_red(places: Places, connection: Any, domain: Domain, worse: pd.DataFrame, on: date) -> None:
    """The hook of `Store.on_warnings`: queues a notice of the red ones for every account that wants it and may see them.

    An evaluation of a day gone by (a back-test, figures made anew) tells nobody.
    """
    red = worse[worse["rank"] == RED]
    if red.empty or on < today():
        return
    readers = subscriptions.wanting(connection, "red")
    if not readers:
        return
    red = red.sort_values(["indicator", "subject_id"], kind="stable", ignore_index=True)
    units = red["report_unit"].to_numpy(dtype=object)
    scopes = {subscriptions.scope_of(r.person): r.person for r in readers}  # readers of one scope are told the same
    seen = {bounds: np.flatnonzero(scope.holds(one, domain.name, units)) for bounds, one in scopes.items()}
    seen = {bounds: at for bounds, at in seen.items() if len(at)}
    if not seen:
        return
    told = red.iloc[np.unique(np.concatenate([at[:NAMED] for at in seen.values()]))]
    names = news.names(connection, told["subject_id"].tolist(), [r.spec.dataset for r in domain.subjects])
    lines = {
        i: _item(places, domain, row, names, on) for i, row in zip(told.index, told.to_dict("records"), strict=True)
    }
    notices = {bounds: _notice(domain, red.iloc[at], [lines[i] for i in at[:NAMED]], on) for bounds, at in seen.items()}
    mine = ((r.person.username, notices.get(subscriptions.scope_of(r.person))) for r in readers)
    deliveries.queue(connection, [replace(notice, username=who) for who, notice in mine if notice])


def _notice(domain: Domain, rows: pd.DataFrame, lines: Sequence[Line], on: date) -> Notice:
    """What the readers of one scope are told; for whom is filled in later."""
    below = len(rows) - len(lines)
    rest = [Line(_BELOW.format(n=f"{below:,}"), "note")] if below else []
    pairs = "\n".join(rows["subject_id"] + rows["indicator"])
    key = f"red:{domain.code}:{on:%Y%m%d}:{hashlib.sha256(pairs.encode()).hexdigest()[:12]}"
    title = _TITLE.format(domain=domain.title, n=f"{len(rows):,}")
    return Notice("", "red", key, title, (*lines, *rest), f"/warnings?domain={domain.name}&level=red")


def _item(places: Places, domain: Domain, row: dict[str, Any], names: dict[str, str], on: date) -> Line:
    indicator = next(i for i in domain.indicators if i.code == row["indicator"])
    limit = limit_of(indicator, "red").title
    shown = Text(value_of(row["value"], indicator, on, "zh"), value_of(row["value"], indicator, on, "en"))
    return Line(
        _ITEM.format(
            name=name(names.get(row["subject_id"])), place=in_unit(places, row["report_unit"]), title=indicator.title, value=shown,
            act=indicator.first_action, limit=limit,
        ),
        "item", "red",
    )  # fmt: skip


_TITLE = Text("{domain}新增红色预警 {n} 条", "{domain}: {n} new red warnings")
_ITEM = Text(
    "{name}{place} · {title} {value} — {limit}内：{act}", "{name}{place} · {title} {value} — within {limit}: {act}"
)
_BELOW = Text("……另有 {n} 条，请打开系统查看。", "… and {n} more, see the app.")
