"""The scope door: what one person may see and do in the store. There is no other way to a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Table, func, null, select, update

from pilotwatch.domain import Record, Text
from pilotwatch.store import (
    approvals,
    bulk,
    commit,
    compare,
    datasets,
    engine,
    files,
    held,
    lines,
    queries,
    rows,
    scope,
    withdraw,
)
from pilotwatch.store.model import (
    Arrived,
    BatchLine,
    Change,
    CheckedLike,
    Difference,
    Explanations,
    Progress,
    StoreRefused,
    Trace,
)
from pilotwatch.store.records import PLACE, STORAGE, layout
from pilotwatch.store.registers import append_audit
from pilotwatch.store.scope import Person
from pilotwatch.store.tables import Batch, BatchFinding, BatchTable, BatchUnit, KeptFile, MappingMemory, Subject
from pilotwatch.workdays import BEIJING, now

if TYPE_CHECKING:
    from pilotwatch.store.store import Store

_subject = Subject.__table__
_batch, _batch_table, _batch_unit = Batch.__table__, BatchTable.__table__, BatchUnit.__table__
_memory, _kept = MappingMemory.__table__, KeptFile.__table__


class Desk:
    """One person's place at the store. Every method keeps to the person's role, domains and units.

    Raises StoreRefused where the role doesn't allow an act at all; rows out of scope are simply not there.
    """

    def __init__(self, store: Store, person: Person, connection: Connection | None = None):
        self._store, self.person, self._connection = store, person, connection
        self._version: int | None = None

    def data_version(self) -> int:
        """The store's, asked once; and anew when this desk has written."""
        if self._version is None:
            self._version = self._store.data_version()
        return self._version

    # --- reading -----------------------------------------------------------------------------------------------

    def table(
        self, dataset: str, columns: Sequence[str] | None = None, *, subjects: Collection[Any] | None = None,
        where: queries.Where | None = None, limit: int | None = None,
    ) -> pa.Table:  # fmt: skip
        """Current rows in scope as an Arrow table, in the order of subject and time of arrival.

        `columns`: default `subject_id`, the declared ones, `day` and the place; the core's (`id`, `batch_id`, `sheet`,
        `source_row`, `record_key` …) on request. `subjects`: ids. `where`: column → value, collection of values, None
        (is empty), or `slice(from, to)` (from ≤ value < to). Lists are JSON text; a number is in its stored unit.
        """
        record, table = self._read_door(dataset)
        kept = layout(record)
        names = list(columns) if columns is not None else queries.default_columns(record)
        scope.demand_columns(self.person, record, where or ())
        hidden = scope.withheld(self.person, record)
        kinds = {n: STORAGE[kept[n]][1] for n in names}
        with self._reading() as connection:
            if self._connection is not None and self.person == scope.SYSTEM and not where and limit is None:
                found = self._at_hand(connection, dataset, kinds, subjects)
                if found is not None:
                    return found
            statement = (
                select(*(null().label(n) if n in hidden else bulk.plain(table.c[n]) for n in names))
                .where(*queries.in_scope(connection, self.person, table, where))
                .order_by(table.c.subject_id, table.c.id)
                .limit(limit)
            )
            statement = queries.of_subjects(connection, statement, table, subjects)
            return bulk.read(connection, statement, kinds)

    def _at_hand(
        self, connection: Connection, dataset: str, kinds: Mapping[str, pa.DataType], subjects: Collection[Any] | None
    ) -> pa.Table | None:
        """What `table` would read, where this transaction has just written it or this rebuild has read it already."""
        written = held.from_written(connection, dataset, kinds, subjects)
        if written is not None or self._store.held is None:
            return written
        record, table = self._store.dataset(dataset)
        kept = layout(record)

        def read(names: Sequence[str]) -> pa.Table:
            statement = select(*(bulk.plain(table.c[n]) for n in names)).where(table.c.replaced_by.is_(None))
            ordered = statement.order_by(table.c.subject_id, table.c.id)
            return bulk.read(connection, ordered, {n: STORAGE[kept[n]][1] for n in names})

        return self._store.held.rows(connection, dataset, table, kinds, subjects, read)

    def frame(
        self, dataset: str, columns: Sequence[str] | None = None, *, subjects: Collection[Any] | None = None,
        where: queries.Where | None = None, limit: int | None = None, numbered: pa.Array | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """`table` as a pandas frame: text `str`, dates and times `datetime64[s]`, booleans nullable `boolean`, integers
        `int64` (`float64` with NaN where some are empty), other numbers `float64`.

        `numbered`: ids, to have the place of each row's subject among them instead of its id, `int64`.
        """
        found = self.table(dataset, columns, subjects=subjects, where=where, limit=limit)
        return queries.to_pandas(found if numbered is None else queries.numbered(found, numbered))

    def register(self, dataset: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """`frame` of a public dataset, whole: its rows of every unit, for the subjects of a unit are held against them."""
        record, _ = self._store.dataset(dataset)
        person = replace(self.person, units=None) if record.spec.public else self.person
        return Desk(self._store, person, self._connection).frame(dataset, columns)

    def subjects(self, columns: Sequence[str] | None = None, *, where: queries.Where | None = None) -> pd.DataFrame:
        """The listed subjects in scope, a row for each list a subject is in: `subject_id`, `dataset`, `code`, `name`,
        `division_code`, `street_code`, `report_unit`, `zone`, `jurisdiction`, `lng`, `lat`, `located`."""
        scope.demand(self.person, "read")
        names = list(columns) if columns is not None else ["subject_id", "dataset", "code", "name", *PLACE]
        with self._reading() as connection:
            statement = (
                select(*(_subject.c[n] for n in names))
                .where(_subject.c.dataset.in_(self._visible()), scope.rows_of(self.person, _subject))
                .where(*queries.conditions(connection, _subject, where or {}))
                .order_by(_subject.c.subject_id, _subject.c.dataset)
            )
            types = {n: pa.float64() if n in ("lng", "lat") else pa.string() for n in names}
            return queries.to_pandas(bulk.read(connection, statement, types))

    def count(self, dataset: str, by: Sequence[str] = (), *, where: queries.Where | None = None) -> pd.DataFrame:
        """How many current rows in scope there are, per value of the columns `by`: those columns and `rows`."""
        record, table = self._read_door(dataset)
        scope.demand_columns(self.person, record, (*by, *(where or ())))
        kept = layout(record)
        groups = [table.c[n] for n in by]
        with self._reading() as connection:
            statement = (
                select(*groups, func.count().label("rows"))
                .where(*queries.in_scope(connection, self.person, table, where))
                .group_by(*groups)
                .order_by(*groups)
            )
            types = {n: STORAGE[kept[n]][1] for n in by} | {"rows": pa.int64()}
            return queries.to_pandas(bulk.read(connection, statement, types))

    def known(self, dataset: str, values: Collection[str]) -> set[str]:
        """Those of the values that are the key of a current row of the dataset, in the person's units.

        Any domain may be asked: whether a code is in a list is no secret, and references cross domains.
        """
        record, table = self._store.dataset(dataset)
        scope.demand(self.person, "read")
        with self._reading() as connection:
            return queries.known(connection, self.person, record, table, values)

    # --- uploading ---------------------------------------------------------------------------------------------

    def demand_write(self, dataset: str) -> None:
        """Raises StoreRefused where the person doesn't hand in this dataset."""
        record, _ = self._store.dataset(dataset)
        scope.demand_dataset(self.person, "write", dataset, record.spec.title, self._store.owners)

    def compare(self, checked: CheckedLike) -> Difference:
        """The good rows of a checked table against what is stored."""
        self.demand_write(checked.table.dataset)
        record, table = self._store.dataset(checked.table.dataset)
        coming = rows.rows_of(checked, record, table)
        with self._reading() as connection:
            return compare.difference(connection, self.person, coming, checked.good)

    def commit(
        self, arrived: Arrived, tables: Sequence[CheckedLike], *, good_rows: bool = False,
        explanations: Explanations = None, progress: Progress | None = None,
    ) -> BatchLine:  # fmt: skip
        """Stores the good rows of the tables as one batch: all of it or nothing.

        Rows in error refuse the whole, unless the team wants the good rows alone. What `progress` raises cancels.
        """
        told = progress or (lambda _step, _share: None)
        coming = []
        for position, checked in enumerate(tables):
            self.demand_write(checked.table.dataset)
            record, table = self._store.dataset(checked.table.dataset)
            coming.append(commit.Incoming(checked, record, rows.rows_of(checked, record, table, position), position))
        _refuse_errors(tables, good_rows)
        told(_KEEPING, 0.0)
        arrived = self._keep_file(arrived)
        names = dict.fromkeys(t.record.spec.dataset for t in coming)
        together = {d: rows.joined([t.rows for t in coming if t.record.spec.dataset == d]) for d in names}
        total = max(1, sum(len(r) for r in together.values()))
        at = arrived.at or now()
        with self._writing() as connection:
            told(_COMPARING, 0.05)
            datasets.lock(connection, together)
            done = commit.commit(
                connection, self.person, arrived, coming, together, at=at, good_rows=good_rows,
                demo=self.person.demo or self._store.demo, explanations=explanations,
                told=lambda n: told(_STORING, 0.1 + 0.7 * n / total), shut=approvals.locked(connection, self._store, together), follows=bool(self._store.on_change),
            )  # fmt: skip
            if done is None:
                same = [int((together[t.record.spec.dataset].position == t.position).sum()) for t in coming]
                line = BatchLine(
                    None, at, self.person.username, self.person.name, arrived.name, arrived.sha256, good_rows,
                    lines.table_lines(coming, same), "unchanged",
                )  # fmt: skip
                append_audit(connection, self.person.username, "upload.unchanged", arrived.name, lines.told_of(line))
                return line
            batch, touched = done
            told(_FIGURES, 0.85)
            self._changed(connection, Change("commit", batch, at, touched, self._inside(connection)))
            line = self._own(connection, batch)
            append_audit(connection, self.person.username, "upload", batch, lines.told_of(line))
            told(_DONE, 1.0)
        return line

    def withdraw(self, batch_id: str, reason: str) -> BatchLine:
        """Takes a batch back: its rows go, and what they replaced is there again, exactly."""
        scope.demand(self.person, "write")
        if not reason.strip():
            raise StoreRefused("reason", _NO_REASON)
        with self._writing() as connection:
            datasets.lock(connection, self._own(connection, batch_id).datasets)
            line = self._own(connection, batch_id)  # again, now that nobody else can change it
            self._demand_whole(connection, line)
            if line.status == "withdrawn":
                raise StoreRefused(
                    "withdrawn", _WITHDRAWN.format(at=line.withdrawn_at.astimezone(BEIJING), by=line.withdrawn_by)
                )
            approvals.refuse_withdrawal(connection, self._store, line)
            at = now()
            touched = {d: withdraw.withdraw(connection, line.id, *self._store.dataset(d)) for d in line.datasets}
            connection.execute(
                update(_batch)
                .where(_batch.c.id == UUID(line.id))
                .values(withdrawn_at=at, withdrawn_by=self.person.username, reason=reason.strip())
            )
            self._changed(connection, Change("withdraw", line.id, at, touched, self._inside(connection)))
            append_audit(
                connection, self.person.username, "withdraw", line.id, {"reason": reason.strip(), "file": line.file}
            )
            return self._own(connection, batch_id)

    # --- batches -----------------------------------------------------------------------------------------------

    def batches(self, limit: int = 50, *, dataset: str | None = None) -> list[BatchLine]:
        """The newest batches in scope first, withdrawn ones too."""
        with self._reading() as connection:
            return self._lines(connection, dataset=dataset, limit=limit)

    def newest(self) -> datetime | None:
        """When the newest batch in scope that stands was committed; None where there is none."""
        scope.demand(self.person, "read")
        own = lines.holds(self._visible(), self.person.units)
        statement = select(_batch.c.at).where(_batch.c.withdrawn_at.is_(None), own)
        with self._reading() as connection:
            return connection.scalar(statement.order_by(_batch.c.at.desc(), _batch.c.id.desc()).limit(1))

    def batch(self, batch_id: str) -> BatchLine:
        with self._reading() as connection:
            return self._own(connection, batch_id)

    def findings(self, batch_id: str) -> pd.DataFrame:
        """The findings the batch was committed with, and what the team said to its warnings (`explanation`).

        A finding quotes a cell and says no unit: those of a batch that reaches beyond the person's scope are not told.
        """
        names = [c.name for c in BatchFinding.__table__.c if c.name not in ("batch_id", "position")]
        with self._reading() as connection:
            line = self._own(connection, batch_id)
            table = BatchFinding.__table__
            whole = self._is_whole(connection, line)
            statement = select(*(table.c[n] for n in names)).where(
                table.c.batch_id == UUID(line.id), table.c.dataset.in_(line.datasets if whole else ())
            )
            types = {n: pa.int64() if n == "row" else pa.string() for n in names}
            return queries.to_pandas(bulk.read(connection, statement.order_by(table.c.position), types))

    def file_of(self, batch_id: str) -> tuple[str, Path] | None:
        """The batch's file as it came: its name and where it is kept; None for a batch that had none, or whose file was
        removed when its time was over.

        Raises StoreRefused where the file holds more than the person may see: it can't be handed out in part.
        """
        with self._reading() as connection:
            line = self._own(connection, batch_id)
            if line.sha256 and not self._is_whole(connection, line):
                raise StoreRefused("scope", _NOT_ALL_TO_SEE.format(by=line.by_name))
        for dataset in line.datasets:  # a file can't be handed out in part
            record, _ = self._store.dataset(dataset)
            scope.demand_columns(self.person, record, (c.name for c in record.columns()))
        path = files.path_of(self._store.files, line.sha256) if line.sha256 else None
        return (line.file, path) if path and path.is_file() else None

    def trace(self, dataset: str, row_id: str, subject_id: str | None = None) -> Trace:
        """Where a row comes from. With its `subject_id` it is found by the key; without, by looking through them all."""
        _, table = self._read_door(dataset)
        columns = ("subject_id", "batch_id", "sheet", "source_row", "record_key", "replaced_by")
        with self._reading() as connection:
            statement = select(*(table.c[n] for n in columns)).where(
                table.c.id == str(UUID(str(row_id))), scope.rows_of(self.person, table, _subject)
            )
            if subject_id is not None:
                statement = statement.where(table.c.subject_id == str(UUID(str(subject_id))))
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise StoreRefused("no_row", _NO_ROW)
            line = lines.lines(connection, _batch.c.id == UUID(row["batch_id"]))[0]
        path = files.path_of(self._store.files, line.sha256) if line.sha256 else None
        return Trace(
            dataset, row["subject_id"], str(row_id), line.file, path, row["sheet"], row["source_row"], line,
            row["record_key"], row["replaced_by"] is None,
        )  # fmt: skip

    # --- remembered mappings -----------------------------------------------------------------------------------

    def recall_mapping(self, dataset: str, headers: Sequence[str]) -> dict[str, str | None] | None:
        """What the person's team said the headers of such a table mean: header → field or None; None: nothing yet."""
        with self._reading() as connection:
            text = connection.scalar(
                select(_memory.c.mapping).where(
                    _memory.c.team == self.person.team,
                    _memory.c.dataset == dataset,
                    _memory.c.headers == _hash(headers),
                )
            )
        return None if text is None else json.loads(text)

    def remember_mapping(self, dataset: str, headers: Sequence[str], mapping: Mapping[str, str | None]) -> None:
        scope.demand(self.person, "write")
        key = {"team": self.person.team, "dataset": dataset, "headers": _hash(headers)}
        values = {"mapping": json.dumps(dict(mapping), ensure_ascii=False), "by": self.person.username, "at": now()}
        with self._writing() as connection:
            done = connection.execute(
                update(_memory).where(*(_memory.c[n] == v for n, v in key.items())).values(**values)
            )
            if not done.rowcount:
                connection.execute(_memory.insert().values(**key, **values))

    # --- within ------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._connection is not None:
            yield self._connection
        else:
            with engine.reading(self._store._engine) as connection:
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._connection is not None:
            raise RuntimeError("a hook reads; what it writes goes through the connection it was given")
        self._version = None
        with engine.writing(self._store._engine) as connection:
            yield connection

    def _inside(self, connection: Connection) -> Desk:
        return Desk(self._store, scope.SYSTEM, connection)

    def _read_door(self, dataset: str) -> tuple[type[Record], Table]:
        """A dataset's record and table; raises StoreRefused where the person doesn't see it."""
        record, table = self._store.dataset(dataset)
        scope.demand_dataset(self.person, "read", dataset, record.spec.title, self._store.owners)
        return record, table

    def _changed(self, connection: Connection, change: Change) -> None:
        datasets.advance(connection, change.datasets)
        for hook in self._store.on_change:
            hook(connection, change)

    def _keep_file(self, arrived: Arrived) -> Arrived:
        if arrived.path is None:
            return arrived
        digest, size = files.keep(self._store.files, arrived.path)
        with self._writing() as connection:
            engine.insert_new(
                connection, _kept, sha256=digest, name=arrived.name, size=size, kind=arrived.kind, at=now()
            )
        return replace(arrived, sha256=digest, size=size)

    def _own(self, connection: Connection, batch_id: str) -> BatchLine:
        """The batch, if the person may see it; one of somebody else is as good as none."""
        try:
            found = self._lines(connection, _batch.c.id == UUID(str(batch_id)))
        except ValueError:
            found = []
        if not found:
            raise StoreRefused("no_batch", _NO_BATCH.format(id=str(batch_id)))
        return found[0]

    def _demand_whole(self, connection: Connection, line: BatchLine) -> None:
        """Raises StoreRefused where a part of the batch is outside the person's domains or units."""
        if not self._is_whole(connection, line):
            raise StoreRefused("scope", _NOT_ALL_YOURS.format(by=line.by_name))

    def _is_whole(self, connection: Connection, line: BatchLine) -> bool:
        """Whether all of the batch is in the person's domains and units."""
        parts = connection.execute(
            select(_batch_unit.c.dataset, _batch_unit.c.report_unit).where(_batch_unit.c.batch_id == UUID(line.id))
        )
        return all(
            (self.person.units is None or unit in self.person.units)
            and scope.sees_dataset(self.person, dataset, self._store.owners)
            for dataset, unit in parts
        )

    def _visible(self) -> list[str]:
        """The datasets of the person's domains, and those that all share."""
        return [d for d in self._store.datasets if scope.sees_dataset(self.person, d, self._store.owners)]

    def _lines(
        self, connection: Connection, *where: ColumnElement[bool], dataset: str | None = None, limit: int = 1
    ) -> list[BatchLine]:
        """Batches that hold something in the person's scope."""
        scope.demand(self.person, "read")
        seen = self._visible()
        asked = seen if dataset is None else [d for d in seen if d == dataset]
        return lines.lines(connection, *where, datasets=asked, shown=seen, units=self.person.units, limit=limit)


def _refuse_errors(tables: Sequence[CheckedLike], good_rows: bool) -> None:
    wrong = sum(int(len(t.good) - np.count_nonzero(t.good)) for t in tables)
    if wrong and not good_rows:
        raise StoreRefused("errors", _ERRORS.format(rows=wrong))
    if not any(t.good.any() for t in tables):
        raise StoreRefused("no_rows", _NO_ROWS)


def _hash(headers: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(headers).encode()).hexdigest()


_KEEPING = Text("保存原文件", "Keeping the file")
_COMPARING = Text("与已入库数据比对", "Comparing with what is stored")
_STORING = Text("写入数据", "Storing the rows")
_FIGURES = Text("更新统计指标", "Bringing the figures up to date")
_DONE = Text("完成", "Done")
_ERRORS = Text(
    "有 {rows} 行存在错误，未入库任何数据。请修改后重新上传，或明确选择“只提交正确的行”。",
    "{rows} rows have errors; nothing was stored. Mend them and upload again, or choose to commit the good rows alone.",
)
_NO_ROWS = Text(
    "没有可入库的行。请按提示修改后重新上传。", "There is no row to store. Mend the file and upload it again."
)
_NO_REASON = Text("请填写撤回原因。", "Say why it is withdrawn.")
_NO_BATCH = Text(
    "没有找到批次“{id}”，或它不在您的权限范围内。请在批次列表中核对编号。",
    "There is no batch “{id}”, or it is outside your scope. Check its number in the list of batches.",
)
_NOT_ALL_YOURS = Text(
    "该批次还包含您权限范围以外的数据，不能由您撤回。请联系报送人“{by}”或市级专班办公室办理。",
    "This batch holds data outside your scope too, so you can't withdraw it. Ask “{by}”, who handed it in, or the city office.",
)
_NOT_ALL_TO_SEE = Text(
    "该文件还包含您权限范围以外的数据，不能整份下载。请联系报送人“{by}”或市级专班办公室。",
    "The file holds data outside your scope too, so it can't be handed out whole. Ask “{by}”, who handed it in, or the city office.",
)
_NO_ROW = Text("没有找到这一行，或它不在您的权限范围内。", "There is no such row, or it is outside your scope.")
_WITHDRAWN = Text(
    "该批次已由 {by} 于 {at:%Y-%m-%d %H:%M} 撤回，无需重复操作。",
    "This batch was withdrawn by {by} on {at:%Y-%m-%d %H:%M} already; there is nothing left to do.",
)
