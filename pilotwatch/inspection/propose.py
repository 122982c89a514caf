"""The plan of a period as the machine proposes it: from what is due to rows that can be kept. Nothing is kept here.

    made = propose(house, desk, first, last)
    kept = edits.keep(desk, made)                    # a draft, from there on see `edits`
    what = what_if(house, desk, kept, window=14)     # the result with one thing changed

A plan is made from what is due on the day it is made.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import pandas as pd

from pilotwatch import planning
from pilotwatch.domain import Text
from pilotwatch.inspection.house import House
from pilotwatch.inspection.owed import Owed, Progress, owed
from pilotwatch.planning.model import NOT_MERGED, UNMET
from pilotwatch.store import Desk, StoreRefused, plans
from pilotwatch.store.plans import KeptPlan, new_id

#: Why a check is in no visit: the planner's reasons, those of `owed`, and a person's.
REASONS: dict[str, Text] = {
    "window": Text("窗口期内没有工作日", "No working day in its window"),
    "no_inspectors": Text("部门在该辖区没有可用人员", "Its department has nobody there"),
    "too_long": Text("用时超过部门一天可排工时", "Longer than its department's day"),
    "quiet": Text("处于静默期", "Quiet days"),
    "cap": Text("对象年度次数已满", "The subject's yearly cap is reached"),
    "repeat": Text("与其他检查相隔过近", "Too near its other visits"),
    "capacity": Text("部门工时已排满", "Its department is fully booked"),
    "pins": Text("人工要求没有共同日期", "What people pinned has no day in common"),
    "jurisdiction": Text("兵团管辖", "XPCC jurisdiction"),
    "unpublished": Text("事项未公布", "Matter not published"),
    "plan_unpublished": Text("计划未公示", "Plan not published"),
    "recognised": Text("结果互认", "Another's result is recognised"),
    "repeated": Text("十二个月内重复", "Repeated within twelve months"),
    "matter_cap": Text("事项年度次数已满", "The matter's yearly cap is reached"),
    "off_site": Text("可非现场完成", "Can be done off site"),
    "arranged": Text("已列入已定方案", "In an adopted plan"),
    "no_place": Text("对象未注明单位", "Subject without a unit"),
    "dropped": Text("人工取消", "Taken out by a person"),
}  # fmt: skip

SOURCES: dict[str, Text] = {
    "plan": Text("部门计划", "Department's plan"), "frequency": Text("按比例频次", "By share and class"),
    "recheck": Text("整改复查", "Re-check of an order"), "request": Text("提请联合检查", "Asked for"),
}  # fmt: skip
WINDOWS = (7, 14, 30)


@dataclass(frozen=True)
class Proposal:
    """What the machine proposes: what was due, the planner's answer, and both as rows to be kept."""

    first: date
    last: date
    units: tuple[str, ...]
    domains: tuple[str, ...]
    owed: Owed
    visits: pd.DataFrame
    checks: pd.DataFrame
    result: dict[str, Any]
    parameters: dict[str, Any]


# --- proposing -----------------------------------------------------------------------------------------------------


def propose(
    house: House, desk: Desk, first: date, last: date, *, units: Collection[str] = (), domains: Collection[str] = (),
    seed: str | None = None, anew: KeptPlan | None = None, progress: Progress | None = None,
) -> Proposal:  # fmt: skip
    """Plans a period in the desk's scope. What `progress` raises cancels.

    `seed` orders the subjects that are chosen by share; None draws one. `anew`: a plan whose pins and drops are kept.
    Raises StoreRefused where nothing is due or the period can't be planned.
    """
    told = progress or (lambda _step, _share: None)
    units, domains = _bounded(desk, units, domains)
    seed = (anew.parameters["seed"] if anew else seed) or secrets.token_hex(16)
    due = owed(
        desk, house.registry, house.calendar(), first, last, units=units, domains=domains, seed=seed, titles=titles(house),
        apart_from=anew.id if anew else None, progress=lambda step, share: told(step, 0.3 * share),
    )  # fmt: skip
    pins, dropped = held(desk, anew) if anew else (None, pd.DataFrame(columns=["check_id"]))
    out = due.checks["check_id"].isin(dropped["check_id"])
    due = _without(due, due.checks[~out])
    if due.checks.empty and not out.any():
        raise StoreRefused("nothing_due", _NOTHING.format(first=first, last=last))
    answer = _solve(due.problem(pins), told, 0.3)
    visits, checks = _rows(house, due, answer, pins, dropped)
    parameters = {
        "seed": seed, "rules": due.rules.as_json(), "unlimited": list(due.unlimited),
        "capacity": [
            {"department": r.department, "unit": r.unit, "week": f"{r.week:%Y-%m-%d}", "hours": round(r.hours, 2)}
            for r in due.capacity.itertuples()
            if r.department not in due.unlimited
        ],
    }  # fmt: skip
    return Proposal(first, last, units, domains, due, visits, checks, _result(due, answer, visits, checks), parameters)


def what_if(
    house: House, desk: Desk, seen: KeptPlan, *, window: int | None = None, inspectors: Mapping[str, float] | None = None,
    cap: int | None = None, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the plan would come to with one thing changed: its result, as `KeptPlan.result` has it. Nothing is kept."""
    told = progress or (lambda _step, _share: None)
    due = owed(
        desk, house.registry, house.calendar(), seen.first, seen.last, units=seen.units, domains=seen.domains,
        seed=seen.parameters["seed"], apart_from=seen.id, titles=titles(house),
        progress=lambda step, share: told(step, 0.3 * share),
    )  # fmt: skip
    pins, dropped = held(desk, seen)
    due = _without(due, due.checks[~due.checks["check_id"].isin(dropped["check_id"])])
    asked = planning.variant(due.problem(pins), window=window, inspectors=dict(inspectors or {}) or None, cap=cap)
    answer = _solve(asked, told, 0.3)
    visits, checks = _rows(house, due, answer, pins, dropped)
    return _result(due, answer, visits, checks)


def titles(house: House) -> dict[str, Text]:
    """What departments are called."""
    return {code: d.title for code, d in house.places.departments.items()}


def held(desk: Desk, kept: KeptPlan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What people set in a plan: check_id, pinned_on, pinned_visit of the pinned; check_id, reason of the dropped."""
    visits = plans.visits(desk, plan_id=kept.id)
    checks = plans.checks(desk, kept.id)
    checks = checks.assign(check_id=checks["source"] + ":" + checks["ref"])
    pinned = visits[visits["pinned"]].set_index("id")["day"]
    mine = checks[checks["visit_id"].isin(pinned.index)]
    pins = pd.DataFrame(
        {
            "check_id": mine["check_id"],
            "pinned_on": pinned.reindex(mine["visit_id"]).to_numpy(),
            "pinned_visit": mine["visit_id"],
        }
    )
    return pins.reset_index(drop=True), checks[checks["reason"] == "dropped"].reset_index(drop=True)


def _bounded(desk: Desk, units: Collection[str], domains: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The person's own units and domains where none are named."""
    mine = desk.person
    return (
        tuple(sorted(units or mine.units or ())),
        tuple(sorted(domains or mine.domains or ())),
    )


def _without(due: Owed, checks: pd.DataFrame) -> Owed:
    return Owed(**{**{n: getattr(due, n) for n in Owed.__dataclass_fields__}, "checks": checks.reset_index(drop=True)})


def _solve(problem: planning.Problem, told: Progress, from_share: float) -> planning.Plan:
    """The planner's answer; what `told` raises cancels it."""
    raised: list[BaseException] = []
    at: list[Any] = [_PLANNING, 0.0]

    def tell() -> None:
        told(at[0], from_share + (0.98 - from_share) * at[1])

    def on_progress(step: Text, share: float) -> None:
        at[:] = step, share

    def cancelled() -> bool:
        try:
            tell()
        except BaseException as stop:
            raised.append(stop)
            return True
        return False

    try:
        return planning.plan(problem, on_progress=on_progress, cancelled=cancelled)
    except planning.ProblemError as wrong:
        raise StoreRefused("problem", wrong.text) from wrong
    except planning.Cancelled:
        raise raised[0] from None


# --- rows ----------------------------------------------------------------------------------------------------------


def _rows(
    house: House, due: Owed, answer: planning.Plan, pins: pd.DataFrame | None, dropped: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """The planner's answer as rows of visits and checks."""
    held_as = {} if pins is None else dict(zip(pins["check_id"], pins["pinned_visit"], strict=True))
    ids = {}
    for v in answer.visits.itertuples():
        old = {held_as[c] for c in v.checks if held_as.get(c)}
        ids[v.visit_id] = old.pop() if len(old) == 1 else new_id()
    by_check = due.checks.set_index("check_id")
    visits = [_visit(v, ids[v.visit_id], by_check.loc[list(v.checks)]) for v in answer.visits.itertuples()]
    at = {c: ids[v.visit_id] for v in answer.visits.itertuples() for c in v.checks}
    why = {r.check_id: r for r in (*answer.unmet.itertuples(), *answer.not_merged.itertuples())}
    names = titles(house)
    units = {u.code: u.title for u in house.places.units}
    checks = []
    for c in due.checks.itertuples():
        told = why.get(c.check_id)
        words = _words(told, c, names, units) if told is not None else Text("", "")
        checks.append(_check(c, at.get(c.check_id), told.reason if told is not None else "", words))
    for c in due.left_out.itertuples():
        checks.append(_check(c, None, c.reason, c.words))
    for c in dropped.itertuples():
        checks.append({**{n: getattr(c, n) for n in _KEPT}, "id": new_id(), "visit_id": None, "why_zh": c.why_zh, "why_en": c.why_en, "reason": "dropped"})  # fmt: skip
    return _frame(visits, plans.VISITS), _frame(checks, plans.CHECKS)


_KEPT = (
    "subject_id", "domain", "report_unit", "name", "department", "matters", "source", "ref", "trigger", "hours", "first", "last",
    "late", "priority",
)  # fmt: skip


def _frame(rows: Sequence[Mapping[str, Any]], types: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=[n for n in types if n != "plan_id"])


def _visit(v: Any, visit_id: str, checks: pd.DataFrame) -> dict[str, Any]:
    one = checks.iloc[0]
    domains = sorted(set(checks["domain"]))
    return {
        "subject_id": v.subject_id, "id": visit_id, "state": "proposed", "pinned": bool(v.pinned), "counted": bool(v.planned),
        "announced": bool(checks["announced"].all()), "day": pd.Timestamp(v.day).date(), "domain": one["domain"],
        "domains": _json(domains), "report_unit": one["report_unit"], "street_code": one["street"], "name": one["name"],
        "code": one["code"], "departments": _json(list(v.departments)), "checks": len(checks), "hours": float(v.hours),
    }  # fmt: skip


def _check(c: Any, visit_id: str | None, reason: str, words: Text) -> dict[str, Any]:
    return {
        "subject_id": c.subject_id, "id": new_id(), "visit_id": visit_id, "domain": c.domain, "report_unit": c.report_unit or "",
        "name": c.name, "department": c.department, "matters": _json(list(c.matters)), "source": c.source, "ref": c.ref,
        "trigger": c.trigger, "hours": float(c.hours), "first": c.first.date(), "last": c.last.date(), "late": int(c.late),
        "priority": float(c.priority), "reason": reason, "why_zh": words.zh, "why_en": words.en,
    }  # fmt: skip


def _words(told: Any, c: Any, names: Mapping[str, Text], units: Mapping[str, Text]) -> Text:
    """The planner's reason with departments and units by their names."""
    template = UNMET.get(told.reason) or NOT_MERGED.get(told.reason)
    words: Text = told.words
    if template is None:
        return words
    for code, title in {**names, **units}.items():
        if code in words.zh or code in words.en:
            words = Text(words.zh.replace(code, title.zh), words.en.replace(code, title.en))
    return words


# --- the whole -----------------------------------------------------------------------------------------------------


def _result(due: Owed, answer: planning.Plan, visits: pd.DataFrame, checks: pd.DataFrame) -> dict[str, Any]:
    """What the planner says of the whole, and what people need to judge it."""
    spent = checks[checks["visit_id"].notna()].groupby("department")["hours"].sum()
    room = due.capacity.groupby("department")["hours"].sum()
    scarce = answer.scarce.sort_values(["short", "worth"], ascending=False)
    return {
        "due": len(due.checks), **counted(visits["departments"]), "separate": int(answer.separate), "lower_bound": _fewest(answer), "stabbing": round(float(answer.bound.stabbing), 3),
        "lagrangian": round(float(answer.bound.lagrangian), 3), "undone_hours": round(float(answer.bound.undone_hours), 2),
        "cost": round(float(answer.cost), 3), "gap": round(float(answer.gap), 6), "optimal": bool(answer.optimal),
        "trips": int(answer.trips), "trips_bound": int(answer.trips_bound),
        "unmet": _counted(answer.unmet["reason"]), "left_out": _counted(due.left_out["reason"]),
        "not_merged": _counted(answer.not_merged["reason"]), "strained": len(answer.strained),
        "scarce": [
            {"department": r.department, "unit": r.unit, "week": f"{pd.Timestamp(r.week):%Y-%m-%d}", "until": f"{pd.Timestamp(r.until):%Y-%m-%d}", "short": round(float(r.short), 2),
             "worth": round(float(r.worth), 3)}
            for r in scarce.itertuples()
        ],
        "hours": {d: {"spent": round(float(spent.get(d, 0.0)), 2), "room": None if d in due.unlimited else round(float(room.get(d, 0.0)), 2)}
                  for d in sorted(set(due.checks["department"]))},
    }  # fmt: skip


def counted(departments: Iterable[str]) -> dict[str, int]:
    """How many visits there are (`departments`: of each, a JSON list), how many of them are joint, how many there would be if
    each department went by itself, and how many fewer that makes (REF-02)."""
    sizes = [len(json.loads(t)) for t in departments]
    return {
        "visits": len(sizes),
        "joint": sum(n > 1 for n in sizes),
        "apart": sum(sizes),
        "saved": sum(sizes) - len(sizes),
    }


def _fewest(answer: planning.Plan) -> int:
    """Visits that no plan can go below which leaves no more undone than this one: the bound less what is left out."""
    proven = max(answer.bound.stabbing, answer.bound.lagrangian)
    return max(0, ceil(round(proven - planning.Rules().undone * answer.undone, 6)))


def _counted(reasons: pd.Series) -> dict[str, int]:
    return {str(k): int(n) for k, n in reasons.value_counts().sort_index().items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_PLANNING = Text("正在合并检查、安排日期", "Merging checks and finding days")
_NOTHING = Text(
    "{first} 至 {last} 没有需要安排的检查。请换一个时段，或先上报检查计划。",
    "Nothing is due from {first} to {last}. Choose another period, or hand in the departments' plans first.",
)
