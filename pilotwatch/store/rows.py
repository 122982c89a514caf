"""A checked table's good rows as they are stored: typed columns, the key of each row and the hash of what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from pilotwatch.domain import Record, Text
from pilotwatch.store.model import CheckedLike, StoreRefused
from pilotwatch.store.records import CORE, PLACE, RAW, SCALE, STORAGE, layout

_HASHED = 10_000  # rows hashed at once


@dataclass(frozen=True)
class Rows:
    """Rows of one dataset on their way in; the arrays are equally long.

    `columns`: what the file says, by column of the table. `position`: index of each row's table in the upload.
    `hashes`: 64 bits of BLAKE2b over the row's content, the same for the same content on every machine.
    """

    record: type[Record]
    table: Table
    columns: Mapping[str, pa.Array]
    keys: pa.Array
    hashes: pa.Array
    subjects: pa.Array
    sheets: pa.Array
    source_rows: pa.Array
    position: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def dataset(self) -> str:
        return self.record.spec.dataset

    def take(self, mask: np.ndarray) -> Rows:
        """The rows where the mask is true."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        return Rows(
            self.record, self.table, {n: c.filter(chosen) for n, c in self.columns.items()},
            *(a.filter(chosen) for a in (self.keys, self.hashes, self.subjects, self.sheets, self.source_rows)),
            self.position[mask],
        )  # fmt: skip

    def column(self, name: str) -> pa.Array:
        """A text column; null throughout where the file has none."""
        return self.columns.get(name, pa.nulls(len(self), pa.string()))

    def stored(self) -> dict[str, pa.Array]:
        """The columns as the table has them, without those the batch gives to all its rows."""
        return {
            **self.columns, "subject_id": self.subjects, "record_key": self.keys, "content_hash": self.hashes,
            "sheet": self.sheets, "source_row": self.source_rows,
        }  # fmt: skip


def rows_of(checked: CheckedLike, record: type[Record], table: Table, position: int = 0) -> Rows:
    """The good rows of a checked table, ready to be compared and stored."""
    frame = checked.frame if checked.good.all() else checked.frame.filter(pa.array(checked.good))
    given = {n: _whole(frame[n]) for n in frame.column_names}
    kept = layout(record)
    outside = {"subject_id", "record_key", "source_row", "id", "batch_id", "sheet", "content_hash", "replaced_by"}
    columns = {n: stored_as(given[n], kept[n]) for n in kept if n in given and n not in outside}
    rows = len(frame)
    return Rows(
        record,
        table,
        columns,
        keys=given["record_key"].cast(pa.string()),
        hashes=content_hashes(columns, [n for n in kept if _is_content(n, record)], rows),
        subjects=given["subject_id"].cast(pa.string()),
        sheets=pa.repeat(pa.scalar(checked.table.sheet.name, pa.string()), rows),
        source_rows=given["source_row"].cast(pa.int64()),
        position=np.full(rows, position),
    )


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all tables of one dataset in an upload; the same row twice is taken once.

    Raises StoreRefused where one key is on two rows that say different things: neither can be preferred.
    """
    first = parts[0]
    if len(parts) > 1:
        names = dict.fromkeys(n for p in parts for n in p.columns)
        kept = layout(first.record)
        columns = {
            n: pa.concat_arrays([p.columns.get(n, pa.nulls(len(p), STORAGE[kept[n]][1])) for p in parts]) for n in names
        }
        first = Rows(
            first.record, first.table, columns,
            *(pa.concat_arrays([getattr(p, a) for p in parts]) for a in ("keys", "hashes", "subjects", "sheets", "source_rows")),
            np.concatenate([p.position for p in parts]),
        )  # fmt: skip
    codes = first.keys.dictionary_encode()
    if len(codes.dictionary) == len(first):
        return first
    numbers = codes.indices.to_numpy()
    _, at = np.unique(numbers, return_index=True)
    hashes = first.hashes.to_numpy()
    differs = np.flatnonzero(hashes != hashes[at[numbers]])  # from the first row of the same key
    if len(differs):
        _refuse_twice(first, int(differs[0]), int(at[numbers[differs[0]]]))
    mask = np.zeros(len(first), bool)
    mask[at] = True
    return first.take(mask)


def content_hashes(columns: Mapping[str, pa.Array], names: Sequence[str], rows: int) -> pa.Array:
    """One signed 64-bit hash per row over `name=value` of its filled cells, in the order of the names.

    Empty cells don't count, so a field added to a record later leaves the hashes of older rows as they are.
    """
    chosen = {n: columns[n] for n in sorted(names) if n in columns}
    digests = []
    for start in range(0, rows, _HASHED):  # a few rows at a time: the texts of all would be larger than the table
        cells = [
            pc.binary_join_element_wise(n, c.slice(start, _HASHED).cast(pa.string()), "=") for n, c in chosen.items()
        ]
        lines = pc.binary_join_element_wise(*cells, "\x1f", null_handling="skip").cast(pa.binary())
        digests += [blake2b(line, digest_size=8).digest() for line in lines.to_pylist()]
    return pa.array(np.frombuffer(b"".join(digests), "<i8").astype(np.int64))


def objects(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The values as a numpy array of objects, null as None."""
    return np.array(column.to_pylist(), dtype=object)


def distinct(*columns: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The distinct texts of all the columns, sorted."""
    chunks = [k for c in columns for k in (c.chunks if isinstance(c, pa.ChunkedArray) else [c])]
    return np.sort(objects(pc.unique(pa.chunked_array(chunks, pa.string()))))


def stored_as(column: pa.Array, kept: str) -> pa.Array:
    """The column as its storage class holds it: its Arrow type, its places after the point, no NaN, no NUL."""
    wanted = STORAGE[kept][1]
    if kept in SCALE:
        column = pc.round(column.cast(pa.float64()), SCALE[kept], round_mode="half_towards_infinity")
    column = column.cast(wanted, safe=False) if column.type != wanted else column
    if pa.types.is_floating(wanted):
        return pc.if_else(pc.is_nan(column), None, column) if pc.any(pc.is_nan(column)).as_py() else column
    if pa.types.is_string(wanted) and _has_nul(column):
        return pc.replace_substring(column, "\0", "")  # PostgreSQL's text can't hold it
    return column


def _is_content(name: str, record: type[Record]) -> bool:
    """Whether a column counts when a row is compared with the stored one.

    The place and the point do. What differs from list to list without the row having changed doesn't: the list's date,
    the columns beside the record's own (a running number).
    """
    return name not in CORE or name in PLACE or name in RAW or name in record.model_fields


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece, which it mostly is; putting pieces together copies them."""
    whole = (
        column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])
    )
    return whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole


def _has_nul(column: pa.Array) -> bool:
    text = column.buffers()[2]
    return text is not None and b"\0" in memoryview(text).tobytes()


def _refuse_twice(rows: Rows, a: int, b: int) -> None:
    def place(i: int) -> Text:
        sheet, row = rows.sheets[i].as_py(), rows.source_rows[i].as_py()
        return (
            Text(f"工作表“{sheet}”第 {row} 行", f"sheet “{sheet}” row {row}")
            if sheet
            else Text(f"第 {row} 行", f"row {row}")
        )

    raise StoreRefused(
        "duplicate",
        Text(
            "{a}与{b}是同一条记录（{key}），内容却不一致。请核实后只保留正确的一行，再重新上传。",
            "{a} and {b} are the same record ({key}) but say different things. Keep the right one and upload again.",
        ).format(a=place(b), b=place(a), key=rows.keys[a].as_py()),
    )
