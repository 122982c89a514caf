"""What of the due checks may not be planned, each with its reason in words; and what the others are like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection import done as past_checks
from pilotwatch.inspection.world import World, allowed, marked
from pilotwatch.reform.common import PLANNED

XPCC = "XPCC"  # the department, and the planner's unit of its sites
#: Why a check that somebody owes is not among those to be planned.
LEFT_OUT: dict[str, Text] = {
    "jurisdiction": Text("兵团管辖的场所，地方部门未经协商不能入企检查", "an XPCC site: local departments can't inspect it without an agreement"),
    "unpublished": Text("事项未公布或公布后有改动，不得实施：{matters}", "matters that are not published as they stand: {matters}"),
    "plan_unpublished": Text("检查计划未公示，暂停实施", "the plan of the check is not published"),
    "recognised": Text("{by}已于 {on} 检查同一事项，结果互认至 {until}", "{by} checked the same matter on {on}; recognised until {until}"),
    "repeated": Text("本部门已于 {on} 检查同一事项，{until} 前不得重复", "the department checked the same matter on {on}; not again before {until}"),
    "matter_cap": Text("本年度该事项的检查次数已达上限（{most} 次）", "the matter was checked as often as a year allows ({most})"),
    "off_site": Text("可以非现场方式完成，不必入企", "can be done off site"),
    "arranged": Text("已列入已定方案", "is in an adopted plan already"),
    "no_place": Text("对象未注明所在单位，无法安排辖区", "its subject has no reporting unit"),
}  # fmt: skip
CHECK = [
    "check_id", "subject_id", "name", "code", "domain", "unit", "report_unit", "street", "department", "matters", "hours",
    "first", "last", "late", "priority", "source", "ref", "trigger", "caused", "announced", "alone",
]  # fmt: skip


def sift(world: World, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that may be planned, finished to the columns of CHECK, and the others with their reasons."""
    rows = rows.join(world.subjects, on="subject_id")
    scores = world.cards.groupby("subject_id")["score"].max()
    xpcc = rows["jurisdiction"].eq("xpcc")
    rows = rows.assign(
        check_id=rows["source"] + ":" + rows["ref"].astype(str),
        unit=np.where(xpcc, XPCC, rows["report_unit"]),
        caused=~rows["trigger"].isin(PLANNED),
        priority=rows["subject_id"].map(scores).fillna(0.0) / 50 + rows["late"] / 30,
    ).drop_duplicates("check_id", ignore_index=True)
    reasons: dict[int, tuple[str, Text]] = {}

    def leave(mask: Any, reason: str, words: Callable[[int], Mapping[str, Any]] = lambda _: {}) -> None:
        for at in np.flatnonzero(np.asarray(mask, bool)):
            reasons.setdefault(int(at), (reason, LEFT_OUT[reason].format(**words(int(at)))))

    leave(rows["report_unit"].eq("") | rows["report_unit"].isna(), "no_place")
    leave(rows["jurisdiction"].eq("xpcc") & rows["department"].ne(XPCC), "jurisdiction")
    taken = set(zip(world.arranged["source"], world.arranged["ref"], strict=True))
    leave([k in taken for k in zip(rows["source"], rows["ref"], strict=True)], "arranged")
    leave(~rows["told"], "plan_unpublished")
    rows, dropped = _published_only(world, rows)
    leave(
        dropped.map(bool) & (rows["matters"].map(len) == 0),
        "unpublished",
        lambda at: {"matters": "、".join(dropped[at])},
    )
    leave(rows["matters"].map(len) == 0, "unpublished", lambda _: {"matters": "—"})
    rows, why = _free_matters(world, rows)
    for at, (reason, words) in why.items():
        reasons.setdefault(at, (reason, words))
    kept = ~rows.index.isin(list(reasons))
    out = rows[~kept].assign(
        reason=[reasons[i][0] for i in rows.index[~kept]], words=[reasons[i][1] for i in rows.index[~kept]], announced=True
    )  # fmt: skip
    return _described(world, rows[kept]).reset_index(drop=True), out.reset_index(drop=True)


def _published_only(world: World, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The rows with those of their matters that may be planned, and the others by row. Re-checks go by their order."""
    may = allowed(world)
    of = list(zip(rows["department"], rows["matters"], rows["source"], strict=True))
    keep = [m if s == "recheck" else tuple(i for i in m if (d, i) in may) for d, m, s in of]
    gone = [() if s == "recheck" else tuple(i for i in m if (d, i) not in may) for d, m, s in of]
    return rows.assign(matters=_objects(keep, rows.index)), _objects(gone, rows.index)


def _objects(values: Sequence[Any], index: pd.Index) -> pd.Series:
    made = np.empty(len(values), object)
    made[:] = values
    return pd.Series(made, index=index)


def _free_matters(world: World, rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, tuple[str, Text]]]:
    """Takes matters out that were checked lately, or puts the check off until they may be again; those with none left get
    the reason. Caused checks are free."""
    long = rows.loc[~rows["caused"], ["subject_id", "department", "matters", "last", "first"]]
    long = long.explode("matters").rename(columns={"matters": "item"}).dropna(subset=["item"]).reset_index(names="row")
    bars = past_checks.barred(world.past, long[["subject_id", "department", "item"]], world.rules.recognised_days)
    long = _times(world, pd.concat([long, bars], axis=1))
    shut = (long["until"] >= long["last"]) | (long["times"] >= long["most"])
    told: dict[int, tuple[str, Text]] = {}
    matters_of, first = rows["matters"].copy(), rows["first"].copy()
    for row, part in long[shut].groupby("row"):
        left = tuple(m for m in matters_of[row] if m not in set(part["item"]))
        if not left:
            told[int(row)] = _barred_words(world, rows.loc[row, "department"], part.sort_values("until").iloc[0])
        matters_of[row] = left or matters_of[row]
    free = long[~shut & long["until"].notna()].groupby("row")["until"].max()
    first.loc[free.index] = np.maximum(first.loc[free.index], free + pd.Timedelta(days=1))
    return rows.assign(matters=matters_of, first=first.astype("datetime64[s]")), told


def _times(world: World, long: pd.DataFrame) -> pd.DataFrame:
    """With how often each department checked each matter there this year (`times`), and how often it may (`most`)."""
    keys = ["subject_id", "department", "item"]
    checks = world.past.checks
    checks = checks[checks["planned"] & (checks["day"].dt.year == world.first.year)]
    times = checks.drop_duplicates([*keys, "day"]).groupby(keys).size()
    caps = {(d, r.name): r.yearly_cap for r in world.matters.itertuples(index=False) for d in r.departments}
    key = pd.MultiIndex.from_frame(long[keys])
    most = [caps.get(k, np.nan) for k in zip(long["department"], long["item"], strict=True)]
    return long.assign(times=times.reindex(key).fillna(0).to_numpy(), most=np.array(most, float))


def _barred_words(world: World, department: str, bar: pd.Series) -> tuple[str, Text]:
    if pd.notna(bar["most"]) and bar["times"] >= bar["most"]:
        return "matter_cap", LEFT_OUT["matter_cap"].format(most=f"{bar['most']:g}")
    same = bar["by"] == department
    words = {
        "on": f"{bar['on']:%Y-%m-%d}",
        "until": f"{bar['until']:%Y-%m-%d}",
        "by": world.titles.get(bar["by"], bar["by"]),
    }
    return ("repeated" if same else "recognised", LEFT_OUT["repeated" if same else "recognised"].format(**words))


def _described(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """With whether it is announced and whether it goes alone: as its plan says, else where none of its matters is among
    those that are checked jointly."""
    joint, secret = marked(world)
    pairs = [[(d, m) for m in ms] for d, ms in zip(rows["department"], rows["matters"], strict=True)]
    single = pd.Series([not any(p in joint for p in each) for each in pairs], rows.index, dtype="boolean")
    announced = ~np.array([any(p in secret for p in each) for each in pairs], bool)
    return rows.assign(alone=rows["alone"].fillna(single).astype(bool), announced=announced)[CHECK]
