"""Ids made in bulk: UUIDv7 that ascend, and the two ways of writing them."""

from __future__ import annotations

import time
import uuid

import pyarrow as pa
import pytest

from pilotwatch.identity import characters, dashed, new_ids, undashed


def test_new_ids_are_distinct_ascending_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    ids = new_ids(10_000).to_pylist() + new_ids(3).to_pylist()
    after = time.time_ns() // 1_000_000
    assert ids == sorted(set(ids))
    for text in (ids[0], ids[5_000], ids[-1]):
        one = uuid.UUID(text)
        assert (one.version, one.variant) == (7, uuid.RFC_4122)
        assert before <= one.int >> 80 <= after
    assert new_ids(0).to_pylist() == []


def test_dashes_come_off_and_on_again():
    ids = new_ids(50).slice(10, 20)
    assert undashed(ids).to_pylist() == [uuid.UUID(i).hex for i in ids.to_pylist()]
    assert dashed(characters(undashed(ids), 32)).to_pylist() == ids.to_pylist()
    some = pa.array([None, str(uuid.UUID(int=5))])
    assert undashed(some).to_pylist() == [None, uuid.UUID(int=5).hex]


def test_characters_are_of_texts_of_one_width():
    assert characters(pa.array(["ab", "cd"]), 2).tobytes() == b"abcd"
    for other in (["abc"], ["a", "bcd"], ["ab", None]):
        with pytest.raises(ValueError):
            characters(pa.array(other), 2)
