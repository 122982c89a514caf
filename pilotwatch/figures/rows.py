"""What an evaluation puts on the shelf, as tables, and how it differs from what is there.

Subjects are numbered here: by their place among the sorted ids that are evaluated together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pilotwatch.domain import LEVELS
from pilotwatch.figures.evaluate import WORST, Evaluation
from pilotwatch.store import shelf

Places = Mapping[str, pa.Array]


@dataclass(frozen=True)
class Keyed:
    """Rows with what tells them apart: one whole number for the subject and the indicator, -1 where either is unknown."""

    rows: pa.Table
    keys: np.ndarray

    @classmethod
    def of(cls, rows: pa.Table, ids: pa.Array, codes: Sequence[str]) -> Keyed:
        """Rows of the shelf: who is the place among the ids, what that among the codes."""
        who, what = (
            pc.fill_null(pc.index_in(rows[n], pa.array(known, pa.string())), -1).to_numpy().astype("int64")
            for n, known in (("subject_id", ids), ("indicator", codes))
        )
        return cls(rows, np.where((who < 0) | (what < 0), -1, who * len(codes) + what))

    def where(self, mask: np.ndarray) -> Keyed:
        return self if mask.all() else Keyed(self.rows.filter(pa.array(mask)), self.keys[mask])

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Where each of these keys is among the rows, -1 where nowhere."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        order = np.argsort(self.keys, kind="stable")
        at = order[np.minimum(np.searchsorted(self.keys, keys, sorter=order), len(order) - 1)]
        return np.where(self.keys[at] == keys, at, -1)


def levels_of(
    done: Evaluation, worst: np.ndarray, ids: pa.Array, codes: Sequence[str], places: Places, on: date
) -> Keyed:
    """A row per subject and indicator that judged it, and one for the worst of each; `since` is still `on`."""
    everyone = np.arange(len(done.subjects))
    parts = [(WORST, everyone, np.full(len(everyone), np.nan), worst)]
    parts += [(j.indicator, j.at, j.values, j.ranks) for j in done.judged]
    at = np.concatenate([p[1] for p in parts])
    ranks = np.concatenate([p[3] for p in parts]).astype("int64")
    days = pa.array(np.full(len(ranks), np.datetime64(on, "D")), pa.date32())
    columns = {
        "value": pa.array(np.concatenate([p[2] for p in parts]), pa.float64(), from_pandas=True),
        "level": pa.array(LEVELS).take(pa.array(ranks)),
        "rank": pa.array(ranks),
        "since": days,
        "on_day": days,
    }
    return _keyed(shelf.LEVELS, [p[0] for p in parts], [p[1] for p in parts], at, done, ids, codes, places, columns)


def parts_of(done: Evaluation, ids: pa.Array, codes: Sequence[str], places: Places) -> Keyed:
    """What each subject gives to the indicators of places."""

    def scaled(numbers: list[np.ndarray]) -> pa.Array:
        return pa.array(np.rint(np.concatenate([*numbers, []]) * shelf.PART_SCALE).astype("int64"))

    at = np.concatenate([*(p.at for p in done.parts), np.empty(0, "int64")]).astype("int64")
    columns = {
        "numerator": scaled([p.numerators for p in done.parts]),
        "denominator": scaled([p.denominators for p in done.parts]),
    }
    named = [p.indicator for p in done.parts], [p.at for p in done.parts]
    return _keyed(shelf.PARTS, *named, at, done, ids, codes, places, columns)


def _keyed(
    rollup: shelf.Rollup, named: Sequence[str], ats: Sequence[np.ndarray], at: np.ndarray, done: Evaluation,
    ids: pa.Array, codes: Sequence[str], places: Places, columns: Mapping[str, pa.Array],
) -> Keyed:  # fmt: skip
    who = done.subjects.to_numpy("int64")[at]
    counts = [len(a) for a in ats]
    what = np.repeat([codes.index(n) for n in named] or np.empty(0, int), counts).astype("int64")
    whole = {
        "subject_id": ids.take(pa.array(who)),
        "indicator": pa.array(codes, pa.string()).take(pa.array(what)),
        **columns,
        **{n: places[n].take(pa.array(at)) for n in places},
    }
    return Keyed(pa.table({n: whole[n] for n in rollup.columns}), who * len(codes) + what)


def with_since(now: Keyed, before: Keyed, on: date) -> Keyed:
    """From which day the level has been this or worse: the day known before, where it hasn't got worse since."""
    at = before.find(now.keys)
    known = np.flatnonzero(at >= 0)
    since = np.full(len(at), np.datetime64(on, "D"))
    ranks, days = (before.rows[n].to_numpy()[at[known]] for n in ("rank", "since"))
    lasting = ranks <= now.rows["rank"].to_numpy()[known]
    since[known[lasting]] = days[lasting]
    column = now.rows.schema.get_field_index("since")
    return Keyed(now.rows.set_column(column, "since", pa.array(since, pa.date32())), now.keys)


def difference(before: Keyed, now: Keyed, but: str = "") -> tuple[pa.Table, pa.Table]:
    """The rows that are to go and those that are to come, where the column `but` doesn't count."""
    at = before.find(now.keys)
    known = np.flatnonzero(at >= 0)
    pairs = pa.array(known), pa.array(at[known])
    same = np.ones(len(known), bool)
    for name in now.rows.column_names:
        if name != but:
            mine, theirs = now.rows[name].take(pairs[0]), before.rows[name].take(pairs[1])
            equal = pc.or_kleene(pc.equal(mine, theirs), pc.and_(pc.is_null(mine), pc.is_null(theirs)))
            same &= pc.fill_null(equal, False).to_numpy()
    coming, going = np.ones(len(now.keys), bool), np.ones(len(before.keys), bool)
    coming[known[same]], going[at[known[same]]] = False, False
    return before.rows.filter(pa.array(going)), now.rows.filter(pa.array(coming))
