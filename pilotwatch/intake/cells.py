"""Arrow columns of cell texts: the small changes made to them, all columns at once and none cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FRACTION = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d+$"


def table(columns: Sequence[pa.Array | pa.ChunkedArray], height: int) -> pa.Table:
    """A table of the columns, named by their place; `height` counts where there are none."""
    if not columns:
        return pa.table({"_": pa.nulls(height, pa.string())}).select([])
    return pa.Table.from_arrays(list(columns), names=[str(i) for i in range(len(columns))])


def tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as fastexcel gives it → as `Sheet` promises it: blanks null, dates without a midnight, TRUE and FALSE."""
    column = blank_to_null(column)
    midnight = pc.ends_with(column, " 00:00:00")
    if pc.any(midnight).as_py():
        column = pc.if_else(midnight, pc.utf8_slice_codeunits(column, 0, 10), column)
    if pc.any(pc.starts_with(column, "1899-12-3")).as_py():  # a time of day without a date
        column = pc.replace_substring_regex(column, r"^1899-12-3[01] (\d\d:\d\d:\d\d(\.\d+)?)$", r"\1")
    if pc.any(pc.equal(pc.binary_length(column), 23)).as_py():
        column = _whole_seconds(column)
    for word in ("true", "false"):
        if pc.any(is_word := pc.equal(column, word)).as_py():
            column = pc.if_else(is_word, word.upper(), column)
    return column


def blank_to_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells of nothing but spaces hold nothing."""
    blank = pc.or_kleene(pc.utf8_is_space(column), pc.equal(column, ""))
    return pc.if_else(blank, pa.scalar(None, pa.string()), column) if pc.any(blank).as_py() else column


def _whole_seconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Rounds times to the second: Excel keeps them as fractions of a day, so that 10:26 may read 10:25:59.999."""
    split = pc.match_substring_regex(column, _FRACTION)
    if not pc.any(split).as_py():
        return column
    times = pc.strptime(
        pc.replace_substring_regex(column.filter(split), _FRACTION, r"\1"), format="%Y-%m-%d %H:%M:%S", unit="ms"
    )
    milliseconds = pc.cast(pc.utf8_slice_codeunits(column.filter(split), 20, 23), pa.int64())
    rounded = pc.round_temporal(
        pc.add(times, pc.cast(milliseconds, pa.duration("ms"))), unit="second", calendar_based_origin=True
    )
    texts = pc.replace_substring(
        pc.strftime(pc.cast(rounded, pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S"), " 00:00:00", ""
    )
    return pc.replace_with_mask(_plain(column), _plain(split), _plain(texts))


def percent(column: pa.ChunkedArray, rows: Sequence[int]) -> pa.ChunkedArray:
    """Writes the numbers in `rows` (0-based) as the percentages that their cells show: 0.0052 → 0.52%."""
    mask = np.zeros(len(column), bool)
    mask[list(rows)] = True
    chosen = pa.array(mask)
    numbers = pc.round(pc.multiply(pc.cast(column.filter(chosen), pa.float64()), 100.0), ndigits=9)
    whole = pc.equal(numbers, pc.trunc(numbers))
    texts = pc.if_else(
        whole, pc.cast(pc.cast(pc.trunc(numbers), pa.int64(), safe=False), pa.string()), pc.cast(numbers, pa.string())
    )
    return pc.replace_with_mask(_plain(column), chosen, _plain(pc.binary_join_element_wise(texts, "%", "")))


def replace(column: pa.ChunkedArray, texts: Mapping[int, str]) -> pa.ChunkedArray:
    """Puts other texts into some rows (0-based)."""
    rows = sorted(texts)
    mask = np.zeros(len(column), bool)
    mask[rows] = True
    return pc.replace_with_mask(_plain(column), pa.array(mask), pa.array([texts[r] for r in rows], pa.string()))


def fill_down(column: pa.ChunkedArray, runs: Sequence[tuple[int, int]]) -> pa.ChunkedArray:
    """Repeats the first cell of each run (0-based rows, first and last inclusive) over the rest of the run."""
    source = np.arange(len(column))
    for first, last in runs:
        source[first : last + 1] = first
    return column.take(pa.array(source))


def first_filled(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The first cell of each row that isn't null."""
    return pc.coalesce(*columns)


def count_filled(columns: Sequence[pa.ChunkedArray], height: int) -> np.ndarray:
    """How many cells of each row are filled."""
    filled = np.zeros(height, np.int32)
    for column in columns:
        filled += column.is_valid().to_numpy()
    return filled


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
