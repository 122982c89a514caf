"""Which tables a workbook holds, of which datasets, and which column feeds which field.

    Workbook → Recognition(tables, ignored)

A sheet may hold several tables, one below or beside the other. One that can't be told is refused by name, with the
dataset it is nearest to and what it lacks; nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pilotwatch.domain import Record, Text
from pilotwatch.intake import blocks, context, rows
from pilotwatch.intake.blocks import Block
from pilotwatch.intake.cells import count_filled, fill_down
from pilotwatch.intake.cells import table as cell_table
from pilotwatch.intake.headers import Fit, Heading, How, Vocabulary, crs_of, dataset_bonus, plain, unit_in
from pilotwatch.intake.model import Context, FoundColumn, FoundTable, Ignored, Recognition, Sheet, Workbook
from pilotwatch.intake.own import OWN_SHEETS, PROBLEMS_HEADER
from pilotwatch.intake.values.numbers import unit_of

Memory = Callable[[str, tuple[str, ...]], Mapping[str, str | None] | None]
Mappings = Mapping[str, Mapping[int, str | None]]

#: Columns that number the rows; what they say is said by the row itself.
_NUMBERS = frozenset(map(plain, ("序号", "序", "行号", "编号", "No", "No.", "#", "项次", "顺序号")))
_ASKED = 3  # datasets whose remembered mapping is asked for, the likeliest
_PROBLEMS = plain(PROBLEMS_HEADER)

_EMPTY = Text("工作表是空的。", "The sheet is empty.")
_HIDDEN = Text(
    "隐藏的工作表，未读取。如需上报，请在 Excel 或 WPS 中取消隐藏后重新上传。",
    "A hidden sheet, not read. If it is to be reported, unhide it and upload the file again.",
)
_OURS = Text("系统生成的说明页，无需读取。", "A page that this system wrote; there is nothing to read.")
_NO_TABLE = Text(
    "没有找到可识别的表头，未读取。如果这里有要上报的数据，请对照模板补上表头后重新上传。",
    "No header was recognised, so the sheet was not read. If it holds data to report, give it the template's header.",
)
_UNKNOWN = Text(
    "第 {row} 行像是表头，但不属于任何已知数据集，未读取。最接近“{dataset}”，缺少：{missing}。如果就是该数据集，请对照模板补齐这些列；如果不是，可以不理会。",
    "Row {row} looks like a header, but of no known dataset, so the sheet was not read. The nearest is “{dataset}”; missing: "
    "{missing}. If it is that, add the columns as in the template; if not, nothing need be done.",
)
_UNLIKE = Text(
    "第 {row} 行像是表头，但不属于任何已知数据集，未读取。如果这里有要上报的数据，请对照模板补齐各列后重新上传；如果不是，可以不理会。",
    "Row {row} looks like a header, but of no known dataset, so the sheet was not read. If it holds data to report, give "
    "it the template's columns; if not, nothing need be done.",
)
_OTHER = Text(
    "所选数据集是“{chosen}”，但这张表像是“{dataset}”，未读取。请改选数据集，或上传正确的文件。",
    "“{chosen}” was chosen, but this table looks like “{dataset}” and was not read. Choose that dataset or upload the right file.",
)
_NOT_CHOSEN = Text(
    "所选数据集是“{chosen}”，但第 {row} 行的表头缺少：{missing}，未读取。请对照模板补齐这些列，或改选数据集。",
    "“{chosen}” was chosen, but the header in row {row} lacks: {missing}. Add the columns as in the template or choose another dataset.",
)


def find_tables(
    workbook: Workbook,
    records: Sequence[type[Record]],
    *,
    dataset: str | None = None,
    memory: Memory | None = None,
    mapping: Mappings | None = None,
) -> Recognition:
    """The tables of a workbook among the datasets of `records`.

    `dataset` is what the user chose, `None` leaves it to the table. `memory(dataset, headers)` gives header → field as
    the team corrected it before; `mapping` is what the user says now: sheet name ("" for a CSV) → 0-based column → field.
    In both a field `None` says that the column feeds nothing. Raises `ValueError` for a dataset that `records` lack.
    """
    if dataset is not None and dataset not in {r.spec.dataset for r in records}:
        raise ValueError(f"no such dataset: {dataset}")
    finder = _Finder(Vocabulary(records), workbook.name, dataset, memory, mapping or {})
    tables: list[FoundTable] = []
    ignored: list[Ignored] = []
    for sheet in workbook.sheets:
        found, reason = finder.on_sheet(sheet)
        tables += found
        if reason:
            ignored.append(Ignored(sheet.name, reason, sheet.hidden))
    return Recognition(tuple(tables), tuple(ignored))


@dataclass(frozen=True)
class _Choice:
    """The record a header was taken for, how its headings fit, and how well."""

    record: type[Record]
    fits: tuple[Fit, ...]
    score: float

    @property
    def missing(self) -> list[str]:
        fed = {fit.field for fit in self.fits}
        return [c.title.zh for c in self.record.columns() if (c.required or c.key) and c.name not in fed]


@dataclass(frozen=True)
class _Finder:
    words: Vocabulary
    file: str
    dataset: str | None
    memory: Memory | None
    mapping: Mappings

    def on_sheet(self, sheet: Sheet) -> tuple[list[FoundTable], Text | None]:
        """The tables of a sheet, or why there are none."""
        if sheet.name in OWN_SHEETS:
            return [], _OURS
        if not sheet.height or not sheet.width:
            return [], _EMPTY
        if sheet.hidden:
            return [], _HIDDEN
        filled = count_filled(sheet.cells.columns, sheet.height)
        if not filled.any():
            return [], _EMPTY
        columns = range(sheet.width)
        block = blocks.find(sheet, self.words, 1, sheet.height, columns) or self._mapped_header(sheet)
        if block is None:
            return [], _NO_TABLE
        headers = [block, *self._further(sheet, filled, block, columns)]
        tables: list[FoundTable] = []
        reasons: list[Text] = []
        above = 1
        for place, header in enumerate(headers):
            last = sheet.height
            if place + 1 < len(headers):
                last = headers[place + 1].top - 1
                while last > header.bottom and filled[last - 1] <= 2 and not self._is_total(sheet, last):
                    last -= 1
            found, reason = self._at(sheet, header, above, last)
            tables += found
            reasons += [reason] if reason else []
            above = last + 1
        return tables, None if tables else reasons[0]

    def _further(self, sheet: Sheet, filled: np.ndarray, block: Block, columns: Sequence[int]) -> list[Block]:
        """Headers of other tables further down; the same header again is the next page of the same table."""
        found: list[Block] = []
        current = block
        for top in blocks.starts(filled, block.bottom + 1, sheet.height):
            if top <= current.bottom:
                continue
            options = list(blocks.starting_at(sheet, self.words, top, sheet.height, columns))
            best = max(options, key=lambda b: (b.weight, b.top - b.bottom), default=None)
            if best and self._choose(sheet, best, {}) and not _same(best, current):
                found.append(best)
                current = best
        return found

    def _at(self, sheet: Sheet, block: Block, above: int, last: int) -> tuple[list[FoundTable], Text | None]:
        """The table under a header, or the tables side by side under it."""
        parts = [replace(block, headings=part) for part in _beside(block.headings)]
        if len(parts) > 1 and all(self._choose(sheet, part, {}) for part in parts):
            found = [self._table(sheet, part, above, last) for part in parts]
        else:
            found = [self._table(sheet, block, above, last)]
        tables = [table for table in found if isinstance(table, FoundTable)]
        return tables, next((reason for reason in found if isinstance(reason, Text)), None)

    def _table(self, sheet: Sheet, block: Block, above: int, last: int) -> FoundTable | Text:
        lines = _lines(sheet, above, block.top - 1)
        title = " ".join(text for line in lines for text in line)
        places = {sheet.name or "": 1.5, title: 1.5, self.file: 1.0}
        choice = self._choose(sheet, block, places)
        if choice is None:
            return self._refusal(sheet, block, places)
        used = [h.index for h in block.headings]
        fed = sorted({fit.heading.index for fit in choice.fits})
        sorted_out = rows.sort_out(sheet, block.bottom + 1, last, block.rows, used, fed)
        end = int(sorted_out.data[-1]) if len(sorted_out.data) else block.bottom
        below = [line for row in sorted_out.notes if row > end for line in _lines(sheet, row, row)]
        told = context.of_lines(lines, below, [sheet.name, self.file])
        return FoundTable(
            sheet=_filled(sheet, block.bottom + 1, last),
            record=choice.record,
            header_row=block.top,
            header_rows=block.rows,
            columns=_columns(block.headings, choice, told),
            rows=sorted_out.data,
            context=told,
            totals=sorted_out.totals,
            score=round(choice.score, 3),
        )

    def _choose(self, sheet: Sheet, block: Block, places: Mapping[str, float]) -> _Choice | None:
        """The record whose columns and words fit best, if it fits well enough."""
        best = next(iter(self._choices(sheet, block, places)), None)
        return best if best and self._fits(sheet, block, best) else None

    def _choices(self, sheet: Sheet, block: Block, places: Mapping[str, float]) -> list[_Choice]:
        """The records that the header may be of, best first; what the team said before is asked of the best alone."""
        wanted = [r for r in self.words.records if self.dataset in (None, r.spec.dataset)]
        said = self.mapping.get(sheet.name or "", {})
        said = {h.index: said[h.index] for h in block.headings if h.index in said}
        plainly = {r: self.words.fits(r, block.headings) for r in wanted}
        fits = {r: _corrected(found, block.headings, said, "user") for r, found in plainly.items()}
        choices = self._ranked(fits, places)
        if not self.memory:
            return choices
        for record in [choice.record for choice in choices[:_ASKED]]:
            remembered = self.memory(record.spec.dataset, _headers(block.headings)) or {}
            told = {h.index: remembered[h.written] for h in block.headings if h.written in remembered}
            found = _corrected(plainly[record], block.headings, told, "remembered")
            fits[record] = _corrected(found, block.headings, said, "user")
        return self._ranked(fits, places)

    def _ranked(self, fits: Mapping[type[Record], list[Fit]], places: Mapping[str, float]) -> list[_Choice]:
        choices = []
        for record, found in fits.items():
            choice = _Choice(record, tuple(found), 0.0)
            score = self.words.weight_of(found) - 0.4 * len(choice.missing) + dataset_bonus(record, places)
            choices.append(replace(choice, score=score))
        return sorted(choices, key=lambda c: -c.score)

    def _fits(self, sheet: Sheet, block: Block, choice: _Choice) -> bool:
        """Enough to be read: three columns, one of them telling, the row's key and most of what is required.

        A list that lacks a required column, and of whose columns most are strange, is a list of something else.
        """
        fed = {fit.field for fit in choice.fits}
        if self.mapping.get(sheet.name or "") and self.dataset:
            return bool(fed)
        columns = choice.record.columns()
        required = [c.name for c in columns if c.required or c.key]
        keyed = any(c.key and c.name in fed for c in columns)
        enough = len(fed & set(required)) * 2 >= len(required)
        if self.dataset:
            return len(fed) >= 2 and (keyed or enough)
        if choice.missing and 2 * len(choice.fits) < len(block.headings):
            return False
        telling = self.words.weight_of(choice.fits) >= 1.0
        return len(fed) >= min(3, len(columns)) and telling and keyed and enough

    def _refusal(self, sheet: Sheet, block: Block, places: Mapping[str, float]) -> Text:
        nearest = self._choices(sheet, block, places)[0]
        missing = Text("、".join(nearest.missing) or "—", ", ".join(_titles_en(nearest)) or "–")
        if not self.dataset and not nearest.fits:
            return _UNLIKE.format(row=block.top)
        if not self.dataset:
            return _UNKNOWN.format(row=block.top, dataset=nearest.record.spec.title, missing=missing)
        chosen = nearest.record.spec.title
        other = replace(self, dataset=None, mapping={})._choose(sheet, block, places)
        if other:
            return _OTHER.format(chosen=chosen, dataset=other.record.spec.title)
        return _NOT_CHOSEN.format(chosen=chosen, row=block.top, missing=missing)

    def _mapped_header(self, sheet: Sheet) -> Block | None:
        """Where the user mapped a sheet on which no header was recognised: its first row that fills those columns."""
        said = self.mapping.get(sheet.name or "")
        if not said:
            return None
        wanted = [i for i in said if i < sheet.width]
        filled = count_filled([sheet.cells.column(i) for i in wanted], sheet.height)
        full = np.flatnonzero(filled == len(wanted))
        if not wanted or not len(full):
            return None
        top = int(full[0]) + 1
        row = {i: sheet.cells.column(i)[top - 1].as_py() for i in range(sheet.width)}
        return Block(top, top, tuple(Heading(i, (text,)) for i, text in row.items() if text))

    def _is_total(self, sheet: Sheet, row: int) -> bool:
        return any(rows.is_total(text) for line in _lines(sheet, row, row) for text in line[:1])


def _corrected(fits: list[Fit], headings: Sequence[Heading], told: Mapping[int, str | None], how: How) -> list[Fit]:
    """The fits after a person's word, column → field: it holds, and a field that it gives away is taken from others."""
    given = set(told.values())
    kept = [fit for fit in fits if fit.heading.index not in told and fit.field not in given]
    added = [Fit(h, field, how) for h in headings if (field := told.get(h.index))]
    return sorted([*kept, *added], key=lambda fit: fit.heading.index)


def remembered_by(table: FoundTable) -> tuple[str, ...]:
    """The headers that a mapping of this table is remembered by, as `memory` is asked for them."""
    return tuple(c.header for c in table.columns if not _is_beside(c.label))


def _headers(headings: Sequence[Heading]) -> tuple[str, ...]:
    return tuple(h.written for h in headings if not _is_beside(h.label))


def _is_beside(label: str) -> bool:
    """Whether a column may come and go: a running number, our list of problems in a return workbook."""
    return plain(label) in _NUMBERS or plain(label) == _PROBLEMS


def _same(block: Block, other: Block) -> bool:
    labels = {(h.index, h.label) for h in block.headings}
    return len(labels & {(h.index, h.label) for h in other.headings}) >= 0.6 * len(labels)


def _beside(headings: Sequence[Heading]) -> list[tuple[Heading, ...]]:
    """Headings parted where a column without one lies between them."""
    parts: list[list[Heading]] = []
    for heading in headings:
        if parts and heading.index == parts[-1][-1].index + 1:
            parts[-1].append(heading)
        else:
            parts.append([heading])
    return [tuple(part) for part in parts]


def _columns(headings: Sequence[Heading], choice: _Choice, told: Context) -> tuple[FoundColumn, ...]:
    fits = {fit.heading.index: fit for fit in choice.fits}
    found = []
    for heading in headings:
        fit = fits.get(heading.index)
        if (not fit and plain(heading.label) in _NUMBERS) or plain(heading.label) == _PROBLEMS:
            continue
        crs = next(filter(None, (crs_of(level) for level in reversed(heading.levels))), None)
        found.append(
            FoundColumn(
                index=heading.index,
                header=heading.written,
                label=heading.label,
                field=fit.field if fit else None,
                how=fit.how if fit else None,
                unit=unit_in(heading.levels) or (_told_unit(choice.record, fit.field, told) if fit else None),
                crs=crs,
            )
        )
    return tuple(found)


def _told_unit(record: type[Record], field: str, told: Context) -> str | None:
    """The title line's unit, for columns that measure the same: 单位：万元 says nothing of litres."""
    own, other = unit_of(record.column(field).unit), unit_of(told.unit)
    return told.unit if own and other and own[0] == other[0] else None


def _titles_en(choice: _Choice) -> list[str]:
    missing = set(choice.missing)
    return [c.title.en for c in choice.record.columns() if c.title.zh in missing]


def _lines(sheet: Sheet, first: int, last: int) -> list[list[str]]:
    """The filled cells of some rows (1-based), empty rows left out."""
    part = sheet.cells.slice(first - 1, max(last - first + 1, 0)).slice(0, 200)
    table = [column.to_pylist() for column in part.columns]
    lines = [[column[i] for column in table if column[i]] for i in range(part.num_rows)]
    return [line for line in lines if line]


def _filled(sheet: Sheet, first: int, last: int) -> Sheet:
    """The sheet with cells that are merged downwards filled, in the rows of the data only; other blanks stay blank."""
    runs: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in sheet.merges:
        if top >= first and top <= last and bottom > top and left <= sheet.width:
            runs.setdefault(left - 1, []).append((top - 1, min(bottom, sheet.height) - 1))
    if not runs:
        return sheet
    columns = [fill_down(c, runs[i]) if i in runs else c for i, c in enumerate(sheet.cells.columns)]
    return replace(sheet, cells=cell_table(columns, sheet.height))
