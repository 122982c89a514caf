"""Is the house well: a few quick looks, each with what to do where it isn't. Nothing in it is about anybody.

`/healthz` says only whether the store answers, for anyone may ask it; this is for the operator at the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pilotwatch.domain import Text
from pilotwatch.store import SYSTEM, audit
from pilotwatch.workdays import now
from pilotwatch.workspace import Workspace

State = Literal["good", "warn", "bad"]

ROOM_WARN, ROOM_BAD = 5 * 2**30, 512 * 2**20  # bytes free on the disk of the data folder
OLD_BACKUP = timedelta(days=2)


@dataclass(frozen=True)
class Check:
    name: str
    state: State
    message: Text


@dataclass(frozen=True)
class Health:
    at: datetime
    checks: tuple[Check, ...]

    @property
    def state(self) -> State:
        """That of the worst check."""
        states = [c.state for c in self.checks]
        return "bad" if "bad" in states else "warn" if "warn" in states else "good"

    def as_json(self) -> dict[str, Any]:
        checks = [{"name": c.name, "state": c.state, "zh": c.message.zh, "en": c.message.en} for c in self.checks]
        return {"state": self.state, "at": self.at.isoformat(timespec="seconds"), "checks": checks}


def health(workspace: Workspace, at: datetime | None = None) -> Health:
    """How the store, the disk, the audit's end, the backups, the domains and the calendar stand. Costs some queries."""
    at = at or now()
    return Health(at, tuple(_checks(workspace, at)))


def _checks(workspace: Workspace, at: datetime) -> Iterator[Check]:
    desk = workspace.desk(SYSTEM)
    yield Check("store", "good", _STORE.format(version=workspace.store.data_version()))
    free = shutil.disk_usage(workspace.settings.var).free
    state: State = "bad" if free < ROOM_BAD else "warn" if free < ROOM_WARN else "good"
    yield Check("disk", state, (_ROOM if state == "good" else _NO_ROOM).format(gb=f"{free / 2**30:.1f}"))
    number, _ = audit.head(desk)
    newest = audit.lines(desk, limit=1)
    whole = (newest[0]["number"] if newest else 0) == number
    yield Check("audit", "good" if whole else "bad", (_AUDIT if whole else _AUDIT_BROKEN).format(n=number))
    yield _backup(desk, at)
    for broken in workspace.registry.broken:
        yield Check(f"domain {broken.name}", "bad", broken.reason)
    for problem in workspace.places.problems:
        yield Check("data", "warn", problem)


def _backup(desk: Any, at: datetime) -> Check:
    last = audit.lines(desk, audit.Wanted(act="store.backup"), limit=1)
    if not last:
        return Check("backup", "warn", _NO_BACKUP)
    age = at - last[0]["at"]
    days = f"{age / timedelta(days=1):.1f}"
    old = age > OLD_BACKUP
    return Check("backup", "warn" if old else "good", (_OLD if old else _BACKED_UP).format(days=days))


_STORE = Text("数据库正常，数据版本 {version}", "The store answers, data version {version}")
_ROOM = Text("数据目录所在磁盘剩余 {gb} GB", "{gb} GB free on the disk of the data folder")
_NO_ROOM = Text(
    "数据目录所在磁盘仅剩 {gb} GB。请清理磁盘，或把 PILOTWATCH_VAR 移到更大的磁盘。",
    "Only {gb} GB free on the disk of the data folder. Make room, or move PILOTWATCH_VAR to a larger one.",
)
_AUDIT = Text("审计链到第 {n} 行，链尾相符", "The audit ends with line {n}, as registered")
_AUDIT_BROKEN = Text(
    "审计链尾与登记的第 {n} 行不符。请立即运行 pilotwatch audit verify 并报告。",
    "The audit doesn't end with line {n} as registered. Run pilotwatch audit verify now and report it.",
)
_NO_BACKUP = Text(
    "从未备份。请运行 pilotwatch backup，并安排每日备份。", "Never backed up. Run pilotwatch backup, and do so daily."
)
_BACKED_UP = Text("最近一次备份在 {days} 天前", "Last backed up {days} days ago")
_OLD = Text(
    "最近一次备份已是 {days} 天前。请检查备份任务。", "Last backed up {days} days ago. See to the backup's timer."
)
