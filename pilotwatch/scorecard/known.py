"""Records as they were known on a day in the past, so that a look back never looks ahead.

When a row was known (`known_from`), from what its record declares (`Spec`):

- a list, which has no day of its own: the day its upload arrived;
- an event: the day in its `known` field (a laboratory's report), or, where that is empty, its own day and `lag` days
  more; never before its own day. When its upload arrived says nothing here: a first import brings years at once;
- a row that corrects an earlier one: not before the correction arrived, and the earlier one counts until then;
- with `by="arrival"` nothing counts before it arrived: for a city that has run for a while.

Days written into a row afterwards (`closed_at`, `paid_on`) are empty until they came, with the fields that came with
them (`Spec.later`); days that may lie ahead by nature (`Spec.ahead`) stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from pilotwatch.domain import Record, Spec
from pilotwatch.frames import Stored
from pilotwatch.workdays import Calendar

By = Literal["record", "arrival"]

#: `read(dataset, columns, force)`: the rows of every version, as `store.past.versions` gives them.
Read = Callable[[str, Sequence[str], bool], pa.Table]

_DAYS = ("date", "datetime")


class Past:
    """Some records with all their versions, each column read once, in the order in which they became known."""

    def __init__(self, read: Read, records: Iterable[type[Record]], by: By = "record"):
        self._read, self._by = read, by
        self._records = {r.spec.dataset: r for r in records}
        self._frames: dict[str, pd.DataFrame] = {}
        self._order: dict[str, np.ndarray] = {}
        self._from: dict[str, np.ndarray] = {}
        self._until: dict[str, np.ndarray] = {}
        self._afterwards = {d: _afterwards(r) for d, r in self._records.items()}

    def at(self, on: date, registers: Stored | None = None, calendar: Calendar | None = None) -> Stored:
        """The records as of a day: what `Indicator.compute` is given for it."""
        rows: dict[str, slice | np.ndarray] = {}

        def read(dataset: str, columns: Sequence[str] | None) -> pd.DataFrame:
            if dataset not in rows:
                rows[dataset] = self._rows(dataset, on)
            names = [c.name for c in self._records[dataset].columns()] if columns is None else columns
            return self._as_of(dataset, names, on, rows[dataset])

        return Stored(read, self._records.values(), registers, calendar)

    def _rows(self, dataset: str, on: date) -> slice | np.ndarray:
        """Which rows of a dataset were known and in force at the end of a day."""
        self._columns(dataset, ())
        day = np.datetime64(on, "D")
        known = int(np.searchsorted(self._from[dataset], day, side="right"))
        ended = self._until[dataset][:known] <= day
        return np.flatnonzero(~ended) if ended.any() else slice(0, known)

    def _as_of(self, dataset: str, columns: Sequence[str], on: date, rows: slice | np.ndarray) -> pd.DataFrame:
        """These rows, with what was written into them after the day left out."""
        afterwards = {c: d for c in columns if (d := self._afterwards[dataset].get(c))}
        whole = self._columns(dataset, (*columns, *afterwards.values()))
        found = whole[list(columns)].iloc[rows].reset_index(drop=True)
        if afterwards:
            end = pd.Timestamp(on) + pd.Timedelta(days=1)
            came = {d: (whole[d].iloc[rows] >= end).to_numpy() for d in set(afterwards.values())}
            found = found.assign(**{c: found[c].mask(came[d]) for c, d in afterwards.items()})
        return found

    def _columns(self, dataset: str, fields: Sequence[str]) -> pd.DataFrame:
        """The dataset's frame with these columns, those not read before read now."""
        if dataset not in self._frames:
            self._begin(dataset)
        kept = self._frames[dataset]
        lacking = [f for f in dict.fromkeys(fields) if f not in kept]
        if lacking:
            fresh = _pandas(self._read(dataset, lacking, False)).iloc[self._order[dataset]]
            self._frames[dataset] = kept.assign(**{f: fresh[f].array for f in lacking})
        return self._frames[dataset]

    def _begin(self, dataset: str) -> None:
        spec = self._records[dataset].spec
        names = ["subject_id", "day", *([spec.known] if spec.known and spec.known != "day" else [])]
        table = self._read(dataset, names, True)
        known = known_from(spec, table, self._by)
        order = np.argsort(known, kind="stable")
        until = _numpy(table["replaced"])
        until[np.isnat(until)] = np.datetime64("9999-12-31", "D")
        self._order[dataset], self._from[dataset], self._until[dataset] = order, known[order], until[order]
        self._frames[dataset] = _pandas(table.select(["subject_id"])).iloc[order].reset_index(drop=True)


def known_from(spec: Spec, rows: pa.Table, by: By = "record") -> np.ndarray:
    """The day each row was known, datetime64[D]; `rows` has `day`, the `known` field, `arrived` and `corrects`."""
    arrived = _numpy(rows["arrived"])
    if not spec.day_fields or set(spec.day_fields) & set(spec.ahead):
        return arrived  # a list; or an event that only a deadline dates
    day = _numpy(rows["day"])
    told = _numpy(rows[spec.known]) if spec.known else np.full(len(day), np.datetime64("NaT", "D"))
    own = np.where(np.isnat(told), day + np.timedelta64(spec.lag, "D"), np.maximum(told, day))
    own = np.where(np.isnat(own), arrived, own)
    late = rows["corrects"].to_numpy(zero_copy_only=False) | (by == "arrival")
    return np.where(late, np.maximum(own, arrived), own)


def _afterwards(record: type[Record]) -> dict[str, str]:
    """Field → the day field from which on it is known, for fields that are written into a row afterwards."""
    spec = record.spec
    if not spec.day_fields:
        return {}  # a list says what it knew when it was made
    told_with_the_row = {*spec.day_fields, spec.known, *spec.ahead}
    days = [c.name for c in record.columns() if c.kind in _DAYS and c.name not in told_with_the_row]
    return {d: d for d in days} | {f: d for d, fields in spec.later.items() for f in fields}


def _numpy(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False).astype("datetime64[D]")


def _pandas(table: pa.Table) -> pd.DataFrame:
    fields = [pa.field(f.name, pa.timestamp("s") if pa.types.is_date(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields)).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
