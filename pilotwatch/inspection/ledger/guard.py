"""The guard against repeat visits: what a planned visit would break, and what past ones broke; pure.

Only planned visits are counted and only planned ones are stopped: what has a cause is owed to whoever complained
(domain-rules C.1, C.4). A week is any seven days and a month any thirty, so no limit begins anew on a Monday.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.frames import Frames
from pilotwatch.inspection.ledger.limits import CROWDS, LIMITS, Limit
from pilotwatch.reform.common import PLANNED, each, exploded, visits


@dataclass(frozen=True)
class Seen:
    """A planned visit of one subject: done (`found`: whether it found a problem, None: unknown), or `coming`."""

    day: date
    departments: frozenset[str]
    matters: frozenset[str]
    found: bool | None = None
    coming: bool = False
    number: str = ""


@dataclass(frozen=True)
class Stop:
    """A limit that a visit would break: which, in a sentence with the way out, and the visits it collides with.

    `join`: the day of a visit that is still to come and that it could be part of.
    """

    limit: Limit
    said: Text
    visits: tuple[Seen, ...]
    join: date | None = None

    @property
    def code(self) -> str:
        return self.limit.code

    @property
    def severity(self) -> str:
        return self.limit.severity


def stops(
    seen: Iterable[Seen], day: date, departments: Iterable[str], matters: Iterable[str], *, trigger: str = "双随机",
    cap: int | None = None,
) -> list[Stop]:  # fmt: skip
    """What a visit on `day` would break, given the subject's other planned visits; in the order of LIMITS.

    `cap`: the subject's yearly limit where it isn't the usual one. A visit with a cause breaks nothing.
    """
    if trigger not in PLANNED:
        return []
    seen = sorted(seen, key=lambda v: (v.day, v.number))
    mine, about = frozenset(departments), frozenset(matters)
    found = [_crowd(LIMITS[code], seen, day) for code in CROWDS]
    most = LIMITS["cap"].most if cap is None else cap
    year = [v for v in seen if v.day.year == day.year]
    found.append((LIMITS["cap"], year if len(year) >= most else []))
    twice = [v for v in seen if v.departments & mine and v.matters & about and _within_a_year(v.day, day)]
    found.append((LIMITS["item"], twice))
    other = [
        v
        for v in seen
        if v.matters & about and not mine <= v.departments and _apart(v, day) < LIMITS["recognised"].days
    ]
    found.append((LIMITS["recognised"], [v for v in other if v.day <= day]))
    found.append((LIMITS["low_yield"], _low_yield(seen, day, mine)))
    near = [v for v in seen if _apart(v, day) < LIMITS["sixty"].days]
    found.append((LIMITS["sixty"], near))
    return [Stop(limit, _said(limit, hit, day, most), tuple(hit), _join(limit, hit)) for limit, hit in found if hit]


def _apart(visit: Seen, day: date) -> int:
    return abs((visit.day - day).days)


def _within_a_year(one: date, other: date) -> bool:
    first, last = sorted((one, other))
    return pd.Timestamp(first) > pd.Timestamp(last) - pd.DateOffset(months=12)


def _crowd(limit: Limit, seen: Sequence[Seen], day: date) -> tuple[Limit, list[Seen]]:
    """The fullest stretch of the limit's days that holds `day`, where the visit would be one too many in it."""
    near = [v for v in seen if _apart(v, day) < limit.days]
    begins = [v.day for v in near if v.day <= day] + [day]
    stretches = [[v for v in near if 0 <= (v.day - first).days < limit.days] for first in begins]
    fullest = max(stretches, key=len)
    return limit, fullest if len(fullest) >= limit.most else []


def _low_yield(seen: Sequence[Seen], day: date, departments: frozenset[str]) -> list[Seen]:
    limit = LIMITS["low_yield"]
    for dept in sorted(departments):
        before = [v for v in seen if dept in v.departments and v.day <= day and not v.coming]
        last = before[-limit.most :]
        if len(last) == limit.most and all(v.found is False for v in last) and _within_a_year(last[0].day, day):
            return last
    return []


def _join(limit: Limit, hit: Sequence[Seen]) -> date | None:
    """The visit still to come that this one may be part of; checking a matter twice is no better together."""
    if limit.code in ("item", "recognised"):
        return None
    return next((v.day for v in hit if v.coming), None)


def _said(limit: Limit, hit: Sequence[Seen], day: date, most: int) -> Text:
    days = sorted({f"{v.day:%Y-%m-%d}" for v in hit})
    shown = days if len(days) <= 4 else [*days[:2], "…", days[-1]]
    join = _join(limit, hit)
    way = _JOIN.format(join=f"{join:%Y-%m-%d}") if join else _MOVE
    return _SENTENCES[limit.code].format(
        day=f"{day:%Y-%m-%d}",
        days=Text("、".join(shown), ", ".join(shown)),
        n=len(hit),
        most=most,
        year=day.year,
        way=way,
    )


_JOIN = Text("请并入 {join} 的检查，或改期", "Join the visit of {join}, or choose another day")
_MOVE = Text("请改到其他日期", "Choose another day")


_SENTENCES = {
    "day": Text(
        "{day} 对该对象已有 {n} 次计划检查，一天至多 1 次。{way}。",
        "There is a planned visit to it on {day} already ({n}), one a day at most. {way}.",
    ),
    "week": Text(
        "{day} 前后7天内已有 {n} 次计划检查（{days}），7天内至多 2 次。{way}。",
        "Within 7 days of {day} there are {n} planned visits ({days}), two at most. {way}.",
    ),
    "month": Text(
        "{day} 前后30天内已有 {n} 次计划检查（{days}），30天内至多 3 次。{way}。",
        "Within 30 days of {day} there are {n} planned visits ({days}), three at most. {way}.",
    ),
    "cap": Text(
        "{year} 年对该对象已有 {n} 次计划检查，年度上限为 {most} 次。请改为非现场检查，或报市级专班办公室批准。",
        "It has {n} planned visits in {year}, and {most} is the limit. Check off site, or ask the city office for leave.",
    ),
    "item": Text(
        "同一部门已在 {days} 检查过同一事项，12个月内不得重复。请采用已有结果，或去掉该事项。",
        "The department checked the same matter on {days}; not again within 12 months. Use that result, or leave the matter out.",
    ),
    "recognised": Text(
        "其他部门已在 {days} 检查过同一事项，180天内结果互认。请调取该次结果，不再重复检查该事项。",
        "Another department checked the same matter on {days}; its result stands for 180 days. Use it, don't check again.",
    ),
    "low_yield": Text(
        "该部门在 {days} 连续 {n} 次检查均未发现问题。确需再查的，请填写理由。",
        "The department's last {n} visits ({days}) found nothing. Give a reason if it has to go again.",
    ),
    "sixty": Text(
        "距 {days} 的计划检查不足60天。能合并的请合并。",
        "Less than 60 days from the planned visit of {days}. Merge them if that can be done.",
    ),
}  # fmt: skip


# --- what past visits broke ------------------------------------------------------------------------------------------


def planned_visits(frames: Frames, on: date) -> pd.DataFrame:
    """The planned visits by `on`, in order: subject_id, day, depts, items, found, scan_id, task_no."""
    rows = visits(frames, on)
    rows = rows.loc[rows["planned"], ["subject_id", "day", "depts", "items", "found", "scan_id", "task_no"]]
    return rows.sort_values(["subject_id", "day", "scan_id"], kind="stable").reset_index(drop=True)


def seen_of(rows: pd.DataFrame) -> list[Seen]:
    """Rows of `planned_visits` of one subject."""
    return [
        Seen(
            r.day.date(), frozenset(_members(r.depts)), frozenset(_members(r.items)),
            None if pd.isna(r.found) else bool(r.found), number=r.scan_id if isinstance(r.scan_id, str) else "",
        )
        for r in rows.itertuples()
    ]  # fmt: skip


def _members(text: object) -> tuple[str, ...]:
    return each(text) if isinstance(text, str) else ()


def breaches(rows: pd.DataFrame) -> pd.DataFrame:
    """Which of the visits (of `planned_visits`) the guard would have stopped, given those before: `visit`, `code`."""
    parts = [pd.DataFrame({"visit": np.flatnonzero(hit), "code": code}) for code, hit in _hits(rows).items()]
    return pd.concat(parts, ignore_index=True).sort_values("visit", kind="stable", ignore_index=True)


def _hits(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    who = pd.factorize(rows["subject_id"])[0]
    day = rows["day"].to_numpy("datetime64[D]").astype(np.int64)
    year = rows["day"].dt.year.to_numpy()

    def close(back: int, days: int) -> np.ndarray:
        """Whether the visit so many before was one of the same subject, less than so many days ago."""
        near = np.zeros(len(who), bool)
        if len(who) > back:
            near[back:] = (who[back:] == who[:-back]) & (day[back:] - day[:-back] < days)
        return near

    crowds = {code: close(LIMITS[code].most, LIMITS[code].days) for code in (*CROWDS, "sixty")}
    nth = pd.Series(who).groupby([who, year]).cumcount().to_numpy() if len(who) else np.zeros(0, int)
    return {
        **{n: crowds[n] for n in CROWDS}, "cap": nth >= LIMITS["cap"].most,
        "item": _twice(rows), "recognised": _by_others(rows), "low_yield": _in_vain(rows), "sixty": crowds["sixty"],
    }  # fmt: skip


def _twice(rows: pd.DataFrame) -> np.ndarray:
    long = rows[["subject_id", "day", "depts", "items"]].reset_index(names="visit")
    long = exploded(exploded(long, "depts"), "items").sort_values("visit", kind="stable")
    before = long.groupby(["subject_id", "depts", "items"], sort=False)["day"].shift()
    again = before > long["day"] - pd.DateOffset(months=12)
    return np.isin(np.arange(len(rows)), long.loc[again, "visit"])


def _in_vain(rows: pd.DataFrame) -> np.ndarray:
    most = LIMITS["low_yield"].most
    long = exploded(rows[["subject_id", "day", "depts", "found"]].reset_index(names="visit"), "depts")
    long = long.sort_values("visit", kind="stable").assign(nothing=long["found"].eq(False).fillna(False).astype(float))
    by = long.groupby(["subject_id", "depts"], sort=False)
    all_ = sum((by["nothing"].shift(k).fillna(0) for k in range(1, most + 1)), start=pd.Series(0.0, long.index)) == most
    lately = by["day"].shift(most) > long["day"] - pd.DateOffset(months=12)
    return np.isin(np.arange(len(rows)), long.loc[all_ & lately, "visit"])


def _by_others(rows: pd.DataFrame) -> np.ndarray:
    """Visits with a matter that others checked lately: an earlier visit in which not all of their departments were."""
    long = exploded(rows[["subject_id", "day", "items", "depts"]].reset_index(names="visit"), "items")
    long = long.sort_values(["subject_id", "items", "visit"], kind="stable").reset_index(drop=True)
    teams = [frozenset(_members(t)) for t in long["depts"]]
    key = pd.factorize(long["subject_id"].astype(object) + "\0" + long["items"].astype(object))[0]
    day = long["day"].to_numpy("datetime64[D]").astype(np.int64)
    hit = np.zeros(len(long), bool)
    for back in range(1, len(long)):
        near = (
            np.flatnonzero((key[back:] == key[:-back]) & (day[back:] - day[:-back] < LIMITS["recognised"].days)) + back
        )
        if not len(near):
            break
        hit[near] |= [not teams[i] <= teams[i - back] for i in near]
    return np.isin(np.arange(len(rows)), long.loc[hit, "visit"])


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """How many planned visits of a subject broke which limit in a month: subject_id, period, kind, numerator, and
    `denominator`, all its planned visits of the month."""
    months = rows["day"].dt.strftime("%Y-%m").astype(object)
    about = rows[["subject_id"]].assign(period=months)
    of = about.groupby(["subject_id", "period"]).size().rename("denominator")
    found = breaches(rows)
    hit = about.iloc[found["visit"].to_numpy()].assign(kind=found["code"].to_numpy(object))
    broken = hit.groupby(["subject_id", "period", "kind"]).size().rename("numerator").reset_index()
    broken = (
        broken.merge(of.reset_index(), on=["subject_id", "period"]) if len(broken) else broken.assign(denominator=0)
    )
    whole = of.reset_index().assign(kind="visits", numerator=0)
    return pd.concat([broken, whole], ignore_index=True)[["subject_id", "period", "kind", "numerator", "denominator"]]
