"""Why a check isn't in the plan, why one wasn't merged, who is short, and what pins break."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.planning.board import NEVER, Laid
from pilotwatch.planning.kernels import EPS, State
from pilotwatch.planning.model import NOT_MERGED, UNMET, Problem
from pilotwatch.planning.search import Search

_DEAD = {1: "window", 2: "no_inspectors", 3: "too_long", 4: "quiet"}
CITY = Text("全市", "the city")


def unmet(problem: Problem, laid: Laid, search: Search, state: State) -> pd.DataFrame:
    """Plan.unmet: each check that is left out, with the first reason that alone suffices."""
    due = problem.due
    out = np.flatnonzero(state.day[laid.of_item] < 0)
    rows = []
    for row in out:
        i, check = laid.of_item[row], due.iloc[row]
        code = _why_not(laid, search, state, i)
        words = UNMET[code].format(
            department=check["department"], unit=check["unit"], hours=float(check["hours"]),
            first=check["first"].date().isoformat(), last=check["last"].date().isoformat(),
        )  # fmt: skip
        rows.append((check["check_id"], check["subject_id"], check["unit"], check["department"], check["hours"], check["priority"], code, words))  # fmt: skip
    return pd.DataFrame(rows, columns=["check_id", "subject_id", "unit", "department", "hours", "priority", "reason", "words"])  # fmt: skip


def _why_not(laid: Laid, search: Search, state: State, i: int) -> str:
    board = laid.board
    if search.dead[i]:
        several = board.part[i + 1] - board.part[i] > 1
        return "pins" if several and search.dead[i] == 1 else _DEAD[int(search.dead[i])]
    days = _days(laid, i)
    if not any(_room(laid, state, i, t) for t in days):
        return "capacity"
    s = board.subject[i]
    used = len(_visit_days(laid, state, s))
    return "cap" if board.planned[i] and used >= board.cap[s] else "repeat" if board.planned[i] else "capacity"


def _visit_days(laid: Laid, state: State, s: int) -> list[int]:
    """t of the planned visits of a subject."""
    board = laid.board
    items = np.arange(board.subject_at[s], board.subject_at[s + 1])
    items = items[(state.day[items] >= 0) & board.planned[items]]
    return [int(state.day[root]) for root in np.unique(state.visit[items])]


def _days(laid: Laid, i: int) -> np.ndarray:
    """t on which the item may be done, hours aside."""
    board = laid.board
    t = np.arange(board.a[i], board.b[i] + 1)
    if board.pinned[i]:
        return t
    ok = board.open[t]
    if board.planned[i]:
        s = board.subject[i]
        for k in range(board.quiet_at[s], board.quiet_at[s + 1]):
            ok &= ~((t >= board.quiet_a[k]) & (t <= board.quiet_b[k]))
    return t[ok]


def _room(laid: Laid, state: State, i: int, t: int) -> list[int] | bool:
    """True where the item's hours are left on that day."""
    return not _full(laid, state, i, t)


def _full(laid: Laid, state: State, i: int, t: int) -> list[int]:
    """Pools that lack hours for the item on that day."""
    board = laid.board
    lacking = []
    for k in range(board.part[i], board.part[i + 1]):
        g, h = board.pool[k], board.hours[k]
        # What the item itself works that week or day would be free again.
        own_week = h if state.day[i] >= 0 and board.week[state.day[i]] == board.week[t] else 0.0
        own_day = h if state.day[i] == t else 0.0
        if state.week_left[g, board.week[t]] + own_week < h - EPS or state.day_left[g, t] + own_day < h - EPS:
            lacking.append(int(g))
    return lacking


# --- not merged ---------------------------------------------------------------------------------------------------

_ORDER = ("unit", "announced", "repeat", "windows", "capacity", "fewest")  # the last that applies is told


def not_merged(
    problem: Problem, laid: Laid, search: Search, state: State, visits: pd.DataFrame, checks: pd.DataFrame
) -> pd.DataFrame:
    """Plan.not_merged: checks alone in their visit though the subject has others."""
    board, due = laid.board, problem.due
    row_of = np.full(len(board.a), -1)
    row_of[laid.of_item] = np.arange(len(due))
    n_checks = np.diff(board.part)
    in_visit = np.bincount(state.visit[state.day >= 0], n_checks[state.day >= 0], minlength=len(board.a))
    alone = np.flatnonzero((state.day >= 0) & (state.visit == np.arange(len(board.a))) & (in_visit == 1))
    sizes = np.diff(board.subject_at)
    alone = alone[sizes[board.subject[alone]] > 1]
    announced, apart = due["announced"].to_numpy()[row_of], due["alone"].to_numpy()[row_of]
    piece_start = board.piece[search.piece_of]
    check_id = due["check_id"].to_numpy()[row_of]
    visit_of = checks.set_index("check_id")["visit_id"]
    words = {}
    rows = []
    for i in alone:
        if board.pinned[i]:
            code, pools = "pinned", frozenset()
        elif apart[i]:
            code, pools = "alone", frozenset()
        else:
            code, pools = _hindrance(laid, state, i, announced, piece_start, in_visit)
        key = code, pools
        if key not in words:
            names = "、".join(sorted({laid.pools[g][0] for g in pools}))
            words[key] = NOT_MERGED[code].format(departments=names)
        rows.append((check_id[i], code, words[key]))
    out = pd.DataFrame(rows, columns=["check_id", "reason", "words"])
    out.insert(1, "visit_id", out["check_id"].map(visit_of))
    return out


def _hindrance(
    laid: Laid, state: State, i: int, announced: np.ndarray, piece_start: np.ndarray, in_visit: np.ndarray
) -> tuple[str, frozenset[int]]:
    """The least thing in the way between item i and any other item of its subject."""
    board = laid.board
    s = board.subject[i]
    mine = _days(laid, i)
    worst, pools = "unit", set()
    for j in range(board.subject_at[s], board.subject_at[s + 1]):
        if j == i:
            continue
        if laid.units[j] != laid.units[i]:
            found = "unit"
        elif announced[j] != announced[i]:
            found = "announced"
        elif piece_start[i] == piece_start[j] and board.clash[i] >> (j - piece_start[j]) & 1:
            found = "repeat"
        else:
            common = np.intersect1d(mine, np.arange(board.a[j], board.b[j] + 1))
            if not len(common):
                found = "windows"
            else:
                lacking = [set(_full(laid, state, i, t)) | set(_full(laid, state, j, t)) for t in common]
                full = all(lacking)
                found = "capacity" if full else "fewest"
                if full:
                    pools |= set.union(*lacking)
        if _ORDER.index(found) > _ORDER.index(worst):
            worst = found
    return worst, frozenset(pools) if worst == "capacity" else frozenset()


# --- who is short, what pins break --------------------------------------------------------------------------------


def scarce(problem: Problem, laid: Laid, search: Search) -> pd.DataFrame:
    """Plan.scarce: proven shortages, then weeks in which an hour has a price though none is short; the dearest first."""
    prices, hours = search.dual.prices, problem.rules.day_hours
    rows, covered = [], np.zeros_like(prices, dtype=bool)
    for s in search.short:
        span = slice(s.first, s.last + 1)
        covered[s.pool, span] = True
        best = s.first + int(np.argmax(prices[s.pool, span]))
        rows.append((*laid.pools[s.pool], s.first, s.last, s.hours, prices[s.pool, best] * hours, best))
    for g, w in zip(*np.nonzero((prices > 1e-3) & ~covered), strict=True):
        rows.append((*laid.pools[g], w, w, 0.0, prices[g, w] * hours, w))
    out = pd.DataFrame(rows, columns=["department", "unit", "week", "until", "short", "worth", "worth_week"])
    for column in ("week", "until", "worth_week"):
        out[column] = pd.DatetimeIndex(laid.weeks[out[column].to_numpy(np.int64)])
    return out.sort_values(["short", "worth", "department", "unit", "week"], ascending=[False, False, True, True, True]).reset_index(drop=True)  # fmt: skip


def strained(problem: Problem, laid: Laid, state: State) -> pd.DataFrame:
    """Plan.strained: what pins break, told and not mended."""
    board, due, rules = laid.board, problem.due, problem.rules
    rows: list[tuple[str, str, Text]] = []
    over = np.argwhere(board.week_hours - state.week_left > laid.own_hours + EPS)
    for g, w in over:
        department, unit = laid.pools[g]
        extra = float(board.week_hours[g, w] - state.week_left[g, w] - laid.own_hours[g, w])
        rows.append(("capacity", f"{department}/{unit or '*'}/{laid.weeks[w]}", _say("capacity", department=department, unit=unit or CITY, week=str(laid.weeks[w]), hours=round(extra, 1))))  # fmt: skip
    week_over = {(g, w) for g, w in over.tolist()}
    for g, t in np.argwhere(board.day_hours - state.day_left > laid.own_day_hours + EPS):
        if (g, board.week[t]) not in week_over:
            department, unit = laid.pools[g]
            extra = float(board.day_hours[g, t] - state.day_left[g, t] - laid.own_day_hours[g, t])
            rows.append(("capacity", f"{department}/{unit or '*'}/{laid.days[t]}", _say("capacity", department=department, unit=unit or CITY, week=str(laid.days[t]), hours=round(extra, 1))))  # fmt: skip
    held = due["pinned_on"].notna()
    outside = held & ((due["pinned_on"] < due["first"]) | (due["pinned_on"] > due["last"]))
    for check, day in due.loc[outside, ["check_id", "pinned_on"]].itertuples(index=False):
        rows.append(("window", check, _say("window", day=day.date().isoformat())))
    shut = held & ~due["pinned_on"].isin(pd.DatetimeIndex(problem.days))
    for check, day in due.loc[shut, ["check_id", "pinned_on"]].itertuples(index=False):
        rows.append(("day", check, _say("day", day=day.date().isoformat())))
    for s in np.unique(board.subject[board.pinned & board.planned]):
        days = sorted(board.ordinal[_visit_days(laid, state, s)].tolist())
        if laid.own_cap[s] < NEVER and len(days) > laid.own_cap[s]:
            rows.append(("cap", str(laid.subjects[s]), _say("cap", n=len(days), cap=int(laid.own_cap[s]))))
        all_days = days + board.made[board.made_at[s] : board.made_at[s + 1]].tolist()
        for span, limit in ((1, rules.per_day), (7, rules.per_week), (31, rules.per_month)):
            starts = {day - k for day in days for k in range(span)}
            if any(sum(start <= d < start + span for d in all_days) > limit for start in starts):
                rows.append(("repeat", str(laid.subjects[s]), _say("repeat", span=span, limit=limit)))
                break
    return pd.DataFrame(rows, columns=["kind", "what", "words"])


_STRAINED: Mapping[str, Text] = {
    "capacity": Text(
        "固定的检查超出 {department}（{unit}，{week}）的工时 {hours:g} 小时", "pins exceed {department} ({unit}, {week}) by {hours:g} hours"
    ),
    "window": Text("固定在 {day}，不在可检查的日期内", "pinned on {day}, outside its window"),
    "day": Text("固定在 {day}，不是计划期内的工作日", "pinned on {day}, no working day of the period"),
    "cap": Text("固定后计划入企 {n} 次，超过上限 {cap} 次", "{n} planned visits by pins, above the cap of {cap}"),
    "repeat": Text("固定后 {span} 天内超过 {limit} 次", "by pins more than {limit} visits in {span} days"),
}  # fmt: skip


def _say(kind: str, **values: object) -> Text:
    return _STRAINED[kind].format(**values)
