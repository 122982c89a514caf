"""Who is who: the id of a supervised subject, and the key of a row, both made from what the row says.

A subject's id is a UUIDv5 of its natural key, so two machines, two files and two years agree on it without asking
each other, and uniqueness needs no global constraint (which a distributed database couldn't give).
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def uuid_text(raw: np.ndarray) -> pa.StringArray:
    """Canonical text of UUIDs given as bytes, shape (n, 16)."""
    digits = np.frombuffer(raw.tobytes().hex().encode(), np.uint8).reshape(-1, 32)
    text = np.full((len(digits), 36), ord("-"), np.uint8)
    for start, end, at in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        text[:, at : at + end - start] = digits[:, start:end]
    offsets = np.arange(len(digits) + 1, dtype=np.int32) * 36
    return pa.StringArray.from_buffers(len(digits), pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))


def _normal(kind: str, value: str) -> str:
    """Names are compared without spaces, in half width and upper case; codes are taken as they are."""
    return "".join(unicodedata.normalize("NFKC", value).upper().split()) if kind == NAME else value
