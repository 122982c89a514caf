"""Total and sub-total rows: not data, but each must be the sum of the rows it stands for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pilotwatch.domain import Column, Text
from pilotwatch.intake.draft import Draft
from pilotwatch.intake.findings import Group, cell_text
from pilotwatch.intake.messages import amount
from pilotwatch.intake.model import FoundColumn, Total
from pilotwatch.intake.values import read_cell
from pilotwatch.intake.values.numbers import dimension, factor_of

_ADDABLE = ("money", "volume", "mass", "area", "count")  # percentages, temperatures, levels don't add up


def mismatches(draft: Draft) -> list[Group]:
    """A finding on each total that is not the sum of its rows; where one of the rows has no number, nothing is said."""
    groups = []
    for name, found in draft.found.items():
        column = draft.column(name)
        if column.kind not in ("integer", "real", "decimal") or dimension(column)[0] not in _ADDABLE:
            continue
        wrong = {t.row: said for t in draft.table.totals if (said := _mismatch(draft, column, found, t)) is not None}
        rows = np.array(sorted(wrong), dtype=np.int64)
        groups.append(
            Group("total_mismatch", rows, lambda i, rows=rows, wrong=wrong: wrong[int(rows[i])], column, found)
        )
    return groups


def _mismatch(draft: Draft, column: Column, found: FoundColumn, total: Total) -> Text | None:
    text = cell_text(draft.table.sheet, total.row, found.index)
    stated = read_cell(text, column, draft.around(found))
    if text is None or stated.value is None:
        return None
    start, stop = np.searchsorted(draft.table.rows, [total.first, total.last + 1])
    values = draft.values[column.name][start:stop].cast(pa.float64()).to_numpy(zero_copy_only=False)
    if (draft.failed[column.name][start:stop] & np.isnan(values)).any():
        return None
    added = float(np.nansum(values))
    decimals = len(text.strip().rpartition(".")[2]) if "." in text else 0
    rounding = 0.5 * 10.0**-decimals * factor_of(column.unit, draft.around(found).unit) + 1e-9 * abs(added)
    if abs(added - stated.value) <= rounding:
        return None
    return Text(
        f"应等于第 {total.first} 至 {total.last} 行之和 {amount(added)}，相差 {amount(stated.value - added)}",
        f"the sum of rows {total.first} to {total.last}, {amount(added)}; it differs by {amount(stated.value - added)}",
    )
