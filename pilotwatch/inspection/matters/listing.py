"""The list of matters on a day: what is in force, what was published in which wording, and what is wrong with it.

A matter may be carried out only as it was published (国办发〔2024〕54号：未经公布的不得实施). It counts as published where the
list itself says on which day, or where the office published a batch that has it; a wording that was changed afterwards
isn't published until it is published again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.records import Matter
from pilotwatch.store import Desk
from pilotwatch.store import matters as kept

#: What is published of a matter: whoever changes one of these changes what may be done.
CONTENT = ("name", "dept", "partners", "basis", "content", "method", "procedure", "checklist", "yearly_cap")
MINUTES = 60  # on site, of a matter that doesn't say

STATES: dict[str, Text] = {
    "published": Text("已公布", "Published"),
    "changed": Text("公布后有改动", "Changed since published"),
    "unpublished": Text("未公布", "Not published"),
    "coming": Text("未启用", "Not yet in force"),
    "ended": Text("已停用", "Taken off"),
}

#: What is wrong with a matter in force, the gravest first.
ALARMS: dict[str, Text] = {
    "unpublished": Text("未公布，不得列入检查计划", "Not published: it can't be planned"),
    "changed": Text("公布后内容有改动，应重新公布", "Changed since it was published: publish it again"),
    "no_method": Text("没有检查方式", "No method"),
    "no_content": Text("没有检查内容", "No content"),
    "no_basis": Text("没有检查依据", "No legal basis"),
    "no_procedure": Text("没有检查程序", "No procedure"),
}
_EMPTY = {"no_method": "method", "no_content": "content", "no_basis": "basis", "no_procedure": "procedure"}

_COLUMNS = tuple(c.name for c in Matter.columns())
_LISTS = ("partners", "scene")
_DAYS = ("valid_from", "valid_until", "published_on")


def listing(desk: Desk, day: date) -> pd.DataFrame:
    """Every matter of the list as of a day, in the order of department and code.

    The columns of Matter (lists as tuples, texts "" where empty, days datetime64), and `state` (see STATES), `alarms` (a
    tuple, see ALARMS; empty of those not in force), `told_on` (the day this wording was published, NaT), `told_in` (the
    batch, "") and `departments` (of the one that leads and those taking part, a tuple).
    """
    rows = _typed(_versions(desk))
    now = rows[rows["replaced"].isna()].drop(columns=["arrived", "replaced", "corrects"])
    now = now.assign(hash=contents(now)).sort_values(["dept", "item_code"], ignore_index=True)
    told = _published(desk, rows, now, pd.Timestamp(day))
    found = pd.concat([now, told], axis=1)
    found["state"] = _states(found, pd.Timestamp(day))
    found["alarms"] = _alarms(found)
    found["departments"] = [
        (d, *(p for p in ps if p != d)) for d, ps in zip(found["dept"], found["partners"], strict=True)
    ]
    return found


def plannable(desk: Desk, day: date) -> pd.DataFrame:
    """The matters that may be planned for a day: in force then, and published in their present wording.

    item_code, name, dept, departments (tuple), scenes (tuple), field, basis, content, method, procedure, checklist (texts); `hours` on site (float; an hour where the list says nothing), `mergeable` (whether it may share a visit: as
    the list says, else whether it is checked jointly, else yes), `off_site` (needs no visit), `yearly_cap` (NaN: none).
    """
    rows = listing(desk, day)
    rows = rows[rows["state"] == "published"].reset_index(drop=True)
    merged = rows["mergeable"].astype("boolean").fillna(rows["joint"].astype("boolean")).fillna(True)
    return rows.rename(columns={"scene": "scenes"}).assign(
        hours=rows["minutes"].astype("float64").fillna(MINUTES) / 60,
        mergeable=merged.astype(bool),
        off_site=rows["off_site"].astype("boolean").fillna(False).astype(bool),
        yearly_cap=rows["yearly_cap"].astype("float64"),
    )[_PLANNED]


_PLANNED = [
    "item_code", "name", "dept", "departments", "scenes", "field", "basis", "content", "method", "procedure", "checklist", "hours",
    "mergeable", "off_site", "yearly_cap",
]  # fmt: skip


def steps(text: str) -> tuple[str, ...]:
    """The parts of a cell that are separated by ； or a line break: 亮证告知；查阅台账 → two."""
    return tuple(part for part in (p.strip(" 。.") for p in re.split(r"[;；\n]+", text or "")) if part)


def contents(rows: pd.DataFrame) -> list[str]:
    """The hash of what is published of each matter: 16 hex digits of SHA-256 over its CONTENT, without spaces."""
    plain = rows[list(CONTENT)].astype(object).where(rows[list(CONTENT)].notna(), None)
    return [_hash(values) for values in plain.itertuples(index=False)]


def _hash(values: Sequence[Any]) -> str:
    told = [v if isinstance(v, tuple) else "" if v is None else re.sub(r"\s+", "", _number(v)) for v in values]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# --- what the store has -----------------------------------------------------------------------------------------------


def _versions(desk: Desk) -> pd.DataFrame:
    """Every version of every matter, replaced ones too; the list is public, so it is read whole."""
    return kept.versions(desk, _COLUMNS).to_pandas(date_as_object=False)


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Lists as tuples, empty texts "", days datetime64."""
    texts = [c.name for c in Matter.columns() if c.kind in ("text", "department")]
    found = rows.assign(**{n: rows[n].astype(object).where(rows[n].notna(), "").astype(str) for n in texts})
    listed = {n: [tuple(json.loads(v)) if isinstance(v, str) and v else () for v in rows[n]] for n in _LISTS}
    days = {n: pd.to_datetime(rows[n]).astype("datetime64[s]") for n in (*_DAYS, "arrived", "replaced")}
    return found.assign(**{n: pd.Series(v, index=rows.index, dtype=object) for n, v in listed.items()}, **days)


def _published(desk: Desk, versions: pd.DataFrame, now: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """When each matter's present wording was published by then, in which batch, and whether another wording was."""
    by_list = _by_list(versions, now, day)
    batches = kept.published(desk)
    batches = batches[batches["published_on"] <= day]
    last = batches.drop_duplicates(["item_code", "content"], keep="last").set_index(["item_code", "content"])
    same = pd.MultiIndex.from_frame(now[["item_code", "hash"]], names=["item_code", "content"])
    mine = last.reindex(same)
    told = mine["published_on"].to_numpy("datetime64[s]")
    in_batch = ~np.isnat(told)
    return pd.DataFrame(
        {
            "told_on": np.where(in_batch, told, by_list["told_on"].to_numpy("datetime64[s]")),
            "told_in": np.where(
                in_batch, mine["title"].fillna("").to_numpy(object), by_list["told_in"].to_numpy(object)
            ),
            "ever": now["item_code"].isin(batches["item_code"]).to_numpy() | by_list["ever"].to_numpy(),
        }
    )


def _by_list(versions: pd.DataFrame, now: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The same by the list's own word. A later version that keeps the day of publishing but not the wording was changed
    without being published again."""
    said = versions[versions["published_on"] <= day]
    said = said.assign(hash=contents(said)).sort_values("arrived", kind="stable")
    first = said.drop_duplicates(["item_code", "published_on"])
    key = pd.MultiIndex.from_frame(now[["item_code", "published_on"]])
    wording = first.set_index(["item_code", "published_on"])["hash"].reindex(key).to_numpy(object)
    told = (now["published_on"] <= day).to_numpy() & (wording == now["hash"].to_numpy(object))
    return pd.DataFrame(
        {
            "told_on": now["published_on"].where(pd.Series(told, index=now.index)),
            "told_in": np.where(told, now["release"].to_numpy(object), ""),
            "ever": now["item_code"].isin(said["item_code"]),
        }
    )


def _states(rows: pd.DataFrame, day: pd.Timestamp) -> np.ndarray:
    return np.select(
        [rows["valid_until"] < day, rows["valid_from"] > day, rows["told_on"].notna(), rows["ever"]],
        ["ended", "coming", "published", "changed"], "unpublished",
    ).astype(object)  # fmt: skip


def _alarms(rows: pd.DataFrame) -> pd.Series:
    wrong = {n: (rows["state"] == n).to_numpy() for n in ("unpublished", "changed")}
    wrong |= {n: (rows[column].str.strip() == "").to_numpy() for n, column in _EMPTY.items()}
    counts = ~rows["state"].isin(("ended", "coming")).to_numpy()
    found = [tuple(n for n in ALARMS if wrong[n][i]) if counts[i] else () for i in range(len(rows))]
    return pd.Series(found, index=rows.index, dtype=object)
