"""What people do to a plan: keep it, change its visits, plan it anew around what they pinned, adopt it, give it up.

    kept = move(house, desk, kept, visit, day, reason)   # also pin, drop, split
    kept = again(house, desk, kept, reason)              # around what is pinned and dropped
    kept = adopt(house, desk, kept)                      # refused where anything would be broken by now

Each is one transaction with its line in the audit; whoever acts on a plan that moved meanwhile is told so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.breaches import breaches
from pilotwatch.inspection.house import House
from pilotwatch.inspection.ledger.ask import guard
from pilotwatch.inspection.ledger.guard import Seen
from pilotwatch.inspection.ledger.limits import CROWDS
from pilotwatch.inspection.owed import Progress
from pilotwatch.inspection.propose import Proposal, counted, propose, titles
from pilotwatch.reform.common import PLANNED
from pilotwatch.store import Desk, StoreRefused, plans
from pilotwatch.store.plans import Change, KeptPlan, new_id
from pilotwatch.workdays import today


def keep(desk: Desk, made: Proposal, *, into: KeptPlan | None = None, reason: str = "") -> KeptPlan:
    """Keeps a proposal as a draft, a new one or in the place of what `into` proposed."""
    return plans.keep(
        desk, made.first, made.last, made.units, made.domains, made.parameters, made.result, made.visits, made.checks,
        into=into, reason=reason,
    )  # fmt: skip


def again(house: House, desk: Desk, seen: KeptPlan, reason: str, *, progress: Progress | None = None) -> KeptPlan:
    """Plans a draft anew around what people pinned and dropped."""
    _demand_draft(seen)
    plans.demand_whole(desk, seen.units, seen.domains)
    made = propose(
        house, desk, seen.first, seen.last, units=seen.units, domains=seen.domains, anew=seen, progress=progress
    )
    return keep(desk, made, into=seen, reason=_given(reason))


# --- editing -------------------------------------------------------------------------------------------------------


def visit_of(desk: Desk, kept: KeptPlan, visit_id: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """A visit of a plan and its checks; raises StoreRefused where it isn't in scope."""
    rows = plans.visits(desk, plan_id=kept.id)
    mine = rows[rows["id"] == visit_id]
    if mine.empty:
        raise StoreRefused("no_visit", _NO_VISIT)
    return mine.iloc[0].to_dict(), plans.checks(desk, kept.id, visit_id=visit_id)


def move(house: House, desk: Desk, seen: KeptPlan, visit_id: str, day: date, reason: str) -> KeptPlan:
    """Puts a visit on another day and pins it there. Raises StoreRefused for a day on which one of its checks may not be."""
    visit, checks = visit_of(desk, seen, visit_id)
    _demand_open(seen)
    _demand_day(house, seen, checks, day)
    _demand_room(desk, seen, visit, checks, day)
    row = {"subject_id": visit["subject_id"], "day": day, "pinned": True}
    told = {"from": f"{visit['day']:%Y-%m-%d}", "to": f"{day:%Y-%m-%d}"}
    return _change(desk, seen, "move", _given(reason), visit, {visit_id: row}, told)


def pin(desk: Desk, seen: KeptPlan, visit_id: str, *, on: bool = True) -> KeptPlan:
    """Keeps a visit as it is when the plan is made anew, or no longer."""
    visit, _ = visit_of(desk, seen, visit_id)
    _demand_draft(seen)
    return _change(
        desk, seen, "pin" if on else "unpin", "", visit, {visit_id: {"subject_id": visit["subject_id"], "pinned": on}}
    )


def drop(desk: Desk, seen: KeptPlan, visit_id: str, reason: str) -> KeptPlan:
    """Takes a visit out; its checks are told as taken out by a person, and planning anew leaves them out."""
    visit, checks = visit_of(desk, seen, visit_id)
    _demand_open(seen)
    reason = _given(reason)
    why = {"visit_id": None, "reason": "dropped", "why_zh": f"人工取消：{reason}", "why_en": f"Taken out: {reason}"}
    rows = {c: {"subject_id": visit["subject_id"], **why} for c in checks["id"]}
    made = {visit_id: {"subject_id": visit["subject_id"], "state": "dropped", "pinned": False}}
    return _change(desk, seen, "drop", reason, visit, made, checks=rows)


def split(house: House, desk: Desk, seen: KeptPlan, visit_id: str, department: str, day: date, reason: str) -> KeptPlan:
    """Lets a department go by itself on another day: its checks become a visit of their own, and both are pinned."""
    visit, checks = visit_of(desk, seen, visit_id)
    _demand_draft(seen)
    mine = checks["department"] == department
    if mine.all() or not mine.any():
        raise StoreRefused("split", _SPLIT)
    _demand_day(house, seen, checks[mine], day)
    if f"{visit['day']:%Y-%m-%d}" == f"{day:%Y-%m-%d}":
        raise StoreRefused("split", _SAME_DAY)
    _demand_room(desk, seen, visit, checks[mine], day, itself=True)
    fresh = new_id()
    left = sorted(set(checks.loc[~mine, "department"]))
    one = {
        n: visit[n]
        for n in ("subject_id", "state", "announced", "domain", "domains", "report_unit", "street_code", "name", "code")
    }
    other = {
        **one, "id": fresh, "pinned": True, "day": day, "counted": bool((~_caused(checks[mine])).any()),
        "departments": _json([department]), "checks": int(mine.sum()), "hours": _stay(checks[mine]),
    }  # fmt: skip
    rest = {"subject_id": visit["subject_id"], "pinned": True, "departments": _json(left), "checks": int((~mine).sum()),
            "hours": _stay(checks[~mine]), "counted": bool((~_caused(checks[~mine])).any())}  # fmt: skip
    rows = {c: {"subject_id": visit["subject_id"], "visit_id": fresh} for c in checks.loc[mine, "id"]}
    told = {"department": department, "to": f"{day:%Y-%m-%d}"}
    return _change(desk, seen, "split", _given(reason), visit, {visit_id: rest}, told, checks=rows, new_visits=[other])


def give_up(desk: Desk, seen: KeptPlan, reason: str) -> KeptPlan:
    """Drops a draft or an adopted plan, with all its visits that are still ahead."""
    if seen.state == "dropped":
        raise StoreRefused("plan_state", _OVER)
    made = Change("give_up", _given(reason), state="dropped")
    if seen.state == "adopted":
        rows = plans.visits(desk, plan_id=seen.id, states=("adopted",))
        ahead = rows[rows["day"] >= pd.Timestamp(today())]
        made = Change(
            "give_up", _given(reason), state="dropped",
            visits={v: {"subject_id": s, "state": "dropped"} for v, s in zip(ahead["id"], ahead["subject_id"], strict=True)},
        )  # fmt: skip
    return plans.change(desk, seen, made)


def adopt(house: House, desk: Desk, seen: KeptPlan) -> KeptPlan:
    """Makes a draft the plan that departments go by. Raises StoreRefused where it would break anything by now."""
    _demand_draft(seen)
    plans.demand_whole(desk, seen.units, seen.domains)
    broken = breaches(house, desk, seen)
    if len(broken):
        shown = Text("；".join(b.zh for b in broken["words"].head(3)), "; ".join(b.en for b in broken["words"].head(3)))
        raise StoreRefused("breaches", _BREACHES.format(n=len(broken), shown=shown))
    rows = plans.visits(desk, plan_id=seen.id)
    told = {"visits": len(rows)}
    return plans.change(desk, seen, Change("adopt", data=told, state="adopted"))


def _change(
    desk: Desk, seen: KeptPlan, act: str, reason: str, visit: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]],
    told: Mapping[str, Any] | None = None, *, checks: Mapping[str, Mapping[str, Any]] | None = None,
    new_visits: Sequence[Mapping[str, Any]] = (),
) -> KeptPlan:  # fmt: skip
    """Carries an edit out, with what the whole comes to after it."""
    standing = plans.visits(desk, plan_id=seen.id).set_index("id")["departments"].to_dict()
    for visit_id, row in rows.items():
        if row.get("state") == "dropped":
            del standing[visit_id]
        elif "departments" in row:
            standing[visit_id] = row["departments"]
    result = {**seen.result, **counted([*standing.values(), *(v["departments"] for v in new_visits)]), "edited": True}
    made = Change(
        act, reason, visit["subject_id"], visit["id"], visit["name"], dict(told or {}), rows, checks, new_visits, result
    )
    return plans.change(desk, seen, made)


# --- within --------------------------------------------------------------------------------------------------------


def _demand_draft(seen: KeptPlan) -> None:
    if seen.state != "draft":
        raise StoreRefused("plan_state", _NOT_DRAFT if seen.state == "adopted" else _OVER)


def _demand_open(seen: KeptPlan) -> None:
    if seen.state == "dropped":
        raise StoreRefused("plan_state", _OVER)


def _demand_day(house: House, seen: KeptPlan, checks: pd.DataFrame, day: date) -> None:
    if not seen.first <= day <= seen.last:
        raise StoreRefused("day", _OUTSIDE.format(day=day, first=seen.first, last=seen.last))
    if not house.calendar().is_working_day(day):
        raise StoreRefused("day", _HOLIDAY.format(day=day))
    at = pd.Timestamp(day)
    out = checks[(checks["first"] > at) | (checks["last"] < at)]
    if len(out):
        c = out.iloc[0]
        title = titles(house).get(c["department"], c["department"])
        raise StoreRefused("window", _WINDOW_OF.format(day=day, department=title, first=f"{c['first']:%Y-%m-%d}", last=f"{c['last']:%Y-%m-%d}"))  # fmt: skip


def _demand_room(
    desk: Desk, plan: KeptPlan, visit: Mapping[str, Any], checks: pd.DataFrame, day: date, *, itself: bool = False
) -> None:
    """Raises StoreRefused where the guard finds the subject visited too often around that day, by the plan or otherwise.

    `itself`: the visit stays on its own day besides, and counts.
    """
    trigger = next((t for t in checks["trigger"] if t in PLANNED), None)
    if trigger is None:  # what has a cause is owed, whatever else is planned
        return
    subject = visit["subject_id"]
    rows = plans.visits(desk, plan_id=plan.id, subjects=[subject])
    others = rows[rows["counted"] & ((rows["id"] != visit["id"]) | itself)]
    ahead = [
        Seen(v.day.date(), frozenset(json.loads(v.departments)), frozenset(), coming=True) for v in others.itertuples()
    ]
    found = guard(desk, subject, day, set(checks["department"]), trigger=trigger, but=set(rows["id"]), ahead=ahead)
    near = next((s for s in found if s.code in CROWDS), None)
    if near is not None:
        raise StoreRefused("near", near.said)


def _caused(checks: pd.DataFrame) -> pd.Series:
    return ~checks["trigger"].isin(PLANNED)


def _stay(checks: pd.DataFrame) -> float:
    """Hours of the department that stays longest."""
    return float(checks.groupby("department")["hours"].sum().max())


def _given(reason: str) -> str:
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    return reason.strip()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_NO_VISIT = Text(
    "方案中没有这次检查，或它不在您的权限范围内。", "The plan has no such visit, or it is outside your scope."
)
_NO_REASON = Text("请填写理由。", "Give a reason.")
_NOT_DRAFT = Text(
    "方案已经确定，不能再作此修改。确需调整的，可改期或取消单次检查并说明理由。",
    "The plan is adopted and can't be changed like this; single visits may be moved or taken out with a reason.",
)
_OVER = Text("方案已经作废，不能再修改。请重新编制。", "The plan was given up and can't be changed. Make another one.")
_OUTSIDE = Text(
    "{day} 不在方案时段 {first} 至 {last} 之内，请另选日期。",
    "{day} is outside the plan's days, {first} to {last}; choose another.",
)
_HOLIDAY = Text("{day} 不是工作日，请另选日期。", "{day} is no working day; choose another.")
_WINDOW_OF = Text(
    "{day} 超出{department}的可检查日期（{first} 至 {last}），请在该范围内另选日期。",
    "{day} is outside what {department} may ({first} to {last}); choose a day within.",
)
_SPLIT = Text(
    "请选择这次检查中的一个部门；只有一个部门时不能拆分。",
    "Choose one of the visit's departments; a visit of one can't be split.",
)
_SAME_DAY = Text("拆分后的检查应在另一天进行。", "What is split off goes on another day.")
_BREACHES = Text(
    "方案有 {n} 处不符合要求，不能确定：{shown}。请调整，或重新编制。",
    "The plan can't be adopted: {n} things would be broken: {shown}. Change it, or plan anew.",
)
