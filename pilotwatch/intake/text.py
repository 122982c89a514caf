"""A text table (CSV): its encoding and separator are found out, its rows are numbered by the line they begin on."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from pilotwatch.intake import cells
from pilotwatch.intake.model import Sheet
from pilotwatch.intake.refusals import refused
from pilotwatch.intake.sniff import Source
from pilotwatch.settings import Settings

SEPARATORS = (",", ";", "\t", "|")

_BOMS = ((b"\xef\xbb\xbf", "UTF-8", "utf-8-sig"), (b"\xff\xfe", "UTF-16", "utf-16"), (b"\xfe\xff", "UTF-16", "utf-16"))
_CHUNK = 20_000  # rows that are Python objects at a time
_PIECE = 1 << 20


@dataclass(frozen=True)
class Encoding:
    """How bytes become text: the codec, the name to show, and whether the text has an odd number of quotation marks."""

    name: str
    codec: str
    odd_quotes: bool = False


#: The stricter first: Chinese text in GB18030 is hardly ever valid UTF-8.
_TRIED = (Encoding("UTF-8", "utf-8"), Encoding("GB18030", "gb18030"))


def read(source: Source, limits: Settings) -> tuple[Sheet, str, str]:
    """The only sheet of a text table, its encoding (UTF-8, UTF-16, GB18030) and its separator; raises `FileRefused`."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    encoding = encoding_of(content)
    separator = separator_of(_lines(content, encoding))
    csv.field_size_limit(10_000_000)
    columns: list[list[pa.Array]] = []
    height = 0
    for rows in _chunks(_lines(content, encoding), separator, encoding):
        width = max(map(len, rows))
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
    return Sheet(name=None, cells=cells.table(tidied, height)), encoding.name, separator


def encoding_of(content: bytes) -> Encoding:
    """By the byte order mark, else UTF-8, else GB18030: each must fit to the last byte, nothing is replaced."""
    marked = [Encoding(name, codec) for mark, name, codec in _BOMS if content.startswith(mark)]
    reached = 0
    for encoding in marked or _TRIED:
        decoder = codecs.getincrementaldecoder(encoding.codec)()
        quotes = breaks = start = 0
        try:
            for start in range(0, len(content), _PIECE):
                piece = decoder.decode(content[start : start + _PIECE], final=start + _PIECE >= len(content))
                quotes += piece.count('"')
                if (nul := piece.find("\0")) >= 0:
                    raise refused("nul", line=1 + breaks + piece.count("\n", 0, nul))
                breaks += piece.count("\n")
        except UnicodeDecodeError as error:
            reached = max(reached, start + error.start)
        else:
            return replace(encoding, odd_quotes=quotes % 2 == 1)
    raise refused("encoding", byte=reached + 1)


def _lines(content: bytes, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding.codec, newline="")


def separator_of(lines: Iterable[str]) -> str:
    """The separator that splits most of the first lines into one and the same number of columns, the more the better."""
    first = list(itertools.islice(lines, 60))

    def evenness(separator: str) -> int:
        widths = Counter(len(row) for row in csv.reader(first, delimiter=separator) if row)
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    return max(SEPARATORS, key=evenness)  # of equals the first: a comma


def _chunks(lines: Iterable[str], separator: str, encoding: Encoding) -> Iterator[list[list[str]]]:
    """Rows in chunks, one per line: the lines that a quoted line break takes up beyond the first are empty rows."""
    reader = csv.reader(lines, delimiter=separator)
    rows: list[list[str]] = []
    opened = line = 0
    for row in reader:
        rows.append(row)
        rows.extend([] for _ in range(reader.line_num - line - 1))
        opened, line = line + 1, reader.line_num
        if len(rows) >= _CHUNK:
            yield rows
            rows = []
    if line > opened and encoding.odd_quotes:  # the last record ends only with the file
        raise refused("quote", line=opened)
    if rows:
        yield rows
