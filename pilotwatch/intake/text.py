"""A text table (CSV): its encoding and separator are found out, its rows are numbered by the line they begin on."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pilotwatch.intake import cells
from pilotwatch.intake.model import Sheet
from pilotwatch.intake.refusals import refused
from pilotwatch.settings import Settings

SEPARATORS = (",", ";", "\t", "|")

_BOMS = ((b"\xef\xbb\xbf", "UTF-8", "utf-8-sig"), (b"\xff\xfe", "UTF-16", "utf-16"), (b"\xfe\xff", "UTF-16", "utf-16"))
_TRIED = (("UTF-8", "utf-8"), ("GB18030", "gb18030"))  # the stricter first: Chinese in GB18030 is hardly ever UTF-8
_CHUNK = 20_000  # rows that are Python objects at a time


def read(source: Path | bytes, limits: Settings) -> tuple[Sheet, str, str]:
    """The only sheet of a text table, its encoding (UTF-8, UTF-16, GB18030) and its separator."""
    text, encoding = decode(source if isinstance(source, bytes) else source.read_bytes())
    if "\0" in text:
        raise refused("not_workbook")
    separator = separator_of(text)
    csv.field_size_limit(10_000_000)
    columns: list[list[pa.Array]] = []
    height = 0
    for rows in _chunks(text, separator):
        width = max(map(len, rows), default=0)
        if width > limits.max_columns:
            raise refused("too_wide", sheet="CSV", found=width, letters=width, limit=limits.max_columns)
        while len(columns) < width:
            columns.append([pa.nulls(height, pa.string())])
        for column, values in itertools.zip_longest(columns, itertools.zip_longest(*rows), fillvalue=()):
            column.append(pa.array(values, pa.string()) if values else pa.nulls(len(rows), pa.string()))
        height += len(rows)
        if height * len(columns) > limits.max_cells:
            raise refused("too_many_cells", sheet="CSV", rows=height, columns=len(columns))
    tidied = [cells.blank_to_null(pa.chunked_array(column, pa.string())) for column in columns]
    return Sheet(name=None, cells=cells.table(tidied, height)), encoding, separator


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: by its byte order mark, else UTF-8, else GB18030, each without mercy."""
    for mark, name, codec in _BOMS:
        if content.startswith(mark):
            tried = ((name, codec),)
            break
    else:
        tried = _TRIED
    reached = 0
    for name, codec in tried:
        try:
            return content.decode(codec), name
        except UnicodeDecodeError as error:
            reached = max(reached, error.start)
    raise refused("encoding", byte=reached + 1)


def separator_of(text: str) -> str:
    """The separator that splits most of the first lines into one and the same number of columns, the more the better."""

    def evenness(separator: str) -> int:
        rows = itertools.islice(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator), 60)
        widths = Counter(len(row) for row in rows if row)
        return max(((width - 1) * lines for width, lines in widths.items()), default=0)

    return max(SEPARATORS, key=evenness)  # of equals the first: a comma


def _chunks(text: str, separator: str) -> Iterator[list[list[str]]]:
    """Rows in chunks, one per line: the lines that a quoted line break takes up beyond the first are empty rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    line = 0
    for row in reader:
        rows.append(row)
        rows.extend([] for _ in range(reader.line_num - line - 1))
        opened, line = line + 1, reader.line_num
        if len(rows) >= _CHUNK:
            yield rows
            rows = []
    if rows:
        if line > opened and text.count('"') % 2:
            raise refused("quote", line=opened)
        yield rows
