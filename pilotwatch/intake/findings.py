"""All that is wrong in a table, held as columns: a row number and a rule each; a `Finding` is made when it is looked at.

A file of 100,000 rows that are all wrong keeps every one of its findings in a few bytes each, so none has to be left
out; only who reads them decides how many to show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from pilotwatch.domain import Column, Text
from pilotwatch.intake.messages import one_line, sentence
from pilotwatch.intake.model import Finding, FoundColumn, Rule, Severity, Sheet
from pilotwatch.intake.rules import RULES
from pilotwatch.intake.values.personal import mask

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule in one column: the sheet rows, ascending, and what is expected of the i-th of them."""

    rule: Rule
    rows: np.ndarray
    expected: Callable[[int], Text]
    column: Column | None  # the record's field
    found: FoundColumn | None  # where on the sheet; None where the sheet has no such column

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a summary: a rule in a column, how often, and the first few rows."""

    rule: Rule
    severity: Severity
    field: str | None
    column: str | None
    title: Text
    count: int
    examples: tuple[Finding, ...]


class Findings(Sequence[Finding]):
    """The findings of a table in the order of its rows, then of its columns."""

    def __init__(self, sheet: Sheet, groups: Sequence[Group]):
        self._sheet = sheet
        self.groups = tuple(g for g in groups if len(g.rows))
        at = np.array([g.found.index if g.found else -1 for g in self.groups], dtype=np.int32)
        sizes = [len(g.rows) for g in self.groups]
        self._group = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self._place = np.concatenate([np.arange(n, dtype=np.int32) for n in sizes] or [np.zeros(0, np.int32)])
        rows = np.concatenate([g.rows for g in self.groups] or [np.zeros(0, np.int64)])
        self._order = np.lexsort((at[self._group], rows)).astype(np.int32)

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(self._make(i) for i in self._order[index])
        return self._make(self._order[index])

    def __iter__(self) -> Iterator[Finding]:
        return (self._make(i) for i in self._order)

    @property
    def errors(self) -> int:
        return sum(len(g.rows) for g in self.groups if g.severity == "error")

    @property
    def warnings(self) -> int:
        return len(self) - self.errors

    def summary(self) -> tuple[Summary, ...]:
        """Grouped by rule and column: errors first, the most frequent first."""
        lines = [
            Summary(
                g.rule, g.severity, g.column.name if g.column else None, g.found.header if g.found else None,
                RULES[g.rule].title, len(g.rows), tuple(self._finding(g, i) for i in range(min(len(g.rows), _EXAMPLES))),
            )
            for g in self.groups
        ]  # fmt: skip
        return tuple(sorted(lines, key=lambda line: (line.severity != "error", -line.count)))

    def _make(self, i: int) -> Finding:
        return self._finding(self.groups[self._group[i]], int(self._place[i]))

    def _finding(self, group: Group, i: int) -> Finding:
        row = int(group.rows[i])
        value = cell_value(self._sheet, row, group.found.index) if group.found else None
        if group.column and group.column.mask and isinstance(value, str):
            value = mask(value, group.column.mask)
        expected = group.expected(i)
        return Finding(
            self._sheet.name, row, group.column.name if group.column else None, group.found.header if group.found else None,
            value, expected, sentence(group.rule, row, _title(group), value, expected, group.column.kind if group.column else None),
            group.rule, group.severity,
        )  # fmt: skip


def _title(group: Group) -> Text:
    """What the message calls the column: its header's lowest level as written, in English our own title."""
    header = one_line(group.found.label or group.found.header) if group.found else ""
    if group.column is None:
        return Text(header, header)
    return Text(header or group.column.title.zh, group.column.title.en)


def cell_text(sheet: Sheet, row: int, index: int) -> str | None:
    """The text of a cell; `row` as the sheet counts, `index` from 0."""
    return sheet.cells.column(index)[row - 1].as_py()


def cell_value(sheet: Sheet, row: int, index: int) -> str | float | int | None:
    """A cell as it stands: a number where a spreadsheet's cell is one; a CSV file has texts only."""
    text = cell_text(sheet, row, index)
    if text is None or sheet.name is None or not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
