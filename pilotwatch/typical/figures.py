"""The figures of a typical case, drawn from its cases through a person's desk: each with what it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pilotwatch.disposal import LIMITS, Case, Clock, day_of, sources
from pilotwatch.disposal.hot import CHANNEL as HOT
from pilotwatch.disposal.leads import WARNING_CHANNEL
from pilotwatch.domain import LEVELS as LEVEL_ORDER
from pilotwatch.domain import Indicator, Text
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, StoreRefused, lookup, visit_tasks
from pilotwatch.store.visit_tasks import TaskFilter
from pilotwatch.typical.model import Figure, Trace
from pilotwatch.workdays import Calendar, CalendarUnknown, Limit

LEVELS: dict[str, Text] = {
    "red": Text("一级红", "Red Ⅰ"), "orange": Text("二级橙", "Orange Ⅱ"), "yellow": Text("三级黄", "Yellow Ⅲ"),
    "blue": Text("四级蓝", "Blue Ⅳ"), "normal": Text("正常", "normal"), "nodata": Text("数据不足", "can't be judged"),
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """What codes are called, and which days count."""

    registry: Registry
    places: Places
    calendar: Calendar

    def unit(self, code: str) -> Text:
        return next((u.title for u in self.places.units if u.code == code), Text(code, code))

    def department(self, code: str) -> Text:
        found = self.places.departments.get(code)
        return found.title if found else Text(code, code)

    def domain(self, name: str) -> Text:
        found = next((d for d in self.registry.domains if d.name == name), None)
        return found.title if found else Text(name, name)

    def indicator(self, code: str) -> Indicator | None:
        return next((i for i in self.registry.indicators if i.code == code), None)


@dataclass(frozen=True)
class Drawn:
    """A case with what belongs to it: its leads, and the joint visits that were made for it."""

    case: Case
    leads: tuple[dict, ...]
    visits: tuple[dict, ...]


def drawn(desk: Desk, case: Case) -> Drawn:
    """The case with its leads and its finished visits, as far as the person sees them."""
    visits = visit_tasks.listed(desk, TaskFilter(origin_ref=case.id, subject_id=case.subject_id))
    done = tuple(v for v in visits if v["state"] in ("recorded", "published"))
    return Drawn(case, tuple(sources(desk, case.subject_id, case.id)), done)


def figures_of(desk: Desk, house: House, cases: Sequence[Drawn]) -> tuple[Figure, ...]:
    """All figures of the cases together, then each limit that ran in them."""
    found = [*_whole(house, cases), *_merged(house, cases), *_levels(desk, house, cases), *_records(desk, cases)]
    return (*found, *(f for each in cases for f in _limits(house, each.case)))


# --- of all cases --------------------------------------------------------------------------------------------------


def _whole(house: House, cases: Sequence[Drawn]) -> Iterator[Figure]:
    own = [c.case for c in cases]
    numbers: tuple[Trace, ...] = tuple(("case", c.number) for c in own)
    days = [(day_of(c.closed_at) - day_of(c.received_at)).days for c in own]
    if len(own) > 1:
        yield Figure("cases", _CASES, _count(len(own), "件", "cases"), numbers, len(own))
    span = f"{min(days)}—{max(days)}" if min(days) < max(days) else f"{days[0]}"
    yield Figure("days", _DAYS, Text(f"{span} 日", f"{span} days"), numbers, sum(days) / len(days), note=_DAYS_NOTE)
    ended = [c for case in own for c in case.clocks if _counts(c)]
    if ended:
        kept = sum(not c.overran() for c in ended)
        share = Text(f"{kept} / {len(ended)} 项", f"{kept} of {len(ended)}")
        yield Figure("kept", _KEPT, share, numbers, kept / len(ended), late=kept < len(ended))
    departments = departments_of(cases)
    names = Text(
        "、".join(house.department(d).zh for d in departments), ", ".join(house.department(d).en for d in departments)
    )
    if departments:
        yield Figure(
            "departments", _DEPARTMENTS, _count(len(departments), "个", ""), numbers, len(departments), note=names
        )
    people = sum(c.people_count for c in own)
    if people > len(own):
        yield Figure("people", _PEOPLE, _count(people, "人", "people"), numbers, people)
    for code, title, amounts in (
        ("amount", _AMOUNT, {c.number: c.amount for c in own if c.amount}),
        (
            "fine",
            _FINE,
            {c.number: c.penalty["fine"] for c in own if c.penalty.get("decided_on") and c.penalty.get("fine")},
        ),
    ):
        if amounts:
            total = sum(amounts.values())
            yield Figure(
                code, title, Text(f"{total:,.2f} 元", f"{total:,.2f} yuan"), tuple(("case", n) for n in amounts), total
            )


def departments_of(cases: Sequence[Drawn]) -> tuple[str, ...]:
    """Who acted: the departments of the cases, the leads first, and of their visits."""
    owners = [c.case.owner for c in cases]
    others = [d for c in cases for d in (*c.case.others, *(d for v in c.visits for d in v["departments"]))]
    return tuple(dict.fromkeys(d for d in (*owners, *others) if d))


def _merged(house: House, cases: Sequence[Drawn]) -> Iterator[Figure]:
    """Visits that several departments made together: what would have been one visit each."""
    joint = [v for c in cases for v in c.visits if len(v["departments"]) > 1]
    if joint:
        saved = sum(len(v["departments"]) - 1 for v in joint)
        value = Text(f"{len(joint)} 次联合入企，少入企 {saved} 次", f"{len(joint)} joint visits, {saved} fewer")
        yield Figure("merged", _MERGED, value, tuple(("visit", v["number"]) for v in joint), saved)


def _levels(desk: Desk, house: House, cases: Sequence[Drawn]) -> Iterator[Figure]:
    """Where the warnings' indicators stood when the case began, and where they stand now."""
    for each in (c.case for c in cases):
        indicator = house.indicator(each.fact)
        if indicator is None or not each.level:
            continue
        levels = lookup.levels_of(desk, each.subject_id)
        now = levels.loc[levels["indicator"] == each.fact, "level"]
        told = LEVELS[now.iloc[0] if len(now) else "nodata"]
        warning = [("warning", each.channel_ref)] if each.channel == WARNING_CHANNEL and each.channel_ref else []
        value = Text("{a} → {b}", "{a} → {b}").format(a=LEVELS[each.level], b=told)
        yield Figure(f"level.{each.fact}", indicator.title, value, (("case", each.number), *warning), note=_LEVEL_NOTE)


def _records(desk: Desk, cases: Sequence[Drawn]) -> Iterator[Figure]:
    """The leads that the cases came from: rows of lists with their batch, warnings, places on the map."""
    trace: list[Trace] = []
    for each in cases:
        if each.case.channel == WARNING_CHANNEL and each.case.channel_ref:
            trace.append(("warning", each.case.channel_ref))
        if each.case.channel == HOT:
            trace.append(("hotspot", each.case.channel_ref))
        trace += [t for lead in each.leads if lead["kind"] != "warning" for t in _row(desk, lead)]
    if trace:
        numbers = [("case", c.case.number) for c in cases]
        count = sum(kind in ("warning", "record", "hotspot") for kind, _ in trace)
        yield Figure("leads", _LEADS, _count(count, "条", ""), (*numbers, *trace), count)


def _row(desk: Desk, lead: dict) -> list[Trace]:
    """A row of a list by its key, and the batch it came with; only the key where the person doesn't hand it in."""
    found: list[Trace] = [("record", f"{lead['kind']}/{lead['ref']}")]
    try:
        rows = desk.frame(
            lead["kind"], ["batch_id"], subjects=[lead["subject_id"]], where={"record_key": lead["ref"]}, limit=1
        )
    except (StoreRefused, KeyError):
        rows = pd.DataFrame()
    return found + [("batch", str(b)) for b in (rows["batch_id"] if len(rows) else ())]


# --- of each limit -------------------------------------------------------------------------------------------------


def _counts(clock: Clock) -> bool:
    return bool(clock.ended_at and clock.due_at and not clock.party)


def _limits(house: House, case: Case) -> Iterator[Figure]:
    """Each limit of a case that came to its end: the days it took against the days it had."""
    for clock in sorted(filter(_counts, case.clocks), key=lambda c: (c.ended_at, c.name)):
        limit, taken = Limit(clock.limit), _taken(house.calendar, clock)
        late = clock.overran()
        days = Text(f"用时 {taken}，时限 {limit.title.zh}", f"{_english(taken)} of {limit.title.en}")
        value = Text(f"{days.zh}，{'逾期' if late else '按期'}", f"{days.en}, {'late' if late else 'in time'}")
        basis = clock.basis or clock.level
        note = (
            Text(f"{basis}（到期日待放假通知确认）", f"{basis} (due date to be confirmed)")
            if clock.why
            else Text(basis, basis)
        )
        yield Figure(
            f"limit.{case.number}.{clock.name}", LIMITS[clock.rule].title, value,
            (("case", case.number), ("limit", f"{case.number}/{clock.name}")), None, "limit", note, late,
        )  # fmt: skip


def _taken(calendar: Calendar, clock: Clock) -> str:
    """How long a limit took, in its own unit as far as the calendar knows the days."""
    unit, begun, ended = Limit(clock.limit).unit, day_of(clock.start), day_of(clock.ended_at)
    if unit == "h":
        return f"{(clock.ended_at - clock.start).total_seconds() / 3600:.1f}小时"
    if unit == "wd":
        try:
            return f"{calendar.working_days_between(begun, ended)}个工作日"
        except CalendarUnknown:
            pass
    return f"{(ended - begun).days}日"


def _english(taken: str) -> str:
    for zh, en in (("个工作日", " working days"), ("小时", " hours"), ("日", " days")):
        taken = taken.replace(zh, en)
    return taken


def _count(n: int, zh: str, en: str) -> Text:
    return Text(f"{n:,} {zh}", f"{n:,} {en}".strip())


def worst(cases: Sequence[Drawn]) -> str:
    """The gravest level among the cases, "" where none came from a warning."""
    found = [c.case.level for c in cases if c.case.level]
    return min(found, key=LEVEL_ORDER.index) if found else ""


_CASES, _DAYS, _KEPT = (
    Text("案件", "Cases"),
    Text("全流程用时", "From receipt to closing"),
    Text("时限按期", "Limits kept"),
)
_DAYS_NOTE = Text("从收到线索到结案，自然日", "calendar days from receipt to closing")
_DEPARTMENTS, _PEOPLE = Text("参与部门", "Departments"), Text("涉及人数", "People concerned")
_AMOUNT, _FINE = Text("涉及金额", "Amount concerned"), Text("罚款金额", "Fines")
_MERGED, _LEADS = Text("合并检查", "Checks merged"), Text("线索", "Leads")
_LEVEL_NOTE = Text("立案时 → 数据固定时", "when the case began → as of these figures")
