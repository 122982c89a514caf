"""How long what is about people, or no longer needed, is kept; and its removal, which says what it removed.

Records, cases and the audit have no end here: they are the files of an authority, and its archive rules decide. What ends is
what only served a purpose that is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, exists, func, select, union

from pilotwatch.domain import Text
from pilotwatch.store import audit, files, scope
from pilotwatch.store.case_tables import CaseFile, CasePerson
from pilotwatch.store.delivery_tables import Delivery, Notice
from pilotwatch.store.metadata import metadata
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.registers import Registers
from pilotwatch.store.tables import Batch, KeptFile, LoginSession
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

SETTING = "retention"

_session, _notice, _delivery = LoginSession.__table__, Notice.__table__, Delivery.__table__
_batch, _kept, _case, _person = Batch.__table__, KeptFile.__table__, CaseFile.__table__, CasePerson.__table__


@dataclass(frozen=True)
class Rule:
    """One kind of thing: how many days it is kept by default, and at least; what removes it before a moment."""

    name: str
    title: Text
    days: int
    least: int
    remove: Callable[[Connection, datetime, bool], tuple[int, list[str]]]


@dataclass(frozen=True)
class Removed:
    """What a rule removed, or would remove: how many of it, from before when; `files`: what goes from the disk."""

    rule: Rule
    before: datetime
    n: int
    files: tuple[str, ...] = ()


def _sessions(connection: Connection, before: datetime, only_count: bool) -> tuple[int, list[str]]:
    over = _session.c.expires_at < before
    n = connection.scalar(select(func.count()).select_from(_session).where(over)) or 0
    if n and not only_count:
        connection.execute(delete(_session).where(over))
    return n, []


def _messages(connection: Connection, before: datetime, only_count: bool) -> tuple[int, list[str]]:
    """Notices that are told, or given up, with their deliveries; one that still waits stays."""
    waiting = exists().where(_delivery.c.notice_id == _notice.c.id, _delivery.c.state == "waiting")
    over = (_notice.c.at < before, ~waiting)
    n = connection.scalar(select(func.count()).select_from(_notice).where(*over)) or 0
    if n and not only_count:
        connection.execute(delete(_delivery).where(_delivery.c.notice_id.in_(select(_notice.c.id).where(*over))))
        connection.execute(delete(_notice).where(*over))
    return n, []


def _reporters(connection: Connection, before: datetime, only_count: bool) -> tuple[int, list[str]]:
    """Who reported, of cases that were closed before then; the case itself stays."""
    closed = exists().where(
        _case.c.subject_id == _person.c.subject_id, _case.c.id == _person.c.case_id, _case.c.closed_at < before
    )
    n = connection.scalar(select(func.count()).select_from(_person).where(closed)) or 0
    if n and not only_count:
        connection.execute(delete(_person).where(closed))
    return n, []


def _withdrawn_files(connection: Connection, before: datetime, only_count: bool) -> tuple[int, list[str]]:
    """Original files that only batches withdrawn before then came with: nothing that stands can be traced to them."""
    others = [
        select(column.label("sha256"))
        for table in metadata.tables.values()
        if table is not _kept and table is not _batch
        for column in table.columns
        if column.name == "sha256"
    ]
    standing = select(_batch.c.sha256).where(_batch.c.withdrawn_at.is_(None) | (_batch.c.withdrawn_at >= before))
    needed = union(standing, *others).subquery()
    gone = select(_batch.c.sha256).where(_batch.c.withdrawn_at < before, _batch.c.sha256.is_not(None))
    over = (_kept.c.sha256.in_(gone), ~exists().where(needed.c.sha256 == _kept.c.sha256))
    found = list(connection.scalars(select(_kept.c.sha256).where(*over).order_by(_kept.c.sha256)))
    if found and not only_count:
        connection.execute(delete(_kept).where(_kept.c.sha256.in_(found)))
    return len(found), found


RULES: tuple[Rule, ...] = (
    Rule("sessions", Text("已结束的登录", "Log-ins that ended"), 30, 1, _sessions),
    Rule("messages", Text("已发送的消息", "Messages that were sent"), 365, 30, _messages),
    Rule("reporters", Text("已办结案件的诉求人", "Who reported, of closed cases"), 3 * 365, 180, _reporters),
    Rule("withdrawn_files", Text("已撤回批次的原始文件", "Files of withdrawn batches"), 365, 30, _withdrawn_files),
)  # fmt: skip


def periods(desk: Desk) -> dict[str, int]:
    """How many days each kind of thing is kept now, by the rule's name."""
    _demand(desk)
    with desk._reading() as connection:
        return _periods(connection)


def set_period(desk: Desk, name: str, days: int) -> None:
    """Sets how long a kind of thing is kept; raises StoreRefused for less than its least."""
    _demand(desk)
    rule = _rule(name)
    if days < rule.least:
        raise StoreRefused("too_short", _TOO_SHORT.format(title=rule.title, least=rule.least))
    with desk._writing() as connection:
        before = _periods(connection)
        Registers(connection).set_setting(SETTING, before | {name: days})
        told = {"days": days, "before": before[name]}
        audit.append(connection, desk.person.username, "retention.set", name, told)


def due(desk: Desk, at: datetime | None = None) -> list[Removed]:
    """What `remove` would remove now; removes nothing."""
    _demand(desk)
    with desk._reading() as connection:
        return _run(connection, at or now(), only_count=True)


def remove(desk: Desk, at: datetime | None = None) -> list[Removed]:
    """Removes what ran out, in one transaction, with a line in the audit for each kind of which there was any; then the files
    from the disk."""
    _demand(desk)
    at = at or now()
    with desk._writing() as connection:
        done = _run(connection, at, only_count=False)
        for each in done:
            if each.n:
                told = {
                    "n": each.n,
                    "before": each.before.isoformat(timespec="seconds"),
                    "files": list(each.files)[:100],
                }
                audit.append(connection, desk.person.username, "retention.remove", each.rule.name, told)
    folder: Path = desk._store.files
    gone = [f for each in done for f in each.files]
    with desk._reading() as connection:  # one that was handed in again meanwhile is needed again
        again = set(connection.scalars(select(_kept.c.sha256).where(_kept.c.sha256.in_(gone)))) if gone else set()
    for digest in gone:
        if digest not in again:
            files.path_of(folder, digest).unlink(missing_ok=True)
    return done


def _run(connection: Connection, at: datetime, *, only_count: bool) -> list[Removed]:
    kept = _periods(connection)
    done = []
    for rule in RULES:
        before = at - timedelta(days=kept[rule.name])
        n, gone = rule.remove(connection, before, only_count)
        done.append(Removed(rule, before, n, tuple(gone)))
    return done


def _periods(connection: Connection) -> dict[str, int]:
    told: Mapping[str, int] = Registers(connection).setting(SETTING, {})
    return {r.name: max(r.least, int(told.get(r.name, r.days))) for r in RULES}


def _rule(name: str) -> Rule:
    found = next((r for r in RULES if r.name == name), None)
    if found is None:
        raise StoreRefused("no_rule", _NO_RULE.format(name=name, known="、".join(r.name for r in RULES)))
    return found


def _demand(desk: Desk) -> None:
    scope.demand(desk.person, "settings")


_TOO_SHORT = Text("“{title}”至少保存 {least} 天。", "“{title}” is kept for {least} days at least.")
_NO_RULE = Text("没有名为“{name}”的保存期限。现有：{known}", "There is no retention period {name}. There are: {known}")
