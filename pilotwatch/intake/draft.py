"""A found table on its way from texts to values: its columns as read, the cells that failed, and what was found so far.

One cell gets one error: a rule that comes later leaves a failed cell alone, and so does what depends on it (a wrong
code is neither looked up nor called a duplicate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.domain import Column, Text
from pilotwatch.intake.findings import Group, cell_text
from pilotwatch.intake.model import FoundColumn, FoundTable, Rule
from pilotwatch.intake.rules import RULES
from pilotwatch.intake.values import RULES as RULE_NAMES
from pilotwatch.intake.values import Around, arrow_type, read_cell, read_column
from pilotwatch.intake.values.cells import LONGEST
from pilotwatch.intake.values.numbers import foreign_unit
from pilotwatch.intake.values.words import is_nothing, nearest
from pilotwatch.places import Places

Expected = Text | Callable[[int], Text]


@dataclass
class Draft:
    """`values[field]` and `failed[field]` have one entry per data row; `found[field]` is its (first) sheet column."""

    table: FoundTable
    places: Places
    on: date
    date1904: bool = False
    values: dict[str, pa.Array] = field(default_factory=dict)
    failed: dict[str, np.ndarray] = field(default_factory=dict)
    found: dict[str, FoundColumn] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    areas: dict[str, np.ndarray] = field(default_factory=dict)  # division, zone, unit of the division column's words

    def __len__(self) -> int:
        return len(self.table.rows)

    @property
    def list_date(self) -> date:
        """The list's own date, else the day it is uploaded."""
        return self.table.context.as_of or self.on

    @property
    def good(self) -> np.ndarray:
        """Rows without an error."""
        return ~np.logical_or.reduce(list(self.failed.values()) or [np.zeros(len(self), bool)])

    def column(self, name: str) -> Column:
        return self.table.record.column(name)

    def cells(self, found: FoundColumn) -> pa.Array:
        """The texts of a sheet column at the data rows."""
        column = self.table.sheet.cells.column(found.index)
        rows = self.table.rows
        if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
            return column.slice(int(rows[0]) - 1, len(rows)).combine_chunks()
        return column.take(pa.array(rows - 1, pa.int64())).combine_chunks()

    def text(self, found: FoundColumn, position: int) -> str | None:
        return cell_text(self.table.sheet, int(self.table.rows[position]), found.index)

    def ok(self, name: str) -> np.ndarray:
        """Rows where the field has a value and no error."""
        return ~self.failed[name] & _valid(self.values[name])

    def report(
        self, rule: Rule, name: str, mask: np.ndarray, expected: Expected, found: FoundColumn | None = None
    ) -> None:
        """Notes a finding for the rows of `mask` whose cell hasn't failed yet; `expected` may depend on the row."""
        mask = mask & ~self.failed[name]
        if not mask.any():
            return
        positions = np.flatnonzero(mask)
        say = expected if callable(expected) and not isinstance(expected, Text) else lambda _: expected
        self.groups.append(
            Group(
                rule,
                self.table.rows[positions],
                lambda i: say(int(positions[i])),
                self.column(name),
                found or self.found.get(name),
            )
        )
        if RULES[rule].severity == "error":
            self.failed[name] = self.failed[name] | mask

    # --- reading ---

    def read(self) -> None:
        """Reads every column that feeds a field, districts before the streets that lie in them."""
        feeding: dict[str, list[FoundColumn]] = {}
        for found in self.table.columns:
            if found.field is not None:
                feeding.setdefault(found.field, []).append(found)
        columns = [c for c in self.table.record.columns() if c.name in feeding]
        for column in sorted(columns, key=lambda c: c.kind == "street"):
            self.found[column.name] = feeding[column.name][0]
            self.failed[column.name] = np.zeros(len(self), bool)
            if column.kind == "street":
                self._read_street(column)
            elif column.kind in ("texts", "choices", "departments") and len(feeding[column.name]) > 1:
                self._read_joined(column, feeding[column.name])
            else:
                self._read_one(column, feeding[column.name][0])
                for more in feeding[column.name][1:]:
                    self._merge(column, more)
        if "division_code" in self.found:
            words = pc.utf8_slice_codeunits(self.cells(self.found["division_code"]), 0, LONGEST).to_numpy(
                zero_copy_only=False
            )
            areas = self.places.match_areas(words)
            self.areas = {name: areas[name].to_numpy(object) for name in areas}

    def around(self, found: FoundColumn) -> Around:
        context = self.table.context
        year = context.year or (context.as_of.year if context.as_of else None)
        month = context.month or (context.as_of.month if context.as_of else None)
        return Around(self.list_date, year, month, found.unit or context.unit, self.date1904, self.places)

    def _read_one(self, column: Column, found: FoundColumn) -> None:
        around = self.around(found)
        self.values[column.name], rules = read_column(self.cells(found), column, around)
        if wanted := foreign_unit(column, found.unit):
            self.report("unit", column.name, _valid(self.values[column.name]), wanted, found)
        self._report_rules(column, found, rules)

    def _read_joined(self, column: Column, several: list[FoundColumn]) -> None:
        """A list that several columns feed: the parts of each, in the order of the columns."""
        cells = [self.cells(found) for found in several]
        joined = pc.binary_join_element_wise(*cells, "、", null_handling="replace", null_replacement="")
        self.values[column.name], _ = read_column(joined, column, self.around(several[0]))
        for found, texts in zip(several, cells, strict=True):
            self._report_rules(column, found, read_column(texts, column, self.around(found)).rules)

    def _merge(self, column: Column, more: FoundColumn) -> None:
        """A second column of one field fills what the first leaves empty; where both speak they must agree."""
        values, rules = read_column(self.cells(more), column, self.around(more))
        first, header = self.values[column.name], self.found[column.name].header
        differ = pc.fill_null(pc.not_equal(first, values), False).to_numpy(zero_copy_only=False)
        self.values[column.name] = pc.coalesce(first, values)
        self._report_rules(column, more, rules)
        self.report("conflict", column.name, differ, Text(f"应与「{header}」一致", f"the same as in {header}"), more)

    def _report_rules(self, column: Column, found: FoundColumn, rules: np.ndarray) -> None:
        around = self.around(found)
        for number in np.unique(rules[rules > 0]):
            self.report(
                RULE_NAMES[number], column.name, rules == number,
                lambda i: read_cell(self.text(found, i), column, around).expected or Text("", ""), found,
            )  # fmt: skip

    def _read_street(self, column: Column) -> None:
        found = self.found[column.name]
        encoded = self.cells(found).dictionary_encode()
        words = [None if is_nothing(word) else word[:LONGEST] for word in encoded.dictionary.to_pylist()]
        texts = pa.array([*words, None], pa.string()).take(encoded.indices.fill_null(len(words)))
        division, division_failed = self._divisions()
        codes = self.places.match_streets(texts.to_numpy(zero_copy_only=False), division)
        self.values[column.name] = pa.array(codes, arrow_type(column.kind))
        unknown = _valid(texts) & ~_valid(self.values[column.name]) & ~division_failed
        self.report("reference", column.name, unknown, lambda i: self._street_expected(found, i, division[i]))

    def _divisions(self) -> tuple[np.ndarray, np.ndarray]:
        if "division_code" not in self.values:
            return np.full(len(self), None, object), np.zeros(len(self), bool)
        return self.values["division_code"].to_numpy(zero_copy_only=False), self.failed["division_code"]

    def _street_expected(self, found: FoundColumn, position: int, division: str | None) -> Text:
        streets = [s for s in self.places.streets.values() if division is None or s.division == division]
        title = next((d.title for d in self.places.divisions if d.code == division), Text("本市", "the city"))
        meant = nearest(self.text(found, position) or "", [s.name for s in streets])
        hint = Text(f"（是否为“{meant}”？）", f" (did you mean {meant}?)") if meant else Text("", "")
        return Text("应为{title}的街道（乡镇）{hint}", "a street or township of {title}{hint}").format(
            title=title, hint=hint
        )


def _valid(values: pa.Array) -> np.ndarray:
    return values.is_valid().to_numpy(zero_copy_only=False)
