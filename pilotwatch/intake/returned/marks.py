"""What is to be marked on a sheet: failed cells with their messages, rows with theirs, and which rows to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pilotwatch.domain import Language, Text
from pilotwatch.intake.headers import plain
from pilotwatch.intake.model import Checked, FoundTable, Severity, Sheet, Workbook
from pilotwatch.intake.own import PROBLEMS_HEADER

SEVERITIES: Mapping[Severity, Text] = {"error": Text("错误", "Error"), "warning": Text("提示", "Note")}
COLOURS: Mapping[Severity, str] = {"error": "FFC7CE", "warning": "FFEB9C"}
MOST_COMMENTS = 2000  # on a sheet; the extra column has every message, and spreadsheets grow slow with comments


@dataclass
class Mark:
    """What is wrong with one cell."""

    severity: Severity
    messages: list[str]

    @property
    def comment(self) -> str:
        return "\n".join(self.messages)


@dataclass
class Filter:
    """The rows of one table, from its header's last row on, with those that are not in error hidden."""

    top: int
    bottom: int
    left: int
    hidden: np.ndarray  # 1-based rows
    pattern: str  # what the extra column contains where a row is shown


@dataclass
class Marks:
    """Of one sheet; rows and columns 1-based."""

    problems: int  # the extra column
    cells: dict[tuple[int, int], Mark] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    headers: list[int] = field(default_factory=list)  # rows in which the extra column's header stands
    filter: Filter | None = None
    numeric: list[tuple[int, int, int]] = field(default_factory=list)  # column, first and last row of numbers

    @property
    def comments(self) -> Sequence[tuple[tuple[int, int], Mark]]:
        return list(self.cells.items())[:MOST_COMMENTS]


def marks_of(workbook: Workbook, checked: Sequence[Checked], language: Language) -> dict[str | None, Marks]:
    """The marks of every sheet that has a table, by the sheet's name."""
    raw = {sheet.name: sheet for sheet in workbook.sheets}
    marks: dict[str | None, Marks] = {}
    for table in checked:
        sheet = raw[table.table.sheet.name]
        own = marks.setdefault(sheet.name, Marks(_problems_column(sheet, table.table)))
        _add(own, sheet, table, language)
    return marks


def _add(marks: Marks, sheet: Sheet, checked: Checked, language: Language) -> None:
    table = checked.table
    places = {c.header: c.index + 1 for c in table.columns}
    anchors = _anchors(sheet)
    worst: dict[int, Severity] = {}
    for finding in checked.findings:
        label = SEVERITIES[finding.severity](language)
        message = (
            f"{label}：{finding.message(language)}" if language == "zh" else f"{label}: {finding.message(language)}"
        )
        marks.rows[finding.row].append(message)
        if worst.get(finding.row) != "error":
            worst[finding.row] = finding.severity
        place = places.get(finding.column or "")
        if place is None:
            continue
        cell = anchors.get((finding.row, place), (finding.row, place))
        mark = marks.cells.setdefault(cell, Mark(finding.severity, []))
        mark.messages.append(message)
        if finding.severity == "error":
            mark.severity = "error"
    marks.headers.append(table.header_row)
    numbers = {c.name for c in table.record.columns() if c.kind in ("integer", "real", "decimal", "lng", "lat")}
    if len(table.rows):
        first, last = int(table.rows[0]), int(table.rows[-1])
        marks.numeric += [(c.index + 1, first, last) for c in table.columns if c.field in numbers]
    if worst and marks.filter is None:  # a sheet can have one filter
        marks.filter = _filter(table, worst, language)


def _filter(table: FoundTable, worst: Mapping[int, Severity], language: Language) -> Filter:
    shown: Severity = "error" if "error" in worst.values() else "warning"
    kept = np.array([row for row, severity in worst.items() if severity == shown])
    top = table.header_rows[-1]
    bottom = int(max(table.rows[-1] if len(table.rows) else top, kept.max()))
    rows = np.arange(top + 1, bottom + 1)
    left = min(c.index for c in table.columns) + 1
    return Filter(top, bottom, left, rows[~np.isin(rows, kept)], SEVERITIES[shown](language))


def _problems_column(sheet: Sheet, table: FoundTable) -> int:
    """The extra column's place: where it stood when the file went back before, else the first free one on the right."""
    wanted = plain(PROBLEMS_HEADER)
    for row in table.header_rows:
        for index, column in enumerate(sheet.cells.columns):
            if plain(column[row - 1].as_py() or "") == wanted:
                return index + 1
    return sheet.width + 1


def _anchors(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells inside a merged one → the cell that shows for them."""
    return {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
