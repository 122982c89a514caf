"""The days off and worked that the office enters from notices, and the calendar that counts with them.

Entries are only added; one that was wrong is withdrawn, by an entry of its own. `calendar(desk)` is the calendar of the
house: whoever counts a limit asks for it anew, so that an entry counts from the moment it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import Connection, func, select

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.settings import settings
from pilotwatch.store import scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.settings_tables import CalendarEntry
from pilotwatch.workdays import Calendar, Entry, now
from pilotwatch.workdays.entries import read_regions

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_entry = CalendarEntry.__table__
VERSION = select(func.count()).select_from(_entry)  # grows with every entry and withdrawal

LONGEST = 31  # days of one entry: a notice names no longer holiday


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says of the days from `first` to `last`, as it is entered."""

    first: date
    last: date
    region: str
    kind: Literal["off", "work"]
    attested: bool
    festival: str
    notice_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day as it was entered, and who took it back and why, if somebody did."""

    id: str
    entry: Entry
    reason: str
    by: str
    at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None


def entries(desk: Desk) -> tuple[DayEntry, ...]:
    """Everything that was ever entered, oldest first, withdrawn entries too. No secret: every desk may read it."""
    with desk._reading() as connection:
        return _entries(connection)


def calendar(desk: Desk, *, region: str | None = None, folder: Path | None = None) -> Calendar:
    """The calendar of the house: the kept library, the files of the place, and over both what the office entered.

    Within a transaction it counts what that transaction sees. `folder`: default that of the settings. Raises
    ClockRefused where the files can't be read.
    """
    standing = tuple(e.entry for e in entries(desk) if e.withdrawn_at is None)
    return _calendar(folder or settings().data / "calendars", standing, region)


@lru_cache(maxsize=16)
def _calendar(folder: Path, standing: tuple[Entry, ...], region: str | None) -> Calendar:
    return Calendar.load(folder, standing, region=region)


def enter(desk: Desk, notice: Notice, *, folder: Path | None = None) -> tuple[DayEntry, ...]:
    """Enters each of its days; raises StoreRefused where one can't stand, and then enters none."""
    scope.demand(desk.person, "settings")
    days = _checked(notice, folder or settings().data / "calendars")
    at, who = now(), desk.person.username
    with desk._writing() as connection:
        told = {(e.entry.day, e.entry.region): e.entry for e in _entries(connection) if e.withdrawn_at is None}
        same = [d for d in days if (e := told.get((d, notice.region))) and _says(e) == _says(_as_entry(notice, d))]
        if same:
            raise StoreRefused("entered", _ENTERED.format(day=same[0]))
        rows = [_row(notice, day, at, who) | {"reason": notice.reason.strip()} for day in days]
        connection.execute(_entry.insert(), rows)
        for row in rows:
            append_audit(connection, who, "calendar.enter", f"{row['day']} {row['region']}", _told(row))
        made = {str(row["id"]) for row in rows}
        return tuple(e for e in _entries(connection) if e.id in made)


def withdraw(desk: Desk, ids: Collection[str], reason: str) -> None:
    """Takes entries back, all or none: they stay on record and count no longer."""
    scope.demand(desk.person, "settings")
    if not reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    at = now()
    with desk._writing() as connection:
        there = {e.id: e for e in _entries(connection)}
        for entry_id in ids:
            found = there.get(entry_id)
            if found is None:
                raise StoreRefused("no_entry", _NO_ENTRY.format(id=entry_id))
            if found.withdrawn_at:
                raise StoreRefused("withdrawn", _WITHDRAWN.format(by=found.withdrawn_by))
            e, told = found.entry, {"act": "withdraw", "entry": UUID(found.id), "reason": reason.strip()}
            row = _row(e, e.day, at, desk.person.username) | told
            connection.execute(_entry.insert().values(**row))
            append_audit(connection, desk.person.username, "calendar.withdraw", f"{e.day} {e.region}", _told(row))


def _entries(connection: Connection) -> tuple[DayEntry, ...]:
    rows = connection.execute(select(_entry).order_by(_entry.c.at, _entry.c.id)).mappings().all()
    gone = {r["entry"]: r for r in rows if r["act"] == "withdraw"}
    return tuple(_entered(r, gone.get(r["id"])) for r in rows if r["act"] == "enter")


def _entered(row: Any, gone: Any | None) -> DayEntry:
    entry = Entry(
        row["day"], row["region"], row["kind"], row["attested"], row["festival"], row["notice_no"], row["reason"]
    )
    back = (gone["by"], gone["at"], gone["reason"]) if gone else (None, None, None)
    return DayEntry(str(row["id"]), entry, row["reason"], row["by"], row["at"], *back)


def _row(told: Notice | Entry, day: date, at: datetime, who: str) -> dict[str, Any]:
    return {
        "id": new_id(), "at": at, "by": who, "act": "enter", "entry": None, "day": day, "region": told.region,
        "kind": told.kind, "attested": told.attested, "festival": told.festival.strip(), "notice_no": told.notice_no.strip(),
    }  # fmt: skip


def _as_entry(notice: Notice, day: date) -> Entry:
    return Entry(day, notice.region, notice.kind, notice.attested, notice.festival.strip(), notice.notice_no.strip())


def _says(entry: Entry) -> tuple[Any, ...]:
    return entry.kind, entry.attested, entry.festival, entry.notice_no


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {n: row[n] for n in ("kind", "attested", "festival", "notice_no", "reason")}


def _checked(notice: Notice, folder: Path) -> Sequence[date]:
    """The days of a notice that may be entered; raises StoreRefused for another."""
    length = (notice.last - notice.first).days + 1
    if not 1 <= length <= LONGEST:
        raise StoreRefused("span", _SPAN.format(first=notice.first, last=notice.last, most=LONGEST))
    regions = {r.code: r for r in read_regions(folder)}
    if notice.region not in regions:
        raise StoreRefused("region", _REGION.format(region=notice.region, known="、".join(regions)))
    if notice.kind not in ("off", "work"):
        raise StoreRefused("kind", _KIND.format(kind=notice.kind))
    names = [f.zh for f in regions[notice.region].festivals]
    strange = [f for f in filter(None, notice.festival.strip().split("、")) if f not in names]
    if strange:
        title = regions[notice.region].title
        raise StoreRefused("festival", _FESTIVAL.format(festival=strange[0], region=title, known="、".join(names)))
    if notice.attested and not notice.notice_no.strip():
        raise StoreRefused("notice_no", _NO_NUMBER)
    if not notice.reason.strip():
        raise StoreRefused("reason", _NO_REASON)
    return [notice.first + timedelta(n) for n in range(length)]


_SPAN = Text(
    "日期范围 {first} 至 {last} 有误：结束日期不早于开始日期，一次最多 {most} 天。请改正日期。",
    "The days {first} to {last} won't do: the last is not before the first, and one entry has at most {most} days. Correct them.",
)
_REGION = Text("日历中没有地区“{region}”，可选：{known}。", "The calendar has no region {region}; there are: {known}.")
_KIND = Text(
    "“{kind}”不是类别，应为 off（放假）或 work（上班）。",
    "{kind} is no kind: it is off (a day off) or work (a day worked).",
)
_FESTIVAL = Text(
    "“{festival}”不是{region}的节日，可选：{known}；两个节日合放的写作“国庆节、中秋节”。",
    "{festival} is no festival of {region}; there are: {known}. A day of two is written 国庆节、中秋节.",
)
_NO_NUMBER = Text(
    "标为已核实的，须填写通知文号；尚无文号的请取消“已核实”，该日将显示为待确认，不计入期限。",
    "An attested day needs the number of its notice. Without one, leave it unattested: it is shown as to be confirmed and not counted.",
)
_NO_REASON = Text("请填写理由或来源。", "Say why, or where it is from.")
_ENTERED = Text(
    "{day} 已按相同内容录入，无需重复。如需更正，请先撤销原记录。",
    "{day} is entered exactly so already. To correct it, withdraw that entry first.",
)
_NO_ENTRY = Text("没有编号为“{id}”的日历记录，请在列表中核对。", "There is no calendar entry {id}; check the list.")
_WITHDRAWN = Text(
    "该记录已由 {by} 撤销，无需重复操作。", "{by} has withdrawn this entry already; nothing is left to do."
)
