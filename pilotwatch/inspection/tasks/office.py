"""A visit's task through a person's desk: issued, entered, what was found, finished, rated, published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd

from pilotwatch.domain import Text
from pilotwatch.inspection.ledger.ask import guard_all
from pilotwatch.inspection.ledger.guard import Stop
from pilotwatch.inspection.tasks import record
from pilotwatch.inspection.tasks.orders import Order
from pilotwatch.records.checks import EXEMPTIONS, RESULTS
from pilotwatch.reform.common import PLANNED
from pilotwatch.reform.plans import PUBLISH_WITHIN
from pilotwatch.store import Desk, StoreRefused, visit_tasks
from pilotwatch.workdays import BEIJING, CalendarUnknown, deadline, now

if TYPE_CHECKING:
    from pilotwatch.places import Places
    from pilotwatch.registry import Registry
    from pilotwatch.workdays import Calendar

Task = Mapping[str, Any]

#: What a matter may be ticked as.
TICKS: dict[str, Text] = {
    "ok": Text("符合", "In order"), "problem": Text("有问题", "Problem"), "none": Text("不适用", "Doesn't apply"),
}  # fmt: skip
NOTHING = "未发现问题"
#: The results, the gravest last.
GRAVITY = tuple(RESULTS.titles)
_CLOCKS_APART = timedelta(minutes=10)  # between an officer's phone and this machine


class TaskRefused(StoreRefused):
    """A task isn't moved as it was asked for; `rule` is stable, `message` says what to do."""


# --- issuing ----------------------------------------------------------------------------------------------------------


def stops_of(desk: Desk, orders: Sequence[Order]) -> list[list[Stop]]:
    """What the guard against repeat visits says of each order that counts as planned, on its first day; the others have a
    cause and are never stopped."""
    planned = [n for n, o in enumerate(orders) if o["trigger"] in PLANNED and o["origin"] != "plan"]
    found: list[list[Stop]] = [[] for _ in orders]
    if not planned:
        return found
    rows = pd.DataFrame(
        [
            {"subject_id": o["subject_id"], "day": max(o["since"], _today()), "departments": o["departments"],
             "matters": [m["name"] for m in o["matters"]], "trigger": o["trigger"]}
            for o in (orders[n] for n in planned)
        ]
    )  # fmt: skip
    for n, stops in zip(planned, guard_all(desk, rows), strict=True):
        found[n] = stops
    return found


def issue(desk: Desk, orders: Sequence[Order], *, at: datetime | None = None) -> list[str]:
    """Issues the tasks, all or none; gives their numbers, which are what an enterprise may ask for at its door."""
    for order in orders:
        if not order["matters"]:
            raise TaskRefused("matters", _NO_MATTER.format(name=order["name"]))
    return visit_tasks.issue(desk, [{n: v for n, v in o.items() if n != "silent"} for o in orders], at or now())


def cancel(desk: Desk, task: Task, why: str, *, at: datetime | None = None) -> dict[str, Any]:
    if not why.strip():
        raise TaskRefused("reason", _NO_REASON)
    at, values = at or now(), {"state": "cancelled", "why": why.strip()}
    return visit_tasks.move(
        desk, task, "cancel", values | {"cancelled_at": at}, at, states=visit_tasks.OPEN, reason=why.strip()
    )


# --- at the door --------------------------------------------------------------------------------------------------------


def enter(
    desk: Desk, task: Task, *, entered_at: datetime | None = None, late_reason: str = "", exempt_reason: str = "",
    distance_m: float | None = None, how: str = "scan", at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The team is at the door. Without `entered_at` it is now; any other moment is entered afterwards and needs a reason.

    `exempt_reason`: why nobody scanned in (突发事件, 暗访 …). `how`: scan, or import where a scan record was uploaded.
    """
    at = at or now()
    when = entered_at or at
    day = when.astimezone(BEIJING).date()
    if when > at + _CLOCKS_APART:
        raise TaskRefused("future", _FUTURE)
    if not task["since"] <= day <= task["until"]:
        raise TaskRefused("window", _WINDOW.format(since=task["since"], until=task["until"], day=day))
    if entered_at is not None and how == "scan":
        how = "late"
        if not late_reason.strip():
            raise TaskRefused("late_reason", _LATE)
    if exempt_reason and exempt_reason not in EXEMPTIONS.values:
        raise TaskRefused("exempt_reason", _EXEMPT.format(words="、".join(EXEMPTIONS.values)))
    values = {
        "state": "entered", "entered_at": when, "entered_how": how, "late_reason": late_reason.strip(), "exempt_reason": exempt_reason,
        "distance_m": distance_m,
    }  # fmt: skip
    return visit_tasks.move(
        desk, task, "enter", values, at, states=("issued",), reason=late_reason.strip() or exempt_reason
    )


def take_scans(desk: Desk, tasks: Collection[Task]) -> list[str]:
    """Takes over the uploaded scan records of tasks that nobody entered yet; gives the numbers of those found."""
    waiting = {t["number"]: t for t in tasks if t["state"] == "issued"}
    if not waiting:
        return []
    columns = ["task_no", "scan_in_at", "distance_to_site_m"]
    found = desk.frame("scan_in", columns, subjects={t["subject_id"] for t in waiting.values()}).dropna(
        subset=["task_no"]
    )
    done = []
    for row in found.sort_values("scan_in_at").itertuples():
        if row.task_no not in waiting:
            continue
        when = row.scan_in_at.to_pydatetime().replace(tzinfo=BEIJING)
        distance = None if pd.isna(row.distance_to_site_m) else float(row.distance_to_site_m)
        try:
            enter(desk, waiting.pop(row.task_no), entered_at=when, distance_m=distance, how="import")
        except TaskRefused:  # a scan outside the task's days: the task stays, and its page says what was scanned
            continue
        done.append(row.task_no)
    return done


# --- what was found -----------------------------------------------------------------------------------------------------


def save(
    desk: Desk, task: Task, department: str, *, result: str, problems: str = "", ticks: Mapping[str, Sequence[str]] | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Keeps what one department found. `ticks`: matter's code → [ok|problem|none, note]."""
    if department not in task["departments"]:
        raise TaskRefused("department", _NOT_THERE.format(department=department))
    _demand_result(task, department, result, problems, ticks or {})
    given = {"result": result, "problems": problems.strip(), "ticks": record.as_json(dict(ticks or {}))}
    return visit_tasks.move(
        desk, task, "save", {}, at or now(), states=("entered",), reason="", parts={department: given}
    )


def _demand_result(task: Task, department: str, result: str, problems: str, ticks: Mapping[str, Sequence[str]]) -> None:
    """Ticks, result and words must say the same."""
    mine = {m["code"]: m["name"] for m in task["matters"] if m["department"] == department}
    if result not in RESULTS.values:
        raise TaskRefused("result", _RESULT.format(words="、".join(RESULTS.values)))
    if unknown := set(ticks) - set(mine):
        raise TaskRefused("matter", _MATTER.format(code=sorted(unknown)[0]))
    wrong = [mine[code] for code, (tick, *_) in ticks.items() if tick == "problem"]
    if wrong and result == NOTHING:
        raise TaskRefused("contradiction", _CONTRADICTION.format(matter=wrong[0]))
    if result != NOTHING and not problems.strip() and not any(len(t) > 1 and t[1].strip() for t in ticks.values()):
        raise TaskRefused("problems", _PROBLEMS)


def finish(
    desk: Desk, registry: Registry, places: Places, calendar: Calendar, task: Task, *, signed_by: str = "", refused: bool = False,
    left_at: datetime | None = None, at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Ends a visit once every department has said what it found, and puts it among the records.

    `signed_by`: who signed for the enterprise; or it `refused` to, which is noted.
    """
    at = at or now()
    parts = visit_tasks.parts(desk, task)
    open_ = [d for d, p in parts.items() if not p["result"]]
    if open_:
        raise TaskRefused("open", _OPEN.format(departments="、".join(_name(places, d) for d in open_)))
    if not signed_by.strip() and not refused:
        raise TaskRefused("signature", _SIGNATURE)
    day = (task["entered_at"] or at).astimezone(BEIJING).date()
    left = left_at or (None if task["entered_how"] == "late" else max(at, task["entered_at"] or at))
    values = {
        "state": "recorded", "result": max((p["result"] for p in parts.values()), key=GRAVITY.index), "signed_by": signed_by.strip(),
        "refused_to_sign": refused, "left_at": left,
        "recorded_at": at, "recorded_by": desk.person.username, "publish_by": publish_by(calendar, day),
    }  # fmt: skip
    visit_tasks.move(desk, task, "finish", values, at, states=("entered",))
    return store_record(desk, registry, places, task["number"], at=at)


def publish_by(calendar: Calendar, day: date) -> date | None:
    """Until when a visit's result has to be published; None where the calendar of that year isn't known yet."""
    try:
        return deadline(calendar, day, PUBLISH_WITHIN).due
    except CalendarUnknown:
        return None


def store_record(
    desk: Desk, registry: Registry, places: Places, number: str, *, at: datetime | None = None
) -> dict[str, Any]:
    """Puts a finished visit among the records, or what changed of it; gives the task with its batch. Doing so twice changes
    nothing."""
    task = visit_tasks.find(desk, number)
    if task["state"] not in ("recorded", "published"):
        raise TaskRefused("task_state", _NOT_FINISHED.format(number=number))
    line = record.commit(desk, registry, places, task, visit_tasks.parts(desk, task))
    if line.id is None:
        return task
    return visit_tasks.move(
        desk, task, "store", {"batch_id": UUID(line.id)}, at or now(), states=("recorded", "published")
    )


def rate(
    desk: Desk,
    registry: Registry,
    places: Places,
    task: Task,
    rating: int,
    words: str = "",
    *,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Keeps what the enterprise says of the visit, once. Nobody of the departments that were there can read it."""
    if rating not in range(1, 6):
        raise TaskRefused("rating", _STARS)
    visit_tasks.rate(desk, task, rating, words.strip()[:500], at or now())
    return store_record(desk, registry, places, task["number"], at=at)


def publish(
    desk: Desk, registry: Registry, places: Places, task: Task, on: date, *, at: datetime | None = None
) -> dict[str, Any]:
    """Notes on which day the result was published."""
    at = at or now()
    day = task["entered_at"].astimezone(BEIJING).date() if task["entered_at"] else task["since"]
    if not day <= on <= at.astimezone(BEIJING).date():
        raise TaskRefused("published_on", _PUBLISHED_ON.format(day=day))
    visit_tasks.move(desk, task, "publish", {"state": "published", "published_on": on}, at, states=("recorded",))
    return store_record(desk, registry, places, task["number"], at=at)


# --- within -------------------------------------------------------------------------------------------------------------


def _today() -> date:
    return now().astimezone(BEIJING).date()


def _name(places: Places, code: str) -> str:
    found = places.departments.get(code)
    return found.title.zh if found else code


_NO_MATTER = Text(
    "“{name}”没有可检查的事项：参加部门没有已公布的检查事项，未公布的不得实施。请先在事项清单中公布。",
    "There is nothing to check at “{name}”: the departments have no published matter, and what isn't published must not be checked.",
)
_NO_REASON = Text("请填写取消原因。", "Say why it is cancelled.")
_FUTURE = Text("进入时间不能晚于现在，请核对。", "The time of entering lies in the future; correct it.")
_WINDOW = Text(
    "任务的检查期限为 {since} 至 {until}，{day} 不在期限内，企业可以拒绝。请核对日期，或取消后重新安排。",
    "This visit may be made from {since} to {until}; {day} is outside, and the enterprise may refuse. Check the day, or cancel and plan anew.",
)
_LATE = Text(
    "补录进入时间须填写原因，例如“现场无网络”。",
    "A time that is entered afterwards needs a reason, such as “no network on site”.",
)
_EXEMPT = Text("未扫码原因应为：{words}。", "The reason for not scanning in is one of: {words}.")
_NOT_THERE = Text("{department} 不是本次检查的参加部门。", "{department} doesn't take part in this visit.")
_RESULT = Text("检查结果应为：{words}。", "The result is one of: {words}.")
_MATTER = Text(
    "事项“{code}”不在该部门本次检查的清单中。", "The matter “{code}” isn't on this department's list for the visit."
)
_CONTRADICTION = Text(
    "“{matter}”已勾选为有问题，检查结果不能是“未发现问题”。请改正其中一处。",
    "“{matter}” is ticked as a problem, so the result can't be “nothing found”. Correct one of the two.",
)
_PROBLEMS = Text("发现问题的，请写明是什么问题。", "Say what the problem is.")
_OPEN = Text(
    "还没有填写结果的部门：{departments}。全部填写后才能完成检查。",
    "Still without a result: {departments}. The visit ends when all are in.",
)
_SIGNATURE = Text(
    "请填写现场负责人姓名；拒绝签字的，请勾选“拒签”。",
    "Enter who signs for the enterprise, or tick that it refused to sign.",
)
_NOT_FINISHED = Text("任务“{number}”还没有完成检查。", "The visit of the task {number} isn't finished.")
_STARS = Text("评价应为 1 到 5。", "The rating is from 1 to 5.")
_PUBLISHED_ON = Text(
    "公示日期应在检查当天（{day}）和今天之间。", "A result is published between the day of the visit ({day}) and today."
)
