"""Batches: compare with what is stored, commit, withdraw.

The law: for every key, what is current is what the last standing batch that stated the key says. Rows are added and
superseded, never overwritten: `replaced_by` is empty in the current version, the batch of the next version in an older
one, and the row's own batch in a withdrawn one. A row that a later batch states again isn't stored again; the batch
*confirms* it, and takes it over should the batch that brought it be withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import uuid_utils
from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from pilotwatch.domain import Record, Text
from pilotwatch.store import bulk, scope
from pilotwatch.store.engine import among, among_pairs, is_postgres
from pilotwatch.store.model import Arrived, CheckedLike, Difference, Explanations, FindingLike, StoreRefused
from pilotwatch.store.records import PLACE, STORAGE, layout
from pilotwatch.store.rows import Rows
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import (
    Batch,
    BatchFinding,
    BatchTable,
    BatchUnit,
    Confirmation,
    Dataset,
    Subject,
)

_subject, _confirmation = Subject.__table__, Confirmation.__table__
_LOOKUP = 50_000  # keys asked for at once


# --- comparing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """Rows on their way in against the current ones: `at[i]` is where row i's key is in `found`, -1 where nowhere."""

    found: pa.Table  # record_key, content_hash, subject_id, id, report_unit of the current rows with these keys
    at: np.ndarray
    changed: np.ndarray
    unchanged: np.ndarray

    @property
    def new(self) -> np.ndarray:
        return self.at < 0

    def replaced(self, mask: np.ndarray) -> pa.Table:
        return self.found.take(pa.array(self.at[mask]))


def match(connection: Connection, rows: Rows) -> Match:
    table = rows.table
    wanted = {
        "record_key": pa.string(), "content_hash": pa.int64(), "subject_id": pa.string(), "id": pa.string(),
        "report_unit": pa.string(),
    }  # fmt: skip
    keys = rows.keys.to_pylist()
    parts = [
        bulk.read(
            connection,
            select(*(table.c[n] for n in wanted)).where(
                table.c.replaced_by.is_(None), among(connection, table.c.record_key, keys[i : i + _LOOKUP])
            ),
            wanted,
        )
        for i in range(0, len(keys), _LOOKUP)
    ]
    found = pa.concat_tables(parts).combine_chunks() if parts else pa.schema(wanted.items()).empty_table()
    at = pc.fill_null(pc.index_in(rows.keys, found["record_key"]), -1).to_numpy()
    stored = found["content_hash"].to_numpy()
    same = np.zeros(len(rows), bool)
    known = at >= 0
    same[known] = stored[at[known]] == rows.hashes.to_numpy()[known]
    return Match(found, at, known & ~same, same)


def difference(connection: Connection, person: Person, rows: Rows, good: np.ndarray) -> Difference:
    """The masks over all rows of the checked table (good or not); rows in error are in none of them."""
    matched = match(connection, rows)

    def spread(mask: np.ndarray) -> np.ndarray:
        whole = np.zeros(len(good), bool)
        whole[np.flatnonzero(good)[mask]] = True
        return whole

    masks = (matched.new, matched.changed, matched.unchanged, foreign(connection, person, matched))
    new, changed, unchanged, outside = (spread(m) for m in masks)
    return Difference(new, changed, unchanged, missing(connection, person, rows, matched), foreign=outside)


def foreign(connection: Connection, person: Person, matched: Match) -> np.ndarray:
    """Rows whose key is held by a row of a unit that isn't the person's."""
    if person.units is None:
        return np.zeros(len(matched.at), bool)
    unit, subjects = (matched.found[n].combine_chunks() for n in ("report_unit", "subject_id"))
    unit = pc.coalesce(unit, listed_place(connection, subjects, pc.is_null(unit), ("report_unit",))["report_unit"])
    theirs = ~np.isin(_objects(unit), [*person.units, None])
    return (matched.at >= 0) & np.append(theirs, False)[matched.at]


def missing(connection: Connection, person: Person, rows: Rows, matched: Match) -> int:
    """Current rows of the units the file speaks of that it doesn't have; asked of whole lists only, not of events."""
    if rows.record.spec.kind != "subject" or not len(rows):
        return 0
    table = rows.table
    units = [u for u in pc.unique(_column(rows, "report_unit")).to_pylist() if u]
    stored = connection.scalar(
        select(func.count())
        .select_from(table)
        .where(table.c.replaced_by.is_(None), table.c.report_unit.in_(units), scope.rows_of(person, table))
    )
    return int(stored or 0) - int(np.isin(_objects(matched.found["report_unit"]), units).sum())


# --- committing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Incoming:
    """One table of an upload on its way in, with what a list of batches shows of it."""

    checked: CheckedLike
    record: type[Record]
    rows: Rows
    position: int


def commit(
    connection: Connection,
    person: Person,
    arrived: Arrived,
    tables: Sequence[Incoming],
    rows: Mapping[str, Rows],
    *,
    at: datetime,
    good_rows: bool,
    demo: bool,
    explanations: Explanations,
    told: Callable[[int], None],
) -> tuple[str, dict[str, np.ndarray]] | None:
    """Stores the batch; returns its id and the touched subjects by dataset. None where it would change nothing.

    The datasets are locked already. `told` hears the rows stored so far.
    """
    matches = {d: match(connection, r) for d, r in rows.items()}
    if not any((m.new | m.changed).any() for m in matches.values()):
        return None
    batch = str(uuid_utils.uuid7())
    placed = {d: _placed(connection, person, r) for d, r in rows.items()}
    for d, r in placed.items():
        _refuse_outside(connection, person, r, matches[d])
    lacking = {d: missing(connection, person, r, matches[d]) for d, r in placed.items()}
    connection.execute(
        Batch.__table__.insert().values(
            id=UUID(batch), at=at, on_day=arrived.on, by=person.username, by_name=person.name, file=arrived.name,
            sha256=arrived.sha256, size=arrived.size, good_rows=good_rows, demo=demo,
        )
    )  # fmt: skip
    _describe(connection, batch, tables, placed, matches, lacking)
    _keep_findings(connection, batch, tables, explanations)
    touched: dict[str, np.ndarray] = {}
    before = 0
    for d, r in placed.items():
        touched[d] = _put(connection, batch, r, matches[d], lambda n, before=before: told(before + n))
        before += len(r)
    return batch, touched


def _put(connection: Connection, batch: str, rows: Rows, matched: Match, told: Callable[[int], None]) -> np.ndarray:
    """Supersedes the changed rows, adds the new and changed ones, confirms the rest; returns the touched subjects."""
    table = rows.table
    replaced = matched.replaced(matched.changed)
    _set_replaced(connection, table, replaced, batch)
    fresh = rows.take(~matched.unchanged)
    if len(fresh):
        ids = pa.array([str(uuid_utils.uuid7()) for _ in range(len(fresh))], pa.string())
        stored = {**fresh.stored(), "id": ids}
        by_key = pc.sort_indices(fresh.subjects)  # in the order of the primary key, which spares its index
        bulk.insert(connection, table, {n: c.take(by_key) for n, c in stored.items()} | {"batch_id": batch}, told)
        list_subjects(connection, rows.record, stored)
    kept = matched.replaced(matched.unchanged)
    if len(kept):
        again = pa.array(matched.unchanged)
        bulk.insert(
            connection,
            _confirmation,
            {
                "subject_id": kept["subject_id"].combine_chunks(), "row_id": kept["id"].combine_chunks(),
                "dataset": rows.dataset, "sheet": rows.sheets.filter(again),
                "source_row": rows.source_rows.filter(again), "batch_id": batch,
            },
        )  # fmt: skip
    left = replaced.filter(pc.invert(pc.is_in(replaced["subject_id"], fresh.subjects)))  # rows now of another subject
    relist_subjects(connection, rows.record, table, _distinct(left["subject_id"]))
    return _distinct(fresh.subjects, replaced["subject_id"])


def _placed(connection: Connection, person: Person, rows: Rows) -> Rows:
    """Rows that name no unit get the place where their subject is listed, else the person's unit if there is but one."""
    unit = _column(rows, "report_unit")
    if unit.null_count == 0:
        return rows
    names = ("division_code", "street_code", "report_unit", "zone", "jurisdiction")
    listed = listed_place(connection, rows.subjects, pc.is_null(unit), names)
    columns = dict(rows.columns) | {n: pc.coalesce(_column(rows, n), listed[n]) for n in names}
    if person.units is not None and len(person.units) == 1:
        columns["report_unit"] = pc.fill_null(columns["report_unit"], next(iter(person.units)))
    return replace(rows, columns=columns)


def listed_place(
    connection: Connection, subjects: pa.Array, wanted: pa.Array, names: Sequence[str]
) -> dict[str, pa.Array]:
    """Where the subjects are listed, for the rows where `wanted` is true; null elsewhere, and where they aren't."""
    asked = pc.unique(subjects.filter(wanted)).to_pylist()
    listed = bulk.read(
        connection,
        select(*(_subject.c[n] for n in ("subject_id", *names)))
        .where(among(connection, _subject.c.subject_id, asked), _subject.c.report_unit.is_not(None))
        .order_by(_subject.c.subject_id, _subject.c.dataset),
        {n: pa.string() for n in ("subject_id", *names)},
    )
    at = pc.if_else(wanted, pc.index_in(subjects, listed["subject_id"]), pa.scalar(None, pa.int32()))
    return {n: listed[n].combine_chunks().take(at) for n in names}


def _refuse_outside(connection: Connection, person: Person, rows: Rows, matched: Match) -> None:
    if person.units is None:
        return
    units = _objects(_column(rows, "report_unit"))
    _refuse_rows(
        rows, units == None,  # noqa: E711 - an array
        "scope",
        Text("{where}未注明区（县），其监管对象也不在名录中，无法判断由谁填报。请补填区（县）后重新上传。",
             "{where} name no district and their subject is in no list, so it can't be told whose they are. Fill in the district and upload again."),
    )  # fmt: skip
    _refuse_rows(
        rows, ~np.isin(units, list(person.units)), "scope",
        Text("{where}不在您的填报范围内。请删去这些行，由所属单位填报。",
             "{where} are outside what you report for. Take them out; the unit they belong to reports them."),
    )  # fmt: skip
    _refuse_rows(
        rows, foreign(connection, person, matched), "scope",
        Text("{where}的记录已由其他单位填报，不能覆盖。请核对编号，确属本单位的请联系市级专班办公室调整。",
             "{where} have keys that another unit has reported; they can't be overwritten. Check them, and ask the city office if they are yours."),
    )  # fmt: skip


def _refuse_rows(rows: Rows, mask: np.ndarray, rule: str, message: Text) -> None:
    at = np.flatnonzero(mask)
    if not len(at):
        return
    numbers = [rows.source_rows[int(i)].as_py() for i in at[:5]]
    sheet = rows.sheets[int(at[0])].as_py()
    listed = ", ".join(map(str, numbers)) + (" …" if len(at) > 5 else "")
    where = Text(
        (f"工作表“{sheet}”" if sheet else "") + f"第 {listed} 行（共 {len(at)} 行）",
        f"Rows {listed}" + (f" of sheet “{sheet}”" if sheet else "") + f" ({len(at)} in all)",
    )
    raise StoreRefused(rule, message.format(where=where))


def _describe(
    connection: Connection, batch: str, tables: Sequence[Incoming], rows: Mapping[str, Rows],
    matches: Mapping[str, Match], lacking: Mapping[str, int],
) -> None:  # fmt: skip
    """The batch's tables and units, with their counts."""
    first = {t.record.spec.dataset: t.position for t in reversed(tables)}
    for t in tables:
        dataset, found = t.record.spec.dataset, t.checked.table
        mine, m = rows[dataset].position == t.position, matches[dataset]
        connection.execute(
            BatchTable.__table__.insert().values(
                batch_id=UUID(batch), position=t.position, dataset=dataset, sheet=found.sheet.name,
                header_row=found.header_row, rows_read=len(t.checked.good), rows_ready=int(t.checked.good.sum()),
                new=int((m.new & mine).sum()), changed=int((m.changed & mine).sum()),
                unchanged=int((m.unchanged & mine).sum()),
                missing=lacking[dataset] if first[dataset] == t.position else 0,
                errors=t.checked.errors, warnings=t.checked.warnings,
                columns=_json([[c.header, c.field] for c in found.columns]), context=_json(found.context),
            )
        )  # fmt: skip
    units = [
        {"batch_id": UUID(batch), "dataset": d, "report_unit": v["values"] or "", "rows": v["counts"]}
        for d, r in rows.items()
        for v in pc.value_counts(_column(r, "report_unit")).to_pylist()
    ]
    if units:
        connection.execute(BatchUnit.__table__.insert(), units)


def _keep_findings(connection: Connection, batch: str, tables: Sequence[Incoming], explanations: Explanations) -> None:
    """Keeps what was found in the tables. Findings are made as they are read, so they are taken a few at a time."""
    position = 0
    for t in tables:
        findings = iter(t.checked.findings)
        while some := list(islice(findings, bulk.CHUNK)):
            texts = {n: [of(f) for f in some] for n, of in _FINDING.items()}
            bulk.insert(
                connection,
                BatchFinding.__table__,
                {
                    **{
                        n: pa.array([None if v is None else str(v) for v in vs], pa.string()) for n, vs in texts.items()
                    },
                    "row": pa.array([f.row for f in some], pa.int64()),
                    "position": pa.array(range(position, position + len(some)), pa.int64()),
                    "explanation": pa.array([explanation_of(f, explanations) for f in some], pa.string()),
                    "batch_id": batch,
                    "dataset": t.record.spec.dataset,
                },
            )
            position += len(some)


_FINDING: dict[str, Callable[[FindingLike], Any]] = {
    "sheet": lambda f: f.sheet, "field": lambda f: f.field, "header": lambda f: f.column, "value": lambda f: f.value,
    "expected_zh": lambda f: f.expected.zh, "expected_en": lambda f: f.expected.en, "message_zh": lambda f: f.message.zh,
    "message_en": lambda f: f.message.en, "rule": lambda f: f.rule, "severity": lambda f: f.severity,
}  # fmt: skip


def explanation_of(finding: FindingLike, explanations: Explanations) -> str | None:
    """What the team said about a warning: to this cell (sheet, row, field, rule), to its rule, or to all ("*")."""
    if finding.severity != "warning" or not explanations:
        return None
    if isinstance(explanations, str):
        return explanations
    for key in ((finding.sheet, finding.row, finding.field, finding.rule), finding.rule, "*"):
        if key in explanations:
            return explanations[key]
    return None


# --- withdrawing ---------------------------------------------------------------------------------------------------


def withdraw(connection: Connection, batch: str, record: type[Record], table: Table) -> np.ndarray:
    """Takes the batch's rows out of one dataset as if it had never been; returns the touched subjects.

    Each of its versions leaves the chain of its key: a row another batch confirmed goes to that batch; of the others,
    what they replaced is now replaced by what replaced them, or current again.
    """
    dataset = record.spec.dataset
    chain = {"id": pa.string(), "subject_id": pa.string(), "record_key": pa.string(), "replaced_by": pa.string()}
    mine = _chain(connection, table, chain, table.c.batch_id == batch, _unlike(table.c.replaced_by, batch))
    older = _chain(connection, table, chain, table.c.replaced_by == batch, table.c.batch_id != batch)

    heirs = _heirs(connection, batch, table, dataset)
    heir = heirs["batch_id"].combine_chunks().take(pc.index_in(mine["id"], heirs["row_id"]).combine_chunks())
    for new_owner in pc.unique(heir).drop_null().to_pylist():
        _give(connection, table, dataset, mine.filter(pc.equal(heir, new_owner)), new_owner)

    # what the older versions are replaced by from now on
    at = pc.index_in(older["record_key"], mine["record_key"]).combine_chunks()
    successor = pc.coalesce(heir, mine["replaced_by"].combine_chunks()).take(at)
    for after in pc.unique(successor).to_pylist():
        theirs = pc.is_null(successor) if after is None else pc.equal(successor, after)
        _set_replaced(connection, table, older.filter(pc.fill_null(theirs, False)), after)

    gone = mine.filter(pc.is_null(heir))
    _set_replaced(connection, table, gone, batch)
    connection.execute(
        delete(_confirmation).where(_confirmation.c.batch_id == UUID(batch), _confirmation.c.dataset == dataset)
    )
    touched = _distinct(gone["subject_id"], older["subject_id"])
    relist_subjects(connection, record, table, touched)
    return touched


def _chain(
    connection: Connection, table: Table, columns: Mapping[str, pa.DataType], *where: ColumnElement[bool]
) -> pa.Table:
    return bulk.read(connection, select(*(table.c[n] for n in columns)).where(*where), columns)


def _heirs(connection: Connection, batch: str, table: Table, dataset: str) -> pa.Table:
    """For the batch's rows that others confirmed: the earliest of those batches (ids are in the order of time)."""
    c = _confirmation.c
    confirmed = bulk.read(
        connection,
        select(c.row_id, c.batch_id)
        .join(table, (table.c.subject_id == c.subject_id) & (table.c.id == c.row_id))
        .where(table.c.batch_id == batch, c.dataset == dataset),
        {"row_id": pa.string(), "batch_id": pa.string()},
    )
    return confirmed.group_by("row_id").aggregate([("batch_id", "min")]).rename_columns({"batch_id_min": "batch_id"})


def _give(connection: Connection, table: Table, dataset: str, rows: pa.Table, owner: str) -> None:
    """The rows are the owner's from now on, traced to where its file states them."""
    c = _confirmation.c
    ids = rows["id"].to_pylist()
    stated = connection.execute(
        select(c.subject_id, c.row_id, c.sheet, c.source_row).where(
            c.batch_id == UUID(owner), c.dataset == dataset, among(connection, c.row_id, ids)
        )
    ).all()
    for subject, row, sheet, source_row in stated:
        connection.execute(
            update(table)
            .where(table.c.subject_id == str(subject), table.c.id == str(row))
            .values(batch_id=owner, sheet=sheet, source_row=source_row)
        )
    connection.execute(
        delete(_confirmation).where(c.batch_id == UUID(owner), c.dataset == dataset, among(connection, c.row_id, ids))
    )


# --- shared --------------------------------------------------------------------------------------------------------


def lock(connection: Connection, datasets: Iterable[str]) -> None:
    """Makes any other change of these datasets wait; always in the same order, so that two never wait for each other."""
    if is_postgres(connection):  # SQLite's writers are alone since their BEGIN
        for name in sorted(datasets):
            connection.execute(select(Dataset.name).where(Dataset.name == name).with_for_update())


def advance(connection: Connection, datasets: Iterable[str]) -> None:
    """Gives the datasets their next version."""
    for name in sorted(datasets):
        table = Dataset.__table__
        connection.execute(update(table).where(table.c.name == name).values(version=table.c.version + 1))


def list_subjects(connection: Connection, record: type[Record], stored: Mapping[str, pa.Array]) -> None:
    """Lists the subjects of these current rows, as they say; of several rows of one subject, as the newest says.

    `stored`: columns of the dataset's table, `subject_id` and `id` among them, the newest row last.
    """
    spec = record.spec
    if spec.kind != "subject" or not len(stored["id"]):
        return
    last = _last_of_each(stored["subject_id"])
    columns = {n: c.take(last) for n, c in stored.items()}
    these = among(connection, _subject.c.subject_id, columns["subject_id"].to_pylist())
    connection.execute(delete(_subject).where(_subject.c.dataset == spec.dataset, these))
    code = pc.coalesce(*(columns[f] for f in spec.subject_fields))
    listed = {n: columns[n] for n in PLACE if n in columns} | {
        "subject_id": columns["subject_id"], "row_id": columns["id"], "code": code,
        "name": columns[spec.name] if spec.name else code, "dataset": spec.dataset,
    }  # fmt: skip
    bulk.insert(connection, _subject, listed)


def relist_subjects(connection: Connection, record: type[Record], table: Table, touched: np.ndarray) -> None:
    """Lists the touched subjects as the dataset's current rows say now; no row, no listing."""
    spec = record.spec
    if spec.kind != "subject" or not len(touched):
        return
    ids = touched.tolist()
    connection.execute(
        delete(_subject).where(_subject.c.dataset == spec.dataset, among(connection, _subject.c.subject_id, ids))
    )
    kept = layout(record)
    names = dict.fromkeys(["subject_id", "id", *spec.subject_fields, *filter(None, [spec.name]), *PLACE])
    now = bulk.read(
        connection,
        select(*(bulk.plain(table.c[n]) for n in names))
        .where(table.c.replaced_by.is_(None), among(connection, table.c.subject_id, ids))
        .order_by(table.c.subject_id, table.c.id),
        {n: STORAGE[kept[n]][1] for n in names},
    )
    list_subjects(connection, record, {n: now[n].combine_chunks() for n in names})


def _last_of_each(values: pa.Array) -> pa.Array:
    """Index of the last occurrence of each distinct value, ascending."""
    codes = values.dictionary_encode().indices.to_numpy()
    last = np.zeros(codes.max(initial=-1) + 1, np.int64)
    last[codes] = np.arange(len(codes))  # numpy keeps the last of repeated assignments
    return pa.array(np.sort(last))


def _set_replaced(connection: Connection, table: Table, rows: pa.Table, by: str | None) -> None:
    for start in range(0, len(rows), _LOOKUP):
        subjects, ids = (rows[n].slice(start, _LOOKUP).to_pylist() for n in ("subject_id", "id"))
        these = among_pairs(connection, table.c.subject_id, table.c.id, subjects, ids)
        connection.execute(update(table).where(these).values(replaced_by=by))


def _unlike(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    return column.is_distinct_from(value)


def _column(rows: Rows, name: str) -> pa.Array:
    return rows.columns.get(name, pa.nulls(len(rows), pa.string()))


def _objects(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.array(column.to_pylist(), dtype=object)


def _distinct(*columns: pa.Array | pa.ChunkedArray) -> np.ndarray:
    chunks = [k for c in columns for k in (c.chunks if isinstance(c, pa.ChunkedArray) else [c])]
    return np.sort(np.array(pc.unique(pa.chunked_array(chunks, pa.string())).to_pylist(), dtype=object))


def _json(value: Any) -> str:
    value = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return json.dumps(value, ensure_ascii=False, default=str)
