"""Which rows are worth comparing, and how each field of a pair compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from pilotwatch.domain import Text
from pilotwatch.inspection.objects.parse import metres, without_crowds

MISSING = -1  # level of a field that one side doesn't have: it speaks for nothing

PHONES = 20  # a phone that more rows share is an agent's
#: Pairs that one key may give; a key that gives more is too common to block by (a mall's address, 阳光).
BLOCK = 4_000


@dataclass(frozen=True)
class Field:
    """A field that is compared, its levels from the least alike to the most."""

    name: str
    title: Text
    levels: tuple[Text, ...]


_OTHER, _SAME = Text("不同", "different"), Text("一致", "the same")
FIELDS = (
    Field("stem", Text("字号", "Name proper"), (_OTHER, Text("略近", "somewhat alike"), Text("相近", "alike"), _SAME)),
    Field("trade", Text("行业", "Trade"), (_OTHER, _SAME)),
    Field("form", Text("组织形式", "Legal form"), (_OTHER, _SAME)),
    Field("branch", Text("分店", "Branch"), (_OTHER, Text("仅一方写明", "named on one side"), _SAME)),
    Field("district", Text("区县", "District"), (_OTHER, _SAME)),
    Field("road", Text("道路", "Road"), (_OTHER, _SAME)),
    Field("number", Text("门牌", "House number"), (_OTHER, _SAME)),
    Field("phone", Text("电话", "Phone"), (_OTHER, _SAME)),
    Field("person", Text("负责人", "Person in charge"), (_OTHER, _SAME)),
    Field("point", Text("位置", "Place"), (Text("1公里以外", "over 1 km apart"), Text("1公里以内", "within 1 km"), Text("150米以内", "within 150 m"))),
)  # fmt: skip
NAMES = tuple(f.name for f in FIELDS)
_STEM_LEVELS = (0.7, 0.86, 1.0)  # Jaro-Winkler from which on a name is somewhat alike, alike, the same
_POINT_LEVELS = (1_000.0, 150.0)


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows by their places in the left and the right frame; `left_out`: keys too common to block by, per key."""

    left: np.ndarray
    right: np.ndarray
    left_out: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.left)


def candidates(left: pd.DataFrame, right: pd.DataFrame) -> Pairs:
    """The pairs that share a bigram of the name proper, road and number, or the phone. Frames: `parse.FIELDS`."""
    width = max(len(right), 1)
    found, left_out = [], {}
    for name, (a, b) in _keys(left, right).items():
        merged, left_out[name] = _joined(a, b)
        found.append(merged["row"].to_numpy(np.int64) * width + merged["row_right"].to_numpy(np.int64))
    codes = np.unique(np.concatenate(found))
    return Pairs(codes // width, codes % width, left_out)


def _keys(left: pd.DataFrame, right: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    sides = {n: [] for n in ("bigram", "road", "phone")}
    for rows in (left, right):
        sides["bigram"].append(_bigrams(rows["stem"].to_numpy(object)))
        at = rows["road"].where((rows["road"] != "") & (rows["number"] != ""), "")
        sides["road"].append(_plain_keys((at + "|" + rows["number"]).where(at != "", "")))
        sides["phone"].append(_plain_keys(rows["phone"]))
    return {n: (a, b) for n, (a, b) in sides.items()}


def _bigrams(stems: np.ndarray) -> pd.DataFrame:
    """Every two characters of each stem; of one of a single character that one."""
    lists = [list(_two(s)) for s in stems]
    sizes = np.fromiter(map(len, lists), np.int64, count=len(lists))
    return pd.DataFrame({"row": np.repeat(np.arange(len(stems)), sizes), "key": [g for grams in lists for g in grams]})


def _two(stem: str) -> Iterator[str]:
    if len(stem) == 1:
        yield stem
    yield from {stem[i : i + 2] for i in range(len(stem) - 1)}


def _plain_keys(values: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame({"row": np.arange(len(values)), "key": values.to_numpy(object)})
    return rows[rows["key"] != ""]


def _joined(left: pd.DataFrame, right: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The pairs with the same key (row, row_right), and how many keys would have given too many."""
    a, b = left["key"].value_counts(), right["key"].value_counts()
    product = (a * b.reindex(a.index)).dropna()
    usable = product.index[product <= BLOCK]
    merged = left[left["key"].isin(usable)].merge(right, on="key", suffixes=("", "_right"))
    return merged, int((product > BLOCK).sum())


def compare(left: pd.DataFrame, right: pd.DataFrame, pairs: Pairs) -> np.ndarray:
    """The level of each field of each pair, shape (pairs, fields), MISSING where a side has nothing. int8.

    Frames: `parse.FIELDS` and, where known, `lng` and `lat`.
    """
    crowded = without_crowds(pd.concat([left["phone"], right["phone"]], ignore_index=True), PHONES)
    left = left.assign(phone=crowded.iloc[: len(left)].to_numpy())
    right = right.assign(phone=crowded.iloc[len(left) :].to_numpy())
    a, b = left.iloc[pairs.left], right.iloc[pairs.right]
    told = {
        n: _equal(a[n].to_numpy(object), b[n].to_numpy(object)) for n in NAMES if n not in ("stem", "branch", "point")
    }
    told["stem"] = _stems(a["stem"].to_numpy(object), b["stem"].to_numpy(object))
    told["branch"] = _branches(a["branch"].to_numpy(object), b["branch"].to_numpy(object))
    told["point"] = _points(a, b)
    return (
        np.column_stack([told[n] for n in NAMES]).astype(np.int8) if len(pairs) else np.empty((0, len(NAMES)), np.int8)
    )


def _equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.where((a == "") | (b == ""), MISSING, (a == b).astype(np.int8))


def _stems(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if not len(a):
        return np.empty(0, np.int8)
    alike = cpdist(a, b, scorer=JaroWinkler.similarity)
    level = np.searchsorted(_STEM_LEVELS, alike, side="right")
    return np.where((a == "") | (b == ""), MISSING, level)


def _branches(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    none = (a == "") & (b == "")
    one = (a == "") != (b == "")
    return np.select([none, one, a == b], [MISSING, 1, 2], 0)


def _points(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    if "lng" not in a or "lng" not in b:
        return np.full(len(a), MISSING)
    apart = metres(a, b)
    level = sum((apart <= bound).astype(np.int8) for bound in _POINT_LEVELS)
    return np.where(np.isnan(apart), MISSING, level)
