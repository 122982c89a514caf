"""The digest: in a minute, what is wrong in the reader's scope, who acts by when, what is new, late and missing.

It is composed through the reader's own desk, so that it can hold nothing that the screens would not show them. Names come
masked from the store, and what looks like a number of a person is masked once more: a message leaves the house.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from pilotwatch import figures, warnings
from pilotwatch.amounts import value_of
from pilotwatch.domain import LEVELS, Indicator, Text
from pilotwatch.intake.values.personal import mask_in_prose
from pilotwatch.places import Places
from pilotwatch.push import words
from pilotwatch.registry import Registry
from pilotwatch.store import Desk, days, news
from pilotwatch.store.deliveries import Line, Notice
from pilotwatch.store.subscriptions import Subscription
from pilotwatch.warnings import Filter
from pilotwatch.workdays import BEIJING, Calendar

NAMED = {"daily": 6, "weekly": 10}  # warnings named one by one
OWNERS, DATASETS = 4, 5  # told by name, the rest is counted
_LOOKED_AT = 20  # rows for each that is named: several may be of one subject
_WARN = LEVELS[:4]


@dataclass(frozen=True)
class _Seen:
    """What a digest is made from."""

    desk: Desk
    found: Registry
    places: Places
    calendar: Calendar
    now: datetime
    since: datetime
    counts: pd.DataFrame  # of the warnings that are not eased, as `warnings.counted`

    @property
    def today(self) -> date:
        return self.now.astimezone(BEIJING).date()

    def by_level(self, count: str = "warnings") -> dict[str, int]:
        """How many there are (or are late) at each level that has any."""
        sums = self.counts.groupby("level")[count].sum()
        return {level: int(sums[level]) for level in _WARN if sums.get(level, 0)}

    def indicator(self, code: str) -> Indicator | None:
        return next((i for i in self.found.indicators if i.code == code), None)

    def department(self, code: str) -> Text:
        known = self.places.departments.get(code)
        return known.title if known else Text(code, code)


def compose(
    desk: Desk, found: Registry, places: Places, kind: str, key: str, wanted: Subscription, *, now: datetime, since: datetime
) -> Notice:  # fmt: skip
    """The digest of a kind (daily, weekly) for the desk's person: what stands `now`, and what happened after `since`."""
    clock = days.calendar(desk, folder=places.folder / "calendars")
    counts = warnings.counted(desk, Filter(clocks=warnings.clocks(found.indicators, clock, now)))
    seen = _Seen(desk, found, places, clock, now, since, counts[~counts["eased"]])
    lines = [
        Line(_standing(seen)),
        Line(_new(seen)),
        *_late(seen),
        *_first(seen, _named(seen, wanted, NAMED[kind])),
        *_owners(seen),
        *_missing(seen),
    ]
    return Notice(desk.person.username, kind, key, _title(seen, kind), tuple(lines), link(desk, found))


def link(desk: Desk, found: Registry, level: str | None = None) -> str:
    """The view of the warnings in the person's scope, as a path of the app."""
    asked = {
        "domain": _only(desk.person.domains, [d.name for d in found.domains]),
        "unit": _only(desk.person.units),
        "level": level,
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"/warnings{f'?{query}' if query else ''}"


def _only(mine: frozenset[str] | None, of: Sequence[str] = ()) -> str | None:
    return next(iter(mine)) if mine is not None and len(mine) == 1 and len(of) != 1 else None


def where(desk: Desk, found: Registry, places: Places) -> Text:
    """The person's scope in words: 天山区 · 成品油流通."""
    units = {u.code: u.title for u in places.units}
    person = desk.person
    area = (
        Text("全市", "the city")
        if person.units is None
        else words.listed([units.get(u, Text(u, u)) for u in sorted(person.units)])
    )
    if person.domains is None:
        return area
    domains = words.listed([d.title for d in found.domains if d.name in person.domains])
    return Text(f"{area.zh} · {domains.zh}", f"{area.en} · {domains.en}")


# --- its parts -----------------------------------------------------------------------------------------------------


def _title(seen: _Seen, kind: str) -> Text:
    by_level, late = seen.by_level(), sum(seen.by_level("late").values())
    parts = [words.LEVEL_COUNT[n].format(n=f"{by_level[n]:,}") for n in ("red", "orange") if n in by_level]
    parts += [_LATE_COUNT.format(n=f"{late:,}")] if late else []
    return _TITLE.format(
        kind=words.KIND[kind], where=where(seen.desk, seen.found, seen.places), day=_day(seen.today),
        what=words.listed(parts) if parts else _MILD if by_level else _ALL_WELL,
    )  # fmt: skip


def _standing(seen: _Seen) -> Text:
    place, by_level = where(seen.desk, seen.found, seen.places), seen.by_level()
    if not by_level:
        return _NONE.format(where=place)
    return _STANDING.format(where=place, n=f"{sum(by_level.values()):,}", levels=_levels(by_level))


def _levels(counts: dict[str, int]) -> Text:
    return words.listed([words.LEVEL_COUNT[level].format(n=f"{n:,}") for level, n in counts.items()])


def _new(seen: _Seen) -> Text:
    told = news.changed(seen.desk, seen.since)
    return _NEW.format(since=_moment(seen.since), **{name: f"{n:,}" for name, n in told.items()})


def _moment(at: datetime) -> Text:
    local = at.astimezone(BEIJING)
    day = _day(local.date())
    return Text(f"{day.zh} {local:%H:%M}", f"{day.en}, {local:%H:%M}")


def _late(seen: _Seen) -> list[Line]:
    late = seen.by_level("late")
    return [Line(_LATE.format(n=f"{sum(late.values()):,}", levels=_levels(late)))] if late else []


def _named(seen: _Seen, wanted: Subscription, most: int) -> pd.DataFrame:
    """The warnings to be named: what matters most first, of the levels wanted, at most one of a subject."""
    found = pd.DataFrame(columns=["subject_id", "eased"])
    for level in (n for n in _WARN if n in wanted.levels):
        if len(found) >= most:
            break
        rows = warnings.listed(seen.desk, Filter(level=level), limit=_LOOKED_AT * most)
        rows = rows[~rows["eased"] & ~rows["subject_id"].isin(found["subject_id"])].drop_duplicates("subject_id")
        found = pd.concat([found, rows], ignore_index=True) if len(found) else rows
    return found.head(most)


def _first(seen: _Seen, rows: pd.DataFrame) -> list[Line]:
    if rows.empty:
        return []
    below = max(0, sum(seen.by_level().values()) - len(rows))
    head = (_FIRST_BELOW if below else _FIRST).format(n=len(rows), below=f"{below:,}")
    return [Line(head, "heading"), *(_item(seen, row) for row in rows.to_dict("records"))]


def _item(seen: _Seen, row: dict[str, Any]) -> Line:
    indicator, on = seen.indicator(row["indicator"]), row["on_day"].date()
    value = {n: value_of(row["value"], indicator, on, n) if indicator else "—" for n in ("zh", "en")}
    return Line(
        _ITEM.format(
            name=name(row["name"] or row["code"]), place=_place(seen, row["report_unit"]), title=indicator.title if indicator else row["indicator"],
            value=Text(value["zh"], value["en"]), mark=_mark(seen, row), who=seen.department(row["owner"]),
            when=_when(seen, row, indicator),
        ),
        "item", row["level"],
    )  # fmt: skip


def _place(seen: _Seen, unit: str) -> Text:
    """The unit in brackets, for readers of several."""
    mine = seen.desk.person.units
    return Text("", "") if mine is not None and len(mine) == 1 else in_unit(seen.places, unit)


def in_unit(places: Places, unit: str) -> Text:
    title = next((u.title for u in places.units if u.code == unit), None)
    return Text(f"（{title.zh}）", f" ({title.en})") if title else Text("", "")


def name(text: str | None) -> Text:
    """A subject's name as it may leave the house."""
    shown = mask_in_prose(text or "—")
    shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
    return Text(shown, shown)


def _mark(seen: _Seen, row: dict[str, Any]) -> Text:
    """Whether it is new since the last digest, to the day."""
    since = seen.since.astimezone(BEIJING).date()
    if row["opened_on"].date() > since:
        return _IS_NEW
    return _HAS_RISEN if row["since"].date() > since else Text("", "")


def _when(seen: _Seen, row: dict[str, Any], indicator: Indicator | None) -> Text:
    """By when the first action is due, or that somebody has acted."""
    if not pd.isna(row["acted_at"]):
        return _TAKEN
    limit = warnings.limit_of(indicator, row["level"])
    if pd.isna(row["opened_at"]):
        return _WITHIN.format(limit=limit.title)
    due = warnings.due_of(seen.calendar, limit, row["opened_at"].to_pydatetime(), seen.now)
    if due.last_day is None:
        return _WITHIN.format(limit=limit.title)
    return (_OVERDUE if due.progress == "late" else _DUE).format(day=_day(due.last_day))


def _day(day: date) -> Text:
    return Text(f"{day.month}月{day.day}日", f"{day.day} {calendar.month_abbr[day.month]}")


def _owners(seen: _Seen) -> list[Line]:
    """Which departments have how many of them."""
    counts: dict[str, int] = {}
    for code, n in seen.counts.groupby("indicator")["warnings"].sum().items():
        indicator = seen.indicator(code)
        if indicator:
            counts[indicator.owner] = counts.get(indicator.owner, 0) + int(n)
    if not counts:
        return []
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [_OWNER.format(who=seen.department(code), n=f"{n:,}") for code, n in most[:OWNERS]]
    rest = [_OTHERS.format(n=f"{sum(n for _, n in most[OWNERS:]):,}")] if len(most) > OWNERS else []
    return [Line(_WHO, "heading"), Line(words.listed([*told, *rest]))]


def _missing(seen: _Seen) -> list[Line]:
    """Lists of which nothing was ever reported, and subjects that can't be judged."""
    told = figures.overview(seen.desk, seen.found, on=seen.today)
    nodata = sum(d.nodata for d in told.domains)
    titles = {r.spec.dataset: r.spec.title for r in seen.found.records}
    never = [titles[dataset] for dataset in dict.fromkeys(dataset for _, dataset in told.missing)]
    lines = []
    if never:
        said = _NEVER_SOME if len(never) > DATASETS else _NEVER
        lines.append(Line(said.format(n=len(never), lists=words.listed(never[:DATASETS]))))
    if nodata:
        lines.append(Line(_NODATA.format(n=f"{nodata:,}")))
    return [Line(_MISSING, "heading"), *lines] if lines else []


_TITLE = Text("{where} {day}{kind}：{what}", "{kind} of {day}, {where}: {what}")
_LATE_COUNT = Text("{n} 条超期未处置", "{n} overdue")
_ALL_WELL = Text("没有待处置的预警", "no open warnings")
_MILD = Text("没有红色、橙色预警", "no red or orange warnings")
_NONE = Text("{where}目前没有待处置的预警。", "No open warnings in {where}.")
_STANDING = Text("{where}现有 {n} 条预警待处置：{levels}。", "{n} open warnings in {where}: {levels}.")
_NEW = Text(
    "自 {since} 以来：新增 {opened} 条，升级 {risen} 条，办结 {closed} 条。",
    "Since {since}: {opened} new, {risen} risen, {closed} closed.",
)
_LATE = Text(
    "超过首次处置期限、尚无人认领的有 {n} 条：{levels}。",
    "{n} are past the limit of the first action and nobody has taken them on: {levels}.",
)
_FIRST = Text("先办这些（{n} 条）", "These first ({n})")
_FIRST_BELOW = Text("先办这些（{n} 条，其下还有 {below} 条）", "These first ({n}, {below} more below)")
_ITEM = Text(
    "{name}{place} · {title} {value}{mark} — {who}，{when}", "{name}{place} · {title} {value}{mark} — {who}, {when}"
)
_IS_NEW = Text("（新增）", " (new)")
_HAS_RISEN = Text("（升级）", " (risen)")
_WITHIN = Text("{limit}内首次处置", "first action within {limit}")
_TAKEN = Text("已认领", "taken on")
_DUE = Text("{day}前首次处置", "first action by {day}")
_OVERDUE = Text("应于{day}前首次处置，已超期", "first action was due by {day}")
_WHO = Text("由谁办", "Who acts")
_OWNER = Text("{who} {n} 条", "{who} {n}")
_OTHERS = Text("其他部门 {n} 条", "others {n}")
_MISSING = Text("数据缺口", "Missing data")
_NEVER = Text("从未上报的数据集 {n} 个：{lists}。", "{n} datasets were never reported: {lists}.")
_NEVER_SOME = Text("从未上报的数据集 {n} 个：{lists} 等。", "{n} datasets were never reported, among them {lists}.")
_NODATA = Text(
    "{n} 个监管对象因数据不足无法判定，不计为正常。",
    "{n} subjects can't be judged for want of data; they are not normal.",
)
