"""What the steps of the intake hand to each other: workbook → found tables → checked tables → upload.

Cells travel as Arrow columns of strings, one per sheet column, so that nothing on the way costs a Python object per
cell; only failed rows become `Finding` objects. Row numbers are those Excel shows: 1-based rows of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Record, Text

Severity = Literal["error", "warning"]

#: Stable names of what can be wrong with a cell, a row or a table.
Rule = Literal[
    # errors
    "check_digit", "format", "enum", "range", "date", "number", "duplicate", "outside_division", "required",
    "reference", "unit", "ambiguous", "scope", "conflict",
    # warnings
    "total_mismatch", "approximate", "date_precision", "repaired", "no_coordinates", "formula", "swapped",
]  # fmt: skip


class FileRefused(Exception):
    """The file as a whole can't be read; `rule` is stable, `message` says in the user's words what to do."""

    def __init__(self, rule: str, message: Text):
        super().__init__(message.zh)
        self.rule, self.message = rule, message


class Cancelled(Exception):
    """The user cancelled; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one cell (or row): where, what was found, what is expected, how to mend it."""

    sheet: str | None
    row: int
    field: str | None
    column: str | None  # the header as written
    value: str | float | int | None  # as it stands in the cell
    expected: Text
    message: Text
    rule: Rule
    severity: Severity

    def as_json(self, language: Literal["zh", "en"] = "zh") -> dict[str, Any]:
        return {
            "sheet": self.sheet, "row": self.row, "field": self.field, "column": self.column, "value": self.value,
            "expected": self.expected(language), "message": self.message(language), "rule": self.rule,
            "severity": self.severity,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `cells` has a string column per sheet column ("0", "1", …), row i of it is sheet row i + 1.

    Dates of date-formatted cells are ISO text (`2026-06-30` or `2026-06-30 10:26:00`), numbers their shortest decimal
    text, booleans TRUE/FALSE, empty cells null. `merges` are 1-based, inclusive (top, left, bottom, right).
    """

    name: str | None
    cells: pa.Table
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    formulas: tuple[tuple[int, int], ...] = ()  # (row, column) 1-based, where a formula has no cached value

    @property
    def height(self) -> int:
        return self.cells.num_rows

    @property
    def width(self) -> int:
        return self.cells.num_columns


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read: its sheets, and what it was."""

    name: str
    sha256: str
    size: int
    kind: Literal["xlsx", "xls", "csv", "et"]
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    separator: str | None = None
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of a found table: where it is, how it is headed, and which field of the record it feeds."""

    index: int  # 0-based column of the sheet
    header: str  # as written, the levels joined by "/" where a header has several rows
    field: str | None  # None: an extra column, kept and echoed, not stored
    how: Literal["title", "alias", "remembered", "similar", "user"] | None = None
    unit: str | None = None  # the unit the header or the title line names: 万元, 吨 …
    crs: str | None = None  # GCJ02, BD09, WGS84, CGCS2000 named by the header
    label: str = ""  # the lowest level alone: 加油机台数 of 其他/加油机台数


@dataclass(frozen=True, slots=True)
class Context:
    """What the lines around a table say: title, 填报单位, the list's own date, units, coordinate system."""

    title: str | None = None
    reporter: str | None = None
    as_of: date | None = None
    year: int | None = None
    month: int | None = None
    unit: str | None = None
    crs: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A total or sub-total row that was found (and is no data): its row, its label and the data rows it sums."""

    row: int
    label: str
    first: int
    last: int


@dataclass(frozen=True)
class FoundTable:
    """A table found on a sheet and recognised as a dataset."""

    sheet: Sheet
    record: type[Record]
    header_row: int
    header_rows: tuple[int, ...]
    columns: tuple[FoundColumn, ...]
    rows: np.ndarray  # 1-based sheet rows that are data, ascending (hidden and wrong ones count)
    context: Context
    totals: tuple[Total, ...] = ()
    score: float = 1.0

    @property
    def dataset(self) -> str:
        return self.record.spec.dataset

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """The columns that no field is fed by, each by its lowest level."""
        return tuple(c.label or c.header for c in self.columns if c.field is None and c.header)

    @property
    def missing_fields(self) -> tuple[str, ...]:
        """Required fields of the record that no column feeds."""
        fed = {c.field for c in self.columns}
        return tuple(c.name for c in self.record.columns() if c.required and c.name not in fed)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A sheet that is not read, and why."""

    sheet: str | None
    reason: Text
    hidden: bool = False


@dataclass(frozen=True)
class Recognition:
    tables: tuple[FoundTable, ...]
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True)
class Checked:
    """A found table after validation.

    `frame`: one Arrow column per field of the record that is fed or derived (typed: text, int64, float64, date32,
    timestamp[s], bool; money as decimal text never, but float64 yuan rounded to 2 places; lists as JSON text), plus
    `subject_id`, `record_key`, `division_code`, `street_code`, `zone`, `report_unit`, `jurisdiction`, `lng`, `lat`, `lng_raw`,
    `lat_raw`, `crs_raw`, `located`, `day`, `source_row`, and `extra` (JSON text of the extra columns).
    `good`: mask over its rows, True where no error was found. Row i is `table.rows[i]`.
    """

    table: FoundTable
    frame: pa.Table
    good: np.ndarray
    findings: Sequence[Finding]  # made when looked at, however many they are: see `findings.Findings`

    @property
    def errors(self) -> int:
        counted = getattr(self.findings, "errors", None)
        return sum(f.severity == "error" for f in self.findings) if counted is None else counted

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors
