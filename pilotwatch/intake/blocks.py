"""Where on a sheet a header stands: one to four rows whose words head columns of some record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pilotwatch.intake.headers import Heading, Vocabulary
from pilotwatch.intake.model import Sheet

SEARCHED_ROWS = 60  # a header stands within that many rows of where a table may begin
_MOST_LEVELS = 4
_MOST_STARTS = 400  # places further down where another table may begin

Grid = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Block:
    """A header: its first and last row (1-based), its headings, and how telling they are of some record."""

    top: int
    bottom: int
    headings: tuple[Heading, ...]
    weight: float = 0.0

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(range(self.top, self.bottom + 1))


def find(sheet: Sheet, words: Vocabulary, first: int, last: int, columns: Sequence[int]) -> Block | None:
    """The header among the first rows of `first`…`last` (1-based): where most telling words stand in fewest rows."""
    best = None
    for top in range(first, min(last, first + SEARCHED_ROWS - 1) + 1):
        for block in starting_at(sheet, words, top, last, columns):
            if best is None or (block.weight, best.bottom - best.top) > (best.weight, block.bottom - block.top):
                best = block
    return _with_groups(sheet, words, best, first, columns) if best and best.weight else None


def _with_groups(sheet: Sheet, words: Vocabulary, block: Block, first: int, columns: Sequence[int]) -> Block:
    """The header with the row of groups above it, where no cells are merged: a row of short labels, some of which head
    columns that have no other (序号 beside 基本信息)."""
    above = block.top - 1
    labels = [text for column in sheet.cells.columns if above >= first and (text := column[above - 1].as_py())]
    if len(labels) < 2 or any(len(label) > 20 or re.search("[:：]", label) for label in labels):
        return block
    options = starting_at(sheet, words, above, block.bottom, columns)
    wider = [
        b
        for b in options
        if b.bottom == block.bottom and len(b.headings) > len(block.headings) and b.weight >= block.weight
    ]
    return wider[0] if wider else block


def starting_at(sheet: Sheet, words: Vocabulary, top: int, last: int, columns: Sequence[int]) -> Iterable[Block]:
    """The headers that may begin at a row, one per height; none where a merged cell reaches into the row from above."""
    merges = [m for m in sheet.merges if m[2] - m[0] < _MOST_LEVELS and m[2] >= top and m[0] < top + _MOST_LEVELS]
    if any(m[0] < top and m[2] >= top for m in merges):
        return
    grid = _grid(sheet, top, min(last, top + _MOST_LEVELS - 1), merges)
    for height in range(1, len(grid) + 1):
        bottom = top + height - 1
        if any(m[0] <= bottom < m[2] for m in merges):  # the header goes on
            continue
        headings = _headings(grid[:height], columns)
        if len(headings) >= 2:
            yield Block(top, bottom, headings, words.best_weight(headings))


def starts(filled: np.ndarray, first: int, last: int) -> list[int]:
    """Rows in `first`…`last` (1-based) where another table may begin: filled ones below a row of at most two cells."""
    here = filled[first - 1 : last] >= 3
    above = filled[first - 2 : last - 1] <= 2
    return (np.flatnonzero(here & above) + first)[:_MOST_STARTS].tolist()


def _grid(sheet: Sheet, top: int, bottom: int, merges: Sequence[tuple[int, int, int, int]]) -> list[list[str | None]]:
    """The cells of some rows, each merged cell's text repeated over all of it."""
    part = sheet.cells.slice(top - 1, bottom - top + 1)
    columns = [column.to_pylist() for column in part.columns]
    for first, left, last, right in merges:
        if not top <= first <= bottom or left > len(columns):
            continue
        text = columns[left - 1][first - top]
        for column in columns[left - 1 : right]:
            column[first - top : last - top + 1] = [text] * (min(last, bottom) - first + 1)
    return [[column[row] for column in columns] for row in range(bottom - top + 1)]


def _headings(grid: Grid, columns: Sequence[int]) -> tuple[Heading, ...]:
    """The levels of each column; a group's name stands once over its columns also where no cells are merged."""
    spread = [list(row) for row in grid]
    for upper, lower in zip(spread, grid[1:], strict=False):
        for left, i in itertools.pairwise(columns):
            if upper[i] is None and lower[i] and lower[left] and lower[left] != upper[left]:
                upper[i] = upper[left]
    headings = []
    for i in columns:
        levels = [" ".join(row[i].split()) for row in spread if row[i]]
        levels = [level for place, level in enumerate(levels) if not place or level != levels[place - 1]]
        if levels:
            headings.append(Heading(i, tuple(_unbroken(level) for level in levels)))
    return tuple(headings)


def _unbroken(text: str) -> str:
    """A label without its line breaks: Chinese words run on, others keep a space."""
    parts = text.split(" ")
    joined = parts[0]
    for part in parts[1:]:
        joined += (" " if joined[-1:].isascii() and part[:1].isascii() else "") + part
    return joined
