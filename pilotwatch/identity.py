"""Who is who: the id of a supervised subject, and the key of a row, both made from what the row says.

A subject's id is a UUIDv5 of its natural key, so two machines, two files and two years agree on it without asking
each other, and uniqueness needs no global constraint (which a distributed database couldn't give).
"""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import uuid_utils

from pilotwatch.domain import Record

#: The namespace of all subject ids. Never change it: every stored id depends on it.
NAMESPACE = uuid.UUID("6f1f3c1e-5c0b-5d0e-9a57-7a3f2f0d8e11")

#: The kinds a subject can be known by beside the dataset that lists it.
USCC, NAME = "uscc", "name"


def subject_id(kind: str, value: str) -> uuid.UUID:
    """The id of the subject that `value` names; `kind` is "uscc", a dataset ("sbh_house") or "name"."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{_normal(kind, value)}")


def subject_ids(kind: str, values: pa.Array | pa.ChunkedArray | np.ndarray | Sequence[str | None]) -> pa.StringArray:
    """`subject_id` of each value as canonical text (36 characters); null stays null. One hash per distinct value."""
    column = (
        values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, pa.string(), from_pandas=True)
    )
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    codes = column.cast(pa.string()).dictionary_encode()
    sha1, prefix = hashlib.sha1, NAMESPACE.bytes
    words = (f"{kind}:{_normal(kind, v)}" for v in codes.dictionary.to_pylist())
    digests = b"".join(sha1(prefix + word.encode(), usedforsecurity=False).digest()[:16] for word in words)
    raw = np.frombuffer(digests, np.uint8).reshape(-1, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x50  # version 5
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80  # the variant of RFC 9562
    return uuid_text(raw).take(codes.indices)


def kind_of(record: type[Record], field: str) -> str:
    """By which kind the field's values name a subject: the code for legal persons, else the list they are kept in."""
    column = record.column(field)
    if column.kind == "uscc":
        return USCC
    if column.refers_to:
        return column.refers_to
    return record.spec.dataset if record.spec.kind == "subject" and column.key else NAME


def subjects_of(record: type[Record], columns: Mapping[str, pa.Array]) -> pa.Array:
    """The subject ids of a record's rows: the first of its subject fields that is filled; null where none is."""
    found = [subject_ids(kind_of(record, f), columns[f]) for f in record.spec.subject_fields if f in columns]
    if not found:
        raise KeyError(f"{record.spec.dataset}: none of the columns {record.spec.subject_fields} is there")
    return pc.coalesce(*found)


def record_keys(columns: Iterable[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """The text that identifies a row among its dataset: its key columns in their order, joined by `|`.

    The key of one column is the value itself, which is what a reference from another dataset looks up.
    """
    return pc.binary_join_element_wise(
        *(c.cast(pa.string()) for c in columns), "|", null_handling="replace", null_replacement=""
    )


def new_id() -> uuid.UUID:
    """One new UUIDv7 (RFC 9562): of a row that is made by itself."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def new_ids(count: int) -> pa.StringArray:
    """So many new UUIDv7 (RFC 9562) as canonical text, ascending; those of a later call come after.

    Milliseconds in 48 bits and their 4096ths in 12 (its method 3), the place within this call in 28, chance in 34.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    raw = np.frombuffer(os.urandom(16 * count), np.uint8).reshape(-1, 16).copy()
    raw[:, :6] = np.frombuffer(milliseconds.to_bytes(6, "big"), np.uint8)
    raw[:, 6:8] = np.frombuffer((0x7000 | rest * 4096 // 1_000_000).to_bytes(2, "big"), np.uint8)
    place = np.arange(count, dtype=np.uint64)
    low = np.frombuffer(raw[:, 8:].tobytes(), ">u8") & np.uint64((1 << 34) - 1)
    raw[:, 8:] = (np.uint64(0b10 << 62) | place << np.uint64(34) | low).astype(">u8").view(np.uint8).reshape(-1, 8)
    return uuid_text(raw)


def uuid_text(raw: np.ndarray) -> pa.StringArray:
    """Canonical text of UUIDs given as bytes, shape (n, 16)."""
    return dashed(np.frombuffer(raw.tobytes().hex().encode(), np.uint8).reshape(-1, 32))


def dashed(digits: np.ndarray) -> pa.StringArray:
    """Canonical text of UUIDs given as the characters of 32 hex digits, shape (n, 32)."""
    text = np.full((len(digits), 36), ord("-"), np.uint8)
    text[:, _DIGITS] = digits
    return _texts(text)


def undashed(ids: pa.StringArray) -> pa.StringArray:
    """The 32 hex digits of UUIDs given as canonical text; null stays null."""
    if ids.null_count:
        return pc.replace_substring(ids, "-", "")
    return _texts(characters(ids, 36)[:, _DIGITS])


def characters(texts: pa.StringArray, width: int) -> np.ndarray:
    """The bytes of texts that are all `width` bytes long, shape (n, width). ValueError where they aren't, or null."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if texts.null_count or (np.diff(offsets) != width).any():
        raise ValueError(f"not every text has {width} bytes")
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    return data[offsets[0] : offsets[-1]].reshape(-1, width)


def _texts(characters: np.ndarray) -> pa.StringArray:
    rows, width = characters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(characters.tobytes()))


_DIGITS = np.flatnonzero([c != "-" for c in str(uuid.UUID(int=0))])  # where canonical text has digits


def _normal(kind: str, value: str) -> str:
    """Names are compared without spaces, in half width and upper case; codes are taken as they are."""
    return "".join(unicodedata.normalize("NFKC", value).upper().split()) if kind == NAME else value
