"""One file from its first byte to the commit: read → recognise → validate → compare, and then store.

`prepare` does all but the last and stores nothing; what it gives back is shown to the user, who mends the file, or
commits it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Column, Language, Text
from pilotwatch.intake.findings import Findings, Group, Summary
from pilotwatch.intake.model import Checked, Finding, FoundTable, Ignored, Workbook
from pilotwatch.intake.read import open_workbook
from pilotwatch.intake.recognise import Mappings, find_tables, remembered_by
from pilotwatch.intake.validate import check
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.store.desk import Desk
from pilotwatch.store.model import Arrived, BatchLine, Difference, Explanations, StoreRefused
from pilotwatch.workdays import today

Progress = Callable[[Text, float], None]

#: Findings that one JSON document lists; how many more there are is said beside it.
FINDINGS_LISTED = 100_000
#: Subjects whose own history is asked for; a longer list is held against its columns' medians alone.
_HISTORIES = 5_000

_READING = Text("正在读取文件", "Reading the file")
_RECOGNISING = Text("正在识别表格", "Recognising the tables")
_CHECKING = Text("正在核对“{table}”", "Checking {table}")
_COMPARING = Text("正在与已入库数据比对", "Comparing with what is stored")
_READY = Text("核对完毕", "Checked")
_NO_TABLE = Text(
    "文件中没有可以上报的表，未入库任何数据。{reasons}",
    "The file has no table that can be reported; nothing was stored. {reasons}",
)
_ERRORS = Text(
    "有 {rows} 行存在错误，未入库任何数据。请修改后重新上传，或明确选择“只提交正确的行”。",
    "{rows} rows have errors; nothing was stored. Mend them and upload again, or choose to commit the good rows alone.",
)
_EMPTY = Text(
    "表头下面没有数据行，未入库任何数据。请从表头的下一行起填写，保存后重新上传。",
    "There is no row of data below the header; nothing was stored. Fill in rows below it, save and upload again.",
)
_NO_ROWS = Text(
    "没有一行可以入库。请按所列问题修改后重新上传。", "No row can be stored. Mend what is listed and upload again."
)


class UploadRefused(Exception):
    """The file can't be stored as it is; `rule` is stable, `message` says in the user's words why and what to do."""

    def __init__(self, rule: str, message: Text):
        super().__init__(message.zh)
        self.rule, self.message = rule, message


@dataclass
class Upload:
    """A file that was read and checked. `differences[i]` compares `tables[i]` with what is stored."""

    desk: Desk
    path: Path
    workbook: Workbook
    on: date
    tables: tuple[Checked, ...]
    ignored: tuple[Ignored, ...]
    differences: tuple[Difference, ...]
    batch: BatchLine | None = field(default=None)

    @property
    def file(self) -> str:
        return self.workbook.name

    @property
    def rows_read(self) -> int:
        return sum(len(t.good) for t in self.tables)

    @property
    def rows_ready(self) -> int:
        """Rows without an error."""
        return sum(int(t.good.sum()) for t in self.tables)

    @property
    def errors(self) -> int:
        return sum(t.errors for t in self.tables)

    @property
    def warnings(self) -> int:
        return sum(t.warnings for t in self.tables)

    @property
    def findings(self) -> Iterator[tuple[Checked, Finding]]:
        """Every finding with its table, in the order of the file."""
        return ((table, finding) for table in self.tables for finding in table.findings)

    def summary(self) -> tuple[tuple[Checked, Summary], ...]:
        """The findings grouped by table, rule and column; the gravest and most frequent first."""
        lines = [(table, line) for table in self.tables for line in table.findings.summary()]
        return tuple(sorted(lines, key=lambda pair: (pair[1].severity != "error", -pair[1].count)))

    def refusal(self, good_rows: bool = False) -> UploadRefused | None:
        """Why the upload can't be stored, or None where it can; `good_rows`: the rows in error are left out."""
        if not self.tables:
            reasons = "".join(f"“{i.sheet or self.file}”：{i.reason.zh}" for i in self.ignored)
            return UploadRefused(
                "no_table", _NO_TABLE.format(reasons=Text(reasons, " ".join(i.reason.en for i in self.ignored)))
            )
        if not self.rows_read:
            return UploadRefused("no_rows", _EMPTY)
        if not self.rows_ready:
            return UploadRefused("no_rows", _NO_ROWS)
        if self.rows_ready < self.rows_read and not good_rows:
            return UploadRefused("errors", _ERRORS.format(rows=self.rows_read - self.rows_ready))
        return None

    def commit(
        self, good_rows: bool = False, explanations: Explanations = None, progress: Progress | None = None
    ) -> BatchLine:
        """Stores the rows as one batch, all or nothing; a file that changes nothing makes no batch (`id` None).

        `good_rows`: the rows in error are left out, and the batch says how many. `explanations` of the warnings: one
        text for all, or by rule, or by (sheet, row, field, rule). Raises UploadRefused, and StoreRefused where the
        store itself doesn't take it; what `progress` raises cancels, and nothing is stored.
        """
        if refusal := self.refusal(good_rows):
            raise refusal
        arrived = Arrived(self.file, self.path, self.workbook.sha256, self.workbook.size, self.workbook.kind, self.on)
        self.batch = self.desk.commit(
            arrived, self.tables, good_rows=good_rows, explanations=explanations, progress=progress
        )
        return self.batch

    # --- telling -----------------------------------------------------------------------------------------------

    def as_json(self, language: Language = "zh", *, dry_run: bool = False) -> dict[str, Any]:
        """The upload as one JSON document; `row` is the row of the sheet, `column` the header as written."""
        datasets = tuple(dict.fromkeys(t.table.dataset for t in self.tables))
        total = self.errors + self.warnings
        refusal = self.refusal(good_rows=self.batch is not None)
        message = self.batch.message if self.batch else refusal.message if refusal else _READY
        return {
            "batch": self.batch.id if self.batch else None,
            "file": self.file,
            "dataset": datasets[0] if len(datasets) == 1 else None,
            "dry_run": dry_run,
            "message": message(language),
            "rows_read": self.rows_read,
            "rows_ready": self.rows_ready,
            "errors": self.errors,
            "warnings": self.warnings,
            "findings": [
                {"dataset": table.table.dataset} | finding.as_json(language)
                for table, finding in islice(self.findings, FINDINGS_LISTED)
            ],
            "findings_not_listed": max(0, total - FINDINGS_LISTED),
            "tables": [_table_json(t, d) for t, d in zip(self.tables, self.differences, strict=True)],
            "ignored": [{"sheet": i.sheet, "reason": i.reason(language)} for i in self.ignored],
            "encoding": self.workbook.encoding,
            "separator": self.workbook.separator,
        }

    def lines(self, language: Language = "zh") -> Iterator[str]:
        """The upload told on a terminal: a line per table, then per kind of finding with its first rows."""
        for table, difference in zip(self.tables, self.differences, strict=True):
            counts = _table_json(table, difference) | {
                "title": table.table.record.spec.title,
                "sheet": table.table.sheet.name or self.file,
            }
            yield _TABLE_LINE.format(**counts)(language)
        for table, line in self.summary():
            rows = "、".join(str(f.row) for f in line.examples) + ("…" if line.count > len(line.examples) else "")
            yield _SUMMARY_LINE.format(
                title=line.title, column=line.column or _title(table, line.field), count=line.count, rows=rows,
                sheet=table.table.sheet.name or self.file, example=line.examples[0].message,
            )(language)  # fmt: skip
        for ignored in self.ignored:
            yield f"{ignored.sheet or self.file}：{ignored.reason(language)}"
        if self.batch:
            yield self.batch.message(language)


def _title(checked: Checked, field_name: str | None) -> Text | str:
    """What a field is called whose column the sheet doesn't have."""
    return checked.table.record.column(field_name).title if field_name else ""


_TABLE_LINE = Text(
    "{sheet}〔{title}〕：读取 {rows_read} 行，可入库 {rows_ready} 行；错误 {errors} 项，提示 {warnings} 项；新增 {new}、变更 {changed}、未变 {unchanged}、库中有而本表没有 {missing}。",
    "{sheet} [{title}]: {rows_read} rows read, {rows_ready} ready; {errors} errors, {warnings} warnings; {new} new, {changed} changed, {unchanged} unchanged, {missing} stored but not in this list.",
)
_SUMMARY_LINE = Text(
    "  {sheet}〔{title}〕{column}：{count} 处（第 {rows} 行）例：{example}",
    "  {sheet} [{title}] {column}: {count} (rows {rows}), e.g. {example}",
)


def _table_json(checked: Checked, difference: Difference) -> dict[str, Any]:
    table, context = checked.table, checked.table.context
    return {
        "sheet": table.sheet.name,
        "dataset": table.dataset,
        "header_row": table.header_row,
        "header_rows": list(table.header_rows),
        "rows_read": len(checked.good),
        "rows_ready": int(checked.good.sum()),
        "errors": checked.errors,
        "warnings": checked.warnings,
        "new": int(difference.new.sum()),
        "changed": int(difference.changed.sum()),
        "unchanged": int(difference.unchanged.sum()),
        "missing": difference.missing,
        "extra_columns": list(table.extra_columns),
        "columns": [{"header": c.header, "field": c.field, "how": c.how} for c in table.columns],
        "context": {
            "title": context.title,
            "reporter": context.reporter,
            "as_of": context.as_of and context.as_of.isoformat(),
            "unit": context.unit,
            "crs": context.crs,
        },
    }


# --- preparing ---------------------------------------------------------------------------------------------------


def prepare(
    desk: Desk,
    path: Path,
    name: str | None = None,
    *,
    registry: Registry,
    places: Places,
    dataset: str = "auto",
    on: date | None = None,
    progress: Progress | None = None,
    mapping: Mappings | None = None,
    remember: bool = True,
) -> Upload:
    """Reads and checks a file in the scope of the desk's person; stores nothing but what the team says of its columns.

    `dataset`: what the file is said to be; "auto" leaves it to each table. `mapping`: the user's correction, sheet name
    ("" for a CSV) → 0-based column → field or None; it is remembered for the team unless `remember` is off. `on`: today.
    `progress` hears the step and the share done; what it raises (`Cancelled`) ends the work.
    """
    tell = progress or (lambda _step, _share: None)
    on = on or today()
    tell(_READING, 0.0)
    workbook = open_workbook(path, name)
    tell(_RECOGNISING, 0.45)
    found = find_tables(
        workbook,
        registry.records,
        dataset=None if dataset == "auto" else dataset,
        memory=desk.recall_mapping,
        mapping=mapping,
    )
    if mapping and remember:
        _remember(desk, found.tables)
    tables, refused = _own(desk, found.tables)
    titles = {r.spec.dataset: r.spec.title for r in registry.records}
    checked = _check_all(desk, workbook, tables, places, titles, on, tell)
    tell(_COMPARING, 0.85)
    compared = [_compare(desk, table) for table in checked]
    tell(_READY, 1.0)
    return Upload(
        desk,
        Path(path),
        workbook,
        on,
        tuple(c for c, _ in compared),
        (*found.ignored, *refused),
        tuple(d for _, d in compared),
    )


def _own(desk: Desk, tables: Sequence[FoundTable]) -> tuple[list[FoundTable], list[Ignored]]:
    """The tables that the desk's person hands in, and those of other domains, refused by name."""
    own, refused = [], []
    for table in tables:
        try:
            desk.demand_write(table.dataset)
            own.append(table)
        except StoreRefused as no:
            if no.rule != "other_domain":
                raise
            refused.append(Ignored(table.sheet.name, no.message))
    return own, refused


def _remember(desk: Desk, tables: Sequence[FoundTable]) -> None:
    """Keeps what the team said of these headers, and what it left as it was, so that the whole mapping comes back."""
    for table in tables:
        if any(c.how == "user" for c in table.columns):
            desk.remember_mapping(table.dataset, remembered_by(table), {c.header: c.field for c in table.columns})


def _check_all(
    desk: Desk, workbook: Workbook, tables: Sequence[FoundTable], places: Places,
    titles: Mapping[str, Text], on: date, tell: Progress,
) -> tuple[Checked, ...]:  # fmt: skip
    """Checks the lists of subjects first: the other tables of the file may refer to them."""
    done: dict[int, Checked] = {}

    def known(dataset: str, values: list[str]) -> set[str]:
        return desk.known(dataset, values) | _in_upload(done.values(), dataset)

    order = sorted(range(len(tables)), key=lambda i: tables[i].record.spec.kind != "subject")
    for step, i in enumerate(order):
        table = tables[i]
        tell(_CHECKING.format(table=table.record.spec.title), 0.5 + 0.35 * step / len(order))
        done[i] = check(
            table, places=places, known=known, on=on, history=_history(desk, table), units=desk.person.units, titles=titles,
            earlier=[c for c in done.values() if c.table.dataset == table.dataset], date1904=workbook.date1904,
        )  # fmt: skip
    return tuple(done[i] for i in range(len(tables)))


def _in_upload(checked: Sequence[Checked] | Any, dataset: str) -> set[str]:
    """The keys of the upload's own good rows of a dataset."""
    return {
        key
        for table in checked
        if table.table.dataset == dataset
        for key in table.frame["record_key"].filter(pa.array(table.good)).to_pylist()
    }


def _history(desk: Desk, table: FoundTable) -> Callable[[Column, pa.Array], np.ndarray]:
    """Per row the median of what is stored for its subject in a column; NaN where nothing is."""

    def history(column: Column, subjects: pa.Array) -> np.ndarray:
        distinct = subjects.unique().drop_null()
        if not len(distinct) or len(distinct) > _HISTORIES:
            return np.full(len(subjects), np.nan)
        stored = desk.frame(table.dataset, ["subject_id", column.name], subjects=distinct.to_pylist())
        medians = stored.groupby("subject_id")[column.name].median()
        return medians.reindex(subjects.to_pylist()).to_numpy(float)

    return history


def _compare(desk: Desk, checked: Checked) -> tuple[Checked, Difference]:
    """The difference from what is stored; rows whose key another unit holds are errors, too."""
    difference = desk.compare(checked)
    if difference.foreign is None or not difference.foreign.any():
        return checked, difference
    findings = checked.findings
    assert isinstance(findings, Findings)  # noqa: S101
    column = checked.table.record.column(checked.table.record.key()[0])
    found = next((c for c in checked.table.columns if c.field == column.name), None)
    group = Group("scope", checked.table.rows[difference.foreign], lambda _: _FOREIGN, column, found)
    good = checked.good & ~difference.foreign
    checked = replace(checked, good=good, findings=Findings(checked.table.sheet, [*findings.groups, group]))
    return checked, replace(
        difference, new=difference.new & good, changed=difference.changed & good, unchanged=difference.unchanged & good
    )


_FOREIGN = Text(
    "应为本单位填报的记录；此编号已由其他单位填报", "a record of your own unit; another unit reports this key"
)
