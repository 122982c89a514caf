"""The audit's chain: how lines get into it, are read, and are proved to be what they were.

A line's hash is SHA-256 over its fields and the hash of the line before, so a line vouches for all earlier ones. Lines
are gathered while a transaction runs and linked as the last thing before it commits: the row of the chain's end is
locked then, and only for that long, so that writers of both databases make one chain and never wait in a circle.

A chain alone can be cut short, or made anew from some line on, by whoever may write to the database. So each process
also writes the end it committed to a folder outside of it (`anchors/`, a line a transaction): a chain that doesn't pass
through every anchor isn't the one that was written.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import engine as db
from pilotwatch.store import scope
from pilotwatch.store.audit_tables import Audit, AuditHead
from pilotwatch.workdays import now, standing

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_log = logging.getLogger("pilotwatch.audit")
_audit, _head = Audit.__table__, AuditHead.__table__

CHAIN = "audit"  # the name of the one chain there is
FIRST = "0" * 64  # what the first line follows
PAGE = 10_000  # lines that are read at a time while the chain is verified
TOLD = 100  # breaches that are told one by one

Anchor = tuple[int, str]


# --- appending -----------------------------------------------------------------------------------------------------


def append(
    connection: Connection, who: str, act: str, on: str | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Adds a line, in the transaction of what it tells of: both are there, or neither."""
    line = {
        "id": new_id(), "at": now(), "username": _clean(who), "act": act,
        "object": None if on is None else _clean(on),
        "details": json.dumps(dict(details or {}), ensure_ascii=False, default=str),
    }  # fmt: skip
    line["details"] = _clean(line["details"])
    db.gathered(connection, _link).append(line)


def hash_of(before: str, line: Mapping[str, Any]) -> str:
    """The hash of a line that follows one with the hash `before`: its fields as compact JSON, the moment in UTC."""
    at = line["at"].astimezone(UTC).isoformat(timespec="microseconds")
    told = [before, line["number"], str(line["id"]), at, line["username"], line["act"], line["object"], line["details"]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _link(connection: Connection, lines: list[dict[str, Any]]) -> Callable[[], None]:
    """Gives the lines their numbers and hashes; returns what is to be done once they are committed."""
    number, before = connection.execute(
        select(_head.c.number, _head.c.hash).where(_head.c.chain == CHAIN).with_for_update()
    ).one()
    for number, line in enumerate(lines, start=number + 1):  # noqa: B020 - counts on
        line["number"] = number
        line["hash"] = before = hash_of(before, line)
    connection.execute(_audit.insert(), lines)
    connection.execute(update(_head).where(_head.c.chain == CHAIN).values(number=number, hash=before))
    folder = connection.get_execution_options().get("anchors")
    return lambda: _witness(folder, (number, before))


def _clean(text: str) -> str:
    """Text that either database keeps as it is: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


# --- anchors -------------------------------------------------------------------------------------------------------


def _witness(folder: str | None, anchor: Anchor) -> None:
    """Writes down outside the database how far the chain went. What it tells of is committed, so it can't fail any more."""
    _log.info("audit anchor", extra={"number": anchor[0], "hash": anchor[1]})
    if folder is None:
        return
    at = now()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with (Path(folder) / f"{at:%Y-%m}.log").open("a", encoding="ascii") as file:
            file.write(f"{anchor[0]} {anchor[1]} {at:%Y-%m-%dT%H:%M:%SZ}\n")
    except OSError as error:
        _log.warning("no anchor could be written", extra={"number": anchor[0], "error": type(error).__name__})


def anchors(folder: Path) -> Iterator[Anchor]:
    """What was written down in a folder; a line that was only half written is passed over."""
    for file in sorted(folder.glob("*.log")):
        for line in file.read_text("ascii", errors="replace").splitlines():
            number, _, rest = line.partition(" ")
            if number.isdigit() and len(rest.split(" ")[0]) == 64 and rest.endswith("Z"):
                yield int(number), rest.split(" ")[0]


# --- verifying -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Breach:
    """Where the chain isn't what was written; `kind`: changed, missing, extra, end, anchor."""

    kind: str
    number: int
    message: Text


@dataclass
class Verdict:
    """What was found of a chain: how many lines there are, where it ends, how many anchors it was held against."""

    lines: int = 0
    head: Anchor = (0, FIRST)
    anchors: int = 0
    breaches: list[Breach] = field(default_factory=list)
    more: int = 0  # breaches beyond those that are told

    @property
    def intact(self) -> bool:
        return not self.breaches

    def tell(self, kind: str, number: int, text: Text, **values: Any) -> None:
        if len(self.breaches) < TOLD:
            self.breaches.append(Breach(kind, number, text.format(number=number, **values)))
        else:
            self.more += 1


def verify(desk: Desk, noted: Iterable[Anchor] = (), told: Callable[[int, int], None] | None = None) -> Verdict:
    """Goes through the whole chain. `noted`: anchors from elsewhere, held against it beside those of the store's folder.

    Finds a line that was changed, removed, added or moved, the last ones too. `told(done, of)` hears of each page.
    """
    scope.demand(desk.person, "audit")
    folder = desk._store._engine.get_execution_options().get("anchors")
    found = Verdict()
    wanted = [*(anchors(Path(folder)) if folder else ()), *noted]  # read before the end is: so none is ahead of it
    with desk._reading() as connection:
        head = _end(connection)
        end = head.number if head else 0
        due = _by_number(wanted)
        last = 0
        before: str | None = FIRST
        for line in _lines_by_number(connection, end):
            number = line["number"]
            if number > last + 1:
                gap = Text(f"{last + 1}—{number - 1}", f"{last + 1} to {number - 1}")
                found.tell("missing", last + 1, _MISSING, gap=gap, n=number - last - 1)
                before = None
            if number < 1:
                found.tell("extra", number, _EXTRA)
            elif before is not None and hash_of(before, line) != line["hash"]:
                found.tell("changed", number, _CHANGED)
            for seen in due.pop(number, ()):
                found.anchors += 1
                if seen != line["hash"]:
                    found.tell("anchor", number, _NOT_ANCHORED)
            found.lines, last, before = found.lines + 1, number, line["hash"]
            if told and found.lines % PAGE == 0:
                told(found.lines, end)
        highest = connection.scalar(select(func.max(_audit.c.number))) or 0
        now_at = _end(connection)  # read after it: on PostgreSQL lines may have been appended meanwhile
    found.head = (last, before or FIRST)
    if head is None or last < end:
        found.tell("end", last + 1, _CUT, last=last, end=end)
    elif last and before != head.hash:
        found.tell("end", last, _OTHER_END)
    if now_at and highest > now_at.number:
        found.tell("extra", highest, _EXTRA)
    newest = max((n for n, _ in wanted), default=0)
    if newest > last:
        found.tell("anchor", last + 1, _BEFORE_ANCHOR, last=last, newest=newest)
    return found


def head(desk: Desk) -> Anchor:
    """The chain's end now: number and hash, to be noted where nobody who can write to the store can change it."""
    scope.demand(desk.person, "audit")
    with desk._reading() as connection:
        end = _end(connection)
    return (end.number, end.hash) if end else (0, FIRST)


def _end(connection: Connection) -> Any:
    return connection.execute(select(_head.c.number, _head.c.hash).where(_head.c.chain == CHAIN)).first()


def _by_number(wanted: Iterable[Anchor]) -> dict[int, set[str]]:
    due: dict[int, set[str]] = {}
    for number, seen in wanted:
        due.setdefault(number, set()).add(seen)
    return due


def _lines_by_number(connection: Connection, end: int) -> Iterator[Mapping[str, Any]]:
    after = None
    while True:
        statement = select(_audit).where(_audit.c.number <= end).order_by(_audit.c.number).limit(PAGE)
        page = connection.execute(statement if after is None else statement.where(_audit.c.number > after)).mappings()
        rows = page.all()
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1]["number"]


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: those that fit all that is given. `act`: an act (`case.close`) or its kind (`case`). `words`: anywhere in
    the object or the details. `since` ≤ at < `until`."""

    username: str | None = None
    act: str | None = None
    words: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def lines(
    desk: Desk, wanted: Wanted | None = None, *, before: int | None = None, limit: int = 200
) -> list[dict[str, Any]]:
    """The newest lines first: number, at (UTC), username, act, object, details (a dictionary), hash. `before`: those with a
    smaller number, for the next page."""
    scope.demand(desk.person, "audit")
    statement = select(*(_audit.c[n] for n in _SHOWN)).where(*_conditions(wanted or Wanted()))
    if before is not None:
        statement = statement.where(_audit.c.number < before)
    with desk._reading() as connection:
        found = connection.execute(statement.order_by(_audit.c.number.desc()).limit(limit)).mappings()
        return [dict(r) | {"details": json.loads(r["details"])} for r in found]


def count(desk: Desk, wanted: Wanted) -> int:
    """How many lines fit."""
    scope.demand(desk.person, "audit")
    with desk._reading() as connection:
        return connection.scalar(select(func.count()).select_from(_audit).where(*_conditions(wanted))) or 0


def choices(desk: Desk) -> tuple[dict[str, int], dict[str, int]]:
    """Who has lines, and which acts: each with how many."""
    scope.demand(desk.person, "audit")
    with desk._reading() as connection:
        users, acts = (
            dict(connection.execute(select(c, func.count()).group_by(c).order_by(c)).all())
            for c in (_audit.c.username, _audit.c.act)
        )
    return users, acts


def told_of(desk: Desk, act: str, on: str | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Adds a line for something that isn't stored otherwise: an export, a page of personal data."""
    store = desk._store
    if desk.person.as_of:  # what is taken out of a look back is told to the present
        details = {**(details or {}), "as_of": desk.person.as_of.isoformat()}
        with standing(None), db.writing(store.present._engine) as connection:  # type: ignore[attr-defined]
            append(connection, desk.person.username, act, on, details)
        return
    with desk._writing() as connection:
        append(connection, desk.person.username, act, on, details)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.username:
        yield _audit.c.username == wanted.username
    if wanted.act:
        yield or_(_audit.c.act == wanted.act, _audit.c.act.startswith(f"{wanted.act}.", autoescape=True))
    if wanted.words:
        texts = (_audit.c.object, _audit.c.details)
        yield or_(*(t.contains(_clean(wanted.words), autoescape=True) for t in texts))
    if wanted.since:
        yield _audit.c.at >= wanted.since
    if wanted.until:
        yield _audit.c.at < wanted.until


_SHOWN = ("number", "at", "username", "act", "object", "details", "hash")
_CHANGED = Text(
    "第 {number} 行与其校验值不符：该行被改动，或它前一行被改动后重算了校验值。",
    "Line {number} doesn't fit its hash: it was changed, or the one before it was changed and hashed anew.",
)
_MISSING = Text("第 {gap} 行缺失（共 {n} 行），已被删除或移走。", "Lines {gap} are missing ({n}): removed or moved.")
_EXTRA = Text(
    "第 {number} 行的编号不可能存在，是插入的。", "Line {number} has a number that can't be: it was slipped in."
)
_CUT = Text(
    "审计到第 {last} 行为止，而链尾登记为第 {end} 行：末尾的行已被删除。",
    "The audit ends with line {last}, its end is registered as line {end}: the last lines were removed.",
)
_OTHER_END = Text(
    "末行（第 {number} 行）与链尾登记的校验值不符：末行被改动或替换。",
    "The last line ({number}) doesn't have the registered hash: it was changed or replaced.",
)
_NOT_ANCHORED = Text(
    "第 {number} 行与当时留在库外的锚点不符：这一行或更早的行被改写，其后全部重算。",
    "Line {number} isn't what was written down outside the store: it or an earlier one was rewritten, all after it hashed anew.",
)
_BEFORE_ANCHOR = Text(
    "审计到第 {last} 行为止，而库外的锚点记到第 {newest} 行：末尾的行已被删除，或库是从更早的备份恢复而未作登记。",
    "The audit ends with line {last}, but anchors outside the store reach line {newest}: the last lines were removed, or "
    "the store was put back to an earlier state without saying so.",
)
