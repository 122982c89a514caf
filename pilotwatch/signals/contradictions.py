"""Departments' statements about one thing, held against each other: which are open, which changed, which agree again.

One open item per subject and kind. It opens where the gap is beyond its tolerance, moves with what is stated, and closes
by itself when the statements agree; while one side is silent nothing changes. What a subject no longer has in the lists
at all is left as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Contradiction, Domain
from pilotwatch.frames import Stored
from pilotwatch.store import Change, Desk, shelf
from pilotwatch.store import contradictions as kept
from pilotwatch.store import signals as counts
from pilotwatch.store.contradictions import Filter, counted, history, listed, say

__all__ = ["Filter", "Steps", "counted", "follow", "history", "judged", "listed", "say", "step", "update"]

_AT_ONCE = 20_000
_KEY = ["subject_id", "code"]
_PLACE = ["report_unit", "division_code", "street_code"]


@dataclass(frozen=True)
class Steps:
    """What an evaluation does: `opened` and `changed`, `closed` (with the item's `id`)."""

    opened: pd.DataFrame
    changed: pd.DataFrame
    closed: pd.DataFrame


def judged(kinds: Iterable[Contradiction], frames: Stored, on: date) -> pd.DataFrame:
    """What the statements of every kind come to, one row per subject that all sides speak of.

    Columns: subject_id, code, period, stated (JSON, in the order of the sides), gap, size, owners (JSON).
    """
    found = []
    for kind in kinds:
        rows = kind.compute(frames, on)
        rows = rows[rows["size"].notna()]
        names = [s.name for s in kind.sides]
        stated = [
            json.dumps({n: _plain(v) for n, v in zip(names, values, strict=True)}, ensure_ascii=False)
            for values in rows[names].itertuples(index=False, name=None)
        ]
        found.append(
            pd.DataFrame(
                {
                    "subject_id": rows.index.astype("str"), "code": kind.code, "period": rows["period"].astype("str").array,
                    "stated": stated, "gap": rows["gap"].astype("float64").array, "size": rows["size"].astype("float64").array,
                    "owners": json.dumps(kind.owners),
                }
            )
        )  # fmt: skip
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*_KEY, "stated", "size"])


def _plain(value: Any) -> Any:
    """A number to a hundredth, any other statement as it is, None where a side says nothing."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return round(float(value), 2) if isinstance(value, int | float | np.number) else str(value)


def step(standing: pd.DataFrame, found: pd.DataFrame) -> Steps:
    """`standing`: the open items of the judged subjects: subject_id, id, code, period, stated. `found`: see `judged`."""
    both = found.astype(object).merge(
        standing.astype(object), on=_KEY, how="left", suffixes=("", "_before"), indicator=True
    )
    apart, known = (both["size"] > 1).to_numpy(dtype=bool), (both["_merge"] == "both").to_numpy()
    same = ((both["stated"] == both["stated_before"]) & (both["period"] == both["period_before"])).to_numpy(dtype=bool)
    return Steps(both[apart & ~known], both[apart & known & ~same], both[~apart & known])


def follow(connection: Any, domain: Domain, change: Change, on: date) -> None:
    """For the subjects that a commit or withdrawal touched in what the domain's contradictions are made of."""
    needed = {r.spec.dataset for c in domain.contradictions for r in (c.per, *c.needs)}
    touched = [change.touched[d] for d in change.datasets if d in needed]
    if touched:
        counts.lock(connection, domain.name)
        kinds = [c for c in domain.contradictions if {r.spec.dataset for r in c.needs} & set(change.datasets)]
        _evaluate(connection, change.desk, domain, kinds, np.unique(np.concatenate(touched)).tolist(), on)


def update(connection: Any, desk: Desk, domain: Domain, on: date) -> int:
    """For every subject of the domain; returns how many items are open afterwards."""
    if not domain.contradictions:
        return 0
    everyone = shelf.listed_subjects(connection, [r.spec.dataset for r in domain.subjects])
    _evaluate(connection, desk, domain, domain.contradictions, everyone, on)
    return len(kept.standing(connection, domain.name, None))


def _evaluate(
    connection: Any, desk: Desk, domain: Domain, kinds: Sequence[Contradiction], subjects: Sequence[str], on: date
) -> None:
    needs = tuple({r.spec.dataset: r for c in kinds for r in (c.per, *c.needs)}.values())
    for part in (subjects[i : i + _AT_ONCE] for i in range(0, len(subjects), _AT_ONCE)):
        frames = Stored(lambda dataset, columns, part=part: desk.frame(dataset, columns, subjects=part), needs)
        found = judged(kinds, frames, on)
        steps = step(kept.standing(connection, domain.name, part), found)
        if len(steps.opened):
            lists = [r.spec.dataset for r in domain.subjects]
            places = counts.listing(connection, lists, steps.opened["subject_id"].tolist())
            opened = steps.opened.merge(places.astype(object), on="subject_id", how="left")
            kept.open_new(connection, domain.name, domain.code, opened.fillna(dict.fromkeys(_PLACE, "")), on)
        kept.change(connection, steps.changed, on)
        kept.close(connection, steps.closed, on)
