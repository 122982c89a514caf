"""The problem as arrays: what the compiled loops of `kernels` walk over.

An *item* is a check, or the checks that a person pinned to one visit. Items of a subject that could ever share a visit (one
unit, announced alike, windows that overlap, one after the other) lie side by side and make a *piece*; splitting there loses no
merge. A subject whose cap may bind is one piece. Up to `LIMIT` items all ways are looked at; above that a greedy rule chooses, and above `WIDE` the piece is cut by last
days, while the bound takes the component whole.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.planning.model import Problem, ProblemError

LIMIT = 11  # items whose 3^n ways of merging are all looked at
WIDE = 60  # items of a piece at most, for they are bits of a number
NEVER = 10_000  # a cap that doesn't bind
PIN = 1e6  # what leaving a pinned item out weighs

#: Arrays over days t (ascending dates), items i, parts of items, pieces p, subjects s, pools g and weeks w.
Board = namedtuple(
    "Board",
    [
        "ordinal",  # t → days since 1970
        "open",  # t → a working day of the period
        "week",  # t → w
        "a", "b",  # i → first and last t of its window (a > b: none)
        "weight",  # i → Σ (1 + priority) of its checks, + PIN where pinned
        "late",  # i → Σ priority
        "planned",  # i → counts against the cap
        "pinned",  # i → its day is fixed
        "clash",  # i → bits of the items of its piece it never shares a visit with
        "part", "pool", "hours",  # i → parts[part[i]:part[i + 1]], each hours of a pool
        "piece",  # p → items[piece[p]:piece[p + 1]]
        "subject",  # i → s
        "subject_at",  # s → items[subject_at[s]:subject_at[s + 1]]
        "cap",  # s → planned visits, raised to what pins need
        "quiet_at", "quiet_a", "quiet_b",  # s → intervals of t without planned visits
        "made_at", "made",  # s → ordinals of visits that stand outside the plan
        "week_hours",  # g, w → hours, raised to what pins need
        "day_hours",  # g, t → likewise
        "limits",  # per day, week, month
    ],
)  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """A Board and the names behind its numbers.

    of_item: item of each row of `problem.due`. pools: department and unit ('' the city) by g. weeks: Mondays by w.
    component: c → items[component[c]:component[c + 1]], the uncut pieces, for the bound. own_hours, own_day_hours: before
    pins raised them. own_cap likewise.
    """

    board: Board
    of_item: np.ndarray
    component: np.ndarray
    pools: list[tuple[str, str]]
    weeks: np.ndarray
    days: np.ndarray
    subjects: np.ndarray
    units: np.ndarray
    own_hours: np.ndarray
    own_day_hours: np.ndarray
    own_cap: np.ndarray


def lay(problem: Problem) -> Laid:
    """Numbers everything. Raises ProblemError where checks pinned to one visit are of two subjects or units."""
    due, rules = problem.due, problem.rules
    days = np.array(problem.days, dtype="datetime64[D]")
    pinned_on = due["pinned_on"].to_numpy().astype("datetime64[D]")
    axis = np.union1d(days, pinned_on[~np.isnat(pinned_on)])
    monday = axis - ((axis.astype(np.int64) + 3) % 7)  # 1970-01-01 was a Thursday
    weeks, week = np.unique(monday, return_inverse=True)
    is_open = np.isin(axis, days)

    # --- items --------------------------------------------------------------------------------------------------
    first, last = due["first"].to_numpy().astype("datetime64[D]"), due["last"].to_numpy().astype("datetime64[D]")
    held = ~np.isnat(pinned_on)
    first, last = np.where(held, pinned_on, first), np.where(held, pinned_on, last)
    rows = pd.DataFrame(
        {
            "subject": due["subject_id"].to_numpy(), "unit": due["unit"].to_numpy(), "announced": due["announced"].to_numpy(),
            "alone": due["alone"].to_numpy(), "a": np.searchsorted(axis, first), "b": np.searchsorted(axis, last, "right") - 1,
            "late": due["priority"].to_numpy(), "planned": (due["trigger"] == "planned").to_numpy(), "held": held,
            "visit": due["pinned_visit"].to_numpy(), "row": np.arange(len(due)),
        }
    )  # fmt: skip
    free = rows["visit"].isna()
    key = np.where(free, np.arange(len(rows)).astype(str), "v" + rows["visit"].astype(str))
    rows["item"], _ = pd.factorize(pd.Series(key))
    together = rows[~free].groupby("visit")[["subject", "unit"]].nunique() if (~free).any() else pd.DataFrame()
    if len(together) and (together > 1).any(axis=None):
        one = together.index[(together > 1).any(axis=1)][0]
        raise ProblemError(
            Text(
                f"固定在同一次检查 {one} 中的事项属于不同对象或不同辖区，请拆分。",
                f"Checks pinned to visit {one} are of two subjects or units; part them.",
            )
        )
    items = rows.groupby("item", sort=False).agg(
        subject=("subject", "first"), unit=("unit", "first"), announced=("announced", "first"),
        mixed=("announced", "nunique"), alone=("alone", "any"), a=("a", "max"), b=("b", "min"), late=("late", "sum"),
        n=("row", "size"), planned=("planned", "any"), held=("held", "any"), row=("row", "first"), visit=("visit", "first"),
    )  # fmt: skip
    items["alone"] |= (items["mixed"] > 1) & items["visit"].notna()
    items["subject_code"], subjects = pd.factorize(items["subject"], sort=True)
    items["unit_code"], units = pd.factorize(items["unit"], sort=True)
    items = items.sort_values(["subject_code", "unit_code", "announced", "alone", "a", "b", "row"], kind="stable")
    place = np.empty(len(items), dtype=np.int64)
    place[items.index.to_numpy()] = np.arange(len(items))
    of_item = place[rows["item"].to_numpy()]
    a, b = items["a"].to_numpy(np.int64), items["b"].to_numpy(np.int64)
    subject = items["subject_code"].to_numpy(np.int64)

    n_subjects = len(subjects)
    index = pd.Index(subjects)
    own_cap = np.full(n_subjects, NEVER, dtype=np.int64)
    if len(problem.caps):
        at = index.get_indexer(problem.caps["subject_id"].astype(str))
        np.minimum.at(own_cap, at[at >= 0], np.floor(problem.caps["allowed"].to_numpy()[at >= 0]).astype(np.int64))
    each = np.bincount(subject, minlength=n_subjects)
    planned_each = np.bincount(subject, items["planned"].to_numpy(float), minlength=n_subjects)
    whole = (own_cap < planned_each) & (each <= LIMIT)
    component = _components(items, a, b, whole[subject])
    piece, order = _pieces(component, b)
    items, a, b, subject = items.iloc[order], a[order], b[order], subject[order]
    where = np.empty(len(order), dtype=np.int64)
    where[order] = np.arange(len(order))
    of_item = where[of_item]

    # --- pools --------------------------------------------------------------------------------------------------
    pools, pool_of_row, hours = _pools(problem, weeks)
    inside = np.argsort(of_item, kind="stable")
    part = np.concatenate([[0], np.cumsum(np.bincount(of_item, minlength=len(items)))]).astype(np.int64)
    part_pool, part_hours = pool_of_row[inside], due["hours"].to_numpy()[inside]
    open_days = np.bincount(week[is_open], minlength=len(weeks))
    staff = np.ceil(hours / np.maximum(open_days, 1) / rules.day_hours - 1e-9)
    day_hours = (staff * rules.day_hours)[:, week]
    held_items = items["held"].to_numpy()
    own_hours, own_day_hours = hours, day_hours
    hours, day_hours = _usable(hours, day_hours, week, is_open, part_pool, part_hours)
    hours, day_hours = hours.copy(), day_hours.copy()
    used_week, used_day = np.zeros_like(hours), np.zeros_like(day_hours)
    for i in np.flatnonzero(held_items & (a <= b)):
        for k in range(part[i], part[i + 1]):
            used_week[part_pool[k], week[a[i]]] += part_hours[k]
            used_day[part_pool[k], a[i]] += part_hours[k]
    hours, day_hours = np.maximum(hours, used_week), np.maximum(day_hours, used_day)

    # --- subjects -----------------------------------------------------------------------------------------------
    subject_at = np.searchsorted(subject, np.arange(n_subjects + 1)).astype(np.int64)
    planned = items["planned"].to_numpy(bool)
    pins = np.bincount(subject[held_items & planned & (a <= b)], minlength=n_subjects)
    quiet_at, quiet_a, quiet_b = _quiet(problem, index, axis)
    made_at, made = _made(problem, index)

    dept, _ = pd.factorize(due["department"].to_numpy()[inside])
    matter, _ = pd.factorize((due["department"] + "\t" + due["matter"]).to_numpy()[inside])
    kind = {"matter": matter, "department": dept, "nothing": np.arange(len(inside))}[rules.apart]
    named = items["visit"].notna().to_numpy()
    board = Board(
        ordinal=axis.astype(np.int64), open=is_open, week=week.astype(np.int64), a=a, b=b,
        weight=items["n"].to_numpy(float) + items["late"].to_numpy(float) + PIN * held_items,
        late=items["late"].to_numpy(float), planned=planned, pinned=held_items,
        clash=_clashes(
            piece, part, kind.astype(np.int64), named, items["alone"].to_numpy(bool),
            items["unit_code"].to_numpy() * 2 + items["announced"].to_numpy(bool),
        ),
        part=part, pool=part_pool, hours=part_hours, piece=piece, subject=subject, subject_at=subject_at,
        cap=np.maximum(own_cap, pins), quiet_at=quiet_at, quiet_a=quiet_a, quiet_b=quiet_b, made_at=made_at, made=made,
        week_hours=hours, day_hours=day_hours,
        limits=np.array([rules.per_day, rules.per_week, rules.per_month], dtype=np.int64),
    )  # fmt: skip
    return Laid(
        board, of_item, component, pools, weeks, axis, np.asarray(subjects, dtype=object),
        np.asarray(units, dtype=object)[items["unit_code"].to_numpy()], own_hours, own_day_hours, own_cap,
    )  # fmt: skip


def _components(items: pd.DataFrame, a: np.ndarray, b: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Where pieces begin: another subject, unit or kind, an item that stays alone, or a window after all before it.

    whole: items of subjects whose cap may bind; such a subject is one piece, for the cap decides over all of it.
    """
    n = len(items)
    if not n:
        return np.zeros(1, dtype=np.int64)
    begins = np.ones(n, dtype=bool)
    key = items[["subject_code", "unit_code", "announced", "alone"]].to_numpy()
    same = (key[1:] == key[:-1]).all(axis=1) & ~items["alone"].to_numpy(bool)[1:]
    subject = items["subject_code"].to_numpy()
    reach = -1
    for i in range(n):
        if whole[i]:
            begins[i] = not i or subject[i] != subject[i - 1]
            reach = b[i]
        elif i and same[i - 1]:
            begins[i] = a[i] > reach
            reach = max(reach, b[i]) if not begins[i] else b[i]
        else:
            reach = b[i]
    return np.append(np.flatnonzero(begins), n).astype(np.int64)


def _pieces(component: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cuts components above WIDE, ordered by their last days; the second array tells where items went."""
    order = np.arange(component[-1])
    cuts = [component]
    for c in np.flatnonzero(np.diff(component) > WIDE):
        lo, hi = component[c], component[c + 1]
        order[lo:hi] = lo + np.argsort(b[lo:hi], kind="stable")
        cuts.append(np.arange(lo, hi, WIDE))
    return np.unique(np.concatenate(cuts)).astype(np.int64), order


def _pools(problem: Problem, weeks: np.ndarray) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Pools, the pool of each check (its unit's own, else the city's; a pool without hours where there is none)."""
    due, capacity = problem.due, problem.capacity
    pairs = pd.MultiIndex.from_frame(capacity[["department", "unit"]]).unique()
    wanted = pd.MultiIndex.from_frame(due[["department", "unit"]])
    own = pairs.get_indexer(wanted)
    city = pairs.get_indexer(pd.MultiIndex.from_arrays([due["department"], np.full(len(due), "")])) if len(due) else own
    pool = np.where(own >= 0, own, city).astype(np.int64)
    lost = wanted[pool < 0].unique()
    pool[pool < 0] = len(pairs) + lost.get_indexer(wanted[pool < 0])
    pools = [(str(d), str(u)) for d, u in [*pairs, *lost]]
    hours = np.zeros((len(pools), len(weeks)))
    at = np.searchsorted(weeks, capacity["week"].to_numpy().astype("datetime64[D]"))
    known = (at < len(weeks)) & (
        weeks[np.minimum(at, len(weeks) - 1)] == capacity["week"].to_numpy().astype("datetime64[D]")
    )
    row = pairs.get_indexer(pd.MultiIndex.from_frame(capacity[["department", "unit"]]))
    hours[row[known], at[known]] = capacity["hours"].to_numpy()[known]
    return pools, pool, hours


def _usable(
    hours: np.ndarray, day_hours: np.ndarray, week: np.ndarray, is_open: np.ndarray, pool: np.ndarray, each: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Hours that checks of these lengths can fill: of 7 h and checks of 2 h or 4 h, 6. Nothing that fits is lost by it.

    Whole multiples of the greatest common divisor (in minutes) of the pool's checks; a week has no more than its days have.
    """
    hours, day_hours = hours.copy(), day_hours.copy()
    minutes = np.rint(each * 60).astype(np.int64)
    whole = np.abs(minutes - each * 60) < 1e-6
    for g in range(len(hours)):
        mine = pool == g
        if mine.any() and whole[mine].all():
            step = float(np.gcd.reduce(minutes[mine])) / 60
            hours[g] = np.floor(hours[g] / step + 1e-9) * step
            day_hours[g] = np.floor(day_hours[g] / step + 1e-9) * step
        hours[g] = np.minimum(hours[g], np.bincount(week, day_hours[g] * is_open, minlength=hours.shape[1]))
    return hours, day_hours


def _quiet(problem: Problem, index: pd.Index, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    quiet = problem.quiet
    at = index.get_indexer(quiet["subject_id"].astype(str))
    a = np.searchsorted(axis, quiet["first"].to_numpy().astype("datetime64[D]"))
    b = np.searchsorted(axis, quiet["last"].to_numpy().astype("datetime64[D]"), "right") - 1
    keep = (at >= 0) & (a <= b)
    order = np.lexsort((a[keep], at[keep]))
    starts = np.searchsorted(at[keep][order], np.arange(len(index) + 1)).astype(np.int64)
    return starts, a[keep][order].astype(np.int64), b[keep][order].astype(np.int64)


def _made(problem: Problem, index: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    at = index.get_indexer(problem.made["subject_id"].astype(str))
    day = problem.made["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    keep = at >= 0
    order = np.lexsort((day[keep], at[keep]))
    return np.searchsorted(at[keep][order], np.arange(len(index) + 1)).astype(np.int64), day[keep][order]


def _clashes(
    piece: np.ndarray, part: np.ndarray, kind: np.ndarray, named: np.ndarray, alone: np.ndarray, side: np.ndarray
) -> np.ndarray:
    """Bits of the items of the same piece that never share a visit: one kind twice, two pinned visits, one that stays alone,
    or of two sides (unit, announced)."""
    clash = np.zeros(len(part) - 1, dtype=np.int64)
    sizes = np.diff(piece)
    for p in np.flatnonzero(sizes > 1):
        lo, n = piece[p], sizes[p]
        kinds = [set(kind[part[lo + i] : part[lo + i + 1]].tolist()) for i in range(n)]
        for i in range(n):
            for j in range(i):
                apart = side[lo + i] != side[lo + j] or alone[lo + i] or alone[lo + j]
                if apart or kinds[i] & kinds[j] or (named[lo + i] and named[lo + j]):
                    clash[lo + i] |= 1 << j
                    clash[lo + j] |= 1 << i
    return clash
