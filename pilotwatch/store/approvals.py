"""Approval of figures by domain, reporting unit and month: what was decided, and what is locked by it.

A cell (domain, unit, month) is open until its district approves it and the city accepts it; either may return it with a
remark. While it is accepted, no commit and no withdrawal changes a row that falls into it, unless the city has opened it
until a moment. The records that all domains share count in the cells of the reform (`SHARED`).

A row falls into the month of its day and into its own reporting unit, both as it was stored before and as it would be
afterwards. Rows without a day (lists of subjects) fall into no month: they tell what is so now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import datasets, scope
from pilotwatch.store.approval_tables import ApprovalEvent
from pilotwatch.store.engine import among
from pilotwatch.store.model import BatchLine, StoreRefused
from pilotwatch.store.registers import append_audit
from pilotwatch.store.rows import Rows
from pilotwatch.store.tables import Batch, Confirmation
from pilotwatch.store.versions import Match
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

Act = Literal["approve", "accept", "return", "except", "close"]
State = Literal["open", "approved", "accepted", "returned"]

#: Whose cells the records belong to that no domain owns: the reform's (`pilotwatch.reform.NAME`).
SHARED = "reform"

_event = ApprovalEvent.__table__
VERSION = select(func.count()).select_from(_event)  # grows with every decision
_confirmation = Confirmation.__table__
_batch = Batch.__table__
_AFTER: dict[str, State] = {"approve": "approved", "accept": "accepted", "return": "returned"}
#: The states in which an act is possible.
_FROM: dict[Act, frozenset[State]] = {
    "approve": frozenset({"open", "returned"}),
    "accept": frozenset({"approved", "accepted"}),
    "return": frozenset({"open", "approved", "accepted"}),
    "except": frozenset({"accepted"}),
    "close": frozenset({"accepted"}),
}
_AT_ONCE = 50_000
_NEVER = -700_000  # a day before any month that is decided on
_MONTHS = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is decided on: a domain (or the reform), a reporting unit, a month as 2026-10."""

    domain: str
    report_unit: str
    month: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry; see ApprovalEvent."""

    cell: Cell
    number: int
    kind: Act
    at: datetime
    by: str
    by_name: str
    remark: str
    until: datetime | None
    figures: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cell stands: `number` of its newest decision (0: none), `until` when changes are let in while it is accepted;
    `last` the decision that brought the state about."""

    state: State = "open"
    number: int = 0
    until: datetime | None = None
    last: Decision | None = None

    def locked(self, at: datetime) -> bool:
        return self.state == "accepted" and not (self.until and self.until > at)


OPEN = Standing()


def standing(decided: Iterable[Decision]) -> Standing:
    """What the decisions on one cell come to, in their order."""
    found = OPEN
    for one in decided:
        if one.kind in _AFTER:
            found = Standing(_AFTER[one.kind], one.number, None, one)
        else:
            until = one.until if one.kind == "except" else None
            found = Standing(found.state, one.number, until, found.last)
    return found


# --- reading -------------------------------------------------------------------------------------------------------


def decisions(
    desk: Desk, *, domain: str | None = None, unit: str | None = None, months: Collection[str] | None = None
) -> dict[Cell, tuple[Decision, ...]]:
    """The decisions on the cells in the person's units and domains, in the order they were made; of cells with any."""
    scope.demand(desk.person, "read")
    asked = _event.select().where(scope.rows_of(desk.person, _event)).order_by(_event.c.number)
    if desk.person.domains is not None:
        asked = asked.where(_event.c.domain.in_([SHARED, *sorted(desk.person.domains)]))
    for column, value in ((_event.c.domain, domain), (_event.c.report_unit, unit)):
        asked = asked if value is None else asked.where(column == value)
    if months is not None:
        asked = asked.where(_event.c.month.in_(sorted(months)))
    with desk._reading() as connection:
        return _by_cell(connection.execute(asked).mappings())


def _by_cell(rows: Iterable[Mapping]) -> dict[Cell, tuple[Decision, ...]]:
    found: dict[Cell, list[Decision]] = {}
    for row in rows:
        cell = Cell(row["domain"], row["report_unit"], row["month"])
        one = Decision(cell, *(row[n] for n in ("number", "kind", "at", "by", "by_name", "remark", "until", "figures")))
        found.setdefault(cell, []).append(one)
    return {cell: tuple(decided) for cell, decided in found.items()}


# --- deciding ------------------------------------------------------------------------------------------------------


def decide(
    desk: Desk, act: Act, seen: Mapping[Cell, int], *, names: Mapping[str, Text], remark: str = "", until: datetime | None = None,
    figures: Callable[[Desk, Cell], str] | None = None,
) -> list[Decision]:  # fmt: skip
    """Decides on all cells at once, or on none.

    `seen`: cell → number of its newest decision that the person knows of; where another came since, they are told.
    `names`: what units are called. `figures(desk, cell)`: the figures to be kept, read in the same transaction while no
    commit can change them.

    Raises
    ------
    StoreRefused : without the right; "other_unit" and "other_domain" outside the scope; "meanwhile" where somebody else
        decided first; "state" where a cell's state doesn't allow the act.
    """
    for cell in seen:
        _mine(desk.person, act, cell)
    owned = {d for cell in seen for d in datasets_of(desk._store, cell.domain)}
    at = now()
    with desk._writing() as connection:
        datasets.lock(connection, owned)
        kept = _standings(connection, seen)
        for cell, number in seen.items():
            _allowed(desk.person, act, cell, kept.get(cell, OPEN), number, names)
        inside = type(desk)(desk._store, desk.person, connection)
        rows = [
            {
                "id": new_id(), "at": at, "by": desk.person.username, "by_name": desk.person.name,
                "domain": cell.domain, "report_unit": cell.report_unit, "month": cell.month, "number": number + 1, "kind": act,
                "remark": remark, "until": until, "figures": figures(inside, cell) if figures else "",
                "unit_zh": names[cell.report_unit].zh, "unit_en": names[cell.report_unit].en,
            }
            for cell, number in seen.items()
        ]  # fmt: skip
        connection.execute(_event.insert(), rows)
        for row in rows:
            told = {"domain": row["domain"], "month": row["month"], "remark": remark}
            told |= {"until": until.isoformat()} if until else {}
            append_audit(connection, desk.person.username, f"approval.{act}", row["report_unit"], told)
    return [d for decided in _by_cell(rows).values() for d in decided]


def _standings(connection: Connection, cells: Collection[Cell]) -> dict[Cell, Standing]:
    """How cells stand, of those with any decision."""
    months, domains = {c.month for c in cells}, {c.domain for c in cells}
    asked = _event.select().where(_event.c.month.in_(sorted(months)), _event.c.domain.in_(sorted(domains)))
    found = _by_cell(connection.execute(asked.order_by(_event.c.number)).mappings())
    return {cell: standing(decided) for cell, decided in found.items()}


def _mine(person: scope.Person, act: Act, cell: Cell) -> None:
    if act == "return":
        scope.demand(person, "accept" if person.may("accept") else "approve")
    else:
        scope.demand(person, "approve" if act == "approve" else "accept")
    if person.units is not None and cell.report_unit not in person.units:
        raise StoreRefused("other_unit", _OTHER_UNIT)
    if person.domains is not None and cell.domain not in (SHARED, *person.domains):
        raise StoreRefused("other_domain", _OTHER_DOMAIN)


def _allowed(
    person: scope.Person, act: Act, cell: Cell, found: Standing, number: int, names: Mapping[str, Text]
) -> None:
    where = {"unit": names[cell.report_unit], "month": cell.month}
    if found.number != number:
        last = found.last
        raise StoreRefused(
            "meanwhile",
            _MEANWHILE.format(**where, state=STATES[found.state], by=last.by_name if last else "", at=f"{last.at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if last else ""),
        )  # fmt: skip
    if found.state not in _FROM[act] or (act == "close" and found.until is None):
        raise StoreRefused("state", _STATE.format(**where, state=STATES[found.state], act=ACTS[act]))
    if act == "return" and found.state == "accepted" and not person.may("accept"):
        raise StoreRefused("state", _STATE.format(**where, state=STATES[found.state], act=ACTS[act]))


# --- the lock ------------------------------------------------------------------------------------------------------


def datasets_of(store: Store, domain: str) -> list[str]:
    """The datasets whose rows fall into the cells of a domain; those that no domain owns fall into the reform's."""
    return [n for n in store.datasets if domain in store.owners.get(n, (SHARED,))]


Locked = Mapping[str, frozenset[tuple[str, str]]]


def locked(connection: Connection, store: Store, names: Collection[str]) -> Locked:
    """Of these datasets: dataset → the (unit, month) that are locked now. Empty, for the price of one look, where nothing is.

    The datasets are locked (`datasets.lock`), so nothing can be accepted before the transaction ends.
    """
    domains = {d for n in names for d in store.owners.get(n, (SHARED,))}
    ever = select(_event.c.domain, _event.c.report_unit, _event.c.month).where(
        _event.c.domain.in_(sorted(domains)), _event.c.kind == "accept"
    )
    cells = {Cell(*row) for row in connection.execute(ever)}
    if not cells:
        return {}
    at = now()
    shut = {c for c, s in _standings(connection, cells).items() if s.locked(at)}
    found = {
        n: frozenset((c.report_unit, c.month) for c in shut if c.domain in store.owners.get(n, (SHARED,)))
        for n in names
    }
    return {n: pairs for n, pairs in found.items() if pairs}


def refuse_rows(connection: Connection, shut: Locked, rows: Rows, matched: Match) -> None:
    """Raises StoreRefused "locked" where a row that is new or changed falls into a locked month, or was in one before.

    Rows that are stored already just so change nothing and are let through.
    """
    pairs = shut.get(rows.dataset)
    if not pairs:
        return
    fresh = ~matched.unchanged
    units, days = rows.column("report_unit"), rows.columns.get("day")
    if days is not None:
        _refuse(connection, rows, fresh & _among(units, days, pairs), units, days)
    if not matched.changed.any():
        return
    table = rows.table
    for start in range(0, int(matched.changed.sum()), _AT_ONCE):
        keys = rows.keys.filter(pa.array(matched.changed)).slice(start, _AT_ONCE).to_pylist()
        before = select(table.c.report_unit, table.c.day).where(
            table.c.replaced_by.is_(None), among(connection, table.c.record_key, keys)
        )
        _refuse_pairs(connection, rows.record.spec.title, before, pairs)


def refuse_withdrawal(connection: Connection, store: Store, line: BatchLine) -> None:
    """Raises StoreRefused "locked" where withdrawing the batch takes a row out of a locked month, or brings one back."""
    shut = locked(connection, store, line.datasets)
    for dataset, pairs in shut.items():
        record, table = store.dataset(dataset)
        gone = (table.c.batch_id == line.id) & table.c.replaced_by.is_(None)
        back = (table.c.replaced_by == line.id) & (table.c.batch_id != line.id)
        touched = select(table.c.report_unit, table.c.day).where(
            or_(gone, back), table.c.record_key.not_in(_confirmed(table, dataset, line.id))
        )
        _refuse_pairs(connection, record.spec.title, touched, pairs)


def _confirmed(table: Table, dataset: str, batch: str) -> Select:
    """The keys of the batch's rows that another one stated again: they stay as they are when it goes."""
    mine, c = table.alias("mine"), _confirmation.c
    same_row = (mine.c.subject_id == c.subject_id) & (mine.c.id == c.row_id)
    return select(mine.c.record_key).join(_confirmation, same_row).where(mine.c.batch_id == batch, c.dataset == dataset)


def _among(units: pa.Array, days: pa.Array, pairs: Collection[tuple[str, str]]) -> np.ndarray:
    """Which rows, by their units and days, fall into one of the (unit, month)."""
    months = pc.fill_null(days.cast(pa.date32()).cast(pa.int32()), _NEVER).to_numpy().astype("datetime64[D]")
    numbers = months.astype("datetime64[M]").astype(np.int64)
    coded = units.dictionary_encode()
    place = {u: i for i, u in enumerate(coded.dictionary.to_pylist())}
    at = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64) * _MONTHS + numbers
    wanted = [place[u] * _MONTHS + int(np.datetime64(m, "M").astype(np.int64)) for u, m in pairs if u in place]
    return np.isin(at, wanted)


def _refuse(connection: Connection, rows: Rows, mask: np.ndarray, units: pa.Array, days: pa.Array) -> None:
    at = np.flatnonzero(mask)
    if not len(at):
        return
    numbers = [rows.source_rows[int(i)].as_py() for i in at[:5]]
    listed = ", ".join(map(str, numbers)) + (" …" if len(at) > 5 else "")
    sheet = rows.sheets[int(at[0])].as_py()
    where = Text(
        (f"工作表“{sheet}”" if sheet else "") + f"第 {listed} 行（共 {len(at)} 行）",
        f"Rows {listed}" + (f" of sheet “{sheet}”" if sheet else "") + f" ({len(at)} in all)",
    )
    first = int(at[0])
    raise _shut(connection, where, units[first].as_py(), days[first].as_py())


def _refuse_pairs(connection: Connection, title: Text, asked: Select, pairs: Collection[tuple[str, str]]) -> None:
    """Raises where a (unit, day) that is found falls into one of the (unit, month)."""
    for unit, day in connection.execute(asked.distinct()):
        if day is not None and (unit, f"{day:%Y-%m}") in pairs:
            raise _shut(
                connection, Text(f"已入库的“{title.zh}”数据", f"Rows of “{title.en}” that are stored"), unit, day
            )


def _shut(connection: Connection, where: Text, unit: str, day: date) -> StoreRefused:
    month = f"{day:%Y-%m}"
    asked = _event.select().where(_event.c.report_unit == unit, _event.c.month == month, _event.c.kind == "accept")
    row = connection.execute(asked.order_by(_event.c.at.desc()).limit(1)).mappings().one()
    return StoreRefused(
        "locked",
        _LOCKED.format(
            where=where, unit=Text(row["unit_zh"] or unit, row["unit_en"] or unit), month=month, by=row["by_name"],
            at=f"{row['at'].astimezone(BEIJING):%Y-%m-%d}",
        ),
    )  # fmt: skip


# --- what came in when ---------------------------------------------------------------------------------------------


def arrivals(desk: Desk, dataset: str, since: date, until: date) -> dict[tuple[str, str], dict[date, int]]:
    """When the current rows of a dataset came in: (unit, month of the row's day) → day of arrival in Beijing → rows.

    Rows with a day in [since, until), in the person's units.
    """
    _, table = desk._read_door(dataset)
    asked = (
        select(table.c.report_unit, table.c.day, table.c.batch_id, func.count())
        .where(table.c.replaced_by.is_(None), table.c.day >= since, table.c.day < until)
        .where(scope.rows_of(desk.person, table))
        .group_by(table.c.report_unit, table.c.day, table.c.batch_id)
    )
    found: dict[tuple[str, str], dict[date, int]] = {}
    with desk._reading() as connection:
        at = {str(i): a.astimezone(BEIJING).date() for i, a in connection.execute(select(_batch.c.id, _batch.c.at))}
        for unit, day, batch, count in connection.execute(asked):
            mine = found.setdefault((unit or "", f"{day:%Y-%m}"), {})
            mine[at[str(batch)]] = mine.get(at[str(batch)], 0) + count
    return found


def batches_of(desk: Desk, cell: Cell, limit: int = 20) -> list[BatchLine]:
    """The standing batches whose current rows fall into a cell, the newest first, of those in the person's scope."""
    wanted: set[str] = set()
    with desk._reading() as connection:
        for table, rows in _rows_in(desk, cell):
            wanted |= {str(b) for b in connection.execute(select(table.c.batch_id).where(*rows).distinct()).scalars()}
        return desk._lines(connection, _batch.c.id.in_([UUID(b) for b in wanted]), limit=limit) if wanted else []


def falls(desk: Desk, batch: BatchLine, cell: Cell) -> bool:
    """Whether a current row of the batch falls into the cell."""
    with desk._reading() as connection:
        return any(
            connection.scalar(select(table.c.id).where(table.c.batch_id == batch.id, *rows).limit(1)) is not None
            for table, rows in _rows_in(desk, cell, batch.datasets)
        )


def _rows_in(
    desk: Desk, cell: Cell, among_: Collection[str] | None = None
) -> Iterator[tuple[Table, list[ColumnElement[bool]]]]:
    """The tables whose rows may fall into a cell, of datasets that the person sees, and which rows do."""
    year, month = int(cell.month[:4]), int(cell.month[5:])
    first, after = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    for name in datasets_of(desk._store, cell.domain):
        if name in desk._visible() and (among_ is None or name in among_):
            _, table = desk._store.dataset(name)
            c = table.c
            yield table, [c.replaced_by.is_(None), c.report_unit == cell.report_unit, c.day >= first, c.day < after]


STATES: dict[State, Text] = {
    "open": Text("未审核", "Not approved"),
    "approved": Text("区县已审核", "Approved by the district"),
    "accepted": Text("市级已验收", "Accepted by the city"),
    "returned": Text("已退回", "Returned"),
}
ACTS: dict[Act, Text] = {
    "approve": Text("审核通过", "approve"),
    "accept": Text("验收", "accept"),
    "return": Text("退回", "return"),
    "except": Text("开放限期修改", "let changes in"),
    "close": Text("结束限期修改", "end the changes"),
}
_OTHER_UNIT = Text("只能审核本单位的数据。", "Only the figures of your own unit can be decided on.")
_OTHER_DOMAIN = Text("只能审核本领域的数据。", "Only the figures of your own domains can be decided on.")
_MEANWHILE = Text(
    "{unit} {month} 的数据刚由 {by} 于 {at} 办理，现为“{state}”。本次未作任何改动，请核对后再办理。",
    "{by} decided on {month} of {unit} at {at}: it is now “{state}”. Nothing was changed; look at it again first.",
)
_STATE = Text(
    "{unit} {month} 的数据现为“{state}”，不能“{act}”。本次未作任何改动，请刷新后重新选择。",
    "{month} of {unit} is “{state}”: it can't be decided on so ({act}). Nothing was changed; choose again.",
)
_LOCKED = Text(
    "{where}属于{unit} {month}，该月数据已由 {by} 于 {at} 验收锁定，未作任何改动。确需修改的，请市级专班办公室在“数据审核”中开放限期修改后再办理。",
    "{where} fall into {month} of {unit}, which {by} accepted on {at}: it is locked and nothing was changed. If it has to be changed, "
    "ask the city office to let changes in for a while (数据审核).",
)  # fmt: skip
