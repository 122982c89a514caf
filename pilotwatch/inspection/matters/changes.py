"""What changed in the list of matters between two days, as the list was known and in force on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.matters.listing import CONTENT, _typed, _versions
from pilotwatch.store import Desk

#: What is told of a matter that changed: its content, and when and how long it may be carried out.
_TOLD = (*CONTENT, "scene", "minutes", "frequency", "mergeable", "off_site", "valid_until", "published_on")

KINDS: dict[str, Text] = {
    "new": Text("新增", "New"),
    "gone": Text("取消", "Taken off"),
    "changed": Text("调整", "Changed"),
}


@dataclass(frozen=True)
class Change:
    """A matter that is another on the later day: `fields` maps each changed column to what it said before and says now."""

    item_code: str
    name: str
    dept: str
    kind: str
    fields: Mapping[str, tuple[Any, Any]]


def between(desk: Desk, earlier: date, later: date) -> list[Change]:
    """The changes from one day to another, taken-off ones first, then new and changed ones, by department and code.

    A version counts from the day its batch arrived until the day one that replaced it did; a matter is on the list from
    `valid_from` to `valid_until`.
    """
    rows = _typed(_versions(desk))
    before, after = (_on(rows, pd.Timestamp(day)) for day in (earlier, later))
    gone = [_change(before[code], "gone") for code in before.keys() - after.keys()]
    new = [_change(after[code], "new") for code in after.keys() - before.keys()]
    both = [(before[code], after[code]) for code in before.keys() & after.keys()]
    changed = [_change(now, "changed", fields) for then, now in both if (fields := _fields(then, now))]
    return [c for part in (gone, new, changed) for c in sorted(part, key=lambda c: (c.dept, c.item_code))]


def days(desk: Desk) -> list[date]:
    """The days on which the list changed, the newest first: lists arrived, matters came into force or were taken off."""
    rows = _typed(_versions(desk))
    ended = rows["valid_until"] + pd.Timedelta(days=1)
    every = pd.concat([rows["arrived"], rows["valid_from"], ended[rows["replaced"].isna()]]).dropna()
    return sorted({d.date() for d in every}, reverse=True)


def _on(rows: pd.DataFrame, day: pd.Timestamp) -> dict[str, dict[str, Any]]:
    """The matters that were known and in force on a day, by code."""
    known = (rows["arrived"] <= day) & ~(rows["replaced"] <= day)
    counts = (rows["valid_from"] <= day) & ~(rows["valid_until"] < day)
    return {r["item_code"]: r for r in rows[known & counts].to_dict("records")}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    pairs = {n: (_plain(before[n]), _plain(after[n])) for n in _TOLD}
    return {n: pair for n, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    """The value as it is told: nothing as None, days without their hour."""
    if isinstance(value, tuple):
        return value or None
    if value is None or value == "" or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _change(row: Mapping[str, Any], kind: str, fields: Mapping[str, tuple[Any, Any]] | None = None) -> Change:
    return Change(row["item_code"], row["name"], row["dept"], kind, fields or {})
